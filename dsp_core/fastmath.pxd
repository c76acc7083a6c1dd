"""Decibels to gain and back without libm: polynomials that a loop over frames turns into vectors. Errors stand in the header."""

cdef extern from "dsp_core/kernels/fastmath.h":
    double DB_PER_OCTAVE "MRT_DB_PER_OCTAVE"
    double fast_log2 "mrt_log2"(double x) noexcept nogil
    double fast_exp2 "mrt_exp2"(double x) noexcept nogil
    double fast_level_db "mrt_level_db"(double x, double per_octave) noexcept nogil
    double fast_gain_of_db "mrt_gain_of_db"(double db) noexcept nogil
