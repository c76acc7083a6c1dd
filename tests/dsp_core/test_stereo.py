"""What only the stereo stage promises: widths that never turn the image, mono bass in phase, a guard that undoes only what it must."""
import numpy as np
import pytest

from dsp_core.params import STAGES, index_of
from dsp_core.stages import make
from tests import signals
from tests.checks import active, db, null_depth_db, run
from tests.dsp_core.dynamics import residue_dbfs, turn

RATE = 48000
SPREAD = {"bands": 3, "crossover1": 100, "crossover2": 800, "crossover3": 5000}


def stereo(**values):
    return make("stereo", RATE, values)


def responses(stage, frames=1 << 17):
    """Of mid to mid and of side to side, on the bins of the FFT."""
    out = []
    for sign in (1, -1):
        x = signals.impulse(frames, level=1.0)
        x[1] *= sign
        y = run(stage, x)
        stage.restart_now()
        out.append(np.fft.rfft(0.5 * (y[0] + sign * y[1])))
    return np.fft.rfftfreq(frames, 1 / RATE), *out


def warp(hz, corner):
    """Frequency over corner, as the bilinear transform bends both."""
    return np.tan(np.pi * hz / RATE) / np.tan(np.pi * corner / RATE)


def allpass(x, corners):
    """The sum of Linkwitz-Riley bands, by transfer function: one second-order allpass per crossover, poles of Butterworth."""
    from scipy.signal import lfilter
    for corner in corners:
        g = np.tan(np.pi * corner / RATE)
        den = np.array([1 + np.sqrt(2) * g + g * g, 2 * (g * g - 1), 1 - np.sqrt(2) * g + g * g])
        x = lfilter(den[::-1], den, x, axis=1)
    return x


def powers(y):
    return np.mean((0.5 * (y[0] + y[1])) ** 2), np.mean((0.5 * (y[0] - y[1])) ** 2)


def test_width_of_one_band_scales_the_side_alone():
    x = signals.programme(9600)
    y = run(stereo(width1=150), x)
    assert np.allclose(y[0] + y[1], x[0] + x[1], rtol=0, atol=1e-15)
    assert np.allclose(y[0] - y[1], 1.5 * (x[0] - x[1]), rtol=0, atol=1e-15)


@pytest.mark.parametrize("bands", [1, 2, 3])
def test_bands_of_one_width_are_the_allpass_chain(bands):
    x = signals.noise(48000)
    y = run(stereo(**{**SPREAD, "bands": bands}, **{f"width{b}": 50 for b in range(1, 5)}), x)
    want = allpass(x, (100, 800, 5000)[:bands])
    side = 0.5 * (want[0] - want[1])
    want = want + 0.5 * np.stack([-side, side])
    assert null_depth_db(want[:, 4800:], y[:, 4800:]) < -240


def test_crossover_sum_is_flat():
    _, mid, side = responses(stereo(**SPREAD, width1=50, width2=50, width3=50, width4=50))
    assert np.max(np.abs(db(mid))) < 1e-4
    assert np.max(np.abs(db(side) - db(0.5))) < 1e-4


def test_widths_never_turn_the_side_against_the_mid():
    hz, mid, side = responses(stereo(bands=1, crossover1=800, width1=30, width2=180))
    ratio, w4 = side[1:-1] / mid[1:-1], warp(hz[1:-1], 800) ** 4
    assert np.max(np.abs(ratio - (0.3 + 1.8 * w4) / (1 + w4))) < 1e-9
    _, mid, side = responses(stereo(**SPREAD, width1=0, width2=140, width3=60, width4=200))
    ratio = side / mid
    assert np.max(np.abs(ratio.imag)) < 1e-9
    assert np.min(ratio.real) > -1e-9


@pytest.mark.parametrize(("slope", "order"), [(0, 2), (1, 4), (2, 8)])
@pytest.mark.parametrize("corner", [60.0, 150.0, 400.0])
def test_mono_bass_is_real_and_six_decibels_down_at_its_corner(slope, order, corner):
    hz, mid, side = responses(stereo(mono_below=corner, mono_slope=slope))
    w = warp(hz[1:-1], corner) ** order
    assert np.max(np.abs(side[1:-1] / mid[1:-1] - w / (1 + w))) < 1e-8
    assert np.max(np.abs(db(mid))) < 1e-4
    at = np.interp(corner, hz, np.abs(side / mid))
    assert db(at) == pytest.approx(-6.0206, abs=0.01)


def test_bass_is_mono():
    x = signals.noise(48000)
    y = run(stereo(mono_below=150, mono_slope=2), x)
    spectrum = np.abs(np.fft.rfft((y[0] - y[1]) * np.hanning(48000)))
    assert db(np.max(spectrum[20:60]) / np.max(spectrum[1000:2000])) < -60


def test_four_bands_that_change_nothing_are_no_filter():
    x = signals.programme(20000)
    assert np.array_equal(run(stereo(bands=3), x), x)


def test_a_filter_that_was_in_the_sound_leaves_it_to_the_bit():
    x = signals.programme(96000)
    stage = stereo(bands=1, mono_below=120, width2=160)
    run(stage, x[:, :24000])
    turn(stage, "mono_below", 20)
    turn(stage, "width2", 100)
    assert np.array_equal(run(stage, x[:, 24000:], when=24000)[:, -24000:], x[:, -24000:])


@pytest.mark.parametrize("guard", [1, 2])
def test_the_guard_leaves_what_is_in_phase_to_the_bit(guard):
    x = signals.programme(48000)
    assert np.array_equal(run(stereo(guard=guard), x), x)


