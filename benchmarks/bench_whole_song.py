"""How long after one turn of a knob the numbers of the whole song are there, and whether they are those of the written file.

    python -m benchmarks whole_song [--minutes 4] [--songs FILE ...] [--chain bench|gentle] [--turns 20] [--window] [--read-back] [--json OUT.json]

A real desk plays the song on the built-in clock device (`--window`: with the whole window open, painting), and one knob of each stage in turn is
moved; the time goes from the edit to the poll that brought the numbers. "pass" is what of it the pass took, "again" the
time of further turns of the same knob, "spectra" how much later those came. Limits for 4 minutes at 44.1 kHz on two free cores: median 1 s, with a turn at the last stage 0.4 s. `--songs`
are put behind each other; without them it is the built-in demo mix. `--read-back` also writes the master of every stage's last turn
(24 bits) and compares: I within 0.01 LU, true peak within 0.01 dB.
"""
import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.chain_jobs import RATE, default_chain, demo_mix
from benchmarks.timing import clock_ghz
from mastering_rt.desk.desk import Desk
from mastering_rt.offline.render import RenderOptions
from mastering_rt.playback.device import CLOCK
from mastering_rt.session import edits
from mastering_rt.session.presets import find_preset
from tests.mastering_rt.helpers import write_song

KNOBS = {"eq": ("band3_gain", -3.0, 3.0), "dynamic_eq": ("band2_threshold", -50.0, -30.0), "multiband": ("band2_threshold", -40.0, -20.0),
         "compressor": ("threshold", -30.0, -12.0), "clipper": ("gain", 3.0, 12.0), "limiter": ("gain", 0.0, 6.0)}
POLL_S = 1 / 60
PATIENCE_S = 60.0


def mix_of(songs, minutes):
    """(2, frames) of all songs of that rate behind each other, over and over."""
    if not songs:
        return demo_mix(minutes)
    read = [soundfile.read(song, always_2d=True) for song in songs]
    together = np.concatenate([np.broadcast_to(x.T, (2, len(x))) if x.shape[1] == 1 else x.T for x, rate in read if rate == RATE], axis=1)
    return np.ascontiguousarray(np.resize(together.T, (int(60 * minutes * RATE), 2)).T)


@contextmanager
def opened(window):
    """A desk and what lets it live for a moment: polls, or with its window all that a window does."""
    if not window:
        with Desk(CLOCK, 256, autosave=False) as desk:
            yield desk, lambda: (time.sleep(POLL_S), desk.poll())
        return
    from benchmarks.page import page

    with page(os.environ.get("QT_QPA_PLATFORM", "offscreen"), 1.0) as (app, program):
        program.window.resize(1280, 720)
        yield program.desk, lambda: (time.sleep(0.002), app.processEvents())


def wait(live, condition):
    """Until it holds; how long that took."""
    began = time.perf_counter()
    while not condition():
        if time.perf_counter() - began > PATIENCE_S:
            raise SystemExit("the numbers never came")
        live()
    return time.perf_counter() - began


def turn(desk, live, slot, rng):
    """One knob, one time. Seconds to the numbers, seconds of the pass, and seconds from the numbers to the spectra."""
    param_id, low, high = KNOBS[slot.kind]
    desk.set_value(slot.name, param_id, round(float(rng.uniform(low, high)), 2))
    numbers_s = wait(live, lambda: not desk.measuring)
    return numbers_s, desk.measured.took_s, wait(live, lambda: desk.spectra is not None)


def difference(desk, folder):
    """(LU, dB) between the numbers of now and those of the written file."""
    job = desk.render_job(str(Path(folder) / "master.wav"), RenderOptions(bits="24", overwrite=True))
    job.wait()
    found, written = desk.measured.master.report, job.result.file
    return abs(found.integrated_lufs - written.integrated_lufs), abs(found.true_peak_dbtp - written.true_peak_dbtp)


def run(options, folder):
    path = write_song(Path(folder) / "mix.wav", mix_of(options.songs, options.minutes), RATE, "32f")
    chain = default_chain() if options.chain == "bench" else find_preset("gentle").chain
    rng, rows = np.random.default_rng(options.seed), []
    with opened(options.window) as (desk, live):
        desk.open(path)
        desk.edit(lambda s: edits.set_chain(s, chain))
        desk.play_or_stop()
        first_s = wait(live, lambda: not desk.measuring)
        wait(live, lambda: desk.spectra is not None)
        times = {slot.name: [] for slot in chain}
        for number in range(options.turns):
            slot = chain[number % len(chain)]
            times[slot.name].append(turn(desk, live, slot, rng))
        for slot in chain:
            numbers, passes, spectra = zip(*times[slot.name])
            again_s = [turn(desk, live, slot, rng)[0] for _ in range(3)]
            row = {"stage": slot.name, "turns": len(numbers), "median s": statistics.median(numbers), "worst s": max(numbers),
                   "pass s": statistics.median(passes), "again s": statistics.median(again_s), "spectra s": statistics.median(spectra)}
            if options.read_back:
                row["I off LU"], row["TP off dB"] = difference(desk, folder)
            rows.append(row)
        every = [seconds for found in times.values() for seconds, _, _ in found]
        last = times[chain[-1].name]
        late = desk.player.status.load
    summary = {"first s": first_s, "median s": statistics.median(every), "worst s": max(every), "last stage median s": statistics.median(t[0] for t in last),
               "callback load": late, "peak memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "load of the machine": os.getloadavg()[0],
               "clock GHz": clock_ghz()}
    return rows, summary


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--songs", nargs="*", default=[])
    parser.add_argument("--chain", choices=("bench", "gentle"), default="bench")
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--window", action="store_true")
    parser.add_argument("--read-back", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows, summary = run(options, folder)
    columns = list(rows[0])
    cells = [[f"{row[c]:.3f}" if isinstance(row[c], float) else str(row[c]) for c in columns] for row in rows]
    widths = [max(len(c), *(len(line[k]) for line in cells)) for k, c in enumerate(columns)]
    for line in [columns, *cells]:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths)))
    for name, value in summary.items():
        print(f"{name:20} {value:.3f}")
    if options.json:
        options.json.write_text(json.dumps({"rows": rows, "summary": summary}, indent=1) + "\n")


if __name__ == "__main__":
    main()
