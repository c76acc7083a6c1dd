/* Fourier transform of real sounds, and the products of spectra that a partitioned convolution adds up.
 *
 * N real points (a power of two, 64 to 2^19) are taken as N / 2 complex ones, whose transform (Stockham, radix 4, the last pass
 * of radix 4 or 8: no bit reversal) is then taken apart. A spectrum is one array of mrt_fft_spectrum(N) doubles: the real parts
 * of bins 0 to N / 2, and from mrt_fft_plane(N) on their imaginary parts. Forward: X[k] = sum x[j] e^(-2 pi i j k / N). Backward
 * is its exact inverse, 1 / N included; it takes bins 0 and N / 2 as real.
 *
 * All of it is there for doubles, and in single precision for what is only looked at: half the memory to go through.
 *
 * A plan is read-only and may serve any number of threads. Nothing is fused: every variant gives the bits of the plain twin. */
#pragma once
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/fastmath.h"
#include "dsp_core/kernels/memory.h"

#ifdef __has_builtin
#if defined(__GNUC__) && __has_builtin(__builtin_shufflevector)
#define MRT_FFT_VECTORS 1
#endif
#endif
#ifndef MRT_FFT_VECTORS
#define MRT_FFT_VECTORS 0
#endif

#define MRT_SQRT_HALF 0.70710678118654752440

enum { MRT_FFT_FEWEST = 64, MRT_FFT_MOST = 1 << 19 };

template <typename T> constexpr int mrt_fft_pad() { return MRT_CACHE_LINE / (int)sizeof(T); }
template <typename T> static inline int mrt_fft_plane_of(int points) { return points / 2 + mrt_fft_pad<T>(); }
static inline int mrt_fft_plane(int points) { return mrt_fft_plane_of<double>(points); }
static inline int mrt_fft_spectrum(int points) { return 2 * mrt_fft_plane(points); }
static inline int mrt_fft_plane_single(int points) { return mrt_fft_plane_of<float>(points); }
static inline int mrt_fft_spectrum_single(int points) { return 2 * mrt_fft_plane_single(points); }

template <typename T> struct MrtFftOf;
typedef MrtFftOf<double> MrtFft;
typedef MrtFftOf<float> MrtFftSingle;

template <typename T> struct MrtPlanes {
    T *re, *im;
};

/* The passes. begin reads planes of the complex points, begin_real the points of a sound; end_real writes a sound, whose even
   points are the imaginary parts (backward runs with the parts exchanged). */
template <typename T> struct MrtFftPasses {
    void (*begin)(const MrtFftOf<T> *f, MrtPlanes<T> from, MrtPlanes<T> to);
    void (*begin_real)(const MrtFftOf<T> *f, const T *x, MrtPlanes<T> to);
    void (*middle)(const T *turns, int quarter, int stride, MrtPlanes<T> from, MrtPlanes<T> to);
    void (*end)(int radix, int stride, MrtPlanes<T> from, MrtPlanes<T> to);
    void (*end_real)(int radix, int stride, MrtPlanes<T> from, T *x);
    void (*apart)(const MrtFftOf<T> *f, MrtPlanes<T> from, MrtPlanes<T> to);
    void (*together)(const MrtFftOf<T> *f, MrtPlanes<T> from, MrtPlanes<T> to);
    void (*products)(const T *const *a, const T *const *b, int count, int points, T *sum);
};

template <typename T> struct MrtFftOf {
    int points;                  /* real */
    int complex_points;
    int middles;                 /* passes between the first and the last */
    int last;                    /* radix of the last pass */
    const T *first;              /* e^(-2 pi i p j / n), j = 1..3: six rows of n / 4 */
    const T *rest;               /* of the passes in the middle: six for each p */
    const T *half_turns;         /* e^(-2 pi i k / N) / 2: two rows of N / 4 and a pad */
    MrtFftPasses<T> run;
};

template <typename T> struct MrtPoint {
    T re, im;
};

