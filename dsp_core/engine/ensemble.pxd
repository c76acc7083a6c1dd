"""Chains that hear the same song side by side: its own, whose mix and delta come along, and two others that are compared with it."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t
from libcpp.atomic cimport atomic

from dsp_core.engine.chain cimport Chain
from dsp_core.engine.lag cimport Lag
from dsp_core.engine.source cimport Source
from dsp_core.stages.stage cimport sample_t

cdef enum:
    OTHERS = 2
    VOICES = 5                   # mix, master, delta and the other chains, in the order of the selector
    ELSEWHERE = -0x7fffffff      # said of the time that a voice takes while it changes

cdef class Ensemble:
    cdef readonly Chain main
    cdef list _others                        # control thread: what the pointers below point to
    cdef PyObject *other[OTHERS]             # borrowed Chain
    cdef atomic[int] manned                  # which others there are, one bit each; written by the control thread
    cdef bint on[OTHERS]                     # the rest is the audio thread's, or that of whoever runs it up: whether a chain runs
    cdef int hold_left[OTHERS]               # frames until it may be heard
    cdef Lag lag[VOICES]
    cdef int64_t wish                        # how many seeks had been asked for when it was published

    cdef int lateness(self) noexcept nogil
    cdef int late(self) noexcept nogil
    cdef int late_of(self, int voice) noexcept nogil
    cdef int64_t stands(self) noexcept nogil
    cdef bint can_follow(self, Ensemble before) noexcept nogil
    cdef int ready(self) noexcept nogil
    cdef void want(self, int k) noexcept nogil
    cdef void rest(self, int wanted) noexcept nogil
    cdef void restart(self, int wanted) noexcept nogil
    cdef void run(self, sample_t *sources[VOICES][2], int wanted, int frames, int64_t when) noexcept nogil
    cdef void run_others(self, sample_t *sources[VOICES][2], int wanted, int frames, int64_t when) noexcept nogil
    cdef void align(self, sample_t *sources[VOICES][2], int frames) noexcept nogil
    cdef int longest(self) noexcept nogil

cdef void feed(Chain chain, Lag *lags[3], Source source, int64_t start, int64_t stop, int64_t origin) noexcept nogil
