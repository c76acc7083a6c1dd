from libc.math cimport M_PI, atan2, cos, fmin, sin, sqrt
from libc.stdlib cimport free
from libc.string cimport memcpy, memset

from dsp_core.delay cimport delay_through
from dsp_core.design.band_response cimport multiply_complex, multiply_power
from dsp_core.design.shape cimport ALL_PASS, is_neutral
from dsp_core.memory cimport present
from dsp_core.middle_side cimport to_middle_side
from dsp_core.stages.stage cimport CHUNK, LEFT, MID, RIGHT, SIDE
from dsp_core.units cimport frames_at

cdef enum:
    SHORTEST = 8192              # taps, less one, at 44.1 and 48 kHz; each length is twice the one before
    LONGEST = 1 << 18            # the largest transform takes in no more
    PRE_RINGING = 128            # taps before the origin of natural phase, up to 50 kHz: 0.25 degrees at 20 kHz and 44.1 kHz

cdef double LINEAR_FLAT = 0.5    # share of the window that is flat; tests/dsp_core/test_eq_phase.py::test_linear_phase_follows_...
cdef double NATURAL_FLAT = 0.75
cdef double AUDIBLE_HZ = 20000.0
cdef double AUDIBLE_SHARE = 20000.0 / 44100.0    # of the rate, where that is lower


cdef struct Line:
    int at


