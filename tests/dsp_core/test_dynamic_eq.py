"""What only the dynamic equaliser promises: true shapes at every gain, thresholds of two kinds, and bands that leave every bit at rest."""
import numpy as np
import pytest

from dsp_core.kernels.dynamic_check import cascade, coefficients, hear, moves
from dsp_core.params import STAGES, index_of, params_of
from dsp_core.params.dynamic_eq import DYNAMIC_EQ_TYPES
from dsp_core.stages import make
from tests import signals
from tests.analog import band_db
from tests.checks import active, db, run
from tests.dsp_core.dynamics import RATE, frames_until, residue_dbfs

OVER, UNDER = 0, 1
KINDS = ("bell", "low shelf", "high shelf")


def dynamic_eq(rate=RATE, **values):
    return make("dynamic_eq", rate, values)


def band(number=1, **values):
    return dynamic_eq(**{f"band{number}_{key}": value for key, value in values.items()})


def response_db(c, hz, rate):
    """Magnitude of the filter of dsp_core/kernels/dynamic_band.h, solved in its state space."""
    z = np.exp(2j * np.pi * np.asarray(hz) / rate)
    a00, a01, a10, a11 = z - c[0], c[1], -c[1], z - 1 + c[2]
    det = a00 * a11 - a01 * a10
    s0, s1 = (c[1] * a11 - a01 * c[2]) / det, (a00 * c[2] - a10 * c[1]) / det
    return 20 * np.log10(np.abs(1 + c[4] * s0 + c[5] * s1 + c[3] * (1 - s1)))


