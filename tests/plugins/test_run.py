"""Slots next to each other are a run: a worker each, one way there and back for all of them, and who fails fails alone."""
import os
import signal

import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.engine.clock import ClockDevice
from dsp_core.foreign.lead import lead_frames_for
from dsp_core.offline.relay import Relay
from dsp_core.stages import make
from dsp_core.stages.plugin import Plugin
from tests import signals
from tests.checks import delayed
from tests.mastering_rt.helpers import until
from tests.plugins import building
from tests.plugins.building import ABORT, DELAY, GAIN, JUMP, NOT_A_NUMBER
from tests.plugins.storm import Storm, session_with
from tests.plugins.test_sound import fail
from tests.plugins.test_storm import shared_memory

pytestmark = pytest.mark.slow

RATE = 48000
LEAD = lead_frames_for(RATE)


@pytest.fixture
def relays():
    """A function: the relay from one unit to the next, closed at the end of the test."""
    made = []

    def between(leader, follower):
        made.append(Relay(leader.line, follower.line))
        return made[-1]
    yield between
    for relay in made:
        relay.close()


def stages_on(units, values=({},) * 9, relays=None):
    """A stage for each unit; in a run where there are relays."""
    made = []
    for k, (unit, own) in enumerate(zip(units, values)):
        relay = relays(units[k - 1], unit) if relays is not None and k else None
        made.append(Plugin("plugin", unit.rate_hz, own, line=unit.line, plugin_latency=unit.latency, relay=relay))
    return made


def through(stages, x, cuts=lambda: 256, when=0, chain=None):
    chain = chain or Chain(RATE, stages)
    out, at = x.copy(), 0
    while at < x.shape[1]:
        n = min(cuts(), x.shape[1] - at)
        piece = np.ascontiguousarray(out[:, at:at + n])
        chain.process(piece, when=when + at)
        out[:, at:at + n] = piece
        at += n
    return out


def singles(x):
    return x.astype(np.float32).astype(np.float64)


def programme(frames):
    return singles(0.3 * signals.programme(frames, RATE))


@pytest.fixture
def three(built, unit_of):
    """A function: three units with latencies of 0, 100 and 4096 samples."""
    return lambda: [unit_of(built(), [(DELAY, building.delay_value(late))]) for late in (0, 100, 4096)]


def test_a_run_takes_the_way_once(three, relays):
    x = programme(40000)
    run = stages_on(three(), relays=relays)
    assert [stage.latency_frames for stage in run] == [LEAD, 100, 4096]
    assert np.array_equal(through(run, x), delayed(x, LEAD + 4196))
    alone = stages_on(three())
    assert sum(stage.latency_frames for stage in alone) == 3 * LEAD + 4196


VALUES = ({"gain": -3.0, "mix": 60.0}, {"bypass": 1}, {"mix": 25.0, "gain": 2.0})


def test_a_run_sounds_as_its_slots_do_alone(built, unit_of, relays):
    """With output gain, mix and bypass on the way."""
    x = programme(40000)

    def units():
        return [unit_of(built(), [(GAIN, building.gain_value(db)), (DELAY, building.delay_value(late))]) for db, late in ((-6, 64), (3, 0), (-2, 700))]
    apart, run = through(stages_on(units(), VALUES), x), through(stages_on(units(), VALUES, relays), x)
    assert np.max(np.abs(run[:, LEAD:-2 * LEAD] - apart[:, 3 * LEAD:])) < 1e-6
    assert np.any(run)


def test_any_cut_of_the_stream_gives_the_same_bits(built, unit_of, relays):
    x, rng = programme(30000), np.random.default_rng(5)
    made = [through(stages_on([unit_of(built(), [(GAIN, building.gain_value(-3))]) for _ in range(3)], VALUES, relays), x, cuts)
            for cuts in (lambda: 256, lambda: int(rng.integers(1, 700)), lambda: 5000)]
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], made[2])


def test_a_run_that_starts_again_is_as_new(three, relays):
    x = programme(20000)
    chain = Chain(RATE, stages_on(three(), relays=relays))
    first = through(None, x, chain=chain)
    chain.restart_now()
    assert np.array_equal(through(None, x, chain=chain), first)


def test_a_splice_keeps_all_of_it_in_step(three, relays):
    x = programme(40000)
    chain = Chain(RATE, stages_on(three(), relays=relays))
    parts = [(0, 1000, 0), (1000, 1002, 5000), (1002, 1003, 77), (1003, 20000, 12345), (20000, 40000, 3)]
    y = np.concatenate([through(None, x[:, a:b], lambda: 333, when, chain) for a, b, when in parts], axis=1)
    assert np.array_equal(y, delayed(x, LEAD + 4196))


