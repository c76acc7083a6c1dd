"""What all bar meters share: a header with label and number, bars below it, levels written beside them, repainting only what moved.

Everything that does not move (edges, rooms, levels) is worked out once per size and theme, because the rest runs 60 times a second.
"""
from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.controls.base import Painted
from gui.meters.ballistics import Pace
from gui.theme import numbers, paint, theme

LABEL, NUMBER, LAMP, GAP = 19, 16, 4, 3
FOOT = {"comfortable": 20, "compact": 14}
CAP = 2
SMALLEST_STEP = 14


class BarMeter(Painted, QWidget):
    """A meter as wide as its bars and levels, and as high as it is made. Says its value when asked, never by itself.

    Subclasses give `lefts`, `wide`, `centers` and `levels_x` in `arrange`; `head` is the first line below the numbers, `top` and `bottom` are the
    first line of the bars and the first below.
    """

    def __init__(self, name: str, parent: QWidget | None, ground: str) -> None:
        super().__init__(parent)
        self.source = "master"
        self._inks_of = ("", "")
        self._inks: tuple[QColor, QColor, QColor, QColor, QColor, QColor]
        self.head, self.top, self.bottom = 0, 0, 1
        self.lefts: tuple[int, ...] = (0,)
        self.wide = 1
        self.centers: tuple[int, ...] = (0,)
        self.levels_x = 0
        self.cap = CAP
        self._labels: list[QRect] = []
        self.number_areas: list[QRect] = []
        self._levels: list[tuple[str, QRect]] = []
        self._levels_area = QRect()
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

    @property
    def inks(self) -> tuple[QColor, QColor, QColor, QColor, QColor, QColor]:
        """What bars are painted with, looked up once: well, weak area, strong area, cap, mark, danger."""
        key = (self.source, theme.name)
        if self._inks_of != key:
            self._inks_of = key
            self._inks = tuple(map(theme.color, ("well", f"{self.source}_body", f"{self.source}_mid", self.source, "text", "danger")))  # type: ignore[assignment]
        return self._inks

    def forget(self) -> None:
        """Drops falls and holds, because they belong to another sound."""

    def arrange(self) -> int:
        """Works out the horizontal measures and gives the width of the whole meter."""
        raise NotImplementedError

    def levels(self) -> Sequence[tuple[str, float]]:
        """What is written beside the bars, and at which fraction from the top."""
        raise NotImplementedError

    def moved_in(self) -> None:
        """The measures changed: lines kept from before are worthless."""

    def measure(self) -> None:
        self.setFixedWidth(self.arrange())
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        self.cap = theme.px(CAP)
        self.head = theme.px(LABEL) + theme.px(NUMBER)
        self.top = theme.px(LABEL + NUMBER + LAMP + GAP)
        self.bottom = max(self.height() - theme.px(FOOT[theme.density]), self.top + 1)
        self._labels = [self._header(center, 0, LABEL) for center in self.centers]
        self.number_areas = [self._header(center, LABEL, NUMBER) for center in self.centers]
        self._levels = self._place_levels()
        self._levels_area = QRect(self.levels_x, self.top, self.width() - self.levels_x, self.height() - self.top)
        self.moved_in()

    def _header(self, center: int, y: int, height: int) -> QRect:
        width = paint.text_width(numbers.number(-88.8), "table_value") + 2
        return QRect(center - width // 2, theme.px(y), width, theme.px(height))

    def _place_levels(self) -> list[tuple[str, QRect]]:
        """Rooms of the levels that have one; the first and the last stay inside the bars' height."""
        half, below = theme.px(SMALLEST_STEP) // 2, -1000
        placed = []
        for words, share in self.levels():
            y = min(max(self.y_at(share), self.top + half), self.bottom - half + 1)
            if y - below >= 2 * half:
                placed.append((words, QRect(self.levels_x, y - half, self.width() - self.levels_x, 2 * half)))
                below = y
        return placed

    def y_at(self, share: float) -> int:
        """The line at a fraction of the height from the top."""
        return self.top + round(share * (self.bottom - self.top))

    def strip(self, index: int, *ys: int) -> None:
        """Repaints one bar between the lines that moved, with room for caps."""
        low, high = min(ys), max(ys)
        self.update(self.lefts[index], low - self.cap, self.wide, high - low + 2 * self.cap)

    def show_number(self, key: str, index: int, words: str) -> None:
        """Another number over a bar, repainted only when it reads differently."""
        if self._numbers.get(key) != words:
            self._numbers[key] = words
            self.update(self.number_areas[index])

    def draw_header(self, painter: QPainter, index: int, label: str, key: str, color: str = "text") -> None:
        """Label and number over a bar."""
        if self.touched(self._labels[index]):
            paint.text(painter, self._labels[index], label, "scale", "text2", paint.CENTER)
        if self.touched(self.number_areas[index]):
            paint.figure(painter, self.number_areas[index], self._numbers.get(key, numbers.UNKNOWN), "table_value", color, paint.CENTER)

    def draw_levels(self, painter: QPainter) -> None:
        """Levels beside the bars, from `levels_x` on."""
        if not self.touched(self._levels_area):
            return
        for words, room in self._levels:
            if self.touched(room):
                paint.text(painter, room, words, "scale", "text3")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Indicator
