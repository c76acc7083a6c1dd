"""Time of the saturation per stereo frame, by oversampling, bands and character, in plain vectors, in AVX2, and
with all that the machine has (AVX-512 filters in the oversampler).

    python -m benchmarks.bench_saturation [--ghz 3.0] [--json FILE]
"""
import os

from benchmarks.bench_compressor import RATE, ns_per_frame
from benchmarks.timing import arguments, report
from dsp_core.stages import make

ODD = {"character": 4, "band1_drive": 6, "level_match": 0}
FOUR = {"bands": 3, **{f"band{band}_drive": 6 for band in range(1, 5)}}
CASES = {
    "no drive": {"level_match": 0},
    "no drive, level match": {},
    **{f"{1 << factor}x": {**ODD, "oversampling": factor} for factor in range(5)},
    "4x, tape": {**ODD, "character": 0},
    "4x, minimum phase": {**ODD, "phase": 1},
    "4x, level match": {**ODD, "level_match": 1},
    "4x, 4 bands": {**ODD, **FOUR},
    "4x, 4 bands, 1 driven": {**ODD, "bands": 3},
}


def row(form, name, values, seconds):
    if form == "all of it":
        os.environ.pop("MRT_CPU", None)
    else:
        os.environ["MRT_CPU"] = form
    ns = ns_per_frame(make("saturation", RATE, values), seconds)
    return {"form": form, "saturation": name, "ns_per_frame": round(ns, 2), "times_real_time": round(1e9 / (ns * RATE))}


if __name__ == "__main__":
    options = arguments(__doc__)
    report([row(form, name, values, options.seconds) for form in ("portable", "avx2", "all of it") for name, values in CASES.items()], options)
