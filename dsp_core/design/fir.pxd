"""FIRs from a wanted response: sampled on a fine grid, brought back to time, windowed.

The window is flat around the response's origin and falls like a Kaiser window towards both ends, because what a filter rings after
its origin is worth more than an even window leaves of it: for 16385 taps at 48 kHz a bell of Q 1 at 30 Hz is off by 0.001 dB instead
of 0.14 dB (J. F. Kaiser, Nonrecursive Digital Filter Design Using the I0-sinh Window Function, 1974, gives the slopes).
"""
from dsp_core.fft cimport Fft

cdef class FirDesign:
    cdef readonly int taps
    cdef readonly int delay                  # frames: the tap of the response's origin
    cdef readonly int points                 # of the grid; bin k lies at k * rate / points
    cdef double *re                          # the wanted response at bins 0 .. points / 2, to be filled before `make`
    cdef double *im
    cdef Fft *fft
    cdef double *sound
    cdef double *scratch
    cdef double *window

    cdef void make(self, double *out) noexcept nogil
