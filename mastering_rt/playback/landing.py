"""Chains run up to a place in the song, on a thread of their own, so that a jump sounds at once as the whole song does there."""
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal, Protocol

from dsp_core.engine.chain import Chain
from dsp_core.engine.landing import run_up
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
class Wish:
    """A place to be heard first, in frames of the engine, and the chain it is to be heard through. `listen`: its slot whose delta is kept."""

    frame: int
    slots: tuple[Slot, ...]
    checkpoints: Checkpoints | None = None
    listen: int = -1


@dataclass(frozen=True, eq=False)
class Landing:
    """A chain that stands at its place. `how`: "exact" where it holds what the whole song leaves there, "pre-roll" where it heard less."""

    wish: Wish
    chain: Chain
    stages: tuple[Stage, ...]
    how: How
    pace: float                              # times faster than real time that the run-up was


def bring(wish: Wish, song: Reader, rate_hz: int, pace: float = FIRST_PACE, spares: Spares | None = None) -> Landing:
    """Stages without a past, of the `spares` where there are such, run up to a place: from a checkpoint or the song's beginning, or, where that is too far, over a few seconds before.

    pace: how many times faster than real time the chain runs. ValueError for stages that cannot run at the rate.
    """
    spares = spares or Spares(rate_hz)
    stages = [spares.take(slot) for slot in wish.slots]
    chain = Chain(rate_hz, stages)
    chain.listen(wish.listen)
    start, how = _beginning(wish, stages, rate_hz, pace)
    stop = wish.frame + int(chain.latency_frames)
    part, origin = song.part(start, stop)
    began = perf_counter()
    run_up(chain, part, start, stop, origin)
    return Landing(wish, chain, tuple(stages), how, (stop - start) / rate_hz / max(perf_counter() - began, 1e-6))


def _beginning(wish: Wish, stages: Sequence[Stage], rate_hz: int, pace: float) -> tuple[int, How]:
    """Where the run-up begins; the stages hold what belongs there."""
    kept = checkpoint_of(wish, rate_hz, pace)
    if kept is not None:
        for stage, state in zip(stages, kept.states, strict=True):
            stage.load(state)
        return kept.frame, "exact"
    pre_roll = min(max(_most_frames(rate_hz, pace), round(SHORTEST_PRE_ROLL_S * rate_hz)), round(PRE_ROLL_S * rate_hz))
    return (wish.frame - pre_roll, "pre-roll") if wish.frame > pre_roll else (0, "exact")


def checkpoint_of(wish: Wish, rate_hz: int, pace: float) -> Checkpoint | None:
    """The one to run up from; None where there is none of this chain and rate, or none near enough."""
    kept = wish.checkpoints
    if kept is None or kept.chain != wish.slots or kept.rate_hz != rate_hz:
        return None
    last = kept.before(wish.frame)
    return last if last is not None and wish.frame - last.frame <= _most_frames(rate_hz, pace) else None


def _most_frames(rate_hz: int, pace: float) -> int:
    return round(MOST_WORK_S * pace * rate_hz)


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
        """Whether there is a checkpoint near enough to run up from."""
        return checkpoint_of(wish, self._rate_hz, self._pace) is not None

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
        self._pace = landing.pace
        return landing
