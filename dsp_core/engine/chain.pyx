"""The ordered stages, and beside them the mix and one stage's delta, aligned with the master. Live playing, render and analysis all run this."""
from libc.math cimport INFINITY
from libc.stdlib cimport free
from libc.string cimport memcpy, memset
from libcpp.atomic cimport memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.engine.least_gain cimport least_reset, least_run
from dsp_core.engine.past cimport recall, remember
from dsp_core.fade cimport blend_into, make_fade
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.level cimport energy_of
from dsp_core.memory cimport present
from dsp_core.stages.stage cimport CHUNK, Common, Stage


cdef inline sample_t **part_of(sample_t **planes, int start, sample_t **part) noexcept nogil:
    """Two planes from frame `start` on; NULL of NULL."""
    if planes is NULL:
        return NULL
    part[0], part[1] = planes[0] + start, planes[1] + start
    return part


cdef class Chain:
    """Stages in order at one sample rate. `publish` changes them while they sound: old and new run side by side and crossfade."""

    def __cinit__(self, double rate, *args):
        self.rate = rate
        self.fade_frames = max(1, <int>(FADE_MS * 1e-3 * rate))
        self.fade = <double *>present(self.fade_frames, sizeof(double))
        self.mix.planes = <double *>present(2 * PAST_FRAMES, sizeof(double))
        if self.fade is NULL or self.mix.planes is NULL:
            raise MemoryError
        make_fade(self.fade, self.fade_frames)
        self._stages, self._leaving, self._lent = [], [], []
        self.tap_place = -1
        least_reset(&self.least[0])
        least_reset(&self.least[1])

    def __dealloc__(self):
        free(self.fade)
        free(self.mix.planes)
        free(self.delta[0].planes)
        free(self.delta[1].planes)

    def __init__(self, double rate, stages=()):
        if stages:
            self.publish(stages)
            self.adopt(False)

    @property
    def stages(self):
        """The stages to be heard, in order."""
        return tuple(self._stages)

    @property
    def busy(self):
        """True while the audio thread has not yet let go of the stages before the last `publish`."""
        return self.alone.load(memory_order_acquire) != self.live.load(memory_order_relaxed)

    @property
    def stands_at(self):
        """Song frame that comes out next, of a chain that was run up."""
        return self.place - self.latency_frames

    @property
    def let_go(self):
        """True when the audio thread has had this chain and will not touch it again."""
        return self.gone.load(memory_order_acquire) != 0

    @property
    def latency_frames(self):
        """Sum of the stages' latencies."""
        return self.order[self.live.load(memory_order_relaxed)].latency

    def publish(self, stages, heir_of=None, lent=()):
        """Control thread: hear `stages` from the next block on. Only when not `busy`.

        Leading stages that stay in place are kept running as they are. All others must be fresh instances; `heir_of`
        maps a fresh stage to the one it replaces, whose memory it takes over; that may also be one of `lent`, stages of another
        chain that the same thread runs. Raises ValueError for too many stages, too much latency or a stage that would run twice,
        RuntimeError while busy.
        """
        stages, heir_of = list(stages), dict(heir_of or {})
        if self.busy:
            raise RuntimeError("the chain is still crossfading; publish again when it is no longer busy")
        shared = 0
        while shared < min(len(stages), len(self._stages)) and stages[shared] is self._stages[shared]:
            shared += 1
        self._check(stages, shared, heir_of, lent)
        cdef int new = 1 - self.live.load(memory_order_relaxed)
        cdef Order *order = &self.order[new]
        order.n, order.shared, order.latency, order.warm_up = len(stages), shared, 0, 0
        for k, stage in enumerate(stages):
            order.stage[k] = <PyObject *>stage
            heir = heir_of.get(stage)
            order.heir_of[k] = <PyObject *>heir if heir is not None else NULL
            order.latency += (<Stage>stage).latency_frames
            if k >= shared:
                order.warm_up += (<Stage>stage).warm_up(heir)
        self._leaving, self._stages, self._lent = self._stages, stages, list(lent)
        self.live.store(new, memory_order_release)

    def prepare_delta(self):
        """Control thread, before the first wish to listen: memory for what is heard. Raises MemoryError."""
        cdef int line
        for line in range(2):
            if self.delta[line].planes is NULL:
                self.delta[line].planes = <double *>present(2 * PAST_FRAMES, sizeof(double))
                if self.delta[line].planes is NULL:
                    raise MemoryError

    def listen(self, int slot, bint levelled=False):
        """Let the delta of this slot be kept, -1 for none; `levelled`: without the gain that explains most of it. Only while nothing runs
        the chain; MemoryError."""
        self.wanted = NULL
        self.levelled = levelled
        if 0 <= slot < len(self._stages):
            self.prepare_delta()
            self.wanted = <PyObject *>self._stages[slot]
        self.adopt(False)

    def _check(self, stages, shared, heir_of, lent):
        latency = sum((<Stage?>stage).latency_frames for stage in stages)
        if len(stages) > MAX_STAGES:
            raise ValueError(f"a chain holds at most {MAX_STAGES} stages, not {len(stages)}; remove some")
        if latency > MAX_LATENCY:
            raise ValueError(f"a latency of {latency} samples is too long to keep the mix aligned; at most {MAX_LATENCY}")
        if len(set(stages)) != len(stages) or any(stage in self._stages for stage in stages[shared:]):
            raise ValueError("a stage that changes its place must be a fresh instance, because the old and the new order both run")
        for stage in stages:
            if (<Stage>stage).rate != self.rate:
                raise ValueError(f"a stage made for {stage.rate:g} Hz cannot run in a chain at {self.rate:g} Hz")
        for stage, heir in heir_of.items():
            if (heir not in self._stages and heir not in lent) or heir.kind != stage.kind:
                raise ValueError(f"a {stage.kind} can take over the memory of a {stage.kind} in the running chain only")

    def restart_now(self):
        """Forget all sound. Only while nothing runs the chain."""
        self.restart()

    def process(self, double[:, ::1] master not None, double[:, ::1] mix=None, long long when=0, float[:, ::1] reduction_db=None):
        """Offline: `master` (2, frames) holds the mix and becomes the master; `mix`, where given, becomes the mix delayed by the latency.

        The first frame lies at song time `when`. `reduction_db` (stages, ceil(frames / 256)) takes the largest gain reduction of
        each stage in each 256 frames. Releases the interpreter.
        """
        cdef Py_ssize_t done = 0, total = master.shape[1]
        cdef sample_t *out[2]
        cdef sample_t *mix_part[2]
        cdef sample_t **beside = NULL
        cdef int n
        cdef bint reading = reduction_db is not None, aligning = mix is not None
        cdef unsigned long long before
        if master.shape[0] != 2:
            raise ValueError(f"a chain wants two planes, got {master.shape[0]}")
        if aligning and (mix.shape[0] != 2 or mix.shape[1] != total):
            raise ValueError(f"the mix has the master's shape, (2, {total}), not ({mix.shape[0]}, {mix.shape[1]})")
        if reading and (reduction_db.shape[0] != len(self._stages) or reduction_db.shape[1] * CHUNK < total):
            raise ValueError(f"the reductions of {len(self._stages)} stages over {total} frames do not fit "
                             f"({reduction_db.shape[0]}, {reduction_db.shape[1]})")
        with nogil:
            before = flush_denormals()
            while done < total:
                n = <int>min(total - done, <Py_ssize_t>CHUNK)
                out[0], out[1] = &master[0, done], &master[1, done]
                if aligning:
                    mix_part[0], mix_part[1] = &mix[0, done], &mix[1, done]
                    beside = mix_part
                self.run(out, beside, NULL, n, when + done)
                if reading:
                    self.read_reductions(&reduction_db[0, done // CHUNK], reduction_db.shape[1])
                done += n
            restore_denormals(before)

    cdef int latency(self) noexcept nogil:
        return self.order[self.now].latency

    cdef int strangers(self) noexcept nogil:
        """0 if every stage of the order taken up last goes on from the memory of its like, else frames until all give out sound, at least 1."""
        cdef Order *order = &self.order[self.now]
        cdef bint strange = False
        cdef int k
        for k in range(order.shared, order.n):
            strange = strange or order.heir_of[k] is NULL or (<Stage>order.heir_of[k]).build != (<Stage>order.stage[k]).build
        return max(1, order.warm_up) if strange else 0

    cdef void restart(self) noexcept nogil:
        cdef int k
        self.adopt(False)
        for k in range(self.order[self.now].n):
            (<Stage>self.order[self.now].stage[k]).restart()
        self.mix.known = self.delta[0].known = self.delta[1].known = 0

    cdef void adopt(self, bint fade) noexcept nogil:
        """Take up a newly published order and a newly wanted delta; with a fade unless nothing sounds."""
        cdef int new
        if self.fade_left > 0:
            if fade:
                return
            self.arrive()
        new = self.live.load(memory_order_acquire)
        if new == self.now and self.wanted == self.voice.stage:
            return
        self.set_out(new)
        if not fade:
            self.arrive()

    cdef void set_out(self, int new) noexcept nogil:
        """From what is heard to the order `new` and the delta that is wanted."""
        cdef Order *order = &self.order[new]
        cdef int k
        self.next = new
        self.warm_left, self.fade_left = 0, self.fade_frames
        if new != self.now:
            for k in range(order.shared, order.n):
                if order.heir_of[k] is not NULL:
                    (<Stage>order.stage[k]).inherit(<Stage>order.heir_of[k])
            self.warm_left = order.warm_up
        self.follow(order)
        if self.next_voice.line != self.voice.line:
            self.delta[self.next_voice.line].known = 0
            least_reset(&self.least[self.next_voice.line])
            self.warm_left = max(self.warm_left, self.next_voice.delay)

    cdef void follow(self, Order *order) noexcept nogil:
        """next_voice = the wanted stage, or the one that replaces it, in `order`."""
        cdef PyObject *wanted = self.wanted
        cdef int k
        self.wanted = NULL
        self.next_voice.stage = NULL
        self.next_voice.line, self.next_voice.delay = self.voice.line, 0
        if wanted is NULL:
            return
        for k in range(order.n):
            self.next_voice.delay += (<Stage>order.stage[k]).latency_frames
            if order.stage[k] == wanted or (self.next != self.now and order.heir_of[k] == wanted):
                self.wanted, self.next_voice.delay = order.stage[k], 0
        self.next_voice.stage = self.wanted
        if self.wanted != self.voice.stage:
            self.next_voice.line = 1 - self.voice.line

    cdef void arrive(self) noexcept nogil:
        self.now, self.voice = self.next, self.next_voice
        self.warm_left = self.fade_left = 0
        self.alone.store(self.now, memory_order_release)

    cdef void run(self, sample_t **master, sample_t **mix, sample_t **delta, int frames, int64_t when) noexcept nogil:
        """At most CHUNK frames. `master` holds the source and becomes the master; `mix` (or NULL) becomes the aligned mix.

        `delta` (or NULL) takes what the stage listened to adds or takes away, aligned too; silence where there is none.
        """
        cdef sample_t *planes[3][2]
        cdef sample_t **part[3]
        cdef int done = 0, n
        while done < frames:
            if not self.led:
                self.adopt(True)
            part[0] = part_of(master, done, planes[0])
            part[1] = part_of(mix, done, planes[1])
            part[2] = part_of(delta, done, planes[2])
            n = frames - done
            if self.fade_left > 0:
                n = min(n, self.warm_left + self.fade_left)
                self.run_both(part[0], part[1], part[2], n, when + done)
            else:
                self.run_one(part[0], part[1], part[2], n, when + done)
            done += n

    cdef bint holds(self, PyObject *stage) noexcept nogil:
        """The stage runs in it, or is published to."""
        cdef int orders[2]
        cdef int i, k
        orders[0], orders[1] = self.now, self.live.load(memory_order_acquire)
        for i in range(2):
            for k in range(self.order[orders[i]].n):
                if self.order[orders[i]].stage[k] == stage:
                    return True
        return False

    cdef void clear_meters(self) noexcept nogil:
        """What the stages have met so far belongs to nothing that was heard."""
        cdef Common *common
        cdef int k
        for k in range(self.order[self.now].n):
            common = (<Stage>self.order[self.now].stage[k]).common
            common.in_peak = common.out_peak = common.reduction_db = common.detector = 0.0
            common.faults = 0

    cdef void read_reductions(self, float *column, Py_ssize_t stride) noexcept nogil:
        """The largest reduction of each stage since the last call."""
        cdef Common *common
        cdef int k
        for k in range(self.order[self.now].n):
            common = (<Stage>self.order[self.now].stage[k]).common
            column[k * stride] = <float>common.reduction_db
            common.reduction_db = 0.0

    cdef void run_one(self, sample_t **master, sample_t **mix, sample_t **delta, int frames, int64_t when) noexcept nogil:
        cdef Order *order = &self.order[self.now]
        self.keep_mix(mix, master, frames)
        if mix is not NULL:
            recall(&self.mix, mix, order.latency, frames)
        self.run_stages(order, 0, order.n, master, frames, when)
        if self.gauged:
            self.join_tap(order, order, frames)
        if delta is not NULL:
            self.recall_delta(&self.voice, delta, frames)

    cdef void keep_mix(self, sample_t **mix, sample_t **source, int frames) noexcept nogil:
        """The source on its way to an aligned mix, where one is wanted."""
        if mix is NULL:
            self.mix.known = 0
        else:
            remember(&self.mix, source, frames)

    cdef void run_both(self, sample_t **master, sample_t **mix, sample_t **delta, int frames, int64_t when) noexcept nogil:
        """What was heard before and what is heard after the swap, faded into each other; so are mix and delta at either latency."""
        cdef sample_t memory[2][CHUNK]
        cdef sample_t *old[2]
        cdef Order *before = &self.order[self.now]
        cdef Order *after = &self.order[self.next]
        cdef int shared = after.shared if self.next != self.now else after.n
        cdef int warm = min(frames, self.warm_left)
        cdef int c
        self.keep_mix(mix, master, frames)
        self.run_stages(after, 0, shared, master, frames, when)
        for c in range(2):
            old[c] = &memory[c][0]
            memcpy(old[c], master[c], frames * sizeof(double))
        self.run_stages(before, shared, before.n, old, frames, when)
        self.run_stages(after, shared, after.n, master, frames, when)
        if self.gauged:
            self.join_tap(before, after, frames)
        self.cross(master, old, frames)
        if mix is not NULL:
            recall(&self.mix, old, before.latency, frames)
            recall(&self.mix, mix, after.latency, frames)
            self.cross(mix, old, frames)
        if delta is not NULL:
            self.recall_delta(&self.voice, old, frames)
            self.recall_delta(&self.next_voice, delta, frames)
            self.cross(delta, old, frames)
        self.warm_left -= warm
        self.fade_left -= frames - warm
        if self.fade_left == 0:
            self.arrive()

    cdef void run_stages(self, Order *order, int first, int last, sample_t **io, int frames, int64_t when) noexcept nogil:
        """Stages first .. last of the order in place; the past of every delta that is heard is written along."""
        cdef sample_t memory[2][CHUNK]
        cdef sample_t *delta[2]
        cdef PyObject *stage
        cdef double peak = INFINITY
        cdef sample_t **change
        cdef bint heard
        cdef int k, line
        delta[0], delta[1] = &memory[0][0], &memory[1][0]
        for k in range(first, last):
            stage = order.stage[k]
            heard = stage == self.voice.stage or stage == self.next_voice.stage
            change = NULL
            if heard:
                change = delta
            peak = (<Stage>stage).run(io, change, frames, when, peak)
            if heard:
                line = self.voice.line if stage == self.voice.stage else self.next_voice.line
                least_run(&self.least[line], delta, io, self.levelled, self.rate, frames)
                remember(&self.delta[line], delta, frames)
            if self.gauged:
                self.note(order, k, io, frames)

    cdef void note(self, Order *order, int place, sample_t **sound, int frames) noexcept nogil:
        """What came out of a stage, for those who read levels and the tap. While orders fade, the levels are of the one before."""
        cdef bint stays = order == &self.order[self.now] or place < order.shared
        cdef int c
        if stays:
            self.energy[place] += energy_of(sound[0], sound[1], frames)
        if place != self.tap_place:
            return
        if self.tap_frames + frames > CHUNK:
            self.tap_frames = 0              # nobody reads it
        for c in range(2):
            memcpy(&self.tapped[c][self.tap_frames] if stays else &self.tapped_new[c][0], sound[c], frames * sizeof(double))

    cdef void join_tap(self, Order *before, Order *after, int frames) noexcept nogil:
        """The tap of what was just run, faded as the master is."""
        cdef sample_t *old[2]
        cdef sample_t *new[2]
        cdef int c, k
        self.energy_frames += frames
        if not 0 <= self.tap_place < before.n:
            return
        for c in range(2):
            old[c], new[c] = self.tapped[c] + self.tap_frames, self.tapped_new[c]
        if before != after and after.shared <= self.tap_place < after.n:
            self.cross(new, old, frames)
            for c in range(2):
                memcpy(old[c], new[c], frames * sizeof(double))
        self.tap_frames += frames
        self.tap_ahead = 0
        for k in range(self.tap_place + 1, before.n):
            self.tap_ahead += (<Stage>before.stage[k]).latency_frames

    cdef void recall_delta(self, Voice *voice, sample_t **out, int frames) noexcept nogil:
        cdef int c
        if voice.stage is not NULL:
            recall(&self.delta[voice.line], out, voice.delay, frames)
            return
        for c in range(2):
            memset(out[c], 0, frames * sizeof(double))

    cdef void cross(self, sample_t **new, sample_t **old, int frames) noexcept nogil:
        """new = the old while the new warms up, then the fade into the new."""
        cdef int warm = min(frames, self.warm_left)
        cdef int c
        for c in range(2):
            memcpy(new[c], old[c], warm * sizeof(double))
            blend_into(new[c] + warm, old[c] + warm, self.fade + self.fade_frames - self.fade_left, frames - warm)
