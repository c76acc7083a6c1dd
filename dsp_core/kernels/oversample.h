/* Oversampling of what a nonlinearity does to a sound, with linear phase.

   Up: the rate is doubled again and again by half-band filters. Between: for every point of the fine grid the caller puts down
   what its nonlinearity adds, averaged from the point before to this one (antiderivative anti-aliasing of first order). Down: the
   same steps back. The first has an even number of taps, which makes good the half point by which the averages lie early, and the
   droop of averaging. The last is no half-band, which would fold what lies just over half the rate to just under it: it stops at
   half the rate. The caller adds the result to the sound, delayed: where nothing is added, nothing is filtered.

   With minimum phase (oversample_minimum.h) the way up and down is short, but bends the phase, and a sound beside it would not fit
   what is added. So there the sound itself makes the journey, half a point later by interpolation; `mrt_os_ground` puts it down.

   The fine grid lies in planes: plane k holds the points k / factor after each frame. So every filter is one loop over frames that
   are side by side, a lane is a frame, and each result is the same sequence of operations wherever it stands in a call: no cut of
   the stream and no width of vectors can change a bit. Nothing is fused.

   Ripples are alike everywhere (equiripple.h): -130 dB, for the last step -104 dB. The passband is 20 kHz, or 0.36 of high rates; of low ones 0.4535 up, 0.43 down. */
#pragma once
#include <math.h>
#include <stddef.h>
#include <string.h>
#include "dsp_core/kernels/cpu.h"
#include "dsp_core/kernels/equiripple.h"
#include "dsp_core/kernels/fastmath.h"
#include "dsp_core/kernels/oversample_minimum.h"

enum {
    MRT_OS_FRAMES = 64,                      /* most frames per call: a plane stays in the first cache */
    MRT_OS_PAD = 32,                         /* frames that a group of vectors may run over the end */
    MRT_OS_MOST = 16,                        /* largest factor */
    MRT_OS_STEPS = 4,                        /* doublings that make it */
    MRT_OS_PAIRS = MRT_EQ_PAIRS,
    MRT_OS_LINES = 2 * MRT_OS_MOST,
    MRT_OS_UP = 3072,                        /* doubles: the lines on the way up, with their past */
    MRT_OS_DOWN = 4608,                      /* on the way down */
    MRT_OS_HALF_TAPS = 6,                    /* of the interpolation by half a point */
    MRT_OS_HALF_PAST = 6,                    /* frames that it reaches back, and more */
    MRT_OS_RINGING = 320,                    /* frames after which nothing is left of what went through the minimum phase filters */
    MRT_OS_WIDE = MRT_CPU_AVX2 + 1,          /* the build with 512 bits */
    MRT_OS_STRIDE = 8                        /* frames between the taps of a row: the lanes of the widest vector */
};

/* out[i] = middle centre[i] + sum over k of w (line[left[k] + i] + line[right[k] + i]) with w = weight[tap[k]]. Taps that lie a stride
   apart follow each other in a row: of wide vectors most of what the next one needs is then loaded already. */
typedef struct {
    int out, centre, pairs;                  /* places in the lines; a centre of -1 is none */
    int weight;                              /* where they begin */
    double middle;
    int left[MRT_OS_PAIRS], right[MRT_OS_PAIRS], tap[MRT_OS_PAIRS];
    int row[MRT_OS_PAIRS];                   /* where a row begins: its length */
} MrtOsFilter;

/* Planes one after the other: `past` frames from the calls before, then the new ones, then room. */
typedef struct {
    int count, filters;
    int late[MRT_OS_LINES];                  /* frames by which the new ones lie before the call's */
    int past[MRT_OS_LINES];
    int at[MRT_OS_LINES];                    /* place of the first new frame */
    size_t kept;                             /* doubles of memory between calls, zero at the start */
    size_t size;                             /* doubles of all lines */
    MrtOsFilter filter[MRT_OS_MOST];
} MrtOsLines;

