"""The audio thread as a table of contents. `run_block` serves every device; the render runs the same Chain."""
from libc.stdint cimport uintptr_t
from libc.string cimport memset
from libcpp.atomic cimport memory_order_acq_rel, memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.engine.dip cimport dip_rest, dip_room, dip_run, dip_switch, dip_wish
from dsp_core.engine.ensemble cimport ELSEWHERE, OTHERS, Ensemble
from dsp_core.engine.landing cimport ROUND, SOUGHT
from dsp_core.engine.monitor cimport monitor_rest, monitor_run, monitor_start, monitor_wish
from dsp_core.engine.deck cimport Deck
from dsp_core.engine.selector cimport DELTA, MASTER, MIX, OTHER, REFERENCE, SOURCES, audible, select_into, selector_rest, selector_start
from dsp_core.engine.transport cimport PLAYING, STOPPED, WAITING
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.level cimport all_finite, mend
from dsp_core.stages.stage cimport CHUNK
from dsp_core.ticks cimport seconds_now, ticks_now

cdef enum:
    SCOPE_FRAMES = 65536
    COMMANDS = 1024

MIX_SOURCE, MASTER_SOURCE, DELTA_SOURCE = MIX, MASTER, DELTA
OTHER_SOURCES, REFERENCE_SOURCES = (OTHER, OTHER + 1), (REFERENCE, REFERENCE + 1)
STATES = ("stopped", "playing", "stopping", "leaving", "waiting")


