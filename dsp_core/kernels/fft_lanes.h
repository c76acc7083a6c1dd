/* The passes of fft.h for one width of vector: REAL, V (a vector of it, unaligned and may_alias), LANES, NAME (adds the width's suffix),
   TARGET, and the shuffles EVEN and ODD (take apart two vectors), LOW and HIGH (put them together again) and BACK (turns one
   round) are defined by the header that includes this. Each operation is that of the plain twin, in its order. */

typedef struct {
    V re, im;
} NAME(MrtPoints);

TARGET MRT_INLINE void NAME(mrt_fft_four)(NAME(MrtPoints) *z)
{
    const V sr = z[0].re + z[2].re, si = z[0].im + z[2].im, dr = z[0].re - z[2].re, di = z[0].im - z[2].im;
    const V tr = z[1].re + z[3].re, ti = z[1].im + z[3].im, er = z[1].re - z[3].re, ei = z[1].im - z[3].im;
    z[0].re = sr + tr, z[0].im = si + ti;
    z[1].re = dr + ei, z[1].im = di - er;
    z[2].re = sr - tr, z[2].im = si - ti;
    z[3].re = dr - ei, z[3].im = di + er;
}

TARGET MRT_INLINE void NAME(mrt_fft_eight)(NAME(MrtPoints) *z)
{
    NAME(MrtPoints) even[4] = {z[0], z[2], z[4], z[6]}, odd[4] = {z[1], z[3], z[5], z[7]};
    NAME(mrt_fft_four)(even);
    NAME(mrt_fft_four)(odd);
    const NAME(MrtPoints) turned[4] = {odd[0],
                                       {(odd[1].re + odd[1].im) * (REAL)MRT_SQRT_HALF, (odd[1].im - odd[1].re) * (REAL)MRT_SQRT_HALF},
                                       {odd[2].im, -odd[2].re},
                                       {(odd[3].im - odd[3].re) * (REAL)MRT_SQRT_HALF, -((odd[3].re + odd[3].im) * (REAL)MRT_SQRT_HALF)}};
    for (int k = 0; k < 4; k++) {
        z[k].re = even[k].re + turned[k].re, z[k].im = even[k].im + turned[k].im;
        z[k + 4].re = even[k].re - turned[k].re, z[k + 4].im = even[k].im - turned[k].im;
    }
}

TARGET MRT_INLINE void NAME(mrt_fft_turn)(NAME(MrtPoints) *z, const V *re, const V *im)
{
    const V r = z->re * *re - z->im * *im, i = z->re * *im + z->im * *re;
    z->re = r, z->im = i;
}

/* Four vectors of LANES become LANES rows of four, one after the other. */
TARGET MRT_INLINE void NAME(mrt_fft_rows)(const V *a, const V *b, const V *c, const V *d, REAL *at)
{
#if LANES == 8
    const V p = LOW(*a, *b), q = HIGH(*a, *b), r = LOW(*c, *d), s = HIGH(*c, *d);
    *(V *)at = __builtin_shufflevector(p, r, 0, 1, 8, 9, 2, 3, 10, 11);
    *(V *)(at + 8) = __builtin_shufflevector(p, r, 4, 5, 12, 13, 6, 7, 14, 15);
    *(V *)(at + 16) = __builtin_shufflevector(q, s, 0, 1, 8, 9, 2, 3, 10, 11);
    *(V *)(at + 24) = __builtin_shufflevector(q, s, 4, 5, 12, 13, 6, 7, 14, 15);
#elif LANES == 4
    const V p = __builtin_shufflevector(*a, *b, 0, 4, 2, 6), q = __builtin_shufflevector(*a, *b, 1, 5, 3, 7);
    const V r = __builtin_shufflevector(*c, *d, 0, 4, 2, 6), s = __builtin_shufflevector(*c, *d, 1, 5, 3, 7);
    *(V *)at = __builtin_shufflevector(p, r, 0, 1, 4, 5);
    *(V *)(at + 4) = __builtin_shufflevector(q, s, 0, 1, 4, 5);
    *(V *)(at + 8) = __builtin_shufflevector(p, r, 2, 3, 6, 7);
    *(V *)(at + 12) = __builtin_shufflevector(q, s, 2, 3, 6, 7);
#else
    *(V *)at = EVEN(*a, *b);
    *(V *)(at + 2) = EVEN(*c, *d);
    *(V *)(at + 4) = ODD(*a, *b);
    *(V *)(at + 6) = ODD(*c, *d);
#endif
}

TARGET MRT_INLINE void NAME(mrt_fft_begin_points)(const MrtFftOf<REAL> *f, int p, NAME(MrtPoints) *z, MrtPlanes<REAL> to)
{
    const int quarter = f->complex_points / 4;
    NAME(mrt_fft_four)(z);
    for (int j = 1; j < 4; j++) {
        const REAL *re = f->first + 2 * (j - 1) * quarter + p;
        NAME(mrt_fft_turn)(&z[j], (const V *)re, (const V *)(re + quarter));
    }
    NAME(mrt_fft_rows)(&z[0].re, &z[1].re, &z[2].re, &z[3].re, to.re + 4 * p);
    NAME(mrt_fft_rows)(&z[0].im, &z[1].im, &z[2].im, &z[3].im, to.im + 4 * p);
}

