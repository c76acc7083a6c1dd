"""Multiband dynamics: 2 to 6 bands, each a compressor or expander, downward or upward.

Bands: Linkwitz-Riley with phase-compensated sum (`crossover.pxd`). Dynamics: `band_dynamics.pxd`.

The sum of untouched bands is flat, but turned in phase. So a stage in which no band changes anything steps aside, and gives its
input to the bit; it comes in and goes with a fade. The mix is made inside, between signals that are turned alike: the input
itself would leave notches at the crossovers.
"""
cimport cython
from libc.math cimport fmax
from libc.stdlib cimport free
from libc.string cimport memcmp, memcpy, memset

from dsp_core.band_dynamics cimport BandCurve, BandDynamics, Moves, band_dynamics, band_silence_db, set_times
from dsp_core.crossover cimport (
    MOST_BANDS, Crossover, CrossoverKind, CrossoverRun, crossover_aim, crossover_arrive, crossover_fastest, crossover_forget,
    crossover_move, crossover_set, crossover_stand, crossover_stop)
from dsp_core.display cimport Display
from dsp_core.fade cimport make_fade
from dsp_core.gain_computer cimport GainComputer, gain_computer
from dsp_core.level cimport PeakOf, peak_fastest
from dsp_core.linear_crossover cimport LinearCrossover
from dsp_core.memory cimport present
from dsp_core.moving cimport Moving, moving_aim, moving_arrive, moving_stand, moving_stop, stands_at
from dsp_core.param_ids.common cimport COMMON_BYPASS, COMMON_MIX
from dsp_core.param_ids.multiband cimport (
    MULTIBAND_BAND1_ATTACK, MULTIBAND_BAND1_KNEE, MULTIBAND_BAND1_MAKEUP,
    MULTIBAND_BAND1_MODE, MULTIBAND_BAND1_MUTE, MULTIBAND_BAND1_ON, MULTIBAND_BAND1_RANGE, MULTIBAND_BAND1_RATIO, MULTIBAND_BAND1_RELEASE,
    MULTIBAND_BAND1_SOLO, MULTIBAND_BAND1_THRESHOLD, MULTIBAND_BAND2_ON, MULTIBAND_BANDS, MULTIBAND_CROSSOVER1, MULTIBAND_LINK,
    MULTIBAND_PHASE, MULTIBAND_SLOPE,
)
from dsp_core.stages.stage cimport STEREO, TICK, Stage, sample_t
from dsp_core.units cimport frames_of_ms

cdef enum:
    PART = 128                   # most frames worked on at once: the planes of six bands stay small
    STRIDE = MULTIBAND_BAND2_ON - MULTIBAND_BAND1_ON

cdef enum:                       # dsp_core.params.multiband.BAND_MODES
    COMPRESS = 0
    LIFT = 1
    EXPAND = 2
    OPEN_UP = 3

cdef double WARM_MS = 20.0       # the filters of a stage that comes in fill, unheard
cdef double FADE_MS = 20.0
cdef double SHOWN_MS = 10.0      # a row of the display: each band's level, then what is added to it in dB


cdef struct Settings:            # of Moving alone
    BandCurve band[MOST_BANDS]


cdef int SETTINGS = sizeof(Settings) // sizeof(Moving)


cdef struct Memory:
    Settings settings
    Crossover crossover
    bint crossing                # a crossover moves
    int left                     # frames until settings and crossovers arrive
    bint needed                  # some band changes something
    int come                     # frames of warming and fading in; 0: steps aside
    double attack_ms[MOST_BANDS]             # what the times were made for
    double release_ms[MOST_BANDS]
    Moves moves[2]               # of each channel; a lane is a band


