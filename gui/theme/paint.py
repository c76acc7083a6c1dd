"""The few strokes every widget is painted with. Fill plain, round only what is small, one device pixel for hairlines.

All rectangles are in logical pixels of the widget; tokens are names of `palettes`.
"""
import re
from math import ceil
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from gui.theme.current import theme
from gui.theme.sizes import RADIUS, Weight

LEFT: Final = Qt.AlignmentFlag.AlignLeft
RIGHT: Final = Qt.AlignmentFlag.AlignRight
CENTER: Final = Qt.AlignmentFlag.AlignHCenter
TOP_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
SMOOTH: Final = QPainter.RenderHint.Antialiasing

SIGNS: Final = "0123456789.:+\N{MINUS SIGN}\N{EN DASH}\N{INFINITY}"
GLYPH_PAD: Final = 1
ENDLESS: Final = 100_000
PIECE: Final = 16
LONG_NAME: Final = re.compile(r"\S{32,}")
ZERO_WIDTH_SPACE: Final = "\u200b"

Area = QRect | QRectF
Ink = str | QColor
Screen = tuple[float, float, float]      # its pixels to each logical one, and how far into one of them (0, 0) lies, x and y


def ink(color: Ink) -> QColor:
    """The colour itself, or that of a token."""
    return theme.color(color) if isinstance(color, str) else color


def ratio_of(painter: QPainter) -> float:
    """Device pixels per logical pixel of what is painted on, while nothing but the screen scales it. (To ask the device itself makes a Python
    object of it, which takes longer than most strokes.)"""
    return painter.deviceTransform().m11()


def screen_of(painter: QPainter) -> Screen:
    """How the logical pixels of what is painted lie on those of the screen, while nothing but the screen scales it."""
    place = painter.deviceTransform()
    ratio = place.m11()
    return (ratio, place.dx() % 1, place.dy() % 1) if ratio % 1 else (ratio, 0.0, 0.0)


def fill(painter: QPainter, area: Area, color: Ink) -> None:
    """A plain opaque fill, the cheapest thing there is."""
    painter.fillRect(area, ink(color))


def rounded(painter: QPainter, area: Area, color: Ink, radius: float = RADIUS) -> None:
    """A filled plane with round corners, edges on whole pixels."""
    painter.setRenderHint(SMOOTH, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink(color))
    painter.drawRoundedRect(area, theme.px(radius), theme.px(radius))
    painter.setRenderHint(SMOOTH, False)


def rounded_with_edge(painter: QPainter, area: QRect, color: Ink, edge: Ink, side: str, width: int, radius: float = RADIUS) -> None:
    """A round plane whose `side` ("left", "top" or "bottom") is `width` pixels of another colour, following the corners."""
    rounded(painter, area, color, radius)
    strip = QRect(area)
    if side == "left":
        strip.setWidth(width)
    elif side == "top":
        strip.setHeight(width)
    else:
        strip.setTop(area.bottom() + 1 - width)
    painter.save()
    painter.setClipRect(strip, Qt.ClipOperation.IntersectClip)
    rounded(painter, area, edge, radius)
    painter.restore()


def outline(painter: QPainter, area: Area, color: Ink, width: float = 1, radius: float = RADIUS) -> None:
    """A round frame that lies inside `area`."""
    painter.setRenderHint(SMOOTH, True)
    painter.setPen(QPen(ink(color), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = width / 2
    painter.drawRoundedRect(QRectF(area).adjusted(half, half, -half, -half), theme.px(radius) - half, theme.px(radius) - half)
    painter.setRenderHint(SMOOTH, False)


def hairline(painter: QPainter, x1: float, y1: float, x2: float, y2: float, color: Ink, dashes: tuple[float, ...] = ()) -> None:
    """A line of one device pixel at every scale; `dashes` are lengths in device pixels."""
    pen = QPen(ink(color), 0)
    if dashes:
        pen.setDashPattern(list(dashes))
    painter.setPen(pen)
    painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))


def text(painter: QPainter, area: Area, words: str, role: str, color: Ink, align: Qt.AlignmentFlag = LEFT,
         weight: Weight | None = None) -> float:
    """One line of text, its capitals centred in the height of `area`, cut with "…" where it does not fit; gives the width drawn."""
    metrics = theme.metrics(role, weight)
    width = metrics.horizontalAdvance(words)
    if width > area.width() + 0.5:
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        width = metrics.horizontalAdvance(words)
    x = float(area.x())
    if align == RIGHT:
        x += area.width() - width
    elif align == CENTER:
        x += (area.width() - width) / 2
    painter.setFont(theme.font(role, weight))
    painter.setPen(ink(color))
    painter.drawText(QPointF(x, baseline(area, role, weight)), words)
    return width


