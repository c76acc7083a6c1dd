"""What only the trim promises."""
import numpy as np

from dsp_core.params import index_of
from dsp_core.stages import make
from tests import signals
from tests.checks import db, run


def test_gain_is_what_the_number_says():
    x = signals.noise(4800)
    y = run(make("trim", 48000, {"gain": -6.0}), x)
    assert np.allclose(db(y / x), -6.0, atol=1e-12)


def test_a_move_glides_without_a_step():
    x = np.ones((2, 48000))
    trim = make("trim", 48000)
    run(trim, x[:, :4800])
    trim.set(index_of("trim", "gain"), -24)
    y = run(trim, x, when=4800)
    assert np.max(np.abs(np.diff(y[0]))) < 0.002
    assert y[0, -1] == 10 ** (-24 / 20) or abs(db(y[0, -1]) + 24) < 1e-12
