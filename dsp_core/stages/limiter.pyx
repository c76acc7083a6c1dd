"""True-peak look-ahead limiter: peaks are found at four times the rate or more, the gain acts at the rate itself.

Per frame: its true peak p -> the gain it needs, ceiling / p -> the lowest of the look-ahead and a hold, release, three moving
averages (dsp_core/reduction.pxd) -> gain. No sample can pass the ceiling, because its gain never exceeds what its own peak needs.
Nothing passes it between the samples either, where the sound ends below 0.465 of the rate: the smoothed gain is too slow to raise
new peaks, and a margin covers what the detector can miss.

The band-limit guard takes away, in front of all this, what lies where the detector can miss. A character is a way of sharing the
work between two releases (dsp_core/limiter_character.pxd).

Drive is applied on entry, so that detector, delay and gain see the same sound; each sample is held to the ceiling that stood when
its peak was found.
"""
cimport cython
from libc.math cimport fmax
from libc.stdint cimport int32_t, int64_t
from libc.string cimport memcpy

from dsp_core.band_guard cimport GUARD_DELAY, GUARD_PAST, BandGuard, guard_plan, guard_run
from dsp_core.delay cimport delay_carry, delay_through
from dsp_core.hold cimport Hold, hold
from dsp_core.level cimport PeakOf, peak_fastest
from dsp_core.limiter_character cimport Character, character_of
from dsp_core.meters.truepeak cimport TruePeak, cpu_level, truepeak_factor, truepeak_plan, truepeak_plan_short, truepeak_run
from dsp_core.moving cimport Moving, moving_aim, moving_arrive, moving_at, moving_stand, moving_stop
from dsp_core.param_ids.limiter cimport (
    LIMITER_AUTO_RELEASE, LIMITER_BAND_GUARD, LIMITER_CEILING, LIMITER_CHARACTER, LIMITER_GAIN, LIMITER_HOLD, LIMITER_LINK,
    LIMITER_LOOKAHEAD, LIMITER_RELEASE, LIMITER_RELEASE_LINK, LIMITER_TRANSIENT_LINK,
)
from dsp_core.reduction cimport (FULL, Reduction, ReductionPlan, ReductionRates, gather_highest, reduction_alike, reduction_ask_apart,
                                 reduction_continue, reduction_plan, reduction_rates_of, reduction_run_apart)
from dsp_core.stages.stage cimport CHUNK, TICK, Stage, group_phase, sample_t
from dsp_core.units cimport db_of_gain, frames_of_ms, gain_of_db

cdef double GUARDED_MARGIN_DB = 0.05     # behind the guard, which leaves the long detector little to miss
cdef double HASTE_DB = 300.0             # over look-ahead frames cubed: what a gain that moves within 24 frames or less adds
cdef double MOST_HASTE_DB = 0.6          # at its worst, over 2 frames at 8 kHz
cdef double UP = 1.0 - 2.0 ** -20        # added before the fraction of a step is cut off; FULL itself stays FULL

cdef enum:
    WARM_UP = 128                        # frames of the past that a detector of another length is shown


cdef struct Ramp:                # of a linear gain to its goal, frame by frame
    Moving course
    int left                     # frames to the next tick while it moves

cdef struct Memory:
    Ramp drive
    Ramp ceiling
    double release_link          # 0..1
    double transient_link
    int lanes                    # gains in use: 1 while both channels share one, 2 once they have not
    bint begun                   # groups lie on song time from the first frame on
    int phase                    # frames of the group that has begun
    float highest[2]             # peak over ceiling in it, per lane
    int delay_at                 # write position in the channels' delays
    int ceiling_at               # in the ceiling's
    int64_t clamped              # samples over the ceiling after all; stays 0
    ReductionRates rates


cdef inline void ramp_to(Ramp *r, double wish) noexcept nogil:
    """At a tick."""
    if r.left > 0:
        moving_stop(&r.course, TICK - r.left)
    r.left = TICK if moving_aim(&r.course, wish, TICK) else 0

