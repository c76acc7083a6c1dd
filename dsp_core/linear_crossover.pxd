"""Crossovers of linear phase: the bands of one sound add up to the sound itself, delayed.

Each crossover is one low-pass FIR without phase, 1 / (1 + (f / fc)^2n): what a Linkwitz-Riley low-pass has as its magnitude. A band
is what one crossover passes and the one under it does not, the highest what none passes; the high-pass (f / fc)^2n / (1 + (f / fc)^2n)
follows from that, and so does the sum.
"""
from libc.stdint cimport int64_t

from dsp_core.convolver cimport Convolver
from dsp_core.design.fir cimport FirDesign

cdef enum:
    MOST_CROSSOVERS = 5

cdef class LinearCrossover:
    cdef Convolver convolver
    cdef FirDesign design
    cdef readonly int delay                  # frames: the latency
    cdef readonly size_t bytes               # of the stage's block
    cdef int bands, channels, order
    cdef double rate
    cdef double made_hz[MOST_CROSSOVERS]     # control thread: what the FIRs were made for
    cdef double *taps

    cdef bint redesign(self, const double *hz) noexcept nogil
    cdef void run(self, char *memory, int64_t when, double **x, double **plane, double **late, int frames) noexcept nogil
