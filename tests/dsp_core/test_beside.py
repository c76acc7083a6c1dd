"""Other chains beside the song's own: aligned to the sample, switched without a click."""
import numpy as np
import pytest

from dsp_core.engine.engine import MASTER_SOURCE, MIX_SOURCE, OTHER_SOURCES
from dsp_core.stages import make
from tests import signals
from tests.dsp_core.company import RUN_IN, SWITCH, beside, chain, engine_on, landed_chain, linear_eq
from tests.dsp_core.playing import FADE, RATE, limiter, pull, residue_dbfs


def heard(x, stages, other, source, frames, cut=64, before=20000):
    """What is heard of `source` when the other chain came in after `before` frames."""
    engine = engine_on(x, *stages())
    engine.select(MASTER_SOURCE)
    engine.play()
    pull(engine, before, cut)
    beside(engine, 0, other())
    engine.select(source)
    return pull(engine, frames, cut)


@pytest.mark.parametrize("kinds", [("compressor",), ("eq", "compressor", "limiter"), ("saturation", "multiband", "clipper", "limiter")])
@pytest.mark.parametrize("cut", [64, 333])
def test_the_same_chain_twice_nulls_to_the_bit(kinds, cut):
    """From the first frame behind the fade: the second one goes on from the memory of the first."""
    x = signals.programme(60000)
    one, two = (heard(x, chain(*kinds), chain(*kinds), source, 30000, cut) for source in (MASTER_SOURCE, OTHER_SOURCES[0]))
    assert np.array_equal(one[:, SWITCH + cut:], two[:, SWITCH + cut:])
    assert np.ptp(one[:, SWITCH + cut:]) > 0.1


@pytest.mark.parametrize(("stages", "other"), [
    (("limiter",), ()), ((), ("limiter",)), (("limiter",), ("limiter", "clipper")), (("eq", "clipper"), ("clipper", "eq")), (("resonance",), ("limiter",))])
def test_whatever_the_latencies_nothing_lies_a_sample_apart(stages, other):
    """Stages at their defaults change nothing, so that only time could."""
    x = signals.programme(4 * RATE)
    found = {}
    for source in (MIX_SOURCE, MASTER_SOURCE, OTHER_SOURCES[0], OTHER_SOURCES[1]):
        engine = engine_on(x, *(make(kind, RATE) for kind in stages))
        engine.select(source)
        beside(engine, 0, [make(kind, RATE) for kind in other])
        beside(engine, 1, [make("trim", RATE)])
        engine.play()
        found[source] = pull(engine, 2 * RATE, 441)[:, RUN_IN:]
    late = max(sum(make(kind, RATE).latency_frames for kind in kinds) for kinds in (stages, other))
    for y in found.values():
        assert np.array_equal(y, np.float32(x[:, RUN_IN - late:2 * RATE - late]))


