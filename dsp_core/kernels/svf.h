/* Cascades of state variable filters over two planes of doubles, two independent lanes.
 *
 * Structure: A. Simper, Linear Trapezoidal Optimised SVF (2013), rearranged so that a sample waits for one subtraction, one product
 * and one sum of its section. Of one section, with the memory s0 (band) and s1 (low):
 *     v = x - s1    p = c0 s0 + c1 v    q = (s1 + c1 s0) + c2 v    y = (c4 s0 + c5 s1) + c3 v    s0 = p    s1 = q
 * With S = z-domain (1 - z^-1)/(1 + z^-1) / g this is (low + band S + high S^2)/(1 + k S + S^2) for a = 1/(1 + g(g + k)) and
 *     c0 = 2 a - 1, c1 = 2 g a, c2 = 2 g^2 a, c3 = a (high + g (band + g low)), c4 = a (band - k high + g (low - high)), c5 = low.
 *
 * A section still waits about ten cycles for itself, so speed comes from other sections working on earlier samples: at step t
 * section k works on sample t - k. Each call fills and drains that pipeline, so that no sample is late and the memory is exact at
 * its end. Every sample sees the same operations in the same order in all variants, without fused multiply-add: equal bits. */
#pragma once
#include <stdint.h>

#include "dsp_core/kernels/cpu.h"

#define MRT_SVF_NUMBERS 6

typedef struct {
    double c[MRT_SVF_NUMBERS][2];   /* coefficients of each lane */
    double s[2][2];                 /* memory: s[0] band, s[1] low, of each lane */
} mrt_svf;

typedef void (*mrt_svf_cascade)(mrt_svf **section, int count, double *left, double *right, int frames);

/* The plain twin: one section, one lane, one sample after the other. */
static void mrt_svf_plain(mrt_svf **section, int count, double *left, double *right, int frames)
{
    for (int k = 0; k < count; k++)
        for (int lane = 0; lane < 2; lane++) {
            const mrt_svf *f = section[k];
            double *x = lane ? right : left;
            const double c0 = f->c[0][lane], c1 = f->c[1][lane], c2 = f->c[2][lane];
            const double c3 = f->c[3][lane], c4 = f->c[4][lane], c5 = f->c[5][lane];
            double s0 = f->s[0][lane], s1 = f->s[1][lane];
            for (int i = 0; i < frames; i++) {
                const double v = x[i] - s1;
                const double p = c0 * s0 + c1 * v;
                const double q = (s1 + c1 * s0) + c2 * v;
                x[i] = (c4 * s0 + c5 * s1) + c3 * v;
                s0 = p;
                s1 = q;
            }
            section[k]->s[0][lane] = s0;
            section[k]->s[1][lane] = s1;
        }
}

/* One section whose coefficients move: before every sample c += speed, and after it speed += bend. */
static void mrt_svf_ramp_plain(mrt_svf *f, double (*speed)[2], const double (*bend)[2], double *left, double *right, int frames)
{
    for (int lane = 0; lane < 2; lane++) {
        double *x = lane ? right : left;
        double c[MRT_SVF_NUMBERS], d[MRT_SVF_NUMBERS], s0 = f->s[0][lane], s1 = f->s[1][lane];
        for (int j = 0; j < MRT_SVF_NUMBERS; j++) {
            c[j] = f->c[j][lane];
            d[j] = speed[j][lane];
        }
        for (int i = 0; i < frames; i++) {
            for (int j = 0; j < MRT_SVF_NUMBERS; j++) {
                c[j] += d[j];
                d[j] += bend[j][lane];
            }
            const double v = x[i] - s1;
            const double p = c[0] * s0 + c[1] * v;
            const double q = (s1 + c[1] * s0) + c[2] * v;
            x[i] = (c[4] * s0 + c[5] * s1) + c[3] * v;
            s0 = p;
            s1 = q;
        }
        for (int j = 0; j < MRT_SVF_NUMBERS; j++) {
            f->c[j][lane] = c[j];
            speed[j][lane] = d[j];
        }
        f->s[0][lane] = s0;
        f->s[1][lane] = s1;
    }
}

#if defined(__GNUC__)
#define MRT_INLINE static inline __attribute__((always_inline))

/* Both lanes in one vector of two, up to four sections skewed: any machine with 128-bit vectors. */
typedef double mrt_lanes __attribute__((vector_size(16), aligned(8), may_alias));

