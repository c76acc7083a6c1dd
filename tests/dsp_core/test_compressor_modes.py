"""The compressor's four modes, its range, its two detectors, feedback, and what it does in mid / side."""
import numpy as np
import pytest

from dsp_core.design.compressor_curve import static_curve_db
from dsp_core.params import STAGES, params_of
from dsp_core.params.multiband import BAND_MODES
from dsp_core.stages import make
from tests import signals
from tests.checks import db, delayed, run
from tests.dsp_core.dynamics import RATE, TOP_RATIO, compressor, frames_until, reduction, residue_dbfs, steady, steps, turn

COMPRESS, LIFT, EXPAND, OPEN_UP = range(4)
PEAK, RMS, BOTH = range(3)
MID_SIDE = 1


def bent(over, slope, knee):
    return slope * np.where(over < -knee / 2, 0.0, np.where(over > knee / 2, over, (over + knee / 2) ** 2 / (2 * knee) if knee else 0.0))


def change_db(level, mode, threshold, ratio, knee, most):
    """The static curves from their own definition: a bend at the threshold, on one side of it or the other, as far as the range goes,
    whose last and next 2 dB are a parabola."""
    slope = 1 - 1 / ratio if mode in (COMPRESS, LIFT) else ratio - 1
    over = threshold - level if mode in (LIFT, EXPAND) else level - threshold
    change, width = bent(over, slope, knee), min(2, most)
    limited = np.minimum(change, most) - (np.maximum(width - np.abs(change - most), 0) ** 2 / (4 * width) if width else 0)
    return (1 if mode in (LIFT, OPEN_UP) else -1) * limited


CASES = [(mode, threshold, ratio, knee, most) for mode in range(4)
         for threshold, ratio, knee, most in ((-24, 4, 0, 60), (-24, 4, 6, 9), (-30, 1.5, 12, 60), (-40, 2, 30, 12))]
MOST = {COMPRESS: np.inf, LIFT: 24, EXPAND: 60, OPEN_UP: 24}


@pytest.mark.parametrize(("mode", "threshold", "ratio", "knee", "most"), CASES)
def test_static_curve_of_a_sine_in_every_mode(mode, threshold, ratio, knee, most):
    """997 Hz from -60 to 0 dBFS in steps of 2 dB, upwards, 0.6 s each, the last 0.2 s read, in the knee too."""
    levels = np.arange(-60.0, 0.5, 2)
    n, read = round(0.6 * RATE), round(0.2 * RATE)
    stage = compressor(mode=mode, threshold=threshold, ratio=ratio, knee=knee, range=most, attack=2, release=1500)
    run(stage, signals.sine(20 * RATE, RATE, 997, levels[0]))
    x = np.concatenate([signals.sine(n, RATE, 997, level) for level in levels], axis=1)
    y = run(stage, x)
    tails = [np.s_[0, (k + 1) * n - read:(k + 1) * n] for k in range(len(levels))]
    got = np.array([10 * np.log10(np.mean(y[s] ** 2) / np.mean(x[s] ** 2)) for s in tails])
    wanted = change_db(levels, mode, threshold, ratio, knee, min(most, MOST[mode]) if most == 60 else most)
    assert np.max(np.abs(got - wanted)) <= 0.05


@pytest.mark.parametrize(("mode", "threshold", "ratio", "knee", "most"), CASES)
def test_the_drawn_curve_is_that_of_the_mode(mode, threshold, ratio, knee, most):
    levels = np.arange(-60.0, 6.0, 0.25)
    drawn = np.array(static_curve_db({"mode": mode, "threshold": threshold, "ratio": ratio, "knee": knee, "range": most, "makeup": 1}, levels))
    wanted = change_db(levels, mode, threshold, ratio, knee, min(most, MOST[mode]) if most == 60 else most)
    assert np.max(np.abs(drawn - levels - 1 - wanted)) < 1e-9


def test_the_modes_have_the_names_of_the_multiband():
    assert next(p for p in STAGES["compressor"] if p.id == "mode").choices == BAND_MODES


