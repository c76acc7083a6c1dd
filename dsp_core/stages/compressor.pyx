"""Mastering compressor in the log domain, the detector on the gain change in dB: compresses, lifts, expands, opens up.

Gain computer and detector: Giannoulis, Massberg, Reiss, JAES 60(6), 2012 (`compressor_law.pxd`, `ballistics.pxd`).
Peak detection reads a sine at its peak, RMS detection at its power, 3.01 dB lower.
"""
cimport cython
from libc.math cimport exp, fmax, sqrt
from libc.string cimport memcmp, memcpy, memset

from dsp_core.ballistics cimport Ballistics, Reduction, ballistics_of, join_parts, move_one, move_two, start_at
from dsp_core.band_dynamics cimport BandCurve
from dsp_core.compressor_law cimport (
    COMPRESS, LOOP_POLES, Modes, acts_under, curve_stand, feeds_itself, idle_height_db, makeup_in, modes, range_in, slope_in, turns_up)
from dsp_core.delay cimport delay_through
from dsp_core.detector cimport MovingSection, SectionMemory, high_pass, running_power, section_aim, section_of_order
from dsp_core.fastmath cimport DB_PER_OCTAVE
from dsp_core.gain_computer cimport GainComputer, gain_computer, level_db_for
from dsp_core.level cimport peak_of
from dsp_core.moving cimport Moving, moving_aim, settings_arrive, settings_stand, settings_stop, stands_at
from dsp_core.param_ids.compressor cimport (
    COMPRESSOR_ATTACK, COMPRESSOR_AUTO_MAKEUP, COMPRESSOR_AUTO_RELEASE, COMPRESSOR_CHANNELS, COMPRESSOR_DETECTOR,
    COMPRESSOR_DETECTOR_LOW_CUT, COMPRESSOR_DETECTOR_SLOPE, COMPRESSOR_DETECTOR_TILT, COMPRESSOR_HOLD, COMPRESSOR_KNEE, COMPRESSOR_LINK,
    COMPRESSOR_LOOKAHEAD, COMPRESSOR_MAKEUP, COMPRESSOR_MID_LINK, COMPRESSOR_MODE, COMPRESSOR_PEAK_CREST, COMPRESSOR_PEAK_RELEASE,
    COMPRESSOR_RANGE, COMPRESSOR_RATIO, COMPRESSOR_RELEASE, COMPRESSOR_RMS_WINDOW, COMPRESSOR_SIDE_LINK, COMPRESSOR_THRESHOLD,
    COMPRESSOR_TOPOLOGY,
)
from dsp_core.placement cimport placed_part
from dsp_core.stages.stage cimport CHUNK, STEREO, TICK, Stage, sample_t
from dsp_core.tilt cimport SHELVES, MovingTilt, Tilt, tilt, tilt_aim, tilt_for
from dsp_core.units cimport DB_PER_NEPER, frames_of_ms, pole_of_ms

from dsp_core.params import params_of

cdef enum:                       # choices of the detector
    PEAK = 0
    RMS = 1
    BOTH = 2

cdef double FILTER_FADE_MS = 10.0        # the detector's low cut comes in and goes over this time


cdef struct Settings:            # of Moving alone
    BandCurve band
    Moving second_link           # of the second lane, right or side; that of the first is the curve's
    Moving lower_db[2]           # taken off the level that a detector reads
    Moving feedback
    MovingSection section[2]
    MovingTilt tilt


cdef int SETTINGS = sizeof(Settings) // sizeof(Moving)


cdef struct Memory:              # detectors: the only or RMS one, then the peak one beside it
    Settings settings
    int left                     # frames until the settings arrive
    double attack_ms             # what the ballistics were made for
    double release_ms[2]
    Ballistics ballistics[2]
    double hold                  # frames
    Reduction reduction[2][2]    # [detector][lane]
    double power_pole
    double power[2]
    SectionMemory filter[2][2]   # [lane][section]
    double tilt[SHELVES][2]
    bint tilt_on
    bint filter_on
    int fade_left                # frames until the filter is fully in, or out
    int line_at


