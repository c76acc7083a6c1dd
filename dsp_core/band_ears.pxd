"""What the bands of a dynamic equaliser hear, in groups of frames; the method stands in dsp_core/kernels/band_ears.h."""

cdef extern from "dsp_core/kernels/band_ears.h":
    cdef enum:
        GROUP "MRT_GROUP"
    ctypedef struct Quad "MrtQuad":
        double c[6][4]
        double s[2][4]
    ctypedef struct Ear "MrtEar":
        Quad filter
        double peak[4]
        double power[4]
    ctypedef struct EarOut "MrtEarOut":
        double *peak[2]
        double *power[2]
        double *sound[4]
    ctypedef struct OwnLevel "MrtOwnLevel":
        double recent
        double mean
        double count
    ctypedef int (*Ears "MrtEars")(Ear **ear, int ears, const double *left, const double *right, int frames, int phase,
                                   const EarOut *out) noexcept nogil

    Ears ears "mrt_ears"() noexcept nogil        # control thread: looks at the processor
    int ears_plain "mrt_ears_plain"(Ear **ear, int ears, const double *left, const double *right, int frames, int phase,
                                    const EarOut *out) noexcept nogil
    void relative_level "mrt_relative"(OwnLevel *own, double recent_pole, double longest, const double *power, double *level,
                                       int groups) noexcept nogil
