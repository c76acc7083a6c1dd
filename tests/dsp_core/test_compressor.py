"""What only the compressor promises: its curve, its link, its look-ahead, and that nothing but gain is done to the sound."""
import numpy as np
import pytest

from dsp_core.design.compressor_curve import static_curve_db
from dsp_core.param import BadValue, UnknownParameter
from tests import signals
from tests.checks import active, db, delayed, run
from tests.dsp_core.dynamics import RATE, TOP_RATIO, compressor, reduction, residue_dbfs, steady, steps, turn


def formula(level_db, threshold, ratio, knee):
    slope = 1.0 if ratio >= TOP_RATIO else 1 - 1 / ratio
    over = level_db - threshold
    bend = slope * (over + knee / 2) ** 2 / (2 * knee) if knee else 0.0
    return level_db - np.where(over < -knee / 2, 0.0, np.where(over > knee / 2, slope * over, bend))


CURVES = [(-24, 4, 0), (-24, 4, 6), (-30, 1.5, 12), (-40, 10, 30), (-20, TOP_RATIO, 6)]


@pytest.mark.parametrize(("detector", "reads_db"), [(0, 0.0), (1, -3.0103)])
@pytest.mark.parametrize(("threshold", "ratio", "knee"), CURVES)
def test_static_curve_of_a_sine_is_the_formula(threshold, ratio, knee, detector, reads_db):
    """997 Hz from -60 to 0 dBFS in steps of 1 dB, 0.6 s each, the last 0.2 s read; RMS reads it 3.01 dB lower."""
    levels = np.arange(-60.0, 0.5)
    n, read = round(0.6 * RATE), round(0.2 * RATE)
    x = np.concatenate([signals.sine(n, RATE, 997, level) for level in levels], axis=1)
    y = run(compressor(threshold=threshold, ratio=ratio, knee=knee, attack=5, release=100, detector=detector), x)
    tails = [np.s_[0, (k + 1) * n - read:(k + 1) * n] for k in range(len(levels))]
    out = np.array([level + 10 * np.log10(np.mean(y[s] ** 2) / np.mean(x[s] ** 2)) for level, s in zip(levels, tails)])
    wanted = formula(levels + reads_db, threshold, ratio, knee) - reads_db
    assert np.max(np.abs(out - wanted)) <= 0.05


@pytest.mark.parametrize(("threshold", "ratio", "knee"), CURVES)
def test_static_curve_of_a_steady_magnitude_is_exact(threshold, ratio, knee):
    for level in np.arange(-60.0, 1.0, 2.5):
        stage = compressor(threshold=threshold, ratio=ratio, knee=knee, attack=1, release=20)
        out = level - reduction(stage, steady(0.5, level))[-1]
        assert abs(out - formula(level, threshold, ratio, knee)) < 2e-6


@pytest.mark.parametrize(("threshold", "ratio", "knee"), CURVES)
def test_drawn_curve_is_the_formula(threshold, ratio, knee):
    levels = [-80.0 + 0.25 * k for k in range(361)]
    drawn = np.array(static_curve_db({"threshold": threshold, "ratio": ratio, "knee": knee, "makeup": 2}, levels))
    assert np.max(np.abs(drawn - 2 - formula(np.array(levels), threshold, ratio, knee))) < 1e-9


def test_drawn_curve_knows_the_knee_and_auto_makeup():
    at_threshold, full_scale = static_curve_db({"threshold": -20, "ratio": 4, "knee": 6}, np.array([-20.0, 0.0]))
    assert at_threshold == pytest.approx(-20.5625)
    assert full_scale == pytest.approx(-15)
    assert static_curve_db({"threshold": -20, "ratio": 4, "auto_makeup": 1}, [0])[0] == pytest.approx(-7.5)


def test_drawn_curve_checks_what_it_is_given():
    with pytest.raises(BadValue, match="Threshold"):
        static_curve_db({"threshold": 3}, [0.0])
    with pytest.raises(UnknownParameter, match="no 'treshold'"):
        static_curve_db({"treshold": -3}, [0.0])


def test_the_way_to_infinity_has_no_step():
    ratios = np.linspace(90, TOP_RATIO, 2001)
    out = np.array([static_curve_db({"ratio": ratio, "threshold": -60, "knee": 0}, [0.0])[0] for ratio in ratios])
    assert out[-1] == -60
    assert np.all(np.diff(out) < 0)
    assert np.max(np.abs(np.diff(out))) < 0.004


