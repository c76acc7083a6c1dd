/* What a clipper adds to a sound, with antiderivative anti-aliasing of first order.

   In units of the ceiling: nothing up to 1 - knee / 2; from 1 + knee / 2 on what is over 1 is taken away; between, the slope of the
   curve falls from 1 to 0 along a smooth step, so that the curve has a continuous second derivative. What is added is averaged
   between two points of the fine grid: (F(a) - F(b)) / (a - b) with its antiderivative F (Parker, Zavalishin, Le Bivic, DAFx-16),
   or its value half-way where the two are too close for the difference. The lanes (clip_lanes.h) do what the plain twin does, and
   nothing is fused: the same bits in every build. */
#pragma once
#include "dsp_core/kernels/fastmath.h"
#include "dsp_core/kernels/oversample.h"

typedef struct {                 /* one number per frame of a call */
    double ceiling[MRT_OS_FRAMES], per_ceiling[MRT_OS_FRAMES];
    double knee[MRT_OS_FRAMES], per_knee[MRT_OS_FRAMES]; /* 0..1; anything finite may stand for the inverse of a knee of 0 */
    int hard;                    /* every knee is 0 */
} MrtClipShape;

#define MRT_CLIP_CLOSE 1e-6      /* closer points lose 10 digits in the difference */

MRT_INLINE double mrt_clip_smaller(double a, double b) { return a < b ? a : b; }

/* Taken away at magnitude x, >= 0. */
MRT_INLINE double mrt_clip_over(double x, double knee, double per_knee)
{
    const double over = mrt_larger(x - (1.0 - 0.5 * knee), 0.0), bend = mrt_clip_smaller(over, knee), t = bend * per_knee;
    return knee * (t * t * t * (1.0 - 0.5 * t)) + (over - bend);
}

/* Its antiderivative. */
MRT_INLINE double mrt_clip_area(double x, double knee, double per_knee)
{
    const double over = mrt_larger(x - (1.0 - 0.5 * knee), 0.0), bend = mrt_clip_smaller(over, knee), t = bend * per_knee;
    const double line = over - bend;
    return knee * knee * (t * t * t * t * (0.25 - 0.1 * t)) + 0.5 * line * (knee + line);
}

MRT_INLINE void mrt_clip_point(const MrtClipShape *s, const double *before, const double *now, double *added, int i)
{
    const double knee = s->knee[i], per_knee = s->per_knee[i];
    const double a = now[i] * s->per_ceiling[i], b = before[i] * s->per_ceiling[i], apart = a - b, half = 0.5 * (a + b);
    const double area = mrt_clip_area(mrt_magnitude(b), knee, per_knee) - mrt_clip_area(mrt_magnitude(a), knee, per_knee);
    const double there = mrt_clip_over(mrt_magnitude(half), knee, per_knee);
    const int close = mrt_magnitude(apart) < MRT_CLIP_CLOSE;
    const double mean = area / (close ? 1.0 : apart), point = half > 0.0 ? -there : there;
    added[i] += s->ceiling[i] * (close ? point : mean);
}

/* One plane of points: adds to `added` what comes to the sound between each point and the one before it. The plain twin. */
static void mrt_clip_plain(const MrtClipShape *s, const double *before, const double *now, double *added, int frames)
{
    for (int i = 0; i < frames; i++)
        mrt_clip_point(s, before, now, added, i);
}

#if defined(__GNUC__)
typedef int64_t mrt_i2 __attribute__((vector_size(16), aligned(8), may_alias));
#define V mrt_o2
#define I mrt_i2
#define LANES 2
#define ANY(m) (((m)[0] | (m)[1]) != 0)
#define NAME(f) f##_portable
#define TARGET
#include "dsp_core/kernels/clip_lanes.h"
#endif

#if MRT_X86
typedef int64_t mrt_i4 __attribute__((vector_size(32), aligned(8), may_alias));
#define V mrt_o4
#define I mrt_i4
#define LANES 4
#define ANY(m) (_mm256_movemask_pd((__m256d)(m)) != 0)
#define NAME(f) f##_avx2
#define TARGET __attribute__((target("avx2")))
#include "dsp_core/kernels/clip_lanes.h"
#endif

typedef struct {
    void (*run)(const MrtClipShape *s, const double *before, const double *now, double *added, int frames);
} MrtClip;

/* Control thread only. */
static inline MrtClip mrt_clip(void)
{
    MrtClip clip = {mrt_clip_plain};
#if defined(__GNUC__)
    clip.run = mrt_clip_portable;
#endif
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        clip.run = mrt_clip_avx2;
#endif
    return clip;
}
