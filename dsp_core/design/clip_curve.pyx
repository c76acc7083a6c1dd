"""The clipper's curve, for the window to draw."""
from dsp_core.clip cimport clip_over
from dsp_core.param_ids.clipper cimport CLIPPER_CEILING, CLIPPER_GAIN, CLIPPER_KNEE
from dsp_core.units cimport db_of_gain, gain_of_db

from dsp_core.param import UnknownParameter
from dsp_core.params import params_of


def clip_curve_db(values, levels_db):
    """Output levels in dB for input levels, as a list: drive, then the curve, without the guard and what oversampling rounds.

    `values` maps parameter ids to values, the rest are defaults; `levels_db` is any sequence of numbers. UnknownParameter or BadValue.
    """
    cdef double level_db, x, knee, ceiling
    table = params_of("clipper")
    given = dict(values)
    value = [p.check(given.pop(p.id, p.default)) for p in table]
    if given:
        raise UnknownParameter(f"clipper has no {', '.join(map(repr, given))}; it has {', '.join(p.id for p in table)}")
    ceiling, knee = gain_of_db(value[CLIPPER_CEILING]), 0.01 * value[CLIPPER_KNEE]
    levels = []
    for level_db in levels_db:
        x = gain_of_db(level_db + value[CLIPPER_GAIN]) / ceiling
        levels.append(db_of_gain(ceiling * (x - clip_over(x, knee, 1.0 / max(knee, 1e-9)))))
    return levels
