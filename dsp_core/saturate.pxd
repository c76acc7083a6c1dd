"""The curves of the saturator on the oversampled sound; the kernel is in dsp_core/kernels/saturate.h."""

cdef extern from "dsp_core/kernels/saturate.h":
    ctypedef struct Saturation "MrtSaturation":
        bint symmetrical         # every `even` is 0
        double odd[64]           # shares of the curves, frame by frame
        double even[64]
        double gain[64]
        double back[64]
    ctypedef struct Saturator "MrtSaturator":
        void (*root)(const Saturation *s, const double *points, double *root, int frames) noexcept nogil
        void (*run)(const Saturation *s, const double *before, const double *now, double *root, double *added, int frames) noexcept nogil
    Saturator saturator_kernel "mrt_saturator"() noexcept nogil
