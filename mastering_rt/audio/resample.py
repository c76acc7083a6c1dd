"""Rate conversion in float64 at soxr's best quality: linear phase, no delay, aliases under -190 dB. The only soxr import.

Between rates of any ratio soxr lets the highs down gently from 0.6 of half the lower rate on, by 0.006 dB at 20 kHz for 44.1 kHz; between
a rate and its double it is flat to 0.9 of it. So other ratios go by the double of the lower rate, or of both where they are close:
44.1 to 96 kHz by 88.2 kHz, 44.1 to 48 kHz by 88.2 and 96 kHz. There and back is then the same sound to 20 kHz within -170 dB.
"""
from itertools import pairwise

import numpy as np
import soxr
from numpy.typing import NDArray

from mastering_rt.errors import UsageProblem

QUALITY = "VHQ"
SPARE = 3                        # conversions after each other, at most
PIECE_FRAMES = 65536
CLOSE = 1.6                      # of one rate to another: what is flat at the double of the lower one is so at the higher one
Block = NDArray[np.float64]


def resampled_length(frames: int, from_hz: int, to_hz: int) -> int:
    """Frames after conversion: frames * to / from, rounded up, so that no part of the last frame is lost."""
    return -(-frames * to_hz // from_hz)


def way(from_hz: int, to_hz: int) -> list[int]:
    """The rates that a conversion goes by, both ends included."""
    low, high = min(from_hz, to_hz), max(from_hz, to_hz)
    if high % low == 0 and (high // low).bit_count() == 1:
        return [from_hz, to_hz] if from_hz != to_hz else [from_hz]
    between = [2 * low] if high >= CLOSE * low else [2 * low, 2 * high]
    rates = [low, *between, high]
    return rates if from_hz == low else rates[::-1]


class Resampler:
    """A stream on its way to another sample rate. The samples do not depend on how the stream is cut."""

    def __init__(self, channels: int, from_hz: int, to_hz: int) -> None:
        if from_hz <= 0 or to_hz <= 0:
            raise UsageProblem(f"A rate conversion from {from_hz} Hz to {to_hz} Hz is not possible; give rates above 0.")
        self._rates = (from_hz, to_hz)
        self._channels = channels
        self._streams = [soxr.ResampleStream(low, high, channels, dtype="float64", quality=QUALITY)
                         for low, high in pairwise(way(from_hz, to_hz))]
        self._in = 0
        self._out = 0

    def process(self, block: Block) -> Block:
        """What comes out for (channels, frames) of input: (channels, any number of frames)."""
        self._in += block.shape[1]
        return self._take(self._convert(block))

    def finish(self) -> Block:
        """The rest, so that the whole has the length of `resampled_length`. Nothing goes in any more."""
        from_hz, to_hz = self._rates
        more = SPARE * (from_hz // to_hz + 2)  # soxr rounds every length down; a little silence brings out the last frame
        return self._take(self._convert(np.zeros((self._channels, more)), last=True))

    def _convert(self, block: Block, last: bool = False) -> Block:
        if not self._streams:
            return block
        frames = np.ascontiguousarray(block.T)
        for stream in self._streams:
            frames = np.ascontiguousarray(stream.resample_chunk(frames, last=last))
        return frames.T

    def _take(self, converted: Block) -> Block:
        left = resampled_length(self._in, *self._rates) - self._out
        taken = np.ascontiguousarray(converted[:, : max(0, left)])
        self._out += taken.shape[1]
        return taken


def resample(samples: Block, from_hz: int, to_hz: int) -> Block:
    """Whole sound (channels, frames) at another rate; its length is `resampled_length`."""
    stream = Resampler(samples.shape[0], from_hz, to_hz)
    pieces = [stream.process(samples[:, start : start + PIECE_FRAMES]) for start in range(0, samples.shape[1], PIECE_FRAMES)]
    return np.concatenate([*pieces, stream.finish()], axis=1)