template <typename T>
static inline void mrt_fft_four(MrtPoint<T> *z)
{
    const MrtPoint<T> s = {z[0].re + z[2].re, z[0].im + z[2].im}, d = {z[0].re - z[2].re, z[0].im - z[2].im};
    const MrtPoint<T> t = {z[1].re + z[3].re, z[1].im + z[3].im}, e = {z[1].re - z[3].re, z[1].im - z[3].im};
    z[0].re = s.re + t.re, z[0].im = s.im + t.im;
    z[1].re = d.re + e.im, z[1].im = d.im - e.re;
    z[2].re = s.re - t.re, z[2].im = s.im - t.im;
    z[3].re = d.re - e.im, z[3].im = d.im + e.re;
}

template <typename T>
static inline void mrt_fft_eight(MrtPoint<T> *z)
{
    MrtPoint<T> even[4] = {z[0], z[2], z[4], z[6]}, odd[4] = {z[1], z[3], z[5], z[7]};
    mrt_fft_four(even);
    mrt_fft_four(odd);
    const MrtPoint<T> turned[4] = {odd[0],
                                {(odd[1].re + odd[1].im) * T(MRT_SQRT_HALF), (odd[1].im - odd[1].re) * T(MRT_SQRT_HALF)},
                                {odd[2].im, -odd[2].re},
                                {(odd[3].im - odd[3].re) * T(MRT_SQRT_HALF), -((odd[3].re + odd[3].im) * T(MRT_SQRT_HALF))}};
    for (int k = 0; k < 4; k++) {
        z[k].re = even[k].re + turned[k].re, z[k].im = even[k].im + turned[k].im;
        z[k + 4].re = even[k].re - turned[k].re, z[k + 4].im = even[k].im - turned[k].im;
    }
}

template <typename T>
static inline MrtPoint<T> mrt_fft_turn(MrtPoint<T> z, T re, T im)
{
    const MrtPoint<T> turned = {z.re * re - z.im * im, z.re * im + z.im * re};
    return turned;
}

template <typename T>
static inline void mrt_fft_begin_point(const MrtFftOf<T> *f, int p, MrtPoint<T> *z, MrtPlanes<T> to)
{
    const int quarter = f->complex_points / 4;
    mrt_fft_four(z);
    for (int j = 0; j < 4; j++) {
        const T *re = f->first + 2 * (j - 1) * quarter, *im = re + quarter;
        if (j > 0)
            z[j] = mrt_fft_turn(z[j], re[p], im[p]);
        to.re[4 * p + j] = z[j].re;
        to.im[4 * p + j] = z[j].im;
    }
}

template <typename T>
static void mrt_fft_begin_plain(const MrtFftOf<T> *f, MrtPlanes<T> from, MrtPlanes<T> to)
{
    const int quarter = f->complex_points / 4;
    for (int p = 0; p < quarter; p++) {
        MrtPoint<T> z[4];
        for (int j = 0; j < 4; j++)
            z[j].re = from.re[p + j * quarter], z[j].im = from.im[p + j * quarter];
        mrt_fft_begin_point(f, p, z, to);
    }
}

template <typename T>
static void mrt_fft_begin_real_plain(const MrtFftOf<T> *f, const T *x, MrtPlanes<T> to)
{
    const int quarter = f->complex_points / 4;
    for (int p = 0; p < quarter; p++) {
        MrtPoint<T> z[4];
        for (int j = 0; j < 4; j++)
            z[j].re = x[2 * (p + j * quarter)], z[j].im = x[2 * (p + j * quarter) + 1];
        mrt_fft_begin_point(f, p, z, to);
    }
}

