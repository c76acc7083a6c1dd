"""A gain that keeps what leaves a stage as loud as what entered it: K-weighted energies (BS.1770), averaged over seconds.

The average weighs all groups alike until it is as long as its time constant, so it is right from the first second on. Silence holds
it. What did not change gets a gain of exactly 1. The gain moves without a corner (`moving.pxd`): 1024 frames after the decision it is
half way there, and there after as many again.
"""
from libc.math cimport fmax, fmin, sqrt
from libc.string cimport memset

from dsp_core.meters.kweight cimport KSums, KWeight
from dsp_core.moving cimport Moving, moving_aim, moving_arrive, moving_at, moving_stand

cdef extern from *:
    """
    static const double MRT_MATCH_SECONDS = 3.0;
    static const double MRT_MATCH_LEAST_POWER = 1.17e-7;     /* -70 LUFS: quieter is silence */
    static const double MRT_MATCH_MOST = 16.0;               /* 24 dB either way */
    """
    const double MATCH_SECONDS "MRT_MATCH_SECONDS"
    const double MATCH_LEAST_POWER "MRT_MATCH_LEAST_POWER"
    const double MATCH_MOST "MRT_MATCH_MOST"

cdef enum:
    MATCH_FRAMES = 1024          # between two decisions

cdef struct LevelMatch:
    KSums before                 # of the group so far
    KSums after
    double power_before
    double power_after
    double wish                  # the gain decided on
    Moving gain
    int count                    # frames of the group so far
    int groups                   # in the average, up to its length

cdef inline void match_reset(LevelMatch *m) noexcept nogil:
    memset(m, 0, sizeof(LevelMatch))
    m.wish = 1.0
    moving_stand(&m.gain, 1.0)

cdef inline void match_decide(LevelMatch *m, bint idle, double rate) noexcept nogil:
    cdef double before = m.before.k_energy[0] + m.before.k_energy[1], after = m.after.k_energy[0] + m.after.k_energy[1]
    cdef int most = <int>(MATCH_SECONDS * rate / MATCH_FRAMES)
    m.before.k_energy[0] = m.before.k_energy[1] = m.after.k_energy[0] = m.after.k_energy[1] = 0.0
    m.count = 0
    moving_arrive(&m.gain)
    if idle:
        m.groups = 0
        m.wish = 1.0
    elif before > MATCH_LEAST_POWER * MATCH_FRAMES:
        m.groups = min(m.groups + 1, most)
        m.power_before += (before - m.power_before) / m.groups
        m.power_after += (after - m.power_after) / m.groups
        m.wish = fmin(fmax(sqrt(m.power_before / fmax(m.power_after, 1e-300)), 1.0 / MATCH_MOST), MATCH_MOST)
    moving_aim(&m.gain, m.wish, MATCH_FRAMES)

cdef inline void match_run(LevelMatch *m, const KWeight *k, double **before, double **after, int channels, bint idle, double rate,
                           int frames) noexcept nogil:
    """`before` is listened to, and `after`, which is then turned. Not over the end of a group; two planes each, also of one channel."""
    cdef int c, i
    k.k_only(k, &m.before, before[0], before[1], frames)
    k.k_only(k, &m.after, after[0], after[1], frames)
    for c in range(channels):
        for i in range(frames):
            after[c][i] *= moving_at(&m.gain, m.count + i + 1)
    m.count += frames
    if m.count == MATCH_FRAMES:
        match_decide(m, idle, rate)
