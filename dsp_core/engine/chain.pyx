"""The ordered stages, and the mix beside them delayed by their latency. Live playing, render and analysis all run this."""
from libc.stdlib cimport free
from libc.string cimport memcpy, memset
from libcpp.atomic cimport memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.fade cimport blend_into, make_fade
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.memory cimport present
from dsp_core.stages.stage cimport CHUNK, Common, Stage


cdef class Chain:
    """Stages in order at one sample rate. `publish` changes them while they sound: old and new run side by side and crossfade."""

    def __cinit__(self, double rate, *args):
        self.rate = rate
        self.fade_frames = max(1, <int>(FADE_MS * 1e-3 * rate))
        self.fade = <double *>present(self.fade_frames, sizeof(double))
        self.past = <double *>present(2 * MAX_LATENCY, sizeof(double))
        if self.fade is NULL or self.past is NULL:
            raise MemoryError
        make_fade(self.fade, self.fade_frames)
        self.listen = -1
        self._stages, self._leaving = [], []

    def __dealloc__(self):
        free(self.fade)
        free(self.past)

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
    def latency_frames(self):
        """Sum of the stages' latencies."""
        return self.order[self.live.load(memory_order_relaxed)].latency

    def publish(self, stages, heir_of=None):
        """Control thread: hear `stages` from the next block on. Only when not `busy`.

        Leading stages that stay in place are kept running as they are. All others must be fresh instances; `heir_of`
        maps a fresh stage to the one it replaces, whose memory it takes over. Raises ValueError for too many stages, too
        much latency or a stage that would run twice, RuntimeError while busy.
        """
        stages, heir_of = list(stages), dict(heir_of or {})
        if self.busy:
            raise RuntimeError("the chain is still crossfading; publish again when it is no longer busy")
        shared = 0
        while shared < min(len(stages), len(self._stages)) and stages[shared] is self._stages[shared]:
            shared += 1
        self._check(stages, shared, heir_of)
        cdef int new = 1 - self.live.load(memory_order_relaxed)
        cdef Order *order = &self.order[new]
        order.n, order.shared, order.latency = len(stages), shared, 0
        for k, stage in enumerate(stages):
            order.stage[k] = <PyObject *>stage
            heir = heir_of.get(stage)
            order.heir_of[k] = <PyObject *>heir if heir is not None else NULL
            order.latency += (<Stage>stage).latency_frames
        self._leaving, self._stages = self._stages, stages
        self.live.store(new, memory_order_release)

    def _check(self, stages, shared, heir_of):
        latency = sum((<Stage?>stage).latency_frames for stage in stages)
        if len(stages) > MAX_STAGES:
            raise ValueError(f"a chain holds at most {MAX_STAGES} stages, not {len(stages)}; remove some")
        if latency >= MAX_LATENCY:
            raise ValueError(f"a latency of {latency} samples is too long to keep the mix aligned; at most {MAX_LATENCY - 1}")
        if len(set(stages)) != len(stages) or any(stage in self._stages for stage in stages[shared:]):
            raise ValueError("a stage that changes its place must be a fresh instance, because the old and the new order both run")
        for stage in stages:
            if (<Stage>stage).rate != self.rate:
                raise ValueError(f"a stage made for {stage.rate:g} Hz cannot run in a chain at {self.rate:g} Hz")
        for stage, heir in heir_of.items():
            if heir not in self._stages or heir.kind != stage.kind:
                raise ValueError(f"a {stage.kind} can take over the memory of a {stage.kind} in the running chain only")

    def adopt_now(self):
        """Take the published stages without a fade. Only while nothing runs the chain."""
        self.adopt(False)

    def restart_now(self):
        """Forget all sound. Only while nothing runs the chain."""
        self.restart()

    def process(self, double[:, ::1] master, double[:, ::1] mix, long long when=0, float[:, ::1] reduction_db=None):
        """Offline: `master` (2, frames) holds the mix and becomes the master, `mix` becomes the mix delayed by the latency.

        The first frame lies at song time `when`. `reduction_db` (stages, ceil(frames / 256)) takes the largest gain reduction of
        each stage in each 256 frames. Releases the interpreter.
        """
        if master.shape[0] != 2 or mix.shape[0] != 2 or master.shape[1] != mix.shape[1]:
            raise ValueError(f"want two (2, frames) arrays of one length, got {master.shape[1]} and {mix.shape[1]} frames")
        cdef Py_ssize_t done = 0, total = master.shape[1]
        cdef sample_t *out[2]
        cdef sample_t *beside[2]
        cdef int n
        cdef bint reading = reduction_db is not None
        cdef unsigned long long before
        if reading and (reduction_db.shape[0] != len(self._stages) or reduction_db.shape[1] * CHUNK < total):
            raise ValueError(f"the reductions of {len(self._stages)} stages over {total} frames do not fit "
                             f"({reduction_db.shape[0]}, {reduction_db.shape[1]})")
        with nogil:
            before = flush_denormals()
            while done < total:
                n = <int>min(total - done, <Py_ssize_t>CHUNK)
                out[0], out[1] = &master[0, done], &master[1, done]
                beside[0], beside[1] = &mix[0, done], &mix[1, done]
                self.run(out, beside, NULL, n, when + done)
                if reading:
                    self.read_reductions(&reduction_db[0, done // CHUNK], reduction_db.shape[1])
                done += n
            restore_denormals(before)

    cdef bint fading(self) noexcept nogil:
        return self.fade_left > 0

    cdef int latency(self) noexcept nogil:
        return self.order[self.now].latency

    cdef void restart(self) noexcept nogil:
        cdef int k
        self.adopt(False)
        for k in range(self.order[self.now].n):
            (<Stage>self.order[self.now].stage[k]).restart()
        self.known = 0

    cdef void adopt(self, bint fade) noexcept nogil:
        """Take up a newly published order; with a fade unless nothing sounds."""
        cdef int new = self.live.load(memory_order_acquire)
        cdef Order *order = &self.order[new]
        cdef int k
        if self.fade_left > 0 and not fade:
            self.fade_left = 0
            self.now = new
            self.alone.store(new, memory_order_release)
        if self.fade_left > 0 or new == self.now:
            return
        for k in range(order.shared, order.n):
            if order.heir_of[k] is not NULL:
                (<Stage>order.stage[k]).inherit(<Stage>order.heir_of[k])
        if fade:
            self.fade_left = self.fade_frames
            return
        self.now = new
        self.alone.store(new, memory_order_release)

    cdef void run(self, sample_t **master, sample_t **mix, sample_t **delta, int frames, int64_t when) noexcept nogil:
        """At most CHUNK frames. `master` holds the source and becomes the master; `mix` becomes the aligned mix.

        `delta` (or NULL) takes what the stage in slot `listen` adds or takes away; it is left alone where there is none.
        """
        cdef Order *order
        self.adopt(True)
        self.remember(master, frames)
        if self.fade_left > 0:
            self.run_both(master, mix, frames, when)
            return
        order = &self.order[self.now]
        self.recall(mix, order.latency, frames)
        self.run_stages(order, 0, order.n, master, delta, frames, when)

    cdef void read_reductions(self, float *column, Py_ssize_t stride) noexcept nogil:
        """The largest reduction of each stage since the last call."""
        cdef Common *common
        cdef int k
        for k in range(self.order[self.now].n):
            common = (<Stage>self.order[self.now].stage[k]).common
            column[k * stride] = <float>common.reduction_db
            common.reduction_db = 0.0

    cdef void remember(self, sample_t **mix, int frames) noexcept nogil:
        cdef int first = min(frames, MAX_LATENCY - self.past_at)
        cdef int c
        for c in range(2):
            memcpy(self.past + c * MAX_LATENCY + self.past_at, mix[c], first * sizeof(double))
            memcpy(self.past + c * MAX_LATENCY, mix[c] + first, (frames - first) * sizeof(double))
        self.past_at = (self.past_at + frames) & (MAX_LATENCY - 1)
        self.known = min(self.known + frames, MAX_LATENCY)

    cdef void recall(self, sample_t **out, int delay, int frames) noexcept nogil:
        """The `frames` frames just remembered, `delay` frames late; silence before the first that is known."""
        cdef int at = (self.past_at - frames - delay) & (MAX_LATENCY - 1)
        cdef int first = min(frames, MAX_LATENCY - at)
        cdef int unknown = min(max(frames + delay - self.known, 0), frames)
        cdef int c
        for c in range(2):
            memcpy(out[c], self.past + c * MAX_LATENCY + at, first * sizeof(double))
            memcpy(out[c] + first, self.past + c * MAX_LATENCY, (frames - first) * sizeof(double))
            memset(out[c], 0, unknown * sizeof(double))

    cdef void run_stages(self, Order *order, int first, int last, sample_t **io, sample_t **delta, int frames, int64_t when) noexcept nogil:
        cdef int k
        for k in range(first, last):
            (<Stage>order.stage[k]).run(io, delta if k == self.listen else NULL, frames, when)

    cdef void run_both(self, sample_t **master, sample_t **mix, int frames, int64_t when) noexcept nogil:
        """The order before and the order after the swap, faded into each other; so is the mix at either latency."""
        cdef sample_t memory[4][CHUNK]
        cdef sample_t *old[2]
        cdef sample_t *old_mix[2]
        cdef int new = 1 - self.now
        cdef Order *before = &self.order[self.now]
        cdef Order *after = &self.order[new]
        cdef int ramp = min(frames, self.fade_left)
        cdef double *weight = self.fade + self.fade_frames - self.fade_left
        cdef int c
        self.run_stages(after, 0, after.shared, master, NULL, frames, when)
        for c in range(2):
            old[c], old_mix[c] = &memory[c][0], &memory[2 + c][0]
            memcpy(old[c], master[c], frames * sizeof(double))
        self.run_stages(before, after.shared, before.n, old, NULL, frames, when)
        self.run_stages(after, after.shared, after.n, master, NULL, frames, when)
        self.recall(old_mix, before.latency, frames)
        self.recall(mix, after.latency, frames)
        for c in range(2):
            blend_into(master[c], old[c], weight, ramp)
            blend_into(mix[c], old_mix[c], weight, ramp)
        self.fade_left -= ramp
        if self.fade_left == 0:
            self.now = new
            self.alone.store(new, memory_order_release)
