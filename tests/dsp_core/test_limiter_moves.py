"""Moving the limiter's knobs: no click, nothing over the ceiling, the same bits at any cut; and what hours of it leave behind."""
from itertools import pairwise

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt

from dsp_core.params import index_of
from tests import signals
from tests.checks import db, delayed, run
from tests.hot import hot
from tests.limiting import CHARACTERS, LOUD, LOW_LATENCY, PUNCHY, RATE, SAFE, both, limiter, tone


def moved(stage, x, moves, every=4800):
    """Output of x while `moves` (lists of (id, value)) are made one after the other, one each `every` frames."""
    out = []
    for k, start in enumerate(range(0, x.shape[1], every)):
        for name, value in moves[k] if k < len(moves) else ():
            stage.set(index_of("limiter", name), value)
        out.append(run(stage, x[:, start:start + every], lambda: 177, start))
    return np.concatenate(out, axis=1)


def test_nothing_passes_the_ceiling_while_knobs_move():
    rng, ceilings = np.random.default_rng(8), [-1.0]
    moves = [[]]
    for _ in range(20):
        ceilings.append(rng.uniform(-12, 0))
        moves.append([("ceiling", ceilings[-1]), ("gain", rng.uniform(-10, 30)), ("link", rng.uniform(0, 100)), ("transient_link", rng.uniform(0, 100)),
                      ("release", rng.uniform(1, 1000)), ("auto_release", rng.integers(0, 2))])
    stage = limiter(gain=9)
    y = moved(stage, hot("white", RATE, 2.2), moves, 4800)
    assert stage.clamped == 0
    for k, (before, after) in enumerate(pairwise(ceilings), start=1):
        piece = np.max(np.abs(y[:, 4800 * k:4800 * (k + 1)]))
        assert piece <= 10 ** (max(before, after) / 20)
    settled = moved(limiter(gain=9), hot("white", RATE, 2.2), [[], [("ceiling", -9.0)]], 9600)
    assert np.max(np.abs(settled[:, 2 * 9600:])) <= 10 ** (-9 / 20)


def test_a_lowered_ceiling_is_never_passed_again_by_what_came_after():
    x = both(0.9 * np.ones(3 * RATE))
    y = moved(limiter(gain=6), x, [[], [("ceiling", -6.0)], []], RATE)[0]
    assert np.all(np.diff(y[RATE - 100:-100]) < 1e-7)
    assert y[-1] == pytest.approx(10 ** (-6.05 / 20), rel=1e-3)


@pytest.mark.parametrize(("move", "limit_db"), [(("ceiling", -7.0), -100), (("gain", 0.0), -100), (("gain", 18.0), -100),
                                               (("link", 0.0), -100), (("release", 1.0), -100),
                                               (("transient_link", 0.0), -100), (("release_link", 0.0), -100), (("auto_release", 0), -100)])
@pytest.mark.parametrize("character", [c for c in CHARACTERS if c != LOW_LATENCY])
def test_a_move_does_not_click(character, move, limit_db):
    x = 0.5 * both(tone(100))
    y = moved(limiter(gain=9, character=character), x, [[], [], [move]], 9600)
    high = sosfiltfilt(butter(8, 3000, "high", fs=RATE, output="sos"), y[0])
    assert db(np.max(np.abs(high[9600:-4800]))) < limit_db


@pytest.mark.parametrize("move", [("ceiling", -7.0), ("gain", 18.0)])
def test_a_move_is_as_smooth_as_a_look_ahead_of_half_a_millisecond_lets_it(move):
    """What is left is the limiting itself, which that time has to smooth: -67 dBFS."""
    x = 0.5 * both(tone(100))
    y = moved(limiter(gain=9, character=LOW_LATENCY), x, [[], [], [move]], 9600)
    high = sosfiltfilt(butter(8, 3000, "high", fs=RATE, output="sos"), y[0])
    assert db(np.max(np.abs(high[9600:-4800]))) < -65


@pytest.mark.parametrize("values", [{"link": 40}, {"auto_release": 0, "lookahead": 0.25}, {"placement": 1}, {"band_guard": 1}, {"character": LOUD},
                                    {"character": LOW_LATENCY, "transient_link": 60}])
def test_any_cut_gives_the_same_bits_under_hard_limiting_and_moves(values):
    x = hot("drums", RATE, 0.5)
    moves = [[], [("ceiling", -4.0), ("gain", 20.0)], [("link", 10.0), ("release_link", 70.0)], [("link", 100.0), ("auto_release", 0)]]
    whole = moved(limiter(gain=12, **values), x, moves)
    rng, pieces, stage = np.random.default_rng(2), [], limiter(gain=12, **values)
    for k, start in enumerate(range(0, x.shape[1], 4800)):
        for name, value in moves[k] if k < len(moves) else ():
            stage.set(index_of("limiter", name), value)
        pieces.append(run(stage, x[:, start:start + 4800], lambda: int(rng.integers(1, 300)), start))
    assert np.array_equal(whole, np.concatenate(pieces, axis=1))


@pytest.mark.parametrize(("minutes"), [2, pytest.param(60, marks=pytest.mark.slow)])
def test_the_gain_does_not_drift(minutes):
    """Hours of moving gain leave the averages exactly where they were: a held tone and, after it, unity."""
    stage, when = limiter(gain=6, ceiling=0, release=20), 0
    noise = hot("drums", RATE, 4) + 0.5 * hot("white", RATE, 4)
    steady = both(tone(1000, 4))
    first = run(stage, steady)
    for _ in range(minutes * 15 - 2):
        when += noise.shape[1]
        stage.run_block(noise.copy(), when)
    last = run(stage, steady, when=when + noise.shape[1])
    assert np.array_equal(first[:, -RATE:], last[:, -RATE:])
    quiet = 0.1 * signals.programme(4 * RATE)
    y = run(stage, quiet, when=when + 2 * noise.shape[1])
    drive = np.exp(6 / 8.685889638065036553)
    assert np.array_equal(y[:, -RATE:], delayed(quiet * drive, stage.latency_frames)[:, -RATE:])


@pytest.mark.parametrize("values", [{"lookahead": 5}, {"lookahead": 0.25}, {"hold": 0}, {"hold": 30}, {"lookahead": 0.5, "hold": 4},
                                    {"hold": 14.5}, {"hold": 15.5}, {"character": PUNCHY}, {"character": LOUD}, {"character": SAFE},
                                    {"character": LOW_LATENCY}, {"band_guard": 1}, {"band_guard": 1, "character": LOW_LATENCY}])
@pytest.mark.parametrize("before", [{}, {"band_guard": 1}, {"character": LOW_LATENCY}])
def test_a_successor_with_another_latency_goes_on_from_the_same_gain(before, values):
    x = both(tone(1000, 1.2))
    old = limiter(gain=6, ceiling=0, **before)
    run(old, x[:, :RATE])
    new = limiter(gain=6, ceiling=0, **values)
    new.take_from(old)
    y = run(new, x[:, RATE:], lambda: 100, RATE)
    assert new.clamped == 0
    assert np.max(np.abs(y)) <= 1
    silent = max(0, new.latency_frames - old.latency_frames)
    want = 10 ** (-0.05 / 20) * np.roll(x, new.latency_frames, axis=1)[:, RATE:]
    assert np.allclose(y[:, silent:], want[:, silent:], atol=0.025)
