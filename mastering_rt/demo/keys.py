"""An electric piano."""
import numpy as np

from mastering_rt.demo.score import Note
from mastering_rt.demo.tones import Random, Wave, control_seconds, ease_ends, harmonics, hz_of, phase_of, place, seconds

PARTIALS = 7


def key_note(note: Note) -> Wave:
    """A bell-like strike over a round tone."""
    t = control_seconds(note.length_s + 0.55)
    k = np.arange(1.0, PARTIALS + 1)[:, None]
    hit = note.velocity
    tones = k ** -(2.3 - 1.1 * hit) * np.exp(-t * (0.9 + 0.9 * (k - 1)))
    tones[6:7] += 0.16 * hit * np.exp(-t / 0.06)
    tones *= (1 - np.exp(-t / 0.0025)) * np.where(t < note.length_s, 1.0, np.exp(-(t - note.length_s) / 0.1))
    wave = harmonics(phase_of(np.full(len(t), hz_of(note.pitch))), tones)
    return ease_ends(wave, 0.001, 0.1)


def play_keys(track: Wave, notes: list[Note], rng: Random) -> None:
    """Low keys lean to the left, high ones to the right, as seen by the player; a slow tremolo moves between the sides."""
    for note in notes:
        side = float(np.clip((note.pitch - 72) / 20, -0.5, 0.5)) + rng.normal(0, 0.04)
        place(track, key_note(note), note.start_s, note.velocity, side)
    sway = 0.18 * np.sin(2 * np.pi * 4.4 * seconds(track.shape[1]))
    track *= np.stack([1 + sway, 1 - sway])
