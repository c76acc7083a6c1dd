"""Latencies of plugins, changed while it plays: mix, master, delta, a chain that is compared and a reference leave together, to the sample.

The engine is driven by hand and every answer is waited for, so nothing here depends on how fast anything is.
"""
from functools import partial

import numpy as np
import pytest

from dsp_core.engine.engine import DELTA_SOURCE, MASTER_SOURCE, MIX_SOURCE, OTHER_SOURCES, REFERENCE_SOURCES, Engine
from dsp_core.engine.source import MemorySong
from dsp_core.foreign.lead import lead_frames_for
from dsp_core.offline.patience import patience
from mastering_rt.playback.beside import Beside, DeckWish
from mastering_rt.playback.rack import Rack
from mastering_rt.plugins import units
from mastering_rt.plugins.unit import Unit
from mastering_rt.plugins.units import with_values
from mastering_rt.session import edits
from mastering_rt.session.model import PluginRef, Session
from tests.mastering_rt.helpers import until
from tests.plugins import building
from tests.plugins.building import DELAY

pytestmark = pytest.mark.slow

RATE, FRAMES = 48000, 128
EVERY = 6000                     # frames from one impulse to the next
TRIM_DB, TRIM = -6.0, 10 ** (-6.0 / 20)
GAINS = {MIX_SOURCE: 1.0, MASTER_SOURCE: TRIM, DELTA_SOURCE: TRIM - 1.0, OTHER_SOURCES[0]: 1.0, REFERENCE_SOURCES[0]: 1.0}


def impulses(seconds=40):
    """Each a little higher than the one before, so that it is known again."""
    song = np.zeros((2, seconds * RATE), np.float32)
    song[:, EVERY::EVERY] = 0.05 + 0.001 * np.arange(1, len(song[0, EVERY::EVERY]) + 1)
    return song


def place_of(level):
    """The song frame of an impulse of this height."""
    return EVERY * round((level - 0.05) / 0.001)


def session_with(plugin, *delays_and_kinds):
    session = Session()
    for each in delays_and_kinds:
        session = edits.add_stage(session, each if isinstance(each, str) else "plugin", len(session.chain))
        name = session.chain[-1].name
        if isinstance(each, str):
            session = edits.set_value(session, name, "gain", TRIM_DB)
        else:
            session = edits.put_plugin(session, name, with_values(PluginRef(plugin), {DELAY: building.delay_value(each)}, {}))
    return session


class Drive:
    """An engine that plays the impulses, block by block, as its rack and what is beside it are brought to their wishes."""

    def __init__(self, session, other, song=None):
        self.engine = Engine(RATE)
        self.rack = Rack(self.engine, session.chain)
        self.beside = Beside(self.engine, self.rack)
        song = MemorySong(impulses() if song is None else song, RATE)
        self.engine.set_song(song)
        self.beside.set_deck(0, DeckWish(song, 0, True))
        self.beside.set_other(0, other.chain)
        self.engine.listen_to_delta(next(k for k, slot in enumerate(session.chain) if slot.kind == "trim"))
        self.units = [self.rack.units.get(slot.name) for slot in session.chain if slot.plugin]
        until(lambda: all(unit.phase == "running" for unit in self.all_units()), self.pump)
        self.played = 0
        self.engine.play()
        self.settle()

    def all_units(self):
        others = [rack.units._units.values() for rack in (self.beside._others[0].rack,)]
        return [*self.units, *(unit for some in others for unit in some)]

    def pump(self):
        self.rack.pump()
        self.beside.pump()

    def run(self, frames):
        """What is heard: (2, frames)."""
        out, silence = np.zeros((frames, 2), np.float32), np.zeros((FRAMES, 2), np.float32)
        for at in range(0, frames, FRAMES):
            self.engine.run_offline(silence[:min(FRAMES, frames - at)], out[at:at + FRAMES])
            self.pump()
        self.played += frames
        return out.T

    def settle(self):
        """Until all that was wished is heard alone."""
        for _ in range(40):
            self.run(FRAMES * 32)
            if not self.rack.pending and not self.engine.busy and not self.beside.busy:
                break
        assert not self.rack.pending and not self.engine.busy and not self.beside.busy
        self.run(EVERY * 2)

    def late(self, source):
        """Frames from the song to what is heard of it, for each impulse that is heard in half a second of this source."""
        self.engine.select(source)
        self.run(EVERY)
        began = self.played
        heard = self.run(4 * EVERY)
        assert np.allclose(heard[0], heard[1])
        at = np.flatnonzero(np.abs(heard[0]) > 0.01)
        assert len(at) == 4, "each impulse is one sample, and none is lost"
        return [int(began + frame - place_of(heard[0, frame] / GAINS[source])) for frame in at]

    def delay(self, slot, samples):
        """The plugin of this slot becomes as late as that while it plays."""
        unit = self.units[slot]
        until(lambda: unit.line.answered == unit.line.posted)
        unit.ask_now({DELAY: building.delay_value(samples)})
        until(lambda: unit.latency == samples)
        self.settle()


