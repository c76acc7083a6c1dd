"""Chains that hear the same song side by side: its own, whose mix and delta come along, and two others that are compared with it.

Whoever takes less time is held back until all leave together, so that any two of them switch without a sample between them. A jump
leaves an ensemble as a whole for another one that was run up as a whole.
"""
from libc.stdlib cimport free
from libc.string cimport memcpy, memset
from libcpp.atomic cimport memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.engine.lag cimport lag_idle, lag_rest, lag_stand, lag_through
from dsp_core.engine.past cimport PAST_FRAMES, remember
from dsp_core.engine.selector cimport DELTA, MASTER, MIX, OTHER, SOURCES
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.memory cimport present
from dsp_core.stages.stage cimport CHUNK

cdef enum:
    SETTLE_MS = 250              # for stages that began without a past


cdef void feed(Chain chain, Lag *lags[3], Source source, int64_t start, int64_t stop, int64_t origin) noexcept nogil:
    """The song's frames start .. stop to a chain that nothing else runs. `lags`: where its mix, master and delta are kept, or NULL.

    The source's first frame is song frame `origin`. Stands at `stop` then, with its meters at zero.
    """
    cdef sample_t memory[6][CHUNK]
    cdef sample_t *plane[3][2]
    cdef unsigned long long before = flush_denormals()
    cdef int k, n
    for k in range(6):
        plane[k // 2][k % 2] = memory[k]
    while start < stop:
        n = <int>min(stop - start, <int64_t>CHUNK)
        source.read(start - origin, plane[MASTER], n)
        chain.run(plane[MASTER], plane[MIX], plane[DELTA], n, start)
        for k in range(3):
            if lags[k] is not NULL:
                remember(&lags[k].past, plane[k], n)
        start += n
    restore_denormals(before)
    chain.place = stop
    chain.clear_meters()


cdef class Ensemble:
    """`main`, and other chains beside it where they are compared; `others` are the engine's from now on, as `main` is.

    Raises ValueError for chains of different rates, MemoryError.
    """

    def __init__(self, Chain main not None, others=()):
        self.main = main
        self._others = [None] * OTHERS
        for k, other in enumerate(others):
            if other is not None:
                self._join(k, other)
                self.on[k] = True

    def __dealloc__(self):
        cdef int k
        for k in range(VOICES):
            free(self.lag[k].past.planes)

    @property
    def others(self):
        """The chains beside the main one; None where there is none."""
        return tuple(self._others)

    @property
    def latency_frames(self):
        """Frames from the song's place to what is heard: the latency of whoever takes longest."""
        return max(chain.latency_frames for chain in (self.main, *self._others) if chain is not None)

    def prepare(self, int k):
        """Control thread: the k-th chain beside the main one, made where there is none. Raises MemoryError."""
        if self._others[k] is None:
            self._join(k, Chain(self.main.rate))
        return self._others[k]

    def run_up(self, int k, Source source not None, int64_t start, int64_t stop, int64_t origin=0):
        """Feed the song's frames start .. stop to the main chain, k = -1, or to another one. Only while nothing runs it; the same `stop` for all.

        The source's first frame is song frame `origin`. Releases the interpreter.
        """
        cdef Chain chain = self.main if k < 0 else self._others[k]
        cdef Lag *lags[3]
        cdef int voice
        for voice in range(3):
            lags[voice] = &self.lag[voice] if k < 0 and self.lag[voice].past.planes is not NULL else NULL
        if k >= 0:
            lags[MASTER] = &self.lag[OTHER + k]
        with nogil:
            feed(chain, lags, source, start, stop, origin)

    def stand(self):
        """All were run up: from now on they leave together."""
        cdef int most = self.longest()
        cdef int k
        for k in range(OTHER):
            lag_stand(&self.lag[k], most - self.main.latency())
        for k in range(OTHERS):
            if self.on[k]:
                lag_stand(&self.lag[OTHER + k], most - (<Chain>self.other[k]).latency())

    def _join(self, int k, Chain chain):
        cdef int voice
        if chain.rate != self.main.rate:
            raise ValueError(f"a chain at {chain.rate:g} Hz cannot run beside one at {self.main.rate:g} Hz")
        for voice in (*range(OTHER), OTHER + k):
            if self.lag[voice].past.planes is NULL:
                self.lag[voice].past.planes = <double *>present(2 * PAST_FRAMES, sizeof(double))
                if self.lag[voice].past.planes is NULL:
                    raise MemoryError
        chain.led = True
        self._others[k] = chain
        self.other[k] = <PyObject *>chain
        self.manned.store(self.manned.load(memory_order_relaxed) | 1 << k, memory_order_release)

    # Audio thread.

    cdef int lateness(self) noexcept nogil:
        """Frames by which master and mix leave later than their chain gives them out."""
        return self.lag[MASTER].delay

    cdef int late(self) noexcept nogil:
        """Frames from the song's place to what is heard."""
        return self.main.latency() + self.lag[MASTER].delay

    cdef int late_of(self, int voice) noexcept nogil:
        """The same of one voice by what it goes through; ELSEWHERE while it does not run, or is on its way to another time."""
        cdef PyObject *chain = <PyObject *>self.main
        if voice >= OTHER:
            if not self.on[voice - OTHER] or self.hold_left[voice - OTHER] > 0:
                return ELSEWHERE
            chain = self.other[voice - OTHER]
        if (<Chain>chain).fade_left > 0 or self.lag[voice].fade_left > 0:
            return ELSEWHERE
        return (<Chain>chain).latency() + self.lag[voice].delay

    cdef int64_t stands(self) noexcept nogil:
        """Song frame that comes out next, of one that was run up."""
        return self.main.place - self.late()

    cdef bint can_follow(self, Ensemble before) noexcept nogil:
        """Whether it has every chain that runs in the one that would be left."""
        cdef int k
        for k in range(OTHERS):
            if before.on[k] and not self.on[k]:
                return False
        return True

    cdef int ready(self) noexcept nogil:
        """Which sources may be heard, one bit each."""
        cdef int bits = (1 << SOURCES) - 1
        cdef int k
        for k in range(OTHERS):
            if not self.on[k] or self.hold_left[k] > 0:
                bits &= ~(1 << (OTHER + k))
        return bits

    cdef void want(self, int k) noexcept nogil:
        """Run chain k from now on, where there is one. What was published is taken up at once where it did not run."""
        if self.on[k] or not self.manned.load(memory_order_acquire) >> k & 1:
            return
        (<Chain>self.other[k]).adopt(False)
        self.on[k] = True
        self.hold_left[k] = (<Chain>self.other[k]).strangers()
        if self.hold_left[k] > 0:
            self.hold_left[k] += <int>(SETTLE_MS * 1e-3 * self.main.rate)

    cdef void rest(self, int wanted) noexcept nogil:
        """Nothing sounds, so nothing needs a fade. `wanted`: which others a comparison wants, one bit each."""
        cdef int k, most
        self.main.adopt(False)
        for k in range(OTHERS):
            if self.on[k]:
                self.on[k], self.hold_left[k] = wanted >> k & 1, 0
                (<Chain>self.other[k]).adopt(False)
        most = self.longest()
        for k in range(OTHER):
            lag_rest(&self.lag[k], most - self.main.latency())
        for k in range(OTHERS):
            lag_rest(&self.lag[OTHER + k], most - (<Chain>self.other[k]).latency() if self.on[k] else 0)

    cdef void restart(self, int wanted) noexcept nogil:
        """The song begins anew out of silence."""
        cdef int k
        self.main.restart()
        for k in range(OTHERS):
            if self.on[k]:
                (<Chain>self.other[k]).restart()
        self.rest(wanted)

    cdef void run(self, sample_t *sources[VOICES][2], int wanted, int frames, int64_t when) noexcept nogil:
        """At most CHUNK frames. The master's planes hold what is fed; gives every voice, aligned. `wanted`: the others that are to go on."""
        cdef int k, c
        for k in range(OTHERS):
            for c in range(2 if self.on[k] else 0):
                memcpy(sources[OTHER + k][c], sources[MASTER][c], frames * sizeof(double))
            if self.on[k]:
                # Before the main chain runs: what goes on from the memory of its stages must not hear this piece twice.
                (<Chain>self.other[k]).adopt(True)
        self.main.run(sources[MASTER], sources[MIX], sources[DELTA], frames, when)
        self.run_others(sources, wanted, frames, when)
        self.align(sources, frames)

    cdef void run_others(self, sample_t *sources[VOICES][2], int wanted, int frames, int64_t when) noexcept nogil:
        cdef int k, c
        for k in range(OTHERS):
            if not self.on[k]:
                for c in range(2):
                    memset(sources[OTHER + k][c], 0, frames * sizeof(double))
                continue
            (<Chain>self.other[k]).run(sources[OTHER + k], NULL, NULL, frames, when)
            self.hold_left[k] = max(0, self.hold_left[k] - frames)
            if not wanted >> k & 1:
                self.on[k] = False
                (<Chain>self.other[k]).adopt(False)
                lag_rest(&self.lag[OTHER + k], 0)

    cdef void align(self, sample_t *sources[VOICES][2], int frames) noexcept nogil:
        cdef int most = self.longest()
        cdef int k
        if not (self.on[0] or self.on[1]) and lag_idle(&self.lag[MASTER]) and most == self.main.latency():
            for k in range(VOICES):
                self.lag[k].past.known = 0
            return
        for k in range(OTHER):
            lag_through(&self.lag[k], sources[k], most - self.main.latency(), self.main.fade, self.main.fade_frames, frames)
        for k in range(OTHERS):
            if self.on[k]:
                lag_through(&self.lag[OTHER + k], sources[OTHER + k], most - (<Chain>self.other[k]).latency(),
                            self.main.fade, self.main.fade_frames, frames)

    cdef int longest(self) noexcept nogil:
        """The latency of whoever takes longest."""
        cdef int most = self.main.latency()
        cdef int k
        for k in range(OTHERS):
            if self.on[k]:
                most = max(most, (<Chain>self.other[k]).latency())
        return most
