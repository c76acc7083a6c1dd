/* The clipper of clip.h for one width of vector: V (the vector, unaligned and may_alias), I (whole numbers as wide), LANES, ANY(I) (is
   any lane not 0), NAME (adds the width's suffix) and TARGET are defined by the header that includes this. */

TARGET MRT_INLINE V NAME(mrt_clip_magnitude)(V x) { return (V)((I)x & 0x7fffffffffffffffll); }

/* mrt_clip_over and mrt_clip_area, lane by lane; with no knee in any lane their terms with the knee are exactly 0. */
TARGET MRT_INLINE V NAME(mrt_clip_over)(V x, V low, V knee, V per_knee, const int hard)
{
    const V zero = {}, far = x - low, over = far > zero ? far : zero;
    if (hard)
        return over;
    const V bend = over < knee ? over : knee, t = bend * per_knee;
    return knee * (t * t * t * (1.0 - 0.5 * t)) + (over - bend);
}

TARGET MRT_INLINE V NAME(mrt_clip_area)(V x, V low, V knee, V per_knee, const int hard)
{
    const V zero = {}, far = x - low, over = far > zero ? far : zero;
    if (hard)
        return 0.5 * over * over;
    const V bend = over < knee ? over : knee, t = bend * per_knee, line = over - bend;
    return knee * knee * (t * t * t * t * (0.25 - 0.1 * t)) + 0.5 * line * (knee + line);
}

/* Where no lane reaches the knee, nothing is added, and most of a sound is passed by. */
TARGET MRT_INLINE void NAME(mrt_clip_body)(const MrtClipShape *s, const double *before, const double *now, double *added, int frames,
                                           const int hard)
{
    int i = 0;
    for (; i + LANES <= frames; i += LANES) {
        const V knee = *(const V *)(s->knee + i), per_knee = *(const V *)(s->per_knee + i), scale = *(const V *)(s->per_ceiling + i);
        const V a = *(const V *)(now + i) * scale, b = *(const V *)(before + i) * scale, low = 1.0 - 0.5 * knee;
        const V top = NAME(mrt_clip_magnitude)(a), last = NAME(mrt_clip_magnitude)(b);
        if (!ANY((I)(top > low) | (I)(last > low)))
            continue;
        const V apart = a - b, one = V{} + 1.0;
        const I close = (I)(NAME(mrt_clip_magnitude)(apart) < MRT_CLIP_CLOSE);
        V mean = (NAME(mrt_clip_area)(last, low, knee, per_knee, hard) - NAME(mrt_clip_area)(top, low, knee, per_knee, hard))
                 / (close ? one : apart);
        if (ANY(close)) {
            const V half = 0.5 * (a + b);
            const V there = NAME(mrt_clip_over)(NAME(mrt_clip_magnitude)(half), low, knee, per_knee, hard);
            mean = close ? (half > 0.0 ? -there : there) : mean;
        }
        *(V *)(added + i) += *(const V *)(s->ceiling + i) * mean;
    }
    for (; i < frames; i++)
        mrt_clip_point(s, before, now, added, i);
}

TARGET static void NAME(mrt_clip)(const MrtClipShape *s, const double *before, const double *now, double *added, int frames)
{
    if (s->hard)
        NAME(mrt_clip_body)(s, before, now, added, frames, 1);
    else
        NAME(mrt_clip_body)(s, before, now, added, frames, 0);
}

#undef V
#undef I
#undef LANES
#undef ANY
#undef NAME
#undef TARGET
