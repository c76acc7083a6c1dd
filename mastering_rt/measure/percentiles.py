"""How the spectrum of a whole song is spread over its time: for every 1/6 octave the level that is passed a share of the time.

Hann windows of 8192 frames at 44.1 and 48 kHz, half overlapped, every one a reading; their powers are gathered by the same kernel
as the live spectrum's, with the same two calibrations: noise reads as density, a full-scale sine on a point as 0 dB. The
transforms are in 32 bits, which is good for 120 dB under the loudest line of a window. 50 % is the median, 100 % the loudest
reading; the other four are the even steps of a normal distribution, one and two deviations to either side.
"""
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from mastering_rt.measure.later import fft
from mastering_rt.measure.spectrum import FLOOR_POWER, HIGH_HZ, LINE_FROM, LINE_TO, LOW_HZ, hann_line_power, window_frames

PERCENT = (100, 98, 83, 50, 21, 8)
SMOOTHING_OCT = 1 / 6
OVERLAP = 2
AT_ONCE = 64                     # windows transformed together
SILENCE_POWER = 1e-9             # -90 dBFS: a window that is quieter says nothing about the sound

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Percentiles:
    """`hz` of the points, a sixth of an octave apart; levels_db (6, points) in the order of PERCENT. windows: how many were read;
    with none all levels are NaN."""

    hz: Floats
    levels_db: Floats
    windows: int


class PercentileMeter:
    """`push` a song in blocks, then `read`. An hour at 44.1 kHz keeps 9 MB."""

    def __init__(self, rate: int) -> None:
        self._frames = window_frames(rate)
        self._hop = self._frames // OVERLAP
        points = int(np.log2(min(HIGH_HZ, 0.49 * rate) / LOW_HZ) / SMOOTHING_OCT) + 1
        self.hz: Floats = LOW_HZ * 2 ** (SMOOTHING_OCT * np.arange(points, dtype=np.float64))
        self._points = _Points(self.hz * self._frames / rate, self._frames // 2 + 1)
        self._window = (np.hanning(self._frames + 1)[:-1] * (4 / self._frames)).astype(np.float32)
        self._rest = np.zeros((2, 0), np.float32)
        self._readings: list[NDArray[np.float32]] = []

    def push(self, planes: NDArray[np.floating]) -> None:
        """The next (2, frames)."""
        sound = np.concatenate([self._rest, planes.astype(np.float32)], axis=1)
        count = max(0, (sound.shape[1] - self._frames) // self._hop + 1)
        for first in range(0, count, AT_ONCE):
            self._take(sound[:, first * self._hop:], min(AT_ONCE, count - first))
        self._rest = sound[:, count * self._hop:].copy()

    def _take(self, sound: NDArray[np.float32], count: int) -> None:
        windows = sliding_window_view(sound[:, :(count - 1) * self._hop + self._frames], self._frames, axis=1)[:, ::self._hop]
        bins = fft.rfft(windows * self._window, axis=2)
        power = (np.square(bins.real) + np.square(bins.imag)).sum(axis=0) / 2
        heard = power.sum(axis=1) > SILENCE_POWER
        if heard.any():
            self._readings.append(self._points.levels_db(power[heard]).astype(np.float32))

    def read(self) -> Percentiles:
        """Of all that was pushed."""
        if not self._readings:
            return Percentiles(self.hz, np.full((len(PERCENT), len(self.hz)), np.nan), 0)
        levels = np.concatenate(self._readings)
        return Percentiles(self.hz, np.percentile(levels.astype(np.float64), PERCENT, axis=0), len(levels))


class _Points:
    """Raised cosines of a sixth of an octave to either side of `centre` (in bins), and what each makes of a single line.

    As for the live spectrum: where one line carries the power of a point, what the smoothing takes from it is given back.
    """

    def __init__(self, centre: Floats, bins: int) -> None:
        half = np.maximum(centre * (2 ** (SMOOTHING_OCT / 2) - 2 ** (-SMOOTHING_OCT / 2)), 1.0)
        first = np.clip(np.ceil(centre - half).astype(np.intp), 0, bins - 2)
        stop = np.clip(np.floor(centre + half).astype(np.intp) + 1, first + 1, bins - 1)
        rows = np.repeat(np.arange(len(centre)), stop - first)
        self._starts = np.concatenate([[0], np.cumsum(stop - first)[:-1]])
        self._columns = np.concatenate([np.arange(a, b) for a, b in zip(first, stop, strict=True)])
        offset = self._columns - centre[rows]
        weights = 1 + np.cos(np.pi * np.clip(offset / half[rows], -1, 1))
        weights /= np.add.reduceat(weights, self._starts)[rows]
        line = weights * hann_line_power(offset)
        self._line_loss_db = -10 * np.log10(np.add.reduceat(line, self._starts))
        self._noise_top = np.maximum.reduceat(weights, self._starts)
        self._line_top = np.maximum.reduceat(line, self._starts) / np.add.reduceat(line, self._starts)
        self._weights = weights.astype(np.float32)

    def levels_db(self, power: NDArray[np.float32]) -> Floats:
        """dB of each point for power spectra (windows, bins) in which a full-scale sine peaks at 1."""
        weighted = np.take(power, self._columns, axis=1)
        weighted *= self._weights
        mean = np.maximum(np.add.reduceat(weighted, self._starts, axis=1), FLOOR_POWER)
        likeness = (np.maximum.reduceat(weighted, self._starts, axis=1) / mean - self._noise_top) / (self._line_top - self._noise_top)
        share = np.clip((likeness - LINE_FROM) / (LINE_TO - LINE_FROM), 0, 1)
        levels: Floats = 10 * np.log10(mean) + self._line_loss_db * share * share * (3 - 2 * share)
        return levels


def percentiles_of(blocks: Iterable[NDArray[np.floating]], rate: int, check: Callable[[], None] = lambda: None) -> Percentiles:
    """Of a stream of blocks (2, frames). `check` may raise to stop it."""
    meter = PercentileMeter(rate)
    for block in blocks:
        check()
        meter.push(block)
    return meter.read()
