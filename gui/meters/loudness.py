"""Loudness meter: momentary and short-term, the song's largest as a mark, the other source's value of this moment as a triangle."""
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.meters.bar import CAP, BarMeter
from gui.meters.reading import Reading
from gui.meters.scales import LOUDNESS, LOUDNESS_LEVELS, fraction
from gui.theme import numbers, paint, theme

LEFT = 18
TRIANGLE = 8
LEVELS_GAP = 9
OUTWARD = 3
BARS = (0, 1)
LABELS = ("M", "S")
LEVELS = [(numbers.number(level, 0), share) for level, share in LOUDNESS if level in LOUDNESS_LEVELS]


class LoudnessMeter(BarMeter):
    """M over 400 ms and S over 3 s, in LUFS."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        self.other = "mix"
        self._levels: list[float | None] = [None, None]
        self._others: list[float | None] = [None, None]
        self._largest: list[float | None] = [None, None]
        super().__init__("Loudness meter", parent, ground)

    def show_reading(self, reading: Reading) -> None:
        """Sixty times a second."""
        due = self._pace.due(reading.time_s)
        levels = (reading.momentary_lufs, reading.short_term_lufs)
        others = (reading.other_momentary_lufs, reading.other_short_term_lufs)
        for index in BARS:
            self._show_bar(index, levels[index])
            self._show_other(index, others[index])
            if due:
                self.show_number(LABELS[index], numbers.number(levels[index]), self.header_rect(self._center(index), 1))

    def show_other(self, source: str) -> None:
        """Whose value the triangles tell."""
        if source != self.other:
            self.other = source
            self.update()

    def show_largest(self, momentary_lufs: float | None, short_term_lufs: float | None) -> None:
        """The largest of the whole song, as marks."""
        if [momentary_lufs, short_term_lufs] != self._largest:
            self._largest = [momentary_lufs, short_term_lufs]
            self.update()

    def _show_bar(self, index: int, level: float | None) -> None:
        before, after = self._y(self._levels[index]), self._y(level)
        self._levels[index] = level
        if before != after:
            self.strip(index, before, after)

    def _show_other(self, index: int, level: float | None) -> None:
        before, after = self._y(self._others[index]), self._y(level)
        self._others[index] = level
        if before != after:
            half, wide = theme.px(TRIANGLE), theme.px(TRIANGLE + 3)
            x = self.bar_xs()[index] - wide
            self.update(QRect(x, min(before, after) - half, wide, abs(after - before) + 2 * half))

    def _y(self, level: float | None) -> int:
        return self.y_at(fraction(LOUDNESS, level))

    def measure(self) -> None:
        levels = paint.text_width(numbers.number(-60, 0), "scale")
        self.setFixedWidth(self.bar_xs()[1] + self.bar_width() + theme.px(LEVELS_GAP) + levels)

    def bar_width(self) -> int:
        return theme.px(theme.sizes.loudness_bar)

    def bar_xs(self) -> tuple[int, ...]:
        left = theme.px(LEFT)
        return left, left + self.bar_width() + theme.px(28 if theme.density == "comfortable" else 26)

    def _center(self, index: int) -> int:
        outward = theme.px(OUTWARD) * (-1 if index == 0 else 1)
        return self.bar_xs()[index] + self.bar_width() // 2 + outward

    def draw(self, painter: QPainter, area: QRect) -> None:
        for index in BARS:
            self.draw_header(painter, self._center(index), LABELS[index], self._numbers.get(LABELS[index], numbers.UNKNOWN))
            self._draw_bar(painter, index)
            self._draw_other(painter, index)
        self.draw_levels(painter, self.bar_xs()[1] + self.bar_width() + theme.px(LEVELS_GAP), LEVELS)

    def _draw_bar(self, painter: QPainter, index: int) -> None:
        bar, cap = self.bar_rect(index), theme.px(CAP)
        bottom = bar.bottom() + 1
        paint.fill(painter, bar, "well")
        level = self._y(self._levels[index])
        if level < bottom:
            paint.fill(painter, QRect(bar.x(), level, bar.width(), bottom - level), f"{self.source}_mid")
            paint.fill(painter, QRect(bar.x(), level, bar.width(), min(cap, bottom - level)), self.source)
        largest = self._y(self._largest[index])
        if largest < bottom:
            paint.fill(painter, QRect(bar.x(), max(largest - cap, bar.y()), bar.width(), cap), "text")

    def _draw_other(self, painter: QPainter, index: int) -> None:
        if self._others[index] is None or self._y(self._others[index]) >= self.bars_y()[1]:
            return
        half = theme.px(TRIANGLE) / 2 + 1
        tip, y = self.bar_xs()[index] - 1, self._y(self._others[index])
        painter.setRenderHint(paint.SMOOTH, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self.other))
        painter.drawPolygon(QPolygonF([QPointF(tip, y), QPointF(tip - theme.px(TRIANGLE), y - half), QPointF(tip - theme.px(TRIANGLE), y + half)]))
        painter.setRenderHint(paint.SMOOTH, False)

    def spoken_value(self) -> str:
        momentary, short_term = (numbers.quantity(level, "LUFS") for level in self._levels)
        return f"momentary {momentary}, short-term {short_term}"
