"""The status line: help of what is under the pointer or in focus at the left, what goes on in the background at the right."""
from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import paint, theme

BAR_WIDTH, BAR_HEIGHT = 80, 4


class StatusLine(Painted, QWidget):
    """Two texts and, while something takes long, a neutral bar between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.help = ""
        self.state = ""
        self.share: float | None = None
        self.set_up("Status", "bg", focus=False)

    def show_help(self, words: str) -> None:
        """What the thing under the pointer, or in focus, is for."""
        if words != self.help:
            self.help = words
            self.update()

    def show_state(self, words: str, share: float | None = None) -> None:
        """What goes on behind; `share` 0..1 where it is known how far."""
        if (words, share) != (self.state, self.share):
            self.state, self.share = words, share
            self.update()

    def draw(self, painter: QPainter, area: QRect) -> None:
        inner = self.rect().adjusted(theme.px(10), 0, -theme.px(10), 0)
        taken = round(paint.text(painter, inner, self.state, "text", "text3", paint.RIGHT))
        if self.share is not None:
            wide, high = theme.px(BAR_WIDTH), theme.px(BAR_HEIGHT)
            bar = QRect(inner.right() + 1 - taken - theme.px(10) - wide, (self.height() - high) // 2, wide, high)
            paint.fill(painter, bar, "control")
            paint.fill(painter, QRect(bar.x(), bar.y(), round(self.share * wide), high), "select")
            taken += wide + theme.px(10)
        paint.text(painter, inner.adjusted(0, 0, -taken - theme.px(20), 0), self.help, "text", "text2")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StatusBar

    def spoken_value(self) -> str:
        return ". ".join(words for words in (self.help, self.state) if words)
