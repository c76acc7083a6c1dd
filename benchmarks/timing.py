"""Timing of native code that is called from Python: best of many runs, a table, and JSON beside it."""
import argparse
import json
import os
import platform
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from dsp_core.kernels.speed_check import dependent_steps

STEPS = 1_000_000


@cache
def clock_ghz():
    """The core's clock under the load of now, by steps that take one cycle each."""
    return STEPS / best_ns(lambda: dependent_steps(STEPS), 0.2)


def best_ns(call, seconds=0.4):
    """Shortest time of one call in nanoseconds, out of as many as fit in `seconds`."""
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter_ns()
        call()
        best = min(best, time.perf_counter_ns() - start)
    return best


@contextmanager
def held_to(build):
    """Stages made meanwhile take the kernels of a build: portable, avx2, or anything else for the best there are."""
    before = os.environ.pop("MRT_CPU", None)
    if build in ("portable", "avx2"):
        os.environ["MRT_CPU"] = build
    yield
    os.environ.pop("MRT_CPU", None)
    if before is not None:
        os.environ["MRT_CPU"] = before


def programme(frames=8192):
    """(2, frames) of noise in beats: something for every detector to follow."""
    beat = np.exp(-(np.arange(frames) % 3000) / 900)
    return np.random.default_rng(1).standard_normal((2, frames)) * 0.3 * beat


def stage_ns(stage, seconds, frames=8192):
    """Nanoseconds per stereo frame of a stage over the programme, in place, in pieces as long as the host's."""
    x = programme(frames)
    y = np.empty_like(x)

    def block():
        y[:] = x
        stage.run_block(y)

    block()
    return (best_ns(block, seconds) - best_ns(lambda: y.__setitem__(slice(None), x), seconds / 4)) / frames


def arguments(doc):
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    parser.add_argument("--ghz", type=float, help="the core's clock, where it is not to be measured")
    parser.add_argument("--seconds", type=float, default=0.4, help="time spent on each row")
    return parser.parse_args()


def report(rows, options):
    """Print rows (dicts with the same keys, one of them ns_per_frame) as a table, with cycles; write them as JSON if asked."""
    ghz = options.ghz or clock_ghz()
    rows = [{**row, "cycles_per_frame": round(row["ns_per_frame"] * ghz, 1)} for row in rows]
    columns = list(rows[0])
    widths = [max(len(c), *(len(str(row[c])) for row in rows)) for c in columns]
    print("  ".join(c.ljust(w) for c, w in zip(columns, widths)))
    for row in rows:
        print("  ".join(str(row[c]).ljust(w) for c, w in zip(columns, widths)))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        machine = platform.processor() or platform.machine()
        options.json.write_text(json.dumps({"machine": machine, "ghz": round(ghz, 3), "rows": rows}, indent=1) + "\n")
