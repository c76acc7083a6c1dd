"""What it costs to keep a plugin in a process of its own: round trips of blocks, beside the same plugin inside this process.

usage: python -m benchmarks.bench_plugins [PLUGIN] [--seconds S]

Without a plugin the test plugin is built from source. The second table is the CPU time of a worker, and of the host's side, while sound
goes through it in real time, as a share of one core. The last is the same for three slots next to each other: as a run, whose sound a
relay carries from worker to worker, and each on a way of its own.
"""
import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from dsp_core.engine.chain import Chain
from dsp_core.offline.patience import patience
from dsp_core.offline.relay import Relay
from dsp_core.stages.plugin import Plugin
from mastering_rt.plugins.unit import Setup, Unit
from mastering_rt.plugins.worker import Hosted
from tests.plugins import building

RATE = 48000
SIZES = (64, 128, 256, 512)
ROUNDS = 2000


def microseconds(times):
    return {name: round(1e6 * float(np.percentile(times, share)), 1) for name, share in (("median", 50), ("p99", 99), ("p99.9", 99.9), ("max", 100))}


def inside(path, frames):
    """The plugin called directly, as hosts without isolation do."""
    hosted = Hosted(path, "", RATE, 512)
    sound, times = 0.1 * np.ones((2, frames), np.float32), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        hosted.process(sound)
        times.append(time.perf_counter() - began)
    return microseconds(times)


def apart(path, frames):
    """Posted to the worker and waited for: song time jumps at each call, so that every piece is a block of its own."""
    unit = Unit(Setup(path), RATE, patience=patience())
    unit.wait()
    stage = Plugin("plugin", RATE, {}, line=unit.line, plugin_latency=unit.latency)
    sound, times = 0.1 * np.ones((2, frames)), []
    for number in range(ROUNDS):
        piece = sound.copy()
        began = time.perf_counter()
        stage.run_block(piece, 4096 * number)
        while unit.line.answered < number:
            pass
        times.append(time.perf_counter() - began)
    unit.close(wait=True)
    return microseconds(times[10:])


def paced(path, frames, seconds):
    """CPU time in real time: of the worker, and of what the callback does for it."""
    unit = Unit(Setup(path), RATE)
    unit.wait()
    stage = Plugin("plugin", RATE, {}, line=unit.line, plugin_latency=unit.latency)
    sound = 0.1 * np.random.default_rng(1).standard_normal((2, frames))
    used, own, due, when = worker_cpu(unit.pid), 0.0, time.perf_counter(), 0
    while when < seconds * RATE:
        piece = sound.copy()
        began = time.thread_time()
        stage.run_block(piece, when)
        own += time.thread_time() - began
        when += frames
        due += frames / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
    used = worker_cpu(unit.pid) - used
    lapses = unit.line.lapses_seen
    unit.close(wait=True)
    return {"worker_percent": round(100 * used / seconds, 2), "host_percent": round(100 * own / seconds, 2), "lapses": lapses}


def three(path, frames, seconds, as_run):
    """CPU time in real time of three slots next to each other, and their latency. host: relays and what paces it included."""
    units = [Unit(Setup(path), RATE) for _ in range(3)]
    for unit in units:
        unit.wait()
    relays = [Relay(leader.line, follower.line) for leader, follower in zip(units, units[1:])] if as_run else [None, None]
    stages = [Plugin("plugin", RATE, {}, line=unit.line, plugin_latency=unit.latency, relay=relay) for unit, relay in zip(units, [None, *relays])]
    chain = Chain(RATE, stages)
    sound = 0.1 * np.random.default_rng(1).standard_normal((2, frames))
    workers, host = sum(worker_cpu(unit.pid) for unit in units), time.process_time()
    due, when = time.perf_counter(), 0
    while when < seconds * RATE:
        chain.process(sound.copy(), when=when)
        when += frames
        due += frames / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
    found = {"workers_percent": round(100 * (sum(worker_cpu(unit.pid) for unit in units) - workers) / seconds, 2),
             "host_percent": round(100 * (time.process_time() - host) / seconds, 2), "latency_ms": round(1e3 * chain.latency_frames / RATE, 1),
             "lapses": [unit.line.lapses_seen for unit in units]}
    for relay in filter(None, relays):
        relay.close()
    for unit in units:
        unit.close(wait=True)
    return found


def worker_cpu(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("plugin", nargs="?")
    parser.add_argument("--seconds", type=float, default=5.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.plugin or building.build(folder)
        found = {}
        print(f"{'frames':>8} {'inside':>34} {'in a worker of its own':>34}   microseconds, median / p99 / p99.9 / max")
        for frames in SIZES:
            found[frames] = {"inside_us": inside(path, frames), "apart_us": apart(path, frames)}
            print(f"{frames:8} " + " ".join(f"{' / '.join(map(str, row.values())):>34}" for row in found[frames].values()))
        for frames in SIZES:
            found[frames]["paced"] = paced(path, frames, arguments.seconds)
            print(f"{frames:8} in real time, per cent of a core: worker {found[frames]['paced']['worker_percent']}, "
                  f"host {found[frames]['paced']['host_percent']}; lapses {found[frames]['paced']['lapses']}")
        for frames in SIZES:
            for name, as_run in (("as a run", True), ("apart", False)):
                row = found[frames][f"three {name}"] = three(path, frames, arguments.seconds, as_run)
                print(f"{frames:8} three {name:>8}: latency {row['latency_ms']} ms, workers {row['workers_percent']} %, host {row['host_percent']} %, "
                      f"lapses {row['lapses']}")
        print(json.dumps(found))


if __name__ == "__main__":
    main()
