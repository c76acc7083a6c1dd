"""The exact mode: whatever the sound, the ceiling holds by a meter that shares no code with it; what held already is not touched."""
import tracemalloc

import numpy as np
import pytest

from dsp_core.offline.peaks import find_peaks, smooth_reduction
from dsp_core.stages import make
from mastering_rt.audio.quantize import Quantizer
from mastering_rt.offline.exact import EDGE, MOST_TOLD, STEP, Exact, gain_of, true_peaks
from tests import signals
from tests.checks import run
from tests.hot import SIGNALS, hot
from tests.truepeak64 import true_peak_db

RATE = 44100
CEILING_DB = -1.0
MOST_OVER_DB = 0.01
DITHERS = ("none", "tpdf", "highpass", "light", "standard", "strong")


def limited(name, rate=RATE, seconds=1.0, edge=0.5, drive_db=10, ceiling_db=CEILING_DB, seed=1):
    """A hard signal as the limiter leaves it."""
    stage = make("limiter", rate, {"gain": drive_db, "ceiling": ceiling_db})
    late = stage.latency_frames
    return run(stage, np.pad(hot(name, rate, seconds, edge, seed), ((0, 0), (0, late))))[:, late:]


def exactly(x, rate=RATE, ceiling_db=CEILING_DB, noise_peak=0.0, cut=None):
    exact = Exact(rate, gain_of(ceiling_db), noise_peak)
    cut = cut or (lambda: x.shape[1])
    pieces, at = [], 0
    while at < x.shape[1]:
        frames = cut()
        pieces.append(exact.process(x[:, at:at + frames]))
        at += frames
    return np.concatenate([*pieces, exact.finish()], axis=1), exact.report()


