/* Dynamics of many bands at once: what a band's level asks for, how that moves in time, and the gain that comes of it.
 *
 * Gain computer and detector: Giannoulis, Massberg, Reiss, JAES 60(6), 2012, in four directions. What acts over the threshold is
 * smoothed as a change in dB, as in the compressor. What acts under it cannot be, for at every zero crossing a sound is under any
 * threshold: there the level itself is smoothed, over just those dB in which the change happens, so that both times keep their
 * meaning and attack is always the way of a rising sound. It is counted from a depth under the knee that no other parameter moves:
 * counted from where the change ends, a ratio on its way would carry the remembered level along with it. */
#pragma once
#include "dsp_core/kernels/gain_computer.h"
#include "dsp_core/kernels/quad.h"

#define MRT_WIDEST_SPAN_DB 60.0          /* of levels under the knee that a slight slope may need for its range */
#define MRT_DEPTH_DB 96.0                /* under the top of the knee; deeper than the widest span and the widest knee */
#define MRT_MOVE_LANES 8

typedef struct {
    MrtCurve curve;
    MrtMoving range_db;          /* most change */
    MrtMoving base, share;       /* gain = base + share * gain of the dynamics: bypass, mute, solo and mix */
} MrtBandCurve;

/* One moment of a curve. */
typedef struct {
    double threshold_db, half_knee, inverse_knee, slope, range_db;
    double floor_db, ceiling_db; /* levels between which a change under the threshold happens */
} MrtBandPoint;

MRT_INLINE MrtBandPoint mrt_band_point(const MrtBandCurve *b, int moving, double k)
{
    MrtBandPoint p;
    const double knee_db = moving ? mrt_moving_at(&b->curve.knee_db, k) : b->curve.knee_db.now;
    p.threshold_db = moving ? mrt_moving_at(&b->curve.threshold_db, k) : b->curve.threshold_db.now;
    p.slope = moving ? mrt_moving_at(&b->curve.slope, k) : b->curve.slope.now;
    p.range_db = moving ? mrt_moving_at(&b->range_db, k) : b->range_db.now;
    p.half_knee = 0.5 * knee_db;
    p.inverse_knee = mrt_inverse_knee(knee_db);
    p.ceiling_db = p.threshold_db + p.half_knee;
    p.floor_db = p.threshold_db - p.half_knee
               - p.range_db / mrt_larger(p.slope, mrt_larger(p.range_db * (1.0 / MRT_WIDEST_SPAN_DB), 1e-9));
    return p;
}

MRT_INLINE double mrt_smaller(double a, double b) { return a < b ? a : b; }

MRT_INLINE double mrt_over(const MrtBandPoint *p, double level_db)
{
    return mrt_smaller(mrt_reduction_db(level_db, p->threshold_db, p->half_knee, p->inverse_knee, p->slope), p->range_db);
}

/* The level of a silent band, over the depth. */
MRT_INLINE double mrt_silence_db(const MrtBandPoint *p) { return MRT_DEPTH_DB - (p->ceiling_db - p->floor_db); }

/* What is smoothed of a level: dB over the depth, between the two ends of the change. */
MRT_INLINE double mrt_height_db(const MrtBandPoint *p, double level_db)
{
    return mrt_larger(mrt_smaller(level_db - p->ceiling_db, 0.0) + MRT_DEPTH_DB, mrt_silence_db(p));
}

MRT_INLINE double mrt_under(const MrtBandPoint *p, double height_db)
{
    const double level_db = p->ceiling_db + (height_db - MRT_DEPTH_DB);
    return mrt_smaller(mrt_reduction_db(-level_db, -p->threshold_db, p->half_knee, p->inverse_knee, p->slope), p->range_db);
}

MRT_INLINE double mrt_band_silence_db(const MrtBandCurve *b)
{
    const MrtBandPoint p = mrt_band_point(b, 0, 0.0);
    return mrt_silence_db(&p);
}

