/* Equaliser bands whose gain follows the sound: six filter coefficients per frame from one number, and the filters that use them.
 *
 * The filter is that of svf.h, written as y = x + (what the band adds), so that a band that adds nothing leaves every bit:
 *     v = x - s1    p = c0 s0 + c1 v    q = (s1 + c1 s0) + c2 v    y = x + ((c4 s0 + c5 s1) + c3 v)    s0 = p    s1 = q
 * Between no change (u = 0) and all of its range (u = 1) each coefficient is a polynomial through five exact designs. */
#pragma once
#include "dsp_core/kernels/band_ears.h"
#include "dsp_core/kernels/moving.h"

#define MRT_DYNAMIC_BANDS 6
#define MRT_DYNAMIC_TERMS 5
#define MRT_DYNAMIC_PART 128             /* most frames per call */

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
        else {
            const double p0 = p[0].now, p1 = p[1].now, p2 = p[2].now, p3 = p[3].now, p4 = p[4].now;
            for (int i = 0; i < frames; i++)
                out[i] = p0 + u[i] * (p1 + u[i] * (p2 + u[i] * (p3 + u[i] * p4)));
        }
    }
}

MRT_INLINE int mrt_least(int a, int b) { return a < b ? a : b; }

/* Coefficients on a straight way through every group of frames, to the goal that the group before ended with. */
typedef struct {
    double begin[6], to[6];
} MrtDynamicRamp;

/* Whole groups: the first from `from` by `way`, the next from `next` to to[0], and so on. */
MRT_INLINE void mrt_dynamic_ways(double from, double way, double next, const double *__restrict to, int groups, const double *part,
                                 double *__restrict out)
{
#if defined(__GNUC__)                    /* the compiler would go one by one */
    typedef double lanes __attribute__((vector_size(8 * MRT_GROUP), aligned(8), may_alias));
    const lanes share = *(const lanes *)part;
    lanes begin = {from, from, from, from}, end = {next, next, next, next}, step = {way, way, way, way};
    for (int g = 0; g < groups; g++) {
        *(lanes *)(out + MRT_GROUP * g) = begin + step * share;
        begin = end;
        end = (lanes){to[g], to[g], to[g], to[g]};
        step = end - begin;
    }
#else
    for (int g = 0; g < groups; g++) {
        for (int k = 0; k < MRT_GROUP; k++)
            out[MRT_GROUP * g + k] = from + way * part[k];
        from = g == 0 ? next : to[g - 1];
        way = to[g] - from;
    }
#endif
}

/* goal[j]: a goal for every group that ends in these frames, of whose first group `phase` frames have passed; c[j]: a value per frame. */
MRT_INLINE void mrt_dynamic_ramps_body(MrtDynamicRamp *r, double (*__restrict goal)[MRT_DYNAMIC_PART], int frames, int phase,
                                       double (*__restrict c)[MRT_DYNAMIC_PART])
{
    static const double part[MRT_GROUP] = {0.25, 0.5, 0.75, 1.0};
    const int first = phase == 0 ? 0 : mrt_least(MRT_GROUP - phase, frames), begun = phase != 0 && phase + first == MRT_GROUP;
    const int whole = (frames - first) / MRT_GROUP, rest = frames - first - whole * MRT_GROUP;
    for (int j = 0; j < 6; j++) {
        const double *__restrict to = goal[j];
        double *__restrict out = c[j];
        double from = r->begin[j], way = r->to[j] - from;
        for (int i = 0; i < first; i++)
            out[i] = from + way * part[phase + i];
        if (begun) {
            from = r->to[j];
            r->to[j] = *to++;
            way = r->to[j] - from;
        }
        out += first;
        mrt_dynamic_ways(from, way, r->to[j], to, whole, part, out);
        out += MRT_GROUP * whole;
        if (whole > 0) {
            from = whole == 1 ? r->to[j] : to[whole - 2];
            way = to[whole - 1] - from;
        }
        for (int i = 0; i < rest; i++)
            out[i] = from + way * part[i];
        r->begin[j] = from;
        r->to[j] = whole > 0 ? to[whole - 1] : r->to[j];
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
#else
#define mrt_dynamic_cascade_body mrt_dynamic_plain
#endif

typedef struct {
    void (*coefficients)(const MrtDynamicBand *b, const double *u, int frames, int moving, int at, double (*c)[MRT_DYNAMIC_PART]);
    void (*cascade)(MrtDynamicBand **band, int count, double (*c)[6][MRT_DYNAMIC_PART], double *left, double *right, int frames);
    void (*ramps)(MrtDynamicRamp *r, double (*goal)[MRT_DYNAMIC_PART], int frames, int phase, double (*c)[MRT_DYNAMIC_PART]);
} MrtDynamicBands;

#define MRT_DYNAMIC(SUFFIX, TARGET)                                                                                              \
    TARGET static void mrt_dynamic_coefficients_##SUFFIX(const MrtDynamicBand *b, const double *u, int frames, int moving,       \
                                                         int at, double (*c)[MRT_DYNAMIC_PART])                                  \
    { mrt_dynamic_coefficients_body(b, u, frames, moving, at, c); }                                                              \
    TARGET static void mrt_dynamic_cascade_##SUFFIX(MrtDynamicBand **band, int count, double (*c)[6][MRT_DYNAMIC_PART],          \
                                                    double *left, double *right, int frames)                                     \
    { mrt_dynamic_cascade_body(band, count, c, left, right, frames); }                                                           \
    TARGET static void mrt_dynamic_ramps_##SUFFIX(MrtDynamicRamp *r, double (*goal)[MRT_DYNAMIC_PART], int frames, int phase,    \
                                                  double (*c)[MRT_DYNAMIC_PART])                                                 \
    { mrt_dynamic_ramps_body(r, goal, frames, phase, c); }                                                                       \
    static const MrtDynamicBands mrt_dynamic_bands_##SUFFIX = {mrt_dynamic_coefficients_##SUFFIX, mrt_dynamic_cascade_##SUFFIX,  \
                                                               mrt_dynamic_ramps_##SUFFIX};

MRT_DYNAMIC(lanes, )
#if MRT_X86
MRT_DYNAMIC(avx2, __attribute__((target("avx2"))))
#endif

/* Control thread only. */
static inline const MrtDynamicBands *mrt_dynamic_bands(void)
{
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        return &mrt_dynamic_bands_avx2;
#endif
    return &mrt_dynamic_bands_lanes;
}
