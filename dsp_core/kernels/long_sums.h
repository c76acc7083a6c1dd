/* Long weighted sums over a sound in 32 bits, for readings of files. 64 strands whatever the width of vectors, added up in
   one order: every build gives the same bits. */
#pragma once
#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/fastmath.h"

enum { MRT_LONG_LANES = 64, MRT_BAND_TAPS = 128, MRT_BAND_HOP = 64 };

#if defined(__GNUC__)
typedef float mrt_long_strands __attribute__((vector_size(64), aligned(4), may_alias));

/* `n` is a multiple of the lanes. */
MRT_INLINE float mrt_long_sum_body(const float *x, const float *weight, int n)
{
    mrt_long_strands sum[MRT_LONG_LANES / 16] = {};
    float all = 0.0f;
    for (int i = 0; i < n; i += MRT_LONG_LANES)
        for (int k = 0; k < MRT_LONG_LANES / 16; k++)
            sum[k] += *(const mrt_long_strands *)(x + i + 16 * k) * *(const mrt_long_strands *)(weight + i + 16 * k);
    sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    for (int k = 0; k < 16; k++)
        all += sum[0][k];
    return all;
}
#else
MRT_INLINE float mrt_long_sum_body(const float *x, const float *weight, int n)
{
    float sum[MRT_LONG_LANES] = {0}, all = 0.0f;
    for (int i = 0; i < n; i++)
        sum[i % MRT_LONG_LANES] += x[i] * weight[i];
    for (int k = 0; k < 16; k++)
        all += (sum[k] + sum[16 + k]) + (sum[32 + k] + sum[48 + k]);
    return all;
}
#endif

/* The largest magnitude of the sums at every hop that fits into `frames`. */
MRT_INLINE float mrt_long_most_body(const float *x, const float *weight, int frames)
{
    float most = 0.0f;
    for (int start = 0; start + MRT_BAND_TAPS <= frames; start += MRT_BAND_HOP) {
        const float sum = mrt_long_sum_body(x + start, weight, MRT_BAND_TAPS), size = sum < 0.0f ? -sum : sum;
        most = size > most ? size : most;
    }
    return most;
}

typedef struct {
    float (*sum)(const float *x, const float *weight, int n);
    float (*most)(const float *x, const float *weight, int frames);
} MrtLongSums;

#define MRT_LONG_SUMS(SUFFIX, TARGET)                                                                                            \
    TARGET static float mrt_long_sum_##SUFFIX(const float *x, const float *weight, int n)                                        \
    { return mrt_long_sum_body(x, weight, n); }                                                                                  \
    TARGET static float mrt_long_most_##SUFFIX(const float *x, const float *weight, int frames)                                  \
    { return mrt_long_most_body(x, weight, frames); }                                                                            \
    static const MrtLongSums mrt_long_sums_##SUFFIX = {mrt_long_sum_##SUFFIX, mrt_long_most_##SUFFIX};

MRT_LONG_SUMS(plain, )
#if MRT_X86
MRT_LONG_SUMS(avx2, __attribute__((target("avx2"))))
#endif

static inline const MrtLongSums *mrt_long_sums(void)
{
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        return &mrt_long_sums_avx2;
#endif
    return &mrt_long_sums_plain;
}