/* Levels to what the detector smooths: dB of change, or `under` the threshold dB over the depth. */
MRT_INLINE void mrt_band_wants_body(const double *__restrict level, int frames, const MrtBandCurve *b, int under, int moving, int at,
                                    double *__restrict wanted)
{
    if (moving) {
        for (int i = 0; i < frames; i++) {
            const MrtBandPoint p = mrt_band_point(b, 1, at + i + 1);
            const double level_db = mrt_level_db(level[i], MRT_DB_PER_OCTAVE);
            wanted[i] = under ? mrt_height_db(&p, level_db) : mrt_over(&p, level_db);
        }
        return;
    }
    const MrtBandPoint p = mrt_band_point(b, 0, 0.0);
    if (under)
        for (int i = 0; i < frames; i++)
            wanted[i] = mrt_height_db(&p, mrt_level_db(level[i], MRT_DB_PER_OCTAVE));
    else
        for (int i = 0; i < frames; i++)
            wanted[i] = mrt_over(&p, mrt_level_db(level[i], MRT_DB_PER_OCTAVE));
}

/* What the detector gave to dB of change, in place. Nothing to do over the threshold. */
MRT_INLINE void mrt_band_changes_body(double *__restrict change_db, int frames, const MrtBandCurve *b, int under, int moving, int at)
{
    if (!under)
        return;
    if (moving) {
        for (int i = 0; i < frames; i++) {
            const MrtBandPoint p = mrt_band_point(b, 1, at + i + 1);
            change_db[i] = mrt_under(&p, change_db[i]);
        }
        return;
    }
    const MrtBandPoint p = mrt_band_point(b, 0, 0.0);
    for (int i = 0; i < frames; i++)
        change_db[i] = mrt_under(&p, change_db[i]);
}

/* dB of change to linear gain, in place; `sign` is -1 where the change takes away. */
MRT_INLINE void mrt_band_gains_body(double *__restrict gain, int frames, const MrtBandCurve *b, double sign, int moving, int at)
{
    const MrtMoving makeup_db = b->curve.makeup_db, base = b->base, share = b->share;
    if (!moving) {
        for (int i = 0; i < frames; i++)
            gain[i] = base.now + share.now * mrt_gain_of_db(makeup_db.now + sign * gain[i]);
        return;
    }
    for (int i = 0; i < frames; i++) {
        const double k = at + i + 1;
        gain[i] = mrt_moving_at(&base, k)
                + mrt_moving_at(&share, k) * mrt_gain_of_db(mrt_moving_at(&makeup_db, k) + sign * gain[i]);
    }
}

/* sum += gain * band */
MRT_INLINE void mrt_band_add_body(const double *__restrict band, const double *__restrict gain, int frames, double *__restrict sum)
{
    for (int i = 0; i < frames; i++)
        sum[i] += gain[i] * band[i];
}

/* The smooth decoupled detector of ballistics.pxd for eight recursions side by side, each with its own times. */
typedef struct {
    double held_fall[MRT_MOVE_LANES], soft_rise[MRT_MOVE_LANES], soft_fall[MRT_MOVE_LANES];    /* poles per frame */
    double held[MRT_MOVE_LANES], soft[MRT_MOVE_LANES];                                         /* memory, dB */
} MrtMoves;

#define MRT_MOVE_LEAK_DB 1e-15           /* as in ballistics.pxd: a release ends in finite time */
#define MRT_MOVE_LEAST_DB 1e-6           /* less is none */

