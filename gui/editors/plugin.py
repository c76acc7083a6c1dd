"""The editor of a foreign plugin: what the slot itself has in the row on top, below it a panel made from what the plugin tells of itself."""
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gui.controls.buttons import Button
from gui.controls.panel import StagePanel
from gui.controls.plane import Words
from gui.controls.scroll_bar import dress
from gui.editors.editor import StageEditor
from gui.editors.plugin_panel import PREFIX, PluginPanel
from gui.theme import theme
from mastering_rt.plugins.wire import Parameter

INSET = 14                       # where the values of a panel begin
OWN = ("gain", "jump_limit", "silence_guard", "mix")
__all__ = ["PREFIX", "PluginEditor", "PluginState"]
MOST_SHOWN = 200                 # a panel of more would take longer to build than a hand to find what it looks for; the plugin's own window has all


@dataclass(frozen=True)
class PluginState:
    """What is known of the plugin in a slot. words: what to say in place of a panel. values: index -> 0..1. choices: texts of the steps of
    those that have few. notes: who made it, what its tests found, its meters. missing: its file is not there."""

    words: str
    parameters: tuple[Parameter, ...] = ()
    values: tuple[tuple[int, float], ...] = ()
    texts: tuple[tuple[int, str], ...] = ()
    runs: bool = False
    editor_open: bool = False
    choices: tuple[tuple[int, tuple[str, ...]], ...] = ()
    notes: str = ""
    missing: bool = False


class PluginEditor(StageEditor):
    """`editor_wished`: show the plugin's own window, or close it; `locate_asked`: find the file that is not there. `typed`: a text for one of
    the plugin's parameters, which have ids "plugin.NUMBER" and go from 0 to 100 %."""

    editor_wished = Signal(bool)
    locate_asked = Signal()
    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("plugin", parent)
        self.own = StagePanel("plugin", self, ids=OWN)
        self.listen_to(self.own)
        self.words = Words("", self)
        self.key = Button("Open editor", name="Plugin: open its own editor")
        self.key.setStatusTip("The plugin's own window, in its own process")
        self.key.clicked.connect(self._wish_editor)
        self.key.setEnabled(False)
        self.notes = Words("", self, wrap=True)
        self.panel: PluginPanel | None = None
        self._open = self._missing = False
        self._made_for: object = ((), ())
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        dress(self._scroll)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.own)
        column.addLayout(self._inset(self.words))
        column.addWidget(self._scroll, 1)
        column.addLayout(self._inset(self.notes))

    def _wish_editor(self) -> None:
        if self._missing:
            self.locate_asked.emit()
        else:
            self.editor_wished.emit(not self._open)

    def header_options(self) -> list[QWidget]:
        return [self.key]

    def show_values(self, values: Mapping[str, float]) -> None:
        self.own.show_values(values)

    def show_bypassed(self, bypassed: bool) -> None:
        self.own.show_bypassed(bypassed)
        if self.panel is not None:
            self.panel.show_bypassed(bypassed)

    def show_plugin(self, state: PluginState) -> None:
        """What the plugin says now; its panel is made anew when it is another plugin, or when the texts of its choices have come."""
        made_for = (tuple((p.index, p.name, p.unit, p.steps) for p in state.parameters[:MOST_SHOWN]), state.choices)
        if made_for != self._made_for:
            self._made_for = made_for
            self._make_panel(state.parameters[:MOST_SHOWN], dict(state.choices))
        more = len(state.parameters) - MOST_SHOWN
        self._say(self.words, state.words or (f"The first {MOST_SHOWN} parameters; {more} more are in the plugin's own editor." if more > 0 else ""))
        self._say(self.notes, state.notes)
        self._open, self._missing = state.editor_open, state.missing
        self.key.setEnabled(state.runs or state.missing)
        self.key.setText("Locate..." if state.missing else "Close editor" if state.editor_open else "Open editor")
        if self.panel is not None:
            for index, value in state.values:
                self.panel.show_percent(index, 100 * value)
            for index, text in state.texts:
                self.panel.show_text(index, text)

    @staticmethod
    def _inset(words: Words) -> QHBoxLayout:
        """Words begin where the values above them do."""
        line = QHBoxLayout()
        line.setContentsMargins(theme.px(INSET), 0, theme.px(INSET), 0)
        line.addWidget(words)
        return line

    def _say(self, where: Words, words: str) -> None:
        where.show_words(words)
        where.setVisible(bool(words))

    def _make_panel(self, parameters: tuple[Parameter, ...], choices: dict[int, tuple[str, ...]]) -> None:
        self.panel = PluginPanel(parameters, choices)
        self.listen_to(self.panel)
        self.panel.typed.connect(self.typed)
        self._scroll.setWidget(self.panel)
