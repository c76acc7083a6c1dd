"""From float64 to whole numbers of 16, 24 or 32 bits: dither, rounding, the count of what clipped. The last step, once.

TPDF dither is the sum of two independent uniform numbers of one least significant bit each: it makes the mean and the
variance of the error independent of the music (Lipshitz, Wannamaker, Vanderkooy, JAES 40(5), 1992).
"""
import numpy as np
from numpy.typing import NDArray

DITHERS = ("auto", "none", "tpdf")
BLANK_S = 0.05  # digital silence of this length is written as digital silence, without dither
PIECE_FRAMES = 8192  # what stays in the cache
Block = NDArray[np.float64]


class Quantizer:
    """One stream on its way to whole numbers. The result does not depend on how the stream is cut.

    bits: 16, 24 or 32. dither: "tpdf", "none", or "auto": TPDF up to 24 bits, none for 32. The same seed gives the same bits,
    with any version of numpy. `clipped` counts the samples that were cut at full scale.
    """

    def __init__(self, bits: int, channels: int, sample_rate_hz: int, dither: str = "auto", seed: int = 0) -> None:
        if bits not in (16, 24, 32):
            raise ValueError(f"whole numbers have 16, 24 or 32 bits, not {bits}")
        if dither not in DITHERS:
            raise ValueError(f"there is no dither {dither!r}; there are {', '.join(DITHERS)}")
        self.bits = bits
        self.dither = ("tpdf" if bits < 32 else "none") if dither == "auto" else dither
        self.clipped = 0
        self._scale = float(2 ** (bits - 1))
        self._streams = [np.random.SFC64(np.random.SeedSequence([seed, channel])) for channel in range(channels)]
        self._blank_frames = round(BLANK_S * sample_rate_hz)
        self._silent_frames = 0

    def process(self, block: Block) -> NDArray[np.int32]:
        """Whole numbers in units of one least significant bit, (channels, frames), for a block of the same shape."""
        whole = np.empty(block.shape, np.int32)
        for start in range(0, block.shape[1], PIECE_FRAMES):
            piece = slice(start, start + PIECE_FRAMES)
            whole[:, piece] = self._quantized(block[:, piece])
        return whole

    def _quantized(self, block: Block) -> NDArray[np.int32]:
        values = block * self._scale
        if self.dither == "tpdf":
            noise = self._tpdf(block.shape[1])
            noise[:, self._blank(block)] = 0.0
            values += noise
        values += 0.5
        np.floor(values, out=values)
        self.clipped += int(np.count_nonzero((values < -self._scale) | (values > self._scale - 1)))
        np.clip(values, -self._scale, self._scale - 1, out=values)
        return values.astype(np.int32)

    def _tpdf(self, frames: int) -> Block:
        """Two 32-bit uniform numbers from one 64-bit draw of each channel's own generator, added: -1 to +1, mean exactly 0."""
        noise = np.empty((len(self._streams), frames))
        for row, stream in zip(noise, self._streams, strict=True):
            raw = np.asarray(stream.random_raw(frames), dtype=np.uint64)
            np.multiply((raw >> np.uint64(32)) + (raw & np.uint64(0xFFFFFFFF)) + np.uint64(1), 2.0**-32, out=row)
        noise -= 1.0
        return noise

    def _blank(self, block: Block) -> NDArray[np.bool_]:
        """Frames that come after at least 50 ms of digital silence in all channels, and are silent themselves."""
        silent = ~block.any(axis=0)
        frames = np.arange(block.shape[1])
        last_sound = np.maximum.accumulate(np.where(silent, -1 - self._silent_frames, frames))
        run = frames - last_sound
        self._silent_frames = min(int(run[-1]), self._blank_frames + 1)
        return np.asarray(run > self._blank_frames)
