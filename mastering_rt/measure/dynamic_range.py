"""Dynamic range as the TT meter of the Pleasurize Music Foundation counts it: the second highest peak over the loud fifth."""
import math

import numpy as np

from mastering_rt.measure.bins import Floats, running_sum

BLOCK_BINS = 300                 # 3 s; the original's 132 480 samples at 44.1 kHz are 3.004 s
LOUD_SHARE = 0.2
FEWEST_BLOCKS = 2
Row = tuple[Floats, Floats, float]


class DynamicRange:
    """DR of `channels` as their bins come; exact for what was fed, so at the end for the whole file.

    Per channel and block of 3 s: root mean square doubled in power (a sine reads its peak), and the peak. DR is the second largest
    peak over the mean of the loudest fifth of the blocks, in dB, averaged over the channels.
    """

    def __init__(self, channels: int) -> None:
        self._energy, self._peak, self._frames, self._bins = np.zeros(channels), np.zeros(channels), 0.0, 0
        self._blocks: list[Row] = []

    def feed(self, energy: Floats, peak: Floats, frames: Floats) -> None:
        """Take the next bins: (bins, channels) sums of squares and peaks, and the frames of each."""
        done = 0
        while done < len(frames):
            until = min(done + BLOCK_BINS - self._bins, len(frames))
            self._energy = running_sum(self._energy, energy[done:until])
            self._peak = np.maximum(self._peak, peak[done:until].max(axis=0))
            self._frames += float(frames[done:until].sum())
            self._bins += until - done
            done = until
            if self._bins == BLOCK_BINS:
                self._blocks.append(self._open)
                self._energy, self._peak, self._frames, self._bins = np.zeros_like(energy[0]), np.zeros_like(energy[0]), 0.0, 0

    @property
    def _open(self) -> Row:
        return self._energy, self._peak, self._frames

    def channels_db(self) -> tuple[float | None, ...]:
        """DR of each channel so far, the last block as it is; None under two blocks, and for silence."""
        blocks = [*self._blocks, self._open] if self._bins else self._blocks
        if len(blocks) < FEWEST_BLOCKS:
            return (None,) * len(self._energy)
        power = np.array([2 * energy / frames for energy, _, frames in blocks])
        peaks = np.array([peak for _, peak, _ in blocks])
        return tuple(_of_channel(power[:, k], peaks[:, k]) for k in range(power.shape[1]))

    def db(self) -> float | None:
        """The mean over the channels that sound; the DR of a record is this, rounded."""
        found = [db for db in self.channels_db() if db is not None]
        return sum(found) / len(found) if found else None


def _of_channel(power: Floats, peaks: Floats) -> float | None:
    loud = np.sort(power)[-max(1, int(LOUD_SHARE * len(power))):].mean()
    second = float(np.sort(peaks)[-2])
    return 20 * math.log10(second / math.sqrt(loud)) if loud > 0 and second > 0 else None