@pytest.mark.parametrize("mode", range(4))
@pytest.mark.parametrize("topology", [0, 60, 100])
def test_any_mode_at_ratio_1_leaves_every_bit(mode, topology):
    x = signals.programme(RATE)
    for values in ({}, {"detector": BOTH, "hold": 30}, {"channels": MID_SIDE, "mid_link": 20, "side_link": 60}, {"detector_tilt": 2}):
        stage = compressor(mode=mode, topology=topology, threshold=-40, lookahead=1, **values)
        assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


def test_opening_up_gives_a_squashed_song_its_crest_back():
    """A programme compressed by 2 : 1 over -30 dB and opened up by 2 : 1 over the level that threshold got is itself again."""
    x = np.concatenate([steady(0.5, level) for level in (-30, -20, -10, -16, -28)], axis=1)
    squashed = run(compressor(threshold=-40, ratio=2, knee=0, attack=1, release=20), x)
    opened = run(compressor(mode=OPEN_UP, threshold=-40, ratio=2, knee=0, attack=1, release=20), squashed)
    tails = [round((k + 1) * 0.5 * RATE) - 1 for k in range(5)]
    assert np.max(np.abs(db(opened[0, tails] / x[0, tails]))) < 0.01


@pytest.mark.parametrize("mode", [LIFT, EXPAND])
def test_attack_is_always_the_way_of_a_rising_sound(mode):
    x = steps((1.5, -50), (0.4, -30), (1.0, -50))
    stage = compressor(mode=mode, threshold=-30, ratio=2, knee=0, attack=10, release=100)
    change = np.abs(reduction(stage, x))
    up, down = round(1.5 * RATE), round(1.9 * RATE)
    assert change[up - 1] == pytest.approx(10 if mode == LIFT else 20, abs=0.01)
    assert frames_until(-change, up - 1, -change[up - 1] * np.exp(-1)) == pytest.approx(480, rel=0.02)
    top = change[-1]
    assert frames_until(change, down - 1, top * (1 - np.exp(-1))) == pytest.approx(4800, rel=0.02)


def test_range_is_the_most_reduction():
    for most in (0, 3.5, 12, 50):
        r = reduction(compressor(threshold=-60, ratio=TOP_RATIO, knee=0, range=most, attack=1), steady(0.5, -2))
        assert np.max(r) == pytest.approx(min(most, 58), abs=2e-6)
    assert reduction(compressor(threshold=-60, ratio=TOP_RATIO, knee=0, attack=1), steady(0.5, 12))[-1] == pytest.approx(72, abs=1e-5)


@pytest.mark.parametrize("auto_release", [0, 1])
@pytest.mark.parametrize("hold", [0, 1, 40, 500])
def test_hold_waits_before_the_release_begins(hold, auto_release):
    x = steps((0.05, -60), (0.2, -10), (1.2, -60))
    down = round(0.25 * RATE)
    stage = compressor(threshold=-30, ratio=4, knee=0, attack=1, release=100, hold=hold, auto_release=auto_release)
    r = reduction(stage, x)
    kept = down + round(hold * RATE / 1000)
    assert np.ptp(r[down - 1:kept]) < 0.01
    if not auto_release:
        assert frames_until(r, kept - 1, r[kept - 1] * np.exp(-1)) == pytest.approx(4800, rel=0.02)


def test_hold_keeps_bass_from_distorting():
    """50 Hz, 10 dB over the threshold, a release of 20 ms: the way from one crest to the next is held."""
    x = signals.sine(3 * RATE, RATE, 50, -10)
    values = {"threshold": -20, "ratio": 4, "knee": 0, "attack": 5, "release": 20}
    thd = []
    for hold in (0, 12):
        spectrum = np.abs(np.fft.rfft(run(compressor(hold=hold, **values), x)[0][-RATE:] * np.hanning(RATE)))
        thd.append(10 * np.log10(sum(spectrum[50 * k] ** 2 for k in range(2, 40)) / spectrum[50] ** 2))
    assert thd[1] < thd[0] - 30


