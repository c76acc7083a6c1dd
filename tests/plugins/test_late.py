"""Plugins that are later than the guards are patient: what comes out is judged by what went in when it did, and nobody is blamed for the time between."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import MASTER_SOURCE, Engine
from dsp_core.foreign.lead import block_frames_at, memory_bytes
from dsp_core.foreign.line import Line
from dsp_core.foreign.server import Server
from dsp_core.offline.relay import Relay
from dsp_core.stages.plugin import Plugin
from mastering_rt.playback.rack import Rack
from mastering_rt.plugins.health import LOOK_S, Health
from mastering_rt.plugins.units import with_values
from mastering_rt.session.model import PluginRef, Slot
from tests import signals
from tests.checks import delayed, run
from tests.mastering_rt.helpers import until
from tests.plugins import building
from tests.plugins.building import DELAY, GAIN, MOST_DELAY_OF_LATE, SILENCE
from tests.plugins.test_sound import fail, singles, stage_on

RATE = 8000
LATE = 4 * RATE


class Worker:
    """Answers a line's blocks at once, from the test itself: what went in, `late` frames later, times `gain`."""

    def __init__(self, rate=RATE, late=LATE, **values):
        self.memory = bytearray(memory_bytes(block_frames_at(rate)))
        self.line = Line(self.memory, rate)
        self.late, self.gain, self.values = late, 1.0, values
        self.server, self.held = Server(self.memory, self.line.block_frames), None
        self.stage = self.stage_for(late)
        self.when = 0

    def stage_for(self, latency):
        return Plugin("plugin", self.line.rate, self.values, line=self.line, plugin_latency=latency)

    def come(self, late=None):
        """A new one, whose plugin has heard nothing yet."""
        self.late = self.late if late is None else late
        self.held = np.zeros((2, self.late), np.float32)
        self.server.begin()
        self.line.admit(self.late)

    def play(self, x, looked_at=lambda: None):
        """What the stage makes of x, in pieces of 100 frames."""
        y = []
        for at in range(0, x.shape[1], 100):
            y.append(run(self.stage, x[:, at:at + 100], when=self.when))
            self.when += 100
            self.answer()
            looked_at()
        return np.concatenate(y, axis=1)

    def answer(self):
        while self.held is not None and self.server.wait(0):
            frames = self.server.frames
            given = np.frombuffer(self.memory, np.float32, 2 * frames, self.server.input_at).reshape(2, -1)
            held = np.concatenate([self.held, given], axis=1)
            np.frombuffer(self.memory, np.float32, 2 * frames, self.server.output_at).reshape(2, -1)[:] = self.gain * held[:, :frames]
            self.held = held[:, frames:]
            self.server.answer()


def noise(seconds, level=0.3):
    return level * signals.noise(int(seconds * RATE), RATE)


def pause(seconds):
    return np.zeros((2, int(seconds * RATE)))


def test_what_is_late_is_not_silent():
    worker = Worker()
    worker.come()
    x = noise(12)
    y = worker.play(x)
    assert not worker.line.fault
    assert np.array_equal(y, delayed(singles(x), worker.stage.latency_frames))


def test_what_is_late_and_silent_is_found():
    worker = Worker()
    worker.come()
    worker.play(noise(6))
    worker.gain = 0.0
    worker.play(noise(1))
    assert not worker.line.fault
    worker.play(noise(2))
    assert worker.line.fault == "fell silent"


def test_silence_is_owed_for_a_pause_behind_which_the_song_goes_on():
    """The input is loud again while the pause comes out."""
    worker = Worker()
    worker.come()
    x = np.concatenate([noise(6), pause(4), noise(6)], axis=1)
    y = worker.play(x)
    assert not worker.line.fault
    assert np.array_equal(y, delayed(singles(x), worker.stage.latency_frames))


@pytest.mark.parametrize("rate", [8000, 22050, 48000, 192000])
def test_a_pause_is_a_pause_at_every_rate(rate):
    """What was loud before it is forgotten in time, however long a block is."""
    worker = Worker(rate, 0)
    worker.come()
    loud, still = signals.noise(rate, rate), np.zeros((2, 4 * rate))
    worker.play(np.concatenate([loud / np.abs(loud).max(), still], axis=1))
    assert not worker.line.fault


def test_a_plugin_that_becomes_later_owes_nothing_until_then():
    worker = Worker(late=0)
    worker.come()
    worker.play(noise(3))
    worker.held, later = np.zeros((2, LATE), np.float32), worker.stage_for(LATE)
    later.take_from(worker.stage)
    worker.stage = later
    worker.play(noise(10))
    assert not worker.line.fault


def test_a_short_sound_between_pauses_is_no_jump():
    """It comes out when what goes in is silent, and so is what came out."""
    worker = Worker(jump_limit=6)
    worker.come()
    x = np.concatenate([noise(8), pause(8), noise(0.2), pause(8)], axis=1)
    y = worker.play(x)
    assert not worker.line.fault
    assert np.array_equal(y, delayed(singles(x), worker.stage.latency_frames))
    worker.gain = 8.0
    worker.play(noise(5))
    assert worker.line.fault == "jumped"


