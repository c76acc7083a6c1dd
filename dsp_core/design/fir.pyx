from libc.math cimport fabs, sqrt
from libc.stdlib cimport free
from libc.string cimport memcpy

from dsp_core.fft cimport fft_backward, fft_free, fft_make, fft_plane, fft_spectrum
from dsp_core.memory cimport present

cdef double KAISER_BETA = 6.0    # 60 dB
cdef double GRID_PER_TAP = 2.0   # what has not died away after that many lengths folds back: nothing that a FIR could render anyway


cdef class FirDesign:
    """Workspace for FIRs of `taps` taps whose response has its origin at tap `delay`. `flat`: share of either side that stays as it is.

    Raises ValueError where there are more taps than the largest transform can take in, MemoryError.
    """

    def __cinit__(self, *args, **kwargs):
        self.re = self.sound = self.scratch = self.window = NULL
        self.fft = NULL

    def __dealloc__(self):
        fft_free(self.fft)
        free(self.re)
        free(self.sound)
        free(self.scratch)
        free(self.window)

    def __init__(self, int taps, int delay, double flat):
        if not 0 <= delay < taps:
            raise ValueError(f"the origin of a response of {taps} taps cannot lie at tap {delay}")
        self.taps, self.delay, self.points = taps, delay, 64
        while self.points < GRID_PER_TAP * (taps - 1):
            self.points *= 2
        self.fft = fft_make(self.points)
        if self.fft is NULL:
            raise ValueError(f"{taps} taps are too many; at most {1 << 18} can be designed")
        self.re = <double *>present(fft_spectrum(self.points), sizeof(double))
        self.scratch = <double *>present(fft_spectrum(self.points), sizeof(double))
        self.sound = <double *>present(self.points, sizeof(double))
        self.window = <double *>present(taps, sizeof(double))
        if self.re is NULL or self.scratch is NULL or self.sound is NULL or self.window is NULL:
            raise MemoryError
        self.im = self.re + fft_plane(self.points)
        fill_side(self.window + delay, -1, delay, flat)
        fill_side(self.window + delay, 1, taps - 1 - delay, flat)

    cdef void make(self, double *out) noexcept nogil:
        cdef int i
        fft_backward(self.fft, self.re, self.sound, self.scratch)
        memcpy(out, self.sound + self.points - self.delay, self.delay * sizeof(double))
        memcpy(out + self.delay, self.sound, (self.taps - self.delay) * sizeof(double))
        for i in range(self.taps):
            out[i] *= self.window[i]


cdef void fill_side(double *origin, int step, int length, double flat) noexcept nogil:
    """`length` weights away from the origin: flat, then half of a Kaiser window."""
    cdef int first = <int>(flat * length), i
    cdef double x
    origin[0] = 1.0
    for i in range(1, length + 1):
        x = (i - first) / <double>(length - first) if i > first else 0.0
        origin[step * i] = bessel_i0(KAISER_BETA * sqrt(1.0 - x * x)) / bessel_i0(KAISER_BETA)


cdef double bessel_i0(double x) noexcept nogil:
    """Modified Bessel function of the first kind, order 0, by its power series."""
    cdef double term = 1.0, total = 1.0
    cdef int k = 1
    while fabs(term) > 1e-17 * total:
        term *= (0.5 * x / k) * (0.5 * x / k)
        total += term
        k += 1
    return total
