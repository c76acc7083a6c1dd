"""The blind test in the place of chain and stage: what is asked at the left, what came out at the right."""
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
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
        self.set_up("Blind test", "bg")
        self.show_running(False)

    def show_running(self, running: bool) -> None:
        """Before a test, or in one."""
        self.running = running
        self.setup.setVisible(not running)
        self.trial.setVisible(running)
        self.place()

    def take_key(self, event: QKeyEvent) -> bool:
        """Arrows answer, Esc stops; True for a key that was meant for the test."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or event.isAutoRepeat():
            return False
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.stopped.emit()
        elif self.running and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.answered.emit("a" if key == Qt.Key.Key_Left else "b")
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(event):
            event.ignore()

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
