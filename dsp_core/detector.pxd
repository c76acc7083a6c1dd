"""What a detector hears: a high-pass and a running power, each over two channels side by side.

The high-pass is Butterworth of 12 or 24 dB/oct, in sections of Simper's trapezoidal state-variable filter. With his a1, a2, a3
its states go on as s1' = (2 a1 - 1) s1 - 2 a2 s2 + 2 a2 x and s2' = (1 - 2 a3) s2 + 2 a2 s1 + 2 a3 x, in half the usual latency.
"""
from libc.math cimport M_PI, tan

from dsp_core.moving cimport Moving, moving_aim, moving_at

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

cdef struct Section:             # one set of coefficients
    double keep                  # 2 a1 - 1
    double across                # 2 a2
    double leave                 # 2 a3
    double k                     # 1 / Q

cdef struct MovingSection:
    Moving keep
    Moving across
    Moving leave
    Moving k

cdef struct SectionMemory:
    double s1
    double s2

cdef inline Section high_pass_section(double hz, double q, double rate) noexcept nogil:
    cdef Section c
    cdef double g = tan(M_PI * hz / rate), a1
    c.k = 1.0 / q
    a1 = 1.0 / (1.0 + g * (g + c.k))
    c.keep = 2.0 * a1 - 1.0
    c.across = 2.0 * g * a1
    c.leave = g * c.across
    return c

cdef inline Section section_of_order(int order, int index, double hz, double rate) noexcept nogil:
    """Section `index` of a Butterworth high-pass of order 2 (one section) or 4 (two); -3 dB at `hz`."""
    if order == 2:
        return high_pass_section(hz, Q_ORDER_2, rate)
    return high_pass_section(hz, Q_ORDER_4_LOW if index == 0 else Q_ORDER_4_HIGH, rate)

cdef inline bint section_aim(MovingSection *m, Section wish, int frames) noexcept nogil:
    cdef bint moves = moving_aim(&m.keep, wish.keep, frames)
    moves |= moving_aim(&m.across, wish.across, frames)
    moves |= moving_aim(&m.leave, wish.leave, frames)
    return moves | moving_aim(&m.k, wish.k, frames)

cdef inline Section section_at(const MovingSection *m, double k) noexcept nogil:
    cdef Section c
    c.keep, c.across, c.leave, c.k = moving_at(&m.keep, k), moving_at(&m.across, k), moving_at(&m.leave, k), m.k.now
    return c

cdef inline double high_passed(const Section *c, SectionMemory *m, double x) noexcept nogil:
    cdef double s1 = (c.keep * m.s1 - c.across * m.s2) + c.across * x
    cdef double s2 = ((1.0 - c.leave) * m.s2 + c.across * m.s1) + c.leave * x
    cdef double y = x - 0.5 * (c.k * (s1 + m.s1) + (s2 + m.s2))
    m.s1, m.s2 = s1, s2
    return y

cdef inline double held_sample(double x) noexcept nogil:
    cdef double low = x if x > -MOST_SAMPLE else -MOST_SAMPLE
    return low if low < MOST_SAMPLE else MOST_SAMPLE

cdef inline void high_pass(const MovingSection *section, bint moving, int at, bint steep, SectionMemory (*memory)[2],
                           const double **source, double **out, int frames) noexcept nogil:
    """Two channels side by side, through one section or both (`steep`); `memory` is [channel][section].

    While the coefficients are `moving`, frame i is `at` + i + 1 frames after the last tick.
    """
    cdef Section first = section_at(section, 0), second = section_at(section + 1, 0)
    cdef SectionMemory left0 = memory[0][0], left1 = memory[0][1], right0 = memory[1][0], right1 = memory[1][1]
    cdef const double *left_in = source[0]
    cdef const double *right_in = source[1]
    cdef double *left_out = out[0]
    cdef double *right_out = out[1]
    cdef double left, right
    cdef int i
    for i in range(frames):
        if moving:
            first, second = section_at(section, at + i + 1), section_at(section + 1, at + i + 1)
        left = high_passed(&first, &left0, held_sample(left_in[i]))
        right = high_passed(&first, &right0, held_sample(right_in[i]))
        if steep:
            left = high_passed(&second, &left1, left)
            right = high_passed(&second, &right1, right)
        left_out[i], right_out[i] = left, right
    memory[0][0], memory[0][1], memory[1][0], memory[1][1] = left0, left1, right0, right1

cdef inline double power_of(double x) noexcept nogil:
    cdef double power = x * x + LEAST_POWER
    return power if power < MOST_POWER else MOST_POWER

cdef inline void running_power(double pole, double *memory, const double **source, double **out, int frames) noexcept nogil:
    """Mean square of two channels, with the 1/e time of `pole`; `memory` is one double per channel. May work in place."""
    cdef const double *left_in = source[0]
    cdef const double *right_in = source[1]
    cdef double *left_out = out[0]
    cdef double *right_out = out[1]
    cdef double left = memory[0], right = memory[1]
    cdef int i
    for i in range(frames):
        left = pole * left + (1.0 - pole) * power_of(left_in[i])
        right = pole * right + (1.0 - pole) * power_of(right_in[i])
        left_out[i], right_out[i] = left, right
    memory[0], memory[1] = left, right
