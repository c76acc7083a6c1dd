"""What concerns the equaliser as a whole: gain scale, auto gain, solo, bands that are not used."""
import numpy as np
import pytest
from scipy import signal

from dsp_core.params import params_of
from dsp_core.params.eq import EQ_BANDS
from dsp_core.stages import make
from tests import signals
from tests.analog import TYPES, band_db
from tests.checks import db, run
from tests.dsp_core.equaliser import (
    ALL_PASS,
    BAND_PASS,
    BELL,
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
    measured_db,
    move,
    one_band,
)

RATE = 48000
TONE = {"band1_gain": 6, "band2_type": LOW_SHELF, "band2_gain": -3, "band5_gain": 4, "band8_type": HIGH_SHELF, "band8_gain": 5}


def pink(frames, seed=1):
    """Seeded pink noise, 20 Hz to half the rate, independent channels, -20 dBFS rms."""
    rng = np.random.default_rng(seed)
    hz = np.fft.rfftfreq(frames, 1 / RATE)
    bins = rng.standard_normal((2, len(hz))) + 1j * rng.standard_normal((2, len(hz)))
    x = np.fft.irfft(bins * np.where(hz > 20, 1 / np.sqrt(np.maximum(hz, 1)), 0), frames)
    return x * 0.1 / np.sqrt(np.mean(x * x))


def k_weighted_db(x):
    """Mean K-weighted power of both channels, by the coefficients that BS.1770 prints for 48 kHz."""
    shelf = ([1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585])
    high = ([1, -2, 1], [1, -1.99004745483398, 0.99007225036621])
    for b, a in (shelf, high):
        x = signal.lfilter(b, a, x)
    return 10 * np.log10(np.mean(x * x))


def scaled(values, share):
    return {name: value * share if name.endswith("gain") else value for name, value in values.items()}


@pytest.mark.parametrize("scale", [0, 50, 150, 200])
def test_the_gain_scale_multiplies_the_decibels_to_the_bit(scale):
    x = signals.programme(12000)
    want = run(make("eq", RATE, scaled(TONE, scale / 100)), x)
    assert run(make("eq", RATE, {**TONE, "gain_scale": scale}), x).tobytes() == want.tobytes()


def test_the_gain_scale_leaves_what_has_no_gain():
    x = signals.programme(9000)
    for kind in (LOW_CUT, HIGH_CUT, NOTCH, BAND_PASS, ALL_PASS):
        values = one_band(kind, 700, 6)
        assert np.array_equal(run(make("eq", RATE, {**values, "gain_scale": 0}), x), run(make("eq", RATE, values), x)), TYPES[kind]


def test_scaled_down_to_nothing_every_bit_is_the_input_again():
    x = signals.programme(60000)
    stage = make("eq", RATE, {**TONE, "band3_type": TILT, "band3_gain": 3})
    run(stage, x[:, :20000])
    move(stage, {"gain_scale": 0})
    y = run(stage, x[:, 20000:], when=20000)
    assert not np.array_equal(y[:, :1000], x[:, 20000:21000])
    assert y[:, -20000:].tobytes() == x[:, -20000:].tobytes()


def test_after_a_move_of_the_scale_a_settled_stage_is_a_fresh_one_to_the_bit():
    x = signals.programme(12000)
    live = make("eq", RATE, TONE)
    run(live, x)
    move(live, {"gain_scale": 70})
    run(live, np.zeros((2, 10 * RATE)), when=12000)
    live.settle()
    run(live, np.zeros((2, 10 * RATE)), when=10 * RATE + 12000)
    assert np.array_equal(run(live, x), run(make("eq", RATE, {**TONE, "gain_scale": 70}), x))


@pytest.mark.parametrize("values", [TONE, one_band(HIGH_SHELF, 2000, 12), one_band(LOW_CUT, 300, slope=4), one_band(TILT, 700, -9),
                                    one_band(BELL, 3000, -12, 0.5, band1_channel=SIDE)])
