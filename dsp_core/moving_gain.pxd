"""A gain that moves from control tick to control tick, on all channels alike."""
from dsp_core.moving cimport Moving, moving_aim, moving_arrive, moving_at, moving_stand, moving_stop
from dsp_core.stages.stage cimport TICK, sample_t

cdef struct MovingGain:
    Moving gain                  # linear
    int left                     # frames until its goal

cdef inline void moving_gain_stand(MovingGain *m, double gain) noexcept nogil:
    moving_stand(&m.gain, gain)

cdef inline void moving_gain_aim(MovingGain *m, double gain) noexcept nogil:
    """At a tick."""
    if m.left > 0:
        moving_stop(&m.gain, TICK - m.left)
    m.left = TICK if moving_aim(&m.gain, gain, TICK) else 0

cdef inline void moving_gain_pass(MovingGain *m, sample_t **io, int channels, int frames) noexcept nogil:
    """Samples through it, in place."""
    cdef double gain
    cdef int c, i, at = TICK - m.left, ramp = min(m.left, frames)
    for i in range(ramp):
        gain = moving_at(&m.gain, at + i + 1)
        for c in range(channels):
            io[c][i] *= gain
    if ramp == m.left:
        moving_arrive(&m.gain)
    m.left -= ramp
    for c in range(channels):
        for i in range(ramp, frames):
            io[c][i] *= m.gain.now
