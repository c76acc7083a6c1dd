/* One column of the picture of a song: lowest, highest and mean square of a few hundred frames. Lane k adds up frames k, k + 8, ...
   of the column, whatever the width of vectors, so that every build gives the same bits. */
#pragma once
#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/fastmath.h"

enum { MRT_COLUMN_LANES = 8 };

typedef struct {
    float low, high, power;
} MrtColumn;

typedef MrtColumn (*MrtDrawColumn)(const float *left, const float *right, int frames);

static inline MrtColumn mrt_column_of(float low, float high, const double *power, int frames)
{
    const double sum = ((power[0] + power[4]) + (power[1] + power[5])) + ((power[2] + power[6]) + (power[3] + power[7]));
    const MrtColumn column = {low, high, (float)(sum / (2 * frames))};
    return column;
}

MRT_INLINE void mrt_column_frames(const float *left, const float *right, int i, int frames, float *low, float *high, double *power)
{
    for (; i < frames; i++) {
        const float l = left[i], r = right[i];
        *low = l < *low ? l : *low, *low = r < *low ? r : *low;
        *high = l > *high ? l : *high, *high = r > *high ? r : *high;
        power[i % MRT_COLUMN_LANES] += (double)l * l + (double)r * r;
    }
}

/* The plain twin. At least one frame. */
static MrtColumn mrt_column_plain(const float *left, const float *right, int frames)
{
    float low = left[0], high = left[0];
    double power[MRT_COLUMN_LANES] = {0.0};
    mrt_column_frames(left, right, 0, frames, &low, &high, power);
    return mrt_column_of(low, high, power, frames);
}

#if MRT_X86
static __attribute__((target("avx2"))) MrtColumn mrt_column_avx2(const float *left, const float *right, int frames)
{
    __m256 low = _mm256_set1_ps(left[0]), high = low;
    __m256d even = _mm256_setzero_pd(), odd = even;
    float lows[8], highs[8];
    double power[MRT_COLUMN_LANES];
    int i = 0;
    for (; i + MRT_COLUMN_LANES <= frames; i += MRT_COLUMN_LANES) {
        const __m256 l = _mm256_loadu_ps(left + i), r = _mm256_loadu_ps(right + i);
        const __m256d l0 = _mm256_cvtps_pd(_mm256_castps256_ps128(l)), l1 = _mm256_cvtps_pd(_mm256_extractf128_ps(l, 1));
        const __m256d r0 = _mm256_cvtps_pd(_mm256_castps256_ps128(r)), r1 = _mm256_cvtps_pd(_mm256_extractf128_ps(r, 1));
        low = _mm256_min_ps(r, _mm256_min_ps(l, low));
        high = _mm256_max_ps(r, _mm256_max_ps(l, high));
        even = even + (l0 * l0 + r0 * r0);
        odd = odd + (l1 * l1 + r1 * r1);
    }
    _mm256_storeu_ps(lows, low), _mm256_storeu_ps(highs, high);
    _mm256_storeu_pd(power, even), _mm256_storeu_pd(power + 4, odd);
    for (int k = 1; k < 8; k++)
        lows[0] = lows[k] < lows[0] ? lows[k] : lows[0], highs[0] = highs[k] > highs[0] ? highs[k] : highs[0];
    mrt_column_frames(left, right, i, frames, &lows[0], &highs[0], power);
    return mrt_column_of(lows[0], highs[0], power, frames);
}
#endif

/* Control thread only. */
static inline MrtDrawColumn mrt_column_fastest(void)
{
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        return mrt_column_avx2;
#endif
    return mrt_column_plain;
}
