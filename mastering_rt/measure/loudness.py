"""Loudness by ITU-R BS.1770-5 and EBU Tech 3341, loudness range by EBU Tech 3342, from bins of 10 ms.

`energy` is the K-weighted sum of squares of a bin, channels weighted and added; `frames` how many frames the bin has.
Mono is one channel: on two loudspeakers it is 3.01 LU louder than it measures. What cannot be measured is None.
"""
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mastering_rt.measure.bins import BINS_PER_S, Bins, Floats, Grown, Steps, Windows

MOMENTARY_BINS = 40              # 400 ms
SHORT_TERM_BINS = 300            # 3 s
STEP_BINS = 10                   # 100 ms: gating blocks overlap by 75 %, the range reads 10 short-term values a second
BLOCK_STEPS = MOMENTARY_BINS // STEP_BINS
RANGE_STEPS = SHORT_TERM_BINS // STEP_BINS
TAIL_STEPS = 15                  # 1.5 s of silence behind a file before its range is read (Tech 3342)

OFFSET_LU = -0.691               # makes 997 Hz read what its level says
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
RANGE_GATE_LU = -20.0


def lufs(mean_square: ArrayLike) -> Floats:
    """Loudness of a mean square; silence is minus infinity."""
    with np.errstate(divide="ignore"):
        return OFFSET_LU + 10 * np.log10(np.asarray(mean_square, dtype=np.float64))


def mean_square_of(loudness_lufs: float) -> float:
    """The mean square that reads this loudness."""
    return float(10 ** ((loudness_lufs - OFFSET_LU) / 10))


def lufs_or_none(mean_square: float) -> float | None:
    """Loudness of a mean square; None for silence and for what was never measured (NaN)."""
    return OFFSET_LU + 10 * math.log10(mean_square) if 0 < mean_square < math.inf else None


def weighted_energy(bins: Bins, weights: Sequence[float] = (1.0, 1.0)) -> Floats:
    """K-weighted energy of each bin, channels weighted and added."""
    energy: Floats = bins["k_energy"] @ np.asarray(weights, dtype=np.float64)
    return energy


def momentary_lufs(energy: Floats, frames: Floats) -> Floats:
    """Loudness of every 400 ms, 10 ms apart: [i] ends with bin i + 39. Silence is minus infinity."""
    return lufs(MeanSquares(MOMENTARY_BINS).feed(energy, frames))


def short_term_lufs(energy: Floats, frames: Floats) -> Floats:
    """Loudness of every 3 s, 10 ms apart: [i] ends with bin i + 299. Silence is minus infinity."""
    return lufs(MeanSquares(SHORT_TERM_BINS).feed(energy, frames))


def integrated_lufs(energy: Floats, frames: Floats) -> float | None:
    """Integrated loudness of a whole programme; None under 400 ms or below the gate."""
    programme = Loudness()
    programme.feed(energy, frames)
    return programme.integrated_lufs()


def loudness_range_lu(energy: Floats, frames: Floats) -> float | None:
    """Loudness range of a whole file, 1.5 s of silence behind it; None under 3 s or below the gate."""
    programme = Loudness()
    programme.feed(energy, frames)
    return programme.range_lu(ended=True)


def gate(blocks: Floats) -> NDArray[np.bool_]:
    """Which blocks (mean squares) count: over -70 LUFS, and over the mean of those less 10 LU."""
    loud: NDArray[np.bool_] = blocks > mean_square_of(ABSOLUTE_GATE_LUFS)
    if loud.any():
        loud &= blocks > blocks[loud].mean() * 10 ** (RELATIVE_GATE_LU / 10)
    return loud


def gated_lufs(blocks: Floats) -> float | None:
    """Integrated loudness of blocks of 400 ms (mean squares)."""
    counted = blocks[gate(blocks)]
    return lufs_or_none(counted.mean()) if len(counted) else None


