"""Bins of the core's meter as numpy arrays, and sliding windows over arrays and over streams."""
import numpy as np
from numpy.typing import NDArray

from dsp_core.meters.meter import BIN_BYTES, BIN_FIELDS
from dsp_core.meters.needles import NEEDLE_BYTES, NEEDLE_FIELDS

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Bins = NDArray[np.void]          # one record of BIN per 10 ms of song

BINS_PER_S = 100
FEW = 8                          # windows that are summed one by one sooner than together


def _record(fields: list[tuple[str, str, int]], size: int) -> np.dtype[np.void]:
    return np.dtype({"names": [name for name, _, _ in fields], "formats": [kind for _, kind, _ in fields],
                     "offsets": [offset for _, _, offset in fields], "itemsize": size})


BIN = _record(BIN_FIELDS, BIN_BYTES)
NEEDLE = _record(NEEDLE_FIELDS, NEEDLE_BYTES)                      # the needles' record of the same 10 ms


def as_bins(raw: bytes) -> Bins:
    """The records in what the core's meter hands on."""
    return np.frombuffer(raw, BIN)


def as_needles(raw: bytes) -> Bins:
    """The records in what the core's needles hand on."""
    return np.frombuffer(raw, NEEDLE)


def bin_frames(frames: int, rate: int) -> Floats:
    """Frames of each bin of a song of so many."""
    ends = np.arange(-(-frames * BINS_PER_S // rate) + 1, dtype=np.int64) * rate // BINS_PER_S
    return np.diff(np.minimum(ends, frames)).astype(np.float64)


def sliding_sum(values: Floats, length: int, first: int = 0) -> Floats:
    """Sums of every `length` neighbours, from the window `first` on: [i] covers values[first + i:first + i + length].

    Nothing is ever subtracted, so that a quiet window after a loud one is as exact as any other. A few are added up by themselves, in
    the same order and so to the same bits.
    """
    if len(values) - length - first < FEW:
        return np.array([_window_sum(values, length, start) for start in range(first, len(values) - length + 1)])
    head, tail = _runs(values, length, np.add)
    tail[::length] = 0
    return (head + tail)[first:]


def _window_sum(values: Floats, length: int, start: int) -> float:
    stop = start + length
    edge = min((start // length + 1) * length, stop)
    head = float(np.add.accumulate(values[start:edge][::-1])[-1])
    return head + float(np.add.accumulate(values[edge:stop])[-1]) if edge < stop else head


def sliding_max(values: Floats, length: int, first: int = 0) -> Floats:
    """Maxima of every `length` neighbours from the window `first` on, of values >= 0."""
    if len(values) - length - first < FEW:
        return np.array([values[start:start + length].max() for start in range(first, len(values) - length + 1)])
    return np.maximum(*_runs(values, length, np.maximum))[first:]


def _runs(values: Floats, length: int, operation: np.ufunc) -> tuple[Floats, Floats]:
    """Per window: its part up to the next multiple of `length`, and its part from there on (van Herk, Gil and Werman)."""
    count = max(0, len(values) - length + 1)
    blocks = np.zeros((-(-len(values) // length), length))
    blocks.ravel()[:len(values)] = values
    to_end = operation.accumulate(blocks[:, ::-1], axis=1)[:, ::-1].ravel()
    from_start = operation.accumulate(blocks, axis=1).ravel()
    return to_end[:count], from_start[length - 1:length - 1 + count]


def running_sum(before: Floats, rows: Floats) -> Floats:
    """`before` plus all rows, one after another, so that it does not matter in which pieces they come."""
    total: Floats = np.cumsum(np.concatenate([before[np.newaxis], rows]), axis=0)[-1]
    return total


class Windows:
    """Sums, or maxima, of every `length` neighbours of a stream that comes in pieces; the same bits whatever the pieces."""

    def __init__(self, length: int, *, maxima: bool = False) -> None:
        self._length, self._slide = length, sliding_max if maxima else sliding_sum
        self._last = np.empty(0)                 # from a multiple of `length` on, where parts of windows begin
        self._known = 0                          # windows of it that were given

    def feed(self, values: Floats) -> Floats:
        """Take the next values; gives the windows that end with them."""
        seen = np.concatenate([self._last, values])
        fresh = self._slide(seen, self._length, self._known)
        windows = self._known + len(fresh)
        left_behind = windows // self._length * self._length
        self._last, self._known = seen[left_behind:], windows - left_behind
        return fresh

    def ahead(self, values: Floats) -> Floats:
        """What `feed` would give, without taking the values."""
        return self._slide(np.concatenate([self._last, values]), self._length, self._known)


class Steps:
    """Sums of every `length` values of a stream that comes in pieces, none counted twice."""

    def __init__(self, length: int) -> None:
        self._length, self._rest = length, np.empty(0)

    def feed(self, values: Floats) -> Floats:
        """Take the next values; gives the sums that became complete."""
        seen = np.concatenate([self._rest, values])
        whole = len(seen) // self._length * self._length
        self._rest = seen[whole:]
        sums: Floats = seen[:whole].reshape(-1, self._length).sum(axis=1)
        return sums


class Grown:
    """A float array that grows at the end, for measurements that last for hours."""

    def __init__(self) -> None:
        self._memory, self._length = np.empty(1024), 0

    def append(self, values: Floats) -> None:
        end = self._length + len(values)
        if end > len(self._memory):
            grown = np.empty(max(end, 2 * len(self._memory)))
            grown[:self._length] = self.values
            self._memory = grown
        self._memory[self._length:end] = values
        self._length = end

    @property
    def values(self) -> Floats:
        return self._memory[:self._length]
