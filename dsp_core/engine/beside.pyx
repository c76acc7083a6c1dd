"""What can be heard beside mix and master: two other chains on the same song, two references, all of them aligned with one another.

Whoever takes less time is held back until all leave together, so that any two of them switch without a sample between them. The
chains run only while a comparison wants them.
"""
from libc.stdlib cimport free
from libc.string cimport memcpy, memset

from dsp_core.engine.chain cimport FADE_MS
from dsp_core.engine.lag cimport lag_idle, lag_rest, lag_through
from dsp_core.engine.past cimport PAST_FRAMES
from dsp_core.engine.selector cimport MASTER, OTHER, REFERENCE
from dsp_core.engine.timeline cimport timeline_feed, timeline_land, timeline_restart
from dsp_core.fade cimport blend_into, make_fade
from dsp_core.memory cimport present

cdef enum:
    SETTLE_MS = 250              # for stages that began without a past


cdef class Beside:
    """Part of an Engine; `prepare` before a chain is first wanted. The chains are published by the control thread as the engine's own is."""

    def __cinit__(self, double rate):
        self.rate = rate
        self.fade_frames = max(1, <int>(FADE_MS * 1e-3 * rate))
        self.fade = <double *>present(self.fade_frames, sizeof(double))
        if self.fade is NULL:
            raise MemoryError
        make_fade(self.fade, self.fade_frames)
        self._chains = []
        self._decks = [Deck(rate) for _ in range(DECKS)]
        for k in range(DECKS):
            self.deck[k] = <PyObject *>self._decks[k]

    def __dealloc__(self):
        cdef int k
        free(self.fade)
        for k in range(LAGS):
            free(self.lag[k].past.planes)

    @property
    def decks(self):
        """The players of references."""
        return tuple(self._decks)

    @property
    def chains(self):
        """The other chains; none before `prepare`."""
        return tuple(self._chains)

    def prepare(self):
        """Control thread: memory and chains, once. Raises MemoryError."""
        cdef int k
        if self._chains:
            return
        for k in range(LAGS):
            if self.lag[k].past.planes is NULL:
                self.lag[k].past.planes = <double *>present(2 * PAST_FRAMES, sizeof(double))
                if self.lag[k].past.planes is NULL:
                    raise MemoryError
        self._chains = [Chain(self.rate) for _ in range(OTHERS)]
        for k in range(OTHERS):
            self.chain[k] = <PyObject *>self._chains[k]

    cdef void want(self, int k, bint wanted) noexcept nogil:
        """Run chain k from now on, or no longer once it is not heard. What was published is taken up at once where it did not run."""
        self.wanted[k] = wanted
        if not wanted or self.on[k]:
            return
        (<Chain>self.chain[k]).adopt(False)
        self.on[k] = True
        self.hold_left[k] = (<Chain>self.chain[k]).strangers()
        if self.hold_left[k] > 0:
            self.hold_left[k] += <int>(SETTLE_MS * 1e-3 * self.rate)

    cdef int lateness(self) noexcept nogil:
        """Frames by which master and mix leave later than their chain gives them out."""
        return self.lag[MASTER].delay

    cdef int ready(self) noexcept nogil:
        """Which sources may be heard, one bit each."""
        cdef int bits = (1 << SOURCES) - 1
        cdef int k
        for k in range(OTHERS):
            if not self.on[k] or self.hold_left[k] > 0:
                bits &= ~(1 << (OTHER + k))
        return bits

    cdef void take(self, sample_t *sources[SOURCES][2], sample_t **leaving, Transport t, int frames, int64_t when) noexcept nogil:
        """The next piece of the song, before the chain works on it in the place of the master. Others do not land: they are fed a splice
        of what the chain that is left is fed and the place where the new one is."""
        cdef const double *weight = t.fade + t.fade_frames - t.land_left
        cdef sample_t *dry
        cdef int k, c, i
        timeline_feed(&self.times, when, frames)
        for k in range(OTHERS):
            for c in range(2 if self.on[k] else 0):
                dry = sources[OTHER + k][c]
                memcpy(dry, sources[MASTER][c], frames * sizeof(double))
                if t.land_left > 0 and not self.from_silence:
                    blend_into(dry, leaving[c], weight, frames)
                for i in range(frames if t.land_left > 0 and self.from_silence else 0):
                    dry[i] *= weight[i]

    cdef void run(self, Chain chain, sample_t *sources[SOURCES][2], int audible, int frames, int64_t when) noexcept nogil:
        """Behind the chain: everything else that can be heard, and all of it aligned."""
        cdef int k
        self.run_others(sources, audible, frames, when)
        self.align(chain, sources, frames)
        for k in range(DECKS):
            (<Deck>self.deck[k]).run(sources[REFERENCE + k], frames, &self.times, chain.latency() + self.lateness(),
                                     audible >> (REFERENCE + k) & 1)

    cdef void run_others(self, sample_t *sources[SOURCES][2], int audible, int frames, int64_t when) noexcept nogil:
        cdef int k, c
        for k in range(OTHERS):
            if not self.on[k]:
                for c in range(2):
                    memset(sources[OTHER + k][c], 0, frames * sizeof(double))
                continue
            (<Chain>self.chain[k]).run(sources[OTHER + k], NULL, NULL, frames, when)
            self.hold_left[k] = max(0, self.hold_left[k] - frames)
            if not self.wanted[k] and not audible >> (OTHER + k) & 1:
                self.on[k] = False
                (<Chain>self.chain[k]).adopt(False)
                lag_rest(&self.lag[OTHER + k], 0)

    cdef void align(self, Chain chain, sample_t *sources[SOURCES][2], int frames) noexcept nogil:
        cdef int most = self.longest(chain)
        cdef int k
        if not (self.on[0] or self.on[1]) and lag_idle(&self.lag[MASTER]) and most == chain.latency():
            for k in range(LAGS):
                self.lag[k].past.known = 0
            return
        for k in range(OTHER):
            lag_through(&self.lag[k], sources[k], most - chain.latency(), self.fade, self.fade_frames, frames)
        for k in range(OTHERS):
            if self.on[k]:
                lag_through(&self.lag[OTHER + k], sources[OTHER + k], most - (<Chain>self.chain[k]).latency(), self.fade, self.fade_frames, frames)

    cdef int longest(self, Chain chain) noexcept nogil:
        """The latency of whoever takes longest."""
        cdef int most = chain.latency()
        cdef int k
        for k in range(OTHERS):
            if self.on[k]:
                most = max(most, (<Chain>self.chain[k]).latency())
        return most

    cdef void rest(self, Chain chain) noexcept nogil:
        """Nothing sounds, so nothing needs a fade."""
        cdef int k, most
        for k in range(OTHERS):
            if self.on[k]:
                self.on[k] = self.wanted[k]
                self.hold_left[k] = 0
                (<Chain>self.chain[k]).adopt(False)
        for k in range(DECKS):
            (<Deck>self.deck[k]).rest()
        most = self.longest(chain)
        for k in range(OTHER):
            lag_rest(&self.lag[k], most - chain.latency())
        for k in range(OTHERS):
            lag_rest(&self.lag[OTHER + k], most - (<Chain>self.chain[k]).latency() if self.on[k] else 0)

    cdef void restart(self, Chain chain) noexcept nogil:
        """The song begins anew out of silence."""
        cdef int k
        timeline_restart(&self.times)
        for k in range(OTHERS):
            if self.on[k]:
                (<Chain>self.chain[k]).restart()
        for k in range(DECKS):
            (<Deck>self.deck[k]).restart()
        self.rest(chain)

    cdef void land(self, Chain chain, bint waiting, int64_t when) noexcept nogil:
        """Another chain is heard, which was run up and is fed from `when` on; `waiting`: out of silence."""
        self.from_silence = waiting
        if waiting:
            self.restart(chain)
        timeline_land(&self.times, when, chain.latency())

    cdef void pass_block(self) noexcept nogil:
        """A block is over."""
        cdef int k
        for k in range(DECKS):
            (<Deck>self.deck[k]).pass_block()
