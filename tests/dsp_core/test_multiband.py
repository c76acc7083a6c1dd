"""What only the multiband promises: four kinds of dynamics in each band, a sum that stays flat, and bands that come and go unheard."""
import numpy as np
import pytest

from dsp_core.params import STAGES, index_of, params_of
from dsp_core.stages import make
from tests import signals
from tests.checks import active, db, delayed, run
from tests.dsp_core.dynamics import RATE, frames_until, residue_dbfs, steady, steps

COMPRESS, LIFT, EXPAND, OPEN_UP = range(4)
OVER = {"band1_threshold": 0, "band1_ratio": 2, "band1_knee": 0}       # needed, but never over its threshold


def multiband(rate=RATE, **values):
    return make("multiband", rate, values)


def top_band(mode, **values):
    """Two bands, the upper one at work; `steady` lies wholly in it."""
    return multiband(bands=0, band2_mode=mode, **{f"band2_{k}": v for k, v in values.items()})


def change(stage, x):
    """Change of level in dB of every frame, for sounds without zeros."""
    return db(run(stage, x)[0] / x[0])


def formula(mode, level, threshold, ratio, knee, most):
    over = level - threshold if mode in (COMPRESS, OPEN_UP) else threshold - level
    slope = 1 - 1 / ratio if mode in (COMPRESS, LIFT) else ratio - 1
    bend = (over + knee / 2) ** 2 / (2 * knee) if knee else 0.0
    depth = min(slope * (0.0 if over < -knee / 2 else over if over > knee / 2 else bend), most)
    return depth if mode in (LIFT, OPEN_UP) else -depth


@pytest.mark.parametrize("mode", range(4))
@pytest.mark.parametrize(("threshold", "ratio", "knee", "most"), [(-30, 2, 0, 24), (-24, 4, 6, 12), (-40, 1.5, 20, 24), (-30, 20, 6, 9)])
def test_static_curve_is_the_formula(mode, threshold, ratio, knee, most):
    for level in np.arange(-60.0, 0.5, 4):
        stage = top_band(mode, threshold=threshold, ratio=ratio, knee=knee, range=most, attack=1, release=10)
        got = change(stage, steady(0.4, level))[-1]
        assert abs(got - formula(mode, level, threshold, ratio, knee, most)) < 2e-5


