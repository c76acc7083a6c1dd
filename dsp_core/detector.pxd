"""What a detector hears: a high-pass and a running power, each over two channels side by side.

The high-pass is Butterworth of 12 or 24 dB/oct, in sections of Simper's trapezoidal state-variable filter.
"""
from libc.math cimport M_PI, tan

cdef extern from *:
    """
    static const double MRT_MOST_SAMPLE = 1e20;              /* larger ones are held here, so that no state can overflow */
    static const double MRT_MOST_POWER = 1e40;
    static const double MRT_LEAST_POWER = 1e-40;             /* added, so that the power of silence does not end in denormals */
    static const double MRT_Q_ORDER_2 = 0.70710678118654752;         /* 1 / (2 cos(pi / 4)) */
    static const double MRT_Q_ORDER_4_LOW = 0.54119610014619698;     /* 1 / (2 cos(pi / 8)) */
    static const double MRT_Q_ORDER_4_HIGH = 1.3065629648763766;     /* 1 / (2 cos(3 pi / 8)) */
    """
    const double MOST_SAMPLE "MRT_MOST_SAMPLE"
    const double MOST_POWER "MRT_MOST_POWER"
    const double LEAST_POWER "MRT_LEAST_POWER"
    const double Q_ORDER_2 "MRT_Q_ORDER_2"
    const double Q_ORDER_4_LOW "MRT_Q_ORDER_4_LOW"
    const double Q_ORDER_4_HIGH "MRT_Q_ORDER_4_HIGH"

cdef struct Section:
    double a1
    double a2
    double a3
    double k

cdef struct SectionMemory:
    double s1
    double s2

cdef inline Section high_pass_section(double hz, double q, double rate) noexcept nogil:
    cdef Section c
    cdef double g = tan(M_PI * hz / rate)
    c.k = 1.0 / q
    c.a1 = 1.0 / (1.0 + g * (g + c.k))
    c.a2 = g * c.a1
    c.a3 = g * c.a2
    return c

cdef inline void high_pass_sections(Section *section, double hz, bint steep, double rate) noexcept nogil:
    """Both sections; the second is for a steep filter only. -3 dB at `hz` either way."""
    section[0] = high_pass_section(hz, Q_ORDER_4_LOW if steep else Q_ORDER_2, rate)
    section[1] = high_pass_section(hz, Q_ORDER_4_HIGH, rate)

cdef inline Section section_at(const Section *now, const Section *step, double k) noexcept nogil:
    cdef Section c
    c.a1 = now.a1 + k * step.a1
    c.a2 = now.a2 + k * step.a2
    c.a3 = now.a3 + k * step.a3
    c.k = now.k
    return c

cdef inline double high_passed(const Section *c, SectionMemory *m, double x) noexcept nogil:
    cdef double v3 = x - m.s2
    cdef double v1 = c.a1 * m.s1 + c.a2 * v3
    cdef double v2 = m.s2 + (c.a2 * m.s1 + c.a3 * v3)
    m.s1 = 2.0 * v1 - m.s1
    m.s2 = 2.0 * v2 - m.s2
    return x - c.k * v1 - v2

cdef inline double held_sample(double x) noexcept nogil:
    cdef double low = x if x > -MOST_SAMPLE else -MOST_SAMPLE
    return low if low < MOST_SAMPLE else MOST_SAMPLE

cdef inline void high_pass(const Section *now, const Section *step, int at, bint steep, SectionMemory (*memory)[2],
                           const double *left, const double *right, double *left_out, double *right_out, int frames) noexcept nogil:
    """Two channels side by side, through one section or both; `memory` is [channel][section].

    `step` is NULL while the coefficients stand; while they move, frame i is at now + (at + i + 1) * step.
    """
    cdef Section first = now[0], second = now[1]
    cdef SectionMemory l0 = memory[0][0], l1 = memory[0][1], r0 = memory[1][0], r1 = memory[1][1]
    cdef double l, r
    cdef int i
    for i in range(frames):
        if step is not NULL:
            first, second = section_at(now, step, at + i + 1), section_at(now + 1, step + 1, at + i + 1)
        l = high_passed(&first, &l0, held_sample(left[i]))
        r = high_passed(&first, &r0, held_sample(right[i]))
        if steep:
            l = high_passed(&second, &l1, l)
            r = high_passed(&second, &r1, r)
        left_out[i], right_out[i] = l, r
    memory[0][0], memory[0][1], memory[1][0], memory[1][1] = l0, l1, r0, r1

cdef inline double power_of(double x) noexcept nogil:
    cdef double power = x * x + LEAST_POWER
    return power if power < MOST_POWER else MOST_POWER

cdef inline void running_power(double pole, double *memory, const double *left, const double *right, double *left_out, double *right_out,
                               int frames) noexcept nogil:
    """Mean square with the 1/e time of `pole`; `memory` is one double per channel. May work in place."""
    cdef double l = memory[0], r = memory[1]
    cdef int i
    for i in range(frames):
        l = pole * l + (1.0 - pole) * power_of(left[i])
        r = pole * r + (1.0 - pole) * power_of(right[i])
        left_out[i], right_out[i] = l, r
    memory[0], memory[1] = l, r
