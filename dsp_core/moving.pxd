"""A coefficient on its way between control ticks: a quadratic B-spline through the wishes of the ticks.

Straight lines leave a corner at every tick: -72 dBFS over 3 kHz where the parabola leaves -109, for a ratio turned from 1 to
infinity under 100 Hz (tests/dsp_core/test_compressor.py::test_no_move_leaves_a_zipper). It arrives with the second equal wish.
"""

cdef enum:
    TICK_FRAMES = 32             # between two ticks of a stage; stages/stage.pxd holds to it

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
    """A tick that comes before its time, at a seek: `k` frames after the last one. The next course sets out at the same speed."""
    cdef double speed = m.step + 2.0 * k * m.bend
    m.now = moving_at(m, k)
    m.wish = m.now + 0.5 * TICK_FRAMES * speed
    m.step = m.bend = 0.0

cdef inline void settings_stand(void *settings, int count) noexcept nogil:
    """In a reset: all of a stage's settings, a struct of `count` Moving alone, stand where they are wished to be."""
    cdef Moving *each = <Moving *>settings
    cdef int i
    for i in range(count):
        moving_stand(&each[i], each[i].wish)

cdef inline void settings_stop(void *settings, int count, int left, int frames) noexcept nogil:
    """In a tick, before they are aimed anew: those that would have arrived `left` frames from now stop here, if any are on their way."""
    cdef Moving *each = <Moving *>settings
    cdef int i
    for i in range(count if left > 0 else 0):
        moving_stop(&each[i], frames - left)

cdef inline void settings_arrive(void *settings, int count) noexcept nogil:
    """All of them are where they were aimed."""
    cdef Moving *each = <Moving *>settings
    cdef int i
    for i in range(count):
        moving_arrive(&each[i])

cdef inline int settings_pass(void *settings, int count, int left, int frames) noexcept nogil:
    """Behind a span of at most `left` frames, if any are left: how many are then. They arrive with the last one."""
    if 0 < left == frames:
        settings_arrive(settings, count)
    return left - frames if left > 0 else 0

cdef inline bint stands_at(const Moving *m, double value) noexcept nogil:
    return m.now == value and m.step == 0.0 and m.bend == 0.0