@pytest.mark.parametrize("hz", [60, 400, 3000, 11900])
def test_a_sine_in_the_middle_of_a_band_gets_the_formula_of_its_peak(hz):
    band = [60, 400, 3000, 11900].index(hz) + 1
    values = {f"band{band}_{k}": v for k, v in {"threshold": -24, "ratio": 3, "knee": 6, "attack": 5, "release": 250, "range": 24}.items()}
    x = signals.sine(2 * RATE, RATE, hz, -6)
    y = run(multiband(crossover1=150, crossover2=1100, crossover3=6500, slope=1, **values), x)
    got = 10 * np.log10(np.mean(y[0, -RATE // 2:] ** 2) / np.mean(x[0, -RATE // 2:] ** 2))
    assert abs(got + 12) < 0.2


@pytest.mark.parametrize(("mode", "loud", "soft"), [(COMPRESS, -10, -50), (OPEN_UP, -22, -50), (EXPAND, -28, -36), (LIFT, -28, -40)])
@pytest.mark.parametrize(("attack", "release"), [(5, 100), (20, 300), (50, 60)])
def test_attack_and_release_are_the_times_of_63_percent(mode, loud, soft, attack, release):
    """Within 2 % or 2 frames, read on the band alone. Both levels lie on a straight part of the curve or beyond its end."""
    x = steps((1.0, soft), (1.5, loud), (1.5, soft))
    values = {"bands": 0, "crossover1": 20, "band2_solo": 1, "band2_attack": attack, "band2_release": release}
    still = run(multiband(**values), x)
    moved = run(multiband(**values, band2_mode=mode, band2_threshold=-28, band2_ratio=2, band2_knee=0, band2_range=24), x)
    curve = np.abs(db(moved[0] / still[0]))
    up, down = RATE, round(2.5 * RATE)
    for start, end, wanted in ((up, down, attack), (down, len(curve), release)):
        before, after = curve[start - 1], curve[end - 1]
        assert abs(after - before) > 1
        took = frames_until(curve, start, before + (1 - np.exp(-1)) * (after - before)) * 1e3 / RATE
        assert took == pytest.approx(wanted, rel=0.02, abs=2e3 / RATE)


@pytest.mark.parametrize("slope", [0, 1])
@pytest.mark.parametrize("bands", range(5))
def test_bands_that_do_nothing_yet_sum_flat(bands, slope):
    y = run(multiband(bands=bands, slope=slope, **OVER), signals.impulse(1 << 16, level=1e-3))
    assert np.max(np.abs(db(np.fft.rfft(y[0]) / 1e-3))) < 1e-4


@pytest.mark.parametrize("mix", [10, 50, 90])
def test_no_mix_leaves_notches(mix):
    """A mix with the plain input would: the allpass turns by 180 degrees at every crossover."""
    y = run(multiband(mix=mix, **OVER), signals.impulse(1 << 16, level=1e-3))
    assert np.max(np.abs(db(np.fft.rfft(y[0]) / 1e-3))) < 1e-4


def test_mix_is_a_share_of_the_change():
    x = steady(0.5, -10)
    whole = top_band(COMPRESS, threshold=-30, ratio=2, knee=0)
    half = multiband(bands=0, mix=50, band2_threshold=-30, band2_ratio=2, band2_knee=0)
    gain, mixed = (run(stage, x)[0, -1] / x[0, -1] for stage in (whole, half))
    assert mixed == pytest.approx(0.5 + 0.5 * gain, abs=1e-9)


def test_solo_and_mute_take_the_bands_apart():
    x = signals.programme(RATE)
    whole = run(multiband(**OVER), x)
    soloed = [run(multiband(**OVER, **{f"band{b}_solo": 1}), x) for b in range(1, 5)]
    assert np.max(np.abs(sum(soloed) - whole)) < 1e-12
    muted = run(multiband(**OVER, band2_mute=1), x)
    assert np.max(np.abs(muted + soloed[1] - whole)) < 1e-12
    both = run(multiband(**OVER, band1_solo=1, band3_solo=1), x)
    assert np.max(np.abs(both - soloed[0] - soloed[2])) < 1e-12
    nothing = run(multiband(**{f"band{b}_mute": 1 for b in range(1, 5)}), x)
    assert not nothing.any()


def test_the_solo_of_a_band_that_is_not_there_silences_nothing():
    x = signals.programme(20000)
    assert np.array_equal(run(multiband(band6_solo=1), x), x)


def test_a_band_that_is_off_passes_without_dynamics_and_makeup():
    x = signals.programme(RATE)
    values = {"band2_threshold": -60, "band2_ratio": 8, "band2_makeup": 6}
    assert np.max(np.abs(run(multiband(**OVER, **values, band2_on=0), x) - run(multiband(**OVER), x))) < 1e-9
    assert np.array_equal(run(multiband(**values, band2_on=0), x), x)


@pytest.mark.parametrize("values", [
    {"bands": 4, "slope": 1, "crossover1": 300}, {"link": 0, "band1_threshold": -80}, {"band1_range": 0, "band1_ratio": 20},
    {"mix": 40}, {"mix": 0, "band1_mute": 1}, {"placement": 2, "band3_mode": 2},
])
def test_a_stage_that_changes_nothing_leaves_every_bit(values):
    x = signals.programme(30000) * 2
    stage = multiband(**values)
    assert np.array_equal(run(stage, x), x)
    assert stage.meters()[2] == 0


def test_it_comes_in_and_goes_without_a_click_and_ends_on_every_bit():
    stage, x = multiband(), signals.sine(3 * RATE, RATE, 100, -6)
    y = [run(stage, x[:, :RATE])]
    stage.set(index_of("multiband", "band4_makeup"), 0.1)
    y.append(run(stage, x[:, RATE:2 * RATE], when=RATE))
    stage.set(index_of("multiband", "band4_makeup"), 0)
    y.append(run(stage, x[:, 2 * RATE:], when=2 * RATE))
    assert not np.array_equal(y[1][:, -9600:], x[:, 2 * RATE - 9600:2 * RATE])
    assert np.array_equal(y[2][:, -9600:], x[:, -9600:])
    assert residue_dbfs(np.concatenate(y, axis=1)[0]) <= -85


GLIDING = [p.id for p in STAGES["multiband"] if p.change == "glide" and p.id[:5] not in ("band3", "band4", "band5", "band6")]


@pytest.mark.parametrize("param_id", [*GLIDING, "mix", "bypass"])
def test_no_move_clicks(param_id):
    """From end to end under a 100 Hz tone, which lies between both bands; -85 dBFS over 3 kHz."""
    base = {"bands": 0, "slope": 1, "crossover1": 150, "band1_threshold": -20, "band1_ratio": 2, "band1_attack": 40, "band1_release": 900,
            "band1_range": 6, "band2_threshold": -30, "band2_ratio": 1.5, "band2_attack": 40, "band2_release": 900, "band2_range": 6}
    param = params_of("multiband")[index_of("multiband", param_id)]
    low, high = param.low, param.high
    if param_id.endswith(("attack", "release")):
        low, high = (20, 250) if param_id.endswith("attack") else (300, 2500)
    stage, x = multiband(**{**base, param_id: low}), signals.sine(4 * RATE, RATE, 100, -6)
    y = [run(stage, x[:, :2 * RATE])]
    stage.set(index_of("multiband", param_id), high)
    y.append(run(stage, x[:, 2 * RATE:3 * RATE], when=2 * RATE))
    stage.set(index_of("multiband", param_id), low)
    y.append(run(stage, x[:, 3 * RATE:], when=3 * RATE))
    assert residue_dbfs(np.concatenate(y, axis=1)[0, RATE:]) <= -85


def test_crossovers_that_overtake_wait_at_their_neighbour():
    x = signals.impulse(1 << 15, level=1e-3)
    crossed = run(multiband(crossover1=3000, crossover2=500, band1_solo=1), x)
    apart = run(multiband(crossover1=3000, crossover2=3000, band1_solo=1), x)
    assert np.array_equal(crossed, apart)


def left_loud(apart_db=14):
    x = steady(1.0, -6)
    x[1] *= 10 ** (-apart_db / 20)
    return x


def test_full_link_gives_both_channels_the_same_gain():
    x = left_loud()
    y = run(top_band(COMPRESS, threshold=-40, ratio=3), x)
    assert np.max(np.abs(y[0] / x[0] - y[1] / x[1])) < 1e-9


def test_no_link_moves_each_channel_by_its_own_level():
    x = left_loud()
    y = run(multiband(bands=0, link=0, band2_threshold=-40, band2_ratio=3, band2_knee=0, band2_range=24), x)
    gain = -db(y[:, -1] / x[:, -1])
    assert gain == pytest.approx(np.minimum(np.array([34, 20]) * 2 / 3, 24), abs=1e-4)


def test_linking_while_playing_ends_with_both_channels_alike():
    stage, x = multiband(bands=0, link=0, band2_threshold=-40, band2_ratio=3, band2_release=20), np.tile(left_loud(), 2)
    run(stage, x[:, :RATE])
    stage.set(index_of("multiband", "link"), 100)
    y = run(stage, x[:, RATE:], when=RATE)
    assert np.max(np.abs(y[0, -9600:] / x[0, -9600:] - y[1, -9600:] / x[1, -9600:])) < 1e-9


def test_the_meter_shows_the_deepest_reduction_of_all_bands():
    stage = multiband(bands=0, band2_threshold=-30, band2_ratio=2, band2_knee=0, band2_attack=1, band2_range=24)
    run(stage, steady(0.5, -10))
    stage.meters()
    run(stage, steady(0.5, -10), when=24000)
    assert stage.meters()[2] == pytest.approx(10, abs=0.01)
    lifted = top_band(LIFT, threshold=-10, ratio=2)
    run(lifted, steady(0.5, -30))
    assert lifted.meters()[2] == 0


@pytest.mark.parametrize("values", [{"bands": 4}, {"slope": 1}, {"band1_mode": EXPAND}, {"placement": 1}])
def test_a_successor_with_other_fixed_values_is_in_at_once(values):
    """And plays like one that has always been there, once its filters are full."""
    x, old = signals.programme(3 * RATE), active("multiband")
    run(old, x[:, :RATE])
    new, always = active("multiband", **values), active("multiband", **values)
    new.take_from(old)
    y, want = run(new, x[:, RATE:], when=RATE), run(always, x)[:, RATE:]
    assert np.max(np.abs(y[:, -RATE // 2:] - want[:, -RATE // 2:])) < 1e-3
    assert not np.array_equal(y[:, 64:900], x[:, RATE + 64:RATE + 900])


def test_all_of_it_at_once_is_the_same_for_any_cut_while_parameters_move():
    def play(pieces):
        stage, rng, y, done = active("multiband", bands=4), np.random.default_rng(2), [], 0
        x = signals.programme(24000)
        for start in range(0, 24000, 2400):
            param = params_of("multiband")[int(rng.integers(0, len(params_of("multiband"))))]
            if param.change == "glide":
                stage.set(index_of("multiband", param.id), param.from_norm(float(rng.uniform())))
            stage.set(index_of("multiband", "crossover2"), float(rng.uniform(300, 3000)))
            y.append(run(stage, x[:, start:start + 2400], pieces, when=start))
            done += 2400
        return np.concatenate(y, axis=1)
    rng = np.random.default_rng(11)
    assert np.array_equal(play(None), play(lambda: int(rng.integers(1, 300))))


def test_delayed_by_nothing():
    assert multiband().latency_frames == 0
    assert np.array_equal(run(multiband(), signals.programme(100)), delayed(signals.programme(100), 0))
