/* Linkwitz-Riley crossovers of 24 or 48 dB/oct into 2 to 6 stereo bands whose sum is an allpass.
 *
 * The song is split from the lowest crossover upwards; then each band passes the allpasses of the crossovers over its own, so that
 * all bands turn alike (Linkwitz, JAES 24(1), 1976; d'Appolito, AES 76, 1984). Every section is bilinear: the identity
 * low + high = allpass is algebra in S and lives only where all share one map from s to z.
 *
 * Low-pass and high-pass of a split have the same poles: one register of four lanes carries {low L, low R, high L, high R}.
 * In the second part two bands share a register; where the upper one needs no allpass, its lanes let the sound through.
 *
 * Eight lanes of AVX-512, two sections in a register, were measured: 46 cycles per frame for four bands against 49. Additions have
 * two ports there instead of three, the shuffles between sections share one of them, and the allpasses wait for themselves. */
#pragma once
#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/moving.h"
#include "dsp_core/kernels/quad.h"

#define MRT_MOST_BANDS 6
#define MRT_PASS 6               /* most sections that run skewed in one go */

typedef struct {
    MrtMoving g[MRT_MOST_BANDS - 1];                 /* tan(pi f / rate) of each crossover */
    MrtQuad split[(MRT_MOST_BANDS - 1) * 4];         /* [crossover][section], 2 or 4 sections each */
    MrtQuad align[12];                               /* [pair of bands][crossover][section] */
} MrtCrossover;

typedef struct {
    int bands;                   /* 2..6 */
    int pairs;                   /* second-order sections of one Butterworth filter: 1 for 24, 2 for 48 dB/oct */
} MrtCrossoverKind;

/* 1 / Q of a Butterworth filter's sections. */
static const double mrt_damping[3] = {1.4142135623730951, 1.8477590650225735, 0.76536686473017956};

MRT_INLINE double mrt_butterworth(int pairs, int section) { return mrt_damping[pairs == 1 ? 0 : 1 + (section & 1)]; }

/* Crossovers that the lower band of pair p has over it, and with it the allpasses in that pair's cascade. */
MRT_INLINE int mrt_align_count(const MrtCrossoverKind *kind, int pair)
{
    const int count = kind->bands - 2 - 2 * pair;
    return count > 0 ? count : 0;
}

MRT_INLINE MrtQuad *mrt_align_of(MrtCrossover *x, const MrtCrossoverKind *kind, int pair)
{
    return x->align + (pair > 0 ? kind->pairs * mrt_align_count(kind, 0) : 0);
}

MRT_INLINE void mrt_quad_poles(MrtQuad *q, int lane, double g, double k, double a)
{
    q->c[0][lane] = (1.0 - g * (g + k)) * a;
    q->c[1][lane] = 2.0 * g * a;
    q->c[2][lane] = 2.0 * g * g * a;
}

MRT_INLINE void mrt_quad_split(MrtQuad *q, double g, double k)
{
    const double a = 1.0 / (1.0 + g * (g + k));
    for (int lane = 0; lane < 4; lane++) {
        const int high = lane > 1;
        mrt_quad_poles(q, lane, g, k, a);
        q->c[3][lane] = high ? a : g * g * a;
        q->c[4][lane] = high ? -(g + k) * a : g * a;
        q->c[5][lane] = high ? 0.0 : 1.0;
    }
}

MRT_INLINE void mrt_quad_allpass(MrtQuad *q, int lanes, double g, double k)
{
    const double a = 1.0 / (1.0 + g * (g + k));
    for (int lane = 0; lane < 4; lane++) {
        const int turns = lane < lanes;
        mrt_quad_poles(q, lane, turns ? g : 0.0, turns ? k : 0.0, turns ? a : 0.0);
        q->c[3][lane] = turns ? (1.0 - g * (k - g)) * a : 1.0;
        q->c[4][lane] = turns ? -2.0 * k * a : 0.0;
        q->c[5][lane] = turns ? 1.0 : 0.0;
    }
}

/* Coefficients of crossover `i` everywhere. */
static void mrt_crossover_set(MrtCrossover *x, const MrtCrossoverKind *kind, int i, double g)
{
    const int each = 2 * kind->pairs;
    for (int j = 0; j < each; j++)
        mrt_quad_split(&x->split[i * each + j], g, mrt_butterworth(kind->pairs, j));
    for (int pair = 0; 2 * pair < i; pair++)
        for (int j = 0; j < kind->pairs; j++)
            mrt_quad_allpass(mrt_align_of(x, kind, pair) + (i - 1 - 2 * pair) * kind->pairs + j, i == 2 * pair + 1 ? 2 : 4, g,
                             mrt_butterworth(kind->pairs, j));
}

