/* Peak between the samples, frame by frame. The signal is interpolated to `factor` times its rate by doubling it again and
   again: first with 64 taps (Nyquist filter, Kaiser beta 6), then with short filters, since a doubled signal is half empty.
   Together they are the one 4 x 64-tap filter to -80 dB at half its work. Magnitudes are refined between the points and gathered
   into one peak per frame: the largest from half a frame before it to half a frame after; a midpoint belongs to both sides.

   Everything is done in vectors of float32 over frames, without fused multiply-add and in one order of taps, so that every width of
   vector gives the same bits; memory is flat and the caller's; the plan is read-only once made. */
#pragma once
#include <stddef.h>
#include <string.h>
#include "dsp_core/kernels/cpu.h"

enum {
    MRT_TP_FRAMES = 256,                     /* most frames per call */
    MRT_TP_WIDE = 32,                        /* pairs of taps of the first doubling */
    MRT_TP_SHORT = 16,                       /* the same where latency counts more than the last 0.2 dB near half the rate */
    MRT_TP_STRIDE = 16,                      /* taps this far apart follow each other */
    MRT_TP_NARROW = 6,                       /* pairs of taps of the later ones */
    MRT_TP_MOST = 32,                        /* largest factor: 8 kHz to 256 kHz */
    MRT_TP_PAST = 64,                        /* frames of input kept between calls */
    MRT_TP_KEPT = 16,                        /* frames of each interpolated plane kept between calls */
    MRT_TP_PAD = 64,                         /* frames that the widest group of vectors may run over the end */
    MRT_TP_LINE = MRT_TP_PAST + MRT_TP_FRAMES + MRT_TP_PAD
};

/* Plane k holds the points k / factor after each frame; all planes lie in one line of floats, MRT_TP_LINE apart. */
typedef struct MrtTruePeak {
    int factor;                              /* points per frame, 4 to 32 */
    int pairs;                               /* of taps of the first doubling */
    int delay;                               /* frames from a sample to its peak */
    size_t bytes;                            /* memory per channel, zero at the start */
    void (*run)(const struct MrtTruePeak *, float *, const double *, float *, int);
    float (*top)(const float *, int);        /* largest of so many magnitudes */
    short fresh[MRT_TP_MOST];                /* where in the line the new points of a plane begin */
    short plane[MRT_TP_MOST];                /* where the plane's first frame with a peak is */
    short order[MRT_TP_MOST];                /* planes in the order in which they are made */
    short left[MRT_TP_MOST][MRT_TP_NARROW];  /* in that order: points known to the left of the plane's first new point */
    short right[MRT_TP_MOST][MRT_TP_NARROW];
    float wide[MRT_TP_WIDE], narrow[MRT_TP_NARROW];
} MrtTruePeak;

#define V float
#define LANES 1
#define WIDE 1
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define ABS(a) ((a) < 0 ? -(a) : (a))
#define NAME(f) f##_plain
#define TARGET
#include "dsp_core/kernels/truepeak_lanes.h"

#if defined(__GNUC__)
typedef float mrt_v4f __attribute__((vector_size(16), aligned(4), may_alias));
typedef int mrt_v4i __attribute__((vector_size(16)));
#define V mrt_v4f
#define LANES 4
#define WIDE 4
#if MRT_X86                                  /* the compiler does not see these instructions in a comparison of vectors */
#define MAX(a, b) _mm_max_ps(a, b)
#define MIN(a, b) _mm_min_ps(a, b)
#else
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#endif
#define ABS(a) ((mrt_v4f)((mrt_v4i)(a) & 0x7fffffff))
#define NAME(f) f##_portable
#define TARGET
#include "dsp_core/kernels/truepeak_lanes.h"
#endif

#if MRT_X86
typedef float mrt_v8f __attribute__((vector_size(32), aligned(4), may_alias));
typedef int mrt_v8i __attribute__((vector_size(32)));
#define V mrt_v8f
#define LANES 8
#define WIDE 4
#define MAX(a, b) _mm256_max_ps(a, b)
#define MIN(a, b) _mm256_min_ps(a, b)
#define ABS(a) ((mrt_v8f)((mrt_v8i)(a) & 0x7fffffff))
#define NAME(f) f##_avx2
#define TARGET __attribute__((target("avx2")))
#include "dsp_core/kernels/truepeak_lanes.h"

typedef float mrt_v16f __attribute__((vector_size(64), aligned(4), may_alias));
typedef int mrt_v16i __attribute__((vector_size(64)));
#define V mrt_v16f
#define LANES 16
#define WIDE 4
#define MAX(a, b) _mm512_maskz_max_ps(0xffff, a, b)   /* the unmasked ones warn of an unset register of their own */
#define MIN(a, b) _mm512_maskz_min_ps(0xffff, a, b)
#define ABS(a) ((mrt_v16f)((mrt_v16i)(a) & 0x7fffffff))
#define NAME(f) f##_avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#include "dsp_core/kernels/truepeak_lanes.h"
#endif

enum { MRT_TP_AVX512 = MRT_CPU_AVX2 + 1 };       /* the detector's own level over those of cpu.h */

