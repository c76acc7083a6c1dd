"""The picture of a whole song: smallest and largest sample and power per column, at every zoom, in one pass over the audio."""
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BASE_FRAMES = 256
FACTOR = 4
MIN_COLUMNS_PER_LEVEL = 64
BATCH_COLUMNS = 4096

Floats = NDArray[np.float32]
Samples = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Columns:
    """What one pixel column each shows: `low` and `high` over all channels, linear, and `rms` of the channels' mean power."""

    low: Floats
    high: Floats
    rms: Floats

    @property
    def peak(self) -> Floats:
        """Largest magnitude of each column."""
        return np.maximum(self.high, -self.low)

    def __len__(self) -> int:
        return len(self.low)


class _Level:
    """One resolution: three columns of numbers that grow at the end."""

    def __init__(self, frames: int, capacity: int = 1024) -> None:
        self.frames = frames
        self.count = 0
        self._store = np.zeros((3, capacity), dtype=np.float32)

    @property
    def data(self) -> Floats:
        """(3, count): low, high, power."""
        return self._store[:, :self.count]

    def replace_from(self, start: int, columns: Floats) -> None:
        """Write columns from index `start` on; whatever stood behind them is gone."""
        end = start + columns.shape[1]
        if end > self._store.shape[1]:
            wider = np.zeros((3, max(end, 2 * self._store.shape[1])), dtype=np.float32)
            wider[:, :start] = self._store[:, :start]
            self._store = wider
        self._store[:, start:end] = columns
        self.count = end


