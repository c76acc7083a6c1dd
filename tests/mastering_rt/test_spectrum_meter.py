"""The live spectrum is calibrated: lines read their level, noise its density, whatever the smoothing."""
import numpy as np
import pytest

from mastering_rt.measure.basis import AVERAGES_S, SMOOTHINGS_OCT, Basis
from mastering_rt.measure.spectrum import SpectrumMeter, hann_line_power, window_frames


def taps(mix, master=None):
    """(frames, 4) float32 of two planar stereo signals."""
    return np.concatenate([mix, mix if master is None else master]).T.astype(np.float32)


def sine(hz, rate=48000, seconds=3.0, level_db=0.0):
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)
    return np.stack([wave, wave])


def pink(rate=48000, seconds=40.0, seed=7):
    """Noise of equal power per octave, shaped in the frequency domain; RMS 0.1 per channel."""
    frames = int(rate * seconds)
    rng = np.random.default_rng(seed)
    bins = rng.standard_normal((2, frames // 2 + 1)) + 1j * rng.standard_normal((2, frames // 2 + 1))
    bins[:, 1:] /= np.sqrt(np.arange(1, frames // 2 + 1))
    bins[:, 0] = 0
    noise = np.fft.irfft(bins, frames)
    return 0.1 * noise / np.sqrt(np.mean(noise ** 2))


def reading_at(spectrum, hz):
    return np.interp(np.log(hz), np.log(spectrum.hz), spectrum.mix_db)


@pytest.mark.parametrize("smoothing", SMOOTHINGS_OCT)
@pytest.mark.parametrize("hz", [31.3, 50.0, 99.7, 440.0, 997.0, 3150.0, 12543.7])
def test_a_full_scale_sine_reads_0_db_at_its_frequency(hz, smoothing):
    meter = SpectrumMeter(48000, Basis(slope_db=0.0, smoothing_oct=smoothing))
    meter.push(taps(sine(hz)))
    spectrum = meter.read()
    top = int(np.argmax(spectrum.mix_db))
    assert abs(np.log2(spectrum.hz[top] / hz)) < max(1 / 40, 3 / hz)
    half_a_point = np.log2(spectrum.hz[1] / spectrum.hz[0]) / 2
    between_points_db = -10 * np.log10(0.5 + 0.5 * np.cos(np.pi * half_a_point / smoothing))
    assert spectrum.mix_db[top] == pytest.approx(0.0, abs=0.15 + between_points_db)


@pytest.mark.parametrize("rate", [44100, 88200, 96000, 192000])
def test_the_calibration_holds_at_other_rates(rate):
    meter = SpectrumMeter(rate, Basis(slope_db=0.0))
    meter.push(taps(sine(1000.0, rate)))
    assert meter.read().mix_db.max() == pytest.approx(0.0, abs=0.2)


def test_windows_last_as_long_at_every_rate():
    assert [window_frames(r) for r in (22050, 44100, 48000, 88200, 96000, 176400, 192000)] == [4096, 8192, 8192, 16384, 16384, 32768, 32768]


@pytest.mark.slow
def test_pink_noise_is_flat_with_3_db_per_octave():
    meter = SpectrumMeter(48000, Basis(average_s=np.inf, slope_db=3.0))
    meter.push(taps(pink()))
    levels = meter.read().mix_db[(meter.hz > 40) & (meter.hz < 18000)]
    assert np.ptp(levels) < 2.0
    trend = np.polyfit(np.log2(meter.hz[(meter.hz > 40) & (meter.hz < 18000)]), levels, 1)[0]
    assert abs(trend) < 0.05


def test_noise_reads_its_density():
    rng = np.random.default_rng(3)
    meter = SpectrumMeter(48000, Basis(average_s=np.inf, slope_db=0.0))
    meter.push(taps(0.1 * rng.standard_normal((2, 48000 * 20))))
    hann_noise_bins = 1.5
    per_bin_db = 10 * np.log10(2 * 0.1 ** 2 * hann_noise_bins * (1 / 8192) * 2)
    inside = (meter.hz > 100) & (meter.hz < 18000)
    assert np.allclose(meter.read().mix_db[inside], per_bin_db, atol=0.8)


def test_slope_turns_around_1_khz():
    flat, tilted = SpectrumMeter(48000, Basis(slope_db=0.0)), SpectrumMeter(48000, Basis(slope_db=4.5))
    block = taps(pink(seconds=4))
    flat.push(block)
    tilted.push(block)
    difference = tilted.read().mix_db - flat.read().mix_db
    assert np.allclose(difference, 4.5 * np.log2(flat.hz / 1000))


def test_a_line_in_noise_keeps_its_level():
    rng = np.random.default_rng(5)
    meter = SpectrumMeter(48000, Basis(slope_db=0.0))
    meter.push(taps(sine(2000.0, level_db=-20) + 0.001 * rng.standard_normal((2, 144000))))
    assert reading_at(meter.read(), 2000.0) == pytest.approx(-20, abs=0.3)


def test_a_line_does_not_lift_the_noise_at_the_edge_of_its_kernel():
    rng = np.random.default_rng(6)
    meter = SpectrumMeter(48000, Basis(slope_db=0.0, average_s=np.inf))
    meter.push(taps(sine(8000.0, level_db=-20) + 0.2 * rng.standard_normal((2, 144000))))
    found = meter.read()
    away = np.abs(np.log2(found.hz / 8000)) * 6             # in widths of the smoothing
    floor = np.median(found.mix_db[(away > 1.2) & (found.hz > 5000) & (found.hz < 14000)])
    assert reading_at(found, 8000) > floor + 20
    assert found.mix_db[(away > 0.9) & (away < 1.0)].max() < floor + 3


def test_mix_and_master_are_apart():
    meter = SpectrumMeter(48000, Basis(slope_db=0.0))
    meter.push(taps(sine(500.0, level_db=-12), sine(500.0, level_db=-6)))
    spectrum = meter.read()
    assert spectrum.mix_db.max() == pytest.approx(-12, abs=0.25)
    assert spectrum.master_db.max() == pytest.approx(-6, abs=0.25)


def test_one_channel_alone_reads_3_db_less():
    meter = SpectrumMeter(48000, Basis(slope_db=0.0))
    wave = sine(1000.0)
    wave[1] = 0
    meter.push(taps(wave))
    assert meter.read().mix_db.max() == pytest.approx(-3.01, abs=0.25)


def test_the_cut_of_the_stream_does_not_matter():
    block = taps(pink(seconds=3))
    whole, cut = SpectrumMeter(48000), SpectrumMeter(48000)
    whole.push(block)
    rng = np.random.default_rng(2)
    done = 0
    while done < len(block):
        n = int(rng.integers(1, 5000))
        cut.push(block[done:done + n])
        done += n
    assert np.array_equal(whole.read().mix_db, cut.read().mix_db)


@pytest.mark.parametrize("average_s", [a for a in AVERAGES_S if np.isfinite(a)])
def test_a_level_step_is_followed_in_the_averaging_time(average_s):
    meter = SpectrumMeter(48000, Basis(average_s=average_s, slope_db=0.0))
    loud, quiet = taps(sine(1000.0, seconds=8 * average_s)), taps(sine(1000.0, seconds=average_s, level_db=-60))
    meter.push(loud)
    meter.push(quiet)
    assert reading_at(meter.read(), 1000.0) == pytest.approx(-4.34, abs=4.34 * 0.17 / average_s + 0.3)


def test_the_first_window_already_reads_right():
    meter = SpectrumMeter(48000, Basis(average_s=5.0, slope_db=0.0))
    meter.push(taps(sine(1000.0, seconds=0.2)))
    assert meter.windows == 1
    assert meter.read().mix_db.max() == pytest.approx(0.0, abs=0.25)


def test_hold_keeps_the_largest_until_reset():
    meter = SpectrumMeter(48000, Basis(average_s=0.3, slope_db=0.0))
    meter.push(taps(sine(1000.0, seconds=1)))
    meter.read()
    meter.push(taps(np.zeros((2, 48000 * 5))))
    spectrum = meter.read()
    assert spectrum.mix_db.max() < -60
    assert spectrum.mix_hold_db.max() == pytest.approx(0.0, abs=0.25)
    meter.reset_hold()
    assert meter.read().mix_hold_db.max() < -60


def test_silence_and_bad_samples_give_finite_numbers():
    meter = SpectrumMeter(48000)
    assert np.isfinite(meter.read().mix_db).all()
    block = taps(sine(1000.0))
    block[20000, 2] = np.nan
    meter.push(block)
    spectrum = meter.read()
    assert meter.spoiled == 4
    assert np.isfinite(spectrum.master_db).all()
    assert spectrum.master_db.max() == pytest.approx(0, abs=0.3)


def test_a_low_rate_ends_under_its_nyquist():
    meter = SpectrumMeter(8000)
    meter.push(taps(sine(1000.0, 8000)))
    assert meter.hz[-1] < 4000
    assert np.isfinite(meter.read().mix_db).all()


def test_wrong_input_is_refused():
    with pytest.raises(ValueError, match=r"\(frames, 4\) blocks"):
        SpectrumMeter(48000).push(np.zeros((2, 100), dtype=np.float32))
    with pytest.raises(ValueError, match="rate of 0"):
        SpectrumMeter(0)
    with pytest.raises(ValueError, match="averaged over 0"):
        Basis(average_s=0.0)
    with pytest.raises(ValueError, match="is not a width"):
        SpectrumMeter(48000, Basis(smoothing_oct=0))


def test_the_hann_line_is_that_of_the_transform():
    n = 1024
    frequency = 100.3
    bins = np.abs(np.fft.rfft(np.hanning(n + 1)[:-1] * np.exp(2j * np.pi * frequency * np.arange(n) / n).real, 4 * n)) ** 2
    expected = bins[390:412] / (n / 4) ** 2
    assert np.allclose(hann_line_power(np.arange(390, 412) / 4 - frequency), expected, atol=2e-3)


def test_the_basis_says_what_the_plot_prints():
    assert Basis().text() == "Slope 4.5 dB/oct, 1/6 oct, average 1.5 s"
    assert Basis(0.0, 1 / 24, np.inf).text() == "Slope 0 dB/oct, 1/24 oct, average all"


@pytest.mark.parametrize("slope_db", [0.0, 4.5])
def test_the_difference_is_what_the_chain_did_whatever_the_slope(slope_db):
    rng = np.random.default_rng(3)
    meter = SpectrumMeter(48000, Basis(slope_db, 1 / 6, 1.5))
    mix = rng.standard_normal((48000, 2)).astype(np.float32) * 0.1
    meter.push(np.hstack([mix, mix * np.float32(0.5)]))
    found = meter.read().difference_db
    assert np.abs(found[20:] + 6.02).max() < 0.05
    silent = SpectrumMeter(48000, Basis(slope_db, 1 / 6, 1.5))
    silent.push(np.zeros((48000, 4), np.float32))
    assert np.isnan(silent.read().difference_db).all()