typedef struct MrtOversampler {
    int factor, delay;                       /* delay: frames from a sample to what is added to it */
    int tail;                                /* frames after which nothing that was added is left on the way down */
    int minimum;                             /* the sound itself comes back too; `delay` is that of low frequencies */
    MrtOsLines up, down;
    int point[MRT_OS_MOST + 1];              /* places in `up`: the point before the first, then all of them, for the same frames */
    int bent[MRT_OS_MOST];                   /* places in `down` where the caller puts what is added between them */
    double weight[(2 * MRT_OS_STEPS + 2) * MRT_OS_PAIRS];   /* up, down, first and last step down */
    void (*filters)(const MrtOsLines *, const double *weight, double *line, int frames);
    MrtHalfBand half[MRT_OS_STEPS];          /* minimum phase only, as is the rest */
    int half_at[MRT_OS_STEPS];               /* where their memory is behind the lines' */
    size_t up_memory;
    int sound[MRT_OS_MOST][MRT_OS_HALF_TAPS]; /* places in `up` for the interpolation */
} MrtOversampler;

#define V double
#define LANES 1
#define WIDE 1
#define NAME(f) f##_plain
#define TARGET
#include "dsp_core/kernels/oversample_lanes.h"

#if defined(__GNUC__)
typedef double mrt_o2 __attribute__((vector_size(16), aligned(8), may_alias));
#define V mrt_o2
#define LANES 2
#define WIDE 8
#define NAME(f) f##_portable
#define TARGET
#include "dsp_core/kernels/oversample_lanes.h"
#endif

#if MRT_X86
typedef double mrt_o4 __attribute__((vector_size(32), aligned(8), may_alias));
#define V mrt_o4
#define LANES 4
#define WIDE 8
#define NAME(f) f##_avx2
#define TARGET __attribute__((target("avx2")))
#include "dsp_core/kernels/oversample_lanes.h"

typedef double mrt_o8 __attribute__((vector_size(64), aligned(8), may_alias));
#define V mrt_o8
#define LANES 8
#define WIDE 8
#define ROWS
#define NAME(f) f##_wide
#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl")))
#include "dsp_core/kernels/oversample_lanes.h"
#endif

/* ---- the way up and down, for the audio thread; `line` is `size` doubles of the caller's stack ---- */

static inline void mrt_os_load(const MrtOsLines *l, const double *kept, double *line)
{
    for (int k = 0; k < l->count; k++) {
        memcpy(line + l->at[k] - l->past[k], kept, l->past[k] * sizeof(double));
        kept += l->past[k];
    }
}

static inline void mrt_os_keep(const MrtOsLines *l, double *kept, const double *line, int frames)
{
    for (int k = 0; k < l->count; k++) {
        memcpy(kept, line + l->at[k] + frames - l->past[k], l->past[k] * sizeof(double));
        kept += l->past[k];
    }
}

static inline int mrt_os_doublings(int points)
{
    int n = 0;
    while (1 << n < points)
        n++;
    return n;
}

static inline void mrt_os_journey(const MrtOversampler *p, const MrtOsLines *l, double *memory, double *line, int up, int frames)
{
    double *plane[MRT_OS_MOST];
    for (int k = 0; k < p->factor; k++)
        plane[k] = line + l->at[k];
    for (int points = 1, s = 0; up && points < p->factor; points *= 2, s++)
        mrt_half_band(&p->half[s], memory + p->half_at[s], plane, points, p->factor / points, 1, frames);
    for (int points = p->factor / 2, s = mrt_os_doublings(p->factor) - 1; !up && points; points /= 2, s--)
        mrt_half_band(&p->half[s], memory + p->half_at[s], plane, points, p->factor / points, 0, frames);
}

/* x: at most MRT_OS_FRAMES frames. Afterwards the points stand in `line`. */
static inline void mrt_os_up(const MrtOversampler *p, double *kept, const double *x, double *line, int frames)
{
    mrt_os_load(&p->up, kept, line);
    memcpy(line + p->up.at[0], x, frames * sizeof(double));
    memset(line + p->up.at[0] + frames, 0, MRT_OS_PAD * sizeof(double));
    if (p->minimum)
        mrt_os_journey(p, &p->up, kept + p->up_memory, line, 1, frames);
    else
        p->filters(&p->up, p->weight, line, frames);
    mrt_os_keep(&p->up, kept, line, frames);
}