class Glyphs:
    """The signs of numbers in one role and colour, drawn once; a number is then put together from them, without laying out text.

    `signs` has the picture of each and how far it is to the next, `advance` the latter alone.
    """

    def __init__(self, role: str, color: QColor, weight: Weight | None, ratio: float) -> None:
        metrics = theme.metrics(role, weight)
        self.advance = {sign: metrics.horizontalAdvance(sign) for sign in SIGNS}
        self._ascent, self._capitals = ceil(metrics.ascent()) + 1, metrics.capHeight()
        size = ceil(max(self.advance.values())) + 2 * GLYPH_PAD, ceil(metrics.ascent() + metrics.descent()) + 2
        self.signs = {sign: (self._picture(sign, size, theme.font(role, weight), color, ratio), self.advance[sign]) for sign in SIGNS}

    def _picture(self, sign: str, size: tuple[int, int], font: QFont, color: QColor, ratio: float) -> QPixmap:
        picture = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(QPointF(GLYPH_PAD, self._ascent), sign)
        painter.end()
        return picture

    def top(self, area: Area) -> int:
        """Where the pictures of signs begin whose capitals are centred in the height of `area`."""
        return round(area.y() + (area.height() + self._capitals) / 2) - self._ascent


_glyphs: dict[tuple[str, str | int, Weight | None, float], Glyphs] = {}
theme.changed.connect(_glyphs.clear)


def figure(painter: QPainter, area: Area, words: str, role: str, color: Ink, align: Qt.AlignmentFlag = LEFT, weight: Weight | None = None,
           first: int = 0) -> float:
    """A number that changes many times a second, as `text` would draw it; words with other signs in them are drawn by `text`. Signs before the
    `first` stand there already."""
    key = (role, color if isinstance(color, str) else color.rgba(), weight, painter.deviceTransform().m11())
    glyphs = _glyphs.get(key)
    if glyphs is None:
        glyphs = _glyphs[key] = Glyphs(role, ink(color), weight, key[-1])
    advance = glyphs.advance.__getitem__
    try:
        width = sum(map(advance, words))
    except KeyError:
        return text(painter, area, words, role, color, align, weight)
    x = float(area.x())
    if align == RIGHT:
        x += area.width() - width
    elif align == CENTER:
        x += (area.width() - width) / 2
    if first:
        x += sum(map(advance, words[:first]))
    top, signs, draw = glyphs.top(area), glyphs.signs, painter.drawPixmap
    for sign in words[first:]:
        picture, wide = signs[sign]
        draw(round(x) - GLYPH_PAD, top, picture)
        x += wide
    return width


def baseline(area: Area, role: str, weight: Weight | None = None) -> float:
    """Where the line of a role stands so that its capitals are centred in the height of `area`."""
    return float(round(area.y() + (area.height() + theme.metrics(role, weight).capHeight()) / 2))


def text_width(words: str, role: str, weight: Weight | None = None) -> int:
    """Room that one line of text takes, rounded up."""
    return int(theme.metrics(role, weight).horizontalAdvance(words)) + 1


def paragraph_height(words: str, width: int, role: str, weight: Weight | None = None) -> int:
    """Room that words take in lines of this width, rounded up."""
    area = QRectF(0, 0, width, ENDLESS)
    return ceil(theme.metrics(role, weight).boundingRect(area, Qt.TextFlag.TextWordWrap, breakable(words)).height())


def paragraph(painter: QPainter, area: Area, words: str, role: str, color: Ink, align: Qt.AlignmentFlag = TOP_LEFT,
              weight: Weight | None = None) -> None:
    """Words in as many lines as they take."""
    painter.setFont(theme.font(role, weight))
    painter.setPen(ink(color))
    painter.drawText(area, int(Qt.TextFlag.TextWordWrap) | int(align.value), breakable(words))


def breakable(words: str) -> str:
    """The same to the eye; a name that is longer than a line, as paths are, can go on in the next."""
    return LONG_NAME.sub(lambda found: ZERO_WIDTH_SPACE.join(found[0][at:at + PIECE] for at in range(0, len(found[0]), PIECE)), words)


def with_unit(painter: QPainter, area: Area, value: str, unit: str, role: str, color: Ink, unit_color: Ink = "text3",
              align: Qt.AlignmentFlag = LEFT, unit_role: str = "scale", gap: float = 4) -> None:
    """A figure with its unit behind it in small type, both on one baseline."""
    value_width = text_width(value, role)
    room = value_width + (theme.px(gap) + text_width(unit, unit_role) if unit else 0)
    x = area.x() + (area.width() - room if align == RIGHT else (area.width() - room) / 2 if align == CENTER else 0)
    y = baseline(area, role)
    painter.setFont(theme.font(role))
    painter.setPen(ink(color))
    painter.drawText(QPointF(x, y), value)
    if unit:
        painter.setFont(theme.font(unit_role))
        painter.setPen(ink(unit_color))
        painter.drawText(QPointF(x + value_width + theme.px(gap), y), unit)
