"""The equaliser while it moves, and what goes over to a successor: no clicks, and exact when it has settled."""
import threading

import numpy as np
import pytest

from dsp_core.stages import make
from tests import signals
from tests.analog import TYPES, band_db
from tests.checks import db, run
from tests.dsp_core.equaliser import (
    ALL_PASS,
    BAND_PASS,
    BELL,
    HIGH_CUT,
    HIGH_SHELF,
    LEFT,
    LOW_CUT,
    LOW_SHELF,
    MID,
    NOTCH,
    SIDE,
    STEREO,
    TILT,
    measured_db,
    move,
    one_band,
    over_3_khz,
)


@pytest.mark.parametrize("rate", [44100, 48000])
def test_while_it_moves_a_band_is_near_and_when_settled_it_is_exact(rate):
    for kind, hz, gain_db, q in ((BELL, 10000, 12, 1), (BELL, 15000, -9, 0.5), (HIGH_SHELF, 12000, 9, 0.71), (LOW_SHELF, 9000, -6, 0.71)):
        stage = make("eq", rate, one_band(kind, 500, 3, q))
        move(stage, {"band1_freq": hz, "band1_gain": gain_db})
        run(stage, np.zeros((2, rate)))
        hertz, moving = measured_db(stage)
        stage.settle()
        run(stage, np.zeros((2, rate)), when=rate)
        settled = measured_db(stage)[1]
        audible = (hertz > 20) & (hertz < 20000)
        want = band_db(TYPES[kind], hertz[audible], hz, gain_db, q)
        assert np.max(np.abs(moving[audible] - want)) < 1.0
        assert np.max(np.abs(settled[audible] - want)) < 0.17
        assert np.max(np.abs(settled[audible] - want)) < 0.5 * np.max(np.abs(moving[audible] - want))


MOVED = {"band1_freq": 9000, "band1_gain": -4.5, "band1_q": 1.7, "band2_freq": 60, "band3_gain": 0, "band4_freq": 15000, "band5_gain": 3,
         "band8_freq": 12000}
BEFORE = {"band2_type": LOW_CUT, "band2_slope": 5, "band3_gain": 4, "band4_type": HIGH_SHELF, "band4_gain": 5, "band4_channel": SIDE,
          "band5_channel": MID, "band8_type": HIGH_CUT, "band8_slope": 3}


@pytest.mark.parametrize("placement", [STEREO, MID])
def test_after_a_move_a_settled_stage_is_a_fresh_one_to_the_bit(placement):
    rate, x = 48000, signals.programme(20000)
    live = make("eq", rate, {**BEFORE, "placement": placement})
    run(live, x)
    move(live, MOVED)
    run(live, x, when=20000)
    run(live, np.zeros((2, 20 * rate)), when=40000)
    before_settling = live.save()
    closed_form = run(live, x)
    live.load(before_settling)
    live.settle()
    run(live, np.zeros((2, rate)))
    want = run(make("eq", rate, {**BEFORE, **MOVED, "placement": placement}), x)
    assert np.array_equal(run(live, x), want)
    assert not np.array_equal(closed_form, want)


def test_restart_after_a_move_is_a_fresh_instance():
    x = signals.programme(20000)
    live = make("eq", 48000, BEFORE)
    run(live, x)
    move(live, MOVED)
    live.restart_now()
    assert np.array_equal(run(live, x), run(make("eq", 48000, {**BEFORE, **MOVED}), x))


def test_settling_twice_or_without_a_move_changes_nothing():
    x = signals.programme(20000)
    live, other = make("eq", 48000, BEFORE), make("eq", 48000, BEFORE)
    live.settle()
    assert np.array_equal(run(live, x[:, :9000]), run(other, x[:, :9000]))
    live.settle()
    assert np.array_equal(run(live, x[:, 9000:], when=9000), run(other, x[:, 9000:], when=9000))


@pytest.mark.slow
def test_settling_from_another_thread_while_the_sound_runs():
    """Hundreds of moves and hand-overs against a running stage: always finite, and in the end the bits of a fresh instance."""
    rate, x = 48000, signals.noise(48000, level=0.05)
    live = make("eq", rate, BEFORE)
    done, worst = threading.Event(), []

    def play():
        when = 0
        while not done.is_set():
            worst.append(np.max(np.abs(run(live, x, when=when))))
            when += x.shape[1]

    player = threading.Thread(target=play)
    player.start()
    rng = np.random.default_rng(2)
    for _ in range(400):
        move(live, {"band1_freq": float(rng.uniform(50, 19000)), "band1_gain": float(rng.uniform(-12, 12)),
                    "band4_gain": float(rng.uniform(-6, 6)), "band8_freq": float(rng.uniform(5000, 19000))})
        live.settle()
    move(live, {**MOVED, "band4_gain": BEFORE["band4_gain"]})
    live.settle()
    done.set()
    player.join()
    assert np.isfinite(worst).all()
    run(live, np.zeros((2, 20 * rate)))
    y = signals.programme(9000)
    assert np.array_equal(run(live, y), run(make("eq", rate, {**BEFORE, **MOVED}), y))


