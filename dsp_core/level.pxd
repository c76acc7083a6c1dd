"""Peak and finiteness of a plane of samples."""

cdef extern from "dsp_core/kernels/level.h":
    double peak_of "mrt_peak"(const double *x, int frames) noexcept nogil
    bint all_finite "mrt_all_finite"(const double *x, int frames) noexcept nogil
    int mend "mrt_mend"(double *x, int frames) noexcept nogil
