"""Every test signal has a name. All give (2, frames) float64, planar, seeded."""
import numpy as np


def noise(frames, rate=48000, level=0.25, seed=1):
    return np.random.default_rng(seed).standard_normal((2, frames)) * level


def sine(frames, rate=48000, hz=997.0, level_dbfs=-1.0, phase=0.0):
    wave = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hz * np.arange(frames) / rate + phase)
    return np.stack([wave, wave])


def impulse(frames, at=0, level=0.25):
    x = np.zeros((2, frames))
    x[:, at] = level
    return x


def programme(frames, rate=48000, seed=3):
    """Music-like: a few partials with a slow envelope, kicks and noise bursts, different in both channels; peaks near 0.8."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames) / rate
    swell = 0.4 + 0.35 * np.sin(2 * np.pi * 0.7 * t)
    x = np.zeros((2, frames))
    for hz in (55.0, 110.3, 220.9, 441.7, 883.1, 3520.3):
        x += 0.12 * swell * np.sin(2 * np.pi * hz * t + rng.uniform(0, 6, (2, 1))) / (1 + hz / 500)
    for start in range(0, frames, max(1, rate // 3)):
        n = min(rate // 6, frames - start)
        fall = np.exp(-np.arange(n) / (0.02 * rate))
        x[:, start:start + n] += fall * (0.4 * np.sin(2 * np.pi * 60 * np.arange(n) / rate) + 0.1 * rng.standard_normal((2, n)))
    return x


def white_random_signs(frames, seed=5):
    return np.random.default_rng(seed).choice([-1.0, 1.0], (2, frames))
