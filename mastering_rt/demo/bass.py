"""The bass: a plucked string."""
import numpy as np

from mastering_rt.demo.score import Note
from mastering_rt.demo.tones import Random, Wave, control_seconds, ease_ends, fall, harmonics, hz_of, noise, phase_of, place

PARTIALS = 14


def bass_note(note: Note, rng: Random) -> Wave:
    """The upper harmonics die first, the pitch settles after the pluck."""
    t = control_seconds(note.length_s + 0.08)
    k = np.arange(1.0, PARTIALS + 1)[:, None]
    bright = 0.55 + 0.45 * note.velocity
    tones = k ** -(2.1 - 0.7 * bright) * np.exp(-t * (0.5 + 0.9 * k)) * (1 - np.exp(-t / 0.004))
    tones *= np.abs(np.sin(0.21 * np.pi * k))
    wave = harmonics(phase_of(hz_of(note.pitch) * (1 + 0.006 * np.exp(-t / 0.03))), tones)
    pluck = noise(len(wave), rng, 700, 3000) * fall(len(wave), 0.028)
    return ease_ends(wave + 0.05 * note.velocity * pluck, 0.002, 0.06)


def play_bass(track: Wave, notes: list[Note], rng: Random) -> None:
    for note in notes:
        place(track, bass_note(note, rng), note.start_s, note.velocity)
