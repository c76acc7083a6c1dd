"""The chain: order, swap with crossfade, the mix aligned beside it."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.stages import make
from tests import signals
from tests.checks import run

RATE = 48000


def process(chain, x, when=0, cuts=None):
    master, mix = np.array(x, order="C"), np.zeros_like(x)
    done = 0
    while done < x.shape[1]:
        n = x.shape[1] - done if cuts is None else min(cuts(), x.shape[1] - done)
        piece, beside = np.ascontiguousarray(master[:, done:done + n]), np.zeros((2, n))
        chain.process(piece, beside, when + done)
        master[:, done:done + n], mix[:, done:done + n] = piece, beside
        done += n
    return master, mix


def test_empty_chain_passes_the_bits():
    x = signals.programme(5000)
    master, mix = process(Chain(RATE), x)
    assert np.array_equal(master, x)
    assert np.array_equal(mix, x)


def test_chain_is_its_stages_in_order():
    x = signals.programme(20000)
    chain = Chain(RATE, [make("trim", RATE, {"gain": -3}), make("trim", RATE, {"gain": 6})])
    want = run(make("trim", RATE, {"gain": 6}), run(make("trim", RATE, {"gain": -3}), x))
    rng = np.random.default_rng(2)
    assert np.array_equal(process(chain, x, cuts=lambda: int(rng.integers(1, 700)))[0], want)


def test_swap_fades_without_a_step_and_lets_go_of_the_old():
    x = signals.sine(48000, hz=100, level_dbfs=-6)
    first, second = make("trim", RATE), make("trim", RATE, {"gain": -6})
    chain = Chain(RATE, [first])
    before, _ = process(chain, x[:, :4800])
    chain.publish([second])
    assert chain.busy
    with pytest.raises(RuntimeError, match="still crossfading"):
        chain.publish([first])
    after, _ = process(chain, x[:, 4800:], when=4800)
    assert not chain.busy
    whole = np.concatenate([before, after], axis=1)[0]
    want = np.concatenate([np.ones(4800), np.full(43200, 10 ** (-6 / 20))]) * x[0]
    assert np.array_equal(whole[:4800], x[0, :4800])
    assert np.allclose(whole[-40000:], want[-40000:], atol=1e-12)
    assert np.max(np.abs(np.diff(whole, 3))) < 5e-5


def test_identical_successor_is_inaudible_to_the_bit_apart_from_rounding():
    x = signals.programme(30000)
    old = make("trim", RATE, {"gain": -3})
    chain = Chain(RATE, [old])
    process(chain, x[:, :10000])
    new = make("trim", RATE, {"gain": -3})
    chain.publish([new], {new: old})
    y, _ = process(chain, x[:, 10000:], when=10000)
    assert np.max(np.abs(y - run(make("trim", RATE, {"gain": -3}), x)[:, 10000:])) < 1e-15


def test_a_stage_may_not_run_twice_nor_at_another_rate():
    trim = make("trim", RATE)
    chain = Chain(RATE, [make("trim", RATE), trim])
    with pytest.raises(ValueError, match="fresh instance"):
        chain.publish([trim])
    with pytest.raises(ValueError, match="44100"):
        chain.publish([make("trim", 44100)])
    with pytest.raises(ValueError, match="at most 24 stages, not 25"):
        chain.publish([make("trim", RATE) for _ in range(25)])


def test_restart_forgets_the_mix_too():
    chain = Chain(RATE, [make("trim", RATE, {"gain": 3})])
    x = signals.noise(3000)
    first = process(chain, x)
    chain.restart_now()
    assert np.array_equal(first[0], process(chain, x)[0])
