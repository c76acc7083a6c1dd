"""Closed forms whose magnitude follows the analog section up to half the sample rate; cheap enough for every control tick.

One side of the fraction (the one with the lower roots) is placed by impulse invariance, the other is solved for its
squared magnitude at chosen frequencies and factored, after M. Vicanek, Matched Second Order Digital Filters (2016).
Squared magnitudes are written as e0 + e1 t + e2 t^2 with t = tan(w/2)^2, not in the paper's sin(w/2)^2: nothing cancels at low
frequencies then. `w0` is in radians per sample, above 0 and at most 0.98 pi.
"""
from libc.math cimport M_PI, cos, exp, expm1, fmax, fmin, sin, sqrt, tan

from dsp_core.design.analog cimport Analog, analog_bell, analog_power
from dsp_core.design.section cimport Section, scaled

cdef extern from *:
    """
    /* Third matching point of a shelf, tilt or high cut, beside DC and half the rate: f0, but no higher than this. With it no
       gain, Q or frequency gives a negative squared magnitude, and shelves of Q <= 1 stay within 0.9 dB even at +-30 dB. */
    static const double MRT_MATCH_TOP = 0.7 * 3.14159265358979323846;
    """
    const double MATCH_TOP "MRT_MATCH_TOP"

cdef struct Roots:               # dc + 2 odd S + ny S^2, S = j tan(w/2)
    double dc
    double odd
    double ny

cdef inline Roots placed(const double *c, double w0) noexcept nogil:
    """Digital polynomial with the roots of c0 + c1 s + c2 s^2 at z = exp(s w0); a first order gets its second root at z = 0."""
    cdef Roots r
    cdef double w, q, radius, turn, fast, slow
    if c[2] == 0:
        w = w0 * c[0] / c[1]
        r.dc, r.odd, r.ny = -expm1(-w), 1, 1 + exp(-w)
        return r
    w = w0 * sqrt(c[0] / c[2])
    q = 0.5 * c[1] / sqrt(c[0] * c[2])
    r.odd = -expm1(-2 * q * w)
    if q <= 1:
        radius, turn = exp(-q * w), 0.5 * w * sqrt(1 - q * q)
        r.dc = expm1(-q * w) * expm1(-q * w) + 4 * radius * sin(turn) * sin(turn)
        r.ny = (1 - radius) * (1 - radius) + 4 * radius * cos(turn) * cos(turn)
    else:
        fast = w * (q + sqrt(q * q - 1))
        slow = w * w / fast
        r.dc, r.ny = expm1(-fast) * expm1(-slow), (1 + exp(-fast)) * (1 + exp(-slow))
    return r

cdef inline void power_parts(const Roots *r, double *e) noexcept nogil:
    e[0], e[1], e[2] = r.dc * r.dc, 4 * r.odd * r.odd - 2 * r.dc * r.ny, r.ny * r.ny

cdef inline double power_at(const double *e, double t) noexcept nogil:
    return e[0] + (e[1] + e[2] * t) * t

cdef inline Roots factored(double e0, double e1, double e2) noexcept nogil:
    """The minimum-phase polynomial of a squared magnitude."""
    cdef Roots r
    r.dc, r.ny = sqrt(fmax(e0, 0)), sqrt(fmax(e2, 0))
    r.odd = 0.5 * sqrt(fmax(e1 + 2 * r.dc * r.ny, 0))
    return r

cdef inline Section fraction(Roots n, Roots d) noexcept nogil:
    cdef Section s
    cdef double middle = sqrt(d.dc * d.ny)
    s.g, s.k = sqrt(d.dc / d.ny), 2 * d.odd / middle
    s.low, s.band, s.high = n.dc / d.dc, 2 * n.odd / middle, n.ny / d.ny
    return s

cdef inline Section matched_at_three(const Analog *a, double w0) noexcept nogil:
    """Poles placed, zeros matched at DC, f0 and half the rate: shelves that cut highs, tilts that do, high cuts."""
    cdef Roots poles = placed(a.d, w0)
    cdef double f[3]
    cdef double w = fmin(w0, MATCH_TOP), t = tan(0.5 * w) * tan(0.5 * w), e0, e1, e2
    power_parts(&poles, f)
    e0 = f[0] * analog_power(a, 0)
    e2 = f[2] * analog_power(a, M_PI / w0)
    e1 = (power_at(f, t) * analog_power(a, w / w0) - e0 - e2 * t * t) / t
    return fraction(factored(e0, e1, e2), poles)

cdef inline Section matched_resonances(const Analog *a, double w0) noexcept nogil:
    """Poles and zeros both placed, exact at DC: a resonant shelf, whose bumps matter more than its height at the top."""
    cdef Section s = fraction(placed(a.n, w0), placed(a.d, w0))
    return scaled(s, sqrt(analog_power(a, 0)) / s.low)

cdef inline Section matched_bell(double gain, double q, double w0) noexcept nogil:
    """`gain` >= 1. Exact at DC, and at f0 in height and slope."""
    cdef Analog a = analog_bell(gain, q)
    cdef Roots poles = placed(a.d, w0)
    cdef double f[3]
    cdef double t = tan(0.5 * w0) * tan(0.5 * w0), g2 = gain * gain
    power_parts(&poles, f)
    f[1] *= t
    f[2] *= t * t
    return fraction(factored(f[0], (g2 * (f[1] + 2 * f[0]) - 2 * f[0]) / t, (g2 * (f[2] - f[0]) + f[0]) / (t * t)), poles)

cdef inline Section matched_notch(const Analog *a, double w0) noexcept nogil:
    """Exact at DC and in its zero."""
    cdef Roots poles = placed(a.d, w0)
    cdef Section s = fraction(poles, poles)
    s.low, s.band, s.high = 1, 0, s.g * s.g / (tan(0.5 * w0) * tan(0.5 * w0))
    return s

cdef inline Section matched_low_cut(const Analog *a, double w0) noexcept nogil:
    """As many exact zeros at DC as the analog section has; exact at f0."""
    cdef Roots zeros, poles = placed(a.d, w0)
    cdef double f[3]
    cdef double t = tan(0.5 * w0) * tan(0.5 * w0), top
    power_parts(&poles, f)
    top = power_at(f, t) * analog_power(a, 1)
    zeros.dc = 0
    if a.n[2] == 0:
        # (1 - z^-1) times the root at z = 0 that the poles have too: S (1 + S).
        zeros.ny = sqrt(top / (t * (1 + t)))
        zeros.odd = 0.5 * zeros.ny
    else:
        zeros.ny, zeros.odd = sqrt(top) / t, 0
    return fraction(zeros, poles)

cdef inline Section matched_band_pass(const Analog *a, double w0) noexcept nogil:
    """An exact zero at DC; exact at f0 in height and slope."""
    cdef Roots poles = placed(a.d, w0)
    cdef double f[3]
    cdef double t = tan(0.5 * w0) * tan(0.5 * w0)
    power_parts(&poles, f)
    return fraction(factored(0, 2 * f[0] / t + f[1], fmax(f[2] - f[0] / (t * t), 0)), poles)

cdef inline Section exact_all_pass(double q, double w0) noexcept nogil:
    """Flat to the bit of its coefficients; the analog phase at f0, and the analog delay at DC."""
    cdef Section s
    s.g = tan(0.5 * w0)
    s.k = 2 * s.g / (q * w0)
    s.low, s.band, s.high = 1, -s.k, 1
    return s
