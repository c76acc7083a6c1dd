"""What a hand does in the equaliser's editor."""
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.controls.menu import Menu
from tests.gui.hands import NONE

WIDTH, HEIGHT = 1000, 500


def node(eq, number):
    return eq.plot.frame.node_at(eq.plot.bands[number - 1]).toPoint()


def last(log):
    """The newest wish for each parameter."""
    return dict(log.of("wish"))


def turn(eq, place, notches, modifiers=NONE):
    event = QWheelEvent(QPointF(place), QPointF(place), QPoint(), QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton, modifiers,
                        Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(eq.plot, event)


def one_gesture(log):
    return log.names()[0] == "start" and log.names()[-1] == "end" and log.names().count("start") == log.names().count("end") == 1


def menu_of(eq, place):
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, eq.plot.mapToGlobal(place))
    QApplication.sendEvent(eq.plot, event)
    return next(m for m in eq.plot.findChildren(Menu) if m.isVisible())


def entry(menu, words):
    rows = [row for m in (menu, *menu.findChildren(Menu)) for row in m.actions() if row.text().split("\t")[0] == words]
    assert len(rows) == 1
    return rows[0]
