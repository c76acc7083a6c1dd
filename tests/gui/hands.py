"""What a hand and an eye do in a test: drag, turn the wheel, press keys, look at a pixel, count repaints."""
import sys

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QImage, QMouseEvent, QPainter, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def shown(widget, width=None, height=None):
    """The widget in a window, painted once, the pointer far from it."""
    QCursor.setPos(QPoint(790, 790))
    if width:
        widget.resize(width, height or widget.height())
    widget.show()
    QTest.qWaitForWindowExposed(widget)
    QApplication.processEvents()
    return widget


def mouse(widget, kind, place, buttons=LEFT, modifiers=NONE):
    """One mouse event at a place of the widget."""
    button = LEFT if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
    event = QMouseEvent(kind, QPointF(place), QPointF(widget.mapToGlobal(place)), button, buttons, modifiers)
    QApplication.sendEvent(widget, event)


def press(widget, place):
    mouse(widget, QEvent.Type.MouseButtonPress, place)


def move(widget, place, modifiers=NONE):
    mouse(widget, QEvent.Type.MouseMove, place, modifiers=modifiers)


def release(widget, place):
    mouse(widget, QEvent.Type.MouseButtonRelease, place, buttons=Qt.MouseButton.NoButton)


def drag(widget, start, by, steps=10, modifiers=NONE, let_go=True):
    """A drag in small steps over the screen; the first move only passes the threshold, as a hand's does."""
    press(widget, start)
    origin = widget.mapToGlobal(start) + QPoint(4, 0)
    move(widget, widget.mapFromGlobal(origin), modifiers)
    for step in range(1, steps + 1):
        move(widget, widget.mapFromGlobal(origin + by * step / steps), modifiers)
    if let_go:
        release(widget, widget.mapFromGlobal(origin + by))


def wheel(widget, notches, modifiers=NONE):
    """Turns the wheel over the middle of the widget."""
    place = QPointF(widget.rect().center())
    event = QWheelEvent(place, QPointF(widget.mapToGlobal(place.toPoint())), QPoint(), QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton, modifiers,
                        Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(widget, event)


def key(widget, which, modifiers=NONE):
    QTest.keyClick(widget, which, modifiers)


class Log:
    """Remembers what a signal said."""

    def __init__(self, *signals):
        self.said = []
        for name, signal in signals:
            signal.connect(lambda *words, name=name: self._hear(name, words))

    def _hear(self, name, words):
        """Values that are wished for together are told one by one."""
        together = len(words) == 1 and isinstance(words[0], dict)
        self.said += [(name, *item) for item in words[0].items()] if together else [(name, *words)]

    def names(self):
        return [entry[0] for entry in self.said]

    def of(self, name):
        return [entry[1] if len(entry) == 2 else entry[1:] for entry in self.said if entry[0] == name]


class Paints(QObject):
    """Counts the paint events of widgets and how much of each they cover."""

    def __init__(self, *widgets):
        super().__init__()
        self.events = []
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.events.append((watched, event.region()))
        return False

    def clear(self):
        self.events.clear()

    def whole(self, widget):
        """How often all of the widget was painted."""
        return sum(1 for painted, region in self.events if painted is widget and QRegion(widget.rect()).subtracted(region).isEmpty())

    def share(self, widget):
        """Largest share of the widget's area painted in one event."""
        full = widget.width() * widget.height()
        return max((sum(r.width() * r.height() for r in region) / full for painted, region in self.events if painted is widget), default=0.0)


def calls_in(act):
    """Python and C functions that this thread calls."""
    count = 0

    def watch(_frame, event, _function):
        nonlocal count
        count += event in ("call", "c_call")
    sys.setprofile(watch)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def picture(widget):
    """The widget as an image, over magenta, which no palette has: what it leaves unpainted stays magenta."""
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("#FF00FF"))
    painter = QPainter(image)
    widget.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    painter.end()
    return image


def colors(image):
    """The set of all colours of an image, as numbers."""
    pixels = np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint32)
    return set(np.unique(pixels & 0xFFFFFF).tolist())


def rgb(color):
    return QColor(color).rgb() & 0xFFFFFF
