/* K-weighting and the sums of a loudness meter over a stereo span, frame after frame, so that no cut of the stream can change a
   bit. The two second-order sections stand side by side (partial fractions), not in a row: both see the same input, and two
   dependent operations per frame are all the latency there is. */
#pragma once
#include <stdint.h>
#include <string.h>

typedef struct {
    double direct;                              /* share of the input itself */
    double in0[2], in1[2], back1[2], back2[2];  /* numerators and denominators: shelf, high-pass */
} MrtKWeight;

typedef struct {
    double shelf1[2], shelf2[2];                /* {left, right}: the sections' last two outputs */
    double high1[2], high2[2];
    double x1[2];                               /* last input */
    double k_energy[2], energy[2], cross, total[2];
} MrtKSums;

/* The plain twin: what the vector form must equal bit by bit. */
static void mrt_kmeter_plain(const MrtKWeight *k, MrtKSums *m, const double *left, const double *right, int frames)
{
    const double *plane[2] = {left, right};
    for (int c = 0; c < 2; c++) {
        double shelf1 = m->shelf1[c], shelf2 = m->shelf2[c], high1 = m->high1[c], high2 = m->high2[c], x1 = m->x1[c];
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
        m->shelf1[c] = shelf1, m->shelf2[c] = shelf2, m->high1[c] = high1, m->high2[c] = high2, m->x1[c] = x1;
        m->k_energy[c] = k_energy, m->energy[c] = energy, m->total[c] = total;
    }
    for (int i = 0; i < frames; i++)
        m->cross += left[i] * right[i];
}

#if defined(__GNUC__)
typedef double mrt_k2 __attribute__((vector_size(16)));

#define MRT_LOAD(to, from) memcpy(&(to), (from), sizeof(to))
#define MRT_STORE(to, from) memcpy((to), &(from), sizeof(from))
#define MRT_BOTH(value) {(value), (value)}

/* Two lanes {left, right}: SSE2, NEON. Four lanes of AVX2, both sections in one vector, gain 10 %: the recursion is what binds. */
static void mrt_kmeter(const MrtKWeight *k, MrtKSums *m, const double *left, const double *right, int frames)
{
    const mrt_k2 direct = MRT_BOTH(k->direct);
    const mrt_k2 shelf_in0 = MRT_BOTH(k->in0[0]), shelf_in1 = MRT_BOTH(k->in1[0]);
    const mrt_k2 shelf_back1 = MRT_BOTH(k->back1[0]), shelf_back2 = MRT_BOTH(k->back2[0]);
    const mrt_k2 high_in0 = MRT_BOTH(k->in0[1]), high_in1 = MRT_BOTH(k->in1[1]);
    const mrt_k2 high_back1 = MRT_BOTH(k->back1[1]), high_back2 = MRT_BOTH(k->back2[1]);
    mrt_k2 shelf1, shelf2, high1, high2, x1, k_energy, energy, total;
    double cross = m->cross;
    MRT_LOAD(shelf1, m->shelf1), MRT_LOAD(shelf2, m->shelf2), MRT_LOAD(high1, m->high1), MRT_LOAD(high2, m->high2);
    MRT_LOAD(x1, m->x1), MRT_LOAD(k_energy, m->k_energy), MRT_LOAD(energy, m->energy), MRT_LOAD(total, m->total);
    for (int i = 0; i < frames; i++) {
        const mrt_k2 x = {left[i], right[i]}, weighted = direct * x + (shelf1 + high1);
        const mrt_k2 shelf = ((shelf_in0 * x + shelf_in1 * x1) - shelf_back2 * shelf2) - shelf_back1 * shelf1;
        const mrt_k2 high = ((high_in0 * x + high_in1 * x1) - high_back2 * high2) - high_back1 * high1;
        shelf2 = shelf1, shelf1 = shelf, high2 = high1, high1 = high, x1 = x;
        k_energy += weighted * weighted;
        energy += x * x;
        total += x;
        cross += left[i] * right[i];
    }
    MRT_STORE(m->shelf1, shelf1), MRT_STORE(m->shelf2, shelf2), MRT_STORE(m->high1, high1), MRT_STORE(m->high2, high2);
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
