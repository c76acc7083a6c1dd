"""The picture of lines that move: fill and lines over the pixels of a ground, put together by the core in one call."""
from collections.abc import Sequence
from math import ceil

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QPixmap

from gui.theme import theme
from mastering_rt.measure.eye import LineCanvas, LiveLine


class LivePicture:
    """The upper `height` of a ground, in logical pixels, with lines on it that are as wide as lines of data are. For another ground another one."""

    def __init__(self, ground: QPixmap, height: int) -> None:
        self._ratio = ratio = ground.devicePixelRatio()
        under = ground.toImage().convertToFormat(QImage.Format.Format_RGB32)
        wide, high = under.width(), min(under.height(), ceil(height * ratio))
        self._pixels = np.empty((high, wide), np.uint32)
        self._image = QImage(self._pixels.data, wide, high, 4 * wide, QImage.Format.Format_RGB32)
        self._canvas = LineCanvas(self._pixels, ratio, theme.px(1) * ratio)
        self._canvas.lay_ground(np.frombuffer(under.constBits(), np.uint32).reshape(under.height(), wide))

    def paint(self, painter: QPainter, clip: QRect, filled: LiveLine | None, fill: int, floor_px: float,
              lines: Sequence[tuple[LiveLine, int]]) -> None:
        """Paint what lies in `clip`: the ground, `fill` from a line down to `floor_px`, lines in their colours. Colours as 0xffRRGGBB."""
        found = self._canvas.paint(clip.getRect(), filled, fill, floor_px, lines)
        if found is None:
            return
        if self._ratio == 1:
            painter.drawImage(found[0], found[1], self._image, *found)
        else:
            painter.scale(1 / self._ratio, 1 / self._ratio)      # pixels are copied as they are, which Qt does several times as fast
            painter.drawImage(found[0], found[1], self._image, *found)
            painter.resetTransform()
