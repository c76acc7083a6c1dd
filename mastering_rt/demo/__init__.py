"""The demo mix: a song synthesised from a seed, so that there is something to master before a file is at hand.

It is a mix on purpose, not a master: quiet, wide in its levels, a little boomy and a little harsh.

    score      the song and the hands that play it        drums, bass, keys, pads, voice   the instruments
    tones      what instruments are made of               room                    reflections and tail
    mixdown    levels, rooms, faults, and the rate        file                    the mix as a WAV file
"""
from mastering_rt.demo.file import write_demo
from mastering_rt.demo.mixdown import demo_mix

__all__ = ["demo_mix", "write_demo"]
