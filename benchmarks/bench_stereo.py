"""Time of the stereo stage per stereo frame, by what is switched on, in plain vectors and in AVX2.

    python -m benchmarks.bench_stereo [--ghz 3.0] [--json FILE]
"""
import os

from benchmarks.bench_compressor import RATE, ns_per_frame
from benchmarks.timing import arguments, report
from dsp_core.stages import make

WIDTHS = {"width1": 50, "width2": 110, "width3": 130, "width4": 150}
CASES = {
    "neutral": {},
    "width of one band": {"width1": 120},
    "width and guard": {"width1": 120, "guard": 1},
    "mono below, 24 dB/oct": {"mono_below": 120},
    "mono below, 48 dB/oct": {"mono_below": 120, "mono_slope": 2},
    "2 bands": {"bands": 1, **WIDTHS},
    "4 bands": {"bands": 3, **WIDTHS},
    "4 bands, mono below, guard": {"bands": 3, **WIDTHS, "mono_below": 120, "guard": 1, "rotation": 3},
}


def row(form, name, values, seconds):
    os.environ["MRT_CPU"] = form
    ns = ns_per_frame(make("stereo", RATE, values), seconds)
    return {"form": form, "stereo": name, "ns_per_frame": round(ns, 2), "times_real_time": round(1e9 / (ns * RATE))}


if __name__ == "__main__":
    options = arguments(__doc__)
    report([row(form, name, values, options.seconds) for form in ("portable", "avx2") for name, values in CASES.items()], options)
