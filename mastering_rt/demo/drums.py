"""The drum kit: each hit is made new, so that no two are alike."""
import numpy as np

from mastering_rt.demo.score import Note
from mastering_rt.demo.tones import RATE, Random, Wave, band, ease_ends, fall, frames_of, noise, place, seconds

PANS = {"hat": 0.45, "open": 0.45, "tambourine": -0.55, "crash": -0.25}
CLUSTER_HZ = (3170, 4210, 5330, 6450, 7790, 9130, 10870)          # inharmonic, like a struck plate


def swept_sine(frames: int, from_hz: float, to_hz: float, sweep_s: float) -> Wave:
    hz = to_hz + (from_hz - to_hz) * np.exp(-seconds(frames) / sweep_s)
    return np.sin(2 * np.pi * np.cumsum(hz) / RATE)


def kick(velocity: float, rng: Random) -> Wave:
    n = frames_of(0.42)
    body = swept_sine(n, 150 + 60 * velocity, 49, 0.028) * fall(n, 0.5)
    knock = swept_sine(n, 420, 118, 0.012) * fall(n, 0.16)
    click = noise(n, rng, 1500, 7000) * fall(n, 0.012)
    return ease_ends(body + 0.35 * knock + 0.3 * velocity * click, 0.0004, 0.05)


def snare(velocity: float, rng: Random) -> Wave:
    n = frames_of(0.4)
    tune = rng.normal(1, 0.008)
    head = swept_sine(n, 260 * tune, 186 * tune, 0.02) * fall(n, 0.22)
    head += 0.5 * swept_sine(n, 380 * tune, 331 * tune, 0.01) * fall(n, 0.15)
    wires = noise(n, rng, 1600 - 500 * velocity, 9500) * fall(n, 0.26 + 0.16 * velocity)
    crack = noise(n, rng, 2500, 5200) * fall(n, 0.03)
    return ease_ends(np.tanh(1.5 * head + 0.9 * wires + 0.6 * velocity * crack), 0.0006, 0.05)


def plate(frames: int, rng: Random, low_hz: float) -> Wave:
    """Noise and a cluster of inharmonic partials: the stuff of cymbals."""
    t = seconds(frames)
    ring = sum(np.sin(2 * np.pi * hz * rng.normal(1, 0.01) * t + rng.uniform(0, 2 * np.pi)) for hz in CLUSTER_HZ)
    return band(rng.standard_normal(frames) + 0.35 * ring, low_hz, 16500)


def hat(velocity: float, rng: Random) -> Wave:
    n = frames_of(0.16)
    return ease_ends(plate(n, rng, 6500) * fall(n, 0.07 + 0.07 * velocity), 0.0005, 0.03)


def open_hat(velocity: float, rng: Random) -> Wave:
    n = frames_of(0.5)
    return ease_ends(plate(n, rng, 5500) * fall(n, 0.6), 0.0008, 0.08)


def tambourine(velocity: float, rng: Random) -> Wave:
    n = frames_of(0.2)
    jingle = plate(n, rng, 7200) * (fall(n, 0.16) + 0.6 * np.roll(fall(n, 0.1), frames_of(0.017)))
    return ease_ends(jingle, 0.004, 0.04)


def crash(velocity: float, rng: Random) -> Wave:
    n = frames_of(3.2)
    sides = [plate(n, rng, 2800) * (fall(n, 2.6) + 0.8 * fall(n, 0.5)) for _ in range(2)]
    return ease_ends(np.stack(sides), 0.002, 0.5)


def riser(length_s: float, rng: Random) -> Wave:
    """Noise that swells and brightens into the chorus."""
    n = frames_of(length_s)
    rise = seconds(n) / length_s
    sides = [noise(n, rng, 700, 2500) * rise ** 2 + noise(n, rng, 2500, 11000) * rise ** 3.5 for _ in range(2)]
    return ease_ends(np.stack(sides), 0.1, 0.02)


LOUDNESS = {"kick": 0.9, "snare": 0.62, "ghost": 0.5, "hat": 0.36, "open": 0.34, "tambourine": 0.2, "crash": 0.11, "riser": 0.1}
SOUNDS = {"kick": kick, "snare": snare, "ghost": snare, "hat": hat, "open": open_hat, "tambourine": tambourine, "crash": crash}


def play_drums(track: Wave, notes: list[Note], rng: Random, sounds: tuple[str, ...]) -> None:
    """Add the hits of the named sounds to a stereo track."""
    for note in (n for n in notes if n.sound in sounds):
        wave = riser(note.length_s, rng) if note.sound == "riser" else SOUNDS[note.sound](note.velocity, rng)
        place(track, wave, note.start_s, LOUDNESS[note.sound] * note.velocity, PANS.get(note.sound, 0.0))
