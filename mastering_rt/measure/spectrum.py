"""Live spectra of mix and master for the eye: averaged, smoothed, tilted, calibrated. No window, no engine.

Power spectra of Hann windows (8192 frames at 44.1 and 48 kHz, 75 % overlap), averaged exponentially, then gathered into
points of equal ratio by a raised-cosine kernel of a fraction of an octave. Two readings must hold at once: noise is read
as density (pink noise falls 3 dB per octave, so a slope of 3 dB per octave shows it flat) and a full-scale sine as 0 dB.
Smoothing alone would lower the sine by the ratio of kernel to line width; where one line carries the power of a point,
that loss is given back (`_line_share`).
"""
from dataclasses import dataclass
from math import exp, floor, inf, isfinite, log2

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from mastering_rt.measure.basis import Basis

WINDOW_FRAMES = 8192
REFERENCE_RATE = 48000
OVERLAP = 4
PADDING = 2
POINTS = 400
LOW_HZ, HIGH_HZ, PIVOT_HZ = 20.0, 20000.0, 1000.0
FLOOR_POWER = 1e-20
LINE_FROM, LINE_TO = 0.35, 0.8   # from noise to a line; two like lines are half-way

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spectrum:
    """One reading: `hz` of the points, dB of mix and master there, and the largest since the last reset. Silence is -200 dB
    plus slope; all values are finite."""

    hz: Floats
    mix_db: Floats
    master_db: Floats
    mix_hold_db: Floats
    master_hold_db: Floats


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
        self.windows = 0
        self.spoiled = 0
        self._window = np.hanning(self.window_frames + 1)[:-1].astype(np.float32)[:, np.newaxis]
        self._kernel = Kernel(self.hz, rate, self.window_frames, self.basis.smoothing_oct)
        self._recent = np.zeros((self.window_frames, 4), dtype=np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget everything heard so far, as after a seek."""
        self._recent[:] = 0
        self._missing = self.window_frames
        self._power = np.zeros((2, self._kernel.bins))
        self._averaged = 0
        self.reset_hold()

    def reset_hold(self) -> None:
        """Forget the largest values only."""
        self._hold = np.full((2, len(self.hz)), -inf)

    def push(self, block: NDArray[np.float32]) -> None:
        """Take the next (frames, 4) samples. A window with NaN or infinity in it is left out and counted in `spoiled`."""
        if block.ndim != 2 or block.shape[1] != 4:
            raise ValueError(f"a spectrum takes (frames, 4) blocks: mix and master, left and right; this one has shape {block.shape}")
        done = 0
        while done < len(block):
            n = min(self._missing, len(block) - done)
            self._recent[:-n] = self._recent[n:]
            self._recent[-n:] = block[done:done + n]
            done += n
            self._missing -= n
            if self._missing == 0:
                self._missing = self.hop
                self._take_window()

    def read(self) -> Spectrum:
        """The spectra now, with the slope; also moves the hold up to them."""
        levels = np.stack([self._kernel.levels_db(power) for power in self._power])
        levels += self.basis.slope_db * np.log2(self.hz / PIVOT_HZ)
        self._hold = np.maximum(self._hold, levels)
        return Spectrum(self.hz, levels[0], levels[1], self._hold[0].copy(), self._hold[1].copy())

    def _take_window(self) -> None:
        if not np.isfinite(self._recent).all():
            self.spoiled += 1
            return
        bins = fft.rfft(self._recent * self._window, n=self.window_frames * PADDING, axis=0)
        power = np.square(bins.real) + np.square(bins.imag)
        full_scale = (self.window_frames / 4) ** 2
        fresh = np.stack([power[:, 0] + power[:, 1], power[:, 2] + power[:, 3]]) / (2 * full_scale)
        self.windows += 1
        self._averaged += 1
        new = max(1.0 - self._keep(), 1.0 / self._averaged)
        self._power += new * (fresh - self._power)

    def _keep(self) -> float:
        average_s = self.basis.average_s
        return exp(-self.hop / (self.rate * average_s)) if isfinite(average_s) else 1.0


class Kernel:
    """Raised-cosine windows over the bins, one per point, and what each makes of a single line."""

    def __init__(self, hz: Floats, rate: int, frames: int, octaves: float, padding: int = PADDING) -> None:
        self.bins = frames * padding // 2 + 1
        bin_hz = rate / (frames * padding)
        centre = hz / bin_hz
        half = np.maximum(centre * (2 ** (octaves / 2) - 2 ** (-octaves / 2)), padding)
        first = np.clip(np.ceil(centre - half).astype(np.intp), 0, self.bins - 2)
        stop = np.clip(np.floor(centre + half).astype(np.intp) + 1, first + 1, self.bins - 1)
        lengths = stop - first
        rows = np.repeat(np.arange(len(hz)), lengths)
        self._weighted = np.empty(len(rows))
        self._starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self._columns = np.concatenate([np.arange(a, b) for a, b in zip(first, stop, strict=True)])
        offset = self._columns - centre[rows]
        weights = 1 + np.cos(np.pi * np.clip(offset / half[rows], -1, 1))
        self._weights = weights / np.add.reduceat(weights, self._starts)[rows]
        line = self._weights * hann_line_power(offset / padding)
        self._line_loss_db = -10 * np.log10(np.add.reduceat(line, self._starts))
        self._noise_top = np.maximum.reduceat(self._weights, self._starts)
        self._line_top = np.maximum.reduceat(line, self._starts) / np.add.reduceat(line, self._starts)

    def levels_db(self, power: Floats) -> Floats:
        """dB of each point for power spectra (..., bins) in which a full-scale sine peaks at 1."""
        weighted = np.take(power, self._columns, axis=-1, out=self._weighted if power.ndim == 1 else None, mode="clip")
        weighted *= self._weights
        mean = np.maximum(np.add.reduceat(weighted, self._starts, axis=-1), FLOOR_POWER)
        top = np.maximum.reduceat(weighted, self._starts, axis=-1) / mean
        level: Floats = 10 * np.log10(mean)
        return level + self._line_loss_db * self._line_share(top)

    def _line_share(self, top: Floats) -> Floats:
        """0 where a point's power is spread like noise, 1 where a single line carries it, smooth between. `top` is the share that the
        largest bin has of it, as it counts for this point: a line at the edge counts as little as everything else there."""
        likeness = (top - self._noise_top) / (self._line_top - self._noise_top)
        share: Floats = np.clip((likeness - LINE_FROM) / (LINE_TO - LINE_FROM), 0, 1)
        return share * share * (3 - 2 * share)


def window_frames(rate: int) -> int:
    """Window length for a sample rate: 8192 at 44.1 and 48 kHz, longer in powers of two above, so that bins stay as narrow."""
    return max(256, int(WINDOW_FRAMES * 2.0 ** floor(log2(rate / REFERENCE_RATE) + 0.5)))


def hann_line_power(bins: Floats) -> Floats:
    """Power of a line in a Hann spectrum at a distance in bins of the window length, 1 at the line itself."""
    x = np.asarray(bins, dtype=np.float64)
    near = np.abs(np.abs(x) - 1) < 1e-9
    safe = np.where(near, 0.0, x)
    return np.square(np.where(near, 0.5, np.sinc(safe) / (1 - safe * safe)))
