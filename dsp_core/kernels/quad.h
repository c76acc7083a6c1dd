/* State variable filters of four lanes: two stereo sounds, or one sound through two filters. The structure is that of svf.h.
 *
 * A cascade runs skewed: at step t section k works on sample t - k, so that sections do not wait for each other. Every call fills
 * and drains the cascade: no sample is late, the memory is exact at its end, and every variant gives the bits of the plain twin. */
#pragma once
#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/fastmath.h"

#if MRT_X86                      /* what mrt_cpu_wide() allows; nothing is fused, so the bits are those of every other build */
#define MRT_WIDE __attribute__((target("avx2,avx512f,avx512dq,avx512vl,prefer-vector-width=512")))
/* The same machines, where four lanes are all there are to fill: twice the registers of AVX2. */
#define MRT_FOUR __attribute__((target("avx2,avx512f,avx512dq,avx512vl,prefer-vector-width=256")))
#endif

typedef struct {
    double c[6][4];              /* coefficients of each lane */
    double s[2][4];              /* memory: band, low */
} MrtQuad;

MRT_INLINE double mrt_quad_lane(MrtQuad *q, const int lane, double x)
{
    const double s0 = q->s[0][lane], s1 = q->s[1][lane], v = x - s1;
    q->s[0][lane] = q->c[0][lane] * s0 + q->c[1][lane] * v;
    q->s[1][lane] = (s1 + q->c[1][lane] * s0) + q->c[2][lane] * v;
    return (q->c[4][lane] * s0 + q->c[5][lane] * s1) + q->c[3][lane] * v;
}

#if defined(__GNUC__)
typedef double mrt_quad __attribute__((vector_size(32), aligned(8), may_alias));
typedef double mrt_pair __attribute__((vector_size(16), aligned(8), may_alias));

/* Vectors go by address: their way through registers depends on the target a caller is compiled for. */
MRT_INLINE void mrt_quad_sample(const mrt_quad *c, mrt_quad *s0, mrt_quad *s1, const mrt_quad *x, mrt_quad *y)
{
    const mrt_quad v = *x - *s1;
    const mrt_quad p = c[0] * *s0 + c[1] * v;
    const mrt_quad q = (*s1 + c[1] * *s0) + c[2] * v;
    *y = (c[4] * *s0 + c[5] * *s1) + c[3] * v;
    *s0 = p;
    *s1 = q;
}

MRT_INLINE void mrt_quad_load(const MrtQuad *q, mrt_quad *c, mrt_quad *s0, mrt_quad *s1)
{
    for (int j = 0; j < 6; j++)
        c[j] = *(const mrt_quad *)q->c[j];
    *s0 = *(const mrt_quad *)q->s[0];
    *s1 = *(const mrt_quad *)q->s[1];
}

MRT_INLINE void mrt_quad_store(MrtQuad *q, const mrt_quad *s0, const mrt_quad *s1)
{
    *(mrt_quad *)q->s[0] = *s0;
    *(mrt_quad *)q->s[1] = *s1;
}
#endif
