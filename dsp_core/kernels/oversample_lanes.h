/* The filters of oversample.h for one width of vector: V (the vector, unaligned and may_alias), LANES, WIDE (vectors done at once),
   NAME (adds the width's suffix) and TARGET are defined by the header that includes this. */

/* Whole groups of LANES * WIDE frames; what is made beyond the last frame is not used. */
TARGET static inline void NAME(mrt_os_filter)(const MrtOsFilter *f, const double *weight, double *line, int frames)
{
    const double *centre = f->centre >= 0 ? line + f->centre : 0;
    double *out = line + f->out;
    for (int i = 0; i < frames; i += LANES * WIDE) {
        V sum[WIDE] = {};
        for (int k = 0; k < f->pairs; k++) {
            const double *l = line + f->left[k] + i, *r = line + f->right[k] + i;
            const V w = V{} + weight[k];
            for (int b = 0; b < WIDE; b++)
                sum[b] += w * (*(const V *)(l + b * LANES) + *(const V *)(r + b * LANES));
        }
        for (int b = 0; b < WIDE; b++) {
            if (centre)
                sum[b] += f->middle * *(const V *)(centre + i + b * LANES);
            *(V *)(out + i + b * LANES) = sum[b];
        }
    }
}

TARGET static void NAME(mrt_os_filters)(const MrtOsLines *l, const double *weight, double *line, int frames)
{
    for (int n = 0; n < l->filters; n++)
        NAME(mrt_os_filter)(&l->filter[n], weight + l->filter[n].weight, line, frames);
}

#undef V
#undef LANES
#undef WIDE
#undef NAME
#undef TARGET
