"""Keeps the stages in an engine's chain equal to the slots of a session: single moves at once, everything else by a swap."""
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import Engine
from dsp_core.params import params_of
from dsp_core.stages import make
from dsp_core.stages.stage import Stage
from mastering_rt.identity import is_another
from mastering_rt.plugins.units import KIND, Units
from mastering_rt.session.model import PluginRef, Slot

SETTLE_S = 0.05


@dataclass
class Place:
    """One slot as it runs now."""

    slot: Slot
    stage: Stage
    moved_at: float = 0.0
    settled: bool = True


@dataclass
class Line:
    """A chain of the engine and what runs in it."""

    chain: Chain
    places: list[Place]


class Rack:
    """Follows a session's chain. `wish` may come as often as a hand moves; `pump` does what the engine can take now."""

    def __init__(self, engine: Engine, chain: Sequence[Slot] = (), now: Callable[[], float] = time.monotonic, device_frames: int = 0) -> None:
        self._engine, self._now = engine, now
        self.units = Units(engine.rate, device_frames)
        weakref.finalize(self, self.units.close)
        self._wished: tuple[Slot, ...] = tuple(chain)
        self._refused: tuple[tuple[Slot, ...], dict[str, int]] | None = None      # a wish, with the plugins as late as they were
        self._problem = ""
        self._line = Line(engine.chain, [])
        self._waiting: list[Line] = []
        self.pump()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The running stages in order."""
        return tuple(place.stage for place in self._line.places)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots that run, which may be a moment behind the wish."""
        return tuple([place.slot for place in self._line.places])

    @property
    def pending(self) -> bool:
        """True while the engine has not yet been given all that was wished."""
        places = self._line.places
        if len(places) != len(self._wished):
            return True
        plain = True
        for place, slot in zip(places, self._wished):        # sixty times a second, so it asks no more than it must
            if place.slot is not slot and place.slot != slot:
                return True
            plain = plain and slot.kind != KIND
        return not plain and not all(
            self.units.fits(place.slot, place.stage, before) for place, before in zip(places, _before(self.slots)))

    @property
    def asked(self) -> tuple[Slot, ...]:
        """The slots as they are wished for, or those that run where the wish was refused."""
        return self.slots if self._is_refused else self._wished

    @property
    def _is_refused(self) -> bool:
        return self._refused is not None and self._refused == (self._wished, self.units.latencies)

    @property
    def chain(self) -> Chain:
        """The chain that is followed: the one that was heard when last looked."""
        return self._line.chain

    def host(self, chain: Chain, slots: Sequence[Slot], stages: Sequence[Stage]) -> None:
        """This chain will be heard, or may: from now on its stages take the values that move, as far as they glide."""
        line = Line(chain, [Place(slot, stage) for slot, stage in zip(slots, stages, strict=True)])
        self._waiting.append(line)
        self._glide(line)

    def hosts(self, chain: Chain) -> bool:
        """Whether this chain is known, and not heard yet."""
        return any(line.chain is chain for line in self._waiting)

    def dismiss(self, chain: Chain) -> None:
        """It will not be heard any more."""
        self._waiting = [line for line in self._waiting if line.chain is not chain]

    def take(self, chain: Chain) -> None:
        """A chain that was hosted is heard now. What it lacks of the wish comes by the next swap."""
        self._line = next(line for line in self._waiting if line.chain is chain)
        self.dismiss(chain)

    def wish(self, chain: Sequence[Slot]) -> None:
        """Make the engine sound like `chain` as soon as it can."""
        self._wished = tuple(chain)
        self.pump()

    def pump(self) -> None:
        """Call often (60 times a second): passes moves on, swaps when the last swap is over, settles what has come to rest."""
        pending = self.pending
        if pending and not self._is_refused:
            if not self._move() and not self._line.chain.busy:
                self._swap()
            pending = self.pending
        self._set_aside()
        if self.units.any and not pending and not self._line.chain.busy:
            self.units.keep({place.slot.name: place.stage for place in self._line.places})
        for place in self._line.places:
            if not place.settled and (place.stage.moves_by_settling or self._now() - place.moved_at >= SETTLE_S):
                place.settled = bool(place.stage.settle())

    def _move(self) -> bool:
        """The same stages with other gliding values: no swap needed. False when one is."""
        for line in self._waiting:
            self._glide(line)
        return self._glide(self._line)

    def _glide(self, line: Line) -> bool:
        pairs = list(zip(line.places, self._wished, _before(self._wished)))
        if len(line.places) != len(self._wished) or not all(self._stays(*pair) for pair in pairs):
            return False
        for place, slot, _ in pairs:
            if place.slot is not slot and place.slot != slot:
                self._set_values(place, slot)
        return True

    def _set_values(self, place: Place, slot: Slot) -> None:
        table = gliding(slot.kind)
        for param_id in moved(place.slot, slot):
            if param_id in table:
                index, default = table[param_id]
                place.stage.set(index, slot.values.get(param_id, default))
        if slot.plugin != place.slot.plugin:
            self.units.follow(slot)
        place.slot, place.moved_at, place.settled = slot, self._now(), False

    def _stays(self, place: Place, slot: Slot, before: Slot | None) -> bool:
        return same_instance(place.slot, slot) and self.units.fits(slot, place.stage, before)

    def _swap(self) -> None:
        """A new order: leading stages that stay run on, all others are fresh and take over the memory of what they replace."""
        before = {place.slot.name: place for place in self._line.places}
        places: list[Place] = []
        heirs: dict[Stage, Stage] = {}
        keeping = True
        for position, (slot, ahead) in enumerate(zip(self._wished, _before(self._wished))):
            there = self._line.places[position] if position < len(self._line.places) else None
            keeping = keeping and there is not None and self._stays(there, slot, ahead)
            if keeping and there is not None:
                places.append(there)
                continue
            stage = self.units.stage(slot, ahead) if slot.kind == KIND else make(slot.kind, self._engine.rate, dict(slot.values))
            old = before.get(slot.name)
            if old is not None and old.slot.kind == slot.kind:
                heirs[stage] = old.stage
            places.append(Place(slot, stage))
        try:
            self._engine.publish([place.stage for place in places], heirs, self._line.chain)
        except ValueError as error:                       # too much latency, which only the running stages know
            self._refused = (self._wished, self.units.latencies)
            aside = self._set_aside()
            dry = f" The dry sound stands in for {' and '.join(aside)}." if aside else ""
            self._problem = f"What you hear is the chain before: {error}.{dry}"
        else:
            for place, slot in zip(places, self._wished):
                if place.slot != slot:
                    self._set_values(place, slot)
            self._line.places = places

    def _set_aside(self) -> list[str]:
        """Plugins that have become later than the chain can be, and would be heard later than the mix; their names."""
        if not self.units.any:
            return []
        return self.units.set_aside({place.slot.name: place.stage for place in self._line.places}, self._is_refused)

    def take_problem(self) -> tuple[str, ...]:
        """Why the last wish cannot be heard, said once."""
        problem, self._problem = self._problem, ""
        return (problem,) if problem else ()


def _before(slots: Sequence[Slot]) -> tuple[Slot | None, ...]:
    """What stands right before each slot."""
    return (None, *slots[:-1]) if slots else ()


def same_instance(before: Slot, after: Slot) -> bool:
    """True if a running stage can become `after` by gliding alone."""
    return before is after or ((before.name, before.kind) == (after.name, after.kind) and same_plugin(before.plugin, after.plugin)
                               and moved(before, after) <= gliding(after.kind).keys())


def moved(before: Slot, after: Slot) -> set[str]:
    """Ids of the parameters that have other values; slots keep only those that are not the default."""
    return {param_id for param_id, _ in before.values.items() ^ after.values.items()}


@cache
def gliding(kind: str) -> dict[str, tuple[int, float]]:
    """Number and default of the parameters that a running stage takes."""
    return {param.id: (index, param.default) for index, param in enumerate(params_of(kind)) if param.change == "glide"}


def same_plugin(before: PluginRef | None, after: PluginRef | None) -> bool:
    """True if one worker can serve both; a plugin without a name is the only one of its file."""
    if before is None or after is None:
        return before is after
    same_name = before.name == after.name or not (before.name and after.name)
    return before.path == after.path and same_name and not is_another(before.identifier, after.identifier)