template <typename T>
static void mrt_fft_middle_plain(const T *turns, int quarter, int stride, MrtPlanes<T> from, MrtPlanes<T> to)
{
    for (int p = 0; p < quarter; p++, turns += 6)
        for (int q = 0; q < stride; q++) {
            MrtPoint<T> z[4];
            for (int j = 0; j < 4; j++)
                z[j].re = from.re[q + stride * (p + j * quarter)], z[j].im = from.im[q + stride * (p + j * quarter)];
            mrt_fft_four(z);
            for (int j = 1; j < 4; j++)
                z[j] = mrt_fft_turn(z[j], turns[2 * j - 2], turns[2 * j - 1]);
            for (int j = 0; j < 4; j++)
                to.re[q + stride * (4 * p + j)] = z[j].re, to.im[q + stride * (4 * p + j)] = z[j].im;
        }
}

template <typename T>
static inline void mrt_fft_end_point(int radix, int stride, int q, MrtPlanes<T> from, MrtPoint<T> *z)
{
    for (int j = 0; j < radix; j++)
        z[j].re = from.re[q + stride * j], z[j].im = from.im[q + stride * j];
    if (radix == 4)
        mrt_fft_four(z);
    else
        mrt_fft_eight(z);
}

template <typename T>
static void mrt_fft_end_plain(int radix, int stride, MrtPlanes<T> from, MrtPlanes<T> to)
{
    for (int q = 0; q < stride; q++) {
        MrtPoint<T> z[8];
        mrt_fft_end_point(radix, stride, q, from, z);
        for (int j = 0; j < radix; j++)
            to.re[q + stride * j] = z[j].re, to.im[q + stride * j] = z[j].im;
    }
}

template <typename T>
static void mrt_fft_end_real_plain(int radix, int stride, MrtPlanes<T> from, T *x)
{
    for (int q = 0; q < stride; q++) {
        MrtPoint<T> z[8];
        mrt_fft_end_point(radix, stride, q, from, z);
        for (int j = 0; j < radix; j++)
            x[2 * (q + stride * j)] = z[j].im, x[2 * (q + stride * j) + 1] = z[j].re;
    }
}

/* Bins k and n - k of the sound from those of the complex points. */
template <typename T>
static inline void mrt_fft_apart_pair(const MrtFftOf<T> *f, int k, MrtPlanes<T> from, MrtPlanes<T> to)
{
    const int n = f->complex_points;
    const T ar = from.re[k], ai = from.im[k], br = from.re[n - k], bi = from.im[n - k];
    const T wr = f->half_turns[k], wi = f->half_turns[n / 2 + mrt_fft_pad<T>() + k];
    const T er = T(0.5) * (ar + br), ei = T(0.5) * (ai - bi), dr = ar - br, di = ai + bi;
    const T tr = wr * di + wi * dr, ti = wi * di - wr * dr;
    to.re[k] = er + tr, to.im[k] = ei + ti;
    to.re[n - k] = er - tr, to.im[n - k] = ti - ei;
}

template <typename T>
static inline void mrt_fft_apart_ends(const MrtFftOf<T> *f, MrtPlanes<T> from, MrtPlanes<T> to)
{
    const int n = f->complex_points;
    const T re = from.re[0], im = from.im[0];
    to.re[0] = re + im, to.re[n] = re - im;
    to.im[0] = to.im[n] = 0;
    to.re[n / 2] = from.re[n / 2], to.im[n / 2] = -from.im[n / 2];
}

template <typename T>
static void mrt_fft_apart_plain(const MrtFftOf<T> *f, MrtPlanes<T> from, MrtPlanes<T> to)
{
    mrt_fft_apart_ends(f, from, to);
    for (int k = 1; k < f->complex_points / 2; k++)
        mrt_fft_apart_pair(f, k, from, to);
}

