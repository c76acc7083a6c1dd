"""The engine's end of the way to a foreign plugin and back. The audio thread posts blocks and takes answers; it never waits."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t, uint32_t, uint64_t
from libcpp.atomic cimport atomic

from dsp_core.foreign.answers cimport Answers, Given, Place
from dsp_core.foreign.crossing cimport Crossing
from dsp_core.stages.stage cimport sample_t

cdef struct Passing:             # between the audio thread and the relay from one line to the next of a run
    PyObject *leader             # the line whose sound goes on; the relay keeps it alive
    uint64_t first, offset       # its first block that is passed on; from its numbers to those of the next line
    atomic[int] asked            # by the audio thread
    atomic[int] acting           # by the relay, while it touches either line
    atomic[int] closed           # by the relay: it will not act again
    atomic[uint64_t] judged      # the leader's blocks before this one have their verdict
    atomic[int] leads, follows   # by the audio thread: `onward` of the leader, `link` of the follower may be this

cdef struct Limits:              # what a stage lets pass
    double jump                  # linear, over the level around
    bint silence                 # whether silence is a fault

cdef class Line

cdef class Link:                 # from a line to that of the next slot; whoever carries the sound is made of it
    cdef Passing passing
    cdef readonly Line leader, follower

cdef class Line(Answers):
    cdef uint32_t _turns                     # control thread: stages that were made for this line
    cdef list _links                         # control thread: what `link` and `onward` may point into, now or later
    # Between the threads.
    cdef atomic[uint64_t] fed                # frames
    cdef atomic[uint64_t] handed             # number of the block that will be posted next
    cdef atomic[double] wet_now, gain_now    # of the slot
    cdef atomic[int] kept_waiting            # its blocks come late, because the slot before is late
    # The audio thread's.
    cdef uint32_t turn                       # of the stage that feeds: the youngest one that runs
    cdef float *inward                       # two planes of block_frames, being filled
    cdef int fill, channels
    cdef bint fresh
    cdef int64_t expected                    # song time of the next frame, unless the sound is spliced
    cdef Place before                        # where it stood when this piece of sound began
    cdef Passing *link                       # through which the sound of the slot before comes, or NULL
    cdef Passing *onward                     # through which its own goes on, or NULL
    cdef Crossing crossing

    cdef bint drop(self, Link link, bint looked_at) except -1
    cdef uint32_t next_turn(self)
    cdef void restart(self, uint32_t turn) noexcept nogil
    cdef void enter(self, uint32_t turn, Passing *link) noexcept nogil
    cdef void change_to(self, Passing *link) noexcept nogil
    cdef bint let_go(self, Passing *link) noexcept nogil
    cdef void couple(self, Passing *link) noexcept nogil
    cdef void keep_up(self) noexcept nogil
    cdef void tell(self, double wet, double gain, int plugin_latency, Limits limits) noexcept nogil
    cdef void take_over(self, uint32_t turn, int frames) noexcept nogil
    cdef void run(self, uint32_t turn, sample_t **io, sample_t **wet, double *weight, int channels, int frames, int64_t when) noexcept nogil
    cdef void feed(self, sample_t **io, int channels, int frames, int64_t when) noexcept nogil
    cdef void post(self) noexcept nogil
    cdef void hand_over(self, uint64_t number, Given given, int channels) noexcept nogil

cdef double peak_of(const float *sound, int count) noexcept nogil
