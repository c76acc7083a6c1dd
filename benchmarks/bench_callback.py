"""Is the audio callback ever late? Ours, a native callback that only copies, and a Python callback over pedalboard, in turn, on a
private JACK server without hardware, each in a program whose window is open and which has a busy Python thread.

usage: python -m benchmarks.bench_callback [--seconds 60] [--frames 64] [--rounds 1] [--kinds copy,spin,ours,python] [--json FILE]

cpu: the callback's own processor time (thread clock) as a share of the period. late: it ended more than a period after it began.
page faults: of all callbacks but the first. spin: a copy that then counts for about as long as ours takes and touches no memory: what befalls it
befalls any callback of that length on this machine (a virtual machine is held up by its host, and the clock of the thread runs on).
gaps: it began more than two periods after the one before. flagged: PortAudio reported an under- or overflow.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.hooked import build_library
from tests.jack import ROOT, jack_server
from tests.mastering_rt.helpers import RATE, write_song
from tests.signals import programme

KINDS = ("copy", "spin", "ours", "python")


def run(kind, options, mix, library, folder, environment):
    out = Path(folder) / f"{kind}.npz"
    subprocess.run([sys.executable, "-m", "benchmarks.callback_client", kind, str(options.seconds), mix, str(options.frames), library, out],
                   cwd=ROOT, env={**environment, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}, check=True)
    with np.load(out) as found:
        cpu, start, end, faults = found["times"].astype(float)
        flagged = int(found["flagged"])
    period = 1e9 * options.frames / RATE
    share = 100 * cpu / period
    return {"callback": kind, "callbacks": len(cpu), "of": round(options.seconds * RATE / options.frames),
            "cpu median %": np.median(share), "p99 %": np.percentile(share, 99), "p99.9 %": np.percentile(share, 99.9), "max %": share.max(),
            "cpu over period": int((cpu > period).sum()), "late": int((end - start > period).sum()),
            "gaps": int((np.diff(start) > 2 * period).sum()), "flagged": flagged, "page faults": int(faults[1:].sum())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--frames", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=KINDS)
    parser.add_argument("--no-realtime", action="store_true", help="for a machine that grants no real-time priority")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder, jack_server(options.frames, RATE, wait_for_clients=False, realtime=not options.no_realtime) as environment:
        library = str(build_library("stopwatch", folder))
        mix = write_song(Path(folder) / "mix.wav", 0.5 * programme(int((options.seconds + 10) * RATE), RATE), RATE, "24")
        for _ in range(options.rounds):
            rows += [run(kind, options, mix, library, folder, environment) for kind in options.kinds]
    columns = list(rows[0])
    cells = [[f"{row[c]:.2f}" if isinstance(row[c], float) else str(row[c]) for c in columns] for row in rows]
    widths = [max(len(c), *(len(line[k]) for line in cells)) for k, c in enumerate(columns)]
    for line in [columns, *cells]:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths)))
    if options.json:
        options.json.write_text(json.dumps([{k: float(v) if isinstance(v, np.floating) else v for k, v in row.items()} for row in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
