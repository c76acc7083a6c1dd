"""What only the limiter promises: the ceiling is true, what needs no limiting is untouched, and the gain moves as its numbers say."""
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfiltfilt

from dsp_core.params import index_of
from dsp_core.stages import make
from tests import signals
from tests.checks import db, delayed, run
from tests.hot import SIGNALS, hot
from tests.limiter_twin import limited
from tests.truepeak64 import true_peak_db

RATE = 48000
EDGE = 0.465                             # of the sample rate; up to here the ceiling holds between the samples too
FULL_BAND_DB = 1.15                      # how far sound that fills the band to half the rate may pass it
FASTEST = {"auto_release": 0, "release": 1, "hold": 0}


def limiter(rate=RATE, **values):
    return make("limiter", rate, values)


def both(wave):
    return np.stack([wave, wave])


def tone(hz, seconds=1.0, rate=RATE):
    return np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def gain_of(stage, x):
    """Linear gain that the stage gives to x, wherever x is not small, aligned to x."""
    y = run(stage, np.pad(x, ((0, 0), (0, stage.latency_frames))))[:, stage.latency_frames:]
    return np.where(np.abs(x) > 0.05, y / np.where(x == 0, 1, x), np.nan)


def check_ceiling(name, rate, ceiling_db, drive_db, edge=EDGE, **values):
    """Runs `name` through a limiter and holds it to the ceiling; gives how far (dB) the true peak is over it."""
    stage = limiter(rate, gain=drive_db, ceiling=ceiling_db, **values)
    y = run(stage, hot(name, rate, 0.5, edge))
    ceiling = 10 ** (ceiling_db / 20)
    assert stage.clamped == 0
    assert np.max(np.abs(y)) <= ceiling
    assert np.max(np.abs(y.astype(np.float32).astype(np.float64))) <= ceiling
    return true_peak_db(y) - ceiling_db


@pytest.mark.slow
@pytest.mark.parametrize("drive_db", [3, 6, 12])
@pytest.mark.parametrize("ceiling_db", [-0.1, -1, -2])
@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("name", SIGNALS)
def test_no_sample_and_no_true_peak_passes_the_ceiling(name, rate, ceiling_db, drive_db):
    assert check_ceiling(name, rate, ceiling_db, drive_db) <= 0.0


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("name", SIGNALS)
def test_the_ceiling_holds_at_its_default(name, rate):
    assert check_ceiling(name, rate, -1, 9) <= 0.0


@pytest.mark.slow
@pytest.mark.parametrize("edge", [0.4167, 0.4535])
@pytest.mark.parametrize("name", SIGNALS)
def test_the_ceiling_holds_for_narrower_bands(name, edge):
    assert check_ceiling(name, 44100, -1, 10, edge) <= 0.0


@pytest.mark.parametrize("lookahead", [0.25, 0.35, 0.6, 1.5, 10])
@pytest.mark.parametrize("name", ["white", "random_signs", "impulses"])
def test_the_ceiling_holds_for_any_look_ahead_and_the_fastest_release(name, lookahead):
    assert check_ceiling(name, RATE, -1, 12, lookahead=lookahead, **FASTEST) <= 0.0


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 32000, 192000])
def test_the_ceiling_holds_at_unusual_rates(rate):
    assert check_ceiling("white", rate, -1, 9) <= 0.0
    assert check_ceiling("drums", rate, -1, 9, lookahead=0.25, **FASTEST) <= 0.0


@pytest.mark.parametrize("link", [0, 50])
@pytest.mark.parametrize("name", ["white", "drums"])
def test_the_ceiling_holds_without_link(name, link):
    assert check_ceiling(name, RATE, -1, 9, link=link) <= 0.0


@pytest.mark.parametrize("name", SIGNALS)
def test_a_full_band_passes_by_no_more_than_is_known(name):
    assert check_ceiling(name, RATE, -1, 10, edge=0.5) <= FULL_BAND_DB


