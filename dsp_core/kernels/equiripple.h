/* Symmetrical low-passes whose ripple is the same everywhere, hence as short as can be: the exchange of Remez (Parks and McClellan,
   1972), with the amplitude as a polynomial in cos(w) through its extrema, in barycentric form (McClellan, Parks, Rabiner, 1973).
   For the control thread. Frequencies are shares of the rate. */
#pragma once
#include <math.h>

enum {
    MRT_EQ_PAIRS = 128,                      /* pairs of taps in the longest filter */
    MRT_EQ_EXTREMA = MRT_EQ_PAIRS + 2,
    MRT_EQ_DENSE = 10,                       /* points of the grid per extremum */
    MRT_EQ_GRID = MRT_EQ_DENSE * (MRT_EQ_PAIRS + 3),
    MRT_EQ_ROUNDS = 40                       /* of the exchange; ten are usual */
};

typedef struct {
    int middle;                              /* a tap of its own between the pairs, else they stand half a point to its sides */
    double pass, stop;                       /* edges; no stop band from 1/2 on */
    double box;                              /* points over which somebody averages: the passband makes that good */
    double pass_ripple, stop_ripple;         /* largest errors, linear */
} MrtEquiripple;

typedef struct {
    int count, passed;                       /* points of the grid, those in the passband */
    double x[MRT_EQ_GRID], wanted[MRT_EQ_GRID], heavy[MRT_EQ_GRID], error[MRT_EQ_GRID];
    int extrema, at[MRT_EQ_EXTREMA];
    double pole[MRT_EQ_EXTREMA], value[MRT_EQ_EXTREMA], share[MRT_EQ_EXTREMA];
    double ripple;                           /* that the extrema have, times the weight */
} MrtExchange;

/* A filter without a middle tap is cos(w / 2) times a polynomial in cos(w). */
static inline double mrt_eq_factor(const MrtEquiripple *e, double f) { return e->middle ? 1.0 : cos(M_PI * f); }

static inline void mrt_eq_point(const MrtEquiripple *e, MrtExchange *m, double f, int passed)
{
    const double factor = mrt_eq_factor(e, f), a = M_PI * f * e->box;
    m->x[m->count] = cos(2.0 * M_PI * f);
    m->wanted[m->count] = passed ? (a > 0.0 ? a / sin(a) : 1.0) / factor : 0.0;
    m->heavy[m->count++] = factor / (passed ? e->pass_ripple : e->stop_ripple);
}

static inline void mrt_eq_band(const MrtEquiripple *e, MrtExchange *m, double from, double to, double step, int passed)
{
    const int steps = (int)ceil((to - from) / step);
    for (int i = 0; i <= steps; i++)
        mrt_eq_point(e, m, from + (to - from) * i / steps, passed);
}

static inline void mrt_eq_grid(const MrtEquiripple *e, MrtExchange *m)
{
    const double top = e->middle ? 0.5 : 0.4999, stop = e->stop < top ? top - e->stop : 0.0;
    const double step = (e->pass + stop) / (MRT_EQ_DENSE * (m->extrema - 1));
    m->count = 0;
    mrt_eq_band(e, m, 0.0, e->pass, step, 1);
    m->passed = m->count;
    if (stop > 0.0)
        mrt_eq_band(e, m, e->stop, top, step, 0);
    for (int k = 0; k < m->extrema; k++)
        m->at[k] = (int)((double)k * (m->count - 1) / (m->extrema - 1));
}

/* The polynomial that errs by the same everywhere at the extrema, up and down by turns. */
static inline void mrt_eq_level(MrtExchange *m)
{
    double over = 0.0, under = 0.0;
    for (int k = 0; k < m->extrema; k++)
        m->pole[k] = m->x[m->at[k]];
    for (int k = 0; k < m->extrema; k++) {
        double product = 1.0;
        for (int i = 0; i < m->extrema; i++)
            product *= i == k ? 1.0 : 2.0 * (m->pole[k] - m->pole[i]);
        m->share[k] = 1.0 / product;
        over += m->share[k] * m->wanted[m->at[k]];
        under += m->share[k] * (k % 2 ? -1.0 : 1.0) / m->heavy[m->at[k]];
    }
    m->ripple = over / under;
    for (int k = 0; k < m->extrema; k++)
        m->value[k] = m->wanted[m->at[k]] - (k % 2 ? -m->ripple : m->ripple) / m->heavy[m->at[k]];
}

