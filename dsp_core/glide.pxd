"""A parameter on its way: critically damped two-pole, moved once per control tick, so that no knob can click.

Two one-poles of 10 ms each leave -88 dBFS over 3 kHz for a +12 dB step of a 100 Hz bell (one pole: -83).
A log law glides in the logarithm of its value.
"""
from libc.math cimport exp, fabs, log

cdef extern from *:
    """
    static const double MRT_GLIDE_MS = 10.0;        /* time constant of each of the two poles */
    static const double MRT_GLIDE_REST = 1e-5;      /* closer than this (dB, %, nepers of a log law) is arrived */
    """
    const double GLIDE_MS "MRT_GLIDE_MS"
    const double GLIDE_REST "MRT_GLIDE_REST"

cdef struct Glide:
    double goal                  # in the glide's own domain: the value, or its logarithm
    double mid                   # output of the first pole
    double now                   # output of the second pole
    double value                 # what the stage reads, in the parameter's unit
    bint logarithmic

cdef inline void glide_jump(Glide *g, double value) noexcept nogil:
    g.goal = log(value) if g.logarithmic else value
    g.mid = g.now = g.goal
    g.value = value

cdef inline bint glide_step(Glide *g, double value, double pole) noexcept nogil:
    """One control tick towards `value`; True while it has not arrived. Arrives exactly."""
    if g.value == value and g.mid == g.goal:
        return False
    g.goal = log(value) if g.logarithmic else value
    g.mid += (g.goal - g.mid) * (1.0 - pole)
    g.now += (g.mid - g.now) * (1.0 - pole)
    if fabs(g.now - g.goal) < GLIDE_REST and fabs(g.mid - g.goal) < GLIDE_REST:
        g.mid = g.now = g.goal
        g.value = value
    else:
        g.value = exp(g.now) if g.logarithmic else g.now
    return True
