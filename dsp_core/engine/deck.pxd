"""Plays one reference beside the song: locked to the song's place, or with a playhead of its own."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t
from libcpp.atomic cimport atomic

from dsp_core.engine.timeline cimport Timeline
from dsp_core.stages.stage cimport sample_t

cdef struct Cue:                 # how a source begins; immutable once published
    bint locked
    int64_t at                   # locked: its frame at frame 0 of the song; else its first frame
    int64_t loop_start, loop_stop

cdef class Deck:
    cdef list _sources                       # control thread: what source[] points to
    cdef PyObject *source[2]
    cdef Cue cue[2]
    cdef atomic[int] live                    # written by the control thread
    cdef atomic[int] alone                   # the one the audio thread uses; written by it
    cdef atomic[int64_t] reached             # next frame to be read
    cdef atomic[int] starved                 # how often the disk was late
    cdef bint locked                         # the rest is the audio thread's
    cdef int64_t offset                      # frame of the reference at frame 0 of the song, while locked
    cdef int64_t at                          # next frame to be read
    cdef int64_t goal                        # where to jump, or NOWHERE
    cdef int64_t loop_start, loop_stop
    cdef int64_t from_at                     # where the place that fades out goes on
    cdef bint silent, from_silent            # nothing sounds, or nothing sounded before the splice
    cdef bint leaving                        # another source waits until this one is silent
    cdef int splice_left, fade_frames
    cdef double *fade

    cdef void run(self, sample_t **out, int frames, const Timeline *times, int delay, bint sounds) noexcept nogil
    cdef void adopt(self, bint sounds) noexcept nogil
    cdef void rest(self) noexcept nogil
    cdef void restart(self) noexcept nogil
    cdef void begin(self, int new) noexcept nogil
    cdef int aim(self, const Timeline *times, int delay, int frames) noexcept nogil
    cdef int64_t turn(self) noexcept nogil
    cdef void splice(self, int64_t place, bint silent, bint first) noexcept nogil
    cdef void fill(self, sample_t **out, int frames) noexcept nogil
    cdef int64_t late_of(self, int64_t fed, int late, bint plays) noexcept nogil
    cdef void pass_block(self) noexcept nogil
    cdef void go(self, int64_t frame) noexcept nogil
    cdef void lock(self, bint locked, int64_t offset) noexcept nogil
    cdef void loop(self, int64_t start, int64_t stop) noexcept nogil
