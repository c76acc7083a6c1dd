"""A list of rows in columns, one of them selected: the keyboard walks it, Enter or a double click takes a row."""
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls import access
from gui.controls.base import Painted
from gui.controls.buttons import ENTER
from gui.dialogs.row_keys import led_to
from gui.dialogs.sheets import Sheet
from gui.theme import icons, paint, theme

ROW, PAD = 28, 8


@dataclass(frozen=True)
class Column:
    """Where a column begins, in logical pixels, and its ink. The last one goes to the right edge."""

    x: int
    role: str = "text"
    color: str = "text2"


@dataclass(frozen=True)
class Line:
    """A row: a cell for each column; `icon` stands in the first 26 pixels."""

    cells: tuple[str, ...]
    icon: str = ""
    weak: bool = False

    @property
    def spoken(self) -> str:
        """Read from left to right."""
        return ", ".join(cell for cell in self.cells if cell)


class RowList(Painted, QWidget):
    """`chosen` gives the index of a row that was taken, `moved` that of the one selected now, `typed` any other key."""

    chosen = Signal(int)
    moved = Signal(int)
    typed = Signal(QKeyEvent)
    ring_gap = None                          # the ring goes around the row, not around all of them

    def __init__(self, name: str, columns: Sequence[Column], empty: str = "") -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.selected = 0
        self._columns = list(columns)
        self._empty = empty
        self.set_up(name, "panel")

    def show_lines(self, lines: Sequence[Line], selected: int = 0) -> None:
        """Others."""
        self.lines, self.selected = list(lines), min(max(selected, 0), max(len(lines) - 1, 0))
        self.measure()
        self.update()

    def measure(self) -> None:
        self.setMinimumHeight(max(len(self.lines), 1) * theme.px(ROW))

    def area_of(self, index: int) -> QRect:
        """Where a row lies."""
        return QRect(0, index * theme.px(ROW), self.width(), theme.px(ROW))

    def select(self, index: int) -> None:
        """Another row, told to who listens."""
        if self.lines:
            self.selected = min(max(index, 0), len(self.lines) - 1)
            access.announce(self, self.lines[self.selected].spoken)
            self.moved.emit(self.selected)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        row = led_to(key, self.selected, len(self.lines))
        if row is not None:
            self.select(row)
        elif key in ENTER and self.lines:
            self.chosen.emit(self.selected)
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            self.typed.emit(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.select(int(event.position().y()) // theme.px(ROW))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.lines:
            self.chosen.emit(self.selected)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def draw(self, painter: QPainter, area: QRect) -> None:
        if not self.lines:
            paint.text(painter, self.area_of(0).adjusted(theme.px(PAD), 0, -theme.px(PAD), 0), self._empty, "text", "text2")
        high = theme.px(ROW)
        for index in range(max(area.top() // high, 0), min(area.bottom() // high + 1, len(self.lines))):
            self._draw_line(painter, self.lines[index], self.area_of(index), index == self.selected)

    def _draw_line(self, painter: QPainter, line: Line, area: QRect, selected: bool) -> None:
        if selected:
            paint.rounded(painter, area, "control")
        if line.icon:
            icons.draw(painter, line.icon, QPointF(area.x() + theme.px(14), area.y() + area.height() / 2), "text2")
        ends = [theme.px(column.x) for column in self._columns[1:]] + [area.width()]
        for column, cell, end in zip(self._columns, line.cells, ends, strict=True):
            left = theme.px(column.x)
            color = "text3" if line.weak else column.color
            paint.text(painter, QRect(left, area.y(), end - left - theme.px(PAD), area.height()), cell, column.role, color)
        if selected and self.hasFocus():
            paint.outline(painter, area, "select", theme.px(2))

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def spoken_value(self) -> str:
        return f"{self.selected + 1} of {len(self.lines)}: {self.lines[self.selected].spoken}" if self.lines else self._empty

    def spoken_actions(self) -> dict[str, object]:
        return {"Press": lambda: self.chosen.emit(self.selected), "Increase": lambda: self.select(self.selected + 1),
                "Decrease": lambda: self.select(self.selected - 1), "SetFocus": self.setFocus}


class ListSheet(Sheet):
    """A `RowList` of a fixed height that scrolls with its selection."""

    def __init__(self, rows: RowList, height: int) -> None:
        height = max(height // theme.px(ROW), 1) * theme.px(ROW)
        super().__init__(rows, height)
        self._rows = rows
        self._height = height
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        rows.moved.connect(self.reveal)

    def reveal(self, index: int) -> None:
        """Brings a row into view."""
        area = self._rows.area_of(index)
        self.ensureVisible(0, area.center().y(), 0, area.height())
