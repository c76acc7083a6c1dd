"""Left over right octave by octave: a bar up where the left is louder, down where the right is."""
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QAccessible, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.meters.octaves import FOOT, GAP, HEAD, LABELS, NOTHING, SCALE_ROOM, Values, told
from gui.theme import numbers, paint, theme

MOST_DB = 6.0


class BandBalance(Painted, QWidget):
    """Ten columns over the axis of the octave meter. What is further off than the scale stands at its end; the number is spoken."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.source = "master"
        self.balance_db = NOTHING
        self._columns: list[int] = []
        self._wide = 1
        self._plot = QRect()
        self.set_up("Balance by octave", ground, focus=False)

    def show_source(self, source: str) -> None:
        """What is heard."""
        if source != self.source:
            self.source = source
            self.update()

    def show_balance(self, balance_db: Values) -> None:
        """Left over right in dB, of the last seconds; None where an octave is silent."""
        if [self.y_of(db) for db in balance_db] != [self.y_of(db) for db in self.balance_db]:
            self.update()
        self.balance_db = balance_db

    def measure(self) -> None:
        self.setMinimumSize(theme.px(220), theme.px(80))
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(110))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        gap, room = theme.px(GAP), theme.px(SCALE_ROOM)
        self._wide = max(2, (self.width() - room - gap * (len(LABELS) - 1)) // len(LABELS))
        self._columns = [index * (self._wide + gap) for index in range(len(LABELS))]
        self._plot = QRect(0, theme.px(HEAD), self._columns[-1] + self._wide, max(2, self.height() - theme.px(HEAD) - theme.px(FOOT)))

    def y_of(self, db: float | None) -> int | None:
        """The line of a balance; the left is up."""
        if db is None:
            return None
        return self._plot.y() + round((MOST_DB - min(max(db, -MOST_DB), MOST_DB)) / (2 * MOST_DB) * self._plot.height())

    def draw(self, painter: QPainter, area: QRect) -> None:
        paint.text(painter, QRect(0, 0, self.width(), theme.px(HEAD)), "Balance, dB", "text", "text2")
        middle, cap = self.y_of(0.0) or 0, theme.px(2)
        for column, (x, label, db) in enumerate(zip(self._columns, LABELS, self.balance_db, strict=True)):
            paint.fill(painter, QRect(x, self._plot.y(), self._wide, self._plot.height()), "well")
            room = QRect(x - theme.px(4), self.height() - theme.px(FOOT), self._wide + 2 * theme.px(4), theme.px(FOOT))
            if told(column, self._wide):
                paint.text(painter, room, label, "scale", "text3", paint.CENTER)
            y = self.y_of(db)
            if y is not None:
                paint.fill(painter, QRect(x, min(y, middle), self._wide, abs(y - middle)), f"{self.source}_mid")
                paint.fill(painter, QRect(x, y - (cap if y > middle else 0), self._wide, cap), self.source)
        paint.fill(painter, QRect(0, middle, self._plot.width(), 1), "edge")
        half, x = theme.px(8), self._plot.right() + theme.px(6)
        for words, y in ((f"L {MOST_DB:g}", self._plot.y() + half), ("0", middle), (f"R {MOST_DB:g}", self._plot.bottom() - half + 1)):
            paint.text(painter, QRect(x, y - half, self.width() - x, 2 * half), words, "scale", "text3")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Indicator

    def spoken_value(self) -> str:
        return "balance " + ", ".join(f"{label} {numbers.balance(-db if db is not None else None)}" for label, db in zip(LABELS, self.balance_db, strict=True))
