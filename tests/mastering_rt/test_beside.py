"""Chains beside the song's own through jumps, as a player prepares them: with the same landing, aligned to the sample, without a click."""
import numpy as np
import pytest

from dsp_core.engine.engine import MASTER_SOURCE, MIX_SOURCE, OTHER_SOURCES
from dsp_core.engine.source import MemorySong
from dsp_core.stages import make
from mastering_rt.playback import rack as rack_module
from mastering_rt.playback.beside import Beside
from mastering_rt.playback.jumps import Jumps
from mastering_rt.playback.landing import WholeSong
from mastering_rt.playback.telemetry import Telemetry
from mastering_rt.session.model import Slot
from tests import signals
from tests.dsp_core.playing import pull, residue_dbfs
from tests.mastering_rt.jumps.by_hand import FADE, RATE, Deck
from tests.mastering_rt.test_exact_seek import rendered

pytestmark = pytest.mark.slow

LIMITER, LINEAR = Slot("limiter", "limiter", {"lookahead": 5.0}), Slot("eq", "eq", {"phase": 2.0})
COMPRESSOR = Slot("compressor", "compressor", {"threshold": -30, "ratio": 3, "release": 400})
SPAN = (RATE, 2 * RATE)
SIDES = (MIX_SOURCE, MASTER_SOURCE, OTHER_SOURCES[0], OTHER_SOURCES[1])


class Stage(Deck):
    """An engine that somebody turns by hand, with all that a player has around it. `known`: {chain: checkpoints}."""

    def __init__(self, slots, x, known=None, heard=MASTER_SOURCE):
        source = MemorySong(x, RATE)
        super().__init__(slots, source, None, heard=heard)
        self.checkpoints = known or {}
        self.beside = Beside(self.engine, self.rack, lambda: self.time)
        self.jumps = Jumps(self.engine, self.rack, WholeSong(source), self.checkpoints.get, lambda chain: -1, lambda: self.time, self.beside)

    def poll(self, ready=True):
        super().poll(ready)
        if hasattr(self, "beside"):
            self.beside.pump()


@pytest.fixture
def stage():
    made = []

    def make_one(*args, **more):
        made.append(Stage(*args, **more))
        return made[-1]
    yield make_one
    for each in made:
        each.jumps.close()


@pytest.fixture(scope="module")
def mix():
    return 0.5 * signals.programme(8 * RATE, RATE)


