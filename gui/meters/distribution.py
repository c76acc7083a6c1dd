"""How much of the time was how loud: short-term loudness filled, momentary as an outline, the quiet and the loud end marked."""
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QAccessible, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import numbers, paint, theme

LOW_LUFS, HIGH_LUFS, STEP_LUFS = -36.0, 0.0, 6.0
FOOT, HEAD, PAD = 18, 20, 8
MARKED = ("10", "50", "95")
NOTHING = "Nothing has been heard yet"
Shares = NDArray[np.float64]


class DistributionPlot(Painted, QWidget):
    """One column per LU. The range of loudness is what lies between the marks of 10 and 95 %, the gate apart."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.source = "master"
        count = round(HIGH_LUFS - LOW_LUFS)
        self._short, self._momentary = np.zeros(count), np.zeros(count)
        self._percentiles: Mapping[str, float] = {}
        self._integrated: float | None = None
        self.set_up("Loudness distribution", ground, focus=False)

    def show_source(self, source: str) -> None:
        """What is heard."""
        if source != self.source:
            self.source = source
            self.update()

    def show_shares(self, short_term: Shares, momentary: Shares, percentiles: Mapping[str, float] | None, integrated_lufs: float | None) -> None:
        """Shares of the time in each LU from LOW_LUFS up; percentiles of short-term loudness by their names."""
        self._short, self._momentary = short_term, momentary
        self._percentiles, self._integrated = percentiles or {}, integrated_lufs
        self.update()

    def measure(self) -> None:
        self.setMinimumSize(theme.px(200), theme.px(90))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(180))

    def _plot(self) -> QRect:
        return QRect(0, theme.px(HEAD), self.width(), self.height() - theme.px(HEAD) - theme.px(FOOT))

    def _x(self, lufs: float) -> float:
        plot, pad = self._plot(), theme.px(PAD)
        return plot.x() + pad + (lufs - LOW_LUFS) / (HIGH_LUFS - LOW_LUFS) * (plot.width() - 2 * pad)

    def draw(self, painter: QPainter, area: QRect) -> None:
        plot = self._plot()
        paint.text(painter, QRect(0, 0, self.width(), theme.px(HEAD)), "Distribution", "text", "text2")
        paint.text(painter, QRect(0, 0, self.width(), theme.px(HEAD)), self.range_text(), "scale", "text3", paint.RIGHT)
        paint.fill(painter, plot, "well")
        for lufs in np.arange(LOW_LUFS, HIGH_LUFS + 1, STEP_LUFS):
            x = self._x(lufs)
            paint.fill(painter, QRect(round(x), plot.y(), 1, plot.height()), "grid_major")
            room = QRect(round(x) - theme.px(20), plot.bottom() + 1, 2 * theme.px(20), theme.px(FOOT))
            if LOW_LUFS < lufs < HIGH_LUFS:
                paint.text(painter, room, numbers.number(lufs, 0), "scale", "text3", paint.CENTER)
        if not self._short.any() and not self._momentary.any():
            paint.text(painter, plot, NOTHING, "text", "text3", paint.CENTER)
            return
        self._draw_columns(painter, plot)
        self._draw_marks(painter, plot)
        self._draw_legend(painter, plot)

    def _draw_columns(self, painter: QPainter, plot: QRect) -> None:
        high = plot.height() - theme.px(HEAD)
        top = max(float(self._short.max()), float(self._momentary.max()))
        for index, share in enumerate(self._short.tolist()):
            if share > 0:
                left, right = round(self._x(LOW_LUFS + index)), round(self._x(LOW_LUFS + index + 1))
                tall = max(1, round(share / top * high))
                column = QRect(left + 1, plot.bottom() + 1 - tall, right - left - 1, tall)
                paint.fill(painter, column, f"{self.source}_mid")
                paint.fill(painter, QRect(column.x(), column.y(), column.width(), min(2, tall)), self.source)
        points = []
        for index, share in enumerate(self._momentary.tolist()):
            y = plot.bottom() + 1 - share / top * high
            points += [QPointF(self._x(LOW_LUFS + index), y), QPointF(self._x(LOW_LUFS + index + 1), y)]
        painter.setPen(QPen(theme.color("text2"), 1))
        painter.drawPolyline(QPolygonF(points))

    def _draw_marks(self, painter: QPainter, plot: QRect) -> None:
        """Percentiles as ticks from above, integrated loudness as a line."""
        for name in MARKED:
            if name in self._percentiles and LOW_LUFS <= self._percentiles[name] <= HIGH_LUFS:
                paint.fill(painter, QRect(round(self._x(self._percentiles[name])), plot.y(), 1, theme.px(HEAD) - 4), "text")
        if self._integrated is not None and LOW_LUFS <= self._integrated <= HIGH_LUFS:
            x = self._x(self._integrated) + 0.5
            paint.hairline(painter, x, plot.y(), x, plot.bottom() + 1, "text", (2, 2))

    def legend(self) -> tuple[tuple[str, str], ...]:
        """What is drawn how: (mark, words) from the top down."""
        ticks = ", ".join(name for name in MARKED if name in self._percentiles)
        entries = [("fill", "Short-term, 3 s"), ("line", "Momentary, 0.4 s")]
        entries += [("dots", "Integrated")] if self._integrated is not None else []
        return (*entries, *([("tick", f"{ticks} % of the time")] if ticks else []))

    def _draw_legend(self, painter: QPainter, plot: QRect) -> None:
        """At the quiet end, where a master has little."""
        x, y, line, mark = plot.x() + theme.px(8), plot.y() + theme.px(6), theme.px(15), theme.px(12)
        for kind, words in self.legend():
            middle = y + line // 2
            label = QRect(x + mark + theme.px(5), y, paint.text_width(words, "scale") + 2, line)
            paint.fill(painter, QRect(x - 2, y, label.right() - x + 4, line), "well")
            if kind == "fill":
                paint.fill(painter, QRect(x, middle - theme.px(4), mark, theme.px(8)), f"{self.source}_mid")
            elif kind == "tick":
                paint.fill(painter, QRect(x + mark // 2, middle - theme.px(5), 1, theme.px(10)), "text")
            else:
                paint.hairline(painter, x, middle + 0.5, x + mark, middle + 0.5, "text2" if kind == "line" else "text", (2, 2) if kind == "dots" else ())
            paint.text(painter, label, words, "scale", "text2")
            y += line

    def range_text(self) -> str:
        """Where nine tenths of the time lie; what is filled and what is a line while that is not known."""
        if not {"10", "95"} <= set(self._percentiles):
            return "short-term filled, momentary a line"
        return f"10 to 95 %: {numbers.number(self._percentiles['10'])} to {numbers.quantity(self._percentiles['95'], 'LUFS')}"

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Graphic

    def spoken_value(self) -> str:
        return ", ".join(f"{name} percent of the time under {numbers.quantity(lufs, 'LUFS')}" for name, lufs in self._percentiles.items()) or NOTHING
