"""Hum of the mains where nothing else sounds: before the first note, or in a rest."""
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mastering_rt.measure.bins import Floats
from mastering_rt.qc.runs import Runs

WINDOW, HOP = 1024, 512          # of some 1500 samples per second
HARMONICS = 8
NEAR_HZ = 5.0                    # as far as a window of 0.7 s can tell
LINES_SHARE, LOWS_SHARE = 0.9, 0.8           # of the power that lies in the lines, of all sound that lies in the lows
STEADY = 1.4                     # power of a window against that of the others; a bass note dies away
OFF_HZ = 0.3                     # of the mains; the nearest notes of a bass are 49.0, 51.9, 58.3 and 61.7 Hz
LINE_DB, BESIDE_HZ = 15.0, (3.0, 9.0)
FINER = 8                        # so many points for each that a window has
FLOOR_DBFS = -100.0
LEAST_LINES = 2                  # one alone may be a test tone


@dataclass(frozen=True)
class BareHum:
    """Where it lies bare, and the level of each line."""

    mains_hz: float
    start_s: float
    duration_s: float
    lines_dbfs: tuple[float, ...]


def bare_hum(lows: Floats, rate_hz: float, energy: Floats, softer_than: float, mains_hz: float) -> BareHum | None:
    """The longest such place of a song. lows: mono, at about 1500 Hz; energy: of the whole sound, sums over as many frames as make HOP samples
    of the lows, in samples of the lows; softer_than: the mean power of a window that can be called soft."""
    count = min(len(lows) // HOP, len(energy)) - 1
    if count < 1:
        return None
    pieces = np.stack([lows[HOP * k:HOP * k + WINDOW] for k in range(count)]).astype(np.float64)
    power, whole = (pieces ** 2).sum(axis=1), energy[:count] + energy[1:count + 1]
    spectrum = np.abs(np.fft.rfft(pieces * np.blackman(WINDOW))) ** 2
    share = spectrum[:, _lines(mains_hz, rate_hz)].sum(axis=1) / np.maximum(spectrum.sum(axis=1), 1e-300)
    bare = (share > LINES_SHARE) & (power > LOWS_SHARE * whole) & (power > 0) & (power < softer_than * WINDOW)
    for first, last in sorted(steady(bare, power), key=lambda place: place[0] - place[1]):
        part = lows[HOP * first:HOP * last + WINDOW].astype(np.float64)
        lines = [level for k in range(1, HARMONICS + 1) if (level := line_dbfs(part, rate_hz, k * mains_hz, k * OFF_HZ)) is not None]
        if len(lines) >= LEAST_LINES:
            return BareHum(mains_hz, HOP * first / rate_hz, len(part) / rate_hz, tuple(lines))
    return None


def _lines(mains_hz: float, rate_hz: float) -> Floats:
    hz = np.fft.rfftfreq(WINDOW, 1 / rate_hz)
    near: Floats = np.any([np.abs(hz - k * mains_hz) <= NEAR_HZ for k in range(1, HARMONICS + 1)], axis=0)
    return near


def steady(bare: np.ndarray[tuple[int], np.dtype[np.bool_]], power: Floats) -> Iterator[tuple[int, int]]:
    """(first, last) of two windows and more in a row that are bare and about equally strong."""
    runs = Runs(2)
    for start, count in (*runs.feed(bare), *runs.end()):
        middle = float(np.median(power[start:start + count]))
        same = (power[start:start + count] < STEADY * middle) & (power[start:start + count] > middle / STEADY)
        inner = Runs(2)
        yield from ((start + first, start + first + length - 1) for first, length in (*inner.feed(same), *inner.end()))


def line_dbfs(wave: Floats, rate_hz: float, hz: float, off_hz: float) -> float | None:
    """Level of a line; None where there is none, or at another frequency."""
    shape = np.blackman(len(wave))
    return line_of(20 * np.log10(np.maximum(lines_of(wave * shape) * 2 / shape.sum(), 1e-12)), rate_hz, hz, off_hz)


def lines_of(waves: Floats) -> Floats:
    """Magnitudes of waves (..., frames) on a grid so fine that the largest of a line lies within a thirtieth of its width from where the line is."""
    found: Floats = np.abs(np.fft.rfft(waves, FINER * waves.shape[-1]))
    return found


def line_of(level_db: Floats, rate_hz: float, hz: float, off_hz: float) -> float | None:
    """Level of the line at `hz` in a spectrum; None where what is there is no line, or its top lies further off: a note beside it has a flank here."""
    away = np.abs(np.arange(len(level_db)) * (0.5 * rate_hz / (len(level_db) - 1)) - hz)
    beside = (away >= BESIDE_HZ[0]) & (away <= BESIDE_HZ[1])
    place = np.flatnonzero(away <= BESIDE_HZ[0])
    if not len(place) or not beside.any():
        return None
    top = place[int(np.argmax(level_db[place]))]
    level = float(level_db[top])
    right = away[top] <= off_hz and level > FLOOR_DBFS and level - float(np.median(level_db[beside])) > LINE_DB
    return level if right else None