def test_auto_gain_keeps_pink_noise_as_loud_as_it_was(values, reached):
    x = pink(12 * RATE)
    settled = slice(6 * RATE, None)
    before = k_weighted_db(x[:, settled])
    assert abs(k_weighted_db(run(make("eq", RATE, values), x)[:, settled]) - before) > 0.5
    change = k_weighted_db(run(make("eq", RATE, {**values, "auto_gain": 1}), x)[:, settled]) - before
    reached("EQ: pink noise through auto gain, change of loudness", "worst of five settings", abs(change), 0.1, "LU")


@pytest.mark.parametrize("placement", [STEREO, MID, LEFT])
def test_auto_gain_matches_the_part_that_the_stage_is_placed_on(placement):
    x = pink(8 * RATE)
    y = run(make("eq", RATE, one_band(HIGH_SHELF, 2000, 9, placement=placement, auto_gain=1)), x)
    part = {STEREO: lambda p: p, MID: lambda p: p[:1] + p[1:], LEFT: lambda p: p[:1]}[placement]
    assert abs(k_weighted_db(part(y)[:, 5 * RATE:]) - k_weighted_db(part(x)[:, 5 * RATE:])) < 0.1


def test_auto_gain_finds_the_level_again_after_a_move():
    x = pink(16 * RATE)
    stage = make("eq", RATE, {**TONE, "auto_gain": 1})
    run(stage, x[:, :8 * RATE])
    move(stage, {"band1_gain": -6, "band5_gain": -12})
    y = run(stage, x[:, 8 * RATE:], when=8 * RATE)
    for second in range(2, 8):
        part = slice(second * RATE, (second + 1) * RATE)
        assert abs(k_weighted_db(y[:, part]) - k_weighted_db(x[:, 8 * RATE:][:, part])) < 0.1, f"after {second} s"


def test_auto_gain_changes_no_bit_of_a_neutral_equaliser_and_comes_back_to_it():
    x = signals.programme(90000)
    assert run(make("eq", RATE, {"auto_gain": 1}), x).tobytes() == x.tobytes()
    stage = make("eq", RATE, {**TONE, "auto_gain": 1})
    run(stage, x[:, :40000])
    move(stage, {"gain_scale": 0})
    y = run(stage, x[:, 40000:], when=40000)
    assert y[:, -20000:].tobytes() == x[:, -20000:].tobytes()


def test_auto_gain_and_solo_do_not_see_the_cut_of_the_stream():
    x, rng = signals.programme(9000), np.random.default_rng(4)
    values = {**TONE, "auto_gain": 1, "band5_solo": 1, "band8_solo": 1, "band8_channel": SIDE}

    def play(values, longest):
        stage = make("eq", RATE, values)
        pieces = []
        for start in range(0, 9000, 3000):
            move(stage, {"band5_freq": 900 + start, "band5_gain": start / 500, "gain_scale": 100 - start / 100})
            pieces.append(run(stage, x[:, start:start + 3000], longest and (lambda: int(rng.integers(1, longest + 1))), when=start))
        return np.concatenate(pieces, axis=1)

    for chosen in (values, {**values, "band5_solo": 0, "band8_solo": 0}):
        whole = play(chosen, None)
        for longest in (1, 40, 900):
            assert np.array_equal(play(chosen, longest), whole)


REGION = {BELL: "band-pass", NOTCH: "band-pass", BAND_PASS: "band-pass", ALL_PASS: "band-pass", LOW_SHELF: "high cut", LOW_CUT: "high cut",
          HIGH_SHELF: "low cut", HIGH_CUT: "low cut"}