static inline double mrt_eq_value(const MrtExchange *m, double x)
{
    double over = 0.0, under = 0.0;
    for (int k = 0; k < m->extrema; k++) {
        const double apart = x - m->pole[k];
        if (apart == 0.0)
            return m->value[k];
        const double part = m->share[k] / apart;
        over += part * m->value[k];
        under += part;
    }
    return over / under;
}

static inline int mrt_eq_peak(const MrtExchange *m, int i)
{
    const double e = m->error[i], sign = e < 0.0 ? -1.0 : 1.0;
    const int first = i == 0 || i == m->passed, last = i == m->passed - 1 || i == m->count - 1;
    return (first || sign * m->error[i - 1] <= sign * e) && (last || sign * m->error[i + 1] < sign * e);
}

/* New extrema where the error peaks. 0 if there are too few of them. */
static inline int mrt_eq_exchange(MrtExchange *m)
{
    int found[MRT_EQ_GRID], n = 0, from = 0;
    for (int i = 0; i < m->count; i++) {
        if (!mrt_eq_peak(m, i))
            continue;
        if (n > 0 && (m->error[found[n - 1]] < 0.0) == (m->error[i] < 0.0)) {
            if (fabs(m->error[i]) > fabs(m->error[found[n - 1]]))
                found[n - 1] = i;
        } else
            found[n++] = i;
    }
    for (; n - from > m->extrema;) {
        if (fabs(m->error[found[from]]) < fabs(m->error[found[n - 1]]))
            from++;
        else
            n--;
    }
    if (n - from < m->extrema)
        return 0;
    for (int k = 0; k < m->extrema; k++)
        m->at[k] = found[from + k];
    return 1;
}

/* The largest error over the ripple allowed; 1 or less is good. The ripple of the extrema only grows from round to round: over 1,
   the filter is too short. */
static inline double mrt_eq_solve(const MrtEquiripple *e, MrtExchange *m)
{
    double worst = HUGE_VAL;
    mrt_eq_grid(e, m);
    for (int round = 0; round < MRT_EQ_ROUNDS; round++) {
        worst = 0.0;
        mrt_eq_level(m);
        for (int i = 0; i < m->count; i++) {
            m->error[i] = m->heavy[i] * (m->wanted[i] - mrt_eq_value(m, m->x[i]));
            worst = fabs(m->error[i]) > worst ? fabs(m->error[i]) : worst;
        }
        if (worst <= 1.0 || fabs(m->ripple) > 1.0 || !mrt_eq_exchange(m))
            break;
    }
    return worst;
}

/* Taps from the amplitude at as many frequencies; weight[k] stands at k + 1/2, or k + 1 beside a middle tap, which is given back.
   Unity gain at 0 Hz. */
static inline double mrt_eq_taps(const MrtEquiripple *e, const MrtExchange *m, double *weight, int pairs)
{
    const int taps = 2 * pairs + e->middle;
    double amplitude[MRT_EQ_PAIRS + 1], middle = 0.0;
    for (int j = 0; 2 * j < taps; j++) {
        const double f = (double)j / taps;
        amplitude[j] = mrt_eq_factor(e, f) * mrt_eq_value(m, cos(2.0 * M_PI * f));
    }
    for (int k = e->middle ? -1 : 0; k < pairs; k++) {
        double sum = 1.0;
        for (int j = 1; 2 * j < taps; j++)
            sum += 2.0 * amplitude[j] / amplitude[0] * cos(2.0 * M_PI * j * (k + (e->middle ? 1.0 : 0.5)) / taps);
        (k < 0 ? middle : weight[k]) = sum / taps;
    }
    return middle;
}

/* The shortest filter that keeps to both ripples, or the longest there is. Gives the number of its pairs. */
static inline int mrt_equiripple(const MrtEquiripple *e, double *weight, double *middle)
{
    MrtExchange m;
    const double stop_ripple = e->stop < 0.5 ? e->stop_ripple : e->pass_ripple, stop = e->stop < 0.5 ? e->stop : 1.0 - e->pass;
    const double about = (-10.0 * log10(e->pass_ripple * stop_ripple) - 13.0) / (14.6 * (stop - e->pass)); /* Kaiser, 1974 */
    int pairs = (int)(0.5 * about) - 1;
    pairs = pairs < 3 ? 3 : pairs;
    for (;; pairs++) {
        pairs = pairs > MRT_EQ_PAIRS ? MRT_EQ_PAIRS : pairs;
        m.extrema = pairs + 1 + e->middle;
        if (mrt_eq_solve(e, &m) <= 1.0 || pairs == MRT_EQ_PAIRS)
            break;
    }
    *middle = mrt_eq_taps(e, &m, weight, pairs);
    return pairs;
}
