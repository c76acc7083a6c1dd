/* Equaliser bands whose gain follows the sound: six filter coefficients per frame from one number, and the filters that use them.
 *
 * The filter is that of svf.h, written as y = x + (what the band adds), so that a band that adds nothing leaves every bit:
 *     v = x - s1    p = c0 s0 + c1 v    q = (s1 + c1 s0) + c2 v    y = x + ((c4 s0 + c5 s1) + c3 v)    s0 = p    s1 = q
 * Between no change (u = 0) and all of its range (u = 1) each coefficient is a polynomial through five exact designs. */
#pragma once
#include <math.h>

#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/moving.h"
#include "dsp_core/kernels/quad.h"

#define MRT_DYNAMIC_BANDS 6
#define MRT_DYNAMIC_TERMS 5
#define MRT_DYNAMIC_PART 64              /* most frames per call */

typedef struct {
    MrtMoving poly[6][MRT_DYNAMIC_TERMS];        /* of each coefficient, rising powers of u */
    double s[2][2];                              /* memory: band, low; of each channel */
} MrtDynamicBand;

/* u = (1 - cos(pi j / 4)) / 2: nodes that keep a polynomial through them near its function everywhere between. */
static const double mrt_dynamic_nodes[MRT_DYNAMIC_TERMS] = {0.0, 0.14644660940672624, 0.5, 0.85355339059327376, 1.0};

/* Newton's divided differences, multiplied out: exact at u = 0. */
static void mrt_dynamic_fit(const double *value, double *poly)
{
    double divided[MRT_DYNAMIC_TERMS];
    const int top = MRT_DYNAMIC_TERMS - 1;
    for (int j = 0; j <= top; j++)
        divided[j] = value[j];
    for (int step = 1; step <= top; step++)
        for (int j = top; j >= step; j--)
            divided[j] = (divided[j] - divided[j - 1]) / (mrt_dynamic_nodes[j] - mrt_dynamic_nodes[j - step]);
    for (int j = 0; j <= top; j++)
        poly[j] = 0.0;
    poly[0] = divided[top];
    for (int j = top - 1; j >= 0; j--) {
        for (int n = top; n > 0; n--)
            poly[n] = poly[n - 1] - mrt_dynamic_nodes[j] * poly[n];
        poly[0] = divided[j] - mrt_dynamic_nodes[j] * poly[0];
    }
    poly[0] = value[0];
}

/* u: 0..1 per frame; c[j]: a plane per coefficient. `moving`, `at` as in gain_computer.h. */
MRT_INLINE void mrt_dynamic_coefficients_body(const MrtDynamicBand *b, const double *__restrict u, int frames, int moving, int at,
                                              double (*__restrict c)[MRT_DYNAMIC_PART])
{
    for (int j = 0; j < 6; j++) {
        const MrtMoving *p = b->poly[j];
        double *__restrict out = c[j];
        if (moving)
            for (int i = 0; i < frames; i++) {
                const double k = at + i + 1;
                out[i] = mrt_moving_at(&p[0], k) + u[i] * (mrt_moving_at(&p[1], k) + u[i] * (mrt_moving_at(&p[2], k)
                       + u[i] * (mrt_moving_at(&p[3], k) + u[i] * mrt_moving_at(&p[4], k))));
            }
        else if (p[1].now == 0.0 && p[2].now == 0.0 && p[3].now == 0.0 && p[4].now == 0.0)
            for (int i = 0; i < frames; i++)
                out[i] = p[0].now;
        else {
            const double p0 = p[0].now, p1 = p[1].now, p2 = p[2].now, p3 = p[3].now, p4 = p[4].now;
            for (int i = 0; i < frames; i++)
                out[i] = p0 + u[i] * (p1 + u[i] * (p2 + u[i] * (p3 + u[i] * p4)));
        }
    }
}