/* Begins the way down: the planes to which the caller adds hold the sound with minimum phase (unless `up` is null), else nothing. */
static inline void mrt_os_ground(const MrtOversampler *p, const double *kept, const double *up, double *down, int frames)
{
    mrt_os_load(&p->down, kept, down);
    for (int k = 0; k < p->factor; k++) {
        double *out = down + p->bent[k];
        const int *at = p->sound[k];
        memset(out, 0, frames * sizeof(double));
        if (p->minimum && up)
            for (int i = 0; i < frames; i++)
                out[i] = (150.0 * (up[at[2] + i] + up[at[3] + i]) - 25.0 * (up[at[1] + i] + up[at[4] + i])
                          + 3.0 * (up[at[0] + i] + up[at[5] + i])) * (1.0 / 256.0);
    }
}

/* After `ground`, and when the caller has added what it adds. out[i] belongs to the frame `delay` before frame i. */
static inline void mrt_os_down(const MrtOversampler *p, double *kept, double *line, double *out, int frames)
{
    for (int k = 0; k < p->factor; k++)
        memset(line + p->bent[k] + frames, 0, MRT_OS_PAD * sizeof(double));
    if (p->minimum)
        mrt_os_journey(p, &p->down, kept, line, 0, frames);
    else
        p->filters(&p->down, p->weight, line, frames);
    memcpy(out, line + p->down.at[p->minimum ? 0 : p->down.count - 1], frames * sizeof(double));
    mrt_os_keep(&p->down, kept, line, frames);
}

/* ---- the plan, for the control thread ---- */

static inline int mrt_floor_div(int a, int b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }

/* A tap on line `from`, `frames` later than what is made: while planning, a place is line * 4096 + frames + 2048. */
static inline int mrt_os_tap(int from, int frames) { return from * 4096 + frames + 2048; }
static inline int mrt_os_line(int tap) { return tap / 4096; }
static inline int mrt_os_step(int tap) { return tap % 4096 - 2048; }

static inline void mrt_os_reach(MrtOsLines *l, int tap, int late)
{
    const int line = mrt_os_line(tap), back = late - l->late[line] - mrt_os_step(tap);
    if (back > l->past[line])
        l->past[line] = back;
}

/* Line `out` is made by filter f: as late as its latest tap, and every line keeps as much past as it asks for. */
static inline void mrt_os_settle(MrtOsLines *l, MrtOsFilter *f, int out)
{
    int late = 0;
    for (int k = 0; k < f->pairs; k++) {
        const int known = l->late[mrt_os_line(f->right[k])] + mrt_os_step(f->right[k]);
        late = known > late ? known : late;
    }
    for (int k = 0; k < f->pairs; k++) {
        mrt_os_reach(l, f->left[k], late);
        mrt_os_reach(l, f->right[k], late);
    }
    if (f->centre >= 0)
        mrt_os_reach(l, f->centre, late);
    l->late[out] = late;
    f->out = out;
}

/* Put the taps, which have their places, into rows. */
static inline void mrt_os_make_rows(MrtOsFilter *f)
{
    const MrtOsFilter from = *f;
    int used[MRT_OS_PAIRS] = {0}, count = 0;
    for (int first = 0; first < from.pairs; first++) {
        const int begin = count;
        for (int k = first; k < from.pairs; k++) {
            const int far = MRT_OS_STRIDE * (count - begin);
            if (used[k] || from.left[k] != from.left[first] - far || from.right[k] != from.right[first] + far)
                continue;
            used[k] = 1;
            f->left[count] = from.left[k], f->right[count] = from.right[k], f->tap[count] = k;
            count++;
        }
        if (count > begin)
            f->row[begin] = count - begin;
    }
}

