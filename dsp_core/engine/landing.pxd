"""Exact jumps: an ensemble that was run up to a place in the song elsewhere is handed to the audio thread, and faded in there.

What was played before goes on for the length of the fade, fed from its own place; so the two never meet inside a stage.
"""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t, uintptr_t
from libcpp.atomic cimport atomic

from dsp_core.engine.chain cimport Chain
from dsp_core.engine.ensemble cimport VOICES, Ensemble
from dsp_core.engine.transport cimport Transport
from dsp_core.stages.stage cimport sample_t

cdef enum:
    SOUGHT = 0                   # to be heard as soon as nothing fades
    ROUND = 1                    # stands at the loop's start, to be heard when its end has been
    ROOMS = 2

cdef class Landings:
    cdef list _kept                          # control thread: every ensemble that the audio thread may still touch
    cdef int64_t _wishes                     # control thread: seeks so far
    cdef atomic[uintptr_t] mail[ROOMS]       # an Ensemble that was published and not yet taken, or 0; exchanged by both threads
    cdef atomic[uintptr_t] said              # the ensemble that is heard, or faded in; written by the audio thread
    cdef PyObject *waiting[ROOMS]            # the rest is the audio thread's: taken, and to be heard when it is due, or NULL
    cdef PyObject *heard
    cdef PyObject *left                      # fades out, or NULL for silence
    cdef int wanted                          # which other chains a comparison wants, one bit each

    cdef Ensemble ensemble(self)
    cdef int64_t seek(self)
    cdef void take(self, int room) noexcept nogil
    cdef void drop(self, int room) noexcept nogil
    cdef void overtake(self, int64_t wish) noexcept nogil
    cdef bint takes_all(self, int room) noexcept nogil
    cdef bint fits(self, int room, int64_t heard_at) noexcept nogil
    cdef bint ready(self, int room, Transport t, PyObject *source) noexcept nogil
    cdef void move_on(self, Transport t, PyObject *source) noexcept nogil
    cdef void go_there(self, int room, Transport t) noexcept nogil
    cdef void move_round(self, Transport t, PyObject *source) noexcept nogil
    cdef void land(self, int room, Transport t, bint sounding) noexcept nogil
    cdef void arrive(self) noexcept nogil
    cdef void rest(self, Transport t) noexcept nogil
    cdef void want(self, int k, bint wanted) noexcept nogil
    cdef void listen(self, PyObject *stage) noexcept nogil
    cdef void run(self, sample_t *sources[VOICES][2], sample_t **leaving, Transport t, int audible, int frames, int64_t when, int64_t left_when) noexcept nogil
    cdef void fade(self, sample_t *new[VOICES][2], sample_t *old[VOICES][2], Transport t, int frames) noexcept nogil
