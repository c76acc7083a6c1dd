"""Choices changed under a sounding tone: what the crossfade to a fresh instance leaves over 3 kHz, for every kind and every fixed value."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.params import STAGES, params_of
from dsp_core.stages import make
from tests import signals
from tests.checks import ACTIVE
from tests.dsp_core.dynamics import RATE, residue_dbfs

LIMIT_DBFS = -85.0
AT = RATE + 120                  # on the crest of the tone: at its zero a step would not be heard
BENT_DB = 3.0                    # what stages that bend the tone may leave more than at rest
TONE = signals.sine(3 * RATE, RATE, 100, -6)


def choices():
    for kind in sorted(STAGES):
        for param in params_of(kind):
            band = param.id.split("_")[0].removeprefix("band")
            if param.change == "swap" and (not band.isdigit() or int(band) == 2):
                yield pytest.param(kind, param, id=f"{kind}.{param.id}")


def swapped(kind, param_id, before, after):
    old, new = (make(kind, RATE, {**ACTIVE[kind], param_id: value}) for value in (before, after))
    chain = Chain(RATE, [old])
    first, second = np.ascontiguousarray(TONE[:, :AT]), np.ascontiguousarray(TONE[:, AT:])
    chain.process(first)
    chain.publish([new], {new: old})
    chain.process(second, None, AT)
    return max(residue_dbfs(np.concatenate([first[c], second[c]])[RATE // 2:]) for c in (0, 1))


@pytest.mark.parametrize(("kind", "param"), list(choices()))
def test_a_changed_choice_leaves_nothing_over_3_khz(kind, param, reached):
    ends = (param.low, param.high)
    rest = max(swapped(kind, param.id, end, end) for end in ends)
    worst = max(swapped(kind, param.id, *way) for way in (ends, ends[::-1]))
    if rest + BENT_DB > LIMIT_DBFS:
        assert worst <= rest + BENT_DB
    else:
        reached("A choice changed under 100 Hz at -6 dBFS: residue over 3 kHz", kind, worst, LIMIT_DBFS, "dBFS")
