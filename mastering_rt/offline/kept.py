"""What one pass over a song leaves for the next: what was found at the stages that stay as they are, and the sound between stages.

The sound is kept in 64 bits, because a chain that goes on from a copy rounded to 32 bits does not make the bits of the render. A
song of 4 minutes at 44.1 kHz is 169 MB between two stages: the places are chosen by what keeping them saves.
"""
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mastering_rt.offline.run import Planes, Reductions
from mastering_rt.session.model import PluginRef, Slot

LEAST_BYTES, MOST_BYTES = 640 << 20, 1 << 30
SHARE = 8                        # of the machine's memory: an eighth
EDITED_AGAIN = 4.0               # so much likelier is the stage just edited to be the next one
Sound = tuple[str, tuple[tuple[str, float], ...], PluginRef | None]
Singles = NDArray[np.float32]


def sound_of(slot: Slot) -> Sound:
    """What of a slot can be heard: not its name."""
    return slot.kind, tuple(sorted(slot.values.items())), slot.plugin


@dataclass(frozen=True, eq=False)
class StageFound:
    """What a pass found at one stage. It holds as long as this stage and all before it stay as they are.

    reduction_db: largest reduction in every 256 frames fed. latency_frames: from the song to behind the stage. behind_lufs: integrated
    loudness behind it; None for silence. states: before every `every` frames fed. cost_s: processor time.
    """

    sound: Sound
    latency_frames: int
    reduction_db: Reductions
    behind_lufs: float | None
    states: list[bytes] = field(repr=False)
    every: int
    cost_s: float


@dataclass
class Plan:
    """How to run a chain: stages from `first` on, from the sound kept before that one; and whose input to keep on the way."""

    first: int
    source: Planes | None                    # None: the mix
    keep: dict[int, Planes]
    found: list[StageFound]                  # of the stages before `first`


def bytes_to_keep() -> int:
    """How much sound this machine has room for: an eighth of its memory, from 640 MB to 1 GB; 640 MB where it does not tell."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return LEAST_BYTES
    return min(max(memory // SHARE, LEAST_BYTES), MOST_BYTES)


class Kept:
    """Of one song, `frames` long; `most_bytes` of sound at most, all of it; what the machine has room for where None. One thread."""

    def __init__(self, frames: int, most_bytes: int | None = None) -> None:
        most_bytes = bytes_to_keep() if most_bytes is None else most_bytes
        self._frames, self._most_bytes = frames, most_bytes
        self.found: list[StageFound] = []
        self._planes: dict[int, Planes] = {}             # stage -> its input
        self._free: list[Planes] = []
        self._costs: dict[str, float] = {}               # kind -> processor time when it last ran
        self.master: Singles | None = None
        if 0 < 8 * frames <= most_bytes // 2:
            self.master = np.empty((2, frames), np.float32)
        self._master_of: tuple[Sound, ...] | None = None

    @property
    def bytes(self) -> int:
        """Memory of all sound that is kept or ready to be kept."""
        planes = [*self._planes.values(), *self._free]
        return sum(plane.nbytes for plane in planes) + (self.master.nbytes if self.master is not None else 0)

    def master_of(self, chain: Sequence[Slot]) -> Singles | None:
        """The master of this chain in 32 bits, for eyes and measures; None unless it was the last."""
        return self.master if self._master_of == tuple(map(sound_of, chain)) else None

    def plan(self, chain: Sequence[Slot], fed: int) -> Plan:
        """For a pass of `fed` frames over `chain`. What does not hold for it is forgotten."""
        sounds = tuple(map(sound_of, chain))
        same = 0
        while same < min(len(sounds), len(self.found)) and self.found[same].sound == sounds[same]:
            same += 1
        del self.found[same:]
        self._master_of = None
        edited, room = min(same, len(sounds) - 1), self._room(fed)
        held = [stage for stage, plane in self._planes.items() if stage <= edited and plane.shape[1] == fed]
        first = max(held, default=0)
        if room == 1 and first != edited:
            first = 0
        places = self._places(sounds, held, first, edited, room)
        self._hold(places & set(held), fed, room)
        keep = {stage: self._plane(fed) for stage in sorted(places - set(self._planes))}
        return Plan(first, self._planes.get(first), keep, self.found[:first])

    def finish(self, chain: Sequence[Slot], plan: Plan, found: Sequence[StageFound]) -> None:
        """The pass is complete: from now on its sound is there."""
        self.found = [*plan.found, *found]
        self._planes.update(plan.keep)
        self._costs.update((each.sound[0], each.cost_s) for each in found)
        self._master_of = tuple(map(sound_of, chain))

    def give_up(self, plan: Plan) -> None:
        """The pass was stopped: what it had begun to write is nothing."""
        self._free += plan.keep.values()

    def _room(self, fed: int) -> int:
        """How many planes may be kept."""
        return max(0, (self._most_bytes - (self.master.nbytes if self.master is not None else 0)) // (16 * fed))

    def _hold(self, stages: set[int], fed: int, room: int) -> None:
        """Let go of all other planes; their memory serves again, if it fits."""
        self._free += [plane for stage, plane in self._planes.items() if stage not in stages]
        self._planes = {stage: plane for stage, plane in self._planes.items() if stage in stages}
        self._free = [plane for plane in self._free if plane.shape[1] == fed][:room - len(self._planes)]

    def _plane(self, fed: int) -> Planes:
        return self._free.pop() if self._free else np.empty((2, fed))

    def _places(self, sounds: Sequence[Sound], held: Sequence[int], first: int, edited: int, room: int) -> set[int]:
        """The stages whose inputs to have after a pass from `first`: the edited one, the last one, then whatever saves most."""
        open_to = {*held, *range(first + 1, len(sounds))} - {0}
        chosen = {first, edited} & open_to if room else set()
        if len(chosen) < room:
            chosen |= {len(sounds) - 1} & open_to
        while len(chosen) < min(room, len(open_to)):
            chosen.add(min(open_to - chosen, key=lambda stage: self._ahead(sounds, {*chosen, stage}, edited)))
        return chosen

    def _ahead(self, sounds: Sequence[Sound], planes: set[int], edited: int) -> float:
        """What the next edit will cost, each stage being as likely, but for the one just edited."""
        costs = [self._costs.get(kind, 1.0) for kind, *_ in sounds]
        total = 0.0
        for stage in range(len(sounds)):
            start = max((plane for plane in planes if plane <= stage), default=0)
            total += sum(costs[start:]) * (EDITED_AGAIN if stage == edited else 1.0)
        return total