def left_loud(seconds=1.0, apart_db=14):
    x = steady(seconds, -6)
    x[1] *= 10 ** (-apart_db / 20)
    return x


def test_full_link_gives_both_channels_the_same_gain():
    x = left_loud()
    y = run(compressor(threshold=-40, ratio=3, link=100), x)
    assert np.max(np.abs(y[0] / x[0] - y[1] / x[1])) < 1e-15
    alone = run(compressor(threshold=-40, ratio=3, placement=3), x)
    assert np.array_equal(y[0], alone[0])


def test_no_link_leaves_a_quiet_channel_alone():
    x = left_loud(apart_db=40)
    y = run(compressor(threshold=-40, ratio=3, link=0), x)
    assert np.array_equal(y[1], x[1])
    assert np.array_equal(y[0], run(compressor(threshold=-40, ratio=3, placement=3), x)[0])


@pytest.mark.parametrize("link", [25, 50, 80])
def test_link_is_a_share_of_the_larger_reduction(link):
    x = left_loud()
    gain = -db(run(compressor(threshold=-40, ratio=3, knee=0, link=link), x)[:, -1] / x[:, -1])
    own = np.array([34.0, 20.0]) * 2 / 3
    assert gain[0] == pytest.approx(own[0], abs=1e-4)
    assert gain[1] == pytest.approx(own[1] + link / 100 * (own[0] - own[1]), abs=1e-4)


def test_linking_while_playing_ends_with_both_channels_alike():
    stage, x = compressor(threshold=-40, ratio=3, link=0, release=20), left_loud(2)
    run(stage, x[:, :RATE])
    turn(stage, "link", 100)
    y = run(stage, x[:, RATE:], when=RATE)
    tail = np.s_[-RATE // 4:]
    assert np.max(np.abs(y[0][tail] / x[0][tail] - y[1][tail] / x[1][tail])) < 1e-15


@pytest.mark.parametrize("values", [
    {}, {"threshold": -60, "knee": 30, "link": 30}, {"lookahead": 7.3, "attack": 0.02}, {"auto_makeup": 1},
    {"detector": 1, "detector_low_cut": 100, "auto_release": 1}, {"placement": 1, "lookahead": 3},
])
@pytest.mark.parametrize("mix", [100, 37])
def test_ratio_1_leaves_every_bit(values, mix):
    x = signals.programme(2 * RATE) * 3
    stage = compressor(ratio=1, mix=mix, **values)
    assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))
    assert stage.meters()[2] == 0


def test_back_at_ratio_1_every_bit_is_left_again():
    """After 20 times the release, the way of the parameter included."""
    x = signals.programme(4 * RATE)
    stage = compressor(threshold=-40, ratio=8, release=100)
    run(stage, x[:, :RATE])
    turn(stage, "ratio", 1)
    run(stage, x[:, RATE:3 * RATE], when=RATE)
    assert stage.meters()[2] > 10
    assert np.array_equal(run(stage, x[:, 3 * RATE:], when=3 * RATE), x[:, 3 * RATE:])
    assert stage.meters()[2] == 0


def test_makeup_is_what_the_number_says():
    x = signals.noise(4800)
    assert np.allclose(db(run(compressor(makeup=-7.5), x) / x), -7.5, atol=2e-8)


def test_auto_makeup_is_half_of_the_reduction_at_full_scale():
    added = -reduction(compressor(threshold=-30, ratio=4, auto_makeup=1, makeup=1), steady(0.5, -50))[-1]
    assert added == pytest.approx(1 + 30 * 0.75 / 2, abs=1e-6)


def test_mix_is_the_mean_of_dry_and_wet():
    x = signals.programme(RATE)
    dry, wet = delayed(x, 96), run(active("compressor"), x)
    assert np.max(np.abs(run(active("compressor", mix=40), x) - (0.6 * dry + 0.4 * wet))) < 1e-15


@pytest.mark.parametrize("hz", [30, 100, 1000, 5000, 15000])
def test_parallel_sounds_stay_in_phase(hz):
    """A steady sine keeps its phase whatever the mix, also with the detector's low cut in."""
    x = signals.sine(2 * RATE, RATE, hz, -6)
    stage = compressor(threshold=-40, ratio=4, attack=20, release=2500, detector_low_cut=80, detector_slope=1, mix=50)
    y = run(stage, x)
    turn_of = np.exp(-2j * np.pi * hz * np.arange(RATE) / RATE)
    angle = np.angle(np.sum(y[0, RATE:] * turn_of) / np.sum(x[0, RATE:] * turn_of))
    assert abs(np.degrees(angle)) < 0.02


