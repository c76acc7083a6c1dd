"""The rack: single moves reach the running stage, everything else is a swap, and the chain always ends as wished."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dsp_core.engine.engine import MASTER_SOURCE, Engine
from dsp_core.stages import make
from mastering_rt.playback.rack import Rack
from mastering_rt.session.model import Slot

RATE = 48000


def running_engine():
    engine = Engine(RATE)
    engine.running = True
    return engine


def let_run(engine, rack, blocks=60):
    """What a device would do meanwhile: live input makes the chain run."""
    block, out = np.zeros((256, 2), np.float32), np.zeros((256, 2), np.float32)
    for _ in range(blocks):
        engine.run_offline(block, out)
        rack.pump()


def test_a_gliding_value_reaches_the_stage_without_a_swap():
    engine = running_engine()
    rack = Rack(engine, [Slot("trim", "trim")])
    let_run(engine, rack, 1)
    stage = rack.stages[0]
    rack.wish([Slot("trim", "trim", {"gain": -3.0})])
    assert rack.stages == (stage,)
    assert stage.get(3) == -3.0
    assert not rack.pending


def test_a_swap_keeps_leading_stages_and_waits_for_the_fade():
    engine = running_engine()
    engine.listen_to_input(True)
    a, b = Slot("trim", "trim"), Slot("trim2", "trim", {"gain": -6.0})
    rack = Rack(engine, [a, b])
    let_run(engine, rack)
    first = rack.stages[0]
    rack.wish([a, replace(b, values={"gain": -6.0, "placement": 1})])
    assert rack.stages[0] is first
    rack.wish([a])
    assert rack.pending
    let_run(engine, rack)
    assert not rack.pending
    assert rack.stages == (first,)


@pytest.mark.slow
@settings(max_examples=30)
@given(st.lists(st.lists(st.tuples(st.integers(1, 4), st.integers(-24, 24), st.integers(0, 4)), max_size=5, unique_by=lambda t: t[0]), max_size=8))
def test_any_row_of_wishes_ends_as_the_last_one(wishes):
    engine = running_engine()
    engine.listen_to_input(True)
    rack = Rack(engine)
    chain = []
    for wish in wishes:
        chain = [Slot("trim" if n == 1 else f"trim{n}", "trim", {"gain": gain, "placement": placement}) for n, gain, placement in wish]
        rack.wish(chain)
        let_run(engine, rack, 3)
    let_run(engine, rack)
    assert rack.slots == tuple(chain)
    assert [stage.get(3) for stage in rack.stages] == [slot.value("gain") for slot in chain]
    assert [stage.get(2) for stage in rack.stages] == [slot.value("placement") for slot in chain]
    assert rack.stages == tuple(engine.chain.stages)


def test_an_unusable_chain_is_refused_by_name_and_what_ran_runs_on():
    rack = Rack(Engine(RATE), [Slot("trim" if n == 1 else f"trim{n}", "trim") for n in range(1, 26)])
    assert rack.slots == ()
    assert ["at most 24 stages, not 25" in problem for problem in rack.take_problem()] == [True]
    rack.pump()
    assert rack.take_problem() == (), "said once"
    rack.wish([Slot("trim", "trim")])
    assert len(rack.stages) == 1


def test_a_band_of_linear_phase_is_dragged_without_a_swap_and_ends_as_a_render():
    """The engine plays on while the hand moves at 60 Hz; FIRs follow it, never faster than they can fade."""
    engine, rng = running_engine(), np.random.default_rng(1)
    engine.listen_to_input(True)
    sound = rng.standard_normal((2 * RATE, 2)).astype(np.float32) * np.float32(0.1)

    def play(rack, moves):
        out, heard = np.zeros_like(sound), []
        for start in range(0, len(sound), 800):
            if moves:
                rack.wish([Slot("eq", "eq", {"phase": 2, "length": 0, "band1_gain": moves.pop(0)})])
            rack.pump()
            engine.run_offline(sound[start:start + 800], out[start:start + 800])
            heard.append(rack.stages[0])
        return out, heard

    engine.select(MASTER_SOURCE)
    rack = Rack(engine, [Slot("eq", "eq", {"phase": 2, "length": 0})])
    let_run(engine, rack)
    dragged, heard = play(rack, [0.25 * k for k in range(40)])
    assert len(set(heard)) == 1 and not rack.pending
    fresh = make("eq", RATE, {"phase": 2, "length": 0, "band1_gain": 0.25 * 39})
    y = np.ascontiguousarray(sound.T.astype(np.float64))
    fresh.run_block(y)
    assert np.max(np.abs(dragged[-RATE // 2:] - y.T[-RATE // 2:])) < 1e-7
