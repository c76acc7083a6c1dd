"""A band in the engineer's terms, and the sections that make it: one for most shapes, a Butterworth cascade for a cut or shelf."""
from libc.math cimport M_PI, M_SQRT2, fmin, fmax, sin, sqrt

from dsp_core.design.analog cimport (
    Analog, analog_band_pass, analog_bell, analog_high_cut, analog_high_cut_first, analog_high_shelf, analog_high_shelf_first,
    analog_low_cut, analog_low_cut_first, analog_notch, analog_nothing, analog_tilt)
from dsp_core.design.matched cimport (
    exact_all_pass, matched_at_three, matched_band_pass, matched_bell, matched_low_cut, matched_notch, matched_resonances)
from dsp_core.design.section cimport Section, inverse, nothing, scaled
from dsp_core.units cimport gain_of_db

cdef enum:                       # dsp_core.params.eq.EQ_TYPES
    BELL = 0
    LOW_SHELF = 1
    HIGH_SHELF = 2
    LOW_CUT = 3
    HIGH_CUT = 4
    NOTCH = 5
    TILT = 6
    BAND_PASS = 7
    ALL_PASS = 8

cdef enum:
    MAX_SECTIONS = 8

cdef extern from *:
    """
    /* dsp_core.params.eq.EQ_SLOPES at 6 dB/oct per order */
    static const int MRT_SLOPE_ORDER[10] = {1, 2, 3, 4, 6, 8, 10, 12, 14, 16};
    static const double MRT_LOWEST_HZ = 5.0;
    static const double MRT_HIGHEST_RATE_SHARE = 0.49;
    static const double MRT_SKIRT_G = 3.0;                       /* 0.4 of the rate: where a digital skirt leaves the analog one */
    static const double MRT_UPPER_BUMP_TOP = 0.8 * 3.14159265358979323846;   /* over it the aliased bump is worse than none */
    """
    const double SKIRT_G "MRT_SKIRT_G"
    const double UPPER_BUMP_TOP "MRT_UPPER_BUMP_TOP"
    const int *SLOPE_ORDER "MRT_SLOPE_ORDER"
    const double LOWEST_HZ "MRT_LOWEST_HZ"
    const double HIGHEST_RATE_SHARE "MRT_HIGHEST_RATE_SHARE"

cdef struct Shape:
    int type
    int order                    # of a cut or shelf
    double hz
    double gain_db
    double q
    double rate

cdef struct Design:
    int count
    Section section[MAX_SECTIONS]

cdef inline bint is_neutral(const Shape *s) noexcept nogil:
    """The band changes nothing: no gain, or a high cut above everything the sample rate can carry."""
    if s.type == HIGH_CUT:
        return s.hz > HIGHEST_RATE_SHARE * s.rate
    return s.gain_db == 0 and (s.type == BELL or s.type == LOW_SHELF or s.type == HIGH_SHELF or s.type == TILT)

cdef inline double center(const Shape *s) noexcept nogil:
    """Frequency in radians per sample, kept between 5 Hz and 0.49 of the rate."""
    return 2 * M_PI * fmin(fmax(s.hz, LOWEST_HZ), HIGHEST_RATE_SHARE * s.rate) / s.rate

cdef inline bint is_cut(int type) noexcept nogil:
    return type == LOW_CUT or type == HIGH_CUT

cdef inline bint is_shelf(int type) noexcept nogil:
    return type == LOW_SHELF or type == HIGH_SHELF

cdef inline int section_count(int type, int order) noexcept nogil:
    """A band-pass has a second section, which is nothing in the closed form; the refined one bends the skirts with it."""
    if is_cut(type) or is_shelf(type):
        return (order + 1) // 2
    return 2 if type == BAND_PASS else 1

cdef inline bint is_first_order(const Shape *s, int index) noexcept nogil:
    """In an odd order the first-order section comes first."""
    return index == 0 and s.order & 1

cdef inline double cascade_q(const Shape *s, int index) noexcept nogil:
    """Q of section `index` of a cut or shelf, from low Q to high so that no section overloads the next.

    The most resonant one is scaled, so that the level at the corner of a cut is q (20 log10 q in dB) for every order of 2 and up.
    """
    cdef int pairs = s.order // 2, pair = index - (s.order & 1)
    if s.order == 2:
        return s.q
    # Poles on a half circle: pair 0 is the one nearest to the real axis.
    cdef double butterworth = 0.5 / sin(M_PI * (2 * (pairs - pair) - 1) / (2.0 * s.order))
    return butterworth * s.q * M_SQRT2 if pair == pairs - 1 else butterworth

