/* What the resonance tamer does with the bins of one frame: how far each stands above its surroundings, what is taken off it, and
   the window before and after. Each loop is compiled for plain vectors and for AVX2; the bits are the same. */
#pragma once
#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/fastmath.h"

enum {
    MRT_RES_LEAST_BIN = 6,       /* under it there are no three bins between the guard and bin 0 */
    MRT_RES_LOBE = 2             /* bins to which a steady tone leaks through the Hann window, either side */
};

/* Nothing stands lower or higher, in dB: a hole is soon forgotten, and so is a tone out of silence. */
#define MRT_RES_LEAST_DB -10.0
#define MRT_RES_MOST_DB 26.0
/* Power by which the weaker side of the surroundings may pull them under the stronger one: 2 dB. At the edge of an empty band the
   last bins are no resonance. */
#define MRT_RES_CLIFF 0.63095734448019324943

typedef struct {
    double half_width;           /* frequency of a bin's own upper edge over its own */
    double guard;                /* of the nearest neighbour over its own */
    double reach;                /* of the farthest */
    double floor;                /* power of a bin under which nothing stands out */
    double pole;                 /* of the average over frames */
} MrtResSearch;

typedef struct {
    double selectivity_db, tilt_db;          /* at 1 kHz; less per octave above it */
    double half_knee_db, depth_db;
    double from_octave, to_octave, inverse_edge;     /* from 1 kHz; 1 / octaves */
    double attack_pole, release_pole;
    double gone_db;                          /* what is less is nothing */
} MrtResTaming;

MRT_INLINE double mrt_res_smaller(double a, double b) { return a < b ? a : b; }
MRT_INLINE int mrt_res_least(int a, int b) { return a < b ? a : b; }
MRT_INLINE int mrt_res_most(int a, int b) { return a > b ? a : b; }

MRT_INLINE void mrt_res_powers_body(const double *__restrict re, const double *__restrict im, int bins, double *__restrict power)
{
    for (int k = 0; k < bins; k++)
        power[k] = re[k] * re[k] + im[k] * im[k];
}

/* Each channel's power, drawn towards the mean of both. */
MRT_INLINE void mrt_res_link_body(double *__restrict a, double *__restrict b, int bins, double link)
{
    for (int k = 0; k < bins; k++) {
        const double mean = 0.5 * (a[k] + b[k]), left = a[k] + link * (mean - a[k]);
        b[k] = b[k] + link * (mean - b[k]);
        a[k] = left;
    }
}

/* sum[k]: power of the bins under k; bins + 1 of them. height_db: of bins LEAST_BIN to heard - LEAST_BIN, averaged over frames.
   A bin is the mean over its own width, its surroundings are the means over both sides beyond the guard. */
MRT_INLINE void mrt_res_heights_body(const double *__restrict sum, int bins, int heard, const MrtResSearch *s,
                                     double *__restrict height_db)
{
    const double half = s->half_width, guard = s->guard, reach = s->reach, floor = s->floor, pole = s->pole;
    const double down = 1.0 / half, guard_down = 1.0 / guard, reach_down = 1.0 / reach;
    for (int k = MRT_RES_LEAST_BIN; k < heard - MRT_RES_LEAST_BIN; k++) {
        const int own = mrt_res_least((int)(k * down + 0.5), k - 1);
        const int own_end = mrt_res_least(mrt_res_most((int)(k * half + 0.5), k + 1) + 1, bins);
        const int left_end = mrt_res_least((int)(k * guard_down + 0.5), k - MRT_RES_LOBE) + 1;
        const int left = mrt_res_most(mrt_res_least((int)(k * reach_down + 0.5), left_end - 4), 1);
        const int right = mrt_res_least(mrt_res_most((int)(k * guard + 0.5), k + MRT_RES_LOBE), bins - 4);
        const int right_end = mrt_res_least(mrt_res_most((int)(k * reach + 0.5) + 1, right + 4), bins);
        const double level = (sum[own_end] - sum[own]) / (own_end - own) + floor;
        const double below = (sum[left_end] - sum[left]) / (left_end - left) + floor;
        const double above = (sum[right_end] - sum[right]) / (right_end - right) + floor;
        const double stronger = MRT_RES_CLIFF * mrt_larger(below, above);
        const double around = mrt_larger(below * above, stronger * stronger);
        const double octaves = mrt_log2(level * level / around);
        const double db = mrt_res_smaller(mrt_larger(0.25 * MRT_DB_PER_OCTAVE * octaves, MRT_RES_LEAST_DB), MRT_RES_MOST_DB);
        height_db[k] = db + pole * (height_db[k] - db);
    }
}

/* 0 .. 1 .. 0, half an edge's width to either side of an end. */
MRT_INLINE double mrt_res_edge(double octaves, double inverse_edge)
{
    const double t = mrt_res_smaller(mrt_larger(octaves * inverse_edge + 0.5, 0.0), 1.0);
    return t * t * (3.0 - 2.0 * t);
}

