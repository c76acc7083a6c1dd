"""What a soloed band is heard through: the part of the spectrum that it works on."""
from libc.math cimport M_SQRT1_2

from dsp_core.design.shape cimport BAND_PASS, HIGH_CUT, HIGH_SHELF, LOW_CUT, LOW_SHELF, TILT, Shape

cdef inline Shape region_of(Shape s) noexcept nogil:
    """The band-pass of the same f0 and Q; for a shelf or cut the side that it lifts, lowers or takes away; for a tilt everything."""
    if s.type == LOW_SHELF or s.type == LOW_CUT:
        s.type, s.q = HIGH_CUT, M_SQRT1_2
    elif s.type == HIGH_SHELF or s.type == HIGH_CUT:
        s.type, s.q = LOW_CUT, M_SQRT1_2
    elif s.type != TILT:
        s.type = BAND_PASS
    s.gain_db = 0
    return s