def travel(d, seeks=(5 * RATE + 77, 3 * RATE, 20011)):
    """Plays, goes round a loop three times, and seeks."""
    d.jumps.loop(SPAN)
    d.jumps.play(0)
    y = [d.hear(5 * RATE)]
    d.jumps.loop(None)
    for at in seeks:
        d.jumps.seek(at)
        y.append(d.hear(RATE // 2))
    return np.concatenate(y, axis=1)


CASES = {
    "a snapshot of the same": ((LIMITER, LINEAR), (LIMITER, LINEAR)),
    "without a stage": ((LIMITER, LINEAR), (LINEAR,)),
    "in another order": ((LIMITER, LINEAR), (LINEAR, LIMITER)),
    "of more latency": ((LIMITER,), (LIMITER, LINEAR)),
}


@pytest.mark.parametrize("case", CASES)
def test_through_seeks_and_laps_no_side_lies_a_sample_apart(stage, mix, case):
    """Stages that change nothing: whatever is heard is the mix, in the fades too."""
    own, other = CASES[case]
    outs = []
    for heard in SIDES:
        d = stage(own, mix, heard=heard)
        d.beside.set_other(0, other)
        d.beside.set_other(1, (Slot("trim", "trim"),))
        outs.append(travel(d))
        assert d.jumps.last != "splice" and not d.said
        assert {d.engine.late_of[source] for source in SIDES} == {max(sum(make(s.kind, RATE, dict(s.values)).latency_frames for s in chain)
                                                                     for chain in (own, other))}
    for y in outs[1:]:
        assert np.abs(y - outs[0]).max() < 1e-6
    assert np.ptp(outs[0]) > 0.1


def test_the_same_chain_twice_nulls_to_the_bit_through_seeks_and_laps(stage, mix):
    own = (COMPRESSOR, LIMITER)
    known = {own: rendered(own, mix)[1]}
    outs = []
    for heard in (MASTER_SOURCE, OTHER_SOURCES[0]):
        d = stage(own, mix, known, heard=heard)
        d.beside.set_other(0, own)
        outs.append(travel(d))
        assert d.jumps.last == "exact"
    assert np.array_equal(*outs)


def test_a_chain_beside_sounds_after_a_jump_as_the_song_does_there(stage, mix):
    """As exact as the song's own: to the bit right behind the fade."""
    own, other = (LIMITER,), (COMPRESSOR, LIMITER, LINEAR)
    (_, own_kept), (master, kept) = rendered(own, mix), rendered(other, mix)
    d = stage(own, mix, {own: own_kept, other: kept}, heard=OTHER_SOURCES[0])
    d.beside.set_other(0, other)
    d.jumps.play(0)
    d.hear(RATE)
    for at in (5 * RATE + 77, 3 * RATE, 20011):
        d.jumps.seek(at)
        y = d.hear(9100)
        assert d.jumps.last == "exact"
        assert np.array_equal(y[:, FADE:], np.float32(master[:, at + FADE:at + 9100])), at


@pytest.mark.parametrize("case", CASES)
def test_no_jump_of_a_chain_beside_clicks(stage, case, reached):
    own, other = CASES[case]
    x = signals.sine(8 * RATE, RATE, hz=100, level_dbfs=-6)
    d = stage(own, x, heard=OTHER_SOURCES[0])
    d.beside.set_other(0, other)
    y = travel(d)
    reached("Switching between chains", "residue over 3 kHz of laps and seeks while another chain is heard", residue_dbfs(y[0, RATE // 2:]), -95, "dBFS")


def test_a_jump_makes_no_stage_on_the_control_thread(stage, mix, monkeypatch):
    own, other = (LIMITER, LINEAR), (LINEAR,)
    d = stage(own, mix)
    d.beside.set_other(0, other)
    d.jumps.play(0)
    d.hear(RATE)
    monkeypatch.setattr(rack_module, "make", None)
    d.jumps.loop(SPAN)
    for at in (5 * RATE, RATE, RATE + 9000):
        d.jumps.seek(at)
        d.hear(RATE)
        assert d.beside.runs(0)


def test_a_chain_that_comes_while_a_landing_is_prepared_is_waited_for(stage, mix):
    """It is prepared anew with it; where it is too late for that, all sides splice."""
    for published in (False, True):
        outs = []
        for heard in (MIX_SOURCE, OTHER_SOURCES[0]):
            d = stage((LIMITER,), mix, heard=MIX_SOURCE)
            d.jumps.play(0)
            d.hear(RATE)
            d.jumps.seek(5 * RATE)
            assert d.lander.wait("seek", 30)
            if published:
                d.poll()
            d.beside.set_other(0, (LINEAR,))
            pull(d.engine, 512, 256)
            d.engine.select(heard)
            y = d.hear(RATE)
            assert d.jumps.last == ("splice" if published else "pre-roll")
            assert d.engine.read_status()["heard"] == heard
            outs.append(y[:, 3 * RATE // 4:])
        assert np.abs(outs[0] - outs[1]).max() < 1e-6
        assert np.ptp(outs[0]) > 0.1


def test_values_that_move_while_a_landing_waits_reach_the_chain_beside(stage, mix):
    trim, moved = (Slot("trim", "trim", {"gain": -3.0}),), (Slot("trim", "trim", {"gain": -12.0}),)
    d = stage((), mix, heard=OTHER_SOURCES[0])
    d.beside.set_other(0, trim)
    d.jumps.play(0)
    d.hear(RATE)
    d.jumps.seek(5 * RATE)
    d.poll()
    d.beside.set_other(0, moved)
    y = d.hear(14000)
    at = d.engine.heard_at
    assert np.allclose(y[:, -4000:], 10 ** (-12 / 20) * mix[:, at - 4000:at], atol=1e-6)
    assert d.beside.runs(0)


def test_a_start_in_the_middle_gives_the_meters_nothing_but_the_song(stage):
    """Also where the chain beside takes longer: nothing has to be waited for."""
    x = 0.5 * signals.noise(6 * RATE)
    d = stage((), x)
    d.beside.set_other(0, (LINEAR,))
    d.hear(2100)
    d.jumps.seek(2 * RATE)
    d.jumps.play(2 * RATE)
    telemetry = Telemetry(d.engine)
    d.hear(RATE)
    records, (frames, _) = telemetry.read_records(), telemetry.read_both()
    assert records["master"]["index"][0] == 200
    assert records["master"]["energy"].sum(axis=1)[2:].min() > 1e-6
    assert np.abs(frames).max(axis=1)[FADE // 4:].min() > 0
    assert d.engine.heard_at > 2 * RATE


def test_chains_that_come_and_go_while_it_jumps_end_as_wished(stage, mix):
    """Whatever meets whatever: in the end both run, aligned, as they were asked for."""
    rng = np.random.default_rng(3)
    chains = (None, (LIMITER,), (LINEAR,), (Slot("trim", "trim", {"gain": -3.0}),), (LIMITER, LINEAR), ())
    d = stage((LIMITER,), mix)
    d.jumps.loop((RATE, RATE + 20000))
    d.jumps.play(0)
    for _ in range(70):
        deed = rng.integers(5)
        if deed < 2:
            d.beside.set_other(int(deed), chains[rng.integers(len(chains))])
        elif deed == 2:
            d.jumps.seek(int(rng.integers(0, 7 * RATE)))
        elif deed == 3:
            d.engine.select(int(rng.choice(SIDES)), bool(rng.random() < 0.3))
        else:
            d.rack.wish((LIMITER, LINEAR)[:int(rng.integers(1, 3))])
        y = d.hear(int(rng.integers(100, 5000)), 400, ready=bool(rng.random() < 0.7))
        assert np.isfinite(y).all() and np.abs(y).max() < 1.5
    d.rack.wish((LIMITER,))
    d.beside.set_other(0, (LINEAR,))
    d.beside.set_other(1, (LIMITER,))
    d.jumps.loop(None)
    d.jumps.seek(2 * RATE)
    d.hear(RATE)
    assert not d.beside.busy and not d.said
    assert len({d.engine.late_of[source] for source in SIDES}) == 1
    for heard in SIDES:
        d.engine.select(heard)
        y = d.hear(8000)
        late = d.engine.late_of[heard]
        at = d.engine.heard_at
        assert late is not None and np.abs(y[:, -3000:] - mix[:, at - 3000:at]).max() < 1e-6
    assert d.engine.read_status()["guarded"] == 0
