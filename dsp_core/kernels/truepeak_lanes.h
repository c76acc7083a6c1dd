/* The true-peak detector for one width of vector. truepeak.h includes this file once per width, after it has defined V (the
   vector), LANES, WIDE (vectors done at once), MAX, MIN, ABS, NAME (adds the width's suffix) and TARGET.

   A lane is a frame: each result is the same sequence of operations wherever it stands in a call, so no cut of the stream can
   change a bit. All is done in whole groups of LANES * WIDE frames; what is made beyond the last frame is not used. */

#define MRT_AT(p) (*(const V *)(p))          /* V is declared unaligned and may_alias */
#if defined(__GNUC__)
#define MRT_ALWAYS inline __attribute__((always_inline))
#else
#define MRT_ALWAYS inline
#endif

/* out[i] = sum over k of weight[k] * (x[i - k] + x[i + 1 + k]): the first doubling, between x[i] and x[i + 1]. Taps a stride
   apart follow each other, whatever the width: of wide vectors most of what the next one needs is then loaded already. */
TARGET static MRT_ALWAYS void NAME(mrt_tp_halve)(const float *x, const float *weight, const int pairs, float *out, int frames)
{
    enum { NEXT = MRT_TP_STRIDE / LANES, FRESH = NEXT < WIDE ? NEXT : WIDE };
    for (int i = 0; i < frames; i += LANES * WIDE) {
        V sum[WIDE] = {};
        for (int first = 0; first < MRT_TP_STRIDE; first++) {
            const float *l = x + i - first, *r = x + i + 1 + first;
            V left[WIDE], right[WIDE];
            for (int b = 0; b < WIDE; b++)
                left[b] = MRT_AT(l + b * LANES), right[b] = MRT_AT(r + b * LANES);
            for (int k = 0; k < pairs; k += MRT_TP_STRIDE) {
                const V w = V{} + weight[first + k];
                for (int b = 0; b < WIDE; b++)
                    sum[b] += w * (left[b] + right[b]);
                if (k + MRT_TP_STRIDE == pairs)
                    break;
                for (int b = WIDE - 1; b >= NEXT; b--)
                    left[b] = left[b - NEXT], right[WIDE - 1 - b] = right[WIDE - 1 - b + NEXT];
                for (int b = 0; b < FRESH; b++) {
                    left[b] = MRT_AT(l - k - MRT_TP_STRIDE + b * LANES);
                    right[WIDE - 1 - b] = MRT_AT(r + k + MRT_TP_STRIDE + (WIDE - 1 - b) * LANES);
                }
            }
        }
        for (int b = 0; b < WIDE; b++)
            *(V *)(out + i + b * LANES) = sum[b];
    }
}

/* out[i] = sum over k of weight[k] * (line[left[k] + i] + line[right[k] + i]): a later doubling. */
TARGET static inline void NAME(mrt_tp_fold)(const float *line, const short *left, const short *right, const float *weight,
                                            float *out, int frames)
{
    for (int i = 0; i < frames; i += LANES * WIDE) {
        V sum[WIDE] = {};
        for (int k = 0; k < MRT_TP_NARROW; k++) {
            const float *l = line + left[k] + i, *r = line + right[k] + i;
            const V w = V{} + weight[k];
            for (int b = 0; b < WIDE; b++)
                sum[b] += w * (MRT_AT(l + b * LANES) + MRT_AT(r + b * LANES));
        }
        for (int b = 0; b < WIDE; b++)
            *(V *)(out + i + b * LANES) = sum[b];
    }
}

/* A local maximum of magnitude c is lifted to the top of the sinusoid through it and its neighbours: c sqrt(1 + y) with
   y = (l - r)^2 / (d (4 c - d)), d = 2 c - l - r. y is at most 1, and small wherever three points describe a peak at all, so two
   terms of the root do. A parabola reads up to 0.06 dB low at 0.465 of the sample rate, this 0.02 dB.
   Of two neighbours one at most is such a maximum (of equal ones the first is taken): one division for both.
   early[i]: the largest of the points from frame i to half a frame later; late[i]: from there to frame i + 1. */
