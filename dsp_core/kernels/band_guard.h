/* A linear-phase low pass that ends the sound between 0.4535 and 0.5 of its rate: windowed sinc, Kaiser beta 8.7, 121 taps, flat to
   0.001 dB and 88 dB down. In front of a limiter it leaves nothing where a true-peak detector can miss a peak.

   A lane is a frame and no multiply-add is fused: the same bits in every width of vector and at every cut of the stream. */
#pragma once
#include <math.h>
#include <string.h>
#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/fastmath.h"

enum {
    MRT_GUARD_DELAY = 60,                    /* frames */
    MRT_GUARD_PAST = 2 * MRT_GUARD_DELAY,    /* frames of input kept between calls */
    MRT_GUARD_FRAMES = 256,                  /* most frames per call */
    MRT_GUARD_GROUP = 16,                    /* frames made at once; the last group may run over the end */
    MRT_GUARD_LINE = MRT_GUARD_PAST + MRT_GUARD_FRAMES + MRT_GUARD_GROUP
};

typedef struct MrtBandGuard {
    double tap[MRT_GUARD_DELAY + 1];         /* from the middle one outwards */
    void (*run)(const struct MrtBandGuard *, double *, double *, int);
} MrtBandGuard;

#if defined(__GNUC__)
typedef double mrt_guard_v __attribute__((vector_size(32), aligned(8), may_alias));
#define MRT_GUARD_LANES 4
#else
typedef double mrt_guard_v;
#define MRT_GUARD_LANES 1
#endif
#define MRT_GUARD_AT(p) (*(const mrt_guard_v *)(p))

/* out[i] = sum over k of tap[k] * (middle[i - k] + middle[i + k]), for one group. */
MRT_INLINE void mrt_guard_group(const double *tap, const double *middle, double *out)
{
    enum { WIDE = MRT_GUARD_GROUP / MRT_GUARD_LANES };
    mrt_guard_v sum[WIDE];
    for (int b = 0; b < WIDE; b++)
        sum[b] = tap[0] * MRT_GUARD_AT(middle + b * MRT_GUARD_LANES);
    for (int k = 1; k <= MRT_GUARD_DELAY; k++)
        for (int b = 0; b < WIDE; b++)
            sum[b] += tap[k] * (MRT_GUARD_AT(middle - k + b * MRT_GUARD_LANES) + MRT_GUARD_AT(middle + k + b * MRT_GUARD_LANES));
    memcpy(out, sum, sizeof sum);
}

MRT_INLINE void mrt_guard_body(const MrtBandGuard *g, double *past, double *x, int frames)
{
    double line[MRT_GUARD_LINE], out[MRT_GUARD_FRAMES + MRT_GUARD_GROUP];
    memcpy(line, past, MRT_GUARD_PAST * sizeof(double));
    memcpy(line + MRT_GUARD_PAST, x, frames * sizeof(double));
    memset(line + MRT_GUARD_PAST + frames, 0, MRT_GUARD_GROUP * sizeof(double));
    for (int i = 0; i < frames; i += MRT_GUARD_GROUP)
        mrt_guard_group(g->tap, line + MRT_GUARD_PAST - MRT_GUARD_DELAY + i, out + i);
    memcpy(x, out, frames * sizeof(double));
    memcpy(past, line + frames, MRT_GUARD_PAST * sizeof(double));
}

static void mrt_guard_portable(const MrtBandGuard *g, double *past, double *x, int frames) { mrt_guard_body(g, past, x, frames); }

#if MRT_X86
__attribute__((target("avx2"))) static void mrt_guard_avx2(const MrtBandGuard *g, double *past, double *x, int frames)
{
    mrt_guard_body(g, past, x, frames);
}
#endif

/* The plain twin: a sum per sample, in the same order. */
static void mrt_guard_plain(const MrtBandGuard *g, double *past, double *x, int frames)
{
    double line[MRT_GUARD_PAST + MRT_GUARD_FRAMES];
    memcpy(line, past, MRT_GUARD_PAST * sizeof(double));
    memcpy(line + MRT_GUARD_PAST, x, frames * sizeof(double));
    for (int i = 0; i < frames; i++) {
        const double *middle = line + MRT_GUARD_PAST - MRT_GUARD_DELAY + i;
        double sum = g->tap[0] * middle[0];
        for (int k = 1; k <= MRT_GUARD_DELAY; k++)
            sum += g->tap[k] * (middle[-k] + middle[k]);
        x[i] = sum;
    }
    memcpy(past, line + frames, MRT_GUARD_PAST * sizeof(double));
}

static double mrt_guard_bessel(double x)
{
    double term = 1.0, sum = 1.0;
    for (int i = 1; term > 1e-17 * sum; i++)
        sum += term *= x * x / (4.0 * i * i);
    return sum;
}

/* Control thread only. `build` is a level of cpu.h, or -1 for the plain twin. */
static void mrt_guard_plan(MrtBandGuard *g, int build)
{
    const double pi = 3.14159265358979323846, edge = 0.4535 + 0.5, beta = 8.7;
    double sum = 0.0;
    for (int k = 0; k <= MRT_GUARD_DELAY; k++) {
        const double at = (double)k / (MRT_GUARD_DELAY + 1);
        g->tap[k] = mrt_guard_bessel(beta * sqrt(1.0 - at * at)) * (k ? sin(pi * edge * k) / (pi * k) : edge);
        sum += k ? 2.0 * g->tap[k] : g->tap[0];
    }
    for (int k = 0; k <= MRT_GUARD_DELAY; k++)
        g->tap[k] /= sum;
    g->run = build < MRT_CPU_PORTABLE ? mrt_guard_plain : mrt_guard_portable;
#if MRT_X86
    if (build >= MRT_CPU_AVX2)
        g->run = mrt_guard_avx2;
#endif
}

/* x is filtered in place, MRT_GUARD_DELAY frames late; `past` holds MRT_GUARD_PAST doubles, zero at the start. */
static inline void mrt_guard_run(const MrtBandGuard *g, double *past, double *x, int frames) { g->run(g, past, x, frames); }
