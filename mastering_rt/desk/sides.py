"""What can be heard and set against something else."""
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from mastering_rt.session.model import Session, Slot

Kind = Literal["mix", "master", "reference", "snapshot", "without", "order", "delta"]


@dataclass(frozen=True)
class Side:
    """One thing to listen to.

    name: of a reference its id, of a snapshot its letter, of "without" and "delta" the slot that is left out or listened to, of "order"
    the slots' names in the order to be heard, separated by blanks; empty for mix and master.
    """

    kind: Kind
    name: str = ""


MIX, MASTER = Side("mix"), Side("master")


def chain_of(side: Side, session: Session) -> tuple[Slot, ...] | None:
    """The slots a side runs the song through; None for one without a chain, and for one that the session does not have.

    A slot that is left out is bypassed, so that its latency stays.
    """
    if side.kind == "master":
        return session.chain
    if side.kind == "snapshot":
        return next((snapshot.chain for snapshot in session.snapshots if snapshot.letter == side.name), None)
    there = {slot.name: slot for slot in session.chain}
    if side.kind == "without" and side.name in there:
        return tuple(replace(slot, values={**slot.values, "bypass": 1.0}) if slot.name == side.name else slot for slot in session.chain)
    if side.kind == "order" and sorted(side.name.split()) == sorted(there):
        return tuple(there[name] for name in side.name.split())
    return None


def named(side: Side, session: Session) -> str:
    """What a person calls it."""
    titles = {slot.name: slot.title for slot in session.chain}
    titles |= {reference.id: reference.title for reference in session.references}
    own = titles.get(side.name, side.name)
    return {"mix": "Mix", "master": "Master", "reference": own, "snapshot": f"Snapshot {side.name}", "without": f"Without {own}",
            "delta": f"Delta of {own}", "order": ", ".join(titles.get(name, name) for name in side.name.split())}[side.kind]
