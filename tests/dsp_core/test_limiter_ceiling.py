"""The limiter's first promise: nothing passes the ceiling, neither a sample nor what lies between, in any character, at any setting."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import firwin, kaiserord, upfirdn

from tests.checks import db, run
from tests.hot import SIGNALS, hot
from tests.limiting import CHARACTERS, LOUD, LOW_LATENCY, NAMES, PUNCHY, RATE, TRANSPARENT, limiter
from tests.truepeak64 import true_peak_db

EDGE = 0.465                             # of the sample rate; up to here the ceiling holds between the samples too
FULL_BAND_DB = 1.1                       # how far sound that fills the band to half the rate may pass it
TRUE_PEAK = "Limiter: true peak (64 times the rate) over the ceiling, sound up to 0.465 of the rate, +3 to +12 dB over"
SAMPLES = "Limiter: samples over the ceiling, +3 to +12 dB over"
FASTEST = {"auto_release": 0, "release": 1, "hold": 0}


def check_ceiling(name, rate, ceiling_db, drive_db, edge=EDGE, **values):
    """Runs `name` through a limiter and holds it to the ceiling; gives how far (dB) the true peak is over it."""
    stage = limiter(rate, gain=drive_db, ceiling=ceiling_db, **values)
    y = run(stage, hot(name, rate, 0.5, edge))
    ceiling = 10 ** (ceiling_db / 20)
    assert stage.clamped == 0
    assert np.max(np.abs(y)) <= ceiling
    assert over_ceiling(y, ceiling) == 0
    return true_peak_db(y) - ceiling_db


def over_ceiling(y, ceiling):
    """How many samples of a 32-bit file are over the ceiling."""
    return int(np.count_nonzero(np.abs(y.astype(np.float32).astype(np.float64)) > ceiling))


@pytest.mark.slow
@pytest.mark.parametrize("drive_db", [3, 6, 12])
@pytest.mark.parametrize("ceiling_db", [-0.1, -1, -2])
@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("name", SIGNALS)
def test_no_sample_and_no_true_peak_passes_the_ceiling(name, rate, ceiling_db, drive_db, reached):
    reached(TRUE_PEAK, f"Transparent, {rate / 1000:g} kHz", check_ceiling(name, rate, ceiling_db, drive_db), 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("drive_db", [3, 6, 12])
@pytest.mark.parametrize(("rate", "ceiling_db"), [(44100, -0.1), (48000, -1), (96000, -2)])
@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("character", CHARACTERS[1:])
def test_nor_in_any_other_character(character, name, rate, ceiling_db, drive_db, reached):
    over_db = check_ceiling(name, rate, ceiling_db, drive_db, character=character)
    reached(TRUE_PEAK, f"{NAMES[character]}, {rate / 1000:g} kHz", over_db, 0.0)


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("name", SIGNALS)
def test_the_ceiling_holds_at_its_default(name, rate, reached):
    reached(TRUE_PEAK, f"Transparent, {rate / 1000:g} kHz", check_ceiling(name, rate, -1, 9), 0.0)


@pytest.mark.parametrize("character", CHARACTERS)
def test_no_sample_of_any_signal_is_over(character, reached):
    over = sum(over_ceiling(run(limiter(RATE, gain=12, ceiling=-1, character=character), hot(name, RATE, 0.5, 0.5)), 10 ** (-1 / 20)) for name in SIGNALS)
    reached(SAMPLES, f"{NAMES[character]}, seven hard signals that fill the band", over, 0, "")


@pytest.mark.slow
@pytest.mark.parametrize("edge", [0.4167, 0.4535])
@pytest.mark.parametrize("name", SIGNALS)
def test_the_ceiling_holds_for_narrower_bands(name, edge):
    assert check_ceiling(name, 44100, -1, 10, edge) <= 0.0


@pytest.mark.parametrize("name", ["white", "random_signs", "impulses", "drums"])
@pytest.mark.parametrize("character", CHARACTERS)
def test_the_ceiling_holds_in_every_character(name, character, reached):
    reached(TRUE_PEAK, f"{NAMES[character]}, 44.1 kHz", check_ceiling(name, 44100, -1, 12, character=character), 0.0)


@pytest.mark.parametrize("character", [PUNCHY, LOUD, LOW_LATENCY])
@pytest.mark.parametrize("lookahead", [0.25, 0.6])
def test_the_ceiling_holds_for_a_short_look_ahead_in_the_quick_characters(character, lookahead):
    for name in ("white", "random_signs", "impulses"):
        assert check_ceiling(name, RATE, -1, 12, character=character, lookahead=lookahead, **FASTEST) <= 0.0


@pytest.mark.parametrize("lookahead", [0.25, 0.35, 0.6, 1.5, 10])
@pytest.mark.parametrize("name", ["white", "random_signs", "impulses"])
def test_the_ceiling_holds_for_any_look_ahead_and_the_fastest_release(name, lookahead):
    assert check_ceiling(name, RATE, -1, 12, lookahead=lookahead, **FASTEST) <= 0.0


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 32000, 192000])
def test_the_ceiling_holds_at_unusual_rates(rate):
    assert check_ceiling("white", rate, -1, 9) <= 0.0
    assert check_ceiling("drums", rate, -1, 9, lookahead=0.25, **FASTEST) <= 0.0


@pytest.mark.parametrize("links", [(0, 100, 100), (50, 100, 100), (100, 0, 100), (100, 100, 0), (80, 75, 30)])
@pytest.mark.parametrize("name", ["white", "drums"])
def test_the_ceiling_holds_with_any_link(name, links):
    link, transient, release = links
    assert check_ceiling(name, RATE, -1, 9, link=link, transient_link=transient, release_link=release) <= 0.0


@pytest.mark.parametrize("name", SIGNALS)
def test_a_full_band_passes_by_no_more_than_is_known(name):
    assert check_ceiling(name, RATE, -1, 10, edge=0.5) <= FULL_BAND_DB


@pytest.mark.parametrize("character", [TRANSPARENT, LOUD, LOW_LATENCY])
@pytest.mark.parametrize("name", SIGNALS)
def test_behind_the_guard_a_full_band_stays_under_the_ceiling(name, character, reached):
    over_db = check_ceiling(name, RATE, -1, 12, edge=0.5, band_guard=1, character=character)
    reached("Limiter with band guard: true peak over the ceiling, sound to half the rate", NAMES[character], over_db, 0.0)


@pytest.mark.parametrize("name", SIGNALS)
def test_a_converter_makes_nothing_over_the_ceiling_of_a_full_band(name):
    """Eightfold interpolation as converters do it: flat to 0.4535 of the rate, 100 dB down from 0.5465."""
    taps, beta = kaiserord(100, (0.5465 - 0.4535) / 4)
    filter_taps = 8 * firwin(taps | 1, 1 / 8, window=("kaiser", beta))
    y = run(limiter(gain=10), hot(name, RATE, 0.5))
    assert db(np.max(np.abs(upfirdn(filter_taps, y, up=8, axis=1)))) <= -1.0


@settings(max_examples=60)
@given(rate=st.sampled_from([8000, 22050, 44100, 48000, 96000]), lookahead=st.floats(0.25, 10),
       hold=st.sampled_from([0, 0.3, 5, 30]), release=st.sampled_from([1, 10, 1000]), link=st.floats(0, 100),
       transient_link=st.floats(0, 100), release_link=st.floats(0, 100), character=st.sampled_from(CHARACTERS),
       auto=st.integers(0, 1), drive=st.floats(0, 30), seed=st.integers(0, 10 ** 6))
def test_gain_never_exceeds_what_a_sample_needs(rate, lookahead, hold, release, link, transient_link, release_link, character, auto, drive, seed):
    rng = np.random.default_rng(seed)
    x = np.zeros((2, 6000))
    x[rng.integers(0, 2, 60), rng.integers(0, 5000, 60)] = rng.choice([-1.0, 1.0], 60) * rng.uniform(0.05, 1, 60)
    stage = limiter(rate, lookahead=lookahead, hold=hold, release=release, link=link, auto_release=auto, gain=drive,
                    transient_link=transient_link, release_link=release_link, character=character)
    y = run(stage, x, lambda: int(rng.integers(1, 400)))
    assert stage.clamped == 0
    assert np.max(np.abs(y)) <= 10 ** (-1.05 / 20) * (1 + 1e-6)
