"""What plays beside the session's own chain: other chains on the same song, and references, each as it is wished."""
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import OTHER_SOURCES, REFERENCE_SOURCES, Engine
from dsp_core.engine.source import Source
from dsp_core.stages.stage import Stage
from mastering_rt.playback.landing import Landing
from mastering_rt.playback.rack import Rack
from mastering_rt.session.model import Slot

OTHERS, DECKS = len(OTHER_SOURCES), len(REFERENCE_SOURCES)
OTHER_NAMES = ("other", "other2")[:OTHERS]
DECK_NAMES = ("reference", "reference2")[:DECKS]


@dataclass(frozen=True, eq=False)
class DeckWish:
    """What a deck should play. Frames are the engine's.

    source: at the engine's rate. locked: it stands where the song stands, its frame `at` beside the song's first; else `at` is where
    it begins. loop: where it goes round; None is the whole of it.
    """

    source: Source
    at: int = 0
    locked: bool = False
    loop: tuple[int, int] | None = None


class Berth:
    """One of the chains beside that of `main`, as a rack sees an engine. What it is given first goes on from the memory of `main`'s stages."""

    def __init__(self, engine: Engine, k: int, main: Rack, wished: Sequence[Slot]) -> None:
        self.rate, self.published = engine.rate, False
        self.chain: Chain = engine.other_beside(main.chain, k)
        self._engine, self._k, self._main, self._wished = engine, k, main, tuple(wished)

    def publish(self, stages: Sequence[Stage], heirs: Mapping[Stage, Stage], chain: Chain) -> None:
        """As `Engine.publish`. ValueError for too much latency."""
        lent: tuple[Stage, ...] = ()
        if not self.published:
            lent = self._main.stages
            own = {slot.name: stage for slot, stage in zip(self._main.slots, lent, strict=True)}
            heirs = {stage: own[slot.name] for slot, stage in zip(self._wished, stages)
                     if slot.name in own and own[slot.name].kind == slot.kind}
        self._engine.publish(list(stages), dict(heirs), chain, lent)
        self._engine.want_other(self._k, True)
        self.published = True


@dataclass
class Other:
    """One chain that runs beside."""

    wished: tuple[Slot, ...]
    berth: Berth
    rack: Rack


