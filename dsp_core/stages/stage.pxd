"""The contract of a processor. A stage file implements five verbs in this order: prepare, reset, tick, process, latency.

All memory a stage changes while it runs lies in one flat block without pointers, so that the base class can reset,
copy, save and restore it without knowing the stage.
"""
from libc.stdint cimport int64_t, uint32_t, uint64_t
from libcpp.atomic cimport atomic

from dsp_core.display cimport Display
from dsp_core.glide cimport Glide
from dsp_core.moving cimport TICK_FRAMES
from dsp_core.level cimport FinitePeak

ctypedef double sample_t         # between stages; float32 only at device, file and plugin edges

cdef enum:
    TICK = TICK_FRAMES           # frames of song time between two looks at the parameters
    CHUNK = 256                  # most frames one call of run() or process() sees

cdef enum:                       # values of the placement parameter
    STEREO = 0
    MID = 1
    SIDE = 2
    LEFT = 3
    RIGHT = 4

cdef struct Common:              # head of every block; written by the audio thread only
    uint64_t build               # fingerprint of kind, rate and fixed values: which instances can continue this block
    double wet                   # share of the processed sound now
    double wet_step              # its change per frame on the way to the next grid point
    double wet_goal
    int wet_left                 # frames until wet_goal
    int dry_at                   # write position in the dry delay
    int recover_left             # frames until full level after a fault
    int moving                   # ticks to come even if no parameter glides: one after the last move, two for an heir
    uint32_t seen                # version of the parameters at the last look
    uint32_t faults              # how often the stage was given or made NaN or infinity
    double in_peak               # linear, largest since the meters were last read
    double out_peak
    double reduction_db          # largest gain reduction since the meters were last read, >= 0
    double detector              # largest level the stage's detector saw meanwhile, linear; 0 where there is none
    double measure               # what MEASURES says of this kind (dsp_core/params), as it stands now; 0 where there is none

cdef inline int group_phase(int64_t when, int group) noexcept nogil:
    """Frames of a group that lie before `when`, where groups begin at multiples of `group` (a power of two) in song time.

    A stage without a past begins with it, as if silence had been before: so it decides at the same frames wherever it began. Over
    a splice its groups go on as they are.
    """
    return <int>(when & (group - 1))

cdef class Stage:
    cdef readonly str kind
    cdef readonly int n_params
    cdef readonly double rate                # Hz
    cdef readonly int latency_frames         # fixed for the life of the instance
    cdef readonly size_t block_bytes
    cdef readonly bint moves_by_settling     # its values glide no other way: call `settle` while they move, too
    cdef readonly Display display            # made in prepare by kinds that show more of themselves than Common holds; else None
    cdef int placement
    cdef atomic[double] *wanted              # any thread writes, audio thread reads
    cdef int *gliding                        # indices of the parameters that glide; the others are fixed
    cdef int n_gliding
    cdef atomic[uint32_t] version            # counts writes to wanted
    cdef char *block                         # all mutable memory; audio thread only while it runs
    cdef Common *common                      # into block
    cdef Glide *glide                        # into block, one per parameter
    cdef double *dry                         # into block, two planes of latency_frames
    cdef double glide_pole
    cdef uint64_t build
    cdef int64_t when                        # song time of the first frame that `process` is given
    cdef FinitePeak finite_peak

    cdef size_t need(self, size_t bytes)     # in prepare: reserves part of the block, gives its offset
    cdef double fixed(self, int index) noexcept nogil        # value of a "swap" parameter, or the wanted value of any

    cdef int prepare(self) except -1         # control thread; sizes, tables; may fail
    cdef void reset(self) noexcept nogil     # own memory is zeroed; set what must not be zero
    cdef void tick(self) noexcept nogil      # a parameter moved: make coefficients for the next TICK frames
    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil
    cdef int latency(self) noexcept nogil    # frames; known once prepared

    cdef int warm_up(self, Stage heir) except -1             # control thread: frames until it may be heard in place of `heir`, or of None
    cdef void inherit(self, Stage old) noexcept nogil        # take over the memory of the instance this one replaces
    cdef void restart(self) noexcept nogil                   # as new, with the parameters wanted now
    cdef double run(self, sample_t **io, sample_t **delta, int frames, int64_t when, double peak) noexcept nogil
    cdef double run_span(self, sample_t **io, sample_t **delta, int frames) noexcept nogil
    cdef int span(self, int64_t when, int frames) noexcept nogil
    cdef void look(self) noexcept nogil
    cdef double mend_input(self, sample_t **io, int frames) noexcept nogil
    cdef void delay_dry(self, sample_t **io, sample_t **dry, int frames) noexcept nogil
    cdef void place(self, sample_t **io, sample_t **dry, int frames) noexcept nogil
    cdef double guard(self, sample_t **io, int frames) noexcept nogil
    cdef void blend(self, sample_t **io, sample_t **dry, int frames) noexcept nogil
    cdef void forget(self) noexcept nogil
    cdef void take_dry(self, Stage old) noexcept nogil
    cdef double wet_wanted(self) noexcept nogil
