"""How fast a long file is rendered through a foreign plugin, and what that costs in processor time: for machines that are busy otherwise.

usage: python -m benchmarks plugin_render [PLUGIN] [--minutes 10] [--rate 96000] [--slots 0,1,3]

Without a plugin the test plugin is built from source. Each row is one render of the demo mix, over and over, to 24 bits with dither and all
measurements a render makes, through so many slots of the plugin; 0 is the same without any. cpu: of the host and of its workers, as
times real time on one processor. Limit: 20x real time with one slot, 10 minutes at 96 kHz, on a machine that does nothing else.
"""
import argparse
import gc
import json
import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from mastering_rt.audio.writer import AudioWriter
from mastering_rt.demo import demo_mix
from mastering_rt.offline.render import RenderOptions, render
from mastering_rt.plugins.allowed import allow_here
from mastering_rt.session import edits
from mastering_rt.session.model import PluginRef, Session
from tests.plugins import building


def write_mix(path, minutes, rate):
    """The demo mix as often as it takes."""
    mix = demo_mix(rate)
    left = round(60 * minutes * rate)
    with AudioWriter(path, rate, 2, "24", overwrite=True, dither="none") as writer:
        while left > 0:
            writer.write(np.ascontiguousarray(mix[:, :left]))
            left -= mix.shape[1]
        writer.commit()
    return str(path)


def session_with(plugin, slots):
    session = Session()
    allow_here(plugin)
    for _ in range(slots):
        session = edits.add_stage(session, "plugin")
        session = edits.put_plugin(session, session.chain[-1].name, PluginRef(plugin))
    return session


def processor_times():
    """Seconds of this process, and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return [each.ru_utime + each.ru_stime for each in used]


def measure(mix, plugin, slots, minutes, out):
    before, began = processor_times(), time.perf_counter()
    report = render(mix, out, session_with(plugin, slots), RenderOptions(bits="24"))
    took = time.perf_counter() - began
    gc.collect()
    while children():                                    # their times are known once they have ended
        time.sleep(0.01)
    own, theirs = (now - then for now, then in zip(processor_times(), before))
    seconds = 60 * minutes
    return {"slots": slots, "took_s": round(took, 1), "realtime_factor": round(seconds / took, 1), "host_cpu_s": round(own, 1),
            "workers_cpu_s": round(theirs, 1), "cpu_factor": round(seconds / (own + theirs), 1), "latency_samples": report.latency_samples,
            "load": round(os.getloadavg()[0], 1)}


def children():
    """Of all threads."""
    return [child for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("plugin", nargs="?")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=int, default=96000)
    parser.add_argument("--slots", type=lambda text: [int(each) for each in text.split(",")], default=[0, 1, 3])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MASTERING_RT_HOME"] = folder
        plugin = arguments.plugin or building.build(folder)
        mix = write_mix(Path(folder) / "mix.wav", arguments.minutes, arguments.rate)
        rows = []
        for slots in arguments.slots:
            rows.append(measure(mix, plugin, slots, arguments.minutes, str(Path(folder) / f"out{slots}.wav")))
            print("  ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
        print(json.dumps(rows))


if __name__ == "__main__":
    main()
