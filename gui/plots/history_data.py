"""The last seconds of some measured values, and what falls into each pixel column. Knows no Qt."""
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil, nan

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEW = 16                         # columns


class Recording:
    """Records that cover `record_s` seconds each, the newest kept for `seconds`. NaN is unknown.

    Columns are numbered from the first record on and cover `column_s` each. A column shows the largest of its records or,
    where columns are narrower than records, a value between two of them. One is complete when all it shows is known, and
    never changes after that, so a plot can scroll what it has drawn.
    """

    def __init__(self, seconds: float, fields: Sequence[str], lowest: Sequence[str] = ()) -> None:
        """`fields` name the values of a record; a column shows the largest of each, of those in `lowest` the smallest."""
        self.seconds = seconds
        self.fields = tuple(fields)
        self.record_s = 0.0
        self.total = 0
        self._lowest = frozenset(lowest)
        self._memory = self._store = np.empty((0, len(self.fields)))     # with room behind what is kept, and what is kept
        self._unknown = [nan] * len(self.fields)

    def clear(self) -> None:
        """Forget everything, as after a jump in the song."""
        self.total = 0
        self._memory = self._store = np.empty((0, len(self.fields)))

    def push(self, records: Floats, record_s: float) -> None:
        """Add (n, fields) records of `record_s` seconds each; another duration than before starts anew."""
        if records.ndim != 2 or records.shape[1] != len(self.fields):
            raise ValueError(f"a record holds {', '.join(self.fields)}; this array has shape {records.shape}")
        if not record_s > 0:
            raise ValueError(f"a record cannot last {record_s} s")
        if record_s != self.record_s:
            self.record_s = record_s
            self.clear()
        end = len(self._store) + len(records)
        if end > len(self._memory):
            room = ceil(self.seconds / record_s) * 2 + 2
            kept = self._store[-room:]
            end = len(kept) + len(records)
            self._memory = np.empty((2 * room + len(records), len(self.fields)))
            self._memory[:len(kept)] = kept
        self._memory[end - len(records):end] = records
        self._store = self._memory[:end]
        self.total += len(records)

    def complete(self, column_s: float) -> int:
        """How many columns of this width are complete."""
        if not self.total:
            return 0
        known_s = self.total * self.record_s
        if column_s < self.record_s:
            known_s += (column_s - self.record_s) / 2
        return int(known_s / column_s + 1e-9)

    def columns(self, first: int, last: int, column_s: float) -> Mapping[str, Floats]:
        """Values of columns `first` up to `last`, by field; NaN for what is not known or no longer kept."""
        kept_from = self.total - len(self._store)
        if not len(self._store):
            return {name: np.full(last - first, np.nan) for name in self.fields}
        edges = np.asarray(np.arange(first, last + 1) * (column_s / self.record_s) - kept_from, dtype=np.float64)
        return self._between(edges) if column_s < self.record_s else self._largest(edges)

    def lists(self, first: int, last: int, column_s: float) -> dict[str, list[float]]:
        """The same as lists; for the few columns of a picture worked out one by one, which is sooner done than with arrays."""
        if not 0 < last - first <= FEW or not len(self._store):
            return {name: values.tolist() for name, values in self.columns(first, last, column_s).items()}
        kept_from = self.total - len(self._store)
        edges = [column * (column_s / self.record_s) - kept_from for column in range(first, last + 1)]
        start = max(int(edges[0]) - 1, 0)
        rows = self._store[start:max(int(edges[-1]) + 2, start)].tolist()
        column = self._value_between if column_s < self.record_s else self._extremes
        found = [column(low - start, high - start, rows, start) for low, high in pairwise(edges)]
        return dict(zip(self.fields, map(list, zip(*found, strict=True)), strict=True))

    def _value_between(self, low: float, high: float, rows: list[list[float]], start: int) -> Sequence[float]:
        middle = (low + high) / 2 - 0.5
        if not rows or low + start < -1e-9 or (middle + start < 0 and self.total > len(self._store)):
            return self._unknown
        place = min(max(middle, 0.0), len(rows) - 1.0)
        row = min(int(place), len(rows) - 2) if len(rows) > 1 else 0
        share = place - row
        if not share:
            return rows[row]
        return [before + share * (after - before) for before, after in zip(rows[row], rows[row + 1], strict=True)]

    def _extremes(self, low: float, high: float, rows: list[list[float]], start: int) -> Sequence[float]:
        first = int(low + 1e-9)
        if low + start < 0 or not first < len(rows):
            return self._unknown
        inside = rows[first:max(int(high + 1e-9), first + 1)]
        return inside[0] if len(inside) == 1 else [self._extreme(name, values) for name, values in zip(self.fields, zip(*inside, strict=True), strict=True)]

    def _extreme(self, name: str, values: Sequence[float]) -> float:
        known = [value for value in values if value == value]
        return (min(known) if name in self._lowest else max(known)) if known else nan

    def _between(self, edges: Floats) -> Mapping[str, Floats]:
        """Values between the middles of records; the first half record has the first value."""
        middles = (edges[:-1] + edges[1:]) / 2 - 0.5
        places = np.arange(len(self._store), dtype=np.float64)
        left = np.nan if self.total > len(self._store) else None
        return {name: np.where(edges[:-1] < -1e-9, np.nan, np.interp(middles, places, self._store[:, i], left=left))
                for i, name in enumerate(self.fields)}

    def _largest(self, edges: Floats) -> Mapping[str, Floats]:
        """Largest (or smallest) of the records that begin within each column."""
        result = {name: np.full(len(edges) - 1, np.nan) for name in self.fields}
        inside = np.flatnonzero((edges[:-1] >= 0) & (edges[:-1] < len(self._store)))
        if not len(inside):
            return result
        lows = np.floor(edges[:-1][inside] + 1e-9).astype(np.intp)
        highs = np.clip(np.floor(edges[1:][inside] + 1e-9).astype(np.intp), lows + 1, len(self._store))
        start = int(lows[0])
        part = np.vstack([self._store[start:highs[-1]], np.full(len(self.fields), np.nan)])    # only what is asked for, mostly a few records
        pairs = np.stack([lows, highs], axis=1).ravel() - start
        largest = np.fmax.reduceat(part, pairs, axis=0)[::2]
        for index, name in enumerate(self.fields):
            result[name][inside] = np.fmin.reduceat(part[:, index], pairs)[::2] if name in self._lowest else largest[:, index]
        return result
