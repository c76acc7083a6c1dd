"""What the knobs of a compressor mean in its four modes: slopes, limits, make-up. Method: dsp_core/kernels/compressor.h."""
from libc.math cimport fmin

from dsp_core.band_dynamics cimport BandCurve
from dsp_core.moving cimport Moving, moving_stand

cdef extern from "dsp_core/kernels/compressor.h":
    cdef enum:
        LOOP_POLES "MRT_LOOP_POLES"
    # what each does stands in the header
    ctypedef struct Modes "MrtModes":
        void (*asks)(double *level_db, int frames, const BandCurve *b, bint under, bint moving, int at) noexcept nogil
        void (*changes)(double *height_db, int frames, const BandCurve *b, bint moving, int at) noexcept nogil
        void (*poles)(const double *level_db, int frames, const BandCurve *b, const Moving *feedback, double sign, bint under, bint moving,
                      int at, const double *pole, double (*out)[256]) noexcept nogil

    const Modes *modes "mrt_modes"() noexcept nogil      # control thread: looks at the processor
    double steady_change_db "mrt_mode_steady"(const BandCurve *b, double level_db, bint under) noexcept nogil
    double idle_height_db "mrt_mode_idle"(const BandCurve *b) noexcept nogil

cdef extern from *:
    """
    static const double MRT_MOST_LIFT_DB = 24.0;             /* what is turned up in silence is noise */
    static const double MRT_NO_LIMIT_DB = 5000.0;            /* as ballistics.pxd: more is never asked for */
    static const double MRT_NEAR_END = 0.99;                 /* of a range whose end means infinity: from here the way there begins */
    static const double MRT_AUTO_MAKEUP_SHARE = 0.5;         /* of the change a full-scale signal would get */
    """
    const double MOST_LIFT_DB "MRT_MOST_LIFT_DB"
    const double NO_LIMIT_DB "MRT_NO_LIMIT_DB"
    const double NEAR_END "MRT_NEAR_END"
    const double AUTO_MAKEUP_SHARE "MRT_AUTO_MAKEUP_SHARE"

cdef enum:                       # dsp_core.params.multiband.BAND_MODES
    COMPRESS = 0
    LIFT = 1
    EXPAND = 2
    OPEN_UP = 3

cdef inline bint acts_under(int mode) noexcept nogil:
    return mode == LIFT or mode == EXPAND

cdef inline bint turns_up(int mode) noexcept nogil:
    return mode == LIFT or mode == OPEN_UP

cdef inline bint feeds_itself(int mode) noexcept nogil:
    """Whether a change moves the level further the way it goes: expansion of either kind."""
    return mode == EXPAND or mode == OPEN_UP

cdef inline double slope_in(int mode, double ratio, double highest) noexcept nogil:
    """dB of change per dB of level beyond the knee. The `highest` ratio compresses without limit, reached over its last percent."""
    cdef double near = NEAR_END * highest
    if feeds_itself(mode):
        return ratio - 1.0
    if ratio <= near:
        return 1.0 - 1.0 / ratio
    return 1.0 - (highest - ratio) / (highest - near) / near

cdef inline double range_in(int mode, double range_db, double highest) noexcept nogil:
    """Most dB of change. The `highest` range is no limit to compression, reached over its last percent."""
    cdef double near = NEAR_END * highest
    if turns_up(mode):
        return fmin(range_db, MOST_LIFT_DB)
    if mode == EXPAND or range_db <= near:
        return range_db
    return near + (NO_LIMIT_DB - near) * (range_db - near) / (highest - near)

cdef inline void curve_stand(BandCurve *c, double threshold_db, double knee_db, double slope, double range_db) noexcept nogil:
    """A curve without make-up that does not move."""
    moving_stand(&c.curve.threshold_db, threshold_db)
    moving_stand(&c.curve.knee_db, knee_db)
    moving_stand(&c.curve.slope, slope)
    moving_stand(&c.range_db, range_db)

cdef inline double change_in(int mode, const BandCurve *c, double level_db) noexcept nogil:
    """Steady change of a level, below 0 where it is turned down."""
    cdef double change_db = steady_change_db(c, level_db, acts_under(mode))
    return change_db if turns_up(mode) else -change_db

cdef inline double makeup_in(int mode, const BandCurve *c, double makeup_db, double auto_makeup) noexcept nogil:
    return makeup_db - auto_makeup * AUTO_MAKEUP_SHARE * change_in(mode, c, 0.0)
