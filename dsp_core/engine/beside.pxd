"""What can be heard beside mix and master: two other chains on the same song, two references, all of them aligned with one another."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t

from dsp_core.engine.chain cimport Chain
from dsp_core.engine.deck cimport Deck
from dsp_core.engine.lag cimport Lag
from dsp_core.engine.selector cimport SOURCES
from dsp_core.engine.timeline cimport Timeline
from dsp_core.engine.transport cimport Transport
from dsp_core.stages.stage cimport sample_t

cdef enum:
    OTHERS = 2
    DECKS = 2
    LAGS = 5                     # mix, master, delta and the other chains, in the order of the selector

cdef class Beside:
    cdef readonly double rate
    cdef list _chains, _decks                # control thread: what the pointers below point to
    cdef PyObject *chain[OTHERS]             # borrowed Chain
    cdef PyObject *deck[DECKS]               # borrowed Deck
    cdef bint wanted[OTHERS]                 # the rest is the audio thread's: whether a comparison wants the chain
    cdef bint on[OTHERS]                     # whether it runs
    cdef int hold_left[OTHERS]               # frames until it may be heard
    cdef bint from_silence                   # the landing in progress began there
    cdef Lag lag[LAGS]
    cdef Timeline times
    cdef int fade_frames
    cdef double *fade

    cdef void want(self, int k, bint wanted) noexcept nogil
    cdef int lateness(self) noexcept nogil
    cdef int ready(self) noexcept nogil
    cdef void take(self, sample_t *sources[SOURCES][2], sample_t **leaving, Transport t, int frames, int64_t when) noexcept nogil
    cdef void run(self, Chain chain, sample_t *sources[SOURCES][2], int audible, int frames, int64_t when) noexcept nogil
    cdef void run_others(self, sample_t *sources[SOURCES][2], int audible, int frames, int64_t when) noexcept nogil
    cdef void align(self, Chain chain, sample_t *sources[SOURCES][2], int frames) noexcept nogil
    cdef int longest(self, Chain chain) noexcept nogil
    cdef void rest(self, Chain chain) noexcept nogil
    cdef void restart(self, Chain chain) noexcept nogil
    cdef void land(self, Chain chain, bint waiting, int64_t when) noexcept nogil
    cdef void pass_block(self) noexcept nogil