MRT_INLINE mrt_lanes mrt_svf_sample(const mrt_lanes *c, mrt_lanes *s0, mrt_lanes *s1, mrt_lanes x)
{
    const mrt_lanes v = x - *s1;
    const mrt_lanes p = c[0] * *s0 + c[1] * v;
    const mrt_lanes q = (*s1 + c[1] * *s0) + c[2] * v;
    const mrt_lanes y = (c[4] * *s0 + c[5] * *s1) + c[3] * v;
    *s0 = p;
    *s1 = q;
    return y;
}

/* A step at which some sections have no sample to work on. */
MRT_INLINE void mrt_svf_edge2(const mrt_lanes (*c)[MRT_SVF_NUMBERS], mrt_lanes *s0, mrt_lanes *s1, mrt_lanes *y, const int count,
                              const double *left, const double *right, int t, int frames)
{
    for (int k = count - 1; k > 0; k--)
        if (t >= k && t - k < frames)
            y[k] = mrt_svf_sample(c[k], &s0[k], &s1[k], y[k - 1]);
    if (t < frames)
        y[0] = mrt_svf_sample(c[0], &s0[0], &s1[0], (mrt_lanes){left[t], right[t]});
}

MRT_INLINE void mrt_svf_pass2(mrt_svf **section, const int count, double *left, double *right, int frames)
{
    mrt_lanes c[4][MRT_SVF_NUMBERS], s0[4], s1[4], y[4];
    const int last = count - 1;
    int t = 0;
    for (int k = 0; k < count; k++) {
        for (int j = 0; j < MRT_SVF_NUMBERS; j++)
            c[k][j] = *(const mrt_lanes *)section[k]->c[j];
        s0[k] = *(const mrt_lanes *)section[k]->s[0];
        s1[k] = *(const mrt_lanes *)section[k]->s[1];
        y[k] = (mrt_lanes){0.0, 0.0};
    }
    for (; t < last; t++)
        mrt_svf_edge2(c, s0, s1, y, count, left, right, t, frames);
    for (; t < frames; t++) {
        for (int k = last; k > 0; k--)
            y[k] = mrt_svf_sample(c[k], &s0[k], &s1[k], y[k - 1]);
        y[0] = mrt_svf_sample(c[0], &s0[0], &s1[0], (mrt_lanes){left[t], right[t]});
        left[t - last] = y[last][0];
        right[t - last] = y[last][1];
    }
    for (; t < frames + last; t++) {
        mrt_svf_edge2(c, s0, s1, y, count, left, right, t, frames);
        left[t - last] = y[last][0];
        right[t - last] = y[last][1];
    }
    for (int k = 0; k < count; k++) {
        *(mrt_lanes *)section[k]->s[0] = s0[k];
        *(mrt_lanes *)section[k]->s[1] = s1[k];
    }
}

static void mrt_svf_ramp(mrt_svf *f, double (*speed)[2], const double (*bend)[2], double *left, double *right, int frames)
{
    mrt_lanes c[MRT_SVF_NUMBERS], d[MRT_SVF_NUMBERS], e[MRT_SVF_NUMBERS], s0 = *(mrt_lanes *)f->s[0], s1 = *(mrt_lanes *)f->s[1];
    for (int j = 0; j < MRT_SVF_NUMBERS; j++) {
        c[j] = *(mrt_lanes *)f->c[j];
        d[j] = *(mrt_lanes *)speed[j];
        e[j] = *(const mrt_lanes *)bend[j];
    }
    for (int i = 0; i < frames; i++) {
        for (int j = 0; j < MRT_SVF_NUMBERS; j++) {
            c[j] += d[j];
            d[j] += e[j];
        }
        const mrt_lanes y = mrt_svf_sample(c, &s0, &s1, (mrt_lanes){left[i], right[i]});
        left[i] = y[0];
        right[i] = y[1];
    }
    for (int j = 0; j < MRT_SVF_NUMBERS; j++) {
        *(mrt_lanes *)f->c[j] = c[j];
        *(mrt_lanes *)speed[j] = d[j];
    }
    *(mrt_lanes *)f->s[0] = s0;
    *(mrt_lanes *)f->s[1] = s1;
}

static void mrt_svf_two_lanes(mrt_svf **section, int count, double *left, double *right, int frames)
{
    for (; count >= 4; section += 4, count -= 4)
        mrt_svf_pass2(section, 4, left, right, frames);
    if (count == 3) mrt_svf_pass2(section, 3, left, right, frames);
    if (count == 2) mrt_svf_pass2(section, 2, left, right, frames);
    if (count == 1) mrt_svf_pass2(section, 1, left, right, frames);
}
#else
#define mrt_svf_two_lanes mrt_svf_plain
#define mrt_svf_ramp mrt_svf_ramp_plain
#endif

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#define MRT_AVX2 __attribute__((target("avx2")))

