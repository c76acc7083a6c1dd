"""The dialog of the target loudness: which one, how far the search is. Leaving it stops the search."""
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.controls.buttons import ENTER, Button
from gui.controls.value import LevelFader
from gui.dialogs.dialog import Dialog, Form
from gui.dialogs.progress import ProgressRow
from gui.dialogs.render import TARGET

SENTENCE = "The whole song is measured through the chain until the drive of its last limiter makes it this loud. One undo takes it back."


class LoudnessDialog(Dialog):
    """`wished` gives LUFS; `show_progress` while it is worked on. It is answered "cancel" or, by `answer`, "done"."""

    wished = Signal(float)

    def __init__(self, window: QWidget, target_lufs: float, level: str) -> None:
        super().__init__(window, "Target loudness", SENTENCE)
        self.target = LevelFader(TARGET, width=150)
        self.target.show_value(target_lufs)
        self.row = ProgressRow(f"{level} for this loudness")
        self.row.setVisible(False)
        form = Form()
        form.add("Integrated loudness", self.target)
        self.body.addWidget(form)
        self.body.addWidget(self.row)
        self.add_answer("cancel", "Cancel", safe=True).main = False
        self.start_key = Button("Set the drive", self, main=True, height=32)
        self.start_key.clicked.connect(lambda: self.wished.emit(self.target.value))
        self._buttons.addWidget(self.start_key)
        self.target.installEventFilter(self)
        self.measure()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Digits begin to type, so Enter on the number is free to mean it."""
        if watched is self.target and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and Qt.Key(event.key()) in ENTER:
            self.start_key.click()
            return True
        return False

    def show_progress(self, words: str, share: float) -> None:
        """The search is under way."""
        if not self.row.isVisible():
            self.row.setVisible(True)
            self.target.setEnabled(False)
            self.start_key.setEnabled(False)
            self.measure()
        self.row.show_state(f"{100 * share:.0f} %", words, share=share)