/* The way back, and the 1 / N. */
template <typename T>
static inline void mrt_fft_together_pair(const MrtFftOf<T> *f, int k, MrtPlanes<T> from, MrtPlanes<T> to)
{
    const int n = f->complex_points;
    const T half = T(0.5) / n, whole = T(1) / n;
    const T xr = from.re[k], xi = from.im[k], yr = from.re[n - k], yi = from.im[n - k];
    const T wr = f->half_turns[k], wi = f->half_turns[n / 2 + mrt_fft_pad<T>() + k];
    const T er = half * (xr + yr), ei = half * (xi - yi), dr = whole * (xr - yr), di = whole * (xi + yi);
    const T tr = wr * dr + wi * di, ti = wr * di - wi * dr;
    to.re[k] = er - ti, to.im[k] = ei + tr;
    to.re[n - k] = er + ti, to.im[n - k] = tr - ei;
}

template <typename T>
static inline void mrt_fft_together_ends(const MrtFftOf<T> *f, MrtPlanes<T> from, MrtPlanes<T> to)
{
    const int n = f->complex_points;
    const T half = T(0.5) / n, whole = T(1) / n;
    to.re[0] = half * (from.re[0] + from.re[n]), to.im[0] = half * (from.re[0] - from.re[n]);
    to.re[n / 2] = whole * from.re[n / 2], to.im[n / 2] = -(whole * from.im[n / 2]);
}

template <typename T>
static void mrt_fft_together_plain(const MrtFftOf<T> *f, MrtPlanes<T> from, MrtPlanes<T> to)
{
    mrt_fft_together_ends(f, from, to);
    for (int k = 1; k < f->complex_points / 2; k++)
        mrt_fft_together_pair(f, k, from, to);
}

template <typename T>
static inline void mrt_fft_product_bin(const T *const *a, const T *const *b, int count, int plane, int k, T *sum)
{
    T re = sum[k], im = sum[plane + k];
    for (int i = 0; i < count; i++) {
        const T ar = a[i][k], ai = a[i][plane + k], br = b[i][k], bi = b[i][plane + k];
        re += ar * br - ai * bi;
        im += ar * bi + ai * br;
    }
    sum[k] = re, sum[plane + k] = im;
}

template <typename T>
static void mrt_fft_products_plain(const T *const *a, const T *const *b, int count, int points, T *sum)
{
    for (int k = 0; k <= points / 2; k++)
        mrt_fft_product_bin(a, b, count, mrt_fft_plane_of<T>(points), k, sum);
}

template <typename T>
static inline MrtFftPasses<T> mrt_fft_passes_plain(void)
{
    const MrtFftPasses<T> passes = {mrt_fft_begin_plain<T>, mrt_fft_begin_real_plain<T>, mrt_fft_middle_plain<T>, mrt_fft_end_plain<T>,
                                    mrt_fft_end_real_plain<T>, mrt_fft_apart_plain<T>, mrt_fft_together_plain<T>, mrt_fft_products_plain<T>};
    return passes;
}

#if MRT_FFT_VECTORS
typedef float mrt_fft_s4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float mrt_fft_s8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef double mrt_fft_v2 __attribute__((vector_size(16), aligned(8), may_alias));
typedef double mrt_fft_v4 __attribute__((vector_size(32), aligned(8), may_alias));

#define REAL float
#define V mrt_fft_s4
#define LANES 4
#define NAME(x) x##_single_lanes
#define TARGET
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#define BACK(a) __builtin_shufflevector(a, a, 3, 2, 1, 0)
#include "dsp_core/kernels/fft_lanes.h"

#define REAL double
#define V mrt_fft_v2
#define LANES 2
#define NAME(x) x##_lanes
#define TARGET
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3)
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 2)
#define HIGH(a, b) __builtin_shufflevector(a, b, 1, 3)
#define BACK(a) __builtin_shufflevector(a, a, 1, 0)
#include "dsp_core/kernels/fft_lanes.h"

#if MRT_X86
#define REAL float
#define V mrt_fft_s8
#define LANES 8
#define NAME(x) x##_single_avx2
#define TARGET __attribute__((target("avx2")))
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define BACK(a) __builtin_shufflevector(a, a, 7, 6, 5, 4, 3, 2, 1, 0)
#include "dsp_core/kernels/fft_lanes.h"