/* As if silence had been heard forever. */
static inline void mrt_crossover_forget(MrtCrossover *x)
{
    for (size_t q = 0; q < sizeof x->split / sizeof *x->split; q++)
        memset(x->split[q].s, 0, sizeof x->split[q].s);
    for (size_t q = 0; q < sizeof x->align / sizeof *x->align; q++)
        memset(x->align[q].s, 0, sizeof x->align[q].s);
}

/* The plain twin. plane[2 b] and plane[2 b + 1] are left and right of band b; none may be `left` or `right`. */
static void mrt_crossover_plain(MrtCrossover *x, const MrtCrossoverKind *kind, const double *left, const double *right,
                                double **plane, int frames)
{
    const int each = 2 * kind->pairs, bands = kind->bands;
    double **top = plane + 2 * (bands - 1);
    for (int c = 0; c < 2; c++)
        for (int i = 0; i < bands - 1; i++)
            for (int t = 0; t < frames; t++) {
                double low = i ? top[c][t] : c ? right[t] : left[t], high = low;
                for (int j = 0; j < each; j++) {
                    low = mrt_quad_lane(&x->split[i * each + j], c, low);
                    high = mrt_quad_lane(&x->split[i * each + j], 2 + c, high);
                }
                plane[2 * i + c][t] = low;
                top[c][t] = high;
            }
    for (int pair = 0; mrt_align_count(kind, pair) > 0; pair++)
        for (int lane = 0; lane < 4; lane++)
            for (int j = 0; j < kind->pairs * mrt_align_count(kind, pair); j++)
                for (int t = 0; t < frames; t++)
                    plane[4 * pair + lane][t] = mrt_quad_lane(mrt_align_of(x, kind, pair) + j, lane, plane[4 * pair + lane][t]);
}

#if defined(__GNUC__)
typedef struct {
    mrt_quad c[MRT_PASS][6], s0[MRT_PASS], s1[MRT_PASS], y[MRT_PASS];
} MrtPass;

MRT_INLINE void mrt_pass_begin(MrtPass *p, const MrtQuad *q, const int count)
{
    for (int k = 0; k < count; k++) {
        mrt_quad_load(&q[k], p->c[k], &p->s0[k], &p->s1[k]);
        p->y[k] = p->s0[k];
    }
}

MRT_INLINE void mrt_pass_end(const MrtPass *p, MrtQuad *q, const int count)
{
    for (int k = 0; k < count; k++)
        mrt_quad_store(&q[k], &p->s0[k], &p->s1[k]);
}

/* `whole`: every section has a sample to work on. `each`: sections per split. */
MRT_INLINE void mrt_split_step(MrtPass *p, const int splits, const int each, const double *left, const double *right,
                               double **low, double **top, int t, int frames, const int whole)
{
    const int last = splits * each - 1;
    for (int k = last; k > 0; k--)
        if (whole || (t >= k && t - k < frames)) {
            const mrt_quad y = p->y[k - 1];
            const mrt_quad x = k % each ? y : (mrt_quad){y[2], y[3], y[2], y[3]};
            mrt_quad_sample(p->c[k], &p->s0[k], &p->s1[k], &x, &p->y[k]);
        }
    if (whole || t < frames) {
        const mrt_quad x = {left[t], right[t], left[t], right[t]};
        mrt_quad_sample(p->c[0], &p->s0[0], &p->s1[0], &x, &p->y[0]);
    }
    for (int i = 0; i < splits; i++) {
        const int k = (i + 1) * each - 1;
        if (whole || (t >= k && t - k < frames)) {
            low[2 * i][t - k] = p->y[k][0];
            low[2 * i + 1][t - k] = p->y[k][1];
        }
    }
    if (whole || t >= last) {
        top[0][t - last] = p->y[last][2];
        top[1][t - last] = p->y[last][3];
    }
}

MRT_INLINE void mrt_split_pass(MrtQuad *q, const int splits, const int each, const double *left, const double *right,
                               double **low, double **top, int frames)
{
    const int last = splits * each - 1;
    MrtPass p;
    int t = 0;
    mrt_pass_begin(&p, q, splits * each);
    for (; t < last; t++)
        mrt_split_step(&p, splits, each, left, right, low, top, t, frames, 0);
    for (; t < frames; t++)
        mrt_split_step(&p, splits, each, left, right, low, top, t, frames, 1);
    for (; t < frames + last; t++)
        mrt_split_step(&p, splits, each, left, right, low, top, t, frames, 0);
    mrt_pass_end(&p, q, splits * each);
}

