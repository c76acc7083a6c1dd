"""Conversions between the units of the field; the only place in the core where these formulas stand."""
from libc.math cimport exp, log

cdef extern from *:
    """
    static const double MRT_DB_PER_NEPER = 8.685889638065036553;   /* 20 / ln 10 */
    static const double MRT_BASE_RATE_HZ = 50000.0;                /* up to here a length in frames is meant as it is written */
    """
    const double DB_PER_NEPER "MRT_DB_PER_NEPER"
    const double BASE_RATE_HZ "MRT_BASE_RATE_HZ"

cdef inline double gain_of_db(double db) noexcept nogil:
    return exp(db / DB_PER_NEPER)

cdef inline double db_of_gain(double gain) noexcept nogil:
    """Floor at -400 dB, so that silence stays finite."""
    return DB_PER_NEPER * log(gain if gain > 1e-20 else 1e-20)

cdef inline double pole_of_ms(double ms, double rate) noexcept nogil:
    """Per-sample coefficient of a one-pole whose 1/e time is `ms`; 0 for no smoothing."""
    return exp(-1e3 / (ms * rate)) if ms > 0 else 0.0

cdef inline int frames_of_ms(double ms, double rate) noexcept nogil:
    return <int>(ms * 1e-3 * rate + 0.5)

cdef inline int frames_at(int frames, double rate) noexcept nogil:
    """A length of FIRs or of transforms that lasts about as long at every rate: doubled with each doubling over 50 kHz."""
    while rate > BASE_RATE_HZ:
        rate *= 0.5
        frames *= 2
    return frames
