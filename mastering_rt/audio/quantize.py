"""From float64 to whole numbers of 8 to 32 bits: dither, rounding, the count of what clipped. The last step, once.

TPDF dither is the sum of two independent uniform numbers of one least significant bit each: it makes the mean and the
variance of the error independent of the music (Lipshitz, Wannamaker, Vanderkooy, JAES 40(5), 1992). The high-passed one is the
difference of two that follow each other. The shaped ones are TPDF with the error fed back (`noise_shaping`).
"""
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from dsp_core.offline.dither import HIGH_PASSED_TPDF, NONE, TPDF, Rounding
from mastering_rt.audio.noise_shaping import SHAPES, feedback, noise_transfer

DITHERS = ("auto", "none", "tpdf", "highpass", *SHAPES)
DITHER_NAMES = {"auto": "automatic", "none": "none", "tpdf": "TPDF", "highpass": "TPDF, high-passed", "light": "shaped, light",
                "standard": "shaped, standard", "strong": "shaped, strong"}
WHOLE_BITS = (8, 16, 20, 24, 32)
MOST_SHAPED_BITS = 20            # from 24 bits on, plain TPDF lies under every converter's own noise
SHAPED_HZ = (44100, 192000)      # rates with room for the noise over what is heard best, and for which the taps are long enough
BLANK_S = 0.05                   # digital silence of this length is written as digital silence, without dither
PEAK_SIGMAS = 5.0
Block = NDArray[np.float64]


def meant_dither(bits: str, dither: str) -> str:
    """What "auto" means for a word length: TPDF up to 24 bits, none for 32 and for floating point; everything else is what it is."""
    return dither if dither != "auto" else "tpdf" if bits.isdigit() and int(bits) < 32 else "none"


def why_no_dither(bits: str, sample_rate_hz: int, dither: str) -> str:
    """The sentence for a dither that this word length ("16", "32f") or rate cannot have; empty when it can."""
    if dither not in DITHERS:
        return f"There is no dither {dither!r}; choose one of {', '.join(DITHERS)}."
    if not bits.isdigit():
        return "" if dither in ("auto", "none") else (
            f"{bits} is floating point, which is not dithered. Choose none, or whole numbers such as 24 bits.")
    if dither in ("highpass", *SHAPES) and int(bits) > MOST_SHAPED_BITS:
        return (f"{bits} bits take plain TPDF dither only: its noise is under that of every converter, so there is nothing to shape. "
                "Choose tpdf or none, or 16 bits.")
    if dither in SHAPES and not SHAPED_HZ[0] <= sample_rate_hz <= SHAPED_HZ[1]:
        return (f"Noise cannot be shaped at {sample_rate_hz} Hz, only from {SHAPED_HZ[0]} to {SHAPED_HZ[1]} Hz. "
                "Choose tpdf, or another sample rate.")
    return ""


class Quantizer:
    """One stream on its way to whole numbers. The result does not depend on how the stream is cut.

    bits: 8, 16, 20, 24 or 32. dither: one of DITHERS. The same seed gives the same bits, with any version of numpy.
    `clipped` counts the samples that were cut at full scale; `noise_peak` (linear) is as high as the added noise will swing.
    """

    def __init__(self, bits: int, channels: int, sample_rate_hz: int, dither: str = "auto", seed: int = 0) -> None:
        if bits not in WHOLE_BITS:
            raise ValueError(f"whole numbers have 8, 16, 20, 24 or 32 bits, not {bits}")
        problem = why_no_dither(str(bits), sample_rate_hz, dither)
        if problem:
            raise ValueError(problem)
        self.bits = bits
        self.dither = meant_dither(str(bits), dither)
        taps = feedback(self.dither, sample_rate_hz)
        self.noise_peak = PEAK_SIGMAS * noise_rms(self.dither, taps) / 2.0 ** (bits - 1)
        kind = {"none": NONE, "highpass": HIGH_PASSED_TPDF}.get(self.dither, TPDF)
        seeds = np.stack([_random_state(seed, channel) for channel in range(channels)])
        self._rounding = Rounding(2.0 ** (bits - 1), kind, np.array(taps, dtype=np.float64), seeds, round(BLANK_S * sample_rate_hz))

    @property
    def clipped(self) -> int:
        return int(self._rounding.clipped)

    def process(self, block: Block) -> NDArray[np.int32]:
        """Whole numbers in units of one least significant bit, (channels, frames), for a block of the same shape."""
        whole = np.empty(block.shape, np.int32)
        self._rounding.run(np.ascontiguousarray(block, dtype=np.float64), whole)
        return whole


def noise_rms(dither: str, taps: tuple[float, ...]) -> float:
    """Of what rounding adds, in least significant bits: 1/12 of variance, with dither 1/4, all of it through the noise transfer."""
    variance = 1 / 12 if dither == "none" else 1 / 4
    return sqrt(variance * float(np.mean(noise_transfer(taps) ** 2)))


def _random_state(seed: int, channel: int) -> NDArray[np.uint64]:
    state = np.random.SFC64(np.random.SeedSequence([seed, channel])).state
    return np.asarray(state["state"]["state"], dtype=np.uint64)
