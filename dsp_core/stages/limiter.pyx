"""True-peak look-ahead limiter: peaks are found at four times the rate or more, the gain acts at the rate itself.

Per frame: its true peak p -> the gain it needs, ceiling / p -> the lowest of the look-ahead and a hold, release, three moving
averages (dsp_core/reduction.pxd) -> gain. No sample can pass the ceiling, because its gain never exceeds what its own peak needs.
Nothing passes it between the samples either, where the sound ends below 0.465 of the rate: the smoothed gain is too slow to raise
new peaks, and a margin covers what the detector can miss.

Drive is applied on entry, so that detector, delay and gain see the same sound; each sample is held to the ceiling that stood when
its peak was found.
"""
cimport cython
from libc.math cimport fmax
from libc.stdint cimport int32_t, int64_t
from libc.string cimport memcpy

from dsp_core.delay cimport delay_carry, delay_through
from dsp_core.level cimport peak_of
from dsp_core.meters.truepeak cimport TruePeak, cpu_level, truepeak_factor, truepeak_plan, truepeak_run
from dsp_core.param_ids.limiter cimport (
    LIMITER_AUTO_RELEASE, LIMITER_CEILING, LIMITER_GAIN, LIMITER_HOLD, LIMITER_LINK, LIMITER_LOOKAHEAD, LIMITER_RELEASE,
)
from dsp_core.reduction cimport (FULL, Reduction, ReductionPlan, ReductionRates, gather_highest, reduction_alike,
                                 reduction_continue, reduction_plan, reduction_rates, reduction_run)
from dsp_core.stages.stage cimport CHUNK, TICK, Stage, sample_t
from dsp_core.units cimport db_of_gain, frames_of_ms, gain_of_db

cdef double MARGIN_DB = 0.05             # what the detector can miss up to 0.465 of the rate; tests/dsp_core/test_limiter.py
cdef double HASTE_DB = 300.0             # over look-ahead frames cubed: what a gain that moves within 24 frames or less adds
cdef double MOST_HASTE_DB = 0.6          # at its worst, over 2 frames at 8 kHz
cdef double UP = 1.0 - 2.0 ** -20        # added before the fraction of a step is cut off; FULL itself stays FULL
cdef double TRANSIENT_HOLD_MS = 2.0      # keeps the transient gain still within half a period of 140 Hz


cdef struct Ramp:                # of a linear gain to its goal, frame by frame
    double now
    double step
    double goal
    int left

cdef struct Memory:
    Ramp drive
    Ramp ceiling
    double link                  # 0..1
    int lanes                    # gains in use: 1 while both channels share one, 2 once they have not
    int phase                    # frames of the group that has begun
    float highest[2]             # peak over ceiling in it, per lane
    int delay_at                 # write position in the channels' delays
    int ceiling_at               # in the ceiling's
    int64_t clamped              # samples over the ceiling after all; stays 0
    ReductionRates rates


cdef inline void ramp_to(Ramp *r, double goal) noexcept nogil:
    r.goal = goal
    r.step = (goal - r.now) / TICK
    r.left = TICK if goal != r.now else 0

cdef inline void ramp_fill(Ramp *r, double *out, int frames) noexcept nogil:
    """The next values of the ramp."""
    cdef int i, moving = min(r.left, frames)
    for i in range(moving):
        r.now = r.goal if i + 1 == r.left else r.now + r.step
        out[i] = r.now
    r.left -= moving
    for i in range(moving, frames):
        out[i] = r.goal

cdef inline void drive(Ramp *r, sample_t **io, int channels, int frames) noexcept nogil:
    cdef double gain[CHUNK]
    cdef int c, i
    if r.left == 0 and r.goal == 1.0:
        return
    ramp_fill(r, gain, frames)
    for c in range(channels):
        for i in range(frames):
            io[c][i] *= gain[i]

cdef inline void louder(float *left, const float *right, int frames) noexcept nogil:
    cdef int i
    for i in range(frames):
        left[i] = left[i] if left[i] > right[i] else right[i]

cdef inline void relate(float *peak, const double *ceiling, double margin, int frames) noexcept nogil:
    """Peaks become peaks over what they may be."""
    cdef int i
    for i in range(frames):
        peak[i] /= <float>(ceiling[i] * margin)

cdef inline void want(const float *own, const float *other, double link, int32_t *wanted, int groups) noexcept nogil:
    """Reduction for one lane, part of the way to what the louder of both needs."""
    cdef double mine, most
    cdef int k
    for k in range(groups):
        mine, most = FULL - FULL / own[k], FULL - FULL / other[k]
        mine = mine if mine > 0.0 else 0.0
        most = most if most > mine else mine
        wanted[k] = <int32_t>(link * most + (1.0 - link) * mine + UP)

cdef inline int64_t clamp(sample_t *x, const double *ceiling, int frames) noexcept nogil:
    """Cut off what is over the ceiling; how many samples were."""
    cdef int64_t over = 0
    cdef int i
    for i in range(frames):
        over += x[i] > ceiling[i] or x[i] < -ceiling[i]
    if over:
        for i in range(frames):
            x[i] = min(max(x[i], -ceiling[i]), ceiling[i])
    return over


