"""The sheet of what was found in the mix, and in the master besides: number, time, how grave, sentence. Enter or a double click goes there."""
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.buttons import ENTER
from gui.dialogs.dialog import USUAL_WIDTH, Dialog
from gui.dialogs.sentence_list import LINE, ROW_PAD, SentenceList
from gui.dialogs.sheets import Sheet
from gui.theme import paint, theme
from gui.theme.numbers import clock
from mastering_rt.qc.finding import Finding, Severity

WIDTH, SCROLLED_PX = 760, 60
GRAVITY: dict[Severity, tuple[str, str]] = {"act": ("Fix", "danger_text"), "look": ("Listen", "text"), "note": ("Note", "text2")}
WHOLE = 0.95                     # of the song: what lasts that long has no place of its own
NUMBER_X, TIME_X, WORD_X, TEXT_X = 8, 44, 132, 188
SOUGHT = "The whole mix was looked through for clipping, clicks, holes, overs, offset, silence, phase, hum and lossy sources."
COMING = "The list stands here as soon as the whole mix has been looked through. Everything else can go on meanwhile."


class Row(NamedTuple):
    """One finding in words."""

    at_s: float | None                       # None: the whole song
    severity: Severity
    text: str

    @property
    def place(self) -> str:
        return "Whole song" if self.at_s is None else clock(self.at_s)

    @property
    def spoken(self) -> str:
        return f"{GRAVITY[self.severity][0]}, {self.placed}: {self.text}"

    @property
    def placed(self) -> str:
        """Where it is, inside a sentence."""
        return "the whole song" if self.at_s is None else f"at {clock(self.at_s)}"


def row_of(finding: Finding, song_s: float, of_master: bool = False) -> Row:
    """A finding of a song that is `song_s` seconds long; that it is only in the master is said first."""
    whole = finding.duration_s >= WHOLE * song_s
    side = "" if finding.channel == "both" else f"{finding.channel.capitalize()} channel: "
    return Row(None if whole else finding.time_s, finding.severity, ("Master: " if of_master else "") + side + finding.text)


def summary(rows: Sequence[Row]) -> str:
    """How many, and how many of them are grave: "7 findings, 2 to fix"."""
    if not rows:
        return "Nothing was found"
    grave = sum(row.severity == "act" for row in rows)
    return f"{len(rows)} finding{'s' * (len(rows) != 1)}" + (f", {grave} to fix" if grave else ", none to fix")


class FindingList(SentenceList[Row]):
    """`chosen` gives the index of the finding to go to."""

    chosen = Signal(int)

    def __init__(self, rows: Sequence[Row], selected: int = 0) -> None:
        super().__init__("Findings", rows, theme.px(WIDTH - SCROLLED_PX), selected)
        self.setAccessibleDescription("Arrows go from one to the next, Enter goes to its place in the song.")

    def row_height(self, row: Row) -> int:
        words = paint.paragraph_height(row.text, self.wide - theme.px(TEXT_X), "text")
        return max(theme.px(LINE), words) + 2 * theme.px(ROW_PAD)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in ENTER:
            self.chosen.emit(self.selected)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.index_at(event.position().toPoint().y()))

    def draw_row(self, painter: QPainter, index: int, area: QRect) -> None:
        row, line = self.rows[index], QRect(0, area.y() + theme.px(ROW_PAD), area.width(), theme.px(LINE))
        word, color = GRAVITY[row.severity]
        if index == self.selected:
            paint.rounded(painter, area, "control")
        paint.text(painter, self._column(line, NUMBER_X, TIME_X), str(index + 1), "text", "text2")
        paint.text(painter, self._column(line, TIME_X, WORD_X), row.place, "text_medium", "text")
        paint.text(painter, self._column(line, WORD_X, TEXT_X), word, "text_strong", color)
        paint.paragraph(painter, QRect(theme.px(TEXT_X), line.y(), self.wide - theme.px(TEXT_X), area.height()), row.text, "text", "text")
        if index == self.selected and self.hasFocus():
            paint.outline(painter, area, "select", theme.px(2))

    @staticmethod
    def _column(line: QRect, left: int, right: int) -> QRect:
        return QRect(theme.px(left), line.y(), theme.px(right - left - 8), line.height())

    def spoken_actions(self) -> dict[str, object]:
        return {"Press": lambda: self.chosen.emit(self.selected), "Increase": lambda: self.select(self.selected + 1),
                "Decrease": lambda: self.select(self.selected - 1), "SetFocus": self.setFocus}


class FindingsDialog(Dialog):
    """The list with "Close" under it. `chosen` gives the index of a finding, and the sheet is gone. `list` is None where there is none."""

    chosen = Signal(int)
    lasts = True

    def __init__(self, window: QWidget, title: str = "", sentence: str = "", rows: Sequence[Row] = (), selected: int = 0) -> None:
        super().__init__(window, title, sentence)
        self._list = FindingList(())
        self._sheet = Sheet(self._list, 0)
        self._sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self._sheet)
        self._list.moved.connect(self._reveal)
        self._list.chosen.connect(self._choose)
        self.add_answer("close", "Close", safe=True)
        self.fill(title, sentence, rows, selected)

    @property
    def list(self) -> FindingList | None:
        """Where there is anything to list."""
        return self._list if self._list.rows else None

    def fill(self, title: str, sentence: str = "", rows: Sequence[Row] = (), selected: int = 0) -> None:
        """What is known now."""
        self.show_title(title, sentence)
        self._width = WIDTH if rows else USUAL_WIDTH
        self._list.show_rows(rows, selected)
        self._sheet.setVisible(bool(rows))
        self._sheet.fit(self._scrim.height() - theme.px(190))

    def open(self) -> None:
        """The list has the keyboard."""
        super().open()
        if self.list is not None:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.list.select(self.list.selected)

    def _reveal(self, top: int, height: int) -> None:
        self._sheet.ensureVisible(0, top + height // 2, 0, height // 2 + 1)

    def _choose(self, index: int) -> None:
        self.answer("go")
        self.chosen.emit(index)


def words_of(rows: Sequence[Row] | None, problem: str = "") -> tuple[str, str]:
    """Title and sentence of the sheet for what is known: `rows` is None while it is looked through or, by `problem`, could not be."""
    if problem:
        return "The mix could not be looked through", problem
    if rows is None:
        return "Still looking", COMING
    return summary(rows), "" if rows else SOUGHT
