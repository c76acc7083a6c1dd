/* Peak and finiteness of a plane of doubles. Two lanes are enough: both are bound by loads. */
#pragma once
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
typedef double mrt_v2d __attribute__((vector_size(16), aligned(8)));
typedef int64_t mrt_v2i __attribute__((vector_size(16), aligned(8)));
#endif

/* Largest |x|; NaN counts as nothing. */
static inline double mrt_peak(const double *x, int n)
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
