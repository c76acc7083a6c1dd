"""What only the saturation promises: its harmonics, its aliases, its bands, a level that stays, and nothing at 0 dB of drive."""
import numpy as np
import pytest

from dsp_core.stages import make
from tests import signals
from tests.checks import active, db, delayed, null_depth_db, run
from tests.dsp_core.dynamics import residue_dbfs, turn
from tests.dsp_core.test_clipper import BINS, prime_bin
from tests.dsp_core.test_stereo import allpass

RATE = 48000
TAPE, TRIODE, TRANSFORMER, EVEN, ODD = range(5)
KINDS = [TAPE, TRIODE, TRANSFORMER, EVEN, ODD]
SHARES = {TRIODE: (1.0, 0.25), EVEN: (0.0, 0.5), ODD: (1.0, 0.0)}


def saturation(rate=RATE, **values):
    return make("saturation", rate, {"level_match": 0, **values})


def spectrum(hz, level_dbfs, rate=RATE, **values):
    """Amplitudes of the bins, and the bin of the fundamental."""
    k = prime_bin(hz, rate)
    x = np.tile(10 ** (level_dbfs / 20) * np.sin(2 * np.pi * k * np.arange(3 * BINS) / BINS), (2, 1))
    return np.abs(np.fft.rfft(run(saturation(rate, **values), x)[0, -BINS:])) / (BINS / 2), k


def harmonics_db(hz, level_dbfs, **values):
    """Second to seventh harmonic over the first."""
    amplitude, k = spectrum(hz, level_dbfs, **values)
    return db(amplitude[2 * k:8 * k:k] / amplitude[k])


def aliases_db(hz, level_dbfs, **values):
    amplitude, k = spectrum(hz, level_dbfs, **values)
    harmonic = np.zeros(len(amplitude), bool)
    harmonic[k::k] = True
    return 10 * np.log10(np.sum(amplitude[~harmonic] ** 2) / np.sum(amplitude[harmonic] ** 2))


@pytest.mark.parametrize("phase", [0, 1])
@pytest.mark.parametrize("character", [TRIODE, EVEN, ODD])
@pytest.mark.parametrize(("drive", "level"), [(1, -6), (6, -6), (12, 0), (24, -12)])
def test_harmonics_are_those_of_the_documented_curve(character, drive, level, phase):
    odd, even = SHARES[character]
    gain, angle = 10 ** (drive / 20) - 1, 2 * np.pi * np.arange(4096) / 4096
    x = gain * 10 ** (level / 20) * np.sin(angle)
    y = x + odd * (x / np.sqrt(1 + x * x) - x) + even * (1 - (1 + x * x) ** -1.5)
    want = np.abs(np.fft.rfft(y))
    got = harmonics_db(1000, level, character=character, band1_drive=drive, phase=phase)
    assert np.max(np.abs(10 ** (got / 20) - want[2:8] / want[1])) < 3e-4


def test_clean_kinds_are_clean():
    odd, even = harmonics_db(100, -6, character=ODD, band1_drive=9), harmonics_db(100, -6, character=EVEN, band1_drive=9)
    assert np.max(odd[::2]) < -200
    assert np.max(even[1::2]) < -200
    assert odd[1] > -30
    assert even[0] > -30


def test_tape_is_driven_by_its_highs_and_a_transformer_by_its_lows():
    values = {"band1_drive": 6}
    assert harmonics_db(6000, -6, character=TAPE, **values)[1] > harmonics_db(100, -6, character=TAPE, **values)[1] + 10
    assert harmonics_db(30, -6, character=TRANSFORMER, **values)[1] > harmonics_db(1000, -6, character=TRANSFORMER, **values)[1] + 10


@pytest.mark.parametrize("character", KINDS)
def test_quiet_sounds_keep_their_level(character):
    for hz in (40, 1000, 12000):
        amplitude, k = spectrum(hz, -70, character=character, band1_drive=12)
        assert db(amplitude[k]) == pytest.approx(-70, abs=0.01)


@pytest.mark.parametrize("character", KINDS)
def test_no_constant_is_added(character):
    y = run(saturation(character=character, band1_drive=12), signals.sine(3 * RATE, RATE, 100, -3))
    assert abs(np.mean(y[0, -RATE:])) < 1e-6


