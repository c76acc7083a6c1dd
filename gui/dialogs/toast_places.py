"""Where toasts stand: in the rooms a window gives them, from the lower left upward, then in the next column, then in the next room."""
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize


def places_in(rooms: Sequence[QRect], sizes: Sequence[QSize], gap: int) -> list[QPoint | None]:
    """The upper left corner of each, in the order given; None for those that have no room."""
    left = iter(free_places(rooms, sizes, gap))
    return [next(left, None) for _ in sizes]


def free_places(rooms: Sequence[QRect], sizes: Sequence[QSize], gap: int) -> list[QPoint]:
    """As many as there is room for."""
    found: list[QPoint] = []
    for room in rooms:
        x, bottom, widest = room.x(), room.bottom() + 1, 0
        while len(found) < len(sizes):
            size = sizes[len(found)]
            if bottom - size.height() < room.y() and widest:
                x, bottom, widest = x + widest + gap, room.bottom() + 1, 0
            if bottom - size.height() < room.y() or x + size.width() > room.right() + 1:
                break
            bottom -= size.height()
            found.append(QPoint(x, bottom))
            bottom -= gap
            widest = max(widest, size.width())
    return found
