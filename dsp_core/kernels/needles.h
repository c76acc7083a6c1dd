/* What needle meters need of every sample, over a stereo span: four quasi-peak detectors a channel, the sum of magnitudes for a VU
   meter, the bits in use, the peak. Frame after frame, so that no cut of the stream can change a bit. */
#pragma once
#include <stdint.h>
#include <string.h>
#include "dsp_core/kernels/cpu.h"

typedef struct {                                /* four lanes: type I left and right, type II left and right */
    float keep[2][4], in[2][4];                 /* slow and fast detector: share of its level kept, of the input taken, while it rises */
} MrtRise;

typedef struct {
    float level[2][4];                          /* slow and fast detector; the meter reads their sum */
    float top[4];                               /* largest reading */
    double sum[2], peak[2];                     /* of magnitudes */
    uint64_t bits[2];                           /* ever set in the magnitude as an integer; above its 52 bits the exponent */
    uint64_t below[2];                          /* not 0 if anything lay between two integers */
    uint64_t negative[2];                       /* not 0 if anything lay under 0 */
} MrtNeedleSums;

#define MRT_NEEDLE_MOST 1e15                    /* louder is taken as this loud, so that a detector in float32 comes down again */
#define MRT_NEEDLE_INTEGER 4503599627370496.0   /* 2^52: a double of this size holds integers only */

/* The plain twin: what the vector form must equal bit by bit. `unit` is the value of a sample of 1.0 in steps of the word, and the most
   that the word holds. */
static void mrt_needles_plain(const MrtRise *rise, MrtNeedleSums *m, double unit, const double *left, const double *right, int frames)
{
    for (int i = 0; i < frames; i++) {
        const double x[2] = {left[i], right[i]};
        float size[2];
        for (int c = 0; c < 2; c++) {
            const double magnitude = x[c] < 0.0 ? -x[c] : x[c];
            double steps = magnitude * unit;
            uint64_t bits;
            steps = steps < unit ? steps : unit;
            const double whole = steps + MRT_NEEDLE_INTEGER;
            memcpy(&bits, &whole, sizeof bits);
            m->bits[c] |= bits;
            m->below[c] |= whole - MRT_NEEDLE_INTEGER != steps;
            m->negative[c] |= x[c] < 0.0;
            m->sum[c] += magnitude;
            m->peak[c] = magnitude > m->peak[c] ? magnitude : m->peak[c];
            size[c] = (float)(magnitude < MRT_NEEDLE_MOST ? magnitude : MRT_NEEDLE_MOST);
        }
        for (int k = 0; k < 4; k++) {
            for (int d = 0; d < 2; d++) {
                const float now = m->level[d][k], risen = rise->keep[d][k] * now + rise->in[d][k] * size[k % 2];
                m->level[d][k] = risen > now ? risen : now;
            }
            const float reading = m->level[0][k] + m->level[1][k];
            m->top[k] = reading > m->top[k] ? reading : m->top[k];
        }
    }
}

#if defined(__GNUC__)
typedef double mrt_n2 __attribute__((vector_size(16)));
typedef int64_t mrt_n2i __attribute__((vector_size(16)));
typedef float mrt_n4 __attribute__((vector_size(16)));

#define MRT_N_LOAD(to, from) memcpy(&(to), (from), sizeof(to))
#define MRT_N_STORE(to, from) memcpy((to), &(from), sizeof(from))

#if MRT_X86                                  /* the compiler does not see these instructions in a comparison of vectors */
#define MRT_N_MAX2(a, b) ((mrt_n2)_mm_max_pd((__m128d)(a), (__m128d)(b)))
#define MRT_N_MIN2(a, b) ((mrt_n2)_mm_min_pd((__m128d)(a), (__m128d)(b)))
#define MRT_N_MAX4(a, b) ((mrt_n4)_mm_max_ps((__m128)(a), (__m128)(b)))
#define MRT_N_FLOATS(a) ((mrt_n4)_mm_cvtpd_ps((__m128d)(a)))
#define MRT_N_TWICE(a) ((mrt_n4)_mm_movelh_ps((__m128)(a), (__m128)(a)))
#else
#define MRT_N_MAX2(a, b) ((a) > (b) ? (a) : (b))
#define MRT_N_MIN2(a, b) ((a) < (b) ? (a) : (b))
#define MRT_N_MAX4(a, b) ((a) > (b) ? (a) : (b))
#define MRT_N_FLOATS(a) ((mrt_n4){(float)(a)[0], (float)(a)[1], 0.0f, 0.0f})
#define MRT_N_TWICE(a) ((mrt_n4){(a)[0], (a)[1], (a)[0], (a)[1]})
#endif

static void mrt_needles(const MrtRise *rise, MrtNeedleSums *m, double unit, const double *left, const double *right, int frames)
{
    const mrt_n2i plus = {INT64_MAX, INT64_MAX};
    const mrt_n2 none = {0.0, 0.0}, integer = {MRT_NEEDLE_INTEGER, MRT_NEEDLE_INTEGER}, units = {unit, unit};
    const mrt_n2 most = {MRT_NEEDLE_MOST, MRT_NEEDLE_MOST};
    mrt_n4 keep0, keep1, in0, in1, slow, fast, top;
    mrt_n2 sum, peak;
    mrt_n2i bits, below, negative;
    MRT_N_LOAD(keep0, rise->keep[0]), MRT_N_LOAD(keep1, rise->keep[1]), MRT_N_LOAD(in0, rise->in[0]), MRT_N_LOAD(in1, rise->in[1]);
    MRT_N_LOAD(slow, m->level[0]), MRT_N_LOAD(fast, m->level[1]), MRT_N_LOAD(top, m->top);
    MRT_N_LOAD(sum, m->sum), MRT_N_LOAD(peak, m->peak), MRT_N_LOAD(bits, m->bits), MRT_N_LOAD(below, m->below);
    MRT_N_LOAD(negative, m->negative);
    for (int i = 0; i < frames; i++) {
        const mrt_n2 x = {left[i], right[i]}, magnitude = (mrt_n2)((mrt_n2i)x & plus);
        const mrt_n2 held = MRT_N_MIN2(magnitude, most), steps = MRT_N_MIN2(magnitude * units, units);
        const mrt_n2 whole = steps + integer;
        const mrt_n4 two = MRT_N_FLOATS(held), size = MRT_N_TWICE(two);
        const mrt_n4 risen0 = keep0 * slow + in0 * size, risen1 = keep1 * fast + in1 * size;
        bits |= (mrt_n2i)whole;
        below |= whole - integer != steps;
        negative |= x < none;
        sum += magnitude;
        peak = MRT_N_MAX2(magnitude, peak);
        slow = MRT_N_MAX4(risen0, slow);
        fast = MRT_N_MAX4(risen1, fast);
        top = MRT_N_MAX4(slow + fast, top);
    }
    MRT_N_STORE(m->level[0], slow), MRT_N_STORE(m->level[1], fast), MRT_N_STORE(m->top, top);
    MRT_N_STORE(m->sum, sum), MRT_N_STORE(m->peak, peak), MRT_N_STORE(m->bits, bits), MRT_N_STORE(m->below, below);
    MRT_N_STORE(m->negative, negative);
}
#else
#define mrt_needles mrt_needles_plain
#endif
