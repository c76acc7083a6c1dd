"""A storm of faults while a song plays through plugins and a limiter: on the built-in clock device, and on a real audio server."""
import gc
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest

from dsp_core.engine.clock import ClockDevice
from mastering_rt.plugins import unit as units
from tests.hooked import build_library
from tests.jack import ROOT, jack_server
from tests.mastering_rt.helpers import until
from tests.plugins.storm import CEILING_DB, RATE, Storm, gone, longest_gap

pytestmark = pytest.mark.slow

FRAMES = 128
FAULTS = 14                      # each kind at least once
ALLOWED_GAP = 512 + 256          # frames: a block and the fade
MOST_PEAK = 10 ** (CEILING_DB / 20) + 1e-6


@pytest.mark.realtime
@pytest.mark.parametrize("slots", [1, 2])
def test_nothing_a_plugin_does_stops_the_music(built, home, monkeypatch, slots):
    monkeypatch.setattr(units, "MOST_FAILURES", 1000)
    before = shared_memory()
    storm = Storm(built(), slots)
    assert len(shared_memory() - before) == slots
    music = heard_through(storm)
    del storm
    assert np.isfinite(music).all()
    assert np.max(np.abs(music)) <= MOST_PEAK
    assert longest_gap(music)[0] <= ALLOWED_GAP
    gc.collect()
    assert not shared_memory() - before


def heard_through(storm):
    """What comes of a song while its plugins fail, each time in another way; nothing is left of any worker behind it."""
    heard = np.zeros(((FAULTS + 8) * RATE * 3, 2), np.float32)
    device = ClockDevice(storm.engine.callback, storm.engine.userdata, FRAMES, RATE, heard, storm.engine)
    storm.begin()
    device.start()
    storm.fail(0, FAULTS)
    device.stop()
    storm.engine.running = False
    assert not storm.changed
    storm.rack.units.close()
    until(lambda: all(map(gone, storm.pids)) and all(unit.phase == "closed" for unit in storm.units))
    return heard[:device.captured]


@pytest.mark.realtime
@pytest.mark.skipif(shutil.which("jackd") is None, reason="no jackd: install jackd2 to test on a real audio server")
@pytest.mark.parametrize(("first", "faults", "slots"), [
    (0, FAULTS, 2), *[pytest.param(first, 250, 3, marks=pytest.mark.soak) for first in (0, 250, 500, 750)]])
def test_nothing_it_does_holds_up_the_callback_of_a_real_server(built, home, tmp_path, first, faults, slots):
    """A thousand faults in four pieces. What would make a callback late because of a plugin is counted, not timed: it never gave its
    processor away, and met no memory that was not there."""
    library = build_library("stopwatch", tmp_path)
    with jack_server(FRAMES, RATE, wait_for_clients=False) as environment:
        host = subprocess.run([sys.executable, "-m", "tests.plugins.storm", built(), *map(str, (first, faults, FRAMES, slots)), library],
                              cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=590)
    assert host.returncode == 0, host.stderr
    seen = json.loads(host.stdout)
    assert sum(seen["failures"]) >= faults
    assert seen["finite"]
    assert seen["peak_dbfs"] <= 20 * np.log10(MOST_PEAK)
    assert seen["longest_gap"] <= ALLOWED_GAP
    assert (seen["changed"], seen["guarded"], seen["waits"], seen["page_faults"]) == ([], 0, 0, 0)
    until(lambda: all(map(gone, seen["pids"])))


def shared_memory():
    """Which pieces of memory without a name this process holds, by number; they go with the last that holds them. What earlier tests held may go
    meanwhile, and no piece has the number of another."""
    held = set()
    for fd in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            if "memfd:" in os.readlink(f"/proc/self/fd/{fd}"):
                held.add(os.stat(f"/proc/self/fd/{fd}").st_ino)
    return held
