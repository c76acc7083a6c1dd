"""From the gain reduction that each frame asks for to a smooth one that never falls short of it.

1. Frames are taken in groups, which cost one decision each.
2. Two windows: `near` spans the look-ahead and a short hold, `far` the full hold.
3. Two releases: the transient one answers for every peak and lets go fast; the level one moves down with the sound that stays
   loud, at a speed given by the share of time the sound spends near its peaks, and lets go slowly. The deeper one counts.
   They may be asked by different wishes (the links of two channels); the transient one's must cover what the frame needs.
4. Three moving averages, together as long as the look-ahead, frame by frame.

Reduction is 1 - gain in whole steps of 1 / FULL: windows and averages are exact, nothing drifts, and no reduction is exactly
unity. Each average over the look-ahead sees only values that cover the frame it is for, so the result covers it too.
"""
from libc.stdint cimport int32_t, int64_t
from libc.string cimport memcpy, memset

from dsp_core.boxes cimport Boxes, boxes_fill, boxes_step
from dsp_core.sliding cimport SlidingMax, sliding_fill, sliding_max
from dsp_core.units cimport pole_of_ms

cdef extern from *:
    """
    static const double MRT_FULL = 1 << 30;              /* steps of reduction that make silence */
    static const double MRT_SHARE_MS = 10.0;             /* over which the share of time near the peaks is averaged */
    static const double MRT_FULL_SPEED_SHARE = 0.5;      /* that makes full speed; a sine 6 dB over the ceiling has it */
    """
    const double FULL "MRT_FULL"
    const double SHARE_MS "MRT_SHARE_MS"
    const double FULL_SPEED_SHARE "MRT_FULL_SPEED_SHARE"

cdef enum:
    REDUCTION_FRAMES = 256       # most frames per call
    GROUP = 4                    # frames; a staircase that fine leaves nothing above -140 dB behind the averages

cdef struct ReductionPlan:       # fixed for the life of a stage
    int lookahead                # frames by which a result comes before the frame it is for
    int group                    # frames
    int near                     # window of the transient release, in groups
    int far                      # window over the near window's results, so that both span the hold
    int box                      # length of each average, in frames
    double unit                  # reduction in one step of the averages' sum
    size_t bytes                 # memory, zero at the start

cdef struct ReductionManner:     # how the two releases share the work
    double transient_hold_ms     # longest
    double transient_release_ms  # longest
    double level_attack_ms       # while the sound stays loud

cdef struct ReductionRates:      # made by a stage's tick; per group
    double release_pole          # of the level release
    double transient_pole        # of the transient release
    double attack_least          # share of the way the level moves down: 1 makes it follow every peak at once,
    double attack_range          # and be all that counts; what it may gain while the sound stays loud
    double speed_pole            # of the average that tells so
    double speed_gain

cdef struct Reduction:           # head of the memory; the averages' rings and the windows follow
    SlidingMax near              # of the transient release, and of both until they are asked apart
    SlidingMax apart             # the level's own
    SlidingMax far
    Boxes boxes
    bint asked_apart
    int32_t now                  # steps that the last whole group led to
    double level                 # steps
    double transient
    double speed                 # of the level's attack, before its limit

cdef inline void reduction_plan(ReductionPlan *p, int lookahead, int hold, int transient_hold) noexcept nogil:
    """All in frames. A peak is held for `hold`, by the transient release alone for `transient_hold` or `hold`, whichever is less.

    A group's reduction stands from its last frame to the one before the next group's last. So a frame is covered from group - 1
    frames after it on, which is where the averages may begin, and asked about by lookahead / group groups after its own.
    """
    p.lookahead = lookahead
    p.group = GROUP if lookahead >= 3 * GROUP else 1
    p.near = (lookahead + min(transient_hold, hold) + p.group - 1) // p.group + 1
    p.far = (hold - min(transient_hold, hold) + p.group - 1) // p.group + 1
    p.box = (lookahead + 4 - p.group) // 3
    p.unit = 1.0 / (FULL * p.box * p.box * p.box)
    p.bytes = sizeof(Reduction) + 3 * p.box * sizeof(int64_t) + (2 * p.near + p.far + 3) * sizeof(int32_t)

