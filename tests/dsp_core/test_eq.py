"""What only the equaliser promises: the analog curve at every rate, no clicks, live = fresh, channels that stay apart."""
import numpy as np
import pytest

from dsp_core.design.response import band_response_db, band_sections, response_db
from dsp_core.param import BadValue, UnknownParameter
from dsp_core.params.eq import EQ_BANDS, EQ_SLOPES, EQ_TYPES
from dsp_core.stages import make
from tests import signals
from tests.analog import ORDERS, TYPES, band_db
from tests.checks import db, run
from tests.dsp_core.equaliser import (
    ALL_PASS,
    BAND_PASS,
    BELL,
    CORNERS_HZ,
    HIGH_CUT,
    HIGH_SHELF,
    LEFT,
    LOW_CUT,
    LOW_SHELF,
    MID,
    NOTCH,
    RIGHT,
    SIDE,
    STEREO,
    TILT,
    curve_error_db,
    measured_db,
    one_band,
)

CURVE = "EQ: distance from the analog curve, 20 Hz to 20 kHz"


def test_the_table_is_the_one_the_native_code_was_written_for():
    assert [t.lower() for t in EQ_TYPES] == list(TYPES)
    assert [int(s.split()[0]) // 6 for s in EQ_SLOPES] == list(ORDERS)
    assert EQ_BANDS == 24


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "limit_6_db", "limit_12_db"), [(44100, 0.11, 0.20), (48000, 0.06, 0.12), (96000, 0.02, 0.04)])
def test_bells_follow_the_analog_curve(rate, limit_6_db, limit_12_db, reached):
    for gain_db, limit in ((6, limit_6_db), (-6, limit_6_db), (12, limit_12_db), (-12, limit_12_db)):
        worst = max(curve_error_db(BELL, rate, hz, gain_db, q) for q in (0.3, 0.5, 0.71, 1, 2, 4, 8) for hz in CORNERS_HZ)
        reached(CURVE, f"bell ±{abs(gain_db)} dB, {rate / 1000:g} kHz", worst, limit)


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "limit"), [(44100, 0.10), (48000, 0.05), (96000, 0.01)])
@pytest.mark.parametrize("kind", [LOW_SHELF, HIGH_SHELF])
def test_shelves_follow_the_analog_curve(kind, rate, limit, reached):
    worst = max(curve_error_db(kind, rate, hz, gain_db, q) for gain_db in (-12, -6, -3, 3, 6, 12) for q in (0.3, 0.5, 0.71, 1)
                for hz in CORNERS_HZ)
    reached(CURVE, f"shelf up to ±12 dB, 12 dB/oct, Q to 1, {rate / 1000:g} kHz", worst, limit)


@pytest.mark.parametrize(("rate", "limit"), [(44100, 0.35), (48000, 0.25), (96000, 0.02)])
def test_resonant_shelves_follow_the_analog_curve(rate, limit):
    for gain_db in (-12, -6, 6, 12):
        for q in (1.4, 2):
            for hz in CORNERS_HZ:
                assert curve_error_db(HIGH_SHELF, rate, hz, gain_db, q) <= limit, f"{hz:.0f} Hz, {gain_db} dB, Q {q}"


@pytest.mark.parametrize(("rate", "limit"), [(44100, 0.03), (48000, 0.02), (96000, 0.005)])
def test_tilts_follow_the_analog_curve(rate, limit):
    for gain_db in (-30, -12, -3, 3, 12, 30):
        for hz in CORNERS_HZ:
            assert curve_error_db(TILT, rate, hz, gain_db) <= limit, f"{hz:.0f} Hz, {gain_db} dB"
    lift = np.asarray(band_response_db(1, one_band(TILT, 600, 6), rate, [1, 600, 20000]))
    assert np.allclose(lift, [-3, 0, 3], atol=0.03)


