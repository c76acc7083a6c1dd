"""References beside the song: two decks, and which frame of the song leaves when."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t

from dsp_core.engine.deck cimport Deck
from dsp_core.engine.selector cimport SOURCES
from dsp_core.engine.timeline cimport Timeline
from dsp_core.stages.stage cimport sample_t

cdef enum:
    DECKS = 2

cdef class Beside:
    cdef list _decks                         # control thread: what the pointers below point to
    cdef PyObject *deck[DECKS]               # borrowed Deck
    cdef Timeline times                      # the rest is the audio thread's

    cdef void feed(self, int frames, int64_t when) noexcept nogil
    cdef void run(self, sample_t *sources[SOURCES][2], int audible, int late, int frames) noexcept nogil
    cdef void rest(self) noexcept nogil
    cdef void restart(self) noexcept nogil
    cdef void land(self, int64_t when, int late) noexcept nogil
    cdef bint sounds(self, int audible) noexcept nogil
    cdef void pass_block(self) noexcept nogil