@pytest.mark.parametrize("guilty", [0, 1, 2])
@pytest.mark.parametrize("fault", [ABORT, NOT_A_NUMBER, JUMP, None])
def test_who_fails_fails_alone(built, unit_of, relays, guilty, fault):
    """The others go on in the sound; nothing steps, nothing grows."""
    x = programme(96000)
    gains = (-1, -2, -3)
    units = [unit_of(built(), [(GAIN, building.gain_value(db)), (DELAY, building.delay_value(100))]) for db in gains]
    chain = Chain(RATE, stages_on(units, relays=relays))
    before = through(None, x[:, :40000], chain=chain)
    if fault is None:
        os.kill(units[guilty].pid, signal.SIGKILL)
    else:
        fail(units[guilty], fault)
    y = np.concatenate([before, through(None, x[:, 40000:], when=40000, chain=chain)], axis=1)
    until(lambda: units[guilty].failures == 1)
    assert [unit.failures for unit in units] == [int(k == guilty) for k in range(3)]
    dry = delayed(x, LEAD + 300)
    left = 10 ** (sum(db for k, db in enumerate(gains) if k != guilty) / 20)
    assert np.allclose(y[:, 12000:36000], dry[:, 12000:36000] * 10 ** (sum(gains) / 20), rtol=1e-5, atol=1e-9)
    assert np.allclose(y[:, -12000:], left * dry[:, -12000:], rtol=1e-5, atol=1e-9)
    assert np.max(np.abs(y)) <= np.max(np.abs(dry))
    steps, usual = np.max(np.abs(np.diff(y - left * dry, axis=1))), np.max(np.abs(np.diff(dry, axis=1)))
    assert steps < 0.6 * usual


def test_slots_join_and_part_while_they_play(built, unit_of, relays):
    """A stage between two plugins makes two ways of one, and the other way round: a fade to the dry sound each time, and no step."""
    x = programme(120000)
    units = [unit_of(built(), [(GAIN, building.gain_value(-3))]) for _ in range(2)]
    relay = relays(*units)
    chain = Chain(RATE, stages_on(units)[:1])
    first = chain.stages[0]

    def second(coupled):
        return Plugin("plugin", RATE, {}, line=units[1].line, relay=relay if coupled else None)
    pieces, at = [], 0
    orders = [[first, second(True)], [first, make("trim", RATE, {}), second(False)], [first, second(True)], [first, make("trim", RATE, {}), second(False)]]
    for order in orders:
        heirs = {order[-1]: chain.stages[-1]} if len(chain.stages) > 1 else {}
        chain.publish(order, heirs)
        pieces.append(through(None, x[:, at:at + 30000], when=at, chain=chain))
        at += 30000
        late = LEAD if order[-1].relay else 2 * LEAD
        settled = pieces[-1][:, -8000:]
        assert np.allclose(settled, delayed(x, late)[:, at - 8000:at] * 10 ** (-6 / 20), rtol=1e-5, atol=1e-9)
        assert not chain.busy
    y = np.concatenate(pieces, axis=1)
    assert np.max(np.abs(np.diff(y, axis=1))) < 1.2 * np.max(np.abs(np.diff(x, axis=1)))
    assert not any(unit.line.fault or unit.failures for unit in units)


def test_a_relay_that_is_closed_leaves_the_first_slot_alone(built, unit_of, relays):
    x = programme(30000)
    units = [unit_of(built(), [(GAIN, building.gain_value(-3))]) for _ in range(2)]
    stages = stages_on(units, relays=relays)
    chain = Chain(RATE, stages)
    through(None, x[:, :10000], chain=chain)
    chain.publish(stages[:1])
    through(None, x[:, 10000:15000], when=10000, chain=chain)
    stages[1].relay.close()
    y = through(None, x[:, 15000:], when=15000, chain=chain)
    assert np.allclose(y[:, 5000:], delayed(x, LEAD)[:, 20000:] * 10 ** (-3 / 20), rtol=1e-5, atol=1e-9)


def test_a_run_is_of_different_lines(built, unit_of):
    unit = unit_of(built())
    with pytest.raises(ValueError, match="different lines"):
        Relay(unit.line, unit.line)


@pytest.mark.realtime
@pytest.mark.parametrize("place", [0, 2], ids=["in front", "behind"])
def test_a_neighbour_that_goes_takes_its_memory_along(built, home, place):
    """While it plays, and although the slots that stay were in a run with it. The chain holds the one order of stages before its own."""
    storm = Storm(built(), 2)
    heard, chain = np.zeros((60 * RATE, 2), np.float32), session_with(built(), 2).chain
    wider = session_with(built(), 3).chain[2:3] + chain if not place else chain[:2] + session_with(built(), 3).chain[2:]
    device = ClockDevice(storm.engine.callback, storm.engine.userdata, 128, RATE, heard, storm.engine)
    storm.begin()
    device.start()
    until(storm.well, storm.rack.pump)
    before = shared_memory()
    for _ in range(3):
        storm.rack.wish(wider)
        units = storm.rack.units
        until(lambda units=units: units.get("plugin3") and units["plugin3"].line.presence_seen == 1.0, storm.rack.pump)
        storm.rack.wish(chain)
        until(lambda: len(shared_memory() - before) <= 1, storm.rack.pump)
    device.stop()
    storm.engine.running = False
    units.close()
