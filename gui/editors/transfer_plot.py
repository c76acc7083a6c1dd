"""Out over in: the compressor's curve, the levels of the music beneath it, the level of now, and the threshold to drag."""
from collections.abc import Callable, Mapping, Sequence
from math import ceil, isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from dsp_core.params import params_of
from gui.plots.axes import Axis, db_label
from gui.plots.layers import Layer, LayeredPlot
from gui.plots.level_line import GRIP_ALPHA, GRIP_PX, LevelLine, with_alpha
from gui.plots.line_hand import LineHand
from gui.plots.strokes import bright_curve, label_on_well, line_pen
from gui.theme import paint, theme
from gui.theme.numbers import quantity
from gui.theme.paint import SMOOTH

Floats = NDArray[np.float64]
Curve = Callable[[Mapping[str, float], Floats], Sequence[float] | Floats]
"""`curve(values, levels_db)` gives the steady output level for each steady input level, make-up included."""

PARAMS = {p.id: p for p in params_of("compressor")}
SILENT_DB = -200.0
RANGES_DB = (42.0, 60.0, 72.0)
FINE_GRID_DB, GRID_DB = 6, 12
STRIP, KNEE_HEIGHT, DOT_RADIUS = 22, 4, 5
FOOT_STEP = 3                    # pixels of the screen from dot to dot
HISTOGRAM_SHARE = 0.22
POINTS = 200
CAPTION = "Out over in, dB"


