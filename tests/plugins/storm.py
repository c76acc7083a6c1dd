"""Faults of foreign plugins in a row while a song plays through them and a limiter, and what is asked of the sound meanwhile.

usage: python -m tests.plugins.storm PLUGIN FIRST FAULTS FRAMES SLOTS STOPWATCH    plays on the JACK server that is there; prints what it saw as JSON
"""
import ctypes
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np

from dsp_core.engine.engine import MASTER_SOURCE, Engine
from dsp_core.engine.source import MemorySong
from mastering_rt.playback.rack import Rack
from mastering_rt.plugins import unit as units
from mastering_rt.plugins.allowed import allow_here
from mastering_rt.plugins.units import with_values
from mastering_rt.session import edits
from mastering_rt.session.model import PluginRef, Session
from tests import signals
from tests.mastering_rt.helpers import until
from tests.plugins import building
from tests.plugins.building import ABORT, DELAY, EXIT, FAULT, GAIN, HANG, JUMP, NOT_A_NUMBER, SEGV, SLOW

RATE = 48000
CEILING_DB = -1.0
DEEDS = ("kill", "stop", ABORT, NOT_A_NUMBER, SLOW, "kill", SEGV, ABORT, NOT_A_NUMBER, EXIT, "stop", JUMP, "kill", HANG)
NAMES = {ABORT: "abort", NOT_A_NUMBER: "NaN", SLOW: "slow", SEGV: "segv", EXIT: "exit", JUMP: "jump", HANG: "hang"}
QUIET = 1e-4                     # -80 dBFS, under the noise that lies in the song
LONGEST_S = 580                  # of sound that is kept
SETTLED = 100                    # callbacks, after which the engine has been everywhere once


def song(seconds=20):
    """Music-like, with noise at -46 dBFS, so that silence in it is a gap."""
    return (0.5 * signals.programme(seconds * RATE, RATE) + signals.noise(seconds * RATE, RATE, 0.005)).astype(np.float32)


def session_with(plugin, slots=1):
    """The plugin as often as there are slots, each set otherwise, then a limiter that is driven hard."""
    session = Session()
    for number in range(slots):
        session = edits.add_stage(session, "plugin")
        values = {GAIN: building.gain_value(3 - number), DELAY: building.delay_value(64 + 1800 * number)}
        session = edits.put_plugin(session, session.chain[-1].name, with_values(PluginRef(plugin), values, {}))
    return edits.set_values(edits.add_stage(session, "limiter"), "limiter", {"gain": 6.0, "ceiling": CEILING_DB})


def do(unit, deed):
    if deed == "kill":
        os.kill(unit.pid, signal.SIGKILL)
    elif deed == "stop":
        os.kill(unit.pid, signal.SIGSTOP)
    else:
        unit.ask_now({FAULT: building.fault_value(deed)})


