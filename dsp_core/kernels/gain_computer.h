/* The memoryless part of a compressor over a span of frames: levels -> dB, stereo link, reduction -> gain.

   Gain computer with quadratic knee after Giannoulis, Massberg, Reiss, JAES 60(6), 2012. Each loop is written once and compiled
   twice, for the plain vectors of the machine and for AVX2; lanes are frames and nothing is fused, so both give the same bits. */
#pragma once
#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/moving.h"

typedef struct {
    MrtMoving threshold_db, knee_db;
    MrtMoving slope;             /* dB of reduction per dB over the knee: 1 - 1 / ratio */
    MrtMoving link;              /* 0..1 */
    MrtMoving makeup_db;
} MrtCurve;

/* `half_knee` and `inverse_knee` are 0.5 * knee and 0.5 / knee; anything finite may stand for the inverse of a knee of 0. */
MRT_INLINE double mrt_reduction_db(double level_db, double threshold_db, double half_knee, double inverse_knee, double slope)
{
    const double over = level_db - threshold_db;
    const double line = mrt_larger(over - half_knee, 0.0), bend = mrt_larger(over + half_knee, 0.0) - line;
    return slope * (bend * bend * inverse_knee + line);
}

MRT_INLINE double mrt_inverse_knee(double knee_db) { return 0.5 / mrt_larger(knee_db, 1e-9); }

/* `moving`: whether the curve moves; then frame i is `at` + i + 1 frames after the last tick. */
MRT_INLINE void mrt_levels_body(const double *__restrict level, int frames, double db_per_octave, const MrtMoving *lower_db, int moving,
                                int at, double *__restrict level_db)
{
    const MrtMoving lower = *lower_db;
    if (!moving) {
        for (int i = 0; i < frames; i++)
            level_db[i] = mrt_level_db(level[i], db_per_octave) - lower.now;
        return;
    }
    for (int i = 0; i < frames; i++)
        level_db[i] = mrt_level_db(level[i], db_per_octave) - mrt_moving_at(&lower, at + i + 1);
}

/* reduction_to_gain: dB of reduction, 0..5000, in; linear gain out. */
MRT_INLINE void mrt_gains_body(double *reduction_to_gain, int frames, const MrtCurve *curve, int moving, int at)
{
    const MrtMoving makeup_db = curve->makeup_db;
    if (!moving) {
        for (int i = 0; i < frames; i++)
            reduction_to_gain[i] = mrt_gain_of_db(makeup_db.now - reduction_to_gain[i]);
        return;
    }
    for (int i = 0; i < frames; i++)
        reduction_to_gain[i] = mrt_gain_of_db(mrt_moving_at(&makeup_db, at + i + 1) - reduction_to_gain[i]);
}

/* Each of two lanes takes over the larger value of the other as far as its own link says; neither gets less than its own. */
MRT_INLINE void mrt_follow_body(double *__restrict a, double *__restrict b, int frames, const MrtMoving *a_link, const MrtMoving *b_link,
                                int moving, int at)
{
    const MrtMoving first = *a_link, second = *b_link;
    if (!moving) {
        for (int i = 0; i < frames; i++) {
            const double apart = b[i] - a[i];
            a[i] += first.now * mrt_larger(apart, 0.0);
            b[i] += second.now * mrt_larger(-apart, 0.0);
        }
        return;
    }
    for (int i = 0; i < frames; i++) {
        const double k = at + i + 1, apart = b[i] - a[i];
        a[i] += mrt_moving_at(&first, k) * mrt_larger(apart, 0.0);
        b[i] += mrt_moving_at(&second, k) * mrt_larger(-apart, 0.0);
    }
}

MRT_INLINE void mrt_link_body(double *a, double *b, int frames, const MrtCurve *curve, int moving, int at)
{ mrt_follow_body(a, b, frames, &curve->link, &curve->link, moving, at); }

MRT_INLINE void mrt_larger_body(const double *__restrict a, const double *__restrict b, int frames, double *__restrict out)
{
    for (int i = 0; i < frames; i++)
        out[i] = mrt_larger(mrt_magnitude(a[i]), mrt_magnitude(b[i]));
}

typedef struct {
    void (*levels)(const double *level, int frames, double db_per_octave, const MrtMoving *lower_db, int moving, int at, double *level_db);
    void (*gains)(double *reduction_to_gain, int frames, const MrtCurve *curve, int moving, int at);
    void (*link)(double *a, double *b, int frames, const MrtCurve *curve, int moving, int at);
    void (*follow)(double *a, double *b, int frames, const MrtMoving *a_link, const MrtMoving *b_link, int moving, int at);
    void (*larger)(const double *a, const double *b, int frames, double *out);
} MrtGainComputer;

#define MRT_GAIN_COMPUTER(SUFFIX, TARGET)                                                                                        \
    TARGET static void mrt_levels_##SUFFIX(const double *level, int frames, double db_per_octave, const MrtMoving *lower_db,     \
                                           int moving, int at, double *level_db)                                                 \
    { mrt_levels_body(level, frames, db_per_octave, lower_db, moving, at, level_db); }                                           \
    TARGET static void mrt_gains_##SUFFIX(double *reduction_to_gain, int frames, const MrtCurve *curve, int moving, int at)      \
    { mrt_gains_body(reduction_to_gain, frames, curve, moving, at); }                                                            \
    TARGET static void mrt_link_##SUFFIX(double *a, double *b, int frames, const MrtCurve *curve, int moving, int at)            \
    { mrt_link_body(a, b, frames, curve, moving, at); }                                                                          \
    TARGET static void mrt_follow_##SUFFIX(double *a, double *b, int frames, const MrtMoving *a_link, const MrtMoving *b_link,   \
                                           int moving, int at)                                                                   \
    { mrt_follow_body(a, b, frames, a_link, b_link, moving, at); }                                                               \
    TARGET static void mrt_larger_##SUFFIX(const double *a, const double *b, int frames, double *out)                            \
    { mrt_larger_body(a, b, frames, out); }                                                                                      \
    static const MrtGainComputer mrt_gain_computer_##SUFFIX = {mrt_levels_##SUFFIX, mrt_gains_##SUFFIX, mrt_link_##SUFFIX,       \
                                                               mrt_follow_##SUFFIX, mrt_larger_##SUFFIX};

MRT_GAIN_COMPUTER(plain, )
#if MRT_X86
MRT_GAIN_COMPUTER(avx2, __attribute__((target("avx2"))))
#endif

/* Control thread only. */
static inline const MrtGainComputer *mrt_gain_computer(void)
{
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        return &mrt_gain_computer_avx2;
#endif
    return &mrt_gain_computer_plain;
}
