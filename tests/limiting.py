"""What the tests of the limiter share."""
import numpy as np

from dsp_core.params import params_of
from dsp_core.stages import make
from tests.checks import run

RATE = 48000
NAMES = next(p.choices for p in params_of("limiter") if p.id == "character")
CHARACTERS = range(len(NAMES))
TRANSPARENT, PUNCHY, LOUD, SAFE, LOW_LATENCY = CHARACTERS
CLEAN = (TRANSPARENT, PUNCHY, SAFE, LOW_LATENCY)


def limiter(rate=RATE, **values):
    return make("limiter", rate, values)


def both(wave):
    return np.stack([wave, wave])


def tone(hz, seconds=1.0, rate=RATE):
    return np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def gain_of(stage, x):
    """Linear gain that the stage gives to x, wherever x is not small, aligned to x."""
    y = run(stage, np.pad(x, ((0, 0), (0, stage.latency_frames))))[:, stage.latency_frames:]
    return np.where(np.abs(x) > 0.05, y / np.where(x == 0, 1, x), np.nan)