@pytest.mark.parametrize(("rate", "limit_12_db", "limit"), [(44100, 0.17, 0.08), (48000, 0.08, 0.04), (96000, 0.01, 0.01)])
@pytest.mark.parametrize("slope", range(len(ORDERS)))
@pytest.mark.parametrize("kind", [LOW_CUT, HIGH_CUT])
def test_cuts_are_butterworth_down_to_40_db(kind, slope, rate, limit_12_db, limit, reached):
    worst = max(curve_error_db(kind, rate, hz, slope=slope) for hz in (10.0, 30.0, *CORNERS_HZ, 20000.0))
    limit, words = (limit_12_db, "12 dB/oct") if ORDERS[slope] == 2 else (limit, "6, 18 to 96 dB/oct")
    reached(CURVE, f"cut {words}, down to -40 dB, {rate / 1000:g} kHz", worst, limit)


@pytest.mark.parametrize("slope", range(1, len(ORDERS)))
@pytest.mark.parametrize("kind", [LOW_CUT, HIGH_CUT])
@pytest.mark.parametrize("q", [0.3, 0.71, 1.0, 4.0])
def test_q_of_a_cut_is_the_level_at_its_corner(kind, slope, q):
    for hz in (40.0, 1000.0, 9000.0):
        (level,) = band_response_db(1, one_band(kind, hz, q=q, slope=slope), 48000, [hz])
        assert abs(level - 20 * np.log10(q)) < 0.15, f"{hz} Hz"


@pytest.mark.parametrize("kind", [LOW_CUT, HIGH_CUT])
@pytest.mark.parametrize("rate", [44100, 96000])
def test_a_cut_keeps_falling_beyond_40_db(kind, rate):
    for slope, order in enumerate(ORDERS):
        for hz in (300.0, 1000.0, 3000.0):
            far = np.geomspace(20, hz / 8, 60) if kind == LOW_CUT else np.geomspace(hz * 5, 20000, 60)
            want = np.maximum(band_db(TYPES[kind], far, hz, order=order), -55)
            got = np.asarray(band_response_db(1, one_band(kind, hz, slope=slope), rate, far))
            assert np.all(got <= want + 2.5), f"{hz} Hz, order {order}"


@pytest.mark.parametrize(("rate", "limit"), [(44100, 0.4), (48000, 0.2), (96000, 0.02)])
def test_notches_are_deep_and_follow_the_analog_curve(rate, limit):
    for q in (0.5, 1, 4, 20):
        for hz in (50.0, 400.0, 3000.0, 9000.0, 15000.0):
            assert curve_error_db(NOTCH, rate, hz, q=q) <= limit, f"{hz} Hz, Q {q}"
            assert band_response_db(1, one_band(NOTCH, hz, q=q), rate, [hz])[0] < -200


def test_boost_and_cut_undo_each_other():
    x = signals.programme(30000)
    for kind in (BELL, LOW_SHELF, HIGH_SHELF, TILT):
        both = {**one_band(kind, 9000, 7.5, 1.3), "band2_type": kind, "band2_freq": 9000, "band2_gain": -7.5, "band2_q": 1.3}
        assert np.max(np.abs(run(make("eq", 44100, both), x) - x)) < 1e-12, TYPES[kind]


def test_dc_is_exact():
    x = np.full((2, 200000), 0.5)
    for kind, gain_db, want in ((BELL, 12, 0), (HIGH_SHELF, 12, 0), (LOW_SHELF, -9, -9), (TILT, 8, -4), (NOTCH, 0, 0)):
        y = run(make("eq", 48000, one_band(kind, 12000, gain_db)), x)
        assert abs(db(y[0, -1] / 0.5) - want) < 1e-9, TYPES[kind]
    assert np.max(np.abs(run(make("eq", 48000, one_band(LOW_CUT, 500)), x)[:, -10:])) < 1e-25


