"""The audio thread as a table of contents, and what the two threads say to each other."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t, uint64_t
from libcpp.atomic cimport atomic

from dsp_core.engine.beside cimport Beside
from dsp_core.engine.chain cimport Chain
from dsp_core.engine.dip cimport Dip
from dsp_core.engine.ensemble cimport Ensemble
from dsp_core.engine.gauge cimport Gauge
from dsp_core.engine.landing cimport Landings
from dsp_core.engine.monitor cimport Monitor
from dsp_core.engine.ring cimport Ring
from dsp_core.engine.selector cimport SOURCES, Selector
from dsp_core.engine.source cimport Source
from dsp_core.engine.transport cimport Transport
from dsp_core.stages.stage cimport sample_t

cdef enum:
    PLAY = 1                     # from where the transport stands
    STOP = 2
    SEEK = 3                     # a = song frame, b = number of the seek
    LOOP = 4                     # a = first frame, b = frame after the last; b = 0 takes the loop off
    SELECT = 5                   # a = source to be heard, b = 1: through silence
    MATCH = 6                    # a = source; x = its gain in dB, largest change in dB per second
    MONITOR = 7                  # x = 2 x 2 matrix
    INPUT = 8                    # a = 1: the device's input in place of the song
    LISTEN = 9                   # a = address of the stage whose delta can be heard, or 0
    LANDS = 10                   # a = 1: a start waits for a chain that was run up to its place
    TAP = 11                     # a = place of the stage behind which the meters listen too, or -1; b = bits of the words they watch
    LEVEL = 20                   # a = 1: a delta is heard without its gain
    WANT = 21                    # a = other chain, b = 1: a comparison wants it
    DECK_GO = 22                 # a = deck, b = frame
    DECK_LOOP = 23               # a = deck; x = from, to
    DECK_LOCK = 24               # a = deck, b = 1: locked to the song; x = frame at the song's frame 0

cdef struct Command:
    int what
    int64_t a, b
    double x[4]

cdef struct Status:              # atomics written by the audio thread, read by anybody
    atomic[int64_t] heard_at     # song frame now leaving the engine
    atomic[int64_t] callbacks
    atomic[int64_t] frames
    atomic[int] state            # of the transport
    atomic[int] heard            # source
    atomic[int] ended            # 1 after the song played to its end
    atomic[int] awaits           # 1 while a start waits for a chain to be run up to `heard_at`
    atomic[int] starved          # disk was late
    atomic[int] late             # callbacks that took longer than their period
    atomic[int] flagged          # under- or overflows the device reported
    atomic[int] guarded          # blocks silenced at the output because of NaN or infinity
    atomic[int] mended           # samples of live input that were NaN or infinite
    atomic[int64_t] late_of[SOURCES]     # frames from the song's place to each source, or ELSEWHERE
    atomic[uint64_t] busy_ticks  # time spent in callbacks
    atomic[uint64_t] top_ticks   # longest callback since read

cdef class Engine:
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
