"""What is known of a programme beyond its loudness: overs, programme peaks, VU, bits, DR, K-System, correlation from moment to moment."""
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mastering_rt.measure.bins import BINS_PER_S, Bins, Floats, Windows
from mastering_rt.measure.dynamic_range import DynamicRange
from mastering_rt.measure.dynamics import CORRELATION_FLOOR_DBFS

K_BINS = 60                      # 600 ms
STEREO_BINS = 30                 # 300 ms, as the correlation meter
WORD_BITS = 32


@dataclass(frozen=True)
class WordUse:
    """Which bits of a word of 32 are in use. `mask`: the sign is the highest; finer: something lies below the last."""

    mask: int = 0
    finer: bool = False

    @property
    def length_bits(self) -> int | None:
        """From the top bit to the lowest one in use: 16 for what came from a CD, whatever file it lies in; None for silence."""
        return WORD_BITS - (self.mask & -self.mask).bit_length() + 1 if self.mask else None


class Detail:
    """Feed the bins of the meters and of the needles of a programme side by side, one of each per pair of channels."""

    def __init__(self, channels: int = 2) -> None:
        self.channels = channels
        self.dynamic_range = DynamicRange(channels)
        self.overs = np.zeros(channels, np.int64)
        self.ppm1, self.ppm2, self.vu = np.zeros(channels), np.zeros(channels), np.zeros(channels)   # largest, linear
        self.k_rms = np.zeros(channels)                                                              # largest, mean square
        self.least_correlation = math.nan
        self.least_correlation_at_s: float | None = None
        self._bits, self._below = np.zeros(channels, np.uint32), np.zeros(channels, bool)
        self._fed = 0
        self._of_600_ms = Windows(K_BINS), [Windows(K_BINS) for _ in range(channels)]
        self._of_300_ms = [Windows(STEREO_BINS) for _ in range(4)]

    def feed(self, parts: Sequence[Bins], needles: Sequence[Bins]) -> None:
        """Take the next bins, as many from each."""
        if not len(parts[0]):
            return
        frames = parts[0]["frames"].astype(np.float64)
        energy, peak = self._of(parts, "energy"), self._of(parts, "peak")
        self.dynamic_range.feed(energy, peak, frames)
        self.overs += self._of(needles, "overs").sum(axis=0)
        self.ppm1, self.ppm2, self.vu = (np.maximum(so_far, self._of(needles, name).max(axis=0)) for so_far, name in
                                         ((self.ppm1, "ppm1"), (self.ppm2, "ppm2"), (self.vu, "vu")))
        self._bits |= np.bitwise_or.reduce(self._of(needles, "bits"), axis=0)
        self._below |= self._of(needles, "below").any(axis=0)
        self._fed += len(frames)
        self._feed_k(energy, frames)
        if self.channels >= 2:
            self._feed_correlation(parts[0], frames)

    def _of(self, parts: Sequence[Bins], name: str) -> Floats:
        both: Floats = np.concatenate([part[name] for part in parts], axis=1)
        return both[:, :self.channels]

    def _feed_k(self, energy: Floats, frames: Floats) -> None:
        lengths, sums = self._of_600_ms
        frames_in = lengths.feed(frames)
        for channel, windows in enumerate(sums):
            found = windows.feed(energy[:, channel])
            if len(found):
                self.k_rms[channel] = max(self.k_rms[channel], float((found / frames_in).max()))

    def _feed_correlation(self, bins: Bins, frames: Floats) -> None:
        columns = bins["energy"][:, 0], bins["energy"][:, 1], bins["cross"], frames
        left, right, cross, length = (windows.feed(np.ascontiguousarray(column)) for windows, column in zip(self._of_300_ms, columns, strict=True))
        floor = length * 10 ** (CORRELATION_FLOOR_DBFS / 10)
        heard = (left > floor) & (right > floor)
        if not heard.any():
            return
        correlation = np.where(heard, cross / np.sqrt(np.where(heard, left * right, 1.0)), math.inf)
        least = int(correlation.argmin())
        if not correlation[least] >= self.least_correlation:
            self.least_correlation = max(-1.0, float(correlation[least]))
            self.least_correlation_at_s = (self._fed - len(correlation) + 1 + least - STEREO_BINS) / BINS_PER_S

    @property
    def words(self) -> tuple[WordUse, ...]:
        """The bits each channel uses."""
        return tuple(WordUse(int(mask), bool(below)) for mask, below in zip(self._bits, self._below, strict=True))
