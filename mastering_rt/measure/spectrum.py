"""Live spectra of mix and master for the eye: averaged, smoothed, tilted, calibrated. No window, no engine.

Power spectra of Hann windows (8192 frames at 44.1 and 48 kHz, 75 % overlap), averaged exponentially, then gathered into
points of equal ratio by a raised-cosine kernel of a fraction of an octave. Two readings must hold at once: noise is read
as density (pink noise falls 3 dB per octave, so a slope of 3 dB per octave shows it flat) and a full-scale sine as 0 dB.
Smoothing alone would lower the sine by the ratio of kernel to line width; where one line carries the power of a point,
that loss is given back (`_line_share`). Where a kernel is many bins wide its weights are those of groups of 2, 4, 8 ... bins,
so that the points of the highest octaves cost no more than the others.
"""
from dataclasses import dataclass
from math import exp, floor, inf, isfinite, log2, sqrt

import numpy as np
from numpy.typing import NDArray

from dsp_core.meters.eye import LineLevels
from dsp_core.meters.spectra import Gather, WindowPower
from mastering_rt.measure.basis import Basis

WINDOW_FRAMES = 8192
REFERENCE_RATE = 48000
OVERLAP = 4
PADDING = 2
POINTS = 400
LOW_HZ, HIGH_HZ, PIVOT_HZ = 20.0, 20000.0, 1000.0
FLOOR_POWER = 1e-20
SILENT_DB = -150.0
STEPS = 16                       # of weight from the middle of a kernel to its end, at least
LINE_FROM, LINE_TO = 0.35, 0.8   # from noise to a line; two like lines are half-way

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]


@dataclass(frozen=True)
class Spectrum:
    """One reading: `hz` of the points, dB of mix and master there, and the largest since the last reset. Silence is -200 dB
    plus slope; all values are finite."""

    hz: Floats
    mix_db: Floats
    master_db: Floats
    mix_hold_db: Floats
    master_hold_db: Floats

    @property
    def difference_db(self) -> Floats:
        """Master less mix, whatever the slope; NaN where both are silent."""
        silent = np.maximum(self.mix_db, self.master_db) < SILENT_DB
        difference: Floats = np.where(silent, np.nan, self.master_db - self.mix_db)
        return difference


class SpectrumMeter:
    """Takes blocks of (frames, 4) float32, mix left, mix right, master left, master right, and gives a `Spectrum` at any time."""

    def __init__(self, rate: int, basis: Basis | None = None, points: int = POINTS) -> None:
        if rate <= 0:
            raise ValueError(f"a spectrum cannot have a rate of {rate} Hz; give the song's sample rate")
        self.rate = rate
        self.basis = basis or Basis()
        self.window_frames = window_frames(rate)
        self.hop = self.window_frames // OVERLAP
        self.hz = np.geomspace(LOW_HZ, min(HIGH_HZ, 0.49 * rate), points)
        scale = 4 / self.window_frames / sqrt(2)                    # a full-scale sine on both channels peaks at 1
        self._windows = WindowPower(scale * np.hanning(self.window_frames + 1)[:-1], PADDING * self.window_frames, 4, self.hop)
        self._kernel = _Kernel(self.hz, rate, self.window_frames, self.basis)
        average_s = self.basis.average_s
        self._kept = exp(-self.hop / (rate * average_s)) if isfinite(average_s) else 1.0      # of the average, by another window
        self.reset()

    def reset(self) -> None:
        """Forget everything heard so far, as after a seek."""
        self._windows.reset()
        self._power = np.zeros((2, self._kernel.bins), np.float32)
        self.reset_hold()

    def reset_hold(self) -> None:
        """Forget the largest values only."""
        self._hold = np.full((2, len(self.hz)), -inf)

    @property
    def windows(self) -> int:
        """How many are in the average."""
        return int(self._windows.windows)

    @property
    def spoiled(self) -> int:
        """How many were left out, because NaN, infinity or something over 1e15 was in them."""
        return int(self._windows.spoiled)

    def push(self, block: NDArray[np.float32]) -> None:
        """Take the next (frames, 4) samples. A window with NaN, infinity or more than 1e15 in it is left out and counted in `spoiled`."""
        if block.ndim != 2 or block.shape[1] != 4:
            raise ValueError(f"a spectrum takes (frames, 4) blocks: mix and master, left and right; this one has shape {block.shape}")
        self._windows.push(block, self._power, self._kept)

    def read(self) -> Spectrum:
        """The spectra now, with the slope; also moves the hold up to them."""
        levels = self._kernel.levels_db(self._power, self._hold)
        hold = self._hold.copy()
        return Spectrum(self.hz, levels[0], levels[1], hold[0], hold[1])


