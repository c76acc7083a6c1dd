"""Where a new stage goes that is asked for behind another one: not behind the limiter or clipper that closes the chain."""
from collections.abc import Sequence

from mastering_rt.session.edits import fitting_position
from mastering_rt.session.model import Slot

CLOSES = {"limiter": ("limiter",), "clipper": ("limiter",)}      # what a new stage of this kind may not follow; all others:
CLOSING = ("clipper", "limiter")


def place_behind(chain: tuple[Slot, ...], kind: str, place: int) -> int:
    """Behind the stage at `place`, but before what closes the chain. A limiter goes last where nothing of its own kind is there already."""
    if kind == "limiter" and (not chain or chain[-1].kind != "limiter"):
        return fitting_position(chain, kind)
    return min(place + 1, closed_from(chain, CLOSES.get(kind, CLOSING)))


def closed_from(chain: Sequence[Slot], kinds: Sequence[str]) -> int:
    """The place of the first of the stages of these kinds that the chain ends with; its length where it ends with none."""
    place = len(chain)
    while place and chain[place - 1].kind in kinds:
        place -= 1
    return place
