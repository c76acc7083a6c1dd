"""Where one file lies against another version of the same song: an older master, another encoding, a file with silence before it.

Coarsely by a whitened cross-correlation of both whole songs at about 2 kHz, then to the sample by the phases of a dozen windows
together (generalised cross-correlation with phase transform: Knapp and Carter 1976). Level, equalisation, compression and polarity
move no phase that all bands share, so they move no peak. How alike the two are is told by their coherence at the place found: of
another song it is what chance gives.
"""
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mastering_rt.measure.later import fft, signal

COARSE_HZ = 2000
COARSE_LOW_HZ = 60.0
WINDOW_S = 3.0
WINDOWS = 16
LOW_HZ, HIGH_HZ = 300.0, 10000.0             # below, filters turn phases; above, encoders leave nothing
LEAST_S = 6.0                                # that both have; less says too little
REACH_S = 0.1                                # of the fine search: what the coarse one may be off, and a drift over one window
SAME, PERHAPS = 0.3, 0.15                    # coherence; chance gives 0
STEADY_FRAMES = 2.0                          # places in the song may differ by so much before speeds differ

Floats = NDArray[np.float64]
Check = Callable[[], None]


@dataclass(frozen=True)
class Alignment:
    """offset_frames: the frame of the other one that sounds with frame 0 of the song. coherence: 0 to 1. drift_frames: by how much the
    end of the song lies elsewhere than its beginning. inverted: the other one has the opposite polarity."""

    offset_frames: int
    coherence: float
    drift_frames: float
    inverted: bool

    @property
    def same(self) -> bool:
        """The same song, and at the same speed."""
        return self.coherence >= SAME and abs(self.drift_frames) <= STEADY_FRAMES

    def sentence(self, rate_hz: int) -> str:
        """What was found, for a person."""
        if self.coherence < PERHAPS:
            return "These are not the same song; nothing was aligned."
        if abs(self.drift_frames) > STEADY_FRAMES:
            return (f"This is the same song at another speed: over its length it drifts by {abs(self.drift_frames) / rate_hz:.3f} s. "
                    "It cannot be aligned as a whole.")
        if self.coherence < SAME:
            return "These may be the same song, but not surely enough to align them; set the offset by hand."
        ms = 1000 * self.offset_frames / rate_hz
        where = "at the same place" if self.offset_frames == 0 else f"{abs(ms):.2f} ms {'later' if ms > 0 else 'earlier'}"
        return f"The same song, {where}{', with opposite polarity' if self.inverted else ''}."


