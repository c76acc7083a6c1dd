"""A window that fits its screen fits it with its frame, too: how much that takes is known only when it stands."""
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

FRAMED_MS = 300                  # the window system has drawn its frame by then
LARGE = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen


def keep_on_screen(window: QWidget) -> None:
    """Once it is framed: smaller where only the frame makes it larger than the screen, and back onto that where it stands out."""
    QTimer.singleShot(FRAMED_MS, window, lambda: fit(window))


def fit(window: QWidget) -> None:
    """At once."""
    if window.windowState() & LARGE or not window.isVisible():
        return
    room, framed = window.screen().availableGeometry(), window.frameGeometry()
    if window.width() > room.width() or window.height() > room.height():
        return
    wide, high = framed.width() - window.width(), framed.height() - window.height()
    if framed.width() > room.width() or framed.height() > room.height():
        window.resize(min(window.width(), room.width() - wide), min(window.height(), room.height() - high))
        framed = window.frameGeometry()
    x = min(max(framed.x(), room.x()), room.right() + 1 - framed.width())
    y = min(max(framed.y(), room.y()), room.bottom() + 1 - framed.height())
    if (x, y) != (framed.x(), framed.y()) and not room.contains(framed):
        window.move(x, y)