/* All lines and their pasts are known: give them places, and resolve the taps. */
static inline void mrt_os_lay_out(MrtOsLines *l)
{
    l->size = l->kept = 0;
    for (int k = 0; k < l->count; k++) {
        l->at[k] = (int)l->size + l->past[k];
        l->size += l->past[k] + MRT_OS_FRAMES + MRT_OS_PAD;
        l->kept += l->past[k];
    }
    for (int n = 0; n < l->filters; n++) {
        MrtOsFilter *f = &l->filter[n];
        const int late = l->late[f->out];
        int *taps[3] = {f->left, f->right, &f->centre};
        for (int side = 0; side < 3; side++)
            for (int k = 0; k < (side < 2 ? f->pairs : f->centre >= 0); k++) {
                const int line = mrt_os_line(taps[side][k]);
                taps[side][k] = l->at[line] + l->late[line] - late + mrt_os_step(taps[side][k]);
            }
        f->out = l->at[f->out];
        mrt_os_make_rows(f);
    }
}

static inline double mrt_os_passband(double rate, double most_share)
{
    const double most = most_share * rate, wide = 0.36 * rate > 20000.0 ? 0.36 * rate : 20000.0;
    return wide < most ? wide : most;
}

/* Each doubling makes the points between those there are. */
static inline void mrt_os_plan_up(MrtOversampler *p, const int *pairs)
{
    MrtOsLines *l = &p->up;
    l->count = p->factor;
    for (int points = 1, step = 0; points < p->factor; points *= 2, step++)
        for (int k = 0; k < points; k++) {
            MrtOsFilter *f = &l->filter[l->filters++];
            const int stride = p->factor / points;
            f->centre = -1, f->pairs = pairs[step], f->weight = step * MRT_OS_PAIRS;
            for (int j = 0; j < f->pairs; j++) {
                const int a = k - j, b = k + 1 + j, fa = mrt_floor_div(a, points), fb = mrt_floor_div(b, points);
                f->left[j] = mrt_os_tap((a - fa * points) * stride, fa);
                f->right[j] = mrt_os_tap((b - fb * points) * stride, fb);
            }
            mrt_os_settle(l, f, k * stride + stride / 2);
        }
}

/* The points that the caller's nonlinearity sees, all of the same frame. */
static inline int mrt_os_plan_points(MrtOversampler *p)
{
    MrtOsLines *l = &p->up;
    int late = 0;
    for (int k = 0; k < p->factor; k++)
        late = l->late[k] > late ? l->late[k] : late;
    for (int k = 0; k < p->factor; k++)
        mrt_os_reach(l, mrt_os_tap(k, k == p->factor - 1 ? -1 : 0), late);
    mrt_os_lay_out(l);
    for (int k = 0; k < p->factor; k++)
        p->point[k + 1] = l->at[k] + l->late[k] - late;
    p->point[0] = p->point[p->factor] - 1;
    return late;
}

/* Weights that a halving uses, and how far apart its taps lie. */
typedef struct {
    int pairs, weight, apart;
    double middle;                           /* 0: the averages between the points are taken, which lie half a point early */
} MrtOsHalving;

/* Every other point of `points` per frame, which stand in lines from `first` on, into new lines. Gives how many there are. */
static inline int mrt_os_plan_halving(MrtOsLines *l, int first, int points, const MrtOsHalving *h)
{
    const int next = points > 1 ? points / 2 : 1, even = h->middle == 0.0;
    for (int k = 0; k < next; k++) {
        MrtOsFilter *f = &l->filter[l->filters++];
        const int t = k * (points / next);
        f->centre = even ? -1 : mrt_os_tap(first + t, 0);
        f->pairs = h->pairs, f->weight = h->weight, f->middle = h->middle;
        for (int j = 0; j < f->pairs; j++) {
            const int a = even ? t - j : t - 1 - h->apart * j, b = t + 1 + h->apart * j;
            const int fa = mrt_floor_div(a, points), fb = mrt_floor_div(b, points);
            f->left[j] = mrt_os_tap(first + a - fa * points, fa);
            f->right[j] = mrt_os_tap(first + b - fb * points, fb);
        }
        mrt_os_settle(l, f, l->count + k);
    }
    l->count += next;
    return next;
}

