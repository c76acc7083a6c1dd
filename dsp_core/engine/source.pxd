"""Where the song's samples come from: memory, or pages that a disk thread keeps loaded around the playhead."""
from libc.stdint cimport int64_t
from libcpp.atomic cimport atomic

from dsp_core.stages.stage cimport sample_t

cdef class Source:
    cdef readonly int64_t frames
    cdef readonly double rate
    cdef atomic[int64_t] passes              # blocks the audio thread has finished with this source

    cdef bint ready(self, int64_t at, int frames) noexcept nogil
    cdef void read(self, int64_t at, sample_t **out, int frames) noexcept nogil
    cdef void copy(self, int64_t at, sample_t **out, int frames) noexcept nogil

cdef class MemorySong(Source):
    cdef object _planes                      # keeps the array alive
    cdef const float *narrow[2]              # either these or
    cdef const double *wide[2]               # these point at its planes

cdef enum:
    PAGE_FRAMES = 65536

cdef class PagedSong(Source):
    cdef readonly int64_t pages
    cdef readonly int rooms                  # pages that fit in memory
    cdef atomic[int] *room_of                # per page: where it lies, or -1
    cdef double *memory                      # rooms x 2 x PAGE_FRAMES
    cdef list _free                          # rooms nobody uses
    cdef dict _leaving                       # room -> passes when its page was unpublished
