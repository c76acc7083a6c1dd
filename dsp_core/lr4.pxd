"""Linkwitz-Riley crossovers of 24 dB/oct, and the allpass that is the sum of their two halves.

Butterworth of second order, twice. Low + high = allpass holds in s, so it holds after the bilinear transform as long as every
section shares one g = tan(pi f / rate): while a crossover moves, all its sections are made anew from one g for each frame.
low / allpass = 1 / (1 + W^4) and high / allpass = W^4 / (1 + W^4) are real and positive: bands that are scaled and put back beside
a sound that passed the allpass never turn its phase.
"""
from libc.math cimport M_PI, tan
from libc.string cimport memset

from dsp_core.svf cimport Svf

cdef extern from *:
    """
    static const double MRT_BUTTERWORTH_K = 1.4142135623730951;    /* 1 / Q of a Butterworth section of second order */
    static const double MRT_HIGHEST_SHARE = 0.45;                  /* of the rate: no crossover lies over it */
    """
    const double BUTTERWORTH_K "MRT_BUTTERWORTH_K"
    const double HIGHEST_SHARE "MRT_HIGHEST_SHARE"

cdef inline double warped(double hz, double rate) noexcept nogil:
    return tan(M_PI * min(hz / rate, HIGHEST_SHARE))

cdef inline void svf_shape(Svf *f, int lane, double g, double k, double high, double band, double low) noexcept nogil:
    """Make a lane (low + band S + high S^2) / (1 + k S + S^2), S in units of the frequency of g; its memory stays."""
    cdef double a = 1.0 / (1.0 + g * (g + k))
    f.c[0][lane] = 2.0 * a - 1.0
    f.c[1][lane] = 2.0 * g * a
    f.c[2][lane] = 2.0 * g * g * a
    f.c[3][lane] = a * (high + g * (band + g * low))
    f.c[4][lane] = a * (band - k * high + g * (low - high))
    f.c[5][lane] = low

cdef inline void lr4_split(Svf *section, double g) noexcept nogil:
    """Two sections: lane 0 becomes the low band, lane 1 the high band."""
    cdef int i
    for i in range(2):
        svf_shape(section + i, 0, g, BUTTERWORTH_K, 0.0, 0.0, 1.0)
        svf_shape(section + i, 1, g, BUTTERWORTH_K, 1.0, 0.0, 0.0)

cdef inline void lr4_allpass(Svf *section, double g) noexcept nogil:
    """One section: both lanes become the sum of the two bands."""
    cdef int lane
    for lane in range(2):
        svf_shape(section, lane, g, BUTTERWORTH_K, 1.0, -BUTTERWORTH_K, 1.0)

cdef inline void svf_forget(Svf *section, int count) noexcept nogil:
    cdef int i
    for i in range(count):
        memset(section[i].s, 0, sizeof(section[i].s))
