"""How things are measured in the tests: running a stage in cuts, null depth, spectra, decibels."""
import numpy as np

from dsp_core.stages import make

ACTIVE = {
    "trim": {"gain": -3.0},
    "eq": {"band1_type": 3, "band1_freq": 30, "band2_type": 1, "band2_gain": 2.5, "band3_gain": -3, "band4_gain": 2, "band4_channel": 2,
           "band6_gain": 4, "band6_q": 2.0, "band7_type": 2, "band7_gain": 1.5, "band8_type": 4, "band8_freq": 16000},
    "compressor": {"threshold": -30, "ratio": 3, "knee": 6, "attack": 5, "release": 80, "link": 60, "detector_low_cut": 90, "lookahead": 2},
    "limiter": {"gain": 9, "ceiling": -2},
    "stereo": {"bands": 3, "width1": 40, "width2": 120, "width3": 150, "mono_below": 100, "side_gain": 2.5, "guard": 1},
    "clipper": {"gain": 9, "ceiling": -2, "knee": 30},
    "saturation": {"character": 1, "balance": -20, "tilt": 4, "bands": 2, "band1_drive": 6, "band2_drive": 9, "band3_drive": 4, "band2_mix": 50},
    "dynamic_eq": {"band1_range": -6, "band1_threshold": -40, "band2_range": 4, "band2_when": 1, "band3_gain": 2, "band3_range": -4,
                   "band3_detector": 1, "band5_type": 2, "band5_range": -6, "band5_threshold": -50, "band6_gain": -1},
    "resonance": {"depth": 8, "selectivity": 1, "attack": 5, "from_freq": 50, "link": 60},
    "plugin": {"gain": -3.0},
    "deesser": {"range": 6, "threshold": -30, "lookahead": 2},
    "multiband": {"band1_threshold": -30, "band1_ratio": 3, "band2_mode": 1, "band2_threshold": -30, "band2_ratio": 2, "band2_makeup": 1,
                  "band3_mode": 2, "band3_threshold": -40, "band3_ratio": 2, "band4_mode": 3, "band4_threshold": -50, "band4_ratio": 1.5,
                  "link": 60},
}


def run(stage, x, cuts=None, when=0):
    """Process a copy of x (2, frames); `cuts` gives the length of each next piece, None is one piece."""
    y = np.array(x, dtype=np.float64, order="C")
    done = 0
    while done < y.shape[1]:
        n = y.shape[1] - done if cuts is None else min(cuts(), y.shape[1] - done)
        piece = np.ascontiguousarray(y[:, done:done + n])
        stage.run_block(piece, when + done)
        y[:, done:done + n] = piece
        done += n
    return y


def active(kind, rate=48000, **more):
    return make(kind, rate, {**ACTIVE[kind], **more})


def delayed(x, frames):
    return np.concatenate([np.zeros((x.shape[0], frames)), x], axis=1)[:, :x.shape[1]]


def db(ratio):
    return 20 * np.log10(np.maximum(np.abs(ratio), 1e-20))


def null_depth_db(a, b):
    """Energy of the difference over the energy of a."""
    return 10 * np.log10(max(np.sum((a - b) ** 2), 1e-300) / max(np.sum(a ** 2), 1e-300))
