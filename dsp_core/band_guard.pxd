"""A linear-phase end of the band in front of a limiter: flat to 0.4535 of the rate, 88 dB down at half of it."""

cdef extern from "dsp_core/kernels/band_guard.h":
    enum:
        GUARD_DELAY "MRT_GUARD_DELAY"        # frames
        GUARD_PAST "MRT_GUARD_PAST"          # doubles of memory per channel: the newest frames of input, in order
        GUARD_FRAMES "MRT_GUARD_FRAMES"      # most frames per call
    ctypedef struct BandGuard "MrtBandGuard":
        pass
    void guard_plan "mrt_guard_plan"(BandGuard *guard, int build)
    void guard_run "mrt_guard_run"(const BandGuard *guard, double *past, double *x, int frames) noexcept nogil
