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

/* Lanes side by side in vectors V of COUNT. `lanes` is 4 or 8 here; the planes of lanes without a use may be one and the same. */
#define MRT_MOVES(SUFFIX, TARGET, V, COUNT, MAX, MIN)                                                                            \
    TARGET MRT_INLINE void mrt_moves_some_##SUFFIX(MrtMoves *m, double **lane, const int lanes, int frames)                      \
    {                                                                                                                            \
        V held_fall[8 / COUNT], soft_rise[8 / COUNT], soft_fall[8 / COUNT], held[8 / COUNT], soft[8 / COUNT];                    \
        const V one = V{} + 1.0, leak = V{} + MRT_MOVE_LEAK_DB, least = V{} + MRT_MOVE_LEAST_DB;                                 \
        for (int g = 0; g < lanes / COUNT; g++) {                                                                                \
            held_fall[g] = *(const V *)(m->held_fall + g * COUNT);                                                               \
            soft_rise[g] = *(const V *)(m->soft_rise + g * COUNT);                                                               \
            soft_fall[g] = *(const V *)(m->soft_fall + g * COUNT);                                                               \
            held[g] = *(const V *)(m->held + g * COUNT);                                                                         \
            soft[g] = *(const V *)(m->soft + g * COUNT);                                                                         \
        }                                                                                                                        \
        for (int i = 0; i < frames; i++)                                                                                         \
            for (int g = 0; g < lanes / COUNT; g++) {                                                                            \
                V wanted, out;                                                                                                   \
                for (int l = 0; l < COUNT; l++)                                                                                  \
                    wanted[l] = lane[g * COUNT + l][i];                                                                          \
                const V back = held_fall[g] * held[g] + ((one - held_fall[g]) * wanted - leak);                                  \
                held[g] = MAX(back, wanted);                                                                                     \
                const V rising = soft_rise[g] * soft[g] + ((one - soft_rise[g]) * held[g] - leak);                               \
                const V falling = soft_fall[g] * soft[g] + ((one - soft_fall[g]) * held[g] - leak);                              \
                soft[g] = MIN(rising, falling);                                                                                  \
                out = MAX(soft[g], least) - least;                                                                               \
                for (int l = 0; l < COUNT; l++)                                                                                  \
                    lane[g * COUNT + l][i] = out[l];                                                                             \
            }                                                                                                                    \
        for (int g = 0; g < lanes / COUNT; g++) {                                                                                \
            *(V *)(m->held + g * COUNT) = held[g];                                                                               \
            *(V *)(m->soft + g * COUNT) = soft[g];                                                                               \
        }                                                                                                                        \
    }                                                                                                                            \
    TARGET static void mrt_moves_##SUFFIX(MrtMoves *m, double **lane, int lanes, int frames)                                     \
    {                                                                                                                            \
        if (lanes <= 4)                                                                                                          \
            mrt_moves_some_##SUFFIX(m, lane, 4, frames);                                                                         \
        else                                                                                                                     \
            mrt_moves_some_##SUFFIX(m, lane, 8, frames);                                                                         \
    }

#if MRT_X86                                  /* the compiler does not see these instructions in a comparison of vectors */
typedef double mrt_move2 __attribute__((vector_size(16), aligned(8), may_alias));
MRT_MOVES(lanes, , mrt_move2, 2, _mm_max_pd, _mm_min_pd)
MRT_MOVES(avx2, __attribute__((target("avx2"))), mrt_quad, 4, _mm256_max_pd, _mm256_min_pd)
#define mrt_moves_wide mrt_moves_avx2
#else
#define mrt_moves_lanes mrt_moves_plain
#endif

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
