"""Time of the resonance tamer per stereo frame by resolution and link, in plain vectors and in AVX2; and the longest single block.

    python -m benchmarks.bench_resonance [--ghz 3.0] [--json FILE]

`us_of_64` is the block of 64 frames with the most work in it (the best of many runs of that block): what a callback may have to pay.
"""
import os
import time

import numpy as np

from benchmarks.bench_multiband import ns_per_frame
from benchmarks.timing import arguments, report
from dsp_core.stages import make
from tests import signals

BLOCK = 64
CASES = {
    "neutral": (48000, {}),
    "linked": (48000, {"depth": 6}),
    "half linked": (48000, {"depth": 6, "link": 50}),
    "linked, fine": (48000, {"depth": 6, "resolution": 1}),
    "linked, 96 kHz": (96000, {"depth": 6}),
    "linked, 192 kHz": (192000, {"depth": 6}),
    "half linked, fine, 192 kHz": (192000, {"depth": 6, "link": 50, "resolution": 1}),
}


def costliest_us(rate, values, rounds=40):
    """Every block of a hop has its place in the hop; the best time of each place, and of these the longest."""
    stage = make("resonance", rate, values)
    hop = stage.latency_frames * 16 // 17 // 4
    blocks = hop // BLOCK
    x = np.ascontiguousarray(signals.programme(hop, rate).reshape(2, blocks, BLOCK).transpose(1, 0, 2))
    best, when = np.full(blocks, np.inf), 0
    for _round in range(rounds):
        for k in range(blocks):
            piece = x[k].copy()
            start = time.perf_counter_ns()
            stage.run_block(piece, when)
            best[k] = min(best[k], time.perf_counter_ns() - start) if _round > 8 else np.inf
            when += BLOCK
    return best.max() / 1e3


if __name__ == "__main__":
    options = arguments(__doc__)
    rows = []
    for form in ("portable", "avx2"):
        os.environ["MRT_CPU"] = form
        rows += [{"form": form, "resonance": name, "us_of_64": round(costliest_us(rate, values), 1),
                  "ns_per_frame": round(ns_per_frame(make("resonance", rate, values), options.seconds), 2)}
                 for name, (rate, values) in CASES.items()]
    report(rows, options)