def gone(pid):
    """No process of this number runs; one that nobody has buried yet does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


class Storm:
    """An engine whose song loops through plugins; `device_of(engine)` starts what calls it."""

    def __init__(self, plugin, slots=1):
        self.engine = Engine(RATE)
        session = session_with(plugin, slots)
        self.rack = Rack(self.engine, session.chain)
        self.song = song()
        self.engine.set_song(MemorySong(self.song, RATE))
        self.engine.select(MASTER_SOURCE)
        self.units = [self.rack.units[slot.name] for slot in session.chain if slot.plugin]
        until(lambda: all(unit.phase == "running" for unit in self.units) and not self.rack.pending, self.rack.pump)
        self.as_set = [(unit.state, dict(unit.values), unit.latency) for unit in self.units]
        self.pids, self.changed, self.told, self.deeds = set(), [], [], []
        self.note()

    def begin(self):
        """Play, once a device calls the engine."""
        self.engine.running = True
        self.engine.loop(0, self.song.shape[1])
        self.engine.play()

    def well(self):
        """All plugins are heard."""
        return all(unit.phase == "running" and unit.line.presence_seen == 1.0 for unit in self.units)

    def note(self):
        self.pids.update(unit.pid for unit in self.units)
        now = [(unit.state, dict(unit.values), unit.latency) for unit in self.units]
        self.changed += [number for number, (was, there) in enumerate(zip(self.as_set, now)) if was != there]
        self.told += [(number, told.sentence) for number, unit in enumerate(self.units) for told in unit.happenings() if told.sentence]

    def fail(self, first, count):
        """That many faults, each time in another way and another slot, each waited for until all plugins are back."""
        for number in range(first, first + count):
            until(self.well, self.rack.pump)
            self.note()
            before = [unit.failures for unit in self.units]
            guilty = number % len(self.units)
            deed = DEEDS[number // len(self.units) % len(DEEDS)]
            self.deeds.append((guilty, NAMES.get(deed, deed), round(self.engine.read_status()["frames"] / RATE, 2)))
            do(self.units[guilty], deed)
            until(lambda unit=self.units[guilty], seen=before[guilty]: unit.failures > seen, self.rack.pump)
        until(self.well, self.rack.pump)
        self.note()

    def failures(self):
        """Of each slot."""
        return [unit.failures for unit in self.units]


def longest_gap(sound):
    """(frames, at frame): how long both channels of (frames, 2) are quiet in a row, behind the first sound, and where."""
    loud = np.flatnonzero(np.maximum(np.abs(sound[:, 0]), np.abs(sound[:, 1])) >= QUIET)
    gaps = np.diff(loud)
    return (int(gaps.max()) - 1, int(loud[gaps.argmax()])) if len(gaps) else (len(sound), 0)


def timings(times, frames):
    """What the stopwatch says of the callbacks, in shares of the period and in counts. A callback that neither waits nor meets memory that is
    not there is late by what it computes, or because the machine held it up."""
    cpu, start, end, faults, waits = times
    period = 1e9 * frames / RATE
    over = cpu > period
    return {"callbacks": len(cpu), "cpu_median_percent": 100 * float(np.median(cpu)) / period,
            "cpu_p999_percent": 100 * float(np.percentile(cpu, 99.9)) / period, "cpu_max_percent": 100 * float(cpu.max()) / period,
            "cpu_over_period": int(over.sum()), "late_by_the_wall": int((end - start > period).sum()),
            "page_faults": int(faults[SETTLED:].sum()), "waits": int(waits[SETTLED:].sum()), "over_with_page_faults": int((faults[SETTLED:] * over[SETTLED:]).sum())}


def main(plugin, first, faults, frames, slots, library):
    from mastering_rt.playback.device import find_device, open_device
    from tests.hooked import HookedEngine

    units.MOST_FAILURES = 10 * faults + 10
    watch = ctypes.CDLL(library)
    sound = np.full((LONGEST_S * RATE, 2), 0.0, np.float32)
    sound += 0.0                                         # so that each page is there
    times = np.full((5, LONGEST_S * RATE // frames), 1, np.int64)
    for name, row in zip(("cpu_ns", "start_ns", "end_ns", "faults", "waits"), times):
        ctypes.c_void_p.in_dll(watch, f"stopwatch_{name}").value = row.ctypes.data
    ctypes.c_void_p.in_dll(watch, "stopwatch_sound").value = sound.ctypes.data
    for name, room in (("room", times.shape[1]), ("sound_room", len(sound))):
        ctypes.c_long.in_dll(watch, f"stopwatch_{name}").value = room
    allow_here(plugin)
    storm = Storm(plugin, slots)
    info = find_device("JACK")
    assert "JACK" in info.host_api, info
    device = open_device(info, HookedEngine(storm.engine, watch.stopwatch_callback), frames)
    device.start()
    storm.begin()
    storm.fail(first, faults)
    status = storm.engine.read_status()
    device.close()
    count = ctypes.c_long.in_dll(watch, "stopwatch_count").value
    heard = sound[:ctypes.c_long.in_dll(watch, "stopwatch_sound_count").value]
    print(json.dumps({
        "faults": faults, "failures": storm.failures(), "seconds": len(heard) / RATE, "late": status["late"], "guarded": status["guarded"],
        "flagged": status["flagged"], **timings(times[:, :count], frames),
        "peak_dbfs": float(20 * np.log10(np.abs(heard).max())), "finite": bool(np.isfinite(heard).all()), "longest_gap": longest_gap(heard)[0],
        "gap_at_s": longest_gap(heard)[1] / RATE,
        "changed": storm.changed, "sentences": len(storm.told), "told": [told for told in storm.told if "set as it was" not in told[1]], "deeds": storm.deeds, "pids": sorted(storm.pids)}), flush=True)
    with suppress(ValueError):
        sys.stdout.close()
    os._exit(0)                                          # as a host that is ended: nobody lets go of anything


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:6]), sys.argv[6])
