"""Peak and finiteness of a plane of samples."""

cdef extern from "dsp_core/kernels/level.h":
    double peak_of "mrt_peak"(const double *x, int frames) noexcept nogil
    bint all_finite "mrt_all_finite"(const double *x, int frames) noexcept nogil
    int mend "mrt_mend"(double *x, int frames) noexcept nogil
    double energy_of "mrt_energy"(const double *left, const double *right, int frames) noexcept nogil    # sum of squares of both
    # largest magnitude in two planes, or infinity where one of them holds NaN or infinity
    ctypedef double (*FinitePeak "MrtFinitePeak")(const double *left, const double *right, int frames) noexcept nogil
    FinitePeak finite_peak_fastest "mrt_finite_peak_fastest"() noexcept nogil    # control thread: looks at the processor
    ctypedef double (*PeakOf "MrtPeak")(const double *x, int frames) noexcept nogil
    PeakOf peak_fastest "mrt_peak_fastest"() noexcept nogil                  # peak_of by the widest vectors; control thread
