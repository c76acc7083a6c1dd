"""What every plot is painted on: a cached ground, live data, a cached overlay.

The ground (well, grid, scales) is redrawn on resize, theme, range or scale change; the overlay (curve, nodes, handles) on edit;
data every frame. Both caches carry the device pixel ratio of the screen they are shown on.
"""
from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import theme

LayerKey = tuple[int, int, float, str, str, float]


class Layer:
    """A pixmap that knows for which size, screen and theme it was drawn."""

    def __init__(self, opaque: bool) -> None:
        self.opaque = opaque
        self._pixmap = QPixmap()
        self._key: LayerKey | None = None

    def renew(self) -> None:
        """Draw it again before it is next shown."""
        self._key = None

    def fits(self, key: LayerKey) -> bool:
        """Whether what is stored can be shown as it is."""
        return self._key == key

    def begin(self, key: LayerKey) -> QPixmap:
        """The pixmap to draw on, cleared if it is transparent."""
        width, height, ratio = max(1, round(key[0] * key[2])), max(1, round(key[1] * key[2])), key[2]
        if (self._pixmap.width(), self._pixmap.height()) != (width, height):
            self._pixmap = QPixmap(width, height)
        self._pixmap.setDevicePixelRatio(ratio)
        if not self.opaque:
            self._pixmap.fill(Qt.GlobalColor.transparent)
        self._key = key
        return self._pixmap

    @property
    def pixmap(self) -> QPixmap:
        """What was drawn last."""
        return self._pixmap


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
        key: LayerKey = (self.width(), self.height(), self.devicePixelRatioF(), theme.name, theme.density, theme.scale)
        self._prepare(self._ground, key, self.paint_ground)
        if self.has_overlay:
            self._prepare(self._marks, key, self.paint_marks)
            self._prepare(self._overlay, key, self._paint_over)
        painter = QPainter(self)
        if not self.opaque_data().contains(event.rect()):
            painter.drawPixmap(0, 0, self._ground.pixmap)
        self.paint_data(painter, event.rect())
        if self.has_overlay:
            painter.drawPixmap(0, 0, self._overlay.pixmap)
        painter.end()

    def _prepare(self, layer: Layer, key: LayerKey, paint: Callable[[QPainter], None]) -> None:
        if not layer.fits(key):
            painter = QPainter(layer.begin(key))
            paint(painter)
            painter.end()

    def _paint_over(self, painter: QPainter) -> None:
        painter.drawPixmap(0, 0, self._marks.pixmap)
        self.paint_overlay(painter)

    def _restyle(self) -> None:
        self.renew()
