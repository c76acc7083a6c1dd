"""How loud how long: percentiles and histograms of momentary and short-term loudness over a programme."""
import numpy as np

from mastering_rt.measure.bins import Floats
from mastering_rt.measure.loudness import ABSOLUTE_GATE_LUFS, lufs

PERCENTILES = (5, 10, 25, 50, 75, 90, 95)


def loud_part(mean_squares: Floats) -> Floats:
    """Loudness of those windows that are over the absolute gate of -70 LUFS."""
    loudness = lufs(mean_squares)
    audible: Floats = loudness[loudness > ABSOLUTE_GATE_LUFS]
    return audible


def percentiles_lufs(mean_squares: Floats) -> dict[str, float] | None:
    """{"5": ... "95": ...}: the loudness that this share of the time stays under; None where nothing is over the gate."""
    loudness = loud_part(mean_squares)
    if not len(loudness):
        return None
    return {str(share): _percentile(loudness, share / 100) for share in PERCENTILES}


def _percentile(values: Floats, share: float) -> float:
    """Between the two neighbours in rank, as `np.percentile` has it, which loads a quarter of numpy first."""
    at = share * (len(values) - 1)
    low = int(at)
    ranked = np.partition(values, (low, min(low + 1, len(values) - 1)))
    return float(ranked[low] + (at - low) * (ranked[min(low + 1, len(values) - 1)] - ranked[low]))


def histogram(mean_squares: Floats, low_lufs: float = -60.0, high_lufs: float = 0.0, step_lu: float = 1.0) -> Floats:
    """Share of the time over the gate that the loudness spent in each step from `low_lufs` up; what is outside counts at the ends."""
    loudness = np.clip(loud_part(mean_squares), low_lufs, high_lufs - 1e-9)
    counts, _ = np.histogram(loudness, round((high_lufs - low_lufs) / step_lu), (low_lufs, high_lufs))
    shares: Floats = counts / max(1, len(loudness))
    return shares
