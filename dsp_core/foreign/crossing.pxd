"""The input of a stage that is being replaced fades into that of its heir, so that the plugin, which is one for both, hears no step."""
from libc.string cimport memcpy

from dsp_core.stages.stage cimport CHUNK, sample_t

cdef struct Crossing:
    sample_t stash[2][CHUNK]     # what the stage that is being replaced was given
    int stash_frames
    int left, frames             # of the fade

cdef inline void crossing_end(Crossing *x) noexcept nogil:
    x.stash_frames = x.left = 0

cdef inline void crossing_begin(Crossing *x, int frames) noexcept nogil:
    x.left = x.frames = frames
    x.stash_frames = 0

cdef inline void crossing_keep(Crossing *x, sample_t **io, int channels, int frames) noexcept nogil:
    """The old stage's, of these frames; the new one's comes next."""
    cdef int c
    for c in range(2):
        memcpy(x.stash[c], io[c % channels], frames * sizeof(sample_t))
    x.stash_frames = frames

cdef inline void crossing_pass(Crossing *x, sample_t **io, int channels, int frames) noexcept nogil:
    cdef double share
    cdef int c, i
    if x.stash_frames == frames:
        for i in range(min(frames, x.left)):
            share = <double>(x.left - i) / x.frames
            for c in range(channels):
                io[c][i] += share * (x.stash[c][i] - io[c][i])
        x.left = max(0, x.left - frames)
    else:
        x.left = 0
    x.stash_frames = 0
