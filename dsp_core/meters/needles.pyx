"""Programme peak meters of type I and II, VU meter, over counter and bit meter of one stream, in bins of 10 ms of song time.

Quasi-peak by two detectors in parallel that rise at different speeds, which no single one can do: their sum follows the table of
tone bursts in IEC 60268-10 from 0.4 ms up. Levels fall, needles move and words are read off once a millisecond of song time.
"""
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.math cimport M_PI, cos, exp, fabs, fmax, log, sin, sqrt
from libc.stdint cimport int64_t, uint32_t
from libc.string cimport memcpy, memset

from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.meters.kweight cimport sane
from dsp_core.meters.meter cimport BINS_PER_S, PIECE

cdef enum:
    GROUPS_PER_S = 1000
    MOST_BINS = 0x7fffffff
    MOST_AT_END = 2
    WORD = 32
    OVER_RUN = 3                 # samples at full scale in a row that make an over

cdef uint32_t SIGN = 0x80000000
cdef double FULL_SCALE = 32767.0 / 32768.0   # as the meter counts clipped samples
# Fitted to the burst tables of IEC 60268-10 weighted by their tolerances; tests/dsp_core/test_needles.py::test_bursts
cdef double[2][2] RISE_MS = [[4.42024, 1.11602], [20.0, 1.39367]]    # type I, type II: slow and fast detector
cdef double[2] SLOW_SHARE = [0.190183, 0.269285]
cdef double[2] STEADY = [0.97551, 0.96224]            # what a steady sine of peak 1 would read of itself: at 997 Hz, 44.1 to 192 kHz
cdef double[2] FALL_DB_PER_S = [20.0 / 1.5, 24.0 / 2.8]
cdef double VU_OVERSHOOT = 0.0125            # middle of the 1 to 1.5 % that IEC 60268-17 allows
cdef double VU_99_PERCENT_S = 0.3
cdef double SINE_MEAN = 2.0 / M_PI


