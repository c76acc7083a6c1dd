/* What turns a sound down to a ceiling, frame by frame: how far it is over, its gain, and the count of what is over after all. Each loop
   is written once and compiled for several vector units; lanes are frames and nothing is fused, so all give the same bits. */
#pragma once
#include <math.h>
#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/fastmath.h"

/* How many samples are over a ceiling. */
MRT_INLINE int mrt_count_over_body(const double *__restrict x, const double *__restrict ceiling, int frames)
{
    int64_t over = 0;
    for (int i = 0; i < frames; i++)
        over += mrt_magnitude(x[i]) > ceiling[i];
    return (int)over;
}

/* out = x (1 - reduced); gives how many samples are over the ceiling even so. */
MRT_INLINE int mrt_turn_down_body(const double *__restrict x, const double *__restrict reduced, const double *__restrict ceiling,
                                  double *__restrict out, int frames)
{
    int64_t over = 0;
    for (int i = 0; i < frames; i++) {
        const double y = x[i] * (1.0 - reduced[i]);
        out[i] = y;
        over += mrt_magnitude(y) > ceiling[i];
    }
    return (int)over;
}

/* The larger of two channels over a ceiling. */
MRT_INLINE void mrt_over_ceiling_body(const double *__restrict left, const double *__restrict right, const double *__restrict ceiling,
                                      float *__restrict peak, int frames)
{
    for (int i = 0; i < frames; i++)
        peak[i] = (float)(mrt_larger(mrt_magnitude(left[i]), mrt_magnitude(right[i])) / ceiling[i]);
}

/* Peaks over a ceiling with a margin, in place. */
MRT_INLINE void mrt_relate_body(float *__restrict peak, const double *__restrict ceiling, double margin, int frames)
{
    for (int i = 0; i < frames; i++)
        peak[i] /= (float)(ceiling[i] * margin);
}

typedef struct {
    int (*count_over)(const double *x, const double *ceiling, int frames);
    int (*turn_down)(const double *x, const double *reduced, const double *ceiling, double *out, int frames);
    void (*over_ceiling)(const double *left, const double *right, const double *ceiling, float *peak, int frames);
    void (*relate)(float *peak, const double *ceiling, double margin, int frames);
} MrtHold;

#define MRT_HOLD(SUFFIX, TARGET)                                                                                                 \
    TARGET static int mrt_count_over_##SUFFIX(const double *x, const double *ceiling, int frames)                                \
    { return mrt_count_over_body(x, ceiling, frames); }                                                                          \
    TARGET static int mrt_turn_down_##SUFFIX(const double *x, const double *reduced, const double *ceiling, double *out, int frames) \
    { return mrt_turn_down_body(x, reduced, ceiling, out, frames); }                                                             \
    TARGET static void mrt_over_ceiling_##SUFFIX(const double *left, const double *right, const double *ceiling, float *peak,    \
                                                 int frames)                                                                     \
    { mrt_over_ceiling_body(left, right, ceiling, peak, frames); }                                                               \
    TARGET static void mrt_relate_##SUFFIX(float *peak, const double *ceiling, double margin, int frames)                        \
    { mrt_relate_body(peak, ceiling, margin, frames); }                                                                          \
    static const MrtHold mrt_hold_##SUFFIX = {mrt_count_over_##SUFFIX, mrt_turn_down_##SUFFIX, mrt_over_ceiling_##SUFFIX,        \
                                              mrt_relate_##SUFFIX};

MRT_HOLD(plain, )
#if MRT_X86
MRT_HOLD(avx2, __attribute__((target("avx2"))))
#endif

/* Control thread only. */
static inline const MrtHold *mrt_hold(void)
{
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        return &mrt_hold_avx2;
#endif
    return &mrt_hold_plain;
}
