"""How much sound lies right under half the sample rate, where a true-peak detector of any practical length no longer sees the crests.

The uppermost band, from 0.465 of the rate to half of it, is turned down to 0 Hz (every other sample changes its sign), low-passed and
read at every 64th frame.
"""
from libc.math cimport M_PI, sin, sqrt

from dsp_core.offline.long_sums cimport BAND_TAPS, LongSums, long_sums

cdef enum:
    TAPS = BAND_TAPS

cdef double EDGE_OF_BAND = 0.0325        # of the rate, half down
cdef double BETA = 6.0
cdef float tap[TAPS]


cdef double bessel(double x) noexcept nogil:
    """Modified Bessel function of order 0."""
    cdef double term = 1.0, total = 1.0
    cdef int k = 1
    while term > 1e-12 * total:
        term *= x * x / (4.0 * k * k)
        total += term
        k += 1
    return total


cdef void make_taps() noexcept nogil:
    """A sinc under a Kaiser window, unity at half the rate: -60 dB under 0.44 of the rate."""
    cdef double at, shape, total = 0.0
    cdef double value[TAPS]
    cdef int k
    for k in range(TAPS):
        at = k - 0.5 * (TAPS - 1)
        shape = 2.0 * at / TAPS
        value[k] = sin(2.0 * M_PI * EDGE_OF_BAND * at) / at * bessel(BETA * sqrt(1.0 - shape * shape))
        total += value[k]
    for k in range(TAPS):
        tap[k] = <float>((-value[k] if k % 2 else value[k]) / total)

make_taps()


def top_band(const float[::1] x, Py_ssize_t first, Py_ssize_t step, double[::1] levels):
    """levels[k] = the largest magnitude of the uppermost band in `step` frames of x from first + k * step on, and in 128 to either side.

    Raises ValueError where x does not reach that far.
    """
    cdef const LongSums *sums = long_sums()
    cdef Py_ssize_t k, last = first + levels.shape[0] * step
    if first < TAPS or step < 1 or last + TAPS > x.shape[0]:
        raise ValueError(f"frames {first} to {last} with {TAPS} to either side do not lie in {x.shape[0]} frames")
    with nogil:
        for k in range(levels.shape[0]):
            levels[k] = sums.most(&x[first + k * step - TAPS], tap, <int>(step + 2 * TAPS))
