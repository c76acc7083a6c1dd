"""What the host's tests share: songs on disk, a desk on the clock device, patience without sleeping."""
import threading
import time

import numpy as np

from mastering_rt.audio.writer import AudioWriter
from mastering_rt.desk.desk import Desk
from mastering_rt.playback.device import CLOCK
from tests import signals

RATE = 48000
PATIENCE_S = 60.0


def write_song(path, planes, rate=RATE, bits="64f"):
    """A sound file with exactly these samples; gives its path as text."""
    with AudioWriter(path, rate, planes.shape[0], bits, overwrite=True, dither="none") as writer:
        writer.write(np.ascontiguousarray(planes))
        writer.commit()
    return str(path)


def programme_file(folder, seconds=4.0, rate=RATE, name="mix.wav"):
    """Music-like, and like music without anything right under half the rate, where a limiter that runs live sees less."""
    return write_song(folder / name, band_limited(0.5 * signals.programme(int(seconds * rate), rate)), rate)


def band_limited(planes, edge=0.44):
    """Without what lies over `edge`, a share of the rate, faded over 0.02 of it."""
    share = np.fft.rfftfreq(planes.shape[1])
    return np.fft.irfft(np.fft.rfft(planes) * np.clip((edge + 0.02 - share) / 0.02, 0, 1), planes.shape[1])


def clock_desk():
    return Desk(CLOCK, 256, autosave=False)


def until(condition, poll=lambda: None):
    """Poll until the condition holds; fails after a minute, which on any machine means it never will."""
    pause, began = threading.Event(), time.monotonic()
    while not condition():
        assert time.monotonic() - began < PATIENCE_S, "what was waited for never came"
        poll()
        pause.wait(0.002)
