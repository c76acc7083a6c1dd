"""The partitioned convolver against a plain convolution, at every cut of the stream, and through a change of its FIRs."""
import numpy as np
import pytest
from scipy import signal

from dsp_core.kernels.convolver_check import Convolution
from tests import signals

BOTH = [(0, 0, 0), (1, 1, 0)]
CROSSED = [(0, 0, 0), (1, 0, 1), (0, 1, 2), (1, 1, 3)]


def firs(count, taps, seed=1):
    return np.random.default_rng(seed).standard_normal((count, taps)) * np.exp(-np.arange(taps) / (0.2 * taps)) / np.sqrt(taps)


def play(convolution, x, cuts=None, when=0):
    y, done = np.zeros((convolution.outs, x.shape[1])), 0
    while done < x.shape[1]:
        n = x.shape[1] - done if cuts is None else min(cuts(), x.shape[1] - done)
        piece = np.zeros((convolution.outs, n))
        convolution.run(np.ascontiguousarray(x[:, done:done + n]), piece, when + done)
        y[:, done:done + n] = piece
        done += n
    return y


def plain(h, paths, x, latency, outs=2):
    y = np.zeros((outs, x.shape[1]))
    for source, out, fir in paths:
        y[out, latency:] += signal.oaconvolve(x[source], h[fir])[:x.shape[1] - latency]
    return y


@pytest.mark.parametrize("rate", [8000, 44100, 96000, 384000])
@pytest.mark.parametrize("taps", [1, 100, 1920, 1921, 5000, 16385])
def test_it_is_a_convolution(reached, rate, taps):
    h, x = firs(1, taps), signals.noise(40000)
    convolution = Convolution(rate, h, BOTH)
    away = np.max(np.abs(play(convolution, x) - plain(h, BOTH, x, convolution.latency)))
    reached("Partitioned convolution", "distance from a plain convolution", away, 1e-13, "")


@pytest.mark.parametrize(("sources", "outs", "paths"), [
    (2, 2, CROSSED), (1, 1, [(0, 0, 2)]), (2, 2, [(1, 1, 3)]), (2, 2, []), (1, 5, [(0, 4, 0), (0, 1, 1)]),
    (2, 10, [(k % 2, k, k // 2 % 4) for k in range(10)])])
def test_paths_lead_where_they_should(sources, outs, paths):
    h, x = firs(4, 5000), signals.noise(30000)[:sources]
    convolution = Convolution(48000, h, paths, sources, outs)
    y = play(convolution, x)
    assert np.max(np.abs(y - plain(h, paths, x, convolution.latency, outs))) < 1e-13
    silent = set(range(outs)) - {out for _, out, _ in paths}
    assert all(not y[out].any() for out in silent)


@pytest.mark.parametrize("taps", [700, 16385])
def test_any_cut_of_the_stream_gives_the_same_bits(taps):
    h, x, rng = firs(4, taps), signals.noise(30000), np.random.default_rng(3)
    whole = play(Convolution(48000, h, CROSSED), x)
    assert np.array_equal(whole, play(Convolution(48000, h, CROSSED), x, lambda: int(rng.integers(1, 700))))
    assert np.array_equal(whole[:, :3000], play(Convolution(48000, h, CROSSED), x[:, :3000], lambda: 1))


def test_the_grid_is_that_of_the_song():
    """Heard from the middle on it gives the bits of the whole, once its memory is full."""
    h, x = firs(1, 5000), signals.noise(60000)
    whole = play(Convolution(48000, h, BOTH), x)
    for start in (777, 20000, 30720):
        late = play(Convolution(48000, h, BOTH), x[:, start:], when=start)
        assert np.array_equal(late[:, 12000:], whole[:, start + 12000:])


@pytest.mark.parametrize("taps", [700, 5000])
def test_other_firs_come_in_as_a_fade_between_two_convolutions(taps):
    old, new, x = firs(2, taps, 1), firs(2, taps, 2), signals.noise(60000)
    convolution, rng = Convolution(48000, old, BOTH), np.random.default_rng(5)
    first = play(convolution, x[:, :20000], lambda: int(rng.integers(1, 700)))
    convolution.change(new, [(0, 0, 0), (1, 1, 1)])
    assert convolution.busy
    second = play(convolution, x[:, 20000:], lambda: int(rng.integers(1, 700)))
    assert not convolution.busy
    before = plain(old, BOTH, x, convolution.latency)
    after = plain(new, [(0, 0, 0), (1, 1, 1)], x, convolution.latency)
    # Taken up at the next border of large partitions, worked on for one of them, faded over the next.
    start = -(-20000 // convolution.period) * convolution.period + convolution.period
    weight = np.ones(60000)
    weight[:start] = 0
    weight[start:start + convolution.period] = 0.5 - 0.5 * np.cos(np.pi * np.arange(1, convolution.period + 1) / convolution.period)
    assert np.max(np.abs(np.concatenate([first, second], axis=1) - (before + weight * (after - before)))) < 1e-13


def test_after_the_fade_it_is_to_the_bit_as_if_it_had_always_been_so():
    old, new, x = firs(1, 5000, 1), firs(1, 5000, 2), signals.noise(60000)
    convolution = Convolution(48000, old, BOTH)
    play(convolution, x[:, :20000])
    convolution.change(new, BOTH)
    y = play(convolution, x[:, 20000:])
    assert np.array_equal(y[:, 4000:], play(Convolution(48000, new, BOTH), x)[:, 24000:])


def test_changes_that_follow_each_other_at_once():
    x, shapes = signals.noise(60000), [firs(1, 5000, seed) for seed in range(9)]
    convolution, taken = Convolution(48000, shapes[0], BOTH), 0
    for start in range(0, 30000, 500):
        if not convolution.busy and taken < 8:
            taken += 1
            convolution.change(shapes[taken], BOTH if taken % 2 else [])
        play(convolution, x[:, start:start + 500])
    assert taken == 8
    y = play(convolution, x[:, 30000:])
    assert not y[:, 8000:].any()


def test_equal_sounds_stay_equal_and_silence_silent():
    x = signals.noise(20000)
    x[1] = x[0]
    y = play(Convolution(48000, firs(1, 16385), BOTH), x)
    assert np.array_equal(y[0], y[1])
    x[1] = 0
    y = play(Convolution(48000, firs(1, 16385), BOTH), x)
    assert y[0].any() and not y[1].any()
