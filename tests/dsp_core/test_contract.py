"""Every stage in the table against every promise of the contract. A new stage gets all of this by being in the table."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp_core.param import BadValue, UnknownParameter
from dsp_core.params import COMMON, STAGES, index_of, params_of
from dsp_core.stages import make
from tests import signals
from tests.checks import ACTIVE, active, delayed, run

KINDS = sorted(STAGES)
RATE = 48000


def differing(a, b):
    return int(np.count_nonzero(a != b))


@pytest.mark.parametrize("kind", KINDS)
def test_any_cut_of_the_stream_gives_the_same_bits(kind, reached):
    x, rng = signals.programme(30000), np.random.default_rng(7)
    whole = run(active(kind), x)
    for what, cuts in (("random cuts of 1 to 700 frames", lambda: int(rng.integers(1, 700))), ("cuts of 1 frame", lambda: 1)):
        reached("The cut of the stream", f"{what}: samples that differ", differing(whole, run(active(kind), x, cuts)), 0, "")


@pytest.mark.parametrize("kind", KINDS)
def test_restart_is_a_new_instance(kind):
    x = signals.programme(12000)
    used = active(kind)
    run(used, signals.noise(9000))
    used.restart_now()
    assert np.array_equal(run(used, x), run(active(kind), x))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("placement", range(5))
def test_defaults_are_transparent_to_the_bit(kind, placement, reached):
    x = signals.programme(20000)
    stage = make(kind, RATE, {"placement": placement})
    changed = differing(run(stage, x), delayed(x, stage.latency_frames))
    reached("Every stage at its defaults", "samples that differ from the delayed input", changed, 0, "")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("placement", [0, 1, 2])
def test_bypass_nulls_exactly(kind, placement):
    x = signals.programme(20000)
    stage = active(kind, bypass=1, placement=placement)
    assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


@pytest.mark.parametrize("kind", KINDS)
def test_mix_zero_is_the_aligned_input(kind):
    x = signals.programme(20000)
    stage = active(kind, mix=0)
    assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


@pytest.mark.parametrize("kind", KINDS)
def test_bypass_while_playing_ends_on_the_exact_input(kind):
    x = signals.programme(60000)
    stage = active(kind)
    first = run(stage, x[:, :30016])
    stage.set(index_of(kind, "bypass"), 1)
    second = run(stage, x[:, 30016:], when=30016)
    want = delayed(x, stage.latency_frames)
    assert np.array_equal(second[:, -8000:], want[:, -8000:])
    assert not np.array_equal(first[:, 8000:], want[:, 8000:30016])


@pytest.mark.parametrize("kind", KINDS)
def test_latency_found_by_impulse(kind, reached):
    stage = make(kind, RATE)
    y = run(stage, signals.impulse(20000, at=100, level=0.1))
    late = abs(int(np.argmax(np.abs(y[0]))) - 100 - stage.latency_frames)
    reached("Every stage at its defaults", "latency by an impulse against the reported one", late, 0, "frames")


@pytest.mark.parametrize("kind", KINDS)
def test_checkpoint_continues_to_the_bit(kind):
    x = signals.programme(40000)
    stage = active(kind)
    run(stage, x[:, :17123])
    state = stage.save()
    rest = run(stage, x[:, 17123:], when=17123)
    other = active(kind)
    run(other, signals.noise(5000, seed=9))
    other.load(state)
    assert np.array_equal(rest, run(other, x[:, 17123:], when=17123))


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_of_other_fixed_values_is_refused(kind):
    with pytest.raises(ValueError, match="fixed parameters"):
        make(kind, RATE, {"placement": 1}).load(make(kind, RATE).save())
    with pytest.raises(ValueError, match="another kind, rate"):
        make(kind, RATE).load(make(kind, 44100).save())


@pytest.mark.parametrize("kind", KINDS)
def test_successor_takes_over_the_memory(kind):
    x = signals.programme(40000)
    stage = active(kind)
    run(stage, x[:, :17120])
    successor = active(kind)
    successor.take_from(stage)
    assert np.array_equal(run(stage, x[:, 17120:], when=17120), run(successor, x[:, 17120:], when=17120))


@pytest.mark.parametrize("kind", KINDS)
def test_silence_stays_silence(kind):
    assert not run(active(kind), np.zeros((2, 20000))).any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rate", [8000, 44100, 96000, 384000])
def test_every_parameter_at_both_ends_is_finite(kind, rate):
    hard = [signals.noise(600), np.zeros((2, 600)), np.full((2, 600), 1e30), np.full((2, 600), 5e-324), signals.white_random_signs(600)]
    x = np.concatenate(hard, axis=1)
    for param in params_of(kind):
        for value in (param.low, param.high):
            y = run(make(kind, rate, {**ACTIVE[kind], param.id: value}), x, lambda: 333)
            assert np.isfinite(y).all(), f"{kind}.{param.id} = {value} at {rate} Hz"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_is_silenced_and_recovers(kind, bad, reached):
    x = signals.programme(40000)
    stage = active(kind)
    poisoned = x.copy()
    poisoned[0, 10000] = bad
    y = run(stage, poisoned, lambda: 64)
    reached("NaN and infinity in the sound", "samples at the output that are neither", np.count_nonzero(~np.isfinite(y)), 0, "")
    assert stage.meters()[3] >= 1
    away = np.max(np.abs(y[:, -8000:] - run(active(kind), x)[:, -8000:]))
    reached("NaN and infinity in the sound", "half a second later: difference from the unharmed stream, of full scale", away, 0.02, "")


@pytest.mark.parametrize("kind", KINDS)
def test_equal_channels_stay_equal(kind):
    x = signals.programme(20000)
    x[1] = x[0]
    y = run(active(kind), x)
    assert np.array_equal(y[0], y[1])


@pytest.mark.slow
@settings(max_examples=25)
@given(data=st.data())
@pytest.mark.parametrize("kind", KINDS)
def test_random_moves_stay_finite_and_bounded(kind, data):
    x = signals.programme(12000)
    stage = active(kind)
    moving = [p for p in params_of(kind) if p.change == "glide"]
    peak = 0.0
    for start in range(0, 12000, 1000):
        param = data.draw(st.sampled_from(moving))
        stage.set(index_of(kind, param.id), param.from_norm(data.draw(st.floats(0, 1))))
        y = run(stage, x[:, start:start + 1000], when=start)
        assert np.isfinite(y).all()
        peak = max(peak, float(np.max(np.abs(y))))
    assert peak < 2000


@pytest.mark.parametrize("kind", KINDS)
def test_the_door_is_checked(kind):
    stage = make(kind, RATE)
    first = STAGES[kind][0]
    for value in (float("nan"), float("inf"), first.high + 1):
        with pytest.raises(BadValue, match=first.label):
            stage.set(index_of(kind, first.id), value)
    with pytest.raises(UnknownParameter, match="no 'nonsense'"):
        make(kind, RATE, {"nonsense": 1})
    with pytest.raises(ValueError, match="1 Hz"):
        make(kind, 1)
    swap = next(p for p in COMMON if p.change == "swap")
    with pytest.raises(ValueError, match="fixed for a running stage"):
        stage.set(index_of(kind, swap.id), 1)
