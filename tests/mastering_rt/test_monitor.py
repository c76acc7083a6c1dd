"""The monitor section as a matrix."""
import numpy as np
import pytest

from mastering_rt.playback.monitor import MonitorSettings


@pytest.mark.parametrize(("settings", "matrix"), [
    ({}, (1, 0, 0, 1)),
    ({"mono": True}, (0.5, 0.5, 0.5, 0.5)),
    ({"side": True}, (0.5, -0.5, 0.5, -0.5)),
    ({"left": True}, (1, 0, 0, 0)),
    ({"right": True}, (0, 0, 0, 1)),
    ({"left": True, "right": True}, (1, 0, 0, 1)),
    ({"left": True, "swap": True}, (0, 0, 1, 0)),
    ({"swap": True}, (0, 1, 1, 0)),
    ({"polarity": True}, (1, 0, 0, -1)),
    ({"polarity": True, "mono": True}, (0.5, -0.5, 0.5, -0.5)),
    ({"dim": True}, (0.1, 0, 0, 0.1)),
    ({"level_db": -6.0, "dim": True}, (10 ** (-26 / 20), 0, 0, 10 ** (-26 / 20))),
])
def test_matrix(settings, matrix):
    assert np.allclose(MonitorSettings(**settings).matrix(), matrix, atol=1e-15)