MRT_INLINE double mrt_move_lane(MrtMoves *m, int lane, double wanted)
{
    const double held_fall = m->held_fall[lane], soft_rise = m->soft_rise[lane], soft_fall = m->soft_fall[lane];
    const double back = held_fall * m->held[lane] + ((1.0 - held_fall) * wanted - MRT_MOVE_LEAK_DB);
    const double held = m->held[lane] = mrt_larger(back, wanted);
    const double rising = soft_rise * m->soft[lane] + ((1.0 - soft_rise) * held - MRT_MOVE_LEAK_DB);
    const double falling = soft_fall * m->soft[lane] + ((1.0 - soft_fall) * held - MRT_MOVE_LEAK_DB);
    m->soft[lane] = mrt_smaller(rising, falling);
    return mrt_larger(m->soft[lane], MRT_MOVE_LEAST_DB) - MRT_MOVE_LEAST_DB;
}

/* The plain twin. lane[l]: a plane of wanted dB, in place; `lanes` of them. */
static void mrt_moves_plain(MrtMoves *m, double **lane, int lanes, int frames)
{
    for (int l = 0; l < lanes; l++)
        for (int i = 0; i < frames; i++)
            lane[l][i] = mrt_move_lane(m, l, lane[l][i]);
}

#if defined(__GNUC__)
/* Vectors of two, for machines where comparisons of four would be done one by one. */
typedef struct {
    mrt_pair held_fall, soft_rise, soft_fall, held, soft;
} MrtMovePair;

MRT_INLINE void mrt_move_pair(MrtMovePair *m, double **lane, int i)
{
    const mrt_pair wanted = {lane[0][i], lane[1][i]};
    const mrt_pair leak = {MRT_MOVE_LEAK_DB, MRT_MOVE_LEAK_DB}, least = {MRT_MOVE_LEAST_DB, MRT_MOVE_LEAST_DB};
    const mrt_pair back = m->held_fall * m->held + ((1.0 - m->held_fall) * wanted - leak);
    m->held = back > wanted ? back : wanted;
    const mrt_pair rising = m->soft_rise * m->soft + ((1.0 - m->soft_rise) * m->held - leak);
    const mrt_pair falling = m->soft_fall * m->soft + ((1.0 - m->soft_fall) * m->held - leak);
    m->soft = rising < falling ? rising : falling;
    const mrt_pair out = (m->soft > least ? m->soft : least) - least;
    lane[0][i] = out[0];
    lane[1][i] = out[1];
}

MRT_INLINE void mrt_move_pair_load(MrtMovePair *p, const MrtMoves *m, int first)
{
    p->held_fall = *(const mrt_pair *)(m->held_fall + first);
    p->soft_rise = *(const mrt_pair *)(m->soft_rise + first);
    p->soft_fall = *(const mrt_pair *)(m->soft_fall + first);
    p->held = *(const mrt_pair *)(m->held + first);
    p->soft = *(const mrt_pair *)(m->soft + first);
}

MRT_INLINE void mrt_moves_pairs(MrtMoves *m, double **lane, const int pairs, int frames)
{
    MrtMovePair now[MRT_MOVE_LANES / 2];
    for (int p = 0; p < pairs; p++)
        mrt_move_pair_load(&now[p], m, 2 * p);
    for (int i = 0; i < frames; i++)
        for (int p = 0; p < pairs; p++)
            mrt_move_pair(&now[p], lane + 2 * p, i);
    for (int p = 0; p < pairs; p++) {
        *(mrt_pair *)(m->held + 2 * p) = now[p].held;
        *(mrt_pair *)(m->soft + 2 * p) = now[p].soft;
    }
}

/* `lanes` is up to 8; the planes of lanes without a use may be one and the same. */
MRT_INLINE void mrt_moves_narrow(MrtMoves *m, double **lane, int lanes, int frames)
{
    switch ((lanes + 1) / 2) {
    case 0: break;
    case 1: mrt_moves_pairs(m, lane, 1, frames); break;
    case 2: mrt_moves_pairs(m, lane, 2, frames); break;
    case 3: mrt_moves_pairs(m, lane, 3, frames); break;
    default: mrt_moves_pairs(m, lane, 4, frames);
    }
}

