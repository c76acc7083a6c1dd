"""What all bar meters share: a header with label and number, bars below it, levels written beside them, repainting only what moved."""
from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.controls.base import Painted
from gui.meters.ballistics import Pace
from gui.theme import numbers, paint, theme

LABEL, NUMBER, LAMP, GAP, FOOT = 19, 16, 4, 3, 20
CAP = 2
SMALLEST_STEP = 15


class BarMeter(Painted, QWidget):
    """A meter as wide as its bars and levels, and as high as it is made. Says its value when asked, never by itself."""

    def __init__(self, name: str, parent: QWidget | None, ground: str) -> None:
        super().__init__(parent)
        self.source = "master"
        self._pace = Pace()
        self._numbers: dict[str, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.set_up(name, ground, focus=False)

    def show_source(self, source: str) -> None:
        """What is heard, "mix", "master" or "ref": the bars take its colour in the same frame."""
        if source != self.source:
            self.source = source
            self.forget()
            self.update()

    def forget(self) -> None:
        """Drops falls and holds, because they belong to another sound."""

    def bar_xs(self) -> tuple[int, ...]:
        """Left edges of the bars."""
        raise NotImplementedError

    def bar_width(self) -> int:
        """Width of one bar."""
        raise NotImplementedError

    def bars_y(self) -> tuple[int, int]:
        """Top of the bars, and the first line below them."""
        return theme.px(LABEL + NUMBER + LAMP + GAP), max(self.height() - theme.px(FOOT), theme.px(LABEL + NUMBER + LAMP + GAP) + 1)

    def y_at(self, share: float) -> int:
        """The line at a fraction of the height from the top."""
        top, bottom = self.bars_y()
        return top + round(share * (bottom - top))

    def bar_rect(self, index: int) -> QRect:
        """One whole bar."""
        top, bottom = self.bars_y()
        return QRect(self.bar_xs()[index], top, self.bar_width(), bottom - top)

    def strip(self, index: int, *ys: int) -> None:
        """Repaints one bar between the lines that moved, with room for caps."""
        room = theme.px(CAP)
        self.update(QRect(self.bar_xs()[index], min(ys) - room, self.bar_width(), max(ys) - min(ys) + 2 * room))

    def header_rect(self, center: int, line: int) -> QRect:
        """The room of a label (line 0) or number (line 1) over a bar."""
        width = paint.text_width(numbers.number(-88.8), "table_value") + 2
        y, height = (0, LABEL) if line == 0 else (LABEL, NUMBER)
        return QRect(center - width // 2, theme.px(y), width, theme.px(height))

    def show_number(self, key: str, words: str, area: QRect) -> None:
        """Another number over a bar, repainted only when it reads differently."""
        if self._numbers.get(key) != words:
            self._numbers[key] = words
            self.update(area)

    def draw_header(self, painter: QPainter, center: int, label: str, number: str, color: str = "text") -> None:
        """Label and number over a bar."""
        if self.touched(self.header_rect(center, 0)):
            paint.text(painter, self.header_rect(center, 0), label, "scale", "text2", paint.CENTER)
        if self.touched(self.header_rect(center, 1)):
            paint.text(painter, self.header_rect(center, 1), number, "table_value", color, paint.CENTER)

    def draw_levels(self, painter: QPainter, x: int, levels: list[tuple[str, float]]) -> None:
        """Levels beside the bars, leaving out those that have no room; the first and the last stay inside the bars' height."""
        top, bottom = self.bars_y()
        column = QRect(x, 0, self.width() - x, self.height())
        if not self.touched(column):
            return
        half = theme.px(SMALLEST_STEP) // 2
        below = -1000
        for words, share in levels:
            y = min(max(self.y_at(share), top + half), bottom - half + 1)
            if y - below >= 2 * half:
                paint.text(painter, QRect(x, y - half, column.width(), 2 * half), words, "scale", "text3")
                below = y

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Indicator
