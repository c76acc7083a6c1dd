"""A storm of faults while a song plays through the plugin and a limiter on the built-in clock device."""
import gc
import os
import signal
from contextlib import suppress

import numpy as np
import pytest

from dsp_core.engine.clock import ClockDevice
from dsp_core.engine.engine import MASTER_SOURCE, Engine
from dsp_core.engine.source import MemorySong
from mastering_rt.playback.rack import Rack
from mastering_rt.plugins import unit as units
from mastering_rt.plugins.units import with_values
from mastering_rt.session import edits
from mastering_rt.session.model import PluginRef, Session
from tests import signals
from tests.plugins import building
from tests.plugins.building import ABORT, DELAY, EXIT, FAULT, GAIN, JUMP, NOT_A_NUMBER, SEGV, SLOW
from tests.plugins.test_units import gone, until

pytestmark = pytest.mark.slow

RATE, FRAMES = 48000, 128
CEILING_DB = -1.0
DEEDS = ("kill", "stop", ABORT, SEGV, EXIT, NOT_A_NUMBER, JUMP, SLOW)


def do(unit, deed):
    if deed == "kill":
        os.kill(unit.pid, signal.SIGKILL)
    elif deed == "stop":
        os.kill(unit.pid, signal.SIGSTOP)
    else:
        unit.ask_now({FAULT: building.fault_value(deed)})


@pytest.mark.realtime
@pytest.mark.parametrize("faults", [16, pytest.param(1000, marks=pytest.mark.soak)])
def test_nothing_a_plugin_does_stops_the_music(built, home, monkeypatch, faults):
    monkeypatch.setattr(units, "MOST_FAILURES", 10 * faults)
    before, song = shared_memory(), 0.5 * signals.programme(20 * RATE)
    music = heard_through(built(), song, faults)
    assert np.isfinite(music).all()
    assert np.max(np.abs(music)) <= 10 ** (CEILING_DB / 20) + 1e-6
    quiet = np.flatnonzero(np.abs(music[RATE // 4:]).max(axis=1) < 1e-4)
    runs = np.split(quiet, np.flatnonzero(np.diff(quiet) != 1) + 1)
    assert max(map(len, runs)) <= longest_silence(song) + 512 + 256
    gc.collect()
    assert shared_memory() == before


def heard_through(plugin, song, faults):
    """What comes of a song while its plugin fails that often, each time in another way; nothing is left of any worker behind it."""
    session = edits.put_plugin(edits.add_stage(Session(), "plugin"), "plugin",
                               with_values(PluginRef(plugin), {GAIN: building.gain_value(3), DELAY: building.delay_value(64)}, {}))
    session = edits.set_values(edits.add_stage(session, "limiter"), "limiter", {"gain": 6.0, "ceiling": CEILING_DB})
    engine = Engine(RATE)
    rack = Rack(engine, session.chain)
    engine.set_song(MemorySong(song.astype(np.float32), RATE))
    engine.select(MASTER_SOURCE)
    heard = np.zeros(((faults + 8) * RATE * 3, 2), np.float32)
    unit = rack.units["plugin"]
    until(lambda: (rack.pump(), unit.phase == "running" and not rack.pending)[1])
    state, pids, values = unit.state, set(), dict(unit.values)
    device = ClockDevice(engine.callback, engine.userdata, FRAMES, RATE, heard, engine)
    engine.running = True
    engine.loop(0, song.shape[1])
    engine.play()
    device.start()
    for number in range(faults):
        until(lambda: (rack.pump(), unit.phase == "running" and unit.line.presence_seen == 1.0)[1])
        pids.add(unit.pid)
        do(unit, DEEDS[number % len(DEEDS)])
        until(lambda number=number: (rack.pump(), unit.failures > number)[1])
    until(lambda: (rack.pump(), unit.phase == "running" and unit.line.presence_seen == 1.0)[1])
    assert (unit.state, unit.values) == (state, values)
    device.stop()
    engine.running = False
    rack.units.close()
    until(lambda: gone(unit.pid) and all(map(gone, pids)) and unit.phase == "closed")
    return heard[:device.captured]


def shared_memory():
    """How many pieces of memory without a name this process holds; they go with the last that holds them."""
    held = 0
    for fd in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            held += "memfd:" in os.readlink(f"/proc/self/fd/{fd}")
    return held


def longest_silence(song):
    """Frames in a row that are next to nothing in the mix itself."""
    quiet = np.flatnonzero(np.abs(song).max(axis=0) < 1e-4)
    return max((len(run) for run in np.split(quiet, np.flatnonzero(np.diff(quiet) != 1) + 1)), default=0)
