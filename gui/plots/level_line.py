"""A level that is dragged in a plot: threshold, ceiling. A line of 1 px that ends in a tab with its value on the scale."""
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter

from dsp_core.param import Param
from gui.controls.value_hand import FINE, as_shown
from gui.plots.axes import Axis
from gui.plots.strokes import line_pen, step_path
from gui.theme import paint, theme
from gui.theme.paint import SMOOTH

REACH_PX = 6
GRIP_PX = 9
GRIP_ALPHA = 46
TAB_HEIGHT = 18
TIP_PX = 8


class LevelLine(QObject):
    """The hand on one level; the plot gives it pixels along the axis. `show_value` never echoes."""

    edited = Signal(float)
    gesture_started = Signal()
    gesture_ended = Signal()

    def __init__(self, param: Param, parent: QObject) -> None:
        super().__init__(parent)
        self.param = param
        self.value = param.default
        self.hovered = False
        self.dragging = False
        self._exact = param.default
        self._last_px = 0.0
        self._fine = False

    def show_value(self, value: float) -> bool:
        """Model to line; whether it moved."""
        moved = value != self.value
        self.value = value
        return moved

    def near(self, px: float, axis: Axis) -> bool:
        """Whether a pixel along the axis is on the line."""
        return abs(px - axis.px(self.value)) <= theme.px(REACH_PX)

    def press(self, px: float) -> None:
        """Take hold."""
        self.dragging, self._last_px, self._exact = True, px, self.value
        self.gesture_started.emit()

    def drag(self, px: float, axis: Axis, fine: bool) -> None:
        """Move by what the pointer moved; finely, by a tenth of it."""
        moved = axis.value(px) - axis.value(self._last_px)
        self._last_px, self._fine = px, fine
        self._exact = self.param.clamp(self._exact + moved * (FINE if fine else 1.0))
        self._put(as_shown(self.param, self._exact, 1 if fine else 0))

    def release(self) -> None:
        """Let go."""
        self.dragging = self._fine = False
        self.gesture_ended.emit()

    def reset(self) -> None:
        """To the default, as one gesture."""
        self.gesture_started.emit()
        self._put(self.param.default)
        self.gesture_ended.emit()

    def text(self) -> str:
        """The value without its unit, for the tab."""
        words = self.param.text(self.value, 1 if self._fine else 0)
        return words.removesuffix(self.param.unit).rstrip()

    def paint(self, painter: QPainter, axis: Axis, left: float, right: float, tab_right: float) -> None:
        """A horizontal line from `left` to `right` with its tab from there to `tab_right`."""
        y = round(axis.px(min(max(self.value, axis.low), axis.high)))
        if self.hovered or self.dragging:
            grip = theme.px(GRIP_PX)
            painter.fillRect(QRectF(left, y - grip // 2, right - left, grip), with_alpha(theme.color("select"), GRIP_ALPHA))
        painter.setPen(line_pen(painter, theme.color("select")))
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        half, tip = theme.px(TAB_HEIGHT) / 2, theme.px(TIP_PX)
        painter.setRenderHint(SMOOTH, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("select"))
        x = right - theme.px(4)
        painter.drawPath(step_path([(x, y + 0.5), (x + tip, y - half + 0.5), (tab_right, y - half + 0.5), (tab_right, y + half + 0.5),
                                    (x + tip, y + half + 0.5)]))
        painter.setRenderHint(SMOOTH, False)
        area = QRectF(x + tip, y - half + 0.5, tab_right - x - tip - theme.px(3), 2 * half)
        paint.text(painter, area, self.text(), "scale", "on_select", paint.RIGHT, 600)

    def _put(self, value: float) -> None:
        if value != self.value:
            self.value = value
            self.edited.emit(value)


def with_alpha(color: QColor, alpha: int) -> QColor:
    """The same colour, translucent; only for layers that are drawn on change."""
    made = QColor(color)
    made.setAlpha(alpha)
    return made