@pytest.mark.parametrize("kind", REGION)
@pytest.mark.parametrize(("slope", "order"), [(1, 2), (3, 4)])
def test_a_soloed_band_is_the_part_of_the_input_that_it_works_on(kind, slope, order):
    """Whatever its gain is, and whatever the other bands do."""
    values = one_band(kind, 1200, -15, 2.0, slope=slope, band1_solo=1, band2_gain=12, band3_type=LOW_CUT)
    hz, got = measured_db(make("eq", RATE, values))
    audible = (hz > 20) & (hz < 16000)
    want = band_db(REGION[kind], hz[audible], 1200, q=2.0 if REGION[kind] == "band-pass" else np.sqrt(0.5), order=order)
    heard = want > -30
    assert np.max(np.abs(got[audible] - want)[heard]) < 0.45


def test_a_soloed_tilt_is_all_of_the_input():
    x = signals.programme(9000)
    assert np.array_equal(run(make("eq", RATE, one_band(TILT, 1200, 9, band1_solo=1)), x), x)


def test_solo_hears_a_band_that_is_off_and_several_together():
    x = signals.programme(9000)
    one, other = one_band(BELL, 300, 6, 2), {"band2_freq": 3000, "band2_q": 1.5, "band2_on": 0}
    alone = [run(make("eq", RATE, {**one, **other, f"band{n}_solo": 1}), x) for n in (1, 2)]
    both = run(make("eq", RATE, {**one, **other, "band1_solo": 1, "band2_solo": 1}), x)
    assert np.max(np.abs(both - alone[0] - alone[1])) < 1e-15
    assert all(np.max(np.abs(y)) > 0.01 for y in alone)


def test_solo_hears_only_the_channel_of_the_band():
    x = signals.programme(9000)
    m, s = 0.5 * (x[0] + x[1]), 0.5 * (x[0] - x[1])
    parts = {MID: [m, m], SIDE: [s, -s], LEFT: [x[0], 0 * m], RIGHT: [0 * m, x[1]]}
    for channel, planes in parts.items():
        want = run(make("eq", RATE, one_band(BELL, 900, 6, 2, band1_solo=1)), np.array(planes))
        got = run(make("eq", RATE, one_band(BELL, 900, 6, 2, band1_solo=1, band1_channel=channel)), x)
        assert np.max(np.abs(got - want)) < 1e-15
        assert np.any(got)


def test_the_equaliser_goes_on_behind_a_solo():
    """Taken back, the sound is as if it had never been."""
    x = signals.programme(24000)
    values = {**TONE, "auto_gain": 1}
    never = run(make("eq", RATE, values), x)
    soloed = make("eq", RATE, {**values, "band5_solo": 1})
    run(soloed, x[:, :12000])
    after = make("eq", RATE, values)
    after.take_from(soloed)
    assert np.array_equal(run(after, x[:, 12000:], when=12000), never[:, 12000:])


def test_a_band_that_is_not_used_is_not_heard_whatever_its_number():
    """Old sessions have eight bands: the other sixteen are there, at their defaults, and change nothing."""
    x = signals.programme(12000)
    spelt_out = {p.id: p.default for p in params_of("eq") if p.id.startswith("band") and int(p.id[4:].split("_")[0]) > 8}
    assert np.array_equal(run(make("eq", RATE, {**TONE, **spelt_out}), x), run(make("eq", RATE, TONE), x))
    alone = run(make("eq", RATE, one_band(BELL, 700, 6, 2)), x)
    for number in (2, 9, EQ_BANDS):
        values = {f"band{number}_freq": 700, f"band{number}_gain": 6, f"band{number}_q": 2}
        assert np.array_equal(run(make("eq", RATE, values), x), alone)


def test_all_bands_together_are_one_after_the_other():
    x = signals.programme(6000)
    rng = np.random.default_rng(8)
    bands = [one_band(BELL, float(hz), float(rng.uniform(-6, 6)), 2.0) for hz in np.geomspace(40, 15000, EQ_BANDS)]
    want = x
    for band in bands:
        want = run(make("eq", RATE, band), want)
    together = {name.replace("band1", f"band{n}"): value for n, band in enumerate(bands, 1) for name, value in band.items()}
    assert db(np.max(np.abs(run(make("eq", RATE, together), x) - want))) < -250
