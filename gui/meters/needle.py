"""Two bars for what once was a needle: programme meters, VU, K-System. How they move is in what they are given, not here."""
from collections.abc import Sequence
from math import inf

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.meters.ballistics import Fall, Hold
from gui.meters.bar import BarMeter
from gui.meters.reading import SILENT, Pair
from gui.meters.scales import Face
from gui.theme import numbers, paint, theme

BETWEEN, LEVELS_GAP, OVERHANG = 3, 6, 4
LETTERS = ("L", "R")
LETTER_ROOM = 16
LEFT, RIGHT = CHANNELS = (0, 1)


class NeedleMeter(BarMeter):
    """Left and right on the face of a meter. With peaks the bar has a weak part above the strong one."""

    def __init__(self, name: str, face: Face, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        self.face = face
        self._falls, self._peak_falls = [Fall(-inf), Fall(-inf)], [Fall(-inf), Fall(-inf)]
        self._holds = [Hold(), Hold()]
        self._levels_db: list[tuple[float, float, float]] = [(-inf, -inf, -inf)] * 2
        self._ys = [(0, 0, 0), (0, 0, 0)]
        self._zero_y = 0
        self._largest = -inf
        super().__init__(name, parent, ground)

    def show_face(self, face: Face) -> None:
        """Another scale, perhaps of another meter: what was held belongs to the one before."""
        if face != self.face:
            self.face = face
            self.forget()
            self._restyle()

    def show_levels(self, dbfs: Pair, time_s: float, peaks_dbfs: Pair = SILENT) -> None:
        """As often as there is a picture. What falls faster than the meter itself would is held back to its own speed."""
        for index in CHANNELS:
            level = self._falls[index].follow(dbfs[index], time_s)
            peak = self._peak_falls[index].follow(peaks_dbfs[index], time_s)
            self._levels_db[index] = (level, max(level, peak), self._holds[index].follow(max(level, peak), time_s))
            self._largest = max(self._largest, level)
            self._show_bar(index)
        if self._pace.due(time_s):
            now = max(self._levels_db[LEFT][0], self._levels_db[RIGHT][0])
            self.show_number("now", 0, numbers.number(self.face.reading(now) if now > -inf else None, plus=self.face.signed))

    def _show_bar(self, index: int) -> None:
        before, now = self._ys[index], self._lines(index)
        if before != now:
            self._ys[index] = now
            self.strip(index, *(y for was, is_ in zip(before, now, strict=True) if was != is_ for y in (was, is_)))

    def _lines(self, index: int) -> tuple[int, int, int]:
        level, peak, hold = (self.y_at(self.face.scale.fraction(db)) for db in self._levels_db[index])
        return level, peak, hold

    def moved_in(self) -> None:
        self._zero_y = self.y_at(self.face.scale.fraction(self.face.zero_dbfs))
        self._ys = [self._lines(index) for index in CHANNELS]

    def forget(self) -> None:
        rate = self.face.fall_db_per_s
        self._falls, self._peak_falls = [Fall(-inf, rate), Fall(-inf, rate)], [Fall(-inf), Fall(-inf)]
        self._holds = [Hold(), Hold()]
        self._levels_db = [(-inf, -inf, -inf)] * 2
        self._largest = -inf
        self._numbers.clear()
        self.moved_in()

    def arrange(self) -> int:
        self.wide = theme.px(theme.sizes.peak_bar)
        left = theme.px(OVERHANG)
        self.lefts = (left, left + self.wide + theme.px(BETWEEN))
        right = self.lefts[1] + self.wide
        self.centers = ((left + right) // 2,)
        self.levels_x = right + theme.px(LEVELS_GAP)
        widest = max(paint.text_width(words, "scale") for words, _ in self.face.marks)
        return self.levels_x + widest

    def levels(self) -> Sequence[tuple[str, float]]:
        return [(words, self.face.scale.fraction(dbfs)) for words, dbfs in self.face.marks]

    def draw(self, painter: QPainter, area: QRect) -> None:
        if area.top() < self.top:
            self.draw_header(painter, 0, "", "now")
        for index in CHANNELS:
            if self.lefts[index] <= area.right() and self.lefts[index] + self.wide > area.left():
                self._draw_bar(painter, index)
        if area.top() <= self._zero_y <= area.bottom():
            right = self.lefts[1] + self.wide + theme.px(OVERHANG)
            paint.hairline(painter, 0, self._zero_y + 0.5, right, self._zero_y + 0.5, "text", (2, 2))
        alert = self.face.alert_dbfs
        if alert is not None:
            y = self.y_at(self.face.scale.fraction(alert))
            if area.top() <= y <= area.bottom():
                paint.hairline(painter, 0, y + 0.5, self.lefts[1] + self.wide + theme.px(OVERHANG), y + 0.5, "text3")
        if area.right() >= self.levels_x:
            self.draw_levels(painter)
        if area.bottom() >= self.bottom:
            for index, letter in enumerate(LETTERS):
                room = QRect(self.lefts[index], self.bottom, self.wide, theme.px(LETTER_ROOM))
                paint.text(painter, room, letter, "scale", "text3", paint.CENTER)

    def _draw_bar(self, painter: QPainter, index: int) -> None:
        x, wide, bottom, cap = self.lefts[index], self.wide, self.bottom, self.cap
        level, peak, hold = self._ys[index]
        painter.fillRect(x, self.top, wide, bottom - self.top, theme.color("well"))
        if peak < level:
            painter.fillRect(x, peak, wide, level - peak, theme.color(f"{self.source}_body"))
        if level < bottom:
            painter.fillRect(x, level, wide, bottom - level, theme.color(f"{self.source}_mid"))
            painter.fillRect(x, level, wide, min(cap, bottom - level), theme.color(self.source))
        if hold < bottom:
            painter.fillRect(x, max(hold - cap, self.top), wide, cap, theme.color("text"))

    def spoken_value(self) -> str:
        return f"{self.face.title}, largest {numbers.quantity(self.face.reading(self._largest) if self._largest > -inf else None, self.face.unit)}"