/* Four lanes: both lanes of sections 2r and 2r+1 in register r, up to four registers in one pass. The input of register r is the
 * high half of register r-1 and its own low half, both of the step before. */
MRT_INLINE MRT_AVX2 __m256d mrt_svf_pair(const double *even, const double *odd)
{
    const __m128d high = odd ? _mm_loadu_pd(odd) : _mm_setzero_pd();
    return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(even)), high, 1);
}

/* All ones where the section of a lane has a sample to work on at step t. */
MRT_INLINE MRT_AVX2 __m256d mrt_svf_busy(int r, int t, int frames)
{
    const __m256i k = _mm256_setr_epi64x(2 * r, 2 * r, 2 * r + 1, 2 * r + 1);
    const __m256i begun = _mm256_cmpgt_epi64(_mm256_set1_epi64x((int64_t)t + 1), k);
    const __m256i unfinished = _mm256_cmpgt_epi64(k, _mm256_set1_epi64x((int64_t)t - frames));
    return _mm256_castsi256_pd(_mm256_and_si256(begun, unfinished));
}

MRT_INLINE MRT_AVX2 void mrt_svf_step4(const __m256d (*c)[MRT_SVF_NUMBERS], __m256d *s0, __m256d *s1, __m256d *y, const int registers,
                                       __m128d in, int t, int frames, const int whole)
{
    for (int r = registers - 1; r >= 0; r--) {
        if (!whole && (t < 2 * r || t - frames > 2 * r))
            continue;
        const __m256d x = r ? _mm256_permute2f128_pd(y[r - 1], y[r], 0x21)
                            : _mm256_insertf128_pd(_mm256_castpd128_pd256(in), _mm256_castpd256_pd128(y[0]), 1);
        const __m256d v = _mm256_sub_pd(x, s1[r]);
        const __m256d p = _mm256_add_pd(_mm256_mul_pd(c[r][0], s0[r]), _mm256_mul_pd(c[r][1], v));
        const __m256d q = _mm256_add_pd(_mm256_add_pd(s1[r], _mm256_mul_pd(c[r][1], s0[r])), _mm256_mul_pd(c[r][2], v));
        y[r] = _mm256_add_pd(_mm256_add_pd(_mm256_mul_pd(c[r][4], s0[r]), _mm256_mul_pd(c[r][5], s1[r])), _mm256_mul_pd(c[r][3], v));
        if (whole) {
            s0[r] = p;
            s1[r] = q;
        } else {
            const __m256d busy = mrt_svf_busy(r, t, frames);
            s0[r] = _mm256_blendv_pd(s0[r], p, busy);
            s1[r] = _mm256_blendv_pd(s1[r], q, busy);
        }
    }
}

MRT_INLINE MRT_AVX2 __m128d mrt_svf_load(const double *left, const double *right)
{
    return _mm_loadh_pd(_mm_load_sd(left), right);
}

MRT_INLINE MRT_AVX2 void mrt_svf_store(__m256d y, const int high, double *left, double *right)
{
    const __m128d out = high ? _mm256_extractf128_pd(y, 1) : _mm256_castpd256_pd128(y);
    _mm_storel_pd(left, out);
    _mm_storeh_pd(right, out);
}

MRT_INLINE MRT_AVX2 void mrt_svf_pass4(mrt_svf **section, const int count, double *left, double *right, int frames)
{
    __m256d c[4][MRT_SVF_NUMBERS], s0[4], s1[4], y[4];
    const int last = count - 1, registers = (count + 1) / 2;
    int t = 0;
    for (int r = 0; r < registers; r++) {
        const mrt_svf *even = section[2 * r], *odd = 2 * r + 1 < count ? section[2 * r + 1] : 0;
        for (int j = 0; j < MRT_SVF_NUMBERS; j++)
            c[r][j] = mrt_svf_pair(even->c[j], odd ? odd->c[j] : 0);
        s0[r] = mrt_svf_pair(even->s[0], odd ? odd->s[0] : 0);
        s1[r] = mrt_svf_pair(even->s[1], odd ? odd->s[1] : 0);
        y[r] = _mm256_setzero_pd();
    }
    for (; t < last; t++)
        mrt_svf_step4(c, s0, s1, y, registers, t < frames ? mrt_svf_load(left + t, right + t) : _mm_setzero_pd(), t, frames, 0);
    for (; t < frames; t++) {
        mrt_svf_step4(c, s0, s1, y, registers, mrt_svf_load(left + t, right + t), t, frames, 1);
        mrt_svf_store(y[registers - 1], last & 1, left + t - last, right + t - last);
    }
    for (; t < frames + last; t++) {
        mrt_svf_step4(c, s0, s1, y, registers, _mm_setzero_pd(), t, frames, 0);
        mrt_svf_store(y[registers - 1], last & 1, left + t - last, right + t - last);
    }
    for (int r = 0; r < registers; r++) {
        _mm_storeu_pd(section[2 * r]->s[0], _mm256_castpd256_pd128(s0[r]));
        _mm_storeu_pd(section[2 * r]->s[1], _mm256_castpd256_pd128(s1[r]));
        if (2 * r + 1 < count) {
            _mm_storeu_pd(section[2 * r + 1]->s[0], _mm256_extractf128_pd(s0[r], 1));
            _mm_storeu_pd(section[2 * r + 1]->s[1], _mm256_extractf128_pd(s1[r], 1));
        }
    }
}

