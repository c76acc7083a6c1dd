"""A node of the dynamic equaliser in the hand: frequency and gain by dragging, width by the wheel, all of it by keys. The plot paints it."""
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.controls.access import Range
from gui.controls.base import Painted
from gui.controls.value_hand import FINE, NOTCH, SHIFT, START_PX
from gui.theme import theme

if TYPE_CHECKING:
    from gui.editors.dynamic_plot import DynamicPlot

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
MOVES = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
ACTS = (Qt.Key.Key_Backspace, Qt.Key.Key_B, Qt.Key.Key_S, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete)
SIZE = 28


class DynamicNode(Painted, QWidget):
    """One drag, one burst of the wheel, one key is one gesture; it is the plot that begins and ends it."""

    ring_gap = 0
    grasped = Signal()

    def __init__(self, plot: "DynamicPlot", number: int) -> None:
        super().__init__(plot)
        self.plot = plot
        self.number = number
        self.dragging = False
        self._press: QPointF | None = None
        self._last, self._at = QPointF(), QPointF()
        self.setStatusTip("Drag for frequency and gain, wheel for Q; Ctrl holds one axis, Shift is fine, S listens, Enter types")
        self.set_up(f"Dynamic EQ band {number} node", "well")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def place(self, middle: QPoint) -> None:
        """Around the node."""
        size = theme.px(SIZE)
        self.setGeometry(QRect(middle.x() - size // 2, middle.y() - size // 2, size, size))

    def show_hover(self, hovered: bool) -> None:
        self.hovered = hovered
        self.plot.renew_overlay()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The plot paints it."""

    def draw(self, painter: QPainter, area: QRect) -> None:
        """The plot paints it."""

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Slider

    def spoken_value(self) -> str:
        return self.plot.band_words(self.number)

    def spoken_range(self) -> Range:
        """Its gain."""
        param = self.plot.params[f"band{self.number}_gain"]
        return Range(self.plot.value(param.id), param.low, param.high, param.step, lambda db: self.plot.wish_all({param.id: param.clamp(db)}))

    def spoken_actions(self) -> dict[str, object]:
        return {"Press": lambda: self.plot.typing_wished.emit(self.number), "SetFocus": self.setFocus}

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = self._last = event.globalPosition()
            self._at = self.plot.node_point(self.number)
            self.grasped.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        whole = event.globalPosition() - self._press
        if not self.dragging:
            if whole.manhattanLength() < START_PX:
                return
            self.dragging = True
            self.plot.begin(f"band{self.number}_freq")
        moved = (event.globalPosition() - self._last) * (FINE if event.modifiers() & SHIFT else 1)
        self._last = event.globalPosition()
        if event.modifiers() & CTRL:
            moved = QPointF(moved.x(), 0) if abs(whole.x()) >= abs(whole.y()) else QPointF(0, moved.y())
        self._at = self.plot.move_node(self.number, self._at + moved, fine=bool(event.modifiers() & SHIFT))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._press is not None:
            self._press, self.dragging = None, False
            self.plot.end()
            self.plot.renew_overlay()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.plot.wish_all({f"band{self.number}_gain": 0.0})

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        event.accept()
        if turn and not self.dragging:
            self.grasped.emit()
            self.plot.nudge(f"band{self.number}_q", turn / NOTCH * (FINE if event.modifiers() & SHIFT else 1))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._wants(event):
            event.accept()
            return True
        return super().event(event)

    def _wants(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in MOVES:
            return not modifiers & ~(SHIFT | ALT)
        if event.key() == Qt.Key.Key_Escape:
            return bool(self.plot.gesture)
        return not modifiers and event.key() in ACTS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, head = Qt.Key(event.key()), f"band{self.number}_"
        if not self._wants(event):
            super().keyPressEvent(event)
        elif key in MOVES:
            scale = FINE if event.modifiers() & SHIFT else 1.0
            across, up = MOVES[key]
            name = "q" if event.modifiers() & ALT else "freq" if across else "gain"
            self.plot.nudge(head + name, (across + up) * scale)
        elif key == Qt.Key.Key_Escape:
            self._press, self.dragging = None, False
            self.plot.give_back()
        elif key in (Qt.Key.Key_B, Qt.Key.Key_Delete):
            self.plot.wish_all({head + "on": 0.0 if key == Qt.Key.Key_Delete or self.plot.value(head + "on") >= 0.5 else 1.0})
        elif key == Qt.Key.Key_S:
            self.plot.wish_all({head + "listen": 0.0 if self.plot.value(head + "listen") >= 0.5 else 1.0})
        elif key == Qt.Key.Key_Backspace:
            self.plot.wish_all({head + "gain": 0.0})
        else:
            self.plot.typing_wished.emit(self.number)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and Qt.Key(event.key()) in MOVES and not self.dragging:
            self.plot.end()
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.grasped.emit()
        self.plot.renew_overlay()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self.dragging:
            self.plot.end()
        self.plot.renew_overlay()
