"""Peak between the samples, frame by frame: what the limiter steers by and the meter reads.

Make a plan in `prepare` (a few hundred bytes, by value, read-only afterwards), reserve `plan.bytes` of zeroed memory per
channel, and call `truepeak_run` for every span of the stream. peak[i] belongs to the frame `plan.delay` before frame i.
"""

cdef extern from "dsp_core/kernels/truepeak.h":
    enum:
        TRUEPEAK_FRAMES "MRT_TP_FRAMES"      # most frames per call
    ctypedef struct TruePeak "MrtTruePeak":
        const int factor                     # points per frame
        const int delay                      # frames
        const size_t bytes                   # memory per channel
        float (*top)(const float *magnitudes, int n) noexcept nogil  # the largest
    int cpu_level "mrt_tp_level"()
    int truepeak_factor "mrt_tp_factor"(double rate) noexcept nogil
    void truepeak_plan "mrt_tp_plan"(TruePeak *plan, int factor, int build) noexcept nogil
    void truepeak_plan_short "mrt_tp_plan_short"(TruePeak *plan, int factor, int build) noexcept nogil
    void truepeak_run "mrt_tp_run"(const TruePeak *plan, void *memory, const double *x, float *peak, int frames) noexcept nogil
