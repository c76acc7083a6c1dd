"""What a chain slot says in words, as much of it as there is room for: its name, its live line, a fault, and its foot."""
from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from gui.theme import paint, theme
from gui.theme.sizes import REGULAR, SEMIBOLD, Weight

USUAL_PLACEMENT: Final = "Stereo"
SMALL_LINE: Final = 14


def draw_name(painter: QPainter, room: QRect, name: str, color: str) -> None:
    """A name that is too long for one line is smaller, and in two lines where there is height for them."""
    if paint.text_width(name, "slot_name") <= room.width():
        paint.text(painter, room, name, "slot_name", color)
    else:
        draw_small(painter, room, name, color, SEMIBOLD)


def draw_fault(painter: QPainter, room: QRect, fault: str, *, narrow: bool) -> None:
    """What happened to it."""
    if narrow:
        draw_small(painter, room, fault, "text", REGULAR)
    else:
        paint.text(painter, room, fault, "text", "text")


def draw_small(painter: QPainter, room: QRect, words: str, color: str, weight: Weight) -> None:
    """In the middle of the room's height, in two lines where they are needed."""
    line = theme.px(SMALL_LINE)
    lines = in_two_lines(words, room.width(), weight) if room.height() >= 2 * line else (words,)
    top = room.center().y() + 1 - len(lines) * line // 2
    for index, part in enumerate(lines):
        paint.text(painter, QRect(room.x(), top + index * line, room.width(), line), part, "scale", color, weight=weight)


def in_two_lines(text: str, width: int, weight: Weight) -> tuple[str, ...]:
    """Small words in as many lines as they need, two at most: parted between words where they fit."""
    words = text.split(" ")
    fitting = [count for count in range(1, len(words)) if paint.text_width(" ".join(words[:count]), "scale", weight) <= width]
    if paint.text_width(text, "scale", weight) <= width or not fitting:
        return (text,)
    return " ".join(words[:fitting[-1]]), " ".join(words[fitting[-1]:])


def draw_live(painter: QPainter, room: QRect, left: str, right: str, *, narrow: bool) -> None:
    """Beside each other, or one under the other."""
    live = QRect(room)
    if narrow and right:
        live.setHeight(room.height() // 2)
        paint.text(painter, room.adjusted(0, live.height(), 0, 0), right, "scale", "text3")
    elif paint.text_width(left, "text") + theme.px(8) + paint.text_width(right, "scale") <= live.width():
        paint.text(painter, live, right, "scale", "text3", paint.RIGHT)
    paint.text(painter, live, left, "text", "text2")


def draw_latency(painter: QPainter, room: QRect, placement: str, latency: str) -> None:
    """At the right of the room that the placement begins, if both fit."""
    if paint.text_width(placement, "scale") + theme.px(12) + paint.text_width(latency, "scale") <= room.width():
        paint.text(painter, room, latency, "scale", "text3", paint.RIGHT)


def draw_numbered(painter: QPainter, room: QRect, number: int, placement: str, color: str) -> None:
    """Number and placement; without room for both the placement gives way if it is the usual one, else the number does."""
    gap = theme.px(5)
    before, taken, wide = paint.text_width(str(number), "scale") + gap, paint.text_width(placement, "scale"), room.width() - gap
    both = before + taken <= wide
    if both or placement == USUAL_PLACEMENT:
        paint.text(painter, room, str(number), "scale", "text3")
    if both or placement != USUAL_PLACEMENT:
        paint.text(painter, room.adjusted(before if both else 0, 0, -gap, 0), placement, "scale", color)
