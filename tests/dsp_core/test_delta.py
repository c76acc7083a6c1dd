"""Only what one stage adds or takes away: aligned, without its gain if that is wished, and without a click whatever happens to the stage."""
import numpy as np
import pytest

from dsp_core.engine.engine import DELTA_SOURCE, MASTER_SOURCE, MIX_SOURCE
from dsp_core.params import STAGES
from dsp_core.stages import make
from tests import signals
from tests.checks import db
from tests.dsp_core.company import engine_on
from tests.dsp_core.playing import RATE, limiter, pull, residue_dbfs, studio, trim


def test_delta_is_what_one_stage_changes_and_idle_stages_change_nothing():
    x = signals.noise(20000)
    engine = studio(x, make("trim", RATE), make("trim", RATE, {"gain": -6}), heard=DELTA_SOURCE)
    for slot in (0, 1):
        engine.listen_to_delta(slot)
        engine.seek(0)
        engine.play()
        y = pull(engine, 3000)
        assert np.array_equal(y[:, 1000:], np.float32(x * (10 ** (-6 / 20)) - x)[:, 1000:3000]) if slot else not y.any()
        engine.stop()
        pull(engine, 1000)


@pytest.mark.parametrize("latencies", ["listened", "behind", "before", "on both sides", "everywhere"])
def test_mix_master_and_delta_are_aligned_to_the_sample(latencies):
    stages = {
        "listened": lambda: [limiter(gain=6.0)],
        "behind": lambda: [trim(6), limiter(), limiter(lookahead=5.0)],
        "before": lambda: [limiter(), trim(6)],
        "on both sides": lambda: [limiter(lookahead=5.0), trim(6), limiter()],
        "everywhere": lambda: [limiter(), limiter(gain=6.0), limiter(lookahead=5.0)],
    }[latencies]
    slot = {"listened": 0, "behind": 0}.get(latencies, 1)
    at = []
    for heard in (MIX_SOURCE, MASTER_SOURCE, DELTA_SOURCE):
        engine = studio(signals.impulse(10000, at=3000, level=0.1), *stages(), heard=heard)
        engine.listen_to_delta(slot)
        engine.play()
        y = pull(engine, 10000, 100)[0]
        assert 0.09 < np.max(np.abs(y)) < 0.21
        at.append(int(np.argmax(np.abs(y))))
    assert at == [3000 + engine.chain.latency_frames] * 3


def replace_heard(engine):
    old = engine.chain.stages[0]
    new = trim(-12)
    engine.publish([new, limiter()], {new: old})


DELTA_MOVES = {
    "a stage behind": lambda e: e.publish([*e.chain.stages, limiter()]),
    "a stage before": lambda e: e.publish([limiter(), trim(-6, placement=0), limiter()]),
    "no stage behind": lambda e: e.publish(e.chain.stages[:1]),
    "an heir": replace_heard,
    "no stage": lambda e: e.publish([]),
    "another slot": lambda e: e.listen_to_delta(2),
    "no slot": lambda e: e.listen_to_delta(-1),
    "a slot and back at once": lambda e: (e.listen_to_delta(2), e.listen_to_delta(0)),
    "another slot of another chain": lambda e: (e.publish([trim(3), limiter(), trim(-9), limiter()]), e.listen_to_delta(2)),
}


def delta_moved(move, cut=256, later=None):
    """The delta of a trim in front of a limiter and a trim: half a second before the move, and a second after it."""
    engine = studio(signals.sine(480000, hz=100, level_dbfs=-6), trim(-6), limiter(), trim(-20), heard=DELTA_SOURCE)
    engine.running = True
    engine.listen_to_delta(0)
    engine.play()
    y = [pull(engine, 24000, cut)]
    move(engine)
    y.append(pull(engine, 300, cut))
    if later is not None:
        later(engine)
    y.append(pull(engine, 48000, cut))
    return engine, np.concatenate(y, axis=1)[0]


