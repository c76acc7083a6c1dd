"""Largest of the last `window` values, two comparisons per value whatever the window (van Herk 1992, Gil and Werman 1993).

The stream is taken in blocks of `window` values. `past` holds window + 1 values >= 0: before position `at` those of this block,
from there on the maxima from each value of the last block to its end, and a 0.
"""
from libc.stdint cimport int32_t

cdef struct SlidingMax:
    int at                       # position in the block
    int32_t top                  # largest value of this block so far
    int32_t now                  # the last result

cdef inline void sliding_max(SlidingMax *s, int32_t *past, int window, int32_t *x, int frames) noexcept nogil:
    """Each x becomes the largest of itself and the window - 1 values before it."""
    cdef int32_t top = s.top, value, rest
    cdef int32_t *place
    cdef int done = 0, n, i
    while done < frames:
        n = min(frames - done, window - s.at)
        place = past + s.at
        for i in range(n):
            value, rest = x[done + i], place[i + 1]
            place[i] = value
            top = value if value > top else top
            x[done + i] = top if top > rest else rest
        s.at += n
        done += n
        if s.at == window:
            top = 0
            for i in range(window - 1, -1, -1):
                value = past[i]
                top = value if value > top else top
                past[i] = top
            s.at = top = 0
    s.top = top
    if frames:
        s.now = x[frames - 1]

cdef inline void sliding_fill(SlidingMax *s, int32_t *past, int window, int32_t value) noexcept nogil:
    """As if the last `window` values had all been `value`."""
    cdef int i
    for i in range(window):
        past[i] = value
    s.at, s.top, s.now = 0, 0, value