MRT_INLINE void mrt_align_step(MrtPass *p, const int count, double **plane, int t, int frames, const int whole)
{
    const int last = count - 1;
    for (int k = last; k > 0; k--)
        if (whole || (t >= k && t - k < frames)) {
            const mrt_quad x = p->y[k - 1];
            mrt_quad_sample(p->c[k], &p->s0[k], &p->s1[k], &x, &p->y[k]);
        }
    if (whole || t < frames) {
        const mrt_quad x = {plane[0][t], plane[1][t], plane[2][t], plane[3][t]};
        mrt_quad_sample(p->c[0], &p->s0[0], &p->s1[0], &x, &p->y[0]);
    }
    if (whole || t >= last)
        for (int lane = 0; lane < 4; lane++)
            plane[lane][t - last] = p->y[last][lane];
}

MRT_INLINE void mrt_align_pass(MrtQuad *q, const int count, double **plane, int frames)
{
    const int last = count - 1;
    MrtPass p;
    int t = 0;
    mrt_pass_begin(&p, q, count);
    for (; t < last; t++)
        mrt_align_step(&p, count, plane, t, frames, 0);
    for (; t < frames; t++)
        mrt_align_step(&p, count, plane, t, frames, 1);
    for (; t < frames + last; t++)
        mrt_align_step(&p, count, plane, t, frames, 0);
    mrt_pass_end(&p, q, count);
}

MRT_INLINE void mrt_crossover_body(MrtCrossover *x, const MrtCrossoverKind *kind, const double *left, const double *right,
                                   double **plane, int frames)
{
    double **top = plane + 2 * (kind->bands - 1);
    for (int i = 0, n; i < kind->bands - 1; i += n) {
        const int rest = kind->bands - 1 - i;
        const double *l = i ? top[0] : left, *r = i ? top[1] : right;
        n = kind->pairs == 2 ? 1 : rest < 3 ? rest : 3;
        if (kind->pairs == 2)
            mrt_split_pass(&x->split[4 * i], 1, 4, l, r, plane + 2 * i, top, frames);
        else if (n == 1)
            mrt_split_pass(&x->split[2 * i], 1, 2, l, r, plane + 2 * i, top, frames);
        else if (n == 2)
            mrt_split_pass(&x->split[2 * i], 2, 2, l, r, plane + 2 * i, top, frames);
        else
            mrt_split_pass(&x->split[2 * i], 3, 2, l, r, plane + 2 * i, top, frames);
    }
    for (int pair = 0; mrt_align_count(kind, pair) > 0; pair++) {
        const int count = kind->pairs * mrt_align_count(kind, pair);
        MrtQuad *q = mrt_align_of(x, kind, pair);
        int k = 0;
        for (; k + 4 <= count; k += 4)
            mrt_align_pass(q + k, 4, plane + 4 * pair, frames);
        if (count - k == 3) mrt_align_pass(q + k, 3, plane + 4 * pair, frames);
        if (count - k == 2) mrt_align_pass(q + k, 2, plane + 4 * pair, frames);
        if (count - k == 1) mrt_align_pass(q + k, 1, plane + 4 * pair, frames);
    }
}

static void mrt_crossover_lanes(MrtCrossover *x, const MrtCrossoverKind *kind, const double *left, const double *right,
                                double **plane, int frames)
{ mrt_crossover_body(x, kind, left, right, plane, frames); }
#else
#define mrt_crossover_lanes mrt_crossover_plain
#endif

#if MRT_X86
static __attribute__((target("avx2"))) void mrt_crossover_avx2(MrtCrossover *x, const MrtCrossoverKind *kind, const double *left,
                                                               const double *right, double **plane, int frames)
{ mrt_crossover_body(x, kind, left, right, plane, frames); }

static MRT_FOUR void mrt_crossover_wide(MrtCrossover *x, const MrtCrossoverKind *kind, const double *left, const double *right,
                                        double **plane, int frames)
{ mrt_crossover_body(x, kind, left, right, plane, frames); }
#else
#define mrt_crossover_avx2 mrt_crossover_lanes
#define mrt_crossover_wide mrt_crossover_lanes
#endif

typedef void (*MrtCrossoverRun)(MrtCrossover *x, const MrtCrossoverKind *kind, const double *left, const double *right,
                                double **plane, int frames);

/* Control thread only. */
static inline MrtCrossoverRun mrt_crossover_fastest(void)
{
    if (mrt_cpu_wide())
        return mrt_crossover_wide;
    return mrt_cpu_level() >= MRT_CPU_AVX2 ? mrt_crossover_avx2 : mrt_crossover_lanes;
}
