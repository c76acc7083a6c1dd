"""Gain reduction of the whole chain: hangs from the top, because it takes away."""
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.meters.ballistics import Fall, Hold
from gui.meters.bar import CAP, BarMeter
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
        self._fall = Fall(0.0)
        self._hold = Hold()
        self._most_db = 0.0
        super().__init__("Gain reduction", parent, ground)

    def show_reading(self, reading: Reading) -> None:
        """Sixty times a second."""
        before = self._y(self.reduction_db), self._y(self.held_db)
        self._fall.follow(reading.reduction_db, reading.time_s)
        self._hold.follow(reading.reduction_db, reading.time_s)
        self._most_db = max(self._most_db, reading.reduction_db)
        if reading.fed != self.fed:
            self.fed = reading.fed
            self.update()
        after = self._y(self.reduction_db), self._y(self.held_db)
        moved = [y for was, now in zip(before, after, strict=True) if was != now for y in (was, now)]
        if moved:
            self.strip(0, *moved)
        if self._pace.due(reading.time_s):
            self.show_number("reduction", numbers.number(-self._most_db), self.header_rect(self._center(), 1))
            self._most_db = 0.0

    def show_range(self, range_db: float) -> None:
        """The scale's end; a host chooses it by `scales.reduction_range` when the song is measured, never while it plays."""
        if range_db != self.range_db:
            self.range_db = range_db
            self.update()

    def forget(self) -> None:
        self._fall.reset()
        self._hold.reset()

    @property
    def reduction_db(self) -> float:
        """What the bar shows, >= 0."""
        return max(self._fall.level_db, 0.0)

    @property
    def held_db(self) -> float:
        """Where the mark stands, >= 0."""
        return max(self._hold.value, 0.0)

    def _y(self, db: float) -> int:
        return self.y_at(min(db / self.range_db, 1.0))

    def measure(self) -> None:
        self.setFixedWidth(theme.px(LEFT) + self.bar_width() + theme.px(LEVELS_GAP) + paint.text_width("18", "scale"))

    def bar_width(self) -> int:
        return theme.px(theme.sizes.reduction_bar)

    def bar_xs(self) -> tuple[int, ...]:
        return (theme.px(LEFT),)

    def _center(self) -> int:
        return self.bar_xs()[0] + self.bar_width() // 2 + theme.px(2)

    def draw(self, painter: QPainter, area: QRect) -> None:
        self.draw_header(painter, self._center(), "GR", self._numbers.get("reduction", numbers.UNKNOWN))
        bar, cap = self.bar_rect(0), theme.px(CAP)
        paint.fill(painter, bar, "well")
        y, held = self._y(self.reduction_db), self._y(self.held_db)
        hanging = QRect(bar.x(), bar.y(), bar.width(), y - bar.y())
        if self.fed:
            painter.setPen(theme.color("edge"))
            painter.drawRect(hanging.adjusted(0, 0, -1, -1))
        elif hanging.height() > 0:
            paint.fill(painter, hanging, "gr_mid")
            paint.fill(painter, QRect(bar.x(), max(y - cap, bar.y()), bar.width(), min(cap, hanging.height())), "gr")
        if held > bar.y() and not self.fed:
            paint.fill(painter, QRect(bar.x(), min(held, bar.bottom() + 1 - cap), bar.width(), cap), "text")
        levels = [(numbers.number(level, 0), level / self.range_db) for level in reduction_marks(self.range_db)]
        self.draw_levels(painter, bar.right() + 1 + theme.px(LEVELS_GAP), levels)

    def spoken_value(self) -> str:
        return numbers.quantity(-self.reduction_db, "dB")
