"""Plays one reference beside the song: locked to the song's place, or with a playhead of its own.

Locked, its place is that of the song as it leaves the chain, plus an offset; where the song is spliced, it is spliced at the same
frame with the same weights, so a reference that is the song itself nulls against the mix to the bit.
"""
from libc.stdlib cimport free
from libc.string cimport memset
from libcpp.atomic cimport memory_order_acq_rel, memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.engine.ensemble cimport ELSEWHERE
from dsp_core.engine.source cimport Source
from dsp_core.engine.timeline cimport NOWHERE, timeline_at
from dsp_core.engine.transport cimport SPLICE_MS, make_splice
from dsp_core.fade cimport blend_into
from dsp_core.memory cimport present
from dsp_core.stages.stage cimport CHUNK


cdef class Deck:
    """One reference at `rate` Hz. `put` belongs to the control thread, everything else is reached by the engine's commands."""

    def __cinit__(self, double rate):
        self.fade_frames = max(1, <int>(SPLICE_MS * 1e-3 * rate))
        self.fade = <double *>present(self.fade_frames, sizeof(double))
        if self.fade is NULL:
            raise MemoryError
        make_splice(self.fade, self.fade_frames)
        self._sources = [Source(), Source()]
        self.source[0], self.source[1] = <PyObject *>self._sources[0], <PyObject *>self._sources[1]
        self.goal, self.silent = NOWHERE, True

    def __dealloc__(self):
        free(self.fade)

    @property
    def busy(self):
        """True while the audio thread has not yet taken up the source that was put on last."""
        return self.live.load(memory_order_relaxed) != self.alone.load(memory_order_acquire)

    @property
    def frame(self):
        """The next frame to be read, at the engine's rate."""
        return self.reached.load(memory_order_relaxed)

    @property
    def late(self):
        """How often the disk was late."""
        return self.starved.load(memory_order_relaxed)

    def put(self, Source source not None, int64_t at=0, bint locked=False, int64_t loop_start=0, int64_t loop_stop=0):
        """Play another reference; one that sounds fades out first. Only when not `busy`: RuntimeError.

        at: its first frame, or, locked, its frame at frame 0 of the song. loop_stop 0: round the whole of it.
        """
        if self.busy:
            raise RuntimeError("the deck is still leaving the reference before; ask again when it is no longer busy")
        cdef int new = 1 - self.live.load(memory_order_relaxed)
        self._sources[new] = source
        self.source[new] = <PyObject *>source
        self.cue[new].locked, self.cue[new].at = locked, at
        self.cue[new].loop_start, self.cue[new].loop_stop = loop_start, loop_stop
        self.live.store(new, memory_order_release)

    cdef void go(self, int64_t frame) noexcept nogil:
        self.goal = frame

    cdef void lock(self, bint locked, int64_t offset) noexcept nogil:
        self.locked, self.offset, self.goal = locked, offset, NOWHERE

    cdef void loop(self, int64_t start, int64_t stop) noexcept nogil:
        """Round start .. stop; stop 0 is the whole of it. A place outside of it is left for its start."""
        cdef int64_t frames = (<Source>self.source[self.alone.load(memory_order_relaxed)]).frames
        self.loop_start, self.loop_stop = start, stop if stop > 0 else frames
        if stop > 0 and not self.locked and not start <= self.at < stop:
            self.goal = start

    cdef void begin(self, int new) noexcept nogil:
        """Nothing sounds: the new source is taken up as it was put on."""
        cdef Cue *cue = &self.cue[new]
        self.alone.store(new, memory_order_release)
        self.lock(cue.locked, cue.at)
        self.at, self.silent, self.splice_left, self.leaving = 0 if cue.locked else cue.at, True, 0, False
        self.loop(cue.loop_start, cue.loop_stop)

    cdef void rest(self) noexcept nogil:
        """Nothing sounds: what is wished holds at once."""
        self.adopt(False)
        if self.goal != NOWHERE and not self.locked:
            self.at, self.goal, self.splice_left = self.goal, NOWHERE, 0
        self.reached.store(self.at, memory_order_relaxed)

    cdef void restart(self) noexcept nogil:
        """The song begins anew out of silence, and so does this."""
        self.silent, self.splice_left = True, 0

    cdef void adopt(self, bint sounds) noexcept nogil:
        cdef int new = self.live.load(memory_order_acquire)
        if new == self.alone.load(memory_order_relaxed):
            return
        self.leaving = True
        if not sounds or (self.silent and self.splice_left == 0):
            self.begin(new)

    cdef void run(self, sample_t **out, int frames, const Timeline *times, int delay, bint sounds) noexcept nogil:
        """At most CHUNK frames. The song leaves `delay` frames after `times` was told of it. One with a playhead of its own waits unless it
        `sounds`."""
        cdef sample_t *part[2]
        cdef int done = 0, n, c
        self.adopt(sounds)
        if not sounds and not self.locked:
            for c in range(2):
                memset(out[c], 0, frames * sizeof(double))
            self.rest()
            return
        while done < frames:
            part[0], part[1] = out[0] + done, out[1] + done
            n = self.aim(times, delay, frames - done)
            self.fill(part, n)
            done += n
        self.reached.store(self.at, memory_order_relaxed)

    cdef int aim(self, const Timeline *times, int delay, int frames) noexcept nogil:
        """Begin the splice that is due; gives for how many of the next `frames` frames nothing else is."""
        cdef PyObject *source = self.source[self.alone.load(memory_order_relaxed)]
        cdef bint silent = self.leaving or (<Source>source).frames == 0
        cdef int64_t place = NOWHERE
        cdef int n = frames
        if self.locked:
            n = timeline_at(times, delay + frames, frames, &place)
            silent = silent or place == NOWHERE
            if self.splice_left == 0:
                self.splice(place + self.offset, silent, place == 0)
        elif self.splice_left == 0:
            place = self.at if self.goal == NOWHERE else self.goal
            if place >= self.turn():
                place = self.loop_start
            self.splice(place, silent, False)
        if not self.locked and not self.silent and self.at < self.turn():
            n = <int>min(<int64_t>n, self.turn() - self.at)
        return min(n, self.splice_left) if self.splice_left > 0 else n

    cdef int64_t turn(self) noexcept nogil:
        """Where it goes round: at the loop's end, or while there is still something to fade out. Of less than two fades there is not."""
        cdef int64_t frames = (<Source>self.source[self.alone.load(memory_order_relaxed)]).frames
        if self.loop_stop - self.loop_start < 2 * self.fade_frames:
            return self.loop_stop
        return min(self.loop_stop, frames - self.fade_frames)

    cdef void splice(self, int64_t place, bint silent, bint first) noexcept nogil:
        """To another place, or to silence; nothing where that is what sounds. `first`: the song's own beginning, which is not faded."""
        cdef PyObject *source = self.source[self.alone.load(memory_order_relaxed)]
        if not silent and not (<Source>source).ready(place, CHUNK + self.fade_frames):
            self.starved.fetch_add(not self.silent, memory_order_relaxed)
            silent = True
        if silent == self.silent and (silent or place == self.at):
            return
        self.from_silent, self.from_at, self.silent = self.silent, self.at, silent
        self.splice_left = 0 if first and self.from_silent else self.fade_frames
        if not silent:
            self.at, self.goal = place, NOWHERE

    cdef void fill(self, sample_t **out, int frames) noexcept nogil:
        cdef PyObject *source = self.source[self.alone.load(memory_order_relaxed)]
        cdef sample_t memory[2][CHUNK]
        cdef sample_t *old[2]
        cdef double *weight = self.fade + self.fade_frames - self.splice_left
        cdef int c, i
        if self.silent:
            for c in range(2):
                memset(out[c], 0, frames * sizeof(double))
        else:
            (<Source>source).read(self.at, out, frames)
            self.at += frames
        if self.splice_left == 0:
            return
        if self.from_silent:
            for c in range(2):
                for i in range(frames):
                    out[c][i] *= weight[i]
        else:
            old[0], old[1] = &memory[0][0], &memory[1][0]
            (<Source>source).read(self.from_at, old, frames)
            self.from_at += frames
            for c in range(2):
                blend_into(out[c], old[c], weight, frames)
        self.splice_left -= frames

    cdef int64_t late_of(self, int64_t fed, int late, bint plays) noexcept nogil:
        """Frames from the song's place, of which `fed` is fed next, to what was read: `late` while that is still to come. ELSEWHERE in a
        splice, and with a playhead of its own."""
        if not self.locked or self.splice_left > 0 or self.leaving:
            return ELSEWHERE
        return late if self.silent or not plays else fed - self.at + self.offset

    cdef void pass_block(self) noexcept nogil:
        """A block is over: pages that were dropped before it are no longer read."""
        (<Source>self.source[self.alone.load(memory_order_relaxed)]).passes.fetch_add(1, memory_order_acq_rel)
