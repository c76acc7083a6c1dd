"""K-weighting of ITU-R BS.1770-5 at any sample rate.

The standard prints coefficients for 48 kHz only, and asks for the same response at other rates. Both sections are bilinear
transforms of analogue prototypes, found by inverting the transform of the printed figures; at 48 kHz they give the printed figures
back to 2e-16. For the high-pass that holds at any rate, so far down does it work. The transform would bend the shelf by up to
0.008 dB; so at other rates it takes the poles of 48 kHz as they are in time (z to the power of 48 kHz / rate), and the zeros with
which it has the response of 48 kHz at 0 Hz, 997 Hz and 8 kHz. That leaves 0.00005 dB to 20 kHz from 32 kHz up, 0.0004 dB at 22.05 kHz
and 0.02 dB at 8 kHz.
"""
from libc.math cimport M_PI, acos, cos, pow, sin, sqrt, tan


cdef extern from "dsp_core/kernels/kmeter.h":
    ctypedef void (*KMeter "MrtKMeter")(const KWeight *k, KSums *sums, const double *left, const double *right, int frames) noexcept nogil

    ctypedef struct KWeight "MrtKWeight":
        double direct            # share of the input itself
        double in0[2]            # shelf, high-pass
        double in1[2]
        double back1[2]
        double back2[2]
        KMeter sums              # all sums; resolved by k_weighting
        KMeter k_only            # k_energy alone, to the same bits

    ctypedef struct KSums "MrtKSums":            # with the memory of the filters, which is nobody else's concern
        double k_energy[2]       # sum of squares of the K-weighted channel
        double energy[2]         # sum of squares
        double cross             # sum of left times right
        double total[2]          # sum

    void kmeter_plain "mrt_kmeter_plain"(const KWeight *k, KSums *sums, const double *left, const double *right,
                                         int frames) noexcept nogil
    void kmeter_choose "mrt_kmeter_choose"(KWeight *k) noexcept nogil
    bint sane "mrt_sane"(const double *x, int frames) noexcept nogil

cdef extern from *:
    """
    static const double MRT_SHELF_HZ = 1681.974450955532;
    static const double MRT_SHELF_Q = 0.7071752369554;
    static const double MRT_SHELF_HIGH = 1.5848647011308554;       /* 3.999843853973 dB */
    static const double MRT_SHELF_BAND = 1.2587209302325613;       /* SHELF_HIGH ^ 0.4996667741545 */
    static const double MRT_HIGHPASS_HZ = 38.135470876113;
    static const double MRT_HIGHPASS_Q = 0.5003270373250;
    static const double MRT_HIGHPASS_GAIN = 1.0049948987146884;    /* the printed numerator 1, -2, 1 is not unity gain */
    """
    const double SHELF_HZ "MRT_SHELF_HZ"
    const double SHELF_Q "MRT_SHELF_Q"
    const double SHELF_HIGH "MRT_SHELF_HIGH"
    const double SHELF_BAND "MRT_SHELF_BAND"
    const double HIGHPASS_HZ "MRT_HIGHPASS_HZ"
    const double HIGHPASS_Q "MRT_HIGHPASS_Q"
    const double HIGHPASS_GAIN "MRT_HIGHPASS_GAIN"


cdef struct Section:             # (b[0] + b[1] w + b[2] w^2) / (1 + a[1] w + a[2] w^2) with w = 1/z
    double b[3]
    double a[3]


cdef inline Section bilinear(double hz, double q, double high, double band, double low, double rate) noexcept nogil:
    """(high s^2 + band s + low) / (s^2 + s/q + 1), s in units of `hz`."""
    cdef Section f
    cdef double k = tan(M_PI * hz / rate), a0 = 1.0 + k / q + k * k
    f.b[0] = (high + band * k + low * k * k) / a0
    f.b[1] = 2.0 * (low * k * k - high) / a0
    f.b[2] = (high - band * k + low * k * k) / a0
    f.a[0], f.a[1], f.a[2] = 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0
    return f


cdef inline Section k_highpass(double rate) noexcept nogil:
    """Stage 2: the revised low-frequency B curve."""
    return bilinear(HIGHPASS_HZ, HIGHPASS_Q, HIGHPASS_GAIN, 0.0, 0.0, rate)


cdef inline double energy_at(const double *c, double cycles) noexcept nogil:
    """|c[0] + c[1] w + c[2] w^2|^2 at a frequency in cycles per frame."""
    cdef double x = cos(2.0 * M_PI * cycles)
    return c[0] * c[0] + c[1] * c[1] + c[2] * c[2] + 2.0 * x * c[1] * (c[0] + c[2]) + 2.0 * (2.0 * x * x - 1.0) * c[0] * c[2]