@cython.final
cdef class Limiter(Stage):
    cdef TruePeak detector
    cdef ReductionPlan plan
    cdef double margin                   # linear
    cdef size_t memory_at, detector_at, reduction_at, delay_at, ceiling_at
    cdef size_t detector_bytes, reduction_bytes      # per channel

    @property
    def clamped(self):
        """Samples that the last safety had to cut since the start; anything but 0 is a fault of the limiter."""
        return self.memory().clamped

    cdef int prepare(self) except -1:
        truepeak_plan(&self.detector, truepeak_factor(self.rate), cpu_level())
        reduction_plan(&self.plan, max(1, frames_of_ms(self.fixed(LIMITER_LOOKAHEAD), self.rate)),
                       frames_of_ms(self.fixed(LIMITER_HOLD), self.rate), frames_of_ms(TRANSIENT_HOLD_MS, self.rate))
        self.margin = gain_of_db(-MARGIN_DB - min(MOST_HASTE_DB, HASTE_DB / <double>self.plan.lookahead ** 3))
        self.detector_bytes = (self.detector.bytes + 63) // 64 * 64
        self.reduction_bytes = (self.plan.bytes + 63) // 64 * 64
        self.memory_at = self.need(sizeof(Memory))
        self.detector_at = self.need(2 * self.detector_bytes)
        self.reduction_at = self.need(2 * self.reduction_bytes)
        self.delay_at = self.need(2 * self.latency() * sizeof(double))
        self.ceiling_at = self.need(self.plan.lookahead * sizeof(double))
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef int i
        m.lanes = 1
        m.drive.now = gain_of_db(self.glide[LIMITER_GAIN].value)
        m.ceiling.now = gain_of_db(self.glide[LIMITER_CEILING].value)
        for i in range(self.plan.lookahead):
            self.ceilings()[i] = m.ceiling.now

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        ramp_to(&m.drive, gain_of_db(self.glide[LIMITER_GAIN].value))
        ramp_to(&m.ceiling, gain_of_db(self.glide[LIMITER_CEILING].value))
        reduction_rates(&m.rates, self.glide[LIMITER_RELEASE].value, self.glide[LIMITER_AUTO_RELEASE].value,
                        self.rate / self.plan.group)
        m.link = 0.01 * self.glide[LIMITER_LINK].value
        if m.link < 1.0 and m.lanes == 1:
            m.lanes = 2
            m.highest[1] = m.highest[0]
            memcpy(self.reduction(1), self.reduction(0), self.reduction_bytes)

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef float peak[2][CHUNK]
        cdef float highest[2][CHUNK]
        cdef int32_t wanted[CHUNK]
        cdef double reduced[2][CHUNK]
        cdef double ceiling[CHUNK]
        cdef int c, groups = 0, lanes = min(m.lanes, channels)
        drive(&m.drive, io, channels, frames)
        ramp_fill(&m.ceiling, ceiling, frames)
        for c in range(channels):
            truepeak_run(&self.detector, self.block + self.detector_at + c * self.detector_bytes, io[c], peak[c], frames)
        if lanes < channels:
            louder(peak[0], peak[1], frames)
        for c in range(lanes):
            relate(peak[c], ceiling, self.margin, frames)
            groups = gather_highest(self.plan.group, m.phase, &m.highest[c], peak[c], highest[c], frames)
        for c in range(lanes):
            want(highest[c], highest[lanes - 1 - c], m.link, wanted, groups)
            reduction_run(&self.plan, &m.rates, m.phase, self.reduction(c), wanted, groups, reduced[c], frames)
            self.common.reduction_db = fmax(self.common.reduction_db, 0.0 - db_of_gain(1.0 - peak_of(reduced[c], frames)))
        m.phase = (m.phase + frames) % self.plan.group
        self.apply(io, reduced[0], reduced[lanes - 1], ceiling, channels, frames)

    cdef int latency(self) noexcept nogil:
        return self.detector.delay + self.plan.lookahead

    cdef void inherit(self, Stage old) noexcept nogil:
        """With another look-ahead or hold: the sound in the delays, the peaks, and a gain that goes on from where it stands."""
        Stage.inherit(self, old)
        if not reduction_alike(&self.plan, &(<Limiter>old).plan):
            self.forget()
            self.take_dry(old)
            self.go_on(<Limiter>old)

    cdef void go_on(self, Limiter old) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef Memory *past = old.memory()
        cdef int c
        m.drive, m.ceiling, m.lanes, m.clamped = past.drive, past.ceiling, past.lanes, past.clamped
        delay_carry(self.ceilings(), self.plan.lookahead, old.ceilings(), old.plan.lookahead, past.ceiling_at)
        m.phase = past.phase % self.plan.group
        memcpy(self.block + self.detector_at, old.block + old.detector_at, 2 * self.detector_bytes)
        for c in range(2):
            m.highest[c] = past.highest[c]
            reduction_continue(&self.plan, self.reduction(c), old.reduction(c))
            delay_carry(self.delay(c), self.latency_frames, old.delay(c), old.latency_frames, past.delay_at)

    cdef void apply(self, sample_t **io, const double *first, const double *second, double *ceiling,
                    int channels, int frames) noexcept nogil:
        """Each channel, delayed, by its gain. Then the safety that never engages."""
        cdef Memory *m = self.memory()
        cdef double late[CHUNK]
        cdef double late_ceiling[CHUNK]
        cdef const double *reduced
        cdef int c, i, at = 0
        m.ceiling_at = delay_through(self.ceilings(), self.plan.lookahead, m.ceiling_at, ceiling, late_ceiling, frames)
        for c in range(channels):
            reduced = second if c else first
            at = delay_through(self.delay(c), self.latency_frames, m.delay_at, io[c], late, frames)
            for i in range(frames):
                io[c][i] = late[i] * (1.0 - reduced[i])
            m.clamped += clamp(io[c], late_ceiling, frames)
        m.delay_at = at

    cdef Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef Reduction *reduction(self, int lane) noexcept nogil:
        return <Reduction *>(self.block + self.reduction_at + lane * self.reduction_bytes)

    cdef double *delay(self, int channel) noexcept nogil:
        return <double *>(self.block + self.delay_at) + channel * self.latency_frames

    cdef double *ceilings(self) noexcept nogil:
        return <double *>(self.block + self.ceiling_at)
