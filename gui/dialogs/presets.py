"""The sheet of presets: searched by name and tag, filtered, loaded while it stays open, saved, marked, deleted."""
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.controls.buttons import Button, Toggle
from gui.controls.choice import Choice, Segmented
from gui.controls.plane import Words
from gui.dialogs.dialog import Dialog
from gui.dialogs.entry import Entry
from gui.dialogs.row_list import Column, Line, ListSheet, RowList
from gui.theme import theme

WIDTH, LIST_HEIGHT = 860, 336
COLUMNS = (Column(34, "text_medium", "text"), Column(230), Column(340), Column(500, "text", "text3"))
FILTERS = ("All", "Whole chain", "This stage", "Favourites")
ANY_TAG = "Any tag"
HELP = "Enter or a double click loads a preset and leaves this open. F marks a favourite, Delete deletes."


@dataclass(frozen=True)
class PresetRow:
    """A preset as it is listed. kind: of its stage, "" for a whole chain."""

    name: str
    title: str
    kind: str
    what_for: str
    tags: tuple[str, ...]
    description: str
    favourite: bool
    built_in: bool

    @property
    def line(self) -> Line:
        """As a row of the list."""
        return Line((self.title, self.what_for, ", ".join(self.tags), self.description), "star" if self.favourite else "")


class PresetDialog(Dialog):
    """Wishes name the preset. `show_presets` after every change, `show_done` says what came of a wish."""

    load_asked = Signal(str)
    favourite_asked = Signal(str)
    delete_asked = Signal(str)
    keep_edited = Signal(bool)
    save_asked = Signal(bool)                # of the selected stage, else of the whole chain

    def __init__(self, window: QWidget, rows: Sequence[PresetRow], kind: str, keep_levels: bool) -> None:
        super().__init__(window, "Presets", width=WIDTH)
        self._kind = kind
        self._all: list[PresetRow] = []
        self.rows: list[PresetRow] = []
        self.search = Entry("Search")
        self.search.setPlaceholderText("Name, tag or description")
        self.filter = Segmented(FILTERS, name="Which presets")
        self.tag = Choice("", [ANY_TAG], plane="control", name="Tag")
        self.list = RowList("Presets", COLUMNS, "No preset has this name, tag or description.")
        self.list.setAccessibleDescription(HELP)
        self.sheet = ListSheet(self.list, min(theme.px(LIST_HEIGHT), window.height() - theme.px(300)))
        self.keep = Toggle("Keep ceiling and gains", name="Presets keep ceiling and gains")
        self.keep.setStatusTip("Presets leave trim gain, limiter drive and ceiling as they are")
        self.keep.show_value(keep_levels)
        self.load_key = Button("Load", main=True, height=32)
        self.star_key = Button("Favourite", height=26)
        self.delete_key = Button("Delete", height=26)
        self.save_key, self.save_stage_key = Button("Save chain...", height=26), Button("Save stage...", height=26)
        self.about = Words("", wrap=True, color="text")
        self.said = Words(HELP, wrap=True)
        self._lay_body()
        self._connect()
        self.filter.segments[2].setEnabled(bool(kind))
        self.save_stage_key.setEnabled(bool(kind))
        self.show_presets(rows)

    def _lay_body(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.filter)
        top.addWidget(self.tag)
        self.body.addLayout(top)
        self.body.addWidget(self.sheet)
        self.body.addWidget(self.about)
        row = QHBoxLayout()
        for key in (self.star_key, self.delete_key, self.save_key, self.save_stage_key):
            row.addWidget(key)
        row.addStretch(1)
        row.addWidget(self.keep)
        self.body.addLayout(row)
        self.body.addWidget(self.said)
        self.add_answer("close", "Close", safe=True).main = False
        self._buttons.addWidget(self.load_key)
        self.measure()

    def _connect(self) -> None:
        self.search.textEdited.connect(lambda _text: self._filter())
        self.search.returnPressed.connect(self._load)
        self.filter.edited.connect(lambda _index: self._filter())
        self.tag.edited.connect(lambda _index: self._filter())
        self.list.chosen.connect(lambda _index: self._load())
        self.list.moved.connect(lambda _index: self._show_keys())
        self.list.typed.connect(self._typed)
        self.load_key.clicked.connect(lambda: self._load())
        self.star_key.clicked.connect(lambda: self._ask(self.favourite_asked))
        self.delete_key.clicked.connect(lambda: self._ask(self.delete_asked))
        self.save_key.clicked.connect(lambda: self.save_asked.emit(False))
        self.save_stage_key.clicked.connect(lambda: self.save_asked.emit(True))
        self.keep.edited.connect(self.keep_edited)

    @property
    def row(self) -> PresetRow | None:
        """The one that is selected."""
        return self.rows[self.list.selected] if self.rows else None

    def open(self) -> None:
        """The search has the keyboard."""
        super().open()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_presets(self, rows: Sequence[PresetRow]) -> None:
        """What there is; the same one stays selected."""
        self._all = list(rows)
        tags = sorted({tag for row in rows for tag in row.tags}, key=str.casefold)
        now = self.tag.value_text()
        self.tag.show_choices([ANY_TAG, *tags], 1 + tags.index(now) if now in tags else 0)
        self.tag.setEnabled(bool(tags))
        self._filter()

    def show_done(self, words: str) -> None:
        """What came of a wish."""
        self.said.show_words(words)

    def _filter(self) -> None:
        before = self.row.name if self.row is not None else ""
        self.rows = [row for row in self._all if self._wanted(row)]
        names = [row.name for row in self.rows]
        self.list.show_lines([row.line for row in self.rows], names.index(before) if before in names else 0)
        self._show_keys()

    def _wanted(self, row: PresetRow) -> bool:
        among = (True, not row.kind, row.kind == self._kind, row.favourite)[self.filter.value]
        tagged = self.tag.value == 0 or self.tag.value_text() in row.tags
        words = f"{row.title} {row.what_for} {' '.join(row.tags)} {row.description}".casefold()
        return among and tagged and all(word in words for word in self.search.text().casefold().split())

    def _show_keys(self) -> None:
        row = self.row
        self.load_key.setEnabled(row is not None)
        self.star_key.setEnabled(row is not None)
        self.delete_key.setEnabled(row is not None and not row.built_in)
        self.about.show_words(row.description if row is not None else "")

    def _load(self) -> None:
        self._ask(self.load_asked)

    def _ask(self, signal: object) -> None:
        if self.row is not None:
            signal.emit(self.row.name)  # type: ignore[attr-defined]

    def _typed(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F:
            self._ask(self.favourite_asked)
        elif event.key() == Qt.Key.Key_Delete and self.delete_key.isEnabled():
            self._ask(self.delete_asked)
