"""The blind test in the place of chain and stage: what is asked at the left, what came out at the right."""
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from gui.blind.result import ResultPane
from gui.blind.setup import SetupPane
from gui.blind.trial import TrialPane
from gui.controls.base import Painted
from gui.theme import theme
from gui.theme.sizes import GUTTER

LEFT_SHARE = 0.56
LEAST_RIGHT = 300


class BlindView(Painted, QWidget):
    """`setup` before a test, `trial` during one; `result` beside either, empty while one runs. Keys work wherever in it the focus is."""

    answered = Signal(str)
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.running = False
        self.setup = SetupPane(self)
        self.trial = TrialPane(self)
        self.result = ResultPane(self)
        self.trial.answered.connect(self.answered)
        self.trial.stopped.connect(self.stopped)
        self.setup.left.connect(self.stopped)
        window, inside = Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.WidgetWithChildrenShortcut
        self._arrows = [self._shortcut(key, partial(self.answered.emit, letter), window) for key, letter in (("Left", "a"), ("Right", "b"))]
        self._shortcut("Esc", self.stopped.emit, inside)
        self.set_up("Blind test", "bg", focus=False)
        self.show_running(False)

    def _shortcut(self, keys: str, act: Callable[[], object], context: Qt.ShortcutContext) -> QShortcut:
        """A key that is the test's own; a button would take arrows to go to its neighbour."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(context)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(act)
        return shortcut

    def show_running(self, running: bool) -> None:
        """Before a test, or in one."""
        self.running = running
        self.setup.setVisible(not running)
        self.trial.setVisible(running)
        for arrow in self._arrows:
            arrow.setEnabled(running)
        self.place()

    def take_focus(self) -> None:
        """The keyboard to what comes next: X, or B while A plays; before a test the key that starts it."""
        first = self.trial.cards["x" if self.trial.kind == "abx" else "b"] if self.running else self.setup.start_key
        (first if first.isEnabled() else self.setup.leave_key).setFocus()

    def take_key(self, event: QKeyEvent) -> bool:
        """Esc that nothing else in the window took stops too; True for a key that was meant for the test."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or event.isAutoRepeat():
            return False
        taken = event.key() == Qt.Key.Key_Escape
        if taken:
            self.stopped.emit()
        return taken

    def measure(self) -> None:
        self.place()

    def resizeEvent(self, event: object) -> None:
        self.place()

    def place(self) -> None:
        """Two panels with a gutter between them."""
        gap = theme.px(GUTTER)
        left = min(round(LEFT_SHARE * self.width()), max(1, self.width() - gap - theme.px(LEAST_RIGHT)))
        for pane in (self.setup, self.trial):
            pane.setGeometry(0, 0, left, self.height())
        self.result.setGeometry(left + gap, 0, max(1, self.width() - left - gap), self.height())