LIMITS = [(TAPE, 2, -72), (TAPE, 3, -116), (TRIODE, 2, -120), (TRANSFORMER, 2, -120), (EVEN, 2, -120), (ODD, 2, -120), (ODD, 1, -80), (ODD, 4, -122)]


@pytest.mark.parametrize(("character", "factor", "limit_db"), LIMITS)
def test_aliases_of_ten_kilohertz_driven_by_twelve_decibels(character, factor, limit_db):
    assert aliases_db(10000, -6, character=character, band1_drive=12, oversampling=factor) < limit_db


@pytest.mark.parametrize("character", KINDS)
@pytest.mark.parametrize(("factor", "drive", "tape_drive"), [(2, 14, 8), (3, 17, 15), (4, 24, 22)])
def test_aliases_stay_under_a_hundred_decibels(character, factor, drive, tape_drive, reached):
    """10 kHz at -6 dBFS, at the most drive that the page names for each oversampling; tape has 9 dB more of it up there."""
    drive = tape_drive if character == TAPE else drive
    reached("Saturation: aliases of 10 kHz at -6 dBFS over its harmonics", f"{1 << factor}x, {'tape ' if character == TAPE else ''}{drive} dB of drive",
            aliases_db(10000, -6, character=character, band1_drive=drive, oversampling=factor), -100)


@pytest.mark.parametrize("balance", [-100, -40, 0, 50, 100])
@pytest.mark.parametrize("character", [TRIODE, EVEN, ODD])
def test_the_balance_goes_straight_to_one_curve_alone(character, balance):
    """Harmonics of the mixture that the page states, and none of the other curve's at the ends."""
    (odd, even), alone = SHARES[character], (0.0, 0.5) if balance > 0 else (1.0, 0.0)
    share = abs(balance) / 100
    odd, even = odd + share * (alone[0] - odd), even + share * (alone[1] - even)
    x = (10 ** (9 / 20) - 1) * 10 ** (-6 / 20) * np.sin(2 * np.pi * np.arange(4096) / 4096)
    want = np.abs(np.fft.rfft(x + odd * (x / np.sqrt(1 + x * x) - x) + even * (1 - (1 + x * x) ** -1.5)))
    got = harmonics_db(1000, -6, character=character, band1_drive=9, balance=balance)
    assert np.max(np.abs(10 ** (got / 20) - want[2:8] / want[1])) < 3e-4
    if abs(balance) == 100:
        assert np.max(got[0 if balance < 0 else 1::2]) < -200


@pytest.mark.parametrize("tilt", [-12, 6, 12])
def test_the_tilt_is_more_drive_on_one_side_and_less_on_the_other(tilt):
    """A cubic bend: three times the tilt at the fundamental comes in, what it is at the third harmonic is taken back."""
    ratio = 10 ** (tilt / 40)

    def tilt_db(hz):
        turn = 1j * np.tan(np.pi * hz / RATE) / (np.tan(np.pi * 1000 / RATE) * ratio)
        return db((1 / ratio + ratio * turn) / (1 + turn))

    for hz in (60, 1000, 7000):
        flat, tilted = (harmonics_db(hz, -30, character=ODD, band1_drive=6, tilt=t)[1] for t in (0, tilt))
        assert tilted - flat == pytest.approx(3 * tilt_db(hz) - tilt_db(3 * hz), abs=0.05)


def test_the_tilt_leaves_quiet_sounds_alone():
    for hz in (40, 1000, 12000):
        amplitude, k = spectrum(hz, -90, character=ODD, band1_drive=12, tilt=12)
        assert db(amplitude[k]) == pytest.approx(-90, abs=0.01)


THD = [({"character": TAPE, "band1_drive": 9}, 100), ({"character": TRIODE, "band1_drive": 6}, 1000), ({"character": TRANSFORMER, "band1_drive": 8}, 50),
       ({"character": EVEN, "band1_drive": 3}, 3000), ({"character": ODD, "band1_drive": 18}, 997), ({"character": ODD, "band1_drive": 6, "tilt": -9}, 200),
       ({"character": TRIODE, "bands": 2, "band2_drive": 12}, 500), ({"character": ODD, "band1_drive": 12, "mix": 30}, 440),
       ({"character": TRIODE, "band1_drive": 12, "mix": 60, "level_match": 1}, 440), ({"character": TRIODE, "band1_drive": 6, "phase": 1}, 300)]