TARGET static void NAME(mrt_fft_begin)(const MrtFftOf<REAL> *f, MrtPlanes<REAL> from, MrtPlanes<REAL> to)
{
    const int quarter = f->complex_points / 4;
    for (int p = 0; p < quarter; p += LANES) {
        NAME(MrtPoints) z[4];
        for (int j = 0; j < 4; j++)
            z[j].re = *(const V *)(from.re + p + j * quarter), z[j].im = *(const V *)(from.im + p + j * quarter);
        NAME(mrt_fft_begin_points)(f, p, z, to);
    }
}

TARGET static void NAME(mrt_fft_begin_real)(const MrtFftOf<REAL> *f, const REAL *x, MrtPlanes<REAL> to)
{
    const int quarter = f->complex_points / 4;
    for (int p = 0; p < quarter; p += LANES) {
        NAME(MrtPoints) z[4];
        for (int j = 0; j < 4; j++) {
            const REAL *at = x + 2 * (p + j * quarter);
            const V a = *(const V *)at, b = *(const V *)(at + LANES);
            z[j].re = EVEN(a, b), z[j].im = ODD(a, b);
        }
        NAME(mrt_fft_begin_points)(f, p, z, to);
    }
}

TARGET static void NAME(mrt_fft_middle)(const REAL *turns, int quarter, int stride, MrtPlanes<REAL> from, MrtPlanes<REAL> to)
{
#if LANES == 8
    if (stride < LANES) {
        mrt_fft_middle_single_lanes(turns, quarter, stride, from, to);
        return;
    }
#endif
    const int apart = stride * quarter;
    for (int p = 0; p < quarter; p++, turns += 6) {
        V w[6];
        for (int j = 0; j < 6; j++)
            w[j] = V{} + turns[j];
        for (int q = 0; q < stride; q += LANES) {
            const REAL *re = from.re + stride * p + q, *im = from.im + stride * p + q;
            REAL *to_re = to.re + 4 * stride * p + q, *to_im = to.im + 4 * stride * p + q;
            NAME(MrtPoints) z[4];
            for (int j = 0; j < 4; j++)
                z[j].re = *(const V *)(re + j * apart), z[j].im = *(const V *)(im + j * apart);
            NAME(mrt_fft_four)(z);
            for (int j = 1; j < 4; j++)
                NAME(mrt_fft_turn)(&z[j], &w[2 * j - 2], &w[2 * j - 1]);
            for (int j = 0; j < 4; j++)
                *(V *)(to_re + j * stride) = z[j].re, *(V *)(to_im + j * stride) = z[j].im;
        }
    }
}

TARGET MRT_INLINE void NAME(mrt_fft_end_points)(const int radix, int stride, int q, MrtPlanes<REAL> from, NAME(MrtPoints) *z)
{
    for (int j = 0; j < radix; j++)
        z[j].re = *(const V *)(from.re + q + stride * j), z[j].im = *(const V *)(from.im + q + stride * j);
    if (radix == 4)
        NAME(mrt_fft_four)(z);
    else
        NAME(mrt_fft_eight)(z);
}

TARGET MRT_INLINE void NAME(mrt_fft_end_body)(const int radix, int stride, MrtPlanes<REAL> from, MrtPlanes<REAL> to)
{
    for (int q = 0; q < stride; q += LANES) {
        NAME(MrtPoints) z[8];
        NAME(mrt_fft_end_points)(radix, stride, q, from, z);
        for (int j = 0; j < radix; j++)
            *(V *)(to.re + q + stride * j) = z[j].re, *(V *)(to.im + q + stride * j) = z[j].im;
    }
}

TARGET static void NAME(mrt_fft_end)(int radix, int stride, MrtPlanes<REAL> from, MrtPlanes<REAL> to)
{
#if LANES == 8
    if (stride < LANES) {
        mrt_fft_end_single_lanes(radix, stride, from, to);
        return;
    }
#endif
    if (radix == 4)
        NAME(mrt_fft_end_body)(4, stride, from, to);
    else
        NAME(mrt_fft_end_body)(8, stride, from, to);
}

TARGET MRT_INLINE void NAME(mrt_fft_end_real_body)(const int radix, int stride, MrtPlanes<REAL> from, REAL *x)
{
    for (int q = 0; q < stride; q += LANES) {
        NAME(MrtPoints) z[8];
        NAME(mrt_fft_end_points)(radix, stride, q, from, z);
        for (int j = 0; j < radix; j++) {
            REAL *at = x + 2 * (q + stride * j);
            *(V *)at = LOW(z[j].im, z[j].re), *(V *)(at + LANES) = HIGH(z[j].im, z[j].re);
        }
    }
}

