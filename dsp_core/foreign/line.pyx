"""The engine's end of the way to a foreign plugin and back. The audio thread posts blocks and takes answers; it never waits.

Blocks end where song time is a multiple of their length, wherever the device or the render cuts the stream, so the plugin meets the
same blocks live and offline. What goes in comes out `lead_frames` later. While an answer that will be needed soon is missing, the
share of the plugin's sound falls with the frames that are left, so that none is left when the answers end; what stands in is the
dry sound, which the stage delays by the same time.

In a run of slots next to each other only the first line is fed here. From each line to the next a relay (`offline/relay.pyx`) carries the
sound on another thread, so that the way there and back is gone once for the whole run; the lines behind the first take what comes
back at the same place of the stream, each for its own slot.
"""
from cpython.ref cimport PyObject
from libc.math cimport fabs, fmax
from libc.stdint cimport uintptr_t
from libc.stdlib cimport free
from libc.string cimport memcpy, memset
from libcpp.atomic cimport memory_order_acq_rel, memory_order_acquire, memory_order_relaxed, memory_order_release, memory_order_seq_cst

from dsp_core.foreign.handoff cimport FROM_PLUGIN, TO_PLUGIN, handoff_answered, handoff_begin, handoff_bytes, handoff_is_answered
from dsp_core.foreign.handoff cimport handoff_post, handoff_posted, handoff_sound, handoff_tell_gone
from dsp_core.memory cimport present
from dsp_core.units cimport frames_at

cdef enum:
    BASE_BLOCK = 512             # frames up to 50 kHz; as long in time at every rate
    LEAST_BLOCK = 3              # a host cannot tell channels from frames in a smaller one
    USUAL_DEPTH = 4              # blocks from the input to its answer
    HOLD_BLOCKS = 4              # before a plugin whose sound gave way may come back
    BEGINNING_BLOCKS = 3         # some plugins begin anew behind their first blocks, when they tell how late they are

cdef uint64_t NOBODY = <uint64_t>-1
cdef double QUIET = 0.01         # -40 dBFS; a jump from below counts from here
cdef double HEARD = 0.03         # -30 dBFS; silence counts as a fault while the input is this loud
cdef double NOTHING = 1e-5       # -100 dBFS
cdef double SILENT_S = 2.0
cdef double FORGET = 0.97        # of the level around, per block of about 10 ms

FAULTS = ("", "not a number", "jumped", "fell silent", "no answer")


def block_frames_at(double rate):
    """Most frames of a block at this sample rate: 512 up to 50 kHz, doubled with each doubling of the rate."""
    return frames_at(BASE_BLOCK, rate)


def memory_bytes(int block_frames):
    """What a line needs to share with a worker."""
    return handoff_bytes(block_frames)


