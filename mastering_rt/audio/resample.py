"""Rate conversion in float64 at soxr's best quality: linear phase, no delay, aliases under -190 dB. The only soxr import."""
import numpy as np
import soxr
from numpy.typing import NDArray

from mastering_rt.errors import UsageProblem

QUALITY = "VHQ"
PIECE_FRAMES = 65536
Block = NDArray[np.float64]


def resampled_length(frames: int, from_hz: int, to_hz: int) -> int:
    """Frames after conversion: frames * to / from, rounded up, so that no part of the last frame is lost."""
    return -(-frames * to_hz // from_hz)


class Resampler:
    """A stream on its way to another sample rate. The samples do not depend on how the stream is cut."""

    def __init__(self, channels: int, from_hz: int, to_hz: int) -> None:
        if from_hz <= 0 or to_hz <= 0:
            raise UsageProblem(f"A rate conversion from {from_hz} Hz to {to_hz} Hz is not possible; give rates above 0.")
        self._rates = (from_hz, to_hz)
        self._channels = channels
        self._stream = (
            soxr.ResampleStream(from_hz, to_hz, channels, dtype="float64", quality=QUALITY) if from_hz != to_hz else None
        )
        self._in = 0
        self._out = 0

    def process(self, block: Block) -> Block:
        """What comes out for (channels, frames) of input: (channels, any number of frames)."""
        self._in += block.shape[1]
        return self._take(self._convert(block))

    def finish(self) -> Block:
        """The rest, so that the whole has the length of `resampled_length`. Nothing goes in any more."""
        from_hz, to_hz = self._rates
        more = from_hz // to_hz + 2  # soxr rounds the length down; a little silence brings out the last frame
        return self._take(self._convert(np.zeros((self._channels, more)), last=True))

    def _convert(self, block: Block, last: bool = False) -> Block:
        if self._stream is None:
            return block
        return np.asarray(self._stream.resample_chunk(np.ascontiguousarray(block.T), last=last)).T

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
