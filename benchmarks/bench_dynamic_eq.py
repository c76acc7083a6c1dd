"""Time of the dynamic equaliser per stereo frame by bands and detector, in plain vectors and in AVX2.

    python -m benchmarks.bench_dynamic_eq [--ghz 3.0] [--json FILE]
"""
import os

from benchmarks.bench_multiband import RATE, ns_per_frame
from benchmarks.timing import arguments, report
from dsp_core.stages import make


def bands(count, **values):
    return {f"band{b}_{key}": value for b in range(1, count + 1) for key, value in {"range": -6, "threshold": -50, **values}.items()}


CASES = {
    "neutral": {},
    "1 band": bands(1),
    "4 bands": bands(4),
    "4 bands, relative": bands(4, detector=1, relative=0),
    "4 bands, boost under": bands(4, when=1, range=4),
    "4 bands, static": bands(4, range=0, gain=3),
    "6 bands": bands(6),
    "6 bands, relative": bands(6, detector=1, relative=0),
}


if __name__ == "__main__":
    options = arguments(__doc__)
    rows = []
    for form in ("portable", "avx2", "all of it"):
        os.environ["MRT_CPU"] = form
        if form == "all of it":
            del os.environ["MRT_CPU"]
        rows += [{"form": form, "dynamic_eq": name, "ns_per_frame": round(ns_per_frame(make("dynamic_eq", RATE, values), options.seconds), 2)}
                 for name, values in CASES.items()]
    report(rows, options)
