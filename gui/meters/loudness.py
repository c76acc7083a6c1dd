"""Loudness meter: momentary and short-term, the song's largest as a mark, the other source's value of this moment as a triangle."""
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

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
        self._now = self._others = self._largest = NOTHING
        self._ys, self._other_ys, self._largest_ys = [0, 0], [0, 0], [0, 0]
        self._picture, self._drawn_for = QPixmap(), ("", "", 0.0, 0.0)
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
        self._now = (reading.momentary_lufs, reading.short_term_lufs)
        self._others = (reading.other_momentary_lufs, reading.other_short_term_lufs)
        for index in (0, 1):
            before, after = self._ys[index], self._y(self._now[index])
            if before != after:
                self._ys[index] = after
                self.strip(index, before, after)
            before, after = self._other_ys[index], self._y(self._others[index])
            if before != after:
                self._other_ys[index] = after
                self._update_triangle(index, before, after)
        if self._pace.due(reading.time_s):
            for index, label in enumerate(LABELS):
                self.show_number(label, index, self.face.text(self._now[index]))

    def _update_triangle(self, index: int, before: int, after: int) -> None:
        room = theme.px(TRIANGLE)
        self.update(self.lefts[index] - room - 3, min(before, after) - room, room + 3, abs(after - before) + 2 * room)

    def show_other(self, source: str) -> None:
        """Whose value the triangles tell."""
        if source != self.other:
            self.other = source
            self.update()

    def show_largest(self, momentary_lufs: float | None, short_term_lufs: float | None) -> None:
        """The largest of the whole song, as marks."""
        if (momentary_lufs, short_term_lufs) != self._largest:
            self._largest = (momentary_lufs, short_term_lufs)
            self.moved_in()
            self.update()

    def _y(self, level: float | None) -> int:
        return self.y_at(self._scale.fraction(level))

    def moved_in(self) -> None:
        self._target_y = self._y(self.face.target_lufs) if self.face.relative else 0
        self._ys, self._other_ys, self._largest_ys = ([self._y(level) for level in levels] for levels in (self._now, self._others, self._largest))

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
        for index, label in enumerate(LABELS):
            if area.top() < self.top:
                self.draw_header(painter, index, label, label)
            self._draw_bar(painter, index)
            if area.left() < self.lefts[index]:
                self._draw_other(painter, index)
        self.draw_levels(painter, area)

    def _draw_bar(self, painter: QPainter, index: int) -> None:
        x, wide, bottom, cap = self.lefts[index], self.wide, self.bottom, self.cap
        level, largest = self._ys[index], self._largest_ys[index]
        well, _, strong, line, mark, _ = self.inks
        painter.fillRect(x, self.top, wide, level - self.top, well)
        if level < bottom:
            painter.fillRect(x, level, wide, bottom - level, strong)
            painter.fillRect(x, level, wide, min(cap, bottom - level), line)
        if largest < bottom:
            painter.fillRect(x, max(largest - cap, self.top), wide, cap, mark)
        if self._target_y:
            paint.hairline(painter, x - theme.px(2), self._target_y + 0.5, x + wide + theme.px(2), self._target_y + 0.5, "text", (2, 2))

    def _draw_other(self, painter: QPainter, index: int) -> None:
        y = self._other_ys[index]
        if y >= self.bottom:
            return
        room = theme.px(TRIANGLE)
        picture = self._triangle()
        painter.drawPixmap(self.lefts[index] - 1 - room, y - room, picture)

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
