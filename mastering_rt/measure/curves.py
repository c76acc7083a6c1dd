"""What the processors do at rest, for the window to draw: the equaliser over frequency, compressor and clipper over level."""
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dsp_core.design.clip_curve import clip_curve_db
from dsp_core.design.compressor_curve import static_curve_db
from dsp_core.design.response import band_response_db, response_db

Floats = NDArray[np.float64]
Values = Mapping[str, float]


class EqCurves:
    """Magnitudes of the equaliser at one sample rate. NaN at and over half the rate, where there is no sound."""

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def whole_db(self, values: Values, hz: Floats) -> dict[str, Sequence[float]]:
        """dB of the whole stage for a signal that is only "mid", "side", "left" or "right"."""
        return dict(response_db(values, self.rate, hz))

    def band_db(self, number: int, values: Values, hz: Floats) -> Sequence[float]:
        """dB of one band, 1-based, by itself, as if it were switched on."""
        found: Sequence[float] = band_response_db(number, values, self.rate, hz)
        return found


def compressor_db(values: Values, levels_db: Floats) -> Sequence[float]:
    """Steady output of the compressor for steady input, make-up included."""
    found: Sequence[float] = static_curve_db(values, levels_db)
    return found


def clipper_db(values: Values, levels_db: Floats) -> Sequence[float]:
    """Output of the clipper's curve for levels of its input, drive included."""
    found: Sequence[float] = clip_curve_db(values, levels_db)
    return found
