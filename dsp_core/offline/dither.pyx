"""Rounding to whole numbers with dither and error feedback, sample by sample (Lipshitz, Vanderkooy, Wannamaker, JAES 39(11), 1991).

v = x - sum c[k] e[n - k]; y = floor(v + d + 1/2); e = y - v: what is added to the sound is e filtered by 1 - sum c[k] z^-k.
The random numbers are those of the sfc64 generator (Doty-Humphrey, PractRand), one for each channel.
"""
from libc.math cimport floor
from libc.stdint cimport int32_t, int64_t, uint64_t
from libc.string cimport memset

cdef enum:
    MOST_CHANNELS = 2
    MOST_TAPS = 32
    NO_NOISE = 0
    TRIANGULAR = 1
    HIGH_PASSED = 2

NONE, TPDF, HIGH_PASSED_TPDF = NO_NOISE, TRIANGULAR, HIGH_PASSED

cdef double MOST_ERROR = 4.0             # of a rounding that is fed back: cut samples cannot drive the loop away

cdef struct Channel:
    uint64_t random[4]                   # state of sfc64
    double before                        # the last uniform number, for high-passed dither
    double error[2 * MOST_TAPS]          # of the last roundings, newest at `at`, twice, so that they can be read in one run
    int at


cdef inline uint64_t draw(uint64_t *s) noexcept nogil:
    cdef uint64_t found = s[0] + s[1] + s[3]
    s[3] += 1
    s[0] = s[1] ^ (s[1] >> 11)
    s[1] = s[2] + (s[2] << 3)
    s[2] = ((s[2] << 24) | (s[2] >> 40)) + found
    return found

cdef inline double noise(Channel *c, int kind) noexcept nogil:
    """The next number of the dither, -1 to +1 steps, mean exactly 0."""
    cdef uint64_t raw
    cdef double now, found
    if kind == NO_NOISE:
        return 0.0
    raw = draw(c.random)
    if kind == TRIANGULAR:
        return <double>((raw >> 32) + (raw & 0xFFFFFFFFu) + 1) * (1.0 / 4294967296.0) - 1.0
    now = <double>(raw >> 11) * (1.0 / 9007199254740992.0)
    found = now - c.before
    c.before = now
    return found

cdef inline double fed_back(const Channel *c, const double *taps, int order) noexcept nogil:
    """The newest error comes last, so that nothing but it has to wait for the sample before."""
    cdef double total = 0.0
    cdef int k
    for k in range(order - 1, -1, -1):
        total += taps[k] * c.error[c.at + k]
    return total

cdef inline void keep_error(Channel *c, double error, int order) noexcept nogil:
    c.at = c.at - 1 if c.at > 0 else order - 1
    c.error[c.at] = c.error[c.at + order] = error


cdef class Rounding:
    """One stream of 1 or 2 channels on its way to whole numbers; the result does not depend on how the stream is cut.

    scale: whole numbers at full scale, a power of two. kind: NONE, TPDF, HIGH_PASSED_TPDF. taps: c[1], c[2], ... of the error
    feedback, at most 32. seeds (channels, 4): state of each channel's sfc64. blank_frames: after so much digital silence in all
    channels it is written as such. `clipped` counts samples cut at full scale. Raises ValueError for what does not fit.
    """

    cdef Channel channel[MOST_CHANNELS]
    cdef double taps[MOST_TAPS]
    cdef double scale
    cdef int channels, order, kind
    cdef int64_t blank_frames, silent_frames
    cdef readonly int64_t clipped

    def __cinit__(self, double scale, int kind, const double[::1] taps, const uint64_t[:, ::1] seeds, int64_t blank_frames):
        cdef int c, k
        if not 1 <= seeds.shape[0] <= MOST_CHANNELS or seeds.shape[1] != 4:
            raise ValueError(f"1 or 2 channels need as many seeds of 4 words, not {seeds.shape[0]} of {seeds.shape[1]}")
        if taps.shape[0] > MOST_TAPS:
            raise ValueError(f"{taps.shape[0]} taps of error feedback are too many; there is room for {MOST_TAPS}")
        self.scale, self.kind, self.blank_frames = scale, kind, blank_frames
        self.channels, self.order = <int>seeds.shape[0], <int>taps.shape[0]
        memset(self.channel, 0, sizeof(self.channel))
        for k in range(self.order):
            self.taps[k] = taps[k]
        for c in range(self.channels):
            self.channel[c].before = 0.5
            for k in range(4):
                self.channel[c].random[k] = seeds[c, k]

    def run(self, const double[:, ::1] x, int32_t[:, ::1] out):
        """Fill `out` with x (channels, frames), 1.0 = full scale, in whole numbers. x must be finite."""
        cdef Py_ssize_t i, frames = x.shape[1]
        cdef int c
        if x.shape[0] != self.channels or out.shape[0] != self.channels or out.shape[1] != frames:
            raise ValueError(f"{x.shape[0]} channels of {frames} frames do not fit into {out.shape[0]} of {out.shape[1]}")
        with nogil:
            for i in range(frames):
                if self.is_blank(x[0, i] == 0.0 and x[self.channels - 1, i] == 0.0):
                    for c in range(self.channels):
                        noise(&self.channel[c], self.kind)
                        out[c, i] = 0
                else:
                    for c in range(self.channels):
                        out[c, i] = self.rounded(&self.channel[c], x[c, i] * self.scale)

    cdef inline bint is_blank(self, bint silent) noexcept nogil:
        """Whether this frame is written as silence; the first of them empties the feedback."""
        cdef int c
        if not silent:
            self.silent_frames = 0
            return False
        self.silent_frames += 1
        if self.silent_frames == self.blank_frames + 1:
            for c in range(self.channels):
                memset(self.channel[c].error, 0, sizeof(self.channel[c].error))
        return self.silent_frames > self.blank_frames

    cdef inline int32_t rounded(self, Channel *c, double wanted) noexcept nogil:
        cdef double whole
        if self.order:
            wanted -= fed_back(c, self.taps, self.order)
        whole = floor(wanted + noise(c, self.kind) + 0.5)
        if whole < -self.scale or whole > self.scale - 1.0:
            self.clipped += 1
            whole = -self.scale if whole < 0.0 else self.scale - 1.0
        if self.order:
            keep_error(c, min(max(whole - wanted, -MOST_ERROR), MOST_ERROR), self.order)
        return <int32_t>whole
