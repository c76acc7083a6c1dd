"""Dynamic equaliser: six bells or shelves whose gain follows what is heard at their place.

Each band has a filter that listens to the stage's input (`band_ears.pxd`), a gain computer and a detector (`band_dynamics.pxd`), and a
filter that gets new coefficients for every sample (`dynamic_band.pxd`), on straight ways between groups of four. Both channels get the
same gain, from the louder of both.
"""
cimport cython
from libc.math cimport fabs, fmax, fmin
from libc.string cimport memcpy, memset

from dsp_core.band_dynamics cimport BandCurve, BandDynamics, band_dynamics, band_silence_db, set_times
from dsp_core.design.shape cimport BELL, HIGH_SHELF, LOW_SHELF, Shape
from dsp_core.band_ears cimport GROUP, Ear, EarOut, Ears, OwnLevel, ears, relative_level
from dsp_core.display cimport Display
from dsp_core.dynamic_band cimport (
    DYNAMIC_BANDS, DYNAMIC_PART, RIDE_LEAST, RIDE_MOST, DynamicBand, DynamicBands, DynamicRamp, DynamicRide, band_aim,
    band_stand, detector_coefficients, dynamic_bands, dynamic_rides, fit_band, ramp_stand)
from dsp_core.dynamic_memory cimport (
    GROUPS, PAIRS, Memory, any_dynamic, end_of_group, forget_detector, lead_ear, let_hear, memory_arrive, memory_stand, memory_stop, set_ears)
from dsp_core.level cimport peak_of
from dsp_core.moving cimport Moving, moving_aim, moving_at, moving_stand
from dsp_core.param_ids.dynamic_eq cimport (
    DYNAMIC_EQ_BAND1_ATTACK, DYNAMIC_EQ_BAND1_DETECTOR, DYNAMIC_EQ_BAND1_FREQ, DYNAMIC_EQ_BAND1_GAIN, DYNAMIC_EQ_BAND1_LISTEN,
    DYNAMIC_EQ_BAND1_ON, DYNAMIC_EQ_BAND1_Q, DYNAMIC_EQ_BAND1_RANGE, DYNAMIC_EQ_BAND1_RATIO, DYNAMIC_EQ_BAND1_RELATIVE,
    DYNAMIC_EQ_BAND1_RELEASE, DYNAMIC_EQ_BAND1_THRESHOLD, DYNAMIC_EQ_BAND1_TYPE, DYNAMIC_EQ_BAND1_WHEN, DYNAMIC_EQ_BAND2_ON,
)
from dsp_core.placement cimport placed_part
from dsp_core.stages.stage cimport STEREO, TICK, Stage, group_phase, sample_t
from dsp_core.units cimport frames_of_ms, pole_of_ms

cdef enum:
    STRIDE = DYNAMIC_EQ_BAND2_ON - DYNAMIC_EQ_BAND1_ON

cdef double KNEE_DB = 6.0
cdef double RECENT_MS = 20.0             # silence shorter than this still counts as sound
cdef double OWN_LEVEL_MS = 20000.0       # memory of a band's own level
cdef double LEAST_RANGE_DB = 1e-3        # keeps the inverse finite
cdef double SHOWN_MS = 10.0              # a row of the display: what each band hears, then what is added to its gain in dB
cdef double EASE = 0.25                  # of the range, its end; tests/dsp_core/test_moves.py
cdef int[3] SHAPES = [BELL, LOW_SHELF, HIGH_SHELF]


cdef inline void at_most_all(double *share, int groups) noexcept nogil:
    cdef int g
    for g in range(groups):
        share[g] = share[g] if share[g] < 1.0 else 1.0


cdef inline double eased(double share) noexcept nogil:
    """The end of the range without a corner, for bands whose change is not smoothed once more; exact at the end itself."""
    cdef double t = fmax(share - (1.0 - EASE), 0.0) * (1.0 / EASE)
    return share + EASE * (t * t * (1.0 - t))