@pytest.mark.parametrize(("milliseconds", "frames"), [(0, 0), (0.5, 24), (5, 240), (20, 960)])
def test_lookahead_is_reported_and_real(milliseconds, frames):
    stage = active("compressor", lookahead=milliseconds)
    assert stage.latency_frames == frames
    assert int(np.argmax(np.abs(run(stage, signals.impulse(4000, at=100))[0]))) == 100 + frames


def test_gain_moves_before_the_peak_arrives():
    """What passes over the steady level of a burst is less with look-ahead, and gain is on its way one frame before it."""
    x = steps((0.1, -40), (0.2, 0))
    over = {}
    for milliseconds in (0, 5, 15):
        stage = compressor(threshold=-20, ratio=10, knee=0, attack=5, lookahead=milliseconds)
        y = run(stage, x)
        at = 4800 + stage.latency_frames
        over[milliseconds] = db(np.max(np.abs(y[0])) / np.abs(y[0, -1]))
        if milliseconds:
            assert db(y[0, at - 1] / delayed(x, stage.latency_frames)[0, at - 1]) < -10
            assert np.array_equal(y[:, :4800 - 1], delayed(x, stage.latency_frames)[:, :4800 - 1])
    assert over[0] > 17.5
    assert over[5] == pytest.approx(18 * np.exp(-1), abs=0.3)
    assert over[15] < 1.0


def test_a_shorter_lookahead_goes_on_as_if_it_had_always_been():
    x = signals.programme(2 * RATE)
    old, always = active("compressor", lookahead=5), active("compressor", lookahead=2)
    run(old, x[:, :RATE])
    run(always, x[:, :RATE])
    new = active("compressor", lookahead=2)
    new.take_from(old)
    assert np.array_equal(run(new, x[:, RATE:], when=RATE), run(always, x[:, RATE:], when=RATE))


@pytest.mark.parametrize("values", [{}, {"bypass": 1}])
def test_a_longer_lookahead_lacks_only_what_nobody_kept(values):
    x = signals.programme(2 * RATE)
    old, always = active("compressor", lookahead=2, **values), active("compressor", lookahead=5, **values)
    run(old, x[:, :RATE])
    run(always, x[:, :RATE])
    new = active("compressor", lookahead=5, **values)
    new.take_from(old)
    lacking = new.latency_frames - old.latency_frames
    y, want = run(new, x[:, RATE:], when=RATE), run(always, x[:, RATE:], when=RATE)
    assert np.array_equal(y[:, lacking:], want[:, lacking:])