#define REAL double
#define V mrt_fft_v4
#define LANES 4
#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2")))
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#define BACK(a) __builtin_shufflevector(a, a, 3, 2, 1, 0)
#include "dsp_core/kernels/fft_lanes.h"
#endif
#endif

enum { MRT_FFT_PLAIN, MRT_FFT_LANES, MRT_FFT_AVX2 };

/* The widest variant that this build has and that is no wider than `variant`. */
static inline void mrt_fft_choose(MrtFftPasses<double> *run, int variant)
{
    *run = mrt_fft_passes_plain<double>();
#if MRT_FFT_VECTORS
    if (variant >= MRT_FFT_LANES)
        *run = mrt_fft_passes_lanes();
#if MRT_X86
    if (variant >= MRT_FFT_AVX2)
        *run = mrt_fft_passes_avx2();
#endif
#endif
    (void)variant;
}

static inline void mrt_fft_choose(MrtFftPasses<float> *run, int variant)
{
    *run = mrt_fft_passes_plain<float>();
#if MRT_FFT_VECTORS
    if (variant >= MRT_FFT_LANES)
        *run = mrt_fft_passes_single_lanes();
#if MRT_X86
    if (variant >= MRT_FFT_AVX2)
        *run = mrt_fft_passes_single_avx2();
#endif
#endif
    (void)variant;
}

/* e^(-2 pi i k / n) from an angle of at most an eighth of a turn; 0 <= k < n, n a multiple of 8. */
static inline MrtPoint<double> mrt_fft_root(int64_t k, int64_t n)
{
    const int64_t quarter = 4 * k / n, rest = k - quarter * (n / 4), other = n / 4 - rest;
    const double turn = 6.28318530717958647692 / (double)n;
    const double c = 8 * rest <= n ? cos(turn * (double)rest) : sin(turn * (double)other);
    const double s = 8 * rest <= n ? sin(turn * (double)rest) : cos(turn * (double)other);
    const MrtPoint<double> root[4] = {{c, -s}, {-s, -c}, {-c, s}, {s, c}};
    return root[quarter];
}

template <typename T>
static inline void mrt_fft_fill(MrtFftOf<T> *f, T *table)
{
    const int n = f->complex_points, quarter = n / 4;
    f->first = table;
    for (int j = 1; j < 4; j++, table += 2 * quarter)
        for (int p = 0; p < quarter; p++) {
            const MrtPoint<double> root = mrt_fft_root((int64_t)j * p, n);
            table[p] = T(root.re), table[quarter + p] = T(root.im);
        }
    f->half_turns = table;
    for (int k = 0; k <= n / 2; k++) {
        const MrtPoint<double> root = mrt_fft_root(k, f->points);
        table[k] = T(0.5 * root.re), table[n / 2 + mrt_fft_pad<T>() + k] = T(0.5 * root.im);
    }
    table += n + 2 * mrt_fft_pad<T>();
    f->rest = table;
    for (int pass = 0, length = quarter; pass < f->middles; pass++, length /= 4)
        for (int p = 0; p < length / 4; p++)
            for (int j = 1; j < 4; j++, table += 2) {
                const MrtPoint<double> root = mrt_fft_root((int64_t)j * p, length);
                table[0] = T(root.re), table[1] = T(root.im);
            }
}

/* Control thread only. NULL where `points` is no power of two from 64 to 2^19, or there is no memory. */
template <typename T>
static inline MrtFftOf<T> *mrt_fft_make_of(int points, int variant)
{
    int bits = 0;
    if (points < MRT_FFT_FEWEST || points > MRT_FFT_MOST || (points & (points - 1)))
        return NULL;
    while (2 << bits < points)
        bits++;
    const size_t head = (sizeof(MrtFftOf<T>) + MRT_CACHE_LINE - 1) / MRT_CACHE_LINE * MRT_CACHE_LINE;
    MrtFftOf<T> *f = (MrtFftOf<T> *)mrt_present(1, head + (size_t)(points / 2 * 3 + 2 * mrt_fft_pad<T>()) * sizeof(T));
    if (!f)
        return NULL;
    f->points = points;
    f->complex_points = points / 2;
    f->last = bits % 2 ? 8 : 4;
    f->middles = (bits - (bits % 2 ? 3 : 2)) / 2 - 1;
    mrt_fft_choose(&f->run, variant);
    mrt_fft_fill(f, (T *)((char *)f + head));
    return f;
}

