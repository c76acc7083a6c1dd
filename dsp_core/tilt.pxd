"""A detector's tilt: so many dB per octave around 1 kHz, from a row of first-order shelves.

Poles stand TILT_STEP octaves apart from TILT_LOWEST_HZ up, each with a zero so far below or above it that the row falls or rises evenly
(Smith, "Closed Form Fractional Integration and Differentiation via Real Exponentially Spaced Pole-Zero Pairs", arXiv 1606.06154). Only the
zeros move with the slope: at 0 dB/oct each shelf gives its input to the bit.
"""
from libc.math cimport M_PI, fmin, sqrt, tan

from dsp_core.detector cimport held_sample
from dsp_core.moving cimport Moving, moving_aim, moving_at
from dsp_core.units cimport gain_of_db

cdef extern from *:
    """
    static const double MRT_TILT_LOWEST_HZ = 18.0;
    static const double MRT_TILT_STEP = 1.8;                 /* octaves */
    static const double MRT_TILT_STEP_RATIO = 3.4822022531844965;    /* 2^1.8 */
    static const double MRT_TILT_PIVOT_HZ = 1000.0;
    static const double MRT_TILT_HIGHEST_RATE_SHARE = 0.45;
    """
    const double TILT_LOWEST_HZ "MRT_TILT_LOWEST_HZ"
    const double TILT_STEP "MRT_TILT_STEP"
    const double TILT_STEP_RATIO "MRT_TILT_STEP_RATIO"
    const double TILT_PIVOT_HZ "MRT_TILT_PIVOT_HZ"
    const double TILT_HIGHEST_RATE_SHARE "MRT_TILT_HIGHEST_RATE_SHARE"

cdef enum:
    SHELVES = 7

cdef struct Tilt:                # coefficients; fixed for a sample rate
    double g[SHELVES]            # tangent of half the pole's angle
    double gather[SHELVES]       # g / (1 + g)

cdef struct MovingTilt:
    Moving low                   # what every shelf adds of its lows
    Moving gain                  # puts the pivot at 0 dB

cdef inline Tilt tilt_for(double rate) noexcept nogil:
    cdef Tilt t
    cdef double hz = TILT_LOWEST_HZ
    cdef int i
    for i in range(SHELVES):
        t.g[i] = tan(M_PI * fmin(hz / rate, TILT_HIGHEST_RATE_SHARE))
        t.gather[i] = t.g[i] / (1.0 + t.g[i])
        hz *= TILT_STEP_RATIO
    return t

cdef inline bint tilt_aim(MovingTilt *m, const Tilt *t, double db_per_octave, double rate, int frames) noexcept nogil:
    """At a tick. True if it moves."""
    cdef double low = gain_of_db(-db_per_octave * TILT_STEP), power = 1.0
    cdef double at = tan(M_PI * fmin(TILT_PIVOT_HZ / rate, TILT_HIGHEST_RATE_SHARE))
    cdef int i
    cdef bint moves
    for i in range(SHELVES):
        power *= (t.g[i] * t.g[i] + at * at) / (low * low * t.g[i] * t.g[i] + at * at)
    moves = moving_aim(&m.low, low - 1.0, frames)
    return moves | moving_aim(&m.gain, sqrt(power), frames)

cdef inline double tilted(const Tilt *t, double low, double *memory, double x) noexcept nogil:
    cdef double v
    cdef int i
    for i in range(SHELVES):
        v = t.gather[i] * (x - memory[i])
        x += low * (memory[i] + v)
        memory[i] += 2.0 * v
    return x

cdef inline void tilt(const Tilt *t, const MovingTilt *m, bint moving, int at, double (*memory)[SHELVES], const double **source, double **out,
                      int frames) noexcept nogil:
    """Two channels side by side; `memory` is one row per channel. `moving`, `at` as in detector.pxd. May work in place."""
    cdef Tilt c = t[0]
    cdef double left[SHELVES]
    cdef double right[SHELVES]
    cdef double low = m.low.now, gain = m.gain.now
    cdef int i
    for i in range(SHELVES):
        left[i], right[i] = memory[0][i], memory[1][i]
    for i in range(frames):
        if moving:
            low, gain = moving_at(&m.low, at + i + 1), moving_at(&m.gain, at + i + 1)
        out[0][i] = gain * tilted(&c, low, left, held_sample(source[0][i]))
        out[1][i] = gain * tilted(&c, low, right, held_sample(source[1][i]))
    for i in range(SHELVES):
        memory[0][i], memory[1][i] = left[i], right[i]
