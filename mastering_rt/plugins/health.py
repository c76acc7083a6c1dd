"""Whether a worker does what it should: answers blocks in time, gives sound that can be heard, and follows orders."""
from collections.abc import Callable

from dsp_core.foreign.line import Line
from mastering_rt.plugins import wire
from mastering_rt.plugins.process import Process

LOOK_S = 0.05
HANG_S = 0.5                     # without an answer while blocks are waiting
SLOW_LAPSES = 10                 # within SLOW_S: it cannot keep up
SLOW_S = 5.0
WEAK_S = 2.0                     # so long without all of its sound, while sound goes in
PING_LOOKS = 20                  # after so many it is asked whether it still follows orders
DEAF_LOOKS = 100                 # and after so many more without an answer it does not
FAULT_WORDS = {"not a number": "gave samples that are no numbers", "jumped": "jumped in level over its Jump limit",
               "fell silent": "gave silence for sound", "no answer": "did not answer"}


class Health:
    """Whether the worker answers as it should."""

    def __init__(self, line: Line, process: Process, now: Callable[[], float]) -> None:
        self._line, self._process, self._now = line, process, now
        self.restart()

    def restart(self) -> None:
        self._answered, self._answered_at = self._line.answered, self._now()
        self._lapses: list[float] = []
        self._seen = self._line.lapses_seen
        self._fed, self._whole_at = self._line.frames_fed, self._now()
        self.pong()

    def pong(self) -> None:
        """It has followed all orders that were given before it was asked."""
        self._looks_since_ping = 0

    def problem(self, busy: bool) -> str:
        """To be asked every LOOK_S: why it has to be ended; "" while it is well. busy: with its own window, which excuses it for being late but
        not for hanging. So does a plugin right before it that is late, and that its sound is not to be heard yet."""
        line, at = self._line, self._now()
        if line.fault:
            return FAULT_WORDS[line.fault]
        if line.waits:
            return ""                            # who runs it waits, and gives up by itself
        if line.answered != self._answered or line.posted <= line.answered:
            self._answered, self._answered_at = line.answered, at
        elif at - self._answered_at > HANG_S:
            return "hangs"
        if line.lapses_seen > self._seen:
            self._lapses += [at] * (line.lapses_seen - self._seen)
            self._seen = line.lapses_seen
        self._lapses = [t for t in self._lapses if at - t < SLOW_S]
        fed, self._fed = line.frames_fed - self._fed, line.frames_fed
        if line.presence_seen == 1.0 or not fed:
            self._whole_at = at
        if busy or line.is_kept_waiting or line.is_held_back:
            self._lapses, self._whole_at = [], at
        if self._is_deaf():
            return "hangs"
        slow = len(self._lapses) >= SLOW_LAPSES or at - self._whole_at > WEAK_S
        return "is too slow to keep up" if slow else ""

    def _is_deaf(self) -> bool:
        """Whether it follows no orders, which is all that shows while no sound goes through it. In looks, not in seconds: a host that was stopped
        for a while has not listened either."""
        self._looks_since_ping += 1
        if self._looks_since_ping == PING_LOOKS:
            self._process.tell(wire.Ping())
        return self._process.is_deaf or self._looks_since_ping > PING_LOOKS + DEAF_LOOKS
