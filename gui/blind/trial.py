"""The pane a test is taken on: question, progress, cards, answers, and the facts that make it fair."""
from collections.abc import Sequence

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QWidget

from gui.blind.cards import ANSWER_HEIGHT, CARD_HEIGHT, CARD_WIDTH, LEAST_CARD, AnswerKey, ListenCard, Progress
from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.theme import paint, theme
from mastering_rt.blind.words import QUESTIONS

HINT = "Listen as long as you like. Switching never clicks and never tells."
ANSWERS = {"abx": ("X is A", "X is B"), "preference": ("A is better", "B is better")}
GAP = 16


class TrialPane(Painted, QWidget):
    """`listened` and `answered` give a letter; `stopped` ends the test with what was answered."""

    listened = Signal(str)
    answered = Signal(str)
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = "abx"
        self.pair = ""
        self.facts: tuple[str, ...] = ()
        self.done, self.of = 0, 1
        self.progress = Progress(self)
        self.cards = {letter: ListenCard(letter, self) for letter in "abx"}
        self.answers = {letter: AnswerKey(letter, self) for letter in "ab"}
        self.stop_key = Button("Stop here", self)
        self.stop_key.setStatusTip("End the test; what was answered counts, Esc")
        for letter, card in self.cards.items():
            card.chosen.connect(lambda letter=letter: self.listened.emit(letter))
        for letter, key in self.answers.items():
            key.clicked.connect(lambda _checked=False, letter=letter: self.answered.emit(letter))
        self.stop_key.clicked.connect(lambda: self.stopped.emit())
        self.set_up("Blind test", "panel", focus=False)

    def show_test(self, kind: str, pair: str, facts: Sequence[str]) -> None:
        """What is asked, of which two, and on what grounds."""
        self.kind, self.pair, self.facts = kind, pair, tuple(facts)
        for letter, words in zip("ab", ANSWERS[kind]):
            self.answers[letter].show_words(words)
        self.cards["x"].setVisible(kind == "abx")
        self.place()
        self.update()

    def show_trial(self, playing: str, done: int, of: int) -> None:
        """Which letter sounds, and how far it is."""
        for letter, card in self.cards.items():
            card.show_playing(letter == playing)
        if (done, of) != (self.done, self.of):
            self.done, self.of = done, of
            self.progress.show_progress(done, of)
            self.setAccessibleDescription(self.spoken_value())
            self.update()

    @property
    def question(self) -> str:
        return QUESTIONS[self.kind]

    @property
    def count(self) -> str:
        """ "9 of 16": the trial that is under way."""
        return f"{min(self.done + 1, self.of)} of {self.of}"

    def measure(self) -> None:
        self.stop_key.measure()
        self.place()

    def resizeEvent(self, event: object) -> None:
        self.place()

    def _margin(self) -> int:
        return theme.px(36 if theme.density == "comfortable" else 20)

    def place(self) -> None:
        """Cards 260 wide where there is room, answers under A and B."""
        margin, gap = self._margin(), theme.px(GAP)
        inside = self.width() - 2 * margin
        wide = max(theme.px(LEAST_CARD), min(theme.px(CARD_WIDTH), (inside - 2 * gap) // 3))
        self.progress.setGeometry(margin, self._heading().bottom() + theme.px(20), 3 * wide + 2 * gap, self.progress.height())
        top = self.progress.geometry().bottom() + theme.px(52 if theme.density == "comfortable" else 20)
        bottom = self.height() - theme.px(60)
        high = max(theme.px(90), min(theme.px(CARD_HEIGHT), bottom - top - theme.px(ANSWER_HEIGHT) - 2 * gap))
        for place, card in enumerate(self.cards.values()):
            card.setGeometry(margin + place * (wide + gap), top, wide, high)
        for place, key in enumerate(self.answers.values()):
            key.setGeometry(margin + place * (wide + gap), top + high + gap, wide, theme.px(ANSWER_HEIGHT))
        self.stop_key.move(margin + 3 * wide + 2 * gap - self.stop_key.width(), self.height() - margin // 2 - self.stop_key.height())

    def _heading(self) -> QRect:
        """Question above, pair below."""
        top = theme.px(24 if theme.density == "comfortable" else 12)
        return QRect(self._margin(), top, self.width() - 2 * self._margin(), theme.px(56))

    def draw(self, painter: QPainter, area: QRect) -> None:
        heading = self._heading()
        heading.setWidth(min(heading.width(), self.progress.width()))
        first = QRect(heading.x(), heading.y(), heading.width(), theme.px(34))
        taken = paint.text(painter, first, self.count, "second_figure", "text", paint.RIGHT)
        first.setWidth(round(first.width() - taken - theme.px(12)))
        paint.text(painter, first, self.question, "second_figure", "text")
        paint.text(painter, QRect(heading.x(), heading.y() + theme.px(34), heading.width(), theme.px(22)), self.pair, "text", "text2")
        self._draw_hint(painter)
        foot = QRect(heading.x(), self.stop_key.y(), self.stop_key.x() - heading.x() - theme.px(12), self.stop_key.height())
        paint.text(painter, foot, "     ".join(self.facts), "text", "text2")

    def _draw_hint(self, painter: QPainter) -> None:
        """Beside the answers, under X."""
        card, key = self.cards["x"].geometry(), self.answers["b"].geometry()
        paint.paragraph(painter, QRect(card.x() + theme.px(4), key.y() + theme.px(8), card.width() - theme.px(8), key.height()), HINT, "text", "text2")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Grouping

    def spoken_value(self) -> str:
        return f"{self.question} {self.pair}. Trial {self.count}"
