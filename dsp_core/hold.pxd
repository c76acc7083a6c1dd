"""What turns a sound down to a ceiling, in the widest vectors there are: how far over it is, its gain, the count of what is over after all."""

cdef extern from "dsp_core/kernels/hold.h":
    ctypedef struct Hold "MrtHold":
        int (*count_over)(const double *x, const double *ceiling, int frames) noexcept nogil
        int (*turn_down)(const double *x, const double *reduced, const double *ceiling, double *out, int frames) noexcept nogil
        void (*over_ceiling)(const double *left, const double *right, const double *ceiling, float *peak, int frames) noexcept nogil
        void (*relate)(float *peak, const double *ceiling, double margin, int frames) noexcept nogil
    const Hold *hold "mrt_hold"() noexcept nogil       # control thread
