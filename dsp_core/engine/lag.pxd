"""A sound held back, so that it leaves together with one that takes longer. Another delay is reached by a fade."""
from libc.string cimport memcpy

from dsp_core.engine.past cimport Past, recall, remember
from dsp_core.fade cimport blend_into
from dsp_core.stages.stage cimport CHUNK, sample_t

cdef struct Lag:
    Past past                    # its memory is made before the first use
    int delay, next_delay        # frames, before and after a fade
    int warm_left, fade_left     # frames until the new delay is known, then of the fade

cdef inline void lag_stand(Lag *lag, int delay) noexcept nogil:
    """The delay is another one at once, and what is known stays."""
    lag.warm_left = lag.fade_left = 0
    lag.delay = lag.next_delay = delay

cdef inline void lag_rest(Lag *lag, int delay) noexcept nogil:
    """In silence: nothing is held, and the delay is another one at once."""
    lag.past.known = 0
    lag_stand(lag, delay)

cdef inline bint lag_idle(const Lag *lag) noexcept nogil:
    return lag.delay == 0 and lag.fade_left == 0

cdef inline void lag_through(Lag *lag, sample_t **io, int delay, const double *fade, int fade_frames, int frames) noexcept nogil:
    """At most CHUNK frames in place, `delay` frames late once that is reached; at most PAST_FRAMES - CHUNK."""
    cdef sample_t memory[2][CHUNK]
    cdef sample_t *old[2]
    cdef int warm, faded, c
    if lag.fade_left == 0 and delay != lag.delay:
        lag.next_delay, lag.fade_left = delay, fade_frames
        lag.warm_left = max(0, delay - lag.past.known)
    remember(&lag.past, io, frames)
    if lag.fade_left == 0:
        if lag.delay > 0:
            recall(&lag.past, io, lag.delay, frames)
        return
    old[0], old[1] = &memory[0][0], &memory[1][0]
    recall(&lag.past, old, lag.delay, frames)
    recall(&lag.past, io, lag.next_delay, frames)
    warm = min(frames, lag.warm_left)
    faded = min(frames - warm, lag.fade_left)
    for c in range(2):
        memcpy(io[c], old[c], warm * sizeof(double))
        blend_into(io[c] + warm, old[c] + warm, fade + fade_frames - lag.fade_left, faded)
    lag.warm_left -= warm
    lag.fade_left -= faded
    if lag.fade_left == 0:
        lag.delay = lag.next_delay
