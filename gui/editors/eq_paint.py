"""Paints what lies over the spectra in the equaliser: curves, the selected band's share, nodes with stems and wings."""
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, log
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dsp_core.params.common import PLACEMENTS
from gui.editors.eq_bands import LEFT, MID, RIGHT, SIDE, Band, Curves, Floats
from gui.plots.axes import Axis
from gui.plots.strokes import bright_curve, dashed_curve, polygon
from gui.theme import paint, theme
from gui.theme.paint import SMOOTH

NODE_RADIUS, SELECTED_RADIUS, HALO_RADIUS, RING_RADIUS, SOLO_RADIUS = 10, 12, 14, 15, 18
RING_WIDTH: Final = 1.5
SHARE_ALPHA: Final = 40
WING_HALF: Final = 5
CROSS_PX: Final = 26
SHORT = {MID: "Mid", SIDE: "Side", LEFT: "L", RIGHT: "R"}


def ring_width() -> float:
    """Of a node, under the interface scale."""
    return RING_WIDTH * max(1.0, theme.scale)


@dataclass(frozen=True)
class Look:
    """What a node shows beside its band's values."""

    selected: bool = False
    hovered: bool = False
    focused: bool = False
    dragged: bool = False


@dataclass(frozen=True)
class Frame:
    """Where the plot lies and its axes."""

    area: QRect
    frequencies: Axis
    gains: Axis

    def node_at(self, band: Band) -> QPointF:
        """Centre of a band's node, kept inside the plot."""
        margin = theme.px(SELECTED_RADIUS) + 1
        x = min(max(self.frequencies.px(band.freq_hz), self.area.left() + margin), self.area.right() - margin)
        y = min(max(self.gains.px(band.node_db), self.area.top() + margin), self.area.bottom() - margin)
        return QPointF(x, y)

    def curve_y(self, db: Floats) -> Floats:
        """Pixels of a curve, kept to the plot and a little over so that a clipped curve leaves it."""
        y = self.gains.px(db)
        return np.clip(y, self.area.top() - 4.0, self.area.bottom() + 4.0)

    def curve_px(self, db: float) -> float:
        """The same of one value."""
        return min(max(self.gains.px(db), self.area.top() - 4.0), self.area.bottom() + 4.0)

    def wing_px(self, band: Band) -> tuple[float, float]:
        """Pixels of the half-gain points, kept to the plot."""
        low, high = (self.frequencies.px(hz) for hz in band.edges_hz)
        return max(low, float(self.area.left())), min(high, float(self.area.right()))


def paint_share(painter: QPainter, frame: Frame, curves: Curves, band: Band) -> None:
    """What the selected band does by itself, as an area over the zero line."""
    if not band.on:
        return
    own = curves.own
    if not np.any(np.abs(own) > 0.01):
        return
    zero = frame.gains.px(0.0)
    x = frame.frequencies.px(curves.hz)
    painter.setPen(Qt.PenStyle.NoPen)
    color = QColor(theme.color("select"))
    color.setAlpha(SHARE_ALPHA)
    painter.setBrush(color)
    painter.drawPolygon(polygon(np.concatenate([[x[0]], x, [x[-1]]]), np.concatenate([[zero], frame.curve_y(own), [zero]])))


def paint_curves(painter: QPainter, frame: Frame, curves: Curves) -> None:
    """Side, left and right dashed, then the whole equaliser, 2 px."""
    x = frame.frequencies.px(curves.hz)
    for channel in curves.others:
        dashed_curve(painter, x, frame.curve_y(curves.by_channel[channel]), theme.color("text2"))
    bright_curve(painter, x, frame.curve_y(curves.by_channel[curves.main]), theme.color("select"))


def paint_stems(painter: QPainter, frame: Frame, curves: Curves, bands: Sequence[Band]) -> None:
    """A dotted line from each node that stands off its curve."""
    octaves = np.log(curves.hz)
    for band in bands:
        if band.on:
            at = frame.node_at(band)
            db = np.interp(log(frame.frequencies.value(at.x())), octaves, curves.of(band.channel))
            _paint_stem(painter, at, frame.curve_px(float(db)))


def _paint_stem(painter: QPainter, at: QPointF, y: float) -> None:
    reach = theme.px(NODE_RADIUS) + 2
    if abs(y - at.y()) > reach + 2:
        start = at.y() + (reach if y > at.y() else -reach)
        paint.hairline(painter, round(at.x()), start, round(at.x()), y, "text2", (1.0, 2.0))


def paint_wings(painter: QPainter, frame: Frame, band: Band) -> None:
    """The width of the selected bell, notch, band-pass or all-pass, with an end to drag on each side."""
    at, half = frame.node_at(band), theme.px(WING_HALF)
    y = round(at.y())
    reach = theme.px(SELECTED_RADIUS)
    for x, sign in zip(frame.wing_px(band), (-1, 1), strict=True):
        if (x - at.x()) * sign > reach:
            painter.fillRect(QRectF(min(x, at.x() + sign * reach), y, abs(x - at.x()) - reach, 1), theme.color("select"))
        painter.fillRect(QRectF(round(x) - 1, y - half, theme.px(3), 2 * half + 1), theme.color("select"))


