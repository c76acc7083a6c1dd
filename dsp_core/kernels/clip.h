/* What a clipper adds to a sound, with antiderivative anti-aliasing of first order.

   In units of the ceiling: nothing up to 1 - knee / 2; from 1 + knee / 2 on what is over 1 is taken away; between, the slope of the
   curve falls from 1 to 0 along a smooth step, so that the curve has a continuous second derivative. What is added is averaged
   between two points of the fine grid: (F(a) - F(b)) / (a - b) with its antiderivative F (Parker, Zavalishin, Le Bivic, DAFx-16),
   or its value half-way where the two are too close for the difference. Each loop is compiled for plain vectors and for AVX2;
   nothing is fused, so both give the same bits. */
#pragma once
#include "dsp_core/kernels/fastmath.h"
#include "dsp_core/kernels/oversample.h"

typedef struct {                 /* one number per frame of a call */
    double ceiling[MRT_OS_FRAMES], per_ceiling[MRT_OS_FRAMES];
    double knee[MRT_OS_FRAMES], per_knee[MRT_OS_FRAMES]; /* 0..1; anything finite may stand for the inverse of a knee of 0 */
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

/* One plane of points: adds to `added` what comes to the sound between each point and the one before it. */
MRT_INLINE void mrt_clip_body(const MrtClipShape *s, const double *__restrict before,
                              const double *__restrict now, double *__restrict added, int frames)
{
    for (int i = 0; i < frames; i++) {
        const double knee = s->knee[i], per_knee = s->per_knee[i];
        const double a = now[i] * s->per_ceiling[i], b = before[i] * s->per_ceiling[i], apart = a - b, half = 0.5 * (a + b);
        const double area = mrt_clip_area(mrt_magnitude(b), knee, per_knee) - mrt_clip_area(mrt_magnitude(a), knee, per_knee);
        const double there = mrt_clip_over(mrt_magnitude(half), knee, per_knee);
        const int close = mrt_magnitude(apart) < MRT_CLIP_CLOSE;
        const double mean = area / (close ? 1.0 : apart), point = half > 0.0 ? -there : there;
        added[i] += s->ceiling[i] * (close ? point : mean);
    }
}

typedef struct {
    void (*run)(const MrtClipShape *s, const double *before, const double *now, double *added, int frames);
} MrtClip;

static void mrt_clip_plain(const MrtClipShape *s, const double *before, const double *now, double *added, int frames)
{
    mrt_clip_body(s, before, now, added, frames);
}

#if MRT_X86
__attribute__((target("avx2"))) static void mrt_clip_avx2(const MrtClipShape *s, const double *before, const double *now,
                                                          double *added, int frames)
{
    mrt_clip_body(s, before, now, added, frames);
}
#endif

/* Control thread only. */
static inline MrtClip mrt_clip(void)
{
    MrtClip clip = {mrt_clip_plain};
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        clip.run = mrt_clip_avx2;
#endif
    return clip;
}