class _Kernel:
    """Raised-cosine windows over the bins, one per point, and what each makes of a single line."""

    def __init__(self, hz: Floats, rate: int, frames: int, basis: Basis) -> None:
        octaves = basis.smoothing_oct
        self.bins = frames * PADDING // 2 + 1
        bin_hz = rate / (frames * PADDING)
        centre = hz / bin_hz
        half = np.maximum(centre * (2 ** (octaves / 2) - 2 ** (-octaves / 2)), PADDING)
        rows, first, size = cover(centre, half, self.bins - 1)
        starts = np.searchsorted(rows, np.arange(len(hz)))
        middle = first + (size - 1) / 2
        weights = size * (1 + np.cos(np.pi * np.clip((middle - centre[rows]) / half[rows], -1, 1)))
        weights /= np.add.reduceat(weights, starts)[rows] * size
        whole, largest = line_of_groups(first - centre[rows], size)
        line = np.add.reduceat(weights * whole, starts)
        self._line_levels = LineLevels(-10 * np.log10(line), np.maximum.reduceat(weights, starts), np.maximum.reduceat(weights * largest, starts) / line,
                                       basis.slope_db * np.log2(hz / PIVOT_HZ), FLOOR_POWER, LINE_FROM, LINE_TO)
        self._gather = Gather(self.bins - 1, int(np.log2(size.max())) + 1, columns_of(first, size, self.bins - 1), weights,
                              np.append(starts, len(rows)).astype(np.int32))
        self._mean, self._top = np.empty(len(hz)), np.empty(len(hz))

    def levels_db(self, powers: NDArray[np.float32], hold: Floats) -> Floats:
        """dB of each point for some power spectra in which a full-scale sine peaks at 1, with the slope; `hold` is moved up to them.

        A point counts as a line as far as its largest bin, as it counts for this point, carries its power: a line at the edge counts as
        little as everything else there.
        """
        levels = np.empty((len(powers), len(self._mean)))
        for power, into, top in zip(powers, levels, hold, strict=True):
            self._gather.gather(power, self._mean, self._top)
            self._line_levels.read(self._mean, self._top, into, top)
        return levels


def cover(centre: Floats, half: Floats, bins: int) -> tuple[Whole, Whole, Whole]:
    """The groups of bins that kernels of these half widths reach: number of the kernel, first bin, bins. Groups of one kernel are of one
    size, 1, 2, 4 ... bins, at most a `STEPS`th of its half width; one whose middle lies outside the kernel is left out."""
    size = 1 << np.log2(np.maximum(half / STEPS, 1.0)).astype(np.intp)
    first = np.clip(np.ceil((centre - half + 0.5) / size - 0.5).astype(np.intp), 0, bins // size - 1)
    stop = np.clip(np.floor((centre + half + 0.5) / size - 0.5).astype(np.intp) + 1, first + 1, bins // size)
    rows = np.repeat(np.arange(len(centre)), stop - first)
    groups = np.concatenate([np.arange(a, b) for a, b in zip(first, stop, strict=True)])
    return rows, groups * size[rows], size[rows]


def columns_of(first: Whole, size: Whole, bins: int) -> NDArray[np.int32]:
    """Where groups lie in an array of all bins, then all pairs, then all fours ..."""
    starts = 2 * bins - 2 * bins // size
    return (starts + first // size).astype(np.int32)


def line_of_groups(first: Floats, size: Whole) -> tuple[Floats, Floats]:
    """Power of a line at 0 in groups of bins that begin at `first`: all of each, and its largest bin."""
    whole, largest = np.zeros(len(first)), np.zeros(len(first))
    for width in sorted(set(size.tolist())):
        chosen = size == width
        line = hann_line_power((first[chosen][:, np.newaxis] + np.arange(width)) / PADDING)
        whole[chosen], largest[chosen] = line.sum(axis=1), line.max(axis=1)
    return whole, largest


def window_frames(rate: int) -> int:
    """Window length for a sample rate: 8192 at 44.1 and 48 kHz, longer in powers of two above, so that bins stay as narrow."""
    return max(256, int(WINDOW_FRAMES * 2.0 ** floor(log2(rate / REFERENCE_RATE) + 0.5)))


def hann_line_power(bins: Floats) -> Floats:
    """Power of a line in a Hann spectrum at a distance in bins of the window length, 1 at the line itself."""
    x = np.asarray(bins, dtype=np.float64)
    near = np.abs(np.abs(x) - 1) < 1e-9
    safe = np.where(near, 0.0, x)
    return np.square(np.where(near, 0.5, np.sinc(safe) / (1 - safe * safe)))
