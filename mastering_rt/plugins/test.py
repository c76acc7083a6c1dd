"""Whether a plugin sounds live as it renders: the same noise through it as a device would send it, and as fast as it goes."""
import time
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from dsp_core.offline.patience import patience
from dsp_core.stages.plugin import Plugin
from mastering_rt.plugins.scan import RATE_HZ, Found, try_plugin
from mastering_rt.plugins.unit import Setup, Unit

SECONDS = 2
DEVICE_FRAMES = 128


@dataclass(frozen=True)
class Tested:
    """live_equals_render: None where it could not be found out, because the machine was too busy to play. realtime_factor: how many times
    faster than real time it renders, alone."""

    live_equals_render: bool | None
    realtime_factor: float


def test_plugin(found: Found) -> Tested:
    """Takes a few seconds, as long as the sound lasts and then some."""
    noise = 0.1 * np.random.default_rng(2).standard_normal((2, SECONDS * RATE_HZ))
    rendered, took, _ = _through(found, noise, live=False)
    played, _, lapses = _through(found, noise, live=True)
    return Tested(bool(np.array_equal(rendered, played)) if not lapses else None, SECONDS / took)


def test_one(path: str) -> Found:
    """A plugin tried and played at length."""
    found = try_plugin(path)
    if not found.usable:
        return found
    tested = test_plugin(found)
    return replace(found, live_tested=True, live_equals_render=tested.live_equals_render, realtime_factor=tested.realtime_factor)


def _through(found: Found, sound: np.ndarray, live: bool) -> tuple[np.ndarray, float, int]:
    """What comes out, the seconds it took, and how often the plugin did not answer in time."""
    unit = Unit(Setup(found.path, found.name), RATE_HZ, patience=0 if live else patience())
    try:
        unit.wait()
        stage = Plugin("plugin", RATE_HZ, {"silence_guard": 0, "jump_limit": 48}, line=unit.line, plugin_latency=unit.latency)
        out = np.array(sound)
        began = due = time.perf_counter()
        if not live:
            stage.run_block(out)
            return out, time.perf_counter() - began, 0
        for start in range(0, sound.shape[1], DEVICE_FRAMES):
            piece = np.ascontiguousarray(out[:, start:start + DEVICE_FRAMES])
            stage.run_block(piece, start)
            out[:, start:start + DEVICE_FRAMES] = piece
            due += DEVICE_FRAMES / RATE_HZ
            time.sleep(max(0.0, due - time.perf_counter()))
        return out, time.perf_counter() - began, unit.line.lapses_seen
    finally:
        unit.close(wait=True)
