"""Rooms: a few early reflections and a tail of noise that loses its highs first."""
import numpy as np
from scipy.signal import oaconvolve

from mastering_rt.demo.tones import Random, Wave, band, ease_ends, fall, frames_of

BANDS_HZ: tuple[tuple[float | None, float | None], ...] = ((None, 500), (500, 4000), (4000, None))


def room_response(t60_s: tuple[float, float, float], before_ms: float, rng: Random) -> Wave:
    """(2, frames) impulse response; `t60_s` for below 500 Hz, to 4 kHz, and above; unit energy per side."""
    n = frames_of(1.15 * max(t60_s))
    sides = []
    for _ in range(2):
        white = rng.standard_normal(n)
        tail = np.sum([band(white, *edges, order=1) * fall(n, t60) for edges, t60 in zip(BANDS_HZ, t60_s, strict=True)], axis=0)
        at = frames_of(1e-3 * before_ms)
        tail[:at] = 0
        for reflection_ms in rng.uniform(0.3, 1.6, 7) * before_ms:
            tail[frames_of(1e-3 * reflection_ms)] += rng.choice([-1, 1]) * rng.uniform(4, 12)
        sides.append(ease_ends(tail, 0, 0.1 * max(t60_s)) / np.sqrt(np.sum(tail ** 2)))
    return np.stack(sides)


def in_room(track: Wave, response: Wave, low_hz: float) -> Wave:
    """The sound of the room alone, same length as the track; nothing below `low_hz`, where rooms only blur."""
    wet = np.stack([oaconvolve(side, answer)[:track.shape[1]] for side, answer in zip(track, response, strict=True)])
    return band(wet, low_hz, None)
