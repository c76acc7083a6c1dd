"""The limiters of a comparison as functions of (sound (2, frames), rate, drive in dB, ceiling in dB) that give sound of the same shape.

None is shifted in time here; `aligned` does that by the largest correlation.
"""
import shutil
import subprocess
from functools import partial

import numpy as np
import pedalboard
from scipy.signal import correlate

from dsp_core.params import params_of
from dsp_core.stages import make
from tests.checks import run

CHARACTERS = next(p.choices for p in params_of("limiter") if p.id == "character")
MOST_DELAY = 1024                        # frames by which a limiter may be late
FIND_FRAMES = 1 << 16


def gain(db):
    return 10 ** (db / 20)


def ours(x, rate, drive_db, ceiling_db, **values):
    stage = make("limiter", rate, {"gain": drive_db, "ceiling": ceiling_db, **values})
    return run(stage, np.pad(x, ((0, 0), (0, stage.latency_frames))))[:, stage.latency_frames:]


def hosted(make_plugin, x, rate, drive_db, ceiling_db):
    return make_plugin(ceiling_db)(np.asarray(x * gain(drive_db), dtype=np.float32), rate).astype(np.float64)


def ffmpeg(x, rate, drive_db, ceiling_db, factor=1):
    limiter = f"alimiter=level_in={gain(drive_db)}:limit={gain(ceiling_db)}:level=false:latency=true"
    graph = limiter if factor == 1 else f"aresample={factor * rate},{limiter},aresample={rate}"
    form = ["-f", "f64le", "-ar", str(rate), "-ac", "2"]
    done = subprocess.run(["ffmpeg", "-v", "error", *form, "-i", "-", "-af", graph, *form, "-"], check=True, capture_output=True,
                          input=np.ascontiguousarray(x.T).tobytes())
    y = np.frombuffer(done.stdout).reshape(-1, 2).T
    return np.pad(y, ((0, 0), (0, max(0, x.shape[1] - y.shape[1]))))[:, :x.shape[1]]


def limiters():
    """Name -> function, of those that are installed; ours first."""
    found = {f"ours, {name.lower()}": partial(ours, character=k) for k, name in enumerate(CHARACTERS)}
    found["pedalboard Limiter"] = partial(hosted, lambda db: pedalboard.Limiter(threshold_db=db))
    if hasattr(pedalboard, "BrickwallLimiter"):
        found["pedalboard BrickwallLimiter"] = partial(hosted, lambda db: pedalboard.BrickwallLimiter(ceiling_db=db, true_peak=True))
    if shutil.which("ffmpeg"):
        found["ffmpeg alimiter"] = ffmpeg
        found["ffmpeg alimiter at 4x"] = partial(ffmpeg, factor=4)
    return found


def aligned(y, x):
    """y shifted by whole frames to where it is most like x, and x: both cut to what they then share."""
    heard = slice(0, min(FIND_FRAMES, x.shape[1]))
    at = int(np.argmax(np.abs(x).sum(axis=0)))
    heard = slice(max(0, at - FIND_FRAMES // 2), max(0, at - FIND_FRAMES // 2) + FIND_FRAMES)
    match = sum(correlate(b, a, "full", "fft") for a, b in zip(x[:, heard], y[:, heard]))
    middle = len(x[0, heard]) - 1
    late = int(np.argmax(match[middle - MOST_DELAY:middle + MOST_DELAY + 1])) - MOST_DELAY
    return (y[:, late:], x[:, :x.shape[1] - late]) if late >= 0 else (y[:, :late], x[:, -late:])