MOVES = {
    "bell up": (one_band(BELL, 100), {"band1_gain": 12}),
    "bell down": (one_band(BELL, 100, 12), {"band1_gain": 0}),
    "bell turned over": (one_band(BELL, 100, 12), {"band1_gain": -12}),
    "bell frequency": (one_band(BELL, 100, 12), {"band1_freq": 2000}),
    "bell Q": (one_band(BELL, 100, 12), {"band1_q": 8}),
    "low shelf": (one_band(LOW_SHELF, 100), {"band1_gain": 12}),
    "high shelf": (one_band(HIGH_SHELF, 1000), {"band1_gain": 12}),
    "tilt": (one_band(TILT, 1000), {"band1_gain": 12}),
    "low cut": (one_band(LOW_CUT, 30, slope=5), {"band1_freq": 200}),
    "low cut, first order": (one_band(LOW_CUT, 30, slope=0), {"band1_freq": 200}),
    "high cut to off": (one_band(HIGH_CUT, 12000, slope=5), {"band1_freq": 40000}),
    "high cut from off": (one_band(HIGH_CUT, 40000, slope=5), {"band1_freq": 12000}),
    "notch": (one_band(NOTCH, 200), {"band1_freq": 60}),
    "band-pass": (one_band(BAND_PASS, 200, q=2), {"band1_freq": 60}),
    "all-pass": (one_band(ALL_PASS, 200, q=2), {"band1_freq": 60, "band1_q": 0.4}),
    "low shelf, first order": (one_band(LOW_SHELF, 100, slope=0), {"band1_gain": 12}),
    "high shelf, 96 dB/oct": (one_band(HIGH_SHELF, 300, slope=9), {"band1_gain": 12}),
    "low cut, 96 dB/oct": (one_band(LOW_CUT, 30, slope=9), {"band1_freq": 60}),
    "gain scale": (one_band(BELL, 100, 12), {"gain_scale": 0}),
    "gain scale up": (one_band(LOW_SHELF, 100, 12), {"gain_scale": 200}),
    "soloed bell": (one_band(BELL, 100, 6, band1_solo=1), {"band1_freq": 1000, "band1_q": 3}),
    "soloed shelf": (one_band(HIGH_SHELF, 1000, 6, band1_solo=1), {"band1_freq": 60}),
    "auto gain": (one_band(BELL, 100, 0, auto_gain=1), {"band1_gain": 12}),
    "side bell": (one_band(BELL, 100, band1_channel=SIDE), {"band1_gain": 12}),
}


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize("name", MOVES)
def test_no_move_clicks(name, rate, reached):
    """The criterion is -85 dBFS over 3 kHz under a 100 Hz sine at -6 dBFS; the hand-over to the exact coefficients included."""
    before, after = MOVES[name]
    x = signals.sine(2 * rate, rate, 100, -6)
    x[1] *= -0.5
    stage = make("eq", rate, before)
    at, settle_at = rate // 2 + 13, rate + 13
    first = run(stage, x[:, :at])
    move(stage, after)
    second = run(stage, x[:, at:settle_at], when=at)
    stage.settle()
    third = run(stage, x[:, settle_at:], when=settle_at)
    y = np.concatenate([first, second, third], axis=1)
    assert not np.array_equal(y[:, :at], x[:, :at]) or not np.array_equal(y[:, -1000:], x[:, -1000:])
    reached("EQ: a value moved under 100 Hz at -6 dBFS, residue over 3 kHz", name, over_3_khz(y, rate), -100, "dBFS")


def test_a_jump_without_the_ramp_would_click():
    """The test above can fail: the same move as a switch between two settled filters."""
    rate = 48000
    x = signals.sine(2 * rate, rate, 100, -6)
    y = run(make("eq", rate, one_band(BELL, 100)), x)
    y[:, rate:] = run(make("eq", rate, one_band(BELL, 100, 12)), x)[:, rate:]
    assert over_3_khz(y, rate) > -60


