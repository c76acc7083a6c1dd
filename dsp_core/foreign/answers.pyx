"""What comes back of a line: judged when it is there, weighed by how much more is there behind it, and taken in the order in which it went in.

While an answer that will be needed soon is missing, the share of the plugin's sound falls with the frames that are left, so that none is left when the
answers end; what stands in is the dry sound, which the stage delays by the same time.
"""
from libc.math cimport fabs, fmax
from libc.stdint cimport uintptr_t
from libc.string cimport memset
from libcpp.atomic cimport memory_order_acq_rel, memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.foreign.gone_in cimport gone_in_before, gone_in_forget, gone_in_note
from dsp_core.foreign.handoff cimport FROM_PLUGIN, handoff_answered, handoff_begin, handoff_bytes, handoff_is_answered, handoff_sound
from dsp_core.foreign.handoff cimport handoff_tell_gone

from dsp_core.foreign.lead import block_frames_at, lead_frames_for

cdef enum:
    HOLD_BLOCKS = 4              # before a plugin whose sound gave way may come back
    STRANGE_BLOCKS = 4           # of sound until it is known how much louder a plugin makes things
    BEGINNING_BLOCKS = 3         # some plugins begin anew behind their first blocks, when they tell how late they are

cdef double QUIET = 0.01         # -40 dBFS; a jump from below counts from here
cdef double HEARD = 0.03         # -30 dBFS; silence counts as a fault while the input is this loud
cdef double NOTHING = 1e-5       # -100 dBFS
cdef double SILENT_S = 2.0
cdef double FAINT = 1e-4         # -80 dBFS; sound from here on
cdef double MOST_GAIN = 251.0    # 48 dB; allowed until it is known
cdef double OF_NOW = 0.25        # of the level around; what is softer is not what makes it, and a tail is no gain
cdef double STEP_S = 512 / 48000.0   # in which so much is kept:
cdef double FORGET = 0.97        # of the level around
cdef double FORGET_GAIN = 0.9985     # of the gain, which is halved in 5 s

FAULTS = ("", "not a number", "jumped", "fell silent", "no answer")