def range_of(windows: Floats) -> float | None:
    """Loudness range of short-term windows (mean squares): 95th less 10th percentile of those over both gates."""
    loud = windows[windows >= mean_square_of(ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return None
    counted = loud[loud >= loud.mean() * 10 ** (RANGE_GATE_LU / 10)]
    low, high = (int((len(counted) - 1) * share + 0.5) for share in (0.10, 0.95))
    ranked = np.partition(counted, (low, high))
    return float(lufs(ranked[high]) - lufs(ranked[low]))


class MeanSquares:
    """Mean squares of every `length` neighbours of a stream of energies that comes in pieces."""

    def __init__(self, length: int) -> None:
        self._energy, self._frames = Windows(length), Windows(length)

    def feed(self, energy: Floats, frames: Floats) -> Floats:
        """Take the next energies; gives the windows that end with them."""
        return self._energy.feed(energy) / self._frames.feed(frames)

    def ahead(self, energy: Floats, frames: Floats) -> Floats:
        """What `feed` would give, without taking anything."""
        return self._energy.ahead(energy) / self._frames.ahead(frames)


class Largest:
    """The largest of sliding windows of `length` bins, and where it begins. Nothing larger than silence is nowhere."""

    def __init__(self, length: int) -> None:
        self._length = length
        self.value = math.nan
        self.at_s: float | None = None

    def feed(self, windows: Floats, bins: int) -> None:
        """Take windows of which the last one ends with bin `bins`, counted from 1."""
        best = int(windows.argmax())
        if windows[best] > (0.0 if self.at_s is None else self.value):
            self.value = float(windows[best])
            self.at_s = (bins - len(windows) + 1 + best - self._length) / BINS_PER_S


class Loudness:
    """Loudness of a programme as it comes: feed bins, read any figure at any time. An hour keeps 0.6 MB."""

    def __init__(self) -> None:
        self._fed = 0                                              # bins
        self._of_400_ms, self._of_3_s = MeanSquares(MOMENTARY_BINS), MeanSquares(SHORT_TERM_BINS)
        self._momentary = self._short_term = math.nan              # mean squares
        self._max_momentary, self._max_short_term = Largest(MOMENTARY_BINS), Largest(SHORT_TERM_BINS)
        self._steps, self._lengths = Steps(STEP_BINS), Steps(STEP_BINS)
        self._last_length = 0.0
        self._of_blocks, self._of_windows = MeanSquares(BLOCK_STEPS), MeanSquares(RANGE_STEPS)
        self._blocks, self._windows = Grown(), Grown()             # mean squares of 400 ms and of 3 s, every 100 ms

    def feed(self, energy: Floats, frames: Floats) -> Floats:
        """Take the next bins; gives the mean squares of the short-term windows that end with them."""
        self._fed += len(energy)
        of_400_ms, of_3_s = self._of_400_ms.feed(energy, frames), self._of_3_s.feed(energy, frames)
        if len(of_400_ms):
            self._momentary = of_400_ms[-1]
            self._max_momentary.feed(of_400_ms, self._fed)
        if len(of_3_s):
            self._short_term = of_3_s[-1]
            self._max_short_term.feed(of_3_s, self._fed)
        self._feed_steps(self._steps.feed(energy), self._lengths.feed(frames))
        return of_3_s

    def _feed_steps(self, steps: Floats, lengths: Floats) -> None:
        if len(steps):
            self._blocks.append(self._of_blocks.feed(steps, lengths))
            self._windows.append(self._of_windows.feed(steps, lengths))
            self._last_length = lengths[-1]

    @property
    def bins(self) -> int:
        """How many were fed."""
        return self._fed

    @property
    def seconds(self) -> float:
        """How much was fed, in whole bins."""
        return self._fed / BINS_PER_S

    @property
    def momentary_lufs(self) -> float | None:
        return lufs_or_none(self._momentary)

    @property
    def short_term_lufs(self) -> float | None:
        return lufs_or_none(self._short_term)

    @property
    def max_momentary_lufs(self) -> float | None:
        return lufs_or_none(self._max_momentary.value)

    @property
    def max_short_term_lufs(self) -> float | None:
        return lufs_or_none(self._max_short_term.value)

    @property
    def max_momentary_at_s(self) -> float | None:
        """Where the loudest 400 ms begin."""
        return self._max_momentary.at_s

    @property
    def max_short_term_at_s(self) -> float | None:
        """Where the loudest 3 s begin."""
        return self._max_short_term.at_s

    @property
    def blocks(self) -> Floats:
        """Mean squares of 400 ms, every 100 ms: what integrated loudness is made of."""
        return self._blocks.values

    @property
    def windows(self) -> Floats:
        """Mean squares of 3 s, every 100 ms: what the range is made of."""
        return self._windows.values

    def integrated_lufs(self) -> float | None:
        """With both gates over all that was fed; the incomplete last block is left out."""
        return gated_lufs(self._blocks.values)

    def range_lu(self, *, ended: bool = False) -> float | None:
        """Over all that was fed; `ended` puts the silence behind a file."""
        windows = self._windows.values
        if ended and len(windows):
            silence = np.zeros(TAIL_STEPS)
            windows = np.concatenate([windows, self._of_windows.ahead(silence, silence + self._last_length)])
        return range_of(windows)


class LiveLoudness:
    """What a loudness meter shows: `now` with every feed; integrated loudness and range, which look at everything, once a second."""

    STABLE_RANGE_S = 60.0        # before that the range still jumps: show it as provisional

    def __init__(self) -> None:
        self.now = Loudness()
        self.integrated_lufs: float | None = None
        self.range_lu: float | None = None
        self._due_s = 0.0

    def feed(self, bins: Bins) -> None:
        """Take the next bins of the stream, as many as there are."""
        self.now.feed(weighted_energy(bins), bins["frames"])
        if self.now.seconds >= self._due_s:
            self._due_s = self.now.seconds + 1.0
            self.integrated_lufs, self.range_lu = self.now.integrated_lufs(), self.now.range_lu()

    @property
    def range_is_stable(self) -> bool:
        return self.now.seconds >= self.STABLE_RANGE_S
