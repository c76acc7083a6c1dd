"""Loudness meter: momentary and short-term, the song's largest as a mark, the other source's value of this moment as a triangle."""
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.meters.ballistics import LoudnessBars
from gui.meters.bar import BarMeter
from gui.meters.bar_picture import NOWHERE, BarPicture
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
        self._bars = LoudnessBars()
        self._picture: BarPicture | None = None
        self._picture_of, self._triangle_of = ("", NOWHERE), ("", 0.0)
        self._triangle = QPixmap()
        self._triangle_xs, self._room = (0, 0), 0
        self._end = 0
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
        moved = self._bars.follow(momentary, short_term, reading.other_momentary_lufs, reading.other_short_term_lufs)
        if moved is not None:
            self.update(*moved)
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
        self._picture_of, self._triangle_of = ("", NOWHERE), ("", 0.0)
        self._room, self._end = theme.px(TRIANGLE), self.lefts[1] + self.wide
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
        left, top, right, bottom = coords
        if top < self.head:
            for index, label in enumerate(LABELS):
                self.draw_header(painter, index, label, label)
        screen = paint.screen_of(painter)
        if bottom >= self.top and left < self._end:
            self._draw_bars(painter, screen, top, bottom)
        if self._target_y and top <= self._target_y <= bottom:
            self._draw_target(painter)
        if left < self.lefts[1]:
            self._draw_others(painter, screen[0], coords)
        if right >= self.levels_x:
            self.draw_levels(painter)

    def _draw_bars(self, painter: QPainter, screen: paint.Screen, top: int, bottom: int) -> None:
        if self._picture is None or self._picture_of != (self.source, screen):
            self._picture_of = (self.source, screen)
            area = QRect(self.lefts[0], self.top, self._end - self.lefts[0], self.bottom - self.top)
            self._picture = BarPicture(area, screen, theme.color(self.ground))
            well, _, strong, line, mark, _ = self.inks
            self._bars.show_inks(well.rgb(), strong.rgb(), line.rgb(), mark.rgb())
        self._bars.paint(self._picture.pixels, screen, top, bottom)
        self._picture.draw(painter)

    def _draw_target(self, painter: QPainter) -> None:
        y, over = self._target_y + 0.5, theme.px(2)
        for x in self.lefts:
            paint.hairline(painter, x - over, y, x + self.wide + over, y, "text", (2, 2))

    def _draw_others(self, painter: QPainter, ratio: float, coords: tuple[int, int, int, int]) -> None:
        """The triangles that lie between two columns and two lines."""
        left, top, right, bottom = coords
        for x, y, bar in zip(self._triangle_xs, self._bars.others_at, self.lefts, strict=True):
            if left < bar and x <= right and top <= y + self._room and y - self._room <= bottom + 1 and y < self.bottom:
                if self._triangle_of != (self.other, ratio):
                    self._triangle_of, self._triangle = (self.other, ratio), self._make_triangle(ratio)
                painter.drawPixmap(x, y - self._room, self._triangle)

    def _make_triangle(self, ratio: float) -> QPixmap:
        """The mark of the other source."""
        room = self._room
        half = room / 2 + 1
        picture = QPixmap(round((room + 1) * ratio), round(2 * room * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(paint.SMOOTH, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self.other))
        painter.drawPolygon(QPolygonF([QPointF(room, room), QPointF(0, room - half), QPointF(0, room + half)]))
        painter.end()
        return picture

    def spoken_value(self) -> str:
        momentary, short_term = (self.face.spoken(level) for level in self._now)
        return f"momentary {momentary}, short-term {short_term}"
