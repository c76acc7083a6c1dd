/* K-weighting and the sums of a loudness meter over a stereo span, one frame after the other, so that no cut of the stream
   can change a bit. The two second-order sections stand in parallel (partial fractions), not in a row: lanes {L, R} of one and
   {L, R} of the other see the same input, and one recursion of two dependent operations per frame is all the latency there is. */
#pragma once
#include <stdint.h>
#include <string.h>

typedef struct {
    double direct;              /* share of the input itself */
    double in0[4], in1[4];      /* {L, R} of the shelf's section, {L, R} of the high-pass's section: numerators */
    double back1[4], back2[4];  /* and denominators */
} MrtKWeight;

typedef struct {
    double v1[4], v2[4];        /* sections' last two outputs */
    double x1[2];               /* last input */
    double k_energy[2], energy[2], cross, total[2];
} MrtKSums;

typedef void (*mrt_kmeter_fn)(const MrtKWeight *, MrtKSums *, const double *, const double *, int);

/* The plain twin: what every other form must equal bit by bit. */
static void mrt_kmeter_plain(const MrtKWeight *k, MrtKSums *m, const double *left, const double *right, int frames)
{
    const double *plane[2] = {left, right};
    for (int c = 0; c < 2; c++) {
        double va1 = m->v1[c], va2 = m->v2[c], vb1 = m->v1[c + 2], vb2 = m->v2[c + 2], x1 = m->x1[c];
        double k_energy = m->k_energy[c], energy = m->energy[c], total = m->total[c];
        for (int i = 0; i < frames; i++) {
            double x = plane[c][i];
            double weighted = k->direct * x + (va1 + vb1);
            double va = ((k->in0[0] * x + k->in1[0] * x1) - k->back2[0] * va2) - k->back1[0] * va1;
            double vb = ((k->in0[2] * x + k->in1[2] * x1) - k->back2[2] * vb2) - k->back1[2] * vb1;
            va2 = va1, va1 = va, vb2 = vb1, vb1 = vb, x1 = x;
            k_energy += weighted * weighted;
            energy += x * x;
            total += x;
        }
        m->v1[c] = va1, m->v2[c] = va2, m->v1[c + 2] = vb1, m->v2[c + 2] = vb2, m->x1[c] = x1;
        m->k_energy[c] = k_energy, m->energy[c] = energy, m->total[c] = total;
    }
    for (int i = 0; i < frames; i++)
        m->cross += left[i] * right[i];
}

#if defined(__GNUC__)
typedef double mrt_k2 __attribute__((vector_size(16)));

#define MRT_LOAD(to, from) memcpy(&(to), (from), sizeof(to))
#define MRT_STORE(to, from) memcpy((to), &(from), sizeof(from))

/* Two lanes {L, R}, one vector per section: SSE2, NEON. Four lanes of AVX2 gain 10 %, being bound by the same recursion. */
static void mrt_kmeter(const MrtKWeight *k, MrtKSums *m, const double *left, const double *right, int frames)
{
    mrt_k2 shelf1, shelf2, high1, high2, x1, k_energy, energy, total;
    double cross = m->cross;
    const mrt_k2 direct = {k->direct, k->direct};
    mrt_k2 sin0, sin1, sback1, sback2, hin0, hin1, hback1, hback2;
    MRT_LOAD(sin0, k->in0), MRT_LOAD(sin1, k->in1), MRT_LOAD(sback1, k->back1), MRT_LOAD(sback2, k->back2);
    MRT_LOAD(hin0, k->in0 + 2), MRT_LOAD(hin1, k->in1 + 2), MRT_LOAD(hback1, k->back1 + 2), MRT_LOAD(hback2, k->back2 + 2);
    MRT_LOAD(shelf1, m->v1), MRT_LOAD(high1, m->v1 + 2), MRT_LOAD(shelf2, m->v2), MRT_LOAD(high2, m->v2 + 2), MRT_LOAD(x1, m->x1);
    MRT_LOAD(k_energy, m->k_energy), MRT_LOAD(energy, m->energy), MRT_LOAD(total, m->total);
    for (int i = 0; i < frames; i++) {
        mrt_k2 x = {left[i], right[i]};
        mrt_k2 weighted = direct * x + (shelf1 + high1);
        mrt_k2 shelf = ((sin0 * x + sin1 * x1) - sback2 * shelf2) - sback1 * shelf1;
        mrt_k2 high = ((hin0 * x + hin1 * x1) - hback2 * high2) - hback1 * high1;
        shelf2 = shelf1, shelf1 = shelf, high2 = high1, high1 = high, x1 = x;
        k_energy += weighted * weighted;
        energy += x * x;
        total += x;
        cross += left[i] * right[i];
    }
    MRT_STORE(m->v1, shelf1), MRT_STORE(m->v1 + 2, high1), MRT_STORE(m->v2, shelf2), MRT_STORE(m->v2 + 2, high2);
    MRT_STORE(m->x1, x1), MRT_STORE(m->k_energy, k_energy), MRT_STORE(m->energy, energy), MRT_STORE(m->total, total);
    m->cross = cross;
}

#else
#define mrt_kmeter mrt_kmeter_plain
#endif

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

/* Largest of n magnitudes. */
static inline float mrt_top(const float *x, int n)
{
    float top = 0.0f;
    int i = 0;
#if defined(__GNUC__)
    typedef float lanes __attribute__((vector_size(16)));
    lanes a = {0}, b = {0};
    for (; i + 8 <= n; i += 8) {
        lanes u, v;
        MRT_LOAD(u, x + i), MRT_LOAD(v, x + i + 4);
        a = u > a ? u : a;
        b = v > b ? v : b;
    }
    a = a > b ? a : b;
    for (int k = 0; k < 4; k++)
        top = a[k] > top ? a[k] : top;
#endif
    for (; i < n; i++)
        top = x[i] > top ? x[i] : top;
    return top;
}
