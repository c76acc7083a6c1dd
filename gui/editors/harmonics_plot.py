"""What a saturation adds to a sine: harmonics 2 to 9 as bars with their sum, and out over in for one cycle of it."""
from math import isnan

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF
from PySide6.QtGui import QAccessible, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.plots.axes import Axis, db_ticks
from gui.plots.layers import LayeredPlot
from gui.plots.strokes import bright_curve, label_on_well
from gui.theme import numbers, paint, theme
from mastering_rt.measure.harmonics import ORDERS, Harmonics

LOW_DB, HIGH_DB = -100.0, 0.0
CAP, FOOT, HEAD = 2, 22, 34
WIDEST = 44
GRID = 4


def thd_text(harmonics: Harmonics | None) -> str:
    """ "THD 0.42 %", with as many decimals as it has to say."""
    if harmonics is None:
        return f"THD {numbers.UNKNOWN}"
    percent = 100 * harmonics.thd
    return f"THD {percent:.{1 if percent >= 10 else 2 if percent >= 0.1 else 4}f} %"


def probe_text(harmonics: Harmonics) -> str:
    """ "1 kHz sine, −12 dBFS"."""
    hz = f"{harmonics.hz:.0f} Hz" if harmonics.hz < 1000 else f"{harmonics.hz / 1000:.2g} kHz"
    return f"{hz} sine, {numbers.quantity(harmonics.level_dbfs, 'dBFS', 0)}"


class HarmonicBars(LayeredPlot):
    """Levels over the fundamental. Until the stage has been measured it shows none, and older ones weakly."""

    has_overlay = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Harmonics", parent, focus=False)
        self.harmonics: Harmonics | None = None
        self.stale = False

    def show_harmonics(self, harmonics: Harmonics | None, *, stale: bool = False) -> None:
        """What was measured; `stale` belongs to settings of before."""
        if (harmonics, stale) != (self.harmonics, self.stale):
            self.harmonics, self.stale = harmonics, stale
            self.renew_overlay()

    @property
    def levels(self) -> Axis:
        """Vertical axis, dB over the fundamental."""
        return Axis(LOW_DB, HIGH_DB, self.height() - theme.px(FOOT), theme.px(HEAD))

    def paint_ground(self, painter: QPainter) -> None:
        """Well, grid, scales."""
        painter.fillRect(self.rect(), theme.color("well"))
        painter.fillRect(0, self.height() - theme.px(FOOT), self.width(), theme.px(FOOT), theme.color("panel"))
        painter.setPen(QPen(theme.color("grid"), 0))
        half = theme.px(9)
        for tick in db_ticks(self.levels, step=20.0, plus=False):
            painter.drawLine(QLineF(0, round(tick.px), self.width(), round(tick.px)))
            if tick.value > LOW_DB:
                painter.save()
                label_on_well(painter, QRectF(self.width() - theme.px(56), tick.px - half, theme.px(48), 2 * half), f"{tick.label} dB" if tick.value == HIGH_DB else tick.label,
                              align=paint.RIGHT)
                painter.restore()
                painter.setPen(QPen(theme.color("grid"), 0))
        for place, order in enumerate(ORDERS):
            x = self._middle(place)
            paint.text(painter, QRectF(x - 30, self.height() - theme.px(FOOT), 60, theme.px(FOOT)), str(order), "scale", "text3", paint.CENTER)

    def paint_overlay(self, painter: QPainter) -> None:
        """Bars, their figures where there is room, and the sum."""
        found, ink = self.harmonics, "text3" if self.stale else "text"
        paint.text(painter, QRect(theme.px(12), theme.px(6), self.width(), theme.px(24)), thd_text(found), "control_value", ink)
        if found is None:
            return
        paint.text(painter, QRect(0, theme.px(6), self.width() - theme.px(12), theme.px(24)), probe_text(found), "scale", "text3", paint.RIGHT)
        axis, width = self.levels, self._bar_width()
        for place, level in enumerate(found.levels_db):
            if isnan(level) or level <= LOW_DB:
                continue
            left, top, bottom = round(self._middle(place) - width / 2), round(axis.px(float(level))), round(axis.low_px)
            painter.fillRect(left, top, width, bottom - top, theme.color("master_body" if self.stale else "master_mid"))
            painter.fillRect(left, top, width, theme.px(CAP), theme.color("master"))
            if width >= theme.px(26):
                label_on_well(painter, QRectF(left - 20, top - theme.px(20), width + 40, theme.px(18)), numbers.number(float(level), 0), "text2", paint.CENTER)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Chart

    def spoken_value(self) -> str:
        """The sum, then each harmonic."""
        found = self.harmonics
        if found is None:
            return "not measured yet"
        each = (f"{order}: {numbers.quantity(float(level), 'dB')}" for order, level in zip(ORDERS, found.levels_db, strict=True) if not isnan(level))
        return ", ".join([thd_text(found), probe_text(found), *each])

    def _middle(self, place: int) -> float:
        room = self.width() - theme.px(56)
        return theme.px(8) + room * (place + 0.5) / len(ORDERS)

    def _bar_width(self) -> int:
        return max(4, min(theme.px(WIDEST), round((self.width() - theme.px(56)) / len(ORDERS) * 0.6)))


class ShapeCurve(LayeredPlot):
    """Out over in of one cycle, both from minus to plus the probe's level. A character with an emphasis goes two ways."""

    has_overlay = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Saturation curve", parent, focus=False)
        self.harmonics: Harmonics | None = None

    def show_harmonics(self, harmonics: Harmonics | None) -> None:
        """What was measured."""
        if harmonics is not self.harmonics:
            self.harmonics = harmonics
            self.renew_overlay()

    def paint_ground(self, painter: QPainter) -> None:
        """Well, grid, the line of equal level."""
        painter.fillRect(self.rect(), theme.color("well"))
        for step in range(1, GRID):
            painter.setPen(QPen(theme.color("grid_major" if step == GRID // 2 else "grid"), 0))
            x, y = self.width() * step / GRID, self.height() * step / GRID
            painter.drawLines([QLineF(round(x), 0, round(x), self.height()), QLineF(0, round(y), self.width(), round(y))])
        painter.setRenderHint(paint.SMOOTH, True)
        pen = QPen(theme.color("edge"), 1)
        pen.setDashPattern([1.0, 2.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(0, self.height()), QPointF(self.width(), 0))
        painter.setRenderHint(paint.SMOOTH, False)

    def paint_overlay(self, painter: QPainter) -> None:
        """The curve."""
        label_on_well(painter, QRectF(theme.px(10), theme.px(6), theme.px(160), theme.px(18)), "Out over in", "text2")
        found = self.harmonics
        if found is None:
            return
        top = 10 ** (found.level_dbfs / 20)
        x = (found.inputs / top + 1) / 2 * self.width()
        y = (1 - np.clip(found.outputs / top, -1.02, 1.02)) / 2 * self.height()
        bright_curve(painter, x, y, theme.color("select"))

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Graphic

    def spoken_value(self) -> str:
        return "see harmonics"
