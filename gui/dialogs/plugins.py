"""The list of plugins: what each is, what its tests found, and which are blocked."""
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.controls.buttons import Button
from gui.controls.plane import Words
from gui.dialogs.dialog import Dialog
from gui.dialogs.row_list import Column, Line, ListSheet, RowList
from gui.theme import theme
from mastering_rt.plugins.scan import Found

WIDTH, LIST_HEIGHT = 860, 360
COLUMNS = (Column(26, "text_medium", "text"), Column(220), Column(350), Column(430), Column(500))
HELP = "Each was tried in a process of its own. Test plays noise through one for two seconds and compares that with a render."


class PluginDialog(Dialog):
    """Wishes carry the path of the plugin that is selected."""

    add_asked = Signal(str)
    test_asked = Signal(str)
    block_asked = Signal(str, bool)
    scan_asked = Signal()

    def __init__(self, window: QWidget, plugins: Sequence[Found]) -> None:
        super().__init__(window, "Plugins", width=WIDTH)
        self.plugins: list[Found] = []
        self.list = RowList("Plugins", COLUMNS, "No plugin was found.")
        self.said = Words(HELP, wrap=True)
        self.add_key, self.test_key = Button("Add to the chain", height=26), Button("Test", height=26)
        self.block_key, self.scan_key = Button("Block", height=26), Button("Look again", height=26)
        self.body.addWidget(ListSheet(self.list, min(theme.px(LIST_HEIGHT), window.height() - theme.px(300))))
        row = QHBoxLayout()
        for key in (self.add_key, self.test_key, self.block_key, self.scan_key):
            row.addWidget(key)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.said)
        self.add_answer("close", "Close", safe=True)
        self._connect()
        self.show_plugins(plugins)
        self.measure()

    def _connect(self) -> None:
        self.list.moved.connect(lambda _index: self._show_keys())
        self.list.chosen.connect(lambda _index: self._ask_add())
        self.add_key.clicked.connect(lambda: self._ask_add())
        self.test_key.clicked.connect(self._ask_test)
        self.block_key.clicked.connect(self._ask_block)
        self.scan_key.clicked.connect(self.scan_asked)

    @property
    def plugin(self) -> Found | None:
        """The one that is selected."""
        return self.plugins[self.list.selected] if self.plugins else None

    def show_plugins(self, plugins: Sequence[Found]) -> None:
        """What there is now; the same one stays selected."""
        before = self.plugin.path if self.plugin is not None else ""
        self.plugins = list(plugins)
        paths = [found.path for found in self.plugins]
        self.list.show_lines([line_of(found) for found in self.plugins], paths.index(before) if before in paths else 0)
        self._show_keys()

    def _show_keys(self) -> None:
        found = self.plugin
        self.add_key.setEnabled(found is not None and found.usable)
        self.test_key.setEnabled(found is not None and not found.blocked)
        self.block_key.setEnabled(found is not None)
        self.block_key.setText("Unblock" if found is not None and found.blocked else "Block")
        if found is not None:
            self.said.show_words(f"{found.title}, {found.tested_words}. {found.path}" if found.usable else f"{found.title} {found.problem}. {found.path}")

    def _ask_test(self) -> None:
        if self.plugin is not None:
            self.test_asked.emit(self.plugin.path)

    def _ask_block(self) -> None:
        if self.plugin is not None:
            self.block_asked.emit(self.plugin.path, not self.plugin.blocked)

    def _ask_add(self) -> None:
        if self.plugin is not None and self.plugin.usable:
            self.add_asked.emit(self.plugin.path)


def line_of(found: Found) -> Line:
    """One row."""
    if not found.usable:
        return Line((found.title, found.vendor, found.version, "", found.problem), weak=True)
    channels = "stereo" if found.channels == 2 else "pair"
    return Line((found.title, found.vendor, found.version, channels, f"{', '.join(found.verdicts) or 'good'}; {found.live_words}"))
