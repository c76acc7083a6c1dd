/* What a saturator adds to a sound, with antiderivative anti-aliasing of first order, from algebraic curves whose averages between
   two points a and b have closed forms: no table, no logarithm, and no difference of two large numbers (cf. Parker, Zavalishin, Le
   Bivic, DAFx-16). With A = sqrt(1 + a^2):

   odd:  x / sqrt(1 + x^2) - x     antiderivative sqrt(1 + x^2) - x^2 / 2     average -(a + b) / 2 ((A - 1) + (B - 1)) / (A + B)
   even: 1 - (1 + x^2)^(-3/2)      antiderivative x - x / sqrt(1 + x^2)       average 1 - (a / A - b / B) / (a - b), the fraction
         being (a + b) / (A B (a B + b A)) where a and b have one sign, and (a B - b A) / (A B (a - b)) where not.

   Each loop is compiled for plain vectors and for AVX2; nothing is fused, so both give the same bits. */
#pragma once
#include <math.h>
#include "dsp_core/kernels/fastmath.h"
#include "dsp_core/kernels/oversample.h"

typedef struct {
    int symmetrical;                         /* every `even` is 0 */
    double odd[MRT_OS_FRAMES], even[MRT_OS_FRAMES]; /* shares of the two curves, frame by frame */
    double gain[MRT_OS_FRAMES];              /* before the curve */
    double back[MRT_OS_FRAMES];              /* behind it */
} MrtSaturation;

MRT_INLINE double mrt_saturate_odd(double a, double b, double ra, double rb)
{
    return -0.5 * (a + b) * ((ra - 1.0) + (rb - 1.0)) / (ra + rb);
}

MRT_INLINE double mrt_saturate_even(double a, double b, double ra, double rb)
{
    const double arb = a * rb, bra = b * ra;
    const int alike = a * b > 0.0;
    const double over = alike ? a + b : arb - bra, under = ra * rb * (alike ? arb + bra : a - b);
    const int none = under == 0.0;
    return 1.0 - (none ? 1.0 : over) / (none ? 1.0 : under);
}

/* root[i] = sqrt(1 + x^2) of points that come to the curve. */
MRT_INLINE void mrt_saturate_root_body(const MrtSaturation *s, const double *__restrict points, double *__restrict root, int frames)
{
    for (int i = 0; i < frames; i++) {
        const double x = points[i] * s->gain[i];
        root[i] = sqrt(1.0 + x * x);
    }
}

/* One plane of points: adds to `added` what comes to the sound between each point and the one before it. `root` belongs to those
   before, and afterwards to these: every root is taken once. */
MRT_INLINE void mrt_saturate_body(const MrtSaturation *s, const double *__restrict before, const double *__restrict now,
                                  double *__restrict root, double *__restrict added, int frames)
{
    if (s->symmetrical) {
        for (int i = 0; i < frames; i++) {
            const double a = now[i] * s->gain[i], b = before[i] * s->gain[i], ra = sqrt(1.0 + a * a), rb = root[i];
            added[i] += s->back[i] * (s->odd[i] * mrt_saturate_odd(a, b, ra, rb));
            root[i] = ra;
        }
        return;
    }
    for (int i = 0; i < frames; i++) {
        const double a = now[i] * s->gain[i], b = before[i] * s->gain[i], ra = sqrt(1.0 + a * a), rb = root[i];
        added[i] += s->back[i] * (s->odd[i] * mrt_saturate_odd(a, b, ra, rb) + s->even[i] * mrt_saturate_even(a, b, ra, rb));
        root[i] = ra;
    }
}

typedef struct {
    void (*root)(const MrtSaturation *s, const double *points, double *root, int frames);
    void (*run)(const MrtSaturation *s, const double *before, const double *now, double *root, double *added, int frames);
} MrtSaturator;

static void mrt_saturate_root_plain(const MrtSaturation *s, const double *points, double *root, int frames)
{
    mrt_saturate_root_body(s, points, root, frames);
}

static void mrt_saturate_plain(const MrtSaturation *s, const double *before, const double *now, double *root, double *added, int frames)
{
    mrt_saturate_body(s, before, now, root, added, frames);
}

#if MRT_X86
__attribute__((target("avx2"))) static void mrt_saturate_root_avx2(const MrtSaturation *s, const double *points, double *root, int frames)
{
    mrt_saturate_root_body(s, points, root, frames);
}

__attribute__((target("avx2"))) static void mrt_saturate_avx2(const MrtSaturation *s, const double *before, const double *now,
                                                              double *root, double *added, int frames)
{
    mrt_saturate_body(s, before, now, root, added, frames);
}
#endif

/* Control thread only. */
static inline MrtSaturator mrt_saturator(void)
{
    MrtSaturator saturator = {mrt_saturate_root_plain, mrt_saturate_plain};
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        saturator = {mrt_saturate_root_avx2, mrt_saturate_avx2};
#endif
    return saturator;
}