@settings(max_examples=60, deadline=None)
@given(rate=st.sampled_from([8000, 22050, 44100, 48000, 96000]), lookahead=st.floats(0.25, 10), hold=st.floats(0, 30),
       release=st.floats(1, 1000), link=st.floats(0, 100), auto=st.integers(0, 1), drive=st.floats(0, 30), seed=st.integers(0, 10 ** 6))
def test_gain_never_exceeds_what_a_sample_needs(rate, lookahead, hold, release, link, auto, drive, seed):
    rng = np.random.default_rng(seed)
    x = np.zeros((2, 6000))
    x[rng.integers(0, 2, 60), rng.integers(0, 5000, 60)] = rng.choice([-1.0, 1.0], 60) * rng.uniform(0.05, 1, 60)
    stage = limiter(rate, lookahead=lookahead, hold=hold, release=release, link=link, auto_release=auto, gain=drive)
    y = run(stage, x, lambda: int(rng.integers(1, 400)))
    assert stage.clamped == 0
    assert np.max(np.abs(y)) <= 10 ** (-1.05 / 20) * (1 + 1e-6)


@pytest.mark.parametrize("values", [{}, {"auto_release": 0}, {"lookahead": 0.25}, {"lookahead": 5, "hold": 30, "release": 40}, {"hold": 0},
                                    {"auto_release": 0, "hold": 1, "release": 5}])
@pytest.mark.parametrize("rate", [44100, 96000])
def test_gain_equals_its_plain_twin(rate, values):
    x = hot("drums", rate, 0.4) + 0.2 * hot("white", rate, 0.4)
    y = run(limiter(rate, gain=8, **values), x)
    twin = limited(x, rate, 8, release_ms=values.get("release", 150), automatic=values.get("auto_release", 1) == 1,
                   hold_ms=values.get("hold", 15), lookahead_ms=values.get("lookahead", 1.5))
    assert np.max(np.abs(y - twin)) < 1e-8


@pytest.mark.parametrize("placement", [0, 1, 3])
def test_below_the_ceiling_nothing_changes(placement):
    x = hot("white", RATE, 0.5) * 10 ** (-2.6 / 20)
    stage = limiter(placement=placement)
    assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


@pytest.mark.parametrize("values", [{}, {"auto_release": 0, "release": 40}])
def test_after_a_peak_it_is_transparent_to_the_bit_again(values):
    x = signals.programme(8 * RATE) * 0.5
    x[:, 1000:1400] *= 20
    stage = limiter(**values)
    y, want = run(stage, x), delayed(x, stage.latency_frames)
    assert not np.array_equal(y[:, :RATE], want[:, :RATE])
    assert np.array_equal(y[:, -RATE:], want[:, -RATE:])


def distortion_db(wave, hz):
    """Harmonics 2 to 15 over the fundamental, by least squares over whole cycles."""
    n = int(len(wave) * hz / RATE) * RATE // hz
    t = np.arange(n) / RATE
    parts = np.stack([f(2 * np.pi * k * hz * t) for k in range(1, 16) for f in (np.sin, np.cos)] + [np.ones(n)], axis=1)
    power = np.sum(np.linalg.lstsq(parts, wave[:n], rcond=None)[0][:-1].reshape(-1, 2) ** 2, axis=1)
    return 10 * np.log10(np.sum(power[1:]) / power[0])


@pytest.mark.parametrize("auto", [0, 1])
@pytest.mark.parametrize(("hz", "hold", "limit_db"), [(40, 15, -150), (100, 15, -150), (100, 5, -150), (1000, 15, -150), (1000, 0, -150)])
def test_a_held_note_is_limited_without_distortion(hz, hold, limit_db, auto):
    y = run(limiter(gain=6, ceiling=0, hold=hold, auto_release=auto), both(tone(hz, 2)))
    assert distortion_db(y[0, RATE:], hz) < limit_db


