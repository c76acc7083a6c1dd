"""The equaliser as FIRs: linear phase from the analog magnitudes, natural phase from the analog magnitudes and phases.

What is convolved is the change that the bands make; it is added to the input, delayed. So bands that change nothing leave every bit.
"""
from libc.stdint cimport int64_t

from dsp_core.convolver cimport Convolver
from dsp_core.design.fir cimport FirDesign
from dsp_core.design.shape cimport Shape

cdef enum:                       # dsp_core.params.eq.EQ_PHASES
    MINIMUM = 0
    NATURAL = 1
    LINEAR = 2

cdef enum:                       # how the channels of bands go together
    ONE = 1                      # all bands on all of the sound: one FIR for every channel
    PAIR = 2                     # one each for left and right, or for mid and side
    MATRIX = 4                   # from each of left and right to each

cdef struct FirBand:
    Shape shape
    int channel

cdef class EqFir:
    cdef Convolver convolver
    cdef FirDesign design
    cdef readonly int delay                  # frames: the latency
    cdef readonly size_t bytes               # of the stage's block
    cdef int phase, channels, form
    cdef bint middle_side
    cdef double rate
    cdef int bins
    cdef double *response                    # [entry][re, im][bins + 1]; then two planes for one band; then the taps, or two more planes
    cdef bint used[5]                        # entries that bands change; the last is the band at hand

    cdef void redesign(self, const FirBand *bands, int count) noexcept nogil
    cdef bint same_memory(self, EqFir other) noexcept nogil
    cdef void run(self, char *memory, int64_t when, double **io, double **before, int frames) noexcept nogil
    cdef bint idle(self) noexcept nogil

    cdef double *entry(self, int e) noexcept nogil
    cdef void apply(self, const FirBand *band) noexcept nogil
    cdef void fill_band(self, const Shape *s) noexcept nogil
    cdef void multiply(self, int e, const Shape *s) noexcept nogil
    cdef void multiply_matrix(self, int channel) noexcept nogil
    cdef void meet_nyquist(self, int e) noexcept nogil
    cdef void hand_over(self) noexcept nogil
    cdef void convolve(self, char *memory, int64_t when, double **io, double **change, int frames) noexcept nogil

cdef int form_of(const FirBand *bands, int count, bint *middle_side) noexcept nogil
cdef int taps_of(int length, double rate) noexcept nogil
