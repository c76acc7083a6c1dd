"""Knobs turned from end to end under a sounding tone: what the move leaves over 3 kHz, for every gliding parameter of every stage."""
import numpy as np
import pytest

from dsp_core.params import STAGES, index_of, params_of
from dsp_core.stages import make
from tests import signals
from tests.checks import ACTIVE, run
from tests.dsp_core.dynamics import RATE, residue_dbfs

LIMIT_DBFS = -85.0
LEVEL_DBFS = -6.0
AT = RATE                        # where the knob is turned, after a second of settling
BANDS_SHOWN = 2                  # bands of one stage are alike


def moves():
    for kind in sorted(STAGES):
        for param in params_of(kind):
            band = param.id.split("_")[0].removeprefix("band")
            if param.change == "glide" and (not band.isdigit() or int(band) <= BANDS_SHOWN):
                yield pytest.param(kind, param, id=f"{kind}.{param.id}")


def turned(kind, param_id, before, after, tone):
    stage = make(kind, RATE, {**ACTIVE[kind], param_id: before})
    first = run(stage, tone[:, :AT])
    stage.set(index_of(kind, param_id), after)
    return np.concatenate([first, run(stage, tone[:, AT:], when=AT)], axis=1)[0, AT // 2:]


def lowered(kind, param, tone):
    """The tone at a level at which neither end of the knob drives the output over that of the test."""
    loudest = max(np.max(np.abs(turned(kind, param.id, end, end, tone))) for end in (param.low, param.high))
    return tone * min(1.0, 10 ** (LEVEL_DBFS / 20) / loudest)


@pytest.mark.parametrize(("kind", "param"), list(moves()))
def test_a_turned_knob_leaves_nothing_over_3_khz(kind, param, reached):
    """What a stage bends at rest, at either end, is its sound and not the move's; there the move adds at most 1 dB to it."""
    tone = lowered(kind, param, signals.sine(2 * RATE, hz=100, level_dbfs=LEVEL_DBFS))
    ends = (param.low, param.high)
    rest = max(residue_dbfs(turned(kind, param.id, end, end, tone)) for end in ends)
    worst = max(residue_dbfs(turned(kind, param.id, *way, tone)) for way in (ends, ends[::-1]))
    if rest + 1.0 > LIMIT_DBFS:
        assert worst <= rest + 1.0
    else:
        reached("A knob turned from end to end under 100 Hz at -6 dBFS: residue over 3 kHz", kind, worst, LIMIT_DBFS, "dBFS")
