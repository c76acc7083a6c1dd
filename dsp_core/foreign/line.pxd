"""The engine's end of the way to a foreign plugin and back. The audio thread posts blocks and takes answers; it never waits."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t, uint32_t, uint64_t
from libcpp.atomic cimport atomic

from dsp_core.foreign.handoff cimport BLOCKS, Handoff, Patience
from dsp_core.stages.stage cimport CHUNK, sample_t

cdef enum:                       # why answers are no longer taken
    SOUND = 0
    NOT_A_NUMBER = 1
    JUMPED = 2
    FELL_SILENT = 3
    NO_ANSWER = 4                # offline only; live a late answer is a lapse

cdef struct Given:               # a block as it was posted, by whoever posts: the audio thread, or the relay of a run
    int frames
    bint fresh                   # nothing of the sound before belongs to it
    bint seam                    # the sound before it does not go on in it
    double peak

cdef struct Place:               # of what goes out next
    uint64_t leaving             # its block
    int left_at                  # frames of it that are out
    int lead                     # frames of silence before it

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

cdef class Line:
    cdef readonly int block_frames           # most frames of a block, on the grid of song time
    cdef readonly int lead_frames            # from what goes in to the answer that goes out with it
    cdef readonly double rate
    cdef object _memory
    cdef unsigned char[::1] _view
    cdef Handoff *shared
    cdef Patience patience
    cdef uint32_t _turns                     # control thread: stages that were made for this line
    cdef list _links                         # control thread: what `link` and `onward` may point into, now or later
    # Between the threads.
    cdef atomic[int] open                    # a worker is there
    cdef atomic[int] tripped                 # one of the reasons above; the control thread clears it
    cdef atomic[uint64_t] lapses             # how often the plugin's sound gave way to the dry one
    cdef atomic[uint64_t] fed                # frames
    cdef atomic[double] presence_now
    cdef atomic[uint64_t] handed             # number of the block that will be posted next
    cdef atomic[double] wet_now, gain_now, jump_limit    # of the slot
    cdef atomic[int] silence_guard, plugin_latency
    cdef atomic[int] newcomer                # a worker that has just come: frames of silence before its first sound, else -1
    cdef atomic[int] kept_waiting            # its blocks come late, because the slot before is late
    cdef Given given[BLOCKS]
    cdef int verdict[BLOCKS]
    # The audio thread's.
    cdef uint32_t turn                       # of the stage that feeds: the youngest one that runs
    cdef float *inward                       # two planes of block_frames, being filled
    cdef int fill, channels
    cdef bint fresh
    cdef int64_t expected                    # song time of the next frame, unless the sound is spliced
    cdef uint64_t number                     # of the next block that is posted
    cdef uint64_t checked                    # of the next answer to be looked at
    cdef Place place
    cdef Place before                        # the same when this piece of sound began
    cdef Passing *link                       # through which the sound of the slot before comes, or NULL
    cdef Passing *onward                     # through which its own goes on, or NULL
    cdef bint draining                       # on its way to another link: first of all it falls silent
    cdef bint seam_ahead                     # it falls silent because of the slot before
    cdef int frames_of[BLOCKS]
    cdef double presence                     # share of the plugin's sound
    cdef int hold                            # frames until it may come back
    cdef int fade_frames
    cdef double in_level, out_level          # of whoever judges: the audio thread, or the relay onward
    cdef int silent_frames, warming          # frames; `warming`: of a newcomer that are not heard
    cdef sample_t stash[2][CHUNK]            # what the stage that is being replaced was given
    cdef int stash_frames, switch_left, switch_frames

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
    cdef void cross_input(self, sample_t **io, int channels, int frames) noexcept nogil
    cdef void examine(self) noexcept nogil
    cdef bint is_judged(self) noexcept nogil
    cdef int judge(self, uint64_t number) noexcept nogil
    cdef void welcome(self, Given given) noexcept nogil
    cdef int ready(self, int enough) noexcept nogil
    cdef void fetch(self, sample_t **wet, double *weight, int frames, int ready) noexcept nogil
    cdef void weigh(self, double *weight, int frames, int ready) noexcept nogil
    cdef bint is_excused(self) noexcept nogil
    cdef void advance(self, double presence, int frames) noexcept nogil
    cdef void wait_for(self, int frames) noexcept nogil

cdef double peak_of(const float *sound, int count) noexcept nogil