def align(song: NDArray[np.floating], other: NDArray[np.floating], rate_hz: int, check: Check = lambda: None) -> Alignment:
    """Both (2, frames) at `rate_hz`. `check` may raise to stop it."""
    a, b = _mono(song), _mono(other)
    step = max(1, rate_hz // COARSE_HZ)
    coarse = _coarse_offset(_thinned(a, step), _thinned(b, step), rate_hz / step) * step
    check()
    length = round(WINDOW_S * rate_hz)
    starts = _loud_windows(a, len(b), coarse, length)
    if not len(starts):
        return Alignment(coarse, 0.0, 0.0, False)
    return _fine(a, b, coarse, starts, length, rate_hz, check)


def _mono(planes: NDArray[np.floating]) -> Floats:
    """Left and right together; where they cancel, the left alone."""
    both: Floats = planes.mean(axis=0, dtype=np.float64)
    left: Floats = planes[0].astype(np.float64)
    return both if np.dot(both, both) > 0.05 * np.dot(left, left) else left


def _thinned(x: Floats, step: int) -> Floats:
    found: Floats = signal.resample_poly(x, 1, step) if step > 1 else x
    return found


def _coarse_offset(a: Floats, b: Floats, rate_hz: float) -> int:
    """By the whitened correlation of the whole."""
    size = fft.next_fast_len(len(a) + len(b), real=True)
    cross = fft.rfft(b, size) * np.conj(fft.rfft(a, size))
    magnitude = np.abs(cross)
    cross /= np.maximum(magnitude, 1e-3 * magnitude.mean() + 1e-300)
    cross[:round(COARSE_LOW_HZ / rate_hz * size)] = 0
    peaks = np.abs(fft.irfft(cross, size))
    at = int(peaks.argmax())
    return at if at < len(b) else at - size


def _loud_windows(a: Floats, frames_b: int, offset: int, length: int) -> NDArray[np.intp]:
    """Starts of windows of the song that both have, spread over all of it, the louder half of them."""
    first, last = max(0, -offset), min(len(a), frames_b - offset) - length
    if last - first < (LEAST_S / WINDOW_S - 1) * length:
        return np.zeros(0, np.intp)
    starts = np.unique(np.linspace(first, last, 2 * WINDOWS).astype(np.intp))
    power = np.array([np.dot(a[s:s + length], a[s:s + length]) for s in starts])
    kept = np.sort(np.argsort(power)[-WINDOWS:])
    found: NDArray[np.intp] = starts[kept][power[kept] > 1e-12 * length]
    return found


def _fine(a: Floats, b: Floats, coarse: int, starts: NDArray[np.intp], length: int, rate_hz: int, check: Check) -> Alignment:
    reach = round(REACH_S * rate_hz)
    size = fft.next_fast_len(length + 2 * reach, real=True)
    hz = np.arange(size // 2 + 1) * (rate_hz / size)
    band = (hz >= LOW_HZ) & (hz <= min(HIGH_HZ, 0.45 * rate_hz))
    window = np.hanning(length)
    spectra = []
    for start in starts:
        check()
        spectra.append(fft.rfft(_piece(a, int(start), length) * window, size) * 1.0)
    crosses = [np.where(band, fft.rfft(_piece(b, int(start) + coarse - reach, length + 2 * reach), size) * np.conj(spectrum), 0)
               for start, spectrum in zip(starts, spectra)]
    together = fft.irfft(sum(_whitened(cross) for cross in crosses), size)[:2 * reach + 1]
    at = int(np.abs(together).argmax())
    offset = coarse - reach + at
    coherence = _coherence(a, b, offset, starts, length, band, size)
    return Alignment(offset, coherence, _drift(crosses, starts, size, reach, at), bool(together[at] < 0))


def _piece(x: Floats, start: int, length: int) -> Floats:
    """Part of a song, with silence outside of it."""
    piece = np.zeros(length)
    first, last = max(0, start), min(len(x), start + length)
    if last > first:
        piece[first - start:last - start] = x[first:last]
    return piece


def _whitened(cross: NDArray[np.complex128]) -> NDArray[np.complex128]:
    magnitude = np.abs(cross)
    found: NDArray[np.complex128] = cross / np.maximum(magnitude, 1e-3 * magnitude.mean() + 1e-300)
    return found


def _coherence(a: Floats, b: Floats, offset: int, starts: NDArray[np.intp], length: int, band: NDArray[np.bool_], size: int) -> float:
    """Mean over the band of |sum of cross spectra|^2 over the product of the powers, less what chance gives; windows at equal weight."""
    window = np.hanning(length)
    cross, power_a, power_b = 0.0, 0.0, 0.0
    for start in starts:
        x = fft.rfft(_piece(a, int(start), length) * window, size)[band]
        y = fft.rfft(_piece(b, int(start) + offset, length) * window, size)[band]
        level = 1.0 / max(float(np.mean(np.abs(x) ** 2)), 1e-300), 1.0 / max(float(np.mean(np.abs(y) ** 2)), 1e-300)
        cross = cross + y * np.conj(x) * np.sqrt(level[0] * level[1])
        power_a, power_b = power_a + np.abs(x) ** 2 * level[0], power_b + np.abs(y) ** 2 * level[1]
    by_chance = 1 / float(min(len(starts), 1 + (starts[-1] - starts[0]) / length))
    found = float(np.mean(np.abs(cross) ** 2 / np.maximum(power_a * power_b, 1e-300)))
    return max(0.0, (found - by_chance) / (1 - by_chance))


def _drift(crosses: list[NDArray[np.complex128]], starts: NDArray[np.intp], size: int, reach: int, at: int) -> float:
    """From the first window to the last, by a line through the place of each."""
    if len(starts) < 3:
        return 0.0
    places = np.array([np.abs(fft.irfft(_whitened(cross), size)[:2 * reach + 1]).argmax() for cross in crosses], dtype=np.float64)
    steady = np.abs(places - np.median(places)) <= reach / 2
    if np.mean(np.abs(places - at) <= STEADY_FRAMES) >= 0.5 or steady.sum() < 3:
        return 0.0
    slope = np.polyfit(starts[steady], places[steady], 1)[0]
    return float(slope * (starts[-1] - starts[0]))
