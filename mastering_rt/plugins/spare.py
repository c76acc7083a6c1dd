"""A worker's process that is started ahead, so that a plugin takes as long to load as it takes itself."""
import threading
import time

from mastering_rt.plugins.process import Process

REST_S = 1.0                     # in which what took the last one has the processor to load
AGAIN_S = 30.0                   # where none can be started


class Spares:
    """Keeps one ready, for as long as somebody wants that; one that was taken is replaced. Any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._users = 0
        self._spare: Process | None = None
        self._leaving: list[Process] = []
        self._not_before = 0.0
        self._thread: threading.Thread | None = None

    def keep(self) -> None:
        """Have one ready from now on."""
        with self._changed:
            self._users += 1
            self._changed.notify()
            if self._thread is None:             # workers end with the thread that started them; this one goes on to the end of the host
                self._thread = threading.Thread(target=self._tend, name="plugin spare", daemon=True)
                self._thread.start()

    def let_go(self) -> None:
        """Once for each `keep`."""
        with self._changed:
            self._users -= 1
            if not self._users and self._spare is not None:
                self._leaving.append(self._spare)
                self._spare = None
            self._changed.notify()

    def take(self) -> Process:
        """The spare one, or one that is started now. OSError."""
        with self._changed:
            spare, self._spare = self._spare, None
            self._rest()
            if spare is not None and not spare.lives:
                self._leaving.append(spare)
                spare = None
        return spare if spare is not None else Process()

    @property
    def pid(self) -> int:
        """Of the one that is ready, 0 while there is none."""
        with self._changed:
            return self._spare.pid if self._spare is not None else 0

    def _rest(self, seconds: float | None = None) -> None:
        self._not_before = time.monotonic() + (REST_S if seconds is None else seconds)
        self._changed.notify()

    def _tend(self) -> None:
        while True:
            with self._changed:
                while not self._leaving and (pause := self._pause()) != 0.0:
                    self._changed.wait(pause)
                leaving, self._leaving = self._leaving, []
            for process in leaving:
                process.end()
            if not leaving:
                self._start_one()

    def _pause(self) -> float | None:
        """Seconds until one is to be started; None while none is wanted."""
        if not self._users or self._spare is not None:
            return None
        return max(0.0, self._not_before - time.monotonic())

    def _start_one(self) -> None:
        try:
            fresh = Process()
        except OSError:
            with self._changed:
                self._rest(AGAIN_S)
            return
        with self._changed:
            if self._users and self._spare is None:
                self._spare = fresh
            else:
                self._leaving.append(fresh)


spares = Spares()
