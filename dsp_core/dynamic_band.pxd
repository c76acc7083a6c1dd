"""Equaliser bands whose gain follows the sound. Kernels and method: dsp_core/kernels/dynamic_band.h.

Filters are the closed forms of the equaliser (`design/shape.pxd`), designed at five gains over the range whenever a value moves;
in between every sample gets its own coefficients.
"""
from libc.math cimport M_PI, fabs, fmin, tan
from libc.string cimport memset

from dsp_core.design.section cimport Section, section_coefficients
from dsp_core.design.shape cimport BELL, HIGH_SHELF, HIGHEST_RATE_SHARE, LOW_SHELF, LOWEST_HZ, Design, Shape, center, design_closed
from dsp_core.moving cimport Moving, moving_aim, moving_arrive, moving_stand, moving_stop

cdef extern from "dsp_core/kernels/dynamic_band.h":
    cdef enum:
        DYNAMIC_BANDS "MRT_DYNAMIC_BANDS"
        DYNAMIC_TERMS "MRT_DYNAMIC_TERMS"
        DYNAMIC_PART "MRT_DYNAMIC_PART"
    const double *dynamic_nodes "mrt_dynamic_nodes"
    void dynamic_fit "mrt_dynamic_fit"(const double *value, double *poly) noexcept nogil
    ctypedef struct DynamicBand "MrtDynamicBand":
        Moving poly[6][5]
        double s[2][2]
    ctypedef struct DynamicRamp "MrtDynamicRamp":
        double begin[6]
        double to[6]
    ctypedef struct DynamicBands "MrtDynamicBands":
        void (*coefficients)(const DynamicBand *b, const double *u, int frames, bint moving, int at, double (*c)[128]) noexcept nogil
        void (*cascade)(DynamicBand **band, int count, double (*c)[6][128], double *left, double *right, int frames) noexcept nogil
        void (*ramps)(DynamicRamp *r, double (*goal)[128], int frames, int phase, double (*c)[128]) noexcept nogil

    const DynamicBands *dynamic_bands "mrt_dynamic_bands"() noexcept nogil       # control thread: looks at the processor
    void dynamic_plain "mrt_dynamic_plain"(DynamicBand **band, int count, double (*c)[6][128], double *left, double *right,
                                           int frames) noexcept nogil

cdef extern from "dsp_core/kernels/dynamic_groups.h":
    cdef enum:
        RIDE_LEAST "MRT_RIDE_LEAST"      # bands
        RIDE_MOST "MRT_RIDE_MOST"
    ctypedef void (*DynamicRide "MrtDynamicRide")(DynamicBand **band, DynamicRamp **ramp, int count, double **share, double *left,
                                                  double *right, int groups) noexcept nogil

    DynamicRide dynamic_rides "mrt_dynamic_rides"() noexcept nogil               # control thread; NULL where `dynamic_bands` do it

cdef inline void added_coefficients(const Shape *s, double *c) noexcept nogil:
    """The poles of a band and what it adds to its input; exactly nothing at 0 dB."""
    cdef Design design
    cdef Section f
    cdef double a
    design_closed(s, &design)
    f = design.section[0]
    section_coefficients(&f, c)
    a = 1.0 / (1.0 + f.g * (f.g + f.k))
    if s.gain_db == 0.0:
        c[3] = c[4] = c[5] = 0.0
        return
    c[3] = a * ((f.high - 1.0) + f.g * ((f.band - f.k) + f.g * (f.low - 1.0)))
    c[4] = a * ((f.band - f.k) - f.k * (f.high - 1.0) + f.g * (f.low - f.high))
    c[5] = f.low - 1.0

cdef inline void fit_band(Shape s, double range_db, double (*poly)[5]) noexcept nogil:
    """Polynomials from the band as it stands to the band with all of its range. `s.gain_db` is the gain it stands at."""
    cdef double c[5][6]
    cdef double value[5]
    cdef double still_db = s.gain_db
    cdef int j, n
    for n in range(5):
        s.gain_db = still_db + dynamic_nodes[n] * range_db
        added_coefficients(&s, c[n])
        if range_db == 0.0:
            break
    for j in range(6):
        for n in range(5):
            value[n] = c[n if range_db != 0.0 else 0][j]
        dynamic_fit(value, poly[j])

cdef inline bint band_aim(DynamicBand *b, double (*poly)[5], int frames) noexcept nogil:
    cdef bint moves = False
    cdef int j, n
    for j in range(6):
        for n in range(5):
            moves |= moving_aim(&b.poly[j][n], poly[j][n], frames)
    return moves

cdef inline void band_stand(DynamicBand *b, double (*poly)[5]) noexcept nogil:
    """At once, with empty memory."""
    cdef int j, n
    for j in range(6):
        for n in range(5):
            moving_stand(&b.poly[j][n], poly[j][n])
    memset(b.s, 0, sizeof(b.s))

cdef inline void ramp_stand(DynamicRamp *r, const DynamicBand *b) noexcept nogil:
    """At the band as it stands without dynamics."""
    cdef int j
    for j in range(6):
        r.begin[j] = r.to[j] = b.poly[j][0].now

cdef inline void band_stop(DynamicBand *b, int k) noexcept nogil:
    cdef int j, n
    for j in range(6):
        for n in range(5):
            moving_stop(&b.poly[j][n], k)

cdef inline void band_arrive(DynamicBand *b) noexcept nogil:
    cdef int j, n
    for j in range(6):
        for n in range(5):
            moving_arrive(&b.poly[j][n])

cdef inline void detector_coefficients(int type, double hz, double q, double rate, double *c) noexcept nogil:
    """What a band hears: a band-pass of its width with 0 dB in the middle, or the side of a shelf's corner that it works on."""
    cdef Section f
    f.g = tan(M_PI * fmin(max(hz, LOWEST_HZ) / rate, HIGHEST_RATE_SHARE))
    f.k = 1.0 / q if type == BELL else 1.4142135623730951
    f.low = 1.0 if type == LOW_SHELF else 0.0
    f.band = f.k if type == BELL else 0.0
    f.high = 1.0 if type == HIGH_SHELF else 0.0
    section_coefficients(&f, c)