TARGET static inline void NAME(mrt_tp_tops)(const float *line, const short *plane, int factor, float *early, float *late,
                                            int frames)
{
    for (int i = 0; i < frames; i += LANES) {
        V last = ABS(MRT_AT(line + plane[factor - 1] + i - 1)), one = ABS(MRT_AT(line + plane[0] + i)), first = {}, second = {};
        for (int k = 0; k < factor; k += 2) {
            const V two = ABS(MRT_AT(line + plane[k + 1] + i));
            const V after = ABS(k + 2 < factor ? MRT_AT(line + plane[k + 2] + i) : MRT_AT(line + plane[0] + i + 1));
            const V before = one - last, between = one - two, behind = two - after;
            const V rise = MIN(before, between) >= 0.0f ? before : -between, fall = MIN(before, between) >= 0.0f ? between : behind;
            const V top = MIN(before, between) >= 0.0f ? one : two;
            const V lean = rise - fall, drop = rise + fall;
            const V y = lean * lean / MAX(drop * (4.0f * top - drop), V{} + 1e-37f);
            const V lift = MIN(rise, fall) >= 0.0f ? y * (0.5f - 0.125f * y) : V{};
            const V peak = top * lift + top, either = MAX(peak, one);
            if (2 * k < factor)
                first = MAX(first, either);
            else
                second = MAX(second, either);
            if (2 * k == factor)
                first = MAX(first, MIN(before, between) >= 0.0f ? peak : one);
            last = two;
            one = after;
        }
        *(V *)(early + i) = first;
        *(V *)(late + i) = second;
    }
}

/* Largest of n magnitudes. */
TARGET static float NAME(mrt_tp_top)(const float *x, int n)
{
    V a = {}, b = {};
    float lane[LANES], top = 0.0f;
    int i = 0;
    for (; i + 2 * LANES <= n; i += 2 * LANES)
        a = MAX(MRT_AT(x + i), a), b = MAX(MRT_AT(x + i + LANES), b);
    *(V *)lane = MAX(a, b);
    for (int k = 0; k < LANES; k++)
        top = lane[k] > top ? lane[k] : top;
    for (; i < n; i++)
        top = x[i] > top ? x[i] : top;
    return top;
}

/* See mrt_tp_run in truepeak.h. */
TARGET static void NAME(mrt_tp_run)(const MrtTruePeak *p, float *kept, const double *x, float *peak, int frames)
{
    float line[MRT_TP_MOST * MRT_TP_LINE], early[MRT_TP_LINE], late[MRT_TP_LINE];
    float *now = line + MRT_TP_PAST, *edge = kept + MRT_TP_PAST;
    memcpy(line, kept, MRT_TP_PAST * sizeof(float));
    for (int i = 0; i < frames; i++) {
        double low = x[i] < 1e15 ? x[i] : 1e15;
        now[i] = (float)(low > -1e15 ? low : -1e15);
    }
    memset(now + frames, 0, MRT_TP_PAD * sizeof(float));
    for (int k = 1; k < p->factor; k++)
        memcpy(line + p->fresh[k] - MRT_TP_KEPT, edge + k * MRT_TP_KEPT, MRT_TP_KEPT * sizeof(float));
    if (p->pairs == MRT_TP_WIDE)
        NAME(mrt_tp_halve)(now - MRT_TP_WIDE, p->wide, MRT_TP_WIDE, line + p->fresh[p->order[0]], frames);
    else
        NAME(mrt_tp_halve)(now - MRT_TP_SHORT, p->wide, MRT_TP_SHORT, line + p->fresh[p->order[0]], frames);
    for (int f = 1; f < p->factor - 1; f++)
        NAME(mrt_tp_fold)(line, p->left[f], p->right[f], p->narrow, line + p->fresh[p->order[f]], frames);
    late[0] = *edge;
    NAME(mrt_tp_tops)(line, p->plane, p->factor, early, late + 1, frames);
    for (int i = 0; i < frames; i++)
        peak[i] = early[i] > late[i] ? early[i] : late[i];
    *edge = late[frames];
    memcpy(kept, line + frames, MRT_TP_PAST * sizeof(float));
    for (int k = 1; k < p->factor; k++)
        memcpy(edge + k * MRT_TP_KEPT, line + p->fresh[k] + frames - MRT_TP_KEPT, MRT_TP_KEPT * sizeof(float));
}

#undef MRT_AT
#undef MRT_ALWAYS
#undef V
#undef LANES
#undef WIDE
#undef MAX
#undef MIN
#undef ABS
#undef NAME
#undef TARGET
