"""Chains run up to a place in the song, on a thread of their own, so that a jump sounds at once as the whole song does there."""
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal, Protocol

from dsp_core.engine.chain import Chain
from dsp_core.engine.ensemble import Ensemble
from dsp_core.engine.source import MemorySong
from dsp_core.stages.stage import Stage
from mastering_rt.offline.checkpoints import Checkpoint, Checkpoints
from mastering_rt.playback.spares import Spares
from mastering_rt.session.model import Slot

How = Literal["exact", "pre-roll"]
Room = Literal["seek", "loop"]
ROOMS: tuple[Room, ...] = ("seek", "loop")
PRE_ROLL_S = 3.0
SHORTEST_PRE_ROLL_S = 0.5
MOST_WORK_S = 0.4                # a run-up that would take longer is cut short to a pre-roll
FIRST_PACE = 20.0                # times real time, until the chain has shown its own
LEAST_PACE = FIRST_PACE / 4      # a machine that hiccups is not slow
SHOWING_S = 0.1                  # of sound, from which on a run-up shows a pace
LEVELLED_RUN_UP_S = 1            # until the gain that is taken out of a delta is known


class Reader(Protocol):
    """Where the run-up gets the song from, at the engine's rate."""

    def part(self, start: int, stop: int) -> tuple[MemorySong, int]:
        """A source that holds the frames start .. stop of the song, and the song frame of its first one."""


class WholeSong:
    """A reader of a song in memory."""

    def __init__(self, song: MemorySong) -> None:
        self._song = song

    def part(self, start: int, stop: int) -> tuple[MemorySong, int]:
        return self._song, 0


@dataclass(frozen=True)
class Aside:
    """A chain that is compared, and what is kept of it."""

    slots: tuple[Slot, ...]
    checkpoints: Checkpoints | None = None


@dataclass(frozen=True)
class Wish:
    """A place to be heard first, in frames of the engine, and the chain it is to be heard through. `listen`: its slot whose delta is kept,
    `levelled`: without the gain that explains most of it; `others`: chains beside it, each in its place."""

    frame: int
    slots: tuple[Slot, ...]
    checkpoints: Checkpoints | None = None
    listen: int = -1
    levelled: bool = False
    others: tuple[Aside | None, ...] = ()

    @property
    def own(self) -> Aside:
        """The song's own chain."""
        return Aside(self.slots, self.checkpoints)

    @property
    def asides(self) -> tuple[Aside, ...]:
        """Every chain there is, the song's own first."""
        return (self.own, *(other for other in self.others if other is not None))

    @property
    def hears_before(self) -> int:
        """Seconds before the place that its own chain is to hear at least: a delta's gain is known when it was learnt."""
        return LEVELLED_RUN_UP_S if self.levelled and self.listen >= 0 else 0


@dataclass(frozen=True, eq=False)
class Brought:
    """A chain that stands at its place."""

    slots: tuple[Slot, ...]
    stages: tuple[Stage, ...]
    chain: Chain


@dataclass(frozen=True, eq=False)
class Landing:
    """Chains that stand at their place together. `how`: "exact" where all hold what the whole song leaves there, "pre-roll" where one
    heard less."""

    wish: Wish
    own: Brought
    others: tuple[Brought | None, ...]       # as in the wish
    ensemble: Ensemble
    how: How
    seconds: float                           # of sound that the run-up was, over all chains
    pace: float                              # times faster than real time that it was

    @property
    def chain(self) -> Chain:
        """The song's own."""
        return self.own.chain

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Those of the song's own chain."""
        return self.own.stages

    @property
    def running(self) -> tuple[Stage, ...]:
        """Those that run in any of its chains now."""
        return tuple(stage for brought in (self.own, *self.others) if brought is not None for stage in brought.chain.stages)


def bring(wish: Wish, song: Reader, rate_hz: int, pace: float = FIRST_PACE, spares: Spares | None = None) -> Landing:
    """Stages without a past, of the `spares` where there are such, run up to a place: from a checkpoint or the song's beginning, or, where that is too far, over a few seconds before.

    pace: how many times faster than real time a chain runs. ValueError for stages that cannot run at the rate.
    """
    spares = spares or Spares(rate_hz)
    own = _made(wish.own, rate_hz, spares)
    own.chain.listen(wish.listen, wish.levelled)
    others = tuple(_made(aside, rate_hz, spares) if aside is not None else None for aside in wish.others)
    ensemble = Ensemble(own.chain, [brought.chain if brought is not None else None for brought in others])
    stop, most = wish.frame + int(ensemble.latency_frames), _most_frames(wish, rate_hz, pace)
    starts = {-1: _beginning(wish.own, own.stages, max(0, wish.frame - wish.hears_before * rate_hz), rate_hz, most)}
    for k, (aside, brought) in enumerate(zip(wish.others, others)):
        if aside is not None and brought is not None:
            starts[k] = _beginning(aside, brought.stages, wish.frame, rate_hz, most)
    part, origin = song.part(min(start for start, _ in starts.values()), stop)
    began = perf_counter()
    for k, (start, _) in starts.items():
        ensemble.run_up(k, part, start, stop, origin)
    ensemble.stand()
    seconds = sum(stop - start for start, _ in starts.values()) / rate_hz
    how: How = "exact" if all(how == "exact" for _, how in starts.values()) else "pre-roll"
    return Landing(wish, own, others, ensemble, how, seconds, seconds / max(perf_counter() - began, 1e-6))


