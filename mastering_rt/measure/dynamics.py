"""Peaks against loudness, level, balance and offset of a programme. What cannot be measured is None."""
import math

import numpy as np

from mastering_rt.measure.bins import Bins, Floats, sliding_max
from mastering_rt.measure.loudness import ABSOLUTE_GATE_LUFS, SHORT_TERM_BINS, short_term_lufs, weighted_energy

FLOOR_DBFS = -180.0              # under this a figure is rounding, not sound
CORRELATION_FLOOR_DBFS = -70.0   # with both channels under this a correlation meter rests at 0


def dbfs(magnitude: float) -> float | None:
    """Level of a linear magnitude; None for silence."""
    level = 20 * math.log10(magnitude) if magnitude > 0 else -math.inf
    return level if FLOOR_DBFS < level < math.inf else None


def difference_db(upper: float | None, lower: float | None) -> float | None:
    """upper - lower where both could be measured: PLR is true peak less integrated loudness, crest sample peak less RMS."""
    return None if upper is None or lower is None else upper - lower


def rms_dbfs(energy: float, samples: int) -> float | None:
    """Level of the root mean square; a full-scale sine reads -3.01 dBFS."""
    return dbfs(math.sqrt(energy / samples)) if samples else None


def psr_db(bins: Bins) -> Floats:
    """Peak to short-term loudness: true peak of the last 3 s less loudness of the last 3 s, 10 ms apart.

    [i] ends with bin i + 299; NaN where the loudness is under -70 LUFS.
    """
    return peak_to_loudness_db(sliding_max(bins["true_peak"].max(axis=1), SHORT_TERM_BINS),
                               short_term_lufs(weighted_energy(bins), bins["frames"]))


def peak_to_loudness_db(peaks: Floats, loudness_lufs: Floats) -> Floats:
    """Linear peaks over loudness; NaN where the loudness is under -70 LUFS, and where no peaks were measured."""
    audible = (loudness_lufs > ABSOLUTE_GATE_LUFS) & (peaks > 0)
    ratio = np.full(len(peaks), np.nan)
    ratio[audible] = 20 * np.log10(peaks[audible]) - loudness_lufs[audible]
    return ratio


def correlation_now(bins: Bins) -> float:
    """What a correlation meter shows for the last bins it is given (20 to 40 of them, 200 to 400 ms).

    +1 for identical channels, -1 for inverted ones, 0 where both are under -70 dBFS.
    """
    left, right = bins["energy"].sum(axis=0)
    floor = bins["frames"].sum() * 10 ** (CORRELATION_FLOOR_DBFS / 10)
    return correlation(bins["cross"].sum(), left, right) if max(left, right) >= floor > 0 else 0.0


def correlation(cross: float, left_energy: float, right_energy: float) -> float:
    """+1 for identical channels, -1 for inverted ones, 0 where one of them is silent."""
    product = math.sqrt(left_energy) * math.sqrt(right_energy)
    return max(-1.0, min(1.0, float(cross) / product)) if product > 0 else 0.0
