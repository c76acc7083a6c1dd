"""Mastering compressor: feed-forward, in the log domain, the detector on the gain reduction in dB.

Gain computer and detector: Giannoulis, Massberg, Reiss, JAES 60(6), 2012 (`gain_computer.pxd`, `ballistics.pxd`).
Peak detection reads a sine at its peak, RMS detection at its power, 3.01 dB lower.
"""
cimport cython
from libc.math cimport exp, fmax, sqrt
from libc.string cimport memcmp, memcpy, memset

from dsp_core.ballistics cimport Ballistics, Reduction, ballistics_of, move_one, move_two
from dsp_core.delay cimport delay_through
from dsp_core.detector cimport Section, SectionMemory, high_pass, high_pass_sections, running_power
from dsp_core.fastmath cimport DB_PER_OCTAVE
from dsp_core.gain_computer cimport Curve, GainComputer, gain_computer, static_reduction_db
from dsp_core.param_ids cimport (
    COMPRESSOR_ATTACK, COMPRESSOR_AUTO_MAKEUP, COMPRESSOR_AUTO_RELEASE, COMPRESSOR_DETECTOR, COMPRESSOR_DETECTOR_LOW_CUT,
    COMPRESSOR_DETECTOR_SLOPE, COMPRESSOR_KNEE, COMPRESSOR_LINK, COMPRESSOR_LOOKAHEAD, COMPRESSOR_MAKEUP, COMPRESSOR_RATIO,
    COMPRESSOR_RELEASE, COMPRESSOR_RMS_WINDOW, COMPRESSOR_THRESHOLD,
)
from dsp_core.stages.stage cimport CHUNK, TICK, Stage, sample_t
from dsp_core.units cimport DB_PER_NEPER, frames_of_ms, pole_of_ms

from dsp_core.param import UnknownParameter
from dsp_core.params import params_of

cdef double FILTER_FADE_MS = 10.0        # the detector's low cut comes in and goes over this time
cdef double AUTO_MAKEUP_SHARE = 0.5      # of the reduction a full-scale signal would get
cdef double TO_INFINITY = 0.99           # from this share of the highest ratio on, 1 / ratio runs to 0


cdef struct Settings:            # doubles only, moved together: at the last tick, per frame, at the next
    Curve curve
    Section section[2]


cdef struct Memory:
    Settings now
    Settings step
    Settings goal
    int left                     # frames until the goal
    double attack_ms             # what the ballistics were made for
    double release_ms
    Ballistics ballistics
    Reduction reduction[2]
    double power_pole
    double power[2]
    SectionMemory filter[2][2]   # [channel][section]
    bint filter_on
    int fade_left                # frames until the filter is fully in, or out
    int line_at


cdef double slope_of_ratio(double ratio, double highest) noexcept nogil:
    """1 - 1 / ratio; the highest ratio is infinite, reached without a step over its last percent."""
    cdef double near = TO_INFINITY * highest
    if ratio <= near:
        return 1.0 - 1.0 / ratio
    return 1.0 - (highest - ratio) / (highest - near) / near


cdef Curve curve_of(double threshold_db, double ratio, double highest_ratio, double knee_db, double link_percent, double makeup_db,
                    double auto_makeup) noexcept nogil:
    cdef Curve c
    c.threshold_db, c.knee_db, c.link = threshold_db, knee_db, 0.01 * link_percent
    c.slope = slope_of_ratio(ratio, highest_ratio)
    c.makeup_db = makeup_db + auto_makeup * AUTO_MAKEUP_SHARE * static_reduction_db(&c, 0.0)
    return c


cdef double level_db_for(const Curve *c, double reduction_db) noexcept nogil:
    """The steady level that gets a reduction > 0: the static curve backwards."""
    cdef double bent = reduction_db / c.slope
    if bent >= 0.5 * c.knee_db:
        return c.threshold_db + bent
    return c.threshold_db - 0.5 * c.knee_db + sqrt(2.0 * c.knee_db * bent)


