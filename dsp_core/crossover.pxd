"""Linkwitz-Riley crossovers whose bands sum to an allpass; the kernels and the method are in dsp_core/kernels/crossover.h.

A stage keeps a Crossover in its block, aims it at every tick and runs it over spans in which it stands or moves as a whole.
"""
from libc.math cimport M_PI, fmin, tan

from dsp_core.moving cimport Moving, moving_aim, moving_arrive, moving_at, moving_stand, moving_stop

cdef extern from "dsp_core/kernels/crossover.h":
    """
    static const double MRT_CROSSOVER_RATE_SHARE = 0.45;     /* no crossover lies higher */
    """
    const double CROSSOVER_RATE_SHARE "MRT_CROSSOVER_RATE_SHARE"
    cdef enum:
        MOST_BANDS "MRT_MOST_BANDS"
    ctypedef struct Crossover "MrtCrossover":
        Moving g[5]
    ctypedef struct CrossoverKind "MrtCrossoverKind":
        int bands                # 2..6
        int pairs                # 1 for 24, 2 for 48 dB/oct
    # plane[2 b], plane[2 b + 1]: left and right of band b; none may be `left` or `right`
    ctypedef void (*CrossoverRun "MrtCrossoverRun")(Crossover *x, const CrossoverKind *kind, const double *left, const double *right,
                                                    double **plane, int frames) noexcept nogil
    CrossoverRun crossover_fastest "mrt_crossover_fastest"() noexcept nogil      # control thread: looks at the processor
    void crossover_plain "mrt_crossover_plain"(Crossover *x, const CrossoverKind *kind, const double *left, const double *right,
                                               double **plane, int frames) noexcept nogil
    void crossover_lanes "mrt_crossover_lanes"(Crossover *x, const CrossoverKind *kind, const double *left, const double *right,
                                               double **plane, int frames) noexcept nogil
    void crossover_avx2 "mrt_crossover_avx2"(Crossover *x, const CrossoverKind *kind, const double *left, const double *right,
                                             double **plane, int frames) noexcept nogil
    void crossover_wide "mrt_crossover_wide"(Crossover *x, const CrossoverKind *kind, const double *left, const double *right,
                                             double **plane, int frames) noexcept nogil
    void crossover_set "mrt_crossover_set"(Crossover *x, const CrossoverKind *kind, int i, double g) noexcept nogil
    void crossover_forget "mrt_crossover_forget"(Crossover *x) noexcept nogil

cdef inline double crossover_wish(double hz, double rate) noexcept nogil:
    return tan(M_PI * fmin(hz / rate, CROSSOVER_RATE_SHARE))

cdef inline void crossover_stand(Crossover *x, const CrossoverKind *kind, const double *hz, double rate) noexcept nogil:
    """At once; the memory of the filters stays. `hz` ascends."""
    cdef int i
    for i in range(kind.bands - 1):
        moving_stand(&x.g[i], crossover_wish(hz[i], rate))
        crossover_set(x, kind, i, x.g[i].now)

cdef inline bint crossover_aim(Crossover *x, const CrossoverKind *kind, const double *hz, double rate, int frames) noexcept nogil:
    """At a tick: set out for the next one, `frames` away. True if any crossover moves."""
    cdef bint moves = False
    cdef int i
    for i in range(kind.bands - 1):
        moves |= moving_aim(&x.g[i], crossover_wish(hz[i], rate), frames)
    return moves

cdef inline void crossover_stop(Crossover *x, const CrossoverKind *kind, int k) noexcept nogil:
    """A tick that comes before its time: `k` frames after the last one."""
    cdef int i
    for i in range(kind.bands - 1):
        moving_stop(&x.g[i], k)

cdef inline void crossover_arrive(Crossover *x, const CrossoverKind *kind) noexcept nogil:
    """At the goals exactly: at the end of a tick that moved."""
    cdef int i
    for i in range(kind.bands - 1):
        if x.g[i].step != 0.0 or x.g[i].bend != 0.0:
            moving_arrive(&x.g[i])
            crossover_set(x, kind, i, x.g[i].now)

cdef inline void crossover_move(Crossover *x, const CrossoverKind *kind, CrossoverRun run, int at, const double *left,
                                const double *right, double **plane, int frames) noexcept nogil:
    """Frame i is `at` + i + 1 frames after the last tick. All sections of a crossover share one g at every sample."""
    cdef double *here[12]
    cdef int i, k
    for i in range(frames):
        for k in range(kind.bands - 1):
            if x.g[k].step != 0.0 or x.g[k].bend != 0.0:
                crossover_set(x, kind, k, moving_at(&x.g[k], at + i + 1))
        for k in range(2 * kind.bands):
            here[k] = plane[k] + i
        run(x, kind, left + i, right + i, here, 1)
