"""Use everything at once for a while, with the police watching the audio thread. Run by test_audio_thread_police.py under LD_PRELOAD.

usage: police_run.py SECONDS DEVICE
"""
import ctypes
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from dsp_core.params import STAGES, params_of
from mastering_rt.desk.desk import Desk
from mastering_rt.desk.reference_jobs import add_reference, source_job
from mastering_rt.desk.sides import Side
from mastering_rt.playback.device import CLOCK, find_device
from mastering_rt.playback.monitor import MonitorSettings
from mastering_rt.session import comparing, edits
from mastering_rt.session.model import PluginRef
from tests import signals
from tests.hooked import hooked_devices
from tests.mastering_rt.helpers import RATE, until, write_song
from tests.plugins import building

COUNTERS = ("callbacks", "allocations", "locks", "syscalls", "last_syscall")
LIBRARY = ctypes.CDLL(None)


def deeds(desk, rng):
    """What a restless user does, one thing at a time, for ever."""
    frames = desk.song.frames
    while True:
        for kind in STAGES:
            slot = next((there for there in desk.session.chain if there.kind == kind), None)
            if slot is None:
                yield lambda kind=kind: desk.edit(lambda s: edits.add_stage(s, kind))
                continue
            for param in params_of(kind):
                yield lambda slot=slot, param=param: desk.set_value(slot.name, param.id, param.from_norm(rng.random()))
        yield lambda: desk.player.seek(int(rng.integers(0, frames)))
        yield lambda: desk.edit(lambda s: edits.set_loop(s, int(0.4 * rng.random() * frames), int((0.5 + 0.5 * rng.random()) * frames)))
        yield lambda: desk.edit(lambda s: edits.switch_loop(s, False))
        yield lambda: desk.edit(lambda s: edits.move_stage(s, s.chain[0].name, len(s.chain) - 1))
        yield lambda: desk.edit(lambda s: edits.duplicate_stage(s, s.chain[0].name) if len(s.chain) < 8 else edits.remove_stage(s, s.chain[0].name))
        yield desk.swap_heard
        yield lambda: desk.set_matched(not desk.matched)
        yield lambda: desk.set_monitor(MonitorSettings(*(bool(b) for b in rng.integers(0, 2, 7)), level_db=-6.0))
        yield desk.undo
        yield lambda: desk.hear_delta_of(desk.session.chain[0].name)
        yield lambda: desk.level_delta(bool(rng.integers(0, 2)))
        yield lambda: desk.edit(lambda s: comparing.store_snapshot(s, "A"))
        for side in (Side("snapshot", "A"), Side("without", desk.session.chain[0].name), Side("reference", "reference"),
                     Side("order", " ".join(slot.name for slot in reversed(desk.session.chain)))):
            yield lambda side=side: desk.hear_side(side)
            yield desk.swap_pair
        yield lambda: desk.edit(lambda s: comparing.lock_reference(s, "reference", int(rng.integers(-9999, 9999))))
        yield lambda: desk.edit(lambda s: comparing.free_reference(s, "reference"))
        yield lambda: desk.compare.seek_reference("reference", int(rng.integers(0, 5 * RATE)))
        yield lambda: desk.hear("master")
        yield desk.play_or_stop
        yield desk.play_or_stop


def host_a_plugin(desk, folder):
    """The test plugin in a process of its own, where it can be built; gives what stands in the session for it."""
    if building.why_not():
        return None
    plugin = PluginRef(building.build(folder))
    desk.edit(lambda s: edits.put_plugin(edits.add_stage(s, "plugin"), "plugin", plugin))
    until(lambda: desk.plugins.unit("plugin").phase == "running", desk.poll)
    return plugin


def main(seconds, device):
    rng = np.random.default_rng(11)
    done = 0
    with tempfile.TemporaryDirectory() as folder, hooked_devices(LIBRARY.police_callback):
        desk = Desk(CLOCK if device == "clock" else find_device(device), 0 if device != "clock" else 64, autosave=False)
        desk.open(write_song(Path(folder) / "mix.wav", 0.5 * signals.programme(20 * RATE), RATE))
        job = source_job(write_song(Path(folder) / "record.wav", 0.5 * signals.programme(8 * RATE, seed=4), RATE))
        job.wait()
        add_reference(desk, job.result)
        while not desk.compare.references["reference"].ready:
            desk.poll()
            time.sleep(0.004)
        plugin = host_a_plugin(desk, folder)
        desk.play_or_stop()
        began = time.monotonic()
        for deed in deeds(desk, rng):
            deed()
            done += 1
            desk.poll()
            time.sleep(0.004)
            if plugin and not any(slot.plugin for slot in desk.session.chain) and not desk.blind.running:
                desk.edit(lambda s: edits.put_plugin(s, "plugin", plugin) if any(slot.name == "plugin" for slot in s.chain) else s)
            if not desk.player.status.playing:
                desk.player.play()
            if time.monotonic() - began > seconds:
                break
        faults = sum("no numbers" in sentence for sentence in desk.poll().sentences)
        desk.close()
    counts = {name: ctypes.c_long.in_dll(LIBRARY, f"police_{name}").value for name in COUNTERS}
    print(json.dumps({**counts, "sees_syscalls": ctypes.c_int.in_dll(LIBRARY, "police_sees_syscalls").value, "deeds": done, "faults": faults}))


def confess():
    """Let the guilty callback run instead, to see that the police sees anything at all."""
    from dsp_core.engine.clock import ClockDevice
    from tests.hooked import Beat

    address = {name: ctypes.cast(getattr(LIBRARY, name), ctypes.c_void_p).value for name in ("guilty_callback", "police_callback")}
    beat = Beat(address["guilty_callback"], None)
    device = ClockDevice(address["police_callback"], ctypes.addressof(beat), 64, 48000.0)
    device.start()
    while device.callbacks < 5:
        time.sleep(0.001)
    device.stop()
    print(json.dumps({name: ctypes.c_long.in_dll(LIBRARY, f"police_{name}").value for name in COUNTERS}))


if __name__ == "__main__":
    if sys.argv[1] == "confess":
        confess()
    else:
        main(float(sys.argv[1]), sys.argv[2])
