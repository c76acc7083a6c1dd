"""What the audio thread measures for everybody: mix and master side by side in 10 ms bins, and what each stage did meanwhile."""
from libc.stdint cimport int32_t, int64_t

from dsp_core.engine.chain cimport MAX_STAGES, Chain
from dsp_core.engine.ring cimport Ring
from dsp_core.meters.meter cimport Bin, Meter
from dsp_core.stages.stage cimport sample_t

cdef struct StageReading:
    float in_peak                # linear
    float out_peak
    float reduction_db           # largest in the bin, >= 0
    float detector               # largest level the detector saw, linear; 0 where there is none
    float measure                # the kind's own figure at the end of the bin (MEASURES); 0 where there is none
    int32_t faults               # NaN or infinity met so far

cdef struct Record:
    int64_t heard_at             # song frame at the end of the bin
    Bin mix                      # aligned with the master
    Bin master                   # before matching and monitoring
    Bin aside                    # of another source, where one is measured
    int32_t aside_of             # its number, or -1
    int32_t stages
    StageReading stage[MAX_STAGES]

cdef enum:
    MOST_BINS = 8                # that one piece of at most CHUNK frames can end

cdef class Gauge:
    cdef readonly Ring records
    cdef Meter mix, master, aside
    cdef int aside_of
    cdef Record record

    cdef void restart(self) noexcept nogil
    cdef void measure(self, Chain chain, sample_t **mix, sample_t **master, sample_t **aside, int aside_of, int frames, int64_t heard_at) noexcept nogil
    cdef int measure_aside(self, sample_t **aside, int aside_of, int frames, Bin *bins) noexcept nogil
    cdef void cut(self, int64_t heard_at) noexcept nogil
    cdef void read_stages(self, Chain chain) noexcept nogil
