"""A parameter as a line in a plot: dragged along an axis, turned, stepped, typed. The plot paints it; this is the hand on it."""
from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from gui.controls.field import ValueEntry
from gui.controls.value_hand import FINE, SHIFT, START_PX, ValueHand, as_shown
from gui.plots.axes import Axis
from gui.theme import theme

ENTRY_WIDTH, ENTRY_HEIGHT = 84, 26
REACH_PX = 6


class PlotEntry(ValueEntry):
    """Typing on the plot, because the line itself has no room for a field; the focus goes back to the line."""

    def __init__(self, handle: "PlotHandle", plot: QWidget, param: Param) -> None:
        super().__init__(plot, param, handle.take, handle.set_default)
        self._handle = handle

    def open(self, current: float, area: QRect, text: str = "", *, select: bool = True) -> None:
        super().open(current, area, text, select=select)
        if self.field is not None:
            self.field.setAccessibleName(f"{self._handle.accessibleName()}, type a value")

    def _close(self) -> None:
        back = self.field is not None and self.field.hasFocus()
        super()._close()
        if back:
            self._handle.setFocus(Qt.FocusReason.OtherFocusReason)


class PlotHandle(ValueHand):
    """`upright` lines move along a horizontal axis, others along a vertical one. `axis` tells where values lie in the plot now."""

    ring_gap = 0
    grasped = Signal()
    looks_changed = Signal()

    def __init__(self, param: Param, name: str, plot: QWidget, axis: Callable[[], Axis], *, upright: bool) -> None:
        super().__init__(param, name, plot, "well")
        self._plot = plot
        self._axis = axis
        self._upright = upright
        self._at = 0.0
        self._entry = PlotEntry(self, plot, param)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setCursor(Qt.CursorShape.SizeHorCursor if upright else Qt.CursorShape.SizeVerCursor)

    @property
    def held(self) -> bool:
        """Whether the line is to be seen as in the hand."""
        return self.hovered or self.dragging

    def take(self, value: float) -> None:
        """One whole gesture to a value."""
        self._take(value)

    def px(self) -> float:
        """Where the line lies along its axis."""
        return float(self._axis().px(self.value))

    def place(self, low: int, high: int) -> None:
        """From `low` to `high` across its axis, a finger's width around the line."""
        reach = theme.px(REACH_PX)
        at = round(self.px())
        self.setGeometry(QRect(at - reach, low, 2 * reach + 1, high - low) if self._upright else QRect(low, at - reach, high - low, 2 * reach + 1))

    def value_area(self) -> QRect:
        """Of the plot: where a number is typed."""
        width, height = theme.px(ENTRY_WIDTH), theme.px(ENTRY_HEIGHT)
        middle = self.geometry().center()
        place = QRect(middle.x() - width // 2, middle.y() - height // 2, width, height)
        bounds = self._plot.rect().adjusted(4, 4, -4, -4)
        place.moveLeft(min(max(place.left(), bounds.left()), bounds.right() - width))
        place.moveTop(min(max(place.top(), bounds.top()), bounds.bottom() - height))
        return place

    def show_hover(self, hovered: bool) -> None:
        self.hovered = hovered
        self.looks_changed.emit()

    def repaint_value(self) -> None:
        """The plot paints it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The plot paints it."""

    def draw(self, painter: QPainter, area: QRect) -> None:
        """The plot paints it."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()
            self._press = self._last = event.globalPosition()
            self._at = self.px()
            self.grasped.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """In places of the screen, because the line moves under the pointer."""
        if self._press is None:
            return
        if not self.dragging:
            if (event.globalPosition() - self._press).manhattanLength() < START_PX:
                return
            self.dragging = True
            self._begin()
        moved = event.globalPosition() - self._last
        self._last = event.globalPosition()
        self._pull(moved.x() if self._upright else moved.y(), bool(event.modifiers() & SHIFT))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        self._press = None
        if self.dragging:
            self.dragging = self.fine = False
            self._end()
            self.looks_changed.emit()

    def _pull(self, moved_px: float, fine: bool) -> None:
        self.fine = fine
        axis = self._axis()
        value = self.param.clamp(axis.value(self._at + moved_px * (FINE if fine else 1.0)))
        self._at = float(axis.px(value))
        self._set(as_shown(self.param, value, 1 if fine else 0))
