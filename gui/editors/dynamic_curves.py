"""The dynamic equaliser's bands as curves: as they stand, with all of their range, and anywhere between. No Qt."""
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from dsp_core.params.dynamic_eq import DYNAMIC_EQ_BANDS, DYNAMIC_EQ_TYPES
from dsp_core.params.eq import EQ_SLOPES, EQ_TYPES
from gui.editors.eq_bands import Band, Response

Floats = NDArray[np.float64]

TYPES = [EQ_TYPES.index(name) for name in DYNAMIC_EQ_TYPES]
SLOPE = EQ_SLOPES.index("12 dB/oct")


class DynamicBand(Band):
    """One that has no gain may still have a range."""

    @property
    def idle(self) -> bool:
        return self.on and not self.used


def band_of(value: Callable[[str], float], number: int) -> Band:
    """A band as the equaliser's pictures take it; one that neither stands nor moves anywhere is idle."""
    head = f"band{number}_"
    moves = value(head + "range") != 0
    return DynamicBand(number, value(head + "on") >= 0.5, TYPES[round(value(head + "type"))], value(head + "freq"), value(head + "gain"), value(head + "q"),
                SLOPE, 0, value(head + "listen") >= 0.5, moves or value(head + "gain") != 0)


class DynamicCurves:
    """The filters are those of the equaliser, so its curves draw them. Each band is worked out anew only when it was changed."""

    def __init__(self, response: Response) -> None:
        self._response = response
        self._hz: Floats = np.empty(0)
        self._known: dict[int, tuple[tuple[object, ...], NDArray[np.float64]]] = {}

    def use(self, response: Response) -> None:
        """Another sample rate."""
        self._response = response
        self._known.clear()

    def at(self, hz: Floats, bands: list[Band], ranges_db: list[float]) -> None:
        """Frequencies and settings of now."""
        if len(hz) != len(self._hz) or not np.array_equal(hz, self._hz):
            self._hz = hz
            self._known.clear()
        for band, range_db in zip(bands, ranges_db, strict=True):
            key = (band.on, band.type, band.freq_hz, band.gain_db, band.q, range_db)
            if self._known.get(band.number, ((), None))[0] != key:
                self._known[band.number] = (key, self._points(band, range_db))

    def set_db(self) -> Floats:
        """All bands as they stand."""
        return self.sum_db(np.zeros(DYNAMIC_EQ_BANDS))

    def sum_db(self, shares: Floats) -> Floats:
        """All bands with this share, 0 to 1, of their ranges."""
        whole = np.zeros(len(self._hz))
        for number, (_, points) in self._known.items():
            s = float(shares[number - 1])
            if len(points) == 1:
                whole += points[0]
            else:
                whole += (1 - s) * (1 - 2 * s) * points[0] + 4 * s * (1 - s) * points[1] + s * (2 * s - 1) * points[2]
        return whole

    def _points(self, band: Band, range_db: float) -> Floats:
        """Without, with half and with all of the range; a parabola goes through them."""
        if not band.on:
            return np.zeros((1, len(self._hz)))
        gains = [band.gain_db] if range_db == 0 else [band.gain_db + share * range_db for share in (0.0, 0.5, 1.0)]
        return np.stack([self._one(band, gain) for gain in gains])

    def _one(self, band: Band, gain_db: float) -> Floats:
        if gain_db == 0:
            return np.zeros(len(self._hz))
        values: Mapping[str, float] = {"band1_type": band.type, "band1_freq": band.freq_hz, "band1_gain": gain_db, "band1_q": band.q, "band1_slope": SLOPE}
        return np.nan_to_num(np.asarray(self._response.band_db(1, values, self._hz), dtype=np.float64))