def test_the_guard_takes_back_what_widening_did_too_much():
    """Side as loud as mid, then twice as wide: the side goes back to the mid's level. Side louder from the start: to its own level."""
    x = signals.noise(4 * RATE)
    stage = stereo(width1=200, guard=1)
    mid, side = powers(run(stage, x)[:, -RATE:])
    assert 10 * np.log10(side / mid) == pytest.approx(0, abs=0.3)
    assert stage.meters()[2] == pytest.approx(6.02, abs=0.6)
    x[1] = 2 * x[1] - x[0]
    x *= 0.3
    y = run(stereo(width1=200, guard=1), x)
    assert 10 * np.log10(powers(y[:, -RATE:])[1] / powers(x[:, -RATE:])[1]) == pytest.approx(0, abs=0.3)


def test_the_guard_always_keeps_the_correlation_from_falling_under_zero():
    x = signals.noise(4 * RATE)
    x[1] = 0.2 * x[1] - x[0]
    y = run(stereo(guard=2), x)[:, -2 * RATE:]
    assert np.corrcoef(x)[0, 1] < -0.9
    assert np.corrcoef(y)[0, 1] > -0.05


def test_the_guard_does_not_silence_a_reversed_channel():
    x = signals.sine(2 * RATE, RATE, 440, -6)
    x[1] *= -1
    assert db(np.max(np.abs(run(stereo(guard=2), x)[:, -RATE:])) / 0.5012) == pytest.approx(-30, abs=0.1)


@pytest.mark.parametrize(("values", "gains"), [
    ({"balance": 3}, (-3, 0)), ({"balance": -4.5}, (0, -4.5)), ({"mid_gain": 6, "side_gain": 6}, (6, 6)),
])
def test_levels_are_what_the_numbers_say(values, gains):
    x = signals.noise(4800)
    y = run(stereo(**values), x)
    assert np.allclose(db(y / x), np.array(gains)[:, None], atol=1e-9)


def test_off_is_silence():
    x = signals.noise(4800)
    side_alone, mid_alone = run(stereo(mid_gain=-96), x), run(stereo(side_gain=-96), x)
    assert np.max(np.abs(side_alone[0] + side_alone[1])) < 1e-15
    assert np.max(np.abs(mid_alone[0] - mid_alone[1])) < 1e-15


@pytest.mark.parametrize("degrees", [-45, -10, 30, 45])
def test_rotation_turns_the_centre_and_keeps_the_power(degrees):
    x = signals.noise(4800)
    y = run(stereo(rotation=degrees), x)
    assert np.allclose(np.sum(y ** 2, axis=0), np.sum(x ** 2, axis=0), rtol=1e-12)
    centre = run(stereo(rotation=degrees), np.ones((2, 480)))[:, -1]
    assert np.degrees(np.arctan2(centre[1], centre[0])) == pytest.approx(45 + degrees)


def test_channel_repair_is_exact():
    x = signals.noise(4800)
    y = run(stereo(swap=1, invert_left=1, delay_left=7, delay_right=300), x, lambda: 97)
    assert np.array_equal(y[0, 7:], -x[1, :-7])
    assert np.array_equal(y[1, 300:], x[0, :-300])
    assert not y[0, :7].any()
    assert not y[1, :300].any()


def test_a_new_delay_begins_with_what_the_old_one_holds():
    x = signals.noise(9600)
    old = stereo(delay_left=20)
    run(old, x[:, :4800])
    new = stereo(delay_left=12)
    new.take_from(old)
    assert np.array_equal(run(new, x[:, 4800:], when=4800)[0], x[0, 4788:-12])


@pytest.mark.parametrize("placement", [1, 2, 3, 4])
def test_one_part_of_the_sound_has_no_image(placement):
    x = signals.programme(9600)
    assert np.array_equal(run(active("stereo", placement=placement, rotation=20), x), x)


MOVES = [("width1", 0, 200), ("crossover1", 60, 400), ("mono_below", 60, 300), ("mono_below", 20, 150), ("mid_gain", -96, 12),
         ("side_gain", 12, -96), ("balance", -6, 6), ("rotation", -45, 45)]


@pytest.mark.parametrize(("param_id", "start", "end"), MOVES)
@pytest.mark.parametrize("values", [{}, {"bands": 1, "width2": 150, "mono_slope": 2}])
def test_no_move_leaves_a_zipper(param_id, start, end, values):
    """100 Hz, left 12 dB over right: nothing above 3 kHz over -85 dBFS."""
    x = signals.sine(3 * RATE, RATE, 100, -6)
    x[1] *= 0.25
    stage = stereo(**{**values, param_id: start})
    before = run(stage, x[:, :2 * RATE])
    turn(stage, param_id, end)
    after = run(stage, x[:, 2 * RATE:], when=2 * RATE)
    assert residue_dbfs(np.concatenate([before, after], axis=1)[0, RATE:]) < -85


def test_plain_and_vector_code_give_the_same_bits(monkeypatch):
    x, rng = signals.programme(30000), np.random.default_rng(5)
    outputs = []
    for held in ("portable", "avx2"):
        monkeypatch.setenv("MRT_CPU", held)
        stage = active("stereo", bands=3, mono_slope=2, rotation=12)
        first = run(stage, x[:, :15000], lambda: int(rng.integers(1, 700)))
        for param in STAGES["stereo"]:
            if param.change == "glide":
                stage.set(index_of("stereo", param.id), param.from_norm(0.37))
        outputs.append(np.concatenate([first, run(stage, x[:, 15000:], lambda: int(rng.integers(1, 700)), when=15000)], axis=1))
    assert np.array_equal(*outputs)
