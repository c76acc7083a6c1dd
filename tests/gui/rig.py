"""The whole program under test: the complete window on the clock device, worked by keys and mouse, watched until something holds."""
import time
from contextlib import contextmanager
from unittest import mock

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from gui.app import open_window
from gui.controls.buttons import Button
from gui.controls.menu import Menu
from gui.dialogs.dialog import Dialog
from mastering_rt.desk.desk import Desk
from mastering_rt.playback.device import CLOCK
from tests.gui.hands import LEFT, drag

PATIENCE_S = 30.0
LOOK_MS = 2
SIZE = (1600, 900)


class Rig:
    """Window, desk and hands. `home` is where the program keeps its own files."""

    def __init__(self, home, size=SIZE):
        self.home = home
        self.desk = Desk(CLOCK, 256)
        self.program = open_window(QApplication.instance(), self.desk)
        self.window, self.acts = self.program.window, self.program.acts
        self.window.resize(*size)
        QTest.qWaitForWindowExposed(self.window)
        self.activate()

    def until(self, condition):
        """Let the program run until the condition holds. (pytest-qt's own wait takes references of None.)"""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < PATIENCE_S, "what was waited for never came"
            QTest.qWait(LOOK_MS)

    def activate(self):
        """The window has the keyboard, and nothing in it."""
        self.window.activateWindow()
        self.until(lambda: QGuiApplication.focusWindow() is self.window.windowHandle())
        self.window.setFocus()

    def frames(self, count=3):
        """Let that many frames of the picture pass."""
        seen = []
        self.program.bridge.motion.show, shown = lambda *now: (seen.append(1), shown(*now)), self.program.bridge.motion.show
        try:
            self.until(lambda: len(seen) >= count)
        finally:
            del self.program.bridge.motion.show

    # hands

    def key(self, keys):
        """Press what a `QKeySequence` names, on whatever has the keyboard."""
        combination = QKeySequence(keys)[0]
        QTest.keyClick(self.window.focusWidget() or self.window, combination.key(), combination.keyboardModifiers())

    def type(self, words):
        QTest.keyClicks(self.window.focusWidget(), words)

    def click(self, widget, place=None):
        QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, place or QPoint())

    def drag(self, widget, start, by):
        drag(widget, start, by)

    # files

    @contextmanager
    def picking(self, path):
        """The system's file dialogs answer with this path; nothing is chosen where it is empty."""
        with mock.patch.object(QFileDialog, "getOpenFileName", return_value=(str(path), "")), \
                mock.patch.object(QFileDialog, "getOpenFileNames", return_value=([str(path)] if str(path) else [], "")), \
                mock.patch.object(QFileDialog, "getSaveFileName", return_value=(str(path), "")):
            yield

    def open(self, path):
        """Open a file as a hand does, and wait until it is read or refused."""
        before = self.desk.song, self.desk.history
        with self.picking(path):
            self.key("Ctrl+O")
        self.until(lambda: (self.desk.song, self.desk.history) != before or self.dialog is not None)
        self.frames(1)

    def wait_for_facts(self):
        """Until the whole song has been measured and is shown."""
        self.until(lambda: not self.desk.measuring and self.program.bridge.song.facts is not None and not self.acts.background.busy)

    # what is there

    @property
    def dialog(self):
        """The newest dialog that waits for an answer."""
        return next((dialog for dialog in reversed(self.window.findChildren(Dialog)) if dialog.is_open()), None)

    def answer(self, words):
        """Press the button of the open dialog that has these words."""
        self.click(next(button for button in self.dialog.findChildren(Button) if button.text() == words))

    @property
    def told(self):
        """Everything the window has said in toasts, as one text."""
        return " ".join(f"{title} {rest}" for title, rest, _ in self.window.toasts.history)

    @property
    def menu(self):
        """The menu that is open."""
        found = QApplication.activePopupWidget()
        return found if isinstance(found, Menu) else None

    @property
    def chain(self):
        return [slot.name for slot in self.desk.session.chain]

    @property
    def playing(self):
        return self.desk.player.status.playing

    @property
    def frame(self):
        return self.desk.player.status.frame

    def value(self, slot, param):
        return next(s.value(param) for s in self.desk.session.chain if s.name == slot)

    def close(self):
        """However the test left it."""
        while QApplication.activePopupWidget() is not None:
            QApplication.activePopupWidget().close()
        self.acts.recovery.leaving = True
        self.window.close()
        self.program.end()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
