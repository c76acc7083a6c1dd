"""What the audio thread measures for everybody: mix and master side by side in 10 ms bins, and what each stage did meanwhile."""
from libc.stdint cimport int32_t, int64_t

from dsp_core.engine.chain cimport MAX_STAGES, Chain
from dsp_core.engine.ear cimport MOST_BINS, Ear, Heard
from dsp_core.engine.ring cimport Ring
from dsp_core.meters.meter cimport Bin, Meter
from dsp_core.stages.stage cimport sample_t

cdef struct StageReading:
    float in_peak                # linear
    float out_peak
    float reduction_db           # largest in the bin, >= 0
    float detector               # largest level the detector saw, linear; 0 where there is none
    float measure                # the kind's own figure at the end of the bin (MEASURES); 0 where there is none
    float out_rms                # linear, of both channels since the record before
    int32_t faults               # NaN or infinity met so far

cdef struct Record:
    int64_t heard_at             # song frame at the end of the bin
    Bin mix                      # aligned with the master
    Bin master                   # before matching and monitoring
    Bin aside                    # of another source, where one is measured
    int32_t aside_of             # its number, or -1
    int32_t stages
    StageReading stage[MAX_STAGES]

cdef enum:                       # numbers of the ears
    MIX_EAR = 0
    MASTER_EAR = 1
    ASIDE_EAR = 2
    TAP_EAR = 3

cdef class Gauge:
    cdef readonly Ring records
    cdef readonly Ring heard                 # what every ear hears: bins of the meters and of the needles
    cdef readonly Ring tap_scope             # left and right behind the tapped stage as float32
    cdef Meter mix, master, aside, tap
    cdef Ear mix_ear, master_ear, aside_ear, tap_ear
    cdef int aside_of
    cdef Record record
    cdef double energy[MAX_STAGES]           # of both channels behind each stage since the last record
    cdef int energy_frames
    cdef int tap_place, tap_heard            # behind which stage the tap is wanted, and is; -1 for none
    cdef bint fresh                          # a sound begins with the next frame
    cdef int64_t shown, tap_shown            # frames that the rings of sound were given
    cdef int silent_left                     # frames to come that the empty chain gives out before the song

    cdef void restart(self) noexcept nogil
    cdef void begin_in_silence(self, int frames) noexcept nogil
    cdef int silent(self, int frames) noexcept nogil
    cdef void begin(self, int64_t when) noexcept nogil
    cdef void watch_words(self, int bits) noexcept nogil
    cdef void measure_tap(self, Chain chain, int silent, int64_t heard_at) noexcept nogil
    cdef void hand_on(self, const Bin *mix, const Bin *master, int64_t heard_at) noexcept nogil
    cdef void measure(self, Chain chain, sample_t **mix, sample_t **master, sample_t **aside, int aside_of, int frames, int64_t heard_at) noexcept nogil
    cdef int measure_aside(self, sample_t **aside, int aside_of, int frames, Bin *bins) noexcept nogil
    cdef void cut(self, int64_t heard_at) noexcept nogil
    cdef void read_stages(self, Chain chain) noexcept nogil
