"""What the spectrum of the whole song betrays: an upper end that was cut off by a lossy codec, and hum of the mains."""
from collections.abc import Iterator

import numpy as np
from scipy.signal import butter, sosfilt

from mastering_rt.measure.bins import Floats, Grown, Steps
from mastering_rt.measure.report import figure
from mastering_rt.qc.bare_hum import HARMONICS, HOP, OFF_HZ, bare_hum, line_of, lines_of
from mastering_rt.qc.finding import Finding

WINDOW = 8192
LEAST_WINDOWS = 20
CUT_FROM_HZ, CUT_TO_HZ = 10000.0, 20400.0    # codecs cut there; over it stand the filters of converters
STEP_HZ = 400.0
STEP_DB = 20.0                   # a mix falls off by a few dB per step, a codec all at once
GONE_DB = 40.0                   # what is left over the cut, under what was just below it; or nothing louder than 16-bit noise
HUM_RATE_HZ = 1500.0
HUM_WINDOW = 4096
MAINS_HZ = (50.0, 60.0)
HUM_LINES = 3
QUIET_SHARE = 0.2                # of the song, its softest parts: music covers hum elsewhere
QUIET_DB = 12.0                  # as much softer than the whole they have to be, or bass is taken for hum


class CutOff:
    """Mean power spectrum of the song; a cliff in its upper end."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate = rate_hz
        self._rest = np.zeros((channels, 0))
        self._power, self._windows = np.zeros(WINDOW // 2 + 1), 0
        self._shape = np.blackman(WINDOW)

    def feed(self, block: Floats) -> None:
        seen = np.concatenate([self._rest, block], axis=1)
        whole = seen.shape[1] // WINDOW * WINDOW
        if whole:
            pieces = seen[:, :whole].reshape(len(seen), -1, WINDOW) * self._shape
            self._power += (np.abs(np.fft.rfft(pieces)) ** 2).sum(axis=(0, 1))
            self._windows += whole // WINDOW
        self._rest = seen[:, whole:]

    def end(self) -> Iterator[Finding]:
        top_hz = min(CUT_TO_HZ, 0.46 * self._rate)
        if self._windows < LEAST_WINDOWS or top_hz <= CUT_FROM_HZ:
            return
        hz = np.arange(len(self._power)) * self._rate / WINDOW
        level_db = 10 * np.log10(np.maximum(self._power / self._windows, 1e-30))
        width = round(STEP_HZ * WINDOW / self._rate)
        smooth = np.convolve(level_db, np.ones(width) / width, "same")
        places = np.flatnonzero((hz >= CUT_FROM_HZ) & (hz <= top_hz))
        step_db = smooth[places - width] - smooth[places + width]
        worst = int(np.argmax(step_db))
        cut, step = places[worst], float(step_db[worst])
        above = smooth[cut + width:round(0.49 * WINDOW)]
        if step < STEP_DB or not len(above) or float(above.max()) > smooth[cut - width] - STEP_DB:
            return
        yield Finding(kind="upper_band_cut", time_s=0.0, duration_s=self._windows * WINDOW / self._rate, size=float(hz[cut]), unit="Hz",
                      severity="look", channel="both",
                      text=f"Nothing is left over {hz[cut] / 1000:.1f} kHz, where the level falls by {step:.0f} dB at once, as a lossy "
                           "codec leaves it. Ask for the original.")


class Hum:
    """Lines of 50 or 60 Hz and their harmonics: in the softest fifth of the song, or where nothing else sounds."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._every = max(1, int(rate_hz / HUM_RATE_HZ))
        self._rate = rate_hz / self._every
        self._filter = butter(8, 0.4 * self._rate, "lowpass", fs=rate_hz, output="sos") if self._every > 1 else None
        self._memory = np.zeros((0 if self._filter is None else len(self._filter), 2))
        self._at = 0
        self._kept: list[Floats] = []
        self._steps, self._energy = Steps(HOP * self._every), Grown()        # of the whole sound, not only of its lows

    def feed(self, block: Floats) -> None:
        low = block.mean(axis=0)
        self._energy.append(self._steps.feed(low * low))
        if self._filter is not None:
            low, self._memory = sosfilt(self._filter, low, zi=self._memory)
        self._kept.append(low[-self._at % self._every::self._every].astype(np.float32))
        self._at += len(low)

    def end(self) -> Iterator[Finding]:
        wave: Floats = np.concatenate(self._kept or [np.zeros(0)])
        yield from list(self._in_soft_parts(wave)) or self._bare(wave)

    def _in_soft_parts(self, wave: Floats) -> Iterator[Finding]:
        count = len(wave) // HUM_WINDOW
        if not count:
            return
        shape = np.blackman(HUM_WINDOW)
        pieces = wave[:count * HUM_WINDOW].reshape(count, HUM_WINDOW)
        loudness = (pieces ** 2).sum(axis=1)
        sounding = np.flatnonzero(loudness > 0)
        quiet = sounding[np.argsort(loudness[sounding])[:max(1, round(QUIET_SHARE * len(sounding)))]]
        quiet = quiet[loudness[quiet] < loudness.mean() * 10 ** (-QUIET_DB / 10)]
        if not len(quiet):
            return
        level_db = 20 * np.log10(np.maximum(np.median(lines_of(pieces[quiet] * shape), axis=0) * 2 / shape.sum(), 1e-12))
        for mains_hz in MAINS_HZ:
            yield from self._lines(level_db, mains_hz, len(wave) / self._rate)

    def _bare(self, wave: Floats) -> Iterator[Finding]:
        energy = self._energy.values / self._every
        soft = float(energy.mean()) / HOP * 10 ** (-QUIET_DB / 10) if len(energy) else 0.0
        for mains_hz in MAINS_HZ:
            found = bare_hum(wave, self._rate, energy, soft, mains_hz)
            if found is not None:
                yield Finding(kind="hum", time_s=found.start_s, duration_s=found.duration_s, size=max(found.lines_dbfs), unit="dBFS",
                              severity="look", channel="both",
                              text=f"Hum of {mains_hz:.0f} Hz in {len(found.lines_dbfs)} lines, the strongest at "
                                   f"{figure(max(found.lines_dbfs), 0, '')[0]} dBFS, lies bare here. Narrow notches take it out; better is a "
                                   "mix without it.")

    def _lines(self, level_db: Floats, mains_hz: float, duration_s: float) -> Iterator[Finding]:
        found = [level for k in range(1, HARMONICS + 1) if (level := line_of(level_db, self._rate, k * mains_hz, k * OFF_HZ)) is not None]
        if len(found) >= HUM_LINES:
            yield Finding(kind="hum", time_s=0.0, duration_s=duration_s, size=max(found), unit="dBFS", severity="look", channel="both",
                          text=f"Hum of {mains_hz:.0f} Hz with {len(found)} of its harmonics, the strongest at {max(found):.0f} dBFS, in the soft "
                               "parts. Narrow notches take it out; better is a mix without it.")