static MRT_AVX2 void mrt_svf_avx2(mrt_svf **section, int count, double *left, double *right, int frames)
{
    if (count <= 2) {
        mrt_svf_two_lanes(section, count, left, right, frames);
        return;
    }
    while (count > 0) {
        const int n = count < 8 ? count : 8;
        switch (n) {
        case 1: mrt_svf_pass4(section, 1, left, right, frames); break;
        case 2: mrt_svf_pass4(section, 2, left, right, frames); break;
        case 3: mrt_svf_pass4(section, 3, left, right, frames); break;
        case 4: mrt_svf_pass4(section, 4, left, right, frames); break;
        case 5: mrt_svf_pass4(section, 5, left, right, frames); break;
        case 6: mrt_svf_pass4(section, 6, left, right, frames); break;
        case 7: mrt_svf_pass4(section, 7, left, right, frames); break;
        default: mrt_svf_pass4(section, 8, left, right, frames);
        }
        section += n;
        count -= n;
    }
}

static int mrt_svf_has_avx2(void) { return mrt_cpu_found() >= MRT_CPU_AVX2; }

/* Eight lanes: four sections in a register, up to four registers in one pass. Rows are filled up with sections that do nothing. */
#define MRT_AVX512 __attribute__((target("avx2,avx512f")))

static const mrt_svf mrt_svf_nothing = {{{0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}, {1.0, 1.0}, {-0.0, -0.0}, {-0.0, -0.0}}, {{0.0, 0.0}, {0.0, 0.0}}};

MRT_INLINE MRT_AVX512 __m512d mrt_svf_four(const double *a, const double *b, const double *c, const double *d)
{
    const __m256d low = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(a)), _mm_loadu_pd(b), 1);
    const __m256d high = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(c)), _mm_loadu_pd(d), 1);
    return _mm512_insertf64x4(_mm512_castpd256_pd512(low), high, 1);
}

/* Set where the section of a lane has a sample to work on at step t. */
MRT_INLINE MRT_AVX512 __mmask8 mrt_svf_busy8(int r, int t, int frames)
{
    const __m512i k = _mm512_add_epi64(_mm512_set1_epi64(4 * r), _mm512_setr_epi64(0, 0, 1, 1, 2, 2, 3, 3));
    return _mm512_cmple_epi64_mask(k, _mm512_set1_epi64(t)) & _mm512_cmpgt_epi64_mask(k, _mm512_set1_epi64((int64_t)t - frames));
}

MRT_INLINE MRT_AVX512 void mrt_svf_step8(const __m512d (*c)[MRT_SVF_NUMBERS], __m512d *s0, __m512d *s1, __m512d *y, const int registers,
                                         __m128d in, int t, int frames, const int whole)
{
    for (int r = registers - 1; r >= 0; r--) {
        const __m512d before = r ? y[r - 1] : _mm512_broadcast_f64x4(_mm256_broadcast_pd(&in));
        const __m512d x = _mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(y[r]), _mm512_castpd_si512(before), 6));
        const __m512d v = _mm512_sub_pd(x, s1[r]);
        const __m512d p = _mm512_add_pd(_mm512_mul_pd(c[r][0], s0[r]), _mm512_mul_pd(c[r][1], v));
        const __m512d q = _mm512_add_pd(_mm512_add_pd(s1[r], _mm512_mul_pd(c[r][1], s0[r])), _mm512_mul_pd(c[r][2], v));
        y[r] = _mm512_add_pd(_mm512_add_pd(_mm512_mul_pd(c[r][4], s0[r]), _mm512_mul_pd(c[r][5], s1[r])), _mm512_mul_pd(c[r][3], v));
        if (whole) {
            s0[r] = p;
            s1[r] = q;
        } else {
            const __mmask8 busy = mrt_svf_busy8(r, t, frames);
            s0[r] = _mm512_mask_mov_pd(s0[r], busy, p);
            s1[r] = _mm512_mask_mov_pd(s1[r], busy, q);
        }
    }
}

