"""References beside the song: two decks, and which frame of the song leaves when, so that a locked one stands there too."""
from dsp_core.engine.selector cimport REFERENCE
from dsp_core.engine.timeline cimport timeline_feed, timeline_land, timeline_restart


cdef class Beside:
    """Part of an Engine."""

    def __init__(self, double rate):
        self._decks = [Deck(rate) for _ in range(DECKS)]
        for k in range(DECKS):
            self.deck[k] = <PyObject *>self._decks[k]

    @property
    def decks(self):
        """The players of references."""
        return tuple(self._decks)

    cdef void feed(self, int frames, int64_t when) noexcept nogil:
        """So much of the song is fed to the chains, from `when` on."""
        timeline_feed(&self.times, when, frames)

    cdef void run(self, sample_t *sources[SOURCES][2], int audible, int late, int frames) noexcept nogil:
        """The next piece of both. The song leaves `late` frames after it was fed; `audible`: which sources sound, one bit each."""
        cdef int k
        for k in range(DECKS):
            (<Deck>self.deck[k]).run(sources[REFERENCE + k], frames, &self.times, late, audible >> (REFERENCE + k) & 1)

    cdef void rest(self) noexcept nogil:
        """Nothing sounds, so nothing needs a fade."""
        cdef int k
        for k in range(DECKS):
            (<Deck>self.deck[k]).rest()

    cdef void restart(self) noexcept nogil:
        """The song begins anew out of silence."""
        cdef int k
        timeline_restart(&self.times)
        for k in range(DECKS):
            (<Deck>self.deck[k]).restart()
        self.rest()

    cdef void land(self, int64_t when, int late) noexcept nogil:
        """Chains that were run up are fed from `when` on, and give out at once what lies `late` frames before."""
        timeline_land(&self.times, when, late)

    cdef bint sounds(self, int audible) noexcept nogil:
        """One of them plays, and is heard."""
        cdef int k
        for k in range(DECKS):
            if audible >> (REFERENCE + k) & 1 and not (<Deck>self.deck[k]).silent:
                return True
        return False

    cdef void pass_block(self) noexcept nogil:
        """A block is over."""
        cdef int k
        for k in range(DECKS):
            (<Deck>self.deck[k]).pass_block()
