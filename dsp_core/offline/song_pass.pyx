"""A song through stages and measures, as fast as several threads together can take it. No thread holds the interpreter meanwhile.

The song passes in blocks from post to post: fetch, one post per stage, then the meter and the picture of the master. A thread
takes the waiting block of the post that has taken longest so far. Bits do not depend on the number of threads, because every post takes the blocks in order.
"""
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.ref cimport PyObject
from libc.math cimport INFINITY, fmax
from libc.stdint cimport int64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy, memset
from libcpp.atomic cimport atomic, memory_order_acquire, memory_order_release

from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.memory cimport present
from dsp_core.meters.k_energy cimport KEnergy, k_energy_close, k_energy_hear
from dsp_core.meters.kweight cimport KWeight, k_weighting
from dsp_core.meters.meter cimport BINS_PER_S, Bin, Meter
from dsp_core.stages.stage cimport CHUNK, Common, Stage, sample_t

cdef extern from "dsp_core/kernels/line.h" nogil:
    cppclass Line "mrt_line":
        Line()
    enum:
        RING "mrt_line::RING"
        MOST_POSTS "mrt_line::MOST_POSTS"
    void line_begin "mrt_line_begin"(Line *line, int posts, int last, long long blocks) noexcept
    int line_take "mrt_line_take"(Line *line, long long *block) noexcept
    void line_done "mrt_line_done"(Line *line, int post, long long worked_ns) noexcept
    long long line_spent_ns "mrt_line_spent_ns"(Line *line, int post) noexcept
    void line_stop "mrt_line_stop"(Line *line) noexcept
    bint line_complete "mrt_line_complete"(Line *line) noexcept
    long long worked_ns "mrt_worked_ns"() noexcept

cdef extern from "dsp_core/kernels/columns.h" nogil:
    ctypedef struct Column "MrtColumn":
        float low, high, power
    ctypedef Column (*DrawColumn "MrtDrawColumn")(const float *left, const float *right, int frames) noexcept
    DrawColumn column_fastest "mrt_column_fastest"() noexcept

cdef enum:
    BLOCK = 8192                 # frames; a multiple of CHUNK
    COLUMN = 256                 # frames of one column of the picture
    MOST_CUTS = 8                # of a block by places that are saved
    MOST_SPANS = BLOCK // CHUNK + MOST_CUTS
    MOST_STAGES = MOST_POSTS - 3
    MOST_AT_END = 2

BLOCK_FRAMES = BLOCK
COLUMN_FRAMES = COLUMN


cdef struct Tapped:              # one stage of the pass
    PyObject *stage
    KEnergy behind               # loudness behind it, where that is measured
    double *energies             # of its bins in this segment, or NULL
    int n_energies
    int64_t latency              # frames from the song to behind the stage
    double *input[2]             # where its input is kept, or NULL
    float *reduction             # of every CHUNK frames fed
    char **states
    int most_states


