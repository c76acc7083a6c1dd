/* Three or four bands of dynamic_band.h from shares to sound in one go, two channels of each side by side in eight lanes of AVX-512.
 * Five and six, in two registers, are no faster so than one by one.
 *
 * Coefficients go straight ways through whole groups. So at step t band b works on group t - b: all bands stand at the same frame of
 * their groups, and what a band hands on has a whole group of time to arrive. Every sample sees the operations of the other kernels in
 * their order: equal bits. Every call fills and drains the row, as the cascades of svf.h do. */
#pragma once
#include "dsp_core/kernels/dynamic_band.h"

enum { MRT_RIDE_LEAST = 3, MRT_RIDE_MOST = 4 };      /* bands */

#if MRT_X86
typedef struct {
    __m512d poly[6][MRT_DYNAMIC_TERMS];          /* a lane is a band; of two steps */
    __m512d begin[6], to[6], s0, s1;             /* a lane is a channel of a band */
    __m512d y[MRT_GROUP];                        /* what the last step gave */
} MrtRide;

/* Bands to channels: of the first four lanes, or of the others. */
MRT_INLINE MRT_WIDE __m512d mrt_ride_both(__m512d x, const int second)
{
    return second ? _mm512_permutexvar_pd(_mm512_set_epi64(7, 7, 6, 6, 5, 5, 4, 4), x)
                  : _mm512_permutexvar_pd(_mm512_set_epi64(3, 3, 2, 2, 1, 1, 0, 0), x);
}

MRT_INLINE MRT_WIDE void mrt_ride_load(MrtRide *r, MrtDynamicBand **band, MrtDynamicRamp **ramp, int count)
{
    /* All stores before all loads: a vector waits for the parts of it that were just stored. */
    double poly[6][MRT_DYNAMIC_TERMS][4] = {}, begin[6][4] = {}, to[6][4] = {}, s[2][8] = {};
    for (int b = 0; b < count; b++) {
        for (int j = 0; j < 6; j++) {
            for (int n = 0; n < MRT_DYNAMIC_TERMS; n++)
                poly[j][n][b] = band[b]->poly[j][n].now;
            begin[j][b] = ramp[b]->begin[j], to[j][b] = ramp[b]->to[j];
        }
        for (int k = 0; k < 2; k++)
            s[k][2 * b] = band[b]->s[k][0], s[k][2 * b + 1] = band[b]->s[k][1];
    }
    for (int j = 0; j < 6; j++) {
        for (int n = 0; n < MRT_DYNAMIC_TERMS; n++)
            r->poly[j][n] = _mm512_broadcast_f64x4(_mm256_loadu_pd(poly[j][n]));
        r->begin[j] = mrt_ride_both(_mm512_castpd256_pd512(_mm256_loadu_pd(begin[j])), 0);
        r->to[j] = mrt_ride_both(_mm512_castpd256_pd512(_mm256_loadu_pd(to[j])), 0);
    }
    r->s0 = _mm512_loadu_pd(s[0]), r->s1 = _mm512_loadu_pd(s[1]);
    for (int k = 0; k < MRT_GROUP; k++)
        r->y[k] = _mm512_setzero_pd();
}

MRT_INLINE MRT_WIDE void mrt_ride_store(const MrtRide *r, MrtDynamicBand **band, MrtDynamicRamp **ramp, int count)
{
    double begin[8], to[8], s[2][8];
    for (int j = 0; j < 6; j++) {
        _mm512_storeu_pd(begin, r->begin[j]);
        _mm512_storeu_pd(to, r->to[j]);
        for (int b = 0; b < count; b++)
            ramp[b]->begin[j] = begin[2 * b], ramp[b]->to[j] = to[2 * b];
    }
    _mm512_storeu_pd(s[0], r->s0);
    _mm512_storeu_pd(s[1], r->s1);
    for (int b = 0; b < count; b++)
        for (int k = 0; k < 2; k++)
            band[b]->s[k][0] = s[k][2 * b], band[b]->s[k][1] = s[k][2 * b + 1];
}

/* The goals of two steps from the shares of their bands. */
MRT_INLINE MRT_WIDE void mrt_ride_goals(const MrtRide *r, const double *share, __m512d *goal)
{
    const __m512d u = _mm512_loadu_pd(share);
    for (int j = 0; j < 6; j++) {
        const __m512d *p = r->poly[j];
        goal[j] = p[0] + u * (p[1] + u * (p[2] + u * (p[3] + u * p[4])));
    }
}

