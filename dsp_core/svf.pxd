"""Cascades of state variable filters; the kernels and what they promise are in dsp_core/kernels/svf.h."""

cdef extern from "dsp_core/kernels/svf.h":
    cdef enum:
        SVF_NUMBERS "MRT_SVF_NUMBERS"
    ctypedef struct Svf "mrt_svf":
        double c[6][2]           # coefficients of each lane
        double s[2][2]           # memory of each lane
    ctypedef void (*SvfCascade "mrt_svf_cascade")(Svf **section, int count, double *left, double *right, int frames) noexcept nogil
    void svf_plain "mrt_svf_plain"(Svf **section, int count, double *left, double *right, int frames) noexcept nogil
    void svf_two_lanes "mrt_svf_two_lanes"(Svf **section, int count, double *left, double *right, int frames) noexcept nogil
    void svf_avx2 "mrt_svf_avx2"(Svf **section, int count, double *left, double *right, int frames) noexcept nogil
    void svf_avx512 "mrt_svf_avx512"(Svf **section, int count, double *left, double *right, int frames) noexcept nogil
    void svf_ramp "mrt_svf_ramp"(Svf *section, double (*speed)[2], const double (*bend)[2], double *left, double *right,
                                 int frames) noexcept nogil
    void svf_ramp_plain "mrt_svf_ramp_plain"(Svf *section, double (*speed)[2], const double (*bend)[2], double *left, double *right,
                                             int frames) noexcept nogil
    bint svf_has_avx2 "mrt_svf_has_avx2"() noexcept nogil
    bint svf_has_avx512 "mrt_svf_has_avx512"() noexcept nogil
    SvfCascade svf_fastest "mrt_svf_fastest"() noexcept nogil

cdef inline void svf_pass_through(Svf *f, int lane) noexcept nogil:
    """Leave the lane alone to the bit, -0 included: -0 is what adds nothing."""
    cdef int j
    for j in range(SVF_NUMBERS):
        f.c[j][lane] = 0.0
    f.c[3][lane] = 1.0
    f.c[4][lane] = f.c[5][lane] = -0.0
    f.s[0][lane] = f.s[1][lane] = 0.0