@pytest.mark.parametrize(("values", "hz"), THD)
def test_the_distortion_shown_is_that_of_a_sine_at_the_output(values, hz, reached):
    """Harmonics over the fundamental, read from the spectrum of what leaves the stage, within 5 %."""
    k = prime_bin(hz)
    x = np.tile(0.5 * np.sin(2 * np.pi * k * np.arange(3 * BINS) / BINS), (2, 1))
    stage = saturation(**values)
    amplitude = np.abs(np.fft.rfft(run(stage, x)[0, -BINS:]))
    want = np.sqrt(np.sum(amplitude[2 * k::k] ** 2)) / amplitude[k]
    reached("Saturation: THD shown", "error against the spectrum at the output", 100 * abs(stage.meters()[4] / want - 1), 5, "%")


def test_no_distortion_is_shown_where_nothing_is_added():
    stage = saturation(band1_drive=12)
    run(stage, signals.programme(RATE))
    assert stage.meters()[4] > 0.001
    turn(stage, "band1_drive", 0)
    run(stage, signals.programme(3 * RATE), when=RATE)
    assert stage.meters()[4] == 0


@pytest.mark.slow
@pytest.mark.parametrize("bands", [1, 3])
def test_an_exciter_is_one_driven_band_and_keeps_the_loudness(bands):
    """Only the highest band is driven: nothing new under it, and the loudness of music within 0.1 LU."""
    values = {"character": TRIODE, "bands": bands, f"band{bands + 1}_drive": 12, f"band{bands + 1}_mix": 40, f"crossover{bands}": 4000}
    assert np.max(harmonics_db(500, -6, **values)) < -80
    assert harmonics_db(6000, -6, **values)[0] > -45
    x = signals.programme(12 * RATE)
    stage = make("saturation", RATE, values)
    y = run(stage, x)
    change = k_energy_db(y[:, -6 * RATE:]) - k_energy_db(delayed(x, stage.latency_frames)[:, -6 * RATE:])
    assert abs(change) < 0.1


@pytest.mark.parametrize("character", KINDS)
@pytest.mark.parametrize("bands", [0, 3])
def test_nothing_is_added_without_drive_or_without_mix(character, bands):
    x = signals.programme(12000)
    for values in ({}, {"band1_drive": 24, "band1_mix": 0}):
        stage = make("saturation", RATE, {"character": character, "bands": bands, **values})
        assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


def test_drive_that_is_taken_back_leaves_the_sound_to_the_bit():
    x = signals.programme(4 * RATE)
    stage = make("saturation", RATE, {"character": EVEN, "bands": 2, "band2_drive": 12})
    run(stage, x[:, :RATE])
    turn(stage, "band2_drive", 0)
    y = run(stage, x[:, RATE:], when=RATE)
    assert np.array_equal(y[:, -RATE:], delayed(x, stage.latency_frames)[:, -RATE:])


def test_only_the_driven_band_gets_harmonics():
    values = {"character": ODD, "bands": 2, "crossover1": 200, "crossover2": 2000}
    assert harmonics_db(50, -6, band1_drive=12, **values)[1] > -30
    assert harmonics_db(5000, -6, band1_drive=12, **values)[1] < -200
    assert harmonics_db(600, -6, band2_drive=12, **values)[1] > -30
    assert harmonics_db(5000, -6, band3_drive=12, **values)[1] > -35


@pytest.mark.parametrize("bands", [1, 2, 3])
def test_bands_put_together_are_the_allpass_chain(bands):
    """Seen under a drive that adds next to nothing."""
    x = signals.noise(48000, level=1e-3)
    stage = saturation(bands=bands, crossover1=100, crossover2=800, crossover3=5000, band1_drive=0.01)
    y, want = run(stage, x), delayed(allpass(x, (100, 800, 5000)[:bands]), stage.latency_frames)
    assert null_depth_db(want[:, 4800:], y[:, 4800:]) < -180


