"""The memoryless part of a compressor: levels -> reduction in dB -> gain, in vectors over the frames of a span."""
from libc.math cimport sqrt

from dsp_core.moving cimport Moving

cdef extern from "dsp_core/kernels/gain_computer.h":
    ctypedef struct Curve "MrtCurve":
        Moving threshold_db
        Moving knee_db
        Moving slope             # dB of reduction per dB over the knee: 1 - 1 / ratio
        Moving link              # 0..1
        Moving makeup_db

    # `moving`: whether the curve moves; then frame i is `at` + i + 1 frames after the last tick
    ctypedef struct GainComputer "MrtGainComputer":
        void (*levels)(const double *level, int frames, double db_per_octave, const Moving *lower_db, bint moving, int at,
                       double *level_db) noexcept nogil
        void (*gains)(double *reduction_to_gain, int frames, const Curve *curve, bint moving, int at) noexcept nogil
        void (*link)(double *a, double *b, int frames, const Curve *curve, bint moving, int at) noexcept nogil
        void (*follow)(double *a, double *b, int frames, const Moving *a_link, const Moving *b_link, bint moving, int at) noexcept nogil
        void (*larger)(const double *a, const double *b, int frames, double *out) noexcept nogil

    const GainComputer *gain_computer "mrt_gain_computer"() noexcept nogil       # control thread: looks at the processor

cdef inline double level_db_for(const Curve *c, double reduction_db) noexcept nogil:
    """The steady level that gets a reduction > 0 where the slope is > 0: the static curve backwards."""
    cdef double bent = reduction_db / c.slope.now
    if bent >= 0.5 * c.knee_db.now:
        return c.threshold_db.now + bent
    return c.threshold_db.now - 0.5 * c.knee_db.now + sqrt(2.0 * c.knee_db.now * bent)