class Overview:
    """Pyramid of columns of 256, 1024, 4096 ... frames.

    Complete at once with `Overview.of`, or grown block by block with `append` while a song is decoded or analysed.
    With `planes` kept, zooms finer than 256 frames read the samples themselves.
    """

    def __init__(self, rate: int) -> None:
        if rate <= 0:
            raise ValueError(f"an overview cannot have a rate of {rate} Hz; give the song's sample rate")
        self.rate = rate
        self.frames = 0
        self.spoiled = 0
        self._levels = [_Level(BASE_FRAMES)]
        self._carry: Samples | None = None
        self._planes: Samples | None = None

    @classmethod
    def of(cls, planes: Samples, rate: int, keep: bool = False) -> "Overview":
        """Overview of (channels, frames) samples. `keep` holds a reference to them for zooms under the base resolution."""
        overview = cls(rate)
        overview.append(planes)
        if keep:
            overview._planes = planes
        return overview

    @classmethod
    def of_columns(cls, columns: Floats, rate: int, frames: int) -> "Overview":
        """Overview of a song of `frames` from its finished (3, columns of 256 frames): low, high, power. Nothing can be appended."""
        overview = cls(rate)
        overview.frames = frames
        overview._levels[0].replace_from(0, columns)
        overview._refresh_above(0)
        return overview

    @property
    def nbytes(self) -> int:
        """Memory of all columns."""
        return sum(level.data.nbytes for level in self._levels)

    def append(self, planes: Samples) -> None:
        """Add the next block, (channels, frames) of any length. NaN and infinity count as silence and in `spoiled`."""
        if planes.ndim != 2 or planes.shape[0] < 1:
            raise ValueError(f"an overview is made of (channels, frames) arrays, not of shape {planes.shape}")
        if self._carry is not None and self._carry.shape[0] != planes.shape[0]:
            raise ValueError(f"the overview has {self._carry.shape[0]} channels so far, the next block has {planes.shape[0]}")
        step = BASE_FRAMES * BATCH_COLUMNS
        for start in range(0, planes.shape[1], step):
            self._append_batch(planes[:, start:start + step])

    def columns(self, start: float, stop: float, count: int) -> Columns:
        """`count` columns over frames `start` to `stop`; outside the song they are zero.

        Read from the coarsest resolution of which at least four entries make a column. A column covers every entry it
        touches, so no peak is lost at any zoom.
        """
        if count < 1 or stop <= start:
            raise ValueError(f"{count} columns from frame {start:g} to {stop:g} cannot be drawn")
        width = (stop - start) / count
        edges = start + width * np.arange(count + 1)
        if width < BASE_FRAMES and self._planes is not None:
            return self._from_samples(edges)
        level = next((lv for lv in reversed(self._levels) if lv.frames <= width / 4), self._levels[0])
        return self._reduce(level.data, edges / level.frames, self.frames / level.frames)

    def _append_batch(self, planes: Samples) -> None:
        fresh = planes.shape[1]
        if not np.isfinite(planes).all():
            self.spoiled += int(np.count_nonzero(~np.isfinite(planes)))
            planes = np.nan_to_num(planes, nan=0.0, posinf=0.0, neginf=0.0)
        if self._carry is not None and self._carry.shape[1]:
            planes = np.concatenate([self._carry, planes], axis=1)
        first = self.frames // BASE_FRAMES
        self.frames += fresh
        whole = planes.shape[1] // BASE_FRAMES * BASE_FRAMES
        self._carry = np.array(planes[:, whole:])
        pieces = [_summary(planes[:, :whole].reshape(planes.shape[0], -1, BASE_FRAMES))]
        if self._carry.shape[1]:
            pieces.append(_summary(self._carry[:, np.newaxis, :]))
        self._levels[0].replace_from(first, np.concatenate(pieces, axis=1))
        self._refresh_above(first)

    def _refresh_above(self, first: int) -> None:
        for index in range(64):
            below = self._levels[index]
            if below.count < MIN_COLUMNS_PER_LEVEL * FACTOR:
                return
            if index + 1 == len(self._levels):
                self._levels.append(_Level(below.frames * FACTOR))
                first = 0
            first //= FACTOR
            self._levels[index + 1].replace_from(first, self._coarser(below, first))

    def _coarser(self, below: _Level, first: int) -> Floats:
        """Columns of the next level from its index `first` on, from those of the level below."""
        data = below.data[:, first * FACTOR:]
        edges = np.arange(0, data.shape[1], FACTOR)
        weights = _weights(data.shape[1], self.frames / below.frames - first * FACTOR)
        power = np.add.reduceat(data[2] * weights, edges) / np.add.reduceat(weights, edges)
        return np.stack([np.minimum.reduceat(data[0], edges), np.maximum.reduceat(data[1], edges), power])

    def _from_samples(self, edges: Samples) -> Columns:
        planes = self._planes
        assert planes is not None
        first, last = max(0, int(edges[0])), min(planes.shape[1], int(np.ceil(edges[-1])) + 1)
        if last <= first:
            return _empty(len(edges) - 1)
        piece = np.nan_to_num(planes[:, first:last], nan=0.0, posinf=0.0, neginf=0.0)
        data = np.stack([piece.min(axis=0), piece.max(axis=0), np.mean(np.square(piece), axis=0)])
        return self._reduce(data.astype(np.float32), edges - first, self.frames - first)

    @staticmethod
    def _reduce(data: Floats, edges: Samples, end: float) -> Columns:
        """Columns between fractional indices into `data`; each covers at least one of its entries, none past `end`."""
        count = len(edges) - 1
        result = _empty(count)
        inside = np.flatnonzero((edges[1:] > 0) & (edges[:-1] < end)) if data.shape[1] else np.empty(0, dtype=np.intp)
        if not len(inside):
            return result
        limit = data.shape[1] - 1
        lows = np.clip(np.floor(edges[:-1][inside]).astype(np.intp), 0, limit)
        highs = np.clip(np.ceil(edges[1:][inside]).astype(np.intp), lows + 1, limit + 1)
        pairs = np.stack([lows, highs], axis=1).ravel()
        padded = np.concatenate([data, data[:, -1:]], axis=1)
        weights = np.append(_weights(data.shape[1], end), 0.0)
        result.low[inside] = np.minimum.reduceat(padded[0], pairs)[::2]
        result.high[inside] = np.maximum.reduceat(padded[1], pairs)[::2]
        result.rms[inside] = np.sqrt(np.add.reduceat(padded[2] * weights, pairs)[::2] / np.add.reduceat(weights, pairs)[::2])
        return result


def _summary(pieces: Samples) -> Floats:
    """(3, columns) of (channels, columns, frames): low, high, mean power."""
    low = pieces.min(axis=(0, 2), initial=np.inf) if pieces.shape[1] else np.empty(0)
    high = pieces.max(axis=(0, 2), initial=-np.inf) if pieces.shape[1] else np.empty(0)
    power = np.einsum("ckf,ckf->k", pieces, pieces, dtype=np.float64) / (pieces.shape[0] * pieces.shape[2])
    return np.stack([low, high, power]).astype(np.float32)


def _weights(count: int, end: float) -> Floats:
    """Share of each of `count` columns that holds song, which ends at `end` columns: 1, and less for the last."""
    return np.asarray(np.clip(end - np.arange(count), 0.0, 1.0), dtype=np.float32)


def _empty(count: int) -> Columns:
    return Columns(*np.zeros((3, count), dtype=np.float32))