cdef class Answers:
    """Of the line in `memory`, a writable buffer of `memory_bytes` that is shared with the worker; it runs at `rate` Hz. ValueError."""

    def __init__(self, memory not None, double rate, int device_frames, uintptr_t patience):
        self.rate, self.block_frames = rate, block_frames_at(rate)
        self.lead_frames = lead_frames_for(rate, device_frames)
        if self.lead_frames > (BLOCKS // 2) * self.block_frames:
            raise ValueError(f"a device that asks for {device_frames} frames at a time is too slow for plugins; choose at most 8192")
        self._memory, self._view = memory, memory
        if <size_t>self._view.shape[0] < handoff_bytes(self.block_frames):
            raise ValueError(f"a line needs {handoff_bytes(self.block_frames)} bytes to share, not {self._view.shape[0]}")
        self.shared = <Handoff *>&self._view[0]
        handoff_begin(self.shared, self.block_frames)
        self.patience = <Patience><void *>patience
        self.number = BLOCKS
        self.newcomer.store(-1)
        self.usual_gain = 1.0
        self.fade_frames = self.block_frames // 2
        self.forget = FORGET ** (self.block_frames / rate / STEP_S)
        self.forget_gain = FORGET_GAIN ** (self.block_frames / rate / STEP_S)

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

    def set_aside(self, bint aside):
        """Control thread: whether the plugin is not to be heard for now, though it works; nothing but numbers is asked of its sound then."""
        self.aside.store(aside, memory_order_release)

    @property
    def is_held_back(self):
        """Whether the dry sound stands in because it is to, not because the plugin is late."""
        return self.held_back_now.load(memory_order_relaxed) != 0

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
    def answered(self):
        """Blocks that the worker is through with."""
        return handoff_answered(self.shared) - BLOCKS

    cdef void begin_anew(self, bint alone) noexcept nogil:
        """What is under way is not waited for. `alone`: nobody else judges."""
        if alone:
            self.in_level = self.late_level = self.out_level = 0.0
            self.silent_frames = 0
        self.place.leaving = self.checked = self.number
        self.place.left_at, self.place.lead, self.hold = 0, self.lead_frames, 0
        self.presence = 1.0 if self.open.load(memory_order_acquire) and self.tripped.load(memory_order_acquire) == SOUND else 0.0

    cdef void examine(self) noexcept nogil:
        """Look at what has come back since the last call, in order."""
        if self.checked < self.place.leaving:
            self.checked = self.place.leaving
        while self.checked < self.number and self.is_judged():
            self.checked += 1

    cdef bint is_judged(self) noexcept nogil:
        """Whether the next block has its verdict."""
        if not handoff_is_answered(self.shared, self.checked):
            return False
        self.verdict[self.checked % BLOCKS] = self.judge(self.checked)
        return True

    cdef int judge(self, uint64_t number) noexcept nogil:
        """SOUND, or why this block is not heard, which trips the line."""
        cdef Given given = self.given[number % BLOCKS]
        cdef int frames = given.frames, i, found = SOUND
        cdef const float *sound = handoff_sound(self.shared, self.block_frames, number, FROM_PLUGIN)
        cdef double peak = 0.0, sum = 0.0, before
        if not self.open.load(memory_order_acquire) or self.tripped.load(memory_order_acquire) != SOUND:
            return NO_ANSWER             # of a worker that is not admitted yet nobody knows which blocks are its first
        self.welcome(given)
        for i in range(2 * frames):
            peak = fmax(peak, fabs(sound[i]))
            sum += sound[i]
        before = self.note_input(given)
        if not sum - sum == 0.0:
            found = NOT_A_NUMBER
        elif self.aside.load(memory_order_acquire):
            self.steady_frames = self.silent_frames = 0
            return NOT_YET
        elif self.is_jump(peak):
            found = JUMPED
        elif self.is_too_silent(peak, frames):
            found = FELL_SILENT
        if found != SOUND:
            self.silent_frames = 0
            self.tripped.store(found, memory_order_release)
            return found
        self.out_level = fmax(peak, self.forget * self.out_level)
        self.learn_gain(before, peak, frames)
        if self.warming > 0:
            self.warming -= frames
            return NOT_YET
        return SOUND

    cdef void welcome(self, Given given) noexcept nogil:
        """The first block of a new worker. Where the song begins, its silence is the right one."""
        cdef int silence = self.newcomer.exchange(-1, memory_order_acq_rel)
        if silence >= 0:
            self.warming = silence + BEGINNING_BLOCKS * self.block_frames
        if given.fresh:
            self.warming = 0
        if silence >= 0 or given.fresh:
            gone_in_forget(&self.gone_in)
            self.steady_frames = self.silent_frames = 0
            self.usual_gain = 1.0
            self.strange_frames = self.plugin_latency.load(memory_order_relaxed) + STRANGE_BLOCKS * self.block_frames

    cdef double note_input(self, Given given) noexcept nogil:
        """Its loudest, as late as the plugin: of what makes this answer."""
        cdef int latency = self.plugin_latency.load(memory_order_relaxed)
        cdef double before
        gone_in_note(&self.gone_in, self.block_frames, given.frames, given.peak)
        before = gone_in_before(&self.gone_in, self.block_frames, given.frames, latency)
        self.in_level = fmax(given.peak, self.forget * self.in_level)
        self.late_level = fmax(before, self.forget * self.late_level)
        self.steady_frames = self.steady_frames + given.frames if latency == self.steady_latency else 0
        self.steady_latency = latency
        return before

    cdef bint is_jump(self, double peak) noexcept nogil:
        """Over what goes in, what makes this answer, and what came before it."""
        cdef double jump = self.jump_limit.load(memory_order_relaxed)
        cdef double most = fmax(jump, MOST_GAIN) if self.strange_frames > 0 else jump
        return jump > 0.0 and peak > most * fmax(QUIET, fmax(fmax(self.in_level, self.late_level) * self.usual_gain, self.out_level))

    cdef bint is_too_silent(self, double peak, int frames) noexcept nogil:
        """For too long nothing has come of what was heard going in. A plugin that is later than before owes nothing until that is over."""
        cdef bint owed = self.late_level > HEARD and self.steady_frames > self.steady_latency
        self.silent_frames = self.silent_frames + frames if peak < NOTHING and owed else 0
        return self.silence_guard.load(memory_order_relaxed) and self.silent_frames > SILENT_S * self.rate

    cdef void learn_gain(self, double given, double peak, int frames) noexcept nogil:
        """What a plugin is set to do is no jump, not at the beginning and not behind a pause of the song. Known once there was sound on both sides."""
        if given < FAINT or peak < NOTHING:
            return
        self.strange_frames = max(0, self.strange_frames - frames)
        if given > OF_NOW * self.late_level:
            self.usual_gain = fmax(fmax(1.0, self.forget_gain * self.usual_gain), peak / self.late_level)

    cdef int ready(self, int enough) noexcept nogil:
        """Frames from the next one on that can go out without a gap; no more than `enough` are counted."""
        cdef int there = self.place.lead, place
        cdef uint64_t k = self.place.leaving
        cdef bint inside = self.place.left_at > 0 or self.presence == 0.0
        self.seam_ahead = False
        while there < enough and k < self.checked:
            place = <int>(k % BLOCKS)
            self.held_back = self.verdict[place] == NOT_YET
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
        self.hold, self.seam_hold = max(0, self.hold - frames), max(0, self.seam_hold - frames)
        if presence < self.presence:
            self.hold = HOLD_BLOCKS * self.block_frames
            if self.seam_ahead:              # which comes out of the plugin as late as the plugin is
                self.hold += self.plugin_latency.load(memory_order_relaxed)
                self.seam_hold = self.hold
        self.held_back_now.store(self.held_back or self.seam_hold > 0, memory_order_relaxed)
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
        return self.seam_ahead or self.draining or self.held_back
