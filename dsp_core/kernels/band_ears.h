/* What many bands hear: filters beside each other on one stereo sound, and of each the highest peak and the mean power of every group of
 * MRT_GROUP frames. A gain that takes longer than a group to move needs no more; everything behind the filters is done once per group.
 * Groups are counted in stream time: `phase` is how many frames of the present group have passed, so any cut of the stream gives the same. */
#pragma once
#include <math.h>

#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/quad.h"

#define MRT_GROUP 4
#define MRT_EARS 3                       /* two bands each */

typedef struct {
    MrtQuad filter;              /* {left, right} of one band, {left, right} of the next */
    double peak[4], power[4];    /* of the present group so far */
} MrtEar;

/* Where a band's groups go: rows of two bands per ear. */
typedef struct {
    double *peak[2], *power[2];
    double *sound[4];            /* what the filters give, for those who listen; or NULL */
} MrtEarOut;

/* A group is complete: the louder channel counts. */
MRT_INLINE void mrt_ear_end(MrtEar *e, const MrtEarOut *out, int group)
{
    for (int b = 0; b < 2; b++) {
        out->peak[b][group] = mrt_larger(e->peak[2 * b], e->peak[2 * b + 1]);
        out->power[b][group] = mrt_larger(e->power[2 * b], e->power[2 * b + 1]) * (1.0 / MRT_GROUP);
    }
    for (int lane = 0; lane < 4; lane++)
        e->peak[lane] = e->power[lane] = 0.0;
}

/* The plain twin. Gives how many groups were completed. */
static int mrt_ears_plain(MrtEar **ear, int ears, const double *left, const double *right, int frames, int phase, const MrtEarOut *out)
{
    int group = 0;
    for (int i = 0; i < frames; i++) {
        for (int n = 0; n < ears; n++)
            for (int lane = 0; lane < 4; lane++) {
                const double y = mrt_quad_lane(&ear[n]->filter, lane, lane & 1 ? right[i] : left[i]);
                ear[n]->peak[lane] = mrt_larger(mrt_magnitude(y), ear[n]->peak[lane]);
                ear[n]->power[lane] += y * y;
                if (out[n].sound[0])
                    out[n].sound[lane][i] = y;
            }
        if (++phase == MRT_GROUP) {
            for (int n = 0; n < ears; n++)
                mrt_ear_end(ear[n], &out[n], group);
            group++;
            phase = 0;
        }
    }
    return group;
}

#if defined(__GNUC__)
typedef int64_t mrt_quad_bits __attribute__((vector_size(32), aligned(8), may_alias));

typedef struct {
    mrt_quad c[6], s0, s1, peak, power;
} MrtEarNow;

MRT_INLINE void mrt_ear_hear(MrtEarNow *e, const mrt_quad *x, const MrtEarOut *out, int i, const int sounds)
{
    const mrt_quad_bits magnitude = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
    mrt_quad y;
    mrt_quad_sample(e->c, &e->s0, &e->s1, x, &y);
    const mrt_quad size = (mrt_quad)((mrt_quad_bits)y & magnitude);
    e->peak = size > e->peak ? size : e->peak;
    e->power = e->power + y * y;
    if (sounds)
        for (int lane = 0; lane < 4; lane++)
            out->sound[lane][i] = y[lane];
}

MRT_INLINE void mrt_ear_close(MrtEarNow *e, const MrtEarOut *out, int group)
{
    for (int b = 0; b < 2; b++) {
        out->peak[b][group] = mrt_larger(e->peak[2 * b], e->peak[2 * b + 1]);
        out->power[b][group] = mrt_larger(e->power[2 * b], e->power[2 * b + 1]) * (1.0 / MRT_GROUP);
    }
    e->peak = e->power = (mrt_quad){0.0, 0.0, 0.0, 0.0};
}

