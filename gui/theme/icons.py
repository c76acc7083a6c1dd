"""Icons as strokes on a 16 grid: 1.5 wide, round ends, neutral. Drawn once per colour, size and device scale, then blitted.

A stroke is written in absolute letters of the SVG path language: M move, L line, Q and C curves, Z close; O is a circle (centre, radius),
A an arc (centre, radius, start and sweep in degrees, counter-clockwise from three o'clock).
"""
from dataclasses import dataclass
from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from gui.theme.current import theme
from gui.theme.paint import SMOOTH, Ink, ink

GRID: Final = 16
STROKE: Final = 1.5


@dataclass(frozen=True)
class Icon:
    """What is stroked and what is filled."""

    stroke: str = ""
    fill: str = ""


ICONS: Final[dict[str, Icon]] = {
    "menu": Icon("M 2.5 4 L 13.5 4 M 2.5 8 L 13.5 8 M 2.5 12 L 13.5 12"),
    "undo": Icon("M 6 3 L 2.75 6.25 L 6 9.5 M 2.75 6.25 L 9.75 6.25 C 14.5 6.25 14.5 13 9.75 13 L 6.5 13"),
    "redo": Icon("M 10 3 L 13.25 6.25 L 10 9.5 M 13.25 6.25 L 6.25 6.25 C 1.5 6.25 1.5 13 6.25 13 L 9.5 13"),
    "search": Icon("O 7 7 4.25 M 10.25 10.25 L 13.75 13.75"),
    "play": Icon(fill="M 4.5 2.5 L 13 8 L 4.5 13.5 Z"),
    "pause": Icon(fill="M 4.5 3 L 6.75 3 L 6.75 13 L 4.5 13 Z M 9.25 3 L 11.5 3 L 11.5 13 L 9.25 13 Z"),
    "stop": Icon(fill="M 3.5 3.5 L 12.5 3.5 L 12.5 12.5 L 3.5 12.5 Z"),
    "to_start": Icon("M 3.25 3 L 3.25 13", "M 13 3 L 13 13 L 5.5 8 Z"),
    "loop": Icon("M 2.75 7.5 L 2.75 6.75 C 2.75 5 3.75 4.25 5.25 4.25 L 13 4.25 M 10.75 2 L 13.25 4.25 L 10.75 6.5 "
                 "M 13.25 8.5 L 13.25 9.25 C 13.25 11 12.25 11.75 10.75 11.75 L 3 11.75 M 5.25 9.5 L 2.75 11.75 L 5.25 14"),
    "add": Icon("M 8 3 L 8 13 M 3 8 L 13 8"),
    "close": Icon("M 3.75 3.75 L 12.25 12.25 M 12.25 3.75 L 3.75 12.25"),
    "chevron_down": Icon("M 4.25 6.25 L 8 10 L 11.75 6.25"),
    "chevron_up": Icon("M 4.25 9.75 L 8 6 L 11.75 9.75"),
    "chevron_right": Icon("M 6.25 4.25 L 10 8 L 6.25 11.75"),
    "flag": Icon("M 3.5 14 L 3.5 2.5 L 13 2.5 L 10.75 5.75 L 13 9 L 3.5 9"),
    "tick": Icon("M 3 8.5 L 6.5 12 L 13 4.5"),
    "warning": Icon("M 8 2.5 L 14.25 13.25 L 1.75 13.25 Z M 8 6.5 L 8 9.25", "O 8 11.25 0.9"),
    "star": Icon(fill="M 8 1.75 L 9.95 5.9 L 14.4 6.45 L 11.1 9.5 L 12 13.95 L 8 11.75 L 4 13.95 L 4.9 9.5 L 1.6 6.45 L 6.05 5.9 Z"),
    "folder": Icon("M 2 12.75 L 2 3.5 L 6.25 3.5 L 7.75 5.25 L 14 5.25 L 14 12.75 Z"),
    "wave": Icon("M 2 8 C 3.5 3 5.75 3 8 8 C 10.25 13 12.5 13 14 8"),
    "more": Icon(fill="O 3.25 8 1.2 O 8 8 1.2 O 12.75 8 1.2"),
    "copy": Icon("M 5.75 5.75 L 13.25 5.75 L 13.25 13.25 L 5.75 13.25 Z M 10.25 5.5 L 10.25 2.75 L 2.75 2.75 L 2.75 10.25 L 5.5 10.25"),
    "lock": Icon("M 3.5 7.25 L 12.5 7.25 L 12.5 13.5 L 3.5 13.5 Z M 5.5 7 L 5.5 5.25 C 5.5 1.75 10.5 1.75 10.5 5.25 L 10.5 7"),
    "swap": Icon("M 3 5.5 L 13 5.5 M 10.5 3 L 13 5.5 L 10.5 8 M 13 10.5 L 3 10.5 M 5.5 8 L 3 10.5 L 5.5 13"),
    "polarity": Icon("O 8 8 4.75 M 3.5 13.5 L 12.5 2.5"),
    "headphones": Icon("M 2.75 10 C 2.75 1.5 13.25 1.5 13.25 10 M 2.75 9.5 L 5 9.5 L 5 13.5 L 2.75 13.5 Z M 13.25 9.5 L 11 9.5 L 11 13.5 L 13.25 13.5 Z"),
    "bell": Icon("M 1.5 11.5 L 3.5 11.5 C 6.5 11.5 6.5 4.5 8 4.5 C 9.5 4.5 9.5 11.5 12.5 11.5 L 14.5 11.5"),
    "low_shelf": Icon("M 1.5 5 L 4.5 5 C 8 5 8 11 11.5 11 L 14.5 11"),
    "high_shelf": Icon("M 1.5 11 L 4.5 11 C 8 11 8 5 11.5 5 L 14.5 5"),
    "low_cut": Icon("M 1.75 13 C 3.5 6.5 5 5 8 5 L 14.5 5"),
    "high_cut": Icon("M 1.5 5 L 8 5 C 11 5 12.5 6.5 14.25 13"),
    "notch": Icon("M 1.5 4.5 L 4.5 4.5 C 7 4.5 7.25 12.5 8 12.5 C 8.75 12.5 9 4.5 11.5 4.5 L 14.5 4.5"),
    "tilt": Icon("M 1.75 11.25 L 14.25 4.75 M 1.75 8 L 3.75 8 M 12.25 8 L 14.25 8"),
    "band_pass": Icon("M 1.75 13 C 4 12.5 4.5 4.5 8 4.5 C 11.5 4.5 12 12.5 14.25 13"),
    "all_pass": Icon("M 1.5 4.5 L 4.5 4.5 C 8 4.5 8 11.5 11.5 11.5 L 14.5 11.5 M 1.5 8 L 2.5 8 M 13.5 8 L 14.5 8"),
}
LETTERS: Final = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0, "O": 3, "A": 5}