@pytest.mark.parametrize("move", DELTA_MOVES)
def test_no_change_of_what_delta_is_clicks(move):
    for later in (None, lambda e: e.listen_to_delta(0), lambda e: (e.listen_to_delta(1), e.listen_to_delta(0))):
        y = delta_moved(DELTA_MOVES[move], later=later)[1]
        assert residue_dbfs(y) < -100


@pytest.mark.parametrize("move", DELTA_MOVES)
def test_delta_does_not_depend_on_the_cut(move):
    rng = np.random.default_rng(9)
    later = lambda e: e.listen_to_delta(1)  # noqa: E731
    whole = delta_moved(DELTA_MOVES[move], 4096, later)[1]
    assert np.array_equal(delta_moved(DELTA_MOVES[move], lambda: int(rng.integers(1, 700)), later)[1], whole)


def test_delta_sounds_on_while_a_stage_is_added():
    y = delta_moved(DELTA_MOVES["a stage behind"])[1]
    peaks = np.max(np.abs(y[20160:72000].reshape(-1, 480)), axis=1)
    level = 10 ** (-6 / 20) * (1 - 10 ** (-6 / 20))
    # 80 degrees lie between the old and the new latency, so that the middle of the fade is 0.77 of either side.
    assert np.all(peaks > 0.76 * level)
    assert np.allclose(peaks[-90:], level, rtol=1e-3)


def test_delta_follows_its_stage_to_the_heir():
    engine, y = delta_moved(replace_heard)
    x = signals.sine(480000, hz=100, level_dbfs=-6)[0]
    at = 72300 - 4000 - engine.chain.latency_frames
    assert np.allclose(y[-4000:], (10 ** (-12 / 20) - 1) * x[at:at + 4000], atol=1e-6)
    assert not engine.busy


def test_a_wish_to_listen_while_a_swap_fades_is_kept():
    engine, y = delta_moved(DELTA_MOVES["an heir"], later=lambda e: e.listen_to_delta(0))
    _, other = delta_moved(DELTA_MOVES["a stage behind"], later=lambda e: e.listen_to_delta(2))
    x = signals.sine(480000, hz=100, level_dbfs=-6)[0] * 10 ** (-6 / 20) * (10 ** (-20 / 20) - 1)
    at = 72300 - 4000 - 2 * engine.chain.latency_frames
    assert np.max(np.abs(y[-4000:])) > 0.3
    assert np.allclose(other[-4000:], x[at:at + 4000], atol=1e-6)


def delta_of(stage, x, levelled, frames=6 * RATE):
    engine = engine_on(x, stage)
    engine.level_delta(levelled)
    engine.listen_to_delta(0)
    engine.select(DELTA_SOURCE)
    engine.play()
    return pull(engine, frames)[:, -2 * RATE:]


def test_a_delta_without_its_gain_leaves_nothing_of_a_gain(reached):
    x = 0.4 * signals.programme(7 * RATE)
    plain, levelled = (delta_of(make("trim", RATE, {"gain": 6.0}), x, on) for on in (False, True))
    assert db(np.abs(plain).max()) > -20
    reached("Delta without the gain", "what is left of a pure gain of 6 dB", db(np.abs(levelled).max()), -120, "dBFS")


def test_a_delta_without_its_gain_keeps_what_else_was_done():
    """Of a bell with 6 dB of gain behind it, the bell is left, with the least power that any one gain leaves."""
    x = 0.25 * signals.programme(7 * RATE)
    stage = {"gain_scale": 100, "band1_type": 0, "band1_on": 1, "band1_freq": 2000, "band1_gain": 6, "out": 0}
    known = {p.id for p in STAGES["eq"]}
    eq = {key: value for key, value in stage.items() if key in known}
    left = delta_of(make("eq", RATE, eq), x, True)
    plain = delta_of(make("eq", RATE, eq), x, False)
    assert -60 < db(np.sqrt(np.mean(left ** 2))) <= db(np.sqrt(np.mean(plain ** 2))) + 0.01
    assert not delta_of(make("eq", RATE), x, True).any()