/* All ears in one pass: a filter waits for itself, meanwhile the others work. */
MRT_INLINE int mrt_ears_pass(MrtEar **ear, const int ears, const double *left, const double *right, int frames, int phase,
                             const MrtEarOut *out, const int sounds)
{
    MrtEarNow now[MRT_EARS];
    int group = 0;
    for (int n = 0; n < ears; n++) {
        mrt_quad_load(&ear[n]->filter, now[n].c, &now[n].s0, &now[n].s1);
        now[n].peak = *(const mrt_quad *)ear[n]->peak;
        now[n].power = *(const mrt_quad *)ear[n]->power;
    }
    for (int i = 0; i < frames; i++) {
        const mrt_quad x = {left[i], right[i], left[i], right[i]};
        for (int n = 0; n < ears; n++)
            mrt_ear_hear(&now[n], &x, &out[n], i, sounds);
        if (++phase == MRT_GROUP) {
            for (int n = 0; n < ears; n++)
                mrt_ear_close(&now[n], &out[n], group);
            group++;
            phase = 0;
        }
    }
    for (int n = 0; n < ears; n++) {
        mrt_quad_store(&ear[n]->filter, &now[n].s0, &now[n].s1);
        *(mrt_quad *)ear[n]->peak = now[n].peak;
        *(mrt_quad *)ear[n]->power = now[n].power;
    }
    return group;
}

/* The same for vectors of two: where four lanes are two vectors, comparisons of four would be done one by one. */
typedef struct {
    mrt_pair c[6], s0, s1, peak, power;
} MrtEarHalf;

MRT_INLINE void mrt_half_load(const MrtEar *e, int lane, MrtEarHalf *h)
{
    for (int j = 0; j < 6; j++)
        h->c[j] = *(const mrt_pair *)&e->filter.c[j][lane];
    h->s0 = *(const mrt_pair *)&e->filter.s[0][lane];
    h->s1 = *(const mrt_pair *)&e->filter.s[1][lane];
    h->peak = *(const mrt_pair *)&e->peak[lane];
    h->power = *(const mrt_pair *)&e->power[lane];
}

MRT_INLINE void mrt_half_store(MrtEar *e, int lane, const MrtEarHalf *h)
{
    *(mrt_pair *)&e->filter.s[0][lane] = h->s0;
    *(mrt_pair *)&e->filter.s[1][lane] = h->s1;
    *(mrt_pair *)&e->peak[lane] = h->peak;
    *(mrt_pair *)&e->power[lane] = h->power;
}

MRT_INLINE void mrt_half_hear(MrtEarHalf *h, mrt_pair x, double *const *sound, int i, const int sounds)
{
    typedef int64_t bits __attribute__((vector_size(16), aligned(8), may_alias));
    const bits magnitude = {INT64_MAX, INT64_MAX};
    const mrt_pair v = x - h->s1, p = h->c[0] * h->s0 + h->c[1] * v, q = (h->s1 + h->c[1] * h->s0) + h->c[2] * v;
    const mrt_pair y = (h->c[4] * h->s0 + h->c[5] * h->s1) + h->c[3] * v, size = (mrt_pair)((bits)y & magnitude);
    h->s0 = p;
    h->s1 = q;
    h->peak = size > h->peak ? size : h->peak;
    h->power = h->power + y * y;
    if (sounds) {
        sound[0][i] = y[0];
        sound[1][i] = y[1];
    }
}

/* One ear; both of its bands side by side. */
MRT_INLINE int mrt_ear_halves(MrtEar *ear, const double *left, const double *right, int frames, int phase, const MrtEarOut *out,
                              const int sounds)
{
    MrtEarHalf h[2];
    int group = 0;
    mrt_half_load(ear, 0, &h[0]);
    mrt_half_load(ear, 2, &h[1]);
    for (int i = 0; i < frames; i++) {
        const mrt_pair x = {left[i], right[i]};
        mrt_half_hear(&h[0], x, out->sound, i, sounds);
        mrt_half_hear(&h[1], x, out->sound + 2, i, sounds);
        if (++phase < MRT_GROUP)
            continue;
        for (int b = 0; b < 2; b++) {
            out->peak[b][group] = mrt_larger(h[b].peak[0], h[b].peak[1]);
            out->power[b][group] = mrt_larger(h[b].power[0], h[b].power[1]) * (1.0 / MRT_GROUP);
            h[b].peak = h[b].power = (mrt_pair){0.0, 0.0};
        }
        group++;
        phase = 0;
    }
    mrt_half_store(ear, 0, &h[0]);
    mrt_half_store(ear, 2, &h[1]);
    return group;
}

