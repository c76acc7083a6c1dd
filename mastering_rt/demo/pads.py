"""Pads: many players holding a chord, made from a spectrum at once (Nasca's PADsynth method)."""
import numpy as np
from scipy.fft import irfft

from mastering_rt.demo.score import BEAT_S, BEATS, Bar
from mastering_rt.demo.tones import RATE, Random, Wave, ease_ends, frames_of, hz_of, place

TOP_HZ = 12000.0
WIDTH_CENTS = 22.0           # spread of one harmonic; about that of six players in unison
LEVEL = {"intro": 0.9, "verse": 0.5, "lift": 0.65, "chorus": 0.85, "outro": 0.9}
BRIGHT = {"intro": 0.25, "verse": 0.3, "lift": 0.5, "chorus": 0.8, "outro": 0.3}


def pad_spectrum(pitches: tuple[int, ...], frames: int, bright: float) -> Wave:
    """Magnitudes of an ensemble: each harmonic is a bell of many detuned players."""
    hz = np.arange(frames // 2 + 1) * RATE / frames
    power = np.zeros(len(hz))
    for pitch in pitches:
        base = hz_of(pitch)
        for k in range(1, int(TOP_HZ / base) + 1):
            spread = k * base * (2 ** (WIDTH_CENTS / 1200) - 1)
            near = np.s_[max(0, int((k * base - 5 * spread) * frames / RATE)):int((k * base + 5 * spread) * frames / RATE) + 2]
            level = k ** -(1.6 - 0.8 * bright) / (1 + (k * base / (1100 + 3400 * bright)) ** 2)
            power[near] += level ** 2 / spread * np.exp(-((hz[near] - k * base) / spread) ** 2)
    return np.sqrt(power)


def pad_chord(pitches: tuple[int, ...], length_s: float, bright: float, rng: Random) -> Wave:
    """(2, frames) of unit power: the same players heard from two sides, alike below and different above."""
    n = 2 * (frames_of(length_s) // 2)
    magnitude = pad_spectrum(pitches, n, bright)
    apart = np.clip(np.arange(len(magnitude)) * RATE / n / 500, 0, 1) * 0.62
    middle = rng.uniform(-np.pi, np.pi, len(magnitude))
    sides = [middle + sign * apart * rng.uniform(-np.pi, np.pi, len(magnitude)) for sign in (-1, 1)]
    wave = np.stack([irfft(magnitude * np.exp(1j * angle), n) for angle in sides])
    return np.asarray(wave / np.sqrt(np.mean(wave ** 2)))


def play_pads(track: Wave, bars: list[Bar], rng: Random) -> None:
    """One chord per bar, overlapping into the next; the chorus adds the octave."""
    for bar in bars:
        pitches = bar.chord.tones + (tuple(p + 12 for p in bar.chord.tones) if bar.section == "chorus" else ())
        last = bar.section == "outro" and bar.number == bar.bars - 1
        length_s = BEATS * BEAT_S + (1.2 if last else 0.5)
        wave = ease_ends(pad_chord(pitches, length_s, BRIGHT[bar.section], rng), 0.35, 1.4 if last else 0.5)
        place(track, wave, bar.start_s - 0.1, LEVEL[bar.section])
