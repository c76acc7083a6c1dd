"""Correlation, width and balance in octaves: what a meter of the whole band hides, as bass out of phase.

Windows of 8192 frames (at 44.1 and 48 kHz) overlap by half under a Kaiser-Bessel-derived window, whose powers add up to one, so that
those of the octaves add up to that of the sound; its far side lobes lie so low that bass does not reach into treble. Cross spectra are summed over the lines of each octave.
"""
from collections import deque
from dataclasses import dataclass
from math import floor, log2, log10, sqrt

import numpy as np
from numpy.typing import NDArray

from mastering_rt.measure.bins import Floats
from mastering_rt.measure.later import fft

CENTRES_HZ = (31.5, 63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0)
EXACT_HZ = tuple(1000.0 * 2.0 ** k for k in range(-5, 5))
WINDOW_FRAMES, REFERENCE_HZ = 8192, 48000
KAISER_BETA = 4 * np.pi
BATCH = 4                        # windows in one go: half the time of one by one
NOW_BATCHES = 6                  # 2 s
FLOOR = 10 ** (-90 / 10)         # mean square of a band under which there is nothing to say of it
ONLY_ONE = 1e-12                 # of mid or side is not sound but rounding
Frames = NDArray[np.float32]


@dataclass(frozen=True)
class Bands:
    """A figure for each of CENTRES_HZ. None: silence there, or over half the sample rate.

    correlation: -1 to +1. width_db: side over mid; 0 is as wide as uncorrelated channels, None also where one of the two is silent.
    balance_db: left over right.
    """

    correlation: tuple[float | None, ...] = (None,) * len(CENTRES_HZ)
    width_db: tuple[float | None, ...] = (None,) * len(CENTRES_HZ)
    balance_db: tuple[float | None, ...] = (None,) * len(CENTRES_HZ)


class BandMeter:
    """Takes (2, frames) float32 and gives `Bands` over all that was heard, or of the last two seconds."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._frames = max(256, int(WINDOW_FRAMES * 2.0 ** floor(log2(rate / REFERENCE_HZ) + 0.5)))
        self._hop = self._frames // 2
        self._window = _power_complementary(self._frames)
        self._first, self._count = _lines(rate, self._frames)
        self.reset()

    def reset(self) -> None:
        """Forget everything heard so far."""
        self._rest: list[Frames] = []
        self._waiting = 0
        self._sum = np.zeros((3, len(CENTRES_HZ)))
        self._windows = 0
        self._last: deque[Floats] = deque(maxlen=NOW_BATCHES)

    def push(self, block: Frames) -> None:
        """Take the next frames, however many. What is no number counts as silence."""
        if not np.isfinite(block).all():
            block = np.where(np.isfinite(block), block, np.float32(0))
        self._rest.append(block)
        self._waiting += block.shape[1]
        span = self._hop * (BATCH + 1)
        if self._waiting < span:
            return
        sound = np.concatenate(self._rest, axis=1)
        done = 0
        while sound.shape[1] - done >= span:
            self._take(sound[:, done:done + span])
            done += self._hop * BATCH
        self._rest, self._waiting = [sound[:, done:]], sound.shape[1] - done

    def end(self) -> None:
        """The stream is over: silence behind it fills the last windows."""
        if self._waiting:
            span = self._hop * BATCH
            self.push(np.zeros((2, -(-self._waiting // span) * span + self._hop - self._waiting), np.float32))

    def _take(self, sound: Frames) -> None:
        windows = np.lib.stride_tricks.sliding_window_view(sound, self._frames, axis=1)[:, ::self._hop]
        left, right = fft.rfft(windows * self._window, axis=2).view(np.float32)         # real and imaginary parts take turns
        powers = np.stack([(one * other).sum(axis=0) for one, other in ((left, left), (right, right), (left, right))]).astype(np.float64)
        bands = np.zeros((3, len(CENTRES_HZ)))
        bands[:, :self._count] = np.add.reduceat(powers, self._first, axis=1)[:, :self._count]
        self._sum += bands
        self._last.append(bands)
        self._windows += BATCH

    def whole(self) -> Bands:
        """Over all that was heard."""
        return self._bands(self._sum, self._windows)

    def now(self) -> Bands:
        """Of the last two seconds."""
        return self._bands(np.sum(self._last, axis=0), BATCH * len(self._last)) if self._last else Bands()

    def _bands(self, sums: Floats, windows: int) -> Bands:
        if not windows:
            return Bands()
        least = FLOOR * windows * self._frames * self._hop / 2
        found = [_figures(left, right, cross, least) for left, right, cross in sums.T.tolist()]
        return Bands(*(tuple(column) for column in zip(*found, strict=True)))


def _power_complementary(frames: int) -> Frames:
    """The Kaiser-Bessel-derived window of as many frames."""
    rise = np.cumsum(np.kaiser(frames // 2 + 1, KAISER_BETA))
    half = np.sqrt(rise[:-1] / rise[-1])
    return np.concatenate([half, half[::-1]]).astype(np.float32)


def _lines(rate: int, frames: int) -> tuple[NDArray[np.intp], int]:
    """Where each octave begins in a spectrum of twice as many numbers as lines, the end behind the last; and how many octaves lie under
    half the rate."""
    edges = [hz / sqrt(2) for hz in EXACT_HZ] + [EXACT_HZ[-1] * sqrt(2)]
    lines = [round(hz * frames / rate + 0.5) for hz in edges]
    count = sum(edge < frames // 2 for edge in lines[:-1])
    return 2 * np.array([*lines[:count], min(lines[count], frames // 2)], np.intp), count


def _figures(left: float, right: float, cross: float, least: float) -> tuple[float | None, float | None, float | None]:
    mid, side = (left + right + 2 * cross) / 4, (left + right - 2 * cross) / 4
    both = left > least and right > least
    return (max(-1.0, min(1.0, cross / sqrt(left * right))) if both else None,
            10 * log10(side / mid) if mid + side > least and min(mid, side) > max(mid, side) * ONLY_ONE else None,
            10 * log10(left / right) if both else None)
