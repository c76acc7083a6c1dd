"""Time of the exact mode on what a limiter leaves: nothing to take off, and a lot; beside the limiter itself.

    python -m benchmarks.bench_exact [--ghz 3.0] [--json FILE]
"""
import time

import numpy as np

from benchmarks.timing import arguments, report
from dsp_core.stages import make
from mastering_rt.offline.exact import Exact, gain_of
from tests.checks import run
from tests.hot import hot

SECONDS, REPEATS = 4.0, 4
CASES = (("music to 0.465 of the rate, held", "drums", 0.465), ("the same, full band", "drums", 0.5), ("random signs, full band", "random_signs", 0.5))


def limited(name, rate, edge):
    stage = make("limiter", rate, {"gain": 9.0})
    began = time.thread_time()
    y = np.concatenate([run(stage, hot(name, rate, SECONDS, edge)) for _ in range(REPEATS)], axis=1)
    return y, time.thread_time() - began


def row(case, rate):
    words, name, edge = case
    x, limiter_s = limited(name, rate, edge)
    exact, began = Exact(rate, gain_of(-1.0)), time.thread_time()
    for at in range(0, x.shape[1], 65536):
        exact.process(x[:, at:at + 65536])
    exact.finish()
    took_s, found = time.thread_time() - began, exact.report()
    return {"sound": words, "rate_hz": rate, "places": found.places_touched, "most_db": round(found.reduction_max_db, 2), "passes": found.passes,
            "ns_per_frame": round(1e9 * took_s / x.shape[1], 1), "times_real_time": round(x.shape[1] / rate / took_s),
            "limiter_ns_per_frame": round(1e9 * limiter_s / x.shape[1], 1)}


if __name__ == "__main__":
    options = arguments(__doc__)
    row(CASES[0], 44100)
    report([row(case, rate) for rate in (44100, 96000) for case in CASES], options)
