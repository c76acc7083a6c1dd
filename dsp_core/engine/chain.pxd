"""The ordered stages, and the mix beside them delayed by their latency. Live playing, render and analysis all run this."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t
from libcpp.atomic cimport atomic

from dsp_core.stages.stage cimport sample_t

cdef enum:
    MAX_STAGES = 24
    MAX_LATENCY = 131072         # frames; a power of two
    FADE_MS = 20

cdef struct Order:               # immutable once published
    int n
    int shared                   # leading stages that the order before it runs too
    int latency                  # frames
    PyObject *stage[MAX_STAGES]  # borrowed; the Chain keeps them alive
    PyObject *heir_of[MAX_STAGES]    # the stage whose memory stage k takes over, or NULL

cdef class Chain:
    cdef readonly double rate
    cdef list _stages, _leaving              # control thread: what the two orders point to
    cdef Order order[2]
    cdef atomic[int] live                    # the order to be heard; written by the control thread
    cdef atomic[int] alone                   # the only order the audio thread still touches; written by it
    cdef int now                             # audio thread: the order heard before a fade
    cdef int listen                          # audio thread: the slot whose delta is wanted, or -1
    cdef int fade_left, fade_frames
    cdef double *fade                        # weights, fade_frames of them
    cdef double *past                        # the last MAX_LATENCY frames of both planes of the mix
    cdef int past_at, known                  # where the next frame goes; frames remembered since the restart

    cdef bint fading(self) noexcept nogil
    cdef int latency(self) noexcept nogil
    cdef void restart(self) noexcept nogil
    cdef void adopt(self, bint fade) noexcept nogil
    cdef void run(self, sample_t **master, sample_t **mix, sample_t **delta, int frames, int64_t when) noexcept nogil
    cdef void read_reductions(self, float *column, Py_ssize_t stride) noexcept nogil
    cdef void remember(self, sample_t **mix, int frames) noexcept nogil
    cdef void recall(self, sample_t **out, int delay, int frames) noexcept nogil
    cdef void run_stages(self, Order *order, int first, int last, sample_t **io, sample_t **delta, int frames, int64_t when) noexcept nogil
    cdef void run_both(self, sample_t **master, sample_t **mix, int frames, int64_t when) noexcept nogil