MRT_INLINE MRT_AVX512 void mrt_svf_store8(__m512d y, double *left, double *right)
{
    const __m128d out = _mm256_extractf128_pd(_mm512_extractf64x4_pd(y, 1), 1);
    _mm_storel_pd(left, out);
    _mm_storeh_pd(right, out);
}

MRT_INLINE MRT_AVX512 void mrt_svf_pass8(mrt_svf **row, int count, const int registers, double *left, double *right, int frames)
{
    __m512d c[4][MRT_SVF_NUMBERS], s0[4], s1[4], y[4];
    double kept[2][8];
    const mrt_svf *section[16];
    const int last = 4 * registers - 1;
    int t = 0;
    for (int k = 0; k <= last; k++)
        section[k] = k < count ? row[k] : &mrt_svf_nothing;
    for (int r = 0; r < registers; r++) {
        const mrt_svf **f = section + 4 * r;
        for (int j = 0; j < MRT_SVF_NUMBERS; j++)
            c[r][j] = mrt_svf_four(f[0]->c[j], f[1]->c[j], f[2]->c[j], f[3]->c[j]);
        s0[r] = mrt_svf_four(f[0]->s[0], f[1]->s[0], f[2]->s[0], f[3]->s[0]);
        s1[r] = mrt_svf_four(f[0]->s[1], f[1]->s[1], f[2]->s[1], f[3]->s[1]);
        y[r] = _mm512_setzero_pd();
    }
    for (; t < last; t++)
        mrt_svf_step8(c, s0, s1, y, registers, t < frames ? mrt_svf_load(left + t, right + t) : _mm_setzero_pd(), t, frames, 0);
    for (; t < frames; t++) {
        mrt_svf_step8(c, s0, s1, y, registers, mrt_svf_load(left + t, right + t), t, frames, 1);
        mrt_svf_store8(y[registers - 1], left + t - last, right + t - last);
    }
    for (; t < frames + last; t++) {
        mrt_svf_step8(c, s0, s1, y, registers, _mm_setzero_pd(), t, frames, 0);
        mrt_svf_store8(y[registers - 1], left + t - last, right + t - last);
    }
    for (int k = 0; k < count; k++) {
        if (k % 4 == 0) {
            _mm512_storeu_pd(kept[0], s0[k / 4]);
            _mm512_storeu_pd(kept[1], s1[k / 4]);
        }
        for (int j = 0; j < 2; j++)
            _mm_storeu_pd(row[k]->s[j], _mm_loadu_pd(kept[j] + 2 * (k % 4)));
    }
}

static MRT_AVX512 void mrt_svf_avx512(mrt_svf **section, int count, double *left, double *right, int frames)
{
    while (count > 4) {
        const int n = count > 16 ? 12 : count;   /* longer rows cost more to fill and drain than they save */
        if (n > 12) mrt_svf_pass8(section, n, 4, left, right, frames);
        else if (n > 8) mrt_svf_pass8(section, n, 3, left, right, frames);
        else mrt_svf_pass8(section, n, 2, left, right, frames);
        section += n;
        count -= n;
    }
    if (count > 0)
        mrt_svf_avx2(section, count, left, right, frames);
}

static int mrt_svf_has_avx512(void) { return mrt_svf_has_avx2() && __builtin_cpu_supports("avx512f"); }
#else
#define mrt_svf_avx2 mrt_svf_two_lanes
#define mrt_svf_avx512 mrt_svf_two_lanes
static int mrt_svf_has_avx2(void) { return 0; }
static int mrt_svf_has_avx512(void) { return 0; }
#endif

/* The fastest variant for this machine; ask once, outside the audio thread. MRT_CPU=avx2 in the environment does without AVX-512. */
static mrt_svf_cascade mrt_svf_fastest(void)
{
    const char *held = getenv("MRT_CPU");
    if (mrt_cpu_level() < MRT_CPU_AVX2)
        return mrt_svf_two_lanes;
    return mrt_svf_has_avx512() && !(held && !strcmp(held, "avx2")) ? mrt_svf_avx512 : mrt_svf_avx2;
}
