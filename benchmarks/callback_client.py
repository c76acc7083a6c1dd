"""One program under `bench_callback.py`: the window is open, a Python thread is busy, and one callback plays on JACK while it is timed.

usage: callback_client.py KIND SECONDS MIX FRAMES OUT.npz     KIND: ours | copy | spin | python
"""
import ctypes
import os
import sys
import threading
import time
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np

from mastering_rt.desk.desk import Desk
from mastering_rt.playback.device import CLOCK, find_device, open_device, portaudio
from tests.hooked import hooked_devices

RATE = 48000
SPINS = 24000                    # about as long as ours


class Stopwatch:
    """Room for the times of `count` callbacks, filled by the native library."""

    def __init__(self, library, count):
        self.library = ctypes.CDLL(library)
        self.times = np.zeros((4, count), np.int64)
        for name, row in zip(("cpu_ns", "start_ns", "end_ns", "faults"), self.times):
            ctypes.c_void_p.in_dll(self.library, f"stopwatch_{name}").value = row.ctypes.data
        ctypes.c_long.in_dll(self.library, "stopwatch_room").value = count

    @property
    def count(self):
        return ctypes.c_long.in_dll(self.library, "stopwatch_count").value

    @property
    def flagged(self):
        return ctypes.c_long.in_dll(self.library, "stopwatch_flagged").value


class PythonCallback:
    """The usual way: a Python callback over pedalboard's chain, through sounddevice, timed by itself."""

    def __init__(self, count):
        from pedalboard import Compressor, HighpassFilter, HighShelfFilter, Limiter, LowShelfFilter, PeakFilter, Pedalboard

        self.board = Pedalboard([HighpassFilter(30), LowShelfFilter(100, 1.0), PeakFilter(250, -2.0), PeakFilter(3000, -1.5),
                                 HighShelfFilter(10000, 1.0), Compressor(-20, 1.5, 20, 150), Limiter(-1.0, 150)])
        self.times, self.count, self.flagged = np.zeros((4, count), np.int64), 0, 0
        self.noise = np.random.default_rng(1).standard_normal((2, 8192)).astype(np.float32) * 0.1
        self.board.process(np.zeros((2, 8192), np.float32), RATE, reset=False)

    def __call__(self, out, frames, when, status):
        at, start, cpu = self.count, time.monotonic_ns(), time.thread_time_ns()
        out[:] = self.board.process(self.noise[:, :frames], RATE, buffer_size=8192, reset=False).T
        if at < self.times.shape[1]:
            self.times[:3, at] = time.thread_time_ns() - cpu, start, time.monotonic_ns()
            self.count = at + 1
        self.flagged += bool(status)


def own_stream(kind, watch):
    """A running stream beside the desk, whose callback is not the engine's."""
    if kind in ("copy", "spin"):
        ctypes.c_long.in_dll(watch.library, "stopwatch_spins").value = SPINS if kind == "spin" else 0
        hook = ctypes.cast(watch.library.copy_callback, ctypes.c_void_p).value
        stream = open_device(find_device(None), SimpleNamespace(rate=RATE, callback=hook, userdata=0), 0)
    else:
        stream = portaudio()[0].OutputStream(RATE, 0, find_device(None).name, 2, "float32", "low", callback=watch)
    stream.start()
    return stream


def busy(stop):
    """What any Python work of a program does to the others."""
    while not stop.is_set():
        sum(k * k for k in range(2000))


def main(kind, seconds, mix, frames, library, out):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from gui.app import open_window

    seconds, count = float(seconds), int(float(seconds) * RATE / int(frames) * 1.2) + 1000
    app = QApplication([])
    watch = PythonCallback(count) if kind == "python" else Stopwatch(library, count)
    stop = threading.Event()

    def run(desk):
        program = open_window(app, desk)
        threading.Thread(target=busy, args=(stop,), daemon=True).start()
        QTimer.singleShot(int(1000 * seconds), lambda: app.exit(0))          # quit would ask about unsaved changes
        desk.play_or_stop()
        app.exec()
        stop.set()
        program.end()

    hooked = hooked_devices(watch.library.stopwatch_callback) if kind == "ours" else nullcontext()
    with hooked:
        desk = Desk(find_device(None) if kind == "ours" else CLOCK, autosave=False)
        desk.open(mix)
        desk.load_preset("gentle")
        _beside = None if kind == "ours" else own_stream(kind, watch)
        run(desk)
    np.savez(out, times=watch.times[:, :watch.count], flagged=watch.flagged)
    os._exit(0)                                           # a stream whose callback is always late cannot be stopped


if __name__ == "__main__":
    main(*sys.argv[1:])
