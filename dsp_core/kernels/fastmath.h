/* log2 and exp2 as short polynomials without a branch, a table or a call, so that a loop over frames becomes vectors.
   Every lane and every tail does the same operations in the same order, with no fused multiply-add: the same bits everywhere.
   The coefficients are our own Remez fits; tests/dsp_core/test_fastmath.py holds both against libm over their whole range. */
#pragma once
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#define MRT_INLINE static inline __attribute__((always_inline))
#else
#define MRT_INLINE static inline
#endif

#define MRT_SILENCE 1e-20                    /* -400 dB: added to every level, so that silence has a logarithm */
#define MRT_DB_PER_OCTAVE 6.0205999132796239 /* 20 log10 2 */

MRT_INLINE double mrt_larger(double a, double b) { return a > b ? a : b; }

MRT_INLINE uint64_t mrt_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

MRT_INLINE double mrt_double(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

MRT_INLINE double mrt_magnitude(double x) { return mrt_double(mrt_bits(x) & 0x7fffffffffffffffull); }

/* For normal x > 0; |error| <= 1.8e-10 (1.1e-9 dB), and 0 at every power of two.
   x = m 2^e with m in sqrt(1/2)..sqrt(2); log2 m = 2 artanh(s) / ln 2 with s = (m - 1) / (m + 1). */
MRT_INLINE double mrt_log2(double x)
{
    const uint64_t bits = mrt_bits(x);
    /* 1024 too many, so that the exponent is a positive integer and a logical shift will do (AVX2 has no other) */
    const uint64_t e = (bits - 0x3fe6a09e667f3bcdull + (1024ull << 52)) >> 52;
    const double m = mrt_double(bits - (e << 52) + (1024ull << 52));
    const double exponent = mrt_double(e | 0x4330000000000000ull) - (4503599627370496.0 + 1024.0);
    const double s = (m - 1.0) / (m + 1.0), z = s * s;
    const double series = 2.8853900728897997 + z * (0.9618007298733757 + z * (0.5765862935968927 + z * 0.43422457014964283));
    return exponent + s * series;
}

/* For x in -1000..1000; relative error <= 2.1e-9 (1.8e-8 dB), and exactly 2^x for whole x. */
MRT_INLINE double mrt_exp2(double x)
{
    const double shift = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to a whole number in the low bits */
    const double whole = x + shift;
    const double f = x - (whole - shift);
    const double series = 0.6931472027810183 + f * (0.24022647914252832 + f * (0.0555033257370621
                        + f * (0.009618437500826795 + f * (0.0013398843822490392 + f * 0.0001535328528214348))));
    return mrt_double(mrt_bits(1.0 + f * series) + (mrt_bits(whole) << 52));
}

/* `per_octave`: MRT_DB_PER_OCTAVE where x is an amplitude, half of it where x is a power. */
MRT_INLINE double mrt_level_db(double x, double per_octave) { return per_octave * mrt_log2(mrt_magnitude(x) + MRT_SILENCE); }

MRT_INLINE double mrt_gain_of_db(double db) { return mrt_exp2(db * (1.0 / MRT_DB_PER_OCTAVE)); }
