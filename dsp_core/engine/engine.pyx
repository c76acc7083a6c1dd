"""What the control thread tells the audio thread, and asks of it."""
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t, uintptr_t
from libcpp.atomic cimport memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.engine.audio_thread cimport AudioThread
from dsp_core.engine.chain cimport Chain
from dsp_core.engine.command cimport (
    DECK_GO, DECK_LOCK, DECK_LOOP, INPUT, LANDS, LEVEL, LISTEN, LOOP, MATCH, MONITOR, PLAY, SEEK, SELECT, STOP, TAP, WANT, Command)
from dsp_core.engine.ensemble cimport ELSEWHERE, OTHERS, Ensemble
from dsp_core.engine.landing cimport ROUND, SOUGHT
from dsp_core.engine.selector cimport DELTA, MASTER, MIX, OTHER, REFERENCE, SOURCES
from dsp_core.engine.source cimport Source
from dsp_core.engine.status cimport Status
from dsp_core.engine.transport cimport STOPPED
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.ticks cimport ticks_now

MIX_SOURCE, MASTER_SOURCE, DELTA_SOURCE = MIX, MASTER, DELTA
OTHER_SOURCES, REFERENCE_SOURCES = (OTHER, OTHER + 1), (REFERENCE, REFERENCE + 1)
STATES = ("stopped", "playing", "stopping", "leaving", "waiting")


cdef class Engine(AudioThread):
    """Plays a song through a chain at `rate` Hz: mix, master, other chains and references aligned, one of them heard, matched, monitored, guarded.

    The control thread owns every method; `callback` and `userdata` go to the device.
    """

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
