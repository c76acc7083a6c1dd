"""How the compressor's gain moves in time: attack, release, automatic release, and what that does to bass."""
import numpy as np
import pytest

from tests import signals
from tests.checks import db, run
from tests.dsp_core.dynamics import RATE, compressor, frames_until, reduction, steady, steps

TIMES = [(attack, release) for attack in (0.02, 1, 10, 100, 250) for release in (10, 50, 150, 600, 2500)]


@pytest.mark.parametrize(("attack", "release"), TIMES)
@pytest.mark.parametrize("rate", [44100, 96000])
def test_attack_and_release_mean_what_they_say(rate, attack, release, reached):
    loud = max(0.2, 0.012 * max(attack, 1))
    x = steps((0.05, -60), (loud, -10), (0.1 + 0.0025 * release, -60), rate=rate)
    up, down = round(0.05 * rate), round(0.05 * rate) + round(loud * rate)
    r = reduction(compressor(rate, threshold=-30, ratio=4, knee=0, attack=attack, release=release), x)
    attack_frames = frames_until(r, up - 1, 15 * (1 - np.exp(-1)))
    release_frames = frames_until(r, down - 1, r[down - 1] * np.exp(-1))
    assert r[down - 1] > 14.99
    for what, found, wanted in (("attack", attack_frames, attack), ("release", release_frames, release)):
        off = abs(found - wanted * rate / 1000)
        reached("Compressor: 63 % of the way against the set time, where that is more than 2 frames away", what,
                100 * off / (wanted * rate / 1000) if off > 2 else 0, 2, "%")


def test_times_on_a_sine():
    x = np.concatenate([signals.sine(RATE // 2, RATE, 1000, level) for level in (-60, -10, -60)], axis=1)
    stage = compressor(threshold=-30, ratio=4, knee=0, attack=10, release=100)
    y, peaks = run(stage, x), np.abs(x[0]) > 0.6 * np.max(np.abs(x[0].reshape(-1, 48)), axis=1).repeat(48)
    at = np.nonzero(peaks)[0]
    r = np.interp(np.arange(x.shape[1]), at, -db(y[0, at] / x[0, at]))
    assert frames_until(r, RATE // 2, 15 * (1 - np.exp(-1))) == pytest.approx(480, rel=0.02)
    assert frames_until(r, RATE - 1, r[RATE - 1] * np.exp(-1)) == pytest.approx(4800, rel=0.02)


def test_times_do_not_depend_on_the_height_of_the_step():
    def attack_frames(level):
        r = reduction(compressor(threshold=-50, ratio=8, knee=0, attack=20), steps((0.02, -60), (0.5, level)))
        return frames_until(r, 959, r[-1] * (1 - np.exp(-1)))

    assert attack_frames(-45) == pytest.approx(attack_frames(-1), rel=1e-4)


def release_after(passage, **values):
    """Milliseconds in which 63 % of the reduction at its highest after the passage is given back."""
    quiet = np.full((2, 6 * RATE), 1e-3)
    r = reduction(compressor(threshold=-30, ratio=4, knee=0, **values), np.concatenate([passage, quiet], axis=1))
    top = passage.shape[1] + int(np.argmax(r[passage.shape[1]:]))
    return frames_until(r, top, r[top] * np.exp(-1)) * 1000 / RATE


def dense(seconds, kind):
    n = round(seconds * RATE)
    if kind == "noise":
        return signals.noise(n, level=0.2) + 1e-9
    if kind == "tone":
        return signals.sine(n, RATE, 997, -6, phase=0.1)
    return steady(seconds, -6)


@pytest.mark.parametrize("release", [300, 600, 1500])
def test_auto_release_is_short_after_a_single_peak_and_long_after_a_dense_passage(release):
    times = {"release": release, "attack": 10, "auto_release": 1}
    short = min(max(release / 8, 60), 120)
    for seconds in (0.001, 0.005, 0.02):
        assert release_after(steady(seconds, -6), **times) <= 1.05 * short
    for kind in ("steady", "tone", "noise"):
        assert release_after(dense(3, kind), **times) == pytest.approx(release, rel=0.05)


def test_auto_release_grows_with_the_length_of_the_passage():
    found = [release_after(steady(seconds, -6), release=600, attack=10, auto_release=1)
             for seconds in (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 3)]
    assert np.all(np.diff(found) > -1)
    assert found[1] < 80
    assert 200 < found[3] < 400
    assert found[-1] == pytest.approx(600, rel=0.03)


def test_a_peak_in_a_dense_passage_does_not_hold_it_down():
    x = steps((2, -15), (0.003, 0), (0.6, -15))
    left = []
    for auto_release in (0, 1):
        r = reduction(compressor(threshold=-30, ratio=4, knee=0, attack=1, release=2000, auto_release=auto_release), x)
        before, later = r[2 * RATE - 1], r[2 * RATE + round(0.25 * RATE)]
        left.append((later - before) / (np.max(r) - before))
    assert left[0] > 0.8
    assert left[1] < 0.25


def test_auto_release_keeps_the_set_attack():
    for attack in (1, 30, 250):
        stage = compressor(threshold=-30, ratio=4, knee=0, attack=attack, release=600, auto_release=1)
        r = reduction(stage, steps((0.05, -60), (3, -10)))
        assert frames_until(r, 2399, 15 * (1 - np.exp(-1))) == pytest.approx(attack * 48, rel=0.02)


def thd_db(y, hz):
    spectrum = np.abs(np.fft.rfft(y[-RATE:] * np.hanning(RATE)))
    return 10 * np.log10(sum(spectrum[hz * k] ** 2 for k in range(2, 40)) / spectrum[hz] ** 2)


@pytest.mark.parametrize("auto_release", [0, 1])
def test_distortion_of_bass_falls_as_release_grows(auto_release):
    x = signals.sine(4 * RATE, RATE, 50, -10)
    values = {"threshold": -20, "ratio": 4, "knee": 0, "attack": 15, "auto_release": auto_release}
    thd = [thd_db(run(compressor(release=release, **values), x)[0], 50) for release in (20, 50, 100, 200, 400, 800, 1600)]
    assert np.all(np.diff(thd) < 0)
    assert thd[3] < -60
    assert thd[-1] < -75
