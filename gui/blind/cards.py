"""What a blind test is taken with: cards to listen to, keys to answer with, and how far it is."""
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Key
from gui.theme import paint, theme

CARD_WIDTH, CARD_HEIGHT, LEAST_CARD = 260, 238, 120
ANSWER_HEIGHT = 52
ARROWS = {"a": "\N{LEFTWARDS ARROW}", "b": "\N{RIGHTWARDS ARROW}"}


class ListenCard(Key):
    """A, B or X. `chosen` comes when it goes down, because listening does not wait for the finger to leave."""

    chosen = Signal()

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.letter = letter
        self.playing = False
        self.setText(letter.upper())
        self.setStatusTip(f"Hear {letter.upper()}, key {letter.upper()}")
        self.pressed.connect(self.chosen)
        self.set_up(f"Listen to {letter.upper()}", "panel")

    def show_playing(self, playing: bool) -> None:
        """Whether this letter is what sounds."""
        if playing != self.playing:
            self.playing = playing
            self.setAccessibleDescription(self.spoken_value())
            self.update()

    def click(self) -> None:
        """Enter and assistive technology press it too."""
        self.chosen.emit()

    def draw(self, painter: QPainter, area: QRect) -> None:
        rest = "hover" if self.playing else "raised"
        plane = "control" if self.isDown() else self.plane(rest)
        if self.playing:
            paint.rounded_with_edge(painter, self.rect(), plane, "select", "bottom", theme.px(4))
        else:
            paint.rounded(painter, self.rect(), plane)
        margin, line = theme.px(16), theme.px(20)
        inner = self.rect().adjusted(margin, margin // 2, -margin, -margin // 2)
        if self.playing:
            paint.text(painter, QRect(inner.x(), inner.y(), inner.width(), line), "Playing", "text", "text")
        painter.setFont(theme.font("key_figure", 600))
        painter.setPen(theme.color("text" if self.playing else "text2"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        paint.text(painter, QRect(inner.x(), inner.bottom() - line, inner.width(), line), f"key {self.text()}", "scale", "text3", paint.CENTER)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.RadioButton

    def spoken_value(self) -> str:
        return "playing" if self.playing else ""

    def spoken_state(self, state: QAccessible.State) -> None:
        """Adds which letter plays."""
        state.checkable = 1
        state.checked = int(self.playing)


class AnswerKey(Key):
    """An answer under the card it names."""

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.letter = letter
        self.set_up("", "panel")

    def show_words(self, words: str) -> None:
        """ "X is A", "A is better"."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.setStatusTip(f"{words}, {'left' if self.letter == 'a' else 'right'} arrow")
            self.update()

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.isEnabled():
            paint.rounded(painter, self.rect(), "raised" if self.isDown() else self.plane("control"))
        words = f"{self.text()}  {ARROWS[self.letter]}"
        paint.text(painter, self.rect(), words, "name", "text" if self.isEnabled() else "off", paint.CENTER, 500)


class Progress(Painted, QWidget):
    """A bar per trial: done, this one, to come. Never how well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.done, self.of = 0, 1
        self.set_up("Progress", "panel", focus=False)

    def show_progress(self, done: int, of: int) -> None:
        """How many trials of how many were answered."""
        if (done, of) != (self.done, self.of):
            self.done, self.of = done, of
            self.update()

    def measure(self) -> None:
        self.setFixedHeight(theme.px(8))

    def draw(self, painter: QPainter, area: QRect) -> None:
        gap = theme.px(5)
        wide = (self.width() + gap) / self.of
        for index in range(self.of):
            left, right = round(index * wide), round((index + 1) * wide) - gap
            bar = QRect(left, 0, max(2, right - left), self.height())
            if index < self.done:
                paint.rounded(painter, bar, "text2", 2)
            elif index == self.done:
                paint.rounded(painter, bar, "select", 2)
            else:
                paint.outline(painter, bar, "edge", 1, 2)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.ProgressBar

    def spoken_value(self) -> str:
        return f"{self.done} of {self.of} answered"
