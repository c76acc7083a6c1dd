"""What carries the sound of one slot of a run to the next."""
from libc.stdint cimport int64_t, uint64_t
from libcpp.atomic cimport atomic

from dsp_core.foreign.line cimport Link

cdef class Relay(Link):
    cdef object _thread
    cdef atomic[int] closing
    # The relay's own thread's.
    cdef uint64_t number                     # of the leader's next block
    cdef double *dry                         # two delays of `held` frames: the leader's input, as late as its plugin
    cdef int held, dry_at
    cdef double *scratch                     # four planes of a block
    cdef int sounded                         # the last block was the plugin's, was dry; or UNKNOWN
    cdef double wet, gain                    # of the leader's slot, at the end of the last block
    cdef int excluded                        # blocks until a leader that was late is heard again
    cdef double waiting_since

    cdef void serve(self) noexcept nogil
    cdef bint begin(self) noexcept nogil
    cdef void attend(self) noexcept nogil
    cdef int verdict(self) noexcept nogil
    cdef void pass_on(self, int verdict) noexcept nogil
    cdef bint hold_as_long_as_plugin(self) noexcept nogil
    cdef void mix(self, const float *sound, double *dry, float *out, int frames, double wet, double gain) noexcept nogil
