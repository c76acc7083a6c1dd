"""Peak meter: two bars from below, RMS inside peak, the true peak held over them, and a lamp that remembers what passed the ceiling."""
from math import inf

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gui.meters.ballistics import Fall, Hold, OverLamp
from gui.meters.bar import CAP, FOOT, GAP, LABEL, LAMP, NUMBER, BarMeter
from gui.meters.reading import Reading
from gui.meters.scales import FEW_PEAK_LEVELS, PEAK, PEAK_LEVELS, fraction
from gui.theme import numbers, paint, theme
from gui.theme.sizes import SEMIBOLD

OVERHANG = 4
BETWEEN = 3
LEVELS_GAP = 6
VISIBLE_OVER_DB = 0.005
CHANNELS = (0, 1)
LOW_BELOW = 160
WIDEST_OVER = "+8.8 over, 88"


class Channel:
    """What one bar remembers."""

    def __init__(self) -> None:
        self.fall = Fall(PEAK[-1][0])
        self.hold = Hold()
        self.level_db = self.rms_db = self.hold_db = -inf

    def follow(self, peak_dbfs: float, rms_dbfs: float, true_peak_dbtp: float, time_s: float) -> None:
        """Takes one reading of this channel."""
        self.level_db = self.fall.follow(peak_dbfs, time_s)
        self.rms_db = min(rms_dbfs, self.level_db)
        self.hold_db = self.hold.follow(true_peak_dbtp, time_s)


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
        self._channels = [Channel(), Channel()]
        self._told: dict[str, Told] = {}
        self._seen: list[tuple[int, int, int]] = [(0, 0, 0), (0, 0, 0)]
        super().__init__("Peak meter", parent, ground)
        self.setStatusTip("True peak of what is heard; a click on the lamps clears them, Shift+Backspace too")

    def show_reading(self, reading: Reading) -> None:
        """Sixty times a second."""
        told = self._of_source()
        for index in CHANNELS:
            true_peak = reading.true_peak_dbtp[index]
            self._channels[index].follow(reading.peak_dbfs[index], reading.rms_dbfs[index], true_peak, reading.time_s)
            self._show_bar(index)
            told.largest_dbtp = max(told.largest_dbtp, true_peak)
            if self.ceiling_dbtp is not None and told.lamps[index].follow(over(true_peak, self.ceiling_dbtp)):
                self.update(self.lamp_rect(index))
                self.update(self._foot())
        if self._pace.due(reading.time_s):
            self.show_number("peak", numbers.number(told.largest_dbtp, plus=True), self.header_rect(self._center(), 1))

    def _of_source(self) -> Told:
        return self._told.setdefault(self.source, Told())

    def _show_bar(self, index: int) -> None:
        channel = self._channels[index]
        seen = tuple(self.y_at(fraction(PEAK, db)) for db in (channel.level_db, channel.rms_db, channel.hold_db))
        before = self._seen[index]
        moved = [y for was, now in zip(before, seen, strict=True) if was != now for y in (was, now)]
        if moved:
            self._seen[index] = (seen[0], seen[1], seen[2])
            self.strip(index, *moved)

    def show_ceiling(self, dbtp: float | None) -> None:
        """The dotted line and what the lamps watch; None where there is no ceiling."""
        if dbtp != self.ceiling_dbtp:
            self.ceiling_dbtp = dbtp
            self.update()

    def play_began(self) -> None:
        """The written peak starts anew; the lamps stay until a hand clears them."""
        for told in self._told.values():
            told.largest_dbtp = -inf

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

    def largest_dbtp(self) -> float:
        """The largest true peak of what is heard since play began."""
        return self._of_source().largest_dbtp

    def over_text(self) -> str:
        """"+0.4 over, 3", or nothing."""
        lamps = self._of_source().lamps
        count = sum(lamp.count for lamp in lamps)
        most = max(lamp.most_db for lamp in lamps)
        return f"{numbers.number(most, 1 if most >= 0.1 else 2, plus=True)} over, {count}" if count else ""

    def measure(self) -> None:
        levels = 2 * self.bar_width() + theme.px(BETWEEN + LEVELS_GAP) + paint.text_width(numbers.number(-60, 0), "scale")
        self.setFixedWidth(theme.px(OVERHANG) + max(levels, paint.text_width(WIDEST_OVER, "scale", SEMIBOLD)))

    def bar_width(self) -> int:
        return theme.px(theme.sizes.peak_bar)

    def bar_xs(self) -> tuple[int, ...]:
        left = theme.px(OVERHANG)
        return left, left + self.bar_width() + theme.px(BETWEEN)

    def lamp_rect(self, index: int) -> QRect:
        """The lamp over a bar."""
        return QRect(self.bar_xs()[index], theme.px(LABEL + NUMBER), self.bar_width(), theme.px(LAMP))

    def _center(self) -> int:
        return (self.bar_xs()[0] + self.bar_xs()[1] + self.bar_width()) // 2

    def _foot(self) -> QRect:
        return QRect(0, self.height() - theme.px(FOOT), self.width(), theme.px(FOOT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and event.position().y() < theme.px(LABEL + NUMBER + LAMP + GAP + 12):
            self.clear_over()

    def draw(self, painter: QPainter, area: QRect) -> None:
        told = self._of_source()
        lit = any(lamp.lit for lamp in told.lamps)
        self.draw_header(painter, self._center(), "Peak", self._numbers.get("peak", numbers.UNKNOWN), "danger_text" if lit else "text")
        for index in CHANNELS:
            paint.fill(painter, self.lamp_rect(index), "danger" if told.lamps[index].lit else "control")
            self._draw_bar(painter, index)
        self._draw_ceiling(painter)
        self.draw_levels(painter, self.bar_xs()[1] + self.bar_width() + theme.px(LEVELS_GAP),
                         self._levels())
        if self.touched(self._foot()):
            paint.text(painter, self._foot().adjusted(theme.px(OVERHANG), theme.px(2), 0, 0), self.over_text(), "scale", "danger_text", weight=SEMIBOLD)

    def _levels(self) -> list[tuple[str, float]]:
        """All levels, or every other one where the meter is low."""
        top, bottom = self.bars_y()
        kept = PEAK_LEVELS if bottom - top >= LOW_BELOW * theme.scale else FEW_PEAK_LEVELS
        return [(numbers.number(level, 0), share) for level, share in PEAK if level in kept]

    def _draw_bar(self, painter: QPainter, index: int) -> None:
        bar = self.bar_rect(index)
        paint.fill(painter, bar, "well")
        level, rms, hold = self._ys(index)
        bottom = bar.bottom() + 1
        cap = theme.px(CAP)
        if level < bottom:
            paint.fill(painter, QRect(bar.x(), level, bar.width(), bottom - level), f"{self.source}_body")
            paint.fill(painter, QRect(bar.x(), rms, bar.width(), bottom - rms), f"{self.source}_mid")
            self._draw_over(painter, bar, level)
            paint.fill(painter, QRect(bar.x(), level, bar.width(), min(cap, bottom - level)), self._cap_color(index))
        if hold < bottom:
            paint.fill(painter, QRect(bar.x(), max(hold - cap, bar.y()), bar.width(), cap), "text")

    def _ys(self, index: int) -> tuple[int, int, int]:
        channel = self._channels[index]
        level, rms, hold = (self.y_at(fraction(PEAK, db)) for db in (channel.level_db, channel.rms_db, channel.hold_db))
        return level, rms, hold

    def _draw_over(self, painter: QPainter, bar: QRect, level: int) -> None:
        if self.ceiling_dbtp is not None:
            ceiling = self.y_at(fraction(PEAK, self.ceiling_dbtp))
            if level < ceiling:
                paint.fill(painter, QRect(bar.x(), level, bar.width(), ceiling - level), "danger")

    def _cap_color(self, index: int) -> str:
        above = self.ceiling_dbtp is not None and self._channels[index].level_db > self.ceiling_dbtp + VISIBLE_OVER_DB
        return "danger" if above else self.source

    def _draw_ceiling(self, painter: QPainter) -> None:
        if self.ceiling_dbtp is None:
            return
        y = self.y_at(fraction(PEAK, self.ceiling_dbtp)) + 0.5
        left, right = 0, self.bar_xs()[1] + self.bar_width() + theme.px(OVERHANG)
        paint.hairline(painter, left, y, right, y, "text", (2, 2))

    def spoken_value(self) -> str:
        told = self._of_source()
        words = f"largest {numbers.quantity(told.largest_dbtp, 'dBTP', 2)}"
        return f"{words}, {self.over_text()}" if self.over_text() else words


def over(true_peak_dbtp: float, ceiling_dbtp: float) -> float:
    """How far a true peak passes the ceiling, nothing while it would read 0.00."""
    passed = true_peak_dbtp - ceiling_dbtp
    return passed if passed > VISIBLE_OVER_DB else 0.0
