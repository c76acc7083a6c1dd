"""A guard that lowers the side of a sound where it outweighs the mid, which is where left and right are negatively correlated.

Powers are averaged over 0.3 s and compared every GROUP frames; the gain of the side goes there in a straight line.
"""
from libc.math cimport fmax, sqrt

from dsp_core.units cimport pole_of_ms

cdef extern from *:
    """
    static const double MRT_ANTIPHASE_MS = 300.0;            /* over which power is averaged */
    static const double MRT_ANTIPHASE_LEAST_POWER = 1e-3;    /* of the side, left of what never had a mid: -30 dB */
    """
    const double ANTIPHASE_MS "MRT_ANTIPHASE_MS"
    const double ANTIPHASE_LEAST_POWER "MRT_ANTIPHASE_LEAST_POWER"

cdef enum:
    GROUP = 32                   # frames between two decisions

cdef struct Antiphase:
    double source                # power of the side as it came, of mid and side as they leave
    double mid
    double side
    double source_sum            # of the group so far
    double mid_sum
    double side_sum
    double gain                  # of the side
    double step
    double goal
    int count                    # frames of the group so far
    bint begun                   # groups lie on song time from the first frame on

cdef inline double antiphase_pole(double rate) noexcept nogil:
    return pole_of_ms(ANTIPHASE_MS / GROUP, rate)

cdef inline void antiphase_stand(Antiphase *g) noexcept nogil:
    """As new."""
    g.source = g.mid = g.side = 0.0
    g.source_sum = g.mid_sum = g.side_sum = 0.0
    g.gain, g.goal, g.step = 1.0, 1.0, 0.0
    g.count, g.begun = 0, False

cdef inline void antiphase_begin(Antiphase *g, int phase) noexcept nogil:
    """Before the first frame, of which `phase` frames of its group lie before."""
    if not g.begun:
        g.begun, g.count = True, phase

cdef inline void antiphase_decide(Antiphase *g, bint widening, double pole) noexcept nogil:
    """At the end of a group: where the side's gain goes during the next."""
    cdef double allowed
    g.source += (g.source_sum - g.source) * (1.0 - pole)
    g.mid += (g.mid_sum - g.mid) * (1.0 - pole)
    g.side += (g.side_sum - g.side) * (1.0 - pole)
    g.source_sum = g.mid_sum = g.side_sum = 0.0
    g.count = 0
    g.gain = g.goal
    allowed = fmax(g.mid, g.source if widening else ANTIPHASE_LEAST_POWER * g.side)
    g.goal = sqrt(allowed / g.side) if g.side > allowed else 1.0
    g.step = (g.goal - g.gain) / GROUP

cdef inline void antiphase_run(Antiphase *g, bint widening, double pole, const double *source, const double *mid, double *side,
                               int frames) noexcept nogil:
    """Turns `side`. widening: no further down than `source`, the side as it came."""
    cdef int i
    for i in range(frames):
        g.source_sum += source[i] * source[i]
        g.mid_sum += mid[i] * mid[i]
        g.side_sum += side[i] * side[i]
        side[i] *= g.gain
        g.gain += g.step
        g.count += 1
        if g.count == GROUP:
            antiphase_decide(g, widening, pole)
