"""The engine's end of the way to a foreign plugin and back. The audio thread posts blocks and takes answers; it never waits.

Blocks end where song time is a multiple of their length, wherever the device or the render cuts the stream, so the plugin meets the
same blocks live and offline. What goes in comes out `lead_frames` later (`lead`); how it is judged and weighed stands in `answers`.

In a run of slots next to each other only the first line is fed here. From each line to the next a relay (`offline/relay.pyx`) carries the
sound on another thread, so that the way there and back is gone once for the whole run; the lines behind the first take what comes
back at the same place of the stream, each for its own slot.
"""
from cpython.ref cimport PyObject
from libc.math cimport fabs, fmax
from libc.stdint cimport uintptr_t
from libc.stdlib cimport free
from libc.string cimport memcpy
from libcpp.atomic cimport memory_order_acquire, memory_order_relaxed, memory_order_release, memory_order_seq_cst

from dsp_core.foreign.answers cimport NO_ANSWER
from dsp_core.foreign.crossing cimport crossing_begin, crossing_end, crossing_keep, crossing_pass
from dsp_core.foreign.handoff cimport BLOCKS, TO_PLUGIN, handoff_post, handoff_posted, handoff_sound
from dsp_core.memory cimport present

cdef enum:
    LEAST_BLOCK = 3              # a host cannot tell channels from frames in a smaller one

cdef uint64_t NOBODY = <uint64_t>-1


