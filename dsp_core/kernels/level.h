/* Peak and finiteness of planes of doubles. */
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "dsp_core/kernels/cpu.h"

#if defined(__GNUC__)
typedef double mrt_v2d __attribute__((vector_size(16), aligned(8)));
typedef int64_t mrt_v2i __attribute__((vector_size(16), aligned(8)));
#endif

/* Largest |x|; NaN counts as nothing. */
static double mrt_peak(const double *x, int n)
{
    double top = 0.0;
    int i = 0;
#if defined(__GNUC__)
    const mrt_v2i magnitude = {INT64_MAX, INT64_MAX};
    mrt_v2d a = {0.0, 0.0}, b = {0.0, 0.0};
    for (; i + 4 <= n; i += 4) {
        mrt_v2d u, v;
        memcpy(&u, x + i, sizeof u);
        memcpy(&v, x + i + 2, sizeof v);
        u = (mrt_v2d)((mrt_v2i)u & magnitude);
        v = (mrt_v2d)((mrt_v2i)v & magnitude);
        a = u > a ? u : a;
        b = v > b ? v : b;
    }
    a = a > b ? a : b;
    top = a[0] > a[1] ? a[0] : a[1];
#endif
    for (; i < n; i++) {
        double u = x[i] < 0 ? -x[i] : x[i];
        if (u > top) top = u;
    }
    return top;
}

/* Sum of squares of two planes, in four strands: the cut of the stream decides over its last bits. */
static inline double mrt_energy(const double *left, const double *right, int n)
{
    double sum = 0.0;
    int i = 0;
#if defined(__GNUC__)
    mrt_v2d a = {0.0, 0.0}, b = a, c = a, d = a;
    for (; i + 4 <= n; i += 4) {
        mrt_v2d l, m, r, s;
        memcpy(&l, left + i, sizeof l);
        memcpy(&m, left + i + 2, sizeof m);
        memcpy(&r, right + i, sizeof r);
        memcpy(&s, right + i + 2, sizeof s);
        a += l * l;
        b += m * m;
        c += r * r;
        d += s * s;
    }
    a = (a + b) + (c + d);
    sum = a[0] + a[1];
#endif
    for (; i < n; i++)
        sum += left[i] * left[i] + right[i] * right[i];
    return sum;
}

/* 1 if no sample is NaN or infinite: the exponent field is nowhere all ones. */
static inline int mrt_all_finite(const double *x, int n)
{
    uint64_t bad = 0;
    for (int i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, x + i, sizeof bits);
        bad |= (bits & 0x7ff0000000000000ull) + 0x0010000000000000ull;
    }
    return (bad >> 63) == 0;
}

/* Largest magnitude in two planes, or infinity where one of them holds NaN or infinity: x - x is zero for every other number. */
static double mrt_finite_peak_plain(const double *left, const double *right, int n)
{
    double top = 0.0, off = 0.0;
    for (int i = 0; i < n; i++) {
        const double l = left[i] < 0 ? -left[i] : left[i], r = right[i] < 0 ? -right[i] : right[i];
        off += (left[i] - left[i]) + (right[i] - right[i]);
        top = l > top ? l : top;
        top = r > top ? r : top;
    }
    return off == 0.0 ? top : HUGE_VAL;
}

#if MRT_X86
/* The compiler does not see a maximum in a comparison of vectors. */
#define MRT_FINITE_PEAK(SUFFIX, TARGET, BYTES, MAX)                                                                              \
    typedef double mrt_level_##SUFFIX __attribute__((vector_size(BYTES), aligned(8), may_alias));                                \
    typedef int64_t mrt_bits_##SUFFIX __attribute__((vector_size(BYTES), aligned(8), may_alias));                                \
    TARGET static double mrt_finite_peak_##SUFFIX(const double *left, const double *right, int n)                                \
    {                                                                                                                            \
        enum { LANES = BYTES / 8 };                                                                                              \
        mrt_level_##SUFFIX a = {}, b = {};                                                                                       \
        mrt_bits_##SUFFIX off = {};                                                                                              \
        int i = 0;                                                                                                               \
        for (; i + LANES <= n; i += LANES) {                                                                                     \
            const mrt_level_##SUFFIX l = *(const mrt_level_##SUFFIX *)(left + i), r = *(const mrt_level_##SUFFIX *)(right + i);  \
            off |= (mrt_bits_##SUFFIX)(l - l) | (mrt_bits_##SUFFIX)(r - r);                                                      \
            a = MAX(a, (mrt_level_##SUFFIX)((mrt_bits_##SUFFIX)l & INT64_MAX));                                                  \
            b = MAX(b, (mrt_level_##SUFFIX)((mrt_bits_##SUFFIX)r & INT64_MAX));                                                  \
        }                                                                                                                        \
        double top = mrt_finite_peak_plain(left + i, right + i, n - i);                                                          \
        int64_t any = 0;                                                                                                         \
        a = MAX(a, b);                                                                                                           \
        for (int k = 0; k < LANES; k++) {                                                                                        \
            any |= off[k];                                                                                                       \
            top = a[k] > top ? a[k] : top;                                                                                       \
        }                                                                                                                        \
        return any ? HUGE_VAL : top;                                                                                             \
    }

MRT_FINITE_PEAK(two, , 16, _mm_max_pd)
MRT_FINITE_PEAK(four, __attribute__((target("avx2"))), 32, _mm256_max_pd)

/* mrt_peak with four lanes. */
__attribute__((target("avx2"))) static double mrt_peak_four(const double *x, int n)
{
    mrt_level_four a = {}, b = {};
    int i = 0;
    for (; i + 8 <= n; i += 8) {             /* the maximum is its second operand where one is no number */
        a = _mm256_max_pd((mrt_level_four)(*(const mrt_bits_four *)(x + i) & INT64_MAX), a);
        b = _mm256_max_pd((mrt_level_four)(*(const mrt_bits_four *)(x + i + 4) & INT64_MAX), b);
    }
    a = _mm256_max_pd(a, b);
    double top = mrt_peak(x + i, n - i);
    for (int k = 0; k < 4; k++)
        top = a[k] > top ? a[k] : top;
    return top;
}
#endif

typedef double (*MrtFinitePeak)(const double *left, const double *right, int n);
typedef double (*MrtPeak)(const double *x, int n);

/* Control thread only. */
static inline MrtFinitePeak mrt_finite_peak_fastest(void)
{
#if MRT_X86
    return mrt_cpu_level() >= MRT_CPU_AVX2 ? mrt_finite_peak_four : mrt_finite_peak_two;
#else
    return mrt_finite_peak_plain;
#endif
}

/* Control thread only. */
static inline MrtPeak mrt_peak_fastest(void)
{
#if MRT_X86
    return mrt_cpu_level() >= MRT_CPU_AVX2 ? mrt_peak_four : mrt_peak;
#else
    return mrt_peak;
#endif
}

/* NaN and infinity become 0; returns how many there were. */
static inline int mrt_mend(double *x, int n)
{
    int mended = 0;
    for (int i = 0; i < n; i++)
        if (!mrt_all_finite(x + i, 1)) {
            x[i] = 0.0;
            mended++;
        }
    return mended;
}
