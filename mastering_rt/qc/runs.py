"""Stretches over which something holds, in a stream that comes in pieces."""
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Runs:
    """Feed masks; gives (start, length) of every stretch of True of at least `least` frames, counted from the first frame ever fed."""

    def __init__(self, least: int) -> None:
        self._least, self._at, self._open = least, 0, 0

    @property
    def open_at(self) -> int | None:
        """Where the stretch began that is still going on."""
        return self._at - self._open if self._open else None

    def feed(self, mask: Mask) -> Iterator[tuple[int, int]]:
        """The stretches that ended in this piece. One that reaches the end goes on in the next."""
        edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
        starts, ends = edges[::2], edges[1::2]
        found = []
        carried = self._open
        if carried and not (len(starts) and starts[0] == 0):
            found.append((self._at - carried, carried))
            carried = 0
        self._open = 0
        for start, end in zip(starts.tolist(), ends.tolist()):
            length = end - start + (carried if start == 0 else 0)
            begin = self._at + end - length
            if end == len(mask):
                self._open = length
            else:
                found.append((begin, length))
        self._at += len(mask)
        yield from ((start, length) for start, length in found if length >= self._least)

    def end(self) -> Iterator[tuple[int, int]]:
        """The stretch that reaches the end of the stream."""
        if self._open >= self._least:
            yield self._at - self._open, self._open
        self._open = 0


def best_stretch(score: Floats) -> tuple[int, int]:
    """(start, stop) of the neighbours whose scores have the highest sum: where something begins and ends that is worth more than 0 inside
    and less outside. A stretch of nothing where no score is over 0."""
    total = np.concatenate([[0.0], np.cumsum(score)])
    gain = total - np.minimum.accumulate(total)
    stop = int(np.argmax(gain))
    return (int(np.argmin(total[:stop + 1])), stop) if gain[stop] > 0 else (0, 0)
