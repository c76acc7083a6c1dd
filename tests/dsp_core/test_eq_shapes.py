"""The equaliser's steep, first-order and phase-only shapes beside their analog formulas, at rest and in motion."""
import numpy as np
import pytest

from dsp_core.design.response import band_response_db, band_sections
from dsp_core.stages import make
from tests import signals
from tests.analog import ORDERS, TYPES, band_db
from tests.checks import db, run
from tests.dsp_core.equaliser import (
    ALL_PASS,
    AUDIBLE_HZ,
    BAND_PASS,
    CORNERS_HZ,
    HIGH_CUT,
    HIGH_SHELF,
    LOW_CUT,
    LOW_SHELF,
    curve_error_db,
    measured_db,
    move,
    one_band,
)

CURVE = "EQ: distance from the analog curve, 20 Hz to 20 kHz"
FIRST, STEEPEST = 0, len(ORDERS) - 1


@pytest.mark.parametrize(("rate", "limit"), [(44100, 0.05), (48000, 0.02), (96000, 0.005)])
@pytest.mark.parametrize("slope", [s for s, order in enumerate(ORDERS) if order != 2])
@pytest.mark.parametrize("kind", [LOW_SHELF, HIGH_SHELF])
def test_shelves_of_every_slope_follow_the_analog_curve(kind, slope, rate, limit, reached):
    worst = max(curve_error_db(kind, rate, hz, gain_db, slope=slope) for gain_db in (-30, -12, -6, 6, 12, 30) for hz in CORNERS_HZ)
    reached(CURVE, f"shelf up to ±30 dB, 6, 18 to 96 dB/oct, {rate / 1000:g} kHz", worst, limit)


@pytest.mark.parametrize("slope", range(len(ORDERS)))
@pytest.mark.parametrize("kind", [LOW_SHELF, HIGH_SHELF])
def test_a_shelf_of_any_slope_has_half_its_gain_in_the_middle_and_all_of_it_at_one_end(kind, slope):
    low, middle, high = band_response_db(1, one_band(kind, 1000, 8, slope=slope), 96000, [5, 1000, 40000])
    assert abs(middle - 4) < 1e-3
    assert abs(low - (8 if kind == LOW_SHELF else 0)) < 0.01
    assert abs(high - (0 if kind == LOW_SHELF else 8)) < 0.01


def test_a_steeper_shelf_rises_within_fewer_octaves():
    def octaves(slope):
        hz = np.geomspace(20, 20000, 4000)
        gain = np.asarray(band_response_db(1, one_band(HIGH_SHELF, 1000, 12, slope=slope), 96000, hz))
        return np.log2(hz[np.argmax(gain > 10.8)] / hz[np.argmax(gain > 1.2)])
    widths = [octaves(slope) for slope in range(len(ORDERS))]
    assert all(a > b for a, b in zip(widths, widths[1:], strict=False))
    assert widths[STEEPEST] < 0.25 < 2.5 < widths[FIRST]


@pytest.mark.parametrize(("rate", "limit"), [(44100, 0.012), (48000, 0.005), (96000, 0.001)])
def test_band_passes_follow_the_analog_curve(rate, limit, reached):
    worst = max(curve_error_db(BAND_PASS, rate, hz, q=q) for q in (0.3, 0.5, 0.71, 1, 2, 4, 8, 20) for hz in CORNERS_HZ)
    reached(CURVE, f"band-pass, Q 0.3 to 20, down to -40 dB, {rate / 1000:g} kHz", worst, limit)


