"""What comes back of a line: judged, weighed and taken. The audio thread never waits for it."""
from libc.stdint cimport int64_t, uint64_t
from libcpp.atomic cimport atomic

from dsp_core.foreign.gone_in cimport GoneIn
from dsp_core.foreign.handoff cimport BLOCKS, Handoff, Patience
from dsp_core.stages.stage cimport sample_t

cdef enum:                       # why answers are no longer taken
    SOUND = 0
    NOT_A_NUMBER = 1
    JUMPED = 2
    FELL_SILENT = 3
    NO_ANSWER = 4                # offline only; live a late answer is a lapse
    NOT_YET = 5                  # trips nothing: the plugin is not to be heard yet

cdef struct Given:               # a block as it was posted, by whoever posts: the audio thread, or the relay of a run
    int frames
    bint fresh                   # nothing of the sound before belongs to it
    bint seam                    # the sound before it does not go on in it
    double peak

cdef struct Place:               # of what goes out next
    uint64_t leaving             # its block
    int left_at                  # frames of it that are out
    int lead                     # frames of silence before it

cdef class Answers:
    cdef readonly int block_frames           # most frames of a block, on the grid of song time
    cdef readonly int lead_frames            # from what goes in to the answer that goes out with it
    cdef readonly double rate
    cdef object _memory
    cdef unsigned char[::1] _view
    cdef Handoff *shared
    cdef Patience patience
    # Between the threads.
    cdef atomic[int] open                    # a worker is there
    cdef atomic[int] tripped                 # one of the reasons above; the control thread clears it
    cdef atomic[uint64_t] lapses             # how often the plugin's sound gave way to the dry one
    cdef atomic[double] presence_now
    cdef atomic[double] jump_limit           # of the slot
    cdef atomic[int] silence_guard, plugin_latency
    cdef atomic[int] aside                   # the plugin is not to be heard
    cdef atomic[int] held_back_now
    cdef atomic[int] newcomer                # a worker that has just come: frames of silence before its first sound, else -1
    cdef Given given[BLOCKS]
    cdef int verdict[BLOCKS]
    # The audio thread's.
    cdef uint64_t number                     # of the next block that is posted
    cdef uint64_t checked                    # of the next answer to be looked at
    cdef Place place
    cdef bint draining                       # the line is on its way to another link: first of all it falls silent
    cdef bint seam_ahead                     # it falls silent because of the slot before
    cdef bint held_back                      # what comes next is not to be heard yet
    cdef int seam_hold                       # frames of `hold` that the slot before is the reason of
    cdef int frames_of[BLOCKS]
    cdef double presence                     # share of the plugin's sound
    cdef int hold                            # frames until it may come back
    cdef int fade_frames
    cdef double in_level, out_level          # of whoever judges, the audio thread or the relay onward; as all that follows
    cdef double late_level                   # as in_level, but as late as the plugin
    cdef GoneIn gone_in
    cdef int64_t steady_frames               # since the plugin began, or became as late as it is
    cdef int steady_latency
    cdef double forget, forget_gain          # what a level or a gain keeps with each block
    cdef int silent_frames, warming          # frames; `warming`: of a newcomer that are not heard
    cdef double usual_gain                   # by which the plugin is louder than what goes in, linear, at least 1
    cdef int strange_frames                  # of sound until that is known

    cdef void begin_anew(self, bint alone) noexcept nogil
    cdef void examine(self) noexcept nogil
    cdef bint is_judged(self) noexcept nogil
    cdef int judge(self, uint64_t number) noexcept nogil
    cdef void welcome(self, Given given) noexcept nogil
    cdef double note_input(self, Given given) noexcept nogil
    cdef bint is_jump(self, double peak) noexcept nogil
    cdef bint is_too_silent(self, double peak, int frames) noexcept nogil
    cdef void learn_gain(self, double given, double peak, int frames) noexcept nogil
    cdef int ready(self, int enough) noexcept nogil
    cdef void wait_for(self, int frames) noexcept nogil
    cdef void fetch(self, sample_t **wet, double *weight, int frames, int ready) noexcept nogil
    cdef void weigh(self, double *weight, int frames, int ready) noexcept nogil
    cdef void advance(self, double presence, int frames) noexcept nogil
    cdef bint is_excused(self) noexcept nogil