cdef class Engine:
    """Plays a song through a chain at `rate` Hz: mix, master, other chains and references aligned, one of them heard, matched, monitored, guarded.

    The control thread owns every method; `callback` and `userdata` go to the device.
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

    @property
    def chain(self):
        """The chain that is heard; another one after each landing."""
        return self.landings.ensemble().main

    @property
    def others(self):
        """The chains beside it; None where no comparison has wanted one yet."""
        return self.landings.ensemble().others

    @property
    def busy(self):
        """True while the audio thread has not yet taken up the last published song or chain."""
        return self.chain.busy or self.source_alone.load(memory_order_acquire) != self.source_live.load(memory_order_relaxed)

    def set_song(self, Source source not None):
        """Publish another song; what sounds fades out first. Raises RuntimeError while busy, ValueError for another rate."""
        if source.rate != self.rate:
            raise ValueError(f"a song at {source.rate:g} Hz cannot play in an engine at {self.rate:g} Hz; convert it first")
        if self.source_alone.load(memory_order_acquire) != self.source_live.load(memory_order_relaxed):
            raise RuntimeError("the engine is still leaving the song before; ask again when it is no longer busy")
        cdef int new = 1 - self.source_live.load(memory_order_relaxed)
        self._sources[new] = source
        self.source[new] = <PyObject *>source
        self.source_live.store(new, memory_order_release)
        self._serve()

    def publish(self, stages, heir_of=None, Chain chain=None, lent=()):
        """Hear another order of stages (see Chain.publish) in a chain, which is the one that is heard unless it is given."""
        (chain or self.chain).publish(stages, heir_of, lent)
        self._serve()

    def play(self):
        """Play from where the transport stands; the chain starts afresh."""
        self._command(PLAY)

    def stop(self):
        """Fade out and stay here."""
        self._command(STOP)

    def seek(self, int64_t frame):
        """Go to a song frame, playing or not. While it plays the sound is spliced before the chain, which runs on; a landing is off."""
        self._command(SEEK, max(frame, <int64_t>0), self.landings.seek())

    def land(self, landing not None):
        """Hear this chain or ensemble as soon as can be, from where it stands: a jump while the song plays, the start while a start waits for it.

        It was run up and belongs to the engine from now on. The last one wins. While the song stands still, only the
        place is taken; so it is, by a splice, when another chain is compared that it does not have. ValueError for another rate.
        """
        self._publish_landing(landing, SOUGHT)

    def land_at_loop(self, landing not None):
        """Hear this chain or ensemble, which was run up so that it stands at the loop's start, when the loop's end has been heard."""
        self._publish_landing(landing, ROUND)

    def retract_landing_at_loop(self):
        """The same without: the loop's end splices."""
        self.landings.retract(ROUND)

    def wait_for_landings(self, bint on):
        """Whether a start in the middle of the song waits for a landing there (`read_status` says "awaits"), or begins with empty stages."""
        self._command(LANDS, on)

    @property
    def state(self):
        """One of STATES, as the audio thread last said."""
        return STATES[self.status.state.load()]

    @property
    def heard_at(self):
        """Song frame that leaves the engine, or that will when it goes on."""
        return self.status.heard_at.load()

    @property
    def awaits(self):
        """True while a start waits for a landing at `heard_at`."""
        return self.status.awaits.load() != 0

    def keeps(self, Chain chain not None):
        """Whether a chain that landed is heard, or may be yet."""
        return self.landings.keeps(chain)

    def _publish_landing(self, landing, int room):
        cdef Ensemble ensemble = landing if isinstance(landing, Ensemble) else Ensemble(landing)
        if ensemble.main.rate != self.rate:
            raise ValueError(f"a chain at {ensemble.main.rate:g} Hz cannot land in an engine at {self.rate:g} Hz")
        self.landings.publish(ensemble, room)
        self._serve()

    def loop(self, int64_t start, int64_t stop):
        """Repeat start .. stop (frames). Raises ValueError when shorter than 50 ms."""
        if start < 0 or stop - start < 0.05 * self.rate:
            raise ValueError(f"a loop of {max(0, stop - start)} samples is too short; at least {int(0.05 * self.rate)} (50 ms)")
        self._command(LOOP, start, stop)

    def unloop(self):
        """Play on past the loop's end."""
        self._command(LOOP)

    def select(self, int source, bint through_silence=False):
        """Hear MIX_SOURCE, MASTER_SOURCE, DELTA_SOURCE, or one of OTHER_SOURCES or REFERENCE_SOURCES, with a 15 ms fade; or out and in
        again, 15 ms each way, which sounds and takes the same whether it was heard before or not.

        Another chain is heard as soon as it runs and its stages have found their level; until then the source before goes on.
        """
        if not 0 <= source < SOURCES:
            raise ValueError(f"there is no source {source}")
        self._command(SELECT, source, through_silence)

    def match(self, double mix_db, double master_db, double slew_db_per_s=1e6):
        """Matching gains in dB, at most 0: only ever turn down."""
        if not (mix_db <= 0 and master_db <= 0):
            raise ValueError(f"a match only turns down; {mix_db:g} and {master_db:g} dB would clip")
        self.match_source(MIX, mix_db, slew_db_per_s)
        self.match_source(MASTER, master_db, slew_db_per_s)

    def match_source(self, int source, double gain_db, slew_db_per_s=1e6):
        """Matching gain of one source in dB, at most 0. Raises ValueError."""
        if not 0 <= source < SOURCES:
            raise ValueError(f"there is no source {source}")
        if not gain_db <= 0:
            raise ValueError(f"a match only turns down; {gain_db:g} dB would clip")
        self._command(MATCH, source, 0, (gain_db, slew_db_per_s, 0.0, 0.0))

    def monitor_matrix(self, left_left, left_right, right_left, right_right):
        """What the speakers get of what is heard; never printed."""
        self._command(MONITOR, 0, 0, (left_left, left_right, right_left, right_right))

    def listen_to_delta(self, int slot):
        """Let DELTA_SOURCE be what the stage in `slot` adds or takes away, with a 20 ms fade; -1 for none.

        The slot is one of the order last published. The delta stays with its stage, and with the heirs of that stage.
        """
        cdef PyObject *stage = NULL
        if 0 <= slot < len(self.chain.stages):
            self.chain.prepare_delta()
            stage = <PyObject *>self.chain.stages[slot]
        self._command(LISTEN, <int64_t><uintptr_t>stage)

    def meter_behind(self, int place, int mix_bits=32, int master_bits=32):
        """Measure what comes out of the stage at `place` of the running order too, -1 for none.

        The bits of the mix are watched in words of `mix_bits`, those of the master and behind the stage in words of `master_bits`.
        """
        if not (2 <= mix_bits <= 32 and 2 <= master_bits <= 32):
            raise ValueError(f"words of {mix_bits} and {master_bits} bits cannot be watched; words have 2 to 32")
        self._command(TAP, place, mix_bits << 8 | master_bits)

    def level_delta(self, bint on):
        """Take out of a delta the gain that explains most of it, so that what else the stage does is heard."""
        self._command(LEVEL, on)

    def publish_other(self, int k, stages, heir_of=None, lent=()):
        """The stages of another chain (0 or 1) that hears the same song; `lent`: stages of this engine that `heir_of` may name."""
        self.publish(stages, heir_of, self.other_beside(self.chain, k), lent)

    def other_beside(self, Chain main not None, int k):
        """The k-th other chain that runs beside `main`, made where there is none; one that is never heard where `main` was let go."""
        ensemble = self.landings.ensemble_of(main)
        return ensemble.prepare(k) if ensemble is not None else Chain(self.rate)

    def want_other(self, int k, bint wanted):
        """Run another chain from now on, or no longer once it is not heard. Publish its stages first."""
        if not 0 <= k < OTHERS:
            raise ValueError(f"there is no other chain {k}; there are {OTHERS}")
        self._command(WANT, k, wanted)

    @property
    def late_of(self):
        """Frames from the song's place to what each source gives out, as it ran last; None while it does not run or its time is changing.

        Sources of one figure lie no sample apart. Of a locked reference it is measured where it was read.
        """
        cdef int64_t late[SOURCES]
        cdef int k
        for k in range(SOURCES):
            late[k] = self.status.late_of[k].load()
        return tuple(late[k] if late[k] != ELSEWHERE else None for k in range(SOURCES))

    def deck_go(self, int deck, int64_t frame):
        """A reference with a playhead of its own goes to a frame, with a splice if it sounds."""
        self._command(DECK_GO, deck, max(frame, <int64_t>0))

    def deck_loop(self, int deck, int64_t start, int64_t stop):
        """Where it goes round; stop = 0 is the whole of it. Raises ValueError when shorter than 50 ms."""
        if stop and (start < 0 or stop - start < 0.05 * self.rate):
            raise ValueError(f"a loop of {max(0, stop - start)} samples is too short; at least {int(0.05 * self.rate)} (50 ms)")
        self._command(DECK_LOOP, deck, 0, (start, stop, 0.0, 0.0))

    def deck_lock(self, int deck, bint locked, int64_t offset=0):
        """Stand where the song stands, its frame 0 beside frame `offset` of the reference; or on its own from where it is."""
        self._command(DECK_LOCK, deck, locked, (offset, 0.0, 0.0, 0.0))

    def serve(self):
        """Take up what was published while no device runs, as the next block would."""
        self._serve()

    def listen_to_input(self, bint on):
        """Run the chain on the device's input in place of the song."""
        self._command(INPUT, on)

    def read_status(self):
        """What the audio thread last said of itself, as a dict; load is the share of the period since the last call."""
        cdef Status *s = &self.status
        top = s.top_ticks.exchange(0)
        return {
            "heard_at": s.heard_at.load(), "state": STATES[s.state.load()], "heard": s.heard.load(), "ended": bool(s.ended.load()),
            "callbacks": s.callbacks.load(), "frames": s.frames.load(), "late": s.late.load(), "flagged": s.flagged.load(),
            "awaits": bool(s.awaits.load()), "starved": s.starved.load(), "guarded": s.guarded.load(), "mended": s.mended.load(),
            "busy_s": s.busy_ticks.load() / self.ticks_per_second, "longest_s": top / self.ticks_per_second,
        }

    def run_offline(self, const float[:, ::1] source, float[:, ::1] out):
        """One callback's worth by hand: (frames, 2) in and out. For tests; not while a device runs."""
        if source.shape[0] != out.shape[0] or source.shape[1] != 2 or out.shape[1] != 2:
            raise ValueError("want two (frames, 2) arrays of one length")
        cdef unsigned long long before
        if source.shape[0] == 0:
            return
        with nogil:
            before = flush_denormals()
            self.run_block(&source[0, 0], &out[0, 0], <int>source.shape[0])
            restore_denormals(before)

    def _command(self, int what, int64_t a=0, int64_t b=0, x=(0.0, 0.0, 0.0, 0.0)):
        cdef Command c
        cdef int k
        c.what, c.a, c.b = what, a, b
        for k in range(4):
            c.x[k] = x[k]
        if not self.commands.push(&c, 1):
            raise RuntimeError("the audio thread has stopped taking commands; restart the device")
        self._serve()

    def _serve(self):
        """Without a device nobody else takes what was sent."""
        if not self.running:
            self.landings.take(SOUGHT)
            self.take_commands()
            self.adopt_source()
            if self.transport.state == STOPPED:
                self.rest()
            self.tell(0, ticks_now())

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
        """What is measured beside mix and master: what is heard, else the other chain that runs; -1 for nothing."""
        cdef int k
        if self.selector.next >= OTHER:
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
        (<Engine>user).status.flagged.fetch_add(1, memory_order_relaxed)
    (<Engine>user).run_block(<const float *>src, <float *>dst, <int>frames)
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
