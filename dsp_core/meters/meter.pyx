"""The meter: sums and peaks of one stream, handed on in bins of 10 ms of song time."""
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.math cimport fabs, fmax
from libc.stdint cimport int64_t
from libc.stdlib cimport free
from libc.string cimport memcpy, memset

from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.level cimport finite_peak_fastest, peak_fastest
from dsp_core.meters.kweight cimport KWeight, Section, k_highpass, k_shelf, k_weighting, kmeter_plain, sane
from dsp_core.meters.truepeak cimport cpu_level, truepeak_factor, truepeak_plan, truepeak_run
from dsp_core.memory cimport present

cdef enum:
    MOST_BINS = 0x7fffffff
    MOST_AT_END = 2              # bins that a seek or the end can hand on

cdef double MOST_LEVEL = 1e100   # louder is no sound
cdef double CLIP_LEVEL = 32767.0 / 32768.0   # largest positive 16-bit sample, so that integer files clip on both sides


cdef class Meter:
    """Measures a stream of `channels` (2 or 1) at `rate` Hz from song time 0.

    Without `true_peak` it takes a third of the time and the field stays 0. `plain` takes the plain twins of the kernels, for tests.
    Raises ValueError for a rate outside 8 kHz to 384 kHz or another number of channels.
    """

    def __cinit__(self, *args, **kwargs):
        self.block = NULL

    def __dealloc__(self):
        free(self.block)

    def __init__(self, int rate, int channels=2, bint true_peak=True, bint plain=False):
        if not 8000 <= rate <= 384000:
            raise ValueError(f"the meter cannot run at {rate} Hz; rates from 8 kHz to 384 kHz work")
        if channels not in (1, 2):
            raise ValueError(f"a meter measures 1 or 2 channels, not {channels}; take one meter for each pair")
        self.rate, self.channels, self.true_peak = rate, channels, true_peak
        k_weighting(rate, &self.weighting)
        if plain:
            self.weighting.sums = kmeter_plain
        self.look, self.peak_of = finite_peak_fastest(), peak_fastest()
        truepeak_plan(&self.detector, truepeak_factor(rate), -1 if plain else cpu_level())
        self.delay_frames = self.detector.delay if true_peak else 0
        self.block_bytes = sizeof(MeterState) + channels * self.detector.bytes
        self.block = <char *>present(1, self.block_bytes)
        if self.block is NULL:
            raise MemoryError
        self.state = <MeterState *>self.block
        self.reset(0)

    def measure_block(self, const double[:, ::1] planes not None, int most_bins=MOST_BINS):
        """Measure (channels, frames); gives the bins that became known as bytes, laid out as BIN_FIELDS says.

        For files and tests. Bins beyond `most_bins` are lost and counted, as on the audio thread when its ring is full.
        """
        if planes.shape[0] != self.channels:
            raise ValueError(f"this meter measures {self.channels} channels, got {planes.shape[0]}")
        cdef Py_ssize_t done = 0, total = planes.shape[1]
        cdef int room = min(<int>(total * BINS_PER_S // self.rate) + 1, most_bins), bins = 0, n
        cdef const double *pair[2]
        cdef unsigned long long before
        cdef bytes out = PyBytes_FromStringAndSize(NULL, room * sizeof(Bin))
        cdef Bin *sink = <Bin *>PyBytes_AS_STRING(out)
        with nogil:
            before = flush_denormals()
            while done < total:
                n = <int>min(total - done, <Py_ssize_t>PIECE)
                pair[0], pair[1] = &planes[0, done], &planes[self.channels - 1, done]
                bins += self.measure(pair, n, sink + bins, room - bins)
                done += n
            restore_denormals(before)
        return out[:bins * sizeof(Bin)]

    def seek_to(self, long long when):
        """Go on at song time `when` (frames) with the filters as they are; gives the bins that this finishes."""
        if when < 0:
            raise ValueError(f"song time begins at 0, there is no frame {when}")
        cdef Bin last[MOST_AT_END]
        return (<char *>last)[:self.seek(when, last, MOST_AT_END) * sizeof(Bin)]

    def flush_block(self):
        """The stream ends: gives the last bins, the incomplete one included."""
        cdef Bin last[MOST_AT_END]
        return (<char *>last)[:self.flush(last, MOST_AT_END) * sizeof(Bin)]

    def restart_now(self, long long when=0):
        """Forget everything: as new, at song time `when`."""
        self.reset(when)

    def save(self):
        """The whole state as bytes."""
        return self.block[:self.block_bytes]

    def load(self, bytes state not None):
        """Continue from a saved state of a meter with the same rate and channels."""
        if <size_t>len(state) != self.block_bytes:
            raise ValueError(f"a state of {len(state)} bytes does not fit a meter of {self.block_bytes}")
        memcpy(self.block, <const char *>state, self.block_bytes)

    @property
    def lost_bins(self):
        """Bins that were finished while the caller had no room for them."""
        return self.state.lost

    cdef void reset(self, int64_t when) noexcept nogil:
        memset(self.block, 0, self.block_bytes)
        self.state.at = when
        self.open_bin()

    cdef int room_for(self, int frames) noexcept nogil:
        return <int>(<int64_t>frames * BINS_PER_S // self.rate) + 1

    cdef int measure(self, const double **planes, int frames, Bin *sink, int room) noexcept nogil:
        """Measure `frames` frames; bins that became known go to `sink`, which has room for `room` of them. Gives how many."""
        cdef const double *piece[2]
        cdef int done = 0, n, bins = 0
        while done < frames:
            n = min(frames - done, PIECE)
            piece[0], piece[1] = planes[0] + done, planes[self.channels - 1] + done
            bins += self.take(piece, n, sink + bins, room - bins)
            done += n
        return bins

    cdef int seek(self, int64_t when, Bin *sink, int room) noexcept nogil:
        """Cut the open bin short and go on at song time `when`, filters untouched. Gives how many of at most MOST_AT_END bins.

        True peaks still on their way through the detector then count for the bin after the seek.
        """
        cdef MeterState *s = self.state
        cdef int bins = 0
        if s.waiting_left > 0:
            bins += self.hand_on(sink, room)
        if s.open.frames > 0:
            self.close_bin()
            bins += self.hand_on(sink + bins, room - bins)
        s.at = when
        self.open_bin()
        return bins

    cdef int flush(self, Bin *sink, int room) noexcept nogil:
        """End of the stream: silence pushes the last true peaks out. Gives how many of at most MOST_AT_END bins."""
        cdef double silence[PIECE]
        cdef float peaks[2][PIECE]
        cdef const double *sound[2]
        cdef int done = 0, n, bins = 0
        memset(silence, 0, sizeof(silence))
        sound[0] = sound[1] = silence
        if self.true_peak:
            self.detect(sound, peaks, self.delay_frames)
        while done < self.delay_frames:
            n = self.state.waiting_left if self.state.waiting_left > 0 else self.delay_frames - done
            bins += self.take_true_peaks(peaks, done, n, sink + bins, room - bins)
            done += n
        return bins + self.seek(self.state.at, sink + bins, room - bins)

    cdef int take(self, const double **planes, int frames, Bin *sink, int room) noexcept nogil:
        """Measure at most PIECE frames. Gives how many bins became known."""
        cdef double clean[2][PIECE]
        cdef float peaks[2][PIECE]
        cdef const double *sound[2]
        cdef int c, n, done = 0, bins = 0
        cdef bint faulty = self.look(planes[0], planes[1], frames) > MOST_LEVEL
        for c in range(2):
            sound[c] = planes[c]
            if faulty and not sane(planes[c], frames):
                silence_faults(planes[c], clean[c], frames)
                sound[c] = clean[c]
        if self.true_peak:
            self.detect(sound, peaks, frames)
        while done < frames:
            n = self.undivided(frames - done)
            if faulty:
                self.count_faults(planes, done, n)
            self.add(sound, done, n)
            if self.true_peak:
                bins += self.take_true_peaks(peaks, done, n, sink + bins, room - bins)
            bins += self.advance(n, sink + bins, room - bins)
            done += n
        return bins

    cdef void detect(self, const double **sound, float (*peaks)[PIECE], int frames) noexcept nogil:
        """Run the true-peak detectors over at most PIECE frames."""
        cdef char *memory = self.block + sizeof(MeterState)
        cdef int c
        for c in range(self.channels):
            truepeak_run(&self.detector, memory + c * self.detector.bytes, sound[c], peaks[c], frames)

    cdef int undivided(self, int frames) noexcept nogil:
        """How many of the next frames lie in one bin and before the waiting one is known."""
        cdef MeterState *s = self.state
        frames = <int>min(<int64_t>frames, s.end - s.at)
        return min(frames, s.waiting_left) if s.waiting_left > 0 else frames

    cdef void count_faults(self, const double **planes, int start, int frames) noexcept nogil:
        cdef int c, i
        for c in range(self.channels):
            for i in range(start, start + frames):
                self.state.open.faults += not sane(planes[c] + i, 1)

    cdef void add(self, const double **sound, int start, int frames) noexcept nogil:
        """Sums and sample peaks of an undivided part."""
        cdef Bin *b = &self.state.open
        cdef double peak
        cdef int c
        for c in range(self.channels):
            peak = self.peak_of(sound[c] + start, frames)
            b.peak[c] = fmax(b.peak[c], peak)
            if peak >= CLIP_LEVEL:
                b.clipped[c] += count_clipped(sound[c] + start, frames)
        self.weighting.sums(&self.weighting, &self.state.sums, sound[0] + start, sound[1] + start, frames)
        b.frames += frames

    cdef int take_true_peaks(self, const float (*peaks)[PIECE], int start, int frames, Bin *sink, int room) noexcept nogil:
        """Peaks of an undivided part belong to the waiting bin while there is one. Gives 1 when that is handed on."""
        cdef MeterState *s = self.state
        cdef Bin *b = &s.waiting if s.waiting_left > 0 else &s.open
        cdef int c
        for c in range(self.channels):
            b.true_peak[c] = fmax(b.true_peak[c], self.detector.top(peaks[c] + start, frames))
        if s.waiting_left == 0:
            return 0
        s.waiting_left -= frames
        return self.hand_on(sink, room) if s.waiting_left == 0 else 0

    cdef int advance(self, int frames, Bin *sink, int room) noexcept nogil:
        """Song time goes on, and where a bin ends the next begins. Gives 1 when a bin became known by it."""
        cdef MeterState *s = self.state
        cdef int bins = 0
        s.at += frames
        if s.at == s.end:
            self.close_bin()
            if not self.true_peak:
                bins = self.hand_on(sink, room)
            self.open_bin()
        return bins

    cdef void open_bin(self) noexcept nogil:
        """Begin the bin in which the next frame lies."""
        cdef MeterState *s = self.state
        memset(&s.open, 0, sizeof(Bin))
        s.open.index = ((s.at + 1) * BINS_PER_S + self.rate - 1) // self.rate - 1
        s.end = (s.open.index + 1) * self.rate // BINS_PER_S
        s.sums.k_energy[0] = s.sums.k_energy[1] = s.sums.energy[0] = s.sums.energy[1] = s.sums.cross = 0.0
        s.sums.total[0] = s.sums.total[1] = 0.0

    cdef void close_bin(self) noexcept nogil:
        """The open bin has all its frames; it waits for its true peaks."""
        cdef MeterState *s = self.state
        cdef int c
        s.waiting = s.open
        s.waiting_left = self.delay_frames
        for c in range(self.channels):
            s.waiting.k_energy[c], s.waiting.energy[c], s.waiting.total[c] = s.sums.k_energy[c], s.sums.energy[c], s.sums.total[c]
        if self.channels == 2:
            s.waiting.cross = s.sums.cross

    cdef int hand_on(self, Bin *sink, int room) noexcept nogil:
        """The waiting bin goes to `sink`. Gives 1, or 0 without room."""
        cdef MeterState *s = self.state
        cdef int c
        s.waiting_left = 0
        if room <= 0:
            s.lost += 1
            return 0
        if self.true_peak:
            for c in range(self.channels):
                s.waiting.true_peak[c] = fmax(s.waiting.true_peak[c], s.waiting.peak[c])
        sink[0] = s.waiting
        return 1


cdef void silence_faults(const double *sound, double *clean, int frames) noexcept nogil:
    """Copy with NaN, infinite and absurd samples as silence."""
    cdef int i
    for i in range(frames):
        clean[i] = sound[i] if sane(sound + i, 1) else 0.0


cdef int count_clipped(const double *sound, int frames) noexcept nogil:
    cdef int i, clipped = 0
    for i in range(frames):
        clipped += fabs(sound[i]) >= CLIP_LEVEL
    return clipped


def bin_layout():
    """[(name, format, offset)] of the fields of a bin, formats as numpy spells them."""
    cdef Bin b
    cdef char *start = <char *>&b
    return [("index", "i8", <char *>&b.index - start),
            ("k_energy", "2f8", <char *>&b.k_energy - start),
            ("energy", "2f8", <char *>&b.energy - start),
            ("cross", "f8", <char *>&b.cross - start),
            ("total", "2f8", <char *>&b.total - start),
            ("peak", "2f8", <char *>&b.peak - start),
            ("true_peak", "2f8", <char *>&b.true_peak - start),
            ("frames", "i4", <char *>&b.frames - start),
            ("clipped", "2i4", <char *>&b.clipped - start),
            ("faults", "i4", <char *>&b.faults - start)]


BIN_FIELDS = bin_layout()
BIN_BYTES = sizeof(Bin)


def k_sections(double rate):
    """((b, a), (b, a)): the shelf and the high-pass of K-weighting at `rate` Hz, as they stand in a row."""
    cdef Section shelf = k_shelf(rate), high = k_highpass(rate)
    return (shelf.b, shelf.a), (high.b, high.a)


def k_parallel(double rate):
    """The same filter as the meter runs it: (direct, [(b, a), (b, a)]), the sections side by side behind one frame of delay."""
    cdef KWeight k
    k_weighting(rate, &k)
    return k.direct, [([k.in0[i], k.in1[i]], [1.0, k.back1[i], k.back2[i]]) for i in range(2)]