@cython.final
cdef class Multiband(Stage):
    cdef size_t memory_at
    cdef CrossoverKind split
    cdef bint is_linear
    cdef LinearCrossover linear  # else None
    cdef size_t linear_at
    cdef int mode[MOST_BANDS]
    cdef int warm_frames
    cdef int fade_frames
    cdef double *fade            # rising weights
    cdef CrossoverRun run_split
    cdef PeakOf peak_of
    cdef const GainComputer *computer
    cdef const BandDynamics *dynamics
    cdef Crossover shown         # bands for the display while the stage steps aside

    def __cinit__(self, *args, **kwargs):
        self.fade = NULL

    def __dealloc__(self):
        free(self.fade)

    cdef int prepare(self) except -1:
        cdef int b
        self.split.bands = <int>self.fixed(MULTIBAND_BANDS) + 2
        self.split.pairs = <int>self.fixed(MULTIBAND_SLOPE) + 1
        for b in range(MOST_BANDS):
            self.mode[b] = <int>self.fixed(MULTIBAND_BAND1_MODE + b * STRIDE)
        self.run_split, self.computer, self.dynamics = crossover_fastest(), gain_computer(), band_dynamics()
        self.peak_of = peak_fastest()
        self.warm_frames, self.fade_frames = frames_of_ms(WARM_MS, self.rate), frames_of_ms(FADE_MS, self.rate)
        self.fade = <double *>present(self.fade_frames, sizeof(double))
        if self.fade is NULL:
            raise MemoryError
        make_fade(self.fade, self.fade_frames)
        self.memory_at = self.need(sizeof(Memory))
        self.display = Display(2 * MOST_BANDS, frames_of_ms(SHOWN_MS, self.rate), 64)
        self.is_linear = self.moves_by_settling = self.fixed(MULTIBAND_PHASE) != 0
        if self.is_linear:
            self.prepare_linear()
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef Moving *each = <Moving *>&m.settings
        cdef double hz[MOST_BANDS]
        cdef int i
        self.aim(m)
        for i in range(SETTINGS):
            moving_stand(&each[i], each[i].wish)
        self.crossovers(hz)
        crossover_stand(&m.crossover, &self.split, hz, self.rate)
        if self.is_linear:
            self.linear.convolver.rest(self.block + self.linear_at)
        self.rest(m)
        m.come = self.warm_frames + self.fade_frames if m.needed else 0

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef Moving *each = <Moving *>&m.settings
        cdef double hz[MOST_BANDS]
        cdef bint moves
        cdef int i
        if m.left > 0:
            crossover_stop(&m.crossover, &self.split, TICK - m.left)
            for i in range(SETTINGS):
                moving_stop(&each[i], TICK - m.left)
        moves = self.aim(m)
        self.crossovers(hz)
        m.crossing = crossover_aim(&m.crossover, &self.split, hz, self.rate, TICK) and not self.is_linear
        m.left = TICK if moves or m.crossing else 0

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef Moving *each = <Moving *>&m.settings
        cdef int done = 0, n, i
        while done < frames:
            n = min(frames - done, <int>PART)
            if m.left > 0:
                n = min(n, m.left)
            if m.come > 0 or m.needed or self.is_linear:
                self.work(m, io[0] + done, io[channels - 1] + done, channels, n)
            elif self.display.wanted():
                self.listen_aside(m, io[0] + done, io[channels - 1] + done, channels, n)
            self.display.pass_by(n)
            done += n
            if m.left > 0:
                m.left -= n
                if m.left == 0:
                    m.crossing = False
                    crossover_arrive(&m.crossover, &self.split)
                    for i in range(SETTINGS):
                        moving_arrive(&each[i])

    cdef int latency(self) noexcept nogil:
        return self.linear.delay if self.is_linear else 0

    def settle(self):
        """Control thread: make the FIRs of crossovers that moved. False: call again soon."""
        cdef double hz[MOST_BANDS]
        if not self.is_linear:
            return True
        self.wanted_crossovers(hz)
        return self.linear.redesign(hz)

    def restart_now(self):
        """Forget the past: the same as a new instance with the same values."""
        if not self.settle():
            self.restart()       # ends the fade that keeps the FIRs busy
            self.settle()
        self.restart()

    cdef int prepare_linear(self) except -1:
        cdef double hz[MOST_BANDS]
        self.linear = LinearCrossover(self.rate, self.split.bands, 2 if self.placement == STEREO else 1, 4 * self.split.pairs)
        self.linear_at = self.need(self.linear.bytes)
        self.wanted_crossovers(hz)
        self.linear.redesign(hz)
        return 0

    cdef int warm_up(self, Stage heir) except -1:
        """FIRs are heard when they are full. Handed down, the past is; what old FIRs made of it takes two large partitions to go."""
        if not self.is_linear:
            return Stage.warm_up(self, heir)
        if heir is not None and heir.block_bytes == self.block_bytes and heir.latency_frames == self.latency_frames:
            return 2 * self.linear.convolver.period
        return self.latency_frames + self.linear.convolver.taps

    cdef double wet_wanted(self) noexcept nogil:
        """The mix is part of the bands' gains."""
        return 1.0 - self.glide[COMMON_BYPASS].value

    cdef void inherit(self, Stage old) noexcept nogil:
        """Bands that work as before go on with their memory; other crossovers start empty."""
        cdef Memory *m = self.memory()
        cdef double hz[MOST_BANDS]
        cdef int b
        Stage.inherit(self, old)
        if memcmp(&self.split, &(<Multiband>old).split, sizeof(self.split)) != 0:
            self.crossovers(hz)
            memset(&m.crossover, 0, sizeof(Crossover))
            crossover_stand(&m.crossover, &self.split, hz, self.rate)
        for b in range(MOST_BANDS):
            if self.mode[b] != (<Multiband>old).mode[b]:
                self.rest_band(m, b)

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef void rest(self, Memory *m) noexcept nogil:
        """The detectors as silence leaves them."""
        cdef int b
        for b in range(MOST_BANDS):
            self.rest_band(m, b)

    cdef void rest_band(self, Memory *m, int b) noexcept nogil:
        cdef double level_db = band_silence_db(&m.settings.band[b]) if self.under(b) else 0.0
        cdef int c
        for c in range(2):
            m.moves[c].held[b] = m.moves[c].soft[b] = level_db

    cdef inline bint under(self, int b) noexcept nogil:
        return self.mode[b] == LIFT or self.mode[b] == EXPAND

    cdef inline double sign(self, int b) noexcept nogil:
        return 1.0 if self.mode[b] == LIFT or self.mode[b] == OPEN_UP else -1.0

    cdef inline double value(self, int index, int b) noexcept nogil:
        return self.glide[index + b * STRIDE].value

    cdef double slope(self, int b) noexcept nogil:
        """dB of change per dB of level beyond the knee."""
        cdef double ratio = self.value(MULTIBAND_BAND1_RATIO, b)
        return 1.0 - 1.0 / ratio if self.mode[b] == COMPRESS or self.mode[b] == LIFT else ratio - 1.0

    cdef void wanted_crossovers(self, double *hz) noexcept nogil:
        cdef int i
        for i in range(self.split.bands - 1):
            hz[i] = self.fixed(MULTIBAND_CROSSOVER1 + i)
            if i > 0:
                hz[i] = fmax(hz[i], hz[i - 1])

    cdef void crossovers(self, double *hz) noexcept nogil:
        """Ascending: one lower than its lower neighbour waits there."""
        cdef int i
        for i in range(self.split.bands - 1):
            hz[i] = self.glide[MULTIBAND_CROSSOVER1 + i].value
            if i > 0:
                hz[i] = fmax(hz[i], hz[i - 1])

    cdef bint aim(self, Memory *m) noexcept nogil:
        """Send the settings to where the parameters want them, and see who is needed. True if any moves."""
        cdef double any_solo = 0.0
        cdef bint moves = False
        cdef int b
        m.needed = False
        for b in range(self.split.bands):
            any_solo = fmax(any_solo, self.value(MULTIBAND_BAND1_SOLO, b))
        for b in range(self.split.bands):
            moves |= self.aim_band(m, b, any_solo)
        return moves

    cdef bint aim_band(self, Memory *m, int b, double any_solo) noexcept nogil:
        cdef BandCurve *c = &m.settings.band[b]
        cdef double mix = 0.01 * self.glide[COMMON_MIX].value
        cdef double open = (1.0 - self.value(MULTIBAND_BAND1_MUTE, b)) * (1.0 - any_solo * (1.0 - self.value(MULTIBAND_BAND1_SOLO, b)))
        cdef double active = self.value(MULTIBAND_BAND1_ON, b)
        cdef double share = mix * open * active, base = (1.0 - mix) + mix * open * (1.0 - active)
        cdef double slope = self.slope(b), range_db = self.value(MULTIBAND_BAND1_RANGE, b)
        cdef double makeup_db = self.value(MULTIBAND_BAND1_MAKEUP, b)
        cdef bint moves = moving_aim(&c.curve.threshold_db, self.value(MULTIBAND_BAND1_THRESHOLD, b), TICK)
        moves |= moving_aim(&c.curve.knee_db, self.value(MULTIBAND_BAND1_KNEE, b), TICK)
        moves |= moving_aim(&c.curve.slope, slope, TICK)
        moves |= moving_aim(&c.curve.link, 0.01 * self.glide[MULTIBAND_LINK].value, TICK)
        moves |= moving_aim(&c.curve.makeup_db, makeup_db, TICK)
        moves |= moving_aim(&c.range_db, range_db, TICK)
        moves |= moving_aim(&c.base, base, TICK)
        moves |= moving_aim(&c.share, share, TICK)
        m.needed |= (mix > 0.0 and open < 1.0) or (share > 0.0 and (makeup_db != 0.0 or (slope > 0.0 and range_db > 0.0)))
        if m.attack_ms[b] != self.value(MULTIBAND_BAND1_ATTACK, b) or m.release_ms[b] != self.value(MULTIBAND_BAND1_RELEASE, b):
            m.attack_ms[b], m.release_ms[b] = self.value(MULTIBAND_BAND1_ATTACK, b), self.value(MULTIBAND_BAND1_RELEASE, b)
            set_times(&m.moves[0], b, m.attack_ms[b], m.release_ms[b], self.rate)
            set_times(&m.moves[1], b, m.attack_ms[b], m.release_ms[b], self.rate)
        return moves

    cdef void work(self, Memory *m, sample_t *left, sample_t *right, int channels, int frames) noexcept nogil:
        """Split, move and sum at most PART frames in place."""
        cdef double band[2 * MOST_BANDS][PART]
        cdef double gain[2 * MOST_BANDS][PART]
        cdef double late[2][PART]
        cdef double nothing[PART]
        cdef double *plane[2 * MOST_BANDS]
        cdef sample_t *io[2]
        cdef double *heard[2]
        cdef const double *second = right
        cdef bint moving = m.left > 0
        cdef int c, b, lanes, at = TICK - m.left
        io[0], io[1] = left, right
        heard[0], heard[1] = late[0], late[1]
        for b in range(2 * self.split.bands):
            plane[b] = band[b]
        if channels == 1:
            memset(nothing, 0, frames * sizeof(double))
            second = nothing
        if self.is_linear:
            self.linear.run(self.block + self.linear_at, self.when, io, plane, heard, frames)
            memcpy(left, late[0], frames * sizeof(double))
            memcpy(right, late[channels - 1], frames * sizeof(double))
        elif moving and m.crossing:
            crossover_move(&m.crossover, &self.split, self.run_split, at, left, second, plane, frames)
        else:
            self.run_split(&m.crossover, &self.split, left, second, plane, frames)
        if self.display.wanted():
            self.show_levels(band, channels, frames)
        if self.is_linear and m.come == 0 and not m.needed:
            return
        lanes = self.find_gains(m, band, gain, channels, frames)
        if self.is_linear:
            self.less_one(gain, lanes, frames)
        else:
            memset(late, 0, sizeof(late))
        for c in range(channels):
            for b in range(self.split.bands):
                self.dynamics.add(band[2 * b + c], gain[2 * b + min(c, lanes - 1)], frames, late[c])
            self.come_or_go(m, io[c], late[c], frames)
        self.step(m, frames)

    cdef void less_one(self, double (*gain)[PART], int lanes, int frames) noexcept nogil:
        """Bands of linear phase are added to their own sum: what is not changed adds exactly nothing."""
        cdef int b, c, i
        for b in range(self.split.bands):
            for c in range(lanes):
                for i in range(frames):
                    gain[2 * b + c][i] -= 1.0

    cdef int find_gains(self, Memory *m, double (*band)[PART], double (*gain)[PART], int channels, int frames) noexcept nogil:
        """gain[2 b + c] of band b; gives how many channels have their own: 1 for two whose past and present are the same."""
        cdef bint moving = m.left > 0
        cdef bint linked = channels == 2 and stands_at(&m.settings.band[0].curve.link, 1.0)
        cdef const BandCurve *curve
        cdef double louder[PART]
        cdef int b, c, lanes = 1 if linked else channels, at = TICK - m.left
        for b in range(self.split.bands):
            curve = &m.settings.band[b]
            if linked:
                self.computer.larger(band[2 * b], band[2 * b + 1], frames, louder)
                self.dynamics.wants(louder, frames, curve, self.under(b), moving, at, gain[2 * b])
                continue
            for c in range(channels):
                self.dynamics.wants(band[2 * b + c], frames, curve, self.under(b), moving, at, gain[2 * b + c])
            if channels == 2:
                self.computer.link(gain[2 * b], gain[2 * b + 1], frames, &curve.curve, moving, at)
        if linked and memcmp(&m.moves[0], &m.moves[1], sizeof(Moves)) != 0:
            lanes = 2
            for b in range(self.split.bands):
                memcpy(gain[2 * b + 1], gain[2 * b], frames * sizeof(double))
        for c in range(lanes):
            self.move(m, c, gain, frames)
        if lanes == 1:
            m.moves[1] = m.moves[0]
        return lanes

    cdef void move(self, Memory *m, int channel, double (*gain)[PART], int frames) noexcept nogil:
        """Wanted changes of one channel in, gains out."""
        cdef bint moving = m.left > 0
        cdef double unused[PART]
        cdef double *lane[8]
        cdef const BandCurve *curve
        cdef int b, at = TICK - m.left
        memset(unused, 0, frames * sizeof(double))
        for b in range(8):
            lane[b] = &gain[2 * b + channel][0] if b < self.split.bands else &unused[0]
        self.dynamics.moves(&m.moves[channel], lane, self.split.bands, frames)
        for b in range(self.split.bands):
            curve = &m.settings.band[b]
            self.dynamics.changes(lane[b], frames, curve, self.under(b), moving, at)
            if self.sign(b) < 0.0 and curve.share.now > 0.0:
                self.common.reduction_db = fmax(self.common.reduction_db, self.peak_of(lane[b], frames))
            if self.display.wanted() and curve.share.now > 0.0:
                self.display.keep(MOST_BANDS + b, self.sign(b) * self.peak_of(lane[b], frames))
            self.dynamics.gains(lane[b], frames, curve, self.sign(b), moving, at)

    cdef void come_or_go(self, Memory *m, sample_t *io, const double *sum, int frames) noexcept nogil:
        """One channel of the sum takes the place of the input as far as the stage has come in."""
        cdef int whole = self.warm_frames + self.fade_frames, come = m.come, i
        if come == whole and m.needed:
            memcpy(io, sum, frames * sizeof(double))
            return
        for i in range(frames):
            come = min(come + 1, whole) if m.needed else max(come - 1, 0)
            if come > self.warm_frames:
                io[i] += self.fade[come - self.warm_frames - 1] * (sum[i] - io[i])

    cdef void step(self, Memory *m, int frames) noexcept nogil:
        """Count the frames of coming and going; a stage that has gone forgets what it heard."""
        if m.needed:
            m.come = min(m.come + frames, self.warm_frames + self.fade_frames)
            return
        m.come = max(m.come - frames, 0)
        if m.come <= self.warm_frames:
            m.come = 0
            crossover_forget(&m.crossover)
            self.rest(m)

    cdef void show_levels(self, double (*band)[PART], int channels, int frames) noexcept nogil:
        """The louder channel of each band."""
        cdef int b, c
        for b in range(self.split.bands):
            for c in range(channels):
                self.display.keep(b, self.peak_of(band[2 * b + c], frames))

    cdef void listen_aside(self, const Memory *m, const sample_t *left, const sample_t *right, int channels, int frames) noexcept nogil:
        """The bands of a stage that changes nothing, for the display alone: thresholds are set by them."""
        cdef double band[2 * MOST_BANDS][PART]
        cdef double *plane[2 * MOST_BANDS]
        cdef int b
        for b in range(2 * self.split.bands):
            plane[b] = band[b]
        for b in range(self.split.bands - 1):
            if self.shown.g[b].now != m.crossover.g[b].now:
                self.shown.g[b] = m.crossover.g[b]
                crossover_set(&self.shown, &self.split, b, self.shown.g[b].now)
        self.run_split(&self.shown, &self.split, left, right, plane, frames)
        self.show_levels(band, channels, frames)
