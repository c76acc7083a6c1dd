"""What only the clipper promises: its curve, its aliases, its ceiling, and that it touches nothing under the knee."""
import numpy as np
import pytest

from dsp_core.stages import make
from tests import signals
from tests.checks import active, db, delayed, run
from tests.dsp_core.dynamics import residue_dbfs, turn

RATE = 48000
BINS = 65536
ONE, TWO, FOUR, EIGHT, SIXTEEN = range(5)


def clipper(rate=RATE, **values):
    return make("clipper", rate, values)


def prime_bin(hz, rate=RATE):
    """A bin near `hz` without small factors, so that folded harmonics fall between the harmonics."""
    k = round(hz / rate * BINS)
    while any(k % p == 0 for p in (2, 3, 5, 7)):
        k += 1
    return k


def aliases_db(hz, drive_db, rate=RATE, up_to_hz=None, **values):
    """Energy between the harmonics over the energy of the harmonics, of a full-scale sine driven over the ceiling."""
    k = prime_bin(hz, rate)
    x = np.tile(np.sin(2 * np.pi * k * np.arange(2 * BINS + 8192) / BINS), (2, 1))
    power = np.abs(np.fft.rfft(run(clipper(rate, gain=drive_db, **values), x)[0, -BINS:])) ** 2
    harmonic = np.zeros(len(power), bool)
    harmonic[k::k] = True
    counted = ~harmonic
    if up_to_hz:
        counted[round(up_to_hz / rate * BINS):] = False
    return 10 * np.log10(power[counted].sum() / power[harmonic].sum())


def curve(x, ceiling, knee):
    """The curve in words of the documentation: slope 1 to 0 along a smooth step over the knee."""
    x, low = x / ceiling, 1 - knee / 2
    t = np.clip((x - low) / knee, 0, 1) if knee else np.where(x > 1, 1.0, 0.0)
    bend = low + knee * (t - t ** 3 + t ** 4 / 2) if knee else 1.0
    return ceiling * np.where(x <= low, x, np.where(x >= 1 + knee / 2, 1.0, bend))


@pytest.mark.parametrize("factor", range(5))
@pytest.mark.parametrize("knee", [0, 25, 100])
@pytest.mark.parametrize("phase", [0, 1])
def test_the_curve_is_the_documented_one(knee, factor, phase):
    for level in np.linspace(0.1, 1.6, 13):
        stage = clipper(ceiling=-2, knee=knee, oversampling=factor, phase=phase, guard=0)
        y = run(stage, np.full((2, 2048), level))
        assert y[0, -1] == pytest.approx(curve(level, 10 ** (-2 / 20), knee / 100), abs=1e-9)


@pytest.mark.parametrize("factor", range(5))
@pytest.mark.parametrize("guard", [0, 1])
def test_what_stays_under_the_knee_is_untouched(factor, guard):
    x = signals.noise(20000, level=0.05)
    stage = clipper(ceiling=-3, knee=80, oversampling=factor, guard=guard)
    assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


LIMITS = [(5000, 6, 0, ONE, -30), (5000, 6, 0, TWO, -51), (5000, 6, 0, FOUR, -78), (5000, 6, 0, SIXTEEN, -110),
          (10000, 12, 0, TWO, -48), (10000, 12, 0, FOUR, -52), (10000, 12, 0, EIGHT, -85), (5000, 6, 50, FOUR, -95)]


@pytest.mark.parametrize(("hz", "drive_db", "knee", "factor", "limit_db"), LIMITS)
@pytest.mark.parametrize("guard", [0, 1])
def test_aliases_over_the_whole_band(hz, drive_db, knee, factor, limit_db, guard, reached):
    """With the guard, its gain moves by a few millionths beside steady harmonics that are sampled ever differently."""
    limit_db = max(limit_db, -79) if guard else limit_db
    reached("Clipper: aliases over harmonics", f"{hz / 1000:g} kHz +{drive_db} dB, knee {knee} %, {1 << factor}x{', guard' if guard else ''}",
            aliases_db(hz, drive_db, knee=knee, oversampling=factor, guard=guard), limit_db)


@pytest.mark.parametrize(("factor", "limit_db"), [(FOUR, -78), (SIXTEEN, -100)])
def test_aliases_with_minimum_phase_up_to_twenty_kilohertz(factor, limit_db):
    """Its last half-band folds what lies just over half the rate to just under it, where nobody hears it."""
    assert aliases_db(5000, 6, up_to_hz=20000, oversampling=factor, phase=1, guard=0) < limit_db


def test_minimum_phase_is_early():
    assert [clipper(oversampling=factor, phase=1, guard=0).latency_frames for factor in (TWO, FOUR, EIGHT, SIXTEEN)] == [5, 6, 6, 6]


@pytest.mark.parametrize("rate", [44100, 96000])
def test_aliases_at_other_rates(rate):
    assert aliases_db(5000, 6, rate, oversampling=EIGHT) < -85