/* cut_db: on its way from frame to frame. share: what is taken of each bin, 0 .. 1. octave: of each bin, from 1 kHz. */
MRT_INLINE void mrt_res_cuts_body(const double *__restrict height_db, const double *__restrict octave, int bins,
                                  const MrtResTaming *t, double *__restrict cut_db, double *__restrict share)
{
    const double half = t->half_knee_db, bend_scale = 0.25 / half;
    for (int k = 0; k < bins; k++) {
        const double selectivity = mrt_larger(t->selectivity_db - t->tilt_db * octave[k], 0.0);
        const double over = height_db[k] - selectivity;
        const double line = mrt_larger(over - half, 0.0), bend = mrt_larger(over + half, 0.0) - line;
        const double heard = mrt_res_edge(octave[k] - t->from_octave, t->inverse_edge)
                             * mrt_res_edge(t->to_octave - octave[k], t->inverse_edge);
        const double wanted = heard * mrt_res_smaller(bend * bend * bend_scale + line, t->depth_db), now = cut_db[k];
        const double pole = wanted > now ? t->attack_pole : t->release_pole, next = wanted + pole * (now - wanted);
        cut_db[k] = next < t->gone_db ? 0.0 : next;
        share[k] = next < t->gone_db ? 0.0 : 1.0 - mrt_exp2(next * (-1.0 / MRT_DB_PER_OCTAVE));
    }
}

/* The largest share of a bin and its two neighbours: a tone lies in three bins, and is to be taken from all of them alike. */
MRT_INLINE double mrt_res_widest(const double *share) { return mrt_larger(mrt_larger(share[-1], share[1]), share[0]); }

/* Takes of each bin the widened share, smoothed over five bins (1 4 6 4 1): the response of the filter in time falls like cos^4
   and is gone at half a frame. There are `heard` shares, of which the outermost are 0; of higher bins nothing is taken. */
MRT_INLINE void mrt_res_take_body(const double *__restrict share, int bins, int heard, double *__restrict re,
                                  double *__restrict im)
{
    for (int k = 0; k < 3; k++)
        re[k] = im[k] = 0.0;
    for (int k = heard - 3; k < bins; k++)
        re[k] = im[k] = 0.0;
    for (int k = 3; k < heard - 3; k++) {
        const double *s = share + k;
        const double outer = mrt_res_widest(s - 2) + mrt_res_widest(s + 2), inner = mrt_res_widest(s - 1) + mrt_res_widest(s + 1);
        const double taken = (outer + 4.0 * inner + 6.0 * mrt_res_widest(s)) * 0.0625;
        re[k] *= taken;
        im[k] *= taken;
    }
}

MRT_INLINE void mrt_res_window_body(const double *__restrict x, const double *__restrict window, int frames,
                                    double *__restrict out)
{
    for (int i = 0; i < frames; i++)
        out[i] = x[i] * window[i];
}

MRT_INLINE void mrt_res_add_body(const double *__restrict x, const double *__restrict window, double gain, int frames,
                                 double *__restrict out)
{
    for (int i = 0; i < frames; i++)
        out[i] += gain * window[i] * x[i];
}

typedef struct {
    void (*powers)(const double *re, const double *im, int bins, double *power);
    void (*link)(double *a, double *b, int bins, double link);
    void (*heights)(const double *sum, int bins, int heard, const MrtResSearch *s, double *height_db);
    void (*cuts)(const double *height_db, const double *octave, int bins, const MrtResTaming *t, double *cut_db, double *share);
    void (*take)(const double *share, int bins, int heard, double *re, double *im);
    void (*window)(const double *x, const double *window, int frames, double *out);
    void (*add)(const double *x, const double *window, double gain, int frames, double *out);
} MrtResonance;

#define MRT_RESONANCE(SUFFIX, TARGET)                                                                                           \
    TARGET static void mrt_res_powers_##SUFFIX(const double *re, const double *im, int bins, double *power)                     \
    { mrt_res_powers_body(re, im, bins, power); }                                                                               \
    TARGET static void mrt_res_link_##SUFFIX(double *a, double *b, int bins, double link)                                       \
    { mrt_res_link_body(a, b, bins, link); }                                                                                    \
    TARGET static void mrt_res_heights_##SUFFIX(const double *sum, int bins, int heard, const MrtResSearch *s, double *height_db)\
    { mrt_res_heights_body(sum, bins, heard, s, height_db); }                                                                   \
    TARGET static void mrt_res_cuts_##SUFFIX(const double *height_db, const double *octave, int bins, const MrtResTaming *t,    \
                                             double *cut_db, double *share)                                                     \
    { mrt_res_cuts_body(height_db, octave, bins, t, cut_db, share); }                                                           \
    TARGET static void mrt_res_take_##SUFFIX(const double *share, int bins, int heard, double *re, double *im)                  \
    { mrt_res_take_body(share, bins, heard, re, im); }                                                                          \
    TARGET static void mrt_res_window_##SUFFIX(const double *x, const double *window, int frames, double *out)                  \
    { mrt_res_window_body(x, window, frames, out); }                                                                            \
    TARGET static void mrt_res_add_##SUFFIX(const double *x, const double *window, double gain, int frames, double *out)        \
    { mrt_res_add_body(x, window, gain, frames, out); }                                                                         \
    static const MrtResonance mrt_resonance_##SUFFIX = {                                                                        \
        mrt_res_powers_##SUFFIX, mrt_res_link_##SUFFIX, mrt_res_heights_##SUFFIX, mrt_res_cuts_##SUFFIX, mrt_res_take_##SUFFIX, \
        mrt_res_window_##SUFFIX, mrt_res_add_##SUFFIX};

MRT_RESONANCE(plain, )
#if MRT_X86
MRT_RESONANCE(avx2, __attribute__((target("avx2"))))
#endif

/* Control thread only. */
static inline const MrtResonance *mrt_resonance(void)
{
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        return &mrt_resonance_avx2;
#endif
    return &mrt_resonance_plain;
}