cdef class SongPass:
    """`frames` frames at `rate` Hz through fresh `stages`, in segments: `begin` one, let any threads `work`, take what was found.

    latency_before: of the stages that are left out because their output is what is fed. What is measured behind the last stage is
    aligned with the song. ValueError for too many stages.
    """

    cdef readonly int rate
    cdef readonly long long frames
    cdef readonly long long latency_frames       # from the song to what comes out
    cdef Line *line
    cdef list _stages, _states
    cdef int n
    cdef Tapped tapped[MOST_STAGES]
    cdef atomic[int] saved[MOST_STAGES]
    cdef bint behind
    cdef KWeight weighting
    cdef double *ring
    cdef double peaks[RING][MOST_SPANS]          # of what the last post left in every span of a block
    cdef Meter meter
    cdef Bin *bins
    cdef int n_bins, room
    cdef float column[2][COLUMN]                 # of the picture, while it is filled
    cdef DrawColumn draw_column
    cdef float[:, ::1] picture
    cdef float[:, ::1] master
    cdef list _kept
    cdef const double[:, ::1] doubles
    cdef const float[:, ::1] singles
    cdef int64_t first, last                     # frames of the song that the segment covers
    cdef int64_t there                           # of them in the source; silence behind
    cdef int64_t every                           # frames from one saved state to the next; 0 for none

    def __cinit__(self, int rate, long long frames, stages, *args, **kwargs):
        self.line = new Line()
        self.ring = <double *>present(2 * RING * BLOCK, sizeof(double))
        if self.ring is NULL:
            raise MemoryError

    def __dealloc__(self):
        cdef int k
        del self.line
        free(self.ring)
        free(self.bins)
        for k in range(self.n):
            free(self.tapped[k].energies)
            free(self.tapped[k].states)

    def __init__(self, int rate, long long frames, stages, *, long long latency_before=0, bint behind=True, bint true_peak=True):
        cdef int k
        self._stages, self._kept, self._states = list(stages), [], []
        if len(self._stages) > MOST_STAGES:
            raise ValueError(f"a pass holds at most {MOST_STAGES} stages, not {len(self._stages)}; remove some")
        self.rate, self.frames, self.behind = rate, frames, behind
        self.meter = Meter(rate, 2, true_peak)
        k_weighting(rate, &self.weighting)
        self.draw_column = column_fastest()
        self.latency_frames = latency_before
        self.picture = self.master = None
        for stage in self._stages:
            k = self.n
            self.n += 1
            self.latency_frames += (<Stage?>stage).latency_frames
            self.tapped[k].stage, self.tapped[k].latency = <PyObject *>stage, self.latency_frames

    def keep_input(self, int stage, double[:, ::1] plane not None):
        """Before the first segment: what goes into a stage is written to `plane` (2, all frames that will be fed)."""
        self._kept.append(plane)
        self.tapped[stage].input[0], self.tapped[stage].input[1] = &plane[0, 0], &plane[1, 0]

    def keep_master(self, float[:, ::1] plane not None):
        """Before the first segment: what comes out is written to `plane` (2, frames), aligned with the song."""
        self.master = plane

    def keep_picture(self, float[:, ::1] columns not None):
        """Before the first segment: lowest, highest and mean square of both channels in every COLUMN_FRAMES go to (3, columns)."""
        self.picture = columns

    def keep_reductions(self, float[:, ::1] reductions not None):
        """Before the first segment: the largest reduction of each stage in every 256 frames fed goes to (stages, chunks), in dB."""
        cdef int k
        self._kept.append(reductions)
        for k in range(self.n):
            self.tapped[k].reduction = &reductions[k, 0]

    def keep_states(self, long long every):
        """Before the first segment: states of the stages before every `every` frames of the song, 1024 or more, from frame 0 on."""
        cdef int k, i, points
        if every < BLOCK // MOST_CUTS:
            raise ValueError(f"states can be kept every {BLOCK // MOST_CUTS} frames or less often, not every {every}")
        points = <int>((self.frames + every - 1) // every)
        self.every = every
        for k in range(self.n):
            self._states.append([PyBytes_FromStringAndSize(NULL, (<Stage>self.tapped[k].stage).block_bytes) for _ in range(points)])
            self.tapped[k].states = <char **>calloc(max(1, points), sizeof(char *))
            if self.tapped[k].states is NULL:
                raise MemoryError
            self.tapped[k].most_states = points
            for i in range(points):
                self.tapped[k].states[i] = PyBytes_AS_STRING(self._states[k][i])

    @property
    def states_ready(self):
        """How many places there are at which all stages have left their states; grows while threads work."""
        cdef int k, least = self.tapped[0].most_states if self.n else 0
        for k in range(self.n):
            least = min(least, self.saved[k].load(memory_order_acquire))
        return least

    def states_of(self, int stage):
        """All states of one stage, once the pass is complete."""
        return self._states[stage]

    def states_at(self, int place):
        """States of the stages at a place under `states_ready`."""
        if not 0 <= place < self.states_ready:
            raise IndexError(f"there is no saved place {place}; {self.states_ready} are ready")
        return tuple(states[place] for states in self._states)

    def begin(self, source, long long first, long long last):
        """The next segment: frames first..last of what is fed, `source` (2, frames) float32 or float64; silence behind its end.

        first must be a multiple of BLOCK_FRAMES. ValueError for planes of another shape.
        """
        cdef int k
        if len(source) != 2 or first % BLOCK:
            raise ValueError(f"a segment has two planes and begins at a multiple of {BLOCK} frames, not {len(source)} from {first}")
        self.doubles = source if source.dtype.itemsize == 8 else None
        self.singles = source if source.dtype.itemsize == 4 else None
        self.first, self.last, self.there = first, last, min(source.shape[1], last - first)
        self.room = self.room_for(last - first)
        self.n_bins = 0
        self.bins = self.fresh_bins(self.bins, self.room)
        for k in range(self.n - 1 if self.behind else 0):
            self.tapped[k].n_energies = 0
            free(self.tapped[k].energies)
            self.tapped[k].energies = <double *>calloc(self.room, sizeof(double))
            if self.tapped[k].energies is NULL:
                raise MemoryError
        line_begin(self.line, self.n + 3, self.n, (last - first + BLOCK - 1) // BLOCK)

    cdef int room_for(self, int64_t frames):
        return <int>(frames * BINS_PER_S // self.rate) + 2 + MOST_AT_END

    cdef Bin *fresh_bins(self, Bin *old, int room) except NULL:
        free(old)
        cdef Bin *bins = <Bin *>calloc(room, sizeof(Bin))
        if bins is NULL:
            raise MemoryError
        return bins

    def work(self):
        """Any thread: lend a hand until the segment is done or `stop` is called."""
        cdef unsigned long long before
        with nogil:
            before = flush_denormals()
            self.lend_a_hand()
            restore_denormals(before)

    def stop(self):
        """Any thread: all who work come back within a block. The pass cannot be gone on with."""
        line_stop(self.line)

    @property
    def complete(self):
        """Whether the segment is done."""
        return line_complete(self.line)

    def take_bins(self):
        """Bins of the master in this segment, as bytes."""
        return (<char *>self.bins)[:self.n_bins * sizeof(Bin)]

    def last_bins(self):
        """Bins that the end of the song gives."""
        return self.meter.flush_block()

    def take_behind(self, int stage):
        """K-weighted energies behind a stage in this segment, one float64 per bin of 10 ms, as bytes."""
        return (<char *>self.tapped[stage].energies)[:self.tapped[stage].n_energies * sizeof(double)]

    def last_behind(self, int stage):
        """The energy of the incomplete bin with which the song ends; nothing where none is open."""
        cdef KEnergy *behind = &self.tapped[stage].behind
        cdef double energy
        if behind.index * self.rate // BINS_PER_S >= behind.at:
            return b""
        energy = k_energy_close(behind)
        return (<char *>&energy)[:sizeof(double)]

    @property
    def seconds(self):
        """Processor time each post has taken so far: fetching, the stages, the meter, the picture."""
        return [1e-9 * line_spent_ns(self.line, post) for post in range(self.n + 3)]

    cdef void lend_a_hand(self) noexcept nogil:
        cdef long long block, began
        cdef int post
        while True:
            post = line_take(self.line, &block)
            if post < 0:
                return
            began = worked_ns()
            if post == 0:
                self.fetch(block)
            elif post <= self.n:
                self.run_stage(post - 1, block)
            elif post == self.n + 1:
                self.measure(block)
            else:
                self.draw(block)
            line_done(self.line, post, worked_ns() - began)

    cdef double *plane(self, long long block, int channel) noexcept nogil:
        return self.ring + (2 * (block % RING) + channel) * BLOCK

    cdef int length(self, long long block) noexcept nogil:
        return <int>min(<int64_t>BLOCK, self.last - self.first - block * BLOCK)

    cdef void fetch(self, long long block) noexcept nogil:
        cdef int64_t at = block * BLOCK
        cdef int frames = self.length(block), c, span
        cdef int sound = <int>max(<int64_t>0, min(<int64_t>frames, self.there - at))
        cdef double *plane
        for c in range(2):
            plane = self.plane(block, c)
            if sound and self.doubles is not None:
                memcpy(plane, &self.doubles[c, at], sound * sizeof(double))
            elif sound:
                widen(&self.singles[c, at], plane, sound)
            memset(plane + sound, 0, (frames - sound) * sizeof(double))
        for span in range(MOST_SPANS):
            self.peaks[block % RING][span] = INFINITY

    cdef void run_stage(self, int stage, long long block) noexcept nogil:
        cdef Tapped *t = &self.tapped[stage]
        cdef sample_t *io[2]
        cdef double *peak = &self.peaks[block % RING][0]
        cdef int64_t when = self.first + block * BLOCK, end = when + self.length(block)
        cdef int c, n, done = 0
        if t.input[0] is not NULL:
            for c in range(2):
                memcpy(t.input[c] + when, self.plane(block, c), <size_t>(end - when) * sizeof(double))
        while when < end:
            if self.every and when % self.every == 0 and self.saved[stage].load(memory_order_acquire) < t.most_states:
                self.save(t, &self.saved[stage])
            n = self.span(when, end)
            io[0], io[1] = self.plane(block, 0) + done, self.plane(block, 1) + done
            peak[0] = (<Stage>t.stage).run(io, NULL, n, when, peak[0])
            self.read_reduction(t, when)
            peak += 1
            when += n
            done += n
        if t.energies is not NULL:
            self.hear_behind(t, block)

    cdef int span(self, int64_t when, int64_t end) noexcept nogil:
        """Frames to the next chunk, the next place that is saved, or the end of the block."""
        end = min(end, when - when % CHUNK + CHUNK)
        if self.every:
            end = min(end, when - when % self.every + self.every)
        return <int>(end - when)

    cdef void save(self, Tapped *t, atomic[int] *saved) noexcept nogil:
        """The state as it stands, its meters empty."""
        cdef Common *common = (<Stage>t.stage).common
        cdef int place = saved.load(memory_order_acquire)
        common.in_peak = common.out_peak = 0.0
        memcpy(t.states[place], (<Stage>t.stage).block, (<Stage>t.stage).block_bytes)
        saved.store(place + 1, memory_order_release)

    cdef void read_reduction(self, Tapped *t, int64_t when) noexcept nogil:
        cdef Common *common = (<Stage>t.stage).common
        cdef float *here
        if t.reduction is NULL:
            return
        here = t.reduction + when // CHUNK
        here[0] = <float>fmax(here[0], common.reduction_db)
        common.reduction_db = 0.0

    cdef void hear_behind(self, Tapped *t, long long block) noexcept nogil:
        cdef const double *pair[2]
        cdef int64_t frame
        cdef int frames = self.aligned(block, t.latency, pair, &frame)
        if frames:
            t.n_energies += k_energy_hear(&t.behind, &self.weighting, self.rate, pair[0], pair[1], frames, t.energies + t.n_energies)

    cdef int aligned(self, long long block, int64_t latency, const double **pair, int64_t *frame) noexcept nogil:
        """What of a block that is `latency` late lies in the song: planes, their first frame, and how many frames."""
        cdef int64_t at = self.first + block * BLOCK - latency
        cdef int64_t start = max(<int64_t>0, at), end = min(<int64_t>self.frames, at + self.length(block))
        pair[0], pair[1] = self.plane(block, 0) + (start - at), self.plane(block, 1) + (start - at)
        frame[0] = start
        return <int>max(<int64_t>0, end - start)

    cdef void measure(self, long long block) noexcept nogil:
        cdef const double *pair[2]
        cdef int64_t frame
        cdef int frames = self.aligned(block, self.latency_frames, pair, &frame)
        if frames:
            self.n_bins += self.meter.measure(pair, frames, self.bins + self.n_bins, self.room - self.n_bins)

    cdef void draw(self, long long block) noexcept nogil:
        """The master in 32 bits, column by column; from there the picture."""
        cdef const double *pair[2]
        cdef float *column[2]
        cdef int64_t frame
        cdef int frames = self.aligned(block, self.latency_frames, pair, &frame), c, n, begun
        while frames and (self.master is not None or self.picture is not None):
            begun = <int>(frame % COLUMN)
            n = min(frames, COLUMN - begun)
            for c in range(2):
                column[c] = &self.column[c][0] if self.master is None else &self.master[c, frame - begun]
                narrow(pair[c], column[c] + begun, n)
                pair[c] += n
            frame += n
            frames -= n
            if self.picture is not None and (begun + n == COLUMN or frame == self.frames):
                self.close_column((frame - 1) // COLUMN, self.draw_column(column[0], column[1], begun + n))

    cdef void close_column(self, int64_t at, Column column) noexcept nogil:
        self.picture[0, at], self.picture[1, at], self.picture[2, at] = column.low, column.high, column.power


cdef inline void widen(const float *x, double *out, int frames) noexcept nogil:
    cdef int i
    for i in range(frames):
        out[i] = x[i]


cdef inline void narrow(const double *x, float *out, int frames) noexcept nogil:
    cdef int i
    for i in range(frames):
        out[i] = <float>x[i]
