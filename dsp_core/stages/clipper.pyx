"""Clipper: what is over the ceiling is cut off, hard or over a knee, oversampled and with antiderivative anti-aliasing.

Only what the curve takes away is made at the high rate and brought back (`kernels/oversample.h`); the sound itself goes by a plain
delay. So a sound that stays under the knee is untouched to the bit, and nothing but the cut is ever filtered. With minimum phase, for
the sake of latency, the sound makes the journey too: its phase is bent near half the rate, and no bit is left alone.

A cut sound whose highest harmonics are gone swings over the ceiling again, by up to 2.5 dB. To clip that at the base rate would
bring the aliases back, so the guard turns it down instead: a fast look-ahead gain for both channels (`reduction.pxd`), which no
sample can outrun. Without it the ceiling is where the curve lies, not where the sound ends.
"""
cimport cython
from libc.math cimport fabs, fmax
from libc.stdint cimport int32_t, int64_t
from libc.string cimport memcpy, memset

from dsp_core.clip cimport Clip, ClipShape, clip_kernel, clip_over
from dsp_core.delay cimport delay_carry, delay_through
from dsp_core.hold cimport Hold, hold
from dsp_core.level cimport PeakOf, peak_fastest
from dsp_core.moving cimport Moving, moving_aim, moving_at, settings_pass, settings_stand, settings_stop, stands_at
from dsp_core.oversample cimport (OS_DOWN, OS_FRAMES, OS_UP, Oversampler, oversampler_build, oversampler_down, oversampler_ground,
                                  oversampler_plan, oversampler_up)
from dsp_core.param_ids.clipper cimport CLIPPER_CEILING, CLIPPER_GAIN, CLIPPER_GUARD, CLIPPER_KNEE, CLIPPER_OVERSAMPLING, CLIPPER_PHASE
from dsp_core.reduction cimport (FULL, Reduction, ReductionPlan, ReductionRates, gather_highest, reduction_continue,
                                 reduction_plan, reduction_rates, reduction_run)
from dsp_core.stages.stage cimport CHUNK, TICK, Stage, group_phase, sample_t
from dsp_core.units cimport db_of_gain, frames_of_ms, gain_of_db, pole_of_ms

cdef double GUARD_LOOKAHEAD_MS = 0.75    # over which the guard's gain moves: softer than 1 kHz
cdef double GUARD_HOLD_MS = 25.0        # over a period of 40 Hz: a steady sound has a steady gain
cdef double GUARD_RELEASE_MS = 150.0
cdef double SHARE_MS = 300.0             # over which the share of the samples over the ceiling is averaged
cdef double SHARE_LEAST = 1e-6           # less is not shown as something
cdef double GUARD_UP = 1.0 - 2.0 ** -20  # added before the fraction of a step is cut off; FULL itself stays FULL


cdef struct Settings:            # of Moving alone
    Moving drive                 # linear
    Moving ceiling
    Moving knee                  # 0..1


cdef int SETTINGS = sizeof(Settings) // sizeof(Moving)

cdef enum:
    GROUP = 1024                 # frames between two figures of that share


cdef struct Share:
    int64_t hits                 # of the group so far
    int count                    # frames of it so far
    double mean                  # share of the samples, on the way to that of the last group
    bint known


cdef struct Memory:
    Settings settings
    int left                     # frames until the settings arrive
    int rest[2]                  # frames since anything was added, per channel
    int dry_at                   # write positions
    int ceiling_at
    int guarded_at
    int guarded_ceiling_at
    bint begun                   # the guard's groups lie on song time from the first frame on
    int phase                    # of them
    float highest
    ReductionRates rates
    Share over                   # of the samples over the ceiling
    int64_t clamped              # samples that the guard's last safety had to cut