def test_of_two_detectors_the_one_that_asks_for_more_wins():
    """A sine whose crest is 3.01 dB: the RMS detector rules it until the peak detector's threshold is less than that above its own."""
    x = signals.sine(RATE, RATE, 997, -6)
    values = {"threshold": -30, "ratio": 2, "knee": 0, "attack": 1, "release": 200, "rms_window": 50}
    for crest in (0, 2, 3.01, 6, 24):
        y = run(compressor(detector=BOTH, peak_crest=crest, **values), x)
        tail = np.s_[0, -RATE // 4:]
        got = -10 * np.log10(np.mean(y[tail] ** 2) / np.mean(x[tail] ** 2))
        assert got == pytest.approx(0.5 * (24 - min(crest, 3.01)), abs=0.05)
        level = -6 - 3.0103
        assert static_curve_db({"detector": BOTH, "peak_crest": crest, **values}, [level])[0] == pytest.approx(level - got, abs=0.05)


def test_peak_and_rms_release_are_separate():
    """After a click the peak release rules, after a passage the RMS release; each alone would not do both."""
    values = {"detector": BOTH, "threshold": -20, "ratio": 4, "knee": 0, "attack": 0.5, "rms_window": 100, "peak_crest": 12,
              "release": 800, "peak_release": 20}
    click, passage = steps((0.3, -60), (0.0005, 0), (1.5, -60)), steps((0.3, -60), (1.0, -12), (3.0, -60))
    end = {"click": round(0.3005 * RATE), "passage": round(1.3 * RATE)}
    r = {"click": reduction(compressor(**values), click), "passage": reduction(compressor(**values), passage)}
    assert r["click"][end["click"]] > 3
    found = {}
    for name, curve in r.items():
        top = end[name] + int(np.argmax(curve[end[name]:]))
        found[name] = frames_until(curve, top, curve[top] * np.exp(-1)) * 1000 / RATE
    assert found["click"] < 30
    assert found["passage"] > 750


def loop(level_db, feedback, threshold, ratio, attack_ms, release_ms):
    """Feed-back compression written out: the detector hears the level in less its share of the reduction of the frame before."""
    slope = 1 - 1 / ratio
    inside = slope / (1 - feedback * slope)
    rise, fall = (1 - np.exp(-1e3 / (ms * RATE)) for ms in (attack_ms, release_ms))
    r, out = 0.0, []
    for level in level_db:
        wanted = max(0.0, inside * (level - feedback * r - threshold))
        r += (rise if wanted > r else fall) * (wanted - r)
        out.append(r)
    return np.array(out)


@pytest.mark.parametrize("feedback", [30, 100])
@pytest.mark.parametrize("ratio", [1.5, 4])
def test_feedback_is_what_a_loop_does(feedback, ratio):
    """Against the loop itself: both ways over the threshold, and the way back from it. Attack is far shorter than release here."""
    parts = ((0.05, -60), (0.3, -10), (0.5, -20), (0.3, -5), (1.0, -60))
    x = steps(*parts)
    r = reduction(compressor(threshold=-30, ratio=ratio, knee=0, attack=2, release=200, topology=feedback), x)
    want = loop(db(np.abs(x[0])), feedback / 100, -30, ratio, 2, 200)
    assert np.max(np.abs(r - want)) < 0.35
    assert np.sqrt(np.mean((r - want) ** 2)) < 0.06


def test_feedback_divides_the_attack_by_the_ratio_and_leaves_the_release_from_silence():
    for ratio in (2, 8):
        x = steps((0.05, -60), (0.5, -10), (1, -60))
        r = reduction(compressor(threshold=-30, ratio=ratio, knee=0, attack=20, release=200, topology=100), x)
        top = 20 * (1 - 1 / ratio)
        assert frames_until(r, 2399, top * (1 - np.exp(-1))) == pytest.approx(960 / ratio, rel=0.02)
        down = round(0.55 * RATE)
        assert frames_until(r, down - 1, r[down - 1] * np.exp(-1)) == pytest.approx(9600, rel=0.02)


@pytest.mark.parametrize("mode", range(4))
@pytest.mark.parametrize("topology", [50, 100])
@pytest.mark.parametrize(("attack", "release"), [(0.02, 10), (20, 300)])
def test_feedback_keeps_the_curve_and_is_stable_at_any_ratio(mode, topology, attack, release):
    for ratio in (1.2, 3, TOP_RATIO):
        for knee in (0, 12):
            stage = compressor(mode=mode, threshold=-30, ratio=ratio, knee=knee, range=20, attack=attack, release=release, topology=topology)
            highest = 1e9 if ratio == TOP_RATIO and mode in (COMPRESS, LIFT) else ratio
            for level in (-36, -27):
                got = -reduction(stage, steady(20 if release > 100 else 1, level))[-1]
                assert got == pytest.approx(float(change_db(np.array(level), mode, -30, highest, knee, 20)), abs=0.02)


def balance(stage, x):
    """Gains of mid and side at the end, dB."""
    y = run(stage, x)
    return [db((y[0, -1] + sign * y[1, -1]) / (x[0, -1] + sign * x[1, -1])) for sign in (1, -1)]


@pytest.mark.parametrize(("mid_link", "side_link"), [(0, 0), (100, 0), (0, 100), (100, 100), (30, 70)])
@pytest.mark.parametrize("louder", ["mid", "side"])
def test_mid_and_side_follow_each_other_as_far_as_their_own_links_say(mid_link, side_link, louder):
    """Over -40 dB at 2 : 1: -10 dB asks for 15 dB, -30 for 5."""
    loud, soft = steady(1, -10)[0], steady(1, -30)[0] * np.where(np.arange(RATE) % 4 < 2, 1, -1)
    mid, side = (loud, soft) if louder == "mid" else (soft, loud)
    x = np.stack([mid + side, mid - side])
    stage = compressor(threshold=-40, ratio=2, knee=0, attack=1, channels=MID_SIDE, mid_link=mid_link, side_link=side_link, link=0)
    mid_db, side_db = balance(stage, x)
    own = (-15.0, -5.0) if louder == "mid" else (-5.0, -15.0)
    assert mid_db == pytest.approx(own[0] + mid_link / 100 * min(own[1] - own[0], 0), abs=1e-3)
    assert side_db == pytest.approx(own[1] + side_link / 100 * min(own[0] - own[1], 0), abs=1e-3)


def test_mid_side_is_not_heard_where_the_stage_works_on_one_channel():
    x = signals.programme(RATE // 2)
    for placement in (1, 2, 3, 4):
        one, other = (run(compressor(threshold=-40, ratio=3, placement=placement, channels=channels), x) for channels in (0, 1))
        assert np.array_equal(one, other)


def test_the_tilt_is_straight_around_1_khz():
    """What the detector reads of a sine, 30 Hz to 12 kHz, against so many dB per octave."""
    for tilt, most in ((-3, 0.4), (-1, 0.15), (1.5, 0.35), (3, 0.8)):
        for hz in (30, 80, 250, 1000, 3000, 8000, 12000):
            x = signals.sine(RATE, RATE, hz, -20)
            stage = compressor(threshold=-60, ratio=TOP_RATIO, knee=0, attack=5, release=1500, detector=RMS, rms_window=100, detector_tilt=tilt)
            run(stage, x[:, :-4800])
            stage.meters()
            run(stage, x[:, -4800:], when=x.shape[1] - 4800)
            heard = stage.meters()[2] - 60 + 20 + 3.0103
            assert heard == pytest.approx(tilt * np.log2(hz / 1000), abs=most if hz != 1000 else 0.02), (tilt, hz)


def test_the_tilt_does_not_touch_the_sound():
    x = signals.sine(RATE, RATE, 40, -12)
    y = run(compressor(threshold=-12, ratio=4, knee=0, detector_tilt=3), x)
    assert np.array_equal(y, x)


GLIDING = [p for p in params_of("compressor") if p.change == "glide"]


@pytest.mark.parametrize("mode", range(4))
@pytest.mark.parametrize("param_id", [p.id for p in GLIDING])
def test_no_parameter_clicks_in_any_mode(param_id, mode):
    """From end to end and back under 100 Hz at -6 dBFS: -85 dBFS over 3 kHz. Slow times, so that only the moves can be heard."""
    param = next(p for p in GLIDING if p.id == param_id)
    base = {"mode": mode, "detector": BOTH if param_id.startswith("peak") else RMS, "rms_window": 300, "attack": 10, "release": 600,
            "peak_release": 600, "threshold": -30 if mode == COMPRESS else -12, "ratio": 2, "knee": 12, "range": 6, "topology": 50}
    low, high = {"release": (300, 2500), "peak_release": (300, 2500), "attack": (5, 250), "rms_window": (100, 300)}.get(param_id, (param.low, param.high))
    stage, x, y = make("compressor", RATE, {**base, param_id: low}), signals.sine(6 * RATE, RATE, 100, -6), []
    for k, value in enumerate((None, high, low)):
        if value is not None:
            turn(stage, param_id, value)
        y.append(run(stage, x[:, 2 * k * RATE:2 * (k + 1) * RATE], when=2 * k * RATE))
    assert residue_dbfs(np.concatenate(y, axis=1)[0, RATE:]) <= -85


@pytest.mark.parametrize("values", [{"mode": OPEN_UP}, {"mode": EXPAND, "threshold": -50}, {"hold": 200}, {"topology": 100}, {"detector": BOTH},
                                    {"detector_tilt": 3}, {"channels": MID_SIDE, "mid_link": 0}])
def test_in_silence_everything_comes_to_rest(values):
    stage = compressor(**{"threshold": -50, "ratio": 6, "attack": 2, "release": 30, "range": 30, **values})
    run(stage, signals.programme(RATE))
    run(stage, np.zeros((2, 8 * RATE)))
    stage.meters()
    rested = stage.save()
    assert not run(stage, np.zeros((2, 4096))).any()
    assert (stage.meters()[2] == 0) == (values.get("mode") != EXPAND)
    assert stage.save() == rested


@pytest.mark.parametrize("values", [{"mode": LIFT}, {"mode": OPEN_UP, "link": 30}, {"topology": 70, "hold": 20}, {"detector": BOTH, "topology": 30},
                                    {"channels": MID_SIDE, "mid_link": 10, "detector_tilt": -2, "auto_release": 1, "topology": 100}])
def test_plain_and_vector_code_give_the_same_bits(values, monkeypatch):
    x, rng = signals.programme(40000), np.random.default_rng(5)
    x[:, 1000:1100] = 0
    outputs = []
    for held in ("portable", "avx2"):
        monkeypatch.setenv("MRT_CPU", held)
        stage = compressor(**{"threshold": -30, "ratio": 3, "attack": 5, "release": 80, "range": 20, **values})
        first = run(stage, x[:, :20000], lambda: int(rng.integers(1, 700)))
        for param_id, value in (("threshold", -12), ("ratio", 1.7), ("topology", 10), ("hold", 3), ("range", 5), ("detector_tilt", 1)):
            turn(stage, param_id, value)
        outputs.append(np.concatenate([first, run(stage, x[:, 20000:], lambda: int(rng.integers(1, 700)), when=20000)], axis=1))
    assert np.array_equal(*outputs)


@pytest.mark.parametrize(("before", "after"), [
    ({"channels": 0}, {"channels": 1}), ({"channels": 1}, {"channels": 0}), ({"detector": RMS}, {"detector": BOTH}),
    ({"detector": PEAK}, {"detector": BOTH}), ({"detector": BOTH}, {"detector": RMS}),
])
def test_gain_does_not_jump_when_detectors_or_channels_change(before, after):
    x = steady(2, -10)
    values = {"threshold": -35, "ratio": 4, "release": 500, "detector_low_cut": 40, "detector_tilt": 1, "peak_crest": 24}
    old, new = compressor(**{**values, **before}), compressor(**{**values, **before, **after})
    y = run(old, x)
    new.take_from(old)
    later = run(new, x, when=2 * RATE)
    gains = db(np.concatenate([y[0, -1:] / x[0, -1:], later[0, :2400] / x[0, :2400]]))
    assert np.max(np.abs(gains - gains[0])) < 0.05


@pytest.mark.parametrize("mode", [LIFT, EXPAND])
def test_a_mode_that_acts_under_its_threshold_begins_without_a_jump_and_leaves_every_bit_over_it(mode):
    x = steady(1, -6)
    assert np.array_equal(run(compressor(mode=mode, threshold=-20, ratio=3, range=20), x), x)
