"""The journal as a sheet: what was done when, what played, what it changed in the numbers; notes, versions side by side, the recall sheet."""
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.controls.choice import Choice
from gui.controls.plane import Words
from gui.dialogs.dialog import Dialog
from gui.dialogs.entry import Entry as TextEntry
from gui.dialogs.sentence_list import LINE, ROW_PAD, SentenceList
from gui.dialogs.sheets import Sheet
from gui.theme import paint, theme
from mastering_rt.errors import UsageProblem
from mastering_rt.session.journal import Entries, Entry, between, changes_of, passages_text

WIDTH = 860
TIME_X, TEXT_X = 8, 96
KINDS = {"note": "Note: ", "step": "", "version": "", "blind": ""}
EMPTY = "Nothing has been done yet. Every gesture will stand here with its time, what was heard, and what it changed in the numbers."


class Row(NamedTuple):
    """One entry in words."""

    time: str
    text: str
    details: str                             # what was heard, what moved

    @property
    def spoken(self) -> str:
        return ", ".join(part for part in (self.time, self.text, self.details) if part)


def rows_of(entries: Entries) -> list[Row]:
    """The entries, the newest first."""
    found = [row_of(entry, changed) for entry, changed in zip(entries, changes_of(entries), strict=True)]
    return found[::-1]


def row_of(entry: Entry, changed: str) -> Row:
    """One entry, with what it changed."""
    heard = passages_text(entry.heard)
    details = " · ".join(part for part in (changed, f"heard {heard}" if heard else "") if part)
    return Row(datetime.fromtimestamp(entry.time).strftime("%H:%M:%S"), KINDS[entry.kind] + entry.sentence, details)


class JournalList(SentenceList[Row]):
    """The entries, the newest first."""

    empty = EMPTY

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__("Journal", rows, theme.px(WIDTH - 60))

    def row_height(self, row: Row) -> int:
        words = max(theme.px(LINE), paint.paragraph_height(row.text, self.wide - theme.px(TEXT_X), "text"))
        return words + (theme.px(LINE) if row.details else 0) + 2 * theme.px(ROW_PAD)

    def draw_row(self, painter: QPainter, index: int, area: QRect) -> None:
        row = self.rows[index]
        if index == self.selected and self.hasFocus():
            paint.rounded(painter, area, "control")
        top, wide = area.y() + theme.px(ROW_PAD), self.wide - theme.px(TEXT_X)
        paint.text(painter, QRect(theme.px(TIME_X), top, theme.px(TEXT_X - TIME_X), theme.px(LINE)), row.time, "text", "text2")
        paint.paragraph(painter, QRect(theme.px(TEXT_X), top, wide, area.height()), row.text, "text", "text")
        if row.details:
            line = QRect(theme.px(TEXT_X), area.bottom() + 1 - theme.px(ROW_PAD + LINE), wide, theme.px(LINE))
            paint.text(painter, line, row.details, "scale", "text2")


class JournalDialog(Dialog):
    """`noted` gives the words of a note; "export" is the answer that wants the recall sheet."""

    noted = Signal(str)
    lasts = True

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "Journal", width=WIDTH)
        self._entries: Entries = ()
        self.list = JournalList(())
        self._sheet = Sheet(self.list, 0)
        self._sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.moved.connect(lambda top, height: self._sheet.ensureVisible(0, top + height // 2, 0, height // 2 + 1))
        self.note = TextEntry("Note", self)
        self.note.setPlaceholderText("A note at what was heard last, Enter")
        self.note.returnPressed.connect(self._take_note)
        self.versions: list[int] = []
        self.older, self.newer = (Choice("", ["–"], self, plane="control", width=150, name=name) for name in ("Older version", "Newer version"))
        self._between = (Words("What changed from", self), self.older, Words("to", self), self.newer)
        self.net = Words("", self, color="text", wrap=True)
        self._lay_body()
        self.add_answer("export", "Export the sheet...")
        self.add_answer("close", "Close", safe=True)

    def _lay_body(self) -> None:
        self.body.addWidget(self._sheet)
        self.body.addWidget(self.note)
        row = QHBoxLayout()
        for widget in self._between:
            row.addWidget(widget)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.net)
        self.older.edited.connect(lambda _index: self._show_net())
        self.newer.edited.connect(lambda _index: self._show_net())

    def fill(self, entries: Entries) -> None:
        """As it is now, the two newest versions side by side."""
        self._entries = entries
        self.show_title("Journal", "" if entries else EMPTY)
        self.list.show_rows(rows_of(entries))
        self._sheet.fit(max(theme.px(120), self._scrim.height() - theme.px(360)))
        self.note.clear()
        self.versions = [entry.version for entry in entries if entry.session is not None]
        several = len(self.versions) > 1
        for widget in (*self._between, self.net):
            widget.setVisible(several)
        if several:
            words = [f"version {version}" for version in self.versions]
            self.older.show_choices(words, len(words) - 2)
            self.newer.show_choices(words, len(words) - 1)
            self._show_net()

    def open(self) -> None:
        """The list has the keyboard."""
        super().open()
        if self.list.rows:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_entries(self, entries: Entries) -> None:
        """With what has come meanwhile."""
        if entries is not self._entries:
            self._entries = entries
            self.list.show_rows(rows_of(entries))

    def _show_net(self) -> None:
        try:
            said = between(self._entries, self.versions[self.older.value], self.versions[self.newer.value])
        except UsageProblem as problem:
            said = [str(problem)]
        self.net.show_words("\n".join(said))

    def _take_note(self) -> None:
        words = self.note.text().strip()
        if words:
            self.note.clear()
            self.noted.emit(words)
