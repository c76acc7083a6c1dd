"""How plots draw numbers: polygons written through numpy, columns of one device pixel, the curve under edit, labels on a well."""
from collections.abc import Sequence
from ctypes import c_double

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF
from shiboken6 import getCppPointer

from gui.plots.axes import Tick
from gui.theme import paint, theme
from gui.theme.paint import SMOOTH
from mastering_rt.measure.eye import write_line

Floats = NDArray[np.float64]
Numbers = NDArray[np.floating]
CURVE_OFFSET = 0.35


class Polyline:
    """Points that Qt draws and numpy writes, made once: a line, and the area between it and a floor."""

    def __init__(self) -> None:
        self._resize(0)

    def put(self, x: Numbers, y: Numbers) -> None:
        """The points of the line; both arrays finite and of one length."""
        if len(x) != self._count:
            self._resize(len(x))
        self._line_view[:, 0] = x
        self._line_view[:, 1] = y
        self._area_view[1:-1] = self._line_view

    def put_y(self, y: Floats) -> None:
        """Other heights of the same points."""
        write_line(y, self._line_view, self._area_view)

    def fill(self, painter: QPainter, floor_px: float, color: QColor) -> None:
        """Fill plainly from the line down (or up) to `floor_px`."""
        if self._count < 2:
            return
        self._area_view[0] = self._line_view[0, 0], floor_px
        self._area_view[-1] = self._line_view[-1, 0], floor_px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(self._area)

    def stroke(self, painter: QPainter, color: QColor) -> None:
        """One logical pixel wide, under the interface scale."""
        stroke_lines(painter, ((self, color),))

    def draw(self, painter: QPainter) -> None:
        """With the painter's own pen."""
        if self._count > 1:
            painter.drawPolyline(self._line)

    def _resize(self, count: int) -> None:
        self._count = count
        self._line, self._area = QPolygonF(), QPolygonF()
        self._line_view, self._area_view = writable(self._line, count), writable(self._area, count + 2)


def stroke_lines(painter: QPainter, lines: Sequence[tuple[Polyline, QColor]]) -> None:
    """Smooth, one logical pixel wide under the interface scale, the later ones over the earlier."""
    width = line_width(paint.ratio_of(painter))
    painter.setRenderHint(SMOOTH, True)
    for line, color in lines:
        painter.setPen(QPen(color, width))
        line.draw(painter)
    painter.setRenderHint(SMOOTH, False)


def writable(polygon: QPolygonF, count: int) -> Floats:
    """An array of (count, 2) that is the polygon's own memory. The polygon must not be copied while it lives."""
    polygon.resize(count)
    if count == 0:
        return np.empty((0, 2))
    address = getCppPointer(polygon.data())[0]
    memory = (c_double * (2 * count)).from_address(address)
    return np.ctypeslib.as_array(memory).reshape(count, 2)


def polygon(x: Numbers, y: Numbers) -> QPolygonF:
    """A polygon of its own for what is drawn once."""
    made = QPolygonF()
    writable(made, len(x))[:] = np.stack([x, y], axis=1)
    return made


def line_width(ratio: float) -> int:
    """Logical pixels of a line of data, two where the interface is twice as large; 0, the fast path, where that is one of the device's."""
    wide = theme.px(1)
    return 0 if wide * ratio == 1 else wide


def line_pen(painter: QPainter, color: QColor) -> QPen:
    """As wide as a line of data."""
    return QPen(color, line_width(paint.ratio_of(painter)))


def bright_curve(painter: QPainter, x: Floats, y: Floats, color: QColor) -> None:
    """The curve under edit, 2 px: two smooth passes 0.7 px apart cost a seventh of a 2 px pen."""
    points = polygon(x, y)
    painter.setRenderHint(SMOOTH, True)
    if not line_width(paint.ratio_of(painter)):
        painter.setPen(QPen(color, 0))
        painter.translate(0, -CURVE_OFFSET)
        painter.drawPolyline(points)
        painter.translate(0, 2 * CURVE_OFFSET)
        painter.drawPolyline(points)
        painter.translate(0, -CURVE_OFFSET)
    else:
        painter.setPen(QPen(color, theme.px(2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(points)
    painter.setRenderHint(SMOOTH, False)


def dashed_curve(painter: QPainter, x: Floats, y: Floats, color: QColor) -> None:
    """A curve that is there but not the one edited."""
    painter.setRenderHint(SMOOTH, True)
    pen = QPen(color, theme.px(1))
    pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    painter.drawPolyline(polygon(x, y))
    painter.setRenderHint(SMOOTH, False)


def column_image(heights_px: int, parts: Sequence[tuple[Numbers, Numbers, QColor]], ratio: float) -> QImage:
    """Columns one device pixel wide: each part paints rows top to bottom (device pixels) of every column in its colour,
    later parts over earlier ones; the rest is transparent."""
    width = len(parts[0][0])
    pixels = np.zeros((heights_px, width), dtype=np.uint32)
    rows = np.arange(heights_px, dtype=np.float32)[:, np.newaxis]
    for top, bottom, color in parts:
        start, stop = np.rint(top).astype(np.float32), np.rint(bottom).astype(np.float32)
        pixels[(rows >= start) & (rows < stop)] = color.rgba()
    image = QImage(pixels.data, width, heights_px, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
    image.setDevicePixelRatio(ratio)
    return image


def vertical_grid(painter: QPainter, ticks: Sequence[Tick], top: float, bottom: float, base: float = 0) -> None:
    """Grid lines at ticks of a horizontal axis; `base` is where its pixel 0 lies."""
    for major, color in ((False, "grid"), (True, "grid_major")):
        painter.setPen(QPen(theme.color(color), 0))
        painter.drawLines([QLineF(base + t.px, top, base + t.px, bottom) for t in ticks if t.major is major])


def horizontal_grid(painter: QPainter, ticks: Sequence[Tick], left: float, right: float, base: float = 0) -> None:
    """Grid lines at ticks of a vertical axis."""
    painter.setPen(QPen(theme.color("grid"), 0))
    painter.drawLines([QLineF(left, base + t.px, right, base + t.px) for t in ticks])


def label_on_well(painter: QPainter, area: QRectF, words: str, color: str = "text3", align: Qt.AlignmentFlag = paint.LEFT,
                  role: str = "scale", plane: str = "well") -> None:
    """A text with a piece of its plane behind it, so that no line runs through it."""
    width = paint.text_width(words, role)
    left = area.left() if align == paint.LEFT else area.right() - width if align == paint.RIGHT else area.center().x() - width / 2
    metrics = theme.metrics(role)
    height = metrics.capHeight() + theme.px(6)
    back = QRectF(left - theme.px(3), area.center().y() - height / 2, width + theme.px(6), height)
    painter.fillRect(back.toAlignedRect(), theme.color(plane))
    paint.text(painter, area, words, role, color, align)


def step_path(points: Sequence[tuple[float, float]]) -> QPainterPath:
    """A closed path through the points."""
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(*point)
    path.closeSubpath()
    return path
