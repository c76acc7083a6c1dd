"""Left over right octave by octave: a bar up where the left is louder, down where the right is."""
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.meters.octave_columns import FOOT, HEAD, LABELS, NOTHING, OctaveColumns, Values
from gui.theme import numbers, paint, theme

MOST_DB = 6.0


class BandBalance(OctaveColumns):
    """Ten columns over the axis of the octave meter. What is further off than the scale stands at its end; the number is spoken."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        self.balance_db = NOTHING
        self._plot = QRect()
        super().__init__("Balance by octave", parent, ground)

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

    def _lay_out(self) -> None:
        super()._lay_out()
        self._plot = QRect(0, theme.px(HEAD), self._right, max(2, self.height() - theme.px(HEAD) - theme.px(FOOT)))

    def y_of(self, db: float | None) -> int | None:
        """The line of a balance; the left is up."""
        if db is None:
            return None
        return self._plot.y() + round((MOST_DB - min(max(db, -MOST_DB), MOST_DB)) / (2 * MOST_DB) * self._plot.height())

    def draw(self, painter: QPainter, area: QRect) -> None:
        paint.text(painter, QRect(0, 0, self.width(), theme.px(HEAD)), "Balance, dB", "text", "text2")
        middle = self.y_of(0.0) or 0
        for column, (x, db) in enumerate(zip(self._columns, self.balance_db, strict=True)):
            paint.fill(painter, QRect(x, self._plot.y(), self._wide, self._plot.height()), "well")
            self._draw_label(painter, column)
            y = self.y_of(db)
            if y is not None:
                self._draw_from_middle(painter, x, y, middle, self.source)
        paint.fill(painter, QRect(0, middle, self._plot.width(), 1), "edge")
        half, x = theme.px(8), self._plot.right() + theme.px(6)
        for words, y in ((f"L {MOST_DB:g}", self._plot.y() + half), ("0", middle), (f"R {MOST_DB:g}", self._plot.bottom() - half + 1)):
            paint.text(painter, QRect(x, y - half, self.width() - x, 2 * half), words, "scale", "text3")

    def spoken_value(self) -> str:
        return "balance " + ", ".join(f"{label} {numbers.balance(-db if db is not None else None)}" for label, db in zip(LABELS, self.balance_db, strict=True))
