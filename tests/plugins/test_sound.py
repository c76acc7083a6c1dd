"""The way of the sound: through the line, the worker, the plugin and back, aligned, repeatable, and with what stands in when it fails."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.foreign.lead import block_frames_at, lead_frames_for, memory_bytes
from dsp_core.foreign.line import Line
from dsp_core.foreign.server import Server
from dsp_core.stages.plugin import Plugin
from mastering_rt.plugins import wire
from tests import signals
from tests.checks import delayed, run
from tests.mastering_rt.helpers import until
from tests.plugins import building
from tests.plugins.building import ABORT, DELAY, EXIT, FAULT, GAIN, JUMP, NOT_A_NUMBER, SEGV, SILENCE

pytestmark = pytest.mark.slow

RATE = 48000


def stage_on(unit, **values):
    return Plugin("plugin", unit.rate_hz, values, line=unit.line, plugin_latency=unit.latency)


def singles(x):
    return x.astype(np.float32).astype(np.float64)


def fail(unit, fault):
    """From now on: the plugin has been told when this comes back, or has failed already."""
    unit.ask_now({FAULT: building.fault_value(fault)})
    unit.ask(wire.AskState(0))
    unit.next_happening(lambda told: told.state is not None, 30)


def programme(frames=60000, rate=RATE):
    return 0.5 * signals.programme(frames, rate)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_plugin_is_heard_sample_by_sample(built, unit_of, channels):
    x = programme()
    unit = unit_of(built(channels), [(GAIN, building.gain_value(-6))])
    assert unit.facts.channels == channels
    stage = stage_on(unit)
    y = run(stage, x)
    gain = np.float32(10) ** np.float32(-6 / 20)
    assert np.allclose(y, delayed(singles(x), stage.latency_frames) * gain, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("delay", [0, 4096])
def test_what_a_plugin_is_set_to_do_is_no_jump(built, unit_of, delay):
    """32 dB louder from the first sample on, behind a pause of the song, and from a new beginning; what jumps over that is one."""
    x = 0.03 * signals.noise(15 * RATE, RATE)
    x[:, 3 * RATE:13 * RATE] = 0.0
    unit = unit_of(built(), [(GAIN, building.gain_value(32)), (DELAY, building.delay_value(delay))])
    stage = stage_on(unit)
    for _ in range(2):
        y = run(stage, x)
        assert not unit.line.fault
        stage.restart_now()
    assert np.max(np.abs(y)) == pytest.approx(np.max(np.abs(x)) * 10 ** (32 / 20), rel=1e-3)
    fail(unit, JUMP)
    run(stage, x)
    assert unit.line.fault == "jumped"


@pytest.mark.parametrize("rate", [8000, 44100, 96000])
def test_every_rate_is_served(built, unit_of, rate):
    x = programme(30000, rate)
    stage = stage_on(unit_of(built(), rate=rate))
    assert np.array_equal(run(stage, x), delayed(singles(x), stage.latency_frames))


def test_any_cut_of_the_stream_gives_the_same_bits(built, unit_of):
    x, rng = programme(), np.random.default_rng(3)
    whole = run(stage_on(unit_of(built(), [(GAIN, building.gain_value(-3))])), x)
    for cuts in (lambda: int(rng.integers(1, 700)), lambda: 1):
        assert np.array_equal(whole, run(stage_on(unit_of(built(), [(GAIN, building.gain_value(-3))])), x, cuts))


@pytest.mark.parametrize("samples", [0, 100, 4096])
def test_latency_is_told_and_true(built, unit_of, samples):
    stage = stage_on(unit_of(built(), [(DELAY, building.delay_value(samples))]))
    assert stage.plugin_latency == samples
    assert stage.latency_frames == lead_frames_for(RATE) + samples
    y = run(stage, signals.impulse(20000, at=6000, level=0.1))
    assert int(np.argmax(np.abs(y[0]))) == 6000 + stage.latency_frames


def test_restart_is_a_new_instance(built, unit_of):
    x = programme(30000)
    stage = stage_on(unit_of(built(), [(DELAY, building.delay_value(700))]))
    first = run(stage, x)
    stage.restart_now()
    assert np.array_equal(run(stage, x), first)


def test_a_splice_keeps_the_latency(built, unit_of):
    """Song time that jumps cuts a block short; what goes in comes out as late as ever."""
    x = programme(40000)
    stage = stage_on(unit_of(built()))
    parts = [(0, 1000, 0), (1000, 1002, 5000), (1002, 1003, 77), (1003, 20000, 12345), (20000, 40000, 3)]
    y = np.concatenate([run(stage, x[:, a:b], lambda: 333, when=when) for a, b, when in parts], axis=1)
    assert np.array_equal(y, delayed(singles(x), stage.latency_frames))


@pytest.mark.parametrize("placement", [1, 2, 3, 4])
def test_a_plugin_can_work_on_a_part_of_the_stereo_sound(built, unit_of, placement):
    x = programme(20000)
    stage = stage_on(unit_of(built(), [(GAIN, building.gain_value(0))]), placement=placement)
    assert np.allclose(run(stage, x), delayed(x, stage.latency_frames), atol=1e-7)


def test_bypass_and_mix_zero_null_exactly(built, unit_of):
    x = programme(20000)
    for values in ({"bypass": 1}, {"mix": 0}):
        stage = stage_on(unit_of(built(), [(GAIN, building.gain_value(-20))]), **values)
        assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


def test_an_heir_goes_on_with_the_same_plugin(built, unit_of):
    """A fresh stage in place of a running one, as after a change of the chain: the plugin does not notice."""
    x = programme(60000)
    unit = unit_of(built(), [(DELAY, building.delay_value(1000)), (GAIN, building.gain_value(-6))])
    alone = run(stage_on(unit), x)
    unit = unit_of(built(), [(DELAY, building.delay_value(1000)), (GAIN, building.gain_value(-6))])
    stage = stage_on(unit)
    first = run(stage, x[:, :20000], lambda: 128)
    heir = stage_on(unit)
    heir.take_from(stage)
    both = []
    for at in range(20000, 24000, 160):
        piece = x[:, at:at + 160]
        old, new = run(stage, piece, when=at), run(heir, piece, when=at)
        assert np.array_equal(old, new)
        both.append(new)
    rest = run(heir, x[:, 24000:], when=24000)
    assert np.array_equal(np.concatenate([first, *both, rest], axis=1), alone)


@pytest.mark.parametrize("fault", [ABORT, SEGV, EXIT, NOT_A_NUMBER, JUMP])
def test_a_fault_fades_to_the_aligned_dry_sound(built, unit_of, fault):
    x = programme(96000)
    unit = unit_of(built(), [(GAIN, building.gain_value(-1))])
    stage = stage_on(unit)
    before = run(stage, x[:, :40000], lambda: 256)
    fail(unit, fault)
    after = run(stage, x[:, 40000:], lambda: 256, when=40000)
    y, dry = np.concatenate([before, after], axis=1), delayed(x, stage.latency_frames)
    assert np.isfinite(y).all()
    assert np.max(np.abs(y)) <= np.max(np.abs(dry))
    assert np.array_equal(y[:, -8000:], dry[:, -8000:])
    steps, usual = np.max(np.abs(np.diff(y - dry, axis=1))), np.max(np.abs(np.diff(dry, axis=1)))
    assert steps < 0.2 * usual


def test_silence_is_a_fault_only_while_it_is_guarded(built, unit_of):
    x = signals.noise(RATE * 4) * 0.3
    for guard in (1, 0):
        unit = unit_of(built())
        stage = stage_on(unit, silence_guard=guard)
        run(stage, x[:, :20000])
        fail(unit, SILENCE)
        y = run(stage, x[:, 20000:], when=20000)
        assert bool(np.any(y[:, -4000:])) == bool(guard)


def test_without_a_worker_the_slot_is_its_aligned_input():
    x = programme(20000)
    line = Line(bytearray(memory_bytes(block_frames_at(RATE))), RATE)
    stage = Plugin("plugin", RATE, {}, line=line, plugin_latency=123)
    assert np.array_equal(run(stage, x, lambda: 100), delayed(x, lead_frames_for(RATE) + 123))


@pytest.mark.parametrize("values", [{"bypass": 1}, {"mix": 50}])
def test_a_plugin_that_becomes_later_while_it_plays_leaves_no_gap_in_the_dry_sound(built, unit_of, values):
    """What its own sound does meanwhile is the plugin's affair."""
    x = 0.3 * signals.noise(60000)
    unit = unit_of(built())
    chain = Chain(RATE, [stage_on(unit, **values)])
    y = [played(chain, x[:, :20000])]
    unit.ask_now({DELAY: building.delay_value(4096)})
    until(lambda: unit.latency == 4096)
    later = stage_on(unit, **values)
    chain.publish([later], {later: chain.stages[0]})
    assert later.plugin_latency == 4096
    y.append(played(chain, x[:, 20000:], 20000))
    y = np.concatenate(y, axis=1)
    assert np.array_equal(y[:, -8000:], delayed(x, later.latency_frames)[:, -8000:]) or values.get("mix")
    loud = np.flatnonzero(np.abs(y[0]) > 1e-4)
    assert np.diff(loud).max() < 64


