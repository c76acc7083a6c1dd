"""What lies over the things that could tell: the sources in the compare bar, and the meters."""
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import paint, theme

HIDDEN = "Readings hidden"
WHY = "Meters, spectra and gain reduction would give the answer away. They come back when the test ends."
PLATE, PLATE_WHY = "Blind test", "Sources, levels and colours are hidden until it ends"
PLATE_WIDTH = {"comfortable": 436, "compact": 372}


class ReadingsHidden(Painted, QWidget):
    """In the place of the meters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_up(HIDDEN, "panel", focus=False)
        self.setAccessibleDescription(WHY)

    def draw(self, painter: QPainter, area: QRect) -> None:
        middle, wide = self.height() // 2, min(self.width() - theme.px(32), theme.px(280))
        self._draw_lock(painter, QPointF(self.width() / 2, middle - theme.px(56)))
        paint.text(painter, QRect(0, middle - theme.px(36), self.width(), theme.px(24)), HIDDEN, "name", "text", paint.CENTER)
        where = QRect((self.width() - wide) // 2, middle - theme.px(4), wide, theme.px(90))
        paint.paragraph(painter, where, WHY, "text", "text2", Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)

    def _draw_lock(self, painter: QPainter, at: QPointF) -> None:
        unit = theme.scale
        painter.setRenderHint(paint.SMOOTH, True)
        painter.setPen(QPen(theme.color("text3"), 1.5 * unit))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRect(round(at.x() - 7 * unit), round(at.y() - 2 * unit), round(14 * unit), round(10 * unit)), 2, 2)
        painter.drawArc(QRect(round(at.x() - 4.5 * unit), round(at.y() - 9 * unit), round(9 * unit), round(14 * unit)), 0, 180 * 16)
        painter.setRenderHint(paint.SMOOTH, False)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText


class BlindPlate(Painted, QWidget):
    """In the place of the sources: that it is blind, and on what ground the two are equally loud."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ground_words = ""
        self.set_up(PLATE, "panel", focus=False)
        self.setAccessibleDescription(PLATE_WHY)

    def show_ground(self, words: str) -> None:
        """ "over loop, ±0.0 LU"."""
        if words != self.ground_words:
            self.ground_words = words
            self.setAccessibleDescription(f"{PLATE_WHY}. Matched {words}")
            self.update()

    def measure(self) -> None:
        self.setFixedSize(theme.px(PLATE_WIDTH[theme.density] + 4 + theme.sizes.matched_key), theme.px(theme.sizes.key_height))

    def draw(self, painter: QPainter, area: QRect) -> None:
        first = QRect(0, 0, theme.px(PLATE_WIDTH[theme.density]), self.height())
        second = QRect(first.right() + 1 + theme.px(4), 0, self.width() - first.width() - theme.px(4), self.height())
        self._draw_key(painter, first, PLATE, "Esc", PLATE_WHY)
        self._draw_key(painter, second, "Matched", "", self.ground_words)

    def _draw_key(self, painter: QPainter, area: QRect, name: str, hint: str, words: str) -> None:
        paint.rounded_with_edge(painter, area, "raised", "select", "bottom", theme.px(2))
        inner = area.adjusted(theme.px(14), 0, -theme.px(10), 0)
        half = self.height() // 2
        paint.text(painter, QRect(inner.x(), theme.px(2), inner.width(), half), name, "name", "text")
        paint.text(painter, QRect(inner.x(), theme.px(2), inner.width(), half), hint, "scale", "text3", paint.RIGHT)
        forms = (words, words.partition(",")[0], words.partition(",")[0].removeprefix("over the "))
        short = next((form for form in forms if paint.text_width(form, "text") <= inner.width()), forms[-1])
        paint.text(painter, QRect(inner.x(), half - theme.px(4), inner.width(), half), short, "text", "text2")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText
