"""Long weighted sums over a sound in 32 bits, in the widest vectors there are."""

cdef extern from "dsp_core/kernels/long_sums.h":
    enum:
        LONG_LANES "MRT_LONG_LANES"
        BAND_TAPS "MRT_BAND_TAPS"
    ctypedef struct LongSums "MrtLongSums":
        float (*sum)(const float *x, const float *weight, int n) noexcept nogil          # n a multiple of LONG_LANES
        float (*most)(const float *x, const float *weight, int frames) noexcept nogil    # of BAND_TAPS at every 64th frame
    const LongSums *long_sums "mrt_long_sums"() noexcept nogil
