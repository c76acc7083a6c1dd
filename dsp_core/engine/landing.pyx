from libcpp.atomic cimport memory_order_acq_rel, memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.engine.ensemble cimport OTHERS, feed
from dsp_core.engine.lag cimport Lag
from dsp_core.engine.selector cimport MASTER, OTHER
from dsp_core.engine.source cimport Source
from dsp_core.engine.transport cimport LEAVING, PLAYING, WAITING
from dsp_core.fade cimport blend_into
from dsp_core.stages.stage cimport CHUNK


def run_up(Chain chain not None, Source source not None, int64_t start, int64_t stop, int64_t origin=0):
    """Feed the song's frames start .. stop to a chain that nothing else runs, with the mix and the delta beside it.

    The source's first frame is song frame `origin`. Stands at `stop` then, with its meters at zero. Releases the interpreter.
    """
    cdef Lag *nowhere[3]
    nowhere[0] = nowhere[1] = nowhere[2] = NULL
    with nogil:
        feed(chain, nowhere, source, start, stop, origin)


cdef class Landings:
    """Which ensemble is heard. The control thread publishes others that were run up to a place; the audio thread takes and leaves them."""

    def __init__(self, Ensemble first not None):
        self._kept = [first]
        self.heard = <PyObject *>first
        self.said.store(<uintptr_t>self.heard)

    cdef Ensemble ensemble(self):
        """Control thread: the ensemble that is heard."""
        cdef uintptr_t said = self.said.load(memory_order_acquire)
        for ensemble in self._kept:
            if <uintptr_t><PyObject *>ensemble == said:
                return ensemble
        raise RuntimeError("the chains that are heard were let go")

    def ensemble_of(self, Chain main not None):
        """Control thread: the ensemble of this chain, which is heard or may be yet; None where it was let go."""
        return next((kept for kept in self._kept if kept.main is main), None)

    def publish(self, Ensemble ensemble not None, int room):
        """Control thread: hear this one, which has been run up. It takes the place of one that was not taken yet."""
        if self.ensemble_of(ensemble.main) is not None:
            raise ValueError("a chain lands once; run up a fresh one")
        self._kept = [kept for kept in self._kept if not (<Ensemble>kept).main.let_go]
        self._kept.append(ensemble)
        ensemble.wish = self._wishes
        self._forget(self.mail[room].exchange(<uintptr_t><PyObject *>ensemble, memory_order_acq_rel))

    def retract(self, int room):
        """Control thread: take back what has not been taken."""
        self._forget(self.mail[room].exchange(0, memory_order_acq_rel))

    cdef int64_t seek(self):
        """Control thread: a seek without a landing overtakes what was published before it. Gives the number it is known by."""
        self.retract(SOUGHT)
        self._wishes += 1
        return self._wishes

    def keeps(self, Chain chain not None):
        """Control thread: whether the chain is heard, or may be yet."""
        return self.ensemble_of(chain) is not None and not chain.let_go

    def _forget(self, uintptr_t mail):
        self._kept = [kept for kept in self._kept if <uintptr_t><PyObject *>kept != mail]

    # Audio thread.

    cdef void take(self, int room) noexcept nogil:
        cdef uintptr_t mail
        if self.mail[room].load(memory_order_relaxed) == 0:
            return
        mail = self.mail[room].exchange(0, memory_order_acq_rel)
        if mail != 0:
            self.drop(room)
            self.waiting[room] = <PyObject *>mail

    cdef void drop(self, int room) noexcept nogil:
        if self.waiting[room] is not NULL:
            (<Ensemble>self.waiting[room]).main.gone.store(1, memory_order_release)
            self.waiting[room] = NULL

    cdef void overtake(self, int64_t wish) noexcept nogil:
        """Commands are read after the mail: a landing may have come before a seek, or behind it."""
        if self.waiting[SOUGHT] is not NULL and (<Ensemble>self.waiting[SOUGHT]).wish < wish:
            self.drop(SOUGHT)

    cdef bint takes_all(self, int room) noexcept nogil:
        """What waits there has every chain that runs beside what is heard."""
        return (<Ensemble>self.waiting[room]).can_follow(<Ensemble>self.heard)

    cdef bint fits(self, int room, int64_t heard_at) noexcept nogil:
        return self.waiting[room] is not NULL and self.takes_all(room) and (<Ensemble>self.waiting[room]).stands() == heard_at

    cdef bint ready(self, int room, Transport t, PyObject *source) noexcept nogil:
        """Something waits there, and its place is in memory."""
        return self.waiting[room] is not NULL and (<Source>source).ready((<Ensemble>self.waiting[room]).main.place, CHUNK + t.fade_frames)

    cdef void move_on(self, Transport t, PyObject *source) noexcept nogil:
        """What is due at this frame: the start after a wait, a seek, the loop's start."""
        t.tail = (<Ensemble>self.heard).late()
        if t.state == PLAYING:
            self.move_round(t, source)
            if self.waiting[SOUGHT] is not NULL and not self.takes_all(SOUGHT):
                # A chain came beside since it was asked for: all sides jump alike, by a splice.
                self.go_there(SOUGHT, t)
            # What fades always fades to its end: a place that is half faded in cannot be left without a step.
            if t.splice_left == 0 and t.land_left == 0 and self.ready(SOUGHT, t, source):
                self.land(SOUGHT, t, True)
        elif t.state == WAITING:
            if self.waiting[SOUGHT] is not NULL and not self.takes_all(SOUGHT):
                self.drop(SOUGHT)            # another one will be asked for
            if self.ready(SOUGHT, t, source):
                self.land(SOUGHT, t, False)
        elif t.state != LEAVING and self.waiting[SOUGHT] is not NULL:
            # It came too late for a stop, but where it goes is still the last wish.
            self.go_there(SOUGHT, t)

    cdef void go_there(self, int room, Transport t) noexcept nogil:
        """Without what waits there, to its place."""
        t.seek((<Ensemble>self.waiting[room]).stands())
        self.drop(room)

    cdef void move_round(self, Transport t, PyObject *source) noexcept nogil:
        """A landing at the loop's start is used when the loop's end has been heard; without one, the transport splices when it is fed."""
        if not t.looping or t.goal >= 0:
            return
        if t.at == t.loop_stop and not t.round_due:
            self.take(ROUND)
            t.round_due = self.fits(ROUND, t.loop_start)
        if not t.round_due or t.at - t.tail < t.loop_stop:
            return
        self.take(ROUND)
        if self.fits(ROUND, t.loop_start) and self.ready(ROUND, t, source) and t.splice_left == 0 and t.land_left == 0:
            self.land(ROUND, t, True)
        else:
            t.go_round()

    cdef void land(self, int room, Transport t, bint sounding) noexcept nogil:
        """Hear what waits, from what is heard or out of silence."""
        self.left, self.heard = self.heard, self.waiting[room]
        self.waiting[room] = NULL
        self.said.store(<uintptr_t>self.heard, memory_order_release)
        if not sounding:
            self.arrive()
        t.land((<Ensemble>self.heard).main.place, (<Ensemble>self.heard).late())

    cdef void arrive(self) noexcept nogil:
        if self.left is not NULL:
            (<Ensemble>self.left).main.gone.store(1, memory_order_release)
            self.left = NULL

    cdef void rest(self, Transport t) noexcept nogil:
        """Nothing sounds, so nothing needs a fade."""
        t.land_left = 0
        self.arrive()

    cdef void want(self, int k, bint wanted) noexcept nogil:
        """Run another chain from now on, or no longer once it is not heard."""
        self.wanted = self.wanted & ~(1 << k) | wanted << k
        if wanted:
            (<Ensemble>self.heard).want(k)

    cdef void listen(self, PyObject *stage) noexcept nogil:
        """Let every chain that has this stage give out its delta; NULL: none any more."""
        cdef PyObject *ensemble[1 + ROOMS]
        cdef int k
        ensemble[0] = self.heard
        for k in range(ROOMS):
            ensemble[1 + k] = self.waiting[k]
        for k in range(1 + ROOMS):
            if ensemble[k] is not NULL and (stage is NULL or (<Ensemble>ensemble[k]).main.holds(stage)):
                (<Ensemble>ensemble[k]).main.wanted = stage

    cdef void run(self, sample_t *sources[VOICES][2], sample_t **leaving, Transport t, int audible, int frames, int64_t when, int64_t left_when) noexcept nogil:
        """At most CHUNK frames, and none beyond a fade. The master's planes hold what is fed, `leaving` what those that are left are fed.

        `audible`: which sources sound or are about to, one bit each.
        """
        cdef sample_t memory[2 * VOICES][CHUNK]
        cdef sample_t *old[VOICES][2]
        cdef int voice, c
        (<Ensemble>self.heard).run(sources, self.wanted | audible >> OTHER, frames, when)
        if t.land_left == 0:
            return
        for c in range(2):
            for voice in range(VOICES):
                old[voice][c] = memory[2 * voice + c]
            old[MASTER][c] = leaving[c]
        if self.left is not NULL:
            (<Ensemble>self.left).run(old, (1 << OTHERS) - 1, frames, left_when)
        self.fade(sources, old, t, frames)
        t.land_left -= frames
        if t.land_left == 0:
            self.arrive()

    cdef void fade(self, sample_t *new[VOICES][2], sample_t *old[VOICES][2], Transport t, int frames) noexcept nogil:
        cdef const double *weight = t.fade + t.fade_frames - t.land_left
        cdef int voice, c, i
        for voice in range(VOICES):
            for c in range(2):
                if self.left is not NULL:
                    blend_into(new[voice][c], old[voice][c], weight, frames)
                    continue
                for i in range(frames):
                    new[voice][c][i] *= weight[i]
