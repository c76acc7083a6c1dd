"""Needle meters of one stereo stream, in the bins of the meter beside it: programme peaks, VU, overs, bits in use."""
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t

cdef extern from "dsp_core/kernels/needles.h":
    ctypedef struct Rise "MrtRise":
        float keep[2][4]
        float in_ "in"[2][4]

    ctypedef struct NeedleSums "MrtNeedleSums":
        float level[2][4]
        float top[4]
        double sum[2]
        double peak[2]
        uint64_t bits[2]
        uint64_t below[2]
        uint64_t negative[2]

    void needles_run "mrt_needles"(const Rise *rise, NeedleSums *sums, double unit, const double *left, const double *right,
                                   int frames) noexcept nogil
    void needles_plain "mrt_needles_plain"(const Rise *rise, NeedleSums *sums, double unit, const double *left, const double *right,
                                           int frames) noexcept nogil

cdef struct NeedleBin:
    int64_t index                # as that of the meter's bin
    double ppm1[2]               # largest reading of a type I programme meter, linear; a steady sine reads its peak
    double ppm2[2]               # of a type II one
    double vu[2]                 # largest deflection of a VU needle, linear; a steady sine reads its peak
    uint32_t bits[2]             # of a word of 32 bits those in use, of the magnitude; the top one is that of the sign, and of full scale
    int32_t below[2]             # 1 if a sample had more than the word holds, below its last bit
    int32_t overs[2]             # runs of OVER_RUN and more samples at full scale that reached that length here
    int32_t frames

cdef struct Vu:                  # one needle: a mass on a spring, driven by the mean magnitude of each millisecond
    double at
    double speed                 # per second

cdef struct NeedleState:         # all that changes, without pointers
    NeedleSums sums
    Vu vu[2]
    NeedleBin open
    NeedleBin waiting            # until the meter beside knows the true peaks of its own
    int waiting_left             # frames until then; 0 when no bin waits
    int run[2]                   # samples at full scale in a row
    int group_frames             # of the millisecond so far
    int64_t at                   # song time of the next frame
    int64_t end                  # of the open bin
    int64_t group                # which millisecond
    int64_t group_end
    int64_t lost

cdef class Needles:
    cdef readonly int rate
    cdef readonly int channels
    cdef readonly int delay_frames           # from the end of a bin until it is handed on, as the meter beside does it
    cdef readonly int word_bits
    cdef readonly size_t block_bytes
    cdef bint plain
    cdef double unit
    cdef Rise rise
    cdef float fall[4]                       # of the detectors, per millisecond
    cdef double swing[2][2]                  # what a millisecond makes of a needle's distance from rest and of its speed
    cdef NeedleState state

    cdef int measure(self, const double **planes, int frames, NeedleBin *sink, int room) noexcept nogil
    cdef int seek(self, int64_t when, NeedleBin *sink, int room) noexcept nogil
    cdef int flush(self, NeedleBin *sink, int room) noexcept nogil
    cdef void reset(self, int64_t when) noexcept nogil
    cdef void use_words(self, int bits) noexcept nogil

    cdef int take(self, const double **sound, int frames, NeedleBin *sink, int room) noexcept nogil
    cdef int undivided(self, int frames) noexcept nogil
    cdef void add(self, const double **sound, int frames) noexcept nogil
    cdef void count_overs(self, const double **sound, int frames) noexcept nogil
    cdef int advance(self, int frames, NeedleBin *sink, int room) noexcept nogil
    cdef void close_group(self) noexcept nogil
    cdef void open_group(self) noexcept nogil
    cdef void open_bin(self) noexcept nogil
    cdef void close_bin(self) noexcept nogil
    cdef int hand_on(self, NeedleBin *sink, int room) noexcept nogil
