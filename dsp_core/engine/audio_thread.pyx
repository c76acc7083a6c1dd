"""The audio thread as a table of contents. `run_block` serves every device; the render runs the same Chain."""
from libc.stdint cimport uintptr_t
from libc.string cimport memset
from libcpp.atomic cimport memory_order_acq_rel, memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.engine.command cimport (
    DECK_GO, DECK_LOCK, DECK_LOOP, INPUT, LANDS, LEVEL, LISTEN, LOOP, MATCH, MONITOR, PLAY, SEEK, SELECT, STOP, TAP, WANT)
from dsp_core.engine.deck cimport Deck
from dsp_core.engine.dip cimport dip_rest, dip_room, dip_run, dip_switch, dip_wish
from dsp_core.engine.ensemble cimport ELSEWHERE, OTHERS, Ensemble
from dsp_core.engine.landing cimport SOUGHT
from dsp_core.engine.monitor cimport monitor_rest, monitor_run, monitor_start, monitor_wish
from dsp_core.engine.selector cimport MASTER, MIX, OTHER, REFERENCE, SOURCES, audible, select_into, selector_rest, selector_start
from dsp_core.engine.transport cimport PLAYING, STOPPED, WAITING
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.level cimport all_finite, mend
from dsp_core.stages.stage cimport CHUNK
from dsp_core.ticks cimport seconds_now, ticks_now

cdef enum:
    SCOPE_FRAMES = 65536
    COMMANDS = 1024


