"""Time of the compressor per stereo frame, by what is switched on, in plain vectors and in AVX2; and of an almost empty stage.

    python -m benchmarks.bench_compressor [--ghz 3.0] [--json FILE]
"""
import os

import numpy as np

from benchmarks.timing import arguments, best_ns, report
from dsp_core.stages import make

RATE = 48000
FRAMES = 8192
ACTIVE = {"threshold": -30, "ratio": 3}
CASES = {
    "linked": {},
    "linked, auto release": {"auto_release": 1},
    "linked, look-ahead": {"lookahead": 5},
    "linked, RMS": {"detector": 1},
    "linked, low cut 12 dB/oct": {"detector_low_cut": 90},
    "linked, low cut 24 dB/oct": {"detector_low_cut": 90, "detector_slope": 1},
    "linked, tilt": {"detector_tilt": 2},
    "linked, hold": {"hold": 10},
    "linked, feedback": {"topology": 100},
    "linked, Peak + RMS": {"detector": 2},
    "linked, Lift": {"mode": 1, "range": 12},
    "linked, Open up": {"mode": 3, "range": 12},
    "half linked": {"link": 50},
    "half linked, feedback": {"link": 50, "topology": 100},
    "mid / side, half linked": {"channels": 1, "mid_link": 50, "side_link": 50},
    "half linked, everything on": {"link": 50, "auto_release": 1, "lookahead": 5, "detector": 1, "detector_low_cut": 90,
                                   "detector_slope": 1},
    "on the mid": {"placement": 1},
}


def programme():
    rng = np.random.default_rng(1)
    beat = np.exp(-(np.arange(FRAMES) % 3000) / 900)
    return rng.standard_normal((2, FRAMES)) * 0.3 * beat


def ns_per_frame(stage, seconds):
    x = programme()
    y = np.empty_like(x)

    def block():
        y[:] = x
        stage.run_block(y)

    return (best_ns(block, seconds) - best_ns(lambda: y.__setitem__(slice(None), x), seconds / 4)) / FRAMES


def row(form, name, stage, seconds):
    os.environ["MRT_CPU"] = form
    ns = ns_per_frame(stage(), seconds)
    return {"form": form, "compressor": name, "ns_per_frame": round(ns, 2), "times_real_time": round(1e9 / (ns * RATE))}


if __name__ == "__main__":
    options = arguments(__doc__)
    rows = [row("portable", "none: a trim", lambda: make("trim", RATE, {"gain": 1}), options.seconds)]
    for form in ("portable", "avx2"):
        rows += [row(form, name, lambda values=values: make("compressor", RATE, {**ACTIVE, **values}), options.seconds)
                 for name, values in CASES.items()]
    report(rows, options)
