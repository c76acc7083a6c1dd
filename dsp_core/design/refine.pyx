"""The coefficients of settled parameters: the closed forms, improved until the largest error in dB is as small as it gets.

Levenberg-Marquardt steps on the logarithms of the sections' numbers (so that every iterate is stable and minimum phase), inside
Lawson's reweighting, which turns least squares into least maximum. All sections of a cut are fitted together. What must be
exact is no variable: the gain at DC, the zeros of a low cut, the zero of a notch. Under a millisecond; for the control thread.

C. L. Lawson, Contributions to the Theory of Linear Least Maximum Approximations (1961); J. More, The Levenberg-Marquardt
Algorithm (1978).
"""
from libc.math cimport exp, fabs, fmax, fmin, log, pow, sqrt

from dsp_core.design.fit cimport MAX_FREE, MAX_POINTS, PART_BAND, PART_G, PART_HIGH, PART_K, PARTS, Fit, fit_setup
from dsp_core.design.section cimport Section, section_db
from dsp_core.design.shape cimport ALL_PASS, MAX_SECTIONS, Design, Shape, design_closed, from_canonical

cdef enum:
    ROUNDS = 60
    LEAST_SQUARES_ROUNDS = 6     # before the weights begin to move
    TRIES = 8

cdef double STEEP = 20.0         # an error above 20 kHz counts (20 kHz / f)^STEEP ...
cdef double GENTLE = 4.0         # ... or ^GENTLE in a second search, when the first paid for its precision with a bump up there
cdef double LEAST_WEIGHT = 0.01
cdef double BUMP_DB = 2.0
cdef double GOOD_ENOUGH_DB = 2e-4
cdef double REACH = 3.0          # no number gets further from its closed form than this factor; `high`, often tiny, its square
cdef double RESONANT_K = 0.5     # under it k is a resonance, which the closed form has right: less reach, or it shrinks to a
cdef double RESONANT_REACH = 1.5     # needle between two grid points
cdef double NEPER_DB = 4.342944819032518       # 10 / ln 10


cdef struct Work:
    double weight[MAX_POINTS]            # what an error counts, 0..1
    double lawson[MAX_POINTS]            # what its square counts this round
    double error[MAX_POINTS]             # dB
    double slope[MAX_FREE][MAX_POINTS]   # dB per unit of each variable's logarithm
    double normal[MAX_FREE][MAX_FREE]
    double pull[MAX_FREE]
    double damping


cdef void design_settled(const Shape *shape, Design *out) noexcept nogil:
    """The best sections for `shape`; the closed form itself where nothing is gained."""
    cdef Fit fit
    cdef int i
    if shape.type == ALL_PASS:
        design_closed(shape, out)
        return
    fit_setup(&fit, shape)
    improve(&fit, STEEP)
    if bump_db(&fit) > BUMP_DB:
        improve(&fit, GENTLE)
    out.count = fit.count
    for i in range(fit.count):
        out.section[i] = from_canonical(shape, i, fit.section[i])


cdef double bump_db(const Fit *fit) noexcept nogil:
    """The largest error above 20 kHz."""
    cdef double db, worst = 0
    cdef int i, j
    for i in range(fit.points):
        if fit.share[i] < 1:
            db = -fit.target_db[i]
            for j in range(fit.count):
                db += section_db(&fit.section[j], fit.t[i])
            worst = fmax(worst, fabs(db) * fit.level[i])
    return worst


cdef void improve(Fit *fit, double power) noexcept nogil:
    """From the closed form to the sections with the least weighted maximum error seen."""
    cdef Work work
    cdef Section best[MAX_SECTIONS]
    cdef double least = 1e300, largest
    cdef int i, turn
    start(fit, &work, power)
    for turn in range(ROUNDS):
        largest = largest_error(fit, &work)
        if largest < least:
            least = largest
            for i in range(fit.count):
                best[i] = fit.section[i]
        if least < GOOD_ENOUGH_DB:
            break
        if turn >= LEAST_SQUARES_ROUNDS:
            reweight(fit, &work, largest)
        step(fit, &work)
    for i in range(fit.count):
        fit.section[i] = best[i]


cdef void start(Fit *fit, Work *work, double power) noexcept nogil:
    cdef int i
    for i in range(fit.count):
        fit.section[i] = fit.closed[i]
    for i in range(fit.points):
        work.weight[i] = work.lawson[i] = fit.level[i] * fmax(pow(fit.share[i], power), LEAST_WEIGHT)
    work.damping = 1e-3
    evaluate(fit, fit.section, work)


cdef double largest_error(const Fit *fit, const Work *work) noexcept nogil:
    cdef double largest = 0
    cdef int i
    for i in range(fit.points):
        largest = fmax(largest, work.weight[i] * fabs(work.error[i]))
    return largest


cdef void reweight(const Fit *fit, Work *work, double largest) noexcept nogil:
    """Lawson: a point's weight grows with its error. The floors keep points from being forgotten for good."""
    cdef double top = 0
    cdef int i
    for i in range(fit.points):
        work.lawson[i] *= 0.02 + work.weight[i] * fabs(work.error[i]) / largest
        top = fmax(top, work.lawson[i])
    for i in range(fit.points):
        work.lawson[i] = fmax(work.lawson[i] / top, 1e-4 * work.weight[i])


