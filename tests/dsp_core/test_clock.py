"""The built-in clock device calls the engine in real time and keeps what it put out."""
import threading

import numpy as np
import pytest

from dsp_core.engine.clock import ClockDevice
from dsp_core.engine.engine import MASTER_SOURCE, Engine
from dsp_core.engine.source import MemorySong
from dsp_core.stages import make
from tests import signals

pytestmark = pytest.mark.slow

RATE = 48000


def test_what_the_device_put_out_is_the_song_through_the_chain():
    x = signals.programme(9600)
    engine = Engine(RATE, [make("trim", RATE, {"gain": -3})])
    engine.set_song(MemorySong(x, RATE))
    engine.select(MASTER_SOURCE)
    engine.run_offline(np.zeros((2048, 2), np.float32), np.zeros((2048, 2), np.float32))
    engine.play()
    capture = np.zeros((12800, 2), np.float32)
    device = ClockDevice(engine.callback, engine.userdata, 128, RATE, capture, engine)
    engine.running = True
    device.start()
    patience = threading.Event()
    while device.captured < len(capture):
        patience.wait(0.005)
    device.stop()
    engine.running = False
    want = np.float32(x * 10 ** (-3 / 20))
    assert np.allclose(capture[:9600].T, want, atol=1e-7)
    assert not capture[9600:].any()
    assert engine.read_status()["callbacks"] == device.callbacks + 1


def test_the_analyser_gets_every_frame_while_the_native_thread_plays():
    x = np.stack([np.arange(48000.0), -np.arange(48000.0)]) / 65536
    engine = Engine(RATE)
    engine.set_song(MemorySong(x, RATE))
    engine.play()
    device = ClockDevice(engine.callback, engine.userdata, 64, RATE, keep=engine)
    engine.running = True
    device.start()
    room, got = np.zeros((4096, 6), np.float32), []
    while sum(map(len, got)) < 48000:
        got.append(room[:engine.scope.drain(room.view(np.uint8).reshape(-1))].copy())
    device.stop()
    heard = np.concatenate(got)
    assert np.array_equal(heard[:, :2].T, np.float32(x))
    assert np.array_equal(heard[:, 2:4], heard[:, :2])
    assert engine.scope.lost == 0
