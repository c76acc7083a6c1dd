"""What the tests of the equaliser share: bands as values, their distance from the analog curve, what an impulse makes of them."""
import numpy as np
from scipy import signal

from dsp_core.design.response import band_response_db
from dsp_core.params import index_of
from tests.analog import BUTTERWORTH_Q, ORDERS, TYPES, band_db
from tests.checks import db, run

AUDIBLE_HZ = np.geomspace(20, 20000, 1000)
CORNERS_HZ = np.append(np.geomspace(100, 18000, 14), [6100, 9000])
BELL, LOW_SHELF, HIGH_SHELF, LOW_CUT, HIGH_CUT, NOTCH, TILT, BAND_PASS, ALL_PASS = range(9)
STEREO, MID, SIDE, LEFT, RIGHT = range(5)


def one_band(kind, hz, gain_db=0.0, q=BUTTERWORTH_Q, slope=1, **more):
    return {"band1_type": kind, "band1_freq": hz, "band1_gain": gain_db, "band1_q": q, "band1_slope": slope, **more}


def curve_error_db(kind, rate, hz, gain_db=0.0, q=BUTTERWORTH_Q, slope=1, down_to=-40.0):
    """Largest distance of the settled band from its analog formula, 20 Hz to 20 kHz, where the formula is above `down_to`."""
    want = band_db(TYPES[kind], AUDIBLE_HZ, hz, gain_db, q, ORDERS[slope])
    got = np.asarray(band_response_db(1, one_band(kind, hz, gain_db, q, slope), rate, AUDIBLE_HZ))
    return np.max(np.abs(got - want)[want > down_to], initial=0)


def measured_db(stage, channel=None, frames=1 << 16, cut=None):
    """(frequencies, dB) of what comes out of a channel when an impulse goes into it alone."""
    x = np.zeros((2, frames))
    x[:, 0] = {None: (1, 1), "mid": (1, 1), "side": (1, -1), "left": (1, 0), "right": (0, 1)}[channel]
    y = run(stage, x, cut)
    out = {None: y[0], "mid": (y[0] + y[1]) / 2, "side": (y[0] - y[1]) / 2, "left": y[0], "right": y[1]}[channel]
    return np.fft.rfftfreq(frames, 1 / stage.rate), db(np.fft.rfft(out))


def move(stage, values):
    for name, value in values.items():
        stage.set(index_of("eq", name), value)


def over_3_khz(y, rate):
    """Peak over 3 kHz in dBFS, without the start of the signal."""
    high = signal.sosfilt(signal.butter(8, 3000, "high", fs=rate, output="sos"), y)
    return db(np.max(np.abs(high[:, rate // 4:])))
