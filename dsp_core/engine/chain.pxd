"""The ordered stages, and beside them the mix and one stage's delta, aligned with the master. Live playing, render and analysis all run this."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t
from libcpp.atomic cimport atomic

from dsp_core.engine.least_gain cimport LeastGain
from dsp_core.engine.past cimport PAST_FRAMES, Past
from dsp_core.stages.stage cimport CHUNK, sample_t

cdef enum:
    MAX_STAGES = 24
    MAX_LATENCY = PAST_FRAMES - CHUNK
    FADE_MS = 20

cdef struct Order:               # immutable once published
    int n
    int shared                   # leading stages that the order before it runs too
    int latency                  # frames
    int warm_up                  # frames until its fresh stages give out sound
    PyObject *stage[MAX_STAGES]  # borrowed; the Chain keeps them alive
    PyObject *heir_of[MAX_STAGES]    # the stage whose memory stage k takes over, or NULL

cdef struct Voice:               # a delta that can be heard
    PyObject *stage              # or NULL for none; compared, never followed
    int line                     # which of the two pasts holds it
    int delay                    # frames; the latency of the stages behind it

cdef class Chain:
    cdef readonly double rate
    cdef list _stages, _leaving, _lent       # control thread: what the two orders point to
    cdef Order order[2]
    cdef atomic[int] live                    # the order to be heard; written by the control thread
    cdef atomic[int] alone                   # the only order the audio thread still touches; written by it
    cdef PyObject *wanted                    # the rest is the audio thread's: the stage whose delta is wanted, or NULL
    cdef int now, next                       # the orders before and after a fade
    cdef Voice voice, next_voice
    cdef int warm_left, fade_left            # frames in which only the old is heard, then frames of the fade
    cdef int fade_frames
    cdef double *fade                        # weights, fade_frames of them
    cdef Past mix
    cdef Past delta[2]                       # without memory until somebody listens
    cdef LeastGain least[2]                  # of either delta
    cdef bint levelled                       # a delta is heard without the gain that explains it
    cdef int64_t place                       # song frame it wants next; of one that was run up, or left there by its maker
    cdef atomic[int] gone                    # the audio thread took it and has let go of it for ever; written by it

    cdef bint led                            # whoever runs it takes up what is published, before other chains run

    cdef bint gauged                         # whether anybody reads what follows
    cdef double energy[MAX_STAGES]           # sum of squares of both channels behind each stage of `now`, since it was read
    cdef int energy_frames
    cdef int tap_place                       # behind which stage sound is kept, or -1
    cdef sample_t tapped[2][CHUNK]           # that sound since it was read
    cdef sample_t tapped_new[2][CHUNK]       # of the order to come, while they fade
    cdef int tap_frames, tap_ahead           # how much, and how far ahead of the master

    cdef int latency(self) noexcept nogil
    cdef int strangers(self) noexcept nogil
    cdef void restart(self) noexcept nogil
    cdef void adopt(self, bint fade) noexcept nogil
    cdef void set_out(self, int new) noexcept nogil
    cdef void follow(self, Order *order) noexcept nogil
    cdef void arrive(self) noexcept nogil
    cdef void run(self, sample_t **master, sample_t **mix, sample_t **delta, int frames, int64_t when) noexcept nogil
    cdef bint holds(self, PyObject *stage) noexcept nogil
    cdef void clear_meters(self) noexcept nogil
    cdef void read_reductions(self, float *column, Py_ssize_t stride) noexcept nogil
    cdef void keep_mix(self, sample_t **mix, sample_t **source, int frames) noexcept nogil
    cdef void run_one(self, sample_t **master, sample_t **mix, sample_t **delta, int frames, int64_t when) noexcept nogil
    cdef void run_both(self, sample_t **master, sample_t **mix, sample_t **delta, int frames, int64_t when) noexcept nogil
    cdef void run_stages(self, Order *order, int first, int last, sample_t **io, int frames, int64_t when) noexcept nogil
    cdef void note(self, Order *order, int place, sample_t **sound, int frames) noexcept nogil
    cdef void join_tap(self, Order *before, Order *after, int frames) noexcept nogil
    cdef void recall_delta(self, Voice *voice, sample_t **out, int frames) noexcept nogil
    cdef void cross(self, sample_t **new, sample_t **old, int frames) noexcept nogil
