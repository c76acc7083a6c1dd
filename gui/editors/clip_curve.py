"""Out over in of the clipper: curve with knee, the ceiling to drag, the level of now, and how much is cut."""
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from dsp_core.params import MEASURES, params_of
from gui.meters.ballistics import Hold
from gui.plots.axes import Axis, db_label
from gui.plots.layers import LayeredPlot
from gui.plots.level_line import LevelLine
from gui.plots.line_hand import LineHand
from gui.plots.strokes import bright_curve, label_on_well
from gui.theme import paint, theme
from gui.theme.numbers import quantity
from gui.theme.paint import SMOOTH

Floats = NDArray[np.float64]
ClipLaw = Callable[[Mapping[str, float], Floats], Sequence[float] | Floats]
"""`law(values, levels_db)` gives the output level for each input level, drive included."""

PARAMS = {p.id: p for p in params_of("clipper")}
LOW_DB, HIGH_DB, GRID_DB = -18.0, 6.0, 6
POINTS, DOT_RADIUS = 240, 5
RIGHT_ROOM = 46
SILENT_DB = -100.0


class ClipCurve(LineHand, LayeredPlot):
    """Levels before the drive run to the right, levels behind the curve upwards, both in dBFS peak."""

    has_overlay = True

    def __init__(self, law: ClipLaw, parent: QWidget | None = None) -> None:
        super().__init__("Clipper curve", parent, focus=False)
        self.law = law
        self.values: dict[str, float] = {}
        self.line = LevelLine(PARAMS["ceiling"], self)
        self.line.edited.connect(lambda _value: self.renew_overlay())
        self.input_db, self.cut_db, self.share, self._most_db = SILENT_DB, 0.0, 0.0, 0.0
        self._hold, self._time_s = Hold(), 0.0
        self._said = ("", "")
        self.setMouseTracking(True)

    def set_values(self, values: Mapping[str, float]) -> None:
        """All values of the stage; emits nothing."""
        if dict(values) != self.values:
            self.values = dict(values)
            self.line.show_value(self.values.get("ceiling", PARAMS["ceiling"].default))
            self.renew_overlay()
            self.update()

    def show_now(self, input_db: float, cut_db: float, share: float, passed_s: float) -> None:
        """Peaks of the last `passed_s` seconds; `share` of the samples lies over the ceiling."""
        before = self._dot_area()
        self._time_s += passed_s
        self.input_db, self.cut_db, self.share = input_db, cut_db, share
        self._most_db = self._hold.follow(cut_db, self._time_s)
        after = self._dot_area()
        if before != after:
            self.update(before)
            self.update(after)
        said = self._words()
        if said != self._said:
            self._said = said
            self.update(self._figures())

    def clear(self) -> None:
        """As in silence."""
        self.input_db, self.cut_db, self.share, self._most_db, self._hold = SILENT_DB, 0.0, 0.0, 0.0, Hold()
        self.update()

    def output_db(self, levels_db: Floats) -> Floats:
        """What comes out at each level."""
        return np.asarray(self.law(self.values, levels_db), dtype=np.float64)

    @property
    def plot_area(self) -> QRect:
        """Without the scale at the right, where the ceiling's tab stands."""
        return QRect(0, 0, max(1, self.width() - theme.px(RIGHT_ROOM)), self.height())

    @property
    def inputs(self) -> Axis:
        """Horizontal axis."""
        return Axis(LOW_DB - self._shift, HIGH_DB - self._shift, 0, self.plot_area.width())

    @property
    def outputs(self) -> Axis:
        """Vertical axis."""
        return Axis(LOW_DB - self._down, HIGH_DB - self._down, self.plot_area.height(), 0)

    @property
    def _shift(self) -> float:
        """A drive takes the inputs down with it in steps, so that the bend stays in sight."""
        bend = self.values.get("gain", 0.0) - self.values.get("ceiling", 0.0)
        return GRID_DB * round(max(bend, 0.0) / GRID_DB)

    @property
    def _down(self) -> float:
        return GRID_DB * int(max(0.0, -self.values.get("ceiling", 0.0)) // GRID_DB)

    def paint_ground(self, painter: QPainter) -> None:
        """Well and grid; the figures move with drive and ceiling and are part of the overlay."""
        area = self.plot_area
        painter.fillRect(self.rect(), theme.color("well"))
        painter.setPen(QPen(theme.color("grid"), 0))
        for step in range(round((HIGH_DB - LOW_DB) / GRID_DB)):
            x, y = round(step * GRID_DB / (HIGH_DB - LOW_DB) * area.width()), round(step * GRID_DB / (HIGH_DB - LOW_DB) * area.height())
            painter.drawLines([QLineF(x, 0, x, area.height()), QLineF(0, y, area.width(), y)])

    def paint_data(self, painter: QPainter, clip: QRect) -> None:
        """The level of now, and how much is cut."""
        if self._dot_area().intersects(clip) and self.input_db > self.inputs.low:
            at = self._dot()
            painter.setRenderHint(SMOOTH, True)
            painter.setPen(QPen(theme.color("well"), 1))
            painter.setBrush(theme.color("master"))
            painter.drawEllipse(at, theme.px(DOT_RADIUS), theme.px(DOT_RADIUS))
            painter.setRenderHint(SMOOTH, False)
        if self._figures().intersects(clip):
            self._paint_figures(painter)

    def paint_overlay(self, painter: QPainter) -> None:
        """Line of equal level, curve, ceiling, scales."""
        area, x, y = self.plot_area, self.inputs, self.outputs
        painter.setClipRect(area)
        painter.setPen(QPen(theme.color("edge"), 1))
        drive = self.values.get("gain", 0.0)
        low, high = x.low - 6.0, x.high + 6.0
        paint.hairline(painter, x.px(low), y.px(low + drive), x.px(high), y.px(high + drive), "edge", (1.0, 2.0))
        levels = np.linspace(x.low, x.high, POINTS)
        bright_curve(painter, x.px(levels), np.clip(y.px(self.output_db(levels)), -4.0, area.height() + 4.0), theme.color("select"))
        painter.setClipping(False)
        self._paint_scales(painter)
        self.line.paint(painter, y, 0, area.width(), self.width() - theme.px(2))

    def line_axis(self) -> Axis:
        return self.outputs

    def _dot(self) -> QPointF:
        level = min(self.input_db, self.inputs.high)
        return QPointF(self.inputs.px(level), float(np.clip(self.outputs.px(float(self.output_db(np.array([level]))[0])), 0, self.height())))

    def _dot_area(self) -> QRect:
        at, reach = self._dot().toPoint(), theme.px(DOT_RADIUS) + 2
        return QRect(at.x() - reach, at.y() - reach, 2 * reach + 1, 2 * reach + 1)

    def _figures(self) -> QRect:
        """Where the two live figures stand: out of the curve's way, in the lower right."""
        width, height = theme.px(132), theme.px(40)
        return QRect(self.plot_area.right() - width - theme.px(8), self.height() - height - theme.px(26), width, height)

    def _words(self) -> tuple[str, str]:
        measure = MEASURES["clipper"]
        return quantity(-self._most_db, "dB"), f"{self.share * measure.factor:.{measure.decimals}f} {measure.unit}"

    def _paint_figures(self, painter: QPainter) -> None:
        area, half = self._figures(), theme.px(20)
        painter.fillRect(area, theme.color("well"))
        for place, (name, words) in enumerate(zip(("Cut, 2 s", "Of samples"), self._words(), strict=True)):
            row = QRect(area.left() + 4, area.top() + place * half, area.width() - 8, half)
            paint.text(painter, row, name, "scale", "text2")
            paint.text(painter, row, words, "table_value", "text", paint.RIGHT)

    def _paint_scales(self, painter: QPainter) -> None:
        area, half = self.plot_area, theme.px(9)
        label_on_well(painter, QRectF(theme.px(10), theme.px(6), theme.px(200), 2 * half), "Out over in, dBFS peak", "text2")
        for step in range(1, round((HIGH_DB - LOW_DB) / GRID_DB)):
            level_in, level_out = self.inputs.low + step * GRID_DB, self.outputs.low + step * GRID_DB
            x, y = self.inputs.px(level_in), self.outputs.px(level_out)
            label_on_well(painter, QRectF(x - 30, area.height() - 2 * half - 2, 60, 2 * half), db_label(level_in), align=paint.CENTER)
            if abs(y - self.outputs.px(self.line.value)) > 2 * half:
                paint.text(painter, QRectF(area.width(), y - half, theme.px(RIGHT_ROOM - 8), 2 * half), db_label(level_out), "scale", "text3", paint.RIGHT)
