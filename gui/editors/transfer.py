"""What a compressor does to a steady level, as numbers: knee, ratio, make-up. No Qt.

Gain computer after Giannoulis, Massberg, Reiss, JAES 60(6), 2012.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from dsp_core.params import params_of

Floats = NDArray[np.float64]
PARAMS = {p.id: p for p in params_of("compressor")}


@dataclass(frozen=True)
class Transfer:
    """The static curve of a compressor's settings."""

    threshold_db: float
    ratio: float
    knee_db: float
    makeup_db: float

    @classmethod
    def of(cls, values: Mapping[str, float]) -> "Transfer":
        """From parameter values; automatic make-up gives back half of what a full-scale signal loses."""
        def value(name: str) -> float:
            return values.get(name, PARAMS[name].default)
        ratio = value("ratio")
        plain = cls(value("threshold"), inf if ratio >= PARAMS["ratio"].high else ratio, value("knee"), 0.0)
        automatic = float(plain.reduction_db(np.zeros(1))[0]) / 2 if value("auto_makeup") >= 0.5 else 0.0
        return cls(plain.threshold_db, plain.ratio, plain.knee_db, value("makeup") + automatic)

    def reduction_db(self, level_db: Floats) -> Floats:
        """Gain reduction, dB >= 0, of steady levels."""
        over, slope, knee = level_db - self.threshold_db, 1 - 1 / self.ratio, max(self.knee_db, 1e-9)
        bend = slope * np.square(np.clip(over + knee / 2, 0, knee)) / (2 * knee)
        return np.asarray(bend + slope * np.maximum(over - knee / 2, 0))

    def output_db(self, level_db: Floats) -> Floats:
        """Steady level after the compressor."""
        return level_db - self.reduction_db(level_db) + self.makeup_db
