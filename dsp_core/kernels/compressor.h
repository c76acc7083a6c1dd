/* What a compressor's level asks for in its four modes, and what feedback makes of its times; over the frames of a span.
 *
 * Curve: quadratic knee (Giannoulis, Massberg, Reiss, JAES 60(6), 2012), bent once more where the range ends, so that a threshold that
 * moves under a steady tone leaves no corner. What acts over the threshold is smoothed as a change in dB. What acts under it cannot be,
 * for at every zero crossing a sound is under any threshold: there the level itself is smoothed, over just those dB in which the change
 * happens, so that both times keep their meaning.
 *
 * Feedback: let the detector hear the level in less the share f of the change r in force, and let the loop's gain computer be the one
 * whose steady change is what the curve F asks for at the level in. Around it the loop asks for F + q / (1 - q) (F - r), where q is f
 * times the slope of F. Solved without delay, a one-pole p that follows this follows F itself with the pole p (1 - q) / (1 - p q), whose
 * time is shorter by about 1 - q: at a ratio of R and full feedback R times. Where a change makes itself larger (expansion) q is negative
 * and times grow. The static curve stays, and no ratio makes it unstable. */
#pragma once
#include "dsp_core/kernels/band_dynamics.h"

#define MRT_RANGE_BEND_DB 2.0            /* around the end of the range; 0.5 dB less at the corner itself */
#define MRT_ANCHOR_DB (-500.0)           /* smoothed levels count from here: under any floor there is */
#define MRT_IDLE_DB 2e-6                 /* read too high: what the ballistics leave out is idle to the bit */
#define MRT_LOOP_POLES 5
#define MRT_LOOP_FRAMES 256              /* most per call */
#define MRT_LOOP_SHORTEST 0.95           /* q: times get 20 times shorter or longer at most */
#define MRT_LOOP_LONGEST (-19.0)

/* `over`: dB beyond the threshold, in the direction in which the mode acts. */
MRT_INLINE double mrt_mode_change(const MrtBandPoint *p, double over)
{
    const double change = mrt_reduction_db(over, 0.0, p->half_knee, p->inverse_knee, p->slope);
    const double bend = mrt_smaller(p->range_db, MRT_RANGE_BEND_DB);
    const double near = mrt_larger(bend - mrt_magnitude(change - p->range_db), 0.0);
    return mrt_smaller(change, p->range_db) - near * near * (0.25 / mrt_larger(bend, 1e-9));
}

MRT_INLINE double mrt_mode_height(const MrtBandPoint *p, double level_db)
{ return mrt_larger(mrt_smaller(level_db, p->ceiling_db), p->floor_db) - MRT_ANCHOR_DB; }

MRT_INLINE MrtBandPoint mrt_mode_point(const MrtBandCurve *b, int moving, double k)
{
    MrtBandPoint p = mrt_band_point(b, moving, k);
    p.floor_db -= MRT_RANGE_BEND_DB / mrt_larger(p.slope, 1.0 / 30.0);       /* the bend needs room under the floor */
    return p;
}

/* Steady change of a level for a curve that stands. */
MRT_INLINE double mrt_mode_steady(const MrtBandCurve *b, double level_db, int under)
{
    const MrtBandPoint p = mrt_mode_point(b, 0, 0.0);
    const double height = mrt_mode_height(&p, level_db) + MRT_ANCHOR_DB;
    return mrt_mode_change(&p, under ? p.threshold_db - height : level_db - p.threshold_db);
}

/* The height of a level that asks for nothing. */
MRT_INLINE double mrt_mode_idle(const MrtBandCurve *b)
{
    const MrtBandPoint p = mrt_mode_point(b, 0, 0.0);
    return mrt_mode_height(&p, p.ceiling_db);
}

/* Levels in dB to what the detector smooths, in place: dB of change, or, `under` the threshold, dB over the anchor.
   `moving`: whether the curve moves; then frame i is `at` + i + 1 frames after the last tick. */
MRT_INLINE void mrt_mode_asks_body(double *__restrict level_db, int frames, const MrtBandCurve *b, int under, int moving, int at)
{
    if (moving) {
        for (int i = 0; i < frames; i++) {
            const MrtBandPoint p = mrt_mode_point(b, 1, at + i + 1);
            level_db[i] = under ? mrt_mode_height(&p, level_db[i]) : mrt_mode_change(&p, level_db[i] - p.threshold_db);
        }
        return;
    }
    const MrtBandPoint p = mrt_mode_point(b, 0, 0.0);
    if (under)
        for (int i = 0; i < frames; i++)
            level_db[i] = mrt_mode_height(&p, level_db[i]);
    else
        for (int i = 0; i < frames; i++)
            level_db[i] = mrt_mode_change(&p, level_db[i] - p.threshold_db);
}

