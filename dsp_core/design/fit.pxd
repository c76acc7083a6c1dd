"""What is fitted: the sections of a band, their variables, and the frequencies at which they are compared with the analog target."""
from libc.math cimport M_PI, fmax, fmin, log10, pow, tan

from dsp_core.design.analog cimport Analog, analog_power
from dsp_core.design.section cimport Section
from dsp_core.design.shape cimport (
    HIGHEST_RATE_SHARE, LOW_CUT, MAX_SECTIONS, NOTCH, Shape, canonical_analog, canonical_gain, canonical_section, center, is_first_order,
    is_shelf, section_count, sharpest_q)

cdef enum:                       # grid points
    AUDIBLE_LOG = 32             # from 20 Hz to 20 kHz, logarithmic
    AUDIBLE_LIN = 24             # from 4 to 20 kHz, linear
    ABOVE = 12                   # from 20 kHz to the top, linear
    AROUND = 25                  # around each resonance
    MAX_POINTS = AUDIBLE_LOG + AUDIBLE_LIN + ABOVE + 2 * AROUND

cdef enum:                       # what may be varied of a section; the gain at DC is always exact
    PART_G = 0
    PART_K = 1
    PART_BAND = 2
    PART_HIGH = 3
    PARTS = 4
    MAX_FREE = PARTS * MAX_SECTIONS

cdef extern from *:
    """
    static const double MRT_AUDIBLE_HZ = 20000.0;
    static const double MRT_LAST_GRID_SHARE = 0.499;    /* of the rate; at half of it tan(w/2) is infinite */
    static const double MRT_FULL_WEIGHT_DB = -40.0;     /* errors of parts quieter than this count less */
    static const double MRT_NO_WEIGHT_DB = -100.0;
    """
    const double AUDIBLE_HZ "MRT_AUDIBLE_HZ"
    const double LAST_GRID_SHARE "MRT_LAST_GRID_SHARE"
    const double FULL_WEIGHT_DB "MRT_FULL_WEIGHT_DB"
    const double NO_WEIGHT_DB "MRT_NO_WEIGHT_DB"

cdef struct Fit:
    int points
    double t[MAX_POINTS]         # tan(w/2)^2
    double target_db[MAX_POINTS]
    double level[MAX_POINTS]     # what an error counts for the level of the target, 0..1
    double share[MAX_POINTS]     # 20 kHz over the frequency, at most 1
    int count
    Section closed[MAX_SECTIONS]         # closed form, where the search starts
    Section section[MAX_SECTIONS]        # the sections found
    int free
    int owner[MAX_FREE]          # section of each variable
    int part[MAX_FREE]
    bint notch
    double notch_t               # where its zero has to stay

cdef inline void fit_point(Fit *fit, const Shape *shape, double f0, double hz) noexcept nogil:
    cdef Analog a
    cdef double root, db = 0
    cdef int i, n = fit.points
    if hz > LAST_GRID_SHARE * shape.rate:
        return
    for i in range(fit.count):
        a = canonical_analog(shape, i)
        db += 10 * log10(analog_power(&a, hz / f0) + 1e-40)
    if db < NO_WEIGHT_DB:
        return
    root = tan(M_PI * hz / shape.rate)
    fit.t[n], fit.target_db[n] = root * root, db
    fit.level[n], fit.share[n] = pow(10, fmin(db - FULL_WEIGHT_DB, 0) / 20), fmin(1, AUDIBLE_HZ / hz)
    fit.points += 1

cdef inline void fit_resonance(Fit *fit, const Shape *shape, double f0, double peak_hz) noexcept nogil:
    """Points over the width of a resonance."""
    cdef double octaves = 1.5 / fmax(sharpest_q(shape), 0.5)
    cdef int i
    for i in range(AROUND):
        fit_point(fit, shape, f0, peak_hz * pow(2, octaves * (2.0 * i / (AROUND - 1) - 1)))

cdef inline void fit_grid(Fit *fit, const Shape *shape) noexcept nogil:
    cdef double f0 = center(shape) * shape.rate / (2 * M_PI), highest = HIGHEST_RATE_SHARE * shape.rate
    cdef double top = fmin(AUDIBLE_HZ, highest), spread
    cdef int i
    fit.points = 0
    for i in range(AUDIBLE_LOG):
        fit_point(fit, shape, f0, 20 * pow(top / 20, i / (AUDIBLE_LOG - 1.0)))
    for i in range(AUDIBLE_LIN):
        fit_point(fit, shape, f0, top * (0.2 + 0.8 * i / (AUDIBLE_LIN - 1.0)))
    for i in range(ABOVE):
        fit_point(fit, shape, f0, highest + (top - highest) * i / ABOVE)
    if is_shelf(shape.type):
        spread = pow(canonical_gain(shape), 0.5 / shape.order)
        fit_resonance(fit, shape, f0, f0 * spread)
        fit_resonance(fit, shape, f0, f0 / spread)
    else:
        fit_resonance(fit, shape, f0, f0)

cdef inline void fit_free(Fit *fit, int section, int part) noexcept nogil:
    """Let a part vary. The search moves logarithms, so a part must be above 0; a closed form may round it to nothing."""
    cdef Section *s = &fit.section[section]
    if part == PART_BAND:
        s.band = fmax(s.band, 1e-9)
    elif part == PART_HIGH:
        s.high = fmax(s.high, 1e-12)
    fit.owner[fit.free], fit.part[fit.free] = section, part
    fit.free += 1

cdef inline void fit_setup(Fit *fit, const Shape *shape) noexcept nogil:
    cdef double root = tan(0.5 * center(shape))
    cdef int i
    fit.count, fit.free = section_count(shape.type, shape.order), 0
    fit.notch, fit.notch_t = shape.type == NOTCH, root * root
    for i in range(fit.count):
        fit.section[i] = canonical_section(shape, i)
        fit_free(fit, i, PART_G)
        fit_free(fit, i, PART_K)
        # A second-order low cut keeps its double zero at DC; a notch its zero, so that `high` follows from g.
        if shape.type != NOTCH and (shape.type != LOW_CUT or is_first_order(shape, i)):
            fit_free(fit, i, PART_BAND)
        if shape.type != NOTCH:
            fit_free(fit, i, PART_HIGH)
        fit.closed[i] = fit.section[i]
    fit_grid(fit, shape)
