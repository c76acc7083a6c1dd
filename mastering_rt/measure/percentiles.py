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
from scipy import fft

from mastering_rt.measure.spectrum import HIGH_HZ, LOW_HZ, Kernel, window_frames

PERCENT = (100, 98, 83, 50, 21, 8)
SMOOTHING_OCT = 1 / 6
OVERLAP = 2
PADDING = 1
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
        self._kernel = Kernel(self.hz, rate, self._frames, SMOOTHING_OCT, PADDING)
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
            self._readings.append(self._kernel.levels_db(power[heard]).astype(np.float32))

    def read(self) -> Percentiles:
        """Of all that was pushed."""
        if not self._readings:
            return Percentiles(self.hz, np.full((len(PERCENT), len(self.hz)), np.nan), 0)
        levels = np.concatenate(self._readings)
        return Percentiles(self.hz, np.percentile(levels.astype(np.float64), PERCENT, axis=0), len(levels))


def percentiles_of(blocks: Iterable[NDArray[np.floating]], rate: int, check: Callable[[], None] = lambda: None) -> Percentiles:
    """Of a stream of blocks (2, frames). `check` may raise to stop it."""
    meter = PercentileMeter(rate)
    for block in blocks:
        check()
        meter.push(block)
    return meter.read()
