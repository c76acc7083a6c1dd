from libc.string cimport memcpy, memset
from libc.stdlib cimport free

from dsp_core.delay cimport delay_through
from dsp_core.memory cimport present
from dsp_core.units cimport frames_at

cdef enum:
    TAPS = 4096                  # and one less, up to 50 kHz
    ALIGN = 64

cdef double FLAT = 0.5           # share of the window; 0.01 dB at a crossover of 120 Hz


cdef class LinearCrossover:
    """2 to 6 `bands` of 1 or 2 `channels`, `order` 4 for 24 dB/oct or 8 for 48. MemoryError."""

    def __cinit__(self, *args, **kwargs):
        self.taps = NULL

    def __dealloc__(self):
        free(self.taps)

    def __init__(self, double rate, int bands, int channels, int order):
        cdef int taps = frames_at(TAPS, rate)
        self.rate, self.bands, self.channels, self.order = rate, bands, channels, order
        self.convolver = Convolver(self.rate, taps - 1, channels, (bands - 1) * channels, bands - 1)
        self.design = FirDesign(taps - 1, taps // 2 - 1, FLAT)
        self.taps = <double *>present(taps - 1, sizeof(double))
        if self.taps is NULL:
            raise MemoryError
        self.delay = self.convolver.latency + taps // 2 - 1
        self.bytes = self.convolver.bytes + ALIGN + channels * self.delay * sizeof(double)

    cdef bint redesign(self, const double *hz) noexcept nogil:
        """Control thread: hand over the FIRs of these crossovers, which ascend. False: they still turn to others, call again."""
        cdef double power, ratio
        cdef int i, k, c, bins = self.design.points // 2 + 1
        cdef bint same = True
        for i in range(self.bands - 1):
            same &= hz[i] == self.made_hz[i]
        if same:
            return True
        if self.convolver.busy():
            return False
        self.convolver.begin()
        for i in range(self.bands - 1):
            self.made_hz[i] = hz[i]
            for k in range(bins):
                ratio = self.rate / self.design.points * k / hz[i]
                power = ratio * ratio * ratio * ratio
                self.design.re[k] = 1.0 / (1.0 + (power if self.order == 4 else power * power))
            memset(self.design.im, 0, bins * sizeof(double))
            self.design.make(self.taps)
            self.convolver.transform(i, self.taps)
            for c in range(self.channels):
                self.convolver.connect(c, i * self.channels + c, i)
        self.convolver.publish()
        return True

    cdef void run(self, char *memory, int64_t when, double **x, double **plane, double **late, int frames) noexcept nogil:
        """plane[2 b + c]: channel c of band b; late[c]: the input, as late as the bands. No plane may be one of `x`."""
        cdef double *low[2 * MOST_CROSSOVERS]
        cdef int *at = <int *>(memory + self.convolver.bytes)
        cdef double *past = <double *>(memory + self.convolver.bytes + ALIGN)
        cdef double *band
        cdef const double *above
        cdef int b, c, i, after = 0
        for b in range(self.bands - 1):
            for c in range(self.channels):
                low[b * self.channels + c] = plane[2 * b + c]
        self.convolver.anchor(memory, when)
        self.convolver.run(memory, x, low, frames)
        for c in range(self.channels):
            after = delay_through(past + c * self.delay, self.delay, at[0], x[c], late[c], frames)
            memcpy(plane[2 * (self.bands - 1) + c], late[c], frames * sizeof(double))
        at[0] = after
        for b in range(self.bands - 1, 0, -1):
            for c in range(self.channels):
                band, above = plane[2 * b + c], plane[2 * (b - 1) + c]
                for i in range(frames):
                    band[i] -= above[i]
