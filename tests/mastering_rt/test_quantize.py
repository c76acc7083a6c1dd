"""Word length and dither, by the figures of Lipshitz, Wannamaker and Vanderkooy: what is promised is measured."""
import numpy as np
import pytest

from mastering_rt.audio.noise_shaping import SHAPES, feedback, noise_transfer, threshold_db
from mastering_rt.audio.quantize import BLANK_S, Quantizer, noise_rms
from tests import signals

RATE = 44100
NOISY = ("tpdf", "highpass", *SHAPES)


def quantized(x, bits=16, dither="tpdf", seed=0, cut=None, rate=RATE):
    quantizer = Quantizer(bits, x.shape[0], rate, dither, seed)
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


def test_a_sine_under_the_last_bit_has_no_harmonics_with_dither(reached):
    y = quantized(quiet_sine())
    reached("Dither, 16 bits", "worst harmonic of a sine at -90.31 dBFS", max(harmonics_dbfs(y[0], 1481)), -130, "dBFS")
    assert abs(bins_dbfs(y[0] / 32768.0)[1481] - -90.31) < 0.2
    assert max(harmonics_dbfs(quantized(quiet_sine(), dither="none")[0], 1481)) > -110, (
        "the measure sees harmonics where there are some"
    )


@pytest.mark.parametrize("dither", NOISY)
def test_no_dither_leaves_harmonics_over_its_noise(dither):
    """Averaged over 48 seeds, so that the noise of each bin sinks by 17 dB and harmonics of a sine of one step would stand out."""
    y = np.mean([quantized(quiet_sine(2**14, 370)[:1], dither=dither, seed=seed)[0] for seed in range(48)], axis=0)
    harmonics = [370 * k for k in range(2, 19)]
    levels = 10 ** (bins_dbfs(y / 32768.0) / 10)
    near = np.array([np.mean(np.delete(levels[h - 30:h + 31], 30)) for h in harmonics])
    assert np.max(levels[harmonics] / near) < 10, "chi-squared of two degrees stays under 10 times its mean but once in 20000"
    plain = 10 ** (bins_dbfs(quantized(quiet_sine(2**14, 370)[:1], dither="none")[0] / 32768.0) / 10)
    assert np.max(plain[harmonics] / near) > 1000


@pytest.mark.parametrize("bits", [8, 16, 20, 24])
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
def test_mean_and_variance_do_not_depend_on_the_signal(reached, offset):
    """TPDF: the error has mean 0 and a variance of 0.25 LSB^2 wherever the signal stands; 2 % is six sigma here."""
    frames = 400_000
    error = quantized(np.full((2, frames), offset / 32768)) - offset
    assert abs(error.mean()) < 0.005
    reached("Dither, 16 bits", "variance at any level, away from 0.25 steps squared", 100 * abs(error.var() / 0.25 - 1), 2, "%")


@pytest.mark.parametrize("dither", NOISY[1:])
@pytest.mark.parametrize("offset", [0.01, 0.25, 0.5, -0.73, 1000.5])
def test_mean_and_noise_of_the_other_dithers_do_not_depend_on_the_signal(offset, dither):
    frames = 400_000
    error = quantized(np.full((2, frames), offset / 32768), dither=dither) - offset
    wanted = noise_rms(dither, feedback(dither, RATE)) ** 2
    assert abs(error.mean()) < 0.005
    assert abs(error.var() / wanted - 1) < 0.02


@pytest.mark.parametrize(("name", "rate"), [
    *((name, rate) for name in SHAPES for rate in (44100, 48000, 96000, 192000)), ("highpass", 44100)])
def test_the_spectrum_is_what_was_designed(reached, name, rate):
    """Within 1 dB in every third of an octave, for music as for silence that is not digital."""
    wanted = 0.25 * noise_transfer(feedback(name, rate), 2**14) ** 2
    if name == "highpass":
        wanted = 1 / 12 + (1 / 12) * (2 - 2 * np.cos(np.pi * np.arange(2**14 + 1) / 2**14))
    for x in (0.3 * signals.programme(2**19, rate), np.full((2, 2**19), 1e-7)):
        error = quantized(x, dither=name, rate=rate) - 32768 * x
        frames = error.reshape(-1, 2**15)
        found = np.mean(np.abs(np.fft.rfft(frames * np.hanning(2**15), axis=1)) ** 2, axis=0) / (2**15 * 0.375)
        hz = np.fft.rfftfreq(2**15, 1 / rate)
        for low in 100 * 2 ** (np.arange(0, 3 * np.log2(rate / 200) - 1) / 3):
            third = (hz >= low) & (hz < low * 2 ** (1 / 3))
            reached("Dither, 16 bits", f"spectrum of {name}, thirds of an octave, away from the design",
                    abs(10 * np.log10(found[third].mean() / wanted[third].mean())), 1.0)