cdef inline bint reduction_alike(const ReductionPlan *a, const ReductionPlan *b) noexcept nogil:
    """Whether the memory of one fits the other."""
    return a.lookahead == b.lookahead and a.near == b.near and a.far == b.far

cdef inline void reduction_rates(ReductionRates *r, double release_ms, double automatic, double rate) noexcept nogil:
    """One release that follows every peak at once."""
    cdef ReductionManner manner
    manner.transient_hold_ms = manner.transient_release_ms = manner.level_attack_ms = 0.0
    reduction_rates_of(r, &manner, release_ms, automatic, rate)

cdef inline void reduction_rates_of(ReductionRates *r, const ReductionManner *manner, double release_ms, double automatic,
                                    double rate) noexcept nogil:
    """automatic: 1 for two releases, 0 for the level's alone, anything between on the way from one to the other."""
    cdef double attack = 1.0 - pole_of_ms(manner.level_attack_ms, rate)
    r.release_pole = pole_of_ms(release_ms, rate)
    r.transient_pole = pole_of_ms(min(release_ms, manner.transient_release_ms), rate)
    r.attack_least = 1.0 - automatic
    r.attack_range = automatic * attack
    r.speed_pole = pole_of_ms(SHARE_MS, rate)
    r.speed_gain = automatic * attack * (1.0 - r.speed_pole) / FULL_SPEED_SHARE

cdef inline int64_t *reduction_ring(Reduction *m) noexcept nogil:
    return <int64_t *>(m + 1)

cdef inline int32_t *reduction_near(const ReductionPlan *p, Reduction *m) noexcept nogil:
    return <int32_t *>(reduction_ring(m) + 3 * p.box)

cdef inline int32_t *reduction_apart(const ReductionPlan *p, Reduction *m) noexcept nogil:
    return reduction_near(p, m) + p.near + 1

cdef inline int32_t *reduction_far(const ReductionPlan *p, Reduction *m) noexcept nogil:
    return reduction_apart(p, m) + p.near + 1

cdef inline int gather_highest(int group, int phase, float *highest, const float *x, float *out, int frames) noexcept nogil:
    """The highest of each group that ends in this span, and how many do. Of the first one `phase` frames came before."""
    cdef float top = highest[0], one, two
    cdef int i = 0, n = 0
    while i < frames:
        if phase == 0 and group == GROUP and i + GROUP <= frames:
            one, two = x[i] if x[i] > x[i + 1] else x[i + 1], x[i + 2] if x[i + 2] > x[i + 3] else x[i + 3]
            one = one if one > two else two
            out[n] = one if one > top else top
            n += 1
            i += GROUP
            top = 0.0
            continue
        top = x[i] if x[i] > top else top
        i += 1
        phase += 1
        if phase == group:
            out[n] = top
            n += 1
            phase = 0
            top = 0.0
    highest[0] = top
    return n

cdef inline void release(const ReductionRates *r, Reduction *m, const int32_t *wanted, const int32_t *level_near, const int32_t *near,
                         const int32_t *far, int32_t *steps, int groups) noexcept nogil:
    cdef double level = m.level, transient = m.transient, speed = m.speed
    cdef double need, held, attack, down, back
    cdef int i
    for i in range(groups):
        need, held = level_near[i], far[i]
        speed = speed * r.speed_pole + (r.speed_gain if wanted[i] > far[i] >> 1 else 0.0)
        attack = r.attack_least + (speed if speed < r.attack_range else r.attack_range)
        down = need * attack + level * (1.0 - attack)
        back = held * (1.0 - r.release_pole) + level * r.release_pole
        back = back if level > held else level
        level = down if need > level else back
        need = near[i]
        transient = need * (1.0 - r.transient_pole) + transient * r.transient_pole
        transient = transient if transient > need else need
        steps[i] = <int32_t>((level if level > transient else transient) + 0.5)
    m.level, m.transient, m.speed = level, transient, speed