def test_back_at_zero_gain_every_bit_is_the_input_again():
    x = signals.programme(60000)
    stage = make("eq", 48000, one_band(BELL, 300, 6))
    run(stage, x[:, :20000])
    move(stage, {"band1_gain": 0})
    y = run(stage, x[:, 20000:], when=20000)
    assert not np.array_equal(y[:, :2000], x[:, 20000:22000])
    assert y[:, -10000:].tobytes() == x[:, -10000:].tobytes()


@pytest.mark.slow
def test_random_moves_of_everything_stay_within_20_db_of_the_static_peak(reached):
    rate, frames = 48000, 300_000
    x, rng = signals.noise(frames), np.random.default_rng(6)
    types = {f"band{n}_type": kind for n, kind in enumerate((BELL, LOW_SHELF, HIGH_SHELF, LOW_CUT, HIGH_CUT, NOTCH, TILT, BELL), 1)}
    stage = make("eq", rate, types)
    loudest = 0.0
    for start in range(0, frames, 64):
        for n in rng.integers(1, 9, 3):
            move(stage, {f"band{n}_freq": float(np.exp(rng.uniform(np.log(20), np.log(20000)))), f"band{n}_gain": float(rng.uniform(-12, 12)),
                         f"band{n}_q": float(np.exp(rng.uniform(np.log(0.3), np.log(8))))})
        y = run(stage, x[:, start:start + 64], when=start)
        assert np.isfinite(y).all()
        loudest = max(loudest, np.max(np.abs(y)))
    boosts = 2 * 12 + 2 * 12 + 6 + 2 * 18
    reached("EQ: eight bands moved at random", "peak over the sum of all boosts", db(loudest / np.max(np.abs(x))) - boosts, 20)


def ring(stage):
    """Excite the stage, then two pieces of its tail from frame 3008 on; the second is for the successor."""
    run(stage, signals.noise(3008))
    return np.zeros((2, 4000))


def test_a_successor_goes_on_with_the_bands_that_did_not_change():
    values = one_band(BELL, 80, 12, 8, band2_type=LOW_CUT, band2_freq=25.0, band3_type=BELL)
    old = make("eq", 48000, values)
    silence = ring(old)
    new = make("eq", 48000, {**values, "band3_type": HIGH_SHELF, "band5_on": 0, "band6_channel": SIDE})
    new.take_from(old)
    assert np.array_equal(run(new, silence, when=3008), run(old, silence, when=3008))


def test_a_successor_starts_changed_bands_empty():
    values = one_band(BELL, 80, 12, 8)
    for change in ({"band1_type": LOW_SHELF}, {"band1_channel": MID}, {"band1_slope": 3}, {"band1_on": 0}, {"placement": LEFT}):
        old = make("eq", 48000, values)
        silence = ring(old)
        new = make("eq", 48000, {**values, **change})
        new.take_from(old)
        assert not run(new, silence, when=3008).any(), change
        assert run(old, silence, when=3008).any()


def test_a_successor_goes_on_with_a_move_in_its_middle():
    x = signals.programme(9000)
    old = make("eq", 48000, one_band(BELL, 80, 12, 8))
    run(old, x[:, :3000])
    move(old, {"band1_gain": -3, "band1_freq": 4000})
    run(old, x[:, 3000:3200], when=3000)
    new = make("eq", 48000, one_band(BELL, 4000, -3, 8, band3_type=TILT))
    new.take_from(old)
    a, b = run(new, x[:, 3200:3800], when=3200), run(old, x[:, 3200:3800], when=3200)
    assert np.array_equal(a, b)
    old.settle()
    run(old, np.zeros((2, 480000)), when=3808)
    run(new, np.zeros((2, 480000)), when=3808)
    assert np.array_equal(run(old, x), run(new, x))


def test_any_cut_gives_the_same_bits_while_everything_moves():
    x, rng = signals.programme(6000), np.random.default_rng(9)

    def play(cuts):
        stage = make("eq", 48000, {**BEFORE, "band6_type": TILT})
        pieces = []
        for start in range(0, 6000, 1000):
            move(stage, {"band1_gain": start / 500, "band6_gain": -start / 400, "band8_freq": 6000 + 3 * start, "band4_gain": 5 - start / 1000})
            if start == 4000:
                stage.settle()
            pieces.append(run(stage, x[:, start:start + 1000], cuts, when=start))
        return np.concatenate(pieces, axis=1)

    whole = play(None)
    for longest in (1, 7, 65, 700):
        assert np.array_equal(play(lambda longest=longest: int(rng.integers(1, longest + 1))), whole)
