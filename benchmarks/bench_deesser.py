"""Time of the de-esser per stereo frame by mode, in plain vectors and in AVX2.

    python -m benchmarks.bench_deesser [--ghz 3.0] [--json FILE]
"""
import os

from benchmarks.bench_multiband import RATE, ns_per_frame
from benchmarks.timing import arguments, report
from dsp_core.stages import make

CASES = {
    "neutral": {},
    "split band": {"range": 6},
    "split above": {"range": 6, "mode": 1},
    "wide": {"range": 6, "mode": 2},
    "split band, look-ahead": {"range": 6, "lookahead": 2},
}


if __name__ == "__main__":
    options = arguments(__doc__)
    rows = []
    for form in ("portable", "avx2"):
        os.environ["MRT_CPU"] = form
        rows += [{"form": form, "deesser": name, "ns_per_frame": round(ns_per_frame(make("deesser", RATE, values), options.seconds), 2)}
                 for name, values in CASES.items()]
    report(rows, options)