class Beside:
    """Brings the engine's other chains and decks to what is wished; `pump` often. A fresh engine wants a fresh one of these."""

    def __init__(self, engine: Engine, main: Rack, now: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._main, self._now = engine, main, now
        self._others: list[Other | None] = [None] * OTHERS
        self._decks: list[DeckWish | None] = [None] * DECKS
        self._on: list[DeckWish | None] = [None] * DECKS

    # other chains

    def set_other(self, k: int, chain: Sequence[Slot] | None) -> None:
        """Run these slots beside the song's own chain; None when no comparison wants them."""
        other = self._others[k]
        if chain is None:
            if other is not None:
                self._others[k] = None
                self._engine.want_other(k, False)
                other.rack.units.close()
            return
        wished = tuple(chain)
        if other is None:
            self._begin(k, wished)
        elif wished != other.wished:
            other.wished = wished
            other.rack.wish(wished)
        self.pump()

    def _begin(self, k: int, wished: tuple[Slot, ...]) -> None:
        before = self._others[k]
        if before is not None:
            before.rack.units.close()
        berth = Berth(self._engine, k, self._main, wished)
        self._others[k] = Other(wished, berth, Rack(berth, wished, self._now))

    def asked(self) -> tuple[tuple[Slot, ...] | None, ...]:
        """The slots of each chain that has to be there after a jump; None where none has."""
        return tuple([other.rack.asked if other is not None and (other.berth.published or other.rack.asked) else None for other in self._others])

    def host(self, landing: Landing) -> None:
        """These chains will be heard, or may: they take the values that move."""
        for other, brought in zip(self._others, landing.others):
            if other is not None and brought is not None:
                other.rack.host(brought.chain, brought.slots, brought.stages)

    def dismiss(self, landing: Landing) -> None:
        """They will not be heard any more."""
        for other, brought in zip(self._others, landing.others):
            if other is not None and brought is not None:
                other.rack.dismiss(brought.chain)

    def take(self, landing: Landing) -> None:
        """They are heard now. A chain that was not thought of when they were prepared begins anew, beside the one that is heard."""
        for k, other in enumerate(self._others):
            brought = landing.others[k] if k < len(landing.others) else None
            if other is None:
                continue
            if brought is None:
                self._begin(k, other.wished)
                continue
            if not other.rack.hosts(brought.chain):
                other.rack.host(brought.chain, brought.slots, brought.stages)
            other.rack.take(brought.chain)
            other.berth.published = True
            self._engine.want_other(k, True)

    def close(self) -> None:
        """Let go of the workers of foreign plugins."""
        for other in self._others:
            if other is not None:
                other.rack.units.close()

    def stages_latencies(self, k: int) -> tuple[int, ...]:
        """Of the stages of one chain that runs beside."""
        other = self._others[k]
        return tuple(int(stage.latency_frames) for stage in other.rack.stages) if other is not None else ()

    def runs(self, k: int) -> bool:
        """Whether the chain that was wished has been given to the engine."""
        other = self._others[k]
        return other is not None and other.berth.published and not other.rack.pending and not other.rack.chain.busy

    # references

    def set_deck(self, k: int, wish: DeckWish | None) -> None:
        """Let a deck play this; None empties it."""
        self._decks[k] = wish
        self.pump()

    def deck_frame(self, k: int) -> int:
        """Where its playhead is, in frames of the engine."""
        wish, deck = self._decks[k], self._engine.beside.decks[k]
        if wish is not None and not wish.locked and (wish is not self._on[k] or deck.busy):
            return wish.at
        return int(deck.frame)

    def go(self, k: int, frame: int) -> None:
        """Let a reference with its own playhead go to a frame of the engine."""
        self._engine.deck_go(k, frame)

    # the pulse

    def pump(self) -> None:
        """Do what the engine can take now."""
        for other in self._others:
            if other is not None:
                other.rack.pump()
                if not other.berth.published and not other.wished and not other.berth.chain.busy:
                    other.berth.publish((), {}, other.berth.chain)
        for k in range(DECKS):
            self._pump_deck(k)

    def _pump_deck(self, k: int) -> None:
        wish, on, deck = self._decks[k], self._on[k], self._engine.beside.decks[k]
        if wish is on or deck.busy or (wish is not None and wish.source.rate != self._engine.rate):
            return
        if wish is None:
            deck.put(Source())
        elif on is None or wish.source is not on.source:
            deck.put(wish.source, wish.at, wish.locked, *(wish.loop or (0, 0)))
        else:
            self._move_deck(k, on, wish)
        self._on[k] = wish
        self._engine.serve()

    def _move_deck(self, k: int, on: DeckWish, wish: DeckWish) -> None:
        """The same reference, otherwise."""
        if (wish.locked, wish.at if wish.locked else 0) != (on.locked, on.at if on.locked else 0):
            self._engine.deck_lock(k, wish.locked, wish.at)
        if wish.loop != on.loop:
            self._engine.deck_loop(k, *(wish.loop or (0, 0)))

    def take_problems(self) -> tuple[str, ...]:
        """Why a chain cannot be heard beside, said once."""
        return tuple(sentence for other in self._others if other is not None for sentence in other.rack.take_problem())

    @property
    def busy(self) -> bool:
        """True while a wish has not yet reached the engine."""
        others = any(other is not None and not self.runs(k) for k, other in enumerate(self._others))
        return others or any(wish is not on for wish, on in zip(self._decks, self._on))


class DeckHead:
    """A deck as the read-ahead of a streamed song sees an engine."""

    def __init__(self, engine: Engine, k: int) -> None:
        self._engine, self._k = engine, k

    @property
    def running(self) -> bool:
        return bool(self._engine.running)

    def read_status(self) -> dict[str, int]:
        return {"heard_at": int(self._engine.beside.decks[self._k].frame)}
