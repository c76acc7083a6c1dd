"""A song, its master and checkpoints behind any chain, and engines that are turned by hand."""
import numpy as np
import pytest

from dsp_core.engine.source import MemorySong
from mastering_rt.playback.landing import WholeSong
from tests.dsp_core.test_song_time import song
from tests.mastering_rt.jumps.by_hand import CHAIN, RATE, Deck
from tests.mastering_rt.test_exact_seek import rendered


@pytest.fixture(scope="package")
def mix():
    return np.ascontiguousarray(song(12)[:, :12 * RATE])


@pytest.fixture(scope="package")
def known(mix):
    """{chain: (master, checkpoints)}, made when first asked for."""
    class Known(dict):
        def __missing__(self, slots):
            self[slots] = rendered(slots, mix)
            return self[slots]
    return Known()


@pytest.fixture
def deck(mix, known):
    made = []

    def make(slots=CHAIN, kept=True, **more):
        source = MemorySong(mix, RATE)
        made.append(Deck(slots, source, WholeSong(source), known[slots][1] if kept else None, **more))
        return made[-1]
    yield make
    for each in made:
        each.jumps.close()