cdef inline bint at_rest(const Reduction *m, const int32_t *steps, int groups) noexcept nogil:
    """Nothing is turned down, nor was as far back as the averages remember."""
    cdef int64_t any_step = m.now | m.boxes.sum[0] | m.boxes.sum[1] | m.boxes.sum[2]
    cdef int k
    for k in range(groups):
        any_step |= steps[k]
    return any_step == 0

cdef inline void smooth(const ReductionPlan *p, int phase, Reduction *m, const int32_t *steps, double *reduced,
                        int frames) noexcept nogil:
    cdef int64_t *ring = reduction_ring(m)
    cdef Boxes boxes = m.boxes
    cdef int64_t now = m.now
    cdef int i, k = 0
    if at_rest(m, steps, (phase + frames) // p.group):
        memset(reduced, 0, frames * sizeof(double))
        m.boxes.at = (boxes.at + 3 * frames) % (3 * p.box)
        return
    for i in range(frames):
        phase += 1
        if phase == p.group:
            now = steps[k]
            k += 1
            phase = 0
        reduced[i] = p.unit * <double>boxes_step(&boxes, ring, p.box, now)
    m.boxes, m.now = boxes, now

cdef inline void reduction_run(const ReductionPlan *p, const ReductionRates *r, int phase, Reduction *m, const int32_t *wanted,
                               int groups, double *reduced, int frames) noexcept nogil:
    """wanted[k]: steps that each group asks for which ends in this span; reduced[i]: 1 - gain for the frame `lookahead` before.

    phase: frames of the first group that came before.
    """
    reduction_run_apart(p, r, phase, m, wanted, wanted, groups, reduced, frames)

cdef inline void reduction_run_apart(const ReductionPlan *p, const ReductionRates *r, int phase, Reduction *m, const int32_t *wanted,
                                     const int32_t *transient_wanted, int groups, double *reduced, int frames) noexcept nogil:
    """The same with a wish of its own for the transient release, which counts once `reduction_ask_apart` was called."""
    cdef int32_t near[REDUCTION_FRAMES]
    cdef int32_t apart[REDUCTION_FRAMES]
    cdef int32_t far[REDUCTION_FRAMES]
    cdef int32_t steps[REDUCTION_FRAMES]
    cdef const int32_t *level_near = near
    memcpy(near, transient_wanted if m.asked_apart else wanted, groups * sizeof(int32_t))
    sliding_max(&m.near, reduction_near(p, m), p.near, near, groups)
    if m.asked_apart:
        memcpy(apart, wanted, groups * sizeof(int32_t))
        sliding_max(&m.apart, reduction_apart(p, m), p.near, apart, groups)
        level_near = apart
    memcpy(far, level_near, groups * sizeof(int32_t))
    sliding_max(&m.far, reduction_far(p, m), p.far, far, groups)
    release(r, m, wanted, level_near, near, far, steps, groups)
    smooth(p, phase, m, steps, reduced, frames)

cdef inline void reduction_ask_apart(const ReductionPlan *p, Reduction *m) noexcept nogil:
    """From now on the releases may be asked by different wishes."""
    if m.asked_apart:
        return
    m.asked_apart, m.apart = True, m.near
    memcpy(reduction_apart(p, m), reduction_near(p, m), (p.near + 1) * sizeof(int32_t))

cdef inline void reduction_continue(const ReductionPlan *p, Reduction *m, const Reduction *old) noexcept nogil:
    """Start where `old`, with another plan, stands: hold what it holds, then release from there."""
    sliding_fill(&m.near, reduction_near(p, m), p.near, old.near.now)
    sliding_fill(&m.apart, reduction_apart(p, m), p.near, old.apart.now)
    sliding_fill(&m.far, reduction_far(p, m), p.far, old.far.now)
    m.asked_apart = old.asked_apart
    boxes_fill(&m.boxes, reduction_ring(m), p.box, old.now)
    m.now, m.level, m.transient, m.speed = old.now, old.level, old.transient, old.speed
