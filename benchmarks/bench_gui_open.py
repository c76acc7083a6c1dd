"""How long it takes from asking for a five-minute song to a window that can play it: a fresh program, and one that is running.

    python -m benchmarks gui_open [--minutes 5] [--runs 5] [--files FILE ...] [--platform offscreen] [--json OUT.json]

Each run is a process of its own, `mastering-rt gui FILE` from its start on, which then opens the same song again. "playable" is the moment
at which the song is on the device; limit: 2 s for both. "sounded" is when the playhead has moved after Space, "drawn" when the wave stands in
the window, "measured" when the numbers of the whole song do. Median of the runs, slowest in brackets. "cpu to playable": processor seconds of the
whole process until then, all threads together, which is near the time on a machine that nobody else uses.

An installed program is compiled: a run that is not counted writes the bytecode into a folder of its own first. `--source` measures what a checkout
takes whose modules are compiled anew at every start, because PYTHONDONTWRITEBYTECODE is set.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import soundfile

from benchmarks.page import table
from tests.signals import programme

RATE = 44100
LIMIT_S = 2.0
PATIENCE_S = 120
MOMENTS = ("shown", "playable", "sounded", "drawn", "measured")
KINDS = {"24-bit wav": ("mix.wav", "PCM_24"), "flac": ("mix.flac", "PCM_24"), "float wav at 96 kHz": ("mix96.wav", "FLOAT")}


def songs(folder, minutes):
    """Files of this length in some formats."""
    piece = 0.4 * programme(10 * RATE, RATE)
    found = {}
    for name, (file, subtype) in KINDS.items():
        rate = 96000 if "96" in name else RATE
        planes = np.tile(piece, -(-int(minutes * 60 * rate) // piece.shape[1]))[:, :int(minutes * 60 * rate)]
        found[name] = Path(folder) / file
        soundfile.write(found[name], planes.T, rate, subtype)
    return found


def environment_of(home, platform, source):
    """Of a program that is compiled, or of one that is not."""
    found = {**os.environ, "QT_QPA_PLATFORM": platform, "MASTERING_RT_HOME": home, "PYTHONPYCACHEPREFIX": str(Path(home) / "bytecode")}
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**found, "PYTHONDONTWRITEBYTECODE": "1"} if source else found


def run(path, environment):
    """What `benchmarks.opening` told of a fresh program and of the same one again."""
    told = subprocess.run([sys.executable, "-m", "benchmarks.opening", repr(time.time()), str(path), str(path)], env=environment, text=True,
                          stdout=subprocess.PIPE, timeout=PATIENCE_S, check=True, cwd=Path(__file__).parent.parent)
    return [json.loads(line) for line in told.stdout.splitlines()]


def figure(found):
    return f"{median(found):.2f} ({max(found):.2f})" if None not in found else "never"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", nargs="*", type=Path, default=[])
    parser.add_argument("--platform", default="offscreen")
    parser.add_argument("--source", action="store_true", help="compile all modules at every start")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows, good = [], True
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_of(folder, options.platform, options.source)
        files = {path.name: path for path in options.files} or songs(folder, options.minutes)
        run(next(iter(files.values())), environment)
        for name, path in files.items():
            told = [run(path, environment) for _ in range(options.runs)]
            for place, what in enumerate(("fresh program", "running window")):
                times = {moment: [one[place][moment] for one in told] for moment in MOMENTS[place:]}
                good = good and None not in times["playable"] and median(times["playable"]) <= LIMIT_S
                spent = median(one[place]["playable cpu"] for one in told)
                rows.append({"song": name, "opened in": what, **{moment: figure(times[moment]) if moment in times else "" for moment in MOMENTS},
                             "cpu to playable": round(spent, 2)})
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
