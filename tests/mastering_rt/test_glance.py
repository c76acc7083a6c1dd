"""A look at the newest records says what numpy would find in them."""
import numpy as np
import pytest

from dsp_core.engine.gauge import RECORD_BYTES
from dsp_core.engine.glance import aside_of, faults_of, tops_of
from mastering_rt.playback.telemetry import RECORD

NAMES = ("in_peak", "out_peak", "reduction_db", "measure", "out_rms")


def some_records(count, stages, seed=1):
    """Records as numpy has them, every figure by chance; those before the newest are of a longer chain."""
    rng = np.random.default_rng(seed)
    made = np.zeros(count, RECORD)
    for name in NAMES:
        made["stage"][name] = rng.uniform(-20, 20, made["stage"][name].shape).astype(np.float32)
    made["stage"]["faults"] = rng.integers(0, 9, made["stage"]["faults"].shape)
    made["stages"] = stages + 1
    made["stages"][-1] = stages
    made["aside_of"] = np.arange(count) - 1
    return made


@pytest.mark.parametrize("count", [1, 2, 7])
@pytest.mark.parametrize("stages", [0, 1, 5])
def test_the_stages_of_the_newest_chain(count, stages):
    records = some_records(count, stages)
    raw = records.view(np.uint8)
    wanted = [tuple(float(records["stage"][name][:, k].max()) for name in NAMES) for k in range(stages)]
    assert tops_of(raw) == wanted
    assert faults_of(raw) == records["stage"]["faults"][-1, :stages].tolist()
    assert aside_of(raw) == count - 2


@pytest.mark.parametrize("look", [tops_of, faults_of, aside_of])
@pytest.mark.parametrize("length", [0, RECORD_BYTES - 1, RECORD_BYTES + 1])
def test_no_whole_record_is_refused(look, length):
    with pytest.raises(ValueError, match="whole records"):
        look(np.zeros(length, np.uint8))
