"""How long a plugin takes from being put into a chain until it answers: in a fresh process, in one that was started ahead, and in pedalboard alone.

usage: python -m benchmarks.bench_plugin_loading [--alone] [--rounds N] [PLUGIN ...]

Without names all that are installed. Seconds by the clock, and in brackets of processor time: that of the worker from when it is told to load, or, for a fresh
one, from its start. "--alone" also loads it with pedalboard in a fresh process, which may take minutes. The load of the machine stands below.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.bench_plugins import worker_cpu
from mastering_rt.plugins import spare
from mastering_rt.plugins.scan import installed
from mastering_rt.plugins.unit import Setup, Unit

RATE = 48000
REST_S = 3.0                     # in which a spare worker comes to rest
ALONE = ("import time, sys; t, c = time.perf_counter(), time.process_time(); import pedalboard; pedalboard.VST3Plugin(sys.argv[1]); "
         "print(time.perf_counter() - t, time.process_time() - c, flush=True); import os; os._exit(0)")


def loaded(path, ahead):
    """(seconds, seconds of processor time) of a live unit."""
    used = 0.0
    if ahead:
        while not spare.spares.pid:
            time.sleep(0.1)
        time.sleep(REST_S)
        used = worker_cpu(spare.spares.pid)
    began = time.perf_counter()
    unit = Unit(Setup(path), RATE)
    if not unit.wait():
        raise SystemExit(f"{path} {unit.problem}")
    found = time.perf_counter() - began, worker_cpu(unit.pid) - used
    unit.close(wait=True)
    return found


def alone(path):
    out = subprocess.run([sys.executable, "-c", ALONE, path], capture_output=True, text=True, check=True).stdout
    return tuple(map(float, out.split()[-2:]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("plugins", nargs="*")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    paths = [path for path in installed() if not arguments.plugins or Path(path).stem in arguments.plugins or path in arguments.plugins]
    ways = {"fresh": lambda path: loaded(path, False), "ahead": lambda path: loaded(path, True)}
    rows = {}
    print(f"{'':16} {'fresh process':>18} {'started ahead':>18}" + (f" {'pedalboard alone':>20}" if arguments.alone else ""))
    for path in sorted(paths):
        row = {}
        for name, way in ways.items():
            if name == "ahead":
                spare.spares.keep()
            row[name] = [statistics.median(column) for column in zip(*(way(path) for _ in range(arguments.rounds)))]
            if name == "ahead":
                spare.spares.let_go()
        if arguments.alone:
            row["alone"] = alone(path)
        rows[Path(path).stem] = row
        print(f"{Path(path).stem:16} " + " ".join(f"{wall:8.2f} ({cpu:.2f}) s" for wall, cpu in row.values()), flush=True)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