/* Of the last `points` lines before `end`: the longest past. */
static inline int mrt_os_longest(const MrtOsLines *l, int end, int points)
{
    int longest = 0;
    for (int k = end - points; k < end; k++)
        longest = l->past[k] > longest ? l->past[k] : longest;
    return longest;
}

/* halving[s]: from 2^(s + 1) points to 2^s; halving[MRT_OS_STEPS]: the first one, whichever it is. */
static inline void mrt_os_plan_down(MrtOversampler *p, const MrtOsHalving *halving, int late)
{
    MrtOsLines *l = &p->down;
    int points, step = mrt_os_doublings(p->factor) - 1;
    l->count = p->factor;
    for (int k = 0; k < p->factor; k++)
        l->late[k] = late;
    points = mrt_os_plan_halving(l, 0, p->factor, &halving[MRT_OS_STEPS]);
    p->tail = mrt_os_longest(l, p->factor, p->factor);
    while (points > 1) {
        const int from = l->count, before = points;
        points = mrt_os_plan_halving(l, l->count - points, points, &halving[--step]);
        p->tail += mrt_os_longest(l, from, before);
    }
    p->delay = l->late[l->count - 1];
    mrt_os_lay_out(l);
    for (int k = 0; k < p->factor; k++)
        p->bent[k] = l->at[k];
}

/* Stop bands and, on the way down, what their passbands may err by: together 0.001 dB. The last stops at half the rate: a fold there
   would be heard by nobody, but seen by everybody. */
#define MRT_OS_STOP 3.2e-7                       /* -130 dB */
#define MRT_OS_LAST_STOP 6.3e-6                  /* -104 dB */
#define MRT_OS_FIRST_PASS 1e-5
#define MRT_OS_MINIMUM_STOP_DB 125.0
#define MRT_OS_LAST_PASS 5e-5

static inline void mrt_os_design_up(MrtOversampler *p, double rate, int *pairs)
{
    const double passband = mrt_os_passband(rate, 0.4535);
    double none;
    for (int s = 0; s < MRT_OS_STEPS; s++) { /* a half-band is a middle tap and every other one: those alone pass all they can */
        const double top = s ? rate - passband : passband; /* later ones also keep down the images of what the first lets by */
        const MrtEquiripple e = {0, top / (rate * (1 << s)), 0.5, 0.0, MRT_OS_STOP, 1.0};
        pairs[s] = mrt_equiripple(&e, p->weight + s * MRT_OS_PAIRS, &none);
    }
}

static inline void mrt_os_design_down(MrtOversampler *p, double rate, const int *up_pairs, MrtOsHalving *halving)
{
    const double kept = mrt_os_passband(rate, 0.43), top = rate * p->factor;
    const int last = p->factor <= 2;             /* the first step is the last, or there is none */
    MrtOsHalving *h = halving + MRT_OS_STEPS;
    for (int s = 1; s < MRT_OS_STEPS; s++) {
        halving[s] = (MrtOsHalving){up_pairs[s], (MRT_OS_STEPS + s) * MRT_OS_PAIRS, 2, 0.5};
        for (int k = 0; k < up_pairs[s]; k++)
            p->weight[halving[s].weight + k] = 0.5 * p->weight[s * MRT_OS_PAIRS + k];
    }
    const MrtEquiripple steep = {1, 0.5 * kept / rate, 0.25, 0.0, MRT_OS_LAST_PASS, MRT_OS_LAST_STOP};
    halving[0] = (MrtOsHalving){0, MRT_OS_STEPS * MRT_OS_PAIRS, 1, 0.0};
    if (!last)
        halving[0].pairs = mrt_equiripple(&steep, p->weight + halving[0].weight, &halving[0].middle);
    const MrtEquiripple first = {0, kept / top, last ? 0.5 * rate / top : 0.5 - 0.5 * rate / top, 1.0,
                                 last ? MRT_OS_LAST_PASS : MRT_OS_FIRST_PASS, last ? MRT_OS_LAST_STOP : MRT_OS_STOP};
    *h = (MrtOsHalving){0, 2 * MRT_OS_STEPS * MRT_OS_PAIRS, 1, 0.0};
    h->pairs = mrt_equiripple(&first, p->weight + h->weight, &h->middle);
}