cdef void join_stages(Reduction *r) noexcept nogil:
    """The reduction in force in every part of the memory, so that release can change between set and automatic."""
    r.soft = fmax(r.soft, r.slow)
    r.held = fmax(r.held, r.soft)
    r.slow = r.soft


cdef void keep_newest(const double *old, int old_frames, int at, double *new, int new_frames) noexcept nogil:
    """What a delay of another length still holds, so that a new look-ahead does not begin with silence."""
    cdef int i
    for i in range(1, min(old_frames, new_frames) + 1):
        new[new_frames - i] = old[(at + old_frames - i) % old_frames]


@cython.final
cdef class Compressor(Stage):
    cdef size_t memory_at
    cdef size_t line_at
    cdef int delay_frames
    cdef int fade_frames
    cdef bint auto_release
    cdef bint rms
    cdef bint steep
    cdef double filter_off_hz    # the lowest low cut is none
    cdef double highest_ratio    # stands for infinity
    cdef const GainComputer *computer

    cdef int prepare(self) except -1:
        table = params_of(self.kind)
        self.filter_off_hz = table[COMPRESSOR_DETECTOR_LOW_CUT].low
        self.highest_ratio = table[COMPRESSOR_RATIO].high
        self.auto_release = self.fixed(COMPRESSOR_AUTO_RELEASE) > 0
        self.rms = self.fixed(COMPRESSOR_DETECTOR) > 0
        self.steep = self.fixed(COMPRESSOR_DETECTOR_SLOPE) > 0
        self.delay_frames = frames_of_ms(self.fixed(COMPRESSOR_LOOKAHEAD), self.rate)
        self.fade_frames = frames_of_ms(FILTER_FADE_MS, self.rate)
        self.computer = gain_computer()
        self.memory_at = self.need(sizeof(Memory))
        self.line_at = self.need(2 * self.delay_frames * sizeof(double))
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = self.memory()
        m.goal = self.wanted_settings()
        m.filter_on = self.glide[COMPRESSOR_DETECTOR_LOW_CUT].value > self.filter_off_hz

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef bint on = self.glide[COMPRESSOR_DETECTOR_LOW_CUT].value > self.filter_off_hz
        self.aim(m)
        m.power_pole = pole_of_ms(self.glide[COMPRESSOR_RMS_WINDOW].value, self.rate)
        if on != m.filter_on:
            m.filter_on = on
            m.fade_left = self.fade_frames - m.fade_left
        if m.attack_ms != self.glide[COMPRESSOR_ATTACK].value or m.release_ms != self.glide[COMPRESSOR_RELEASE].value:
            m.attack_ms, m.release_ms = self.glide[COMPRESSOR_ATTACK].value, self.glide[COMPRESSOR_RELEASE].value
            m.ballistics = ballistics_of(m.attack_ms, m.release_ms, self.auto_release, self.rate)

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef int moving = min(m.left, frames)
        cdef sample_t *rest[2]
        if moving > 0:
            self.compress(io, channels, moving, &m.now, &m.step)
            m.left -= moving
        if moving < frames:
            rest[0] = io[0] + moving
            rest[1] = io[channels - 1] + moving
            self.compress(rest, channels, frames - moving, &m.goal, NULL)

    cdef int latency(self) noexcept nogil:
        return self.delay_frames

    cdef void inherit(self, Stage old) noexcept nogil:
        """Everything that is heard goes on, whichever fixed parameter has changed."""
        cdef Memory *m = self.memory()
        cdef bint same_delay = (<Compressor>old).delay_frames == self.delay_frames
        Stage.inherit(self, old)
        memcpy(m, (<Compressor>old).memory(), sizeof(Memory))
        if not same_delay:
            self.take_sound(<Compressor>old)
        if self.auto_release != (<Compressor>old).auto_release:
            m.attack_ms = 0.0            # makes the next tick renew the ballistics
            join_stages(&m.reduction[0])
            join_stages(&m.reduction[1])
        if self.steep != (<Compressor>old).steep:
            memset(m.filter, 0, sizeof(m.filter))
        if self.rms and not (<Compressor>old).rms:
            self.guess_power(m)

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef Settings wanted_settings(self) noexcept nogil:
        cdef Settings s
        s.curve = curve_of(self.glide[COMPRESSOR_THRESHOLD].value, self.glide[COMPRESSOR_RATIO].value, self.highest_ratio,
                           self.glide[COMPRESSOR_KNEE].value, self.glide[COMPRESSOR_LINK].value, self.glide[COMPRESSOR_MAKEUP].value,
                           self.glide[COMPRESSOR_AUTO_MAKEUP].value)
        high_pass_sections(s.section, self.glide[COMPRESSOR_DETECTOR_LOW_CUT].value, self.steep, self.rate)
        return s

    cdef void aim(self, Memory *m) noexcept nogil:
        """From where the settings are to where the parameters want them, in TICK frames."""
        cdef Settings wanted = self.wanted_settings()
        cdef double *to = <double *>&wanted
        cdef double *now = <double *>&m.now
        cdef double *step = <double *>&m.step
        cdef double *goal = <double *>&m.goal
        cdef bint moves = False
        cdef int i
        for i in range(<int>(sizeof(Settings) // sizeof(double))):
            now[i] = goal[i] if m.left == 0 else now[i] + (TICK - m.left) * step[i]
            goal[i] = to[i]
            step[i] = (goal[i] - now[i]) / TICK
            moves |= goal[i] != now[i]
        m.left = TICK if moves else 0

    cdef void compress(self, sample_t **io, int channels, int frames, const Settings *now, const Settings *step) noexcept nogil:
        """A span over which the settings stand (`step` is NULL) or move evenly; in place."""
        cdef Memory *m = self.memory()
        cdef const Curve *curve = &now.curve
        cdef const Curve *curve_step = NULL
        cdef bint linked = channels == 2 and curve.link == 1.0 and (step is NULL or step.curve.link == 0.0)
        cdef double db_per_octave = 0.5 * DB_PER_OCTAVE if self.rms else DB_PER_OCTAVE
        cdef sample_t side[2][CHUNK]
        cdef double gain[2][CHUNK]
        cdef const sample_t *heard[2]
        cdef int c, at = TICK - m.left, lanes = 1 if linked else channels
        heard[0], heard[1] = io[0], io[channels - 1]
        if step is not NULL:
            curve_step = &step.curve
        if m.filter_on or m.fade_left > 0:
            self.filter(m, heard, side[0], side[1], frames, now, step)
            heard[0], heard[1] = side[0], side[1]
        if self.rms:
            running_power(m.power_pole, m.power, heard[0], heard[1], side[0], side[1], frames)
            heard[0], heard[1] = side[0], side[1]
        if linked:
            self.computer.larger(heard[0], heard[1], frames, side[0])
            heard[0] = side[0]
        for c in range(lanes):
            self.computer.reductions(heard[c], frames, db_per_octave, curve, curve_step, at, gain[c])
        if lanes == 2:
            self.computer.link(gain[0], gain[1], frames, curve, curve_step, at)
        lanes = self.move(m, gain[0], gain[1], frames, channels, linked)
        for c in range(lanes):
            self.computer.gains(gain[c], frames, curve, curve_step, at)
        for c in range(channels):
            self.apply(m, c, io[c], gain[min(c, lanes - 1)], frames)
        m.line_at = (m.line_at + frames) % self.delay_frames if self.delay_frames > 0 else 0

    cdef void filter(self, Memory *m, const sample_t **heard, sample_t *left, sample_t *right, int frames,
                     const Settings *now, const Settings *step) noexcept nogil:
        """The detector's low cut; while it fades in or out, partly the sound as it is."""
        cdef int i, fading = min(m.fade_left, frames)
        cdef double share
        cdef const Section *section_step = NULL
        if step is not NULL:
            section_step = &step.section[0]
        high_pass(now.section, section_step, TICK - m.left, self.steep, m.filter, heard[0], heard[1], left, right, frames)
        for i in range(frames if not m.filter_on else fading):
            share = <double>max(m.fade_left - 1 - i, 0) / self.fade_frames
            share = 1.0 - share if m.filter_on else share
            left[i] = heard[0][i] + share * (left[i] - heard[0][i])
            right[i] = heard[1][i] + share * (right[i] - heard[1][i])
        m.fade_left -= fading
        if m.fade_left == 0 and not m.filter_on:
            memset(m.filter, 0, sizeof(m.filter))

    cdef int move(self, Memory *m, double *left_db, double *right_db, int frames, int channels, bint linked) noexcept nogil:
        """Wanted reductions in, reductions out. Gives how many there are: 1 for two channels whose past is the same as well."""
        cdef double most
        cdef int lanes = channels
        if linked and memcmp(&m.reduction[0], &m.reduction[1], sizeof(Reduction)) == 0:
            lanes = 1
        elif linked:
            memcpy(right_db, left_db, frames * sizeof(double))
        if lanes == 1:
            most = move_one(&m.ballistics, self.auto_release, m.reduction, left_db, frames)
            m.reduction[1] = m.reduction[0]
        else:
            most = move_two(&m.ballistics, self.auto_release, m.reduction, left_db, right_db, frames)
        self.common.reduction_db = fmax(self.common.reduction_db, most)
        return lanes

    cdef void apply(self, Memory *m, int channel, sample_t *io, const double *gain, int frames) noexcept nogil:
        cdef sample_t late[CHUNK]
        cdef const sample_t *sound = io
        cdef int i
        if self.delay_frames > 0:
            delay_through(self.line(channel), self.delay_frames, m.line_at, io, late, frames)
            sound = late
        for i in range(frames):
            io[i] = sound[i] * gain[i]

    cdef inline double *line(self, int channel) noexcept nogil:
        return <double *>(self.block + self.line_at) + channel * self.delay_frames

    cdef void take_sound(self, Compressor old) noexcept nogil:
        """The delays of sound and of dry sound, from an instance with another look-ahead."""
        cdef Memory *m = self.memory()
        cdef int c
        for c in range(2):
            keep_newest(old.line(c), old.delay_frames, m.line_at, self.line(c), self.delay_frames)
            keep_newest(old.dry + c * old.latency_frames, old.latency_frames, old.common.dry_at,
                        self.dry + c * self.latency_frames, self.latency_frames)
        m.line_at = 0

    cdef void guess_power(self, Memory *m) noexcept nogil:
        """RMS detection begins at the power that asks for the reduction in force."""
        cdef int c
        for c in range(2):
            if m.reduction[c].soft > 0.0 and m.goal.curve.slope > 0.0:
                m.power[c] = exp(level_db_for(&m.goal.curve, m.reduction[c].soft) / (0.5 * DB_PER_NEPER))


def static_curve_db(values, levels_db):
    """Steady output levels in dB for steady input levels, as a list: what the window draws.

    `values` maps parameter ids to values, the rest are defaults; make-up is included. `levels_db` is any sequence of numbers,
    in the terms of the chosen detector: a sine's peak for Peak, 3.01 dB less for RMS. Raises UnknownParameter or BadValue.
    """
    cdef Curve curve
    cdef double level_db
    table = params_of("compressor")
    given = dict(values)
    value = [p.check(given.pop(p.id, p.default)) for p in table]
    if given:
        raise UnknownParameter(f"compressor has no {', '.join(map(repr, given))}; it has {', '.join(p.id for p in table)}")
    curve = curve_of(value[COMPRESSOR_THRESHOLD], value[COMPRESSOR_RATIO], table[COMPRESSOR_RATIO].high, value[COMPRESSOR_KNEE],
                     value[COMPRESSOR_LINK], value[COMPRESSOR_MAKEUP], value[COMPRESSOR_AUTO_MAKEUP])
    levels = []
    for level_db in levels_db:
        levels.append(level_db - static_reduction_db(&curve, level_db) + curve.makeup_db)
    return levels
