"""Loudness, range, matched difference and dynamics from bins, against slow readings of the standards."""
import math

import numpy as np
import pytest
from scipy.signal import lfilter

from dsp_core.meters.meter import Meter, k_sections
from mastering_rt.measure.bins import BIN, Grown, as_bins, sliding_max, sliding_sum
from mastering_rt.measure.dynamics import correlation_now, dbfs, psr_db, rms_dbfs
from mastering_rt.measure.loudness import (
    LiveLoudness,
    Loudness,
    integrated_lufs,
    loudness_range_lu,
    momentary_lufs,
    range_of,
    short_term_lufs,
    weighted_energy,
)
from mastering_rt.measure.matched import RunningMatch, matched_difference_lu
from tests import signals

RATE = 24000


def bins_of(sound, rate=RATE):
    meter = Meter(rate, len(sound))
    return as_bins(meter.measure_block(np.ascontiguousarray(sound)) + meter.flush_block())


def energy_of(sound, rate=RATE):
    bins = bins_of(sound, rate)
    return weighted_energy(bins), bins["frames"]


def song(seconds=40, rate=RATE, seed=3):
    """Music-like, with a quiet opening, a loud middle, a silence and a quiet end."""
    x = signals.programme(seconds * rate, rate, seed)
    steps = np.array([0.02, 0.02, 0.5, 1.0, 0.9, 0.0, 0.8, 0.1])
    return x * np.repeat(steps, -(-x.shape[1] // len(steps)))[:x.shape[1]]


def sine(seconds, level_dbfs, rate=RATE, hz=997.0):
    return signals.sine(int(seconds * rate), rate, hz, level_dbfs)


def slow_windows(sound, rate, window_s, hop_s):
    """Loudness of sliding windows, straight from BS.1770-5."""
    shelf, high = k_sections(rate)
    y = lfilter(*high, lfilter(*shelf, sound)) ** 2
    n, hop = round(window_s * rate), round(hop_s * rate)
    running = np.concatenate([[0.0], np.cumsum(y.sum(axis=0))])
    starts = np.arange(0, y.shape[1] - n + 1, hop)
    return -0.691 + 10 * np.log10(np.maximum((running[starts + n] - running[starts]) / n, 1e-13))


def slow_mean(loudness):
    return -0.691 + 10 * np.log10(np.mean(10 ** ((loudness + 0.691) / 10)))


def slow_integrated(sound, rate):
    blocks = slow_windows(sound, rate, 0.4, 0.1)
    blocks = blocks[blocks > -70]
    return slow_mean(blocks[blocks > slow_mean(blocks) - 10])


def slow_range(sound, rate):
    windows = slow_windows(np.pad(sound, ((0, 0), (0, round(1.5 * rate)))), rate, 3.0, 0.1)
    windows = windows[windows >= -70]
    windows = np.sort(windows[windows >= slow_mean(windows) - 20])
    rank = [math.floor((len(windows) - 1) * share + 0.5) for share in (0.10, 0.95)]
    return windows[rank[1]] - windows[rank[0]]


def fed_in_pieces(sound, seed=1):
    energy, frames = energy_of(sound)
    rng, programme, done = np.random.default_rng(seed), Loudness(), 0
    while done < len(energy):
        n = int(rng.integers(0, 800))
        programme.feed(energy[done:done + n], frames[done:done + n])
        done += n
    return programme


@pytest.mark.slow
def test_whole_programme_reads_as_the_standard_says():
    x = song()
    energy, frames = energy_of(x)
    for loudness, seconds in (momentary_lufs, 0.4), (short_term_lufs, 3.0):
        got, wanted = loudness(energy, frames), slow_windows(x, RATE, seconds, 0.01)
        audible = wanted > -80
        assert len(got) == len(wanted)
        assert got[audible] == pytest.approx(wanted[audible], abs=1e-6)
        assert got[~audible].max() < -80
    assert integrated_lufs(energy, frames) == pytest.approx(slow_integrated(x, RATE), abs=1e-6)
    assert loudness_range_lu(energy, frames) == pytest.approx(slow_range(x, RATE), abs=1e-6)


@pytest.mark.parametrize(("rate", "warp_lu"), [(11025, 0.104), (37799, 0.005), (44056, 0.002)])
def test_a_rate_without_whole_bins_reads_the_same_loudness(rate, warp_lu):
    assert integrated_lufs(*energy_of(sine(10, -20, rate), rate)) == pytest.approx(-20, abs=warp_lu)


@pytest.mark.slow
def test_pieces_read_as_the_whole():
    x = song()
    energy, frames = energy_of(x)
    programme = fed_in_pieces(x)
    assert programme.integrated_lufs() == integrated_lufs(energy, frames)
    assert programme.range_lu(ended=True) == loudness_range_lu(energy, frames)
    assert programme.max_momentary_lufs == pytest.approx(momentary_lufs(energy, frames).max(), abs=1e-9)
    assert programme.max_short_term_lufs == pytest.approx(short_term_lufs(energy, frames).max(), abs=1e-9)
    assert programme.momentary_lufs == pytest.approx(float(momentary_lufs(energy, frames)[-1]), abs=1e-9)
    assert programme.short_term_lufs == pytest.approx(float(short_term_lufs(energy, frames)[-1]), abs=1e-9)
    assert programme.seconds == pytest.approx(40)


def test_the_relative_gate_leaves_the_quiet_out_and_the_absolute_one_silence():
    loud, quiet, silence = sine(20, -20), sine(20, -36), np.zeros((2, 20 * RATE))
    alone = integrated_lufs(*energy_of(loud))
    assert integrated_lufs(*energy_of(np.concatenate([loud, quiet, silence], axis=1))) == pytest.approx(alone, abs=0.05)


@pytest.mark.parametrize(("quiet_dbfs", "counts"), [(-32.3, True), (-33.2, False)])
def test_the_relative_gate_stands_ten_lu_under_the_mean(quiet_dbfs, counts):
    """The mean of 20 s at -20 and 20 s some 13 dB lower is -22.8 LUFS, so the gate stands at -32.8."""
    read = integrated_lufs(*energy_of(np.concatenate([sine(20, -20), sine(20, quiet_dbfs)], axis=1)))
    both = 10 * math.log10((1e-2 + 10 ** (quiet_dbfs / 10)) / 2)
    assert read == pytest.approx(both if counts else -20, abs=0.1)


def test_an_incomplete_last_block_is_dropped():
    calm = sine(2, -30)
    assert integrated_lufs(*energy_of(np.concatenate([calm, sine(0.09, -6)], axis=1))) == integrated_lufs(*energy_of(calm))


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.39, 0.4, 2.99, 3.0])
def test_what_is_too_short_is_not_measured(seconds):
    programme = Loudness()
    programme.feed(*energy_of(sine(seconds, -20)))
    assert (programme.momentary_lufs is not None) == (programme.integrated_lufs() is not None) == (seconds >= 0.4)
    assert (programme.short_term_lufs is not None) == (programme.range_lu(ended=True) is not None) == (seconds >= 3.0)