@cython.final
cdef class DynamicEq(Stage):
    cdef size_t memory_at
    cdef int type[DYNAMIC_BANDS]
    cdef bint under[DYNAMIC_BANDS]
    cdef bint relative[DYNAMIC_BANDS]
    cdef double recent_pole
    cdef double longest          # groups
    cdef Ears hear
    cdef const BandDynamics *dynamics
    cdef const DynamicBands *filters
    cdef DynamicRide ride        # or NULL
    cdef Ear shown[PAIRS]        # for the display: bands without dynamics hear nothing
    cdef OwnLevel shown_own[DYNAMIC_BANDS]

    cdef int prepare(self) except -1:
        cdef int b
        for b in range(DYNAMIC_BANDS):
            self.type[b] = SHAPES[<int>self.fixed(DYNAMIC_EQ_BAND1_TYPE + b * STRIDE)]
            self.under[b] = self.fixed(DYNAMIC_EQ_BAND1_WHEN + b * STRIDE) > 0
            self.relative[b] = self.fixed(DYNAMIC_EQ_BAND1_DETECTOR + b * STRIDE) > 0
        self.recent_pole, self.longest = pole_of_ms(RECENT_MS, self.rate / GROUP), 1e-3 * OWN_LEVEL_MS * self.rate / GROUP
        self.hear, self.dynamics, self.filters, self.ride = ears(), band_dynamics(), dynamic_bands(), dynamic_rides()
        self.memory_at = self.need(sizeof(Memory))
        self.display = Display(2 * DYNAMIC_BANDS, frames_of_ms(SHOWN_MS, self.rate), 64)
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef int b
        self.aim(m)
        memory_stand(m)
        for b in range(DYNAMIC_BANDS):
            self.restart_band(m, b)
            self.rest_moves(m, b)

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef bint moves = False
        cdef int b
        memory_stop(m)
        for b in range(DYNAMIC_BANDS):
            moves |= self.aim_filter(m, b)
        moves |= self.aim(m)
        m.left = TICK if moves else 0

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef double nothing[DYNAMIC_PART]
        cdef int done = 0, n
        if channels == 1:
            memset(nothing, 0, sizeof(nothing))
        if not m.begun:
            m.begun, m.phase = True, group_phase(self.when, GROUP)
        while done < frames:
            n = min(frames - done, <int>DYNAMIC_PART)
            if m.left > 0:
                n = min(n, m.left)
            self.work(m, io[0] + done, io[1] + done if channels == 2 else nothing, n)
            if channels == 1:
                memset(nothing, 0, sizeof(nothing))
            done += n
            if m.left > 0:
                m.left -= n
                if m.left == 0:
                    memory_arrive(m)

    cdef int latency(self) noexcept nogil:
        return 0

    cdef void inherit(self, Stage old) noexcept nogil:
        """Bands that work as before go on with their memory."""
        cdef Memory *m = self.memory()
        cdef int b
        Stage.inherit(self, old)
        for b in range(DYNAMIC_BANDS):
            if self.type[b] != (<DynamicEq>old).type[b]:
                self.restart_band(m, b)
                forget_detector(m, b)
        memory_stop(m)
        self.aim(m)
        memory_stand(m)
        for b in range(DYNAMIC_BANDS):
            if (self.type[b] != (<DynamicEq>old).type[b] or self.under[b] != (<DynamicEq>old).under[b]
                    or self.relative[b] != (<DynamicEq>old).relative[b]):
                self.rest_moves(m, b)

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef inline double value(self, int index, int b) noexcept nogil:
        return self.glide[index + b * STRIDE].value

    cdef Shape shape(self, int b) noexcept nogil:
        cdef Shape s
        s.type, s.order, s.rate = self.type[b], 2, self.rate
        s.hz, s.q = self.value(DYNAMIC_EQ_BAND1_FREQ, b), self.value(DYNAMIC_EQ_BAND1_Q, b)
        s.gain_db = self.value(DYNAMIC_EQ_BAND1_ON, b) * self.value(DYNAMIC_EQ_BAND1_GAIN, b)
        return s

    cdef double range_db(self, int b) noexcept nogil:
        return self.value(DYNAMIC_EQ_BAND1_ON, b) * self.value(DYNAMIC_EQ_BAND1_RANGE, b)

    cdef void restart_band(self, Memory *m, int b) noexcept nogil:
        """The filter at the values of now, with empty memory."""
        cdef double poly[6][5]
        cdef Shape s = self.shape(b)
        self.note_shape(m, b, &s)
        fit_band(s, m.range_db[b], poly)
        band_stand(&m.band[b], poly)
        ramp_stand(&m.ramp[b], &m.band[b])
        m.running[b] = not m.neutral[b]

    cdef void note_shape(self, Memory *m, int b, const Shape *s) noexcept nogil:
        m.hz[b], m.q[b], m.gain_db[b], m.range_db[b] = s.hz, s.q, s.gain_db, self.range_db(b)
        m.neutral[b] = m.gain_db[b] == 0.0 and m.range_db[b] == 0.0

    cdef bint aim_filter(self, Memory *m, int b) noexcept nogil:
        """Send the filter to where the parameters want it. True if it moves."""
        cdef double poly[6][5]
        cdef Shape s = self.shape(b)
        cdef int j, n
        cdef bint moves
        if s.hz != m.hz[b] or s.q != m.q[b] or s.gain_db != m.gain_db[b] or self.range_db(b) != m.range_db[b]:
            self.note_shape(m, b, &s)
            fit_band(s, m.range_db[b], poly)
        elif m.running[b]:
            for j in range(6):
                for n in range(5):
                    poly[j][n] = m.band[b].poly[j][n].wish
        else:
            return False
        if not m.running[b]:
            # From nothing: the same poles with nothing added, so that the first way is not one of the poles.
            m.running[b] = True
            band_stand(&m.band[b], poly)
            for j in range(3, 6):
                for n in range(5):
                    moving_stand(&m.band[b].poly[j][n], 0.0)
            ramp_stand(&m.ramp[b], &m.band[b])
        moves = band_aim(&m.band[b], poly, TICK)
        if m.neutral[b] and not moves:
            m.running[b] = False
            memset(m.band[b].s, 0, sizeof(m.band[b].s))
        return moves

    cdef bint aim(self, Memory *m) noexcept nogil:
        """The same for all the rest."""
        cdef double any_listen = 0.0
        cdef bint moves = False
        cdef int b
        for b in range(DYNAMIC_BANDS):
            any_listen = fmax(any_listen, self.value(DYNAMIC_EQ_BAND1_LISTEN, b))
            moves |= self.aim_band(m, b)
        m.listening = any_listen > 0.0 or m.settings.heard.now < 1.0
        return moves | moving_aim(&m.settings.heard, 1.0 - any_listen, TICK)

    cdef bint aim_band(self, Memory *m, int b) noexcept nogil:
        cdef BandCurve *c = &m.settings.curve[b]
        cdef double range_db = fabs(self.range_db(b)), threshold_db = self.value(DYNAMIC_EQ_BAND1_THRESHOLD, b)
        cdef double hears[6]
        cdef bint moves
        cdef int j
        if self.relative[b]:
            threshold_db = self.value(DYNAMIC_EQ_BAND1_RELATIVE, b)
        moves = moving_aim(&c.curve.threshold_db, threshold_db, TICK)
        moves |= moving_aim(&c.curve.knee_db, KNEE_DB, TICK)
        moves |= moving_aim(&c.curve.slope, 1.0 - 1.0 / self.value(DYNAMIC_EQ_BAND1_RATIO, b), TICK)
        moves |= moving_aim(&c.range_db, range_db, TICK)
        moves |= moving_aim(&m.settings.inverse_range[b], 1.0 / fmax(range_db, LEAST_RANGE_DB), TICK)
        moves |= moving_aim(&m.settings.listen[b], self.value(DYNAMIC_EQ_BAND1_LISTEN, b), TICK)
        detector_coefficients(self.type[b], self.value(DYNAMIC_EQ_BAND1_FREQ, b), self.value(DYNAMIC_EQ_BAND1_Q, b), self.rate, hears)
        for j in range(6):
            moves |= moving_aim(&m.settings.hears[b][j], hears[j], TICK)
        if m.attack_ms[b] != self.value(DYNAMIC_EQ_BAND1_ATTACK, b) or m.release_ms[b] != self.value(DYNAMIC_EQ_BAND1_RELEASE, b):
            m.attack_ms[b], m.release_ms[b] = self.value(DYNAMIC_EQ_BAND1_ATTACK, b), self.value(DYNAMIC_EQ_BAND1_RELEASE, b)
            set_times(&m.moves, b, m.attack_ms[b], m.release_ms[b], self.rate / GROUP)
        return moves

    cdef inline void rest_moves(self, Memory *m, int b) noexcept nogil:
        """As silence leaves them."""
        m.moves.held[b] = m.moves.soft[b] = band_silence_db(&m.settings.curve[b]) if self.under[b] else 0.0

    cdef void work(self, Memory *m, sample_t *left, sample_t *right, int frames) noexcept nogil:
        """At most DYNAMIC_PART frames in place. A stage without a running band does nothing here."""
        cdef double sound[2 * DYNAMIC_BANDS][DYNAMIC_PART]
        cdef double peak[DYNAMIC_BANDS][GROUPS]
        cdef double power[DYNAMIC_BANDS][GROUPS]
        cdef double share[DYNAMIC_BANDS][GROUPS]
        cdef int groups = (m.phase + frames) // GROUP
        memset(share, 0, sizeof(share))
        if self.display.wanted():
            self.show_levels(m, left, right, frames)
        if m.listening or any_dynamic(m, 0, DYNAMIC_BANDS):
            self.listen(m, left, right, sound, peak, power, frames)
            self.find_shares(m, peak, power, share, groups)
        self.run_bands(m, share, groups, left, right, frames)
        if m.listening:
            let_hear(m, sound, left, right, frames)
        m.phase = (m.phase + frames) % GROUP
        self.display.pass_by(frames)

    cdef void run_bands(self, Memory *m, double (*share)[GROUPS], int groups, sample_t *left, sample_t *right, int frames) noexcept nogil:
        """The filters of the running bands, in place."""
        cdef double coefficients[DYNAMIC_BANDS][6][DYNAMIC_PART]
        cdef DynamicBand *band[DYNAMIC_BANDS]
        cdef DynamicRamp *ramp[DYNAMIC_BANDS]
        cdef double *used[DYNAMIC_BANDS]
        cdef int place[DYNAMIC_BANDS]
        cdef int b, count = 0
        for b in range(DYNAMIC_BANDS):
            if m.running[b]:
                band[count], ramp[count], used[count], place[count] = &m.band[b], &m.ramp[b], share[b], b
                count += 1
        if self.ride is not NULL and RIDE_LEAST <= count <= RIDE_MOST and m.left == 0 and m.phase == 0 and frames % GROUP == 0:
            self.ride(band, ramp, count, used, left, right, groups)
            return
        for b in range(count):
            self.find_coefficients(m, place[b], used[b], groups, coefficients[b], frames)
        self.filters.cascade(band, count, coefficients, left, right, frames)

    cdef void listen(self, Memory *m, const double *left, const double *right, double (*sound)[DYNAMIC_PART], double (*peak)[GROUPS],
                     double (*power)[GROUPS], int frames) noexcept nogil:
        """What every band hears of each group that ends in these frames; the sound itself where somebody listens to it."""
        cdef Ear *ear[PAIRS]
        cdef EarOut out[PAIRS]
        cdef int i, k, count = 0
        for k in range(PAIRS):
            if m.listening or m.left > 0 or any_dynamic(m, 2 * k, 2 * k + 2):
                ear[count] = &m.ear[k]
                lead_ear(&out[count], k, m.listening, sound, peak, power, 0, 0)
                count += 1
        if m.left == 0:
            self.hear(ear, count, left, right, frames, m.phase, out)
            return
        for i in range(frames):
            set_ears(m, True, TICK - m.left + i + 1)
            for k in range(PAIRS):
                lead_ear(&out[k], k, m.listening, sound, peak, power, i, (m.phase + i) // GROUP)
            self.hear(ear, PAIRS, left + i, right + i, 1, (m.phase + i) % GROUP, out)

    cdef void find_shares(self, Memory *m, double (*peak)[GROUPS], double (*power)[GROUPS], double (*share)[GROUPS],
                          int groups) noexcept nogil:
        """How much of its range each band uses, 0 to 1, at the end of every group."""
        cdef bint moving = m.left > 0
        cdef double unused[GROUPS]
        cdef double *lane[8]
        cdef const BandCurve *curve
        cdef const Moving *inverse
        cdef int b, g, end = 0, step = 1 if moving else groups
        memset(unused, 0, sizeof(unused))
        for b in range(8):
            lane[b] = &share[b][0] if b < DYNAMIC_BANDS else &unused[0]
        for b in range(DYNAMIC_BANDS if groups > 0 else 0):
            if not any_dynamic(m, b, b + 1):
                continue
            end = b + 1
            if self.relative[b]:
                relative_level(&m.own[b], self.recent_pole, self.longest, power[b], peak[b], groups)
            for g in range(groups if moving else 1):
                self.dynamics.wants(&peak[b][g], step, &m.settings.curve[b], self.under[b], moving, end_of_group(m, g), &share[b][g])
        self.dynamics.moves(&m.moves, lane, end, groups)
        for b in range(end):
            if not any_dynamic(m, b, b + 1):
                memset(share[b], 0, groups * sizeof(double))
                self.rest_moves(m, b)
                continue
            curve, inverse = &m.settings.curve[b], &m.settings.inverse_range[b]
            for g in range(groups if moving else 1):
                self.dynamics.changes(&share[b][g], step, curve, self.under[b], moving, end_of_group(m, g))
            if m.range_db[b] < 0.0:
                self.common.reduction_db = fmax(self.common.reduction_db, fmin(peak_of(share[b], groups), -m.range_db[b]))
            for g in range(groups):
                share[b][g] *= moving_at(inverse, end_of_group(m, g) + 1) if moving else inverse.now
            at_most_all(share[b], groups)
            for g in range(groups if self.under[b] else 0):
                share[b][g] = eased(share[b][g])
            if self.display.wanted():
                self.display.keep(DYNAMIC_BANDS + b, m.range_db[b] * peak_of(share[b], groups))

    cdef void find_coefficients(self, Memory *m, int b, const double *share, int groups, double (*coefficients)[DYNAMIC_PART],
                                int frames) noexcept nogil:
        cdef double goal[6][DYNAMIC_PART]
        cdef bint moving = m.left > 0
        cdef int g, step = 1 if moving else groups
        for g in range(groups if moving else 1):
            self.filters.coefficients(&m.band[b], &share[g], step, moving, end_of_group(m, g), <double (*)[DYNAMIC_PART]>&goal[0][g])
        self.filters.ramps(&m.ramp[b], goal, frames, m.phase, coefficients)

    cdef void show_levels(self, const Memory *m, const double *left, const double *right, int frames) noexcept nogil:
        """What every band would read, also of those that do nothing, with filters of the display's own."""
        cdef double peak[DYNAMIC_BANDS][GROUPS]
        cdef double power[DYNAMIC_BANDS][GROUPS]
        cdef Ear *ear[PAIRS]
        cdef EarOut out[PAIRS]
        cdef int b, k, groups = (m.phase + frames) // GROUP
        for k in range(PAIRS):
            memcpy(self.shown[k].filter.c, m.ear[k].filter.c, sizeof(self.shown[k].filter.c))
            ear[k] = &self.shown[k]
            lead_ear(&out[k], k, False, NULL, peak, power, 0, 0)
        self.hear(ear, PAIRS, left, right, frames, m.phase, out)
        for b in range(DYNAMIC_BANDS if groups > 0 else 0):
            if self.relative[b]:
                relative_level(&self.shown_own[b], self.recent_pole, self.longest, power[b], peak[b], groups)
            self.display.keep(b, peak_of(peak[b], groups))


BAND_KNEE_DB = KNEE_DB
LEVEL_FRAMES = GROUP


def band_levels(DynamicEq stage not None, const double[:, ::1] sound, double[:, ::1] levels):
    """What the detector of every band reads, without moving anything: into `levels` (6, frames // 4) the highest of every four frames.

    `sound` is (2, frames), a multiple of four; linear peaks, of relative bands relative to their own level. One call goes on where the
    last one ended; the stage is one that nothing else runs. Raises ValueError for other shapes.
    """
    cdef Memory *m = stage.memory()
    cdef double part[2][DYNAMIC_PART]
    cdef double power[DYNAMIC_BANDS][GROUPS]
    cdef Ear *ear[PAIRS]
    cdef EarOut out[PAIRS]
    cdef int b, k, n, at = 0, frames = <int>sound.shape[1]
    if sound.shape[0] != 2 or frames % GROUP or levels.shape[0] != DYNAMIC_BANDS or levels.shape[1] != frames // GROUP:
        raise ValueError(f"({sound.shape[0]}, {frames}) frames do not fit into ({levels.shape[0]}, {levels.shape[1]}) levels of {GROUP} frames")
    memset(part, 0, sizeof(part))
    while at < frames:
        n = min(frames - at, <int>DYNAMIC_PART)
        placed_part(stage.placement, &sound[0, at], &sound[1, at], part[0], n)
        if stage.placement == STEREO:
            memcpy(part[1], &sound[1, at], n * sizeof(double))
        for k in range(PAIRS):
            ear[k] = &m.ear[k]
            for b in range(2):
                out[k].peak[b], out[k].power[b] = &levels[2 * k + b, at // GROUP], power[2 * k + b]
            for b in range(4):
                out[k].sound[b] = NULL
        stage.hear(ear, PAIRS, part[0], part[1], n, 0, out)
        for b in range(DYNAMIC_BANDS):
            if stage.relative[b]:
                relative_level(&m.own[b], stage.recent_pole, stage.longest, power[b], &levels[b, at // GROUP], n // GROUP)
        at += n