def test_a_comparison_that_begins_and_ends_while_it_plays_leaves_no_click(reached):
    """Whoever has less latency is held back by a fade, not by a jump."""
    x = signals.sine(6 * RATE, hz=100, level_dbfs=-6)
    engine = engine_on(x)
    engine.select(MASTER_SOURCE)
    engine.play()
    y = [pull(engine, RATE)]
    for _ in range(3):
        beside(engine, 0, [limiter(lookahead=5.0)], heirs=False)
        y.append(pull(engine, RATE // 2))
        engine.select(OTHER_SOURCES[0])
        y.append(pull(engine, RATE // 2))
        engine.want_other(0, False)
        engine.select(MASTER_SOURCE)
        y.append(pull(engine, RATE // 2))
    reached("Switching between chains", "residue over 3 kHz when a chain with other latency comes and goes",
            residue_dbfs(np.concatenate(y, axis=1)[0]), -95, "dBFS")


@pytest.mark.slow
def test_thousand_switches_never_exceed_the_larger_side():
    x = signals.programme(1_300_000)
    engine = engine_on(x, limiter(gain=6))
    beside(engine, 0, [make("trim", RATE, {"gain": -4}), make("limiter", RATE)])
    sources = (MIX_SOURCE, MASTER_SOURCE, OTHER_SOURCES[0])
    sides = []
    for source in sources:
        lone = engine_on(x, limiter(gain=6))
        beside(lone, 0, [make("trim", RATE, {"gain": -4}), make("limiter", RATE)])
        lone.select(source)
        lone.play()
        sides.append(np.abs(pull(lone, 1_200_000, 1200)))
    engine.select(MIX_SOURCE)
    engine.play()
    rng = np.random.default_rng(8)
    y = []
    for _ in range(1000):
        engine.select(sources[rng.integers(3)])
        y.append(pull(engine, 1200, 1200))
    over = np.abs(np.concatenate(y, axis=1)) - np.maximum.reduce(sides)
    assert over[:, RUN_IN:].max() <= 1e-7


def test_a_chain_runs_only_while_it_is_wanted():
    x = signals.programme(10 * RATE)
    engine = engine_on(x)
    stage = make("trim", RATE)
    engine.play()
    beside(engine, 1, [stage])
    pull(engine, RATE)
    assert stage.meters()[1] > 0
    engine.select(OTHER_SOURCES[1])
    pull(engine, 2000)
    engine.want_other(1, False)
    stage.meters()
    pull(engine, 2000)
    assert stage.meters()[1] > 0, "it is heard still"
    engine.select(MASTER_SOURCE)
    pull(engine, 2000)
    stage.meters()
    pull(engine, 2000)
    assert stage.meters()[1] == 0


def test_a_chain_without_a_past_is_not_heard_before_it_has_one():
    x = np.ones((2, 4 * RATE)) * 0.25
    engine = engine_on(x)
    engine.select(MIX_SOURCE)
    engine.play()
    pull(engine, RATE)
    beside(engine, 0, [linear_eq()], heirs=False)
    engine.select(OTHER_SOURCES[0])
    y = pull(engine, RATE)
    assert engine.read_status()["heard"] == OTHER_SOURCES[0]
    assert np.abs(y - 0.25).max() < 1e-6, "no hole while its delays fill"


@pytest.mark.parametrize("through_silence", [False, True])
@pytest.mark.parametrize("plays", [False, True])
def test_a_source_that_does_not_run_is_not_switched_to(through_silence, plays):
    """What was heard goes on, and what was wished for is heard when it runs."""
    x = 0.5 * signals.programme(4 * RATE)
    engine = engine_on(x)
    engine.select(MASTER_SOURCE)
    if plays:
        engine.play()
        pull(engine, RATE)
    engine.select(OTHER_SOURCES[0], through_silence)
    engine.play()
    y = pull(engine, RATE, 480)
    at = engine.read_status()["heard_at"]
    assert engine.read_status()["heard"] == MASTER_SOURCE
    assert np.array_equal(y[:, 3 * SWITCH:], np.float32(x[:, at - RATE + 3 * SWITCH:at]))
    beside(engine, 0, [make("trim", RATE, {"gain": -6.0})])
    y = pull(engine, RATE, 480)
    at = engine.read_status()["heard_at"]
    assert engine.read_status()["heard"] == OTHER_SOURCES[0]
    assert np.allclose(y[:, RUN_IN:], x[:, at - RATE + RUN_IN:at] * 10 ** (-6 / 20), atol=1e-6)


def test_a_source_that_was_dropped_is_left_in_silence():
    x = 0.5 * signals.programme(4 * RATE)
    engine = engine_on(x)
    beside(engine, 0, [make("trim", RATE, {"gain": -6.0})])
    engine.select(OTHER_SOURCES[0])
    engine.play()
    pull(engine, RATE)
    engine.want_other(0, False)
    engine.stop()
    pull(engine, RATE // 10)
    engine.play()
    y = pull(engine, RATE, 480)
    at = engine.read_status()["heard_at"]
    assert engine.read_status()["heard"] == MASTER_SOURCE
    assert np.array_equal(y[:, FADE:], np.float32(x[:, at - RATE + FADE:at]))


@pytest.mark.slow
def test_a_chain_that_is_dropped_while_it_swaps_can_be_heard_again():
    """The swap ends where nobody hears it."""
    x = signals.programme(10 * RATE)
    engine = engine_on(x)
    engine.select(MASTER_SOURCE)
    engine.play()
    beside(engine, 0, [make("eq", RATE)])
    pull(engine, RATE)
    engine.publish_other(0, [linear_eq()])
    pull(engine, 800)
    assert engine.others[0].busy
    engine.want_other(0, False)
    pull(engine, 800)
    assert not engine.others[0].busy
    beside(engine, 0, [make("trim", RATE, {"gain": -6.0})])
    engine.select(OTHER_SOURCES[0])
    y = pull(engine, RATE)
    at = engine.read_status()["heard_at"]
    assert engine.read_status()["heard"] == OTHER_SOURCES[0]
    assert np.allclose(y[:, RUN_IN:], x[:, at - RATE + RUN_IN:at] * 10 ** (-6 / 20), atol=1e-6)


@pytest.mark.parametrize("cut", [64, 256, 1000])
def test_a_chain_that_is_exchanged_while_it_is_heard_goes_on_from_memory_that_is_on_time(cut):
    """Its stages take over before those that lend their memory have run the next piece: not a piece ahead of them."""
    x = signals.noise(4 * RATE)
    outs = []
    for source in (MASTER_SOURCE, OTHER_SOURCES[0]):
        engine = engine_on(x, linear_eq())
        beside(engine, 0, [linear_eq()])
        engine.select(source)
        engine.play()
        pull(engine, RATE, cut)
        beside(engine, 0, [linear_eq()])
        outs.append(pull(engine, RATE, cut))
    assert np.array_equal(*outs)
    assert np.ptp(outs[0]) > 0.1


@pytest.mark.slow
def test_the_others_follow_seeks_and_loops():
    x = signals.programme(6 * RATE)
    outs = []
    for source in (MIX_SOURCE, OTHER_SOURCES[0]):
        engine = engine_on(x, limiter())
        beside(engine, 0, [])
        engine.select(source)
        engine.loop(RATE, 2 * RATE)
        engine.play()
        pull(engine, 2 * RATE)
        y = [pull(engine, RATE, 500)]
        for at in (5 * RATE, 1000, 3 * RATE + 7):
            engine.seek(at)
            y.append(pull(engine, RATE // 2, 500))
        outs.append(np.concatenate(y, axis=1))
    assert np.array_equal(*outs)


def test_other_chains_are_with_the_song_again_after_a_landing():
    x = signals.programme(6 * RATE)
    outs = []
    for source in (MIX_SOURCE, OTHER_SOURCES[0]):
        engine = engine_on(x, limiter())
        beside(engine, 0, [])
        engine.select(source)
        engine.play()
        pull(engine, RATE, 333)
        engine.land(landed_chain(x, 4 * RATE, ("limiter",)))
        outs.append(pull(engine, RATE, 333)[:, RATE // 10:])
    assert np.array_equal(*outs)
