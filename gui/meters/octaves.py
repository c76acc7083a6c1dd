"""Correlation and width octave by octave: each octave a column, correlation as a bar from the middle, side over mid below it."""
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.meters.octave_columns import FOOT, HEAD, LABELS, NOTHING, OctaveColumns, Values
from gui.theme import numbers, paint, theme

BETWEEN = 8
WIDTH_TOP_DB, WIDTH_FLOOR_DB = 6.0, -42.0
DANGER_UNDER = 0.0


class OctaveMeter(OctaveColumns):
    """Two rows of ten columns over one frequency axis. What is out of phase is a danger, as on the correlation meter."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        self._correlation, self._width_db = NOTHING, NOTHING
        self._upper, self._lower = QRect(), QRect()
        super().__init__("Correlation and width by octave", parent, ground)

    def show_octaves(self, correlation: Values, width_db: Values) -> None:
        """Of the last seconds; None where an octave is silent."""
        before = self._all_lines()
        self._correlation, self._width_db = correlation, width_db
        for column, (was, is_) in enumerate(zip(before, self._all_lines(), strict=True)):
            if was != is_:
                self.update(self._columns[column] - 1, 0, self._wide + 2, self.height() - theme.px(FOOT))

    def _all_lines(self) -> list[tuple[int | None, int | None]]:
        return [(self._correlation_y(one), self._width_y(other)) for one, other in zip(self._correlation, self._width_db, strict=True)]

    def measure(self) -> None:
        self.setMinimumSize(theme.px(220), theme.px(140))
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(220))

    def _lay_out(self) -> None:
        super()._lay_out()
        bars = self.height() - theme.px(FOOT) - 2 * theme.px(HEAD) - theme.px(BETWEEN)
        upper = max(2, bars // 2)
        self._upper = QRect(0, theme.px(HEAD), self._right, upper)
        self._lower = QRect(0, self._upper.bottom() + 1 + theme.px(BETWEEN) + theme.px(HEAD), self._right, max(2, bars - upper))

    def _correlation_y(self, value: float | None) -> int | None:
        return None if value is None else self._upper.y() + round((1 - value) / 2 * self._upper.height())

    def _width_y(self, db: float | None) -> int | None:
        if db is None:
            return None
        share = min(max((WIDTH_TOP_DB - db) / (WIDTH_TOP_DB - WIDTH_FLOOR_DB), 0.0), 1.0)
        return self._lower.y() + round(share * self._lower.height())

    def draw(self, painter: QPainter, area: QRect) -> None:
        head = QRect(0, 0, self.width(), theme.px(HEAD))
        paint.text(painter, head, "Correlation", "text", "text2")
        paint.text(painter, head.translated(0, self._lower.y() - theme.px(HEAD)), "Side / mid, dB", "text", "text2")
        middle, even = self._correlation_y(0.0) or 0, self._width_y(0.0) or 0
        for column, x in enumerate(self._columns):
            self._draw_correlation(painter, x, self._correlation[column], middle)
            self._draw_width(painter, x, self._width_db[column])
            self._draw_label(painter, column)
        right = self._upper.right() + 1
        paint.fill(painter, QRect(0, middle, right, 1), "edge")
        paint.fill(painter, QRect(0, even, right, 1), "edge")
        self._draw_scale(painter, right)

    def _draw_correlation(self, painter: QPainter, x: int, value: float | None, middle: int) -> None:
        paint.fill(painter, QRect(x, self._upper.y(), self._wide, self._upper.height()), "well")
        y = self._correlation_y(value)
        if y is not None and value is not None:
            self._draw_from_middle(painter, x, y, middle, "danger" if value < DANGER_UNDER else self.source)

    def _draw_width(self, painter: QPainter, x: int, db: float | None) -> None:
        area = QRect(x, self._lower.y(), self._wide, self._lower.height())
        paint.fill(painter, area, "well")
        y = self._width_y(db)
        if y is None:
            return
        paint.fill(painter, QRect(x, y, self._wide, area.bottom() + 1 - y), f"{self.source}_mid")
        paint.fill(painter, QRect(x, y, self._wide, theme.px(2)), self.source)

    def _draw_scale(self, painter: QPainter, x: int) -> None:
        half, x = theme.px(8), x + theme.px(6)
        below = -1000
        for words, y in (("+1", self._upper.y() + half), ("0", self._correlation_y(0.0)), (numbers.number(-1, 0), self._upper.bottom() - half + 1),
                         ("0", self._width_y(0.0)), (numbers.number(-12, 0), self._width_y(-12.0)), (numbers.number(-24, 0), self._width_y(-24.0)),
                         (numbers.number(-36, 0), self._width_y(-36.0))):
            if y is not None and y - below >= 2 * half:
                below = y
                paint.text(painter, QRect(x, y - half, self.width() - x, 2 * half), words, "scale", "text3")

    def spoken_value(self) -> str:
        told = [f"{label} {numbers.number(value, 2, plus=True)}" for label, value in zip(LABELS, self._correlation, strict=True)]
        return "correlation " + ", ".join(told)
