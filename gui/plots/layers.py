"""What every plot is painted on: a cached ground, live data, a cached overlay.

The ground (well, grid, scales) is redrawn on resize, theme, range or scale change; the overlay (curve, nodes, handles) on edit;
data every frame. Both caches carry the device pixel ratio of the screen they are shown on. Of the overlay, which is mostly empty,
only the pieces that hold something, near ones as one, are laid over the data: memory is what a picture waits for.
"""
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import theme
from mastering_rt.measure.eye import filled_tiles, put_together

LayerKey = tuple[int, int, float, str, str, float]
TILE_WIDTH, TILE_HEIGHT = 32, 16             # device pixels
SPARE_PX = 4096                  # as many more to lay over cost no more than another piece


class Layer:
    """A pixmap that knows for which size, screen and theme it was drawn."""

    def __init__(self, opaque: bool) -> None:
        self.opaque = opaque
        self.key: LayerKey | None = None                         # what it was drawn for; None if it is to be drawn again
        self.drawn = 0                                           # times
        self._pixmap = QPixmap()
        self._pieces: list[tuple[tuple[int, int, int, int], QRect, QRect]] = []      # corners, place, piece

    def renew(self) -> None:
        """Draw it again before it is next shown."""
        self.key = None

    def begin(self, key: LayerKey) -> QPixmap:
        """The pixmap to draw on, cleared if it is transparent."""
        width, height, ratio = max(1, round(key[0] * key[2])), max(1, round(key[1] * key[2])), key[2]
        if (self._pixmap.width(), self._pixmap.height()) != (width, height):
            self._pixmap = QPixmap(width, height)
        self._pixmap.setDevicePixelRatio(ratio)
        if not self.opaque:
            self._pixmap.fill(Qt.GlobalColor.transparent)
        self.key = key
        self.drawn += 1
        return self._pixmap

    def end(self) -> None:
        """It is drawn; finds out in which pieces something is."""
        if not self.opaque:
            ratio = self._pixmap.devicePixelRatio()
            whole = not ratio.is_integer()
            filled = [self._pixmap.rect()] if whole else filled_pieces(self._pixmap.toImage(), int(ratio))
            places = [QRect(QPoint(round(piece.x() / ratio), round(piece.y() / ratio)), piece.size() / ratio) for piece in filled]
            self._pieces = [(corners(place), place, piece) for place, piece in zip(places, filled, strict=True)]

    def lay_over(self, painter: QPainter, clip: QRect) -> None:
        """Paint the pieces that lie in `clip`."""
        left, top, right, bottom = corners(clip)
        for (x1, y1, x2, y2), place, piece in self._pieces:
            if x1 <= right and x2 >= left and y1 <= bottom and y2 >= top:
                painter.drawPixmap(place, self._pixmap, piece)

    @property
    def pixmap(self) -> QPixmap:
        """What was drawn last."""
        return self._pixmap


def draw_layer(layer: Layer, key: LayerKey, paint: Callable[[QPainter], None]) -> None:
    """Have a layer drawn by `paint`."""
    painter = QPainter(layer.begin(key))
    try:
        paint(painter)
    finally:
        painter.end()
    layer.end()


def corners(area: QRect) -> tuple[int, int, int, int]:
    """Left, top, right and bottom, all inside. (One call of Qt; to compare numbers of Python costs less than to ask Qt about rectangles.)"""
    found: tuple[int, int, int, int] = area.getCoords()  # type: ignore[assignment]
    return found


def filled_pieces(image: QImage, ratio: int) -> list[QRect]:
    """The parts of a picture that are not transparent, and what little lies between them; their corners are whole logical pixels."""
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    return [QRect(*place) for place in put_together(filled_tiles(pixels, TILE_WIDTH * ratio, TILE_HEIGHT * ratio), SPARE_PX)]


class LayeredPlot(Painted, QWidget):
    """Base of the plots. A plot overrides `paint_ground` (opaque), `paint_data` and, with `has_overlay`, `paint_overlay`."""

    has_overlay = False
    ring_gap = -2

    def __init__(self, name: str, parent: QWidget | None = None, *, focus: bool = True) -> None:
        super().__init__(parent)
        self._ground = Layer(opaque=True)
        self._marks = Layer(opaque=False)
        self._overlay = Layer(opaque=False)
        self.set_up(name, "well", focus=focus)

    def paint_ground(self, painter: QPainter) -> None:
        """Everything behind the data; covers the whole widget."""
        painter.fillRect(self.rect(), theme.color("well"))

    def opaque_data(self) -> QRect:
        """Where the data hides the ground, so that it need not be drawn."""
        return QRect()

    def paint_data(self, painter: QPainter, clip: QRect) -> None:
        """What moves; `clip` is the part that needs it."""

    def paint_marks(self, painter: QPainter) -> None:
        """What lies over the data and changes as rarely as the ground: scale figures, legend. Part of the overlay."""

    def paint_overlay(self, painter: QPainter) -> None:
        """Everything else over the data, on a transparent layer."""

    def renew(self) -> None:
        """Draw all layers again: another range, scale or theme."""
        self._ground.renew()
        self._marks.renew()
        self._overlay.renew()
        self.update()

    def renew_ground(self, area: QRect | None = None) -> None:
        """Draw the ground again; only `area` of the widget is repainted if it is given."""
        self._ground.renew()
        self.update(area or self.rect())

    def renew_overlay(self, area: QRect | None = None) -> None:
        """Draw the overlay again, after an edit."""
        self._overlay.renew()
        self.update(area or self.rect())

    def show_hover(self, hovered: bool) -> None:
        """A plot has no plane that lights up."""
        self.hovered = hovered

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, data, overlay."""
        key, clip = self._layer_key(), event.rect()
        if self._ground.key != key:
            draw_layer(self._ground, key, self.paint_ground)
        if self.has_overlay:
            if self._marks.key != key:
                draw_layer(self._marks, key, self.paint_marks)
            if self._overlay.key != key:
                draw_layer(self._overlay, key, self._paint_over)
        painter = QPainter(self)
        try:
            if not self.opaque_data().contains(clip):
                painter.drawPixmap(0, 0, self._ground.pixmap)
            self.paint_data(painter, clip)
            if self.has_overlay:
                self._overlay.lay_over(painter, clip)
        finally:
            painter.end()                        # Qt does not outlive a widget that is left half painted

    def _layer_key(self) -> LayerKey:
        return self.width(), self.height(), self.devicePixelRatioF(), theme.name, theme.density, theme.scale

    def prepare(self, layer: Layer, paint: Callable[[QPainter], None]) -> None:
        """Have a layer of the plot's own as it should be now; drawn only when it is not."""
        key = self._layer_key()
        if layer.key != key:
            draw_layer(layer, key, paint)

    def _paint_over(self, painter: QPainter) -> None:
        painter.drawPixmap(0, 0, self._marks.pixmap)
        self.paint_overlay(painter)

    def _restyle(self) -> None:
        self.renew()
