"""Peak meter: two bars from below, RMS inside peak, the true peak held over them, and a lamp that remembers what passed the ceiling."""
from collections.abc import Sequence
from math import inf

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gui.meters.ballistics import Fall, Hold, OverLamp
from gui.meters.bar import LABEL, LAMP, NUMBER, BarMeter
from gui.meters.reading import Reading
from gui.meters.scales import FEW_PEAK_LEVELS, PEAK, PEAK_LEVELS, Ruled
from gui.theme import numbers, paint, theme
from gui.theme.sizes import SEMIBOLD

OVERHANG = 4
BETWEEN = 3
LEVELS_GAP = 6
VISIBLE_OVER_DB = 0.005
CHANNELS = (0, 1)
LOW_BELOW = 160
WIDEST_OVER = "+8.8 over, 88"
LAMP_REACH = 12


class Channel:
    """What one bar remembers, and the lines at which it stands."""

    def __init__(self) -> None:
        self.fall = Fall(PEAK.lowest)
        self.hold = Hold()
        self.level_db = self.rms_db = self.hold_db = -inf
        self.lines = (0, 0, 0)

    def follow(self, peak_dbfs: float, rms_dbfs: float, true_peak_dbtp: float, time_s: float) -> None:
        """Takes one reading of this channel."""
        self.level_db = self.fall.follow(peak_dbfs, time_s)
        self.rms_db = min(rms_dbfs, self.level_db)
        self.hold_db = self.hold.follow(max(true_peak_dbtp, self.level_db), time_s)


class Told:
    """What stays written of one source: its largest true peak since play began, and its lamps."""

    def __init__(self) -> None:
        self.largest_dbtp = -inf
        self.lamps = (OverLamp(), OverLamp())


class PeakMeter(BarMeter):
    """Left and right. `cleared` comes when a hand puts the lamps out."""

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        self.ceiling_dbtp: float | None = -1.0
        self._ceiling_y = 0
        self._channels = [Channel(), Channel()]
        self._ruled = Ruled(PEAK, 0, 1)
        self._told: dict[str, Told] = {}
        super().__init__("Peak meter", parent, ground)
        self.setStatusTip("True peak of what is heard; a click on the lamps clears them, Shift+Backspace too")

    def show_reading(self, reading: Reading) -> None:
        """Sixty times a second."""
        told = self._of_source()
        for index, channel in enumerate(self._channels):
            true_peak = reading.true_peak_dbtp[index]
            channel.follow(reading.peak_dbfs[index], reading.rms_dbfs[index], true_peak, reading.time_s)
            self._show_bar(index, channel)
            told.largest_dbtp = max(told.largest_dbtp, true_peak)
            if self.ceiling_dbtp is not None and told.lamps[index].follow(over(true_peak, self.ceiling_dbtp)):
                self.update(self.lamp_rect(index))
                self.update(self._foot())
        if self._pace.due(reading.time_s):
            self.show_number("peak", 0, numbers.number(told.largest_dbtp if told.largest_dbtp > -inf else None, plus=True))

    def _of_source(self) -> Told:
        return self._told.setdefault(self.source, Told())

    def _lines(self, channel: Channel) -> tuple[int, int, int]:
        """Where level, RMS and hold stand."""
        y_of = self._ruled.y_of
        return y_of(channel.level_db), y_of(channel.rms_db), y_of(channel.hold_db)

    def _show_bar(self, index: int, channel: Channel) -> None:
        before, now = channel.lines, self._lines(channel)
        if before != now:
            channel.lines = now
            self.strip(index, *[y for was, is_ in zip(before, now, strict=True) if was != is_ for y in (was, is_)])

    def moved_in(self) -> None:
        self._ruled = Ruled(PEAK, self.top, self.bottom)
        self._ceiling_y = self.y_at(PEAK.fraction(self.ceiling_dbtp))
        for channel in self._channels:
            channel.lines = self._lines(channel)

    def show_ceiling(self, dbtp: float | None) -> None:
        """The dotted line and what the lamps watch; None where there is no ceiling."""
        if dbtp != self.ceiling_dbtp:
            self.ceiling_dbtp = dbtp
            self.moved_in()
            self.update()

    def play_began(self) -> None:
        """The written peak starts anew; the lamps stay until a hand clears them."""
        for told in self._told.values():
            told.largest_dbtp = -inf

    def begin_song(self) -> None:
        """Another song: neither peak nor lamps are its own."""
        self._told.clear()
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
        self._channels = [Channel(), Channel()]
        self._numbers.clear()
        self.moved_in()

    def largest_dbtp(self) -> float:
        """The largest true peak of what is heard since play began."""
        return self._of_source().largest_dbtp

    def over_text(self) -> str:
        """"+0.4 over, 3", or nothing."""
        lamps = self._of_source().lamps
        count = sum(lamp.count for lamp in lamps)
        most = max(lamp.most_db for lamp in lamps)
        return f"{numbers.number(most, 1 if most >= 0.1 else 2, plus=True)} over, {count}" if count else ""

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
        if area.top() < self.top:
            self._draw_head(painter)
        for index, channel in enumerate(self._channels):
            if self.lefts[index] <= area.right() and self.lefts[index] + self.wide > area.left():
                self._draw_bar(painter, self.lefts[index], channel)
        if self.ceiling_dbtp is not None and area.top() <= self._ceiling_y <= area.bottom():
            right = self.lefts[1] + self.wide + theme.px(OVERHANG)
            paint.hairline(painter, 0, self._ceiling_y + 0.5, right, self._ceiling_y + 0.5, "text", (2, 2))
        self.draw_levels(painter, area)
        if area.bottom() >= self.bottom:
            paint.text(painter, self._foot().adjusted(theme.px(OVERHANG), 0, 0, 0), self.over_text(), "scale", "danger_text", weight=SEMIBOLD)

    def _draw_head(self, painter: QPainter) -> None:
        lamps = self._of_source().lamps
        self.draw_header(painter, 0, "Peak", "peak", "danger_text" if any(lamp.lit for lamp in lamps) else "text")
        for index, lamp in enumerate(lamps):
            paint.fill(painter, self.lamp_rect(index), "danger" if lamp.lit else "control")

    def _draw_bar(self, painter: QPainter, x: int, channel: Channel) -> None:
        wide, bottom, cap = self.wide, self.bottom, self.cap
        level, rms, hold = channel.lines
        well, weak, strong, line, mark, danger = self.inks
        painter.fillRect(x, self.top, wide, level - self.top, well)
        if level < bottom:
            painter.fillRect(x, level, wide, rms - level, weak)
            painter.fillRect(x, rms, wide, bottom - rms, strong)
            above = self.ceiling_dbtp is not None and channel.level_db > self.ceiling_dbtp + VISIBLE_OVER_DB
            if above and level < self._ceiling_y:
                painter.fillRect(x, level, wide, self._ceiling_y - level, danger)
            painter.fillRect(x, level, wide, min(cap, bottom - level), danger if above else line)
        if hold < bottom:
            painter.fillRect(x, max(hold - cap, self.top), wide, cap, mark)

    def spoken_value(self) -> str:
        words = f"largest {numbers.quantity(self.largest_dbtp(), 'dBTP', 2)}"
        return f"{words}, {self.over_text()}" if self.over_text() else words


def over(true_peak_dbtp: float, ceiling_dbtp: float) -> float:
    """How far a true peak passes the ceiling, nothing while it would read 0.00."""
    passed = true_peak_dbtp - ceiling_dbtp
    return passed if passed > VISIBLE_OVER_DB else 0.0