TABLE = {                                # total rise, threshold-weighted rise, peak of the noise transfer, all in dB
    ("light", 44100): (7.8, -12.0, 12.1), ("standard", 44100): (13.1, -15.8, 18.3), ("strong", 44100): (19.0, -19.3, 24.6),
    ("standard", 48000): (12.3, -17.2, 16.9), ("strong", 96000): (9.4, -31.6, 12.5)}


@pytest.mark.parametrize(("name", "rate"), TABLE)
def test_the_shapes_are_as_quiet_to_the_ear_as_they_were_computed_to_be(name, rate):
    power = noise_transfer(feedback(name, rate)) ** 2
    weight = 10 ** (-threshold_db(np.linspace(0, rate / 2, len(power))) / 10)
    found = (power.mean(), (power * weight).sum() / weight.sum(), power.max())
    assert 10 * np.log10(found) == pytest.approx(TABLE[name, rate], abs=0.06)


def test_the_taps_are_those_of_the_reference():
    assert feedback("standard", 44100) == pytest.approx(
        (2.41201, -2.95347, 1.90742, -0.24643, -0.82082, 0.73147, -0.23124, -0.08815, 0.06053), abs=2e-5)


@pytest.mark.parametrize("rate", [44100, 48000, 88200, 96000, 176400, 192000])
@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_of_minimum_phase(name, rate):
    assert np.max(np.abs(np.roots([1.0, *(-tap for tap in feedback(name, rate))]))) < 1


@pytest.mark.parametrize("dither", list(SHAPES))
@pytest.mark.parametrize("bits", [8, 16])
def test_feedback_recovers_from_clipping_at_once(bits, dither):
    """A second of sound far over full scale; behind it the noise is what it is without."""
    x = np.full((2, 3 * RATE), 0.1)
    x[:, RATE:2 * RATE] = 4.0 * signals.noise(RATE)
    error = (quantized(x, bits, dither) - x * 2.0 ** (bits - 1))[:, 2 * RATE + 50:]
    assert np.max(np.abs(error)) < 6.5 * noise_rms(dither, feedback(dither, RATE))


def test_without_dither_the_mean_is_wrong():
    error = quantized(np.full((2, 1000), 0.3 / 32768), dither="none") - 0.3
    assert abs(error.mean()) > 0.29


def test_rounding_is_half_up():
    x = np.array([[-1.5, -0.5, -0.49, 0.49, 0.5, 1.5, 2.5]]) / 32768
    assert quantized(x, dither="none")[0].tolist() == [-1, 0, 0, 0, 1, 2, 3]


@pytest.mark.parametrize("bits", [8, 16, 20, 24, 32])
def test_whole_numbers_pass_unchanged_without_dither(bits):
    numbers = np.random.default_rng(1).integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (2, 10000))
    assert np.array_equal(quantized(numbers / 2.0 ** (bits - 1), bits, "none"), numbers)


@pytest.mark.parametrize("bits", [8, 16, 20, 24, 32])
def test_full_scale_is_cut_and_counted(bits):
    quantizer = Quantizer(bits, 2, RATE, "none")
    top = 2 ** (bits - 1)
    y = quantizer.process(np.array([[1.0, -1.0, 1.5, -2.0], [0.0, 1e30, -1e30, 1 - 1 / top]]))
    assert y.tolist() == [[top - 1, -top, top - 1, -top], [0, top - 1, -top, top - 1]]
    assert quantizer.clipped == 5, "+1.0 is one step over the highest number"
    quantizer.process(np.full((2, 10), 3.0))
    assert quantizer.clipped == 25


@pytest.mark.parametrize("dither", NOISY)
@pytest.mark.parametrize("cut", [1, 7, 333, 4096])
def test_any_cut_gives_the_same_bits(cut, dither):
    x = signals.programme(9000) * 0.01
    x[:, 3000:6500] = 0
    assert np.array_equal(quantized(x, dither=dither), quantized(x, dither=dither, cut=cut))


