"""How what is shown of a sound moves: up at once, down 20 dB in 1.7 s, marks held for 2 s, numbers ten times a second. Not for the audio thread.

Time comes in as an argument, in seconds.
"""
from libc.math cimport INFINITY, fmax

cdef double FALL_DB_PER_S = 20 / 1.7
cdef double HOLD_S = 2.0
cdef double ROUNDING_S = 1e-9


cdef class Fall:
    """A level that rises at once and falls at a fixed rate; `floor_db` is silence on the scale."""

    def __init__(self, double floor_db=-60.0, double rate_db_per_s=FALL_DB_PER_S):
        self.floor_db, self.rate = floor_db, rate_db_per_s
        self.clear()

    cpdef double follow(self, double level_db, double time_s):
        """The level shown at `time_s`. A clock that goes backward counts as standing still."""
        cdef double shown = self.level_db
        if self.begun and time_s > self.time_s:
            shown -= (time_s - self.time_s) * self.rate
        self.begun, self.time_s = True, time_s
        if level_db > shown:
            shown = level_db
        self.level_db = shown if shown >= self.floor_db else -INFINITY
        return self.level_db

    cpdef void clear(self):
        """Silence, no memory."""
        self.begun, self.time_s, self.level_db = False, 0.0, -INFINITY


cdef class Hold:
    """The largest value of the last two seconds, and `value_s`, when it was; of like ones the first."""

    def __init__(self, double hold_s=HOLD_S):
        self.hold_s = hold_s
        self.clear()

    cpdef double follow(self, double value, double time_s):
        """The mark at `time_s`. What a later, larger value has overtaken need not be remembered."""
        cdef Moment now
        now.value, now.time_s = value, time_s
        if not self.falling.empty() and time_s < self.falling.back().time_s:
            self.falling.clear()
        while not self.falling.empty() and self.falling.back().value < value:
            self.falling.pop_back()
        self.falling.push_back(now)
        while time_s - self.falling.front().time_s >= self.hold_s:
            self.falling.pop_front()
        self.value, self.value_s = self.falling.front().value, self.falling.front().time_s
        return self.value

    cpdef void clear(self):
        """No mark."""
        self.falling.clear()
        self.value = self.value_s = -INFINITY


cdef class OverLamp:
    """Latches when a level passes the ceiling; remembers by how much at most and how often. Only a hand clears it."""

    cdef readonly int count
    cdef readonly double most_db
    cdef bint inside

    def __init__(self):
        self.clear()

    cpdef bint follow(self, double over_db):
        """`over_db` is level less ceiling, greater than 0 when it is passed. True when the lamp or its numbers changed."""
        cdef bint over = over_db > 0
        cdef bint fresh = over and not self.inside, more = over and over_db > self.most_db
        self.inside = over
        self.count += fresh
        self.most_db = fmax(self.most_db, over_db)
        return fresh or more

    @property
    def lit(self):
        """Whether anything passed since it was cleared."""
        return self.count > 0

    cpdef void clear(self):
        """Dark, and counting anew."""
        self.count, self.most_db, self.inside = 0, 0.0, False


cdef class Pace:
    """Lets through so many times a second: bars run at 60, the numbers over them at 10.

    What comes a little early or late does not count: over a while it is as many as were wished, if it is asked often enough.
    """

    cdef double gap_s, last_s, next_s

    def __init__(self, double per_s=10.0):
        self.gap_s, self.last_s, self.next_s = 1 / per_s, -INFINITY, -INFINITY

    cpdef bint due(self, double time_s):
        """Whether it is time again. Who comes late by more than two times, or after the clock was set back, begins anew."""
        if self.last_s <= time_s < self.next_s - ROUNDING_S:
            return False
        if not self.last_s <= time_s <= self.next_s + 2 * self.gap_s:
            self.next_s = time_s
        self.last_s, self.next_s = time_s, self.next_s + self.gap_s
        return True
