/* K-weighting and the sums of a loudness meter over a stereo span, frame after frame, so that no cut of the stream can change a
   bit. The two second-order sections stand side by side (partial fractions), not in a row: both see the same input, and two
   dependent operations per frame are all the latency there is. */
#pragma once
#include <stdint.h>
#include <string.h>
#include "dsp_core/kernels/quad.h"

typedef struct MrtKWeight MrtKWeight;

typedef struct {
    double y1[4], y2[4];                        /* the sections' last two outputs: shelf {left, right}, high-pass {left, right} */
    double x1[2];                               /* last input */
    double k_energy[2], energy[2], cross, total[2];
} MrtKSums;

typedef void (*MrtKMeter)(const MrtKWeight *k, MrtKSums *m, const double *left, const double *right, int frames);

struct MrtKWeight {
    double direct;                              /* share of the input itself */
    double in0[2], in1[2], back1[2], back2[2];  /* numerators and denominators: shelf, high-pass */
    MrtKMeter sums;                             /* all sums */
    MrtKMeter k_only;                           /* k_energy alone, to the same bits */
};

/* The plain twin: what the vector form must equal bit by bit. */
static void mrt_kmeter_plain(const MrtKWeight *k, MrtKSums *m, const double *left, const double *right, int frames)
{
    const double *plane[2] = {left, right};
    for (int c = 0; c < 2; c++) {
        double shelf1 = m->y1[c], shelf2 = m->y2[c], high1 = m->y1[2 + c], high2 = m->y2[2 + c], x1 = m->x1[c];
        double k_energy = m->k_energy[c], energy = m->energy[c], total = m->total[c];
        for (int i = 0; i < frames; i++) {
            const double x = plane[c][i], weighted = k->direct * x + (shelf1 + high1);
            const double shelf = ((k->in0[0] * x + k->in1[0] * x1) - k->back2[0] * shelf2) - k->back1[0] * shelf1;
            const double high = ((k->in0[1] * x + k->in1[1] * x1) - k->back2[1] * high2) - k->back1[1] * high1;
            shelf2 = shelf1, shelf1 = shelf, high2 = high1, high1 = high, x1 = x;
            k_energy += weighted * weighted;
            energy += x * x;
            total += x;
        }
        m->y1[c] = shelf1, m->y2[c] = shelf2, m->y1[2 + c] = high1, m->y2[2 + c] = high2, m->x1[c] = x1;
        m->k_energy[c] = k_energy, m->energy[c] = energy, m->total[c] = total;
    }
    for (int i = 0; i < frames; i++)
        m->cross += left[i] * right[i];
}

#if defined(__GNUC__)
/* Four lanes: both sections of both channels. Two dependent operations per frame are what binds. */
MRT_INLINE void mrt_kmeter_body(const MrtKWeight *k, MrtKSums *m, const double *left, const double *right, int frames, const int all)
{
    const mrt_quad in0 = {k->in0[0], k->in0[0], k->in0[1], k->in0[1]}, in1 = {k->in1[0], k->in1[0], k->in1[1], k->in1[1]};
    const mrt_quad back1 = {k->back1[0], k->back1[0], k->back1[1], k->back1[1]};
    const mrt_quad back2 = {k->back2[0], k->back2[0], k->back2[1], k->back2[1]};
    const mrt_pair direct = {k->direct, k->direct};
    mrt_quad y1 = *(const mrt_quad *)m->y1, y2 = *(const mrt_quad *)m->y2, x1 = {m->x1[0], m->x1[1], m->x1[0], m->x1[1]};
    mrt_quad squares = {m->k_energy[0], m->k_energy[1], m->energy[0], m->energy[1]};
    mrt_pair k_energy = *(const mrt_pair *)m->k_energy, total = *(const mrt_pair *)m->total;
    double cross = m->cross;
    for (int i = 0; i < frames; i++) {
        const mrt_pair now = {left[i], right[i]}, shelf1 = {y1[0], y1[1]}, high1 = {y1[2], y1[3]};
        const mrt_quad x = {now[0], now[1], now[0], now[1]};
        const mrt_pair weighted = direct * now + (shelf1 + high1);
        const mrt_quad y = ((in0 * x + in1 * x1) - back2 * y2) - back1 * y1;
        y2 = y1, y1 = y, x1 = x;
        if (all) {
            const mrt_quad both = {weighted[0], weighted[1], now[0], now[1]};
            squares += both * both;
            total += now;
            cross += left[i] * right[i];
        } else
            k_energy += weighted * weighted;
    }
    *(mrt_quad *)m->y1 = y1, *(mrt_quad *)m->y2 = y2;
    m->x1[0] = x1[0], m->x1[1] = x1[1];
    if (!all) {
        *(mrt_pair *)m->k_energy = k_energy;
        return;
    }
    m->k_energy[0] = squares[0], m->k_energy[1] = squares[1], m->energy[0] = squares[2], m->energy[1] = squares[3];
    *(mrt_pair *)m->total = total;
    m->cross = cross;
}

#define MRT_KMETER(SUFFIX, TARGET)                                                                                               \
    TARGET static void mrt_kmeter_##SUFFIX(const MrtKWeight *k, MrtKSums *m, const double *left, const double *right, int frames) \
    { mrt_kmeter_body(k, m, left, right, frames, 1); }                                                                           \
    TARGET static void mrt_k_only_##SUFFIX(const MrtKWeight *k, MrtKSums *m, const double *left, const double *right, int frames) \
    { mrt_kmeter_body(k, m, left, right, frames, 0); }

MRT_KMETER(portable, )
#if MRT_X86
MRT_KMETER(avx2, __attribute__((target("avx2"))))
#endif
#else
#define mrt_kmeter_portable mrt_kmeter_plain
#define mrt_k_only_portable mrt_kmeter_plain
#endif

/* Control thread only. */
static inline void mrt_kmeter_choose(MrtKWeight *k)
{
    k->sums = mrt_kmeter_portable, k->k_only = mrt_k_only_portable;
#if MRT_X86
    if (mrt_cpu_level() >= MRT_CPU_AVX2)
        k->sums = mrt_kmeter_avx2, k->k_only = mrt_k_only_avx2;
#endif
}

/* 1 if every magnitude is at most 1e100, so neither NaN nor infinite: squares and sums of such samples stay finite. */
static inline int mrt_sane(const double *x, int n)
{
    const double most = 1e100;
    uint64_t limit, bad = 0;
    memcpy(&limit, &most, sizeof limit);
    const uint64_t reach = 0x7fffffffffffffffull - limit;        /* lifts anything larger into the sign bit */
    for (int i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, x + i, sizeof bits);
        bad |= (bits & 0x7fffffffffffffffull) + reach;
    }
    return (bad >> 63) == 0;
}
