"""The mouse on a level line, for every plot that carries one."""
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent

from gui.controls.value_hand import SHIFT
from gui.plots.axes import Axis
from gui.plots.layers import LayeredPlot
from gui.plots.level_line import LevelLine

if TYPE_CHECKING:
    Mixed = LayeredPlot
else:
    Mixed = object


class LineHand(Mixed):
    """To be mixed in before a `LayeredPlot` with a `line`: drag with Shift for fine, double-click for the default."""

    line: LevelLine
    across = False                           # whether its level runs to the right, not upwards

    def line_axis(self) -> Axis:
        """The axis its level stands on."""
        raise NotImplementedError(f"{type(self).__name__} does not say which axis its line stands on")

    def has_line_at(self, place: QPoint) -> bool:
        """Whether the line reaches so far at all; everywhere, where a plot says nothing else."""
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._on_line(event):
            self.line.press(self._along(event))
            self.renew_overlay()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.line.dragging:
            self.line.drag(self._along(event), self.line_axis(), bool(event.modifiers() & SHIFT))
        else:
            self._point(self._on_line(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.line.dragging:
            self.line.release()
            self.renew_overlay()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._on_line(event):
            self.line.reset()

    def leaveEvent(self, event: object) -> None:
        self._point(False)
        super().leaveEvent(event)

    def _along(self, event: QMouseEvent) -> float:
        return event.position().x() if self.across else event.position().y()

    def _on_line(self, event: QMouseEvent) -> bool:
        return self.has_line_at(event.position().toPoint()) and self.line.near(self._along(event), self.line_axis())

    def _point(self, over: bool) -> None:
        if over != self.line.hovered:
            self.line.hovered = over
            along = Qt.CursorShape.SizeHorCursor if self.across else Qt.CursorShape.SizeVerCursor
            self.setCursor(along if over else Qt.CursorShape.ArrowCursor)
            self.renew_overlay()