@pytest.fixture
def drive(built, home, monkeypatch):
    """A function: a drive whose plugins are all waited for."""
    made = []
    monkeypatch.setattr(units, "Unit", partial(Unit, patience=patience()))

    def start(*delays_and_kinds, other, song=None):
        made.append(Drive(session_with(built(), *delays_and_kinds), session_with(built(), other), song))
        return made[-1]
    yield start
    for each in made:
        each.beside.close()
        each.rack.units.close()


def test_all_that_is_heard_leaves_together_however_late_plugins_become(drive):
    """Two plugins in a run, one alone behind a trim; each of 0, 100 and 4096 samples in turn, longer and shorter than what is compared."""
    playing = drive(0, 100, "trim", 4096, other=300)
    lead = lead_frames_for(RATE)
    now = [0, 100, 4096]
    for slot, samples in [(None, 0), (0, 4096), (2, 0), (1, 0), (0, 100), (1, 4096), (2, 100)]:
        if slot is not None:
            playing.delay(slot, samples)
            now[slot] = samples
        assert playing.engine.chain.latency_frames == 2 * lead + sum(now)
        for source in GAINS:
            assert playing.late(source) == [2 * lead + sum(now)] * 4, (slot, samples, source)
    assert not any(unit.line.lapses_seen or unit.failures for unit in playing.units)


def test_a_chain_that_takes_longer_than_the_master_holds_all_others_back(drive):
    playing = drive(0, "trim", other=4096)
    for samples in (100, 4096, 0):
        playing.delay(0, samples)
        want = lead_frames_for(RATE) + 4096
        for source in GAINS:
            assert playing.late(source) == [want] * 4, (samples, source)


def test_a_jump_has_no_step_and_is_exact_once_the_plugins_have_forgotten(drive):
    """The sound is spliced before the chain. A plugin whose memory is so many frames long is as the whole song leaves it that much later."""
    song = np.tile(0.3 * np.sin(2 * np.pi * 220 / RATE * np.arange(30 * RATE)), (2, 1)).astype(np.float32)
    song[1] *= np.linspace(0.2, 1.0, song.shape[1], dtype=np.float32)       # so that each place is itself alone
    playing = drive(100, 4096, "trim", other=0, song=song)
    playing.engine.select(MASTER_SOURCE)
    playing.run(RATE)
    for frame in (20 * RATE + 31, 5 * RATE):
        playing.engine.seek(frame)
        heard = playing.run(RATE)
        assert np.max(np.abs(np.diff(heard, axis=1))) < 1.5 * TRIM * np.max(np.abs(np.diff(song, axis=1)))
        late = playing.engine.chain.latency_frames
        settled = heard[:, late + RATE // 20:]
        assert np.allclose(settled, TRIM * song[:, frame + RATE // 20:][:, :settled.shape[1]], rtol=0, atol=1e-7)


def test_a_chain_that_was_refused_comes_when_its_plugin_is_less_late(built, home, monkeypatch):
    engine = Engine(RATE)
    session = edits.put_plugin(edits.add_stage(Session(), "plugin"), "plugin", PluginRef(built()))
    rack = Rack(engine, session.chain)
    unit = rack.units["plugin"]
    until(lambda: unit.phase == "running" and not rack.pending, rack.pump)
    unit.latency = 400000
    rack.wish(edits.add_stage(session, "trim").chain)
    told = []
    until(lambda: told.extend(rack.take_problem()) or told, rack.pump)
    assert "too long" in told[0]
    unit.latency = 0
    until(lambda: len(rack.slots) == 2 and not rack.pending, rack.pump)
    rack.units.close()