def level_change(stage, hz, level, seconds=2.0):
    """dB by which a sine changes, once everything is steady."""
    x = signals.sine(round(seconds * RATE), RATE, hz, level)
    y = run(stage, x)
    tail = np.s_[0, -RATE // 4:]
    return 10 * np.log10(np.mean(y[tail] ** 2) / np.mean(x[tail] ** 2))


@pytest.mark.parametrize("kind", range(3))
@pytest.mark.parametrize(("rate", "most"), [(44100, 0.6), (48000, 0.4), (96000, 0.15)])
def test_the_shape_is_the_analog_one_at_every_gain(kind, rate, most):
    hz = np.geomspace(20, 20000, 300)
    for f in (30, 300, 3000, 10000):
        for q in (0.71, 1, 4):
            for gain, span in ((0, -6), (0, 6), (3, -6), (-6, 6), (6, -12), (0, -12)):
                for u in (0, 0.2, 0.5, 0.8, 1):
                    if kind and q > 1:
                        continue
                    got = response_db(coefficients(kind, f, q, gain, span, u, rate), hz, rate)
                    error = np.max(np.abs(got - band_db(KINDS[kind], hz, f, gain + u * span, q)))
                    assert error < (most if abs(gain + u * span) <= 6 else 1.6 * most)


@pytest.mark.parametrize("kind", range(3))
def test_between_the_designs_nothing_is_lost(kind):
    """Any share of any range is the closed form at that gain; for shelves without resonance, whose closed form is one formula."""
    hz, rng = np.geomspace(20, 20000, 200), np.random.default_rng(3)
    for _ in range(300):
        f, q, u = np.exp(rng.uniform(np.log(10), np.log(22000))), np.exp(rng.uniform(np.log(0.1), np.log(1.4 if kind else 20))), rng.uniform()
        gain, span = rng.uniform(-12, 12, 2)
        got = response_db(coefficients(kind, f, q, gain, span, u, RATE), hz, RATE)
        want = response_db(coefficients(kind, f, q, gain + u * span, 0, 0, RATE), hz, RATE)
        assert np.max(np.abs(got - want)) < 0.05


@pytest.mark.slow
def test_every_share_of_every_range_is_stable():
    rng = np.random.default_rng(8)
    for _ in range(4000):
        kind, f, q = int(rng.integers(3)), np.exp(rng.uniform(np.log(10), np.log(40000))), np.exp(rng.uniform(np.log(0.1), np.log(20)))
        gain, span, u = rng.uniform(-12, 12), rng.choice([-12, 12, rng.uniform(-12, 12)]), rng.uniform()
        c = coefficients(kind, f, q, gain, span, u, float(rng.choice([8000, 44100, 384000])))
        poles = np.abs(np.linalg.eigvals([[c[0], -c[1]], [c[1], 1 - c[2]]]))
        assert poles.max() < 1


def test_the_kernels_give_the_bits_of_their_plain_twins():
    rng = np.random.default_rng(6)
    c = np.empty((6, 6, 3000))
    for b in range(6):
        ends = [coefficients(b % 3, 50 * 3 ** b, 1.0, 3.0, -9.0, u, RATE) for u in (0, 1)]
        c[b] = np.array(ends[0])[:, None] + (np.array(ends[1]) - ends[0])[:, None] * np.sin(np.arange(3000) / 40) ** 2
    for count in range(1, 7):
        x, cuts = signals.noise(3000), []
        while sum(cuts) < 3000:
            cuts.append(min(int(rng.integers(1, 65)), 3000 - sum(cuts)))
        plain, fast = x.copy(), x.copy()
        cascade(True, np.ascontiguousarray(c[:count]), plain, [60] * 50)
        cascade(False, np.ascontiguousarray(c[:count]), fast, cuts)
        assert np.array_equal(plain, fast)
    wanted = np.abs(rng.standard_normal((8, 4000))) * 12
    times = np.geomspace(0.1, 200, 8), np.geomspace(2000, 10, 8)
    plain, fast = wanted.copy(), wanted.copy()
    moves(True, *times, plain, RATE)
    moves(False, *times, fast, RATE)
    assert np.array_equal(plain, fast)


@pytest.mark.parametrize("form", ["portable", "avx2"])
@pytest.mark.parametrize("bands", [2, 4, 6])
def test_what_bands_hear_is_the_same_in_every_kernel_and_at_every_cut(bands, form, monkeypatch):
    """Peak and mean power of every four frames of the louder channel, as the plain twin finds them, and as numpy does from the sound."""
    monkeypatch.setenv("MRT_CPU", form)
    rng, x, hz = np.random.default_rng(4), signals.programme(4000), np.geomspace(60, 9000, bands)
    plain, fast, mute = (np.zeros((2, bands, 1000)) for _ in range(3))
    one, other = np.zeros((2 * bands, 4000)), np.zeros((2 * bands, 4000))
    cuts = []
    while sum(cuts) < 4000:
        cuts.append(min(int(rng.integers(1, 65)), 4000 - sum(cuts)))
    hear(True, hz, x, plain, one, [4000], RATE)
    hear(False, hz, x, fast, other, cuts, RATE)
    hear(False, hz, x, mute, np.zeros((0, 4000)), cuts, RATE)
    assert np.array_equal(one, other)
    assert np.array_equal(plain, fast)
    assert np.array_equal(plain, mute)
    groups = one.reshape(bands, 2, 1000, 4)
    assert np.array_equal(plain[0], np.abs(groups).max(axis=(1, 3)))
    assert np.allclose(plain[1], (groups ** 2).mean(axis=3).max(axis=1), rtol=1e-12)


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize(("attack", "release"), [(0.1, 10), (1, 50), (10, 100), (200, 2000)])
def test_attack_and_release_mean_what_they_say(rate, attack, release):
    """63 % of the way within 2 % or 8 frames: a group of four, and the straight way to its gain. A shelf over everything hears all at once."""
    parts = ((0.05, 0.04), (max(0.2, 0.012 * attack), 0.5), (0.1 + 0.0025 * release, 0.04))
    x = np.concatenate([np.full((2, round(seconds * rate)), level) for seconds, level in parts], axis=1)
    x[:, 1::2] *= -1
    stage = dynamic_eq(rate, band1_type=2, band1_freq=20, band1_q=0.71, band1_range=-6, band1_ratio=10, band1_threshold=-20,
                       band1_attack=attack, band1_release=release)
    r = -db(run(stage, x)[0] / x[0])
    up, down = round(0.05 * rate), round(0.05 * rate) + round(parts[1][0] * rate)
    assert r[down - 1] == pytest.approx(6, abs=0.02)
    assert frames_until(r, up - 1, 6 * (1 - np.exp(-1))) == pytest.approx(attack * rate / 1000, rel=0.02, abs=8)
    assert frames_until(r, down - 1, 6 * np.exp(-1)) == pytest.approx(release * rate / 1000, rel=0.02, abs=8)


@pytest.mark.parametrize("kind", range(3))
@pytest.mark.parametrize("gain", [-9, 4])
def test_without_dynamics_it_is_an_equaliser(kind, gain):
    y = run(band(type=kind, freq=2000, q=0.71, gain=gain), signals.impulse(1 << 15, level=1.0))
    hz = np.arange(1, 1 << 14) * RATE / (1 << 15)
    heard = (hz > 20) & (hz < 20000)
    got = db(np.fft.rfft(y[0]))[1:-1]
    assert np.max(np.abs(got - band_db(KINDS[kind], hz, 2000, gain, 0.71))[heard]) < 0.06


@pytest.mark.parametrize(("when", "level", "span", "want"), [
    (OVER, -14, -6, -6), (OVER, -28, -6, -2), (OVER, -40, -6, 0), (OVER, -14, 6, 6), (OVER, -28, 6, 2),
    (UNDER, -60, -6, -6), (UNDER, -36, 6, 2), (UNDER, -10, 6, 0), (UNDER, -60, 6, 6),
])
def test_a_tone_gets_what_its_level_asks_for(when, level, span, want):
    """Threshold -32 dBFS, ratio 2: half of the dB beyond it; the knee of 6 dB ends at -29 and -35."""
    stage = band(freq=1000, q=1, when=when, range=span, threshold=-32, ratio=2, attack=0.5, release=500)
    assert level_change(stage, 1000, level) == pytest.approx(want, abs=0.1)


@pytest.mark.parametrize("kind", [1, 2])
def test_a_shelf_hears_its_own_side(kind):
    near, far = ((100, 5000), (5000, 100))[kind - 1]
    values = {"type": kind, "freq": 700, "q": 0.71, "range": -6, "threshold": -40, "ratio": 10, "attack": 1, "release": 500}
    assert level_change(band(**values), near, -10) == pytest.approx(-6, abs=0.05)
    quiet = band(**values)
    assert level_change(quiet, far, -10) == pytest.approx(0, abs=0.05)


def test_another_region_does_not_move_the_band():
    stage = band(freq=8000, q=2, range=-12, threshold=-40)
    assert level_change(stage, 200, -12) == 0
    assert stage.meters()[2] == 0


def swelling():
    """A 1 kHz tone of its own level for 6 s, then 12 dB louder for 1 s; after 0.35 s its own level has risen by 2.6 dB."""
    x = signals.sine(7 * RATE, RATE, 1000, -30)
    x[:, 6 * RATE:] *= 4
    return x


def test_a_relative_band_acts_where_the_sound_exceeds_its_own_level():
    x = swelling()
    y = run(band(freq=1000, detector=1, range=-2.5, relative=6, ratio=10, attack=5, release=200), x)
    gain = db(np.sqrt(np.mean(y[0].reshape(-1, 4800) ** 2, axis=1) / np.mean(x[0].reshape(-1, 4800) ** 2, axis=1)))
    assert np.max(np.abs(gain[2:60])) < 0.05
    assert gain[63] == pytest.approx(-2.5, abs=0.05)


@pytest.mark.parametrize("when", [OVER, UNDER])
@pytest.mark.parametrize("louder_db", [-12, 12])
def test_a_relative_band_does_the_same_at_any_level(louder_db, when):
    """Within 0.1 dB: where silence ends, at -100 dBFS, is the only level it knows."""
    x, gain = signals.programme(4 * RATE) * 0.25, 10 ** (louder_db / 20)
    values = {"freq": 90, "detector": 1, "range": -8, "relative": 0, "when": when}
    one, other = run(band(**values), x), run(band(**values), x * gain) / gain
    assert np.max(np.abs(one - x)) > 1e-3
    assert np.max(np.abs(one - other)) < 0.01 * np.max(np.abs(x))
    assert np.max(np.abs(one - other)[:, RATE:]) < 0.002 * np.max(np.abs(x))


def test_the_first_second_of_a_song_is_not_taken_for_an_excess():
    """The own level is a plain mean at first; a long one-pole would begin at silence. After a pause it stands where it stood."""
    x = signals.sine(4 * RATE, RATE, 1000, -12)
    x[:, :RATE] = x[:, 2 * RATE:3 * RATE] = 0
    stage = band(freq=1000, detector=1, range=-12, relative=6, ratio=10, attack=5)
    y = run(stage, x)
    assert np.max(np.abs(y - x)[:, RATE:]) < 0.02 * np.max(np.abs(x))


@pytest.mark.parametrize("values", [
    {}, {"band1_on": 0, "band1_gain": 6, "band1_range": -6}, {"band2_type": 1, "band2_threshold": -80, "band2_freq": 30},
    {"band1_range": -6, "band1_threshold": 0, "band4_range": 6, "band4_threshold": 0, "band4_type": 2},
])
def test_what_has_nothing_to_do_leaves_every_bit(values):
    x = signals.programme(30000)
    assert np.array_equal(run(dynamic_eq(**values), x), x)


def test_back_at_rest_every_bit_is_left_again():
    stage, x = band(range=-6, threshold=-60, freq=60, release=20), signals.programme(4 * RATE)
    x[:, RATE:] *= 1e-6
    y = run(stage, x)
    assert not np.array_equal(y[:, :RATE], x[:, :RATE])
    assert np.array_equal(y[:, -RATE:], x[:, -RATE:])


def test_listening_gives_what_the_detector_hears():
    x = signals.programme(2 * RATE)
    x[1] *= 0.5
    stage = band(3, freq=500, q=2, listen=1, gain=5)
    y = np.abs(np.fft.rfft(run(stage, signals.impulse(1 << 15, level=1.0))[0]))
    hz = np.arange(1, 1 << 14) * RATE / (1 << 15)
    width = hz / 500 - 500 / hz
    assert np.max(np.abs(y[1:-1] - 1 / np.sqrt(1 + (2 * width) ** 2))[hz < 2000]) < 0.01
    assert not np.allclose(run(band(3, freq=500, q=2, listen=1), x), x)


def test_listening_ends_on_every_bit():
    stage, x = dynamic_eq(), signals.programme(2 * RATE)
    stage.set(index_of("dynamic_eq", "band2_listen"), 1)
    y = run(stage, x[:, :RATE])
    assert not np.array_equal(y, x[:, :RATE])
    stage.set(index_of("dynamic_eq", "band2_listen"), 0)
    assert np.array_equal(run(stage, x[:, RATE:], when=RATE)[:, -9600:], x[:, -9600:])


def test_both_channels_get_the_gain_of_the_louder():
    x = signals.sine(RATE, RATE, 1000, -6)
    x[1] *= 0.05
    y = run(band(freq=1000, range=-6, threshold=-30, ratio=10), x)
    assert np.max(np.abs(y[0] * 0.05 - y[1])) < 1e-15
    assert db(np.max(np.abs(y[1, -4800:])) / np.max(np.abs(x[1]))) == pytest.approx(-6, abs=0.05)


GLIDING = [p.id for p in STAGES["dynamic_eq"] if p.change == "glide" and p.id.startswith("band1")]


@pytest.mark.parametrize("param_id", [*GLIDING, "mix", "bypass"])
def test_no_move_clicks(param_id):
    """From end to end under a 100 Hz tone; -85 dBFS over 3 kHz. Times are slow, so that only the move is heard."""
    base = {"band1_freq": 100, "band1_q": 1, "band1_gain": 2, "band1_range": -6, "band1_threshold": -30, "band1_attack": 50,
            "band1_release": 900}
    param = params_of("dynamic_eq")[index_of("dynamic_eq", param_id)]
    low, high = {"band1_freq": (40, 400), "band1_attack": (20, 200), "band1_release": (300, 2000)}.get(param_id, (param.low, param.high))
    stage, x = dynamic_eq(**{**base, param_id: low}), signals.sine(4 * RATE, RATE, 100, -6)
    y = [run(stage, x[:, :2 * RATE])]
    stage.set(index_of("dynamic_eq", param_id), high)
    y.append(run(stage, x[:, 2 * RATE:3 * RATE], when=2 * RATE))
    stage.set(index_of("dynamic_eq", param_id), low)
    y.append(run(stage, x[:, 3 * RATE:], when=3 * RATE))
    assert residue_dbfs(np.concatenate(y, axis=1)[0, RATE:]) <= -85


@pytest.mark.parametrize("values", [{"band1_type": 1}, {"band2_when": 0}, {"band5_detector": 1}, {"band1_when": 1}])
def test_a_successor_with_other_fixed_values_goes_on(values):
    x, old = signals.programme(3 * RATE), active("dynamic_eq")
    run(old, x[:, :RATE])
    new, always = active("dynamic_eq", **values), active("dynamic_eq", **values)
    new.take_from(old)
    y, want = run(new, x[:, RATE:], when=RATE), run(always, x)[:, RATE:]
    relative = "band5_detector" in values
    assert np.max(np.abs(y[:, -RATE // 2:] - want[:, -RATE // 2:])) < (0.05 if relative else 1e-3)


def test_plain_and_vector_code_give_the_same_bits(monkeypatch):
    x, rng, outputs = signals.programme(30000), np.random.default_rng(5), []
    for held in ("portable", "avx2"):
        monkeypatch.setenv("MRT_CPU", held)
        stage = active("dynamic_eq")
        first = run(stage, x[:, :15000], lambda: int(rng.integers(1, 700)))
        for param_id, value in (("band1_threshold", -20), ("band1_range", -2), ("band3_freq", 900), ("band5_listen", 1)):
            stage.set(index_of("dynamic_eq", param_id), value)
        outputs.append(np.concatenate([first, run(stage, x[:, 15000:], lambda: int(rng.integers(1, 700)), when=15000)], axis=1))
    assert np.array_equal(*outputs)


@pytest.mark.parametrize("bands", range(1, 7))
def test_any_number_of_bands_gives_the_same_bits_in_every_kernel_at_every_cut(bands, monkeypatch):
    values = {f"band{n}_{key}": value for n in range(1, 7)
              for key, value in {"on": int(n <= bands), "range": -9 + n, "threshold": -50, "attack": 1}.items()}
    x, rng, outputs = signals.programme(12000), np.random.default_rng(6), []
    for held, cut in (("portable", None), ("avx2", None), ("", None), ("", lambda: 64), ("", lambda: int(rng.integers(1, 700)))):
        monkeypatch.setenv("MRT_CPU", held)
        if not held:
            monkeypatch.delenv("MRT_CPU")
        outputs.append(run(active("dynamic_eq", **values), x, *(() if cut is None else (cut,))))
    assert all(y.tobytes() == outputs[0].tobytes() for y in outputs)
    assert not np.array_equal(outputs[0], x)


def test_any_cut_while_parameters_move():
    def play(pieces):
        stage, rng, y = active("dynamic_eq"), np.random.default_rng(2), []
        x = signals.programme(24000)
        for start in range(0, 24000, 2400):
            for param in (params_of("dynamic_eq")[k] for k in rng.integers(0, len(params_of("dynamic_eq")), 6)):
                if param.change == "glide":
                    stage.set(index_of("dynamic_eq", param.id), param.from_norm(float(rng.uniform())))
            y.append(run(stage, x[:, start:start + 2400], pieces, when=start))
        return np.concatenate(y, axis=1)
    rng = np.random.default_rng(11)
    assert np.array_equal(play(None), play(lambda: int(rng.integers(1, 300))))


def test_the_meter_shows_cuts_and_no_boosts():
    stage = band(freq=1000, range=-6, threshold=-30, ratio=10)
    assert level_change(stage, 1000, -6) == pytest.approx(-6, abs=0.05)
    assert stage.meters()[2] == pytest.approx(6, abs=0.01)
    lifted = band(freq=1000, range=6, threshold=-30, ratio=10)
    level_change(lifted, 1000, -6)
    assert lifted.meters()[2] == 0


def test_the_types_are_those_of_the_table():
    assert tuple(name.lower() for name in DYNAMIC_EQ_TYPES) == KINDS
