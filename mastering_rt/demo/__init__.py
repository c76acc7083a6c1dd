"""The demo mix: a song synthesised from a seed, so that there is something to master before a file is at hand.

It is a mix on purpose, not a master: quiet, wide in its levels, a little boomy and a little harsh.

    score      the song and the hands that play it        drums, bass, keys, pads, voice   the instruments
    tones      what instruments are made of               room                    reflections and tail
    mixdown    levels, rooms, faults, and the rate        file                    the mix as a WAV file
"""
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mastering_rt.demo.file import write_demo
    from mastering_rt.demo.mixdown import demo_mix

PLACES = {"write_demo": "mastering_rt.demo.file", "demo_mix": "mastering_rt.demo.mixdown"}

__all__ = ["demo_mix", "write_demo"]


def __getattr__(name: str) -> object:
    """The instruments take long to load, and mostly the mix has been made before."""
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(PLACES[name]), name)
