"""What every processor gets without writing it: parameters, aligned bypass and mix, placement, fault guard, checkpoints."""
from libc.math cimport INFINITY, exp, fmax
from libc.stdlib cimport free
from libc.string cimport memcpy, memset
from libcpp.atomic cimport atomic, memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.glide cimport GLIDE_MS, Glide, glide_jump, glide_step
from dsp_core.delay cimport delay_carry, delay_feed, delay_through
from dsp_core.level cimport finite_peak_fastest, mend
from dsp_core.memory cimport present
from dsp_core.param_ids.common cimport COMMON_BYPASS, COMMON_MIX, COMMON_PLACEMENT

from hashlib import blake2b

from dsp_core.param import UnknownParameter
from dsp_core.params import LABELS, params_of

cdef enum:
    ALIGN = 64                   # bytes; one cache line, and enough for any vector

cdef double RECOVER_MS = 5.0     # fade-in after a fault; tests/dsp_core/test_contract.py::test_nan_is_silenced_and_recovers


cdef class Stage:
    """A processor prepared for one sample rate. `values` maps parameter ids to values; the rest are defaults.

    Raises UnknownParameter for an unknown id, BadValue for a value out of range, ValueError for a rate outside 8 kHz to 384 kHz.
    """

    def __cinit__(self, *args, **kwargs):
        self.wanted = NULL
        self.gliding = NULL
        self.block = NULL

    def __dealloc__(self):
        free(self.wanted)
        free(self.gliding)
        free(self.block)

    def __init__(self, str kind, double rate, values=None):
        if not 8000 <= rate <= 384000:
            raise ValueError(f"{LABELS[kind]} cannot run at {rate:g} Hz; rates from 8 kHz to 384 kHz work")
        self.kind, self.rate = kind, rate
        table = params_of(kind)
        self.n_params = len(table)
        self.wanted = <atomic[double] *>present(self.n_params, sizeof(atomic[double]))
        self.gliding = <int *>present(self.n_params, sizeof(int))
        if self.wanted is NULL or self.gliding is NULL:
            raise MemoryError
        given = dict(values or {})
        for i, p in enumerate(table):
            self.wanted[i].store(p.check(given.pop(p.id, p.default)))
            if p.change == "glide":
                self.gliding[self.n_gliding] = i
                self.n_gliding += 1
        if given:
            raise UnknownParameter(f"{kind} has no {', '.join(map(repr, given))}; it has {', '.join(p.id for p in table)}")
        self._allocate(table)

    def _allocate(self, table):
        cdef size_t common_at, glide_at, dry_at
        self.placement = <int>self.fixed(COMMON_PLACEMENT)
        self.glide_pole = exp(-1e3 * TICK / (GLIDE_MS * self.rate))
        common_at, glide_at = self.need(sizeof(Common)), self.need(self.n_params * sizeof(Glide))
        self.prepare()
        self.latency_frames = self.latency()
        dry_at = self.need(2 * self.latency_frames * sizeof(double))
        self.block = <char *>present(self.block_bytes + ALIGN, 1)
        if self.block is NULL:
            raise MemoryError
        self.common = <Common *>(self.block + common_at)
        self.build = self._fingerprint(table)
        self.finite_peak = finite_peak_fastest()
        self.glide = <Glide *>(self.block + glide_at)
        self.dry = <double *>(self.block + dry_at)
        for i, p in enumerate(table):
            self.glide[i].logarithmic = p.law == "log"
        self.restart()

    def _fingerprint(self, table):
        fixed = [self.wanted[i].load() for i, p in enumerate(table) if p.change == "swap"]
        digest = blake2b(repr((self.kind, self.rate, fixed)).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "little")

    def set(self, int index, double value):
        """Ask for a parameter value; heard from the next control tick on. Any thread. Values are clamped by the caller's table."""
        p = params_of(self.kind)[index]
        value = p.check(value)
        if p.change == "swap" and value != self.wanted[index].load():
            raise ValueError(f"{LABELS[self.kind]}: {p.label} is fixed for a running stage; make a new one with {p.id}={value:g}")
        self.wanted[index].store(value, memory_order_relaxed)
        self.version.fetch_add(1, memory_order_release)

    def get(self, int index):
        """The wanted value of a parameter."""
        if not 0 <= index < self.n_params:
            raise IndexError(f"{self.kind} has {self.n_params} parameters, no number {index}")
        return self.wanted[index].load(memory_order_relaxed)

    def settle(self):
        """Control thread, when no value has moved for 50 ms: stages with costlier, more exact coefficients make them now.

        False where that has to wait a moment: call again. A stage that `moves_by_settling` follows a moved value by this alone.
        """
        return True

    def restart_now(self):
        """Forget the past: the same as a new instance with the same values."""
        self.restart()

    def run_block(self, double[:, ::1] io, long long when=0):
        """Process (2, frames) in place, the first frame at song time `when`. For tests and analysis, not for a live stage."""
        if io.shape[0] != 2:
            raise ValueError(f"a stage wants two planes, got {io.shape[0]}")
        cdef sample_t *planes[2]
        cdef Py_ssize_t done = 0, total = io.shape[1]
        cdef int n
        cdef unsigned long long before
        if total == 0:
            return
        with nogil:
            before = flush_denormals()
            while done < total:
                n = <int>min(total - done, <Py_ssize_t>CHUNK)
                planes[0], planes[1] = &io[0, done], &io[1, done]
                self.run(planes, NULL, n, when + done, INFINITY)
                done += n
            restore_denormals(before)

    def save(self):
        """The whole state as bytes."""
        return self.block[:self.block_bytes]

    def load(self, bytes state not None):
        """Continue from a saved state of an instance with the same kind, rate and fixed parameters."""
        if <size_t>len(state) != self.block_bytes or (<const Common *><const char *>state).build != self.build:
            raise ValueError(f"{LABELS[self.kind]}: the state comes from a stage with another kind, rate or fixed parameters; "
                             "make one with the same values")
        memcpy(self.block, <const char *>state, self.block_bytes)
        self.common.moving = max(1, self.common.moving)

    def take_from(self, Stage old not None):
        """Take over the memory of the instance this one replaces, as the engine does when it swaps chains."""
        self.inherit(old)

    def meters(self):
        """(in_peak, out_peak, reduction_db, faults, measure) since the last call, measure as it stands; peaks linear. Only while nothing runs the stage."""
        read = (self.common.in_peak, self.common.out_peak, self.common.reduction_db, self.common.faults, self.common.measure)
        self.common.in_peak = self.common.out_peak = self.common.reduction_db = 0.0
        return read

    cdef size_t need(self, size_t bytes):
        cdef size_t offset = self.block_bytes
        self.block_bytes = (offset + bytes + ALIGN - 1) // ALIGN * ALIGN
        return offset

    cdef double fixed(self, int index) noexcept nogil:
        return self.wanted[index].load(memory_order_relaxed)

    cdef int prepare(self) except -1:
        return 0

    cdef void reset(self) noexcept nogil:
        pass

    cdef void tick(self) noexcept nogil:
        pass

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        pass

    cdef int latency(self) noexcept nogil:
        return 0

    cdef int warm_up(self, Stage heir) except -1:
        """It takes over the sound in the delays of an instance with the same fixed values; that of another may mean something else."""
        return 0 if heir is not None and heir.build == self.build else self.latency_frames

    cdef void inherit(self, Stage old) noexcept nogil:
        """Same layout: everything. Else only the gliding parameters; the sound memory starts empty."""
        if old.block_bytes == self.block_bytes and old.latency_frames == self.latency_frames:
            memcpy(self.block, old.block, self.block_bytes)
        else:
            memcpy(self.glide, old.glide, self.n_params * sizeof(Glide))
            self.common.wet = self.common.wet_goal = old.common.wet_goal
            self.forget()
            self.take_dry(old)
        self.common.build = self.build
        # What its fixed values ask for is reached at the second tick, as a parabola is.
        self.common.moving = 2

    cdef void restart(self) noexcept nogil:
        cdef int i
        cdef uint32_t faults = self.common.faults
        memset(self.common, 0, sizeof(Common))
        self.common.build = self.build
        self.common.faults = faults
        self.common.seen = self.version.load(memory_order_acquire)
        for i in range(self.n_params):
            glide_jump(&self.glide[i], self.wanted[i].load(memory_order_relaxed))
        self.common.wet = self.common.wet_goal = self.wet_wanted()
        self.forget()

    cdef void forget(self) noexcept nogil:
        """Empty the stage's own memory and its dry delay; parameters stay where they are."""
        cdef char *own = <char *>self.glide + self.n_params * sizeof(Glide)
        memset(own, 0, self.block + self.block_bytes - own)
        self.reset()
        self.tick()

    cdef void take_dry(self, Stage old) noexcept nogil:
        """The input that an instance with another latency still holds."""
        cdef int c
        for c in range(2):
            delay_carry(self.dry + c * self.latency_frames, self.latency_frames,
                        old.dry + c * old.latency_frames, old.latency_frames, old.common.dry_at)
        self.common.dry_at = 0

    cdef double wet_wanted(self) noexcept nogil:
        return 0.01 * self.glide[COMMON_MIX].value * (1.0 - self.glide[COMMON_BYPASS].value)

    cdef double run(self, sample_t **io, sample_t **delta, int frames, int64_t when, double peak) noexcept nogil:
        """Process two planes of at most CHUNK frames in place; `when` is the song time of the first. Gives the largest magnitude.

        `delta`: NULL, or two planes that take what the stage adds to or takes from its aligned input. `peak`: the largest
        magnitude in `io` where the stage before has told it, else INFINITY.
        """
        cdef sample_t *part[2]
        cdef sample_t *part_of_delta[2]
        cdef sample_t **change = NULL
        cdef double top = 0.0
        cdef int done = 0, n, c
        if peak == INFINITY:
            peak = self.mend_input(io, frames)
        self.common.in_peak = fmax(self.common.in_peak, peak)
        while done < frames:
            self.when = when + done
            n = self.span(self.when, frames - done)
            for c in range(2):
                part[c] = io[c] + done
                if delta is not NULL:
                    part_of_delta[c] = delta[c] + done
                    change = part_of_delta
            top = fmax(top, self.run_span(part, change, n))
            done += n
        self.common.out_peak = fmax(self.common.out_peak, top)
        return top

    cdef double run_span(self, sample_t **io, sample_t **delta, int frames) noexcept nogil:
        """A span over which nothing looks at the parameters. The dry sound is fetched where it is heard."""
        cdef sample_t memory[2][CHUNK]
        cdef sample_t *dry[2]
        cdef Common *c = self.common
        cdef bint mixed = c.wet_left > 0 or c.wet != 1.0
        cdef sample_t **heard = NULL
        cdef double top
        cdef int i, k
        dry[0], dry[1] = &memory[0][0], &memory[1][0]
        if mixed or delta is not NULL or self.placement != STEREO:
            heard = dry
        self.delay_dry(io, heard, frames)
        self.place(io, dry, frames)
        top = self.guard(io, frames)
        if mixed:
            self.blend(io, dry, frames)
            top = self.finite_peak(io[0], io[1], frames)
        if delta is not NULL:
            for k in range(2):
                for i in range(frames):
                    delta[k][i] = io[k][i] - dry[k][i]
        return top

    cdef int span(self, int64_t when, int frames) noexcept nogil:
        """Frames until the parameters must be looked at again; looks at them on the grid."""
        cdef int to_grid = TICK - <int>(when & (TICK - 1))
        if to_grid == TICK:
            self.look()
        if self.common.moving or self.common.seen != self.version.load(memory_order_acquire):
            return min(to_grid, frames)
        return frames

    cdef void look(self) noexcept nogil:
        cdef uint32_t version = self.version.load(memory_order_acquire)
        cdef bint moved = False
        cdef int i, at
        if not self.common.moving and version == self.common.seen:
            return
        self.common.seen = version
        for i in range(self.n_gliding):
            at = self.gliding[i]
            moved |= glide_step(&self.glide[at], self.wanted[at].load(memory_order_relaxed), self.glide_pole)
        if self.common.wet_left == 0:
            self.common.wet = self.common.wet_goal
        self.common.wet_goal = self.wet_wanted()
        self.common.wet_left = TICK if self.common.wet_goal != self.common.wet else 0
        self.common.wet_step = (self.common.wet_goal - self.common.wet) / TICK
        # One more tick after arrival, so that ramps made by the last one can end.
        self.common.moving = 1 if moved else max(0, self.common.moving - 1)
        self.tick()

    cdef double mend_input(self, sample_t **io, int frames) noexcept nogil:
        """NaN and infinity become silence, and a count. Gives the largest magnitude."""
        cdef double peak = self.finite_peak(io[0], io[1], frames)
        if peak == INFINITY:
            mend(io[0], frames)
            mend(io[1], frames)
            self.common.faults += 1
            peak = self.finite_peak(io[0], io[1], frames)
        return peak

    cdef void delay_dry(self, sample_t **io, sample_t **dry, int frames) noexcept nogil:
        """The input into the delay and, unless `dry` is NULL, the aligned input out of it."""
        cdef double *line
        cdef int c, at = 0
        for c in range(2):
            line = self.dry + c * self.latency_frames
            if dry is NULL:
                at = delay_feed(line, self.latency_frames, self.common.dry_at, io[c], frames)
            else:
                at = delay_through(line, self.latency_frames, self.common.dry_at, io[c], dry[c], frames)
        self.common.dry_at = at

    cdef void place(self, sample_t **io, sample_t **dry, int frames) noexcept nogil:
        """Process the part of the stereo sound the stage is placed on.

        Mid and side are put back as a difference, so that an idle stage leaves the bits of both channels alone.
        """
        cdef sample_t one[CHUNK]
        cdef sample_t *plane = &one[0]
        cdef double sign = -1.0 if self.placement == SIDE else 1.0
        cdef double change
        cdef int i
        if self.placement == STEREO:
            self.process(io, 2, frames)
        elif self.placement == LEFT:
            self.process(io, 1, frames)
            memcpy(io[1], dry[1], frames * sizeof(double))
        elif self.placement == RIGHT:
            self.process(io + 1, 1, frames)
            memcpy(io[0], dry[0], frames * sizeof(double))
        else:
            for i in range(frames):
                one[i] = 0.5 * (io[0][i] + sign * io[1][i])
            self.process(&plane, 1, frames)
            for i in range(frames):
                change = one[i] - 0.5 * (dry[0][i] + sign * dry[1][i])
                io[0][i] = dry[0][i] + change
                io[1][i] = dry[1][i] + sign * change

    cdef void blend(self, sample_t **io, sample_t **dry, int frames) noexcept nogil:
        cdef Common *c = self.common
        cdef double wet = c.wet
        cdef int i = 0, k, ramp = min(frames, c.wet_left)
        for i in range(ramp):
            wet = c.wet_goal if i + 1 == c.wet_left else wet + c.wet_step
            for k in range(2):
                io[k][i] = dry[k][i] + wet * (io[k][i] - dry[k][i])
        c.wet = wet
        c.wet_left -= ramp
        if ramp == frames or wet == 1.0:
            return
        if wet == 0.0:
            for k in range(2):
                memcpy(io[k] + ramp, dry[k] + ramp, (frames - ramp) * sizeof(double))
            return
        for k in range(2):
            for i in range(ramp, frames):
                io[k][i] = dry[k][i] + wet * (io[k][i] - dry[k][i])

    cdef double guard(self, sample_t **io, int frames) noexcept nogil:
        """NaN and infinity become silence and a fresh start of this stage, with a fade-in and a count. Gives the largest magnitude."""
        cdef Common *c = self.common
        cdef double peak = self.finite_peak(io[0], io[1], frames)
        cdef int fade = <int>(RECOVER_MS * 1e-3 * self.rate)
        cdef int i, k
        if peak == INFINITY:
            for k in range(2):
                memset(io[k], 0, frames * sizeof(double))
            self.forget()
            c.faults += 1
            c.recover_left = fade
            return 0.0
        if c.recover_left > 0:
            for i in range(frames):
                for k in range(2):
                    io[k][i] *= 1.0 - <double>c.recover_left / fade
                if c.recover_left > 0:
                    c.recover_left -= 1
            peak = self.finite_peak(io[0], io[1], frames)
        return peak
