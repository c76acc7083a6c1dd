"""Knobs, stages and deltas that change while jumps are prepared end as wished."""
from types import SimpleNamespace

import numpy as np
import pytest
from msgspec.structs import replace

from dsp_core.engine.engine import DELTA_SOURCE
from dsp_core.engine.source import MemorySong
from mastering_rt.playback import landing as landing_module
from mastering_rt.playback.landing import Lander, WholeSong, Wish, learnt
from mastering_rt.session.model import Slot
from tests.dsp_core.playing import pull
from tests.mastering_rt.jumps.by_hand import CHAIN, FADE, PATIENCE_S, RATE, TRIM, Deck, equal


def test_a_knob_that_moves_while_a_landing_waits_is_where_it_was_left(deck, mix):
    for late in ("before it is ready", "before it is heard"):
        d = deck(TRIM)
        d.jumps.play(0)
        d.hear(2100)
        d.jumps.seek(100003)
        if late == "before it is heard":
            d.poll()
        moved = (Slot("trim", "trim", {"gain": -12.0}),)
        d.rack.wish(moved)
        d.poll()
        assert d.jumps.heading is not None and d.jumps._out[-1].stages[0].get(3) == -12.0, "it is not heard yet"
        y = d.hear(14000)
        at = d.engine.heard_at
        assert np.allclose(y[:, -4000:], 10 ** (-12 / 20) * mix[:, at - 4000:at], atol=1e-6), late
        assert d.rack.slots == moved and d.rack.stages == d.engine.chain.stages


def test_a_stage_that_is_added_while_a_landing_waits_is_there_in_the_end(deck, mix):
    d = deck(TRIM)
    d.jumps.play(0)
    d.hear(2100)
    d.jumps.seek(100003)
    more = (*TRIM, Slot("trim2", "trim", {"gain": -9.0}))
    d.rack.wish(more)
    y = d.hear(14000)
    at = d.engine.heard_at
    assert d.rack.slots == more and d.rack.stages == d.engine.chain.stages
    assert np.allclose(y[:, -4000:], 10 ** (-12 / 20) * mix[:, at - 4000:at], atol=1e-6)


def test_knobs_that_move_all_the_time_and_seeks_come_to_rest_as_wished(deck, mix):
    d, rng = deck(TRIM), np.random.default_rng(5)
    d.jumps.loop((150007, 172345))
    d.jumps.play(0)
    for _ in range(60):
        slots = tuple(Slot("trim" if n == 1 else f"trim{n}", "trim", {"gain": float(rng.integers(-20, 0)), "placement": int(rng.integers(0, 5))})
                      for n in range(1, int(rng.integers(2, 5))))
        d.rack.wish(slots)
        if rng.random() < 0.3:
            d.jumps.seek(int(rng.integers(140000, 180000)))
        d.hear(int(rng.integers(100, 3000)), 300, ready=bool(rng.random() < 0.5))
    last = (Slot("trim", "trim", {"gain": -6.0}),)
    d.rack.wish(last)
    d.jumps.loop(None)
    d.jumps.seek(200001)
    y = d.hear(20000)
    at = d.engine.heard_at
    assert d.rack.slots == last and d.rack.stages == d.engine.chain.stages and not d.said
    assert np.allclose(y[:, -4000:], 10 ** (-6 / 20) * mix[:, at - 4000:at], atol=1e-6)


