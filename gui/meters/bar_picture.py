"""Memory for the bars of a meter: the core paints its pixels, and the screen gets them in one stroke."""
from math import floor

import numpy as np
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage, QPainter

from gui.theme.paint import Screen

NOWHERE: Screen = (0.0, 0.0, 0.0)


class BarPicture:
    """What lies in `area` of a widget, in logical pixels, over the colour of the ground. For another area, screen or ground another one."""

    def __init__(self, area: QRect, screen: Screen, ground: QColor) -> None:
        self._ratio, x, y = screen
        left, top, right, bottom = (floor(edge * self._ratio + at + 0.5) for edge, at in (
            (area.x(), x), (area.y(), y), (area.x() + area.width(), x), (area.y() + area.height(), y)))
        wide, high = max(1, right - left), max(1, bottom - top)
        self._x, self._y, self._exact = area.x(), area.y(), QPointF(left - x, top - y)
        self.pixels = np.full((high, wide), ground.rgb(), np.uint32)
        self._image = QImage(self.pixels.data, wide, high, 4 * wide, QImage.Format.Format_RGB32)

    def draw(self, painter: QPainter) -> None:
        """Pixels are copied as they are, which Qt does several times as fast as to scale them."""
        if self._ratio == 1:
            painter.drawImage(self._x, self._y, self._image)
        else:
            painter.scale(1 / self._ratio, 1 / self._ratio)
            painter.drawImage(self._exact, self._image)
            painter.resetTransform()
