"""The program with a window: makes the application, the desk and the window, opens what was asked for, and closes all of it again."""
import gc
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gui.acts.acts import Acts
from gui.acts.wiring import connect
from gui.bridge import Bridge
from gui.controls.focus import FocusFollower
from gui.crash import CrashWatch
from gui.keyboard import Keyboard
from gui.palette.palette import CommandPalette
from gui.theme import theme
from gui.window.main import MainWindow
from gui.window.settings import Settings
from mastering_rt.desk.desk import Desk
from mastering_rt.playback.device import CLOCK, CLOCK_NAME, DeviceInfo, find_device, list_devices

SWITCH_S = 0.0005                # how long a thread that computes in Python may keep the window's waiting for the interpreter; usually ten times that
COLLECT_MS = 2000
COLLECT_ALL_EVERY = 30           # while it plays: young objects every two seconds, all that are not set aside every minute
LONG_STILL = 10                  # turns of the same
LIBRARY = 20                     # so many new modules in one turn are a library that was loaded just now; what it made stays


class Program:
    """Everything that lives as long as the window. `show` lets the picture follow the desk, `begin` also opens the first file,
    `end` lets go of disk and device."""

    def __init__(self, app: QApplication, desk: Desk, settings: Settings) -> None:
        self.desk = desk
        self.settings = settings
        self.window = MainWindow(settings)
        self.acts = Acts(desk, self.window, settings)
        self.keyboard = Keyboard(self.acts, self.window)
        self.palette = self.acts.viewing.palette = CommandPalette(self.acts, self.keyboard)
        self.acts.viewing.shortcuts = self.keyboard.keymap.groups
        self.acts.preferring.keymap = self.keyboard.keymap
        self.bridge = Bridge(self.acts)
        desk.looking.begin()
        desk.level_delta(True)
        self._follower, self._collector = FocusFollower(app), Collector(self._still)
        self._kept_for_later = False
        self._switch_s = sys.getswitchinterval()
        connect(self.acts, self.keyboard)
        self.window.apply_looks(settings.looks())
        self.window.take_first_place()

    def _still(self) -> bool:
        """Whether nothing plays, is edited or is measured."""
        return not (self.desk.player.status.playing or self.desk.history.in_gesture or self.desk.measuring)

    def show(self) -> None:
        """The window as the desk is now."""
        self.window.show()
        self.window.setFocus()
        self.bridge.start()
        self.bridge.refresh()
        self._collector.start()
        sys.setswitchinterval(SWITCH_S)

    def begin(self, path: str | None) -> None:
        """Shows the window at once, then opens what was asked for, or what a crash left."""
        self.show()
        self.acts.recovery.begin(path)

    def interrupt(self) -> None:
        """Somebody who cannot be asked wants it to end: what is not saved is kept for the next start."""
        self.desk.settle()
        self._kept_for_later = self.desk.has_unsaved_changes
        self.acts.rendering.cancel()
        self.acts.recovery.leave()

    def end(self) -> None:
        """After the window has closed."""
        self.bridge.stop()
        self.acts.rendering.cancel_and_wait()
        self.acts.background.cancel_all()
        self.acts.watching.stop()
        self.settings.sync()
        self.desk.close(keep_recovery=self._kept_for_later)
        self._collector.stop()
        sys.setswitchinterval(self._switch_s)
        self._follower.deleteLater()
        self.window.deleteLater()                # what its signals are connected to lives as long as it


def run(file: str | None = None, device: str | None = None, blocksize: int = 0) -> int:
    """The window on `file` (a mix or a session), or on the demo mix. Gives the exit status. DeviceProblem for a device there is not."""
    settings = Settings()
    info, frames = chosen_device(device, blocksize, settings)
    app = make_application()
    program = Program(app, Desk(info, frames), settings)
    watch = CrashWatch(program.window, program.bridge)
    handle_signals(program.interrupt)
    program.begin(os.path.abspath(file) if file is not None else None)
    try:
        return app.exec()
    finally:
        watch.stop()
        program.end()


def open_window(app: QApplication, desk: Desk, settings: Settings | None = None) -> Program:
    """The whole window on a desk that stands already, whatever is open on it. The caller runs the event loop, and `end` closes the desk."""
    theme.start(app)
    program = Program(app, desk, settings or Settings())
    program.show()
    return program


def make_application() -> QApplication:
    """Fusion, palette, fonts; fractional scales of the screen are kept as they are."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(QGuiApplication.highDpiScaleFactorRoundingPolicy().PassThrough)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Mastering RT")
    app.setDesktopFileName("mastering-rt")
    theme.start(app)
    return app


def chosen_device(name: str | None, frames: int, settings: Settings) -> tuple[DeviceInfo | None, int]:
    """The device of the command line, else the one chosen last if it is there, else the system's own choice (None)."""
    if name is not None:
        return (CLOCK if name.lower() == CLOCK_NAME else find_device(name)), frames
    api, kept, kept_frames = settings.device()
    found = next((device for device in list_devices() if (device.host_api, device.name) == (api, kept)), None) if kept else None
    return found, frames or (kept_frames if found is not None else 0)


def handle_signals(leave: Callable[[], None]) -> None:
    """Ctrl-C and a polite kill close the program as a hand does; the timer of the window lets Python notice them."""
    def closing(_number: int, _frame: FrameType | None) -> None:
        QTimer.singleShot(0, leave)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, closing)


class Collector:
    """Collects garbage on the GUI thread only: a window that dies on another thread takes the program with it.

    To look through all there is takes longer than a picture has time. So what lasts is set aside whenever the song stands still and no hand
    is at it, and while it plays only what has come since is left to look at. What was set aside and has become garbage meanwhile is found when
    it has stood still for a while.
    """

    def __init__(self, still: Callable[[], bool]) -> None:
        self._still = still
        self._timer = QTimer()
        self._timer.setInterval(COLLECT_MS)
        self._timer.timeout.connect(self.collect)
        self._turns = self._still_turns = self._modules = 0
        self._was_on = gc.isenabled()

    def start(self) -> None:
        """From now on nobody else does."""
        gc.collect()
        gc.freeze()
        gc.disable()
        self._still_turns = 0
        self._modules = len(sys.modules)
        self._timer.start()

    def collect(self) -> None:
        """Young objects mostly."""
        self._turns += 1
        self._still_turns = self._still_turns + 1 if self._still() else 0
        if self._still_turns == LONG_STILL:
            gc.unfreeze()
        if self._still_turns in (1, LONG_STILL):
            gc.collect()
            gc.freeze()
        elif len(sys.modules) >= self._modules + LIBRARY:
            gc.freeze()
        else:
            gc.collect(2 if self._turns % COLLECT_ALL_EVERY == 0 else 1)
        self._modules = len(sys.modules)

    def stop(self) -> None:
        """As it was before."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
        gc.unfreeze()
