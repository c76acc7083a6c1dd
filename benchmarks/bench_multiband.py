"""Time of the multiband per stereo frame by bands, slope and link, in plain vectors and in AVX2; and of its crossovers alone.

    python -m benchmarks.bench_multiband [--ghz 3.0] [--json FILE]
"""
import os

import numpy as np

from benchmarks.bench_compressor import programme
from benchmarks.timing import arguments, best_ns, report
from dsp_core.kernels.crossover_check import VARIANTS, Split
from dsp_core.stages import make

RATE = 48000
AT_WORK = {f"band{b}_{key}": value for b in range(1, 7) for key, value in {"threshold": -40, "ratio": 2}.items()}
CASES = {
    "neutral": None,
    "4 bands": {},
    "4 bands, half linked": {"link": 50},
    "4 bands, 48 dB/oct": {"slope": 1},
    "4 bands, all expanders": {f"band{b}_mode": 2 for b in range(1, 7)},
    "2 bands": {"bands": 0},
    "6 bands": {"bands": 4},
    "6 bands, 48 dB/oct": {"bands": 4, "slope": 1},
}


def ns_per_frame(stage, seconds):
    x = programme()
    y = np.empty_like(x)

    def block():
        y[:] = x
        stage.run_block(y)

    block()
    return (best_ns(block, seconds) - best_ns(lambda: y.__setitem__(slice(None), x), seconds / 4)) / x.shape[1]


def split_ns(variant, bands, slope, seconds):
    x, y = programme()[:, :256].copy(), np.empty((bands, 2, 256))
    split = Split(variant, (120, 800, 5000, 9000, 13000)[:bands - 1], slope, RATE)
    return best_ns(lambda: split.run(x, y, 100), seconds) / 25600


if __name__ == "__main__":
    options = arguments(__doc__)
    rows = [{"form": variant, "multiband": f"crossovers alone: {bands} bands, {slope} dB/oct",
             "ns_per_frame": round(split_ns(variant, bands, slope, options.seconds), 2)}
            for variant in VARIANTS for bands, slope in ((2, 24), (4, 24), (4, 48), (6, 24))]
    for form in ("portable", "avx2"):
        os.environ["MRT_CPU"] = form
        rows += [{"form": form, "multiband": name, "ns_per_frame":
                  round(ns_per_frame(make("multiband", RATE, {} if values is None else {**AT_WORK, **values}), options.seconds), 2)}
                 for name, values in CASES.items()]
    report(rows, options)