cdef inline void ramp_fill(Ramp *r, double *out, int frames) noexcept nogil:
    """The next values of the ramp."""
    cdef int i, moving = min(r.left, frames)
    for i in range(moving):
        r.left -= 1
        out[i] = moving_at(&r.course, TICK - r.left)
    if moving > 0 and r.left == 0:
        moving_arrive(&r.course)
        out[moving - 1] = r.course.now
    for i in range(moving, frames):
        out[i] = r.course.now

cdef inline void drive(Ramp *r, sample_t **io, int channels, int frames) noexcept nogil:
    cdef double gain[CHUNK]
    cdef int c, i
    if r.left == 0 and r.course.now == 1.0:
        return
    ramp_fill(r, gain, frames)
    for c in range(channels):
        for i in range(frames):
            io[c][i] *= gain[i]

cdef inline void louder(float *left, const float *right, int frames) noexcept nogil:
    cdef int i
    for i in range(frames):
        left[i] = left[i] if left[i] > right[i] else right[i]

cdef inline void want(const float *own, const float *other, double link, int32_t *wanted, int groups) noexcept nogil:
    """Reduction for one lane, part of the way to what the louder of both needs."""
    cdef double mine, most
    cdef int k
    for k in range(groups):
        mine, most = FULL - FULL / own[k], FULL - FULL / other[k]
        mine = mine if mine > 0.0 else 0.0
        most = most if most > mine else mine
        wanted[k] = <int32_t>(link * most + (1.0 - link) * mine + UP)

cdef inline void clamp(sample_t *x, const double *ceiling, int frames) noexcept nogil:
    cdef int i
    for i in range(frames):
        x[i] = min(max(x[i], -ceiling[i]), ceiling[i])


