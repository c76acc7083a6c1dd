"""A list of sentences that break over several lines, one of them selected, so that the keyboard and a screen reader can go through them."""
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls import access
from gui.controls.base import Painted
from gui.dialogs.row_keys import led_to
from gui.theme import theme

LINE, ROW_PAD, PAD = 18, 6, 8


class Spoken(Protocol):
    """What a row has to be able to."""

    @property
    def spoken(self) -> str:
        """All of it in words."""


Row = TypeVar("Row", bound=Spoken)


class SentenceList(Painted, QWidget, Generic[Row]):
    """A subclass says how high its rows are (`row_height`) and draws them (`draw_row`). `width_px`: until it is laid out."""

    moved = Signal(int, int)                 # top and height of the row that is selected now
    ring_gap = None                          # the ring goes around the row, not around all of them
    empty = ""                               # what is said of a list without rows

    def __init__(self, name: str, rows: Sequence[Row], width_px: int, selected: int = 0) -> None:
        super().__init__()
        self.wide = width_px
        self._tops = [0]
        self.show_rows(rows, selected)
        self.set_up(name, "panel")

    def show_rows(self, rows: Sequence[Row], selected: int = 0) -> None:
        """Others."""
        self.rows = list(rows)
        self.selected = min(max(selected, 0), max(0, len(self.rows) - 1))
        self.measure()
        self.update()

    def row_height(self, row: Row) -> int:
        """In pixels, at `wide`."""
        raise NotImplementedError(f"{type(self).__name__} does not say how high a row is")

    def draw_row(self, painter: QPainter, index: int, area: QRect) -> None:
        """One row."""
        raise NotImplementedError(f"{type(self).__name__} does not draw its rows")

    def measure(self) -> None:
        self._tops = [0, *accumulate(self.row_height(row) for row in self.rows)]
        self.setMinimumHeight(self._tops[-1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Sentences are broken anew for another width."""
        wide = self.width() - theme.px(PAD)
        if wide != self.wide:
            self.wide = wide
            self.measure()

    def area_of(self, index: int) -> QRect:
        """Where a row lies."""
        return QRect(0, self._tops[index], self.width(), self._tops[index + 1] - self._tops[index])

    def index_at(self, y: int) -> int:
        """The row at a height."""
        return min(bisect_right(self._tops, y) - 1, len(self.rows) - 1)

    def select(self, index: int) -> None:
        """Another row, told to who listens."""
        if self.rows:
            self.selected = min(max(index, 0), len(self.rows) - 1)
            area = self.area_of(self.selected)
            self.moved.emit(area.y(), area.height())
            access.announce(self, self.rows[self.selected].spoken)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        row = led_to(key, self.selected, len(self.rows))
        if row is not None:
            self.select(row)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.select(self.index_at(event.position().toPoint().y()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def draw(self, painter: QPainter, area: QRect) -> None:
        for index in range(max(0, self.index_at(area.top())), self.index_at(area.bottom()) + 1):
            self.draw_row(painter, index, self.area_of(index))

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def spoken_value(self) -> str:
        return f"{self.selected + 1} of {len(self.rows)}: {self.rows[self.selected].spoken}" if self.rows else self.empty
