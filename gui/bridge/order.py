"""Whether the figures of stages that the audio thread tells belong to the session's order of stages."""
from collections.abc import Callable

from mastering_rt.session.model import Slot


class OrderHeard:
    """After a stage was added, moved or removed, the order before it sounds on until the swap is over, and tells its figures under the same
    places. `follow` once per picture."""

    def __init__(self) -> None:
        self._chain: tuple[Slot, ...] | None = None
        self.order: tuple[str, ...] = ()         # names of the slots
        self._stale = 0                          # how many more batches of records hold something of the order before

    def follow(self, chain: tuple[Slot, ...], swapping: Callable[[], bool], records: int) -> bool:
        """Whether the records that came with this picture are of `chain` only. swapping: whether the engine has not come to it yet; asked only
        when it matters."""
        if chain is not self._chain:
            before, self._chain, self.order = self.order, chain, tuple(slot.name for slot in chain)
            if before and self.order != before:
                self._stale = 2
        if not self._stale:
            return True
        if swapping():
            self._stale = 2
        elif self._stale == 2:                   # these were measured before the swap was seen to be over
            self._stale = 1
        elif records:                            # the first of these began before it
            self._stale = 0
        return False
