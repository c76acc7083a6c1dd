"""What the tests of dynamics processors share: sounds whose level jumps, and the gain that a stage gives them."""
import numpy as np

from dsp_core.params import index_of
from dsp_core.stages import make
from tests.checks import db, run

RATE = 48000
TOP_RATIO = 100


def compressor(rate=RATE, **values):
    return make("compressor", rate, values)


def turn(stage, param_id, value):
    stage.set(index_of(stage.kind, param_id), value)


def steady(seconds, level_dbfs, rate=RATE):
    """A signal whose magnitude stands still, so that output over input is the gain of every frame."""
    x = np.full((2, round(seconds * rate)), 10 ** (level_dbfs / 20))
    x[:, 1::2] *= -1
    return x


def steps(*parts, rate=RATE):
    """Magnitude that jumps: parts are (seconds, dBFS)."""
    return np.concatenate([steady(seconds, level, rate) for seconds, level in parts], axis=1)


def reduction(stage, x):
    """Gain reduction in dB of every frame of the left channel, for sounds without zeros."""
    return -db(run(stage, x)[0] / x[0])


def frames_until(curve, start, level):
    """Frames after `start` at which the curve first passes `level`, between frames."""
    rising = curve[start] < level
    passed = int(np.argmax((curve[start:] > level) == rising))
    before, after = curve[start + passed - 1], curve[start + passed]
    return passed - 1 + (level - before) / (after - before)


def residue_dbfs(y, above_hz=3000):
    """Peak of what lies above a frequency, read away from both ends."""
    spectrum = np.fft.rfft(y * np.blackman(len(y)))
    spectrum[: round(above_hz * len(y) / RATE)] = 0
    return float(db(np.max(np.abs(np.fft.irfft(spectrum, len(y))))))
