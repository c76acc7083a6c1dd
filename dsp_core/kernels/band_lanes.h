/* The detectors of band_dynamics.h in vectors of four, for one target, which NAME (adds its suffix) and TARGET name. The compiler does not
   see a maximum in a comparison of vectors, and would go from plane to lane one by one. */

TARGET MRT_INLINE void NAME(mrt_turn)(__m256d *row)      /* rows to columns */
{
    const __m256d a = _mm256_unpacklo_pd(row[0], row[1]), b = _mm256_unpackhi_pd(row[0], row[1]);
    const __m256d c = _mm256_unpacklo_pd(row[2], row[3]), d = _mm256_unpackhi_pd(row[2], row[3]);
    row[0] = _mm256_permute2f128_pd(a, c, 0x20), row[1] = _mm256_permute2f128_pd(b, d, 0x20);
    row[2] = _mm256_permute2f128_pd(a, c, 0x31), row[3] = _mm256_permute2f128_pd(b, d, 0x31);
}

TARGET MRT_INLINE __m256d NAME(mrt_move_quad)(MrtMoveQuad *m, __m256d wanted)
{
    const __m256d leak = _mm256_set1_pd(MRT_MOVE_LEAK_DB), least = _mm256_set1_pd(MRT_MOVE_LEAST_DB);
    const __m256d back = m->held_fall * m->held + ((1.0 - m->held_fall) * wanted - leak);
    m->held = _mm256_max_pd(back, wanted);
    const __m256d rising = m->soft_rise * m->soft + ((1.0 - m->soft_rise) * m->held - leak);
    const __m256d falling = m->soft_fall * m->soft + ((1.0 - m->soft_fall) * m->held - leak);
    m->soft = _mm256_min_pd(rising, falling);
    return _mm256_max_pd(m->soft, least) - least;
}

/* Four frames of four lanes. */
TARGET MRT_INLINE void NAME(mrt_move_four)(MrtMoveQuad *m, double **lane, int i)
{
    __m256d row[4];
    for (int l = 0; l < 4; l++)
        row[l] = _mm256_loadu_pd(lane[l] + i);
    NAME(mrt_turn)(row);
    for (int k = 0; k < 4; k++)
        row[k] = NAME(mrt_move_quad)(m, row[k]);
    NAME(mrt_turn)(row);
    for (int l = 0; l < 4; l++)
        _mm256_storeu_pd(lane[l] + i, row[l]);
}

TARGET MRT_INLINE void NAME(mrt_move_one)(MrtMoveQuad *m, double **lane, int i)
{
    const __m256d out = NAME(mrt_move_quad)(m, (__m256d){lane[0][i], lane[1][i], lane[2][i], lane[3][i]});
    for (int l = 0; l < 4; l++)
        lane[l][i] = out[l];
}

/* `quads`: 1 or 2. */
TARGET MRT_INLINE void NAME(mrt_move_on)(MrtMoveQuad *q, double **lane, int quads, int frames)
{
    int i = 0;
    for (; i + 4 <= frames; i += 4)
        for (int k = 0; k < quads; k++)
            NAME(mrt_move_four)(&q[k], lane + 4 * k, i);
    for (; i < frames; i++)
        for (int k = 0; k < quads; k++)
            NAME(mrt_move_one)(&q[k], lane + 4 * k, i);
}

/* `lanes` is up to 8; the planes of lanes without a use may be one and the same. */
TARGET static void NAME(mrt_moves)(MrtMoves *m, double **lane, int lanes, int frames)
{
    MrtMoveQuad q[2];
    mrt_move_quad_load(&q[0], m, 0);
    mrt_move_quad_load(&q[1], m, 4);
    if (lanes <= 4)
        NAME(mrt_move_on)(q, lane, 1, frames);
    else
        NAME(mrt_move_on)(q, lane, 2, frames);
    mrt_move_quad_store(&q[0], m, 0);
    mrt_move_quad_store(&q[1], m, 4);
}

#undef NAME
#undef TARGET
