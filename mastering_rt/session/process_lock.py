"""A lock that the system takes back when its process dies, however it dies: tells living sessions from crashed ones."""
import os
import sys
from pathlib import Path


class ProcessLock:
    """Held by one process at a time; `held` tells whether this object holds it. Held until `release` or the end of the process.

    On POSIX the lock belongs to the process: asking again from the same process succeeds, so a process keeps track of its own.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        self.held = _try_lock(self._handle)

    def release(self, remove: bool = False) -> None:
        """Give the lock back, and remove its file when nobody needs it any more."""
        if self._handle < 0:
            return
        handle, self._handle, self.held = self._handle, -1, False
        if remove and sys.platform != "win32":
            self.path.unlink(missing_ok=True)
        os.close(handle)
        if remove:
            self.path.unlink(missing_ok=True)


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
