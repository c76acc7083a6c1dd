"""Resonance tamer: turns down the frequencies that stand out of their surroundings, whatever the level of the song.

Frames of the sound overlap by three quarters. What is taken away is made from them and taken off the delayed input, so that the
sound stays bit-exact where nothing stands out. A frame's work is done in steps, a 64th of a frame apart.
"""
cimport cython
from libc.math cimport cos, fmax, log2, pi
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset

from dsp_core.display cimport Display
from dsp_core.fastmath cimport fast_exp2, fast_log2
from dsp_core.fft cimport Fft, fft_backward, fft_forward, fft_free, fft_make, fft_plane, fft_spectrum
from dsp_core.level cimport peak_of
from dsp_core.moving cimport Moving, moving_aim, moving_arrive, moving_at, moving_stand, moving_stop
from dsp_core.param_ids.resonance cimport (
    RESONANCE_ATTACK, RESONANCE_DEPTH, RESONANCE_FROM_FREQ, RESONANCE_LINK, RESONANCE_LISTEN, RESONANCE_RELEASE,
    RESONANCE_RESOLUTION, RESONANCE_SELECTIVITY, RESONANCE_SHARPNESS, RESONANCE_TILT, RESONANCE_TO_FREQ,
)
from dsp_core.placement cimport regroup
from dsp_core.resonance cimport LEAST_BIN, ResonanceKernels, Search, Taming, resonance_kernels
from dsp_core.stages.stage cimport STEREO, TICK, Stage, group_phase, sample_t

cdef enum:
    OVERLAP = 4                  # frames over each sample
    STEPS = 5                    # of a frame's work: left in, right in, gains, left out, right out
    STEP_SHARE = 64              # steps per frame length

cdef double FRAME_S = 0.04       # at least
cdef double OVERLAP_GAIN = 2.0 / 3.0     # of four squared Hann windows, a quarter of their length apart: 1 / 1.5
# To the nearest and the farthest neighbours: the skirts of a resonance stay out of its surroundings, and these within an octave.
cdef double GUARD_WIDTHS = 2.0
cdef double REACH_WIDTHS = 8.0
cdef double AVERAGE_FRAMES = 1.2         # that leave noise alone; tests/dsp_core/test_resonance.py::test_noise_is_left_alone
cdef double HALF_KNEE_DB = 1.0
cdef double EDGE_OCTAVES = 1.0 / 3.0
cdef double HEARD_HZ = 22500.0           # the highest range ends at 20 kHz, and its edge a sixth of an octave higher
cdef double SILENCE = 1e-15              # power of a sine, -150 dBFS, under which nothing stands out
cdef double GONE_DB = 1e-6
cdef double LN_2 = 0.6931471805599453


cdef struct Memory:
    Moving listen
    int left                     # frames until it arrives
    bint begun                   # hops lie on song time from the first frame on
    int phase                    # frames since the last hop
    int line_at                  # write position in the delayed input
    int removed_at               # read position in what is taken away
    bint taking[2]               # whether the frame in work takes anything