def test_a_band_pass_stops_dc_for_good():
    y = run(make("eq", 48000, one_band(BAND_PASS, 500)), np.full((2, 200000), 0.5))
    assert np.max(np.abs(y[:, -10:])) < 1e-15


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize("kind", [LOW_CUT, HIGH_CUT])
def test_the_steepest_cut_takes_96_db_an_octave_away_and_192_two(kind, rate):
    """As it is heard: tones through the stage."""
    corner = 1600.0
    for octaves, want in ((1, -96.33), (1.5, -144.49)):
        hz = corner * 2 ** (-octaves if kind == LOW_CUT else octaves)
        stage = make("eq", rate, one_band(kind, corner, slope=STEEPEST))
        y = run(stage, signals.sine(rate, rate, hz, 0))[0, rate // 2:]
        assert abs(db(np.max(np.abs(y))) - want) < 2.5, f"{hz:.0f} Hz"
    far = corner / 4 if kind == LOW_CUT else corner * 4
    assert band_response_db(1, one_band(kind, corner, slope=STEEPEST), rate, [far])[0] < -185


def test_sections_of_a_cut_and_shelf_go_from_low_q_to_high():
    for kind in (LOW_CUT, HIGH_CUT, LOW_SHELF, HIGH_SHELF):
        damping = [k for _, k, *_ in band_sections(1, one_band(kind, 500, -6, slope=STEEPEST), 96000)]
        assert len(damping) == 8
        assert all(a > b for a, b in zip(damping, damping[1:], strict=False)), TYPES[kind]


def analog_all_pass_degrees(hz, f0, q):
    s = 1j * hz / f0
    return np.degrees(np.unwrap(np.angle((1 - s / q + s * s) / (1 + s / q + s * s))))


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize(("f0", "q"), [(50, 0.71), (300, 8), (2000, 2), (5000, 0.5), (12000, 1), (18000, 4)])
def test_an_all_pass_is_flat_to_1e_12(f0, q, rate, reached):
    x = signals.impulse(1 << 17, level=1.0)
    y = run(make("eq", rate, one_band(ALL_PASS, f0, q=q)), x)
    reached("EQ: ripple of an all-pass", "50 Hz to 18 kHz", np.max(np.abs(np.abs(np.fft.rfft(y[0])) - 1)), 1e-12, "of 1")
    assert not np.allclose(y, x, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "limit_low", "limit"), [(44100, 0.35, 4.0), (96000, 0.1, 0.8)])
def test_an_all_pass_has_the_phase_of_the_analog_one_up_to_its_middle(rate, limit_low, limit):
    """Exactly half a turn at f0. Above f0 the digital one has to reach a whole turn at half the rate, where the analog one is not yet."""
    for f0 in (50.0, 700.0, 2000.0, 6000.0):
        for q in (0.5, 0.71, 2, 8):
            frames = 1 << 17
            y = run(make("eq", rate, one_band(ALL_PASS, f0, q=q)), signals.impulse(frames, level=1.0))
            hz = np.fft.rfftfreq(frames, 1 / rate)
            turned = np.degrees(np.unwrap(np.angle(np.fft.rfft(y[0]))))
            middle = np.sum(y[0] * np.exp(-2j * np.pi * f0 / rate * np.arange(frames)))
            assert abs(middle + 1) < 1e-10, f"{f0} Hz, Q {q}"
            below = (hz > 10) & (hz <= f0)
            error = np.max(np.abs(turned - analog_all_pass_degrees(hz, f0, q))[below])
            assert error < (limit_low if f0 <= 2000 else limit), f"{f0} Hz, Q {q}"


@pytest.mark.parametrize("kind", range(len(TYPES)))
def test_a_million_samples_of_random_moves_stay_finite_and_below_100_times_the_input(kind):
    """All values of a band, anywhere in the audible range, faster than they can be followed."""
    rate, span = 48000, 64
    frames = 1_000_000 // len(TYPES) // span * span
    x, rng = signals.noise(frames, seed=kind), np.random.default_rng(kind)
    stage = make("eq", rate, one_band(kind, 1000, slope=int(rng.integers(len(ORDERS)))))
    loudest = 0.0
    for start in range(0, frames, span):
        move(stage, {"band1_freq": float(np.exp(rng.uniform(np.log(20), np.log(20000)))), "band1_gain": float(rng.uniform(-18, 18)),
                     "band1_q": float(np.exp(rng.uniform(np.log(0.1), np.log(10)))), "gain_scale": float(rng.uniform(0, 150))})
        y = run(stage, x[:, start:start + span], when=start)
        assert np.isfinite(y).all()
        loudest = max(loudest, float(np.max(np.abs(y))))
    assert loudest < 100 * np.max(np.abs(x))


def test_steep_bands_come_to_rest_on_the_analog_curve():
    """From the closed form while it moves to the refined one."""
    rate = 44100
    stage = make("eq", rate, one_band(HIGH_CUT, 2000, slope=STEEPEST))
    move(stage, {"band1_freq": 16000})
    run(stage, np.zeros((2, rate)))
    stage.settle()
    run(stage, np.zeros((2, rate)), when=rate)
    hz, got = measured_db(stage)
    want = band_db("high cut", AUDIBLE_HZ, 16000, order=16)
    heard = want > -40
    assert np.max(np.abs(np.interp(AUDIBLE_HZ, hz, got) - want)[heard]) < 0.05
