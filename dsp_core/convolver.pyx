from libc.stdlib cimport free
from libc.string cimport memcpy, memset
from libcpp.atomic cimport memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.fade cimport make_fade
from dsp_core.fft cimport fft_add_products, fft_backward, fft_forward, fft_free, fft_make, fft_spectrum
from dsp_core.memory cimport present
from dsp_core.units cimport frames_at

cdef enum:                       # Head.turn
    RESTS = 0
    PREPARES = 1                 # large partitions are worked on with both banks; the old one is still heard
    FADES = 2

cdef enum:
    SMALL = 0
    LARGE = 1
    ROLES = 2                    # 0 what is heard, 1 what comes
    TOGETHER = 16                # most products added up in one go
    FIRST_SUM = 2                # slots of the work on a large partition; each of two sources is transformed in one before them
    LAST_SUM = 6
    SMALLEST = 128               # frames, up to 50 kHz
    MOST_SMALL = 1024            # at 384 kHz


cdef class Convolver:
    """`taps` of each of `firs` FIRs at most, from `sources` (1 or 2) sounds to `outs`; partitions last 2.3 to 2.9 ms and 8 times that.

    Raises ValueError for what makes no sense, MemoryError.
    """

    def __cinit__(self, *args, **kwargs):
        self.fade = self.draft = self.bank[0].spectra = self.bank[1].spectra = NULL
        self.level[0].fft = self.level[1].fft = NULL

    def __dealloc__(self):
        cdef int i
        for i in range(2):
            fft_free(self.level[i].fft)
            free(self.bank[i].spectra)
        free(self.fade)
        free(self.draft)

    def __init__(self, double rate, int taps, int sources, int outs, int firs):
        if not (1 <= sources <= MOST_SOURCES and 1 <= outs <= MOST_OUTS and 1 <= firs <= MOST_PATHS and taps >= 1):
            raise ValueError(f"{taps} taps of {firs} FIRs from {sources} sounds to {outs} cannot be convolved")
        self.taps, self.sources, self.outs, self.firs = taps, sources, outs, firs
        self.layout(frames_at(SMALLEST, rate))
        self.allocate()

    cdef int layout(self, int small) except -1:
        """Sizes of the partitions and where everything lies. The large ones begin where they are finished in time."""
        cdef int reach = 2 * SLOTS * small - small, i
        cdef size_t at = (sizeof(Head) + 63) // 64 * 8
        cdef Level *v
        self.latency, self.period, self.fir_doubles = small, SLOTS * small, 0
        self.levels = 2 if self.taps > reach else 1
        self.level[SMALL].frames, self.level[SMALL].first = small, 0
        self.level[SMALL].parts = (min(self.taps, reach) + small - 1) // small
        self.level[LARGE].frames, self.level[LARGE].first = SLOTS * small, reach
        self.level[LARGE].parts = (self.taps - reach + SLOTS * small - 1) // (SLOTS * small)
        for i in range(self.levels):
            v = &self.level[i]
            v.spectrum = fft_spectrum(2 * v.frames)
            v.fir = self.fir_doubles
            self.fir_doubles += v.parts * v.spectrum
            v.line = at
            v.held = v.line + self.sources * 2 * v.frames
            v.past = v.held + self.sources * 2 * v.frames
            v.sum = v.past + v.parts * self.sources * v.spectrum
            v.ready = v.sum + ROLES * self.outs * v.spectrum
            at = v.ready + ROLES * self.outs * v.frames
        self.scratch = at
        self.bytes = (at + 2 * self.level[self.levels - 1].spectrum) * sizeof(double)
        return 0

    cdef int allocate(self) except -1:
        cdef int i
        for i in range(self.levels):
            self.level[i].fft = fft_make(2 * self.level[i].frames)
            if self.level[i].fft is NULL:
                raise MemoryError
        self.fade = <double *>present(self.period, sizeof(double))
        self.draft = <double *>present(3 * self.level[self.levels - 1].spectrum, sizeof(double))
        for i in range(2):
            self.bank[i].spectra = <double *>present(self.firs * self.fir_doubles, sizeof(double))
        if self.fade is NULL or self.draft is NULL or self.bank[0].spectra is NULL or self.bank[1].spectra is NULL:
            raise MemoryError
        make_fade(self.fade, self.period)
        return 0

    # Control thread: while not busy, begin, transform and connect what is wanted, publish.

    cdef bint busy(self) noexcept nogil:
        """The bank that is not to be heard is still in use."""
        return self.alone.load(memory_order_acquire) != self.live.load(memory_order_relaxed)

    cdef void begin(self) noexcept nogil:
        self.bank[1 - self.live.load(memory_order_relaxed)].paths = 0

    cdef void transform(self, int fir, const double *taps) noexcept nogil:
        """Spectra of the partitions of one FIR."""
        cdef double *to = self.bank[1 - self.live.load(memory_order_relaxed)].spectra + fir * self.fir_doubles
        cdef const Level *v
        cdef int i, part, at, n
        for i in range(self.levels):
            v = &self.level[i]
            for part in range(v.parts):
                at = v.first + part * v.frames
                n = min(v.frames, self.taps - at)
                memset(self.draft, 0, 2 * v.frames * sizeof(double))
                memcpy(self.draft, taps + at, n * sizeof(double))
                fft_forward(v.fft, self.draft, to + v.fir + part * v.spectrum, self.draft + 2 * v.frames)

    cdef void connect(self, int source, int out, int fir) noexcept nogil:
        """At most one FIR from each source to each out. What nothing leads to stays silent and costs nothing."""
        cdef Bank *b = &self.bank[1 - self.live.load(memory_order_relaxed)]
        b.path[b.paths].source, b.path[b.paths].out, b.path[b.paths].fir = source, out, fir
        b.paths += 1

    cdef void publish(self) noexcept nogil:
        self.live.store(1 - self.live.load(memory_order_relaxed), memory_order_release)

    # Audio thread.

    cdef bint silent(self) noexcept nogil:
        """No path leads anywhere, and nothing else is on its way."""
        return self.now == self.next and self.bank[self.now].paths == 0

    cdef void rest(self, char *memory) noexcept nogil:
        """Nothing sounds: take up what was published at once. `memory` is zero."""
        self.now = self.next = self.live.load(memory_order_acquire)
        self.alone.store(self.now, memory_order_release)

    cdef void anchor(self, char *memory, int64_t when) noexcept nogil:
        """Before the first frames after a rest, which lie at song time `when`: put the borders on the grid."""
        cdef Head *h = <Head *>memory
        if not h.anchored:
            h.anchored, h.at = True, <int>(when % self.period)
            if h.at < 0:
                h.at += self.period

    cdef void run(self, char *memory, double **x, double **out, int frames) noexcept nogil:
        """`out` planes are overwritten; none may be one of `x`."""
        cdef Head *h = <Head *>memory
        cdef int done = 0, n
        while done < frames:
            n = min(frames - done, self.latency - h.at % self.latency)
            self.give(h, out, done, n)
            self.take(h, x, done, n)
            h.at += n
            if h.at % self.latency == 0:
                self.cross(h)
            done += n

    cdef inline double *plane(self, Head *h, size_t at) noexcept nogil:
        return <double *>h + at

    cdef void give(self, Head *h, double **out, int done, int frames) noexcept nogil:
        cdef const double *small
        cdef const double *large
        cdef double *y
        cdef double come[MOST_SMALL]
        cdef double *to
        cdef int o, role, i, n = self.outs
        cdef bint fades = h.turn == FADES
        for o in range(n):
            y = out[o] + done
            for role in range(1 + fades):
                to = &come[0] if role == 1 else y
                small = self.plane(h, self.level[SMALL].ready) + (role * n + o) * self.latency + h.at % self.latency
                memcpy(to, small, frames * sizeof(double))
                if self.levels == 2:
                    large = self.plane(h, self.level[LARGE].ready) + (role * n + o) * self.period + h.at
                    for i in range(frames):
                        to[i] += large[i]
            if fades:
                for i in range(frames):
                    y[i] += self.fade[h.at + i] * (come[i] - y[i])

    cdef void take(self, Head *h, double **x, int done, int frames) noexcept nogil:
        cdef const Level *v
        cdef int i, c
        for i in range(self.levels):
            v = &self.level[i]
            for c in range(self.sources):
                memcpy(self.plane(h, v.line) + (2 * c + 1) * v.frames + h.at % v.frames, x[c] + done, frames * sizeof(double))

    cdef void cross(self, Head *h) noexcept nogil:
        """A border of small partitions, and perhaps of large ones."""
        cdef int c, role
        if h.at == self.period:
            h.at = 0
            if self.levels == 2:
                self.finish(h, LARGE)
                memcpy(self.plane(h, self.level[LARGE].held), self.plane(h, self.level[LARGE].line),
                       self.sources * 2 * self.period * sizeof(double))
                self.shift(h, LARGE)
            self.turn(h)
        for c in range(self.sources):
            self.forward(h, SMALL, self.level[SMALL].line, c)
        self.shift(h, SMALL)
        for role in range(self.roles(h, SMALL)):
            self.add(h, SMALL, role, 0, self.level[SMALL].parts)
            self.backward(h, SMALL, role, 0, self.outs)
        self.finish(h, SMALL)
        if self.levels == 2:
            self.work(h, h.at // self.latency)

    cdef void turn(self, Head *h) noexcept nogil:
        """At a border of large partitions: one step further from bank to bank, or the first one."""
        if h.turn == PREPARES:
            h.turn = FADES
            return
        if h.turn == FADES:
            h.turn = RESTS
            self.now = self.next
            self.alone.store(self.now, memory_order_release)
        self.next = self.live.load(memory_order_acquire)
        if self.next != self.now:
            h.turn = PREPARES

    cdef void work(self, Head *h, int slot) noexcept nogil:
        """An eighth of the work on the large partition that is held."""
        cdef int parts = self.level[LARGE].parts, span = LAST_SUM - FIRST_SUM, half = (self.outs + 1) // 2, role
        if slot < self.sources:
            self.forward(h, LARGE, self.level[LARGE].held, slot)
        for role in range(self.roles(h, LARGE)):
            if FIRST_SUM <= slot < LAST_SUM:
                self.add(h, LARGE, role, parts * (slot - FIRST_SUM) // span, parts * (slot - FIRST_SUM + 1) // span)
            elif slot == LAST_SUM:
                self.backward(h, LARGE, role, 0, half)
            elif slot == LAST_SUM + 1:
                self.backward(h, LARGE, role, half, self.outs)

    cdef void shift(self, Head *h, int level) noexcept nogil:
        """The partition that is full becomes the one before."""
        cdef const Level *v = &self.level[level]
        cdef double *line
        cdef int c
        for c in range(self.sources):
            line = self.plane(h, v.line) + 2 * c * v.frames
            memcpy(line, line + v.frames, v.frames * sizeof(double))
        h.newest[level] = (h.newest[level] + 1) % v.parts

    cdef void forward(self, Head *h, int level, size_t line, int source) noexcept nogil:
        """To the place the next `shift` of small, or the last one of large partitions names the newest."""
        cdef const Level *v = &self.level[level]
        cdef int to = (h.newest[SMALL] + 1) % v.parts if level == SMALL else h.newest[LARGE]
        fft_forward(v.fft, self.plane(h, line) + 2 * source * v.frames,
                    self.plane(h, v.past) + (to * self.sources + source) * v.spectrum, self.plane(h, self.scratch))

    cdef inline int roles(self, const Head *h, int level) noexcept nogil:
        """How many banks have to be worked with for what a partition worked on now will give."""
        return 1 + (h.turn == (FADES if level == SMALL else PREPARES))

    cdef inline const Bank *bank_of(self, const Head *h, int level, int role) noexcept nogil:
        """A large partition that is worked on in a fade is heard after it."""
        return &self.bank[self.next if role == 1 or (level == LARGE and h.turn == FADES) else self.now]

    cdef void add(self, Head *h, int level, int role, int first, int last) noexcept nogil:
        """What comes out of parts `first` to `last` of the FIRs."""
        cdef const Level *v = &self.level[level]
        cdef const Bank *b = self.bank_of(h, level, role)
        cdef const double *heard[TOGETHER]
        cdef const double *fir[TOGETHER]
        cdef double *sum = self.plane(h, v.sum) + role * self.outs * v.spectrum
        cdef const double *past = self.plane(h, v.past)
        cdef int p, part, n, at
        if first == 0:
            memset(sum, 0, self.outs * v.spectrum * sizeof(double))
        for p in range(b.paths):
            part = first
            while part < last:
                n = 0
                while part < last and n < TOGETHER:
                    at = h.newest[level] - part
                    if at < 0:
                        at += v.parts
                    heard[n] = past + (at * self.sources + b.path[p].source) * v.spectrum
                    fir[n] = b.spectra + b.path[p].fir * self.fir_doubles + v.fir + part * v.spectrum
                    part += 1
                    n += 1
                fft_add_products(v.fft, heard, fir, n, sum + b.path[p].out * v.spectrum)

    cdef void backward(self, Head *h, int level, int role, int first, int last) noexcept nogil:
        """Sums of outs `first` to `last` become sounds, in their place. Zeros are both."""
        cdef const Level *v = &self.level[level]
        cdef const Bank *b = self.bank_of(h, level, role)
        cdef double *scratch = self.plane(h, self.scratch)
        cdef double *sum
        cdef int o
        for o in range(first, last):
            if is_fed(b, o):
                sum = self.plane(h, v.sum) + (role * self.outs + o) * v.spectrum
                fft_backward(v.fft, sum, scratch + v.spectrum, scratch)
                memcpy(sum, scratch + v.spectrum, 2 * v.frames * sizeof(double))

    cdef void finish(self, Head *h, int level) noexcept nogil:
        """The second half of every sound, which nothing wraps into, is ready to be given out."""
        cdef const Level *v = &self.level[level]
        cdef int k
        for k in range(self.roles(h, level) * self.outs):
            memcpy(self.plane(h, v.ready) + k * v.frames, self.plane(h, v.sum) + k * v.spectrum + v.frames, v.frames * sizeof(double))


cdef inline bint is_fed(const Bank *b, int out) noexcept nogil:
    cdef int p
    for p in range(b.paths):
        if b.path[p].out == out:
            return True
    return False