/* What the detector gave to dB of change, in place; for what acts under the threshold alone. */
MRT_INLINE void mrt_mode_changes_body(double *__restrict height_db, int frames, const MrtBandCurve *b, int moving, int at)
{
    if (moving) {
        for (int i = 0; i < frames; i++) {
            const MrtBandPoint p = mrt_mode_point(b, 1, at + i + 1);
            height_db[i] = mrt_mode_change(&p, p.threshold_db - mrt_smaller(height_db[i] + (MRT_ANCHOR_DB + MRT_IDLE_DB), p.ceiling_db));
        }
        return;
    }
    const MrtBandPoint p = mrt_mode_point(b, 0, 0.0);
    for (int i = 0; i < frames; i++)
        height_db[i] = mrt_mode_change(&p, p.threshold_db - mrt_smaller(height_db[i] + (MRT_ANCHOR_DB + MRT_IDLE_DB), p.ceiling_db));
}

/* q: feedback, signed, times the slope of the curve at a level. */
MRT_INLINE double mrt_loop_share(const MrtBandPoint *p, double level_db, int under, double feedback)
{
    const double over = under ? p->threshold_db - level_db : level_db - p->threshold_db;
    const double change = mrt_reduction_db(over, 0.0, p->half_knee, p->inverse_knee, p->slope);
    const double bent = mrt_smaller(mrt_larger(over + p->half_knee, 0.0) * (2.0 * p->inverse_knee), 1.0);
    const double bend = mrt_smaller(p->range_db, MRT_RANGE_BEND_DB), inside = p->range_db - change;
    const double near = mrt_larger(bend - mrt_magnitude(inside), 0.0) * (0.5 / mrt_larger(bend, 1e-9));
    const double slope = p->slope * bent * (inside > 0.0 ? 1.0 - near : near);
    return mrt_larger(mrt_smaller(feedback * slope, MRT_LOOP_SHORTEST), MRT_LOOP_LONGEST);
}

/* feedback: 0..1 times `sign`, -1 where the change makes itself larger. out[k]: the k-th pole at every frame. */
MRT_INLINE void mrt_loop_poles_body(const double *__restrict level_db, int frames, const MrtBandCurve *b, const MrtMoving *feedback,
                                    double sign, int under, int moving, int at, const double *pole,
                                    double (*__restrict out)[MRT_LOOP_FRAMES])
{
    double q[MRT_LOOP_FRAMES];
    const MrtMoving share = *feedback;
    if (moving)
        for (int i = 0; i < frames; i++) {
            const MrtBandPoint p = mrt_mode_point(b, 1, at + i + 1);
            q[i] = mrt_loop_share(&p, level_db[i], under, sign * mrt_moving_at(&share, at + i + 1));
        }
    else {
        const MrtBandPoint p = mrt_mode_point(b, 0, 0.0);
        for (int i = 0; i < frames; i++)
            q[i] = mrt_loop_share(&p, level_db[i], under, sign * share.now);
    }
    for (int k = 0; k < MRT_LOOP_POLES; k++) {
        const double p = pole[k];
        for (int i = 0; i < frames; i++)
            out[k][i] = p * (1.0 - q[i]) / (1.0 - p * q[i]);
    }
}

typedef struct {
    void (*asks)(double *level_db, int frames, const MrtBandCurve *b, int under, int moving, int at);
    void (*changes)(double *height_db, int frames, const MrtBandCurve *b, int moving, int at);
    void (*poles)(const double *level_db, int frames, const MrtBandCurve *b, const MrtMoving *feedback, double sign, int under, int moving,
                  int at, const double *pole, double (*out)[MRT_LOOP_FRAMES]);
} MrtModes;

#define MRT_MODES(SUFFIX, TARGET)                                                                                                \
    TARGET static void mrt_mode_asks_##SUFFIX(double *level_db, int frames, const MrtBandCurve *b, int under, int moving, int at) \
    { mrt_mode_asks_body(level_db, frames, b, under, moving, at); }                                                              \
    TARGET static void mrt_mode_changes_##SUFFIX(double *height_db, int frames, const MrtBandCurve *b, int moving, int at)       \
    { mrt_mode_changes_body(height_db, frames, b, moving, at); }                                                                 \
    TARGET static void mrt_loop_poles_##SUFFIX(const double *level_db, int frames, const MrtBandCurve *b,                        \
                                               const MrtMoving *feedback, double sign, int under, int moving, int at,            \
                                               const double *pole, double (*out)[MRT_LOOP_FRAMES])                               \
    { mrt_loop_poles_body(level_db, frames, b, feedback, sign, under, moving, at, pole, out); }                                  \
    static const MrtModes mrt_modes_##SUFFIX = {mrt_mode_asks_##SUFFIX, mrt_mode_changes_##SUFFIX, mrt_loop_poles_##SUFFIX};

MRT_MODES(plain, )
#if MRT_X86
MRT_MODES(avx2, __attribute__((target("avx2"))))
#endif

/* Control thread only. */
static inline const MrtModes *mrt_modes(void)
{
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        return &mrt_modes_avx2;
#endif
    return &mrt_modes_plain;
}
