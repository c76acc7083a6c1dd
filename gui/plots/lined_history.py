"""A history whose level lane carries a level to drag."""
from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from gui.controls.value_hand import SHIFT
from gui.plots.history import HistoryPlot
from gui.plots.level_line import TAB_HEIGHT, LevelLine
from gui.theme import theme


class LinedHistory(HistoryPlot):
    """Mouse and picture of one `LevelLine` over a `HistoryPlot`."""

    def __init__(self, name: str, seconds: float, fields: Sequence[str], param: Param, parent: QWidget | None = None, *,
                 lowest: Sequence[str] = ()) -> None:
        super().__init__(name, seconds, fields, parent, lowest=lowest)
        self.line = LevelLine(param, self)
        self.line.edited.connect(lambda _value: self.line_moved())
        self.setMouseTracking(True)

    def show_line(self, value: float) -> None:
        """Where the level stands; emits nothing."""
        if self.line.show_value(value):
            self.line_moved()

    def line_moved(self) -> None:
        """The tab covers another figure of the scale."""
        self._ground.renew()
        self.renew_overlay()

    def covered(self, px: float) -> bool:
        return abs(px - self.levels.px(self.line.value)) < theme.px(TAB_HEIGHT - 2)

    def paint_overlay(self, painter: QPainter) -> None:
        area = self.level_area
        self.line.paint(painter, self.levels, area.left(), area.left() + area.width(), self.width() - theme.px(2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._on_line(event):
            self.line.press(event.position().y())
            self._show_line_state()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.line.dragging:
            self.line.drag(event.position().y(), self.levels, bool(event.modifiers() & SHIFT))
        else:
            self._point(self._on_line(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.line.dragging:
            self.line.release()
            self._show_line_state()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._on_line(event):
            self.line.reset()

    def leaveEvent(self, event: object) -> None:
        self._point(False)
        super().leaveEvent(event)

    def _on_line(self, event: QMouseEvent) -> bool:
        inside = QRect(0, self.level_area.top(), self.width(), self.level_area.height()).contains(event.position().toPoint())
        return inside and self.line.near(event.position().y(), self.levels)

    def _point(self, over: bool) -> None:
        if over != self.line.hovered:
            self.line.hovered = over
            self.setCursor(Qt.CursorShape.SizeVerCursor if over else Qt.CursorShape.ArrowCursor)
            self._show_line_state()

    def _show_line_state(self) -> None:
        self.renew_overlay()
