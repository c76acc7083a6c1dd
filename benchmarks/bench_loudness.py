"""Loudness, range and true peak of a long file on one core, whole processes beside libebur128 and ffmpeg in the same run.

    python -m benchmarks loudness [--minutes 30] [--rounds 3] [--json FILE]

The same 24-bit WAV files for all: the demo mix over and over, and noise with tones and swells, whose highs reach up to half the sample
rate, so that our true peak needs its Fourier transforms. Each program starts, decodes, measures and prints; they take turns on one
core, and the least processor time of each counts. libebur128 is called through its C interface, with libsndfile for decoding
(apt install libebur128-1 ffmpeg).
"""
import argparse
import ctypes.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from mastering_rt.demo.cached import cached_demo

RATE = 44100
LIBEBUR128 = """
import ctypes, ctypes.util, sys
import soundfile
library = ctypes.CDLL(ctypes.util.find_library("ebur128"))
library.ebur128_init.restype = ctypes.c_void_p
found = ctypes.c_double()
with soundfile.SoundFile(sys.argv[1]) as file:
    state = ctypes.c_void_p(library.ebur128_init(2, ctypes.c_ulong(file.samplerate), 0b111111))
    for block in file.blocks(65536, dtype="float32", always_2d=True):
        library.ebur128_add_frames_float(state, block.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(len(block)))
for function, *more in (("ebur128_loudness_global",), ("ebur128_loudness_range",), ("ebur128_true_peak", 0), ("ebur128_true_peak", 1)):
    getattr(library, function)(state, *more, ctypes.byref(found))
    print(found.value)
"""


def noise_song(minutes, folder):
    """Noise, tones and swells at the crest and density of a dense mix."""
    frames, rng = int(minutes * 60 * RATE), np.random.default_rng(1)
    path = Path(folder) / "noise.wav"
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_24") as file:
        for first in range(0, frames, 60 * RATE):
            t = np.arange(first, min(frames, first + 60 * RATE)) / RATE
            swell = 0.55 + 0.45 * np.sin(2 * np.pi * t / 23)
            tones = sum(np.sin(2 * np.pi * hz * t) / (1 + hz / 500) for hz in (55.0, 220.9, 883.1, 3520.3))
            file.write(np.stack([swell * (0.1 * tones + 0.05 * rng.standard_normal(len(t))) for _ in range(2)]).T)
    return path


def demo_song(minutes, folder):
    """The demo mix as often as it takes."""
    mix, rate = soundfile.read(cached_demo(), always_2d=True)
    left, path = int(minutes * 60 * rate), Path(folder) / "music.wav"
    with soundfile.SoundFile(path, "w", rate, 2, "PCM_24") as file:
        while left > 0:
            file.write(mix[:left])
            left -= len(mix)
    return path


def seconds_of(words):
    """Processor time of a finished program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def programs(path):
    """{name: a run that gives its seconds}"""
    ours = [sys.executable, "-m", "mastering_rt", "analyze", "--json", path]
    found = {"Mastering RT, analyze --quick": partial(seconds_of, [*ours, "--quick"]), "Mastering RT, analyze": partial(seconds_of, ours)}
    if ctypes.util.find_library("ebur128"):
        found["libebur128"] = partial(seconds_of, [sys.executable, "-c", LIBEBUR128, path])
    else:
        print("libebur128 is not installed (apt install libebur128-1); it is left out", file=sys.stderr)
    if shutil.which("ffmpeg"):
        found["ffmpeg ebur128=peak=true"] = partial(seconds_of, ["ffmpeg", "-v", "error", "-nostats", "-threads", "1", "-i", path, "-filter_threads", "1",
                                                                 "-af", "ebur128=peak=true", "-f", "null", "-"])
    else:
        print("ffmpeg is not installed (apt install ffmpeg); it is left out", file=sys.stderr)
    return found


def rows(name, path, options):
    runs = programs(str(path))
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(options.rounds):
        for program, run in runs.items():
            best[program] = min(best[program], run())
    quick = best["Mastering RT, analyze --quick"]
    for program, seconds in best.items():
        yield {"material": name, "program": program, "seconds": round(seconds, 2), "times_real_time": round(60 * options.minutes / seconds),
               "quick_is_faster_by": round(seconds / quick, 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        table = [row for name, make in (("music", demo_song), ("noise", noise_song)) for row in rows(name, make(options.minutes, folder), options)]
    for row in table:
        print("{material:<6} {program:<30} {seconds:>7} s  {times_real_time:>5} x real time  --quick is faster by {quick_is_faster_by:.2f}".format(**row))
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