cdef void step(Fit *fit, Work *work) noexcept nogil:
    """The first damped step that lowers the weighted square error; none, if none of the tries does."""
    cdef Section tried[MAX_SECTIONS]
    cdef double move[MAX_FREE]
    cdef double before = square_error(fit, work)
    cdef int i, _try
    normal_equations(fit, work)
    for _try in range(TRIES):
        if solve(work, fit.free, move):
            move_sections(fit, move, tried)
            evaluate(fit, tried, work)
            if square_error(fit, work) <= before:
                work.damping = fmax(0.2 * work.damping, 1e-9)
                for i in range(fit.count):
                    fit.section[i] = tried[i]
                return
        work.damping *= 6
    evaluate(fit, fit.section, work)


cdef double square_error(const Fit *fit, const Work *work) noexcept nogil:
    cdef double sum = 0
    cdef int i
    for i in range(fit.points):
        sum += work.lawson[i] * work.error[i] * work.error[i]
    return sum


cdef void move_sections(const Fit *fit, const double *move, Section *out) noexcept nogil:
    cdef Section *s
    cdef Section c
    cdef int i
    for i in range(fit.count):
        out[i] = fit.section[i]
    for i in range(fit.free):
        s, c = &out[fit.owner[i]], fit.closed[fit.owner[i]]
        if fit.part[i] == PART_G:
            s.g = moved(s.g, move[i], c.g, REACH)
        elif fit.part[i] == PART_K:
            s.k = moved(s.k, move[i], c.k, REACH if c.k > RESONANT_K else RESONANT_REACH)
        elif fit.part[i] == PART_BAND:
            s.band = moved(s.band, move[i], c.band, REACH)
        else:
            s.high = moved(s.high, move[i], c.high, REACH * REACH)
    if fit.notch:
        out[0].high = out[0].g * out[0].g / fit.notch_t


cdef double moved(double value, double move, double closed, double reach) noexcept nogil:
    """At most by a factor of two at once."""
    return fmin(fmax(value * exp(fmin(fmax(move, -0.7), 0.7)), closed / reach), closed * reach)


cdef void evaluate(const Fit *fit, const Section *section, Work *work) noexcept nogil:
    """Errors, and their slopes along every variable."""
    cdef double slopes[MAX_SECTIONS][PARTS]
    cdef double db
    cdef int i, j
    for i in range(fit.points):
        db = 0
        for j in range(fit.count):
            db += slopes_at(&section[j], fit.t[i], slopes[j])
        if fit.notch:
            slopes[0][PART_G] += 2 * slopes[0][PART_HIGH]
        work.error[i] = db - fit.target_db[i]
        for j in range(fit.free):
            work.slope[j][i] = slopes[fit.owner[j]][fit.part[j]]


cdef double slopes_at(const Section *s, double t, double *slope) noexcept nogil:
    """Magnitude in dB, and its derivatives by the logarithms of the section's numbers."""
    cdef double u = t / (s.g * s.g), even = s.low - s.high * u
    cdef double n = even * even + s.band * s.band * u + 1e-40
    cdef double d = (1 - u) * (1 - u) + s.k * s.k * u
    cdef double n_u = s.band * s.band - 2 * s.high * even, d_u = s.k * s.k - 2 * (1 - u)
    slope[PART_G] = 2 * NEPER_DB * u * (d_u / d - n_u / n)
    slope[PART_K] = -2 * NEPER_DB * s.k * s.k * u / d
    slope[PART_BAND] = 2 * NEPER_DB * s.band * s.band * u / n
    slope[PART_HIGH] = -2 * NEPER_DB * even * s.high * u / n
    return NEPER_DB * log(n / d)


cdef void normal_equations(const Fit *fit, Work *work) noexcept nogil:
    cdef double sum
    cdef int i, j, p
    for i in range(fit.free):
        sum = 0
        for p in range(fit.points):
            sum += work.lawson[p] * work.slope[i][p] * work.error[p]
        work.pull[i] = sum
        for j in range(i + 1):
            sum = 0
            for p in range(fit.points):
                sum += work.lawson[p] * work.slope[i][p] * work.slope[j][p]
            work.normal[i][j] = sum


cdef bint solve(const Work *work, int n, double *move) noexcept nogil:
    """Damped normal equations by Cholesky; False if they are singular."""
    cdef double low[MAX_FREE][MAX_FREE]
    cdef double sum
    cdef int i, j, k
    for i in range(n):
        for j in range(i + 1):
            sum = work.normal[i][j]
            if i == j:
                sum += work.damping * (sum + 1e-9)
            for k in range(j):
                sum -= low[i][k] * low[j][k]
            if i == j and not sum > 0:
                return False
            low[i][j] = sqrt(sum) if i == j else sum / low[j][j]
    for i in range(n):
        sum = -work.pull[i]
        for k in range(i):
            sum -= low[i][k] * move[k]
        move[i] = sum / low[i][i]
    for i in range(n - 1, -1, -1):
        sum = move[i]
        for k in range(i + 1, n):
            sum -= low[k][i] * move[k]
        move[i] = sum / low[i][i]
    return True