def played(chain, x, when=0):
    out = x.copy()
    for at in range(0, x.shape[1], 128):
        piece = np.ascontiguousarray(out[:, at:at + 128])
        chain.process(piece, when=when + at)
        out[:, at:at + 128] = piece
    return out


@pytest.mark.parametrize("early", [0, 300, 2500])
@pytest.mark.parametrize("late", [0, 700, 4096])
def test_a_worker_that_comes_back_is_heard_from_its_first_sound_on(late, early):
    """And not while its plugin still gives out what its delays held before it began, however many frames it is at work before it is admitted."""
    x = 0.3 * signals.noise(30000)
    line = Line(memory := bytearray(memory_bytes(block_frames_at(RATE))), RATE)
    server, heard = Server(memory, line.block_frames), np.zeros((2, 0), np.float32)
    stage = Plugin("plugin", RATE, {}, line=line, plugin_latency=late)
    y = [run(stage, x[:, :8192])]
    server.begin()
    for at in range(8192, 30000 - 128, 128):
        if at - 128 < 8192 + early <= at:
            line.admit(late)
        y.append(run(stage, x[:, at:at + 128], when=at))
        while server.wait(0):
            count = 2 * server.frames
            given = np.frombuffer(memory, np.float32, count, server.input_at).reshape(2, -1)
            heard = np.concatenate([heard, given], axis=1)
            held = np.concatenate([np.zeros((2, late), np.float32), heard], axis=1)
            np.frombuffer(memory, np.float32, count, server.output_at).reshape(2, -1)[:] = held[:, heard.shape[1] - server.frames:heard.shape[1]]
            server.answer()
    y = np.concatenate(y, axis=1)
    assert line.presence_seen == 1.0
    assert np.allclose(y, delayed(x, stage.latency_frames)[:, :y.shape[1]], atol=1e-7)


@pytest.mark.parametrize("frames", [0, 64, 512, 1024, 2048, 8192])
def test_a_line_is_long_enough_for_the_device(frames):
    """The answer to a block must not be needed before the callback after the one that completed it."""
    block = block_frames_at(RATE)
    lead = lead_frames_for(RATE, frames)
    assert lead % block == 0 and lead - block - block // 2 >= frames