@cython.final
cdef class Limiter(Stage):
    cdef Character character
    cdef BandGuard guard_filter
    cdef const Hold *hold
    cdef PeakOf peak_of
    cdef TruePeak detector
    cdef ReductionPlan plan
    cdef bint guarded
    cdef int delay_frames                # of the sound behind the guard
    cdef double margin                   # linear
    cdef size_t memory_at, guard_at, detector_at, reduction_at, delay_at, ceiling_at
    cdef size_t detector_bytes, reduction_bytes      # per channel

    @property
    def clamped(self):
        """Samples that the last safety had to cut since the start; anything but 0 is a fault of the limiter."""
        return self.memory().clamped

    cdef int prepare(self) except -1:
        character_of(&self.character, <int>self.fixed(LIMITER_CHARACTER))
        self.guarded = self.fixed(LIMITER_BAND_GUARD) > 0
        guard_plan(&self.guard_filter, cpu_level())
        self.hold, self.peak_of = hold(), peak_fastest()
        if self.guarded:
            self.character.short_detector, self.character.margin_db = False, GUARDED_MARGIN_DB
        if self.character.short_detector:
            truepeak_plan_short(&self.detector, truepeak_factor(self.rate), cpu_level())
        else:
            truepeak_plan(&self.detector, truepeak_factor(self.rate), cpu_level())
        lookahead_ms = min(self.fixed(LIMITER_LOOKAHEAD), self.character.most_lookahead_ms)
        reduction_plan(&self.plan, max(1, frames_of_ms(lookahead_ms, self.rate)), frames_of_ms(self.fixed(LIMITER_HOLD), self.rate),
                       frames_of_ms(self.character.manner.transient_hold_ms, self.rate))
        self.margin = gain_of_db(-self.character.margin_db - min(MOST_HASTE_DB, HASTE_DB / <double>self.plan.lookahead ** 3))
        self.delay_frames = self.detector.delay + self.plan.lookahead
        return self.lay_out()

    cdef int lay_out(self) except -1:
        self.detector_bytes = (self.detector.bytes + 63) // 64 * 64
        self.reduction_bytes = (self.plan.bytes + 63) // 64 * 64
        self.memory_at = self.need(sizeof(Memory))
        self.guard_at = self.need(2 * GUARD_PAST * sizeof(double)) if self.guarded else 0
        self.detector_at = self.need(2 * self.detector_bytes)
        self.reduction_at = self.need(2 * self.reduction_bytes)
        self.delay_at = self.need(2 * self.delay_frames * sizeof(double))
        self.ceiling_at = self.need(self.plan.lookahead * sizeof(double))
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef int i
        m.lanes = 1
        moving_stand(&m.drive.course, gain_of_db(self.glide[LIMITER_GAIN].value))
        moving_stand(&m.ceiling.course, gain_of_db(self.glide[LIMITER_CEILING].value))
        for i in range(self.plan.lookahead):
            self.ceilings()[i] = m.ceiling.course.now

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        ramp_to(&m.drive, gain_of_db(self.glide[LIMITER_GAIN].value))
        ramp_to(&m.ceiling, gain_of_db(self.glide[LIMITER_CEILING].value))
        reduction_rates_of(&m.rates, &self.character.manner, self.glide[LIMITER_RELEASE].value, self.glide[LIMITER_AUTO_RELEASE].value,
                           self.rate / self.plan.group)
        self.link()

    cdef void link(self) noexcept nogil:
        """Channels that once had gains of their own keep them, and so do releases: what is linked again finds together by itself."""
        cdef Memory *m = self.memory()
        cdef double both = 0.01 * self.glide[LIMITER_LINK].value
        cdef int c
        m.release_link = both * (0.01 * self.glide[LIMITER_RELEASE_LINK].value)
        m.transient_link = both * (0.01 * self.glide[LIMITER_TRANSIENT_LINK].value)
        if m.lanes == 1 and min(m.release_link, m.transient_link) < 1.0:
            m.lanes = 2
            m.highest[1] = m.highest[0]
            memcpy(self.reduction(1), self.reduction(0), self.reduction_bytes)
        if m.release_link != m.transient_link:
            for c in range(2):
                reduction_ask_apart(&self.plan, self.reduction(c))

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef float peak[2][CHUNK]
        cdef float highest[2][CHUNK]
        cdef int32_t wanted[CHUNK]
        cdef int32_t transient_wanted[CHUNK]
        cdef double reduced[2][CHUNK]
        cdef double ceiling[CHUNK]
        cdef int c, groups = 0, lanes = min(m.lanes, channels)
        if not m.begun:
            m.begun, m.phase = True, group_phase(self.when, self.plan.group)
        drive(&m.drive, io, channels, frames)
        ramp_fill(&m.ceiling, ceiling, frames)
        for c in range(channels):
            if self.guarded:
                guard_run(&self.guard_filter, self.past(c), io[c], frames)
            truepeak_run(&self.detector, self.ears(c), io[c], peak[c], frames)
        if lanes < channels:
            louder(peak[0], peak[1], frames)
        for c in range(lanes):
            self.hold.relate(peak[c], ceiling, self.margin, frames)
            groups = gather_highest(self.plan.group, m.phase, &m.highest[c], peak[c], highest[c], frames)
        for c in range(lanes):
            want(highest[c], highest[lanes - 1 - c], m.release_link, wanted, groups)
            if self.reduction(c).asked_apart:
                want(highest[c], highest[lanes - 1 - c], m.transient_link, transient_wanted, groups)
            reduction_run_apart(&self.plan, &m.rates, m.phase, self.reduction(c), wanted, transient_wanted, groups, reduced[c], frames)
            self.common.reduction_db = fmax(self.common.reduction_db, 0.0 - db_of_gain(1.0 - self.peak_of(reduced[c], frames)))
        m.phase = (m.phase + frames) % self.plan.group
        self.apply(io, reduced[0], reduced[lanes - 1], ceiling, channels, frames)

    cdef int latency(self) noexcept nogil:
        return self.delay_frames + (GUARD_DELAY if self.guarded else 0)

    cdef void inherit(self, Stage old) noexcept nogil:
        """With another latency or hold: the sound in the delays, the peaks, and a gain that goes on from where it stands."""
        Stage.inherit(self, old)
        if not (reduction_alike(&self.plan, &(<Limiter>old).plan) and self.same_ears(<Limiter>old)):
            self.forget()
            self.take_dry(old)
            self.go_on(<Limiter>old)

    cdef bint same_ears(self, Limiter old) noexcept nogil:
        """The peaks of both are found by the same detector behind the same guard."""
        return self.guarded == old.guarded and self.detector.delay == old.detector.delay

    cdef void go_on(self, Limiter old) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef Memory *past = old.memory()
        cdef int c
        m.drive, m.ceiling, m.lanes, m.clamped = past.drive, past.ceiling, past.lanes, past.clamped
        delay_carry(self.ceilings(), self.plan.lookahead, old.ceilings(), old.plan.lookahead, past.ceiling_at)
        if self.plan.group == old.plan.group:
            m.begun, m.phase = past.begun, past.phase
        for c in range(2):
            m.highest[c] = past.highest[c]
            reduction_continue(&self.plan, self.reduction(c), old.reduction(c))
            self.take_sound(old, c)

    cdef void take_sound(self, Limiter old, int c) noexcept nogil:
        """What the old one still holds of one channel, into guard, detector and delay."""
        cdef int i, late = GUARD_DELAY if self.guarded else 0
        cdef double heard[WARM_UP]
        cdef float peaks[WARM_UP]
        for i in range(self.delay_frames):
            self.delay(c)[i] = old.entered(c, self.delay_frames - i + late)
        for i in range(GUARD_PAST if self.guarded else 0):
            self.past(c)[i] = old.entered(c, GUARD_PAST - i)
        if self.same_ears(old):
            memcpy(self.ears(c), old.ears(c), self.detector_bytes)
            return
        for i in range(WARM_UP):
            heard[i] = old.entered(c, WARM_UP - i + late)
        truepeak_run(&self.detector, self.ears(c), heard, peaks, WARM_UP)

    cdef double entered(self, int c, int ago) noexcept nogil:
        """The frame that came in `ago` frames before the next one, with its drive; as the guard left it where only that is known.

        Beyond what is known it turns back, so that a detector meets no step there.
        """
        cdef int late = GUARD_DELAY if self.guarded else 0
        cdef int at
        ago = max(1, min(ago, 2 * (self.delay_frames + late) + 1 - ago))
        if self.guarded and ago <= GUARD_PAST:
            return self.past(c)[GUARD_PAST - ago]
        at = self.memory().delay_at - (ago - late)
        return self.delay(c)[at if at >= 0 else at + self.delay_frames]

    cdef void apply(self, sample_t **io, const double *first, const double *second, double *ceiling,
                    int channels, int frames) noexcept nogil:
        """Each channel, delayed, by its gain. Then the safety that never engages."""
        cdef Memory *m = self.memory()
        cdef double late[CHUNK]
        cdef double late_ceiling[CHUNK]
        cdef const double *reduced
        cdef int c, over, at = 0
        m.ceiling_at = delay_through(self.ceilings(), self.plan.lookahead, m.ceiling_at, ceiling, late_ceiling, frames)
        for c in range(channels):
            reduced = second if c else first
            at = delay_through(self.delay(c), self.delay_frames, m.delay_at, io[c], late, frames)
            over = self.hold.turn_down(late, reduced, late_ceiling, io[c], frames)
            if over > 0:
                clamp(io[c], late_ceiling, frames)
                m.clamped += over
        m.delay_at = at

    cdef Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef Reduction *reduction(self, int lane) noexcept nogil:
        return <Reduction *>(self.block + self.reduction_at + lane * self.reduction_bytes)

    cdef void *ears(self, int channel) noexcept nogil:
        return self.block + self.detector_at + channel * self.detector_bytes

    cdef double *past(self, int channel) noexcept nogil:
        return <double *>(self.block + self.guard_at) + channel * GUARD_PAST

    cdef double *delay(self, int channel) noexcept nogil:
        return <double *>(self.block + self.delay_at) + channel * self.delay_frames

    cdef double *ceilings(self) noexcept nogil:
        return <double *>(self.block + self.ceiling_at)
