"""Where in the song we are: play, stop, seek and loop, with a fade wherever two places meet."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t

from dsp_core.stages.stage cimport sample_t

cdef enum:
    STOPPED = 0
    PLAYING = 1
    STOPPING = 2                 # fades out at the output, then STOPPED at `resume_at`
    LEAVING = 3                  # fades out at the output, then WAITING at `resume_at`
    WAITING = 4                  # for a page from the disk
    SPLICE_MS = 10               # fade where two places of the song meet, and at start and stop

cdef class Transport:             # `source` is a borrowed Source
    cdef int state
    cdef int64_t at                          # next song frame to be fed
    cdef int64_t resume_at
    cdef int64_t splice_from                 # where the fading-out place goes on, or -1 for silence
    cdef int splice_left
    cdef int out_left                        # frames of the output's fade-out
    cdef int64_t loop_start, loop_stop
    cdef bint looping, ended
    cdef int starved                         # how often the disk was late
    cdef int fade_frames
    cdef double *fade

    cdef bint play(self) noexcept nogil
    cdef void stop(self) noexcept nogil
    cdef void seek(self, PyObject *source, int64_t at) noexcept nogil
    cdef void jump(self, PyObject *source, int64_t at) noexcept nogil
    cdef int piece(self, PyObject *source, int frames, int tail) noexcept nogil
    cdef void fill(self, PyObject *source, sample_t **out, int frames) noexcept nogil
    cdef void fade_out(self, sample_t **out, int frames) noexcept nogil
