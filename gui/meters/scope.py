"""Phase scope: left and right as points that fade. Mono is upright, sides lean, what is out of phase lies flat."""
from math import exp
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QAccessible, QImage, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.meters.ballistics import Pace
from gui.meters.reading import Reading
from gui.theme import mixed, paint, theme

FADE_S: Final = 0.35
MOST_POINTS: Final = 400
SIDE: Final = 150
FRAMES_PER_S: Final = 30.0
LINE: Final = 1
BRIGHTEST: Final = 255


class PhaseScope(Painted, QWidget):
    """Direction is true; distance from the middle is level to the power of 3/4, so that quiet music is seen without a gain that jumps.

    Brightness is kept as one byte a pixel: fading is a multiplication, colour a table, and both together cost less than a line of text.
    """

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.source = "master"
        self._glow: NDArray[np.uint8] = np.zeros((1, 1), np.uint8)
        self._lines: NDArray[np.uint8] = self._glow
        self._fading: NDArray[np.uint16] = np.zeros((1, 1), np.uint16)
        self._image = QImage()
        self._pixels: NDArray[np.uint8] = self._glow
        self._dark = True
        self._drawn_at_s: float | None = None
        self._pace = Pace(FRAMES_PER_S)
        self.set_up("Phase scope", ground, focus=False)
        theme.changed.connect(self._forget_image)

    def show_source(self, source: str) -> None:
        """What is heard; the points of the sound before are gone."""
        if source != self.source:
            self.source = source
            self._glow[:] = 0
            self._forget_image()
            self.update()

    def show_reading(self, reading: Reading) -> None:
        """Looks 30 times a second; repaints while there is light, and not at all once it is dark."""
        if not self._pace.due(reading.time_s):
            return
        self._fit()
        self._fade_since(reading.time_s)
        if reading.points is not None and len(reading.points):
            self._add(reading.points)
        elif self._dark:
            return
        self._dark = not self._glow.any()
        self.update()

    def _fade_since(self, time_s: float) -> None:
        elapsed = 0.0 if self._drawn_at_s is None else max(0.0, time_s - self._drawn_at_s)
        self._drawn_at_s = time_s
        if not self._dark:
            np.multiply(self._glow, round(256 * exp(-elapsed / FADE_S)), out=self._fading, dtype=np.uint16, casting="unsafe")
            np.right_shift(self._fading, 8, out=self._fading)
            self._glow[:] = self._fading

    def _add(self, points: Any) -> None:
        points = np.asarray(points)[::max(1, -(-len(points) // MOST_POINTS))]
        points = points[np.isfinite(points).all(axis=1)]
        side, mid = points[:, 1] - points[:, 0], points[:, 0] + points[:, 1]
        root = np.sqrt(np.sqrt(np.sqrt(np.maximum((side * side + mid * mid) / 4, 1e-12))))
        high, wide = self._glow.shape
        x = np.clip((side / root + 2) * ((wide - 1) / 4) + 0.5, 0, wide - 1).astype(np.intp)
        y = np.clip((2 - mid / root) * ((high - 1) / 4) + 0.5, 0, high - 1).astype(np.intp)
        for down, across in self._dot:
            self._glow[np.minimum(y + down, high - 1), np.minimum(x + across, wide - 1)] = BRIGHTEST

    @property
    def _dot(self) -> list[tuple[int, int]]:
        """A point is as large as at scale 1: more than one device pixel where those are small."""
        side = max(1, round(theme.scale * self.devicePixelRatioF()))
        return [(down, across) for down in range(side) for across in range(side)]

    def _fit(self) -> None:
        """Takes the size of the widget in device pixels; the diagonals are the left and the right axis."""
        ratio = self.devicePixelRatioF()
        high, wide = max(1, round(self.height() * ratio)), max(1, round(self.width() * ratio))
        if self._glow.shape == (high, wide):
            return
        self._glow, self._lines = np.zeros((high, wide), np.uint8), np.zeros((high, wide), np.uint8)
        self._fading = np.zeros((high, wide), np.uint16)
        across = np.arange(wide)
        down = across * (high - 1) // max(wide - 1, 1)
        self._lines[down, across] = self._lines[down, wide - 1 - across] = LINE
        self._dark = True
        self._forget_image()

    def _forget_image(self) -> None:
        self._pixels = self._glow
        self._image = QImage()

    def _make_image(self) -> None:
        high, wide = self._glow.shape
        self._image = QImage(wide, high, QImage.Format.Format_Indexed8)
        well, color = theme.color("well"), theme.color(self.source)
        colors = [mixed(well, color, (level / BRIGHTEST) ** 0.7).rgb() for level in range(BRIGHTEST + 1)]
        colors[LINE] = theme.color("grid_major").rgb()
        self._image.setColorTable(colors)
        self._pixels = np.frombuffer(self._image.bits(), np.uint8).reshape(high, self._image.bytesPerLine())[:, :wide]

    def measure(self) -> None:
        self.setFixedSize(theme.px(SIDE), theme.px(SIDE))

    def sizeHint(self) -> QSize:
        return self.size()

    def draw(self, painter: QPainter, area: QRect) -> None:
        self._fit()
        if self._image.isNull():
            self._make_image()
        np.maximum(self._glow, self._lines, out=self._pixels)
        picture = self._image.convertToFormat(QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        painter.drawImage(0, 0, picture)
        head = QRect(theme.px(6), theme.px(2), self.width() - 2 * theme.px(6), theme.px(18))
        paint.text(painter, head, "L", "scale", "text3")
        paint.text(painter, head, "R", "scale", "text3", paint.RIGHT)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Graphic

    def spoken_value(self) -> str:
        return "see correlation and balance"
