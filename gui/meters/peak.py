"""Peak meter: two bars from below, RMS inside peak, the true peak held over them, and a lamp that remembers what passed the ceiling."""
from collections.abc import Sequence
from math import inf

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gui.meters.ballistics import OverLamp, PeakBars
from gui.meters.bar import LABEL, LAMP, NUMBER, BarMeter
from gui.meters.bar_picture import NOWHERE, BarPicture
from gui.meters.reading import Pair, Reading
from gui.meters.scales import FEW_PEAK_LEVELS, PEAK, PEAK_LEVELS, RULED_PER_DB
from gui.theme import numbers, paint, theme
from gui.theme.sizes import SEMIBOLD
from mastering_rt.errors import grouped

OVERHANG = 4
BETWEEN = 3
LEVELS_GAP = 6
VISIBLE_OVER_DB = 0.005
LOW_BELOW = 160
WIDEST_OVER = "+8.8 over, 88"
LAMP_REACH = 12


class Told:
    """What stays written of one source: its largest true peak since play began, and its lamps."""

    def __init__(self) -> None:
        self.largest_dbtp = -inf
        self.lamps = (OverLamp(), OverLamp())
        self.over = False                        # whether one of them is passed just now


class PeakMeter(BarMeter):
    """Left and right. `cleared` comes when a hand puts the lamps out."""

    cleared = Signal()
    lays_ground = True

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        self.ceiling_dbtp: float | None = -1.0
        self._watched_dbtp, self._ceiling_y = -1.0, 0            # infinite where there is no ceiling
        self._bars = PeakBars(PEAK.lowest, VISIBLE_OVER_DB)
        self._across = 1
        self._picture: BarPicture | None = None
        self._picture_of = ("", NOWHERE)
        self._told_now = Told()
        self._told = {"master": self._told_now}
        super().__init__("Peak meter", parent, ground)
        self.setStatusTip("True peak of what is heard; a click on the lamps clears them, Shift+Backspace too")

    def show_reading(self, reading: Reading) -> None:
        self.show_peaks(reading.peak_dbfs, reading.rms_dbfs, reading.true_peak_dbtp, reading.time_s)

    def show_peaks(self, peak_dbfs: Pair, rms_dbfs: Pair, true_peak_dbtp: Pair, time_s: float) -> None:
        """Sixty times a second; left and right, as `Reading` has them."""
        moved = self._bars.follow(peak_dbfs, rms_dbfs, true_peak_dbtp, time_s)
        if moved is not None:
            self.update(self.lefts[0], moved[0], self._across, moved[1] - moved[0])
        told, loudest = self._told_now, max(true_peak_dbtp)
        if loudest > told.largest_dbtp:
            told.largest_dbtp = loudest
        if told.over or loudest > self._watched_dbtp:
            self._watch(told, true_peak_dbtp)
        if self._pace.due(time_s):
            self.show_number("peak", 0, numbers.number(told.largest_dbtp if told.largest_dbtp > -inf else None, plus=True))

    def _watch(self, told: Told, true_peak_dbtp: Pair) -> None:
        """Something is over the ceiling, or was a moment ago."""
        told.over = False
        for index, lamp in enumerate(told.lamps):
            passed = over(true_peak_dbtp[index], self._watched_dbtp)
            told.over = told.over or passed > 0
            if lamp.follow(passed):
                self.update(self.lamp_rect(index))
                self.update(self._foot())

    def show_source(self, source: str) -> None:
        super().show_source(source)
        self._told_now = self._told.setdefault(source, Told())

    @property
    def levels_db(self) -> tuple[float, float]:
        """Where the bars stand."""
        left, right = self._bars.bars
        return left.level_db, right.level_db

    def moved_in(self) -> None:
        self._across = self.lefts[1] + self.wide - self.lefts[0]
        self._ceiling_y = self.y_at(PEAK.fraction(self.ceiling_dbtp))
        self._picture_of = ("", NOWHERE)
        self._bars.lay_out(PEAK.ruled(self.top, self.bottom), PEAK.lowest, RULED_PER_DB, (self.top, self.bottom), self.lefts, (self.wide, self.cap))
        self._bars.show_ceiling(self._watched_dbtp, self._ceiling_y)

    def show_ceiling(self, dbtp: float | None) -> None:
        """The dotted line and what the lamps watch; None where there is no ceiling."""
        if dbtp != self.ceiling_dbtp:
            self.ceiling_dbtp, self._watched_dbtp = dbtp, dbtp if dbtp is not None else inf
            self.moved_in()
            self.update()

    def play_began(self) -> None:
        """The written peak starts anew; the lamps stay until a hand clears them."""
        for told in self._told.values():
            told.largest_dbtp = -inf

    def begin_song(self) -> None:
        """Another song: neither peak nor lamps are its own."""
        self._told_now = Told()
        self._told = {self.source: self._told_now}
        self.forget()
        self.update()

    def clear_over(self) -> None:
        """Puts the lamps out."""
        for told in self._told.values():
            for lamp in told.lamps:
                lamp.clear()
        self.update()
        self.cleared.emit()

    def forget(self) -> None:
        self._bars.forget()
        self._numbers.clear()

    def largest_dbtp(self) -> float:
        """The largest true peak of what is heard since play began."""
        return self._told_now.largest_dbtp

    def over_text(self) -> str:
        """"+0.4 over, 3", or nothing."""
        lamps = self._told_now.lamps
        count = sum(lamp.count for lamp in lamps)
        most = max(lamp.most_db for lamp in lamps)
        return f"{numbers.number(most, 1 if most >= 0.1 else 2, plus=True)} over, {grouped(count)}" if count else ""

    def arrange(self) -> int:
        self.wide = theme.px(theme.sizes.peak_bar)
        left = theme.px(OVERHANG)
        self.lefts = (left, left + self.wide + theme.px(BETWEEN))
        right = self.lefts[1] + self.wide
        self.centers = ((left + right) // 2,)
        self.levels_x = right + theme.px(LEVELS_GAP)
        return max(self.levels_x + paint.text_width(numbers.number(-60, 0), "scale"), left + paint.text_width(WIDEST_OVER, "scale", SEMIBOLD))

    def levels(self) -> Sequence[tuple[str, float]]:
        kept = PEAK_LEVELS if self.bottom - self.top >= LOW_BELOW * theme.scale else FEW_PEAK_LEVELS
        return [(numbers.number(level, 0), share) for level, share in PEAK.marks if level in kept]

    def lamp_rect(self, index: int) -> QRect:
        """The lamp over a bar."""
        return QRect(self.lefts[index], theme.px(LABEL + NUMBER), self.wide, theme.px(LAMP))

    def _foot(self) -> QRect:
        return QRect(0, self.bottom, self.width(), self.height() - self.bottom)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and event.position().y() < self.top + theme.px(LAMP_REACH):
            self.clear_over()

    def draw(self, painter: QPainter, area: QRect) -> None:
        coords: tuple[int, int, int, int] = area.getCoords()  # type: ignore[assignment]
        left, top, right, bottom = coords
        screen, x = paint.screen_of(painter), self.lefts[0]
        if screen[0] % 1 or left < x or right >= x + self._across or top < self.top or bottom >= self.bottom:     # more than what the bars hide
            painter.fillRect(area, theme.color(self.ground))
        if top < self.top:
            self._draw_head(painter)
        if bottom >= self.top and left < x + self._across:
            self._draw_bars(painter, screen, top, bottom)
        if self.ceiling_dbtp is not None and top <= self._ceiling_y <= bottom:
            end = self.lefts[1] + self.wide + theme.px(OVERHANG)
            paint.hairline(painter, 0, self._ceiling_y + 0.5, end, self._ceiling_y + 0.5, "text", (2, 2))
        if right >= self.levels_x:
            self.draw_levels(painter)
        if bottom >= self.bottom:
            paint.text(painter, self._foot().adjusted(theme.px(OVERHANG), 0, 0, 0), self.over_text(), "scale", "danger_text", weight=SEMIBOLD)

    def _draw_head(self, painter: QPainter) -> None:
        lamps = self._told_now.lamps
        self.draw_header(painter, 0, "Peak", "peak", "danger_text" if any(lamp.lit for lamp in lamps) else "text")
        for index, lamp in enumerate(lamps):
            paint.fill(painter, self.lamp_rect(index), "danger" if lamp.lit else "control")

    def _draw_bars(self, painter: QPainter, screen: paint.Screen, top: int, bottom: int) -> None:
        if self._picture is None or self._picture_of != (self.source, screen):
            self._picture_of = (self.source, screen)
            self._picture = BarPicture(QRect(self.lefts[0], self.top, self._across, self.bottom - self.top), screen, theme.color(self.ground))
            self._bars.show_inks(*[ink.rgb() for ink in self.inks])
        self._bars.paint(self._picture.pixels, screen, top, bottom)
        self._picture.draw(painter)

    def spoken_value(self) -> str:
        words = f"largest {numbers.quantity(self.largest_dbtp(), 'dBTP', 2, plus=True)}"
        return f"{words}, {self.over_text()}" if self.over_text() else words


def over(true_peak_dbtp: float, ceiling_dbtp: float) -> float:
    """How far a true peak passes the ceiling, nothing while it would read 0.00."""
    passed = true_peak_dbtp - ceiling_dbtp
    return passed if passed > VISIBLE_OVER_DB else 0.0
