"""Which of the bits of a word are in use, left over right: the sign first, what no word of 24 bits holds apart."""
from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QAccessible, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import paint, theme

BITS, GROUP = 32, 8
CELL, GAP, GROUP_GAP = 14, 2, 6
LETTER = 16
HEAD = 18
UNKNOWN = "Nothing has been heard yet"
Words = tuple[int, bool]


class BitMeter(Painted, QWidget):
    """32 cells for each channel, lit where the bit was ever in use. A cell says nothing of how often."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.source = "master"
        self._words: Sequence[Words] = ()
        self._unknown = UNKNOWN
        self._cells: list[QRect] = []
        self.set_up("Bit meter", ground, focus=False)

    def show_source(self, source: str) -> None:
        """What is heard."""
        if source != self.source:
            self.source = source
            self.update()

    def show_words(self, words: Sequence[Words], unknown: str = UNKNOWN) -> None:
        """(mask, whether something lies below bit 32) of each channel; none when it cannot be known, and why."""
        if (tuple(words), unknown) != (tuple(self._words), self._unknown):
            self._words, self._unknown = tuple(words), unknown
            self.update()

    def measure(self) -> None:
        self.setFixedHeight(theme.px(HEAD) + 2 * theme.px(CELL) + theme.px(GAP) + theme.px(HEAD))
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(480), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        left, gap, group = theme.px(LETTER), theme.px(GAP), theme.px(GROUP_GAP)
        wide = max(2, (self.width() - left - (BITS - 1) * gap - (BITS // GROUP - 1) * (group - gap)) // BITS)
        self._cells = [QRect(left + bit * (wide + gap) + bit // GROUP * (group - gap), theme.px(HEAD), wide, theme.px(CELL)) for bit in range(BITS)]

    def draw(self, painter: QPainter, area: QRect) -> None:
        for bit in (0, GROUP - 1, 2 * GROUP - 1, 3 * GROUP - 1, BITS - 1):
            cell = self._cells[bit]
            wide = paint.text_width("32", "scale")
            room = QRect(cell.center().x() - wide // 2, 0, wide + 1, theme.px(HEAD))
            paint.text(painter, room, str(bit + 1), "scale", "text3", paint.CENTER)
        down = theme.px(CELL) + theme.px(GAP)
        for channel in (0, 1):
            self._draw_channel(painter, channel, down)
        foot = QRect(theme.px(LETTER), self.height() - theme.px(HEAD), self.width() - theme.px(LETTER), theme.px(HEAD))
        paint.text(painter, foot, self.words_text(), "scale", "text2" if self._words else "text3")

    def _draw_channel(self, painter: QPainter, channel: int, down: int) -> None:
        first = self._cells[0].translated(0, channel * down)
        paint.text(painter, QRect(0, first.y(), theme.px(LETTER), first.height()), "LR"[channel], "scale", "text3")
        mask = self._words[channel][0] if channel < len(self._words) else 0
        for bit, cell in enumerate(self._cells):
            lit = mask >> (BITS - 1 - bit) & 1
            painter.fillRect(cell.translated(0, channel * down), theme.color(f"{self.source}_mid" if lit else "well"))

    def words_text(self) -> str:
        """In words: how long they are, and whether something is finer."""
        if not self._words:
            return self._unknown
        both = 0
        for mask, _ in self._words:
            both |= mask
        if not both:
            return "Silence"
        length = BITS - (both & -both).bit_length() + 1
        finer = any(finer for _, finer in self._words)
        unused = bin(both & ((1 << BITS) - (1 << (BITS - length)))).count("1") < length
        return (f"{length} bits in use" + (", some between never" if unused else "")
                + (f"; the sound has finer steps, which words of {length} bits do not hold" if finer else ""))

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Indicator

    def spoken_value(self) -> str:
        return self.words_text()