/* The plain twin: the bands one after the other, in place. c[b]: the planes of band b. */
static void mrt_dynamic_plain(MrtDynamicBand **band, int count, double (*c)[6][MRT_DYNAMIC_PART], double *left, double *right, int frames)
{
    for (int b = 0; b < count; b++)
        for (int lane = 0; lane < 2; lane++) {
            double *x = lane ? right : left, s0 = band[b]->s[0][lane], s1 = band[b]->s[1][lane];
            for (int i = 0; i < frames; i++) {
                const double v = x[i] - s1, now0 = s0;
                s0 = c[b][0][i] * now0 + c[b][1][i] * v;
                x[i] = x[i] + ((c[b][4][i] * now0 + c[b][5][i] * s1) + c[b][3][i] * v);
                s1 = (s1 + c[b][1][i] * now0) + c[b][2][i] * v;
            }
            band[b]->s[0][lane] = s0;
            band[b]->s[1][lane] = s1;
        }
}

#if defined(__GNUC__)
typedef double mrt_pair __attribute__((vector_size(16), aligned(8), may_alias));

MRT_INLINE void mrt_dynamic_sample(const double (*c)[MRT_DYNAMIC_PART], int i, mrt_pair *s0, mrt_pair *s1, const mrt_pair *x, mrt_pair *y)
{
    const mrt_pair v = *x - *s1;
    const mrt_pair p = c[0][i] * *s0 + c[1][i] * v;
    const mrt_pair q = (*s1 + c[1][i] * *s0) + c[2][i] * v;
    *y = *x + ((c[4][i] * *s0 + c[5][i] * *s1) + c[3][i] * v);
    *s0 = p;
    *s1 = q;
}

MRT_INLINE void mrt_dynamic_step(double (*c)[6][MRT_DYNAMIC_PART], const int count, mrt_pair *s0, mrt_pair *s1, mrt_pair *y,
                                 double *left, double *right, int t, int frames, const int whole)
{
    for (int b = count - 1; b > 0; b--)
        if (whole || (t >= b && t - b < frames))
            mrt_dynamic_sample(c[b], t - b, &s0[b], &s1[b], &y[b - 1], &y[b]);
    if (whole || t < frames) {
        const mrt_pair x = {left[t], right[t]};
        mrt_dynamic_sample(c[0], t, &s0[0], &s1[0], &x, &y[0]);
    }
    if (whole || t >= count - 1) {
        left[t - (count - 1)] = y[count - 1][0];
        right[t - (count - 1)] = y[count - 1][1];
    }
}

/* Band b works on sample t - b at step t. */
MRT_INLINE void mrt_dynamic_pass(MrtDynamicBand **band, const int count, double (*c)[6][MRT_DYNAMIC_PART], double *left, double *right,
                                 int frames)
{
    mrt_pair s0[MRT_DYNAMIC_BANDS], s1[MRT_DYNAMIC_BANDS], y[MRT_DYNAMIC_BANDS];
    int t = 0;
    for (int b = 0; b < count; b++) {
        s0[b] = y[b] = *(const mrt_pair *)band[b]->s[0];
        s1[b] = *(const mrt_pair *)band[b]->s[1];
    }
    for (; t < count - 1; t++)
        mrt_dynamic_step(c, count, s0, s1, y, left, right, t, frames, 0);
    for (; t < frames; t++)
        mrt_dynamic_step(c, count, s0, s1, y, left, right, t, frames, 1);
    for (; t < frames + count - 1; t++)
        mrt_dynamic_step(c, count, s0, s1, y, left, right, t, frames, 0);
    for (int b = 0; b < count; b++) {
        *(mrt_pair *)band[b]->s[0] = s0[b];
        *(mrt_pair *)band[b]->s[1] = s1[b];
    }
}

