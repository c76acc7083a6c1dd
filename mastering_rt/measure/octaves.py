"""A programme in octave bands: level, side over mid and crest of each, as it comes and in constant memory.

Bands with the magnitude of a Butterworth band-pass (48 dB per octave on either side) between the edges of the preferred octaves of
IEC 61260, the top one open at its upper end; without phase, so that a crest is that of the music and not of the filter. Each is made from
the spectrum of some seconds and only as finely in time as it needs.
"""
from dataclasses import dataclass
from math import ceil, log2, log10, sqrt

import numpy as np
from numpy.typing import NDArray

from mastering_rt.measure.bins import Floats
from mastering_rt.measure.later import fft

Spectrum = NDArray[np.complex128]
CENTRES_HZ = (31.5, 63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0)
HALF_OCTAVE = sqrt(2.0)
ORDER = 8                        # of each edge
WINDOW_FRAMES = 131072           # at 44.1 and 48 kHz; longer in powers of two above
GUARD = 16                       # this part of a window at either end only serves the filters: 0.19 s, where the lowest one has fallen by 40 dB
FINE = 8                         # points per period of a band's upper edge, where the song has as many
FLOOR_DB = -120.0                # under this a band holds rounding and the skirts of its neighbours


@dataclass(frozen=True)
class Octave:
    """level_db: RMS of both channels, a full-scale sine reading -3; side_mid_db and crest_db None where there is nothing to compare."""

    centre_hz: float
    level_db: float | None
    side_mid_db: float | None
    crest_db: float | None


def centres_for(rate_hz: int) -> tuple[float, ...]:
    """The bands that a sample rate has room for: those whose centre it holds."""
    return tuple(centre for centre in CENTRES_HZ if centre < 0.45 * rate_hz)


class _Band:
    """One band: its filter on the bins that matter, and what was found."""

    def __init__(self, centre_hz: float, top: bool, rate_hz: int, window: int, channels: int) -> None:
        low, high = centre_hz / HALF_OCTAVE, centre_hz * HALF_OCTAVE
        self.points = window
        while not top and self.points * rate_hz / window > 2 * FINE * high and self.points > 2 * GUARD:
            self.points //= 2
        hz = np.arange(self.points // 2 + 1) * (rate_hz / window)
        with np.errstate(divide="ignore"):
            power = 1 / (1 + (low / hz) ** (2 * ORDER))
        self.filter = np.sqrt(power if top else power / (1 + (hz / high) ** (2 * ORDER))) * (self.points / window)
        self.centre_hz = centre_hz
        self.energy, self.cross, self.peak = np.zeros(channels), 0.0, 0.0

    def take(self, spectrum: Spectrum, first: float, last: float) -> None:
        """The part of a window between two shares of its length."""
        sound = fft.irfft(spectrum[:, :len(self.filter)] * self.filter, n=self.points, axis=1)
        kept = sound[:, round(first * self.points):round(last * self.points)]
        self.energy += np.einsum("ij,ij->i", kept, kept)
        self.cross += float(kept[0] @ kept[-1])
        self.peak = max(self.peak, float(np.abs(kept).max(initial=0.0)))


class OctaveMeter:
    """Feed (1 or 2, frames) float64 blocks; `read` once, when the programme is over."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._channels = channels
        self._window = WINDOW_FRAMES * 2 ** max(0, ceil(log2(rate_hz / 48000)))
        self._guard = self._window // GUARD
        centres = centres_for(rate_hz)
        self._bands = [_Band(centre, centre == centres[-1], rate_hz, self._window, channels) for centre in centres]
        self._waiting = np.zeros((channels, self._window))
        self._filled = self._guard
        self._frames = 0

    def feed(self, block: Floats) -> None:
        """Take the next frames."""
        done = 0
        self._frames += block.shape[1]
        while done < block.shape[1]:
            n = min(self._window - self._filled, block.shape[1] - done)
            self._waiting[:, self._filled:self._filled + n] = block[:, done:done + n]
            self._filled, done = self._filled + n, done + n
            if self._filled == self._window:
                self._take_window(self._window - self._guard)

    def _take_window(self, last: int) -> None:
        """What lies behind the guard and before frame `last`; the rest is looked at with the next window."""
        spectrum = fft.rfft(self._waiting, axis=1)
        for band in self._bands:
            band.take(spectrum, self._guard / self._window, last / self._window)
        kept = 2 * self._guard
        self._waiting[:, :kept] = self._waiting[:, self._window - kept:].copy()
        self._waiting[:, kept:] = 0
        self._filled = kept

    def read(self) -> tuple[Octave, ...]:
        """Every band, lowest first."""
        while self._filled > self._guard:
            last = min(self._filled, self._window - self._guard)
            rest = self._filled - last
            self._take_window(last)
            self._filled = self._guard + rest
        return tuple(self._octave(band) for band in self._bands)

    def _octave(self, band: _Band) -> Octave:
        points = self._frames * band.points / self._window
        power = float(band.energy.mean()) / points if points else 0.0
        if power <= 10 ** (FLOOR_DB / 10):
            return Octave(band.centre_hz, None, None, None)
        level = 10 * log10(power)
        return Octave(band.centre_hz, level, self._side_mid_db(band), 20 * log10(band.peak) - level)

    def _side_mid_db(self, band: _Band) -> float | None:
        """None for mono, and where mid or side is silent."""
        if self._channels == 1:
            return None
        both, cross = float(band.energy.sum()), 2 * band.cross
        mid, side = both + cross, both - cross
        least = both * 10 ** (FLOOR_DB / 10)
        return 10 * log10(side / mid) if mid > least and side > least else None