@pytest.mark.slow
def test_stages_are_used_again_as_if_they_were_new(deck, known):
    """Values, FIRs and all: what a chain before left in them is gone."""
    slots = (Slot("eq", "eq", {"phase": 2, "length": 0, "band1_gain": 3}), *CHAIN)
    moved = (replace(slots[0], values={**slots[0].values, "band1_gain": -6.0}), *CHAIN)
    d = deck(slots)
    d.checkpoints[moved] = known[moved][1]
    d.jumps.play(0)
    d.hear(2100)
    seen = set()
    for turn in range(12):
        wished = (slots, moved)[turn // 3 % 2]
        d.rack.wish(wished)
        d.jumps.seek(100003 + 30000 * turn)
        y = d.hear(9000)
        assert d.jumps.last == "exact"
        assert equal(y[:, FADE:], known[wished][0], 100003 + 30000 * turn + FADE), turn
        seen |= set(d.rack.stages)
    assert len(seen) <= 4 * len(slots), "all that ever ran, in twelve jumps"


def test_what_cannot_be_prepared_is_spliced_and_said_once(deck, mix, monkeypatch):
    def fails(*_):
        raise MemoryError("no room")

    d = deck(TRIM)
    monkeypatch.setattr(landing_module, "bring", fails)
    d.jumps.seek(100003)
    d.jumps.play(100003)
    d.hear(5000)
    for at in (200003, 300003):
        d.jumps.seek(at)
        y = d.hear(9000)
        assert np.allclose(y[:, FADE:], 10 ** (-3 / 20) * mix[:, at + FADE:at + 9000], atol=1e-6)
        assert d.jumps.last == "splice"
    assert len(d.said) == 1
    assert d.said[0].startswith("A jump could not be prepared: no room.")
    monkeypatch.undo()
    d.jumps.seek(400003)
    d.hear(2100)
    assert d.jumps.last == "exact"


def test_a_run_up_of_nothing_and_a_hiccup_leave_the_next_seek_exact(mix, known):
    slots = CHAIN[:1]
    slots = (replace(slots[0], values={**slots[0].values, "lookahead": 0}),)
    kept, lander = known[slots][1], Lander(WholeSong(MemorySong(mix, RATE)), RATE)
    try:
        for at in (9 * RATE + 777, 0, 9 * RATE + 777, 5 * RATE, 9 * RATE + 777):
            lander.ask("seek", Wish(at, slots, kept))
            assert lander.wait("seek", PATIENCE_S)
            assert lander.take("seek").how == "exact", at
    finally:
        lander.close()
    run_up = SimpleNamespace(seconds=1.0, pace=0.01)
    assert learnt(20.0, run_up) >= 5.0 and learnt(5.0, run_up) == 5.0
    assert learnt(20.0, SimpleNamespace(seconds=1.0, pace=60.0)) == 40.0
    assert learnt(20.0, SimpleNamespace(seconds=0.05, pace=1.0)) == 20.0


class Stalled:
    """An engine: after a look at its chain the control thread loses the processor once."""

    def __init__(self, engine):
        self.engine, self.meanwhile = engine, None

    def __getattr__(self, name):
        found = getattr(self.engine, name)
        if name == "chain" and self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return found


def test_stages_that_the_rack_follows_are_never_among_the_spares(mix):
    """Also when the next landing is heard between two looks."""
    source = MemorySong(mix, RATE)
    d = Deck(TRIM, source, WholeSong(source))
    stalled = d.jumps._engine = Stalled(d.engine)
    d.jumps.play(0)
    d.hear(2100)
    d.jumps.seek(100003)
    d.hear(4800)
    d.jumps.seek(200003)
    assert d.lander.wait("seek", PATIENCE_S)
    d.jumps.pump()
    stalled.meanwhile = lambda: pull(d.engine, 4800, 480)
    d.jumps.follow()
    assert not set(d.rack.stages) & set(d.lander.spares._stages)
    d.jumps.close()


def test_a_levelled_delta_stays_without_its_gain_through_seeks_and_laps(deck):
    """Of a mere gain nothing is left, from the first frame behind the fade."""
    d = deck(TRIM, heard=DELTA_SOURCE, listen="trim")
    d.jumps._levelled = lambda: True
    d.engine.level_delta(True)
    d.jumps.play(0)
    d.hear(4 * RATE)
    d.jumps.loop((5 * RATE, 6 * RATE))
    for at in (300007, 150001, 5 * RATE, 5 * RATE + 9000):
        d.jumps.seek(at)
        y = d.hear(RATE + 5000)
        assert d.jumps.last == "exact"
        assert np.abs(y[:, FADE:]).max() < 1e-9, at