@pytest.mark.parametrize("before", range(5))
@pytest.mark.parametrize("after", range(5))
def test_a_new_placement_keeps_the_sound_in_the_delay(before, after):
    x = signals.programme(RATE)
    old, new = compressor(lookahead=4, placement=before), compressor(lookahead=4, placement=after)
    run(old, x[:, :RATE // 2])
    new.take_from(old)
    assert np.array_equal(run(new, x[:, RATE // 2:], when=RATE // 2), delayed(x, 192)[:, RATE // 2:])


@pytest.mark.parametrize(("before", "after"), [
    ({"detector": 0}, {"detector": 1, "rms_window": 300}), ({"detector": 1}, {"detector": 0}),
    ({"auto_release": 0}, {"auto_release": 1}), ({"auto_release": 1}, {"auto_release": 0}),
    ({"detector_slope": 0}, {"detector_slope": 1}), ({"lookahead": 1}, {"lookahead": 9, "auto_release": 1}),
])
def test_gain_does_not_jump_when_a_fixed_parameter_changes(before, after):
    x = steady(2, -10)
    values = {"threshold": -35, "ratio": 4, "release": 500, "link": 70, "detector_low_cut": 40}
    old, new = compressor(**{**values, **before}), compressor(**{**values, **before, **after})
    y = run(old, x)
    new.take_from(old)
    later = run(new, x, when=2 * RATE)[:, new.latency_frames:]
    gains = db(np.concatenate([y[0, -1:] / x[0, -1:], later[0, :2400] / x[0, :2400]]))
    assert np.max(np.abs(gains - gains[0])) < 0.05


@pytest.mark.parametrize("auto_release", [0, 1])
def test_a_release_goes_on_when_it_changes_between_set_and_automatic(auto_release):
    x = steps((2, -10), (0.4, -60))
    values = {"threshold": -35, "ratio": 4, "release": 1000}
    old, new = compressor(auto_release=auto_release, **values), compressor(auto_release=1 - auto_release, **values)
    before = reduction(old, x)[-1]
    new.take_from(old)
    after = reduction(new, steady(0.1, -60))
    assert before > 10
    assert abs(after[0] - before) < 0.01
    assert after[-1] == pytest.approx(before * np.exp(-0.1), rel=0.1)


def test_a_steeper_low_cut_begins_with_an_empty_section():
    values = {"threshold": -60, "ratio": 10, "attack": 0.02, "release": 10, "detector_low_cut": 100}
    steep, flat, steep_again = (compressor(detector_slope=slope, **values) for slope in (1, 0, 1))
    run(steep, signals.noise(RATE))
    flat.take_from(steep)
    run(flat, np.zeros((2, RATE)))
    steep_again.take_from(flat)
    steep_again.meters()
    run(steep_again, np.zeros((2, RATE)))
    assert steep_again.meters()[2] == 0


@pytest.mark.parametrize("values", [{}, {"detector": 1, "rms_window": 5}, {"auto_release": 1}, {"detector_low_cut": 200}])
def test_in_silence_everything_comes_to_rest(values):
    """Nothing is left that decays for ever, towards denormal numbers."""
    stage = compressor(threshold=-50, ratio=6, attack=2, release=30, **values)
    run(stage, signals.programme(RATE))
    assert stage.meters()[2] > 10
    run(stage, np.zeros((2, 3 * RATE)))
    stage.meters()
    rested = stage.save()
    assert not run(stage, np.zeros((2, 4096))).any()
    assert stage.meters()[2] == 0
    assert stage.save() == rested


SMOOTH = {"detector": 1, "rms_window": 300, "attack": 0.02, "ratio": 4, "release": 300}    # so that only the moves can be heard
MOVES = [
    ("threshold", -10, -40, {}), ("threshold", -10, -40, {"detector": 0, "attack": 10}),
    ("ratio", 1, TOP_RATIO, {"threshold": -40}), ("ratio", 20, TOP_RATIO, {"threshold": -40}), ("knee", 0, 30, {"threshold": -9}),
    ("makeup", 0, 12, {}), ("auto_makeup", 0, 1, {"threshold": -30}),
    ("attack", 250, 0.02, {"threshold": -30}), ("detector_low_cut", 20, 400, {"threshold": -40}),
]


@pytest.mark.parametrize(("param_id", "start", "end", "values"), MOVES)
def test_no_move_leaves_a_zipper(param_id, start, end, values):
    """100 Hz at -6 dBFS: nothing above 3 kHz over -100 dBFS, where -85 is asked for."""
    x = signals.sine(3 * RATE, RATE, 100, -6)
    stage = compressor(**{**SMOOTH, **values, param_id: start})
    before = run(stage, x[:, :2 * RATE])
    turn(stage, param_id, end)
    after = run(stage, x[:, 2 * RATE:], when=2 * RATE)
    assert residue_dbfs(np.concatenate([before, after], axis=1)[0, RATE:]) < -100


@pytest.mark.parametrize("values", [
    {}, {"link": 100, "lookahead": 0}, {"detector": 1, "auto_release": 1},
    {"detector_slope": 1, "placement": 1, "knee": 0}, {"auto_makeup": 1},
])
def test_plain_and_vector_code_give_the_same_bits(values, monkeypatch):
    x, rng = signals.programme(40000), np.random.default_rng(5)
    x[:, 1000:1100] = 0
    outputs = []
    for held in ("portable", "avx2"):
        monkeypatch.setenv("MRT_CPU", held)
        stage = active("compressor", **values)
        first = run(stage, x[:, :20000], lambda: int(rng.integers(1, 700)))
        for param_id, value in (("threshold", -12), ("ratio", 1.7), ("knee", 20), ("link", 10), ("makeup", 3)):
            turn(stage, param_id, value)
        outputs.append(np.concatenate([first, run(stage, x[:, 20000:], lambda: int(rng.integers(1, 700)), when=20000)], axis=1))
    assert np.array_equal(*outputs)