def random_band(rng, number):
    return {f"band{number}_type": int(rng.integers(len(TYPES))), f"band{number}_slope": int(rng.integers(len(ORDERS))),
            f"band{number}_freq": float(np.exp(rng.uniform(np.log(60), np.log(20000)))), f"band{number}_gain": float(rng.uniform(-15, 15)),
            f"band{number}_q": float(np.exp(rng.uniform(np.log(0.3), np.log(6)))), f"band{number}_channel": int(rng.integers(5))}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_the_curve_drawn_is_the_curve_heard(seed):
    rng = np.random.default_rng(seed)
    values = {"mix": float(rng.uniform(30, 100)) if seed % 2 else 100.0, "gain_scale": float(rng.uniform(0, 200))}
    for number in range(1, EQ_BANDS + 1):
        values |= random_band(rng, number)
    rate = [44100, 48000, 96000][seed % 3]
    if seed == 5:
        values["placement"] = SIDE
    if seed in (3, 4):
        values |= {f"band{number}_solo": 1 for number in rng.integers(1, EQ_BANDS + 1, 3)}
    for channel in ("mid", "side", "left", "right"):
        hz, got = measured_db(make("eq", rate, values), channel)
        audible = (hz > 20) & (hz < 20000)
        want = np.asarray(response_db(values, rate, hz[audible])[channel])
        heard = want > -150
        assert np.max(np.abs(got[audible] - want)[heard]) < 1e-3


def test_a_band_is_drawn_whether_it_is_on_or_not():
    values = one_band(BELL, 1000, 5, band1_on=0)
    assert abs(band_response_db(1, values, 48000, [1000])[0] - 5) < 0.01
    assert list(response_db(values, 48000, [1000])["left"]) == [0.0]
    assert list(response_db(one_band(BELL, 1000, 5, bypass=1), 48000, memoryview(np.array([1000.0])))["mid"]) == [0.0]
    assert np.isnan(response_db({}, 48000, [24000, 30000])["mid"]).all()


def test_the_curve_checks_its_door():
    with pytest.raises(UnknownParameter, match="no 'band25_gain'"):
        response_db({"band25_gain": 1}, 48000, [100])
    with pytest.raises(BadValue, match="Gain"):
        response_db({"band1_gain": 31}, 48000, [100])
    with pytest.raises(ValueError, match="bands 1 to 24"):
        band_response_db(25, {}, 48000, [100])


@pytest.mark.slow
@pytest.mark.parametrize("rate", [8000, 44100, 48000, 96000, 384000])
def test_no_setting_makes_an_unstable_or_wild_filter(rate):
    """Over the whole range of every parameter: finite, stable, and no bump that the analog curve does not have."""
    rng = np.random.default_rng(rate)
    for _ in range(250):
        kind, slope = int(rng.integers(len(TYPES))), int(rng.integers(len(ORDERS)))
        hz, q = np.exp(rng.uniform(np.log(10), np.log(40000))), np.exp(rng.uniform(np.log(0.025), np.log(40)))
        gain_db, scale = rng.uniform(-30, 30), rng.choice([100.0, 200.0])
        values = one_band(kind, hz, gain_db, q, slope, gain_scale=scale)
        gain_db *= scale / 100
        sections = np.array(band_sections(1, values, rate)).reshape(-1, 5)
        assert np.isfinite(sections).all()
        assert (sections[:, :2] > 0).all()
        grid = np.geomspace(10, 0.4999 * rate, 300)
        inside = min(max(hz, 5), 0.49 * rate)
        want = 0.0 if kind == HIGH_CUT and hz > inside else np.max(band_db(TYPES[kind], grid, inside, gain_db, q, ORDERS[slope]))
        assert np.max(band_response_db(1, values, rate, grid)) < max(want, 0) + 6, values


def test_a_band_that_is_off_and_a_high_cut_over_the_top_cost_no_bit():
    x = signals.programme(9000)
    off = {f"band{n}_{name}": value for n in range(1, EQ_BANDS + 1) for name, value in (("on", 0), ("gain", 12), ("type", n % len(TYPES)))}
    assert run(make("eq", 48000, off), x).tobytes() == x.tobytes()
    assert run(make("eq", 44100, one_band(HIGH_CUT, 21700, slope=5)), x).tobytes() == x.tobytes()
    assert run(make("eq", 44100, one_band(HIGH_CUT, 21500, slope=5)), x).tobytes() != x.tobytes()