cdef class AudioThread:
    """What runs in a device's callback: song or input through the chains and beside the references, one of them heard, matched, monitored, guarded.

    `callback` and `userdata` go to the device. What it is told and asked is in Engine.
    """

    def __init__(self, double rate, stages=()):
        self.rate = rate
        self.landings = Landings(Ensemble(Chain(rate, stages)))
        self.beside = Beside(rate)
        self.transport = Transport(rate)
        self.commands = Ring(sizeof(Command), COMMANDS)
        self.gauge = Gauge(rate)
        self.scope = Ring(6 * sizeof(float), SCOPE_FRAMES)
        self._sources = [Source(), Source()]
        self.source[0], self.source[1] = <PyObject *>self._sources[0], <PyObject *>self._sources[1]
        selector_start(&self.selector, rate)
        self.dip.frames = self.selector.fade_frames
        monitor_start(&self.monitor)
        self.ticks_per_second = _ticks_per_second()

    @property
    def callback(self):
        """Address of the callback in PortAudio's form; it runs without the interpreter."""
        return <uintptr_t>&audio_callback

    @property
    def userdata(self):
        """What the callback wants as its last argument; the engine must outlive the device."""
        return <uintptr_t><void *>self

    cdef void run_block(self, const float *src, float *dst, int frames) noexcept nogil:
        cdef uint64_t began = ticks_now()
        cdef int done = 0, n
        self.landings.take(SOUGHT)
        self.take_commands()
        self.adopt_source()
        while done < frames:
            n = self.step(src + 2 * done if src is not NULL else NULL, dst + 2 * done, frames - done)
            if n == 0:
                self.rest()
                memset(dst + 2 * done, 0, 2 * (frames - done) * sizeof(float))
                break
            done += n
        self.beside.pass_block()
        (<Source>self.source[self.source_alone.load(memory_order_relaxed)]).passes.fetch_add(1, memory_order_acq_rel)
        self.tell(frames, began)

    cdef void take_commands(self) noexcept nogil:
        cdef Command c
        while self.commands.pop(&c, 1):
            self.obey(&c)

    cdef void obey(self, Command *c) noexcept nogil:
        if c.what == PLAY:
            if self.transport.play():
                self.rest()
                self.gauge.restart()
        elif c.what == STOP:
            self.transport.stop()
        elif c.what == SEEK:
            self.landings.overtake(c.b)
            self.transport.seek(c.a)
        elif c.what == LOOP:
            self.transport.loop(c.a, c.b)
        elif c.what == SELECT and c.b:
            dip_wish(&self.dip, <int>c.a)
        elif c.what == SELECT:
            self.selector.wanted = self.dip.wanted = <int>c.a
        elif c.what == MATCH:
            self.selector.goal_db[c.a], self.selector.slew_db[c.a] = c.x[0], c.x[1] / self.rate
        elif c.what == MONITOR:
            monitor_wish(&self.monitor, c.x)
        elif c.what == LISTEN:
            self.landings.listen(<PyObject *><uintptr_t>c.a)
        elif c.what == TAP:
            self.gauge.tap_place = <int>c.a
            self.gauge.watch_words(<int>c.b)
        elif c.what == LANDS:
            self.transport.lands = c.a != 0
        elif c.what == INPUT:
            self.landings.rest(self.transport)
            self.transport.stop()
            self.input_on, self.input_at = c.a != 0, 0
        else:
            self.obey_beside(c)

    cdef void obey_beside(self, Command *c) noexcept nogil:
        if c.what == LEVEL:
            self.levelled = c.a != 0
        elif c.what == WANT:
            self.landings.want(<int>c.a, c.b != 0)
        elif c.what == DECK_GO:
            (<Deck>self.beside.deck[c.a]).go(c.b)
        elif c.what == DECK_LOOP:
            (<Deck>self.beside.deck[c.a]).loop(<int64_t>c.x[0], <int64_t>c.x[1])
        elif c.what == DECK_LOCK:
            (<Deck>self.beside.deck[c.a]).lock(c.b != 0, <int64_t>c.x[0])

    cdef int late(self) noexcept nogil:
        """Frames from the song's place to what is heard."""
        return (<Ensemble>self.landings.heard).late()

    cdef int sounding(self) noexcept nogil:
        """Which sources sound or are about to, one bit each."""
        return audible(&self.selector) | 1 << self.dip.wanted

    cdef void rest(self) noexcept nogil:
        """Nothing sounds, so nothing needs a fade."""
        self.landings.rest(self.transport)
        (<Ensemble>self.landings.heard).rest(self.landings.wanted)
        self.beside.rest()
        self.selector.ready = (<Ensemble>self.landings.heard).ready()
        dip_rest(&self.dip, &self.selector)
        selector_rest(&self.selector)
        monitor_rest(&self.monitor)

    cdef void adopt_source(self) noexcept nogil:
        """Another song is taken up only in silence."""
        cdef int new = self.source_live.load(memory_order_acquire)
        if new == self.source_alone.load(memory_order_relaxed):
            return
        self.transport.stop()
        if self.transport.state == STOPPED:
            self.transport.at, self.transport.stands_at, self.transport.looping = 0, 0, False
            self.landings.drop(SOUGHT)
            self.source_alone.store(new, memory_order_release)

    cdef int step(self, const float *src, float *dst, int frames) noexcept nogil:
        """One piece through the whole graph; gives its length, 0 when there is nothing to play."""
        cdef sample_t memory[2 * SOURCES + 4][CHUNK]
        cdef sample_t *sources[SOURCES][2]
        cdef sample_t *leaving[2]
        cdef sample_t *out[2]
        cdef int64_t when[2]
        cdef int n, c, i
        for c in range(2):
            for i in range(SOURCES):
                sources[i][c] = &memory[2 * i + c][0]
            out[c], leaving[c] = &memory[2 * SOURCES + c][0], &memory[2 * SOURCES + 2 + c][0]
        n = self.feed(src, sources[MASTER], leaving, dip_room(&self.dip, frames), when)
        if n == 0:
            return 0
        self.ask_chain((<Ensemble>self.landings.heard).main)
        self.beside.feed(n, when[0])
        self.landings.run(sources, leaving, self.transport, self.sounding(), n, when[0], when[1])
        self.beside.run(sources, self.sounding(), self.late(), n)
        self.selector.ready = (<Ensemble>self.landings.heard).ready()
        self.show(sources, n, when[0])
        dip_switch(&self.dip, &self.selector)
        select_into(&self.selector, out, sources, n)
        dip_run(&self.dip, self.selector.fade, out, n)
        monitor_run(&self.monitor, out, n, self.selector.fade, self.selector.fade_frames)
        if not self.input_on:
            self.transport.fade_out(out, n)
        self.guard(out, n)
        for i in range(n):
            dst[2 * i], dst[2 * i + 1] = <float>out[0][i], <float>out[1][i]
        return n

    cdef void ask_chain(self, Chain chain) noexcept nogil:
        """What is to be known of the chain that is heard."""
        chain.gauged, chain.tap_place, chain.levelled = True, self.gauge.tap_place, self.levelled

    cdef int feed(self, const float *src, sample_t **out, sample_t **leaving, int frames, int64_t *when) noexcept nogil:
        """The next piece of the song or of the device's input; `when`: its song time, and that of what a chain that is left is fed."""
        cdef int n, i
        if not self.input_on or src is NULL:
            return self.feed_song(out, leaving, frames, when)
        n = min(frames, <int>CHUNK)
        for i in range(n):
            out[0][i], out[1][i] = src[2 * i], src[2 * i + 1]
        self.status.mended.fetch_add(mend(out[0], n) + mend(out[1], n), memory_order_relaxed)
        when[0] = when[1] = self.input_at
        self.input_at += n
        return n

    cdef int feed_song(self, sample_t **out, sample_t **leaving, int frames, int64_t *when) noexcept nogil:
        cdef PyObject *source = self.source[self.source_alone.load(memory_order_relaxed)]
        cdef PyObject *before = self.landings.heard
        cdef bint waiting = self.transport.state == WAITING
        cdef int64_t heard_at = self.transport.at - self.late()
        cdef int n
        self.transport.outlasted = self.beside.sounds(self.sounding())
        self.landings.move_on(self.transport, source)
        n = self.transport.piece(source, frames, self.late())
        when[0], when[1] = self.transport.at, self.transport.left_at
        if self.landings.heard != before:
            self.gauge.cut(heard_at)
            if waiting:
                self.beside.restart()
            self.beside.land(when[0], self.late())
        elif waiting and n > 0:
            # Else the stages would give out, at full level, what they held when the sound was faded out.
            (<Ensemble>before).restart(self.landings.wanted)
            self.beside.restart()
            self.gauge.begin_in_silence(self.late())
        if n > 0:
            self.transport.fill(source, out, leaving, n)
        return n

    cdef void show(self, sample_t *sources[SOURCES][2], int frames, int64_t when) noexcept nogil:
        """Measure mix, master and what else is compared, and hand them to the analyser, before matching and monitoring."""
        cdef float record[CHUNK][6]
        cdef int aside = self.aside()
        cdef int source = max(aside, <int>MIX)
        cdef int silent = self.gauge.silent(frames), i, c
        for i in range(silent, frames):
            for c in range(2):
                record[i][c], record[i][2 + c], record[i][4 + c] = sources[MIX][c][i], sources[MASTER][c][i], sources[source][c][i]
        if silent < frames:
            self.scope.push(&record[silent][0], frames - silent)
        self.show_chain(<Ensemble>self.landings.heard)
        self.gauge.measure((<Ensemble>self.landings.heard).main, sources[MIX], sources[MASTER], sources[source], aside, frames,
                           when + frames - self.late())

    cdef void show_chain(self, Ensemble heard) noexcept nogil:
        """The tap lies so much further ahead of the master as the master is held back."""
        heard.main.tap_ahead += heard.lateness()

    cdef int aside(self) noexcept nogil:
        """What is measured beside mix and master: what is heard, a delta too, else the other chain that runs; -1 for nothing."""
        cdef int k
        if self.selector.next not in (MIX, MASTER):
            return self.selector.next
        for k in range(OTHERS):
            if (<Ensemble>self.landings.heard).on[k]:
                return OTHER + k
        return -1

    cdef void guard(self, sample_t **out, int frames) noexcept nogil:
        """NaN or infinity never reaches a loudspeaker: silence, then in again with a fade."""
        cdef int fade_frames = self.selector.fade_frames
        cdef int c, i
        if not (all_finite(out[0], frames) and all_finite(out[1], frames)):
            for c in range(2):
                memset(out[c], 0, frames * sizeof(double))
            self.guard_left = fade_frames
            self.status.guarded.fetch_add(1, memory_order_relaxed)
            return
        for i in range(min(frames, self.guard_left)):
            for c in range(2):
                out[c][i] *= self.selector.fade[fade_frames - self.guard_left + i]
        self.guard_left = max(0, self.guard_left - frames)

    cdef void tell_times(self) noexcept nogil:
        """How late each source leaves."""
        cdef int64_t late
        cdef int k
        for k in range(SOURCES):
            if k < REFERENCE:
                late = (<Ensemble>self.landings.heard).late_of(k) if self.transport.land_left == 0 else ELSEWHERE
            else:
                late = (<Deck>self.beside.deck[k - REFERENCE]).late_of(self.transport.at, self.late(), self.transport.state == PLAYING)
            self.status.late_of[k].store(late, memory_order_relaxed)

    cdef void tell(self, int frames, uint64_t began) noexcept nogil:
        cdef Status *s = &self.status
        cdef uint64_t took = ticks_now() - began
        cdef PyObject *song = self.source[self.source_alone.load(memory_order_relaxed)]
        cdef int state = self.transport.state
        cdef int64_t at = self.transport.at - self.late()
        if state == STOPPED or state == WAITING:
            at = self.transport.stands_at
        # A splice into the last milliseconds, and a seek past the end, go on behind the song.
        at = self.input_at if self.input_on else min(at, (<Source>song).frames)
        s.heard_at.store(max(at, <int64_t>0), memory_order_relaxed)
        s.state.store(PLAYING if self.input_on else state, memory_order_relaxed)
        s.heard.store(self.selector.heard, memory_order_relaxed)
        s.ended.store(self.transport.ended, memory_order_relaxed)
        s.awaits.store(state == WAITING and self.transport.lands and at > 0 and self.landings.waiting[SOUGHT] is NULL, memory_order_relaxed)
        s.starved.store(self.transport.starved, memory_order_relaxed)
        self.tell_times()
        if frames == 0:
            return
        s.callbacks.fetch_add(1, memory_order_relaxed)
        s.frames.fetch_add(frames, memory_order_relaxed)
        s.busy_ticks.fetch_add(took, memory_order_relaxed)
        if took > s.top_ticks.load(memory_order_relaxed):
            s.top_ticks.store(took, memory_order_relaxed)
        if took * self.rate > frames * self.ticks_per_second:
            s.late.fetch_add(1, memory_order_relaxed)


cdef int audio_callback(const void *src, void *dst, unsigned long frames, const void *time,
                        unsigned long flags, void *user) noexcept nogil:
    cdef unsigned long long before = flush_denormals()
    if flags & 0xF:
        (<AudioThread>user).status.flagged.fetch_add(1, memory_order_relaxed)
    (<AudioThread>user).run_block(<const float *>src, <float *>dst, <int>frames)
    restore_denormals(before)
    return 0


_measured = []


def _ticks_per_second():
    """Rate of the tick counter, measured once over 20 ms."""
    cdef uint64_t first
    cdef double began
    if not _measured:
        first, began = ticks_now(), seconds_now()
        while seconds_now() - began < 0.02:
            pass
        _measured.append((ticks_now() - first) / (seconds_now() - began))
    return _measured[0]
