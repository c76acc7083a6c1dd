"""Cycles per stereo frame of every stage at working settings and of the kernels under them, for every build, beside their limits.

    python -m benchmarks.bench_stages [--seconds 0.2] [--json FILE]

A limit is what a kernel reached alone on a Zen 4 core, or for a whole stage the budget made of those; "x limit" over 2 is marked.
The clock is measured, so cycles can be compared between machines. MRT_CPU=portable|avx2 holds any program of ours to a build.
"""
import numpy as np

from benchmarks.bench_eq import bells
from benchmarks.chain_jobs import default_chain, short_chain
from benchmarks.timing import arguments, best_ns, clock_ghz, held_to, programme, report, stage_ns
from dsp_core.kernels import crossover_check, svf_check
from dsp_core.kernels.speed_check import builds, finite_peak_run, sliding_max_run
from dsp_core.meters import truepeak
from dsp_core.meters.meter import Meter
from dsp_core.meters.needles import Needles
from dsp_core.params import STAGES
from dsp_core.stages import make
from tests.checks import ACTIVE

RATE = 48000
SPAN = 256                       # frames per call, as in the host
WINDOW = 73
OVER = 2.0

LIMITS = {                       # cycles per stereo frame, or per frame where the name says mono; {build: limit}
    "8 filters in one pass": {"portable": 38, "avx2": 19, "avx512": 19},
    "K-weighting and sums": {"portable": 24, "avx2": 8.5, "avx512": 8.5},
    "true-peak detector, mono": {"avx2": 15.6, "avx512": 15.8},
    "sliding maximum, mono": {"portable": 4.1, "avx2": 4.7, "avx512": 3.2},
    "crossover, 4 bands": {"avx2": 35, "avx512": 35},
    "stage eq, 8 bells": {"portable": 38, "avx2": 19, "avx512": 19},
    "stage dynamic_eq, 4 bands": {"avx2": 60, "avx512": 60},
    "stage multiband, 4 bands": {"avx2": 135, "avx512": 135},
    "stage compressor": {"portable": 54, "avx2": 26, "avx512": 26},
    "stage clipper, 4x": {"avx2": 70, "avx512": 70},
    "stage limiter": {"avx2": 65, "avx512": 65},
    "meter with true peak": {"avx2": 40, "avx512": 40},
}
IN_THE_CHAINS = {"eq": "8 bells", "dynamic_eq": "4 bands", "multiband": "4 bands", "clipper": "4x", "limiter": "", "compressor": ""}


def working_settings():
    """(name, kind, values) of every kind in the table: as in the two chains, or else as the contract tests drive it."""
    chains = {slot.kind: dict(slot.values) for slot in (*short_chain(), *default_chain())}
    for kind in STAGES:
        name = ", ".join(filter(None, (f"stage {kind}", IN_THE_CHAINS.get(kind, ""))))
        yield name, kind, chains.get(kind, ACTIVE.get(kind, {}))


def form_of(build, forms):
    """What a kernel calls its form for a build: the forms are the plain twin, the portable one, and one for each wider build it has."""
    return forms[min(1 + builds().index(build), len(forms) - 1)]


def kernels(build, seconds):
    """(name, nanoseconds per frame)"""
    x = programme(SPAN)
    cascade, form = svf_check.Cascade(bells(8)), form_of(build, svf_check.VARIANTS)
    yield "8 filters in one pass", best_ns(lambda: cascade.repeat(form, x.copy(), 64), seconds) / (64 * SPAN)
    yield "look at two planes", best_ns(lambda: finite_peak_run(x, 64), seconds) / (64 * SPAN)
    yield from meters(x, build, seconds)
    steps = np.random.default_rng(1).integers(0, 1 << 20, SPAN).astype(np.int32)
    yield "sliding maximum, mono", best_ns(lambda: sliding_max_run(steps.copy(), WINDOW, 64), seconds) / (64 * SPAN)
    split = crossover_check.Split(form_of(build, crossover_check.VARIANTS), (120, 800, 5000), 24, RATE)
    bands = np.empty((4, 2, SPAN))
    yield "crossover, 4 bands", best_ns(lambda: split.run(x, bands, 64), seconds) / (64 * SPAN)


def meters(x, build, seconds):
    long, found = np.tile(x, (1, 16)), np.empty(16 * SPAN, np.float32)
    detector = truepeak.TruePeakDetector(RATE, form_of(build, truepeak.builds()))
    yield "true-peak detector, mono", best_ns(lambda: detector.run(long[0], found), seconds) / long.shape[1]
    for name, true_peak in (("K-weighting and sums", False), ("meter with true peak", True)):
        meter = Meter(RATE, true_peak=true_peak)
        yield name, best_ns(lambda meter=meter: meter.measure_block(long), seconds) / long.shape[1]
    needles = Needles(RATE)
    yield "needles, bits and overs", best_ns(lambda: needles.measure_block(long), seconds) / long.shape[1]


def row(build, name, ns):
    cycles = ns * clock_ghz()
    limit = LIMITS.get(name, {}).get(build)
    ratio = round(cycles / limit, 2) if limit else ""
    return {"build": build, "what": name, "ns_per_frame": round(ns, 2), "limit": limit or "", "x limit": ratio,
            "mark": "over 2x" if limit and ratio > OVER else ""}


def rows_of(build, seconds):
    with held_to(build):
        yield from (row(build, name, ns) for name, ns in kernels(build, seconds))
        yield from (row(build, name, stage_ns(make(kind, RATE, values), seconds)) for name, kind, values in working_settings())


if __name__ == "__main__":
    options = arguments(__doc__)
    report([row for build in builds() for row in rows_of(build, options.seconds)], options)