@cache
def path(strokes: str) -> QPainterPath:
    """The painter path of a stroke text, on the 16 grid."""
    made = QPainterPath()
    words = strokes.split()
    at = 0
    while at < len(words):
        letter = words[at]
        numbers = [float(word) for word in words[at + 1:at + 1 + LETTERS[letter]]]
        add(made, letter, numbers)
        at += 1 + LETTERS[letter]
    return made


def add(made: QPainterPath, letter: str, n: list[float]) -> None:
    """Adds one letter with its numbers to the path."""
    if letter == "M":
        made.moveTo(*n)
    elif letter == "L":
        made.lineTo(*n)
    elif letter == "Q":
        made.quadTo(*n)
    elif letter == "C":
        made.cubicTo(*n)
    elif letter == "O":
        made.addEllipse(QPointF(n[0], n[1]), n[2], n[2])
    elif letter == "A":
        box = QRectF(n[0] - n[2], n[1] - n[2], 2 * n[2], 2 * n[2])
        made.arcMoveTo(box, n[3])
        made.arcTo(box, n[3], n[4])
    else:
        made.closeSubpath()


_drawn: dict[tuple[str, int, int, float], QPixmap] = {}
theme.changed.connect(_drawn.clear)


def pixmap(name: str, color: Ink, size: int = GRID, ratio: float = 1.0) -> QPixmap:
    """The icon in one colour, `size` logical pixels wide, for a screen of `ratio` device pixels to one. KeyError for an unknown name."""
    key = (name, ink(color).rgba(), size, ratio)
    found = _drawn.get(key)
    if found is None:
        found = _drawn[key] = drawn(ICONS[name], color, size, ratio)
    return found


def drawn(icon: Icon, color: Ink, size: int, ratio: float) -> QPixmap:
    """A fresh pixmap of the icon."""
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(SMOOTH, True)
    painter.scale(size / GRID, size / GRID)
    if icon.fill:
        painter.fillPath(path(icon.fill), ink(color))
    if icon.stroke:
        painter.setPen(QPen(ink(color), STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(path(icon.stroke))
    painter.end()
    return image


def draw(painter: QPainter, name: str, center: QPointF, color: Ink, size: int = GRID) -> None:
    """Blits the icon around a point, on whole pixels."""
    wide = theme.px(size)
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(QPointF(round(center.x() - wide / 2), round(center.y() - wide / 2)), pixmap(name, color, wide, ratio))