/* One step; x: what comes in, in the two highest lanes. `there`: the lanes that have a group to work on, all of them if `whole`. */
MRT_INLINE MRT_WIDE void mrt_ride_step(MrtRide *r, const __m512d *x, const __m512d *goal, const int second, __mmask8 there,
                                       const int whole)
{
    static const double part[MRT_GROUP] = {0.25, 0.5, 0.75, 1.0};
    __m512d way[6], s0 = r->s0, s1 = r->s1;
    for (int j = 0; j < 6; j++)
        way[j] = r->to[j] - r->begin[j];
    for (int k = 0; k < MRT_GROUP; k++) {
        __m512d c[6];
        for (int j = 0; j < 6; j++)
            c[j] = r->begin[j] + way[j] * part[k];
        const __m512d in = (__m512d)_mm512_alignr_epi64((__m512i)r->y[k], (__m512i)x[k], 6);
        const __m512d v = in - s1;
        const __m512d p = c[0] * s0 + c[1] * v;
        const __m512d q = (s1 + c[1] * s0) + c[2] * v;
        r->y[k] = in + ((c[4] * s0 + c[5] * s1) + c[3] * v);
        s0 = p;
        s1 = q;
    }
    r->s0 = whole ? s0 : _mm512_mask_mov_pd(r->s0, there, s0);
    r->s1 = whole ? s1 : _mm512_mask_mov_pd(r->s1, there, s1);
    for (int j = 0; j < 6; j++) {
        const __m512d next = mrt_ride_both(goal[j], second);
        r->begin[j] = whole ? r->to[j] : _mm512_mask_mov_pd(r->begin[j], there, r->to[j]);
        r->to[j] = whole ? next : _mm512_mask_mov_pd(r->to[j], there, next);
    }
}

/* The last band's group to both planes. */
MRT_INLINE MRT_WIDE void mrt_ride_out(const MrtRide *r, int band, double *left, double *right)
{
    const __m512i at = _mm512_add_epi64(_mm512_set_epi64(0, 0, 0, 0, 9, 1, 8, 0), _mm512_set1_epi64(2 * band));
    const __m256d a = _mm512_castpd512_pd256(_mm512_permutex2var_pd(r->y[0], at, r->y[1]));
    const __m256d b = _mm512_castpd512_pd256(_mm512_permutex2var_pd(r->y[2], at, r->y[3]));
    _mm256_storeu_pd(left, _mm256_permute2f128_pd(a, b, 0x20));
    _mm256_storeu_pd(right, _mm256_permute2f128_pd(a, b, 0x31));
}

MRT_INLINE MRT_WIDE void mrt_ride_in(const double *left, const double *right, __m512d *x)
{
    const __m256d l = _mm256_loadu_pd(left), r = _mm256_loadu_pd(right);
    const __m512d even = _mm512_castpd256_pd512(_mm256_unpacklo_pd(l, r)), odd = _mm512_castpd256_pd512(_mm256_unpackhi_pd(l, r));
    x[0] = _mm512_shuffle_f64x2(even, even, 0x00), x[1] = _mm512_shuffle_f64x2(odd, odd, 0x00);
    x[2] = _mm512_shuffle_f64x2(even, even, 0x55), x[3] = _mm512_shuffle_f64x2(odd, odd, 0x55);
}

/* share[b]: how much of its range band b uses at the end of each of at most MRT_DYNAMIC_PART / MRT_GROUP groups, 0 to 1. Whole groups
   over which nothing else moves, in place. */
static MRT_WIDE void mrt_dynamic_ride(MrtDynamicBand **band, MrtDynamicRamp **ramp, int count, double **share, double *left,
                                      double *right, int groups)
{
    double shares[MRT_DYNAMIC_PART / MRT_GROUP + MRT_RIDE_MOST][MRT_RIDE_MOST] = {};
    __m512d x[MRT_GROUP] = {}, goal[6];
    const int last = count - 1, all = count == MRT_RIDE_MOST;
    MrtRide ride;
    for (int b = 0; b < count; b++)
        for (int g = 0; g < groups; g++)
            shares[b + g][b] = share[b][g];
    mrt_ride_load(&ride, band, ramp, count);
    for (int t = 0; t < groups + last; t++) {
        const int second = t & 1;
        if (!second)
            mrt_ride_goals(&ride, shares[t], goal);
        if (t < groups)
            mrt_ride_in(left + MRT_GROUP * t, right + MRT_GROUP * t, x);
        if (all && t >= last && t < groups) {
            if (second)
                mrt_ride_step(&ride, x, goal, 1, 0, 1);
            else
                mrt_ride_step(&ride, x, goal, 0, 0, 1);
        } else {
            __mmask8 there = 0;
            for (int b = 0; b < count; b++)
                there |= (t >= b && t - b < groups ? 3 : 0) << 2 * b;
            mrt_ride_step(&ride, x, goal, second, there, 0);
        }
        if (t >= last)
            mrt_ride_out(&ride, last, left + MRT_GROUP * (t - last), right + MRT_GROUP * (t - last));
    }
    mrt_ride_store(&ride, band, ramp, count);
}
#endif

typedef void (*MrtDynamicRide)(MrtDynamicBand **band, MrtDynamicRamp **ramp, int count, double **share, double *left, double *right,
                               int groups);

/* NULL where the other kernels do it, band by band. Control thread only. */
static inline MrtDynamicRide mrt_dynamic_rides(void)
{
#if MRT_X86
    if (mrt_cpu_wide())
        return mrt_dynamic_ride;
#endif
    return NULL;
}
