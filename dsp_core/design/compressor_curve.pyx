"""The compressor at rest: what it does to steady levels, for the window to draw."""
from libc.math cimport fmax

from dsp_core.band_dynamics cimport BandCurve
from dsp_core.compressor_law cimport change_in, curve_stand, makeup_in, range_in, slope_in
from dsp_core.param_ids.compressor cimport (
    COMPRESSOR_AUTO_MAKEUP, COMPRESSOR_DETECTOR, COMPRESSOR_KNEE, COMPRESSOR_MAKEUP, COMPRESSOR_MODE, COMPRESSOR_PEAK_CREST,
    COMPRESSOR_RANGE, COMPRESSOR_RATIO, COMPRESSOR_THRESHOLD,
)

from dsp_core.param import UnknownParameter
from dsp_core.params import params_of

cdef double SINE_PEAK_DB = 3.010299956639812     # over its RMS


def static_curve_db(values, levels_db):
    """Steady output levels in dB for steady input levels, as a list.

    `values` maps parameter ids to values, the rest are defaults; make-up is included. `levels_db` is any sequence of numbers,
    in the terms of the chosen detector: a sine's peak for Peak, 3.01 dB less for RMS and for both. UnknownParameter or BadValue.
    """
    cdef BandCurve curve
    cdef double level_db, change_db, peak_db, makeup_db, crest_db
    cdef int mode
    table = params_of("compressor")
    given = dict(values)
    value = [p.check(given.pop(p.id, p.default)) for p in table]
    if given:
        raise UnknownParameter(f"compressor has no {', '.join(map(repr, given))}; it has {', '.join(p.id for p in table)}")
    mode, crest_db = int(value[COMPRESSOR_MODE]), value[COMPRESSOR_PEAK_CREST]
    curve_stand(&curve, value[COMPRESSOR_THRESHOLD], value[COMPRESSOR_KNEE],
                slope_in(mode, value[COMPRESSOR_RATIO], table[COMPRESSOR_RATIO].high),
                range_in(mode, value[COMPRESSOR_RANGE], table[COMPRESSOR_RANGE].high))
    makeup_db = makeup_in(mode, &curve, value[COMPRESSOR_MAKEUP], value[COMPRESSOR_AUTO_MAKEUP])
    both = value[COMPRESSOR_DETECTOR] == 2
    levels = []
    for level_db in levels_db:
        peak_db = fmax(level_db, level_db + SINE_PEAK_DB - crest_db) if both else level_db
        change_db = change_in(mode, &curve, peak_db)
        levels.append(level_db + change_db + makeup_db)
    return levels
