"""Believable data for the demo page and the painting benchmark: a song in sections, its limiter, its spectra. Seeded."""
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp_core.params import params_of
from dsp_core.params.common import PLACEMENTS
from dsp_core.params.eq import EQ_SLOPES
from gui.editors.eq_bands import (
    BAND_PASS,
    BELL,
    FIRST_ORDER,
    HIGH_CUT,
    HIGH_SHELF,
    LEFT,
    LOW_CUT,
    LOW_SHELF,
    MID,
    NOTCH,
    RIGHT,
    SIDE,
    STEREO,
    TILT,
    Band,
    bands_of,
)
from gui.plots.song_data import Finding, Series
from mastering_rt.measure.overview import Overview

Floats = NDArray[np.float64]

RATE = 8000
SONG_S = 227.0
SECTIONS = ((0.0, 0.03), (16.0, 0.40), (57.5, 0.78), (89.0, 0.42), (125.0, 0.80), (157.0, 0.24), (178.0, 0.78), (216.0, 0.30), (226.0, 0.02))
LOOP_S = (125.2, 146.1)
POSITION_S = 133.709


@dataclass(frozen=True)
class DemoSong:
    """Mix and master as overviews, their short-term loudness, the reduction, findings."""

    frames: int
    mix: Overview
    master: Overview
    mix_lufs: Series
    master_lufs: Series
    reduction: Series
    findings: list[Finding]


