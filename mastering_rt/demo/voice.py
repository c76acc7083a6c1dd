"""A voice-like lead: harmonics of a moving pitch under the formants of moving vowels, with breath and consonants.

Formants of seven vowels: averages of women in Peterson and Barney, "Control methods used in a study of the vowels", 1952.
They shape the harmonics as a cascade of resonances (Klatt 1980).
"""
import numpy as np
from scipy.ndimage import gaussian_filter1d

from mastering_rt.demo.score import Note
from mastering_rt.demo.tones import (
    RATE,
    STEP,
    Random,
    Wave,
    control_seconds,
    ease_ends,
    frames_of,
    harmonics,
    noise,
    phase_of,
    place,
)

FORMANTS_HZ = {"a": (850, 1220, 2810), "æ": (860, 2050, 2850), "e": (610, 2330, 2990), "i": (310, 2790, 3310),
               "o": (590, 920, 2710), "r": (500, 1640, 1960), "u": (370, 950, 2670)}
UPPER_FORMANTS_HZ = (3900.0, 4950.0)
BANDWIDTHS_HZ = (90.0, 110.0, 150.0, 220.0, 300.0)
TOP_HZ = 10500.0             # harmonics above are left to the breath
PHRASE_GAP_S = 0.3           # a longer pause ends a phrase
LEAD_IN_S = 0.12             # of a phrase, for the first consonant
TAIL_S = 0.25

POINTS_PER_S = RATE / STEP


def phrases(notes: list[Note]) -> list[list[Note]]:
    """Notes sung in one breath."""
    found: list[list[Note]] = []
    for note in sorted(notes):
        if found and note.start_s - (found[-1][-1].start_s + found[-1][-1].length_s) < PHRASE_GAP_S:
            found[-1].append(note)
        else:
            found.append([note])
    return found


def smooth(track: Wave, ms: float) -> Wave:
    return np.asarray(gaussian_filter1d(track, 1e-3 * ms * POINTS_PER_S, axis=-1, mode="nearest"))


class Phrase:
    """Control tracks of one phrase, one value per STEP frames."""

    def __init__(self, notes: list[Note], rng: Random):
        self.notes, self.rng = notes, rng
        self.start_s = notes[0].start_s - LEAD_IN_S
        self.t = self.start_s + control_seconds(notes[-1].start_s + notes[-1].length_s + TAIL_S - self.start_s)
        self.points = len(self.t)
        starts = np.array([n.start_s for n in notes])
        self.which = np.clip(np.searchsorted(starts, self.t, side="right") - 1, 0, len(notes) - 1)
        self.since = np.maximum(0.0, self.t - starts[self.which])

    def of_notes(self, values: list[float]) -> Wave:
        return np.asarray(values, dtype=np.float64)[self.which]

    def hz(self) -> Wave:
        """Glides from note to note, scoops into the first, vibrato on what is held, and a hand that is never quite still."""
        pitch = smooth(self.of_notes([n.pitch for n in self.notes]), 22)
        scoop = -self.of_notes([1.1 if i == 0 else self.rng.choice([0.0, 0.35]) for i in range(len(self.notes))])
        held = np.clip((self.since - 0.22) / 0.35, 0, 1) * self.of_notes([min(1.0, n.length_s / 0.8) for n in self.notes])
        beat = 5.3 + 0.25 * smooth(self.rng.standard_normal(self.points), 300) * np.sqrt(300)
        vibrato = 0.32 * held * np.sin(2 * np.pi * np.cumsum(beat) / POINTS_PER_S + self.rng.uniform(0, 6))
        drift = 0.9 * smooth(self.rng.standard_normal(self.points), 60)
        semitones = pitch + smooth(scoop * np.exp(-self.since / 0.07), 10) + vibrato + drift
        return np.asarray(440 * 2 ** ((semitones - 69) / 12))

    def level(self) -> Wave:
        """Each syllable speaks, swells a little and gives way to the next."""
        length = self.of_notes([n.length_s for n in self.notes])
        sung = (self.t >= self.notes[0].start_s) & (self.since < length - 0.02)
        shape = 0.75 + 0.25 * np.sin(np.pi * np.clip(self.since / length, 0, 1)) - 0.45 * np.exp(-self.since / 0.03)
        tremble = 1 + 0.5 * smooth(self.rng.standard_normal(self.points), 40)
        return np.maximum(0.0, smooth(sung * shape * self.of_notes([n.velocity for n in self.notes]), 14)) * tremble

    def formants_hz(self) -> Wave:
        """(5, points)"""
        moving = np.array([FORMANTS_HZ[n.sound[-1]] for n in self.notes], dtype=np.float64)[self.which].T
        upper = np.repeat(np.array(UPPER_FORMANTS_HZ)[:, None], self.points, axis=1)
        return np.concatenate([smooth(moving, 28), upper])


def resonance(hz: Wave, formants_hz: Wave) -> Wave:
    """Magnitude of the cascade at `hz`, (harmonics, points); 1 at 0 Hz."""
    gain = np.ones_like(hz)
    for centre, width in zip(formants_hz, BANDWIDTHS_HZ, strict=True):
        gain *= centre ** 2 / np.sqrt((centre ** 2 - hz ** 2) ** 2 + (width * hz) ** 2)
    return gain


def sung(phrase: Phrase) -> Wave:
    hz, level = phrase.hz(), phrase.level()
    k = np.arange(1, int(TOP_HZ / hz.min()) + 1)[:, None]
    each = k * hz
    loud = level / max(level.max(), 1e-9)
    tones = k ** -(1.1 - 0.3 * loud) * resonance(each, phrase.formants_hz()) * np.clip((TOP_HZ - each) / 1500, 0, 1)
    tones *= level * np.sum(tones ** 2, axis=0) ** -0.35
    phase = phase_of(hz)
    wave = harmonics(phase, tones)
    air = noise(len(wave), phrase.rng, 2200, 11000) * (1 + 0.6 * np.cos(phase))
    return wave + 0.035 * np.interp(np.arange(len(wave)), np.arange(phrase.points) * STEP, level) * air


def consonant(letter: str, rng: Random) -> tuple[Wave, float]:
    """A burst of noise and how long before the vowel it starts, in seconds."""
    if letter == "s":
        return 0.11 * ease_ends(noise(frames_of(0.1), rng, 5200, 10500), 0.03, 0.03), 0.09
    if letter == "t":
        return 0.2 * ease_ends(noise(frames_of(0.03), rng, 2800, 8000), 0.001, 0.025), 0.035
    if letter == "h":
        return 0.07 * ease_ends(noise(frames_of(0.1), rng, 700, 4500), 0.03, 0.05), 0.07
    return np.zeros(0), 0.0


def inhaled(rng: Random) -> Wave:
    n = frames_of(0.34)
    return 0.022 * ease_ends(noise(n, rng, 900, 5500) * (0.3 + 0.7 * np.arange(n) / n), 0.12, 0.07)


def play_voice(track: Wave, notes: list[Note], rng: Random) -> None:
    """Add the sung notes to a stereo track, in the middle."""
    for group in phrases(notes):
        phrase = Phrase(group, rng)
        place(track, sung(phrase), phrase.start_s)
        place(track, inhaled(rng), group[0].start_s - 0.5)
        for note in group:
            burst, before_s = consonant(note.sound[:-1], rng)
            place(track, burst, note.start_s - before_s, note.velocity)
