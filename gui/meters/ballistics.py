"""How a bar moves: up at once, down 20 dB in 1.7 s, marks held for 2 s. Time comes in as an argument; knows no Qt and no clock."""
from collections import deque
from math import inf

FALL_DB_PER_S = 20 / 1.7
HOLD_S = 2.0


class Fall:
    """A level that rises at once and falls at a fixed rate; `floor_db` is silence on the scale."""

    def __init__(self, floor_db: float = -60.0, rate_db_per_s: float = FALL_DB_PER_S) -> None:
        self._floor_db = floor_db
        self._rate = rate_db_per_s
        self._time_s: float | None = None
        self.level_db = -inf

    def follow(self, level_db: float, time_s: float) -> float:
        """The level shown at `time_s`. A clock that goes backward counts as standing still."""
        before, self._time_s = self._time_s, time_s
        shown = self.level_db
        if before is not None and time_s > before:
            shown -= (time_s - before) * self._rate
        if level_db > shown:
            shown = level_db
        self.level_db = shown if shown >= self._floor_db else -inf
        return self.level_db

    def reset(self) -> None:
        """Silence, no memory."""
        self._time_s, self.level_db = None, -inf


class Hold:
    """The largest value of the last two seconds."""

    def __init__(self, hold_s: float = HOLD_S) -> None:
        self._hold_s = hold_s
        self._falling: deque[tuple[float, float]] = deque()
        self.value = -inf

    def follow(self, value: float, time_s: float) -> float:
        """The mark at `time_s`. What a later, larger value has overtaken need not be remembered."""
        falling = self._falling
        if falling and time_s < falling[-1][1]:
            falling.clear()
        while falling and falling[-1][0] <= value:
            falling.pop()
        falling.append((value, time_s))
        while time_s - falling[0][1] >= self._hold_s:
            falling.popleft()
        self.value = falling[0][0]
        return self.value

    def reset(self) -> None:
        """No mark."""
        self._falling.clear()
        self.value = -inf


class OverLamp:
    """Latches when a level passes the ceiling; remembers by how much at most and how often. Only a hand clears it."""

    def __init__(self) -> None:
        self.count = 0
        self.most_db = 0.0
        self._inside = False

    def follow(self, over_db: float) -> bool:
        """`over_db` is level less ceiling, greater than 0 when it is passed. True when the lamp or its numbers changed."""
        over = over_db > 0
        fresh, self._inside = over and not self._inside, over
        more = over and over_db > self.most_db
        self.count += fresh
        self.most_db = max(self.most_db, over_db)
        return fresh or more

    @property
    def lit(self) -> bool:
        """Whether anything passed since it was cleared."""
        return self.count > 0

    def clear(self) -> None:
        """Dark, and counting anew."""
        self.count, self.most_db, self._inside = 0, 0.0, False


class Pace:
    """Lets through at most so many times a second: bars run at 60, the numbers over them at 10."""

    def __init__(self, per_s: float = 10.0) -> None:
        self._gap_s = 1 / per_s
        self._last_s = -inf

    def due(self, time_s: float) -> bool:
        """Whether it is time again; then the count begins anew."""
        if self._last_s <= time_s < self._last_s + self._gap_s - 1e-9:
            return False
        self._last_s = time_s
        return True
