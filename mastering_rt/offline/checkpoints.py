"""What the stages of one chain hold at many places in a song, so that they can go on from there as if they had played up to it."""
from bisect import bisect_right
from dataclasses import dataclass

from mastering_rt.session.model import Slot

MOST_BYTES = 256 << 20


@dataclass(frozen=True)
class Checkpoint:
    """The states (`Stage.save`) of all stages, in order, when they had been fed the song up to but without `frame`."""

    frame: int
    states: tuple[bytes, ...]


class Checkpoints:
    """Of one chain and song at `rate_hz`; one thread keeps, any may read. Over `most_bytes` every second one is dropped, again and again."""

    def __init__(self, chain: tuple[Slot, ...], rate_hz: int, most_bytes: int = MOST_BYTES) -> None:
        self.chain, self.rate_hz = chain, rate_hz
        self._most_bytes = most_bytes
        self._kept: tuple[Checkpoint, ...] = ()
        self._every, self._offered = 1, 0

    def keep(self, frame: int, states: tuple[bytes, ...]) -> None:
        """The next place, behind all that were kept before. ValueError for one that is not."""
        if self._kept and frame <= self._kept[-1].frame:
            raise ValueError(f"a checkpoint at frame {frame} does not follow the one at {self._kept[-1].frame}")
        offered, self._offered = self._offered, self._offered + 1
        if offered % self._every:
            return
        self._kept = (*self._kept, Checkpoint(frame, states))
        size = sum(map(len, states))
        while len(self._kept) > 1 and len(self._kept) * size > self._most_bytes:
            self._kept, self._every = self._kept[::2], 2 * self._every

    @property
    def offered(self) -> int:
        """How many places were given to `keep`."""
        return self._offered

    @property
    def kept(self) -> tuple[Checkpoint, ...]:
        """All there are, in the order of the song."""
        return self._kept

    def before(self, frame: int) -> Checkpoint | None:
        """The last one at or before `frame`; None where there is none."""
        kept = self._kept
        at = bisect_right(kept, frame, key=lambda checkpoint: checkpoint.frame)
        return kept[at - 1] if at else None
