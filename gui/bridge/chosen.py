"""Which preset a stage was set to: one that somebody chose, never one whose values it happens to have."""
from collections.abc import Callable, Sequence
from typing import NamedTuple

from gui.acts.shaping import NEUTRAL, PRESET_LOADED, preset_title, same_values
from mastering_rt.session.history import Step
from mastering_rt.session.model import Session, Slot
from mastering_rt.session.presets import Preset


class Choice(NamedTuple):
    """The preset's title, and the stage as it was right behind the choice."""

    title: str
    slot: Slot


class Chosen:
    """`of` tells it of a stage; worked out once for every step of the history, so that a drag asks for nothing twice."""

    def __init__(self, chains: Callable[[], Sequence[Preset]]) -> None:
        self._chains = chains
        self._asked: tuple[Step | Session, str] | None = None
        self._found: Choice | None = None

    def of(self, name: str, steps: Sequence[Step], session: Session) -> Choice | None:
        """None for a stage that was set by hand from the beginning on. `steps` are those that led to the session."""
        asked = (steps[-1] if steps else session, name)
        if self._asked is None or asked[0] is not self._asked[0] or name != self._asked[1]:
            self._asked = asked
            self._found = chosen(name, steps, session, self._chains)
        return self._found


def chosen(name: str, steps: Sequence[Step], session: Session, chains: Callable[[], Sequence[Preset]]) -> Choice | None:
    """Back through the history to the choice that the stage comes from, or to its beginning."""
    for step in reversed(steps):
        before, after = slot_of(step.before, name), slot_of(step.after, name)
        if after is None:
            return None
        if is_neutral(after):
            return Choice(NEUTRAL, after)
        if before is not after and step.sentence.startswith(PRESET_LOADED):
            return Choice(preset_title(step.sentence.removeprefix(PRESET_LOADED)), after)
        if before is None:
            return None
    return begun_with(name, steps[0].before if steps else session, chains())


def begun_with(name: str, session: Session, chains: Sequence[Preset]) -> Choice | None:
    """A session has no history before it was opened; but a chain that is a preset's as a whole was made by it."""
    slot = slot_of(session, name)
    if slot is None or is_neutral(slot):
        return Choice(NEUTRAL, slot) if slot is not None else None
    whole = (preset for preset in chains if len(preset.chain) == len(session.chain) and
             all(one.kind == other.kind and same_values(one, other) for one, other in zip(preset.chain, session.chain, strict=True)))
    found = next(whole, None)
    return Choice(preset_title(found.name), slot) if found is not None else None


def slot_of(session: Session, name: str) -> Slot | None:
    """The stage of that name."""
    return next((slot for slot in session.chain if slot.name == name), None)


def is_neutral(slot: Slot) -> bool:
    """Whether a stage of ours has all its values at their defaults; bypass apart."""
    return slot.plugin is None and not slot.values.keys() - {"bypass"}