@cython.final
cdef class Clipper(Stage):
    cdef Oversampler plan
    cdef Clip clip
    cdef const Hold *hold
    cdef PeakOf peak_of
    cdef bint guarded
    cdef double share_pole
    cdef ReductionPlan guard_plan
    cdef size_t memory_at, up_at, down_at, dry_at, ceiling_at, reduction_at, guarded_at, guarded_ceiling_at

    @property
    def clamped(self):
        """Samples that the guard's last safety had to cut since the start, by no more than a rounding error."""
        return self.memory().clamped

    cdef int prepare(self) except -1:
        cdef int factor = 1 << <int>self.fixed(CLIPPER_OVERSAMPLING)
        if oversampler_plan(&self.plan, factor, self.rate, self.fixed(CLIPPER_PHASE) > 0, oversampler_build()):
            raise ValueError(f"the clipper has no room to oversample {self.rate:g} Hz {factor} times; choose less")
        self.clip, self.hold, self.peak_of = clip_kernel(), hold(), peak_fastest()
        self.guarded = self.fixed(CLIPPER_GUARD) > 0
        self.share_pole = pole_of_ms(SHARE_MS / GROUP, self.rate)
        reduction_plan(&self.guard_plan, max(1, frames_of_ms(GUARD_LOOKAHEAD_MS, self.rate)) if self.guarded else 0,
                       frames_of_ms(GUARD_HOLD_MS, self.rate), frames_of_ms(GUARD_HOLD_MS, self.rate))
        self.memory_at = self.need(sizeof(Memory))
        self.up_at = self.need(2 * self.plan.up.kept * sizeof(double))
        self.down_at = self.need(2 * self.plan.down.kept * sizeof(double))
        self.dry_at = self.need(2 * self.plan.delay * sizeof(double))
        self.ceiling_at = self.need(self.plan.delay * sizeof(double))
        self.reduction_at = self.need(self.guard_plan.bytes)
        self.guarded_at = self.need(2 * self.guard_plan.lookahead * sizeof(double))
        self.guarded_ceiling_at = self.need(self.guard_plan.lookahead * sizeof(double))
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef int i
        self.aim(m)
        settings_stand(&m.settings, SETTINGS)
        for i in range(self.plan.delay):
            self.doubles(self.ceiling_at)[i] = m.settings.ceiling.now
        for i in range(self.guard_plan.lookahead):
            self.doubles(self.guarded_ceiling_at)[i] = m.settings.ceiling.now
        reduction_rates(&m.rates, GUARD_RELEASE_MS, 0.0, self.rate / self.guard_plan.group)

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        settings_stop(&m.settings, SETTINGS, m.left, TICK)
        m.left = TICK if self.aim(m) else 0

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef double *part[2]
        cdef int n, done = 0
        if not m.begun:
            m.begun, m.phase = True, group_phase(self.when, self.guard_plan.group)
        while done < frames:
            n = min(frames - done, <int>OS_FRAMES)
            n = min(n, m.left) if m.left > 0 else n
            n = min(n, <int>GROUP - m.over.count)
            part[0], part[1] = io[0] + done, io[channels - 1] + done
            self.run_part(part, channels, n)
            done += n
            m.left = settings_pass(&m.settings, SETTINGS, m.left, n)

    cdef int latency(self) noexcept nogil:
        return self.plan.delay + self.guard_plan.lookahead

    cdef int warm_up(self, Stage heir) except -1:
        """Filters of another kind ring for longer than they delay."""
        return 0 if heir is not None and heir.build == self.build else self.latency_frames + self.plan.tail

    cdef void inherit(self, Stage old) noexcept nogil:
        """With another oversampling, or the guard switched: the sound in the delays goes on, the filters start empty."""
        Stage.inherit(self, old)
        if (self.plan.factor != (<Clipper>old).plan.factor or self.plan.minimum != (<Clipper>old).plan.minimum
                or self.guarded != (<Clipper>old).guarded):
            self.forget()
            self.take_dry(old)
            self.go_on(<Clipper>old)

    cdef void go_on(self, Clipper old) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef Memory *past = old.memory()
        cdef int c
        m.settings, m.left = past.settings, past.left
        for c in range(2):
            delay_carry(self.line(self.dry_at, c, self.plan.delay), self.plan.delay,
                        old.line(old.dry_at, c, old.plan.delay), old.plan.delay, past.dry_at)
        delay_carry(self.doubles(self.ceiling_at), self.plan.delay, old.doubles(old.ceiling_at), old.plan.delay, past.ceiling_at)
        if self.guarded and old.guarded:
            m.begun, m.phase, m.highest = past.begun, past.phase, past.highest
            reduction_continue(&self.guard_plan, self.reduction(), old.reduction())
            for c in range(2):
                delay_carry(self.line(self.guarded_at, c, self.guard_plan.lookahead), self.guard_plan.lookahead,
                            old.line(old.guarded_at, c, old.guard_plan.lookahead), old.guard_plan.lookahead, past.guarded_at)
            delay_carry(self.doubles(self.guarded_ceiling_at), self.guard_plan.lookahead,
                        old.doubles(old.guarded_ceiling_at), old.guard_plan.lookahead, past.guarded_ceiling_at)

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef inline Reduction *reduction(self) noexcept nogil:
        return <Reduction *>(self.block + self.reduction_at)

    cdef inline double *doubles(self, size_t at) noexcept nogil:
        return <double *>(self.block + at)

    cdef inline double *line(self, size_t at, int channel, size_t size) noexcept nogil:
        return <double *>(self.block + at) + channel * size

    cdef bint aim(self, Memory *m) noexcept nogil:
        """Send the settings to where the parameters want them. True if any moves."""
        cdef Settings *s = &m.settings
        cdef bint moves = moving_aim(&s.drive, gain_of_db(self.glide[CLIPPER_GAIN].value), TICK)
        moves |= moving_aim(&s.ceiling, gain_of_db(self.glide[CLIPPER_CEILING].value), TICK)
        return moves | moving_aim(&s.knee, 0.01 * self.glide[CLIPPER_KNEE].value, TICK)

    cdef void run_part(self, double **io, int channels, int frames) noexcept nogil:
        """At most OS_FRAMES frames over which the settings either stand or move, in place."""
        cdef Memory *m = self.memory()
        cdef ClipShape shape
        cdef double late[OS_FRAMES]
        cdef double added[OS_FRAMES]
        cdef double eaten_db = 0.0
        cdef int c, i, at = 0
        self.fill(m, &shape, frames)
        for c in range(channels):
            self.drive(m, io[c], frames)
            m.over.hits += self.hold.count_over(io[c], shape.ceiling, frames)
            eaten_db = fmax(eaten_db, self.cut(m, &shape, c, io[c], added, frames))
            at = delay_through(self.line(self.dry_at, c, self.plan.delay), self.plan.delay, m.dry_at, io[c], late, frames)
            if self.plan.minimum:
                memcpy(io[c], added, frames * sizeof(double))
            else:
                for i in range(frames):
                    io[c][i] = late[i] + added[i]
        m.dry_at = at
        if self.guarded:
            eaten_db += self.hold_down(m, shape.ceiling, io, channels, frames)
        self.common.reduction_db = fmax(self.common.reduction_db, eaten_db)
        m.over.count += frames
        if m.over.count == GROUP:
            self.tell_share(m, channels)

    cdef void tell_share(self, Memory *m, int channels) noexcept nogil:
        cdef double now = <double>m.over.hits / (GROUP * channels)
        m.over.mean += (now - m.over.mean) * (1.0 - self.share_pole if m.over.known else 1.0)
        m.over.hits, m.over.count, m.over.known = 0, 0, True
        self.common.measure = m.over.mean if m.over.mean > SHARE_LEAST else 0.0

    cdef void fill(self, const Memory *m, ClipShape *shape, int frames) noexcept nogil:
        cdef const Settings *s = &m.settings
        cdef int i, at = TICK - m.left, different = frames if m.left > 0 else 1
        cdef double k
        for i in range(different):
            k = at + i + 1 if m.left > 0 else 0
            shape.ceiling[i], shape.knee[i] = moving_at(&s.ceiling, k), fmax(moving_at(&s.knee, k), 0.0)
            shape.per_ceiling[i], shape.per_knee[i] = 1.0 / shape.ceiling[i], 1.0 / fmax(shape.knee[i], 1e-9)
        for i in range(different, frames):
            shape.ceiling[i], shape.knee[i] = shape.ceiling[0], shape.knee[0]
            shape.per_ceiling[i], shape.per_knee[i] = shape.per_ceiling[0], shape.per_knee[0]
        shape.hard = stands_at(&s.knee, 0.0)

    cdef inline void drive(self, const Memory *m, double *x, int frames) noexcept nogil:
        cdef const Moving *gain = &m.settings.drive
        cdef int i, at = TICK - m.left
        if stands_at(gain, 1.0):
            return
        if m.left == 0:
            for i in range(frames):
                x[i] *= gain.now
            return
        for i in range(frames):
            x[i] *= moving_at(gain, at + i + 1)

    cdef double cut(self, Memory *m, const ClipShape *shape, int channel, const double *x, double *added, int frames) noexcept nogil:
        """What the curve adds to the frames `plan.delay` ago; gives the dB that the highest point loses."""
        cdef double up[OS_UP]
        cdef double down[OS_DOWN]
        cdef double *kept = self.line(self.down_at, channel, self.plan.down.kept)
        cdef double top, least
        cdef bint bent
        cdef int k, i
        oversampler_up(&self.plan, self.line(self.up_at, channel, self.plan.up.kept), x, up, frames)
        top = fabs(up[self.plan.point[0]])
        for k in range(self.plan.factor):
            top = fmax(top, self.peak_of(up + self.plan.point[k + 1], frames))
        least = shape.ceiling[0] * (1.0 - 0.5 * shape.knee[0])
        for i in range(1, frames if m.left > 0 else 1):
            least = min(least, shape.ceiling[i] * (1.0 - 0.5 * shape.knee[i]))
        bent = top > 0.999 * least
        if not bent and m.rest[channel] >= self.plan.tail and not self.plan.minimum:
            memset(added, 0, frames * sizeof(double))
            return 0.0
        m.rest[channel] = 0 if bent else min(m.rest[channel] + frames, self.plan.tail)
        oversampler_ground(&self.plan, kept, up, down, frames)
        for k in range(self.plan.factor):
            self.clip.run(shape, up + self.plan.point[k], up + self.plan.point[k + 1], down + self.plan.bent[k], frames)
        oversampler_down(&self.plan, kept, down, added, frames)
        top *= shape.per_ceiling[0]
        return -db_of_gain((top - clip_over(top, shape.knee[0], shape.per_knee[0])) / top) if top > 1e-9 else 0.0

    cdef double hold_down(self, Memory *m, const double *ceiling, double **io, int channels, int frames) noexcept nogil:
        """The guard: what swings over the ceiling again is turned down, both channels alike. Gives its reduction in dB."""
        cdef double late_ceiling[OS_FRAMES]
        cdef double late[OS_FRAMES]
        cdef double reduced[CHUNK]
        cdef float peak[OS_FRAMES]
        cdef float highest[OS_FRAMES]
        cdef int32_t wanted[OS_FRAMES]
        cdef int c, k, over, groups, at = 0, size = self.guard_plan.lookahead
        m.ceiling_at = delay_through(self.doubles(self.ceiling_at), self.plan.delay, m.ceiling_at, ceiling, late_ceiling, frames)
        self.hold.over_ceiling(io[0], io[channels - 1], late_ceiling, peak, frames)
        groups = gather_highest(self.guard_plan.group, m.phase, &m.highest, peak, highest, frames)
        for k in range(groups):
            wanted[k] = <int32_t>(fmax(FULL - FULL / highest[k], 0.0) + GUARD_UP) if highest[k] > 1.0 else 0
        reduction_run(&self.guard_plan, &m.rates, m.phase, self.reduction(), wanted, groups, reduced, frames)
        m.phase = (m.phase + frames) % self.guard_plan.group
        memcpy(late, late_ceiling, frames * sizeof(double))
        m.guarded_ceiling_at = delay_through(self.doubles(self.guarded_ceiling_at), size, m.guarded_ceiling_at, late, late_ceiling, frames)
        for c in range(channels):
            at = delay_through(self.line(self.guarded_at, c, size), size, m.guarded_at, io[c], late, frames)
            over = self.hold.turn_down(late, reduced, late_ceiling, io[c], frames)
            if over > 0:
                clamp(io[c], late_ceiling, frames)
                m.clamped += over
        m.guarded_at = at
        return 0.0 - db_of_gain(1.0 - self.peak_of(reduced, frames))


cdef inline void clamp(double *x, const double *ceiling, int frames) noexcept nogil:
    cdef int i
    for i in range(frames):
        x[i] = min(max(x[i], -ceiling[i]), ceiling[i])
