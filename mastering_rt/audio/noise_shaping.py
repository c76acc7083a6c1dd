"""Error feedback that moves the noise of rounding to where the ear is least sensitive, for any sample rate.

The ear's threshold is that of Terhardt (Hearing Research 1, 1979). What minimises the noise weighted by its inverse is the linear
predictor of a sound with that weighting as its spectrum (Levinson's recursion); it is of minimum phase by construction. A cap
on how much weaker the weighting may get keeps the total noise in bounds.
"""
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

POINTS = 1 << 15                 # of the weighting, from 0 to half the sample rate
LOWEST_HZ = 20.0                 # under it the formula's threshold grows without end


@dataclass(frozen=True)
class Shape:
    """One strength of shaping: taps of feedback, and how many dB the weighting may fall under its highest."""

    order: int
    cap_db: float


SHAPES = {"light": Shape(5, 30.0), "standard": Shape(9, 40.0), "strong": Shape(12, 50.0)}


def threshold_db(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Threshold of hearing in quiet, in dB SPL."""
    k = np.maximum(hz, LOWEST_HZ) / 1000
    found: NDArray[np.float64] = 3.64 * k ** -0.8 - 6.5 * np.exp(-0.6 * (k - 3.3) ** 2) + 0.001 * k ** 4
    return found


@cache
def feedback(name: str, sample_rate_hz: int) -> tuple[float, ...]:
    """c[1], c[2], ... of the noise transfer 1 - sum c[k] z^-k; empty for a name that is no shape."""
    if name not in SHAPES:
        return ()
    threshold = threshold_db(np.linspace(0, sample_rate_hz / 2, POINTS + 1))
    kept = np.minimum(threshold, threshold.min() + SHAPES[name].cap_db)
    return _predictor(np.fft.irfft(10 ** (-kept / 10))[:SHAPES[name].order + 1])


def _predictor(correlation: NDArray[np.float64]) -> tuple[float, ...]:
    """Levinson's recursion."""
    taps, error = np.zeros(0), correlation[0]
    for order in range(1, len(correlation)):
        reflection = (correlation[order] - taps @ correlation[order - 1:0:-1]) / error
        taps = np.append(taps - reflection * taps[::-1], reflection)
        error *= 1 - reflection ** 2
    return tuple(float(tap) for tap in taps)


def noise_transfer(taps: "tuple[float, ...]", points: int = POINTS) -> NDArray[np.float64]:
    """|1 - sum c[k] z^-k| from 0 to half the rate, points + 1 values."""
    found: NDArray[np.float64] = np.abs(np.fft.rfft(np.concatenate([[1.0], -np.array(taps)]), 2 * points))
    return found