def _made(aside: Aside, rate_hz: int, spares: Spares) -> Brought:
    stages = tuple(spares.take(slot) for slot in aside.slots)
    return Brought(aside.slots, stages, Chain(rate_hz, stages))


def _beginning(aside: Aside, stages: Sequence[Stage], frame: int, rate_hz: int, most_frames: int) -> tuple[int, How]:
    """Where the run-up to a frame begins; the stages hold what belongs there."""
    kept = checkpoint_of(aside, frame, rate_hz, most_frames)
    if kept is not None:
        for stage, state in zip(stages, kept.states, strict=True):
            stage.load(state)
        return kept.frame, "exact"
    pre_roll = min(max(most_frames, round(SHORTEST_PRE_ROLL_S * rate_hz)), round(PRE_ROLL_S * rate_hz))
    return (frame - pre_roll, "pre-roll") if frame > pre_roll else (0, "exact")


def checkpoint_of(aside: Aside, frame: int, rate_hz: int, most_frames: int) -> Checkpoint | None:
    """The one to run up from; None where there is none of this chain and rate, or none near enough."""
    kept = aside.checkpoints
    if kept is None or kept.chain != aside.slots or kept.rate_hz != rate_hz:
        return None
    last = kept.before(frame)
    return last if last is not None and frame - last.frame <= most_frames else None


def _most_frames(wish: Wish, rate_hz: int, pace: float) -> int:
    """What each chain may run through, so that all are there in time."""
    return round(MOST_WORK_S * pace * rate_hz / len(wish.asides))


class Lander:
    """Runs `bring` for the last wish of each room on a thread of its own, seeks first. A wish under way is finished, unless it is dropped."""

    def __init__(self, song: Reader, rate_hz: int) -> None:
        self.spares = Spares(rate_hz)
        self._song, self._rate_hz = song, rate_hz
        self._changed = threading.Condition()
        self._wishes: dict[Room, Wish] = {}
        self._found: dict[Room, Landing | str] = {}
        self._under_way: tuple[Room, Wish] | None = None
        self._pace = FIRST_PACE
        self._closed = False
        self._thread: threading.Thread | None = None

    def ask(self, room: Room, wish: Wish) -> None:
        """Go there next; takes the place of a wish that has not been begun."""
        with self._changed:
            self._wishes[room] = wish
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="landing", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def drop(self, room: Room) -> None:
        """Nothing more of this room, whatever is under way."""
        with self._changed:
            self._wishes.pop(room, None)
            self._found.pop(room, None)
            if self._under_way is not None and self._under_way[0] == room:
                self._under_way = None

    def take(self, room: Room) -> Landing | str | None:
        """What was found since the last call, or a sentence why nothing can be."""
        if not self._found:
            return None                          # without the lock, which a thread may hold that waits for a processor
        with self._changed:
            return self._found.pop(room, None)

    def busy(self, room: Room) -> bool:
        """A wish waits, is under way, or its landing was not taken."""
        with self._changed:
            return room in self._wishes or room in self._found or (self._under_way is not None and self._under_way[0] == room)

    def wait(self, room: Room, seconds: float) -> bool:
        """For tests and offline work: True when a landing can be taken within this time."""
        with self._changed:
            return self._changed.wait_for(lambda: room in self._found, seconds)

    def could_be_exact(self, wish: Wish) -> bool:
        """Whether there are checkpoints near enough to run up from."""
        most = _most_frames(wish, self._rate_hz, self._pace)
        return all(checkpoint_of(aside, wish.frame, self._rate_hz, most) is not None for aside in wish.asides)

    def close(self) -> None:
        """The thread ends with what is under way, of which nothing comes any more. Does not wait for it."""
        with self._changed:
            self._closed, self._under_way = True, None
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or bool(self._wishes))
                if self._closed:
                    return
                room = next(room for room in ROOMS if room in self._wishes)
                wish = self._wishes.pop(room)
                mine = self._under_way = (room, wish)
            found = self._bring(wish)
            with self._changed:
                if self._under_way is mine:
                    self._found[room], self._under_way = found, None
                    self._changed.notify_all()

    def _bring(self, wish: Wish) -> Landing | str:
        try:
            landing = bring(wish, self._song, self._rate_hz, self._pace, self.spares)
        except Exception as error:               # a start that waits for it must not wait for ever
            return f"A jump could not be prepared: {error}. Jumps go on without, and stages need their release times after them."
        self._pace = learnt(self._pace, landing)
        return landing


def learnt(pace: float, landing: Landing) -> float:
    """The pace to reckon with after a run-up: half of it what was shown, where enough was."""
    return pace if landing.seconds < SHOWING_S else max(LEAST_PACE, 0.5 * (pace + landing.pace))
