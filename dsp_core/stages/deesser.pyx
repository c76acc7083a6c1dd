"""De-esser: turns down where the highs outweigh the rest, whatever the level of the song.

The detector compares the power of a band with that of the whole sound, both averaged over 10 ms and both channels. What exceeds the
threshold is taken away, up to the range: from a bell over the band, from all that lies over its lower end, or from the whole sound.
"""
cimport cython
from libc.math cimport M_PI, fmax, fmin, sqrt, tan
from libc.string cimport memcpy, memset

from dsp_core.band_dynamics cimport BandCurve, BandDynamics, Moves, band_dynamics, set_times
from dsp_core.delay cimport delay_through
from dsp_core.design.section cimport Section, section_coefficients
from dsp_core.design.shape cimport BELL, HIGH_SHELF, Shape
from dsp_core.detector cimport Q_ORDER_4_HIGH, Q_ORDER_4_LOW, running_power
from dsp_core.display cimport Display
from dsp_core.dynamic_band cimport (
    DYNAMIC_PART, DynamicBand, DynamicBands, band_aim, band_arrive, band_stand, band_stop, dynamic_bands, fit_band)
from dsp_core.level cimport peak_of
from dsp_core.moving cimport Moving, moving_aim, moving_at, settings_arrive, settings_stand, settings_stop
from dsp_core.param_ids.deesser cimport (
    DEESSER_ATTACK, DEESSER_FROM_FREQ, DEESSER_LISTEN, DEESSER_LOOKAHEAD, DEESSER_MODE, DEESSER_RANGE, DEESSER_RELEASE,
    DEESSER_THRESHOLD, DEESSER_TO_FREQ,
)
from dsp_core.placement cimport placed_part
from dsp_core.stages.stage cimport TICK, Stage, sample_t
from dsp_core.svf cimport Svf, SvfCascade, svf_fastest
from dsp_core.units cimport frames_of_ms, pole_of_ms

cdef enum:                       # choices of the mode
    SPLIT_BAND = 0
    SPLIT_ABOVE = 1
    WIDE = 2

cdef enum:
    EARS = 4                     # sections of the detector's filter: two high-passes, two low-passes

cdef double KNEE_DB = 3.0
cdef double POWER_MS = 10.0
cdef double SILENCE = 1e-10      # power added to the whole sound, -100 dB, so that silence has no highs
cdef double LEAST_WIDTH = 1.2    # upper over lower end
cdef double HIGHEST_RATE_SHARE = 0.45
cdef double LEAST_RANGE_DB = 1e-3
cdef double SHOWN_MS = 10.0      # a row of the display: amplitude of the band over the whole sound, and what is taken away in dB


cdef struct Settings:            # of Moving alone
    BandCurve curve
    Moving inverse_range
    Moving listen
    Moving hears[EARS][6]


cdef int SETTINGS = sizeof(Settings) // sizeof(Moving)


cdef struct Memory:
    Settings settings
    DynamicBand cut
    Svf ear[EARS]
    Moves moves                  # lane 0 alone
    double power[2]              # of the band and of the whole sound
    int left                     # frames until everything arrives
    int line_at
    double range_db              # what the cut was made for
    double low_hz
    double high_hz
    double attack_ms
    double release_ms


