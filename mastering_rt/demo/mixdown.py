"""The mix: levels, rooms, and the two faults a mastering engineer is to find (too much around 150 Hz and 3.3 kHz)."""
import operator
from collections.abc import Callable, Iterator

import numpy as np
from scipy.fft import irfft, rfft
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import sosfilt

from mastering_rt.demo import bass, drums, keys, pads, score, voice
from mastering_rt.demo.room import in_room, room_response
from mastering_rt.demo.tones import RATE, Random, Wave, band, ease_ends, frames_of, gain_of

DEFAULT_SEED = score.DEFAULT_SEED
LOWEST_RATE, HIGHEST_RATE = 8000, 384000

LEVEL_DB = {"kick": -9.0, "snare": -5.0, "cymbals": -7.5, "bass": -13.5,
            "keys": -26.0, "pads": -26.0, "voice": -23.0, "harmony": -29.0}
HALL_SEND_DB = {"snare": -14.0, "keys": -10.0, "pads": -9.0, "voice": -8.0, "harmony": -6.0}
ROOM_SEND_DB = {"kick": -22.0, "snare": -9.0, "cymbals": -14.0}
SONG_GAIN_DB = -3.55         # puts the mix at -18 LUFS; tests/mastering_rt/test_demo.py holds it there
PEAK = gain_of(-3.0)
BOOM = (150.0, 0.9, 6.0)     # Hz, Q, dB
HARSH = (3300.0, 1.0, 6.5)
SILENT_S = 0.75              # digital silence at the very end
STEPS = len(LEVEL_DB) + 3    # every instrument, two rooms, and the mix of them
Progress = Callable[[float], None]


def tracks(seed: int) -> Iterator[tuple[str, Wave]]:
    """Every instrument by itself, (2, frames). Each has its own random numbers, so that one cannot disturb another."""
    written, *hands = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(1 + len(LEVEL_DB)))
    hits, lead = score.drum_notes(written), score.voice_notes(written)
    low, struck = score.bass_notes(written), score.key_notes(written)
    players: dict[str, Callable[[Wave, Random], None]] = {
        "kick": lambda track, rng: drums.play_drums(track, hits, rng, ("kick",)),
        "snare": lambda track, rng: drums.play_drums(track, hits, rng, ("snare", "ghost")),
        "cymbals": lambda track, rng: drums.play_drums(track, hits, rng, ("hat", "open", "tambourine", "crash", "riser")),
        "bass": lambda track, rng: bass.play_bass(track, low, rng),
        "keys": lambda track, rng: keys.play_keys(track, struck, rng),
        "pads": lambda track, rng: pads.play_pads(track, score.bars(), rng),
        "voice": lambda track, rng: voice.play_voice(track, lead, rng),
        "harmony": lambda track, rng: voice.play_voice(track, score.harmony_notes(lead), rng),
    }
    for hand, (name, play) in zip(hands, players.items(), strict=True):
        track = np.zeros((2, frames_of(score.song_s())))
        play(track, hand)
        yield name, track


def unheard(_share: float) -> None:
    """For whoever does not ask how far it is."""


def summed(seed: int, progress: Progress = unheard) -> Wave:
    """All tracks at their levels, and the rooms they send to."""
    dry, hall, room = np.zeros((3, 2, frames_of(score.song_s())))
    for done, (name, track) in enumerate(tracks(seed), 1):
        progress(done / STEPS)
        track *= gain_of(LEVEL_DB[name])
        dry += track
        for bus, levels_db in ((hall, HALL_SEND_DB), (room, ROOM_SEND_DB)):
            if name in levels_db:
                bus += gain_of(levels_db[name]) * track
    rng = np.random.default_rng(seed)
    dry += in_room(hall, room_response((1.9, 1.7, 0.8), 22, rng), 220)
    progress((len(LEVEL_DB) + 1) / STEPS)
    dry += in_room(room, room_response((0.35, 0.4, 0.25), 6, rng), 160)
    progress((len(LEVEL_DB) + 2) / STEPS)
    return dry


def bell(hz: float, q: float, db: float) -> Wave:
    """One second-order section of Bristow-Johnson's peaking filter."""
    w, a = 2 * np.pi * hz / RATE, 10 ** (db / 40)
    alpha = np.sin(w) / (2 * q)
    section = np.array([[1 + alpha * a, -2 * np.cos(w), 1 - alpha * a, 1 + alpha / a, -2 * np.cos(w), 1 - alpha / a]])
    return np.asarray(section / (1 + alpha / a))


def ride_peaks(mix: Wave, peak: float) -> Wave:
    """Turn down the moments that would pass `peak`, over some milliseconds, as a hand on the fader would."""
    n = frames_of(0.006) | 1
    need = np.minimum(1.0, peak / np.maximum(np.max(np.abs(mix), axis=0), 1e-9))
    return np.asarray(mix * uniform_filter1d(minimum_filter1d(need, n), n))


def mix_song(seed: int, progress: Progress = unheard) -> Wave:
    """(2, frames) at RATE."""
    mix = sosfilt(np.concatenate([bell(*BOOM), bell(*HARSH)]), band(summed(seed, progress), 28, None))
    mix = ride_peaks(gain_of(SONG_GAIN_DB) * mix, PEAK)
    end = mix.shape[1] - frames_of(SILENT_S)
    ease_ends(mix[:, :end], 0.0, 0.8)
    mix[:, end:] = 0
    return mix


def demo_mix(rate: int = 44100, seed: int = DEFAULT_SEED, progress: Progress = unheard) -> Wave:
    """The demo mix as (2, frames) at `rate` in Hz: 70 s, -18 LUFS, peaks at -3 dBFS, digital silence at the end.
    `progress` is told what share of it is made, below 1 until it is there.

    The same seed is the same performance at every rate. Above 24 kHz there is nothing: the song is synthesised at 48 kHz.
    Raises ValueError for a rate outside 8 kHz to 384 kHz or a negative seed.
    """
    rate, seed = operator.index(rate), operator.index(seed)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise ValueError(f"the demo mix cannot be made at {rate} Hz; rates from 8000 to 384000 Hz work")
    if seed < 0:
        raise ValueError(f"the seed of the demo mix cannot be {seed}; any whole number from 0 on works")
    return at_rate(mix_song(seed, progress), rate)


def at_rate(mix: Wave, rate: int) -> Wave:
    """The mix at another rate, exact up to 0.92 of the lower Nyquist frequency. Both its ends are silent, so the FFT may wrap."""
    if rate == RATE:
        return mix
    converted = np.stack([_convert(side, mix.shape[1] * rate // RATE) for side in mix])
    converted[:, -int(SILENT_S * rate):] = 0
    return converted


def _convert(side: Wave, frames: int) -> Wave:
    spectrum = rfft(side)
    keep = min(len(spectrum), frames // 2 + 1)
    edge = np.clip((np.arange(keep) / keep - 0.92) / 0.08, 0, 1)
    spectrum = spectrum[:keep] * (0.5 + 0.5 * np.cos(np.pi * edge))
    return np.asarray(irfft(spectrum, frames) * (frames / len(side)))
