"""What can be heard and set against something else."""
from dataclasses import dataclass
from typing import Literal

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
