"""The curves that the window draws are those of the processors."""
import numpy as np
import pytest

pytest.importorskip("dsp_core.design.response")
pytest.importorskip("dsp_core.stages.compressor")

from mastering_rt.measure.curves import EqCurves, compressor_db

HZ = np.geomspace(20, 20000, 200)


def test_the_equaliser_over_frequency():
    values = {"band3_freq": 1000.0, "band3_gain": 4.0, "band6_channel": 2.0, "band6_gain": -3.0, "band6_freq": 3000.0}
    whole = {name: np.asarray(db) for name, db in EqCurves(48000).whole_db(values, HZ).items()}
    assert set(whole) == {"mid", "side", "left", "right"}
    own = np.asarray(EqCurves(48000).band_db(6, values, HZ))
    assert np.allclose(whole["side"] - whole["mid"], own, atol=1e-9)
    assert whole["mid"].max() == pytest.approx(4.0, abs=0.1)


def test_no_curve_where_there_is_no_sound():
    assert np.isnan(EqCurves(16000).band_db(1, {}, np.array([7999.0, 8000.0, 20000.0]))).tolist() == [False, True, True]


def test_the_compressor_over_level():
    levels = compressor_db({"threshold": -20.0, "ratio": 2.0, "knee": 0.0, "makeup": 1.0}, np.array([-40.0, 0.0]))
    assert list(levels) == pytest.approx([-39.0, -9.0])