@cython.final
cdef class Deesser(Stage):
    cdef size_t memory_at
    cdef size_t line_at
    cdef int mode
    cdef int delay_frames
    cdef double power_pole
    cdef SvfCascade run_ears
    cdef const BandDynamics *dynamics
    cdef const DynamicBands *filters

    cdef int prepare(self) except -1:
        self.mode = <int>self.fixed(DEESSER_MODE)
        self.delay_frames = frames_of_ms(self.fixed(DEESSER_LOOKAHEAD), self.rate)
        self.power_pole = pole_of_ms(POWER_MS, self.rate)
        self.run_ears, self.dynamics, self.filters = svf_fastest(), band_dynamics(), dynamic_bands()
        self.memory_at = self.need(sizeof(Memory))
        self.line_at = self.need(2 * self.delay_frames * sizeof(double))
        self.display = Display(2, frames_of_ms(SHOWN_MS, self.rate), 64)
        return 0

    cdef void reset(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef double poly[6][5]
        self.aim(m)
        self.stand(m)
        self.fit(m, poly)
        band_stand(&m.cut, poly)

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef double poly[6][5]
        cdef bint moves
        cdef int j, n
        self.stop(m)
        moves = self.aim(m)
        if not self.fit(m, poly):
            for j in range(6):
                for n in range(5):
                    poly[j][n] = m.cut.poly[j][n].wish
        moves |= band_aim(&m.cut, poly, TICK)
        m.left = TICK if moves else 0

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef double nothing[DYNAMIC_PART]
        cdef int done = 0, n
        while done < frames:
            n = min(frames - done, <int>DYNAMIC_PART)
            if m.left > 0:
                n = min(n, m.left)
            memset(nothing, 0, sizeof(nothing))
            self.work(m, io[0] + done, io[1] + done if channels == 2 else nothing, n)
            done += n
            if m.left > 0:
                m.left -= n
                if m.left == 0:
                    self.arrive(m)

    cdef int latency(self) noexcept nogil:
        return self.delay_frames

    cdef void inherit(self, Stage old) noexcept nogil:
        """Everything that is heard goes on, whichever fixed parameter has changed."""
        cdef Memory *m = self.memory()
        cdef double poly[6][5]
        Stage.inherit(self, old)
        memcpy(m, (<Deesser>old).memory(), sizeof(Memory))
        if self.delay_frames != old.latency_frames or self.placement != old.placement:
            self.take_sound(m)
        self.stop(m)
        if self.mode != (<Deesser>old).mode:
            m.low_hz = 0.0               # of another shape
            self.fit(m, poly)
            band_stand(&m.cut, poly)

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef inline double *line(self, int channel) noexcept nogil:
        return <double *>(self.block + self.line_at) + channel * self.delay_frames

    cdef void take_sound(self, Memory *m) noexcept nogil:
        """From the dry sound that an instance with another look-ahead or placement still holds."""
        cdef int size = self.delay_frames
        m.line_at = self.common.dry_at
        placed_part(self.placement, self.dry, self.dry + size, self.line(0), size)
        memcpy(self.line(1), self.dry + size, size * sizeof(double))

    cdef inline double low_hz(self) noexcept nogil:
        return fmin(self.glide[DEESSER_FROM_FREQ].value, HIGHEST_RATE_SHARE / LEAST_WIDTH * self.rate)

    cdef inline double high_hz(self) noexcept nogil:
        return fmax(fmin(self.glide[DEESSER_TO_FREQ].value, HIGHEST_RATE_SHARE * self.rate), LEAST_WIDTH * self.low_hz())

    cdef bint fit(self, Memory *m, double (*poly)[5]) noexcept nogil:
        """The cut for the values of now; False if it is made already."""
        cdef double low = self.low_hz(), high = self.high_hz(), range_db = self.glide[DEESSER_RANGE].value
        cdef Shape s
        if m.low_hz == low and m.high_hz == high and m.range_db == range_db:
            return False
        m.low_hz, m.high_hz, m.range_db = low, high, range_db
        s.type, s.order, s.rate, s.gain_db = HIGH_SHELF, 2, self.rate, 0.0
        s.hz, s.q = low, sqrt(0.5)
        if self.mode == SPLIT_BAND:
            s.type, s.hz = BELL, sqrt(low * high)
            s.q = s.hz / (high - low)
        fit_band(s, -range_db, poly)
        return True

    cdef Section ear_of(self, int index) noexcept nogil:
        """Butterworth of 24 dB/oct at either end of the band."""
        cdef Section f
        cdef bint high_pass = index < 2
        f.g = tan(M_PI * (self.low_hz() if high_pass else self.high_hz()) / self.rate)
        f.k = 1.0 / (Q_ORDER_4_LOW if index % 2 == 0 else Q_ORDER_4_HIGH)
        f.low, f.band, f.high = 0.0 if high_pass else 1.0, 0.0, 1.0 if high_pass else 0.0
        return f

    cdef bint aim(self, Memory *m) noexcept nogil:
        """Send the settings to where the parameters want them. True if any moves."""
        cdef BandCurve *c = &m.settings.curve
        cdef double range_db = self.glide[DEESSER_RANGE].value
        cdef double hears[6]
        cdef Section f
        cdef bint moves = moving_aim(&c.curve.threshold_db, self.glide[DEESSER_THRESHOLD].value, TICK)
        cdef int i, j
        moves |= moving_aim(&c.curve.knee_db, KNEE_DB, TICK)
        moves |= moving_aim(&c.curve.slope, 1.0, TICK)
        moves |= moving_aim(&c.range_db, range_db, TICK)
        moves |= moving_aim(&c.share, 1.0, TICK)
        moves |= moving_aim(&m.settings.inverse_range, 1.0 / fmax(range_db, LEAST_RANGE_DB), TICK)
        moves |= moving_aim(&m.settings.listen, self.glide[DEESSER_LISTEN].value, TICK)
        for i in range(EARS):
            f = self.ear_of(i)
            section_coefficients(&f, hears)
            for j in range(6):
                moves |= moving_aim(&m.settings.hears[i][j], hears[j], TICK)
        if m.attack_ms != self.glide[DEESSER_ATTACK].value or m.release_ms != self.glide[DEESSER_RELEASE].value:
            m.attack_ms, m.release_ms = self.glide[DEESSER_ATTACK].value, self.glide[DEESSER_RELEASE].value
            set_times(&m.moves, 0, m.attack_ms, m.release_ms, self.rate)
        return moves

    cdef void stand(self, Memory *m) noexcept nogil:
        settings_stand(&m.settings, SETTINGS)
        self.set_ears(m, 0.0)

    cdef void stop(self, Memory *m) noexcept nogil:
        """Stand where a way is broken off."""
        settings_stop(&m.settings, SETTINGS, m.left, TICK)
        if m.left > 0:
            band_stop(&m.cut, TICK - m.left)
        m.left = 0

    cdef void arrive(self, Memory *m) noexcept nogil:
        settings_arrive(&m.settings, SETTINGS)
        band_arrive(&m.cut)
        self.set_ears(m, 0.0)

    cdef void set_ears(self, Memory *m, double k) noexcept nogil:
        """The coefficients of the detector's filter, `k` frames after the last tick; 0 for what stands."""
        cdef int i, j
        for i in range(EARS):
            for j in range(6):
                m.ear[i].c[j][0] = m.ear[i].c[j][1] = moving_at(&m.settings.hears[i][j], k)

    cdef void work(self, Memory *m, sample_t *left, sample_t *right, int frames) noexcept nogil:
        """At most DYNAMIC_PART frames in place."""
        cdef double ear[2][DYNAMIC_PART]
        cdef double change[DYNAMIC_PART]
        cdef bint moving = m.left > 0, watched = self.display.wanted()
        cdef bint listening = moving or m.settings.listen.now > 0.0, cutting = moving or m.range_db > 0.0
        # The detector always runs: one that begins in the middle of a note takes it for a sibilant.
        memcpy(ear[0], left, frames * sizeof(double))
        memcpy(ear[1], right, frames * sizeof(double))
        self.listen(m, ear[0], ear[1], frames)
        self.compare(m, ear, left, right, change, frames)
        if watched:
            self.display.keep(0, peak_of(change, frames))
        if cutting:
            self.find_change(m, change, frames)
        if watched:
            self.display.keep(1, fmin(peak_of(change, frames), m.range_db) if cutting else 0.0)
            self.display.pass_by(frames)
        if self.delay_frames > 0:
            self.delay(m, left, right, frames)
        if cutting and self.mode == WIDE:
            self.turn_down(m, change, left, right, frames)
        elif cutting:
            self.cut(m, change, left, right, frames)
        if listening:
            self.let_hear(m, ear, left, right, frames)

    cdef void listen(self, Memory *m, double *left, double *right, int frames) noexcept nogil:
        cdef Svf *row[EARS]
        cdef int i
        for i in range(EARS):
            row[i] = &m.ear[i]
        if m.left == 0:
            self.run_ears(row, EARS, left, right, frames)
            return
        for i in range(frames):
            self.set_ears(m, TICK - m.left + i + 1)
            self.run_ears(row, EARS, left + i, right + i, 1)

    cdef void compare(self, Memory *m, double (*ear)[DYNAMIC_PART], const double *left, const double *right, double *share,
                      int frames) noexcept nogil:
        """Amplitude of the band over that of the whole sound."""
        cdef double both[2][DYNAMIC_PART]
        cdef const double *source[2]
        cdef double *power[2]
        cdef int i
        for i in range(frames):
            both[0][i] = sqrt(ear[0][i] * ear[0][i] + ear[1][i] * ear[1][i])
            both[1][i] = sqrt(left[i] * left[i] + right[i] * right[i])
        for i in range(2):
            source[i] = both[i]
            power[i] = both[i]
        running_power(self.power_pole, m.power, source, power, frames)
        for i in range(frames):
            share[i] = sqrt(both[0][i] / (both[1][i] + SILENCE))

    cdef void find_change(self, Memory *m, double *change, int frames) noexcept nogil:
        """Shares of the band in, dB to take away out."""
        cdef double wanted[DYNAMIC_PART]
        cdef double unused[DYNAMIC_PART]
        cdef double *lane[8]
        cdef int i
        memset(unused, 0, frames * sizeof(double))
        self.dynamics.wants(change, frames, &m.settings.curve, False, m.left > 0, TICK - m.left, wanted)
        memcpy(change, wanted, frames * sizeof(double))
        for i in range(8):
            lane[i] = unused
        lane[0] = change
        self.dynamics.moves(&m.moves, lane, 1, frames)
        self.common.reduction_db = fmax(self.common.reduction_db, peak_of(change, frames))

    cdef void delay(self, Memory *m, sample_t *left, sample_t *right, int frames) noexcept nogil:
        cdef double late[DYNAMIC_PART]
        delay_through(self.line(0), self.delay_frames, m.line_at, left, late, frames)
        memcpy(left, late, frames * sizeof(double))
        m.line_at = delay_through(self.line(1), self.delay_frames, m.line_at, right, late, frames)
        memcpy(right, late, frames * sizeof(double))

    cdef void turn_down(self, Memory *m, double *gain, sample_t *left, sample_t *right, int frames) noexcept nogil:
        """Never by more than the range of now, whatever is still being released."""
        cdef const Moving *most = &m.settings.curve.range_db
        cdef int i, at = TICK - m.left
        for i in range(frames):
            gain[i] = fmin(gain[i], moving_at(most, at + i + 1) if m.left > 0 else most.now)
        self.dynamics.gains(gain, frames, &m.settings.curve, -1.0, m.left > 0, at)
        for i in range(frames):
            left[i] *= gain[i]
            right[i] *= gain[i]

    cdef void cut(self, Memory *m, double *share, sample_t *left, sample_t *right, int frames) noexcept nogil:
        cdef double coefficients[1][6][DYNAMIC_PART]
        cdef DynamicBand *band = &m.cut
        cdef const Moving *inverse = &m.settings.inverse_range
        cdef bint moving = m.left > 0
        cdef int i, at = TICK - m.left
        for i in range(frames):
            share[i] = fmin(share[i] * (moving_at(inverse, at + i + 1) if moving else inverse.now), 1.0)
        self.filters.coefficients(band, share, frames, moving, at, coefficients[0])
        self.filters.cascade(&band, 1, coefficients, left, right, frames)

    cdef void let_hear(self, Memory *m, double (*ear)[DYNAMIC_PART], sample_t *left, sample_t *right, int frames) noexcept nogil:
        """The detector's sound in place of the stage's, as far as it is wanted."""
        cdef double part
        cdef int i, at = TICK - m.left
        for i in range(frames):
            part = moving_at(&m.settings.listen, at + i + 1) if m.left > 0 else m.settings.listen.now
            left[i] += part * (ear[0][i] - left[i])
            right[i] += part * (ear[1][i] - right[i])