def long_double_response(values, rate, x):
    """The trapezoidal SVF of the settled band in its original form, in extended precision."""
    out = x.astype(np.longdouble)
    one = np.longdouble(1)
    for numbers in band_sections(1, values, rate):
        g, k, low, band, high = (np.longdouble(n) for n in numbers)
        a1 = one / (one + g * (g + k))
        a2, a3 = g * a1, g * g * a1
        ic1 = ic2 = np.longdouble(0)
        y = np.empty_like(out)
        for i, v0 in enumerate(out):
            v3 = v0 - ic2
            v1 = a1 * ic1 + a2 * v3
            v2 = ic2 + a2 * ic1 + a3 * v3
            ic1, ic2 = 2 * v1 - ic1, 2 * v2 - ic2
            y[i] = high * v0 + (band - k * high) * v1 + (low - high) * v2
        out = y
    return out


@pytest.mark.parametrize(("values", "rate"), [
    (one_band(LOW_CUT, 20), 192000), (one_band(LOW_CUT, 20, slope=5), 384000), (one_band(BELL, 30, 12, 10), 192000),
    (one_band(BELL, 1000, 6, 1), 48000), (one_band(BELL, 30, 30, 40), 96000), (one_band(NOTCH, 50, q=40), 48000), (one_band(LOW_CUT, 20, slope=9), 384000),
    (one_band(HIGH_CUT, 18000, slope=9), 44100), (one_band(BAND_PASS, 30, q=40), 192000), (one_band(ALL_PASS, 30, q=10), 192000),
    (one_band(LOW_SHELF, 30, 12, slope=9), 192000)])
def test_rounding_stays_below_250_dbfs(values, rate, reached):
    x = signals.sine(8000, rate, 997, -1)
    got = run(make("eq", rate, values), x)[0]
    error = np.max(np.abs(got - long_double_response(values, rate, x[0])).astype(float))
    reached("EQ: rounding beside extended precision, 997 Hz at -1 dBFS", "worst of eleven settings", db(error), -250, "dBFS")


def test_a_band_works_on_its_channel_alone():
    rng = np.random.default_rng(3)
    m, s = rng.standard_normal((2, 9000)) * 0.2
    inputs = {MID: (s, -s), SIDE: (m, m), LEFT: (np.zeros(9000), m), RIGHT: (m, np.zeros(9000))}
    for channel, planes in inputs.items():
        x = np.array(planes)
        y = run(make("eq", 48000, one_band(BELL, 500, 12, band1_channel=channel)), x)
        assert np.array_equal(y, x), f"channel {channel} touched what is not its own"
    x = np.array([m + s, m - s])
    for channel, (left, right) in {MID: (1, -1), SIDE: (1, 1)}.items():
        y = run(make("eq", 48000, one_band(BELL, 500, 12, band1_channel=channel)), x)
        assert np.allclose(left * y[0] + right * y[1], left * x[0] + right * x[1], atol=1e-14)
        assert not np.allclose(y, x, atol=0.01)
    for channel, other in ((LEFT, 1), (RIGHT, 0)):
        y = run(make("eq", 48000, one_band(HIGH_CUT, 500, slope=5, band1_channel=channel)), x)
        assert y[other].tobytes() == x[other].tobytes()
        assert not np.allclose(y, x, atol=0.01)


def test_bands_of_one_domain_run_in_any_order_of_domains():
    """Left, mid, stereo, side, right in turn: the same as one stage per band."""
    x = signals.programme(9000)
    bands = [one_band(BELL, 300 * (n + 1), 6 - 2 * n, 1.5, band1_channel=channel) for n, channel in enumerate((LEFT, MID, STEREO, SIDE, MID, RIGHT))]
    together = {name.replace("band1", f"band{n}"): value for n, band in enumerate(bands, 1) for name, value in band.items()}
    want = x
    for band in bands:
        want = run(make("eq", 48000, band), want)
    assert np.max(np.abs(run(make("eq", 48000, together), x) - want)) < 1e-13


def test_a_placed_stage_ignores_the_channels_of_its_bands():
    x = signals.programme(9000)
    for placement in (MID, SIDE, LEFT, RIGHT):
        want = run(make("eq", 48000, one_band(BELL, 500, 12, placement=placement)), x)
        assert not np.array_equal(want, x)
        for channel in (MID, SIDE, LEFT, RIGHT):
            assert np.array_equal(run(make("eq", 48000, one_band(BELL, 500, 12, placement=placement, band1_channel=channel)), x), want)
