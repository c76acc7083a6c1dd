"""Time of the convolver and of the equaliser's phases per stereo frame, the longest callback of 64 frames, and of one redesign.

    python -m benchmarks.bench_convolver [--ghz 3.0] [--json FILE]

A callback of 64 frames at 48 kHz has 1333 us. Every place in the convolver's cycle is played many times and its shortest time kept,
because the machine interrupts; the longest of these is what the work itself takes at most. "Turning" is a change of the FIRs.
"""
import time

import numpy as np

from benchmarks.timing import arguments, report
from dsp_core.kernels.convolver_check import Convolution
from dsp_core.params import index_of
from dsp_core.stages import make

RATE, FRAMES = 48000, 64
BOTH, CROSSED = [(0, 0, 0), (1, 1, 0)], [(0, 0, 0), (1, 0, 1), (0, 1, 2), (1, 1, 3)]
BANDS = {"band1_type": 3, "band1_freq": 30, "band2_type": 1, "band2_gain": 2, **{f"band{b}_gain": 1.5 for b in range(3, 9)}}
SETTINGS = {
    "8 bands, minimum phase": {"phase": 0},
    "8 bands, natural phase": {"phase": 1},
    "8 bands, linear phase": {"phase": 2},
    "8 bands, linear phase, mid/side": {"phase": 2, "band4_channel": 1},
    "8 bands, linear phase, mid/side and left/right": {"phase": 2, "band4_channel": 1, "band5_channel": 3},
    "8 bands, linear phase, longest": {"phase": 2, "length": 3},
    "neutral, linear phase": {"phase": 2, **dict.fromkeys([k for k in BANDS if k.endswith("gain")], 0), "band1_on": 0},
}


def places_ns(call, places, seconds, before=None):
    """Shortest time of each of `places` calls that follow each other round and round; `before` each round something else."""
    best, end = np.full(places, np.inf), time.perf_counter() + seconds
    while time.perf_counter() < end:
        if before is not None:
            before()
        for k in range(places):
            start = time.perf_counter_ns()
            call()
            best[k] = min(best[k], time.perf_counter_ns() - start)
    return best


def row(name, ns, redesign_ms=""):
    return {"what": name, "ns_per_frame": round(float(ns.mean()) / FRAMES, 1), "longest_us": round(float(ns.max()) / 1e3, 1),
            "redesign_ms": redesign_ms}


def convolver(taps, paths, seconds, turning=False):
    rng = np.random.default_rng(1)
    firs = rng.standard_normal((4, taps))
    convolution, x, y = Convolution(RATE, firs, paths), rng.standard_normal((2, FRAMES)), np.zeros((2, FRAMES))
    places = convolution.period // FRAMES

    def block():
        convolution.run(x, y)

    if turning:
        return places_ns(block, 3 * places, seconds, lambda: convolution.change(firs, paths))
    return places_ns(block, places, seconds)


def redesign_ms(stage):
    best, x = np.inf, np.zeros((2, 6000))
    for k in range(6):
        stage.set(index_of("eq", "band3_gain"), 2 + 0.1 * k)
        stage.run_block(x)
        start = time.perf_counter_ns()
        stage.settle()
        best = min(best, time.perf_counter_ns() - start)
    return round(best * 1e-6, 2)


def equaliser(values, seconds):
    stage, x = make("eq", RATE, {**BANDS, **values}), np.random.default_rng(1).standard_normal((2, FRAMES)) * 0.1
    y = x.copy()

    def block():
        y[:] = x
        stage.run_block(y)

    return places_ns(block, 16, seconds), redesign_ms(stage)


if __name__ == "__main__":
    options = arguments(__doc__)
    rows = [row(f"convolver, {taps} taps, {name}", convolver(taps, paths, options.seconds, turning))
            for taps in (4095, 16385, 65537) for name, paths, turning in
            (("stereo", BOTH, False), ("2 x 2", CROSSED, False), ("stereo, turning", BOTH, True))]
    rows += [row(f"equaliser, {name}", *equaliser(values, options.seconds)) for name, values in SETTINGS.items()]
    report(rows, options)
