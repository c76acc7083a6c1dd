"""The recent past of a stereo sound, to be read at any delay: what aligns mix and delta with the master."""
from libc.string cimport memcpy, memset

from dsp_core.stages.stage cimport sample_t

cdef enum:
    PAST_FRAMES = 262144         # a power of two; the longest linear-phase filter at 192 kHz is heard half of it late

cdef struct Past:
    double *planes               # two of PAST_FRAMES
    int at                       # where the next frame goes
    int known                    # frames since the restart

cdef inline void remember(Past *past, sample_t **sound, int frames) noexcept nogil:
    cdef int first = min(frames, PAST_FRAMES - past.at)
    cdef int c
    for c in range(2):
        memcpy(past.planes + c * PAST_FRAMES + past.at, sound[c], first * sizeof(double))
        memcpy(past.planes + c * PAST_FRAMES, sound[c] + first, (frames - first) * sizeof(double))
    past.at = (past.at + frames) & (PAST_FRAMES - 1)
    past.known = min(past.known + frames, <int>PAST_FRAMES)

cdef inline void recall(Past *past, sample_t **out, int delay, int frames) noexcept nogil:
    """The `frames` frames just remembered, `delay` frames late (together at most PAST_FRAMES); silence before the first that is known."""
    cdef int at = (past.at - frames - delay) & (PAST_FRAMES - 1)
    cdef int first = min(frames, PAST_FRAMES - at)
    cdef int unknown = min(max(frames + delay - past.known, 0), frames)
    cdef int c
    for c in range(2):
        memcpy(out[c], past.planes + c * PAST_FRAMES + at, first * sizeof(double))
        memcpy(out[c] + first, past.planes + c * PAST_FRAMES, (frames - first) * sizeof(double))
        memset(out[c], 0, unknown * sizeof(double))