@pytest.mark.slow
@pytest.mark.parametrize("values", [{"character": TAPE, "band1_drive": 14}, {"character": TRIODE, "band1_drive": 9, "band1_mix": 40},
                                    {"character": TRANSFORMER, "bands": 3, "band1_drive": 15, "band4_drive": 15}])
def test_matched_loudness(values, reached):
    """K-weighted energy of the last of twelve seconds of music, within 0.1 dB of the input's."""
    x = signals.programme(12 * RATE)
    stage = make("saturation", RATE, values)
    y = run(stage, x)
    change = k_energy_db(y[:, -6 * RATE:]) - k_energy_db(delayed(x, stage.latency_frames)[:, -6 * RATE:])
    unmatched = k_energy_db(run(saturation(**values), x)[:, -6 * RATE:]) - k_energy_db(x[:, -6 * RATE:])
    reached("Saturation: level match", "loudness of music, error", abs(change), 0.1, "LU")
    assert abs(unmatched) > 0.15


def k_energy_db(x):
    """BS.1770 weighting with the printed coefficients for 48 kHz."""
    from scipy.signal import lfilter
    y = lfilter([1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585], x, axis=1)
    y = lfilter([1.0, -2.0, 1.0], [1, -1.99004745483398, 0.99007225036621], y, axis=1)
    return 10 * np.log10(np.mean(y ** 2))


@pytest.mark.parametrize(("before", "after"), [(0, 4), (2, 1)])
def test_another_oversampling_goes_on_with_the_sound(before, after):
    x = signals.noise(9600)
    old, new = saturation(oversampling=before), saturation(oversampling=after)
    run(old, x[:, :4800])
    new.take_from(old)
    heard = max(0, new.latency_frames - old.latency_frames)
    y = run(new, x[:, 4800:], when=4800)
    assert np.array_equal(y[:, heard:], delayed(x, new.latency_frames)[:, 4800 + heard:])


MOVES = [("balance", -100, 100), ("tilt", -12, 12), ("tilt", 6, 0), ("band1_drive", 0, 12), ("band1_drive", 12, 0), ("band1_mix", 0, 100), ("crossover1", 60, 300), ("band2_drive", 12, 0)]


@pytest.mark.parametrize("character", [TAPE, EVEN, ODD])
@pytest.mark.parametrize(("param_id", "start", "end"), MOVES)
def test_no_move_leaves_a_zipper(param_id, start, end, character):
    """100 Hz at -18 dBFS, whose harmonics end under 3 kHz: nothing above over -85 dBFS."""
    x = signals.sine(3 * RATE, RATE, 100, -18)
    stage = saturation(**{"character": character, "bands": 1, "band1_drive": 6, param_id: start})
    before = run(stage, x[:, :2 * RATE])
    turn(stage, param_id, end)
    after = run(stage, x[:, 2 * RATE:], when=2 * RATE)
    assert residue_dbfs(np.concatenate([before, after], axis=1)[0, RATE:]) < -85


def test_minimum_phase_is_early_and_keeps_the_level():
    assert saturation(phase=1).latency_frames == 6
    for hz in (50, 5000, 19000):
        amplitude, k = spectrum(hz, -6, phase=1)
        assert db(amplitude[k]) == pytest.approx(-6, abs=0.005)


@pytest.mark.parametrize("phase", [0, 1])
@pytest.mark.parametrize("factor", range(5))
def test_plain_and_vector_code_give_the_same_bits(factor, phase, monkeypatch):
    x, rng = signals.programme(20000), np.random.default_rng(5)
    outputs = []
    for held in ("portable", "avx2"):
        monkeypatch.setenv("MRT_CPU", held)
        stage = active("saturation", character=factor, bands=3, oversampling=factor, phase=phase)
        first = run(stage, x[:, :10000], lambda: int(rng.integers(1, 700)))
        for param_id, value in (("band1_drive", 0), ("balance", 60), ("tilt", -5), ("crossover2", 3000), ("band3_mix", 10), ("band4_drive", 24)):
            turn(stage, param_id, value)
        outputs.append(np.concatenate([first, run(stage, x[:, 10000:], lambda: int(rng.integers(1, 700)), when=10000)], axis=1))
    assert np.array_equal(*outputs)
