"""Kernels by themselves, over and over without returning to Python, for benchmarks."""
from libc.stdint cimport uint64_t

cdef extern from "dsp_core/kernels/steps.h":
    enum:
        STEPS_IN_A_ROW "MRT_STEPS_IN_A_ROW"
    uint64_t steps "mrt_steps"(uint64_t rows) noexcept nogil


def dependent_steps(unsigned long long count):
    """About `count` steps of one cycle each that wait for one another; gives how many there were."""
    cdef uint64_t rows = count // STEPS_IN_A_ROW
    with nogil:
        steps(rows)
    return rows * STEPS_IN_A_ROW