class Obedient:
    """A process that follows its orders."""

    is_deaf = False

    def tell(self, order):
        return True


def looked_after(worker):
    """A function to call while it plays, 80 times a second, and what it found."""
    problems, passed = [], [0]
    health = Health(worker.line, Obedient(), lambda: passed[0] / RATE)

    def look():
        passed[0] += 100
        if passed[0] % int(LOOK_S * RATE) == 0:
            health.pong()
            problems.append(health.problem(False))
    return look, problems


def test_one_that_comes_back_is_not_slow_before_its_first_sound():
    worker = Worker()
    worker.play(noise(1))
    worker.come()
    look, problems = looked_after(worker)
    x = noise(10)
    worker.play(x, look)
    assert not any(problems) and worker.line.presence_seen == 1.0


def test_one_that_answers_too_late_is_slow():
    worker = Worker(late=0)
    worker.come()
    worker.play(noise(1))
    look, problems = looked_after(worker)
    answer, worker.answer = worker.answer, lambda: None

    def look_and_answer_late():
        look()
        if worker.when % (8 * worker.line.block_frames) < 100:
            answer()
    worker.play(noise(10), look_and_answer_late)
    assert "is too slow to keep up" in problems


def test_one_behind_another_that_fails_is_not_slow_for_it():
    """Where the sound before it was cut off it is not heard until that has come out of it."""
    leader, follower = Worker(late=0), Worker()
    leader.come()
    follower.come()
    relay = Relay(leader.line, follower.line)
    chain = Chain(RATE, [leader.stage, Plugin("plugin", RATE, {}, line=follower.line, plugin_latency=LATE, relay=relay)])
    look, problems = looked_after(follower)
    x, seen = noise(14), []
    try:
        for at in range(0, x.shape[1], 100):
            if at == 6 * RATE:
                leader.line.dismiss()
            chain.process(np.ascontiguousarray(x[:, at:at + 100]), when=at)
            leader.answer()
            until(lambda: follower.line.posted == leader.line.posted)
            follower.answer()
            seen.append(follower.line.presence_seen)
            look()
    finally:
        relay.close()
    assert seen[6 * RATE // 100] == 1.0 and seen.count(0.0) * 100 > LATE and seen[-1] == 1.0
    assert not any(problems)


@pytest.mark.slow
def test_a_real_one_is_heard_as_late_as_it_is(built, unit_of):
    late = 3 * 48000 + 9600
    unit = unit_of(built(late=True), [(DELAY, building.delay_value(late, MOST_DELAY_OF_LATE))])
    stage, x = stage_on(unit), 0.3 * signals.noise(10 * 48000)
    assert stage.plugin_latency == late
    assert np.array_equal(run(stage, x), delayed(singles(x), stage.latency_frames))
    assert not unit.line.fault
    fail(unit, SILENCE)
    run(stage, x, when=x.shape[1])
    assert unit.line.fault == "fell silent"


@pytest.mark.slow
def test_one_that_is_later_than_the_chain_can_be_is_heard_again_when_it_is_not(built, home):
    """Meanwhile it would be heard later than the mix."""
    rate, step = 48000, 512
    plugin = with_values(PluginRef(built(late=True)), {GAIN: building.gain_value(-6)}, {})
    slot = Slot("plugin", "plugin", plugin=plugin)
    engine = Engine(rate)
    engine.listen_to_input(True)
    engine.select(MASTER_SOURCE)
    rack = Rack(engine)
    rack.wish([slot])
    unit = rack.units["plugin"]
    sound, out = np.full((step, 2), 0.1, np.float32), np.zeros((step, 2), np.float32)

    def play():
        """No faster than the worker."""
        rack.pump()
        engine.run_offline(sound, out)
        until(lambda: unit.phase != "running" or unit.line.answered >= unit.line.posted)
    try:
        until(lambda: unit.phase == "running" and unit.line.presence_seen == 1.0, play)
        until(lambda: np.allclose(out, 0.05, atol=1e-3), play)
        unit.ask_now({DELAY: 1.0})
        until(lambda: unit.latency == MOST_DELAY_OF_LATE, play)
        until(lambda: unit.line.presence_seen == 0.0, play)
        assert rack.stages[0].plugin_latency == 0 and np.allclose(out, 0.1)
        assert any("too long" in said and said.endswith(f"The dry sound stands in for {unit.title}.") for said in rack.take_problem())
        rack.wish([slot, Slot("trim", "trim", {"gain": -6})])
        until(lambda: any("too long" in said for said in rack.take_problem()), play)
        unit.ask_now({DELAY: 0.0})
        until(lambda: len(rack.stages) == 2 and unit.line.presence_seen == 1.0, play)
        until(lambda: np.allclose(out, 0.025, atol=1e-3), play)
        assert not unit.failures
    finally:
        rack.units.close()
