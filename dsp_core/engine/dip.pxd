"""A switch that cannot be heard out: down into silence and up again, the same to the sample whether another source plays afterwards or not.

A crossfade of a sound with itself is nothing, with another one it is something; a listener who must not know hears that.
"""
from dsp_core.engine.selector cimport Selector
from dsp_core.stages.stage cimport sample_t

cdef struct Dip:
    int frames                   # of either way
    int left                     # until it is over; more than `frames` on the way down
    int wanted                   # source that plays on the way up

cdef inline void dip_wish(Dip *d, int source) noexcept nogil:
    """Begin, or on the way up turn round at the level reached; on the way down the last wish wins."""
    d.wanted = source
    if d.left == 0:
        d.left = 2 * d.frames
    elif d.left <= d.frames:
        d.left = 2 * d.frames + 1 - d.left

cdef inline int dip_room(Dip *d, int frames) noexcept nogil:
    """As many frames as go one way."""
    if d.left == 0:
        return frames
    return min(frames, d.left - d.frames if d.left > d.frames else d.left)

cdef inline void dip_switch(Dip *d, Selector *s) noexcept nogil:
    """At the bottom what is wished for is heard at once; a source that does not run yet comes by a fade when it does."""
    if d.left > 0 and d.left == d.frames:
        s.wanted, s.fade_left = d.wanted, 0
        if s.ready >> d.wanted & 1:
            s.heard = d.wanted
        s.next = s.heard

cdef inline void dip_rest(Dip *d, Selector *s) noexcept nogil:
    """In silence there is no way to go."""
    if d.left > 0:
        s.wanted = d.wanted
        d.left = 0

cdef inline void dip_run(Dip *d, const double *fade, sample_t **io, int frames) noexcept nogil:
    """Turn the next piece down or up; it lies on one way."""
    cdef bint down = d.left > d.frames
    cdef int first = d.left - d.frames - 1 if down else d.frames - d.left
    cdef int step = -1 if down else 1
    cdef int i
    if d.left == 0:
        return
    for i in range(frames):
        io[0][i] *= fade[first + step * i]
        io[1][i] *= fade[first + step * i]
    d.left -= frames
