"""Kernels by themselves, over and over without returning to Python, for benchmarks."""
from libc.stdint cimport int32_t, uint64_t
from libc.stdlib cimport free

from dsp_core.level cimport FinitePeak, finite_peak_fastest
from dsp_core.memory cimport present
from dsp_core.sliding cimport SlidingMax, sliding_fill, sliding_max

cdef extern from "dsp_core/kernels/steps.h":
    enum:
        STEPS_IN_A_ROW "MRT_STEPS_IN_A_ROW"
    uint64_t steps "mrt_steps"(uint64_t rows) noexcept nogil

cdef extern from "dsp_core/kernels/cpu.h":
    enum:
        CPU_AVX2 "MRT_CPU_AVX2"
    int cpu_found "mrt_cpu_found"()
    bint cpu_wide_found "mrt_cpu_wide_found"()


def builds():
    """The builds of the kernels that this processor can run, slowest first. MRT_CPU holds them to any but the last."""
    return ("portable", *(("avx2",) if cpu_found() >= CPU_AVX2 else ()), *(("avx512",) if cpu_wide_found() else ()))


def dependent_steps(unsigned long long count):
    """About `count` steps of one cycle each that wait for one another; gives how many there were."""
    cdef uint64_t rows = count // STEPS_IN_A_ROW
    with nogil:
        steps(rows)
    return rows * STEPS_IN_A_ROW


def sliding_max_run(int32_t[::1] x, int window, int times):
    """The sliding maximum in place, `times` over."""
    cdef int32_t *past = <int32_t *>present(window + 1, sizeof(int32_t))
    cdef SlidingMax s
    cdef int _time
    if past is NULL:
        raise MemoryError
    sliding_fill(&s, past, window, 0)
    with nogil:
        for _time in range(times):
            sliding_max(&s, past, window, &x[0], <int>x.shape[0])
    free(past)


def finite_peak(const double[:, ::1] x):
    """What the base class sees in (2, frames): the largest magnitude, or infinity where there is a fault."""
    return finite_peak_fastest()(&x[0, 0], &x[1, 0], <int>x.shape[1])


def finite_peak_run(const double[:, ::1] x, int times):
    """The base class's look at two planes for peak and faults, `times` over."""
    cdef FinitePeak look = finite_peak_fastest()
    cdef double top = 0.0
    cdef int _time
    with nogil:
        for _time in range(times):
            top += look(&x[0, 0], &x[1, 0], <int>x.shape[1])
    return top
