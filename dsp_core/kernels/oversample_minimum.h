/* Doubling and halving of the rate with minimum phase: elliptic half-band filters as two branches of allpass sections side by side
   (Valenzuela and Constantinides, 1983). With z^-1 one point of the doubled rate, H = (A0(z^2) + z^-1 A1(z^2)) / 2, so that each
   branch runs at the lower rate. The branches are the two lanes of one vector and have as many sections each. */
#pragma once
#include <math.h>
#include <string.h>

enum { MRT_MIN_SECTIONS = 7 };   /* per branch, at most */

typedef struct {
    int sections;
    double c[MRT_MIN_SECTIONS][2];           /* of both branches */
} MrtHalfBand;

#if defined(__GNUC__)
typedef double mrt_branches __attribute__((vector_size(16), aligned(8), may_alias));
#define MRT_BOTH_BRANCHES(a, b) ((mrt_branches){(a), (b)})
#else
typedef struct mrt_branches {
    double b[2];
    double operator[](int k) const { return b[k]; }
} mrt_branches;
static inline mrt_branches operator+(mrt_branches x, mrt_branches y) { return {{x.b[0] + y.b[0], x.b[1] + y.b[1]}}; }
static inline mrt_branches operator-(mrt_branches x, mrt_branches y) { return {{x.b[0] - y.b[0], x.b[1] - y.b[1]}}; }
static inline mrt_branches operator*(mrt_branches x, mrt_branches y) { return {{x.b[0] * y.b[0], x.b[1] * y.b[1]}}; }
#define MRT_BOTH_BRANCHES(a, b) (mrt_branches{{(a), (b)}})
#endif

/* memory: sections + 1 pairs: the last input, and the last output of each section. The number is a constant to the compiler, so that
   coefficients and memory stay in registers. */
template <int SECTIONS> static inline mrt_branches mrt_half_band_step(const mrt_branches *c, mrt_branches *memory, mrt_branches x)
{
    for (int i = 0; i < SECTIONS; i++) {
        const mrt_branches y = c[i] * (x - memory[i + 1]) + memory[i];
        memory[i] = x;
        x = y;
    }
    memory[SECTIONS] = x;
    return x;
}

/* Up: `points` planes, `stride` apart, become twice as many, stride / 2 apart: in `plane`, which point to frames. Down: the way
   back, `points` planes are left. */
template <int SECTIONS> static void mrt_half_band_run(const MrtHalfBand *h, double *kept, double **plane, int points, int stride, int up,
                                                      int frames)
{
    mrt_branches c[SECTIONS], memory[SECTIONS + 1];
    memcpy(c, h->c, sizeof c);
    memcpy(memory, kept, sizeof memory);
    for (int i = 0; i < frames; i++)
        for (int k = 0; k < points; k++) {
            double *even = plane[k * stride] + i, *odd = plane[k * stride + stride / 2] + i;
            const mrt_branches y = mrt_half_band_step<SECTIONS>(c, memory, MRT_BOTH_BRANCHES(up ? *even : *odd, *even));
            *even = up ? y[0] : 0.5 * (y[0] + y[1]);
            if (up)
                *odd = y[1];
        }
    memcpy(kept, memory, sizeof memory);
}

static inline void mrt_half_band(const MrtHalfBand *h, double *kept, double **plane, int points, int stride, int up, int frames)
{
    switch (h->sections) {
    case 1: mrt_half_band_run<1>(h, kept, plane, points, stride, up, frames); break;
    case 2: mrt_half_band_run<2>(h, kept, plane, points, stride, up, frames); break;
    case 3: mrt_half_band_run<3>(h, kept, plane, points, stride, up, frames); break;
    case 4: mrt_half_band_run<4>(h, kept, plane, points, stride, up, frames); break;
    case 5: mrt_half_band_run<5>(h, kept, plane, points, stride, up, frames); break;
    case 6: mrt_half_band_run<6>(h, kept, plane, points, stride, up, frames); break;
    default: mrt_half_band_run<7>(h, kept, plane, points, stride, up, frames);
    }
}

/* transition: 1/2 - 2 passband / doubled rate. As few sections as give `stop_db`, the same number in both branches. */
static inline void mrt_half_band_design(MrtHalfBand *h, double stop_db, double transition)
{
    const double root = tan((1.0 - 2.0 * transition) * M_PI / 4.0), k = root * root, kk = sqrt(sqrt(1.0 - k * k));
    const double e = 0.5 * (1.0 - kk) / (1.0 + kk), e4 = e * e * e * e;
    const double q = e * (1.0 + e4 * (2.0 + e4 * (15.0 + 150.0 * e4)));
    const double p = pow(10.0, -0.1 * stop_db), a = p / (1.0 - p);
    int order = (int)ceil(log(a * a / 16.0) / log(q)), count;
    order += order % 2 == 0;
    count = (order - 1) / 2;
    count += count % 2;
    count = count > 2 * MRT_MIN_SECTIONS ? 2 * MRT_MIN_SECTIONS : count < 2 ? 2 : count;
    order = 2 * count + 1;
    h->sections = count / 2;
    for (int n = 0; n < count; n++) {
        double over = 0.0, under = 0.5, w, x;
        for (int i = 0, sign = 1; i < 40; i++, sign = -sign)
            over += sign * pow(q, (double)i * (i + 1)) * sin((2 * i + 1) * (n + 1) * M_PI / order);
        for (int i = 1, sign = -1; i < 40; i++, sign = -sign)
            under += sign * pow(q, (double)i * i) * cos(2 * i * (n + 1) * M_PI / order);
        w = over * sqrt(sqrt(q)) / under;
        w *= w;
        x = sqrt((1.0 - w * k) * (1.0 - w / k)) / (1.0 + w);
        h->c[n / 2][n % 2] = (1.0 - x) / (1.0 + x);
    }
}

/* Of low frequencies, in points of the doubled rate: a section delays by (1 - c) / (1 + c) points of the lower one. */
static inline double mrt_half_band_delay(const MrtHalfBand *h)
{
    double sum = 0.5;
    for (int i = 0; i < h->sections; i++)
        for (int b = 0; b < 2; b++)
            sum += (1.0 - h->c[i][b]) / (1.0 + h->c[i][b]);
    return sum;
}
