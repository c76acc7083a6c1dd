"""A coefficient on its way between control ticks: a quadratic B-spline through the wishes of the ticks.

Straight lines leave a corner at every tick: -72 dBFS over 3 kHz where the parabola leaves -109, for a ratio turned from 1 to
infinity under 100 Hz (tests/dsp_core/test_compressor.py::test_no_move_leaves_a_zipper). It arrives with the second equal wish.
"""

cdef extern from "dsp_core/kernels/moving.h":
    ctypedef struct Moving "MrtMoving":
        double now
        double step
        double bend
        double goal
        double wish

    double moving_at "mrt_moving_at"(const Moving *m, double k) noexcept nogil

cdef inline void moving_stand(Moving *m, double value) noexcept nogil:
    m.now = m.goal = m.wish = value
    m.step = m.bend = 0.0

cdef inline bint moving_aim(Moving *m, double wish, int frames) noexcept nogil:
    """At a tick: set out from `now` for the next tick, `frames` away. True if it moves."""
    m.goal = 0.5 * (m.wish + wish)
    m.step = 2.0 * (m.wish - m.now) / frames
    m.bend = (m.goal - 2.0 * m.wish + m.now) / (<double>frames * frames)
    m.wish = wish
    return m.goal != m.now or m.step != 0.0

cdef inline void moving_arrive(Moving *m) noexcept nogil:
    m.now = m.goal
    m.step = m.bend = 0.0

cdef inline void moving_stop(Moving *m, int k) noexcept nogil:
    """A tick that comes before its time: `k` frames after the last one."""
    m.now = moving_at(m, k)
    m.step = m.bend = 0.0

cdef inline void all_stand(Moving *each, int count) noexcept nogil:
    """Every setting of a stage at its wish, at once."""
    cdef int i
    for i in range(count):
        moving_stand(&each[i], each[i].wish)

cdef inline void all_stop(Moving *each, int count, int left, int frames) noexcept nogil:
    """A tick that comes while `left` of the `frames` between two ticks are still to go; 0 where nothing moves."""
    cdef int i
    for i in range(count if left > 0 else 0):
        moving_stop(&each[i], frames - left)

cdef inline void all_arrive(Moving *each, int count) noexcept nogil:
    cdef int i
    for i in range(count):
        moving_arrive(&each[i])

cdef inline bint stands_at(const Moving *m, double value) noexcept nogil:
    return m.now == value and m.step == 0.0 and m.bend == 0.0
