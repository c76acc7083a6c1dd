"""The stereo image: channel repair, rotation, balance, levels of mid and side, width per band, antiphase guard, mono bass.

Order: swap, polarity and delay of the channels; one matrix for rotation, balance and the levels of mid and side; width; guard;
mono-maker. Nothing turns the phase of the side against the mid: bands of the side are Linkwitz-Riley (`lr4.pxd`) and the mid passes
the allpass that is their sum; the mono-maker is a squared Butterworth high-pass of the side beside its own allpass on the mid, so
that side / mid is scaled by W^n / (1 + W^n), real and positive, -6.02 dB at the corner.

Placed on one part of the sound, where there is no image, the stage passes it.
"""
cimport cython
from libc.math cimport M_PI, cos, fmax, sin
from libc.string cimport memcpy, memset

from dsp_core.antiphase cimport GROUP, Antiphase, antiphase_begin, antiphase_pole, antiphase_run, antiphase_stand
from dsp_core.delay cimport delay_carry, delay_through
from dsp_core.display cimport Display
from dsp_core.fading cimport Fading, fading_blend, fading_pass, fading_runs, fading_want
from dsp_core.lr4 cimport lr4_allpass, lr4_split, svf_forget, warped
from dsp_core.middle_side cimport put_back_changes
from dsp_core.mono_maker cimport MONO_SECTIONS, mono_shape
from dsp_core.moving cimport Moving, moving_aim, moving_at, settings_pass, settings_stand, settings_stop, stands_at
from dsp_core.param_ids.stereo cimport (
    STEREO_BALANCE, STEREO_BANDS, STEREO_CROSSOVER1, STEREO_DELAY_LEFT, STEREO_GUARD,
    STEREO_INVERT_LEFT, STEREO_MID_GAIN, STEREO_MONO_BELOW, STEREO_MONO_SLOPE, STEREO_ROTATION,
    STEREO_SIDE_GAIN, STEREO_SWAP, STEREO_WIDTH1,
)
from dsp_core.stages.stage cimport CHUNK, TICK, Stage, group_phase, sample_t
from dsp_core.svf cimport Svf, SvfCascade, svf_fastest
from dsp_core.units cimport db_of_gain, frames_of_ms, gain_of_db

from dsp_core.params import params_of

cdef enum:
    BANDS = 4
    OFF = 0                      # of the guard
    WIDENING = 1

cdef double FADE_MS = 20.0               # over which filters come into the sound and leave it


cdef struct Settings:            # of Moving alone
    Moving mid_left              # mid = mid_left L + mid_right R
    Moving mid_right
    Moving side_left
    Moving side_right
    Moving width[BANDS]
    Moving g[BANDS - 1]
    Moving mono_g


cdef int SETTINGS = sizeof(Settings) // sizeof(Moving)


cdef struct Memory:
    Settings settings
    int left                     # frames until the settings arrive
    Fading bands
    Fading mono
    double made_g[BANDS]         # what the sections were made for; the mono-maker's comes last
    Svf split[BANDS - 1][2]      # lanes: low and high part of the side
    Svf all[BANDS - 1]           # lanes: mid, sum of the side's lower bands
    Svf low_end[MONO_SECTIONS]   # the mono-maker; lanes: mid, side
    Antiphase guard
    int line_at[2]