@pytest.mark.parametrize("dither", NOISY)
def test_seeds_and_channels_are_independent(dither):
    x = np.full((2, 50000), 0.3 / 32768)
    a, b = quantized(x, dither=dither), quantized(x, dither=dither, seed=1)
    assert np.array_equal(a, quantized(x, dither=dither))
    error = np.concatenate([a, b]) - 0.3
    assert np.max(np.abs(np.corrcoef(error) - np.eye(4))) < 0.02
    spectrum = np.abs(np.fft.rfft(error[0] - error[0].mean())) ** 2
    if dither == "tpdf":
        assert spectrum.max() / spectrum.mean() < 25, "no line stands out of white noise"


def test_the_dither_is_frozen():
    """A render made with a seed gives the same bits with any later version of numpy."""
    assert quantized(np.full((2, 24), 0.25 / 32768), seed=7).tolist() == [
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, -1],
        [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0]]


@pytest.mark.parametrize("dither", NOISY)
def test_digital_silence_stays_digital_silence_after_50_ms_and_returns_at_once(dither):
    blank = round(BLANK_S * RATE)
    x = np.full((2, 4 * blank), 0.3 / 32768)
    x[:, 100:100 + 2 * blank] = 0
    y = quantized(x, dither=dither)
    assert not y[:, 100 + blank:100 + 2 * blank].any()
    assert y[:, 100:100 + blank].any()
    behind = y[:, 100 + 2 * blank:]
    assert behind[:, :20].any()
    if dither in ("tpdf", "highpass"):
        unbroken = quantized(np.full((2, 4 * blank), 0.3 / 32768), dither=dither)
        assert np.array_equal(behind, unbroken[:, 100 + 2 * blank:]), "the dither goes on where it would have been"


def test_shaping_forgets_over_silence_what_it_owed():
    """The first sample behind it is rounded as if there had been nothing before."""
    blank = round(BLANK_S * RATE)
    for before in (0.9, -0.3):
        x = np.zeros((1, 4 * blank))
        x[0, :blank], x[0, 3 * blank:] = before, 0.25
        fresh = np.zeros((1, 4 * blank))
        fresh[0, 3 * blank:] = 0.25
        assert np.array_equal(quantized(x, dither="strong")[0, 3 * blank:], quantized(fresh, dither="strong")[0, 3 * blank:])


def test_one_silent_channel_keeps_its_dither():
    x = np.stack([np.zeros(20000), signals.noise(20000)[0]])
    assert quantized(x)[0, 10000:].any()


@pytest.mark.parametrize(("bits", "dither"), [(16, "tpdf"), (8, "tpdf"), (20, "tpdf"), (24, "tpdf"), (32, "none")])
def test_auto_is_the_habit_of_mastering(bits, dither):
    x = signals.noise(100)
    assert np.array_equal(quantized(x, bits, "auto"), quantized(x, bits, dither))
    assert not np.array_equal(quantized(x, 16, "tpdf"), quantized(x, 16, "none"))


def test_the_door():
    with pytest.raises(ValueError, match="8, 16, 20, 24 or 32 bits, not 12"):
        Quantizer(12, 2, RATE)
    with pytest.raises(ValueError, match="no dither 'pow-r'; choose one of auto, none, tpdf, highpass, light, standard, strong"):
        Quantizer(16, 2, RATE, "pow-r")
    with pytest.raises(ValueError, match="1 or 2 channels"):
        Quantizer(16, 3, RATE)


@pytest.mark.parametrize("bits", [24, 32])
@pytest.mark.parametrize("dither", ["highpass", *SHAPES])
def test_long_words_are_not_shaped(bits, dither):
    with pytest.raises(ValueError, match=f"{bits} bits take plain TPDF dither only"):
        Quantizer(bits, 2, RATE, dither)


@pytest.mark.parametrize("rate", [8000, 32000, 384000])
@pytest.mark.parametrize("dither", SHAPES)
def test_shapes_are_for_the_rates_of_music(rate, dither):
    with pytest.raises(ValueError, match=f"cannot be shaped at {rate} Hz, only from 44100 to 192000 Hz"):
        Quantizer(16, 2, rate, dither)


def test_empty_blocks():
    assert quantized(np.zeros((2, 0))).shape == (2, 0)
