"""Phase scope: left and right as points that fade. Mono is upright, sides lean, what is out of phase lies flat."""
from math import exp
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QAccessible, QImage, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.meters.ballistics import Pace
from gui.meters.reading import Reading
from gui.theme import mixed, paint, theme

CURVE: Final = 0.75
FADE_S: Final = 0.35
MOST_POINTS: Final = 400
SIDE: Final = 150
FRAMES_PER_S: Final = 30.0


class PhaseScope(Painted, QWidget):
    """Direction is true; distance from the middle is level to the power of 3/4, so that quiet music is seen without a gain that jumps."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.source = "master"
        self._glow: NDArray[np.uint8] = np.zeros((1, 1), np.uint8)
        self._fades: dict[int, NDArray[np.uint8]] = {}
        self._drawn_at_s: float | None = None
        self._pace = Pace(FRAMES_PER_S)
        self._colors: list[int] = []
        self.set_up("Phase scope", ground, focus=False)
        theme.changed.connect(self._colors.clear)

    def show_source(self, source: str) -> None:
        """What is heard; the points of the sound before are gone."""
        if source != self.source:
            self.source = source
            self._glow[:] = 0
            self._colors.clear()
            self.update()

    def show_reading(self, reading: Reading) -> None:
        """Adds the points of one reading; fades and repaints 30 times a second, and not at all once it is dark."""
        if reading.points is not None and len(reading.points):
            self._add(np.asarray(reading.points, dtype=np.float64))
        if not self._pace.due(reading.time_s):
            return
        elapsed = 0.0 if self._drawn_at_s is None else max(0.0, reading.time_s - self._drawn_at_s)
        self._drawn_at_s = reading.time_s
        if self._glow.any():
            np.take(self._faded(elapsed), self._glow, out=self._glow)
            self.update()

    def _faded(self, elapsed_s: float) -> NDArray[np.uint8]:
        """What each brightness becomes after a while, to the millisecond."""
        key = min(round(elapsed_s * 1000), 10_000)
        if key not in self._fades:
            if len(self._fades) > 100:
                self._fades.clear()
            self._fades[key] = (np.arange(256) * exp(-key / 1000 / FADE_S)).astype(np.uint8)
        return self._fades[key]

    def _add(self, points: NDArray[np.float64]) -> None:
        self._fit()
        points = points[::max(1, -(-len(points) // MOST_POINTS))]
        side, mid = (points[:, 1] - points[:, 0]) / 2, (points[:, 0] + points[:, 1]) / 2
        distance = np.hypot(side, mid)
        known = np.isfinite(distance) & (distance > 1e-6)
        stretch = np.where(distance[known] <= 1.0, distance[known] ** (CURVE - 1), 1 / distance[known])
        high, wide = self._glow.shape
        x = ((side[known] * stretch + 1) / 2 * (wide - 1)).round().astype(np.intp)
        y = ((1 - mid[known] * stretch) / 2 * (high - 1)).round().astype(np.intp)
        self._glow[y, x] = 255

    def _fit(self) -> None:
        ratio = self.devicePixelRatioF()
        size = (max(1, round(self.height() * ratio)), max(4, round(self.width() * ratio)))
        if self._glow.shape != size:
            self._glow = np.zeros(size, np.uint8)

    def measure(self) -> None:
        self.setFixedSize(theme.px(SIDE), theme.px(SIDE))

    def sizeHint(self) -> QSize:
        return self.size()

    def draw(self, painter: QPainter, area: QRect) -> None:
        self._fit()
        if not self._colors:
            well, color = theme.color("well"), theme.color(self.source)
            self._colors = [mixed(well, color, (level / 255) ** 0.7).rgb() for level in range(256)]
        high, wide = self._glow.shape
        image = QImage(self._glow.data, wide, high, wide, QImage.Format.Format_Indexed8)
        image.setColorTable(self._colors)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        painter.drawImage(0, 0, image)
        right, bottom = self.width(), self.height()
        paint.hairline(painter, 0, 0, right, bottom, "grid_major")
        paint.hairline(painter, right, 0, 0, bottom, "grid_major")
        head = QRect(theme.px(6), theme.px(2), right - 2 * theme.px(6), theme.px(18))
        paint.text(painter, head, "L", "scale", "text3")
        paint.text(painter, head, "R", "scale", "text3", paint.RIGHT)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Graphic

    def spoken_value(self) -> str:
        return "see correlation and balance"
