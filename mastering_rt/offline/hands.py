"""Threads that lend a hand with work that does not hold the interpreter, and step back before all who play and paint."""
import os
import sys
import threading
from collections.abc import Callable

NICENESS = 5
MOST_HANDS = 4                   # no chain has more than about four costly stages


def step_back(niceness: int = NICENESS) -> None:
    """Let all other threads come before this one, where the system can tell threads apart."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + niceness)


class Hands:
    """`lend` gives every thread the same work, `wait` says whether all have come back from it. One owner."""

    def __init__(self, count: int = 0) -> None:
        self._news = threading.Condition()
        self._work: Callable[[], None] | None = None
        self._turn = self._out = 0
        self._closed = False
        count = count or min(MOST_HANDS, os.cpu_count() or 1)
        self._threads = [threading.Thread(target=self._run, name="whole song, a hand", daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def lend(self, work: Callable[[], None]) -> None:
        """Every thread begins `work`, which must not raise. Only when all are back."""
        with self._news:
            self._work, self._turn, self._out = work, self._turn + 1, len(self._threads)
            self._news.notify_all()

    def wait(self, seconds: float | None = None) -> bool:
        """True when all are back within that time."""
        with self._news:
            return self._news.wait_for(lambda: not self._out, seconds)

    def close(self) -> None:
        """End the threads. Only when all are back."""
        with self._news:
            self._closed = True
            self._news.notify_all()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        step_back()
        turn = 0
        while True:
            with self._news:
                while not self._closed and self._turn == turn:
                    self._news.wait()
                if self._closed:
                    return
                turn, work = self._turn, self._work
            if work is not None:
                work()
            work = None                          # it may hold the sound of a whole song
            with self._news:
                self._out -= 1
                if not self._out:
                    self._work = None
                self._news.notify_all()
