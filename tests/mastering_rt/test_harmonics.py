"""The probe sine reads the harmonics that the curve has on paper, and correlation per band what the signals were made with."""
import numpy as np
import pytest

from mastering_rt.measure.band_correlation import BandCorrelation
from mastering_rt.measure.harmonics import ORDERS, measure_harmonics

RATE = 48000
ODD_ONLY = {"character": 4.0, "balance": -100.0, "oversampling": 4.0}


def on_paper(drive_db, level_dbfs, points=4096):
    """Harmonics over the fundamental of x + (g(ax) - ax) / a, g = x / sqrt(1 + x^2), a = gain - 1."""
    gain, top = 10 ** (drive_db / 20) - 1, 10 ** (level_dbfs / 20)
    x = top * np.sin(2 * np.pi * np.arange(points) / points)
    lines = np.abs(np.fft.rfft(x / np.sqrt(1 + np.square(gain * x))))
    return lines[2:10] / lines[1]


@pytest.mark.parametrize("level_dbfs", [-18.0, 0.0])
def test_odd_harmonics_are_those_of_the_curve(level_dbfs):
    found = measure_harmonics({**ODD_ONLY, "band1_drive": 12.0}, RATE, 1000.0, level_dbfs)
    wanted = on_paper(12.0, level_dbfs)
    loud = wanted > 1e-5
    assert loud.any()
    assert found.levels_db[loud] == pytest.approx(20 * np.log10(wanted[loud]), abs=0.1)
    assert found.thd == pytest.approx(np.sqrt(np.sum(np.square(wanted))), rel=0.01)
    assert found.hz == pytest.approx(1000.0, abs=4)


def test_an_undriven_stage_adds_nothing():
    found = measure_harmonics({}, RATE, 1000.0, -6.0)
    assert found.thd < 1e-7
    assert found.levels_db.max() < -120
    assert found.outputs == pytest.approx(found.inputs, abs=1e-9)


def test_what_would_lie_over_half_the_rate_is_not_there():
    found = measure_harmonics({"band1_drive": 12.0}, RATE, 7000.0, -6.0)
    assert np.isnan(found.levels_db).tolist() == [order * 7000 > RATE / 2 for order in ORDERS]


def test_bypass_placement_and_level_match_do_not_change_a_harmonic():
    one = measure_harmonics({"band1_drive": 9.0}, RATE, 1000.0, -12.0)
    other = measure_harmonics({"band1_drive": 9.0, "bypass": 1.0, "placement": 2.0, "level_match": 1.0}, RATE, 1000.0, -12.0)
    assert other.thd == one.thd > 0.01


@pytest.mark.parametrize("values", [{}, {"bands": 3.0}], ids=["one band", "four bands"])
def test_the_cycle_is_not_turned_by_crossovers(values):
    found = measure_harmonics({**ODD_ONLY, **values, **{f"band{n}_drive": 1.0 for n in range(1, 5)}}, RATE, 300.0, -12.0)
    off = found.outputs - found.inputs * (found.outputs @ found.inputs) / (found.inputs @ found.inputs)
    assert np.abs(off).max() < 0.02 * np.abs(found.inputs).max()
    assert found.inputs.max() == pytest.approx(10 ** (-12 / 20), rel=1e-3)


def test_correlation_of_each_band():
    rng = np.random.default_rng(2)
    t = np.arange(RATE) / RATE
    shared, apart = rng.normal(0, 0.1, RATE), rng.normal(0, 0.1, (2, RATE))
    low = np.sin(2 * np.pi * 60 * t)
    meter = BandCorrelation(RATE)
    high = np.stack([shared + apart[0], shared + apart[1]])
    spectrum = np.fft.rfft(high)
    spectrum[:, :1000] = 0
    frames = (low + np.fft.irfft(spectrum, RATE)).T.astype(np.float32)
    for start in range(0, RATE, 700):
        meter.push(frames[start:start + 700])
    found = meter.read([20.0, 200.0, 900.0, 20000.0])
    assert found[0] == pytest.approx(1.0, abs=0.01)
    assert found[2] == pytest.approx(0.5, abs=0.05)
    meter = BandCorrelation(RATE)
    meter.push(np.zeros((RATE, 2), np.float32))
    assert np.isnan(meter.read([20.0, 20000.0])).all()
