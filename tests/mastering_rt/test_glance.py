"""A look at the newest records says what numpy would find in them."""
import numpy as np
import pytest

from dsp_core.engine.gauge import RECORD_BYTES
from dsp_core.engine.glance import MASTER_TRUE_PEAK, UNKNOWN, aside_of, faults_of, stage_rows, tops_of
from mastering_rt.playback.telemetry import RECORD, STAGE_FIGURES, figures_of

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


def test_rows_of_a_stage_are_its_figures_with_levels_in_db():
    records = some_records(5, 3)
    records["stage"]["in_peak"] = np.abs(records["stage"]["in_peak"])
    records["stage"]["in_peak"][2, 1] = 0.0
    records["master"]["true_peak"] = [[0.1, 0.5], [1.2, 0.3], [0.0, 0.0], [1e-3, 2e-3], [0.7, 0.7]]
    columns = (STAGE_FIGURES.index("in_peak"), MASTER_TRUE_PEAK, STAGE_FIGURES.index("reduction_db"), UNKNOWN, MASTER_TRUE_PEAK)
    rows = figures_of(records, 1, columns, levels=2)
    with np.errstate(divide="ignore"):
        levels = np.maximum(20 * np.log10(np.stack([records["stage"]["in_peak"][:, 1].astype(float), records["master"]["true_peak"].max(axis=1)], 1)), -200.0)
    assert rows[:, :2] == pytest.approx(levels)
    assert np.array_equal(rows[:, 2], records["stage"]["reduction_db"][:, 1])
    assert np.isnan(rows[:, 3]).all()
    assert np.array_equal(rows[:, 4], records["master"]["true_peak"].max(axis=1))
    assert figures_of(records, 3, columns, levels=2) is None          # the newest chain has stages 0 to 2
    assert figures_of(records, -1, columns, levels=2) is None


def test_every_figure_has_its_word():
    records = some_records(2, 4)
    for word, name in enumerate(STAGE_FIGURES):
        records["stage"][name] = word
    assert figures_of(records, 3, tuple(range(len(STAGE_FIGURES))), levels=0).tolist() == [list(range(len(STAGE_FIGURES)))] * 2


@pytest.mark.parametrize(("columns", "shape"), [((6,), (2, 1)), ((-3,), (2, 1)), ((0, 1), (2, 1)), ((0,), (3, 1))])
def test_rows_that_do_not_fit_are_refused(columns, shape):
    with pytest.raises(ValueError, match="do not go into"):
        stage_rows(some_records(2, 4).view(np.uint8), 0, columns, 0, -200.0, np.empty(shape))
