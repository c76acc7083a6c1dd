"""Time of the meter per stereo frame: sums and K-weighting alone and with true peak, in the kernel's forms.

    python -m benchmarks.bench_meter [--ghz 3.0] [--json FILE]

MRT_CPU=portable|avx2 holds the true-peak detector lower. Blocks are as long as the host's, and stay in the cache.
"""
import numpy as np

from benchmarks.timing import arguments, best_ns, report
from dsp_core.meters.meter import Meter

FRAMES = 4096


def row(rate, true_peak, plain, seconds):
    x = np.random.default_rng(1).standard_normal((2, FRAMES)) * 0.2
    meter = Meter(rate, true_peak=true_peak, plain=plain)
    ns = best_ns(lambda: meter.measure_block(x), seconds) / FRAMES
    return {"form": "plain" if plain else "vector", "true_peak": "yes" if true_peak else "no", "rate_hz": rate,
            "ns_per_frame": round(ns, 2), "times_real_time": round(1e9 / (ns * rate))}


if __name__ == "__main__":
    options = arguments(__doc__)
    report([row(rate, true_peak, plain, options.seconds)
            for rate in (44100, 96000) for true_peak in (False, True) for plain in (False, True)], options)