@pytest.mark.parametrize("rate", [44100, pytest.param(96000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", SIGNALS)
def test_the_ceiling_holds_for_any_content(reached, name, rate):
    x = limited(name, rate)
    y, report = exactly(x, rate)
    assert y.shape == x.shape
    reached("Exact mode, true peak (64 times the rate) over the ceiling, +10 dB over", f"{name}, full band", true_peak_db(y) - CEILING_DB, MOST_OVER_DB)
    assert np.max(np.abs(y)) <= gain_of(CEILING_DB)
    assert report.left_over_db == 0
    assert report.reduction_max_db <= max(0.0, true_peak_db(x) - CEILING_DB) + 0.15, "no more than the peak, its margin, and what passes add"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.parametrize(("rate", "ceiling_db", "drive_db"), [(48000, -0.1, 3), (44100, -2, 12), (192000, -1, 6), (22050, -1, 6)])
@pytest.mark.parametrize("name", ["white", "random_signs", "impulses", "drums"])
def test_the_ceiling_holds_for_other_rates_ceilings_drives_and_seeds(name, rate, ceiling_db, drive_db, seed):
    y, report = exactly(limited(name, rate, 2.0, drive_db=drive_db, ceiling_db=ceiling_db, seed=seed), rate, ceiling_db)
    assert true_peak_db(y) <= ceiling_db + MOST_OVER_DB
    assert report.left_over_db == 0


@pytest.mark.parametrize("name", ["white", "random_signs", "square", "quarter_rate_bursts"])
def test_the_ceiling_holds_without_a_limiter_before_it(name):
    y, report = exactly(2.0 * hot(name, RATE))
    assert true_peak_db(y) <= CEILING_DB + MOST_OVER_DB
    assert report.left_over_db == 0


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize("name", SIGNALS)
def test_what_the_limiter_holds_is_not_touched(name, rate):
    """Sound up to 0.465 of the rate; what is heard live is then what is written, to the bit."""
    x = limited(name, rate, edge=0.465)
    y, report = exactly(x, rate)
    assert np.array_equal(x, y)
    assert (report.places_touched, report.frames_touched, report.reduction_max_db, report.passes) == (0, 0, 0, 0)


@pytest.mark.parametrize("dither", DITHERS)
@pytest.mark.parametrize("bits", [16, pytest.param(8, marks=pytest.mark.slow), pytest.param(20, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ["white", "random_signs", "drums"])
def test_the_ceiling_holds_after_dither_and_rounding(reached, name, bits, dither):
    quantizer = Quantizer(bits, 2, RATE, dither)
    y, _ = exactly(limited(name), noise_peak=quantizer.noise_peak)
    reached("Exact mode, true peak over the ceiling after dither and rounding", f"{bits} bits, {dither}",
            true_peak_db(quantizer.process(y) / 2.0 ** (bits - 1)) - CEILING_DB, MOST_OVER_DB)


@pytest.mark.parametrize("dither", DITHERS)
def test_sixteen_bits_cost_what_the_limiter_holds_nothing(dither):
    x = limited("drums", edge=0.465)
    assert np.array_equal(exactly(x, noise_peak=Quantizer(16, 2, RATE, dither).noise_peak)[0], x)


@pytest.mark.slow
@pytest.mark.parametrize("most", [100, 5000, 70000])
def test_any_cut_gives_the_same_bits(most):
    rng = np.random.default_rng(most)
    x = np.tile(limited("random_signs"), 3)
    whole, report = exactly(x)
    cut, other = exactly(x, cut=lambda: int(rng.integers(1, most)))
    assert np.array_equal(whole, cut)
    assert report == other
    assert report.places_touched > 10


@pytest.mark.parametrize("frames", [0, 1, 2, 1000, STEP - 1, STEP, STEP + 1])
def test_any_length(frames):
    x = np.full((2, frames), 0.5)
    y, report = exactly(x)
    assert np.array_equal(y, x)
    assert report.places_touched == 0


def clicks(at, height=2.0, seconds=6.0):
    """A quiet tone with one sample of a click at each time."""
    x = signals.sine(int(seconds * RATE), RATE, 300.0, -40.0)
    for second in at:
        x[0, round(second * RATE)] = height
    return x


def test_the_report_says_where_and_how_much():
    at = (0.0, 0.7431, 2.9722, 5.9999)                   # at both ends, and across the border of two steps
    x = clicks(at)
    x[0, round(0.7431 * RATE)] = 1.5
    y, report = exactly(x)
    assert report.places_touched == len(at)
    assert [place.at_s for place in report.places] == pytest.approx(at, abs=0.001)
    assert report.places[1].reduction_db == pytest.approx(20 * np.log10(1.5) - CEILING_DB, abs=0.15)
    assert report.reduction_max_db == pytest.approx(20 * np.log10(2.0) - CEILING_DB, abs=0.15)
    assert report.reduction_max_at_s == pytest.approx(at[0], abs=0.001) or report.reduction_max_at_s > 2
    changed = np.flatnonzero((x != y).any(axis=0))
    assert len(changed) <= report.frames_touched <= len(at) * 2 * 0.0016 * RATE
    assert min(np.min(np.abs(changed - round(second * RATE))) for second in at) == 0


def test_only_the_largest_places_are_told_but_all_are_counted():
    report = exactly(clicks(np.arange(0.05, 5.9, 0.1)))[1]
    assert report.places_touched == 59
    assert len(report.places) == MOST_TOLD


def test_both_channels_are_turned_down_alike():
    x = np.zeros((2, 20000))
    x[0, 10000], x[1] = 1.5, 0.25
    y = exactly(x)[0]
    assert np.allclose(y[0, 10000] / 1.5, y[1, 10000] / 0.25, atol=1e-12)


@pytest.mark.slow
def test_memory_is_constant():
    def peak(blocks):
        exact = Exact(RATE, 0.5)
        x = 0.6 * signals.noise(STEP)
        exact.process(x)
        tracemalloc.start()
        for _ in range(blocks):
            exact.process(x)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found
    assert peak(40) < 1.2 * peak(20)
    assert peak(20) < 60e6


def test_what_is_no_number_goes_on_to_the_writer_who_refuses_it():
    x = limited("white")
    x[1, 30000] = np.nan
    assert np.isnan(exactly(x)[0][1, 30000])


def test_the_door():
    with pytest.raises(ValueError, match="cannot be held to 0"):
        Exact(RATE, 0.0)
    with pytest.raises(ValueError, match=r"cannot be held to 0\.1 under noise of 0\.2"):
        Exact(RATE, 0.1, 0.2)


@pytest.mark.parametrize("cycles_per_frame", [0.01, 0.2371, 0.41, 0.4701])
def test_the_native_reader_finds_the_crest_of_a_sine(cycles_per_frame):
    n = np.arange(EDGE + STEP + EDGE)
    sound = np.stack([np.sin(2 * np.pi * cycles_per_frame * n + 0.3)] * 2)
    peaks, doubt = true_peaks(sound, 0.9)
    assert peaks.max() == pytest.approx(1.0, abs=2e-4)
    assert doubt < 1e-4
    assert np.count_nonzero(peaks) > 1.9 * cycles_per_frame * STEP, "every crest is found"


def test_the_native_reader_refuses_what_does_not_fit():
    peaks = np.zeros(100)
    with pytest.raises(ValueError, match="cannot be looked at"):
        find_peaks(np.zeros((4, 100), np.float32), 0, 100, 0.5, peaks)
    with pytest.raises(ValueError, match="cannot be looked at"):
        find_peaks(np.zeros((3, 100), np.float32), 10, 90, 0.5, peaks)


@pytest.mark.parametrize("half", [1, 2, 5, 33, 288])
def test_the_smooth_reduction_is_enough_and_ends(half):
    rng = np.random.default_rng(half)
    wanted = np.zeros(5000)
    wanted[rng.integers(1000, 4000, 12)] = rng.uniform(0.01, 0.9, 12)
    found = np.empty(5000)
    smooth_reduction(wanted, half, found)
    assert np.all(found >= wanted)
    assert found.max() <= wanted.max() * (1 + 1e-9)
    reached = np.convolve(wanted > 0, np.ones(4 * half + 1), "same") > 0
    assert not found[~reached].any()
    assert np.max(np.abs(np.diff(found))) <= wanted.max() * 1.2 / half
