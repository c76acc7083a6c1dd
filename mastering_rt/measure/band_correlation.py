"""Correlation of left and right in a few bands, for the eye: of the power that both share in each, averaged over a moment."""
from collections.abc import Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

WINDOW_FRAMES = 4096
REFERENCE_RATE = 48000
OVERLAP = 2
AVERAGE_S = 0.3
SILENT_POWER = 1e-14             # per band and channel, as the square of full scale

Frames = NDArray[np.float32]


class BandCorrelation:
    """Takes (n, 2) frames and gives −1 to +1 for each band, NaN where it is silent."""

    def __init__(self, rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self.frames = WINDOW_FRAMES * max(1, round(rate_hz / REFERENCE_RATE))
        self._window = np.hanning(self.frames + 1)[:-1, None]
        self._scale = 1.0 / float(np.sum(np.square(self._window))) / self.frames
        self._recent = np.zeros((0, 2), np.float32)
        self._keep = exp(-self.frames / OVERLAP / (AVERAGE_S * rate_hz))
        self._power = np.zeros((3, self.frames // 2 + 1))        # left, right, what both share
        self._known = False

    def push(self, frames: Frames) -> bool:
        """Whether there is something new to read."""
        self._recent = np.concatenate([self._recent, frames])
        fresh = False
        while len(self._recent) >= self.frames:
            self._take(self._recent[:self.frames])
            self._recent = self._recent[self.frames // OVERLAP:]
            fresh = True
        return fresh

    def _take(self, frames: Frames) -> None:
        left, right = np.fft.rfft(frames * self._window, axis=0).T
        now = np.stack([np.square(np.abs(left)), np.square(np.abs(right)), (left * right.conj()).real]) * self._scale
        self._power += (now - self._power) * ((1.0 - self._keep) if self._known else 1.0)
        self._known = True

    def read(self, edges_hz: Sequence[float]) -> NDArray[np.float64]:
        """One figure for each band between two of the edges."""
        places = np.clip(np.rint(np.asarray(edges_hz) * self.frames / self.rate_hz).astype(np.intp), 0, self._power.shape[1])
        found = np.full(len(places) - 1, np.nan)
        for band, (low, high) in enumerate(zip(places, np.maximum(places[1:], places[:-1] + 1), strict=False)):
            left, right, shared = self._power[:, low:high].sum(axis=1)
            if min(left, right) > 0 and max(left, right) > SILENT_POWER:
                found[band] = min(max(shared / np.sqrt(left * right), -1.0), 1.0)
        return found
