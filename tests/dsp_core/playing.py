"""What the tests of the engine share: a song that plays by hand, without a device, and what is heard of it."""
import numpy as np
from scipy.signal import firwin, oaconvolve

from dsp_core.engine.engine import MASTER_SOURCE, Engine
from dsp_core.engine.source import MemorySong
from dsp_core.stages import make
from tests import signals
from tests.checks import db

RATE = 48000
FADE = RATE // 100


def pull(engine, frames, cut=64):
    out = np.zeros((frames, 2), np.float32)
    silence = np.zeros((frames, 2), np.float32)
    done = 0
    while done < frames:
        n = min(cut() if callable(cut) else cut, frames - done)
        engine.run_offline(silence[done:done + n], out[done:done + n])
        done += n
    return out.T.astype(np.float64)


def studio(x, *stages, heard=MASTER_SOURCE):
    engine = Engine(RATE, stages)
    engine.set_song(MemorySong(x, RATE))
    engine.select(heard)
    pull(engine, 2048)
    return engine


def residue_dbfs(y):
    """The largest sample over 3 kHz."""
    kernel = firwin(4001, 3000, pass_zero=False, fs=RATE, window=("kaiser", 14))
    return db(np.max(np.abs(oaconvolve(y, kernel, mode="valid"))))


def moved(acts, song_frames=480000, stages=(), cut=256):
    """A 100 Hz tone at -6 dBFS from half a second before the acts, each (act, frames heard after it), to a second after the last."""
    engine = studio(signals.sine(song_frames, hz=100, level_dbfs=-6), *stages)
    engine.running = True
    engine.play()
    y = [pull(engine, 24000, cut)]
    for act, frames in acts:
        act(engine)
        y.append(pull(engine, frames, cut))
    y.append(pull(engine, 48000, cut))
    return engine, np.concatenate(y, axis=1)[0]


def seek_to(at, engine):
    engine.seek(at)


def trim(gain_db, **values):
    return make("trim", RATE, {"gain": gain_db, **values})


def limiter(**values):
    return make("limiter", RATE, values)
