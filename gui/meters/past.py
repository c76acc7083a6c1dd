"""What was so far: short-term loudness above, peak to short-term loudness below, from where it began to now."""
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QAccessible, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import numbers, paint, theme

STEP_S = 0.1
LOW_LUFS, HIGH_LUFS = -36.0, 0.0
LOW_PSR, HIGH_PSR = 0.0, 24.0
PSR_LEVELS = (20.0, 14.0, 8.0, 4.0)
LOUDNESS_LEVELS = (-6.0, -12.0, -18.0, -24.0, -30.0)
HEAD, SCALE_ROOM, BETWEEN, FOOT = 18, 34, 8, 18
LEAST_S = 30.0
NOTHING = "Nothing has been heard yet"
Steps = NDArray[np.float64]


class PastPlot(Painted, QWidget):
    """Two curves over one time, as wide as what was heard, at least half a minute. Every column shows the largest and the least in it."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.source = "master"
        self._loudness, self._psr = np.empty(0), np.empty(0)
        self._integrated: float | None = None
        self.set_up("Loudness and peak to loudness since it began", ground, focus=False)

    def show_source(self, source: str) -> None:
        """What is heard."""
        if source != self.source:
            self.source = source
            self.update()

    def show_past(self, short_term_lufs: Steps, psr_db: Steps, integrated_lufs: float | None) -> None:
        """Every 100 ms, the first three seconds after it began."""
        if len(short_term_lufs) != len(self._loudness) or integrated_lufs != self._integrated:
            self._loudness, self._psr, self._integrated = short_term_lufs, psr_db, integrated_lufs
            self.update()

    def measure(self) -> None:
        self.setMinimumSize(theme.px(200), theme.px(120))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(240))

    def _areas(self) -> tuple[QRect, QRect]:
        head, foot, between = theme.px(HEAD), theme.px(FOOT), theme.px(BETWEEN)
        high = (self.height() - 2 * head - foot - between) // 2
        wide = self.width() - theme.px(SCALE_ROOM)
        return QRect(0, head, wide, high), QRect(0, 2 * head + high + between, wide, high)

    def draw(self, painter: QPainter, area: QRect) -> None:
        upper, lower = self._areas()
        head = theme.px(HEAD)
        paint.text(painter, QRect(0, 0, upper.width(), head), "Short-term LUFS; dotted: integrated", "text", "text2")
        paint.text(painter, QRect(0, lower.y() - head, lower.width(), head), "Peak to short-term loudness, dB", "text", "text2")
        for plot, low, high, levels in ((upper, LOW_LUFS, HIGH_LUFS, LOUDNESS_LEVELS), (lower, LOW_PSR, HIGH_PSR, PSR_LEVELS)):
            self._draw_ground(painter, plot, low, high, levels)
        if not len(self._loudness):
            paint.text(painter, upper, NOTHING, "text", "text3", paint.CENTER)
            return
        self._draw_curve(painter, upper, self._loudness, LOW_LUFS, HIGH_LUFS)
        self._draw_curve(painter, lower, self._psr, LOW_PSR, HIGH_PSR)
        if self._integrated is not None:
            y = level_y(upper, self._integrated, LOW_LUFS, HIGH_LUFS) + 0.5
            paint.hairline(painter, 0, y, upper.width(), y, "text", (2, 2))
        foot = QRect(0, lower.bottom() + 1, lower.width(), theme.px(FOOT))
        paint.text(painter, foot, "began", "scale", "text3")
        paint.text(painter, foot, numbers.clock(self._span_s(), 0), "scale", "text3", paint.RIGHT)

    def _draw_ground(self, painter: QPainter, plot: QRect, low: float, high: float, levels: tuple[float, ...]) -> None:
        paint.fill(painter, plot, "well")
        half = theme.px(8)
        below = -1000
        for level in levels:
            y = round(level_y(plot, level, low, high))
            paint.fill(painter, QRect(0, y, plot.width(), 1), "grid_major")
            if y - below < 2 * half:
                continue
            below = y
            paint.text(painter, QRect(plot.right() + theme.px(6), y - half, theme.px(SCALE_ROOM), 2 * half), numbers.number(level, 0), "scale", "text3")

    def _span_s(self) -> float:
        return max(LEAST_S, 3.0 + len(self._loudness) * STEP_S)

    def _draw_curve(self, painter: QPainter, plot: QRect, values: Steps, low: float, high: float) -> None:
        """A line where each value has its pixel, else the largest and least of each pixel."""
        shown = np.clip(np.where(np.isfinite(values), values, low), low, high)
        at = (3.0 + STEP_S * np.arange(len(shown))) / self._span_s() * (plot.width() - 1)
        columns = at.astype(np.intp)
        first = np.flatnonzero(np.diff(columns, prepend=-1))
        tops, lows = np.maximum.reduceat(shown, first), np.minimum.reduceat(shown, first)
        points = []
        for x, top, least in zip(columns[first].tolist(), tops.tolist(), lows.tolist(), strict=True):
            points.append(QPointF(x + 0.5, level_y(plot, top, low, high)))
            if least < top:
                points.append(QPointF(x + 0.5, level_y(plot, least, low, high)))
        painter.save()
        painter.setClipRect(plot)
        painter.setPen(QPen(theme.color(self.source), 1))
        painter.setRenderHint(paint.SMOOTH, True)
        painter.drawPolyline(QPolygonF(points))
        painter.restore()

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Graphic

    def spoken_value(self) -> str:
        now = self._loudness[-1] if len(self._loudness) else None
        return f"short-term loudness now {numbers.quantity(float(now) if now is not None else None, 'LUFS')}"


def level_y(plot: QRect, level: float, low: float, high: float) -> float:
    """Where a level stands in a plot."""
    share = (high - min(max(level, low), high)) / (high - low)
    return plot.y() + share * (plot.height() - 1)
