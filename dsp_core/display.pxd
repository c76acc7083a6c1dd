"""What a running stage shows of itself to a window: rows of figures that leave by a wait-free ring while somebody watches.

It lies outside the stage's block, because it is no part of the sound: nothing that is heard may depend on whether anybody looks.
"""
from libcpp.atomic cimport atomic

from dsp_core.engine.ring cimport Ring

cdef class Display:
    cdef readonly int width                  # figures of a row, float32
    cdef int every                           # frames of a row
    cdef int capacity                        # rows
    cdef Ring rows                           # None until somebody has watched
    cdef atomic[int] on
    cdef float *figure                       # the row in work; audio thread only
    cdef int passed                          # frames of it

    cdef bint wanted(self) noexcept nogil
    cdef void keep(self, int place, double value) noexcept nogil
    cdef void pass_by(self, int frames) noexcept nogil
    cdef void push(self) noexcept nogil
