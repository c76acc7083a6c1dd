"""Where the slots of the chain stand: cut at its edges, so that whatever there is too much of them lies under nothing else."""
from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import paint, theme
from gui.theme.sizes import RADIUS

LIFTED = 0.7
EDGE_PX, EDGE_STEP_PX, EDGE_MS = 28, 12, 16


class Lane(Painted, QWidget):
    """Holds the slots, and shows the gap that waits for the one that is dragged."""

    clips_ring = True

    def __init__(self, parent: QWidget, ground: str) -> None:
        super().__init__(parent)
        self.gap: QRect | None = None
        self.set_up("Stages", ground, focus=False)

    def show_gap(self, gap: QRect | None) -> None:
        """Where the dragged slot would land."""
        self.gap = gap
        self.update()

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.gap is None:
            return
        pen = QPen(theme.color("edge"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setRenderHint(paint.SMOOTH, True)
        painter.drawRoundedRect(self.gap.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), theme.px(RADIUS), theme.px(RADIUS))
        painter.setRenderHint(paint.SMOOTH, False)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.List


class Lifted(QWidget):
    """The picture of a slot under the pointer, at 70 %."""

    def __init__(self, picture: QPixmap, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = picture
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(picture.deviceIndependentSize().toSize())

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setOpacity(LIFTED)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()


class EdgeScroll:
    """Scrolls on while something is held at an edge of the lane. `scroll` moves by pixels and says whether there was room to."""

    def __init__(self, lane: QWidget, scroll: Callable[[int], bool]) -> None:
        self._lane = lane
        self._scroll = scroll
        self._direction = 0
        self._timer = QTimer(lane)
        self._timer.setInterval(EDGE_MS)
        self._timer.timeout.connect(self._step)

    def hold(self, x: int) -> None:
        """Where the pointer is, in the lane's pixels."""
        reach = theme.px(EDGE_PX)
        self._direction = -1 if x < reach else 1 if x >= self._lane.width() - reach else 0
        if self._direction and not self._timer.isActive():
            self._timer.start()
        elif not self._direction:
            self._timer.stop()

    def let_go(self) -> None:
        """Nothing is held any more."""
        self._timer.stop()

    def _step(self) -> None:
        if not self._scroll(self._direction * theme.px(EDGE_STEP_PX)):
            self._timer.stop()