cdef inline void zeros_for(const double *hz, const double *energy, double rate, double *b) noexcept nogil:
    """The numerator with its zeros inside the unit circle that has `energy` at the frequencies 0, hz[1] and hz[2].

    With p = sin^2(half the angle) it is (1 - p) e0 + p e1 + 4 p (1 - p) e2; e0 and e1 are those at 0 Hz and half the rate.
    """
    cdef double rest[3]
    cdef double p[3]
    cdef double e1, e2, whole
    cdef int i
    for i in range(1, 3):
        p[i] = sin(M_PI * hz[i] / rate)
        p[i] *= p[i]
        rest[i] = energy[i] - (1.0 - p[i]) * energy[0]
    e2 = (rest[1] / p[1] - rest[2] / p[2]) / (4.0 * (p[2] - p[1]))
    e1 = rest[1] / p[1] - 4.0 * (1.0 - p[1]) * e2
    whole = 0.5 * (sqrt(energy[0]) + sqrt(e1))
    b[0] = 0.5 * (whole + sqrt(whole * whole + e2))
    b[1] = 0.5 * (sqrt(energy[0]) - sqrt(e1))
    b[2] = -e2 / (4.0 * b[0])


cdef inline Section k_shelf(double rate) noexcept nogil:
    """Stage 1: the head, +4 dB above 1.7 kHz."""
    cdef Section printed = bilinear(SHELF_HZ, SHELF_Q, SHELF_HIGH, SHELF_BAND / SHELF_Q, 1.0, 48000.0), shelf
    cdef double radius, angle, ratio = 48000.0 / rate
    cdef double hz[3]
    cdef double energy[3]
    cdef int i
    if rate == 48000.0:
        return printed
    radius = sqrt(printed.a[2])
    angle = acos(-0.5 * printed.a[1] / radius) * ratio
    radius = pow(radius, ratio)
    shelf.a[0], shelf.a[1], shelf.a[2] = 1.0, -2.0 * radius * cos(angle), radius * radius
    hz[0], hz[1], hz[2] = 0.0, 997.0, min(8000.0, 0.4 * rate)
    for i in range(3):
        energy[i] = energy_at(printed.b, hz[i] / 48000.0) / energy_at(printed.a, hz[i] / 48000.0) * energy_at(shelf.a, hz[i] / rate)
    zeros_for(hz, energy, rate, shelf.b)
    return shelf


cdef inline void shelf_part(double direct, const Section *shelf, const Section *high, double *p) noexcept nogil:
    """Numerator p[0] + p[1] w over the shelf's denominator in the partial fractions of (shelf high - direct) / w."""
    cdef double a1 = shelf.a[1] / shelf.a[2], a2 = 1.0 / shelf.a[2]          # modulo that denominator w^2 = -a1 w - a2
    cdef double h0 = 1.0 - high.a[2] * a2, h1 = high.a[1] - high.a[2] * a1
    cdef double rest[5]
    cdef double c2, r0, r1, determinant
    cdef int i, j
    for i in range(5):
        rest[i] = 0.0
    for i in range(3):
        for j in range(3):
            rest[i + j] += shelf.b[i] * high.b[j] - direct * shelf.a[i] * high.a[j]
    c2 = rest[3] - rest[4] * a1
    r0, r1 = rest[1] - c2 * a2, rest[2] - rest[4] * a2 - c2 * a1
    determinant = h0 * (h0 - h1 * a1) + h1 * h1 * a2
    p[0] = (r0 * (h0 - h1 * a1) + r1 * h1 * a2) / determinant
    p[1] = (r1 * h0 - r0 * h1) / determinant


cdef inline void highpass_part(double direct, const Section *shelf, const Section *high, const double *p, double *q) noexcept nogil:
    """Numerator q[0] + q[1] w over the high-pass's denominator: the one that leaves a double zero at 0 Hz, whatever was rounded.

    With t = 1 - w it must cancel, up to t^2, what the other part gives there.
    """
    cdef double n0 = p[0] + p[1], n1 = -(p[0] + 2.0 * p[1])
    cdef double s0 = 1.0 + shelf.a[1] + shelf.a[2], s1 = -(shelf.a[1] + 2.0 * shelf.a[2])
    cdef double h0 = 1.0 + high.a[1] + high.a[2], h1 = -(high.a[1] + 2.0 * high.a[2])
    cdef double f0 = direct + n0 / s0, f1 = (n1 - n0 / s0 * s1) / s0
    cdef double goal0 = -f0 * h0, goal1 = -(f1 * h0 + f0 * h1)
    q[0], q[1] = 2.0 * goal0 + goal1, -(goal0 + goal1)


cdef inline void k_weighting(double rate, KWeight *k) noexcept nogil:
    """Both sections side by side: direct + w (p0 + p1 w) / shelf + w (q0 + q1 w) / high-pass. Control thread: looks at the processor."""
    cdef Section section[2]
    cdef double part[2][2]
    cdef int i
    section[0], section[1] = k_shelf(rate), k_highpass(rate)
    k.direct = section[0].b[0] * section[1].b[0]
    shelf_part(k.direct, &section[0], &section[1], part[0])
    highpass_part(k.direct, &section[0], &section[1], part[0], part[1])
    for i in range(2):
        k.in0[i], k.in1[i] = part[i][0], part[i][1]
        k.back1[i], k.back2[i] = section[i].a[1], section[i].a[2]
    kmeter_choose(k)