/* Where point `t` after the first of a frame stands on the way up; t may be outside the frame. */
static inline int mrt_os_minimum_place(const MrtOversampler *p, int t)
{
    const int whole = mrt_floor_div(t, p->factor);
    return p->up.at[t - whole * p->factor] + whole;
}

/* The interpolation lies between the points 2 and 3 before the newest, and so does what is added. */
static inline void mrt_os_plan_minimum(MrtOversampler *p, double rate)
{
    const double passband = mrt_os_passband(rate, 0.4535);
    double delay = 2.5 / p->factor;
    size_t memory = 0;
    for (int s = 0; 1 << s < p->factor; s++) {
        const double top = s ? rate - passband : passband;
        mrt_half_band_design(&p->half[s], MRT_OS_MINIMUM_STOP_DB, 0.5 - 2.0 * top / (rate * (2 << s)));
        p->half_at[s] = (int)memory;
        memory += 2 * (p->half[s].sections + 1);
        delay += (2.0 * mrt_half_band_delay(&p->half[s]) - 1.0) / (2 << s);
    }
    p->up.count = p->down.count = p->factor;
    for (int k = 0; k < p->factor; k++)
        p->up.past[k] = MRT_OS_HALF_PAST;
    mrt_os_lay_out(&p->up);
    mrt_os_lay_out(&p->down);
    p->up_memory = p->up.kept;
    p->up.kept += memory;
    p->down.kept += memory;
    for (int k = 0; k < p->factor; k++) {
        p->bent[k] = p->down.at[k];
        for (int j = 0; j < MRT_OS_HALF_TAPS; j++)
            p->sound[k][j] = mrt_os_minimum_place(p, k - 5 + j);
    }
    for (int k = 0; k <= p->factor; k++)
        p->point[k] = mrt_os_minimum_place(p, k - 3);
    p->delay = (int)(delay + 0.5);
    p->tail = MRT_OS_RINGING;
}

/* factor: 1, 2, 4, 8 or 16; at 1 the phase is always linear. `build`: a level of cpu.h, MRT_OS_WIDE, or -1 for the
   plain twin. 0 if the lines have room for it. */
static inline int mrt_os_plan(MrtOversampler *p, int factor, double rate, int minimum, int build)
{
    int pairs[MRT_OS_STEPS];
    MrtOsHalving halving[MRT_OS_STEPS + 1];
    memset(p, 0, sizeof *p);
    p->factor = factor;
    p->minimum = minimum && factor > 1;
    if (p->minimum) {
        mrt_os_plan_minimum(p, rate);
        return 0;
    }
    mrt_os_design_up(p, rate, pairs);
    mrt_os_design_down(p, rate, pairs, halving);
    mrt_os_plan_up(p, pairs);
    mrt_os_plan_down(p, halving, mrt_os_plan_points(p));
    p->filters = mrt_os_filters_plain;
#if defined(__GNUC__)
    if (build >= MRT_CPU_PORTABLE)
        p->filters = mrt_os_filters_portable;
#endif
#if MRT_X86
    if (build >= MRT_CPU_AVX2)
        p->filters = build == MRT_OS_WIDE ? mrt_os_filters_wide : mrt_os_filters_avx2;
#endif
    return p->up.size > MRT_OS_UP || p->down.size > MRT_OS_DOWN;
}

/* The build that this machine is fastest with. Control thread only. */
static inline int mrt_os_build(void) { return mrt_cpu_wide() ? MRT_OS_WIDE : mrt_cpu_level(); }
