"""The song view with markers: small plates with names at the upper edge of the ruler, dragged, named, taken away. Neutral, for the hand sets them."""
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.plots.song import DRAG_FROM_PX, SongView
from gui.plots.song_data import Parts, SongScene
from gui.theme import paint, theme
from gui.theme.numbers import clock

HEIGHT, PAD, WIDEST, REACH = 14, 5, 110, 5


@dataclass(frozen=True)
class Mark:
    """A named place in the song."""

    frame: int
    name: str


@dataclass(frozen=True)
class Plate:
    """Where a marker stands: its place in the list, its pixel, the width of its plate."""

    index: int
    px: float
    width: float


def plates(marks: Sequence[Mark], scene: SongScene, parts: Parts) -> list[Plate]:
    """Of the markers in view, each as wide as the next one leaves it."""
    seen = [(index, float(round(scene.px_of(mark.frame, parts.data_right)))) for index, mark in enumerate(marks)]
    seen = [(index, px) for index, px in seen if 0 <= px <= parts.data_right]
    ends = [px for _, px in seen[1:]] + [float(parts.data_right)]
    return [Plate(index, px, max(float(theme.px(REACH)), min(wanted(marks[index].name), end - px - theme.px(3))))
            for (index, px), end in zip(seen, ends, strict=False)]


def wanted(name: str) -> float:
    """Width of a whole plate."""
    return float(min(paint.text_width(name, "scale") + 2 * theme.px(PAD), theme.px(WIDEST)))


class MarkedSongView(SongView):
    """A `SongView` whose markers answer the hand: a click goes there, a drag moves, a double click names, the right button has the rest."""

    marker_moved = Signal(int, "qlonglong")  # type: ignore[arg-type]
    marker_named = Signal(int)
    marker_menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.markers: list[Mark] = []
        self._held: int | None = None            # the marker in the hand
        self._held_from = self._held_px = 0.0    # its frame and the pointer's pixel when it was taken
        super().__init__(parent)

    def set_markers(self, markers: Sequence[Mark]) -> None:
        """In the order of the song."""
        self.markers = list(markers)
        self._held = None
        self.renew_ground()

    def paint_ground(self, painter: QPainter) -> None:
        shown = plates(self.markers, self.scene, self.parts) if self.scene.view.total else []
        self.scene.covered_px = tuple((plate.px, plate.px + plate.width) for plate in shown)
        super().paint_ground(painter)
        for plate in shown:
            self._paint_plate(painter, plate)

    def _paint_plate(self, painter: QPainter, plate: Plate) -> None:
        painter.setPen(QPen(theme.color("text2"), 0))
        painter.drawLine(round(plate.px), 0, round(plate.px), self.parts.ruler)
        area = QRectF(plate.px, 0, plate.width, theme.px(HEIGHT))
        paint.fill(painter, area, "hover")
        room = area.adjusted(theme.px(PAD), 0, -theme.px(PAD) / 2, 0)
        if room.width() >= theme.px(10):
            paint.text(painter, room, self.markers[plate.index].name, "scale", "text")

    def marker_at(self, at: QPointF) -> int | None:
        """The marker whose plate is under a point; of two the later one, which lies on top."""
        if at.y() >= theme.px(HEIGHT) or not self.scene.view.total:
            return None
        reach = theme.px(REACH)
        hits = [plate.index for plate in plates(self.markers, self.scene, self.parts) if plate.px - reach <= at.x() <= plate.px + max(plate.width, reach)]
        return hits[-1] if hits else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        marker = self.marker_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if marker is None:
            super().mousePressEvent(event)
        else:
            self._held, self._held_from, self._held_px = marker, self.markers[marker].frame, event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            super().mouseMoveEvent(event)
        elif abs(event.position().x() - self._held_px) >= DRAG_FROM_PX or self.markers[self._held].frame != self._held_from:
            frame = self.scene.frame_at(event.position().x(), self.parts.data_right)
            self.markers[self._held] = replace(self.markers[self._held], frame=frame)
            self.renew_ground()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """One that was moved is told once; one that was only pressed is gone to."""
        if self._held is None or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        held, self._held = self._held, None
        frame = self.markers[held].frame
        if frame != self._held_from:
            self.marker_moved.emit(held, frame)
        else:
            self.seek_requested.emit(frame)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        marker = self.marker_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if marker is None:
            super().mouseDoubleClickEvent(event)
        else:
            self._held = None
            self.marker_named.emit(marker)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        marker = self.marker_at(QPointF(event.pos()))
        if marker is None:
            super().contextMenuEvent(event)
        else:
            self.marker_menu_asked.emit(marker, event.globalPos())

    def tip_at(self, at: QPointF) -> str:
        """Over a plate the whole name."""
        marker = self.marker_at(at)
        if marker is None:
            return super().tip_at(at)
        mark = self.markers[marker]
        return f"{mark.name}, {clock(mark.frame / self.scene.rate)}"

    def spoken_value(self) -> str:
        here = [mark.name for mark in self.markers if mark.frame == self.position]
        return "; ".join([super().spoken_value(), *here])
