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

cdef void make_splice(double *weight, int frames) noexcept nogil

cdef class Transport:             # `source` is a borrowed Source
    cdef int state
    cdef int64_t at                          # next song frame to be fed
    cdef int64_t resume_at
    cdef int64_t splice_from                 # where the fading-out place goes on, or -1 for silence
    cdef int splice_left
    cdef int64_t sounds_until                # song frame at which what a splice fades out is silent
    cdef int64_t goal                        # where to jump once no splice runs, or -1; the last wish
    cdef int64_t goal_from                   # song frame of the loop's end the goal came from, or -1 for a seek
    cdef bint lands                          # a start waits for a chain that was run up to it
    cdef int64_t stands_at                   # song frame to be heard first when it goes on
    cdef int64_t left_at                     # where the chain that a landing leaves is fed on
    cdef int land_left                       # frames of the fade from one chain to the other
    cdef bint round_due                      # the loop's end was fed, and its start is due when the end has been heard
    cdef int tail                            # frames between what is fed and what is heard
    cdef int out_left                        # frames of the output's fade-out
    cdef int64_t loop_start, loop_stop
    cdef bint looping, ended
    cdef bint outlasted                      # something sounds that the song's end does not silence
    cdef int starved                         # how often the disk was late
    cdef int fade_frames
    cdef double *fade

    cdef bint play(self) noexcept nogil
    cdef void stop(self) noexcept nogil
    cdef void seek(self, int64_t at) noexcept nogil
    cdef void loop(self, int64_t start, int64_t stop) noexcept nogil
    cdef void go_round(self) noexcept nogil
    cdef void land(self, int64_t at, int tail) noexcept nogil
    cdef void jump(self, PyObject *source) noexcept nogil
    cdef void leave(self, int state) noexcept nogil
    cdef void move_on(self, PyObject *source, int tail) noexcept nogil
    cdef void finish(self) noexcept nogil
    cdef int64_t end(self, PyObject *source, int tail) noexcept nogil
    cdef int piece(self, PyObject *source, int frames, int tail) noexcept nogil
    cdef void fill(self, PyObject *source, sample_t **out, sample_t **leaving, int frames) noexcept nogil
    cdef void fade_out(self, sample_t **out, int frames) noexcept nogil