cdef class Line(Answers):
    """One plugin's line at `rate` Hz. `memory`: a writable buffer of `memory_bytes`, shared with the worker.

    patience: address of a `Patience`, for lines that are run offline and wait for every answer; 0 live. ValueError.
    """

    def __cinit__(self, *args, **kwargs):
        self.inward = NULL

    def __dealloc__(self):
        free(self.inward)

    def __init__(self, memory not None, double rate, int device_frames=0, uintptr_t patience=0):
        Answers.__init__(self, memory, rate, device_frames, patience)
        self.inward = <float *>present(2 * self.block_frames, sizeof(float))
        if self.inward is NULL:
            raise MemoryError
        self._links = []
        self.handed.store(BLOCKS)
        self.wet_now.store(1.0)
        self.gain_now.store(1.0)
        self.restart(0)

    @property
    def is_kept_waiting(self):
        """Its blocks come late, because the plugin of the slot before is late: for what is late then nobody can blame this one."""
        return self.kept_waiting.load(memory_order_relaxed) != 0

    @property
    def frames_fed(self):
        """Frames that went in so far."""
        return self.fed.load(memory_order_relaxed)

    @property
    def posted(self):
        """Blocks that were handed over."""
        return handoff_posted(self.shared) - BLOCKS

    cdef uint32_t next_turn(self):
        self._turns += 1
        return self._turns

    def keep(self, Link link not None):
        """Control thread: the audio thread may look at this link until it is parted again."""
        self._links.append(link)

    def retire(self):
        """Control thread, when nothing runs a stage on this line any more and nothing ever will: it keeps no links."""
        self._links.clear()

    cdef bint drop(self, Link link, bint looked_at) except -1:
        """Control thread: whether this link, over which nothing comes any more, is kept no longer."""
        if not looked_at and link in self._links:
            self._links.remove(link)
        return link not in self._links

    cdef void restart(self, uint32_t turn) noexcept nogil:
        """Nothing that is under way belongs to what comes. A stage that no longer feeds changes nothing."""
        if turn != self.turn:
            return
        if self.link is not NULL:
            self.number = (<Line>self.link.leader).number + self.link.offset
        self.fill = 0
        crossing_end(&self.crossing)
        self.fresh = True
        self.begin_anew(self.onward is NULL)

    cdef void enter(self, uint32_t turn, Passing *link) noexcept nogil:
        """A piece of sound begins for the stage of this turn, which is fed through `link`, or by itself where that is NULL."""
        self.before = self.place
        if turn < self.turn:
            return
        if turn > self.turn:
            self.turn = turn
            crossing_end(&self.crossing)
        if link != self.link or (link is not NULL and (<Line>link.leader).onward != link):
            self.change_to(link)
        if self.link is not NULL:
            self.keep_up()
        self.before = self.place

    cdef void change_to(self, Passing *link) noexcept nogil:
        """Be fed otherwise, as soon as nothing of the plugin is heard and no relay is at work any more. Comes again until it is done."""
        cdef Passing *before = self.link
        self.draining = True
        if self.presence > 0.0 and self.fed.load(memory_order_relaxed):
            return
        if self.link is not NULL:
            if not self.let_go(before):
                return
            self.link = NULL
            before.follows.store(0, memory_order_release)
            self.number = self.handed.load(memory_order_acquire)
            self.restart(self.turn)
            self.presence = 0.0
        if link is not NULL:
            if (<Line>link.leader).onward is not NULL and not self.let_go((<Line>link.leader).onward):
                return
            self.couple(link)
        self.draining = False

    cdef bint let_go(self, Passing *link) noexcept nogil:
        """Nothing goes on through this link any more; False while its relay is still at work."""
        link.asked.store(0, memory_order_seq_cst)
        if link.acting.load(memory_order_seq_cst):
            return False
        if (<Line>link.leader).onward == link:
            (<Line>link.leader).onward = NULL
            link.leads.store(0, memory_order_release)
        return True

    cdef void couple(self, Passing *link) noexcept nogil:
        """From the next block of the leader on its relay posts here."""
        link.first = (<Line>link.leader).number
        link.offset = self.number - link.first
        link.judged.store(link.first, memory_order_release)
        link.leads.store(1, memory_order_relaxed)
        link.follows.store(1, memory_order_relaxed)
        (<Line>link.leader).onward = self.link = link
        self.fill = 0
        crossing_end(&self.crossing)
        self.checked = self.number
        self.presence, self.hold = 0.0, 0
        link.asked.store(1, memory_order_seq_cst)

    cdef void keep_up(self) noexcept nogil:
        """Stand in the stream where the leader stood when this piece began."""
        cdef uint64_t offset = self.link.offset, k
        cdef Place place = (<Line>self.link.leader).before
        place.leaving += offset
        if self.place.leaving != place.leaving or self.place.left_at != place.left_at or self.place.lead != place.lead:
            self.place, self.presence = place, 0.0
        self.number = (<Line>self.link.leader).number + offset
        k = place.leaving
        while k < self.number:
            self.frames_of[k % BLOCKS] = (<Line>self.link.leader).frames_of[(k - offset) % BLOCKS]
            k += 1
        self.checked = min(self.checked, self.number)

    cdef void tell(self, double wet, double gain, int plugin_latency, Limits limits) noexcept nogil:
        """What a relay has to know of the slot."""
        self.wet_now.store(wet, memory_order_relaxed)
        self.gain_now.store(gain, memory_order_relaxed)
        self.plugin_latency.store(plugin_latency, memory_order_relaxed)
        self.jump_limit.store(limits.jump, memory_order_relaxed)
        self.silence_guard.store(limits.silence, memory_order_relaxed)

    cdef void take_over(self, uint32_t turn, int frames) noexcept nogil:
        """From now on this stage feeds, and what the one before it is given fades into what it is given, over `frames`."""
        self.turn = turn
        crossing_begin(&self.crossing, frames)

    cdef void run(self, uint32_t turn, sample_t **io, sample_t **wet, double *weight, int channels, int frames, int64_t when) noexcept nogil:
        """At most CHUNK frames: `io` goes in; `wet` takes what came back, `weight` its share of what is to be heard."""
        cdef int there
        if turn < self.turn:
            crossing_keep(&self.crossing, io, channels, frames)
        elif self.link is NULL:
            crossing_pass(&self.crossing, io, channels, frames)
            self.feed(io, channels, frames, when)
        if turn == self.turn:
            self.fed.fetch_add(frames, memory_order_relaxed)
        self.examine()
        if self.patience is not NULL:
            self.wait_for(frames)
        there = self.ready(frames + self.fade_frames + 1)
        self.fetch(wet, weight, frames, there)
        if turn == self.turn:
            self.advance(weight[frames - 1], frames)

    cdef void feed(self, sample_t **io, int channels, int frames, int64_t when) noexcept nogil:
        cdef int i = 0, k, n, to_grid
        cdef float *left
        cdef float *right
        if (when != self.expected or channels != self.channels) and self.fill >= LEAST_BLOCK:
            self.post()
        self.channels = channels
        while i < frames:
            to_grid = self.block_frames - <int>((when + i) & (self.block_frames - 1))
            n = min(min(frames - i, to_grid), self.block_frames - self.fill)
            left, right = self.inward + self.fill, self.inward + self.block_frames + self.fill
            for k in range(n):
                left[k] = <float>io[0][i + k]
                right[k] = <float>io[channels - 1][i + k]
            self.fill += n
            i += n
            if self.fill == self.block_frames or (n == to_grid and self.fill >= LEAST_BLOCK):
                self.post()
        self.expected = when + frames

    cdef void post(self) noexcept nogil:
        cdef int frames = self.fill
        cdef float *sound
        cdef Given given
        if self.number - self.place.leaving >= BLOCKS - 1:     # cut into pieces faster than they leave
            self.restart(self.turn)
            self.presence = 0.0
            return
        sound = handoff_sound(self.shared, self.block_frames, self.number, TO_PLUGIN)
        memcpy(sound, self.inward, frames * sizeof(float))
        memcpy(sound + frames, self.inward + self.block_frames, frames * sizeof(float))
        self.frames_of[self.number % BLOCKS] = given.frames = frames
        given.fresh, given.seam, given.peak = self.fresh, False, peak_of(sound, 2 * frames)
        self.hand_over(self.number, given, self.channels)
        self.fill, self.fresh = 0, False
        self.number += 1
        if self.patience is not NULL:
            self.patience(self.shared, NOBODY)

    cdef void hand_over(self, uint64_t number, Given given, int channels) noexcept nogil:
        """Whoever posts: the sound of this number stands in the memory."""
        self.given[number % BLOCKS] = given
        handoff_post(self.shared, number, given.frames, channels, given.fresh)
        self.handed.store(number + 1, memory_order_release)

    cdef void examine(self) noexcept nogil:
        """A relay that was let go of, or is closed, judges nothing any more."""
        cdef Passing *onward = self.onward
        if onward is not NULL and not onward.acting.load(memory_order_seq_cst) and (
                onward.closed.load(memory_order_acquire) or not onward.asked.load(memory_order_relaxed)):
            self.onward = NULL
            onward.leads.store(0, memory_order_release)
        Answers.examine(self)

    cdef bint is_judged(self) noexcept nogil:
        """By the relay that carries the sound on, so that both decide alike, else from here."""
        if self.link is not NULL and self.checked < self.link.first + self.link.offset:
            self.verdict[self.checked % BLOCKS] = NO_ANSWER          # it was under way in the leader when the two joined
            return True
        if self.onward is not NULL and self.checked >= self.onward.first:
            return self.onward.judged.load(memory_order_acquire) > self.checked
        return Answers.is_judged(self)

    cdef bint is_excused(self) noexcept nogil:
        if Answers.is_excused(self):
            return True
        return self.link is not NULL and (self.kept_waiting.load(memory_order_relaxed) or self.handed.load(memory_order_acquire) <= self.checked)


cdef class Link:
    """From the line `leader` to the line `follower`, both of one rate and for one device. ValueError."""

    def __init__(self, Line leader not None, Line follower not None):
        if leader is follower or leader.rate != follower.rate or leader.lead_frames != follower.lead_frames:
            raise ValueError("a run is made of different lines at one rate, for one device")
        self.leader, self.follower = leader, follower
        self.passing.leader = <PyObject *>leader
        leader.keep(self)
        follower.keep(self)

    def part(self):
        """Control thread, when no stage passes it on any more, again and again until it is True: the lines keep it no longer than the audio
        thread may look at it, and no longer each other."""
        cdef bint led = self.leader.drop(self, self.passing.leads.load(memory_order_acquire))
        cdef bint followed = self.follower.drop(self, self.passing.follows.load(memory_order_acquire))
        return led and followed


cdef double peak_of(const float *sound, int count) noexcept nogil:
    """Largest magnitude."""
    cdef double peak = 0.0
    cdef int i
    for i in range(count):
        peak = fmax(peak, fabs(sound[i]))
    return peak