@pytest.mark.parametrize("level_dbfs", [-300, -75])
def test_silence_and_what_the_gate_takes_have_no_loudness(level_dbfs):
    programme = Loudness()
    programme.feed(*energy_of(sine(5, level_dbfs)))
    assert programme.integrated_lufs() is None
    assert programme.range_lu(ended=True) is None
    assert programme.short_term_lufs == pytest.approx(level_dbfs, abs=0.1)
    empty = Loudness()
    empty.feed(*energy_of(np.zeros((2, 5 * RATE))))
    assert empty.momentary_lufs is empty.max_short_term_lufs is empty.integrated_lufs() is None


def test_a_quiet_window_after_an_absurdly_loud_one_is_exact():
    values = np.concatenate([np.full(500, 1e60), np.full(500, 1e-10)])
    assert sliding_sum(values, 40)[500:] == pytest.approx(40e-10)


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 50])
def test_sliding_windows(count):
    values = np.random.default_rng(count).random(count)
    wanted = [values[i:i + 7] for i in range(count - 6)]
    assert sliding_sum(values, 7) == pytest.approx([w.sum() for w in wanted])
    assert sliding_max(values, 7).tolist() == [w.max() for w in wanted]


@pytest.mark.parametrize(("count", "low", "high"), [(1, 0, 0), (2, 0, 1), (6, 1, 5), (11, 1, 10), (16, 2, 14), (101, 10, 95)])
def test_percentiles_of_the_range_round_half_up(count, low, high):
    loudness = np.linspace(-30, -20, count)
    shuffled = np.random.default_rng(1).permutation(10 ** ((loudness + 0.691) / 10))
    assert range_of(shuffled) == pytest.approx(loudness[high] - loudness[low])


@pytest.mark.slow
def test_a_live_meter_looks_back_once_a_second():
    bins, live = bins_of(song()), LiveLoudness()
    seen = []
    for start in range(0, 1000, 4):
        live.feed(bins[start:start + 4])
        seen.append((live.integrated_lufs, live.range_lu))
    assert len(set(seen)) <= 11
    assert live.integrated_lufs == pytest.approx(slow_integrated(song()[:, :10 * RATE], RATE), abs=0.2)
    assert not live.range_is_stable


def test_a_grown_array_keeps_everything():
    grown, parts = Grown(), [np.arange(n, dtype=float) for n in (3, 0, 2000, 5000, 1)]
    for part in parts:
        grown.append(part)
    assert grown.values.tolist() == np.concatenate(parts).tolist()


