"""Word length and dither, by the figures of Lipshitz, Wannamaker and Vanderkooy: what is promised is measured."""
import numpy as np
import pytest

from mastering_rt.audio.quantize import BLANK_S, Quantizer
from tests import signals

RATE = 44100


def quantized(x, bits=16, dither="tpdf", seed=0, cut=None):
    quantizer = Quantizer(bits, x.shape[0], RATE, dither, seed)
    pieces = [x] if cut is None else [x[:, start:start + cut] for start in range(0, x.shape[1], cut)]
    return np.concatenate([quantizer.process(piece) for piece in pieces], axis=1)


def bins_dbfs(x):
    """Level of each bin over the length of x, 0 dBFS = a full-scale sine; x holds whole periods."""
    return 20 * np.log10(np.abs(np.fft.rfft(x)) / (len(x) / 2) + 1e-20)


def harmonics_dbfs(y, cycles):
    levels = bins_dbfs(y / 32768.0)
    return [levels[cycles * k] for k in range(2, 21)]


def quiet_sine(frames=2**16, cycles=1481):  # 996.6 Hz, one least significant bit of amplitude
    return np.stack([10 ** (-90.31 / 20) * np.sin(2 * np.pi * cycles * np.arange(frames) / frames)] * 2)


def test_a_sine_under_the_last_bit_has_no_harmonics_with_dither():
    y = quantized(quiet_sine())
    assert max(harmonics_dbfs(y[0], 1481)) <= -130
    assert abs(bins_dbfs(y[0] / 32768.0)[1481] - -90.31) < 0.2
    assert max(harmonics_dbfs(quantized(quiet_sine(), dither="none")[0], 1481)) > -110, (
        "the measure sees harmonics where there are some"
    )


@pytest.mark.parametrize("bits", [16, 24])
def test_noise_level_is_flat_and_4_77_db_over_plain_quantising(bits):
    x = signals.noise(2**17, level=0.1)
    error = quantized(x, bits) / 2.0 ** (bits - 1) - x
    rms_dbfs = 20 * np.log10(np.sqrt(np.mean(error**2)) * np.sqrt(2))
    assert abs(rms_dbfs - (-98.09 + 4.77 - 6.02 * (bits - 16))) < 0.05, (
        "-93.3 dB below a full-scale sine at 16 bits, that is -96.3 dB re full scale"
    )
    octaves = [np.mean(np.abs(np.fft.rfft(error[0]))[2**k:2**(k + 1)] ** 2) for k in range(9, 16)]
    assert np.ptp(10 * np.log10(octaves)) < 0.6


@pytest.mark.parametrize("offset", [0.01, 0.125, 0.25, 0.375, 0.5, 0.73, -0.5, 1000.5, -1000.9])
def test_mean_and_variance_do_not_depend_on_the_signal(offset):
    """TPDF: the error has mean 0 and a variance of 0.25 LSB^2 wherever the signal stands; 2 % is six sigma here."""
    frames = 400_000
    error = quantized(np.full((2, frames), offset / 32768)) - offset
    assert abs(error.mean()) < 0.005
    assert abs(error.var() / 0.25 - 1) < 0.02


def test_without_dither_the_mean_is_wrong():
    error = quantized(np.full((2, 1000), 0.3 / 32768), dither="none") - 0.3
    assert abs(error.mean()) > 0.29


def test_rounding_is_half_up():
    x = np.array([[-1.5, -0.5, -0.49, 0.49, 0.5, 1.5, 2.5]]) / 32768
    assert quantized(x, dither="none")[0].tolist() == [-1, 0, 0, 0, 1, 2, 3]


@pytest.mark.parametrize("bits", [16, 24, 32])
def test_whole_numbers_pass_unchanged_without_dither(bits):
    numbers = np.random.default_rng(1).integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (2, 10000))
    assert np.array_equal(quantized(numbers / 2.0 ** (bits - 1), bits, "none"), numbers)


@pytest.mark.parametrize("bits", [16, 24, 32])
def test_full_scale_is_cut_and_counted(bits):
    quantizer = Quantizer(bits, 2, RATE, "none")
    top = 2 ** (bits - 1)
    y = quantizer.process(np.array([[1.0, -1.0, 1.5, -2.0], [0.0, 1e30, -1e30, 1 - 1 / top]]))
    assert y.tolist() == [[top - 1, -top, top - 1, -top], [0, top - 1, -top, top - 1]]
    assert quantizer.clipped == 5, "+1.0 is one step over the highest number"
    quantizer.process(np.full((2, 10), 3.0))
    assert quantizer.clipped == 25


@pytest.mark.parametrize("cut", [1, 7, 333, 4096])
def test_any_cut_gives_the_same_bits(cut):
    x = signals.programme(9000) * 0.01
    x[:, 3000:6500] = 0
    assert np.array_equal(quantized(x), quantized(x, cut=cut))


def test_seeds_and_channels_are_independent():
    x = np.full((2, 50000), 0.3 / 32768)
    a, b = quantized(x), quantized(x, seed=1)
    assert np.array_equal(a, quantized(x))
    error = np.concatenate([a, b]) - 0.3
    assert np.max(np.abs(np.corrcoef(error) - np.eye(4))) < 0.02
    spectrum = np.abs(np.fft.rfft(error[0] - error[0].mean())) ** 2
    assert spectrum.max() / spectrum.mean() < 25, "no line stands out of white noise"


def test_the_dither_is_frozen():
    """A render made with a seed gives the same bits with any later version of numpy."""
    assert quantized(np.full((2, 24), 0.25 / 32768), seed=7).tolist() == [
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, -1],
        [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0]]


def test_digital_silence_stays_digital_silence_after_50_ms_and_returns_at_once():
    blank = round(BLANK_S * RATE)
    x = np.full((2, 4 * blank), 0.3 / 32768)
    x[:, 100:100 + 2 * blank] = 0
    y = quantized(x)
    assert not y[:, 100 + blank:100 + 2 * blank].any()
    assert y[:, 100:100 + blank].any()
    assert np.array_equal(y[:, 100 + 2 * blank :], quantized(np.full((2, 4 * blank), 0.3 / 32768))[:, 100 + 2 * blank :]), (
        "the dither goes on where it would have been"
    )


def test_one_silent_channel_keeps_its_dither():
    x = np.stack([np.zeros(20000), signals.noise(20000)[0]])
    assert quantized(x)[0, 10000:].any()


@pytest.mark.parametrize(("bits", "dither"), [(16, "tpdf"), (24, "tpdf"), (32, "none")])
def test_auto_is_the_habit_of_mastering(bits, dither):
    x = signals.noise(100)
    assert np.array_equal(quantized(x, bits, "auto"), quantized(x, bits, dither))
    assert not np.array_equal(quantized(x, 16, "tpdf"), quantized(x, 16, "none"))


def test_the_door():
    with pytest.raises(ValueError, match="16, 24 or 32 bits, not 20"):
        Quantizer(20, 2, RATE)
    with pytest.raises(ValueError, match="no dither 'pow-r'; there are auto, none, tpdf"):
        Quantizer(16, 2, RATE, "pow-r")


def test_empty_blocks():
    assert quantized(np.zeros((2, 0))).shape == (2, 0)
