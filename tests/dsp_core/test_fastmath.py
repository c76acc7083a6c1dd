"""The polynomials against libm, over their whole range."""
import numpy as np
import pytest

from dsp_core.fastmath import exp2_into, log2_into

RNG = np.random.default_rng(11)


def log2_of(x):
    out = np.empty_like(x)
    log2_into(x, out)
    return out


def exp2_of(x):
    out = np.empty_like(x)
    exp2_into(x, out)
    return out


def test_log2_is_within_a_billionth_of_a_decibel():
    whole_range = 2.0 ** RNG.uniform(-1022, 1023.999, 500_000)
    one_octave = np.linspace(0.5, 2.0, 300_001)
    at_the_seam = np.sqrt(0.5) * 2.0 ** np.arange(-60, 60)[:, None] * (1 + np.arange(-4, 5) * 2.0 ** -52)
    for x in (whole_range, one_octave, at_the_seam.ravel()):
        assert np.max(np.abs(log2_of(x) - np.log2(x))) <= 1.8e-10 + 2.3e-13      # the latter: one bit of a logarithm of 1000


def test_log2_of_a_power_of_two_is_exact():
    exponent = np.arange(-1022.0, 1024.0)
    assert np.array_equal(log2_of(2.0 ** exponent), exponent)


def test_exp2_is_within_two_billionths():
    for x in (RNG.uniform(-1000, 1000, 500_000), np.linspace(-1, 1, 300_001)):
        assert np.max(np.abs(exp2_of(x) / 2.0 ** x - 1)) <= 2.1e-9


def test_exp2_of_a_whole_number_is_exact():
    whole = np.arange(-1000.0, 1001.0)
    assert np.array_equal(exp2_of(whole), 2.0 ** whole)
    assert exp2_of(np.array([-0.0]))[0] == 1.0


def test_there_and_back_leaves_the_level():
    gain = 10 ** RNG.uniform(-10, 2, 100_000)
    assert np.max(np.abs(20 * np.log10(exp2_of(log2_of(gain)) / gain))) < 2e-8


@pytest.mark.parametrize("function", [log2_into, exp2_into])
def test_lengths_must_match(function):
    with pytest.raises(ValueError, match="3 values do not fit into 2"):
        function(np.ones(3), np.ones(2))
