"""Mastering compressor: feed-forward, in the log domain, the detector on the gain reduction in dB.

Gain computer and detector: Giannoulis, Massberg, Reiss, JAES 60(6), 2012 (`gain_computer.pxd`, `ballistics.pxd`).
Peak detection reads a sine at its peak, RMS detection at its power, 3.01 dB lower.
"""
cimport cython
from libc.math cimport exp, fmax, sqrt
from libc.string cimport memcmp, memcpy, memset

from dsp_core.ballistics cimport Ballistics, Reduction, ballistics_of, join_parts, move_one, move_two
from dsp_core.delay cimport delay_through
from dsp_core.detector cimport MovingSection, SectionMemory, high_pass, running_power, section_aim, section_of_order
from dsp_core.fastmath cimport DB_PER_OCTAVE
from dsp_core.gain_computer cimport Curve, GainComputer, gain_computer, level_db_for, slope_of_ratio, static_reduction_db
from dsp_core.level cimport peak_of
from dsp_core.moving cimport Moving, moving_aim, moving_arrive, moving_stand, moving_stop, stands_at
from dsp_core.param_ids.compressor cimport (
    COMPRESSOR_ATTACK, COMPRESSOR_AUTO_MAKEUP, COMPRESSOR_AUTO_RELEASE, COMPRESSOR_DETECTOR, COMPRESSOR_DETECTOR_LOW_CUT,
    COMPRESSOR_DETECTOR_SLOPE, COMPRESSOR_KNEE, COMPRESSOR_LINK, COMPRESSOR_LOOKAHEAD, COMPRESSOR_MAKEUP, COMPRESSOR_RATIO,
    COMPRESSOR_RELEASE, COMPRESSOR_RMS_WINDOW, COMPRESSOR_THRESHOLD,
)
from dsp_core.stages.stage cimport CHUNK, MID, RIGHT, SIDE, TICK, Stage, sample_t
from dsp_core.units cimport DB_PER_NEPER, frames_of_ms, pole_of_ms

from dsp_core.param import UnknownParameter
from dsp_core.params import params_of

cdef double FILTER_FADE_MS = 10.0        # the detector's low cut comes in and goes over this time
cdef double AUTO_MAKEUP_SHARE = 0.5      # of the reduction a full-scale signal would get


cdef struct Settings:            # of Moving alone
    Curve curve
    MovingSection section[2]


cdef int SETTINGS = sizeof(Settings) // sizeof(Moving)


cdef struct Memory:
    Settings settings
    int left                     # frames until the settings arrive
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


