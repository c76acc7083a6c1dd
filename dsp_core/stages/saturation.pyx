"""Saturation: harmonics in one to four bands, oversampled, with antiderivative anti-aliasing and a matched level.

Like the clipper, only what the curve adds is made at the high rate; the sound itself goes by a plain delay. A character is a mixture
of two curves (`kernels/saturate.h`), x / sqrt(1 + x^2) with odd harmonics and 1 - (1 + x^2)^(-3/2) with even ones, and an emphasis
before the curve that is undone behind it: tape is driven by its highs, a transformer by its lows. The balance goes from there to one
of the curves alone, the tilt is an emphasis of one's own. At 0 dB of drive nothing is added.

Bands are Linkwitz-Riley (`lr4.pxd`), each in phase with the sum of all; they are in the sound only while something is driven.
"""
cimport cython
from libc.math cimport fmax
from libc.string cimport memcpy, memset

from dsp_core.delay cimport delay_carry, delay_through
from dsp_core.distortion cimport (DISTORTION_FRAMES, Distortion, distortion_figure, distortion_forget, distortion_hear,
                                  distortion_pass)
from dsp_core.emphasis cimport (BANDS, BEHIND, Character, Emphasis, character_of, emphasis_forget, emphasis_make, emphasise,
                                even_share, odd_share)
from dsp_core.fading cimport Fading, fading_blend, fading_pass, fading_runs, fading_want
from dsp_core.level_match cimport MATCH_FRAMES, LevelMatch, match_reset, match_run
from dsp_core.lr4 cimport lr4_allpass, lr4_split, svf_forget, svf_shape, warped
from dsp_core.meters.kweight cimport KWeight, k_weighting
from dsp_core.moving cimport Moving, moving_aim, moving_at, settings_pass, settings_stand, settings_stop, stands_at
from dsp_core.oversample cimport (OS_DOWN, OS_FRAMES, OS_UP, Oversampler, oversampler_build, oversampler_down, oversampler_ground,
                                  oversampler_plan, oversampler_up)
from dsp_core.param_ids.saturation cimport (
    SATURATION_BALANCE, SATURATION_BAND1_DRIVE, SATURATION_BAND1_MIX, SATURATION_BAND2_DRIVE, SATURATION_BANDS,
    SATURATION_CHARACTER, SATURATION_CROSSOVER1, SATURATION_LEVEL_MATCH, SATURATION_OVERSAMPLING, SATURATION_PHASE, SATURATION_TILT,
)
from dsp_core.saturate cimport Saturation as Curve, Saturator, saturator_kernel
from dsp_core.stages.stage cimport TICK, Stage, sample_t
from dsp_core.svf cimport Svf, SvfCascade, svf_fastest
from dsp_core.units cimport frames_of_ms, gain_of_db

cdef enum:
    PER_BAND = SATURATION_BAND2_DRIVE - SATURATION_BAND1_DRIVE

cdef double FADE_MS = 20.0               # over which the crossovers come into the sound and leave it
cdef double WARM_MS = 30.0               # until other crossovers and filters sound as if they had always been there
cdef double REST_MS = 1500.0             # after which nothing audible or countable is left of what was added
cdef double DC_HZ = 5.0                  # under it nothing is added: even harmonics come with a constant


cdef struct Settings:            # of Moving alone
    Moving gain[BANDS]           # before the curve; 0 adds nothing
    Moving mix[BANDS]
    Moving g[BANDS - 1]
    Moving odd                   # shares of the curves
    Moving even
    Moving tilt                  # gain of the highs over its middle, and of the middle over the lows


cdef int SETTINGS = sizeof(Settings) // sizeof(Moving)


cdef struct Memory:
    Settings settings
    int left                     # frames until the settings arrive
    int rest                     # frames since anything was added
    int dry_at
    Fading bands
    double made_g[BANDS - 1]
    Svf split[BANDS - 1][2][2]   # [crossover][channel][section], lanes: low, high
    Svf all[BANDS - 1][BANDS - 1]        # [crossover][band under it], lanes: channels
    Emphasis emphasis
    Svf blocker                  # of what is constant, lanes: channels
    LevelMatch match
    Distortion distortion


