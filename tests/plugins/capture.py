"""What a chain sounds like live: the clock device keeps what the engine puts out."""
from pathlib import Path

import numpy as np

from dsp_core.engine.clock import ClockDevice
from dsp_core.engine.engine import MASTER_SOURCE, Engine
from mastering_rt.audio.song import load_song
from mastering_rt.playback.rack import Rack
from mastering_rt.playback.sources import memory_song
from tests.mastering_rt.helpers import until


def play_through(path, session, frames=128):
    """(2, n) float32 of the master as it was played from its first frame, latency taken out, and how often the plugin lapsed."""
    song = load_song(Path(path))
    engine = Engine(song.sample_rate_hz)
    rack = Rack(engine, session.chain)
    engine.set_song(memory_song(song, song.sample_rate_hz))
    until(lambda: not rack.pending and all(rack.units.get(slot.name).phase == "running" for slot in session.chain if slot.plugin), rack.pump)
    until(lambda: not rack.pending and not engine.busy, rack.pump)
    heard = np.zeros((song.frames + 20000, 2), np.float32)
    device = ClockDevice(engine.callback, engine.userdata, frames, song.sample_rate_hz, heard, engine)
    engine.running = True
    engine.select(MASTER_SOURCE)
    engine.play()
    device.start()
    until(lambda: engine.read_status()["ended"] or device.captured == len(heard), rack.pump)
    device.stop()
    engine.running = False
    lapses = sum(rack.units.get(slot.name).line.lapses_seen for slot in session.chain if slot.plugin)
    latency = engine.chain.latency_frames
    rack.units.close()
    return np.ascontiguousarray(heard[latency:device.captured].T), lapses