def paint_node(painter: QPainter, at: QPointF, band: Band, look: Look) -> None:
    """Ring with number; filled when selected, dashed when off, a dotted second ring when heard alone; halves for left and right, words for mid and side."""
    painter.setRenderHint(SMOOTH, True)
    if look.hovered and not look.selected:
        _disc(painter, at, HALO_RADIUS, theme.color("hover"))
    if look.dragged:
        _cross(painter, at)
    if band.solo:
        _dotted_ring(painter, at)
    if look.focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("select"), 2))
        painter.drawEllipse(at, theme.px(RING_RADIUS) + 0.5, theme.px(RING_RADIUS) + 0.5)
    paint_ring(painter, at, band, look, theme.px(SELECTED_RADIUS if look.selected else NODE_RADIUS), "well")
    if band.channel in SHORT:
        _channel_word(painter, at, band)


def paint_ring(painter: QPainter, at: QPointF, band: Band, look: Look, radius: float, ground: str) -> None:
    """The ring with its number, on a plane of the colour `ground`."""
    painter.setRenderHint(SMOOTH, True)
    ink = _body(painter, at, band, look, radius, ground)
    painter.setRenderHint(SMOOTH, False)
    _number(painter, at, band, ink, radius, ground)


def _body(painter: QPainter, at: QPointF, band: Band, look: Look, radius: float, ground: str) -> str:
    """Disc and ring; gives the colour of the number."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(ground if not look.selected else "select" if band.on else "edge"))
    painter.drawEllipse(at, radius, radius)
    if look.selected:
        return "on_select"
    color = theme.color("edge" if not band.on or band.idle else "text")
    half = band.channel in (LEFT, RIGHT) and band.on
    radius -= ring_width() / 2
    if half:
        box = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPie(box, (90 if band.channel == LEFT else 270) * 16, 180 * 16)
    pen = QPen(color, ring_width())
    if not band.on:
        pen.setDashPattern([2.0, 1.6])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, radius, radius)
    return "off" if not band.on else "text3" if band.idle else "text"


def _number(painter: QPainter, at: QPointF, band: Band, ink: str, radius: float, ground: str) -> None:
    """The number in the ring, in both inks where half of it is filled."""
    box = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
    number = str(band.number)
    paint.text(painter, box, number, "scale", ink, paint.CENTER, 600)
    if band.channel in (LEFT, RIGHT) and band.on and ink != "on_select":
        painter.save()
        left = box.left() if band.channel == LEFT else at.x()
        painter.setClipRect(QRectF(left, box.top(), radius, box.height()))
        paint.text(painter, box, number, "scale", ground, paint.CENTER, 600)
        painter.restore()


def _channel_word(painter: QPainter, at: QPointF, band: Band) -> None:
    """ "Mid", "Side", "L" or "R" beside the node."""
    word, radius = SHORT[band.channel], theme.px(SELECTED_RADIUS)
    area = QRectF(at.x() + radius + theme.px(1), at.y() - radius - theme.px(4), theme.px(60), theme.px(14))
    back = QRectF(area.left() - 1, area.top(), paint.text_width(word, "scale", 600) + 3, area.height())
    painter.fillRect(back.toAlignedRect(), theme.color("well"))
    paint.text(painter, area, word, "scale", "text" if band.on else "off", paint.LEFT, 600)


def _disc(painter: QPainter, at: QPointF, radius: int, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(at, theme.px(radius), theme.px(radius))


def _cross(painter: QPainter, at: QPointF) -> None:
    """Dotted arms of a node that is being dragged."""
    pen = QPen(theme.color("edge"), 1)
    pen.setDashPattern([1.0, 2.0])
    painter.setPen(pen)
    reach = theme.px(CROSS_PX)
    painter.drawLine(QPointF(at.x() - reach, at.y()), QPointF(at.x() + reach, at.y()))
    painter.drawLine(QPointF(at.x(), at.y() - reach), QPointF(at.x(), at.y() + reach))


def _dotted_ring(painter: QPainter, at: QPointF) -> None:
    pen = QPen(theme.color("text"), ring_width())
    pen.setDashPattern([1.0, 2.0])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawEllipse(at, theme.px(SOLO_RADIUS), theme.px(SOLO_RADIUS))


def distance(a: QPointF, b: QPointF) -> float:
    """Pixels between two points."""
    return hypot(a.x() - b.x(), a.y() - b.y())


def channel_word(channel: int) -> str:
    """ "Mid", "Side", "Left", "Right"; nothing for stereo."""
    return PLACEMENTS[channel] if channel else ""
