"""When the program itself is wrong: a sentence in the window and the details in a file, in place of a traceback that nobody sees."""
import sys
import threading
import time
import traceback
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gui.dialogs.dialog import Dialog, tell
from mastering_rt.errors import shown
from mastering_rt.places import logs_dir

LOOK_MS = 250
LOGGED = 20                      # of one run; a fault that comes with every frame must not fill the disk


class CrashWatch:
    """Catches what nobody caught, on this thread and on others. One dialog per run; every fault goes into the log."""

    def __init__(self, window: QWidget, parent: Any = None) -> None:
        self._window = window
        self._waiting: deque[str] = deque()
        self._logged = 0
        self._dialog: Dialog | None = None
        self._told = False
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._caught
        threading.excepthook = self._caught_elsewhere
        self._timer = QTimer(parent)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def stop(self) -> None:
        """As it was before."""
        self._timer.stop()
        sys.excepthook, threading.excepthook = self._before

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        self._waiting.append("".join(traceback.format_exception(kind, error, trace)))

    def _caught_elsewhere(self, said: threading.ExceptHookArgs) -> None:
        if said.exc_value is not None:
            self._caught(said.exc_type, said.exc_value, said.exc_traceback)

    def look(self) -> None:
        """On the GUI thread: log what came, and say it once."""
        while self._waiting:
            text = self._waiting.popleft()
            path = self._log(text)
            if not self._told:
                self._told = True
                where = f"The details are in {shown(path)}." if path is not None else "The details could not be kept."
                self._dialog = tell(self._window, "Something inside the program failed.",
                                    f"{text.strip().splitlines()[-1]}. What you set is kept and the sound goes on; save, and start the program anew. "
                                    f"{where} Please report this.")

    def _log(self, text: str) -> Path | None:
        path = logs_dir() / f"{time.strftime('%Y-%m-%d')}.log"
        if self._logged >= LOGGED:
            return path
        self._logged += 1
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "a", encoding="utf-8") as log:
                log.write(f"{time.strftime('%H:%M:%S')}\n{text}\n")
        except OSError:
            return None
        return path
