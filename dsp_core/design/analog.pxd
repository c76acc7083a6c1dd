"""The analog sections that every band is measured against; Q means what it means in the RBJ cookbook."""
from libc.math cimport sqrt

cdef struct Analog:              # |n0 + n1 s + n2 s^2|^2 / |d0 + d1 s + d2 s^2|^2 at s = j f / f0
    double n[3]
    double d[3]

cdef inline double power_of(const double *c, double ratio) noexcept nogil:
    """|c0 + c1 s + c2 s^2|^2 where `ratio` = f / f0."""
    cdef double r = ratio * ratio, even = c[0] - c[2] * r
    return even * even + c[1] * c[1] * r

cdef inline double analog_power(const Analog *a, double ratio) noexcept nogil:
    return power_of(a.n, ratio) / power_of(a.d, ratio)

cdef inline Analog analog_of(double n0, double n1, double n2, double d0, double d1, double d2) noexcept nogil:
    cdef Analog a
    a.n[0], a.n[1], a.n[2] = n0, n1, n2
    a.d[0], a.d[1], a.d[2] = d0, d1, d2
    return a

cdef inline Analog analog_bell(double gain, double q) noexcept nogil:
    cdef double a = sqrt(gain)
    return analog_of(1, a / q, 1, 1, 1 / (a * q), 1)

cdef inline Analog analog_high_shelf(double gain, double q) noexcept nogil:
    """1 at DC, `gain` at infinity, sqrt(gain) at f0. A low shelf is this of 1/gain, times gain."""
    cdef double a = sqrt(gain), b = sqrt(a) / q
    return analog_of(a, a * b, a * a, a, b, 1)

cdef inline Analog analog_high_shelf_first(double gain) noexcept nogil:
    """The same of first order."""
    cdef double a = sqrt(gain)
    return analog_of(a, gain, 0, a, 1, 0)

cdef inline Analog analog_tilt(double gain) noexcept nogil:
    """First order: 1/sqrt(gain) at DC, 1 at f0, sqrt(gain) at infinity."""
    cdef double a = sqrt(gain)
    return analog_of(1, a, 0, a, 1, 0)

cdef inline Analog analog_notch(double q) noexcept nogil:
    return analog_of(1, 0, 1, 1, 1 / q, 1)

cdef inline Analog analog_band_pass(double q) noexcept nogil:
    return analog_of(0, 1 / q, 0, 1, 1 / q, 1)

cdef inline Analog analog_high_cut(double q) noexcept nogil:
    return analog_of(1, 0, 0, 1, 1 / q, 1)

cdef inline Analog analog_low_cut(double q) noexcept nogil:
    return analog_of(0, 0, 1, 1, 1 / q, 1)

cdef inline Analog analog_nothing() noexcept nogil:
    return analog_of(1, 0, 0, 1, 0, 0)

cdef inline Analog analog_high_cut_first() noexcept nogil:
    return analog_of(1, 0, 0, 1, 1, 0)

cdef inline Analog analog_low_cut_first() noexcept nogil:
    return analog_of(0, 1, 0, 1, 1, 0)