MRT_INLINE void mrt_dynamic_cascade_body(MrtDynamicBand **band, int count, double (*c)[6][MRT_DYNAMIC_PART], double *left, double *right,
                                         int frames)
{
    switch (count) {
    case 0: break;
    case 1: mrt_dynamic_pass(band, 1, c, left, right, frames); break;
    case 2: mrt_dynamic_pass(band, 2, c, left, right, frames); break;
    case 3: mrt_dynamic_pass(band, 3, c, left, right, frames); break;
    case 4: mrt_dynamic_pass(band, 4, c, left, right, frames); break;
    case 5: mrt_dynamic_pass(band, 5, c, left, right, frames); break;
    default: mrt_dynamic_pass(band, 6, c, left, right, frames);
    }
}

/* Filters beside each other on one stereo sound, `together` where there are registers for it, so that none waits for another:
 * quad q carries two of them, {left, right, left, right}. */
MRT_INLINE void mrt_detect_some(MrtQuad *quad, const int quads, const double *left, const double *right, double **plane, int frames)
{
    mrt_quad c[MRT_DYNAMIC_BANDS / 2][6], s0[MRT_DYNAMIC_BANDS / 2], s1[MRT_DYNAMIC_BANDS / 2], y;
    for (int q = 0; q < quads; q++)
        mrt_quad_load(&quad[q], c[q], &s0[q], &s1[q]);
    for (int i = 0; i < frames; i++) {
        const mrt_quad x = {left[i], right[i], left[i], right[i]};
        for (int q = 0; q < quads; q++) {
            mrt_quad_sample(c[q], &s0[q], &s1[q], &x, &y);
            for (int lane = 0; lane < 4; lane++)
                plane[4 * q + lane][i] = y[lane];
        }
    }
    for (int q = 0; q < quads; q++)
        mrt_quad_store(&quad[q], &s0[q], &s1[q]);
}

MRT_INLINE void mrt_detect_body(MrtQuad *quad, int quads, const int together, const double *left, const double *right, double **plane,
                                int frames)
{
    if (together && quads == 3)
        mrt_detect_some(quad, 3, left, right, plane, frames);
    else if (together && quads == 2)
        mrt_detect_some(quad, 2, left, right, plane, frames);
    else
        for (int q = 0; q < quads; q++)
            mrt_detect_some(quad + q, 1, left, right, plane + 4 * q, frames);
}
#else
#define mrt_dynamic_cascade_body mrt_dynamic_plain
MRT_INLINE void mrt_detect_body(MrtQuad *quad, int quads, const int together, const double *left, const double *right, double **plane,
                                int frames)
{
    (void)together;
    for (int q = 0; q < quads; q++)
        for (int lane = 0; lane < 4; lane++)
            for (int i = 0; i < frames; i++)
                plane[4 * q + lane][i] = mrt_quad_lane(&quad[q], lane, lane & 1 ? right[i] : left[i]);
}
#endif

/* A band's own level over the song: a plain mean at first, one with a long memory later; silence does not count. */
typedef struct {
    double recent;               /* mean power over a few ms: is there anything? */
    double mean;                 /* power */
    double count;                /* frames that made it, up to the longest memory */
} MrtOwnLevel;

#define MRT_OWN_GATE 1e-10       /* mean power, -100 dB: less is silence */

/* level: in linear peaks, out relative to the own level, where a steady sine has 1. Without an own level yet: as it is. */
MRT_INLINE void mrt_relative_body(MrtOwnLevel *own, double recent_pole, double longest, double *level, int frames)
{
    double mean[MRT_DYNAMIC_PART];
    MrtOwnLevel o = *own;
    for (int i = 0; i < frames; i++) {
        const double power = level[i] * level[i];
        o.recent = recent_pole * o.recent + ((1.0 - recent_pole) * power + 1e-30);
        if (o.recent > MRT_OWN_GATE) {
            o.count = o.count < longest ? o.count + 1.0 : longest;
            o.mean += (power - o.mean) / o.count;
        }
        mean[i] = o.mean > 0.0 ? o.mean : 0.5;
    }
    for (int i = 0; i < frames; i++)
        level[i] /= sqrt(2.0 * mean[i]);
    *own = o;
}

