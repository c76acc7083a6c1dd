"""What the compressor's detector hears: peak and RMS calibration, and its low cut."""
import numpy as np
import pytest

from tests import signals
from tests.checks import run
from tests.dsp_core.dynamics import RATE, TOP_RATIO, compressor, frames_until, reduction, residue_dbfs, steps, turn


def threshold_reading_db(x, **values):
    """The level a steady sound has for the detector: what an infinite ratio takes away, above the threshold."""
    stage, read = compressor(threshold=-60, ratio=TOP_RATIO, knee=0, attack=5, release=1500, **values), x.shape[1] - RATE // 2
    run(stage, x[:, :read] * np.minimum(1, np.arange(read) / RATE))
    stage.meters()
    run(stage, x[:, read:], when=read)
    return stage.meters()[2] - 60


@pytest.mark.parametrize("hz", [200, 997, 6000])
def test_rms_of_a_sine_reads_3_dB_under_its_peak(hz):
    x = signals.sine(3 * RATE, RATE, hz, -12)
    assert threshold_reading_db(x) == pytest.approx(-12, abs=0.02)
    assert threshold_reading_db(x, detector=1, rms_window=100) == pytest.approx(-12 - 3.0103, abs=0.02)


def test_rms_of_noise_is_its_power_and_the_window_is_a_time_constant():
    noise = signals.noise(4 * RATE, level=0.1)
    assert threshold_reading_db(noise, detector=1, rms_window=300, link=0) == pytest.approx(-20, abs=0.6)
    stage = compressor(threshold=-60, ratio=TOP_RATIO, knee=0, attack=0.02, detector=1, rms_window=100)
    r = reduction(stage, steps((0.1, -120), (1, -20)))
    assert frames_until(10 ** ((r - 60) / 10), 4799, 0.01 * (1 - np.exp(-1))) == pytest.approx(4800, rel=0.02)


@pytest.mark.parametrize(("slope", "order"), [(0, 2), (1, 4)])
@pytest.mark.parametrize("corner", [60, 250])
def test_low_cut_of_the_detector_has_its_slope(corner, slope, order):
    for octaves in (-3, -2, -1, 0, 1, 3):
        hz = corner * 2.0 ** octaves
        wanted = -10 * np.log10(1 + 2.0 ** (-2 * order * octaves))
        if wanted > -45:
            x = signals.sine(3 * RATE, RATE, hz, -6)
            heard = threshold_reading_db(x, detector_low_cut=corner, detector_slope=slope)
            assert heard == pytest.approx(-6 + wanted, abs=0.05), hz


def test_low_cut_does_not_touch_the_sound():
    x = signals.sine(RATE, RATE, 40, -12)
    y = run(compressor(threshold=-30, ratio=4, detector_low_cut=500, detector_slope=1), x)
    assert np.array_equal(y[:, -9600:], x[:, -9600:])


def test_low_cut_goes_without_a_click():
    """30 and 70 Hz, the cut taken from 22 Hz to off at an unlucky moment: less than 12 dB over what the sound has by itself."""
    x = signals.sine(3 * RATE, RATE, 30, -12) + signals.sine(3 * RATE, RATE, 70, -12)
    values = {"threshold": -40, "ratio": 8, "attack": 1, "release": 200}
    stage = compressor(detector_low_cut=22, **values)
    before = run(stage, x[:, :RATE + 400])
    turn(stage, "detector_low_cut", 20)
    after = run(stage, x[:, RATE + 400:], when=RATE + 400)
    assert residue_dbfs(np.concatenate([before, after], axis=1)[0]) < residue_dbfs(run(compressor(**values), x)[0]) + 12