@cython.final
cdef class Stereo(Stage):
    cdef size_t memory_at
    cdef size_t lines_at
    cdef int bands               # 1 to BANDS
    cdef int order               # of the Butterworth that the mono-maker squares
    cdef int guard_mode
    cdef bint swap
    cdef bint invert[2]
    cdef int delay_frames[2]
    cdef int fade_frames
    cdef double guard_pole
    cdef double mono_off_hz      # the lowest corner is none
    cdef double silent_db        # the lowest level is silence
    cdef SvfCascade cascade

    cdef int prepare(self) except -1:
        cdef int c
        table = params_of(self.kind)
        self.mono_off_hz, self.silent_db = table[STEREO_MONO_BELOW].low, table[STEREO_MID_GAIN].low
        self.bands = <int>self.fixed(STEREO_BANDS) + 1
        self.order = 1 << <int>self.fixed(STEREO_MONO_SLOPE)
        self.guard_mode = <int>self.fixed(STEREO_GUARD)
        self.swap = self.fixed(STEREO_SWAP) > 0
        self.fade_frames = frames_of_ms(FADE_MS, self.rate)
        self.guard_pole = antiphase_pole(self.rate)
        self.cascade = svf_fastest()
        self.memory_at = self.need(sizeof(Memory))
        for c in range(2):
            self.invert[c] = self.fixed(STEREO_INVERT_LEFT + c) > 0
            self.delay_frames[c] = <int>self.fixed(STEREO_DELAY_LEFT + c)
        self.lines_at = self.need((self.delay_frames[0] + self.delay_frames[1]) * sizeof(double))
        self.display = Display(2, 1, 16384)
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = self.memory()
        self.aim(m)
        settings_stand(&m.settings, SETTINGS)
        m.bands.wanted, m.mono.wanted = self.bands_wanted(), self.mono_wanted()
        antiphase_stand(&m.guard)

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        settings_stop(&m.settings, SETTINGS, m.left, TICK)
        m.left = TICK if self.aim(m) else 0
        fading_want(&m.bands, self.bands_wanted(), self.fade_frames)
        fading_want(&m.mono, self.mono_wanted(), self.fade_frames)

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef int moving = min(m.left, frames)
        if channels == 1:
            return
        if self.guard_mode != OFF:
            antiphase_begin(&m.guard, group_phase(self.when, GROUP))
        self.repair(m, io, frames)
        if moving > 0:
            self.shape(m, io[0], io[1], moving)
            m.left = settings_pass(&m.settings, SETTINGS, m.left, moving)
        if moving < frames:
            self.shape(m, io[0] + moving, io[1] + moving, frames - moving)
        if self.display.wanted():
            self.show_sound(io, frames)

    cdef int latency(self) noexcept nogil:
        return 0

    cdef void show_sound(self, sample_t **io, int frames) noexcept nogil:
        """Rows of the display: left and right as they leave."""
        cdef int i
        for i in range(frames):
            self.display.keep(0, io[0][i])
            self.display.keep(1, io[1][i])
            self.display.push()

    cdef int warm_up(self, Stage heir) except -1:
        """A longer delay is silent until it is full; so is one whose channels hold something else."""
        cdef Stereo old = <Stereo>heir
        cdef int c, most = 0
        cdef bint same = heir is not None and (old.placement == self.placement and old.swap == self.swap
                                               and old.invert[0] == self.invert[0] and old.invert[1] == self.invert[1])
        for c in range(2):
            most = max(most, self.delay_frames[c] - (old.delay_frames[c] if same else 0))
        return most

    cdef void inherit(self, Stage old) noexcept nogil:
        Stage.inherit(self, old)
        if self.placement == old.placement:
            self.go_on(<Stereo>old)
        else:
            self.forget()

    cdef void go_on(self, Stereo old) noexcept nogil:
        """Filters and guard as they are; what the delays hold, as far as both reach."""
        cdef Memory *m = self.memory()
        cdef int c
        memcpy(m, old.memory(), sizeof(Memory))
        memset(self.line(0), 0, (self.delay_frames[0] + self.delay_frames[1]) * sizeof(double))
        for c in range(2):
            delay_carry(self.line(c), self.delay_frames[c], old.line(c), old.delay_frames[c], m.line_at[c])
            m.line_at[c] = 0
        for c in range(BANDS):
            m.made_g[c] = 0.0
        if self.order != old.order:
            svf_forget(m.low_end, MONO_SECTIONS)
        if self.guard_mode == OFF:
            antiphase_stand(&m.guard)

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef inline double *line(self, int channel) noexcept nogil:
        return <double *>(self.block + self.lines_at) + (self.delay_frames[0] if channel else 0)

    cdef inline bint bands_wanted(self) noexcept nogil:
        cdef int b
        for b in range(self.bands):
            if self.bands > 1 and self.glide[STEREO_WIDTH1 + b].value != 100.0:
                return True
        return False

    cdef inline bint mono_wanted(self) noexcept nogil:
        return self.glide[STEREO_MONO_BELOW].value > self.mono_off_hz

    cdef inline double level(self, int index) noexcept nogil:
        cdef double db = self.glide[index].value
        return gain_of_db(db) if db > self.silent_db else 0.0

    cdef bint aim(self, Memory *m) noexcept nogil:
        """Send the settings to where the parameters want them. True if any moves."""
        cdef Settings *s = &m.settings
        cdef double angle = self.glide[STEREO_ROTATION].value * M_PI / 180.0, along = cos(angle), across = sin(angle)
        cdef double balance_db = self.glide[STEREO_BALANCE].value
        cdef double left = gain_of_db(min(-balance_db, 0.0)), right = gain_of_db(min(balance_db, 0.0))
        cdef double mid = 0.5 * self.level(STEREO_MID_GAIN), side = 0.5 * self.level(STEREO_SIDE_GAIN)
        cdef bint moves = moving_aim(&s.mid_left, mid * (left * along + right * across), TICK)
        cdef int b
        moves |= moving_aim(&s.mid_right, mid * (right * along - left * across), TICK)
        moves |= moving_aim(&s.side_left, side * (left * along - right * across), TICK)
        moves |= moving_aim(&s.side_right, side * (-left * across - right * along), TICK)
        for b in range(BANDS):
            moves |= moving_aim(&s.width[b], 0.01 * self.glide[STEREO_WIDTH1 + b].value, TICK)
        for b in range(BANDS - 1):
            moves |= moving_aim(&s.g[b], warped(self.glide[STEREO_CROSSOVER1 + b].value, self.rate), TICK)
        return moves | moving_aim(&s.mono_g, warped(self.glide[STEREO_MONO_BELOW].value, self.rate), TICK)

    cdef bint idle(self, const Memory *m) noexcept nogil:
        cdef const Settings *s = &m.settings
        return (stands_at(&s.mid_left, 0.5) and stands_at(&s.mid_right, 0.5) and stands_at(&s.side_left, 0.5)
                and stands_at(&s.side_right, -0.5) and (self.bands > 1 or stands_at(&s.width[0], 1.0))
                and not fading_runs(&m.bands) and not fading_runs(&m.mono) and self.guard_mode == OFF)

    cdef void repair(self, Memory *m, sample_t **io, int frames) noexcept nogil:
        """Swap, polarity, delay: what makes no new number but the sign."""
        cdef sample_t late[CHUNK]
        cdef int c, i
        if self.swap:
            memcpy(late, io[0], frames * sizeof(double))
            memcpy(io[0], io[1], frames * sizeof(double))
            memcpy(io[1], late, frames * sizeof(double))
        for c in range(2):
            if self.invert[c]:
                for i in range(frames):
                    io[c][i] = -io[c][i]
            if self.delay_frames[c] > 0:
                m.line_at[c] = delay_through(self.line(c), self.delay_frames[c], m.line_at[c], io[c], late, frames)
                memcpy(io[c], late, frames * sizeof(double))

    cdef void shape(self, Memory *m, double *left, double *right, int frames) noexcept nogil:
        """A span over which the settings either stand or move, in place."""
        cdef double mid[CHUNK]
        cdef double side[CHUNK]
        cdef double source[CHUNK]
        cdef int i
        if self.idle(m):
            return
        self.turn(m, left, right, mid, side, frames)
        if self.bands == 1:
            self.widen(m, 0, side, frames, 0)
        elif fading_runs(&m.bands):
            self.run_bands(m, mid, side, frames)
        if self.guard_mode != OFF:
            for i in range(frames):
                source[i] = 0.5 * (left[i] - right[i])
            antiphase_run(&m.guard, self.guard_mode == WIDENING, self.guard_pole, source, mid, side, frames)
            self.common.reduction_db = fmax(self.common.reduction_db, -db_of_gain(m.guard.goal))
        if fading_runs(&m.mono):
            self.run_mono(m, mid, side, frames)
        put_back_changes(mid, side, left, right, frames)

    cdef void turn(self, const Memory *m, const double *left, const double *right, double *mid, double *side,
                   int frames) noexcept nogil:
        """Mid and side after rotation, balance and their levels."""
        cdef const Settings *s = &m.settings
        cdef double ml = s.mid_left.now, mr = s.mid_right.now, sl = s.side_left.now, sr = s.side_right.now, k
        cdef int i, at = TICK - m.left
        if m.left == 0:
            for i in range(frames):
                mid[i] = ml * left[i] + mr * right[i]
                side[i] = sl * left[i] + sr * right[i]
            return
        for i in range(frames):
            k = at + i + 1
            mid[i] = moving_at(&s.mid_left, k) * left[i] + moving_at(&s.mid_right, k) * right[i]
            side[i] = moving_at(&s.side_left, k) * left[i] + moving_at(&s.side_right, k) * right[i]

    cdef inline void widen(self, const Memory *m, int band, double *x, int frames, int done) noexcept nogil:
        """x times the band's width; `done` frames of the span are past."""
        cdef const Moving *width = &m.settings.width[band]
        cdef double now = width.now
        cdef int i, at = TICK - m.left + done
        if m.left == 0:
            for i in range(frames):
                x[i] *= now
            return
        for i in range(frames):
            x[i] *= moving_at(width, at + i + 1)

    cdef void run_bands(self, Memory *m, double *mid, double *side, int frames) noexcept nogil:
        """Width band by band; frame by frame while a crossover moves."""
        cdef double mid_before[CHUNK]
        cdef double side_before[CHUNK]
        cdef int i, b
        cdef bint moving = False
        memcpy(mid_before, mid, frames * sizeof(double))
        memcpy(side_before, side, frames * sizeof(double))
        for b in range(self.bands - 1):
            moving |= not stands_at(&m.settings.g[b], m.settings.g[b].now)
        if moving:
            for i in range(frames):
                self.make_bands(m, TICK - m.left + i + 1)
                self.band_span(m, mid + i, side + i, 1, i)
        else:
            self.make_bands(m, 0)
            self.band_span(m, mid, side, frames, 0)
        fading_blend(&m.bands, mid_before, mid, frames, self.fade_frames)
        fading_blend(&m.bands, side_before, side, frames, self.fade_frames)
        fading_pass(&m.bands, frames)
        if not fading_runs(&m.bands):
            for b in range(BANDS - 1):
                svf_forget(m.split[b], 2)
            svf_forget(m.all, BANDS - 1)

    cdef void make_bands(self, Memory *m, int k) noexcept nogil:
        """Sections of the crossovers for the frame `k` after the last tick; 0 at rest."""
        cdef double g
        cdef int b
        for b in range(self.bands - 1):
            g = moving_at(&m.settings.g[b], k)
            if m.made_g[b] != g:
                m.made_g[b] = g
                lr4_split(m.split[b], g)
                lr4_allpass(&m.all[b], g)

    cdef void band_span(self, Memory *m, double *mid, double *side, int frames, int done) noexcept nogil:
        """From the lowest crossover upwards: split, and take what lies under it through the allpass beside the mid."""
        cdef double low[CHUNK]
        cdef double below[CHUNK]
        cdef Svf *row[2]
        cdef int b, i
        memset(below, 0, frames * sizeof(double))
        for b in range(self.bands - 1):
            row[0] = &m.all[b]
            self.cascade(row, 1, mid, below, frames)
            memcpy(low, side, frames * sizeof(double))
            row[0], row[1] = &m.split[b][0], &m.split[b][1]
            self.cascade(row, 2, low, side, frames)
            self.widen(m, b, low, frames, done)
            for i in range(frames):
                below[i] += low[i]
        self.widen(m, self.bands - 1, side, frames, done)
        for i in range(frames):
            side[i] += below[i]

    cdef void run_mono(self, Memory *m, double *mid, double *side, int frames) noexcept nogil:
        cdef double mid_before[CHUNK]
        cdef double side_before[CHUNK]
        cdef Svf *row[MONO_SECTIONS]
        cdef const Moving *g = &m.settings.mono_g
        cdef int i
        memcpy(mid_before, mid, frames * sizeof(double))
        memcpy(side_before, side, frames * sizeof(double))
        for i in range(self.order):
            row[i] = &m.low_end[i]
        if not stands_at(g, g.now):
            for i in range(frames):
                self.make_mono(m, moving_at(g, TICK - m.left + i + 1))
                self.cascade(row, self.order, mid + i, side + i, 1)
        else:
            self.make_mono(m, g.now)
            self.cascade(row, self.order, mid, side, frames)
        fading_blend(&m.mono, mid_before, mid, frames, self.fade_frames)
        fading_blend(&m.mono, side_before, side, frames, self.fade_frames)
        fading_pass(&m.mono, frames)
        if not fading_runs(&m.mono):
            svf_forget(m.low_end, MONO_SECTIONS)

    cdef void make_mono(self, Memory *m, double g) noexcept nogil:
        if m.made_g[BANDS - 1] != g:
            m.made_g[BANDS - 1] = g
            mono_shape(m.low_end, self.order, g)
