"""Time of the limiter per stereo frame, with the best vector units, with AVX2 and without, beside a stage that only changes the level.

    python -m benchmarks.bench_limiter [--ghz 3.0] [--json FILE]
"""
import os

import numpy as np

from benchmarks.timing import arguments, best_ns, report
from dsp_core.stages import make

FRAMES = 8192
CASES = (
    ("trim", "trim", 48000, {"gain": -3}),
    ("limiter", "limiter", 48000, {"gain": 6}),
    ("limiter, below the ceiling", "limiter", 48000, {"gain": -10}),
    ("limiter, link 50 %", "limiter", 48000, {"gain": 6, "link": 50}),
    ("limiter, links 75 and 100 %", "limiter", 48000, {"gain": 6, "transient_link": 75}),
    ("limiter, low latency", "limiter", 48000, {"gain": 6, "character": 4}),
    ("limiter, band-limit guard", "limiter", 48000, {"gain": 6, "band_guard": 1}),
    ("limiter, mid only", "limiter", 48000, {"gain": 6, "placement": 1}),
    ("limiter, 10 ms ahead", "limiter", 48000, {"gain": 6, "lookahead": 10}),
    ("limiter", "limiter", 96000, {"gain": 6}),
)


def row(label, kind, rate, values, units, block, seconds):
    x = np.random.default_rng(1).standard_normal((2, FRAMES)) * 0.3
    pieces = [np.ascontiguousarray(x[:, k:k + block]) for k in range(0, FRAMES, block)]
    work = [p.copy() for p in pieces]
    stage = make(kind, rate, values)

    def restore():
        for target, source in zip(work, pieces):
            target[:] = source

    def process():
        restore()
        for piece in work:
            stage.run_block(piece, 0)

    ns = (best_ns(process, seconds) - best_ns(restore, seconds / 4)) / FRAMES
    return {"stage": label, "rate_hz": rate, "units": units, "block": block, "ns_per_frame": round(ns, 2),
            "times_real_time": round(1e9 / (ns * rate))}


if __name__ == "__main__":
    options = arguments(__doc__)
    rows = []
    for units in ("best", "avx2", "portable"):
        os.environ["MRT_CPU"] = units
        rows += [row(*case, units, 8192, options.seconds) for case in CASES]
        rows += [row(*CASES[1], units, block, options.seconds) for block in (64, 256)]
    report(rows, options)
