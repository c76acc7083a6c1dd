"""The memoryless part of a compressor: levels -> reduction in dB -> gain, in vectors over the frames of a span."""

cdef extern from "dsp_core/kernels/gain_computer.h":
    ctypedef struct Curve "MrtCurve":
        double threshold_db
        double knee_db
        double slope             # dB of reduction per dB over the knee: 1 - 1 / ratio
        double link              # 0..1
        double makeup_db

    # `step` is NULL while the curve stands; while it moves, frame i is at now + (at + i + 1) * step
    ctypedef struct GainComputer "MrtGainComputer":
        void (*reductions)(const double *level, int frames, double db_per_octave, const Curve *now, const Curve *step, int at,
                           double *reduction_db) noexcept nogil
        void (*gains)(double *reduction_to_gain, int frames, const Curve *now, const Curve *step, int at) noexcept nogil
        void (*link)(double *a, double *b, int frames, const Curve *now, const Curve *step, int at) noexcept nogil
        void (*larger)(const double *a, const double *b, int frames, double *out) noexcept nogil

    const GainComputer *gain_computer "mrt_gain_computer"() noexcept nogil       # control thread: looks at the processor
    double reduction_db_of "mrt_reduction_db"(double level_db, double threshold_db, double half_knee, double inverse_knee,
                                              double slope) noexcept nogil
    double inverse_knee "mrt_inverse_knee"(double knee_db) noexcept nogil

cdef inline double static_reduction_db(const Curve *curve, double level_db) noexcept nogil:
    return reduction_db_of(level_db, curve.threshold_db, 0.5 * curve.knee_db, inverse_knee(curve.knee_db), curve.slope)
