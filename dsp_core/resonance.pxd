"""The bins of one frame in the resonance tamer; the kernels are in dsp_core/kernels/resonance.h."""

cdef extern from "dsp_core/kernels/resonance.h":
    const int LEAST_BIN "MRT_RES_LEAST_BIN"
    ctypedef struct Search "MrtResSearch":
        double half_width
        double guard
        double reach
        double floor
        double pole
    ctypedef struct Taming "MrtResTaming":
        double selectivity_db
        double tilt_db
        double half_knee_db
        double depth_db
        double from_octave
        double to_octave
        double inverse_edge
        double attack_pole
        double release_pole
        double gone_db
    ctypedef struct ResonanceKernels "MrtResonance":
        void (*powers)(const double *re, const double *im, int bins, double *power) noexcept nogil
        void (*link)(double *a, double *b, int bins, double link) noexcept nogil
        void (*heights)(const double *sum, int bins, int heard, const Search *s, double *height_db) noexcept nogil
        void (*cuts)(const double *height_db, const double *octave, int bins, const Taming *t, double *cut_db,
                     double *share) noexcept nogil
        void (*take)(const double *share, int bins, int heard, double *re, double *im) noexcept nogil
        void (*window)(const double *x, const double *window, int frames, double *out) noexcept nogil
        void (*add)(const double *x, const double *window, double gain, int frames, double *out) noexcept nogil
    const ResonanceKernels *resonance_kernels "mrt_resonance"() noexcept nogil       # control thread
