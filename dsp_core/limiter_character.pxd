"""What a character of the limiter is made of. The knobs mean the same in each: a character settles what has no knob.

The two releases share the work differently. While the level one is slow to answer, peaks are left to the transient one, which
gives back what it takes within milliseconds: louder and livelier, at the price of a gain that moves more.
"""
from dsp_core.reduction cimport ReductionManner

cdef enum:                       # in the order of the choices of the parameter
    TRANSPARENT = 0
    PUNCHY = 1
    LOUD = 2
    SAFE = 3
    LOW_LATENCY = 4

cdef struct Character:
    ReductionManner manner
    double most_lookahead_ms
    bint short_detector          # 16 frames less delay, for a wider margin
    double margin_db             # what the detector can miss up to 0.465 of the rate; tests/dsp_core/test_limiter_ceiling.py

cdef inline void set_manner(ReductionManner *m, double transient_hold_ms, double transient_release_ms, double level_attack_ms) noexcept nogil:
    m.transient_hold_ms, m.transient_release_ms, m.level_attack_ms = transient_hold_ms, transient_release_ms, level_attack_ms

cdef inline void character_of(Character *c, int name) noexcept nogil:
    """A transient hold of 2 ms keeps the gain still within half a period of 140 Hz."""
    c.most_lookahead_ms, c.short_detector, c.margin_db = 1e3, False, 0.05
    set_manner(&c.manner, 2.0, 30.0, 2.0)
    if name == PUNCHY:
        set_manner(&c.manner, 0.0, 10.0, 10.0)
    elif name == LOUD:
        set_manner(&c.manner, 0.0, 5.0, 60.0)
    elif name == SAFE:
        set_manner(&c.manner, 5.0, 60.0, 1.0)
    elif name == LOW_LATENCY:
        c.most_lookahead_ms, c.short_detector, c.margin_db = 0.44, True, 0.12