@cython.final
cdef class Compressor(Stage):
    cdef size_t memory_at
    cdef size_t line_at
    cdef int mode
    cdef int detector
    cdef int delay_frames
    cdef int fade_frames
    cdef bint auto_release
    cdef bint steep
    cdef bint mid_side
    cdef double filter_off_hz    # the lowest low cut is none
    cdef double highest_ratio    # stands for infinity
    cdef double highest_range    # stands for no limit
    cdef Tilt shelves
    cdef const GainComputer *computer
    cdef const Modes *modes

    cdef int prepare(self) except -1:
        table = params_of(self.kind)
        self.filter_off_hz = table[COMPRESSOR_DETECTOR_LOW_CUT].low
        self.highest_ratio, self.highest_range = table[COMPRESSOR_RATIO].high, table[COMPRESSOR_RANGE].high
        self.mode, self.detector = <int>self.fixed(COMPRESSOR_MODE), <int>self.fixed(COMPRESSOR_DETECTOR)
        self.auto_release = self.fixed(COMPRESSOR_AUTO_RELEASE) > 0
        self.steep = self.fixed(COMPRESSOR_DETECTOR_SLOPE) > 0
        self.mid_side = self.fixed(COMPRESSOR_CHANNELS) > 0 and self.placement == STEREO
        self.delay_frames = frames_of_ms(self.fixed(COMPRESSOR_LOOKAHEAD), self.rate)
        self.fade_frames = frames_of_ms(FILTER_FADE_MS, self.rate)
        self.shelves = tilt_for(self.rate)
        self.computer, self.modes = gain_computer(), modes()
        self.memory_at = self.need(sizeof(Memory))
        self.line_at = self.need(2 * self.delay_frames * sizeof(double))
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = self.memory()
        self.aim(m)
        settings_stand(&m.settings, SETTINGS)
        m.filter_on = self.filter_wanted()
        self.begin(m)

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        settings_stop(&m.settings, SETTINGS, m.left, TICK)
        m.left = TICK if self.aim(m) else 0
        m.power_pole = pole_of_ms(self.glide[COMPRESSOR_RMS_WINDOW].value, self.rate)
        m.hold = 1e-3 * self.rate * self.glide[COMPRESSOR_HOLD].value
        if m.filter_on != self.filter_wanted():
            m.filter_on = not m.filter_on
            m.fade_left = self.fade_frames - m.fade_left
        m.tilt_on = not stands_at(&m.settings.tilt.low, 0.0)
        if not m.tilt_on:
            memset(m.tilt, 0, sizeof(m.tilt))
        self.set_times(m)

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef int moving = min(m.left, frames)
        cdef sample_t *rest[2]
        if moving > 0:
            self.compress(io, channels, moving)
            m.left -= moving
            if m.left == 0:
                settings_arrive(&m.settings, SETTINGS)
        if moving < frames:
            rest[0], rest[1] = io[0] + moving, io[channels - 1] + moving
            self.compress(rest, channels, frames - moving)

    cdef int latency(self) noexcept nogil:
        return self.delay_frames

    cdef void inherit(self, Stage old) noexcept nogil:
        """Everything that is heard goes on, whichever fixed parameter has changed."""
        cdef Memory *m = self.memory()
        cdef int c
        Stage.inherit(self, old)
        memcpy(m, (<Compressor>old).memory(), sizeof(Memory))
        if self.delay_frames != old.latency_frames or self.placement != old.placement:
            self.take_sound()
        if self.mid_side != (<Compressor>old).mid_side:
            self.turn_lanes(m)
        if self.auto_release != (<Compressor>old).auto_release:
            m.attack_ms = 0.0            # makes the next tick renew the ballistics
            for c in range(2):
                join_parts(&m.reduction[0][c], self.auto_release)
        if self.steep != (<Compressor>old).steep:
            for c in range(2):
                memset(&m.filter[c][1], 0, sizeof(SectionMemory))
        if self.mode != (<Compressor>old).mode:
            self.aim(m)
            settings_stand(&m.settings, SETTINGS)
            self.begin(m)
        elif self.detector != (<Compressor>old).detector:
            memset(m.reduction[1], 0, sizeof(m.reduction[1]))
            if (<Compressor>old).detector == PEAK and self.mode == COMPRESS:
                self.guess_power(m)

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef inline double *line(self, int channel) noexcept nogil:
        return <double *>(self.block + self.line_at) + channel * self.delay_frames

    cdef inline bint filter_wanted(self) noexcept nogil:
        return self.glide[COMPRESSOR_DETECTOR_LOW_CUT].value > self.filter_off_hz

    cdef void begin(self, Memory *m) noexcept nogil:
        """Nothing is changed yet: what acts under its threshold begins as if it had heard something over it."""
        cdef double start_db = idle_height_db(&m.settings.band) if acts_under(self.mode) else 0.0
        cdef int d, c
        for d in range(2):
            for c in range(2):
                start_at(&m.reduction[d][c], start_db, self.auto_release)

    cdef bint aim(self, Memory *m) noexcept nogil:
        """Send the settings to where the parameters want them. True if any moves."""
        cdef Settings *s = &m.settings
        cdef BandCurve wish
        cdef double threshold_db = self.glide[COMPRESSOR_THRESHOLD].value, knee_db = self.glide[COMPRESSOR_KNEE].value
        cdef double slope = slope_in(self.mode, self.glide[COMPRESSOR_RATIO].value, self.highest_ratio)
        cdef double range_db = range_in(self.mode, self.glide[COMPRESSOR_RANGE].value, self.highest_range)
        cdef double makeup_db
        cdef bint moves
        curve_stand(&wish, threshold_db, knee_db, slope, range_db)
        makeup_db = makeup_in(self.mode, &wish, self.glide[COMPRESSOR_MAKEUP].value, self.glide[COMPRESSOR_AUTO_MAKEUP].value)
        moves = moving_aim(&s.band.curve.threshold_db, threshold_db, TICK)
        moves |= moving_aim(&s.band.curve.knee_db, knee_db, TICK)
        moves |= moving_aim(&s.band.curve.slope, slope, TICK)
        moves |= moving_aim(&s.band.curve.makeup_db, makeup_db, TICK)
        moves |= moving_aim(&s.band.range_db, range_db, TICK)
        moves |= moving_aim(&s.lower_db[1], self.glide[COMPRESSOR_PEAK_CREST].value, TICK)
        moves |= moving_aim(&s.feedback, 0.01 * self.glide[COMPRESSOR_TOPOLOGY].value, TICK)
        moves |= tilt_aim(&s.tilt, &self.shelves, self.glide[COMPRESSOR_DETECTOR_TILT].value, self.rate, TICK)
        return moves | self.aim_links(s) | self.aim_filter(s)

    cdef bint aim_links(self, Settings *s) noexcept nogil:
        cdef int first = COMPRESSOR_MID_LINK if self.mid_side else COMPRESSOR_LINK
        cdef int second = COMPRESSOR_SIDE_LINK if self.mid_side else COMPRESSOR_LINK
        cdef bint moves = moving_aim(&s.band.curve.link, 0.01 * self.glide[first].value, TICK)
        return moves | moving_aim(&s.second_link, 0.01 * self.glide[second].value, TICK)

    cdef bint aim_filter(self, Settings *s) noexcept nogil:
        cdef double hz = self.glide[COMPRESSOR_DETECTOR_LOW_CUT].value
        cdef int i, order = 4 if self.steep else 2
        cdef bint moves = False
        for i in range(2):
            moves |= section_aim(&s.section[i], section_of_order(order, i, hz, self.rate), TICK)
        return moves

    cdef void set_times(self, Memory *m) noexcept nogil:
        """Renew the ballistics whose times have changed; only the first detector's release may be automatic."""
        cdef double attack_ms = self.glide[COMPRESSOR_ATTACK].value
        cdef double release_ms[2]
        cdef int d
        release_ms[0], release_ms[1] = self.glide[COMPRESSOR_RELEASE].value, self.glide[COMPRESSOR_PEAK_RELEASE].value
        for d in range(2):
            if m.attack_ms != attack_ms or m.release_ms[d] != release_ms[d]:
                m.release_ms[d] = release_ms[d]
                m.ballistics[d] = ballistics_of(attack_ms, release_ms[d], d == 0 and self.auto_release, self.rate)
        m.attack_ms = attack_ms

    cdef void compress(self, sample_t **io, int channels, int frames) noexcept nogil:
        """A span over which the settings either stand or move, in place."""
        cdef Memory *m = self.memory()
        cdef bint moving = m.left > 0
        cdef double heard[2][CHUNK]
        cdef double gain[2][CHUNK]
        cdef double beside[2][CHUNK]
        cdef const sample_t *lane[2]
        cdef int c, i, lanes, at = TICK - m.left
        lane[0], lane[1] = io[0], io[channels - 1]
        self.hear(m, lane, heard, frames)
        lanes = self.sense(m, 0, lane, gain, channels, frames)
        if self.detector == BOTH:
            lanes = max(lanes, self.sense(m, 1, lane, beside, channels, frames))
            for c in range(lanes):
                for i in range(frames):
                    gain[c][i] = beside[c][i] if beside[c][i] > gain[c][i] else gain[c][i]
        for c in range(lanes):
            if acts_under(self.mode):
                self.modes.changes(gain[c], frames, &m.settings.band, moving, at)
            if turns_up(self.mode):
                for i in range(frames):
                    gain[c][i] = -gain[c][i]
            else:
                self.common.reduction_db = fmax(self.common.reduction_db, peak_of(gain[c], frames))
            self.computer.gains(gain[c], frames, &m.settings.band.curve, moving, at)
        self.apply(m, io, channels, gain, lanes, frames)

    cdef void hear(self, Memory *m, const sample_t **lane, double (*heard)[CHUNK], int frames) noexcept nogil:
        """What the detectors listen to, in `lane`: the sound itself, or what stands in `heard`."""
        cdef double *out[2]
        cdef int i
        out[0], out[1] = heard[0], heard[1]
        if self.mid_side:
            for i in range(frames):
                out[0][i], out[1][i] = 0.5 * (lane[0][i] + lane[1][i]), 0.5 * (lane[0][i] - lane[1][i])
            lane[0], lane[1] = out[0], out[1]
        if m.filter_on or m.fade_left > 0:
            self.filter(m, lane, out, frames)
            lane[0], lane[1] = out[0], out[1]
        if m.tilt_on:
            tilt(&self.shelves, &m.settings.tilt, m.left > 0, TICK - m.left, m.tilt, lane, out, frames)
            lane[0], lane[1] = out[0], out[1]

    cdef void filter(self, Memory *m, const sample_t **heard, sample_t **out, int frames) noexcept nogil:
        """The detector's low cut; while it fades in or out, partly the sound as it is. May work in place."""
        cdef double before[2][CHUNK]
        cdef int c, i, fading = min(m.fade_left, frames), mixed = fading if m.filter_on else frames
        cdef double share
        for c in range(2):
            memcpy(before[c], heard[c], mixed * sizeof(double))
        high_pass(m.settings.section, m.left > 0, TICK - m.left, self.steep, m.filter, heard, out, frames)
        for i in range(mixed):
            share = <double>max(m.fade_left - 1 - i, 0) / self.fade_frames
            share = 1.0 - share if m.filter_on else share
            for c in range(2):
                out[c][i] = before[c][i] + share * (out[c][i] - before[c][i])
        m.fade_left -= fading
        if m.fade_left == 0 and not m.filter_on:
            memset(m.filter, 0, sizeof(m.filter))

    cdef int sense(self, Memory *m, int detector, const sample_t **heard, double (*change)[CHUNK], int channels, int frames) noexcept nogil:
        """What one detector gives: dB of change, or of height. Gives how many lanes there are: 1 for two whose past is the same as well."""
        cdef const BandCurve *curve = &m.settings.band
        cdef bint moving = m.left > 0, rms = detector == 0 and self.detector != PEAK
        cdef bint looped = not stands_at(&m.settings.feedback, 0.0)
        cdef bint linked = channels == 2 and stands_at(&curve.curve.link, 1.0) and stands_at(&m.settings.second_link, 1.0)
        cdef double power[2][CHUNK]
        cdef double louder[CHUNK]
        cdef double pole[2][LOOP_POLES][CHUNK]
        cdef double *powers[2]
        cdef const double *level[2]
        cdef int c, at = TICK - m.left, lanes = 1 if linked else channels
        level[0], level[1] = heard[0], heard[1]
        if rms:
            powers[0], powers[1] = power[0], power[1]
            running_power(m.power_pole, m.power, heard, powers, frames)
            level[0], level[1] = power[0], power[1]
        if linked:
            self.computer.larger(level[0], level[1], frames, louder)
            level[0] = louder
        for c in range(lanes):
            if detector == 0:
                self.note_level(level[c], frames)
            self.computer.levels(level[c], frames, 0.5 * DB_PER_OCTAVE if rms else DB_PER_OCTAVE, &m.settings.lower_db[detector], moving, at,
                                 change[c])
            if looped:
                self.modes.poles(change[c], frames, curve, &m.settings.feedback, -1.0 if feeds_itself(self.mode) else 1.0, acts_under(self.mode),
                                 moving, at, <const double *>&m.ballistics[detector], pole[c])
            self.modes.asks(change[c], frames, curve, acts_under(self.mode), moving, at)
        if lanes == 2:
            self.computer.follow(change[0], change[1], frames, &curve.curve.link, &m.settings.second_link, moving, at)
        return self.move(m, detector, looped, pole, change, channels, linked, frames)

    cdef inline void note_level(self, const sample_t *heard, int frames) noexcept nogil:
        """For the meters: what is compared with the threshold."""
        cdef double level = peak_of(heard, frames)
        self.common.detector = fmax(self.common.detector, level if self.detector == PEAK else sqrt(level))

    cdef int move(self, Memory *m, int detector, bint looped, double (*pole)[LOOP_POLES][CHUNK], double (*change)[CHUNK], int channels,
                  bint linked, int frames) noexcept nogil:
        """What is wanted in, what moves out, in place. `pole`: of every lane and frame, where the detector hears the output."""
        cdef const Ballistics *ballistics = &m.ballistics[detector]
        cdef Reduction *past = m.reduction[detector]
        cdef bint auto_release = self.auto_release and detector == 0
        cdef int c, lanes = channels
        if linked and memcmp(&past[0], &past[1], sizeof(Reduction)) == 0:
            lanes = 1
        elif linked:
            memcpy(change[1], change[0], frames * sizeof(double))
        if lanes == 2 and not looped:
            move_two(ballistics, auto_release, m.hold, past, change[0], change[1], frames)
        else:
            for c in range(lanes):
                move_one(ballistics, auto_release, m.hold, looped, pole[0 if linked else c], &past[c], change[c], frames)
        if lanes == 1:
            past[1] = past[0]
        return lanes

    cdef void apply(self, Memory *m, sample_t **io, int channels, double (*gain)[CHUNK], int lanes, int frames) noexcept nogil:
        cdef sample_t late[2][CHUNK]
        cdef const sample_t *sound[2]
        cdef double mid, side
        cdef int c, i
        for c in range(channels):
            sound[c] = io[c]
            if self.delay_frames > 0:
                delay_through(self.line(c), self.delay_frames, m.line_at, io[c], late[c], frames)
                sound[c] = late[c]
        m.line_at = (m.line_at + frames) % self.delay_frames if self.delay_frames > 0 else 0
        if self.mid_side and lanes == 2:
            # As a difference, so that gains of 1 leave the bits of both channels alone.
            for i in range(frames):
                mid = 0.5 * (sound[0][i] + sound[1][i]) * (gain[0][i] - 1.0)
                side = 0.5 * (sound[0][i] - sound[1][i]) * (gain[1][i] - 1.0)
                io[0][i], io[1][i] = sound[0][i] + (mid + side), sound[1][i] + (mid - side)
            return
        for c in range(channels):
            for i in range(frames):
                io[c][i] = sound[c][i] * gain[min(c, lanes - 1)][i]

    cdef void take_sound(self) noexcept nogil:
        """From the dry sound that an instance with another look-ahead or placement still holds."""
        cdef int size = self.delay_frames
        self.memory().line_at = self.common.dry_at
        placed_part(self.placement, self.dry, self.dry + size, self.line(0), size)
        memcpy(self.line(1), self.dry + size, size * sizeof(double))

    cdef void turn_lanes(self, Memory *m) noexcept nogil:
        """Left and right become mid and side, or the other way round: what is linear is turned, the rest begins at the louder."""
        cdef double scale = 0.5 if self.mid_side else 1.0, left, right
        cdef double *first = <double *>m.filter[0]
        cdef double *second = <double *>m.filter[1]
        cdef int i, d
        for i in range(<int>(sizeof(m.filter[0]) // sizeof(double))):
            left, right = first[i], second[i]
            first[i], second[i] = scale * (left + right), scale * (left - right)
        for i in range(SHELVES):
            left, right = m.tilt[i][0], m.tilt[i][1]
            m.tilt[i][0], m.tilt[i][1] = scale * (left + right), scale * (left - right)
        m.power[0] = m.power[1] = fmax(m.power[0], m.power[1])
        for d in range(2):
            i = 0 if m.reduction[d][0].soft > m.reduction[d][1].soft else 1
            m.reduction[d][1 - i] = m.reduction[d][i]

    cdef void guess_power(self, Memory *m) noexcept nogil:
        """RMS detection begins at the power that asks for the reduction in force."""
        cdef double reduction_db
        cdef int c
        for c in range(2):
            reduction_db = m.reduction[0][c].soft
            if 0.0 < reduction_db < m.settings.band.range_db.now and m.settings.band.curve.slope.now > 0.0:
                m.power[c] = exp(level_db_for(&m.settings.band.curve, reduction_db) / (0.5 * DB_PER_NEPER))
