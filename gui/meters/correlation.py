"""Correlation from −1 to +1 as a bar from the middle; under 0 it is a danger, and after three seconds it says so."""
from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.meters.ballistics import Pace
from gui.meters.reading import Reading
from gui.theme import numbers, paint, theme
from gui.theme.current import Known

BAR = 8
CAP_OVER = 2
WARN_AFTER_S = 3.0


class CorrelationMeter(Painted, QWidget):
    """Name and number, the bar, and in the comfortable window its scale and, when it matters, a sentence."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.source = "master"
        self.correlation: float | None = None
        self.warning = ""
        self._written: float | None = None
        self._negative_since_s: float | None = None
        self._pace = Pace()
        self._middle = self._end = 0
        self._inks = Known(bar_inks)
        self.set_up("Correlation", ground, focus=False)

    def show_source(self, source: str) -> None:
        """What is heard."""
        if source != self.source:
            self.source = source
            self.update()

    def show_reading(self, reading: Reading) -> None:
        """Some times a second."""
        if reading.correlation != self.correlation:
            self.correlation = reading.correlation
            self._move()
        if self._negative_since_s is not None or (self.correlation is not None and self.correlation < 0):
            self._watch(reading.time_s)
        if self._pace.due(reading.time_s) and self._written != self.correlation:
            self._written = self.correlation
            self.update(self._number_area)

    def _move(self) -> None:
        before, after = self._end, self._x(self.correlation)
        if before != after:
            self._end = after
            low, high = (before, after) if before < after else (after, before)
            self.update(low - 3, self._cap_top, high - low + 6, self._cap_high)

    def _watch(self, time_s: float) -> None:
        negative = self.correlation is not None and self.correlation < 0
        if not negative:
            self._negative_since_s = None
        elif self._negative_since_s is None or time_s < self._negative_since_s:
            self._negative_since_s = time_s
        seconds = 0.0 if self._negative_since_s is None else time_s - self._negative_since_s
        warning = f"Out of phase for {int(seconds)} s" if seconds >= WARN_AFTER_S else ""
        if warning != self.warning:
            self.warning = warning
            self.update(self._foot())

    def measure(self) -> None:
        self._inks.clear()
        self.setMinimumWidth(theme.px(120))
        self.setFixedHeight(theme.px(54 if self._comfortable() else 30))
        self._lay_out()

    def _comfortable(self) -> bool:
        return theme.density == "comfortable"

    def _foot(self) -> QRect:
        if self._comfortable():
            top = self.bar_rect().bottom() + 1
            return QRect(0, top + theme.px(2), self.width(), self.height() - top - theme.px(2))
        return self._head

    def bar_rect(self) -> QRect:
        """The whole bar, −1 to +1."""
        return self._bar

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """Head with the number at its right end, as wide as a figure gets, and the bar beneath."""
        comfortable = self._comfortable()
        self._bar = QRect(0, theme.px(24 if comfortable else 20), self.width(), theme.px(BAR))
        self._head = head = QRect(0, 0, self.width(), theme.px(20 if comfortable else 16))
        wide = min(paint.text_width(numbers.number(-0.88, 2, plus=True), "table_value") + theme.px(4), head.width())
        self._head_high = head.height()
        self._number_area = QRect(head.right() + 1 - wide, head.y(), wide, head.height())
        self._label_area = head.adjusted(0, 0, -wide, 0)
        over, self._cap = theme.px(CAP_OVER), theme.px(2)
        self._wide, self._bar_top, self._bar_high = self._bar.width(), self._bar.y(), self._bar.height()
        self._cap_top, self._cap_high = self._bar_top - over, self._bar_high + 2 * over
        self._middle, self._end = self._x(0.0), self._x(self.correlation)

    def _x(self, correlation: float | None) -> int:
        share = 0.5 if correlation is None else (correlation + 1) / 2
        return round((0.0 if share < 0.0 else 1.0 if share > 1.0 else share) * self._wide)

    def draw(self, painter: QPainter, area: QRect) -> None:
        coords: tuple[int, int, int, int] = area.getCoords()  # type: ignore[assignment]
        left, top, right, bottom = coords
        if top < self._head_high:
            self._draw_head(painter)
        if bottom >= self._cap_top:
            self._draw_bar(painter, left, right)
            if bottom >= self._cap_top + self._cap_high and self._comfortable():
                self._draw_foot(painter)

    def _draw_head(self, painter: QPainter) -> None:
        negative = self._written is not None and self._written < 0
        words = "Correlation" if self._comfortable() or not self.warning else self.warning
        paint.figure(painter, self._head, numbers.number(self._written, 2, plus=True), "table_value", "danger_text" if negative else "text", paint.RIGHT)
        if self.touched(self._label_area):
            paint.text(painter, self._label_area, words, "text", "danger_text" if words == self.warning else "text2")

    def _draw_bar(self, painter: QPainter, first: int, last: int) -> None:
        """What of it lies in the columns from `first` to `last`."""
        middle, end, top, high = self._middle, self._end, self._bar_top, self._bar_high
        well, area, cap, edge = self._inks["danger" if self.correlation is not None and self.correlation < 0 else self.source]
        painter.fillRect(self._bar, well)
        if self.correlation is not None:
            left, right = (middle, end) if middle < end else (end, middle)
            painter.fillRect(left, top, right - left, high, area)
            painter.fillRect(end - (self._cap if end > middle else 0), self._cap_top, self._cap, self._cap_high, cap)
        if first <= middle + 1 and middle <= last + 1:
            painter.fillRect(middle, top, 1, high, edge)

    def _draw_foot(self, painter: QPainter) -> None:
        if self.warning:
            paint.text(painter, self._foot(), self.warning, "scale", "danger_text")
            return
        for words, align in ((numbers.number(-1, 0), paint.LEFT), ("0", paint.CENTER), ("+1", paint.RIGHT)):
            paint.text(painter, self._foot(), words, "scale", "text3", align)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Indicator

    def spoken_value(self) -> str:
        words = numbers.number(self.correlation, 2, plus=True)
        return f"{words}, {self.warning}" if self.warning else words


def bar_inks(color: str) -> tuple[QColor, QColor, QColor, QColor]:
    """What a bar in the colour of a source, or of danger, is painted with: well, area, cap, middle."""
    return theme.color("well"), theme.color(f"{color}_mid"), theme.color(color), theme.color("edge")