cdef class Needles:
    """Measures a stream of `channels` (2 or 1) at `rate` Hz from song time 0.

    word_bits: 2 to 32, the words whose bits are watched; samples are rounded to them. delay_frames: hand bins on as late as the
    meter beside (`Meter.delay_frames`). Raises ValueError for a rate outside 8 kHz to 384 kHz, other channels or words.
    """

    def __init__(self, int rate, int channels=2, int word_bits=WORD, int delay_frames=0, bint plain=False):
        if not 8000 <= rate <= 384000:
            raise ValueError(f"the needles cannot run at {rate} Hz; rates from 8 kHz to 384 kHz work")
        if channels not in (1, 2):
            raise ValueError(f"needles measure 1 or 2 channels, not {channels}; take one for each pair")
        if not 0 <= delay_frames <= rate // BINS_PER_S:
            raise ValueError(f"a bin cannot wait for {delay_frames} frames; at most its own length")
        check_word(word_bits)
        self.rate, self.channels, self.delay_frames, self.plain = rate, channels, delay_frames, plain
        self.block_bytes = sizeof(NeedleState)
        make_detectors(rate, &self.rise, self.fall)
        make_swing(self.swing)
        self.use_words(word_bits)
        self.reset(0)

    def measure_block(self, const double[:, ::1] planes not None, int most_bins=MOST_BINS):
        """Measure (channels, frames); gives the bins that became known as bytes, laid out as NEEDLE_FIELDS says."""
        if planes.shape[0] != self.channels:
            raise ValueError(f"these needles measure {self.channels} channels, got {planes.shape[0]}")
        cdef Py_ssize_t done = 0, total = planes.shape[1]
        cdef int room = min(<int>(total * BINS_PER_S // self.rate) + 2, most_bins), bins = 0, n
        cdef const double *pair[2]
        cdef unsigned long long before
        cdef bytes out = PyBytes_FromStringAndSize(NULL, room * sizeof(NeedleBin))
        cdef NeedleBin *sink = <NeedleBin *>PyBytes_AS_STRING(out)
        with nogil:
            before = flush_denormals()
            while done < total:
                n = <int>min(total - done, <Py_ssize_t>PIECE)
                pair[0], pair[1] = &planes[0, done], &planes[self.channels - 1, done]
                bins += self.measure(pair, n, sink + bins, room - bins)
                done += n
            restore_denormals(before)
        return out[:bins * sizeof(NeedleBin)]

    def seek_to(self, long long when):
        """Go on at song time `when` (frames) with the needles as they are; gives the bins that this finishes."""
        if when < 0:
            raise ValueError(f"song time begins at 0, there is no frame {when}")
        cdef NeedleBin last[MOST_AT_END]
        return (<char *>last)[:self.seek(when, last, MOST_AT_END) * sizeof(NeedleBin)]

    def flush_block(self):
        """The stream ends: gives the last bins, the incomplete one included."""
        cdef NeedleBin last[MOST_AT_END]
        return (<char *>last)[:self.flush(last, MOST_AT_END) * sizeof(NeedleBin)]

    def restart_now(self, long long when=0):
        """Forget everything: as new, at song time `when`."""
        self.reset(when)

    def watch_words(self, int bits):
        """Watch the bits of other words from now on. Only while nothing runs the needles."""
        check_word(bits)
        self.use_words(bits)

    def save(self):
        """The whole state as bytes."""
        return (<char *>&self.state)[:self.block_bytes]

    def load(self, bytes state not None):
        """Continue from a saved state of needles at the same rate."""
        if <size_t>len(state) != self.block_bytes:
            raise ValueError(f"a state of {len(state)} bytes does not fit needles of {self.block_bytes}")
        memcpy(&self.state, <const char *>state, self.block_bytes)

    @property
    def lost_bins(self):
        """Bins that were finished while the caller had no room for them."""
        return self.state.lost

    cdef void reset(self, int64_t when) noexcept nogil:
        memset(&self.state, 0, sizeof(NeedleState))
        self.state.at = when
        self.open_bin()
        self.open_group()

    cdef void use_words(self, int bits) noexcept nogil:
        self.word_bits = bits
        self.unit = <double>(<int64_t>1 << (bits - 1))

    cdef int measure(self, const double **planes, int frames, NeedleBin *sink, int room) noexcept nogil:
        """Measure `frames` frames; bins that became known go to `sink`, which has room for `room` of them. Gives how many."""
        cdef double clean[2][PIECE]
        cdef const double *sound[2]
        cdef int done = 0, bins = 0, c, i, n
        while done < frames:
            n = min(frames - done, <int>PIECE)
            for c in range(2):
                sound[c] = planes[c if self.channels == 2 else 0] + done
                if not sane(sound[c], n):
                    for i in range(n):
                        clean[c][i] = sound[c][i] if sane(sound[c] + i, 1) else 0.0
                    sound[c] = clean[c]
            bins += self.take(sound, n, sink + bins, room - bins)
            done += n
        return bins

    cdef int take(self, const double **sound, int frames, NeedleBin *sink, int room) noexcept nogil:
        """Measure at most PIECE sane frames. Gives how many bins became known."""
        cdef const double *part[2]
        cdef int done = 0, bins = 0, n
        while done < frames:
            n = self.undivided(frames - done)
            part[0], part[1] = sound[0] + done, sound[1] + done
            self.add(part, n)
            bins += self.advance(n, sink + bins, room - bins)
            done += n
        return bins

    cdef int seek(self, int64_t when, NeedleBin *sink, int room) noexcept nogil:
        """Cut the open bin short and go on at song time `when`. Gives how many of at most MOST_AT_END bins."""
        cdef int bins = 0
        if self.state.waiting_left > 0:
            bins += self.hand_on(sink, room)
        if self.state.open.frames > 0:
            self.close_group()
            self.close_bin()
            bins += self.hand_on(sink + bins, room - bins)
        self.state.at = when
        self.open_bin()
        self.open_group()
        return bins

    cdef int flush(self, NeedleBin *sink, int room) noexcept nogil:
        return self.seek(self.state.at, sink, room)

    cdef int undivided(self, int frames) noexcept nogil:
        """How many of the next frames lie in one millisecond and before the waiting bin is due."""
        cdef NeedleState *s = &self.state
        frames = <int>min(<int64_t>frames, s.group_end - s.at)
        return min(frames, s.waiting_left) if s.waiting_left > 0 else frames

    cdef void add(self, const double **sound, int frames) noexcept nogil:
        cdef NeedleState *s = &self.state
        (needles_plain if self.plain else needles_run)(&self.rise, &s.sums, self.unit, sound[0], sound[1], frames)
        s.group_frames += frames
        s.open.frames += frames
        if s.run[0] or s.run[1] or fmax(s.sums.peak[0], s.sums.peak[1]) >= FULL_SCALE:
            self.count_overs(sound, frames)

    cdef void count_overs(self, const double **sound, int frames) noexcept nogil:
        cdef NeedleState *s = &self.state
        cdef int c, i
        for c in range(2):
            for i in range(frames):
                s.run[c] = s.run[c] + 1 if fabs(sound[c][i]) >= FULL_SCALE else 0
                s.open.overs[c] += s.run[c] == OVER_RUN
                # A run may last for hours; it counts once.
                s.run[c] = min(s.run[c], OVER_RUN + 1)

    cdef int advance(self, int frames, NeedleBin *sink, int room) noexcept nogil:
        """Song time goes on. Gives 1 when a bin became known by it."""
        cdef NeedleState *s = &self.state
        cdef int bins = 0
        s.at += frames
        if s.waiting_left > 0:
            s.waiting_left -= frames
            if s.waiting_left == 0:
                bins = self.hand_on(sink, room)
        if s.at < s.group_end:
            return bins
        self.close_group()
        if s.at == s.end:
            self.close_bin()
            if self.delay_frames == 0:
                bins += self.hand_on(sink + bins, room - bins)
            self.open_bin()
        self.open_group()
        return bins

    cdef void close_group(self) noexcept nogil:
        """A millisecond is full: the readings so far into the bin, then the detectors fall and the needles move."""
        cdef NeedleState *s = &self.state
        cdef double mean, off
        cdef Vu *vu
        cdef int c, d, k
        if s.group_frames == 0:
            return
        for c in range(2):
            s.open.ppm1[c], s.open.ppm2[c] = fmax(s.open.ppm1[c], s.sums.top[c]), fmax(s.open.ppm2[c], s.sums.top[2 + c])
            s.open.bits[c] |= <uint32_t>s.sums.bits[c] << (WORD - self.word_bits)
            s.open.bits[c] |= SIGN if s.sums.negative[c] else 0
            s.open.below[c] |= s.sums.below[c] != 0
            vu, mean = &s.vu[c], s.sums.sum[c] / (s.group_frames * SINE_MEAN)
            off = vu.at - mean
            vu.at = mean + self.swing[0][0] * off + self.swing[0][1] * vu.speed
            vu.speed = self.swing[1][0] * off + self.swing[1][1] * vu.speed
            s.open.vu[c] = fmax(s.open.vu[c], vu.at)
            s.sums.sum[c] = s.sums.peak[c] = 0.0
            s.sums.bits[c] = s.sums.below[c] = s.sums.negative[c] = 0
        for k in range(4):
            s.sums.top[k] = 0.0
            for d in range(2):
                s.sums.level[d][k] *= self.fall[k]
        s.group_frames = 0

    cdef void open_group(self) noexcept nogil:
        cdef NeedleState *s = &self.state
        s.group = ((s.at + 1) * GROUPS_PER_S + self.rate - 1) // self.rate - 1
        s.group_end = (s.group + 1) * self.rate // GROUPS_PER_S

    cdef void open_bin(self) noexcept nogil:
        """Begin the bin in which the next frame lies."""
        cdef NeedleState *s = &self.state
        memset(&s.open, 0, sizeof(NeedleBin))
        s.open.index = ((s.at + 1) * BINS_PER_S + self.rate - 1) // self.rate - 1
        s.end = (s.open.index + 1) * self.rate // BINS_PER_S

    cdef void close_bin(self) noexcept nogil:
        """The open bin has all its frames; it waits as long as that of the meter beside."""
        cdef NeedleBin *b = &self.state.waiting
        b[0] = self.state.open
        self.state.waiting_left = self.delay_frames
        if self.channels == 1:
            b.ppm1[1] = b.ppm2[1] = b.vu[1] = 0.0
            b.bits[1] = b.below[1] = b.overs[1] = 0

    cdef int hand_on(self, NeedleBin *sink, int room) noexcept nogil:
        """The waiting bin goes to `sink`. Gives 1, or 0 without room."""
        self.state.waiting_left = 0
        if room <= 0:
            self.state.lost += 1
            return 0
        memcpy(sink, &self.state.waiting, sizeof(NeedleBin))             # with its padding: bins are compared as bytes
        return 1


cdef check_word(int bits):
    if not 2 <= bits <= WORD:
        raise ValueError(f"a word of {bits} bits cannot be watched; words have 2 to {WORD}")


cdef void make_detectors(double rate, Rise *rise, float *fall):
    cdef double taken, share
    cdef int kind, d, c
    for kind in range(2):
        for c in range(2):
            fall[2 * kind + c] = <float>exp(-log(10.0) / 20.0 * FALL_DB_PER_S[kind] / GROUPS_PER_S)
            for d in range(2):
                taken = 1.0 - exp(-1000.0 / (RISE_MS[kind][d] * rate))
                share = SLOW_SHARE[kind] if d == 0 else 1.0 - SLOW_SHARE[kind]
                rise.keep[d][2 * kind + c] = <float>(1.0 - taken)
                rise.in_[d][2 * kind + c] = <float>(taken * share / STEADY[kind])


cdef void make_swing(double (*swing)[2]):
    """A damped spring over one millisecond of constant drive, exactly: its distance from rest and its speed."""
    cdef double bend = log(VU_OVERSHOOT), damping = -bend / sqrt(M_PI * M_PI + bend * bend)
    cdef double hz = vu_hz(damping), dies = damping * hz, turns = hz * sqrt(1.0 - damping * damping), s = 1.0 / GROUPS_PER_S
    cdef double e = exp(-dies * s), c = cos(turns * s), i = sin(turns * s) / turns
    swing[0][0], swing[0][1] = e * (c + dies * i), e * i
    swing[1][0], swing[1][1] = -e * hz * hz * i, e * (c - dies * i)


cdef double vu_hz(double damping):
    """Natural frequency, radians a second, of the needle that stands at 99 % after 300 ms: by bisection before its first turn."""
    cdef double bent = sqrt(1.0 - damping * damping), low = 0.0, high = M_PI / (bent * VU_99_PERCENT_S), hz, t
    for _ in range(60):
        hz = 0.5 * (low + high)
        t = hz * VU_99_PERCENT_S
        if 1.0 - exp(-damping * t) * (cos(bent * t) + damping / bent * sin(bent * t)) < 0.99:
            low = hz
        else:
            high = hz
    return 0.5 * (low + high)


def needle_layout():
    """[(name, format, offset)] of the fields of a bin, formats as numpy spells them."""
    cdef NeedleBin b
    cdef char *start = <char *>&b
    return [("index", "i8", <char *>&b.index - start), ("ppm1", "2f8", <char *>&b.ppm1 - start), ("ppm2", "2f8", <char *>&b.ppm2 - start),
            ("vu", "2f8", <char *>&b.vu - start), ("bits", "2u4", <char *>&b.bits - start), ("below", "2i4", <char *>&b.below - start),
            ("overs", "2i4", <char *>&b.overs - start), ("frames", "i4", <char *>&b.frames - start)]


NEEDLE_FIELDS = needle_layout()
NEEDLE_BYTES = sizeof(NeedleBin)
