"""The pane before a test: which two, which question, how many trials, and what has to be waited for."""
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.controls.choice import Choice, Segmented
from gui.controls.plane import Words
from gui.dialogs.dialog import Form
from gui.theme import theme
from mastering_rt.blind.trials import KINDS, USUAL

TRIALS = (10, 12, 16, 20, 25)
KIND_WORDS = ("ABX: can I tell them apart?", "A/B: which one do I prefer?")
EXPLAINED = ("X is A or B, thrown anew for each trial and sealed before the first. Say which one it is; the exact odds of guessing say what it is worth.",
             "Which of the two plays as A is thrown anew for each trial. Say which one you prefer, without knowing which it is.")


class SetupPane(Painted, QWidget):
    """`started` when it shall begin, `left` to go back."""

    started = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = Words("Blind test", self, role="second_figure", color="text")
        self.pairs = Choice("", ["Mix against Master"], self, plane="control", width=280, name="Pair")
        self.kind = Segmented(KIND_WORDS, self, name="Question")
        self.trials = Segmented([str(count) for count in TRIALS], self, name="Trials")
        self.explained = Words(EXPLAINED[0], self, wrap=True)
        self.waits = Words("", self, color="text", wrap=True)
        self.start_key = Button("Start", self, main=True, height=32)
        self.leave_key = Button("Back", self, height=32)
        self.form = Form(self)
        self._column = QVBoxLayout(self)
        self._fill()
        self.start_key.setStatusTip("Begin the test, X")
        self.leave_key.setStatusTip("Back to the chain, Esc")
        self.start_key.clicked.connect(lambda: self.started.emit())
        self.leave_key.clicked.connect(lambda: self.left.emit())
        self.kind.edited.connect(lambda index: self.explained.show_words(EXPLAINED[index]))
        self.trials.show_value(TRIALS.index(USUAL))
        self.set_up("Blind test, before it starts", "panel", focus=False)

    def _fill(self) -> None:
        for label, control in (("Compare", self.pairs), ("Question", self.kind), ("Trials", self.trials)):
            self.form.add(label, control)
        keys = QHBoxLayout()
        keys.addWidget(self.start_key)
        keys.addSpacing(theme.px(8))
        keys.addWidget(self.leave_key)
        keys.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.form)
        row.addStretch(1)
        self._column.addWidget(self.heading)
        self._column.addLayout(row)
        for widget in (self.explained, self.waits):
            self._column.addWidget(widget)
        self._column.addLayout(keys)
        self._column.addStretch(1)

    def measure(self) -> None:
        margin = theme.px(36 if theme.density == "comfortable" else 20)
        self._column.setContentsMargins(margin, theme.px(24), margin, margin)
        self._column.setSpacing(theme.px(16))

    def show_pairs(self, names: Sequence[str]) -> None:
        """What can be compared."""
        if list(names) != self.pairs.choices:
            self.pairs.show_choices(list(names))

    def show_waiting(self, sentence: str) -> None:
        """What has to come before it can start; nothing when it can."""
        self.waits.show_words(sentence)
        self.start_key.setEnabled(not sentence)

    @property
    def wished_kind(self) -> str:
        return KINDS[self.kind.value]

    @property
    def wished_trials(self) -> int:
        return TRIALS[self.trials.value]