@cython.final
cdef class Resonance(Stage):
    cdef int points              # of a frame
    cdef int bins
    cdef int heard               # bins up to the highest end of the range
    cdef int plane               # doubles from the real to the imaginary parts of a spectrum
    cdef int step_frames
    cdef int removed_frames
    cdef size_t memory_at
    cdef size_t line_at
    cdef size_t removed_at
    cdef size_t spectrum_at
    cdef size_t height_at
    cdef size_t cut_at
    cdef size_t work_at
    cdef Fft *fft
    cdef double *window          # `points` of Hann; then the octave of each bin from 1 kHz
    cdef const ResonanceKernels *kernels

    def __cinit__(self, *args, **kwargs):
        self.fft = NULL
        self.window = NULL

    def __dealloc__(self):
        fft_free(self.fft)
        free(self.window)

    cdef int prepare(self) except -1:
        self.points = 64
        while self.points < FRAME_S * self.rate:
            self.points *= 2
        self.points <<= <int>self.fixed(RESONANCE_RESOLUTION)
        self.bins, self.plane = self.points // 2 + 1, fft_plane(self.points)
        self.heard = min(self.bins, <int>(HEARD_HZ * self.points / self.rate) + 4)
        self.step_frames = self.points // STEP_SHARE
        self.removed_frames = self.points + self.step_frames
        self.kernels = resonance_kernels()
        self.make_tables()
        self.memory_at = self.need(sizeof(Memory))
        self.line_at = self.need(2 * self.latency() * sizeof(double))
        self.removed_at = self.need(2 * self.removed_frames * sizeof(double))
        self.spectrum_at = self.need(2 * fft_spectrum(self.points) * sizeof(double))
        self.height_at = self.need(2 * self.bins * sizeof(double))
        self.cut_at = self.need(2 * self.bins * sizeof(double))
        self.work_at = self.need(2 * fft_spectrum(self.points) * sizeof(double))
        self.display = Display(1 + self.heard, 1, 16)
        return 0

    cdef void reset(self) noexcept nogil:
        moving_stand(&self.memory().listen, self.glide[RESONANCE_LISTEN].value)

    cdef void tick(self) noexcept nogil:
        cdef Memory *m = self.memory()
        self.stop(m)
        m.left = TICK if moving_aim(&m.listen, self.glide[RESONANCE_LISTEN].value, TICK) else 0

    cdef void process(self, sample_t **io, int channels, int frames) noexcept nogil:
        cdef Memory *m = self.memory()
        cdef int c, n, done = 0, hop = self.points // OVERLAP, last = (STEPS - 1) * self.step_frames
        if not m.begun:
            m.begun, m.phase = True, group_phase(self.when, hop)
        while done < frames:
            if m.phase % self.step_frames == 0 and m.phase <= last:
                self.work(m, m.phase // self.step_frames, channels)
            n = (m.phase // self.step_frames + 1) * self.step_frames if m.phase < last else hop
            n = min(n - m.phase, frames - done)
            n = min(n, min(self.latency_frames - m.line_at, self.removed_frames - m.removed_at))
            if m.left > 0:
                n = min(n, m.left)
            for c in range(channels):
                self.take_away(m, c, io[c] + done, n)
            done += n
            self.advance(m, n, hop)

    cdef int latency(self) noexcept nogil:
        return self.points + (STEPS - 1) * self.step_frames

    cdef void inherit(self, Stage old) noexcept nogil:
        """Everything that is heard goes on; with another resolution only what was found so far."""
        Stage.inherit(self, old)
        self.go_on(<Resonance>old)

    cdef inline Memory *memory(self) noexcept nogil:
        return <Memory *>(self.block + self.memory_at)

    cdef inline double *line(self, int channel) noexcept nogil:
        return <double *>(self.block + self.line_at) + channel * self.latency_frames

    cdef inline double *removed(self, int channel) noexcept nogil:
        return <double *>(self.block + self.removed_at) + channel * self.removed_frames

    cdef inline double *spectrum(self, int channel) noexcept nogil:
        return <double *>(self.block + self.spectrum_at) + channel * fft_spectrum(self.points)

    cdef inline double *height(self, int channel) noexcept nogil:
        return <double *>(self.block + self.height_at) + channel * self.bins

    cdef inline double *cut(self, int channel) noexcept nogil:
        return <double *>(self.block + self.cut_at) + channel * self.bins

    cdef inline double *workspace(self, int index) noexcept nogil:
        """Two of fft_spectrum(points) doubles, used within a step only."""
        return <double *>(self.block + self.work_at) + index * fft_spectrum(self.points)

    cdef void go_on(self, Resonance before) noexcept nogil:
        cdef Memory *m = self.memory()
        if self.points != before.points:
            m.listen, m.left = before.memory().listen, before.memory().left
            self.take_findings(before)
        self.stop(m)
        if self.placement == before.placement and self.points == before.points:
            return
        self.take_line(m)
        regroup(self.removed(0), self.removed(1), self.removed_frames, before.placement, self.placement)
        regroup(self.spectrum(0), self.spectrum(1), fft_spectrum(self.points), before.placement, self.placement)
        if before.placement != STEREO:
            memcpy(self.height(1), self.height(0), self.bins * sizeof(double))
            memcpy(self.cut(1), self.cut(0), self.bins * sizeof(double))
            m.taking[1] = m.taking[0]
        elif self.placement != STEREO:
            m.taking[0] |= m.taking[1]

    cdef int make_tables(self) except -1:
        cdef int i
        self.fft = fft_make(self.points)
        self.window = <double *>malloc((self.points + self.bins) * sizeof(double))
        if self.fft is NULL or self.window is NULL:
            raise MemoryError
        for i in range(self.points):
            self.window[i] = 0.5 - 0.5 * cos(2.0 * pi * i / self.points)
        for i in range(self.bins):
            self.window[self.points + i] = log2(fmax(i, 0.5) * self.rate / (1000.0 * self.points))
        return 0

    cdef void stop(self, Memory *m) noexcept nogil:
        if m.left > 0:
            moving_stop(&m.listen, TICK - m.left)
        m.left = 0

    cdef void advance(self, Memory *m, int frames, int hop) noexcept nogil:
        m.line_at = m.line_at + frames if m.line_at + frames < self.latency_frames else 0
        m.removed_at = m.removed_at + frames if m.removed_at + frames < self.removed_frames else 0
        m.phase = m.phase + frames if m.phase + frames < hop else 0
        if m.left > 0:
            m.left -= frames
            if m.left == 0:
                moving_arrive(&m.listen)

    cdef void take_away(self, Memory *m, int channel, sample_t *x, int frames) noexcept nogil:
        """The delayed input without what stands out, or that alone. No wrap and no end of a move within these frames."""
        cdef double *late = self.line(channel) + m.line_at
        cdef double *away = self.removed(channel) + m.removed_at
        cdef bint moving = m.left > 0
        cdef double now, listen = m.listen.now
        cdef int i, at = TICK - m.left
        for i in range(frames):
            now = x[i]
            x[i] = late[i] - away[i]
            late[i] = now
        if moving or listen > 0.0:
            for i in range(frames):
                if moving:
                    listen = moving_at(&m.listen, at + i + 1)
                x[i] += listen * (away[i] - x[i])
        memset(away, 0, frames * sizeof(double))

    cdef void work(self, Memory *m, int step, int channels) noexcept nogil:
        if step < 2:
            if step < channels:
                self.bring_in(m, step)
        elif step == 2:
            self.find(m, channels)
        elif step - 3 < channels and m.taking[step - 3]:
            self.put_out(m, step - 3, (STEPS - 1 - step) * self.step_frames)

    cdef void bring_in(self, Memory *m, int channel) noexcept nogil:
        """The spectrum of the frame that ended at the last hop; since then `channel` steps went by."""
        cdef double *frame = self.workspace(0)
        cdef int start = m.line_at + (STEPS - 1 - channel) * self.step_frames, first
        if start >= self.latency_frames:
            start -= self.latency_frames
        first = min(self.points, self.latency_frames - start)
        self.kernels.window(self.line(channel) + start, self.window, first, frame)
        self.kernels.window(self.line(channel), self.window + first, self.points - first, frame + first)
        fft_forward(self.fft, frame, self.spectrum(channel), self.workspace(1))

    cdef void put_out(self, Memory *m, int channel, int ahead) noexcept nogil:
        """What is taken away of the frame, added from `ahead` frames on."""
        cdef double *frame = self.workspace(0)
        cdef int start = m.removed_at + ahead, first
        if start >= self.removed_frames:
            start -= self.removed_frames
        first = min(self.points, self.removed_frames - start)
        fft_backward(self.fft, self.spectrum(channel), frame, self.workspace(1))
        self.kernels.add(frame, self.window, OVERLAP_GAIN, first, self.removed(channel) + start)
        self.kernels.add(frame + first, self.window + first, OVERLAP_GAIN, self.points - first, self.removed(channel))

    cdef void find(self, Memory *m, int channels) noexcept nogil:
        """What stands out, and what is left in the spectra: that which is taken away. Linked channels are one."""
        cdef double *power[2]
        cdef double link = 0.01 * self.glide[RESONANCE_LINK].value
        cdef int c
        for c in range(channels):
            power[c] = self.workspace(1) + c * self.plane
            self.kernels.powers(self.spectrum(c), self.spectrum(c) + self.plane, self.bins, power[c])
        if channels == 2:
            self.kernels.link(power[0], power[1], self.bins, link)
        for c in range(channels):
            if c == 1 and link == 1.0:
                memcpy(self.height(1), self.height(0), self.bins * sizeof(double))
                memcpy(self.cut(1), self.cut(0), self.bins * sizeof(double))
                m.taking[1] = m.taking[0]
            else:
                self.look_at(m, c, power[c])
            if m.taking[c]:
                self.kernels.take(self.workspace(0), self.bins, self.heard, self.spectrum(c), self.spectrum(c) + self.plane)
        if self.display.wanted():
            self.show_cuts(channels)

    cdef void show_cuts(self, int channels) noexcept nogil:
        """A row of the display: Hz of a bin, then dB taken away at each, of the channel that loses more."""
        cdef int c, k
        self.display.keep(0, self.rate / self.points)
        for c in range(channels):
            for k in range(self.heard):
                self.display.keep(1 + k, self.cut(c)[k])
        self.display.push()

    cdef void look_at(self, Memory *m, int channel, const double *power) noexcept nogil:
        """Leaves in the first workspace the share that is taken of each bin."""
        cdef double *work = self.workspace(0)
        cdef Search search = self.search()
        cdef Taming taming = self.taming()
        cdef double total = 0.0
        cdef int k
        for k in range(self.bins):
            work[k] = total
            total += power[k]
        work[self.bins] = total
        self.kernels.heights(work, self.bins, self.heard, &search, self.height(channel))
        if taming.depth_db == 0.0 and not m.taking[channel]:
            return
        self.kernels.cuts(self.height(channel), self.window + self.points, self.heard, &taming, self.cut(channel), work)
        self.common.reduction_db = fmax(self.common.reduction_db, peak_of(self.cut(channel), self.bins))
        m.taking[channel] = peak_of(work, self.heard) > 0.0

    cdef inline double hop_pole(self, double ms) noexcept nogil:
        return fast_exp2(-1e3 * self.points / (OVERLAP * LN_2 * ms * self.rate))

    cdef Search search(self) noexcept nogil:
        cdef double width = 1.0 / self.glide[RESONANCE_SHARPNESS].value
        cdef Search s
        s.half_width, s.guard, s.reach = fast_exp2(0.5 * width), fast_exp2(GUARD_WIDTHS * width), fast_exp2(REACH_WIDTHS * width)
        s.floor = SILENCE * 0.0625 * self.points * self.points
        s.pole = self.hop_pole(1e3 * AVERAGE_FRAMES * self.points / self.rate)
        return s

    cdef Taming taming(self) noexcept nogil:
        cdef Taming t
        t.selectivity_db, t.tilt_db = self.glide[RESONANCE_SELECTIVITY].value, self.glide[RESONANCE_TILT].value
        t.half_knee_db, t.depth_db, t.gone_db = HALF_KNEE_DB, self.glide[RESONANCE_DEPTH].value, GONE_DB
        t.from_octave = fast_log2(0.001 * self.glide[RESONANCE_FROM_FREQ].value)
        t.to_octave = fast_log2(0.001 * self.glide[RESONANCE_TO_FREQ].value)
        t.inverse_edge = 1.0 / EDGE_OCTAVES
        t.attack_pole = self.hop_pole(self.glide[RESONANCE_ATTACK].value)
        t.release_pole = self.hop_pole(self.glide[RESONANCE_RELEASE].value)
        return t

    cdef void take_line(self, Memory *m) noexcept nogil:
        """The input from the dry sound that the base class still holds."""
        cdef int size = self.latency_frames
        m.line_at = self.common.dry_at
        memcpy(self.line(0), self.dry, 2 * size * sizeof(double))
        regroup(self.line(0), self.line(1), size, STEREO, self.placement)

    cdef void take_findings(self, Resonance old) noexcept nogil:
        """Bin by bin from frames of another length. Where this one never looks, nothing stands out."""
        cdef int c, k, near
        for c in range(2):
            for k in range(self.bins):
                near = min(k * old.points // self.points, old.bins - 1)
                self.cut(c)[k] = old.cut(c)[near]
                if LEAST_BIN <= k < self.heard - LEAST_BIN:
                    self.height(c)[k] = old.height(c)[near]
