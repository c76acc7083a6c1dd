/* The filters of oversample.h for one width of vector: V (the vector, unaligned and may_alias), LANES, WIDE (most vectors done at once),
   NAME (adds the width's suffix) and TARGET are defined by the header that includes this; ROWS where a vector is as wide as the stride
   of a row and there are registers for all of them. */

/* `wide` vectors from frame i on. */
TARGET MRT_INLINE void NAME(mrt_os_part)(const MrtOsFilter *f, const double *weight, double *line, int i, const int wide)
{
    V sum[WIDE] = {};
#ifdef ROWS
    for (int first = 0, row; first < f->pairs; first += row) {
        V left[WIDE], right[WIDE];
        row = f->row[first];
        for (int b = 0; b < wide; b++) {
            left[b] = *(const V *)(line + f->left[first] + i + b * LANES);
            right[b] = *(const V *)(line + f->right[first] + i + b * LANES);
        }
        for (int k = first;; k++) {
            const V w = V{} + weight[f->tap[k]];
            for (int b = 0; b < wide; b++)
                sum[b] += w * (left[b] + right[b]);
            if (k + 1 == first + row)
                break;
            for (int b = wide - 1; b > 0; b--)
                left[b] = left[b - 1], right[wide - 1 - b] = right[wide - b];
            left[0] = *(const V *)(line + f->left[k + 1] + i);
            right[wide - 1] = *(const V *)(line + f->right[k + 1] + i + (wide - 1) * LANES);
        }
    }
#else
    for (int k = 0; k < f->pairs; k++) {
        const double *l = line + f->left[k] + i, *r = line + f->right[k] + i;
        const V w = V{} + weight[f->tap[k]];
        for (int b = 0; b < wide; b++)
            sum[b] += w * (*(const V *)(l + b * LANES) + *(const V *)(r + b * LANES));
    }
#endif
    for (int b = 0; b < wide; b++) {
        if (f->centre >= 0)
            sum[b] += f->middle * *(const V *)(line + f->centre + i + b * LANES);
        *(V *)(line + f->out + i + b * LANES) = sum[b];
    }
}

/* In whole vectors; what is made beyond the last frame, fewer than MRT_OS_PAD, is not used. */
TARGET static void NAME(mrt_os_filters)(const MrtOsLines *l, const double *weight, double *line, int frames)
{
    for (int n = 0; n < l->filters; n++) {
        const MrtOsFilter *f = &l->filter[n];
        int i = 0;
#ifdef ROWS
        for (; frames - i > LANES * WIDE / 2; i += LANES * WIDE)
            NAME(mrt_os_part)(f, weight + f->weight, line, i, WIDE);
        for (; i < frames; i += LANES * WIDE / 2)
            NAME(mrt_os_part)(f, weight + f->weight, line, i, WIDE / 2);
#else
        for (; i < frames; i += LANES * WIDE)
            NAME(mrt_os_part)(f, weight + f->weight, line, i, WIDE);
#endif
    }
}

#undef V
#undef LANES
#undef WIDE
#undef ROWS
#undef NAME
#undef TARGET