class TransferPlot(LineHand, LayeredPlot):
    """Square, with the input scale beneath. `line` is the threshold; `curve` tells what the compressor does.

    `makeup_db` is the gain of what lies far under the threshold.
    """

    has_overlay = True
    across = True

    def __init__(self, curve: Curve, parent: QWidget | None = None) -> None:
        super().__init__("Compressor curve", parent, focus=False)
        self.curve = curve
        self.values: dict[str, float] = {}
        self.low_db = self._lowest()             # of both axes
        self.makeup_db = self._makeup_db()
        self.heard = "master"
        self.line = LevelLine(PARAMS["threshold"], self)
        self.line.edited.connect(lambda _value: self.renew_overlay())
        self._levels = self._counts = np.empty(0)
        self._square: QRect | None = None
        self._axes: tuple[float, Axis, Axis] | None = None
        self._fixed: tuple[Layer, Layer] = Layer(opaque=True), Layer(opaque=False)
        self.now: tuple[float, float] | None = None
        self._now_px, self._now_area = (0.0, 0.0), QRect()
        self._dot = Dot()
        self.setMouseTracking(True)

    def set_values(self, values: Mapping[str, float]) -> None:
        """All values of the stage, from the model; emits nothing."""
        if values != self.values:
            old, self.values = self.low_db, dict(values)
            self.low_db = self._lowest()
            self.makeup_db = self._makeup_db()
            self.line.show_value(self._value("threshold"))
            if self.low_db != old:
                self._place_now()
                for layer in (*self._fixed, self._ground):
                    layer.renew()
            self.renew_overlay()

    def output_db(self, levels_db: Floats) -> Floats:
        """Steady output for steady input with the values of now."""
        return np.asarray(self.curve(self.values, levels_db), dtype=np.float64)

    def _makeup_db(self) -> float:
        return float(self.output_db(np.array([SILENT_DB]))[0]) - SILENT_DB

    def set_histogram(self, levels_db: Floats, counts: Floats) -> None:
        """How often each level occurs in the loop: centres of equal bins and any counts >= 0."""
        if len(levels_db) != len(counts):
            raise ValueError(f"a histogram of {len(levels_db)} levels cannot have {len(counts)} counts")
        self._levels, self._counts = levels_db, np.nan_to_num(counts, nan=0.0, posinf=0.0, neginf=0.0)
        self.renew_ground()

    def set_heard(self, heard: str) -> None:
        """Whose colour the level of now has."""
        self.heard = heard
        self.update()

    def set_now(self, input_db: float, output_db: float) -> None:
        """The level of now before and after; NaN or silence takes the dot away."""
        before = self._now_area
        now = (input_db, output_db) if isfinite(input_db) and isfinite(output_db) and input_db > self.low_db else None
        if now == self.now:
            return
        self.now = now
        self._place_now()
        after = self._now_area
        if before != after:
            self.update(before.united(after))

    def _lowest(self) -> float:
        """Lower end of both axes: the smallest of the usual ranges that shows the threshold well."""
        wanted = 6.0 - self._value("threshold")
        return -next((r for r in RANGES_DB if wanted <= r), RANGES_DB[-1])

    @property
    def plot_area(self) -> QRect:
        """The square without its scale; worked out once for a size and scale, as the axes are, because they are asked for many times a picture."""
        if self._square is None:
            self._square, self._axes = QRect(0, 0, self.width(), max(1, self.height() - theme.px(STRIP))), None
        return self._square

    @property
    def inputs(self) -> Axis:
        """Horizontal axis."""
        return self._both()[0]

    @property
    def outputs(self) -> Axis:
        """Vertical axis."""
        return self._both()[1]

    def _both(self) -> tuple[Axis, Axis]:
        area, low = self.plot_area, self.low_db
        axes = self._axes
        if axes is None or axes[0] != low:
            axes = self._axes = (low, Axis(low, 0, 0, area.width()), Axis(low, 0, area.height(), 0))
        return axes[1], axes[2]

    def sizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(300 + STRIP))

    def paint_ground(self, painter: QPainter) -> None:
        """Well and grid, histogram, the line of equal level, scales. Only the histogram is drawn anew twice a second, between what was kept."""
        beneath, above = self._fixed
        self.prepare(beneath, self._paint_grid)
        self.prepare(above, self._paint_scales)
        painter.drawPixmap(0, 0, beneath.pixmap)
        self._paint_histogram(painter)
        painter.drawPixmap(0, 0, above.pixmap)

    def _paint_grid(self, painter: QPainter) -> None:
        area, x, y = self.plot_area, self.inputs, self.outputs
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.fillRect(area, theme.color("well"))
        for major, color in ((False, "grid"), (True, "grid_major")):
            painter.setPen(QPen(theme.color(color), 0))
            lines = [m for m in self._grid_marks() if (m % GRID_DB == 0) is major]
            painter.drawLines([QLineF(round(x.px(m)), 0, round(x.px(m)), area.height()) for m in lines])
            painter.drawLines([QLineF(0, round(y.px(m)), area.width(), round(y.px(m))) for m in lines])

    def _grid_marks(self) -> range:
        return range(round(self.low_db) + FINE_GRID_DB, 0, FINE_GRID_DB)

    def paint_data(self, painter: QPainter, clip: QRect) -> None:
        """The dot of now with its foot."""
        if self.now is None or not clip.intersects(self._now_area):
            return
        (x, y), ratio = self._now_px, paint.ratio_of(painter)
        self._dot.draw(painter, x, y, self.plot_area.height(), (self.heard, ratio, theme.name, theme.density, theme.scale))

    def paint_overlay(self, painter: QPainter) -> None:
        """Curve, knee, threshold."""
        area, x, y = self.plot_area, self.inputs, self.outputs
        painter.setClipRect(area)
        self._paint_threshold(painter, area, x)
        label_on_well(painter, self._caption_area(), CAPTION, "text2")
        levels = np.linspace(self.low_db, 0, POINTS)
        bright_curve(painter, x.px(levels), np.clip(y.px(self.output_db(levels)), -4.0, area.height() + 4.0), theme.color("select"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._square = None
        self._place_now()
        super().resizeEvent(event)

    def renew(self) -> None:
        """Another scale has another strip."""
        self._square = None
        self._place_now()
        super().renew()

    def line_axis(self) -> Axis:
        return self.inputs

    def has_line_at(self, place: QPoint) -> bool:
        return self.plot_area.contains(place)

    def _value(self, name: str) -> float:
        return self.values.get(name, PARAMS[name].default)

    def _paint_threshold(self, painter: QPainter, area: QRect, x: Axis) -> None:
        px, half = round(x.px(self.line.value)), self._value("knee") / 2
        left, right = (min(max(x.px(self.line.value + side), 0.0), float(area.width())) for side in (-half, half))
        painter.fillRect(QRectF(left, 0, right - left, theme.px(KNEE_HEIGHT)), theme.color("edge"))
        if self.line.hovered or self.line.dragging:
            grip = theme.px(GRIP_PX)
            painter.fillRect(QRectF(px - grip // 2, 0, grip, area.height()), with_alpha(theme.color("select"), GRIP_ALPHA))
        painter.setPen(line_pen(painter, theme.color("select")))
        painter.drawLine(QPointF(px, 0), QPointF(px, area.height()))
        words = quantity(self.line.value, "dB", plus=False)
        width = paint.text_width(words, "text_medium")
        left = px + theme.px(8) if px + theme.px(12) + width < area.width() else px - theme.px(8) - width
        room = QRectF(left, theme.px(7), width, theme.px(18))
        if room.adjusted(-theme.px(6), 0, 0, 0).intersects(self._caption_area()):
            room.translate(0, theme.px(20))
        label_on_well(painter, room, words, "text", role="text_medium")

    def _caption_area(self) -> QRectF:
        return QRectF(theme.px(10), theme.px(6), paint.text_width(CAPTION, "scale"), theme.px(18))

    def _paint_histogram(self, painter: QPainter) -> None:
        """Bars on the floor, the tallest a fifth of the height; bins under the axis are left out."""
        if len(self._levels) < 2 or not self._counts.max(initial=0.0) > 0:
            return
        area, x, color = self.plot_area, self.inputs, theme.color("hover")
        half = abs(float(self._levels[1] - self._levels[0])) / 2
        heights = np.rint(self._counts / self._counts.max() * area.height() * HISTOGRAM_SHARE).astype(int)
        lefts, rights = (np.rint(x.px(self._levels + side)).astype(int) for side in (-half, half))
        shown = (heights > 0) & (lefts >= 0) & (rights <= area.width() + 1)
        for left, right, height in zip(*(part[shown].tolist() for part in (lefts, rights, heights)), strict=True):
            painter.fillRect(left, area.height() - height, max(1, right - left - 1), height, color)

    def _paint_scales(self, painter: QPainter) -> None:
        """The line of equal level; output at the left, each figure over its line; input beneath."""
        area, half = self.plot_area, theme.px(9)
        painter.setRenderHint(SMOOTH, True)
        pen = QPen(theme.color("edge"), 1)
        pen.setDashPattern([1.0, 2.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(0, area.height()), QPointF(area.width(), 0))
        painter.setRenderHint(SMOOTH, False)
        for mark in [mark for mark in self._grid_marks() if mark % GRID_DB == 0]:
            y, x = self.outputs.px(float(mark)), self.inputs.px(float(mark))
            label_on_well(painter, QRectF(theme.px(6), y - 2 * half, theme.px(40), 2 * half), db_label(mark))
            strip = QRectF(x - 30, area.height(), 60, self.height() - area.height())
            paint.text(painter, strip, db_label(mark), "scale", "text3", paint.CENTER)

    def _place_now(self) -> None:
        """Where the dot stands and what it covers with its foot; worked out once, because it is asked for several times a frame."""
        if self.now is None:
            self._now_area = QRect()
            return
        x, y = float(self.inputs.px(min(self.now[0], 0.0))), float(self.outputs.px(min(max(self.now[1], self.low_db), 0.0)))
        reach = theme.px(DOT_RADIUS) + 2
        self._now_px = x, y
        self._now_area = QRect(int(x) - reach, int(y) - reach, 2 * reach + 1, self.plot_area.height() - int(y) + reach)


class Dot:
    """A round mark with a dotted foot, kept as pictures while they look the same."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._round, self._foot = QPixmap(), QPixmap()

    def draw(self, painter: QPainter, x: float, y: float, floor: int, look: tuple[str, float, str, str, float]) -> None:
        """At (x, y), to the nearest pixel of the screen, its foot down to `floor`. look: the source whose colour it has, pixels of the screen to each
        logical one, and what the theme is made of."""
        if (key := (floor, *look)) != self._key:
            self._key = key
            self._make(floor, look[0], look[1])
        ratio = look[1]
        left, top, reach = round(x * ratio), round(y * ratio), self._round.width() // 2
        if (high := floor * ratio - top) > 0:
            painter.drawPixmap(QPointF(left / ratio, top / ratio), self._foot, QRectF(0, 0, self._foot.width(), high))
        painter.drawPixmap(QPointF((left - reach) / ratio, (top - reach) / ratio), self._round)

    def _make(self, floor: int, source: str, ratio: float) -> None:
        radius = theme.px(DOT_RADIUS)
        reach = ceil((radius + 1) * ratio)
        self._round, self._foot = (QPixmap(wide, high) for wide, high in ((2 * reach, 2 * reach), (1, max(1, round(floor * ratio)))))
        for picture in (self._round, self._foot):
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._foot)
        for row in range(0, self._foot.height(), FOOT_STEP):
            painter.fillRect(QRectF(0, row / ratio, 1, 1 / ratio), theme.color("text2"))
        painter.end()
        painter = QPainter(self._round)
        painter.setRenderHint(SMOOTH, True)
        painter.setPen(QPen(theme.color("well"), 1))
        painter.setBrush(theme.color(source))
        painter.drawEllipse(QPointF(reach / ratio, reach / ratio), radius, radius)
        painter.end()
