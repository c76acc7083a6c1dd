"""The short chain and the default chain over a 3-minute mix, ours beside pedalboard, LSP, ffmpeg and Faust, in one run on one core.

    python -m benchmarks.bench_chains [--minutes 3] [--rounds 5] [--core 1] [--json FILE]

All are pinned to one core and take turns; the processor time of the sound processing alone counts (of ffmpeg: the whole program
less the same program passing the sound on), as the median of the rounds. "ours / this" is the median of the rounds' own ratios, so
that a busy machine touches both sides. The last columns measure what came out: proof that each did the job.
Programs that are not installed are named and left out. MRT_CPU=portable in the environment of any program of ours does what the
rows "portable" do: it holds the kernels to the baseline of the processor.
"""
import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import peers
from benchmarks.chain_jobs import RATE, default_chain, demo_mix, live_job, metered_job, render_job, short_chain
from benchmarks.timing import clock_ghz, held_to
from mastering_rt.measure.analysis import analyze_blocks

SHORT_NOTES = {"pedalboard": "float32, limiter without true peak", "LSP": "float32, limiter without true peak", "LSP 4x": "float32",
               "ffmpeg": "limiter without true peak", "ffmpeg 4x": "", "Faust float32": "", "Faust float64": "", "Faust float32 -vec": "",
               "Faust float64 -vec": ""}
DEFAULT_NOTES = {"pedalboard": "float32; no dynamic EQ, no 4x, no true peak, no meters; splits of 6 dB/oct", "ffmpeg": "nearest filters, ebur128 twice"}


def ours(make_job, slots, mix, build=""):
    """A job like those of the peers: fresh stages every time, made before the clock starts."""
    def run():
        with held_to(build):
            job = make_job(slots, mix)
        start = time.process_time()
        made = job()
        return time.process_time() - start, lambda: np.concatenate(made, axis=1)

    return run


def short_jobs(mix, folder):
    """{name: what makes the job}; the first is the one others are compared with."""
    return {"Mastering RT": lambda: ours(render_job, short_chain(), mix),
            "Mastering RT avx2": lambda: ours(render_job, short_chain(), mix, "avx2"),
            "Mastering RT portable": lambda: ours(render_job, short_chain(), mix, "portable"),
            "pedalboard": lambda: peers.pedalboard_short(mix, 8192),
            "LSP": lambda: peers.lsp_short(mix, folder, peers.LSP_NO_OVERSAMPLING),
            "LSP 4x": lambda: peers.lsp_short(mix, folder, peers.LSP_FULL_4X),
            "ffmpeg": lambda: peers.ffmpeg_job(peers.ffmpeg_short(1), mix, folder),
            "ffmpeg 4x": lambda: peers.ffmpeg_job(peers.ffmpeg_short(4), mix, folder),
            "Faust float32": lambda: peers.faust_short(mix, folder, np.float32),
            "Faust float32 -vec": lambda: peers.faust_short(mix, folder, np.float32, True),
            "Faust float64": lambda: peers.faust_short(mix, folder, np.float64),
            "Faust float64 -vec": lambda: peers.faust_short(mix, folder, np.float64, True)}


def default_jobs(mix, folder):
    return {"Mastering RT": lambda: ours(metered_job, default_chain(), mix),
            "Mastering RT avx2": lambda: ours(metered_job, default_chain(), mix, "avx2"),
            "Mastering RT portable": lambda: ours(metered_job, default_chain(), mix, "portable"),
            "Mastering RT, no meters": lambda: ours(render_job, default_chain(), mix),
            "Mastering RT, live engine": lambda: ours(live_job, default_chain(), mix),
            "pedalboard": lambda: peers.pedalboard_default(mix),
            "ffmpeg": lambda: peers.ffmpeg_job(peers.ffmpeg_default(), mix, folder)}


def made_ready(makers):
    """The jobs that can run; the others say why not."""
    jobs = {}
    for name, make in makers.items():
        try:
            jobs[name] = make()
        except peers.NotInstalled as reason:
            print(f"{name} is left out: {reason}", file=sys.stderr)
    return jobs


def take_turns(jobs, rounds):
    """{name: seconds of each round}, {name: what the last run made}"""
    seconds, results = {name: [] for name in jobs}, {}
    for _ in range(rounds):
        for name, job in list(jobs.items()):
            try:
                took, results[name] = job()
                seconds[name].append(took)
            except peers.NotInstalled as reason:
                print(f"{name} is left out: {reason}", file=sys.stderr)
                del jobs[name], seconds[name]
                results.pop(name, None)
    return seconds, results


def row(chain, name, seconds, ours_s, made, minutes, notes):
    found = analyze_blocks([np.ascontiguousarray(made, np.float64)], RATE, 2)
    audio_s = 60 * minutes
    return {"chain": chain, "program": name, "times_real_time": round(audio_s / statistics.median(seconds), 1),
            "slowest": round(audio_s / max(seconds), 1), "fastest": round(audio_s / min(seconds), 1),
            "ours_is_faster_by": round(statistics.median(theirs / own for theirs, own in zip(seconds, ours_s)), 2),
            "out_lufs": round(found.integrated_lufs, 1), "out_dbtp": round(found.true_peak_dbtp, 2), "notes": notes.get(name, "")}


def table(chain, makers, options, notes):
    jobs = made_ready(makers)
    seconds, results = take_turns(jobs, options.rounds)
    first = next(iter(seconds))
    return [row(chain, name, seconds[name], seconds[first], results[name](), options.minutes, notes) for name in seconds]


def show(rows):
    cells = [[str(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(list(rows[0]), *cells)]
    for line in [list(rows[0]), *cells]:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {options.core})
    ghz, mix = clock_ghz(), demo_mix(options.minutes)
    print(f"{platform.processor() or platform.machine()}, core {options.core} at {ghz:.2f} GHz, load {os.getloadavg()[0]:.1f}; "
          f"{options.minutes:g} minutes at {RATE} Hz, {options.rounds} rounds in turn")
    with tempfile.TemporaryDirectory() as folder:
        rows = table("short", short_jobs(mix, folder), options, SHORT_NOTES)
        show(rows)
        print()
        more = table("default", default_jobs(mix, folder), options, DEFAULT_NOTES)
        show(more)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps({"machine": platform.processor() or platform.machine(), "ghz": round(ghz, 3),
                                            "rows": rows + more}, indent=1) + "\n")


if __name__ == "__main__":
    main()
