"""Spectrum percentiles of a whole song: against transforms written out by hand, and against signals whose answer is known."""
import numpy as np
import pytest

from mastering_rt.measure.basis import Basis
from mastering_rt.measure.percentiles import PERCENT, PercentileMeter, percentiles_of
from mastering_rt.measure.spectrum import SpectrumMeter
from tests import signals

RATE = 44100
FRAMES, HOP = 8192, 4096


def by_hand(planes, hz):
    """Levels (windows, points) of noise: the mean power under a raised cosine of 1/6 octave, in transforms of 64 bits, one by one."""
    window = np.hanning(FRAMES + 1)[:-1]
    bin_hz = RATE / FRAMES
    rows = []
    for start in range(0, planes.shape[1] - FRAMES + 1, HOP):
        power = np.mean(np.abs(np.fft.rfft(planes[:, start:start + FRAMES] * window, axis=1)) ** 2, axis=0) / (FRAMES / 4) ** 2
        row = []
        for centre in hz / bin_hz:
            half = centre * (2 ** (1 / 12) - 2 ** (-1 / 12))
            k = np.arange(int(np.ceil(centre - half)), int(np.floor(centre + half)) + 1)
            weights = 1 + np.cos(np.pi * (k - centre) / half)
            row.append(10 * np.log10(weights @ power[k] / weights.sum()))
        rows.append(row)
    return np.array(rows)


def test_noise_reads_what_it_reads_by_hand(reached):
    x = 0.1 * signals.noise(10 * RATE, seed=3)
    found = percentiles_of(np.array_split(x, 7, axis=1), RATE)
    wide = slice(36, None)       # over 1.2 kHz a point has over ten bins, and no line can be taken for one
    levels = by_hand(x, found.hz[wide])
    assert found.windows == len(levels)
    quiet = found.levels_db[:, wide] - np.percentile(levels, PERCENT, axis=0)
    loss = np.median(quiet)      # what the calibration of lines adds to noise
    assert abs(loss) < 0.01
    reached("Spectrum percentiles of noise", "against 64-bit transforms by hand", np.abs(quiet).max(), 0.01, "dB")


def test_the_calibrations_are_those_of_the_live_spectrum():
    noise = 0.1 * signals.noise(10 * RATE, seed=5)
    live = SpectrumMeter(RATE, Basis(0.0, 1 / 6, float("inf")))
    live.push(np.concatenate([noise, noise]).T.astype(np.float32))
    reading, found = live.read(), percentiles_of([noise], RATE)
    wide = found.hz > 1000
    assert found.levels_db[3, wide] == pytest.approx(np.interp(found.hz[wide], reading.hz, reading.mix_db), abs=0.3)
    point = 30
    sine = np.sin(2 * np.pi * found.hz[point] / RATE * np.arange(5 * RATE))
    assert percentiles_of([np.stack([sine, sine])], RATE).levels_db[:, point] == pytest.approx([0] * 6, abs=0.02)


def test_a_signal_that_is_switched_spends_its_time_at_two_levels():
    """A line at -6 dB for 30 % of the time and at -40 dB for the rest: passed by 30 %, so 83 % and up read the loud level."""
    hz, seconds = 20 * 2 ** (33 / 6), 40
    loud = np.arange(seconds * RATE) < 0.3 * seconds * RATE
    sine = np.where(loud, 10 ** (-6 / 20), 10 ** (-40 / 20)) * np.sin(2 * np.pi * hz / RATE * np.arange(seconds * RATE))
    levels = percentiles_of([np.stack([sine, sine])], RATE).levels_db[:, 33]
    assert levels == pytest.approx([-6, -6, -6, -40, -40, -40], abs=0.1)


def test_the_cut_of_the_stream_and_silence_do_not_count():
    x = 0.1 * signals.noise(3 * RATE, seed=8)
    whole, meter = percentiles_of([x], RATE), PercentileMeter(RATE)
    for start in range(0, x.shape[1], 3001):
        meter.push(x[:, start:start + 3001])
    assert np.array_equal(meter.read().levels_db, whole.levels_db)
    windows = 3 * RATE // HOP * HOP
    padded = percentiles_of([x[:, :windows], np.zeros((2, 30 * RATE))], RATE)
    assert padded.windows <= whole.windows + 2
    silent = percentiles_of([np.zeros((2, RATE))], RATE)
    assert silent.windows == 0
    assert np.isnan(silent.levels_db).all()


@pytest.mark.parametrize("rate", [8000, 48000, 192000])
def test_every_rate_has_points_under_half_of_it(rate):
    found = percentiles_of([0.1 * signals.noise(rate, seed=1)], rate)
    assert found.hz[0] == 20
    assert found.hz[-1] <= min(20000, 0.49 * rate)
    assert np.isfinite(found.levels_db).all()
    assert (np.diff(found.levels_db, axis=0) <= 0).all()
