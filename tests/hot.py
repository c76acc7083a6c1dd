"""Signals that are hard on a true-peak limiter. All give (2, frames) float64, peaks near full scale, seeded, their band ending at `edge`."""
import numpy as np

QUIET = 1200                             # frames of silence at either end; longer than any look-ahead
FADE = 0.01                              # share of the sample rate over which a band ends


def band_limited(x, edge):
    """x, periodic, without anything over `edge` (share of the sample rate); 0.5 leaves it as it is."""
    if edge >= 0.5:
        return x
    f = np.fft.rfftfreq(x.shape[-1])
    return np.fft.irfft(np.fft.rfft(x) * np.clip((edge - f) / FADE, 0, 1), x.shape[-1])


def white(frames, rate, rng):
    return rng.standard_normal((2, frames)) * 0.3


def random_signs(frames, rate, rng):
    return rng.choice([-1.0, 1.0], (2, frames))


def square(frames, rate, rng):
    t = np.arange(frames) / rate
    return np.stack([np.sign(np.sin(2 * np.pi * hz * t + 0.1)) for hz in (997.0, 1511.0)])


def quarter_rate_bursts(frames, rate, rng):
    n = np.arange(frames)
    wave = np.sin(np.pi / 2 * n + np.pi / 4) * (n // 500 % 3 == 0)
    return np.stack([wave, np.roll(wave, 137)])


def impulses(frames, rate, rng):
    x = np.zeros((2, frames))
    for channel in x:
        for at in rng.integers(0, frames - 4, frames // 300):
            run = rng.integers(1, 4)
            channel[at:at + run] += rng.choice([-1.0, 1.0], run)
    return x


def pulsing_treble(frames, rate, rng):
    t = np.arange(frames) / rate
    return np.stack([np.sin(2 * np.pi * 15100 * t + phase) * (0.5 + 0.5 * np.sin(2 * np.pi * 37 * t)) for phase in (0, 1)])


def drums(frames, rate, rng):
    x = 0.05 * rng.standard_normal((2, frames))
    for start in range(0, frames, rate // 5):
        n = np.arange(min(rate // 6, frames - start))
        kick = np.sin(2 * np.pi * (50 * n / rate + 3 * np.exp(-n / (0.01 * rate)))) * np.exp(-n / (0.06 * rate))
        x[:, start:start + len(n)] += 0.8 * kick + 0.5 * rng.standard_normal((2, len(n))) * np.exp(-n / (0.008 * rate))
    return x


SIGNALS = {f.__name__: f for f in (white, random_signs, square, quarter_rate_bursts, impulses, pulsing_treble, drums)}


def hot(name, rate=48000, seconds=1.0, edge=0.5, seed=1):
    """The signal `name`, scaled so that its samples just reach full scale, with silence at both ends so that none of it is cut off."""
    x = SIGNALS[name](int(seconds * rate), rate, np.random.default_rng(seed))
    x[:, :QUIET] = x[:, -QUIET:] = 0
    x = band_limited(x, edge)
    return x / np.max(np.abs(x))