#if MRT_X86
typedef struct {
    mrt_quad held_fall, soft_rise, soft_fall, held, soft;
} MrtMoveQuad;

MRT_INLINE void mrt_move_quad_load(MrtMoveQuad *q, const MrtMoves *m, int first)
{
    q->held_fall = *(const mrt_quad *)(m->held_fall + first);
    q->soft_rise = *(const mrt_quad *)(m->soft_rise + first);
    q->soft_fall = *(const mrt_quad *)(m->soft_fall + first);
    q->held = *(const mrt_quad *)(m->held + first);
    q->soft = *(const mrt_quad *)(m->soft + first);
}

MRT_INLINE void mrt_move_quad_store(const MrtMoveQuad *q, MrtMoves *m, int first)
{
    *(mrt_quad *)(m->held + first) = q->held;
    *(mrt_quad *)(m->soft + first) = q->soft;
}

#define NAME(f) f##_avx2
#define TARGET __attribute__((target("avx2")))
#include "dsp_core/kernels/band_lanes.h"

#define NAME(f) f##_wide
#define TARGET MRT_FOUR
#include "dsp_core/kernels/band_lanes.h"
#endif
#else
#define mrt_moves_narrow mrt_moves_plain
#endif

static void mrt_moves_lanes(MrtMoves *m, double **lane, int lanes, int frames) { mrt_moves_narrow(m, lane, lanes, frames); }

typedef struct {
    void (*wants)(const double *level, int frames, const MrtBandCurve *b, int under, int moving, int at, double *wanted);
    void (*moves)(MrtMoves *m, double **lane, int lanes, int frames);
    void (*changes)(double *change_db, int frames, const MrtBandCurve *b, int under, int moving, int at);
    void (*gains)(double *gain, int frames, const MrtBandCurve *b, double sign, int moving, int at);
    void (*add)(const double *band, const double *gain, int frames, double *sum);
} MrtBandDynamics;

#define MRT_BAND_DYNAMICS(SUFFIX, TARGET)                                                                                        \
    TARGET static void mrt_band_wants_##SUFFIX(const double *level, int frames, const MrtBandCurve *b, int under, int moving,    \
                                               int at, double *wanted)                                                           \
    { mrt_band_wants_body(level, frames, b, under, moving, at, wanted); }                                                        \
    TARGET static void mrt_band_changes_##SUFFIX(double *change_db, int frames, const MrtBandCurve *b, int under, int moving,    \
                                                 int at)                                                                         \
    { mrt_band_changes_body(change_db, frames, b, under, moving, at); }                                                          \
    TARGET static void mrt_band_gains_##SUFFIX(double *gain, int frames, const MrtBandCurve *b, double sign, int moving, int at) \
    { mrt_band_gains_body(gain, frames, b, sign, moving, at); }                                                                  \
    TARGET static void mrt_band_add_##SUFFIX(const double *band, const double *gain, int frames, double *sum)                    \
    { mrt_band_add_body(band, gain, frames, sum); }                                                                              \
    static const MrtBandDynamics mrt_band_dynamics_##SUFFIX = {mrt_band_wants_##SUFFIX, mrt_moves_##SUFFIX,                      \
                                                               mrt_band_changes_##SUFFIX, mrt_band_gains_##SUFFIX,               \
                                                               mrt_band_add_##SUFFIX};

MRT_BAND_DYNAMICS(lanes, )
#if MRT_X86
MRT_BAND_DYNAMICS(avx2, __attribute__((target("avx2"))))
MRT_BAND_DYNAMICS(wide, MRT_WIDE)
#endif

/* Control thread only. */
static inline const MrtBandDynamics *mrt_band_dynamics(void)
{
#if MRT_X86
    if (mrt_cpu_wide())
        return &mrt_band_dynamics_wide;
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        return &mrt_band_dynamics_avx2;
#endif
    return &mrt_band_dynamics_lanes;
}