cdef double makeup_of(double makeup_db, double auto_makeup, double threshold_db, double knee_db, double slope) noexcept nogil:
    return makeup_db + auto_makeup * AUTO_MAKEUP_SHARE * static_reduction_db(0.0, threshold_db, knee_db, slope)


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
        cdef Moving *each = <Moving *>&m.settings
        cdef int i
        self.aim(m)
        for i in range(SETTINGS):
            moving_stand(&each[i], each[i].wish)
        m.filter_on = self.filter_wanted()

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef Moving *each = <Moving *>&m.settings
        cdef int i
        for i in range(SETTINGS if m.left > 0 else 0):
            moving_stop(&each[i], TICK - m.left)
        m.left = TICK if self.aim(m) else 0
        m.power_pole = pole_of_ms(self.glide[COMPRESSOR_RMS_WINDOW].value, self.rate)
        if m.filter_on != self.filter_wanted():
            m.filter_on = not m.filter_on
            m.fade_left = self.fade_frames - m.fade_left
        if m.attack_ms != self.glide[COMPRESSOR_ATTACK].value or m.release_ms != self.glide[COMPRESSOR_RELEASE].value:
            m.attack_ms, m.release_ms = self.glide[COMPRESSOR_ATTACK].value, self.glide[COMPRESSOR_RELEASE].value
            m.ballistics = ballistics_of(m.attack_ms, m.release_ms, self.auto_release, self.rate)

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef Moving *each = <Moving *>&m.settings
        cdef int i, moving = min(m.left, frames)
        cdef sample_t *rest[2]
        if moving > 0:
            self.compress(io, channels, moving)
            m.left -= moving
            for i in range(SETTINGS if m.left == 0 else 0):
                moving_arrive(&each[i])
        if moving < frames:
            rest[0], rest[1] = io[0] + moving, io[channels - 1] + moving
            self.compress(rest, channels, frames - moving)

    cdef int latency(self) noexcept nogil:
        return self.delay_frames

    cdef void inherit(self, Stage old) noexcept nogil:
        """Everything that is heard goes on, whichever fixed parameter has changed."""
        cdef Memory *m = self.memory()
        Stage.inherit(self, old)
        memcpy(m, (<Compressor>old).memory(), sizeof(Memory))
        if self.delay_frames != old.latency_frames or self.placement != old.placement:
            self.take_sound(old)
        if self.auto_release != (<Compressor>old).auto_release:
            m.attack_ms = 0.0            # makes the next tick renew the ballistics
            join_parts(&m.reduction[0], self.auto_release)
            join_parts(&m.reduction[1], self.auto_release)
        if self.steep != (<Compressor>old).steep:
            memset(&m.filter[0][1], 0, sizeof(SectionMemory))
            memset(&m.filter[1][1], 0, sizeof(SectionMemory))
        if self.rms and not (<Compressor>old).rms:
            self.guess_power(m)

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef inline bint filter_wanted(self) noexcept nogil:
        return self.glide[COMPRESSOR_DETECTOR_LOW_CUT].value > self.filter_off_hz

    cdef bint aim(self, Memory *m) noexcept nogil:
        """Send the settings to where the parameters want them. True if any moves."""
        cdef Curve *c = &m.settings.curve
        cdef double threshold_db = self.glide[COMPRESSOR_THRESHOLD].value, knee_db = self.glide[COMPRESSOR_KNEE].value
        cdef double slope = slope_of_ratio(self.glide[COMPRESSOR_RATIO].value, self.highest_ratio)
        cdef double makeup_db = makeup_of(self.glide[COMPRESSOR_MAKEUP].value, self.glide[COMPRESSOR_AUTO_MAKEUP].value,
                                          threshold_db, knee_db, slope)
        cdef double hz = self.glide[COMPRESSOR_DETECTOR_LOW_CUT].value
        cdef int i, order = 4 if self.steep else 2
        cdef bint moves = moving_aim(&c.threshold_db, threshold_db, TICK)
        moves |= moving_aim(&c.knee_db, knee_db, TICK)
        moves |= moving_aim(&c.slope, slope, TICK)
        moves |= moving_aim(&c.link, 0.01 * self.glide[COMPRESSOR_LINK].value, TICK)
        moves |= moving_aim(&c.makeup_db, makeup_db, TICK)
        for i in range(2):
            moves |= section_aim(&m.settings.section[i], section_of_order(order, i, hz, self.rate), TICK)
        return moves

    cdef inline void note_level(self, const sample_t *heard, int frames) noexcept nogil:
        """For the meters: what is compared with the threshold."""
        cdef double level = peak_of(heard, frames)
        self.common.detector = fmax(self.common.detector, sqrt(level) if self.rms else level)

    cdef void compress(self, sample_t **io, int channels, int frames) noexcept nogil:
        """A span over which the settings either stand or move, in place."""
        cdef Memory *m = self.memory()
        cdef const Curve *curve = &m.settings.curve
        cdef bint moving = m.left > 0
        cdef bint linked = channels == 2 and stands_at(&curve.link, 1.0)
        cdef double db_per_octave = 0.5 * DB_PER_OCTAVE if self.rms else DB_PER_OCTAVE
        cdef sample_t side[2][CHUNK]
        cdef sample_t louder[CHUNK]
        cdef double gain[2][CHUNK]
        cdef const sample_t *heard[2]
        cdef sample_t *sides[2]
        cdef int c, at = TICK - m.left, lanes = 1 if linked else channels
        heard[0], heard[1] = io[0], io[channels - 1]
        sides[0], sides[1] = side[0], side[1]
        if m.filter_on or m.fade_left > 0:
            self.filter(m, heard, sides, frames)
            heard[0], heard[1] = sides[0], sides[1]
        if self.rms:
            running_power(m.power_pole, m.power, heard, sides, frames)
            heard[0], heard[1] = sides[0], sides[1]
        if linked:
            self.computer.larger(heard[0], heard[1], frames, louder)
            heard[0] = louder
        for c in range(lanes):
            self.note_level(heard[c], frames)
            self.computer.reductions(heard[c], frames, db_per_octave, curve, moving, at, gain[c])
        if lanes == 2:
            self.computer.link(gain[0], gain[1], frames, curve, moving, at)
        lanes = self.move(m, gain[0], gain[1], frames, channels, linked)
        for c in range(lanes):
            self.computer.gains(gain[c], frames, curve, moving, at)
        for c in range(channels):
            self.apply(m, c, io[c], gain[min(c, lanes - 1)], frames)
        m.line_at = (m.line_at + frames) % self.delay_frames if self.delay_frames > 0 else 0

    cdef void filter(self, Memory *m, const sample_t **heard, sample_t **out, int frames) noexcept nogil:
        """The detector's low cut; while it fades in or out, partly the sound as it is."""
        cdef int c, i, fading = min(m.fade_left, frames)
        cdef double share
        high_pass(m.settings.section, m.left > 0, TICK - m.left, self.steep, m.filter, heard, out, frames)
        for i in range(frames if not m.filter_on else fading):
            share = <double>max(m.fade_left - 1 - i, 0) / self.fade_frames
            share = 1.0 - share if m.filter_on else share
            for c in range(2):
                out[c][i] = heard[c][i] + share * (out[c][i] - heard[c][i])
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

    cdef void take_sound(self, Stage old) noexcept nogil:
        """From the dry sound that an instance with another look-ahead or placement still holds."""
        cdef Memory *m = self.memory()
        cdef int i, size = self.delay_frames
        cdef double left, right
        m.line_at = self.common.dry_at
        for i in range(size):
            left, right = self.dry[i], self.dry[size + i]
            self.line(1)[i] = right
            self.line(0)[i] = (0.5 * (left + right) if self.placement == MID else 0.5 * (left - right) if self.placement == SIDE
                               else right if self.placement == RIGHT else left)

    cdef void guess_power(self, Memory *m) noexcept nogil:
        """RMS detection begins at the power that asks for the reduction in force."""
        cdef int c
        for c in range(2):
            if m.reduction[c].soft > 0.0 and m.settings.curve.slope.now > 0.0:
                m.power[c] = exp(level_db_for(&m.settings.curve, m.reduction[c].soft) / (0.5 * DB_PER_NEPER))


