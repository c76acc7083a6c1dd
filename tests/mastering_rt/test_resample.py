"""Rate conversion within 3 dB of what was measured, and inside the acceptance table: THD+N and aliases -150 dB, 20 kHz -0.02 dB."""
import numpy as np
import pytest

from mastering_rt.audio.resample import Resampler, resample, resampled_length, way
from mastering_rt.errors import UsageProblem
from tests import signals

PAIRS = [
    (44100, 48000),
    (48000, 44100),
    (96000, 44100),
    (44100, 96000),
    (192000, 44100),
    (44100, 192000),
    (8000, 384000),
    (384000, 8000),
    (44100, 44101),
]
EDGE_S = 0.05


def tone(hz, rate, seconds=1.5):
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate + 0.3)[None, :]


def fitted(y, hz, rate):
    """Amplitude of the tone in y, and the rest in dB below it: a least-squares fit away from the ends."""
    edge = int(EDGE_S * rate)
    y = y[0, edge:-edge]
    t = 2 * np.pi * hz * np.arange(edge, edge + len(y)) / rate
    basis = np.stack([np.sin(t), np.cos(t)], axis=1)
    parts, *_ = np.linalg.lstsq(basis, y, rcond=None)
    rest = y - basis @ parts
    return float(np.hypot(*parts)), 20 * np.log10(np.sqrt(np.mean(rest**2)) / np.sqrt(np.mean(y**2)))


@pytest.mark.parametrize(("hz", "limit_db"), [(997, -184), (20000, -186)])
def test_distortion_and_noise(reached, hz, limit_db):
    reached("Rate conversion", f"44.1 to 48 kHz, THD+N at {hz} Hz", fitted(resample(tone(hz, 44100), 44100, 48000), hz, 48000)[1], limit_db)


@pytest.mark.parametrize(("hz", "level_db"), [(997, 0.0), (15000, 0.0), (20000, 0.0), (20500, -0.036)])
def test_pass_band(reached, hz, level_db):
    amplitude, _ = fitted(resample(tone(hz, 44100), 44100, 48000), hz, 48000)
    assert abs(20 * np.log10(amplitude / 0.5) - level_db) < 0.001
    if hz == 20000:
        reached("Rate conversion", "44.1 to 48 kHz, level at 20 kHz", 20 * np.log10(amplitude / 0.5), -0.02, least=True)


@pytest.mark.parametrize(("hz", "limit_db"), [(22500, -184), (24100, -187)])
def test_aliases(reached, hz, limit_db):
    y = resample(tone(hz, 96000), 96000, 44100)[0, 2205:-2205]
    reached("Rate conversion", f"96 to 44.1 kHz, alias of {hz} Hz", 20 * np.log10(np.sqrt(np.mean(y**2)) / (0.5 / np.sqrt(2))), limit_db)


def test_a_sweep_over_the_new_band_leaves_nothing():
    rate, seconds = 96000, 4.0
    t = np.arange(int(seconds * rate)) / rate
    sweep = 0.5 * np.sin(2 * np.pi * (23000 * t + (47000 - 23000) * t**2 / (2 * seconds)))[None, :]
    y = resample(sweep, rate, 44100)[0, 2205:-2205]
    assert 20 * np.log10(np.max(np.abs(y))) <= -150


@pytest.mark.parametrize("to_hz", [48000, 88200, 96000, 192000])
def test_there_and_back_is_the_same_sound_to_20_khz(reached, to_hz):
    """Noise without energy over 20 kHz, in the middle one of three periods."""
    period = 2**17
    phases = np.exp(2j * np.pi * np.random.default_rng(4).uniform(size=period // 2 + 1))
    x = np.tile(np.fft.irfft(np.where(np.fft.rfftfreq(period, 1 / 44100) <= 20000, phases, 0)), 3)[None, :]
    y = resample(resample(x, 44100, to_hz), to_hz, 44100)[:, : x.shape[1]]
    middle = slice(period, 2 * period)
    left = 10 * np.log10(np.sum((y - x)[0, middle] ** 2) / np.sum(x[0, middle] ** 2))
    reached("Rate conversion", f"44.1 to {to_hz / 1000:g} kHz and back, what is left of noise to 20 kHz", left, -170)


@pytest.mark.parametrize(("from_hz", "to_hz", "rates"), [
    (48000, 48000, [48000]), (44100, 88200, [44100, 88200]), (192000, 48000, [192000, 48000]), (44100, 96000, [44100, 88200, 96000]),
    (96000, 44100, [96000, 88200, 44100]), (44100, 48000, [44100, 88200, 96000, 48000]), (48000, 44100, [48000, 96000, 88200, 44100])])
def test_the_way_keeps_the_highs(from_hz, to_hz, rates):
    assert way(from_hz, to_hz) == rates


@pytest.mark.parametrize(("from_hz", "to_hz"), [(44100, 48000), (48000, 44100), (96000, 44100), (44100, 96000), (192000, 48000)])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_the_acceptance_table(from_hz, to_hz, share):
    """THD+N at any frequency up to 0.9 of half the lower rate, and its level."""
    hz = share * min(from_hz, to_hz) / 2
    amplitude, rest_db = fitted(resample(tone(hz, from_hz), from_hz, to_hz), hz, to_hz)
    assert rest_db <= -170
    assert abs(20 * np.log10(amplitude / 0.5)) <= 0.001


@pytest.mark.parametrize(("from_hz", "to_hz"), PAIRS)
def test_any_cut_gives_the_same_samples_and_the_length_rule_holds(from_hz, to_hz):
    rng = np.random.default_rng(2)
    for frames in (0, 1, 2, 3, 100, 9999):
        x = rng.standard_normal((2, frames))
        whole = resample(x, from_hz, to_hz)
        stream, pieces, start = Resampler(2, from_hz, to_hz), [], 0
        while start < frames:
            n = int(rng.integers(1, 700))
            pieces.append(stream.process(x[:, start:start + n]))
            start += n
        pieces.append(stream.finish())
        assert np.max(np.abs(np.concatenate(pieces, axis=1) - whole), initial=0) < 1e-14
        assert whole.shape == (2, -(-frames * to_hz // from_hz)) == (2, resampled_length(frames, from_hz, to_hz))
        assert whole.flags.c_contiguous
        assert whole.dtype == np.float64


def test_an_impulse_stays_where_it_was():
    x = signals.impulse(44100, at=22050, level=1.0)
    for to_hz in (48000, 96000, 88200):
        y = resample(x, 44100, to_hz)[0]
        centre = np.sum(np.arange(len(y)) * y**2) / np.sum(y**2)
        assert abs(centre / to_hz - 0.5) < 1e-7


def test_channels_do_not_meet():
    x = signals.noise(20000)
    both = resample(x, 44100, 48000)
    assert np.array_equal(both[0:1], resample(x[0:1], 44100, 48000))
    assert not resample(np.stack([x[0], np.zeros(20000)]), 44100, 48000)[1].any()


def test_the_same_rate_changes_nothing():
    x = signals.noise(1000)
    assert np.array_equal(resample(x, 48000, 48000), x)


def test_the_door():
    with pytest.raises(UsageProblem, match="from 0 Hz to 48000 Hz"):
        Resampler(2, 0, 48000)
