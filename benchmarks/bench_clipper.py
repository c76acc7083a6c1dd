"""Time of the clipper per stereo frame, by oversampling, for a sound that is cut and one that is not, in plain vectors,
in AVX2, and with all that the machine has (AVX-512 filters in the oversampler).

    python -m benchmarks.bench_clipper [--ghz 3.0] [--json FILE]
"""
import os

from benchmarks.bench_compressor import RATE, ns_per_frame
from benchmarks.timing import arguments, report
from dsp_core.stages import make

CASES = {f"{1 << factor}x, {name}": {"oversampling": factor, **values} for factor in range(5)
         for name, values in (("cut", {"gain": 6}), ("cut over a knee", {"gain": 6, "knee": 50}), ("under the knee", {"gain": -12}))}
CASES["4x, cut, no guard"] = {"oversampling": 2, "gain": 6, "guard": 0}
CASES["4x, cut, minimum phase"] = {"oversampling": 2, "gain": 6, "phase": 1}
CASES["8x, cut, minimum phase"] = {"oversampling": 3, "gain": 6, "phase": 1}


def row(form, name, values, seconds):
    if form == "all of it":
        os.environ.pop("MRT_CPU", None)
    else:
        os.environ["MRT_CPU"] = form
    ns = ns_per_frame(make("clipper", RATE, values), seconds)
    return {"form": form, "clipper": name, "ns_per_frame": round(ns, 2), "times_real_time": round(1e9 / (ns * RATE))}


if __name__ == "__main__":
    options = arguments(__doc__)
    report([row(form, name, values, options.seconds) for form in ("portable", "avx2", "all of it") for name, values in CASES.items()], options)