TARGET static void NAME(mrt_fft_end_real)(int radix, int stride, MrtPlanes<REAL> from, REAL *x)
{
#if LANES == 8
    if (stride < LANES) {
        mrt_fft_end_real_single_lanes(radix, stride, from, x);
        return;
    }
#endif
    if (radix == 4)
        NAME(mrt_fft_end_real_body)(4, stride, from, x);
    else
        NAME(mrt_fft_end_real_body)(8, stride, from, x);
}

TARGET static void NAME(mrt_fft_apart)(const MrtFftOf<REAL> *f, MrtPlanes<REAL> from, MrtPlanes<REAL> to)
{
    const int n = f->complex_points;
    mrt_fft_apart_ends(f, from, to);
    for (int k = 1; k < LANES; k++)
        mrt_fft_apart_pair(f, k, from, to);
    for (int k = LANES; k < n / 2; k += LANES) {
        const int mirror = n - k - LANES + 1;
        const V ar = *(const V *)(from.re + k), ai = *(const V *)(from.im + k);
        const V tail_re = *(const V *)(from.re + mirror), tail_im = *(const V *)(from.im + mirror);
        const V br = BACK(tail_re), bi = BACK(tail_im);
        const V wr = *(const V *)(f->half_turns + k), wi = *(const V *)(f->half_turns + n / 2 + mrt_fft_pad<REAL>() + k);
        const V er = (REAL)0.5 * (ar + br), ei = (REAL)0.5 * (ai - bi), dr = ar - br, di = ai + bi;
        const V tr = wr * di + wi * dr, ti = wi * di - wr * dr;
        const V re = er - tr, im = ti - ei;
        *(V *)(to.re + k) = er + tr, *(V *)(to.im + k) = ei + ti;
        *(V *)(to.re + mirror) = BACK(re), *(V *)(to.im + mirror) = BACK(im);
    }
}

TARGET static void NAME(mrt_fft_together)(const MrtFftOf<REAL> *f, MrtPlanes<REAL> from, MrtPlanes<REAL> to)
{
    const int n = f->complex_points;
    const REAL half = (REAL)0.5 / n, whole = (REAL)1 / n;
    mrt_fft_together_ends(f, from, to);
    for (int k = 1; k < LANES; k++)
        mrt_fft_together_pair(f, k, from, to);
    for (int k = LANES; k < n / 2; k += LANES) {
        const int mirror = n - k - LANES + 1;
        const V xr = *(const V *)(from.re + k), xi = *(const V *)(from.im + k);
        const V tail_re = *(const V *)(from.re + mirror), tail_im = *(const V *)(from.im + mirror);
        const V yr = BACK(tail_re), yi = BACK(tail_im);
        const V wr = *(const V *)(f->half_turns + k), wi = *(const V *)(f->half_turns + n / 2 + mrt_fft_pad<REAL>() + k);
        const V er = half * (xr + yr), ei = half * (xi - yi), dr = whole * (xr - yr), di = whole * (xi + yi);
        const V tr = wr * dr + wi * di, ti = wr * di - wi * dr;
        const V re = er + ti, im = tr - ei;
        *(V *)(to.re + k) = er - ti, *(V *)(to.im + k) = ei + tr;
        *(V *)(to.re + mirror) = BACK(re), *(V *)(to.im + mirror) = BACK(im);
    }
}

TARGET static void NAME(mrt_fft_products)(const REAL *const *a, const REAL *const *b, int count, int points, REAL *sum)
{
    const int plane = mrt_fft_plane_of<REAL>(points);
    for (int k = 0; k < points / 2; k += 2 * LANES) {
        V re[2], im[2];
        for (int v = 0; v < 2; v++)
            re[v] = *(const V *)(sum + k + v * LANES), im[v] = *(const V *)(sum + plane + k + v * LANES);
        for (int i = 0; i < count; i++)
            for (int v = 0; v < 2; v++) {
                const REAL *x = a[i] + k + v * LANES, *y = b[i] + k + v * LANES;
                const V ar = *(const V *)x, ai = *(const V *)(x + plane), br = *(const V *)y, bi = *(const V *)(y + plane);
                re[v] += ar * br - ai * bi;
                im[v] += ar * bi + ai * br;
            }
        for (int v = 0; v < 2; v++)
            *(V *)(sum + k + v * LANES) = re[v], *(V *)(sum + plane + k + v * LANES) = im[v];
    }
    mrt_fft_product_bin(a, b, count, plane, points / 2, sum);
}

static inline MrtFftPasses<REAL> NAME(mrt_fft_passes)(void)
{
    const MrtFftPasses<REAL> passes = {NAME(mrt_fft_begin), NAME(mrt_fft_begin_real), NAME(mrt_fft_middle), NAME(mrt_fft_end),
                                 NAME(mrt_fft_end_real), NAME(mrt_fft_apart), NAME(mrt_fft_together), NAME(mrt_fft_products)};
    return passes;
}

#undef REAL
#undef V
#undef LANES
#undef NAME
#undef TARGET
#undef EVEN
#undef ODD
#undef LOW
#undef HIGH
#undef BACK