@pytest.mark.slow
@pytest.mark.parametrize("gain_db", [6.0, -3.0, 0.0, 40.0])
def test_a_gain_is_its_own_matched_difference(gain_db):
    mix = song()
    dry, wet = bins_of(mix), bins_of(mix * 10 ** (gain_db / 20))
    for start, stop in (0, None), (1200, 2500), (1000, 1041), (1500, 1510):
        assert matched_difference_lu(dry, wet, start, stop) == pytest.approx(gain_db, abs=0.005)


def test_one_gate_for_both_sides():
    """A chain that brings the loud down and the quiet up is judged by the passages that make the mix loud."""
    loud, quiet = sine(10, -20), sine(10, -40)
    dry = bins_of(np.concatenate([loud, quiet], axis=1))
    wet = bins_of(np.concatenate([loud * 0.5, quiet * 4], axis=1))
    assert matched_difference_lu(dry, wet) == pytest.approx(-6.02, abs=0.05)
    apart = integrated_lufs(weighted_energy(wet), wet["frames"]) - integrated_lufs(weighted_energy(dry), dry["frames"])
    assert apart < -6.8


def test_a_loop_is_matched_by_itself():
    mix = np.concatenate([sine(10, -30), sine(10, -20)], axis=1)
    master = np.concatenate([sine(10, -24), sine(10, -19)], axis=1)
    dry, wet = bins_of(mix), bins_of(master)
    assert matched_difference_lu(dry, wet, 100, 900) == pytest.approx(6.0, abs=0.01)
    assert matched_difference_lu(dry, wet, 1100, 2000) == pytest.approx(1.0, abs=0.01)


def test_what_cannot_be_matched():
    silence, tone = bins_of(np.zeros((2, 2 * RATE))), bins_of(sine(2, -20))
    assert matched_difference_lu(silence, tone) is None
    assert matched_difference_lu(tone, silence) is None
    with pytest.raises(ValueError, match="do not cover the same song time"):
        matched_difference_lu(tone[:-1], tone[1:])
    with pytest.raises(ValueError, match="no range of bins 5 to 5; the mix has 200"):
        matched_difference_lu(tone, tone, 5, 5)


@pytest.mark.slow
def test_a_running_match_arrives_at_that_of_the_whole():
    mix = song()
    dry, wet = bins_of(mix), bins_of(np.tanh(3 * mix))
    running, rng, done = RunningMatch(), np.random.default_rng(4), 0
    assert running.difference_lu() is None
    while done < len(dry):
        n = int(rng.integers(1, 50))
        running.feed(dry[done:done + n], wet[done:done + n])
        done += n
        assert running.trusted == (done >= 1000)
    assert running.difference_lu() == matched_difference_lu(dry, wet)


def test_peak_to_short_term_is_the_peak_of_the_same_three_seconds():
    x = sine(10, -20)
    x[:, 4 * RATE] = 0.5
    ratio = psr_db(bins_of(x))
    assert len(ratio) == 701
    assert ratio[0] == pytest.approx(0.0, abs=0.05)
    with_peak = np.nonzero(ratio > 10)[0]
    assert (with_peak[0], with_peak[-1]) == (101, 400)
    assert np.isnan(psr_db(bins_of(np.zeros((2, 4 * RATE))))).all()
    unmeasured = as_bins(Meter(RATE, true_peak=False).measure_block(x))
    assert np.isnan(psr_db(unmeasured)).all()


def test_levels():
    assert rms_dbfs((sine(10, 0.0) ** 2).sum(), 2 * 10 * RATE) == pytest.approx(-3.0103, abs=1e-3)
    assert dbfs(0.5) == pytest.approx(-6.0206, abs=1e-4)
    assert dbfs(0.0) is dbfs(1e-10) is dbfs(math.inf) is rms_dbfs(0.0, 0) is None


def last_correlation(left, right):
    return correlation_now(bins_of(np.stack([left, right]))[-30:])


def test_correlation():
    rng = np.random.default_rng(7)
    a, b = rng.standard_normal((2, 10 * 48000)) * 0.1
    t = np.arange(2 * RATE) / RATE
    tone, quarter = np.sin(2 * np.pi * 100 * t), np.cos(2 * np.pi * 100 * t)
    assert last_correlation(tone, tone) == pytest.approx(1.0, abs=1e-12)
    assert last_correlation(tone, -tone) == pytest.approx(-1.0, abs=1e-12)
    assert last_correlation(tone, quarter) == pytest.approx(0.0, abs=0.005)
    assert abs(correlation_now(bins_of(np.stack([a, b]), 48000))) < 0.02
    assert last_correlation(tone, 0 * tone) == 0.0
    assert last_correlation(tone * 1e-4, tone * 1e-4) == 0.0
    assert last_correlation(tone * 1e-4, tone) == pytest.approx(1.0)
    assert correlation_now(np.empty(0, BIN)) == 0.0