/* The widest form that this processor can run. */
static inline int mrt_tp_found(void)
{
#if MRT_X86
    if (mrt_cpu_found() == MRT_CPU_AVX2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return MRT_TP_AVX512;
#endif
    return mrt_cpu_found();
}

/* Control thread only: reads the environment. */
static inline int mrt_tp_level(void)
{
    const char *held = getenv("MRT_CPU");
    return held && !strcmp(held, "avx2") ? mrt_cpu_found() : mrt_cpu_level() < MRT_CPU_AVX2 ? mrt_cpu_level() : mrt_tp_found();
}

/* Four points per frame or more, and at least 176.4 kHz. Fewer at high rates would do for music, not for what fills the band. */
static inline int mrt_tp_factor(double rate)
{
    int factor = 4;
    while (factor < MRT_TP_MOST && factor * rate < 176400)
        factor *= 2;
    return factor;
}

/* Weights of the pairs of taps at k + 1/2 steps to both sides of a midpoint: sinc under a Kaiser window, unity at 0 Hz. */
static void mrt_tp_design(float *weight, int pairs, double beta)
{
    double tap[MRT_TP_WIDE], sum = 0.0;
    for (int k = 0; k < pairs; k++) {
        double at = k + 0.5, bend = 0.25 * beta * beta * (1.0 - at * at / ((double)pairs * pairs)), term = 1.0, bessel = 1.0;
        for (int i = 1; term > 1e-17 * bessel; i++)
            bessel += term *= bend / ((double)i * i);
        tap[k] = (k % 2 ? -1.0 : 1.0) / at * bessel;
        sum += 2.0 * tap[k];
    }
    for (int k = 0; k < pairs; k++)
        weight[k] = (float)(tap[k] / sum);
}

/* Where point `point` of frame `frame` lies in the line; `point` may be outside the frame. */
static inline short mrt_tp_place(int factor, int frame, int point)
{
    int whole = point >= 0 ? point / factor : -((factor - 1 - point) / factor);
    return (short)((point - whole * factor) * MRT_TP_LINE + frame + whole);
}

/* Order, places and delays of all planes. Each doubling sees only points that the ones before it have made. */
static void mrt_tp_lay_out(MrtTruePeak *p)
{
    int made = 0;
    p->delay = 0;
    for (int points = 1; points < p->factor; points *= 2) {
        const int stride = p->factor / points, known = p->delay, pairs = points == 1 ? p->pairs : MRT_TP_NARROW;
        for (int k = 0; k < points; k++, made++) {
            const int plane = k * stride + stride / 2;
            p->delay = known + (k + pairs) / points;
            p->order[made] = (short)plane;
            p->fresh[plane] = mrt_tp_place(p->factor, MRT_TP_PAST - p->delay, plane);
            for (int j = 0; j < MRT_TP_NARROW; j++) {
                p->left[made][j] = mrt_tp_place(p->factor, MRT_TP_PAST - p->delay, (k - j) * stride);
                p->right[made][j] = mrt_tp_place(p->factor, MRT_TP_PAST - p->delay, (k + 1 + j) * stride);
            }
        }
    }
    for (int k = 0; k < p->factor; k++)
        p->plane[k] = mrt_tp_place(p->factor, MRT_TP_PAST - p->delay, k);
}

/* `build` is a level of mrt_tp_level, or -1 for the plain twin. */
static void mrt_tp_make(MrtTruePeak *p, int factor, int pairs, int build)
{
    memset(p, 0, sizeof *p);
    p->factor = factor;
    p->pairs = pairs;
    p->bytes = (MRT_TP_PAST + factor * MRT_TP_KEPT) * sizeof(float);
    mrt_tp_lay_out(p);
    mrt_tp_design(p->wide, pairs, 6.0);
    mrt_tp_design(p->narrow, MRT_TP_NARROW, 9.4);
    p->run = mrt_tp_run_plain, p->top = mrt_tp_top_plain;
#if defined(__GNUC__)
    if (build >= MRT_CPU_PORTABLE)
        p->run = mrt_tp_run_portable, p->top = mrt_tp_top_portable;
#endif
#if MRT_X86
    if (build == MRT_CPU_AVX2)
        p->run = mrt_tp_run_avx2, p->top = mrt_tp_top_avx2;
    if (build == MRT_TP_AVX512)
        p->run = mrt_tp_run_avx512, p->top = mrt_tp_top_avx512;
#endif
}

static inline void mrt_tp_plan(MrtTruePeak *p, int factor, int build) { mrt_tp_make(p, factor, MRT_TP_WIDE, build); }
static inline void mrt_tp_plan_short(MrtTruePeak *p, int factor, int build) { mrt_tp_make(p, factor, MRT_TP_SHORT, build); }

/* peak[i] belongs to the frame `delay` before frame i of x. At most MRT_TP_FRAMES frames of finite samples; beyond 1e15 they are
   taken as 1e15, so that nothing overflows. */
static inline void mrt_tp_run(const MrtTruePeak *p, void *memory, const double *x, float *peak, int frames)
{
    p->run(p, (float *)memory, x, peak, frames);
}