def lead_frames_for(double rate, int device_frames=0):
    """Frames from the input to its answer: four blocks; more where the device asks for more than two at a time."""
    cdef int block = frames_at(BASE_BLOCK, rate)
    cdef int needed = block + device_frames + block // 2
    return block * max(<int>USUAL_DEPTH, (needed + block - 1) // block)


cdef class Line:
    """One plugin's line at `rate` Hz. `memory`: a writable buffer of `memory_bytes`, shared with the worker.

    patience: address of a `Patience`, for lines that are run offline and wait for every answer; 0 live. ValueError.
    """

    def __cinit__(self, *args, **kwargs):
        self.inward = NULL

    def __dealloc__(self):
        free(self.inward)

    def __init__(self, memory not None, double rate, int device_frames=0, uintptr_t patience=0):
        self.rate, self.block_frames = rate, frames_at(BASE_BLOCK, rate)
        self.lead_frames = lead_frames_for(rate, device_frames)
        if self.lead_frames > (BLOCKS // 2) * self.block_frames:
            raise ValueError(f"a device that asks for {device_frames} frames at a time is too slow for plugins; choose at most 8192")
        self._memory, self._view = memory, memory
        if <size_t>self._view.shape[0] < handoff_bytes(self.block_frames):
            raise ValueError(f"a line needs {handoff_bytes(self.block_frames)} bytes to share, not {self._view.shape[0]}")
        self.shared = <Handoff *>&self._view[0]
        handoff_begin(self.shared, self.block_frames)
        self.patience = <Patience><void *>patience
        self.inward = <float *>present(2 * self.block_frames, sizeof(float))
        if self.inward is NULL:
            raise MemoryError
        self._links = []
        self.number = BLOCKS
        self.handed.store(BLOCKS)
        self.newcomer.store(-1)
        self.wet_now.store(1.0)
        self.gain_now.store(1.0)
        self.fade_frames = self.block_frames // 2
        self.switch_frames = max(1, <int>(0.02 * rate))
        self.restart(0)

    @property
    def waits(self):
        """Whether it is run offline."""
        return self.patience is not NULL

    def admit(self, int silence=0):
        """Control thread: a worker is there and answers from now on; what went wrong before is over. `silence`: frames by which its plugin is
        late: so many that it gives out in the middle of the song are what its delays held before, not sound."""
        self.newcomer.store(silence, memory_order_release)
        self.tripped.store(SOUND, memory_order_release)
        handoff_tell_gone(self.shared, False)
        self.open.store(1, memory_order_release)

    def dismiss(self):
        """Control thread: no worker answers any more; who waits for one goes on without."""
        self.open.store(0, memory_order_release)
        handoff_tell_gone(self.shared, True)

    @property
    def fault(self):
        """Why the answers are no longer taken, one of FAULTS; "" while they are."""
        return FAULTS[self.tripped.load(memory_order_acquire)]

    @property
    def lapses_seen(self):
        """How often the plugin's sound gave way to the dry one."""
        return self.lapses.load(memory_order_relaxed)

    @property
    def presence_seen(self):
        """Share of the plugin's sound in what goes out now."""
        return self.presence_now.load(memory_order_relaxed)

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

    @property
    def answered(self):
        """Blocks that the worker is through with."""
        return handoff_answered(self.shared) - BLOCKS

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
        if self.onward is NULL:
            self.in_level = self.out_level = 0.0
            self.silent_frames = 0
        self.fill = self.stash_frames = self.switch_left = 0
        self.fresh = True
        self.place.leaving = self.checked = self.number
        self.place.left_at, self.place.lead, self.hold = 0, self.lead_frames, 0
        self.presence = 1.0 if self.open.load(memory_order_acquire) and self.tripped.load(memory_order_acquire) == SOUND else 0.0

    cdef void enter(self, uint32_t turn, Passing *link) noexcept nogil:
        """A piece of sound begins for the stage of this turn, which is fed through `link`, or by itself where that is NULL."""
        self.before = self.place
        if turn < self.turn:
            return
        if turn > self.turn:
            self.turn, self.switch_left, self.stash_frames = turn, 0, 0
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
        self.fill = self.stash_frames = self.switch_left = 0
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
        self.switch_left = self.switch_frames = frames
        self.stash_frames = 0

    cdef void run(self, uint32_t turn, sample_t **io, sample_t **wet, double *weight, int channels, int frames, int64_t when) noexcept nogil:
        """At most CHUNK frames: `io` goes in; `wet` takes what came back, `weight` its share of what is to be heard."""
        cdef int c, there
        if turn < self.turn:
            for c in range(2):
                memcpy(self.stash[c], io[c % channels], frames * sizeof(double))
            self.stash_frames = frames
        elif self.link is NULL:
            self.cross_input(io, channels, frames)
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

    cdef void cross_input(self, sample_t **io, int channels, int frames) noexcept nogil:
        """The old input into the new one, so that the plugin, which is one for both, hears no step."""
        cdef double share
        cdef int c, i
        if self.stash_frames == frames:
            for i in range(min(frames, self.switch_left)):
                share = <double>(self.switch_left - i) / self.switch_frames
                for c in range(channels):
                    io[c][i] += share * (self.stash[c][i] - io[c][i])
            self.switch_left = max(0, self.switch_left - frames)
        else:
            self.switch_left = 0
        self.stash_frames = 0

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
        """Look at what has come back since the last call, in order. A relay that was let go of, or is closed, judges nothing any more."""
        cdef Passing *onward = self.onward
        if onward is not NULL and not onward.acting.load(memory_order_seq_cst) and (
                onward.closed.load(memory_order_acquire) or not onward.asked.load(memory_order_relaxed)):
            self.onward = NULL
            onward.leads.store(0, memory_order_release)
        if self.checked < self.place.leaving:
            self.checked = self.place.leaving
        while self.checked < self.number and self.is_judged():
            self.checked += 1

    cdef bint is_judged(self) noexcept nogil:
        """Whether the next block has its verdict: from the relay that carries the sound on, so that both decide alike, else from here."""
        if self.link is not NULL and self.checked < self.link.first + self.link.offset:
            self.verdict[self.checked % BLOCKS] = NO_ANSWER          # it was under way in the leader when the two joined
            return True
        if self.onward is not NULL and self.checked >= self.onward.first:
            return self.onward.judged.load(memory_order_acquire) > self.checked
        if not handoff_is_answered(self.shared, self.checked):
            return False
        self.verdict[self.checked % BLOCKS] = self.judge(self.checked)
        return True

    cdef int judge(self, uint64_t number) noexcept nogil:
        """SOUND, or why this block is not heard, which trips the line."""
        cdef Given given = self.given[number % BLOCKS]
        cdef int frames = given.frames, i, found = SOUND
        cdef const float *sound = handoff_sound(self.shared, self.block_frames, number, FROM_PLUGIN)
        cdef double peak = 0.0, sum = 0.0, around, jump = self.jump_limit.load(memory_order_relaxed)
        if self.tripped.load(memory_order_acquire) != SOUND:
            return NO_ANSWER
        self.welcome(given)
        for i in range(2 * frames):
            peak = fmax(peak, fabs(sound[i]))
            sum += sound[i]
        self.in_level = fmax(given.peak, FORGET * self.in_level)
        around = fmax(QUIET, fmax(self.in_level, self.out_level))
        self.silent_frames = self.silent_frames + frames if peak < NOTHING and self.in_level > HEARD else 0
        if not sum - sum == 0.0:
            found = NOT_A_NUMBER
        elif jump > 0.0 and peak > jump * around:
            found = JUMPED
        elif self.silence_guard.load(memory_order_relaxed) and self.silent_frames > SILENT_S * self.rate:
            found = FELL_SILENT
        if found != SOUND:
            self.silent_frames = 0
            self.tripped.store(found, memory_order_release)
            return found
        if self.warming > 0:
            self.warming -= frames
            return NO_ANSWER
        self.out_level = fmax(peak, FORGET * self.out_level)
        return SOUND

    cdef void welcome(self, Given given) noexcept nogil:
        """The first block of a new worker. Where the song begins, its silence is the right one."""
        cdef int silence = self.newcomer.exchange(-1, memory_order_acq_rel)
        if silence >= 0:
            self.warming = silence + BEGINNING_BLOCKS * self.block_frames
        if given.fresh:
            self.warming = 0

    cdef int ready(self, int enough) noexcept nogil:
        """Frames from the next one on that can go out without a gap; no more than `enough` are counted."""
        cdef int there = self.place.lead, place
        cdef uint64_t k = self.place.leaving
        cdef bint inside = self.place.left_at > 0 or self.presence == 0.0
        self.seam_ahead = False
        while there < enough and k < self.checked:
            place = <int>(k % BLOCKS)
            if self.verdict[place] != SOUND:
                break
            if self.given[place].seam and not (k == self.place.leaving and inside):
                self.seam_ahead = True
                break
            there += self.frames_of[place] - (self.place.left_at if k == self.place.leaving else 0)
            k += 1
        return there

    cdef void wait_for(self, int frames) noexcept nogil:
        """Offline: until all is there that keeps the share whole."""
        cdef int enough = frames + self.fade_frames + 1
        while self.ready(enough) < enough and self.checked < self.number and self.tripped.load(memory_order_acquire) == SOUND:
            if self.seam_ahead or self.draining:
                return
            if not self.patience(self.shared, self.checked):
                self.tripped.store(NO_ANSWER, memory_order_release)
                return
            self.examine()

    cdef void fetch(self, sample_t **wet, double *weight, int frames, int ready) noexcept nogil:
        """What goes out with these frames, and its share; nothing moves on."""
        cdef int i = min(frames, self.place.lead), at = self.place.left_at, n, k, c
        cdef uint64_t number = self.place.leaving
        cdef const float *sound
        for c in range(2):
            memset(wet[c], 0, frames * sizeof(double))
        while i < frames and i < ready:
            n = min(frames - i, self.frames_of[number % BLOCKS] - at)
            sound = handoff_sound(self.shared, self.block_frames, number, FROM_PLUGIN)
            for c in range(2):
                for k in range(n):
                    wet[c][i + k] = sound[c * self.frames_of[number % BLOCKS] + at + k]
            i += n
            at = 0
            number += 1
        self.weigh(weight, frames, ready)

    cdef void weigh(self, double *weight, int frames, int ready) noexcept nogil:
        cdef double share = self.presence, step = 1.0 / self.fade_frames, most
        cdef bint well = self.open.load(memory_order_acquire) and self.tripped.load(memory_order_acquire) == SOUND
        cdef int i
        for i in range(frames):
            most = 1.0 if ready - i >= self.fade_frames else fmax(0.0, (ready - i) * step)
            if share < 1.0 and well and self.hold <= i:
                share = min(1.0, share + step)
            share = min(share, most)
            if self.draining:
                share = fmax(0.0, share - 2.0 * step)
            weight[i] = share

    cdef void advance(self, double presence, int frames) noexcept nogil:
        cdef int silence = min(frames, self.place.lead), number
        if presence < 1.0 and self.presence == 1.0 and not self.is_excused():
            self.lapses.fetch_add(1, memory_order_relaxed)
        self.hold = max(0, self.hold - frames)
        if presence < self.presence:
            self.hold = HOLD_BLOCKS * self.block_frames
            if self.seam_ahead:              # which comes out of the plugin as late as the plugin is
                self.hold += self.plugin_latency.load(memory_order_relaxed)
        self.presence = presence
        self.presence_now.store(presence, memory_order_relaxed)
        self.place.lead -= silence
        self.place.left_at += frames - silence
        while self.place.leaving < self.number and self.place.left_at >= self.frames_of[self.place.leaving % BLOCKS]:
            number = <int>(self.place.leaving % BLOCKS)
            self.place.left_at -= self.frames_of[number]
            self.place.leaving += 1

    cdef bint is_excused(self) noexcept nogil:
        """The plugin is not the one that is late."""
        if self.seam_ahead or self.draining:
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
