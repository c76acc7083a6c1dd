"""The monitor section: one 2 x 2 matrix for mono, side, solo, swap, polarity, dim and level, faded over 15 ms.

It stands after the point where the render taps, so nothing here can be printed.
"""
from dsp_core.stages.stage cimport sample_t

cdef struct Monitor:
    double now[4]                # left from left, left from right, right from left, right from right
    double start[4]
    double goal[4]
    double next[4]               # waits while a fade runs
    bint waiting
    int fade_left

cdef inline void monitor_start(Monitor *m) noexcept nogil:
    cdef int k
    for k in range(4):
        m.now[k] = m.start[k] = m.goal[k] = 1.0 if k == 0 or k == 3 else 0.0

cdef inline void monitor_wish(Monitor *m, const double *matrix) noexcept nogil:
    cdef int k
    for k in range(4):
        m.next[k] = matrix[k]
    m.waiting = True

cdef inline void monitor_rest(Monitor *m) noexcept nogil:
    """In silence: what is wished for holds at once."""
    cdef int k
    for k in range(4):
        if m.waiting:
            m.goal[k] = m.next[k]
        m.now[k] = m.goal[k]
    m.waiting, m.fade_left = False, 0

cdef inline void monitor_run(Monitor *m, sample_t **io, int frames, const double *fade, int fade_frames) noexcept nogil:
    cdef double left, right, weight
    cdef int i, k
    if m.waiting and m.fade_left == 0:
        for k in range(4):
            m.start[k], m.goal[k] = m.now[k], m.next[k]
        m.fade_left, m.waiting = fade_frames, False
    if m.fade_left == 0 and m.now[0] == 1.0 and m.now[1] == 0.0 and m.now[2] == 0.0 and m.now[3] == 1.0:
        return
    for i in range(frames):
        if m.fade_left > 0:
            weight = fade[fade_frames - m.fade_left]
            m.fade_left -= 1
            for k in range(4):
                m.now[k] = m.goal[k] if m.fade_left == 0 else m.start[k] + weight * (m.goal[k] - m.start[k])
        left, right = io[0][i], io[1][i]
        io[0][i] = m.now[0] * left + m.now[1] * right
        io[1][i] = m.now[2] * left + m.now[3] * right
