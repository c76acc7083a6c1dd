"""What all painted widgets share: an opaque ground, the theme, a hover that fades in, and gestures that make one undo step."""
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from gui.controls import access
from gui.theme import mixed, theme

if TYPE_CHECKING:
    Mixed = QWidget
else:
    Mixed = object

HOVER_IN_MS = 80


class Painted(Mixed):
    """To be mixed in before a Qt widget class. Subclasses write `measure` (sizes from the theme) and `draw` (the picture)."""

    ground: str = "panel"
    hovered: bool = False
    hover_share: float = 0.0
    ring_gap: int | None = 2
    clips_ring = False                       # whether what it holds is cut at its edges, focus ring and all
    lays_ground = False                      # whether `draw` lays the ground itself, where it can be seen
    _fade: QVariantAnimation | None = None
    _event: QPaintEvent | None = None        # while painting
    _dirty: QRegion | None = None

    def set_up(self, name: str, ground: str, *, focus: bool = True) -> None:
        """Once, at the end of `__init__`: name for assistive technology, and the palette token of the plane behind the widget."""
        access.install()
        self.ground = ground
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if focus else Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self._restyle)
        self.measure()

    def measure(self) -> None:
        """Takes sizes from the theme; called again whenever it changes."""

    def draw(self, painter: QPainter, area: QRect) -> None:
        """Paints what lies in `area`; the ground is there already, unless it `lays_ground` itself, and for what only holds other widgets it is all there is."""

    def ring_area(self) -> QRect:
        """What the focus ring goes around."""
        return self.rect()

    def plane(self, rest: str, over: str = "hover") -> QColor:
        """The colour of a plane that turns from `rest` to `over` under the pointer."""
        if self.hover_share in (0.0, 1.0):
            return theme.color(over if self.hover_share else rest)
        return mixed(theme.color(rest), theme.color(over), self.hover_share)

    def touched(self, area: QRect) -> bool:
        """While painting: whether any of `area` is to be painted anew. Text that is not touched is not laid out."""
        if self._dirty is None:
            self._dirty = self._event.region() if self._event is not None else QRegion(self.rect())
        return self._dirty.intersects(area)

    def paintEvent(self, event: QPaintEvent) -> None:
        area, self._event, self._dirty = event.rect(), event, None
        painter = QPainter(self)
        try:
            if not self.lays_ground:
                painter.fillRect(area, theme.color(self.ground))
            self.draw(painter, area)
        finally:
            painter.end()
            self._event = None

    def enterEvent(self, event: QEnterEvent) -> None:
        self.show_hover(True)
        super().enterEvent(event)

    def leaveEvent(self, event: object) -> None:
        self.show_hover(False)
        super().leaveEvent(event)  # type: ignore[arg-type]

    def show_hover(self, hovered: bool) -> None:
        """Fades the hover plane in over 80 ms and takes it away at once."""
        self.hovered = hovered
        if self._fade is not None:
            self._fade.stop()
        if not hovered or theme.reduce_motion:
            self._set_hover_share(1.0 if hovered else 0.0)
            return
        if self._fade is None:
            self._fade = QVariantAnimation(self)
            self._fade.setDuration(HOVER_IN_MS)
            self._fade.setEndValue(1.0)
            self._fade.valueChanged.connect(self._set_hover_share)
        self._fade.setStartValue(self.hover_share)
        self._fade.start()

    def _set_hover_share(self, share: float) -> None:
        if share != self.hover_share:
            self.hover_share = share
            self.update()

    def _restyle(self) -> None:
        self.measure()
        self.update()


class Control(Painted, QWidget):
    """A painted widget with a value. One press-drag-release, one burst of the wheel, one typed text is one gesture."""

    gesture_started = Signal()
    gesture_ended = Signal()
