"""The large figures on top of the meters, and the small rows beside the phase scope."""
from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import numbers, paint, theme

CAPTION = 20
WIDEST = numbers.number(-88.8)


class Readout(Painted, QWidget):
    """A caption, a large figure and its unit on one baseline; the room stays the same whatever the figure.

    With `plus` what is positive has its sign. With `usual`, a figure of the usual width, it stands at the right end of its room, and its caption where such a figure begins.
    """

    def __init__(self, caption: str, unit: str, parent: QWidget | None = None, *, role: str = "key_figure", decimals: int = 1,
                 plus: bool = False, usual: str = "", ground: str = "panel") -> None:
        super().__init__(parent)
        self._usual = usual
        self._caption = caption
        self._unit = unit
        self._role = role
        self._decimals = decimals
        self._plus = plus
        self.value: float | None = None
        self.measuring = False
        self.stale = False
        self.danger = False
        self.set_up(caption, ground, focus=False)

    def show_value(self, value: float | None, *, measuring: bool = False, stale: bool = False, danger: bool = False) -> None:
        """`measuring` writes "about −12", `stale` weakens a number from before the last change, `danger` is over its limit."""
        if (value, measuring, stale, danger) == (self.value, self.measuring, self.stale, self.danger):
            return
        before = (self.text(), self.measuring, self.stale, self.danger)
        self.value, self.measuring, self.stale, self.danger = value, measuring, stale, danger
        if before != (self.text(), measuring, stale, danger):
            self.update(self._figure_area() if before[1] == measuring else self.rect())

    def text(self) -> str:
        """The figure as it is written."""
        return numbers.number(self.value, 0 if self.measuring else self._decimals, plus=self._plus)

    def caption_text(self) -> str:
        """The caption, which says when the figure is only near."""
        return f"{self._caption}, about" if self.measuring and self.value is not None else self._caption

    def measure(self) -> None:
        widest = numbers.number(-88.88, self._decimals)
        width = paint.text_width(widest, self._role) + theme.px(4) + paint.text_width(self._unit, "text")
        self.setFixedSize(width, theme.px(CAPTION) + round(theme.metrics("key_figure").capHeight()) + theme.px(14))

    def sizeHint(self) -> QSize:
        return self.size()

    def _figure_area(self) -> QRect:
        return QRect(0, theme.px(CAPTION), self.width(), self.height() - theme.px(CAPTION))

    def _caption_area(self) -> QRect:
        usual = paint.text_width(self._usual, self._role) + theme.px(4) + paint.text_width(self._unit, "text")
        left = self.width() - usual if self._usual and not self.measuring else 0
        return QRect(left, 0, self.width() - left, theme.px(CAPTION))

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.touched(self._caption_area()):
            paint.text(painter, self._caption_area(), self.caption_text(), "text", "text2")
        color = "danger_text" if self.danger else "text3" if self.stale else "text"
        unit = "" if self.text() == numbers.UNKNOWN else self._unit
        paint.with_unit(painter, self._figure_area(), self.text(), unit, self._role, color, "text2",
                        paint.RIGHT if self._usual else paint.LEFT, unit_role="text")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText

    def spoken_value(self) -> str:
        return ("about " if self.measuring else "") + numbers.quantity(self.value, self._unit, 0 if self.measuring else self._decimals, plus=self._plus)


class FigureRows(Painted, QWidget):
    """Rows of name, figure and unit: side to mid, balance, PSR."""

    ROW = 23

    def __init__(self, rows: Sequence[tuple[str, str]], parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self._rows = list(rows)
        self._figures = [numbers.UNKNOWN] * len(self._rows)
        self.set_up(", ".join(name for name, _ in rows), ground, focus=False)

    def show_figures(self, figures: Sequence[str]) -> None:
        """One text for each row, "–" where nothing can be known."""
        for index, figure in enumerate(figures):
            if figure != self._figures[index]:
                self._figures[index] = figure
                self.update(self._row(index))

    def _row(self, index: int) -> QRect:
        return QRect(0, index * theme.px(self.ROW), self.width(), theme.px(self.ROW))

    def measure(self) -> None:
        self.setMinimumWidth(theme.px(120))
        self.setFixedHeight(len(self._rows) * theme.px(self.ROW))

    def draw(self, painter: QPainter, area: QRect) -> None:
        for index, (name, unit) in enumerate(self._rows):
            row = self._row(index)
            if self.touched(row):
                room = max(paint.text_width(words, "scale") for _, words in self._rows)
                shown = "" if self._figures[index] == numbers.UNKNOWN else unit
                paint.text(painter, QRect(row.right() + 1 - room, row.y(), room, row.height()), shown, "scale", "text3")
                paint.figure(painter, row.adjusted(0, 0, -room - theme.px(4), 0), self._figures[index], "table_value", "text", paint.RIGHT)
                paint.text(painter, row, name, "text", "text2")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText

    def spoken_value(self) -> str:
        return ", ".join(f"{name} {figure} {'' if figure == numbers.UNKNOWN else unit}".rstrip() for (name, unit), figure in zip(self._rows, self._figures, strict=True))
