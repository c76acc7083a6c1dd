"""Loudness, range and true peak of a long file on one core, beside libebur128 and ffmpeg in the same run.

    python -m benchmarks.bench_loudness [--libebur128 PYTHON] [--minutes 5] [--rounds 5] [--json FILE]

PYTHON is an interpreter that has pyebur128 and numpy, for instance of a virtual environment made for this run:
    python -m venv /tmp/ebur128 && /tmp/ebur128/bin/pip install pyebur128 numpy
The programs take turns, so that all see the same machine; the least processor time of each counts. "memory" measures samples
that are there, "file" reads a 24-bit WAV file too; ratios are made between programs that do the same.
"""
import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from mastering_rt.measure.analysis import analyze_blocks, analyze_file

LIBEBUR128 = """
import sys, time
import numpy as np
import pyebur128 as e
samples, rate = np.load(sys.argv[1]), int(sys.argv[2])
start = time.process_time()
state = e.R128State(2, rate, e.MeasurementMode.MODE_I | e.MeasurementMode.MODE_LRA | e.MeasurementMode.MODE_TRUE_PEAK)
for first in range(0, len(samples), 2 * 65536):
    block = samples[first:first + 2 * 65536]
    state.add_frames(block, len(block) // 2)
e.get_loudness_global(state), e.get_loudness_range(state), e.get_true_peak(state, 0), e.get_true_peak(state, 1)
print(time.process_time() - start)
"""


def song(minutes, rate):
    """Noise, tones and swells at the crest and density of a dense mix."""
    frames, rng = int(minutes * 60 * rate), np.random.default_rng(1)
    t = np.arange(frames) / rate
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * t / 23)
    tones = sum(np.sin(2 * np.pi * hz * t) / (1 + hz / 500) for hz in (55.0, 220.9, 883.1, 3520.3))
    return np.stack([swell * (0.1 * tones + 0.05 * rng.standard_normal(frames)) for _ in range(2)])


def own_time(call):
    """Processor time of a call in this process, in seconds."""
    start = time.process_time()
    call()
    return time.process_time() - start


def libebur128(python, samples, rate):
    return float(subprocess.run([python, "-c", LIBEBUR128, samples, str(rate)], check=True, capture_output=True, text=True).stdout)


def ffmpeg(path):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["ffmpeg", "-v", "error", "-nostats", "-threads", "1", "-i", path, "-filter_threads", "1", "-af", "ebur128=peak=true",
                    "-f", "null", "-"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def runners(rate, minutes, folder, python):
    """{(program, column): a run that gives its seconds}"""
    sound = song(minutes, rate)
    path, samples = Path(folder) / f"{rate}.wav", Path(folder) / f"{rate}.npy"
    soundfile.write(path, sound.T, rate, subtype="PCM_24")
    np.save(samples, sound.T.astype(np.float32).ravel())
    blocks = [np.ascontiguousarray(sound[:, first:first + 65536]) for first in range(0, sound.shape[1], 65536)]
    runs = {("Mastering RT", "memory"): partial(own_time, partial(analyze_blocks, blocks, rate, 2)),
            ("Mastering RT", "file"): partial(own_time, partial(analyze_file, path))}
    if python:
        runs["libebur128", "memory"] = partial(libebur128, python, samples, rate)
    if shutil.which("ffmpeg"):
        runs["ffmpeg ebur128=peak=true", "file"] = partial(ffmpeg, path)
    return runs


def rows(rate, options):
    with tempfile.TemporaryDirectory() as folder:
        runs = runners(rate, options.minutes, folder, options.libebur128)
        best = dict.fromkeys(runs, float("inf"))
        for _ in range(options.rounds):
            for key, run in runs.items():
                best[key] = min(best[key], run())
    for (program, column), seconds in best.items():
        yield {"rate_hz": rate, "from": column, "program": program, "times_real_time": round(60 * options.minutes / seconds),
               "ours_is_faster_by": round(seconds / best["Mastering RT", column], 2)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--libebur128", metavar="PYTHON", help="an interpreter that has pyebur128")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not options.libebur128:
        print("without --libebur128 the comparison with libebur128 is left out", file=sys.stderr)
    table = [row for rate in (44100, 96000) for row in rows(rate, options)]
    for row in sorted(table, key=lambda row: (row["rate_hz"], row["from"])):
        print("{rate_hz:>6} Hz  {from:<6}  {program:<26}  {times_real_time:>5} x real time  ours / this = {ours_is_faster_by:.2f}".format(**row))
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n")
