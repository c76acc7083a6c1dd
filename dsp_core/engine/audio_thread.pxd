"""The audio thread as a table of contents: what it holds, and the steps of a block."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t, uint64_t
from libcpp.atomic cimport atomic

from dsp_core.engine.beside cimport Beside
from dsp_core.engine.chain cimport Chain
from dsp_core.engine.command cimport Command
from dsp_core.engine.dip cimport Dip
from dsp_core.engine.ensemble cimport Ensemble
from dsp_core.engine.gauge cimport Gauge
from dsp_core.engine.landing cimport Landings
from dsp_core.engine.monitor cimport Monitor
from dsp_core.engine.ring cimport Ring
from dsp_core.engine.selector cimport SOURCES, Selector
from dsp_core.engine.source cimport Source
from dsp_core.engine.status cimport Status
from dsp_core.engine.transport cimport Transport
from dsp_core.stages.stage cimport sample_t

cdef class AudioThread:
    cdef readonly double rate
    cdef readonly Beside beside              # references
    cdef readonly Gauge gauge                # loudness, peaks and gain reduction in 10 ms bins
    cdef readonly Ring scope                 # mix L R, master L R, what else is heard L R as float32, for the analyser
    cdef public bint running                 # a device calls us
    cdef Landings landings
    cdef Transport transport
    cdef Ring commands
    cdef Selector selector
    cdef Dip dip
    cdef Monitor monitor
    cdef Status status
    cdef list _sources                       # control thread: what source[] points to
    cdef PyObject *source[2]
    cdef atomic[int] source_live             # written by the control thread
    cdef atomic[int] source_alone            # the one the audio thread uses; written by it
    cdef bint levelled                       # a delta is heard without the gain that explains it
    cdef bint input_on
    cdef int64_t input_at
    cdef int guard_left
    cdef double ticks_per_second

    cdef void run_block(self, const float *src, float *dst, int frames) noexcept nogil
    cdef void take_commands(self) noexcept nogil
    cdef void obey(self, Command *c) noexcept nogil
    cdef void obey_beside(self, Command *c) noexcept nogil
    cdef void ask_chain(self, Chain chain) noexcept nogil
    cdef int late(self) noexcept nogil
    cdef int sounding(self) noexcept nogil
    cdef void tell_times(self) noexcept nogil
    cdef void rest(self) noexcept nogil
    cdef void adopt_source(self) noexcept nogil
    cdef int step(self, const float *src, float *dst, int frames) noexcept nogil
    cdef int feed(self, const float *src, sample_t **out, sample_t **leaving, int frames, int64_t *when) noexcept nogil
    cdef int feed_song(self, sample_t **out, sample_t **leaving, int frames, int64_t *when) noexcept nogil
    cdef void show(self, sample_t *sources[SOURCES][2], int frames, int64_t when) noexcept nogil
    cdef void show_chain(self, Ensemble heard) noexcept nogil
    cdef int aside(self) noexcept nogil
    cdef void guard(self, sample_t **out, int frames) noexcept nogil
    cdef void tell(self, int frames, uint64_t began) noexcept nogil
