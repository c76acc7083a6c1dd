"""The true-peak detector against closed forms, an independent 64-fold meter and its own plain twin."""
import numpy as np
import pytest

from dsp_core.meters.truepeak import TruePeakDetector, builds
from tests import signals
from tests.checks import db
from tests.truepeak64 import true_peak, true_peak_db

RATES = (44100, 48000, 88200, 96000, 192000)


def peaks_of(x, rate=48000, build="", cuts=None, short=False):
    """Peaks of one channel, aligned to x: entry n is the peak around frame n."""
    detector = TruePeakDetector(rate, build, short)
    fed = np.concatenate([x, np.zeros(detector.delay)])
    out = np.empty(len(fed), np.float32)
    done = 0
    while done < len(fed):
        n = len(fed) - done if cuts is None else min(cuts(), len(fed) - done)
        detector.run(fed[done:done + n], out[done:done + n])
        done += n
    return out[detector.delay:].astype(np.float64)


def band_limited(x, rate, edge):
    """x without anything over `edge` (share of the sample rate), faded over 0.01 of it."""
    f = np.fft.rfftfreq(x.shape[-1])
    return np.fft.irfft(np.fft.rfft(x) * np.clip((edge - f) / 0.01, 0, 1), x.shape[-1])


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("share", [0.01, 0.1, 0.25, 1 / 3, 0.4167, 0.4535, 0.465])
def test_a_sine_reads_its_amplitude_at_any_phase(rate, share):
    n = np.arange(4000)
    for phase in (0, 0.3, np.pi / 4, 1.2, np.pi / 2):
        peaks = peaks_of(0.8 * np.sin(2 * np.pi * share * n + phase), rate)
        assert abs(db(peaks[200:-200].max() / 0.8)) < 0.025


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("edge", "low", "high"), [(0.4167, -0.03, 0.02), (0.465, -0.04, 0.03)])
def test_noise_agrees_with_the_independent_meter(rate, edge, low, high):
    for seed in range(6):
        x = band_limited(signals.noise(20000, seed=seed)[0], rate, edge)
        assert low < db(peaks_of(x, rate).max()) - true_peak_db(x) < high


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 32000])
def test_low_rates_are_taken_to_176_khz(rate):
    detector = TruePeakDetector(rate)
    assert 176400 <= detector.factor * rate <= 2 * 176400
    x = band_limited(signals.noise(20000, seed=2)[0], rate, 0.45)
    assert abs(db(peaks_of(x, rate).max()) - true_peak_db(x)) < 0.02


def test_the_peak_belongs_to_its_frame_and_to_both_neighbours_of_a_midpoint():
    x = np.zeros(400)
    x[200] = 0.5
    peaks = peaks_of(x)
    assert int(np.argmax(peaks)) == 200
    assert peaks[200] == pytest.approx(0.5, rel=1e-6)
    x[201] = 0.5
    peaks = peaks_of(x)
    assert peaks[200] == pytest.approx(peaks[201], rel=1e-6)
    assert peaks[200] == pytest.approx(true_peak(x), rel=2e-3)


@pytest.mark.parametrize("rate", [16000, 48000, 96000])
def test_no_frame_reads_lower_than_its_sample(rate):
    x = signals.noise(20000)[0]
    assert np.all(peaks_of(x, rate) >= np.abs(x) * (1 - 1e-6))


@pytest.mark.parametrize("rate", [8000, 22050, 48000])
@pytest.mark.parametrize("build", builds())
def test_any_cut_of_the_stream_gives_the_same_bits(rate, build):
    x, rng = signals.programme(20000)[0], np.random.default_rng(3)
    whole = peaks_of(x, rate, build)
    assert np.array_equal(whole, peaks_of(x, rate, build, lambda: int(rng.integers(1, 700))))
    assert np.array_equal(peaks_of(x[:2000], rate, build), peaks_of(x[:2000], rate, build, lambda: 1))


@pytest.mark.parametrize("rate", [8000, 22050, 48000])
@pytest.mark.parametrize("build", builds()[1:])
@pytest.mark.parametrize("short", [False, True])
def test_every_form_gives_the_bits_of_its_plain_twin(rate, build, short):
    for x in (signals.noise(5000)[0], signals.white_random_signs(5000)[0], signals.programme(5000)[0]):
        assert np.array_equal(peaks_of(x, rate, build, short=short), peaks_of(x, rate, "plain", short=short))


@pytest.mark.parametrize(("edge", "low", "high"), [(0.4167, -0.03, 0.02), (0.465, -0.12, 0.1)])
def test_the_short_form_misses_little(edge, low, high):
    assert TruePeakDetector(48000).delay - TruePeakDetector(48000, short=True).delay == 16
    for seed in range(6):
        x = band_limited(signals.noise(20000, seed=seed)[0], 48000, edge)
        assert low < db(peaks_of(x, short=True).max()) - true_peak_db(x) < high


@pytest.mark.parametrize("build", builds())
@pytest.mark.parametrize("level", [1e30, 1e300, 1e15, 1e-15, 1e-30, 5e-324, 0.0])
def test_absurd_levels_stay_finite_and_leave_nothing_behind(build, level):
    bad = signals.white_random_signs(600)[0] * level
    x = np.concatenate([bad, np.zeros(100), signals.noise(600)[0]])
    peaks = peaks_of(x, 48000, build)
    assert np.all(np.isfinite(peaks))
    assert np.all(peaks >= 0)
    if 1e-30 <= level <= 1e15:
        assert 0.99 * level < peaks[100:500].max() < 6 * level
    assert np.array_equal(peaks[-400:], peaks_of(x[600:], 48000, build)[-400:])


def test_reset_is_a_new_instance():
    x, out, again = signals.noise(3000)[0], np.empty(3000, np.float32), np.empty(3000, np.float32)
    detector = TruePeakDetector(48000)
    detector.run(x, out)
    detector.reset()
    detector.run(x, again)
    assert np.array_equal(out, again)


def test_the_door_is_checked():
    with pytest.raises(ValueError, match="no form 'fast'"):
        TruePeakDetector(48000, "fast")
    with pytest.raises(ValueError, match="10 samples need as many"):
        TruePeakDetector(48000).run(np.zeros(10), np.zeros(9, np.float32))
