"""The curve of a clipper on the oversampled sound; the kernel is in dsp_core/kernels/clip.h."""

cdef extern from "dsp_core/kernels/clip.h":
    ctypedef struct ClipShape "MrtClipShape":
        double ceiling[64]       # linear, frame by frame
        double per_ceiling[64]
        double knee[64]          # 0..1
        double per_knee[64]
        bint hard                # every knee is 0
    ctypedef struct Clip "MrtClip":
        void (*run)(const ClipShape *s, const double *before, const double *now, double *added, int frames) noexcept nogil
    Clip clip_kernel "mrt_clip"() noexcept nogil
    double clip_over "mrt_clip_over"(double x, double knee, double per_knee) noexcept nogil
