"""Gain reduction of the whole chain: hangs from the top, because it takes away."""
from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.meters.ballistics import ReductionBar
from gui.meters.bar import BarMeter
from gui.meters.reading import Reading
from gui.meters.scales import reduction_marks
from gui.theme import numbers, paint, theme

LEFT = 14
LEVELS_GAP = 8


class ReductionMeter(BarMeter):
    """One bar, 0 to 6, 9, 12 or 18 dB; an outline only while the chain is bypassed but listens."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        self.range_db = 9.0
        self.fed = False
        self._bar = ReductionBar()
        self._most_db = 0.0
        super().__init__("Gain reduction", parent, ground)

    def show_reading(self, reading: Reading) -> None:
        """Sixty times a second."""
        moved = self._bar.follow(reading.reduction_db, reading.time_s)
        if moved is not None:
            self.update(self.lefts[0], moved[0], self.wide, moved[1] - moved[0])
        if reading.reduction_db > self._most_db:
            self._most_db = reading.reduction_db
        if reading.fed != self.fed:
            self.fed = reading.fed
            self.update()
        if self._pace.due(reading.time_s):
            self.show_number("reduction", 0, numbers.number(-self._most_db))
            self._most_db = 0.0

    def show_range(self, range_db: float) -> None:
        """The scale's end; a host chooses it by `scales.reduction_range` when the song is measured, never while it plays."""
        if range_db != self.range_db:
            self.range_db = range_db
            self.measure()
            self.update()

    def forget(self) -> None:
        self._bar.forget()
        self._numbers.clear()

    def moved_in(self) -> None:
        self._bar.lay_out(self.range_db, self.top, self.bottom, self.cap)

    @property
    def reduction_db(self) -> float:
        """What the bar shows, >= 0."""
        return max(float(self._bar.level_db), 0.0)

    @property
    def held_db(self) -> float:
        """Where the mark stands, >= 0."""
        return max(float(self._bar.held_db), 0.0)

    def arrange(self) -> int:
        self.wide = theme.px(theme.sizes.reduction_bar)
        left = theme.px(LEFT)
        self.lefts = (left,)
        self.centers = (left + self.wide // 2 + theme.px(2),)
        self.levels_x = left + self.wide + theme.px(LEVELS_GAP)
        return self.levels_x + paint.text_width("18", "scale")

    def levels(self) -> Sequence[tuple[str, float]]:
        return [(numbers.number(level, 0), level / self.range_db) for level in reduction_marks(self.range_db)]

    def draw(self, painter: QPainter, area: QRect) -> None:
        if area.top() < self.top:
            self.draw_header(painter, 0, "GR", "reduction")
        x, wide, cap = self.lefts[0], self.wide, self.cap
        y, held = self._bar.level, self._bar.held
        painter.fillRect(x, self.top, wide, self.bottom - self.top, theme.color("well"))
        if self.fed:
            painter.setPen(theme.color("edge"))
            painter.drawRect(x, self.top, wide - 1, y - self.top - 1)
        elif y > self.top:
            painter.fillRect(x, self.top, wide, y - self.top, theme.color("gr_mid"))
            painter.fillRect(x, max(y - cap, self.top), wide, min(cap, y - self.top), theme.color("gr"))
        if held > self.top and not self.fed:
            painter.fillRect(x, min(held, self.bottom - cap), wide, cap, theme.color("text"))
        if area.right() >= self.levels_x:
            self.draw_levels(painter)

    def spoken_value(self) -> str:
        return numbers.quantity(-self.reduction_db, "dB")
