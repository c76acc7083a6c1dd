"""How a plugin is made to forget all sound: by its own reset where that is enough, by being loaded anew where it is not.

pedalboard asks that too when it loads a plugin, with noise that is another one each time, and takes what is quiet after it for forgotten. So it may answer one
thing today and another tomorrow, and leave a plugin with a rest of that noise in it. Here the same noise goes through twice, each time from a new beginning:
what has forgotten gives the same samples, to the bit.
"""
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
NOISE_BLOCKS = 4
LONGEST_LIVE_S = 0.2             # to load it anew when it is to begin; live, more than that would be a gap

KIND_OF_RESET = "_reload_type"   # as pedalboard has it
BY_ITSELF, LOADED_ANEW = "ClearsAudioOnReset", "PersistsAudioOnReset"


def find_renewal(plugin: Any, begin: Callable[[], None], run: Callable[[Sound], Sound], shape: tuple[int, int], live: bool) -> None:
    """Settle how this freshly loaded plugin is reset from now on. `begin` resets it and sends a block of silence through it, `run` sends a block
    of `shape` (channels, frames) through it."""
    if way(plugin) == BY_ITSELF and not repeats(plugin, begin, run, shape):
        set_way(plugin, LOADED_ANEW)
        if not repeats(plugin, begin, run, shape):
            set_way(plugin, BY_ITSELF)           # it plays by chance; nothing makes it repeat itself
    if live and way(plugin) == LOADED_ANEW and seconds(plugin.reset) > LONGEST_LIVE_S:
        set_way(plugin, BY_ITSELF)


def repeats(plugin: Any, begin: Callable[[], None], run: Callable[[Sound], Sound], shape: tuple[int, int]) -> bool:
    """Whether the same noise from a new beginning gives the same sound twice."""
    rng = np.random.default_rng(3)
    blocks = NOISE_BLOCKS + int(plugin.reported_latency_samples) // shape[1]
    noise = (0.25 * rng.standard_normal((blocks, *shape))).astype(np.float32)
    first, second = (passed(noise, begin, run) for _ in range(2))
    return np.array_equal(first, second, equal_nan=True)


def passed(noise: Sound, begin: Callable[[], None], run: Callable[[Sound], Sound]) -> Sound:
    begin()
    return np.concatenate([run(block) for block in noise], axis=1)


def way(plugin: Any) -> str:
    """BY_ITSELF or LOADED_ANEW; something else for an instrument."""
    return str(getattr(type(plugin), KIND_OF_RESET).__get__(plugin).name)


def set_way(plugin: Any, name: str) -> None:
    kind = getattr(type(plugin), KIND_OF_RESET)
    kind.__set__(plugin, getattr(type(kind.__get__(plugin)), name))


def seconds(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began