cdef class EqFir:
    """For bands of one form at one rate; `channels` is 1 where the stage is placed on a part of the sound. MemoryError."""

    def __cinit__(self, *args, **kwargs):
        self.response = NULL

    def __dealloc__(self):
        free(self.response)

    def __init__(self, double rate, int phase, int length, int channels, int form, bint middle_side):
        cdef int taps = taps_of(length, rate), early = taps // 2
        self.rate, self.phase, self.channels, self.form, self.middle_side = rate, phase, channels, form, middle_side
        self.convolver = Convolver(rate, taps, channels, channels, form)
        if phase == NATURAL:
            early = PRE_RINGING * self.convolver.latency // 128
        self.design = FirDesign(taps, early, NATURAL_FLAT if phase == NATURAL else LINEAR_FLAT)
        self.bins = self.design.points // 2 + 1
        self.response = <double *>present((2 * form + 2) * self.bins + max(taps, 2 * self.bins), sizeof(double))
        if self.response is NULL:
            raise MemoryError
        self.delay = self.convolver.latency + early
        self.bytes = self.convolver.bytes + 64 + channels * self.delay * sizeof(double)

    # Control thread.

    cdef void redesign(self, const FirBand *bands, int count) noexcept nogil:
        """Hand the FIRs of these bands to the audio thread. Only while the convolver is not busy."""
        cdef int e, k, b
        for e in range(self.form):
            self.used[e] = False
            memset(self.entry(e), 0, 2 * self.bins * sizeof(double))
            if self.form != MATRIX or e == 0 or e == 3:
                for k in range(self.bins):
                    self.entry(e)[k] = 1.0
        for b in range(count):
            if not is_neutral(&bands[b].shape) and not (self.phase == LINEAR and bands[b].shape.type == ALL_PASS):
                self.apply(&bands[b])
        self.hand_over()

    cdef inline double *entry(self, int e) noexcept nogil:
        """Of the response: FIR `e`; `form` is the band at hand. Out of left and right for left, then for right in a matrix."""
        return self.response + 2 * e * self.bins

    cdef void apply(self, const FirBand *band) noexcept nogil:
        if self.form == MATRIX:
            self.fill_band(&band.shape)
            self.multiply_matrix(band.channel)
            return
        if self.form == ONE or (band.channel != SIDE and band.channel != RIGHT):
            self.multiply(0, &band.shape)
        if self.form == PAIR and band.channel != MID and band.channel != LEFT:
            self.multiply(1, &band.shape)

    cdef void multiply(self, int e, const Shape *s) noexcept nogil:
        """In linear phase an entry is the square of its magnitude until it is handed over."""
        cdef double *re = self.entry(e)
        cdef double bin_hz = self.rate / self.design.points
        self.used[e] = True
        if self.phase == NATURAL:
            multiply_complex(re, re + self.bins, s, bin_hz, self.bins)
        else:
            multiply_power(re, s, bin_hz, self.bins)

    cdef void fill_band(self, const Shape *s) noexcept nogil:
        """The band's own response, for a matrix."""
        cdef double *re = self.entry(MATRIX)
        cdef int k
        for k in range(self.bins):
            re[k], re[self.bins + k] = 1.0, 0.0
        self.multiply(MATRIX, s)
        if self.phase == LINEAR:
            take_roots(re, self.bins)

    cdef void multiply_matrix(self, int channel) noexcept nogil:
        """What the bands so far give, with one channel of it filtered. Columns (left and right in) do not meet."""
        cdef const double *h = self.entry(self.form)
        cdef double sign = -1.0 if channel == SIDE else 1.0
        cdef int column, k, n = self.bins
        cdef double *l
        cdef double *r
        cdef double *one = self.entry(self.form + 1)
        for column in range(2):
            l, r = self.entry(column), self.entry(2 + column)
            if channel != MID and channel != SIDE:
                if channel != RIGHT:
                    multiply_planes(l, h, n)
                if channel != LEFT:
                    multiply_planes(r, h, n)
                continue
            for k in range(2 * n):
                one[k] = 0.5 * (l[k] + sign * r[k])
            for k in range(2 * n):
                l[k], r[k] = l[k] - one[k], r[k] - sign * one[k]
            multiply_planes(one, h, n)
            for k in range(2 * n):
                l[k], r[k] = l[k] + one[k], r[k] + sign * one[k]
        for k in range(4):
            self.used[k] = True

    cdef void meet_nyquist(self, int e) noexcept nogil:
        """Half the rate carries no phase but 0 and 180 degrees: turn what lies over the audible range, ever more, to the nearer one."""
        cdef double *re = self.entry(e)
        cdef double *im = re + self.bins
        cdef double phase = atan2(im[self.bins - 1], re[self.bins - 1]), turn, x, was, c, s
        cdef double start = fmin(AUDIBLE_HZ, AUDIBLE_SHARE * self.rate) / self.rate * self.design.points
        cdef int k
        turn = -phase if -0.5 * M_PI <= phase <= 0.5 * M_PI else (M_PI if phase > 0 else -M_PI) - phase
        for k in range(<int>start + 1, self.bins):
            x = turn * (0.5 - 0.5 * cos(M_PI * (k - start) / (self.bins - 1 - start)))
            was, c, s = re[k], cos(x), sin(x)
            re[k], im[k] = was * c - im[k] * s, was * s + im[k] * c

    cdef void hand_over(self) noexcept nogil:
        cdef double *taps = self.entry(self.form + 1)
        cdef int e
        self.convolver.begin()
        for e in range(self.form):
            if not self.used[e]:
                continue
            if self.phase == NATURAL:
                self.meet_nyquist(e)
            elif self.form != MATRIX:
                take_roots(self.entry(e), self.bins)
            memcpy(self.design.re, self.entry(e), self.bins * sizeof(double))
            memcpy(self.design.im, self.entry(e) + self.bins, self.bins * sizeof(double))
            self.design.make(taps)
            if self.form != MATRIX or e == 0 or e == 3:
                taps[self.design.delay] -= 1.0
            self.convolver.transform(e, taps)
            if self.form == MATRIX:
                self.convolver.connect(e & 1, e >> 1, e)
            else:
                self.convolver.connect(e, e, e)
                if self.form == ONE and self.channels == 2:
                    self.convolver.connect(1, 1, 0)
        self.convolver.publish()

    cdef bint same_memory(self, EqFir other) noexcept nogil:
        """What one instance has heard is of use to the other."""
        return (other.rate == self.rate and other.channels == self.channels and other.delay == self.delay
                and other.convolver.taps == self.convolver.taps and other.middle_side == self.middle_side)

    # Audio thread.

    cdef void run(self, char *memory, int64_t when, double **io, double **before, int frames) noexcept nogil:
        """In place, at most CHUNK frames; `before` takes the input, as late as the output."""
        cdef double planes[2][CHUNK]
        cdef double *change[2]
        cdef Line *line = <Line *>(memory + self.convolver.bytes)
        cdef double *past = <double *>(memory + self.convolver.bytes + 64)
        cdef int c, i, at = 0
        change[0], change[1] = planes[0], planes[1]
        self.convolve(memory, when, io, change, frames)
        for c in range(self.channels):
            at = delay_through(past + c * self.delay, self.delay, line.at, io[c], before[c], frames)
        line.at = at
        for i in range(frames):
            if self.middle_side:
                io[0][i] = before[0][i] + (change[0][i] + change[1][i])
                io[1][i] = before[1][i] + (change[0][i] - change[1][i])
            else:
                for c in range(self.channels):
                    io[c][i] = before[c][i] + change[c][i]

    cdef void convolve(self, char *memory, int64_t when, double **io, double **change, int frames) noexcept nogil:
        cdef double planes[2][CHUNK]
        cdef double *parts[2]
        parts[0], parts[1] = planes[0], planes[1]
        self.convolver.anchor(memory, when)
        if self.middle_side:
            to_middle_side(io[0], io[1], parts[0], parts[1], frames)
            self.convolver.run(memory, parts, change, frames)
        else:
            self.convolver.run(memory, io, change, frames)

    cdef bint idle(self) noexcept nogil:
        """Nothing is heard but the input."""
        return self.convolver.silent()


cdef void take_roots(double *x, int n) noexcept nogil:
    cdef int k
    for k in range(n):
        x[k] = sqrt(x[k])


cdef void multiply_planes(double *x, const double *h, int n) noexcept nogil:
    """x *= h; n real parts, then n imaginary parts."""
    cdef double was
    cdef int k
    for k in range(n):
        was = x[k]
        x[k], x[n + k] = was * h[k] - x[n + k] * h[n + k], was * h[n + k] + x[n + k] * h[k]


cdef int form_of(const FirBand *bands, int count, bint *middle_side) noexcept nogil:
    """The fewest FIRs that can do it, and whether they work on mid and side."""
    cdef bint of_middle_side = False, of_left_right = False
    cdef int b
    for b in range(count):
        of_middle_side |= bands[b].channel == MID or bands[b].channel == SIDE
        of_left_right |= bands[b].channel == LEFT or bands[b].channel == RIGHT
    middle_side[0] = of_middle_side and not of_left_right
    return MATRIX if of_middle_side and of_left_right else PAIR if of_middle_side or of_left_right else ONE


cdef int taps_of(int length, double rate) noexcept nogil:
    """An odd number that lasts as long at every rate, as far as the largest transform reaches."""
    return min(frames_at(SHORTEST << length, rate), <int>LONGEST) + 1
