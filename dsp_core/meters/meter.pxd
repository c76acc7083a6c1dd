"""One stereo stream, measured in bins of 10 ms of song time. Loudness, peaks and stereo figures are sums and maxima of bins."""
from libc.stdint cimport int32_t, int64_t

from dsp_core.level cimport FinitePeak, PeakOf
from dsp_core.meters.kweight cimport KSums, KWeight
from dsp_core.meters.truepeak cimport TruePeak

cdef enum:
    BINS_PER_S = 100
    PIECE = 256                  # most frames measured in one go

cdef struct Bin:
    int64_t index                # k: the bin ends before frame (k + 1) * rate // 100 of the song
    double k_energy[2]           # sum of squares of the K-weighted channel
    double energy[2]             # sum of squares of the channel
    double cross                 # sum of left times right
    double total[2]              # sum of samples
    double peak[2]               # largest magnitude of a sample
    double true_peak[2]          # largest magnitude between samples too; 0 where the meter leaves it out
    int32_t frames               # in this bin; fewer than 10 ms where a seek or the end cut it short
    int32_t clipped[2]           # samples at or over CLIP_LEVEL
    int32_t faults               # NaN, infinite or absurd (over 1e100) samples, measured as silence

cdef struct MeterState:          # all that changes while the meter runs, with the memory of the detectors; no pointers
    KSums sums
    Bin open                     # the bin being filled
    Bin waiting                  # the one before, until its true peaks are known
    int waiting_left             # frames until then; 0 when no bin waits
    int64_t at                   # song time of the next frame
    int64_t end                  # song time at which the open bin ends
    int64_t lost                 # finished bins for which the caller had no room

cdef class Meter:
    cdef readonly int rate                   # Hz
    cdef readonly int channels               # 2, or 1 whose right fields stay 0
    cdef readonly bint true_peak
    cdef readonly int delay_frames           # from the end of a bin until it is handed on
    cdef readonly size_t block_bytes
    cdef KWeight weighting
    cdef TruePeak detector
    cdef FinitePeak look
    cdef PeakOf peak_of
    cdef char *block                         # MeterState, then the memory of the detectors
    cdef MeterState *state                   # into block

    cdef int room_for(self, int frames) noexcept nogil               # most bins that many frames can finish
    cdef int measure(self, const double **planes, int frames, Bin *sink, int room) noexcept nogil
    cdef int seek(self, int64_t when, Bin *sink, int room) noexcept nogil
    cdef int flush(self, Bin *sink, int room) noexcept nogil                 # either can hand on two bins
    cdef void reset(self, int64_t when) noexcept nogil

    cdef int take(self, const double **planes, int frames, Bin *sink, int room) noexcept nogil
    cdef void detect(self, const double **sound, float (*peaks)[PIECE], int frames) noexcept nogil
    cdef int undivided(self, int frames) noexcept nogil
    cdef void count_faults(self, const double **planes, int start, int frames) noexcept nogil
    cdef void add(self, const double **sound, int start, int frames) noexcept nogil
    cdef int take_true_peaks(self, const float (*peaks)[PIECE], int start, int frames, Bin *sink, int room) noexcept nogil
    cdef int advance(self, int frames, Bin *sink, int room) noexcept nogil
    cdef void open_bin(self) noexcept nogil
    cdef void close_bin(self) noexcept nogil
    cdef int hand_on(self, Bin *sink, int room) noexcept nogil
