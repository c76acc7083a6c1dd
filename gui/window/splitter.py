"""A gutter between two zones that can be dragged; double-click gives it back its usual place."""
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtWidgets import QWidget

from gui.controls import access

STEP = 24                        # pixels that one step without a mouse moves
# Pixels right of the gutter or below it that still take the hand. Not on the other side: song and plots move up to their edges, and Qt looks
# through the whole window when anything lies over what it paints.
REACH = 4


class Splitter(QWidget):
    """Lies over a gutter and paints nothing. `moved` gives how far it was dragged since `grabbed`."""

    grabbed = Signal()
    moved = Signal(int)
    released = Signal()
    reset_asked = Signal()

    def __init__(self, parent: QWidget, *, upright: bool, name: str) -> None:
        super().__init__(parent)
        self._upright = upright
        self._press: QPoint | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setCursor(Qt.CursorShape.SplitHCursor if upright else Qt.CursorShape.SplitVCursor)
        self.setAccessibleName(name)
        self.setStatusTip(f"{name}: drag; double-click for the usual size")
        access.install()

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Splitter

    def spoken_value(self) -> str:
        return f"at {self.x() if self._upright else self.y()} pixels"

    def spoken_actions(self) -> dict[str, object]:
        return {"Increase": lambda: self.step(STEP), "Decrease": lambda: self.step(-STEP), "Press": self.reset_asked.emit}

    def step(self, by: int) -> None:
        """As if it had been dragged so far, right or down."""
        self.grabbed.emit()
        self.moved.emit(by)
        self.released.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.globalPosition().toPoint()
            self.grabbed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is not None:
            by = event.globalPosition().toPoint() - self._press
            self.moved.emit(by.x() if self._upright else by.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._press is not None:
            self._press = None
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_asked.emit()