cdef inline double sharpest_q(const Shape *s) noexcept nogil:
    """Of the most resonant section."""
    if s.order == 1 or not (is_cut(s.type) or is_shelf(s.type)):
        return s.q
    return cascade_q(s, section_count(s.type, s.order) - 1)

cdef inline Analog cut_analog(const Shape *s, int index) noexcept nogil:
    if is_first_order(s, index):
        return analog_low_cut_first() if s.type == LOW_CUT else analog_high_cut_first()
    cdef double q = cascade_q(s, index)
    return analog_low_cut(q) if s.type == LOW_CUT else analog_high_cut(q)

cdef inline double canonical_db(const Shape *s) noexcept nogil:
    """Boosts are designed for a bell, cuts of the highs for shelves and tilts; the opposite sign is the exact inverse."""
    cdef double db = s.gain_db if s.gain_db > 0 else -s.gain_db
    return db if s.type == BELL else -db

cdef inline double canonical_gain(const Shape *s) noexcept nogil:
    return gain_of_db(canonical_db(s))

cdef inline double shelf_share(const Shape *s, int index) noexcept nogil:
    """How much of a shelf's dB section `index` gives: as much as it has of the order, which makes the shelf a Butterworth one."""
    return (1.0 if is_first_order(s, index) else 2.0) / s.order

cdef inline Analog shelf_analog(const Shape *s, int index) noexcept nogil:
    cdef double gain = gain_of_db(shelf_share(s, index) * canonical_db(s))
    return analog_high_shelf_first(gain) if is_first_order(s, index) else analog_high_shelf(gain, cascade_q(s, index))

cdef inline Analog canonical_analog(const Shape *s, int index) noexcept nogil:
    """The analog section that section `index` of the design is matched to, before `from_canonical`. An all-pass has nothing to match."""
    if s.type == BELL:
        return analog_bell(canonical_gain(s), s.q)
    if is_shelf(s.type):
        return shelf_analog(s, index)
    if s.type == TILT:
        return analog_tilt(canonical_gain(s))
    if s.type == NOTCH:
        return analog_notch(s.q)
    if s.type == BAND_PASS:
        return analog_band_pass(s.q) if index == 0 else analog_nothing()
    return cut_analog(s, index)

cdef inline bint has_two_bumps(const Shape *s, int index, const Analog *a) noexcept nogil:
    """A resonant section of a shelf whose upper bump the sample rate can carry."""
    return (is_shelf(s.type) and not is_first_order(s, index) and cascade_q(s, index) > M_SQRT2
            and center(s) * sqrt(a.n[0] / a.n[2]) < UPPER_BUMP_TOP)

cdef inline Section canonical_section(const Shape *s, int index) noexcept nogil:
    """Closed form of the same."""
    cdef Analog a
    if s.type == ALL_PASS:
        return exact_all_pass(s.q, center(s))
    a = canonical_analog(s, index)
    if s.type == BELL:
        return matched_bell(canonical_gain(s), s.q, center(s))
    if s.type == NOTCH:
        return matched_notch(&a, center(s))
    if s.type == BAND_PASS:
        return matched_band_pass(&a, center(s)) if index == 0 else nothing(SKIRT_G)
    if s.type == LOW_CUT:
        return matched_low_cut(&a, center(s))
    if has_two_bumps(s, index, &a):
        return matched_resonances(&a, center(s))
    return matched_at_three(&a, center(s))

cdef inline Section from_canonical(const Shape *s, int index, Section section) noexcept nogil:
    if s.type == BELL:
        return inverse(section) if s.gain_db < 0 else section
    if s.type == HIGH_SHELF or s.type == TILT:
        return inverse(section) if s.gain_db > 0 else section
    if s.type == LOW_SHELF:
        return scaled(section if s.gain_db > 0 else inverse(section), gain_of_db(shelf_share(s, index) * s.gain_db))
    return section

cdef inline void design_closed(const Shape *s, Design *out) noexcept nogil:
    """While a parameter moves; a few microseconds."""
    cdef int i
    out.count = section_count(s.type, s.order)
    for i in range(out.count):
        out.section[i] = from_canonical(s, i, canonical_section(s, i))
