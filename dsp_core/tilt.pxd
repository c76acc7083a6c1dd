"""A detector's tilt: so many dB per octave around 1 kHz, from a row of first-order shelves.

Poles stand TILT_STEP octaves apart from TILT_LOWEST_HZ up, each with a zero so far below or above it that the row falls or rises evenly
(Smith, "Closed Form Fractional Integration and Differentiation via Real Exponentially Spaced Pole-Zero Pairs", arXiv 1606.06154). Only the
zeros move with the slope: at 0 dB/oct each shelf gives its input to the bit.
"""
from libc.math cimport M_PI, fmin, sqrt, tan
from libc.string cimport memcpy

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

cdef inline void shelves_at(const Tilt *t, double low, double *of_sound, double *of_memory) noexcept nogil:
    """What each shelf gives: so much of the sound and so much of its memory."""
    cdef int n
    for n in range(SHELVES):
        of_sound[n], of_memory[n] = 1.0 + low * t.gather[n], low * (1.0 - t.gather[n])

cdef inline void tilt(const Tilt *t, const MovingTilt *m, bint moving, int at, double (*memory)[2], const double **source, double **out,
                      int frames) noexcept nogil:
    """Two channels side by side; `memory` is one pair per shelf. `moving`, `at` as in detector.pxd. May work in place."""
    cdef double s[SHELVES][2]
    cdef double of_sound[SHELVES]
    cdef double of_memory[SHELVES]
    cdef double keep[SHELVES]
    cdef double take[SHELVES]
    cdef double x[2]
    cdef double before, gain = m.gain.now
    cdef int i, n, c
    memcpy(s, memory, sizeof(s))
    shelves_at(t, m.low.now, of_sound, of_memory)
    for n in range(SHELVES):
        take[n], keep[n] = 2.0 * t.gather[n], 1.0 - 2.0 * t.gather[n]
    for i in range(frames):
        if moving:
            gain = moving_at(&m.gain, at + i + 1)
            shelves_at(t, moving_at(&m.low, at + i + 1), of_sound, of_memory)
        x[0], x[1] = held_sample(source[0][i]), held_sample(source[1][i])
        for n in range(SHELVES):
            for c in range(2):           # one vector
                before = s[n][c]
                s[n][c] = keep[n] * before + take[n] * x[c]
                x[c] = of_sound[n] * x[c] + of_memory[n] * before
        out[0][i], out[1][i] = gain * x[0], gain * x[1]
    memcpy(memory, s, sizeof(s))