MRT_INLINE int mrt_ears_halves(MrtEar **ear, int ears, const double *left, const double *right, int frames, int phase, const MrtEarOut *out)
{
    for (int n = 0; n < ears; n++)
        if (out[n].sound[0])
            mrt_ear_halves(ear[n], left, right, frames, phase, &out[n], 1);
        else
            mrt_ear_halves(ear[n], left, right, frames, phase, &out[n], 0);
    return (phase + frames) / MRT_GROUP;
}

MRT_INLINE int mrt_ears_body(MrtEar **ear, int ears, const double *left, const double *right, int frames, int phase, const MrtEarOut *out)
{
    if (ears > 0 && out[0].sound[0])
        return ears == 3 ? mrt_ears_pass(ear, 3, left, right, frames, phase, out, 1)
             : ears == 2 ? mrt_ears_pass(ear, 2, left, right, frames, phase, out, 1)
                         : mrt_ears_pass(ear, 1, left, right, frames, phase, out, 1);
    return ears == 3 ? mrt_ears_pass(ear, 3, left, right, frames, phase, out, 0)
         : ears == 2 ? mrt_ears_pass(ear, 2, left, right, frames, phase, out, 0)
         : ears == 1 ? mrt_ears_pass(ear, 1, left, right, frames, phase, out, 0)
                     : (phase + frames) / MRT_GROUP;
}
#else
#define mrt_ears_halves mrt_ears_plain
#endif

/* A band's own level over the song: a plain mean at first, one with a long memory later; silence does not count. */
typedef struct {
    double recent;               /* mean power over a few ms: is there anything? */
    double mean;                 /* power */
    double count;                /* groups that made it, up to the longest memory */
} MrtOwnLevel;

#define MRT_OWN_GATE 1e-10       /* mean power, -100 dB: less is silence */

/* level: in linear peaks, out relative to the own level, where a steady sine has 1. Without an own level yet: as it is. */
static void mrt_relative(MrtOwnLevel *own, double recent_pole, double longest, const double *power, double *level, int groups)
{
    MrtOwnLevel o = *own;
    for (int i = 0; i < groups; i++) {
        o.recent = recent_pole * o.recent + ((1.0 - recent_pole) * power[i] + 1e-30);
        if (o.recent > MRT_OWN_GATE) {
            o.count = o.count < longest ? o.count + 1.0 : longest;
            o.mean += (power[i] - o.mean) / o.count;
        }
        level[i] /= sqrt(2.0 * (o.mean > 0.0 ? o.mean : 0.5));
    }
    *own = o;
}

typedef int (*MrtEars)(MrtEar **ear, int ears, const double *left, const double *right, int frames, int phase, const MrtEarOut *out);

static int mrt_ears_lanes(MrtEar **ear, int ears, const double *left, const double *right, int frames, int phase, const MrtEarOut *out)
{ return mrt_ears_halves(ear, ears, left, right, frames, phase, out); }
#if MRT_X86
__attribute__((target("avx2"))) static int mrt_ears_avx2(MrtEar **ear, int ears, const double *left, const double *right, int frames,
                                                         int phase, const MrtEarOut *out)
{ return mrt_ears_body(ear, ears, left, right, frames, phase, out); }
#endif

/* Control thread only. */
static inline MrtEars mrt_ears(void)
{
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        return mrt_ears_avx2;
#endif
    return mrt_ears_lanes;
}
