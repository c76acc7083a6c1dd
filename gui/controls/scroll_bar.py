"""A scroll bar as the rest of the window looks: a handle in a groove, neutral, without arrows."""
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QScrollBar, QStyle, QStyleOptionSlider, QWidget

from gui.theme import paint, theme

WIDTH, SIDE = 10, 2


class ScrollBar(QScrollBar):
    """Qt's own to the hand and to assistive technology; only its picture is ours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFixedWidth(theme.px(WIDTH))
        self.update()

    def handle(self) -> QRect:
        """Where the handle lies: as far down, and as high, as what is shown of all there is."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        found = self.style().subControlRect(QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, self)
        side = theme.px(SIDE)
        return QRect(side, found.y(), self.width() - side, found.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.color("panel"))
        if self.maximum() > self.minimum():
            paint.rounded(painter, self.handle(), "edge" if self.isSliderDown() or self.underMouse() else "hover", theme.px(WIDTH - SIDE) / 2)
        painter.end()


def dress(area: QScrollArea) -> None:
    """Gives a scrolling area this bar, and none sideways."""
    area.setVerticalScrollBar(ScrollBar(area))
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