@pytest.mark.parametrize("factor", range(5))
@pytest.mark.parametrize("phase", [0, 1])
@pytest.mark.parametrize("sound", ["programme", "noise", "signs", "square"])
def test_no_sample_passes_the_ceiling(sound, factor, phase):
    square = np.sign(signals.sine(24000, RATE, 997, 0)) * 0.9
    x = {"programme": signals.programme(24000), "noise": signals.noise(24000), "signs": signals.white_random_signs(24000),
         "square": square}[sound]
    y = run(clipper(gain=18, ceiling=-1, oversampling=factor, phase=phase), x)
    assert np.max(np.abs(y)) <= 10 ** (-1 / 20)
    assert np.max(np.abs(y)) > 0.98 * 10 ** (-1 / 20)


def test_no_sample_passes_a_ceiling_that_moves():
    x = signals.programme(48000)
    stage = clipper(gain=12)
    run(stage, x[:, :24000])
    turn(stage, "ceiling", -9)
    y = run(stage, x[:, 24000:], when=24000)
    assert np.max(np.abs(y)) <= 1
    assert np.max(np.abs(y[:, 9600:])) <= 10 ** (-9 / 20)


def test_the_guard_turns_down_and_does_not_cut():
    """Over the band, a clipped sine swings 0.5 dB over the ceiling again; with the guard it has the same shape, lower."""
    x = signals.sine(48000, RATE, 5000, 0)
    free, held = (run(clipper(gain=6, guard=guard), x)[0] for guard in (0, 1))
    late = clipper().latency_frames - clipper(guard=0).latency_frames
    ratio = held[24000:] @ free[24000 - late:-late] / (free[24000 - late:-late] @ free[24000 - late:-late])
    assert db(np.max(np.abs(free))) > 0.4
    assert ratio == pytest.approx(1 / np.max(np.abs(free[24000:])), abs=1e-4)
    assert np.max(np.abs(held[24000:] - ratio * free[24000 - late:-late])) < 1e-5


def test_the_meter_reads_what_is_eaten():
    stage = clipper(gain=6, guard=0)
    run(stage, signals.sine(9600, RATE, 100, 0))
    assert stage.meters()[2] == pytest.approx(6, abs=0.01)
    run(stage, signals.sine(9600, RATE, 100, -20))
    stage.meters()
    run(stage, signals.sine(9600, RATE, 100, -20))
    assert stage.meters()[2] == 0


def test_the_share_that_is_cut():
    """A sine driven by 6 dB is over its clip point for two thirds of the time."""
    stage = clipper(gain=6.0206, guard=0)
    run(stage, signals.sine(RATE, RATE, 997, 0))
    assert stage.meters()[4] == pytest.approx(2 / 3, abs=1e-3)
    run(stage, signals.sine(9 * RATE, RATE, 997, -20), when=RATE)
    assert stage.meters()[4] == 0


@pytest.mark.parametrize(("before", "after"), [(ONE, SIXTEEN), (FOUR, TWO), (FOUR, FOUR)])
def test_another_oversampling_goes_on_with_the_sound(before, after):
    """But for the guard's look-ahead, which begins empty where there was none."""
    x = signals.noise(9600, level=0.05)
    old, new = clipper(oversampling=before, guard=0), clipper(oversampling=after)
    run(old, x[:, :4800])
    new.take_from(old)
    y = run(new, x[:, 4800:], when=4800)
    heard = max(new.latency_frames - old.latency_frames, new.latency_frames - clipper(oversampling=after, guard=0).latency_frames)
    assert np.array_equal(y[:, heard:], delayed(x, new.latency_frames)[:, 4800 + heard:])


@pytest.mark.parametrize(("param_id", "start", "end"), [("gain", -12, 4), ("ceiling", -12, 0), ("knee", 0, 100)])
def test_no_move_leaves_a_zipper(param_id, start, end):
    """100 Hz at -18 dBFS, which no setting here bends: nothing above 3 kHz over -85 dBFS."""
    x = signals.sine(3 * RATE, RATE, 100, -18)
    stage = clipper(**{param_id: start})
    before = run(stage, x[:, :2 * RATE])
    turn(stage, param_id, end)
    after = run(stage, x[:, 2 * RATE:], when=2 * RATE)
    assert residue_dbfs(np.concatenate([before, after], axis=1)[0, RATE:]) < -85


@pytest.mark.parametrize("phase", [0, 1])
@pytest.mark.parametrize("factor", range(5))
def test_plain_and_vector_code_give_the_same_bits(factor, phase, monkeypatch):
    x, rng = signals.programme(20000), np.random.default_rng(5)
    outputs = []
    for held in ("portable", "avx2"):
        monkeypatch.setenv("MRT_CPU", held)
        stage = active("clipper", oversampling=factor, phase=phase)
        first = run(stage, x[:, :10000], lambda: int(rng.integers(1, 700)))
        for param_id, value in (("gain", 3), ("ceiling", -7), ("knee", 90)):
            turn(stage, param_id, value)
        outputs.append(np.concatenate([first, run(stage, x[:, 10000:], lambda: int(rng.integers(1, 700)), when=10000)], axis=1))
    assert np.array_equal(*outputs)