def test_a_bass_note_is_clean_soon_after_it_begins():
    x = tone(40, 1.5)
    x[:RATE // 2] = 0
    y = run(limiter(gain=6, ceiling=0), both(x))[0]
    assert distortion_db(y[RATE // 2 + 2400:RATE // 2 + 9600], 40) < -90
    assert distortion_db(y[RATE // 2 + 9600:], 40) < -150


@pytest.mark.parametrize(("hold", "release", "percent"), [(0, 10, 7.2), (0, 50, 2.5), (0, 200, 0.77), (5, 10, 1.55), (5, 50, 0.41), (5, 200, 0.11)])
def test_a_short_hold_distorts_bass_by_what_is_known(hold, release, percent):
    y = run(limiter(gain=6, ceiling=0, hold=hold, release=release, auto_release=0), both(tone(40, 3)))
    assert 100 * 10 ** (distortion_db(y[0, 2 * RATE:], 40) / 20) < 1.15 * percent


def click_over_a_bed():
    n = np.arange(480)
    x = 0.3 * tone(1000)
    x[RATE // 2:RATE // 2 + 480] += 2.0 * np.exp(-n / 40) * np.cos(2 * np.pi * 3000 * n / RATE)
    return both(x)


def reduction_after_click(ms, **values):
    gain = gain_of(limiter(ceiling=0, **values), click_over_a_bed())[0]
    at = RATE // 2 + int(ms * RATE / 1000)
    return -db(np.nanmean(gain[at - 48:at + 48]))


def test_automatic_release_forgets_a_click():
    assert reduction_after_click(2) > 5
    assert reduction_after_click(50) < 1.3
    assert reduction_after_click(100) < 0.5
    assert reduction_after_click(50, auto_release=0) > 4.5


def test_automatic_release_remembers_a_dense_passage():
    rng = np.random.default_rng(4)
    x = 0.1 * tone(1000, 1.5)
    x[:RATE] += 0.5 * rng.standard_normal(RATE)
    for at_ms in (50, 150):
        at = RATE + int(at_ms * RATE / 1000)
        slow, fixed = (np.nanmean(gain_of(limiter(ceiling=0, auto_release=auto), both(x))[0, at - 96:at + 96]) for auto in (1, 0))
        assert abs(db(slow / fixed)) < 0.3


@pytest.mark.parametrize("release", [10, 50, 150, 600])
def test_release_gives_back_63_percent_in_its_time(release):
    x = 0.25 * np.ones(2 * RATE)
    x[:RATE // 2] = 2.0
    gain = gain_of(limiter(ceiling=0, auto_release=0, release=release, hold=5), both(x))[0]
    low, after = gain[RATE // 4], gain[RATE // 2 + 200:]
    start = np.argmax(after > low + 1e-6)
    reached = np.argmax(after > 1 - (1 - low) * np.exp(-1)) - start
    assert reached == pytest.approx(release * 1e-3 * RATE, rel=0.02, abs=48)


@pytest.mark.parametrize("hold", [0, 5, 15, 30])
def test_hold_keeps_the_gain_down_for_its_time(hold):
    x = 0.25 * np.ones(RATE)
    x[20000:20010] = 2.0
    gain = gain_of(limiter(ceiling=0, auto_release=0, release=20, hold=hold), both(x))[0]
    down = np.flatnonzero(gain < np.min(gain) * 1.0001)
    assert down[-1] - 20010 == pytest.approx(hold * RATE / 1000, abs=24)


@pytest.mark.parametrize("auto", [0, 1])
def test_gain_has_no_overshoot(auto):
    x = 0.25 * np.ones(2 * RATE)
    x[RATE // 2:RATE] = 2.0
    gain = gain_of(limiter(ceiling=0, auto_release=auto), both(x))[0]
    down, up = gain[RATE // 4:RATE // 2 + 4], gain[RATE + 4:-400]
    assert np.all(np.diff(down) < 1e-9)
    assert np.all(np.diff(up) > -1e-9)
    assert np.all(gain[RATE // 2 + 4:RATE - 4] <= 0.5)


def test_gain_moves_within_the_look_ahead():
    x = 0.25 * np.ones(RATE)
    x[20000:] = 2.0
    gain = gain_of(limiter(ceiling=0, lookahead=5), both(x))[0]
    assert np.all(gain[:20000 - 240 - 60] == 1)
    assert np.all(gain[20000:21000] < 10 ** (-6 / 20))


@pytest.mark.parametrize("link", [0, 50, 100])
def test_link_shares_the_larger_reduction(link):
    x = np.stack([tone(1000), 0.5 * tone(700)])
    gain = gain_of(limiter(gain=6, ceiling=0, link=link), x)[:, RATE // 2:]
    left, right = np.nanmin(gain[0]), np.nanmin(gain[1])
    drive = 10 ** (6 / 20)
    assert left == pytest.approx(10 ** (-0.05 / 20), rel=1e-3)
    alone = min(drive, left / 0.5)
    assert right == pytest.approx(alone + link / 100 * (left - alone), rel=1e-3)


def test_linked_channels_get_one_gain():
    x = np.stack([hot("drums")[0], 0.3 * hot("white")[1]])
    gain = gain_of(limiter(gain=9), x)
    known = ~np.isnan(gain).any(axis=0)
    assert np.allclose(gain[0, known], gain[1, known], rtol=1e-12)


def test_reduction_meter_shows_the_gain():
    stage = limiter(gain=6, ceiling=0)
    run(stage, both(tone(1000)))
    assert stage.meters()[2] == pytest.approx(6.05, abs=0.002)
    quiet = limiter()
    run(quiet, 0.1 * both(tone(1000)))
    assert quiet.meters()[2] == 0


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
        moves.append([("ceiling", ceilings[-1]), ("gain", rng.uniform(-10, 30)), ("link", rng.uniform(0, 100)),
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


@pytest.mark.parametrize(("move", "limit_db"), [(("ceiling", -7.0), -85), (("gain", 0.0), -85), (("link", 0.0), -100), (("release", 1.0), -100),
                                               (("gain", 18.0), -80)])
def test_a_move_does_not_click(move, limit_db):
    x = 0.5 * both(tone(100))
    y = moved(limiter(gain=9), x, [[], [], [move]], 9600)
    high = sosfiltfilt(butter(8, 3000, "high", fs=RATE, output="sos"), y[0])
    assert db(np.max(np.abs(high[9600:-4800]))) < limit_db


@pytest.mark.parametrize("values", [{"link": 40}, {"auto_release": 0, "lookahead": 0.25}, {"placement": 1}])
def test_any_cut_gives_the_same_bits_under_hard_limiting_and_moves(values):
    x, moves = hot("drums", RATE, 0.5), [[], [("ceiling", -4.0), ("gain", 20.0)], [("link", 10.0)], [("link", 100.0), ("auto_release", 0)]]
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


@pytest.mark.parametrize("values", [{"lookahead": 5}, {"lookahead": 0.25}, {"hold": 0}, {"hold": 30}, {"lookahead": 0.5, "hold": 4}])
def test_a_successor_with_another_look_ahead_goes_on_from_the_same_gain(values):
    x = both(tone(1000, 1.2))
    old = limiter(gain=6, ceiling=0)
    run(old, x[:, :RATE])
    new = limiter(gain=6, ceiling=0, **values)
    new.take_from(old)
    y = run(new, x[:, RATE:], when=RATE)
    assert new.clamped == 0
    assert np.max(np.abs(y)) <= 1
    silent = max(0, new.latency_frames - old.latency_frames)
    assert np.allclose(y[:, silent:], 10 ** (-0.05 / 20) * np.roll(x, new.latency_frames, axis=1)[:, RATE + silent:], atol=0.025)


def test_latency_is_look_ahead_and_detector():
    for rate, lookahead in ((44100, 1.5), (48000, 0.25), (96000, 10)):
        stage = limiter(rate, lookahead=lookahead)
        y = run(stage, signals.impulse(9000, 1000, 0.5))
        assert int(np.argmax(y[0])) - 1000 == stage.latency_frames == 35 + round(lookahead * rate / 1000 + 1e-9)