static inline MrtFft *mrt_fft_make_variant(int points, int variant) { return mrt_fft_make_of<double>(points, variant); }

static inline MrtFftSingle *mrt_fft_make_single_variant(int points, int variant) { return mrt_fft_make_of<float>(points, variant); }

static inline int mrt_fft_widest(void) { return mrt_cpu_level() >= MRT_CPU_AVX2 ? MRT_FFT_AVX2 : MRT_FFT_LANES; }
static inline MrtFft *mrt_fft_make(int points) { return mrt_fft_make_variant(points, mrt_fft_widest()); }
static inline MrtFftSingle *mrt_fft_make_single(int points) { return mrt_fft_make_single_variant(points, mrt_fft_widest()); }

template <typename T>
static inline void mrt_fft_free(MrtFftOf<T> *f) { free(f); }

/* Runs the passes in the middle to and fro between two buffers; gives the one that holds the result. */
template <typename T>
static inline MrtPlanes<T> mrt_fft_middles(const MrtFftOf<T> *f, MrtPlanes<T> here, MrtPlanes<T> there)
{
    const T *turns = f->rest;
    int stride = 4;
    for (int pass = 0, quarter = f->complex_points / 16; pass < f->middles; pass++, stride *= 4, quarter /= 4) {
        f->run.middle(turns, quarter, stride, here, there);
        turns += 6 * quarter;
        const MrtPlanes<T> last = here;
        here = there;
        there = last;
    }
    return here;
}

/* x: N points. spectrum, scratch: two planes. No two of them overlap. Where all begin on a cache line it takes two
   thirds of the time. */
template <typename T>
static inline void mrt_fft_forward(const MrtFftOf<T> *f, const T *x, T *spectrum, T *scratch)
{
    const int plane = mrt_fft_plane_of<T>(f->points);
    const MrtPlanes<T> out = {spectrum, spectrum + plane}, other = {scratch, scratch + plane};
    f->run.begin_real(f, x, other);
    const MrtPlanes<T> last = mrt_fft_middles(f, other, out), to = last.re == out.re ? other : out;
    f->run.end(f->last, f->complex_points / f->last, last, to);
    f->run.apart(f, to, out);
}

/* The same sizes; the spectrum is left as it is. */
template <typename T>
static inline void mrt_fft_backward(const MrtFftOf<T> *f, const T *spectrum, T *x, T *scratch)
{
    const int n = f->complex_points, plane = mrt_fft_plane_of<T>(f->points);
    const MrtPlanes<T> in = {(T *)spectrum, (T *)spectrum + plane};
    const MrtPlanes<T> own = {scratch + plane, scratch}, out = {x + n, x};     /* parts exchanged */
    const int odd = f->middles % 2;
    const MrtPlanes<T> start = odd ? own : out, next = odd ? out : own;
    const MrtPlanes<T> exchanged = {start.im, start.re};
    f->run.together(f, in, exchanged);
    f->run.begin(f, start, next);
    f->run.end_real(f->last, n / f->last, mrt_fft_middles(f, next, start), x);
}

/* sum += a[0] b[0] + a[1] b[1] + ... of `count` pairs of spectra of N points, one after the other at each bin: several calls
   give the same bits as one. */
template <typename T>
static inline void mrt_fft_add_products(const MrtFftOf<T> *f, const T *const *a, const T *const *b, int count, T *sum)
{
    f->run.products(a, b, count, f->points, sum);
}