/* dB of change to the share of the range, at most 1, in place. */
MRT_INLINE void mrt_shares_body(double *change_db, int frames, const MrtMoving *inverse_range, int moving, int at)
{
    if (moving) {
        for (int i = 0; i < frames; i++) {
            const double share = change_db[i] * mrt_moving_at(inverse_range, at + i + 1);
            change_db[i] = share < 1.0 ? share : 1.0;
        }
        return;
    }
    const double inverse = inverse_range->now;
    for (int i = 0; i < frames; i++) {
        const double share = change_db[i] * inverse;
        change_db[i] = share < 1.0 ? share : 1.0;
    }
}

typedef struct {
    void (*coefficients)(const MrtDynamicBand *b, const double *u, int frames, int moving, int at, double (*c)[MRT_DYNAMIC_PART]);
    void (*cascade)(MrtDynamicBand **band, int count, double (*c)[6][MRT_DYNAMIC_PART], double *left, double *right, int frames);
    void (*detect)(MrtQuad *quad, int quads, const double *left, const double *right, double **plane, int frames);
    void (*relative)(MrtOwnLevel *own, double recent_pole, double longest, double *level, int frames);
    void (*shares)(double *change_db, int frames, const MrtMoving *inverse_range, int moving, int at);
} MrtDynamicBands;

#define MRT_DYNAMIC(SUFFIX, TARGET, TOGETHER)                                                                                    \
    TARGET static void mrt_dynamic_coefficients_##SUFFIX(const MrtDynamicBand *b, const double *u, int frames, int moving,       \
                                                         int at, double (*c)[MRT_DYNAMIC_PART])                                  \
    { mrt_dynamic_coefficients_body(b, u, frames, moving, at, c); }                                                              \
    TARGET static void mrt_dynamic_cascade_##SUFFIX(MrtDynamicBand **band, int count, double (*c)[6][MRT_DYNAMIC_PART],          \
                                                    double *left, double *right, int frames)                                     \
    { mrt_dynamic_cascade_body(band, count, c, left, right, frames); }                                                           \
    TARGET static void mrt_detect_##SUFFIX(MrtQuad *quad, int quads, const double *left, const double *right, double **plane,    \
                                           int frames)                                                                           \
    { mrt_detect_body(quad, quads, TOGETHER, left, right, plane, frames); }                                                      \
    TARGET static void mrt_relative_##SUFFIX(MrtOwnLevel *own, double recent_pole, double longest, double *level, int frames)    \
    { mrt_relative_body(own, recent_pole, longest, level, frames); }                                                             \
    TARGET static void mrt_shares_##SUFFIX(double *change_db, int frames, const MrtMoving *inverse_range, int moving, int at)    \
    { mrt_shares_body(change_db, frames, inverse_range, moving, at); }                                                           \
    static const MrtDynamicBands mrt_dynamic_bands_##SUFFIX = {mrt_dynamic_coefficients_##SUFFIX, mrt_dynamic_cascade_##SUFFIX,  \
                                                               mrt_detect_##SUFFIX, mrt_relative_##SUFFIX, mrt_shares_##SUFFIX};

MRT_DYNAMIC(lanes, , 0)
#if MRT_X86
MRT_DYNAMIC(avx2, __attribute__((target("avx2"))), 1)
MRT_DYNAMIC(wide, MRT_WIDE, 1)
#endif

/* Control thread only. */
static inline const MrtDynamicBands *mrt_dynamic_bands(void)
{
#if MRT_X86
    if (mrt_cpu_wide())
        return &mrt_dynamic_bands_wide;
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        return &mrt_dynamic_bands_avx2;
#endif
    return &mrt_dynamic_bands_lanes;
}
