"""Loudness meter: momentary and short-term, the song's largest as a mark, the other source's value of this moment as a triangle."""
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.meters.ballistics import LoudnessBars
from gui.meters.bar import BarMeter
from gui.meters.loudness_face import LoudnessFace
from gui.meters.reading import Reading
from gui.theme import numbers, paint, theme

LEFT = 18
TRIANGLE = 8
LEVELS_GAP = 9
OUTWARD = 3
BETWEEN = {"comfortable": 28, "compact": 26}
LABELS = ("M", "S")
Levels = tuple[float | None, float | None]
NOTHING: Levels = (None, None)


class LoudnessMeter(BarMeter):
    """M over 400 ms and S over 3 s, in LUFS, or in LU over a target."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        self.other = "mix"
        self.face = LoudnessFace()
        self._scale = self.face.scale
        self._target_y = 0
        self._now = self._largest = NOTHING
        self._bars, self._painted_in = LoudnessBars(), ("", "")
        self._picture, self._drawn_for = QPixmap(), ("", "", 0.0, 0.0)
        self._triangle_xs, self._room = (0, 0), 0
        super().__init__("Loudness meter", parent, ground)

    def show_face(self, face: LoudnessFace) -> None:
        """Other marks and numbers."""
        if face != self.face:
            self.face, self._scale = face, face.scale
            self._numbers.clear()
            self.measure()
            self.update()

    def show_reading(self, reading: Reading) -> None:
        """Sixty times a second."""
        momentary, short_term = self._now = reading.momentary_lufs, reading.short_term_lufs
        for area in self._bars.follow(momentary, short_term, reading.other_momentary_lufs, reading.other_short_term_lufs):
            self.update(*area)
        if self._pace.due(reading.time_s):
            for index, label in enumerate(LABELS):
                self.show_number(label, index, self.face.text(self._now[index]))

    def show_other(self, source: str) -> None:
        """Whose value the triangles tell."""
        if source != self.other:
            self.other = source
            self.update()

    def show_largest(self, momentary_lufs: float | None, short_term_lufs: float | None) -> None:
        """The largest of the whole song, as marks."""
        if (momentary_lufs, short_term_lufs) != self._largest:
            self._largest = (momentary_lufs, short_term_lufs)
            self._bars.show_largest(momentary_lufs, short_term_lufs)
            self.update()

    def moved_in(self) -> None:
        self._room = theme.px(TRIANGLE)
        self._triangle_xs = (self.lefts[0] - 1 - self._room, self.lefts[1] - 1 - self._room)
        self._bars.lay_out(self._scale.levels, self._scale.shares, (self.top, self.bottom), self.lefts, (self.wide, self.cap, self._room))
        self._target_y = self._bars.line_of(self.face.target_lufs) if self.face.relative else 0

    def forget(self) -> None:
        self._numbers.clear()

    def arrange(self) -> int:
        self.wide = theme.px(theme.sizes.loudness_bar)
        left = theme.px(LEFT)
        self.lefts = (left, left + self.wide + theme.px(BETWEEN[theme.density]))
        outward = theme.px(OUTWARD)
        self.centers = (self.lefts[0] + self.wide // 2 - outward, self.lefts[1] + self.wide // 2 + outward)
        self.levels_x = self.lefts[1] + self.wide + theme.px(LEVELS_GAP)
        return self.levels_x + paint.text_width(numbers.number(-60, 0), "scale")

    def levels(self) -> Sequence[tuple[str, float]]:
        return self.face.levels()

    def draw(self, painter: QPainter, area: QRect) -> None:
        coords: tuple[int, int, int, int] = area.getCoords()  # type: ignore[assignment]
        left, top, right, _ = coords
        if top < self.top:
            for index, label in enumerate(LABELS):
                self.draw_header(painter, index, label, label)
        if self._painted_in != (self.source, theme.name):
            self._painted_in = (self.source, theme.name)
            well, _, strong, line, mark, _ = self.inks
            self._bars.show_inks(well, strong, line, mark)
        for band in self._bars.bands(coords):
            painter.fillRect(*band)
        if self._target_y:
            self._draw_target(painter)
        if left < self.lefts[1]:
            self._draw_others(painter, left, right)
        if right >= self.levels_x:
            self.draw_levels(painter)

    def _draw_target(self, painter: QPainter) -> None:
        y, over = self._target_y + 0.5, theme.px(2)
        for x in self.lefts:
            paint.hairline(painter, x - over, y, x + self.wide + over, y, "text", (2, 2))

    def _draw_others(self, painter: QPainter, left: int, right: int) -> None:
        """The triangles that lie between two columns."""
        picture = self._triangle()
        for x, y, bar in zip(self._triangle_xs, self._bars.others_at, self.lefts, strict=True):
            if left < bar and x <= right and y < self.bottom:
                painter.drawPixmap(x, y - self._room, picture)

    def _triangle(self) -> QPixmap:
        """The mark of the other source, drawn once."""
        key = (self.other, theme.name, theme.scale, self.devicePixelRatioF())
        if self._drawn_for != key:
            room, ratio = theme.px(TRIANGLE), key[-1]
            half = room / 2 + 1
            self._drawn_for, self._picture = key, QPixmap(round((room + 1) * ratio), round(2 * room * ratio))
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            painter.setRenderHint(paint.SMOOTH, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(self.other))
            painter.drawPolygon(QPolygonF([QPointF(room, room), QPointF(0, room - half), QPointF(0, room + half)]))
            painter.end()
        return self._picture

    def spoken_value(self) -> str:
        momentary, short_term = (self.face.spoken(level) for level in self._now)
        return f"momentary {momentary}, short-term {short_term}"
