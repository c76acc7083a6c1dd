"""Time of the true-peak detector per frame of one channel, for every form this processor can run.

    python -m benchmarks.bench_truepeak [--ghz 3.0] [--json FILE]
"""
import numpy as np

from benchmarks.timing import arguments, best_ns, report
from dsp_core.meters.truepeak import TruePeakDetector, builds

FRAMES = 8192


def row(build, rate, seconds):
    x = np.random.default_rng(1).standard_normal(FRAMES) * 0.2
    out = np.empty(FRAMES, np.float32)
    detector = TruePeakDetector(rate, build)
    ns = best_ns(lambda: detector.run(x, out), seconds) / FRAMES
    return {"form": build, "rate_hz": rate, "points_per_frame": detector.factor, "ns_per_frame": round(ns, 2),
            "times_real_time_stereo": round(1e9 / (2 * ns * rate))}


if __name__ == "__main__":
    options = arguments(__doc__)
    report([row(build, rate, options.seconds) for rate in (48000, 96000) for build in builds()], options)
