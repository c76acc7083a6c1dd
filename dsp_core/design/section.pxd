"""A second-order section as a prototype in the bilinear variable, and its coefficients for the state variable filter.

H = (low + band S + high S^2) / (1 + k S + S^2) with S = j tan(w/2) / g. Any stable biquad can be written so; the numbers
keep their full precision at 5 Hz and 384 kHz, where those of the z-domain have lost half of theirs.
Filter structure: A. Simper, Linear Trapezoidal Optimised SVF (Cytomic, 2013).
"""
from libc.math cimport log10, sqrt

cdef struct Section:
    double g
    double k
    double low                   # gain at DC
    double band
    double high                  # gain at half the sample rate

cdef inline Section nothing(double g) noexcept nogil:
    """Poles at `g` and k = 2, and zeros over them."""
    cdef Section s
    s.g, s.k, s.low, s.band, s.high = g, 2, 1, 2, 1
    return s

cdef inline Section inverse(Section s) noexcept nogil:
    """1 / H; every part of the numerator must be above 0."""
    cdef Section out
    cdef double middle = sqrt(s.low * s.high)
    out.g = s.g * sqrt(s.low / s.high)
    out.k = s.band / middle
    out.low, out.band, out.high = 1 / s.low, s.k / middle, 1 / s.high
    return out

cdef inline Section scaled(Section s, double gain) noexcept nogil:
    s.low *= gain
    s.band *= gain
    s.high *= gain
    return s

cdef inline double section_db(const Section *s, double tan2) noexcept nogil:
    """Magnitude where tan(w/2)^2 = `tan2`; floor at -400 dB."""
    cdef double u = tan2 / (s.g * s.g)
    cdef double n = (s.low - s.high * u) * (s.low - s.high * u) + s.band * s.band * u
    cdef double d = (1 - u) * (1 - u) + s.k * s.k * u
    return 10 * log10(n / d + 1e-40)

cdef inline void section_coefficients(const Section *s, double *c) noexcept nogil:
    """The six numbers of dsp_core/kernels/svf.h."""
    cdef double loop = s.g * (s.g + s.k), a = 1 / (1 + loop)
    c[0] = (1 - loop) * a
    c[1] = 2 * s.g * a
    c[2] = s.g * c[1]
    c[3] = (s.high + s.g * (s.band + s.g * s.low)) * a
    c[4] = (s.band - s.k * s.high + s.g * (s.low - s.high)) * a
    c[5] = s.low