def demo_song(seed: int = 11) -> DemoSong:
    """A song of 3:47 with quiet and loud sections; the master is 6 dB louder and limited to −1 dBFS."""
    mix = programme(seed)
    driven = np.abs(mix).max(axis=0) * 2.1
    hop = RATE // 20
    blocks = driven[:len(driven) // hop * hop].reshape(-1, hop).max(axis=1)
    needed = np.maximum(0, 20 * np.log10(np.maximum(blocks, 1e-9)) + 1.0)
    reduction = fallen(needed, 0.72)
    gain = np.repeat(10 ** (-reduction / 20), hop)
    master = mix[:, :len(gain)] * 2.1 * gain
    findings = [Finding(round(114.6 * RATE), "Flat top, 13 samples"), Finding(round(162.0 * RATE), "Lows out of phase, −5.6 dB in mono", act=True)]
    return DemoSong(mix.shape[1], Overview.of(mix, RATE), Overview.of(master, RATE), short_term(mix, -2.0), short_term(master, -2.0),
                    Series(reduction, hop), findings)


def programme(seed: int) -> Floats:
    """(2, frames): kicks, a sustained bed and snares whose weight follows the sections."""
    rng = np.random.default_rng(seed)
    frames = int(SONG_S * RATE)
    t = np.arange(frames) / RATE
    weight = np.interp(t, *np.array([(s + d, w) for (s, w), (_, v) in zip(SECTIONS, ((0, 0), *SECTIONS[:-1]), strict=True)
                                     for d, w in ((0.0, v), (0.35, w))]).T)
    beat = t * 2.0 % 1.0
    kick = np.exp(-beat * 9) * np.sin(2 * np.pi * 58 * t)
    snare = np.exp(-((t * 2.0 + 1.0) % 2.0) * 7) * rng.standard_normal(frames) * 0.35
    swell = 0.8 + 0.2 * np.sin(2 * np.pi * 0.11 * t) + 0.08 * np.repeat(rng.standard_normal(frames // 800 + 1), 800)[:frames]
    bed = 0.16 * swell * rng.standard_normal((2, frames))
    hit = np.repeat(0.55 + 0.45 * rng.random(frames // (RATE // 2) + 1), RATE // 2)[:frames]
    sound: Floats = weight * (0.52 * kick * hit + 0.5 * snare * hit + 1.15 * bed)
    return np.clip(sound, -0.93, 0.93)


def fallen(needed: Floats, keep: float) -> Floats:
    """Instant attack, exponential release."""
    out = np.empty_like(needed)
    level = 0.0
    for i, value in enumerate(needed):
        level = max(value, level * keep)
        out[i] = level
    return out


def short_term(planes: Floats, offset_db: float) -> Series:
    """Power over 3 s every 0.1 s; unknown for the first 3 s. Close enough to LUFS for a picture."""
    hop = RATE // 10
    power = np.square(planes[:, :planes.shape[1] // hop * hop]).mean(axis=0).reshape(-1, hop).mean(axis=1) * 2
    total = np.cumsum(np.concatenate([[0.0], power]))
    values = np.full(len(power), np.nan)
    values[30:] = 10 * np.log10(np.maximum((total[31:] - total[1:-30]) / 30, 1e-9)) + offset_db
    return Series(values, hop)


class AnalogResponse:
    """The analogue prototypes that the equaliser is designed after; mid and side, or left and right, but not both at once."""

    def whole_db(self, values: Mapping[str, float], hz: Floats) -> dict[str, Floats]:
        """Sum of the bands on each channel."""
        bands = [b for b in bands_of(values) if b.on]
        return {PLACEMENTS[c].lower(): sum((band_db(b, hz) for b in bands if b.channel in (STEREO, c)), np.zeros(len(hz)))
                for c in (MID, SIDE, LEFT, RIGHT)}

    def band_db(self, number: int, values: Mapping[str, float], hz: Floats) -> Floats:
        """One band by itself."""
        return band_db(bands_of(values)[number - 1], hz)


def band_db(band: Band, hz: Floats) -> Floats:
    """dB of one band's analogue prototype; a cut is a Butterworth of its slope, at 12 dB/oct with the band's Q."""
    s = 1j * hz / band.freq_hz
    if band.type == LOW_CUT or band.type == HIGH_CUT:
        return cut_db(band, s if band.type == HIGH_CUT else 1 / s)
    if band.type == TILT:
        half = dataclasses.replace(band, type=HIGH_SHELF, slope=FIRST_ORDER)
        return band_db(half, hz) - band.gain_db / 2
    if band.type in (LOW_SHELF, HIGH_SHELF):
        return shelf_db(band, s if band.type == HIGH_SHELF else 1 / s)
    a, q = 10 ** (band.gain_db / 40), band.q
    if band.type == BELL:
        h = (s * s + s * a / q + 1) / (s * s + s / (a * q) + 1)
    elif band.type == NOTCH:
        h = (s * s + 1) / (s * s + s / q + 1)
    elif band.type == BAND_PASS:
        h = s / q / (s * s + s / q + 1)
    else:
        h = np.ones(len(s))
    return np.asarray(20 * np.log10(np.maximum(np.abs(h), 1e-9)))


def shelf_db(band: Band, s: NDArray[np.complexfloating]) -> Floats:
    """A high shelf at the normalised frequency `s`; Butterworth but for 12 dB/oct, which has the band's Q."""
    order, gain = order_of(band), 10 ** (band.gain_db / 20)
    if order != 2:
        x = np.abs(s) ** (2 * order)
        return np.asarray(10 * np.log10(gain * gain * (x + 1 / gain) / (x + gain)))
    a = np.sqrt(gain)
    root = np.sqrt(a) / band.q * s
    return np.asarray(20 * np.log10(np.abs(a * (a * s * s + root + 1) / (s * s + root + a))))


def order_of(band: Band) -> int:
    """Of a cut or shelf: 6 dB/oct each."""
    return int(EQ_SLOPES[band.slope].split()[0]) // 6


def cut_db(band: Band, s: NDArray[np.complexfloating]) -> Floats:
    """A low-pass prototype at the normalised frequency `s`."""
    order = order_of(band)
    if order == 2:
        return np.asarray(-20 * np.log10(np.abs(s * s + s / band.q + 1)))
    return np.asarray(-10 * np.log10(1 + np.abs(s) ** (2 * order)))


DEMO_EQ = {"band1_type": LOW_CUT, "band1_freq": 27, "band2_type": LOW_SHELF, "band2_freq": 78, "band2_gain": 1.1, "band3_freq": 214,
           "band3_gain": -2.4, "band3_q": 0.9, "band4_freq": 640, "band4_gain": -0.7, "band4_q": 1.2, "band4_channel": MID,
           "band5_on": 0, "band5_freq": 1650, "band5_gain": 0.9, "band6_freq": 3350, "band6_gain": -1.8, "band6_q": 1.4,
           "band7_type": HIGH_SHELF, "band7_freq": 8200, "band7_gain": 1.4, "band7_channel": SIDE, "band8_type": HIGH_SHELF,
           "band8_freq": 12500, "band8_gain": 1.6}


def demo_spectra(points: int = 400, seed: int = 4) -> tuple[Floats, Floats, Floats]:
    """Frequencies and two believable averaged spectra, mix and master, with slope."""
    rng = np.random.default_rng(seed)
    hz = np.geomspace(20, 20000, points)
    octave = np.log2(hz / 1000)
    rough = np.convolve(rng.standard_normal(points + 40), np.hanning(20) / 7, "same")[20:-20]
    body = -46 + 1.0 * octave - 16 / (1 + (hz / 38) ** 6) - 30 / (1 + (hz / 30) ** 5) + 4.5 * rough * np.interp(octave, (-6, -1, 1, 4), (1.2, 1.0, 0.5, 0.15))
    body = body + 7 * np.exp(-((octave + 3.9) / 0.5) ** 2) + 2.5 * np.exp(-((octave - 4.2) / 0.8) ** 2)
    gentle = np.convolve(rng.standard_normal(points + 80), np.hanning(60) / 20, "same")[40:-40]
    return hz, body, body + 1.1 * gentle + 0.35 * octave - 0.2


def demo_compressor(seconds: float = 8.0, record_s: float = 1 / 250, seed: int = 3) -> tuple[Floats, Floats, Floats]:
    """Records (input, output, detector, reduction) of a slow compressor on a beat, and a histogram: levels, counts."""
    rng = np.random.default_rng(seed)
    count = int(seconds / record_s)
    t = np.arange(count) * record_s
    beat = t * 1.25 % 1.0
    rough = np.convolve(rng.standard_normal(count + 12), np.hanning(7) / 3, "same")[6:-6]
    slow = np.convolve(rng.standard_normal(count + 400), np.hanning(200) / 60, "same")[200:-200]
    level = -12 + 7 * np.exp(-beat * 9) + 3.5 * np.exp(-((t * 2.5 + 0.4) % 1.0) * 10) + 1.3 * rough + 0.8 * slow
    detector = smoothed(level - 10.5, 0.93)
    reduction = fallen(static_reduction_db(detector, -22.5, 1.6, 8.0), 0.9955)
    levels = np.arange(-42.0, 0.0, 1.0)
    counts, _ = np.histogram(detector, np.arange(-42.5, 0.0, 1.0))
    return np.stack([level, level - reduction + 1.0, detector, reduction], axis=1), levels, counts.astype(np.float64)


def demo_limiter(seconds: float = 6.0, record_s: float = 1 / 250, seed: int = 6) -> Floats:
    """Records (output peak, true peak, reduction) of a limiter at −1 dB that takes up to 4 dB off the beat."""
    rng = np.random.default_rng(seed)
    count = int(seconds / record_s)
    t = np.arange(count) * record_s
    hit = 0.7 + 0.3 * rng.random(int(seconds * 1.6) + 2)[(t * 1.6).astype(int)]
    rough = np.convolve(rng.standard_normal(count + 8), np.hanning(5) / 2, "same")[4:-4]
    wanted = -4.2 + hit * (6.5 * np.exp(-(t * 1.6 % 1.0) * 6) + 3.0 * np.exp(-((t * 3.2 + 0.55) % 1.0) * 7)) + 1.0 * rough
    reduction = fallen(np.maximum(0.0, wanted + 1.0), 0.962)
    output = np.minimum(wanted - reduction, -1.0)
    return np.stack([output, np.minimum(output + 0.02, -1.0), reduction], axis=1)


def smoothed(values: Floats, keep: float) -> Floats:
    """One-pole average."""
    out, level = np.empty_like(values), float(values[0])
    for i, value in enumerate(values):
        level = keep * level + (1 - keep) * float(value)
        out[i] = level
    return out


def static_reduction_db(level_db: Floats, threshold_db: float, ratio: float, knee_db: float) -> Floats:
    """Gain reduction of steady levels, dB >= 0 (Giannoulis, Massberg, Reiss, JAES 60(6), 2012)."""
    over, slope, knee = level_db - threshold_db, 1 - 1 / ratio, max(knee_db, 1e-9)
    bend = slope * np.square(np.clip(over + knee / 2, 0, knee)) / (2 * knee)
    return np.asarray(bend + slope * np.maximum(over - knee / 2, 0))


def static_curve_db(values: Mapping[str, float], levels_db: Floats) -> Floats:
    """Steady output for steady input of the compressor with these values; half of the full-scale loss back with automatic make-up."""
    p = {x.id: values.get(x.id, x.default) for x in params_of("compressor")}
    settings = (p["threshold"], p["ratio"] if p["ratio"] < 100 else np.inf, p["knee"])
    automatic = float(static_reduction_db(np.zeros(1), *settings)[0]) / 2 if p["auto_makeup"] else 0.0
    return levels_db - static_reduction_db(levels_db, *settings) + p["makeup"] + automatic


def clip_db(values: Mapping[str, float], levels_db: Floats) -> Floats:
    """A hard clipper with these values."""
    p = {x.id: values.get(x.id, x.default) for x in params_of("clipper")}
    return np.asarray(np.minimum(levels_db + p["gain"], p["ceiling"]))
