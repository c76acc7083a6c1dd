"""What every instrument is made of: sums of harmonics, shaped noise, envelopes, and a place in a track.

Everything is synthesised at one rate; the finished mix is converted once, so that the song is the same at every rate.
"""
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

Wave = NDArray[np.float64]   # (frames,), or (2, frames) for stereo
Random = np.random.Generator

RATE = 48000                 # Hz, of the synthesis
STEP = 64                    # frames between two points of a control track
CHUNK = 64 * STEP            # frames summed at a time, so that they stay in the cache


def frames_of(length_s: float) -> int:
    return round(length_s * RATE)


def hz_of(pitch: float) -> float:
    """Equal temperament, MIDI numbers: 69 is 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


def gain_of(db: float) -> float:
    return float(10.0 ** (db / 20))


def seconds(frames: int) -> Wave:
    return np.arange(frames, dtype=np.float64) / RATE


def control_seconds(length_s: float) -> Wave:
    """Times of the points of a control track."""
    return seconds(frames_of(length_s) // STEP) * STEP


def fall(frames: int, t60_s: float) -> Wave:
    """Exponential decay that has lost 60 dB after `t60_s`."""
    return np.asarray(1e-3 ** (seconds(frames) / t60_s))


def ease_ends(wave: Wave, rise_s: float, release_s: float) -> Wave:
    """Raised-cosine fades at both ends of the last axis, in place."""
    for n, part in ((frames_of(rise_s), np.s_[..., :]), (frames_of(release_s), np.s_[..., ::-1])):
        n = min(n, wave.shape[-1])
        wave[part][..., :n] *= 0.5 - 0.5 * np.cos(np.pi * (np.arange(n) + 0.5) / max(n, 1))
    return wave


@lru_cache(maxsize=64)
def _band_filter(low_hz: float | None, high_hz: float | None, order: int) -> Wave:
    if low_hz is None:
        return np.asarray(butter(order, high_hz, "lowpass", fs=RATE, output="sos"))
    if high_hz is None:
        return np.asarray(butter(order, low_hz, "highpass", fs=RATE, output="sos"))
    return np.asarray(butter(order, (low_hz, high_hz), "bandpass", fs=RATE, output="sos"))


def band(wave: Wave, low_hz: float | None, high_hz: float | None, order: int = 2) -> Wave:
    """Butterworth band of `wave` along the last axis; None leaves that side open."""
    return np.asarray(sosfilt(_band_filter(low_hz, high_hz, order), wave))


def noise(frames: int, rng: Random, low_hz: float | None = None, high_hz: float | None = None) -> Wave:
    """White noise of unit power per sample, cut to a band."""
    white = rng.standard_normal(frames)
    return white if low_hz is None and high_hz is None else band(white, low_hz, high_hz)


def phase_of(hz: Wave) -> Wave:
    """Running phase in radians of a control track of frequencies, one value per STEP frames."""
    points = np.arange(len(hz)) * STEP
    per_frame = np.interp(np.arange(len(hz) * STEP), points, hz)
    return np.cumsum(per_frame) * (2 * np.pi / RATE)


def harmonics(phase: Wave, amplitudes: Wave) -> Wave:
    """Sum of amplitudes[k] sin((k + 1) phase) by Clenshaw's recurrence; one column of amplitudes per STEP frames."""
    out = np.empty(len(phase))
    rise = np.diff(amplitudes, axis=1, append=amplitudes[:, -1:])
    ramp = np.arange(STEP) / STEP
    for start in range(0, len(phase), CHUNK):
        here, points = np.s_[start:start + CHUNK], np.s_[:, start // STEP:(start + CHUNK) // STEP]
        levels = (amplitudes[points][..., None] + rise[points][..., None] * ramp).reshape(len(amplitudes), -1)
        turn = 2 * np.cos(phase[here])
        last = before = np.zeros_like(turn)
        for level in levels[::-1]:
            level += turn * last
            level -= before
            last, before = level, last
        out[here] = last * np.sin(phase[here])
    return out


def place(track: Wave, wave: Wave, start_s: float, level: float = 1.0, pan: float = 0.0) -> None:
    """Add a mono or stereo wave to a stereo track; what lies before its start or after its end is cut.

    Pan has constant power, from -1 (left) to 1 (right); in the middle both sides get the wave as it is.
    """
    at = frames_of(start_s)
    skip = max(0, -at)
    n = min(wave.shape[-1] - skip, track.shape[1] - max(at, 0))
    angle = (pan + 1) * np.pi / 4
    sides = level * np.sqrt(2) * np.array([[np.cos(angle)], [np.sin(angle)]])
    if n > 0:
        track[:, max(at, 0):max(at, 0) + n] += sides * wave[..., skip:skip + n]
