"""The analog response of a band at the bins of a grid: what the FIRs of linear and natural phase are made from."""
from dsp_core.design.analog cimport Analog, analog_of
from dsp_core.design.shape cimport (
    ALL_PASS, BELL, HIGH_SHELF, LOW_SHELF, TILT, Shape, canonical_analog, section_count, shelf_share)
from dsp_core.units cimport gain_of_db

cdef inline Analog turned_over(const Analog *a, double gain) noexcept nogil:
    """gain / a."""
    return analog_of(gain * a.d[0], gain * a.d[1], gain * a.d[2], a.n[0], a.n[1], a.n[2])

cdef inline Analog band_analog(const Shape *s, int index) noexcept nogil:
    """Section `index` of the analog filter that the band stands for."""
    cdef Analog a
    cdef double gain
    if s.type == ALL_PASS:
        return analog_of(1, -1 / s.q, 1, 1, 1 / s.q, 1)
    a = canonical_analog(s, index)
    if (s.type == BELL and s.gain_db < 0) or ((s.type == HIGH_SHELF or s.type == TILT) and s.gain_db > 0):
        return turned_over(&a, 1)
    if s.type == LOW_SHELF:
        gain = gain_of_db(shelf_share(s, index) * s.gain_db)
        if s.gain_db <= 0:
            return turned_over(&a, gain)
        return analog_of(gain * a.n[0], gain * a.n[1], gain * a.n[2], a.d[0], a.d[1], a.d[2])
    return a

cdef inline void multiply_power(double *power, const Shape *s, double bin_hz, int bins) noexcept nogil:
    """power[k] *= |H|^2 at k * bin_hz."""
    cdef Analog a
    cdef double step = bin_hz / s.hz, r, n, d
    cdef int i, k
    for i in range(section_count(s.type, s.order)):
        a = band_analog(s, i)
        for k in range(bins):
            r = (step * k) * (step * k)
            n, d = a.n[0] - a.n[2] * r, a.d[0] - a.d[2] * r
            power[k] *= (n * n + a.n[1] * a.n[1] * r) / (d * d + a.d[1] * a.d[1] * r)

cdef inline void multiply_complex(double *re, double *im, const Shape *s, double bin_hz, int bins) noexcept nogil:
    """(re + j im)[k] *= H at k * bin_hz."""
    cdef Analog a
    cdef double step = bin_hz / s.hz, x, n, d, nx, dx, hr, hi, was
    cdef int i, k
    for i in range(section_count(s.type, s.order)):
        a = band_analog(s, i)
        for k in range(bins):
            x = step * k
            n, d = a.n[0] - a.n[2] * x * x, a.d[0] - a.d[2] * x * x
            nx, dx = a.n[1] * x, a.d[1] * x
            was = 1.0 / (d * d + dx * dx)
            hr, hi = (n * d + nx * dx) * was, (nx * d - n * dx) * was
            was = re[k]
            re[k], im[k] = was * hr - im[k] * hi, was * hi + im[k] * hr
