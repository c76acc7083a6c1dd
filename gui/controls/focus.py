"""The focus ring: 2 px of `select`, 2 px outside of what has the focus. One for the application, moved about, never suppressed.

It is a frame-shaped child of the window, so widgets need no margin for it and nothing beneath it is painted twice.
"""
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from gui.controls.base import Painted
from gui.theme import paint, theme

WIDTH = 2
MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange)


class FocusRing(QWidget):
    """Draws around one widget at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around: QWidget | None = None
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        theme.changed.connect(self.place)

    def surround(self, widget: QWidget | None) -> None:
        """Goes around `widget` if that is painted by us and wants a ring, else away."""
        for watched in self._watched:
            watched.removeEventFilter(self)
        self._watched = []
        self._around = widget if isinstance(widget, Painted) and widget.ring_gap is not None else None
        if self._around is None:
            self.hide()
            self.setParent(None)
            return
        frame = surface_of(self._around)
        if self.parentWidget() is not frame:
            self.setParent(frame)
        step: QWidget | None = self._around
        while step is not None and step is not frame:
            step.installEventFilter(self)
            self._watched.append(step)
            step = step.parentWidget()
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in MOVES:
            self.place()
        return False

    def place(self) -> None:
        """Takes the size and the place of what it surrounds."""
        widget, frame = self._around, self.parentWidget()
        if widget is None or frame is None or not widget.isVisibleTo(frame):
            self.hide()
            return
        assert isinstance(widget, Painted)
        width = theme.px(WIDTH)
        gap = (theme.px(abs(widget.ring_gap or 0)) * (-1 if (widget.ring_gap or 0) < 0 else 1)) + width
        area = widget.ring_area().translated(widget.mapTo(frame, QPoint(0, 0))).adjusted(-gap, -gap, gap, gap)
        self.setGeometry(area)
        inner = self.rect().adjusted(2 * width, 2 * width, -2 * width, -2 * width)
        self.setMask(QRegion(self.rect()).subtracted(QRegion(inner)))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.outline(painter, QRect(QPoint(0, 0), self.size()), "select", theme.px(WIDTH), 8)
        painter.end()


class FocusFollower(QObject):
    """Moves one ring to wherever the focus goes. Keep it as long as the application."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.ring = FocusRing()
        app.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if not isValid(self.ring):
            self.ring = FocusRing()
        self.ring.surround(now)


def surface_of(widget: QWidget) -> QWidget:
    """What the ring may be drawn on: the nearest scrolled page or what cuts at its edges, else the window."""
    step = widget.parentWidget()
    while step is not None and not step.isWindow():
        if isinstance(step, Painted) and step.clips_ring:
            return step
        above = step.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is step:
            return step
        step = above
    return widget.window()