@cython.final
cdef class Saturation(Stage):
    cdef Oversampler plan
    cdef Saturator saturator
    cdef Character character
    cdef KWeight weighting
    cdef SvfCascade cascade
    cdef int bands               # 1 to BANDS
    cdef bint matched
    cdef int fade_frames
    cdef int rest_frames
    cdef size_t memory_at, up_at, down_at, line_at

    cdef int prepare(self) except -1:
        if oversampler_plan(&self.plan, 1 << <int>self.fixed(SATURATION_OVERSAMPLING), self.rate, self.fixed(SATURATION_PHASE) > 0, oversampler_build()):
            raise ValueError(f"the saturation has no room to oversample {self.rate:g} Hz; choose less")
        self.saturator = saturator_kernel()
        self.character = character_of(<int>self.fixed(SATURATION_CHARACTER))
        k_weighting(self.rate, &self.weighting)
        self.cascade = svf_fastest()
        self.bands = <int>self.fixed(SATURATION_BANDS) + 1
        self.matched = self.fixed(SATURATION_LEVEL_MATCH) > 0
        self.fade_frames = frames_of_ms(FADE_MS, self.rate)
        self.rest_frames = frames_of_ms(REST_MS, self.rate) + self.plan.tail
        self.memory_at = self.need(sizeof(Memory))
        self.up_at = self.need(2 * (BANDS + 1) * self.plan.up.kept * sizeof(double))
        self.down_at = self.need(4 * self.plan.down.kept * sizeof(double))
        self.line_at = self.need(2 * self.plan.delay * sizeof(double))
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = self.memory()
        self.aim(m)
        settings_stand(&m.settings, SETTINGS)
        m.bands.wanted = self.driven()
        m.rest = self.rest_frames
        match_reset(&m.match)
        self.make_fixed(m)

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        settings_stop(&m.settings, SETTINGS, m.left, TICK)
        m.left = TICK if self.aim(m) else 0
        fading_want(&m.bands, self.driven(), self.fade_frames)

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef double nothing[OS_FRAMES]
        cdef double *part[2]
        cdef int n, done = 0
        memset(nothing, 0, sizeof(nothing))
        while done < frames:
            n = min(frames - done, <int>OS_FRAMES)
            n = min(n, m.left) if m.left > 0 else n
            n = min(n, self.rest_frames - m.rest) if m.rest < self.rest_frames else n
            n = min(n, min(<int>MATCH_FRAMES - m.match.count, <int>DISTORTION_FRAMES - m.distortion.count))
            part[0], part[1] = io[0] + done, io[1] + done if channels == 2 else nothing
            self.run_part(m, part, channels, n)
            done += n
            m.left = settings_pass(&m.settings, SETTINGS, m.left, n)

    cdef int latency(self) noexcept nogil:
        return self.plan.delay

    cdef int warm_up(self, Stage heir) except -1:
        """Other bands and filters need their time, too."""
        return 0 if heir is not None and heir.build == self.build else self.latency_frames + self.plan.tail + frames_of_ms(WARM_MS, self.rate)

    cdef void inherit(self, Stage old) noexcept nogil:
        """Crossovers and level go on; with another oversampling its filters start empty."""
        cdef Memory *m = self.memory()
        cdef int c
        Stage.inherit(self, old)
        if self.plan.factor != (<Saturation>old).plan.factor or self.plan.minimum != (<Saturation>old).plan.minimum:
            self.forget()
            self.take_dry(old)
            memcpy(m, (<Saturation>old).memory(), sizeof(Memory))
            for c in range(2):
                delay_carry(self.line(c), self.plan.delay, (<Saturation>old).line(c), (<Saturation>old).plan.delay, m.dry_at)
            m.dry_at = 0
        for c in range(BANDS - 1):
            m.made_g[c] = 0.0
        if not self.matched:
            match_reset(&m.match)
        self.make_fixed(m)

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef inline double *line(self, int channel) noexcept nogil:
        return <double *>(self.block + self.line_at) + channel * self.plan.delay

    cdef inline double *kept_up(self, int band, int channel) noexcept nogil:
        return <double *>(self.block + self.up_at) + (2 * band + channel) * self.plan.up.kept

    cdef inline double *kept_down(self, int channel) noexcept nogil:
        return <double *>(self.block + self.down_at) + channel * self.plan.down.kept

    cdef inline bint driven(self) noexcept nogil:
        cdef int b
        for b in range(self.bands):
            if self.glide[SATURATION_BAND1_DRIVE + b * PER_BAND].value > 0.0 and self.glide[SATURATION_BAND1_MIX + b * PER_BAND].value > 0.0:
                return True
        return False

    cdef bint aim(self, Memory *m) noexcept nogil:
        """Send the settings to where the parameters want them. True if any moves."""
        cdef Settings *s = &m.settings
        cdef bint moves = False
        cdef int b
        for b in range(BANDS):
            moves |= moving_aim(&s.gain[b], gain_of_db(self.glide[SATURATION_BAND1_DRIVE + b * PER_BAND].value) - 1.0, TICK)
            moves |= moving_aim(&s.mix[b], 0.01 * self.glide[SATURATION_BAND1_MIX + b * PER_BAND].value, TICK)
        for b in range(BANDS - 1):
            moves |= moving_aim(&s.g[b], warped(self.glide[SATURATION_CROSSOVER1 + b].value, self.rate), TICK)
        return moves | self.aim_curve(s)

    cdef bint aim_curve(self, Settings *s) noexcept nogil:
        cdef double balance = 0.01 * self.glide[SATURATION_BALANCE].value
        cdef bint moves = moving_aim(&s.odd, odd_share(&self.character, balance), TICK)
        moves |= moving_aim(&s.even, even_share(&self.character, balance), TICK)
        return moves | moving_aim(&s.tilt, gain_of_db(0.5 * self.glide[SATURATION_TILT].value), TICK)

    cdef void make_fixed(self, Memory *m) noexcept nogil:
        emphasis_make(&m.emphasis, &self.character, self.rate)
        svf_shape(&m.blocker, 0, warped(DC_HZ, self.rate), 2.0, 1.0, 1.0, 0.0)
        svf_shape(&m.blocker, 1, warped(DC_HZ, self.rate), 2.0, 1.0, 1.0, 0.0)

    cdef void run_part(self, Memory *m, double **io, int channels, int frames) noexcept nogil:
        """At most OS_FRAMES frames over which the settings either stand or move, in place."""
        cdef double band[BANDS][2][OS_FRAMES]
        cdef double added[2][OS_FRAMES]
        cdef double late[2][OS_FRAMES]
        cdef double *before[2]
        cdef Svf *row[1]
        cdef int c, i, at = 0
        cdef bint idle
        if self.bands > 1 and fading_runs(&m.bands):
            self.split(m, io, band, frames)
        else:
            for c in range(2):
                memcpy(band[0][c], io[c], frames * sizeof(double))
        idle = not self.bend(m, band, added, channels, frames)
        memset(late[1], 0, frames * sizeof(double))
        for c in range(channels):
            at = delay_through(self.line(c), self.plan.delay, m.dry_at, io[c], late[c], frames)
            if self.plan.minimum:
                self.travel(c, io[c], late[c], frames)
            if not idle:
                distortion_hear(&m.distortion, c, late[c], added[c], frames)
        m.dry_at = at
        if not idle:
            row[0] = &m.blocker
            self.cascade(row, 1, added[0], added[1], frames)
            if m.rest == self.rest_frames:
                self.come_to_rest(m)
        for c in range(channels):
            for i in range(frames):
                io[c][i] = late[c][i] + added[c][i]
        if idle:
            distortion_forget(&m.distortion)
            self.common.measure = 0.0
        elif distortion_pass(&m.distortion, self.rate, frames):
            self.common.measure = distortion_figure(&m.distortion, self.common.wet, m.match.gain.now)
        before[0], before[1] = late[0], late[1]
        if self.matched:
            match_run(&m.match, &self.weighting, before, io, channels, idle, self.rate, frames)

    cdef bint bend(self, Memory *m, double (*band)[2][OS_FRAMES], double (*added)[OS_FRAMES], int channels, int frames) noexcept nogil:
        """What the curves add to the frames `plan.delay` ago, for both channels. False if nothing does, and nothing is left."""
        cdef Curve curve[BANDS]
        cdef double *plane[2]
        cdef int b, c, running = 0, at = TICK - m.left
        for b in range(self.bands):
            if self.stands_still(m, b):
                continue
            running += 1
            self.fill(m, &curve[b], b, frames)
            plane[0], plane[1] = band[b][0], band[b][1]
            emphasise(&m.emphasis, b, &self.character, self.cascade, &m.settings.tilt, at, plane, frames)
        memset(added[0], 0, 2 * OS_FRAMES * sizeof(double))
        if running == 0 and m.rest == self.rest_frames:
            return False
        m.rest = 0 if running else m.rest + frames
        for c in range(channels):
            self.bend_channel(m, curve, c, band, added[c], frames)
        plane[0], plane[1] = added[0], added[1]
        emphasise(&m.emphasis, BEHIND, &self.character, self.cascade, &m.settings.tilt, at, plane, frames)
        return True

    cdef void bend_channel(self, const Memory *m, const Curve *curve, int c, double (*band)[2][OS_FRAMES], double *added,
                           int frames) noexcept nogil:
        """Every driven band up, through its curve, and all of them down together."""
        cdef double up[OS_UP]
        cdef double down[OS_DOWN]
        cdef double root[OS_FRAMES]
        cdef int b, k
        oversampler_ground(&self.plan, self.kept_down(c), NULL, down, frames)
        for b in range(self.bands):
            if self.stands_still(m, b):
                continue
            oversampler_up(&self.plan, self.kept_up(b, c), band[b][c], up, frames)
            self.saturator.root(&curve[b], up + self.plan.point[0], root, frames)
            for k in range(self.plan.factor):
                self.saturator.run(&curve[b], up + self.plan.point[k], up + self.plan.point[k + 1], root, down + self.plan.bent[k], frames)
        oversampler_down(&self.plan, self.kept_down(c), down, added, frames)

    cdef void travel(self, int c, const double *x, double *out, int frames) noexcept nogil:
        """With minimum phase the sound itself goes up and down, beside what is added."""
        cdef double up[OS_UP]
        cdef double down[OS_DOWN]
        oversampler_up(&self.plan, self.kept_up(BANDS, c), x, up, frames)
        oversampler_ground(&self.plan, self.kept_down(2 + c), up, down, frames)
        oversampler_down(&self.plan, self.kept_down(2 + c), down, out, frames)

    cdef inline bint stands_still(self, const Memory *m, int b) noexcept nogil:
        return stands_at(&m.settings.gain[b], 0.0) or stands_at(&m.settings.mix[b], 0.0)

    cdef void come_to_rest(self, Memory *m) noexcept nogil:
        memset(self.block + self.up_at, 0, 2 * BANDS * self.plan.up.kept * sizeof(double))
        memset(self.block + self.down_at, 0, 2 * self.plan.down.kept * sizeof(double))
        emphasis_forget(&m.emphasis)
        svf_forget(&m.blocker, 1)

    cdef void fill(self, const Memory *m, Curve *curve, int b, int frames) noexcept nogil:
        cdef const Moving *gain = &m.settings.gain[b]
        cdef const Moving *mix = &m.settings.mix[b]
        cdef int i, at = TICK - m.left
        cdef double k
        curve.symmetrical = stands_at(&m.settings.even, 0.0)
        for i in range(frames):
            k = at + i + 1 if m.left > 0 else 0
            curve.odd[i], curve.even[i] = moving_at(&m.settings.odd, k), moving_at(&m.settings.even, k)
            curve.gain[i], curve.back[i] = fmax(moving_at(gain, k), 0.0), fmax(moving_at(mix, k), 0.0)
        for i in range(frames):
            curve.back[i] /= fmax(curve.gain[i], 1e-6)

    cdef void split(self, Memory *m, double **io, double (*band)[2][OS_FRAMES], int frames) noexcept nogil:
        """The bands, and their sum in place of the sound; frame by frame while a crossover moves."""
        cdef double sum[OS_FRAMES]
        cdef int b, c, i
        cdef bint moving = False
        for b in range(self.bands - 1):
            moving |= not stands_at(&m.settings.g[b], m.settings.g[b].now)
        if moving:
            for i in range(frames):
                self.make_bands(m, TICK - m.left + i + 1)
                self.split_part(m, io, band, i, 1)
        else:
            self.make_bands(m, 0)
            self.split_part(m, io, band, 0, frames)
        for c in range(2):
            memcpy(sum, band[0][c], frames * sizeof(double))
            for b in range(1, self.bands):
                for i in range(frames):
                    sum[i] += band[b][c][i]
            fading_blend(&m.bands, io[c], sum, frames, self.fade_frames)
            memcpy(io[c], sum, frames * sizeof(double))
        fading_pass(&m.bands, frames)
        if not fading_runs(&m.bands):
            for b in range(BANDS - 1):
                svf_forget(m.split[b][0], 2)
                svf_forget(m.split[b][1], 2)
                svf_forget(m.all[b], BANDS - 1)

    cdef void make_bands(self, Memory *m, int k) noexcept nogil:
        """Sections of the crossovers for the frame `k` after the last tick; 0 at rest."""
        cdef double g
        cdef int b, i
        for b in range(self.bands - 1):
            g = moving_at(&m.settings.g[b], k)
            if m.made_g[b] != g:
                m.made_g[b] = g
                for i in range(2):
                    lr4_split(m.split[b][i], g)
                for i in range(b):
                    lr4_allpass(&m.all[b][i], g)

    cdef void split_part(self, Memory *m, double **io, double (*band)[2][OS_FRAMES], int start, int frames) noexcept nogil:
        """From the lowest crossover upwards; the bands under each pass its allpass."""
        cdef Svf *row[2]
        cdef int b, c, i
        for c in range(2):
            memcpy(band[self.bands - 1][c] + start, io[c] + start, frames * sizeof(double))
        for b in range(self.bands - 1):
            for c in range(2):
                memcpy(band[b][c] + start, band[self.bands - 1][c] + start, frames * sizeof(double))
                row[0], row[1] = &m.split[b][c][0], &m.split[b][c][1]
                self.cascade(row, 2, band[b][c] + start, band[self.bands - 1][c] + start, frames)
            for i in range(b):
                row[0] = &m.all[b][i]
                self.cascade(row, 1, band[i][0] + start, band[i][1] + start, frames)
