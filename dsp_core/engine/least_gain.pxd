"""What of a stage's change is mere gain: the gain of its input that lies nearest to its output (least squares, over the last seconds).

Taken out of a delta, a louder stage is no longer a delta of the music itself, but of what else it does. The average weighs all groups
alike until it is as long as its time constant; silence holds it; the gain moves without a corner.
"""
from libc.math cimport fmax, fmin
from libc.string cimport memset

from dsp_core.moving cimport Moving, moving_aim, moving_arrive, moving_at, moving_stand
from dsp_core.stages.stage cimport sample_t

cdef extern from *:
    """
    static const double MRT_LEAST_SECONDS = 3.0;
    static const double MRT_LEAST_POWER = 1e-10;     /* -100 dBFS: quieter is silence */
    static const double MRT_LEAST_MOST = 16.0;       /* 24 dB either way */
    """
    const double LEAST_SECONDS "MRT_LEAST_SECONDS"
    const double LEAST_POWER "MRT_LEAST_POWER"
    const double LEAST_MOST "MRT_LEAST_MOST"

cdef enum:
    LEAST_FRAMES = 1024          # between two decisions

cdef struct LeastGain:
    double product, power        # of the group so far: output times input, input squared
    double mean_product, mean_power
    Moving gain
    int count, groups

cdef inline void least_reset(LeastGain *g) noexcept nogil:
    memset(g, 0, sizeof(LeastGain))
    moving_stand(&g.gain, 1.0)

cdef inline void least_decide(LeastGain *g, bint on, double rate) noexcept nogil:
    cdef int most = <int>(LEAST_SECONDS * rate / LEAST_FRAMES)
    cdef double wish = g.gain.wish
    if g.power > LEAST_POWER * LEAST_FRAMES:
        g.groups = min(g.groups + 1, most)
        g.mean_product += (g.product - g.mean_product) / g.groups
        g.mean_power += (g.power - g.mean_power) / g.groups
        wish = fmin(fmax(g.mean_product / g.mean_power, 1.0 / LEAST_MOST), LEAST_MOST)
    g.product = g.power = 0.0
    g.count = 0
    moving_arrive(&g.gain)
    moving_aim(&g.gain, wish if on else 1.0, LEAST_FRAMES)

cdef inline void least_run(LeastGain *g, sample_t **delta, sample_t **wet, bint on, double rate, int frames) noexcept nogil:
    """delta holds wet less dry, and loses what the gain explains; exactly nothing while the gain is 1."""
    cdef int done = 0, n, c, i
    cdef double dry, gain
    while done < frames:
        n = min(frames - done, LEAST_FRAMES - g.count)
        for i in range(done, done + n):
            gain = moving_at(&g.gain, g.count + i - done + 1)
            for c in range(2):
                dry = wet[c][i] - delta[c][i]
                g.product += wet[c][i] * dry
                g.power += dry * dry
                delta[c][i] += (1.0 - gain) * dry
        g.count += n
        done += n
        if g.count == LEAST_FRAMES:
            least_decide(g, on, rate)