def static_curve_db(values, levels_db):
    """Steady output levels in dB for steady input levels, as a list: what the window draws.

    `values` maps parameter ids to values, the rest are defaults; make-up is included. `levels_db` is any sequence of numbers,
    in the terms of the chosen detector: a sine's peak for Peak, 3.01 dB less for RMS. Raises UnknownParameter or BadValue.
    """
    cdef double level_db, threshold_db, knee_db, slope, makeup_db
    table = params_of("compressor")
    given = dict(values)
    value = [p.check(given.pop(p.id, p.default)) for p in table]
    if given:
        raise UnknownParameter(f"compressor has no {', '.join(map(repr, given))}; it has {', '.join(p.id for p in table)}")
    threshold_db, knee_db = value[COMPRESSOR_THRESHOLD], value[COMPRESSOR_KNEE]
    slope = slope_of_ratio(value[COMPRESSOR_RATIO], table[COMPRESSOR_RATIO].high)
    makeup_db = makeup_of(value[COMPRESSOR_MAKEUP], value[COMPRESSOR_AUTO_MAKEUP], threshold_db, knee_db, slope)
    levels = []
    for level_db in levels_db:
        levels.append(level_db - static_reduction_db(level_db, threshold_db, knee_db, slope) + makeup_db)
    return levels
