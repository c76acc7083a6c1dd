"""The coefficients of settled parameters: the closed forms, improved until the largest error in dB is as small as it gets.

Levenberg-Marquardt steps on the logarithms of the prototype's numbers (so every iterate is stable and minimum phase),
inside Lawson's reweighting, which turns least squares into least maximum. All sections of a cut are fitted together.
What must be exact is not a variable: the gain at DC, the zeros of a low cut, the zero of a notch. Takes 0.1 to 2 ms: control thread.

C. L. Lawson, Contributions to the Theory of Linear Least Maximum Approximations (1961); J. More, The Levenberg-Marquardt
Algorithm (1978).
"""
from libc.math cimport exp, fabs, fmax, fmin, log, log10, pow, sqrt, tan
from libc.math cimport M_PI

from dsp_core.design.analog cimport Analog, analog_power
from dsp_core.design.section cimport Section, section_db
from dsp_core.design.shape cimport (
    HIGHEST_RATE_SHARE, HIGH_CUT, HIGH_SHELF, LOW_CUT, LOW_SHELF, MAX_SECTIONS, NOTCH, Design, Shape, canonical_analog,
    canonical_gain, canonical_section, cascade_q, center, from_canonical, section_count)

cdef enum:
    AUDIBLE_LOG = 32             # grid points from 20 Hz up, logarithmic
    AUDIBLE_LIN = 24             # linear, over the upper four fifths
    AROUND = 25                  # around f0
    ABOVE = 12                   # over the audible range
    MAX_POINTS = AUDIBLE_LOG + AUDIBLE_LIN + 2 * AROUND + ABOVE
    PARTS = 5                    # ln g, ln k, ln low, ln band, ln high
    MAX_FREE = PARTS * MAX_SECTIONS
    ROUNDS = 60
    LEAST_SQUARES_ROUNDS = 6     # before the weights begin to move
    TRIES = 8

cdef double AUDIBLE_HZ = 20000.0
cdef double STEEP = 20.0           # (20 kHz / f)^STEEP: what an error above 20 kHz counts
cdef double GENTLE = 4.0           # the same for a second search, when the first bought precision with a bump up there
cdef double BUMP_DB = 2.0
cdef double REACH = 3.0
cdef double GOOD_ENOUGH_DB = 2e-4
cdef double NEPER_DB = 4.342944819032518       # 10 / ln 10


cdef struct Fit:
    int points
    double t[MAX_POINTS]                 # tan(w/2)^2
    double target_db[MAX_POINTS]
    double level[MAX_POINTS]             # what an error counts for the target's level, 0..1
    double share[MAX_POINTS]             # 20 kHz over the frequency, at most 1
    double weight[MAX_POINTS]            # what an error counts, 0..1
    int count
    Section section[MAX_SECTIONS]
    Section closed[MAX_SECTIONS]         # where the search starts
    int free                             # variables
    int owner[MAX_FREE]                  # their section
    int part[MAX_FREE]
    bint notch
    double notch_t


cdef struct Work:
    double error[MAX_POINTS]
    double slope[MAX_FREE][MAX_POINTS]
    double lawson[MAX_POINTS]
    double normal[MAX_FREE][MAX_FREE]
    double pull[MAX_FREE]


cdef void design_settled(const Shape *shape, Design *out) noexcept nogil:
    """The best sections for `shape`; the closed form itself where that is already exact."""
    cdef Fit fit
    cdef int i
    set_up(&fit, shape)
    weigh(&fit, STEEP)
    improve(&fit)
    if inaudible_error(&fit) > BUMP_DB:
        weigh(&fit, GENTLE)
        improve(&fit)
    out.count = fit.count
    for i in range(fit.count):
        out.section[i] = from_canonical(shape, fit.section[i])


cdef void set_up(Fit *fit, const Shape *shape) noexcept nogil:
    cdef int i
    cdef double t0 = tan(0.5 * center(shape))
    fit.count = section_count(shape.type, shape.order)
    fit.free = 0
    fit.notch, fit.notch_t = shape.type == NOTCH, t0 * t0
    for i in range(fit.count):
        fit.section[i] = canonical_section(shape, i)
        free_parts(fit, shape, i)
        fit.closed[i] = fit.section[i]
    make_grid(fit, shape)


cdef void free_parts(Fit *fit, const Shape *shape, int index) noexcept nogil:
    cdef bint first_order = shape.order & 1 and index == 0
    set_free(fit, index, 0)
    set_free(fit, index, 1)
    if shape.type == NOTCH:
        return
    if shape.type != LOW_CUT or first_order:
        set_free(fit, index, 3)
    set_free(fit, index, 4)


cdef void set_free(Fit *fit, int index, int part) noexcept nogil:
    cdef Section *s = &fit.section[index]
    fit.owner[fit.free], fit.part[fit.free] = index, part
    fit.free += 1
    # A logarithm needs a number above 0; the closed form of a high cut far below the sample rate may have none.
    if part == 3:
        s.band = fmax(s.band, 1e-9)
    if part == 4:
        s.high = fmax(s.high, 1e-12)


cdef void make_grid(Fit *fit, const Shape *shape) noexcept nogil:
    cdef double f0 = center(shape) * shape.rate / (2 * M_PI), highest = HIGHEST_RATE_SHARE * shape.rate
    cdef double top = fmin(AUDIBLE_HZ, highest), a
    cdef int i
    fit.points = 0
    for i in range(AUDIBLE_LOG):
        add_point(fit, shape, 20 * pow(top / 20, i / (AUDIBLE_LOG - 1.0)), f0)
    for i in range(AUDIBLE_LIN):
        add_point(fit, shape, top * (0.2 + 0.8 * i / (AUDIBLE_LIN - 1.0)), f0)
    for i in range(ABOVE):
        add_point(fit, shape, highest + (AUDIBLE_HZ - highest) * i / ABOVE, f0)
    if shape.type == LOW_SHELF or shape.type == HIGH_SHELF:
        a = sqrt(sqrt(canonical_gain(shape)))
        add_around(fit, shape, f0 * a, f0)
        add_around(fit, shape, f0 / a, f0)
    else:
        add_around(fit, shape, f0, f0)


cdef void add_around(Fit *fit, const Shape *shape, double middle, double f0) noexcept nogil:
    """Points over the width of a resonance, wherever it lies."""
    cdef double q = shape.q, width
    cdef int i
    if shape.type == LOW_CUT or shape.type == HIGH_CUT:
        q = cascade_q(shape.order, shape.order // 2 - 1, q)
    width = 1.5 / fmax(q, 0.5)
    for i in range(AROUND):
        add_point(fit, shape, middle * pow(2, width * (2.0 * i / (AROUND - 1) - 1)), f0)


cdef void add_point(Fit *fit, const Shape *shape, double hz, double f0) noexcept nogil:
    """Down to -40 dB every audible error counts, below ever less, and under -100 dB not at all."""
    cdef Analog a
    cdef double root, db = 0
    cdef int i
    if hz > 0.499 * shape.rate:
        return
    root = tan(M_PI * hz / shape.rate)
    for i in range(fit.count):
        a = canonical_analog(shape, i)
        db += 10 * log10(analog_power(&a, hz / f0) + 1e-40)
    if db < -100:
        return
    fit.t[fit.points], fit.target_db[fit.points] = root * root, db
    fit.level[fit.points] = pow(10, fmin(db + 40, 0) / 20)
    fit.share[fit.points] = fmin(1, AUDIBLE_HZ / hz)
    fit.points += 1


cdef void weigh(Fit *fit, double power) noexcept nogil:
    cdef int i
    for i in range(fit.count):
        fit.section[i] = fit.closed[i]
    for i in range(fit.points):
        fit.weight[i] = fit.level[i] * fmax(pow(fit.share[i], power), 0.01)


cdef double inaudible_error(const Fit *fit) noexcept nogil:
    cdef double slopes[PARTS]
    cdef double db, worst = 0
    cdef int i, j
    for i in range(fit.points):
        if fit.share[i] < 1:
            db = -fit.target_db[i]
            for j in range(fit.count):
                db += section_db(&fit.section[j], fit.t[i])
            worst = fmax(worst, fabs(db) * fit.level[i])
    return worst


cdef void improve(Fit *fit) noexcept nogil:
    """Leaves in `fit` the sections with the least weighted maximum error seen."""
    cdef Work work
    cdef Section best[MAX_SECTIONS]
    cdef double least = 1e300, largest, damping = 1e-3
    cdef int i, turn
    evaluate(fit, fit.section, &work)
    for i in range(fit.points):
        work.lawson[i] = fit.weight[i]
    for turn in range(ROUNDS + 1):
        largest = largest_error(fit, &work)
        if largest < least:
            least = largest
            for i in range(fit.count):
                best[i] = fit.section[i]
        if turn == ROUNDS or least < GOOD_ENOUGH_DB:
            break
        if turn >= LEAST_SQUARES_ROUNDS:
            reweight(fit, &work, largest)
        if not step(fit, &work, &damping):
            if turn < LEAST_SQUARES_ROUNDS:
                continue
    for i in range(fit.count):
        fit.section[i] = best[i]


cdef double largest_error(const Fit *fit, const Work *work) noexcept nogil:
    cdef double largest = 0
    cdef int i
    for i in range(fit.points):
        largest = fmax(largest, fit.weight[i] * fabs(work.error[i]))
    return largest


cdef void reweight(const Fit *fit, Work *work, double largest) noexcept nogil:
    """Lawson: a point's weight grows with its error. A floor keeps points from being forgotten for good."""
    cdef double top = 0
    cdef int i
    for i in range(fit.points):
        work.lawson[i] *= 0.02 + fit.weight[i] * fabs(work.error[i]) / largest
        top = fmax(top, work.lawson[i])
    for i in range(fit.points):
        work.lawson[i] = fmax(work.lawson[i] / top, 1e-4 * fit.weight[i])


cdef bint step(Fit *fit, Work *work, double *damping) noexcept nogil:
    """One accepted step, or False when none of the tries lowers the weighted square error."""
    cdef Section tried[MAX_SECTIONS]
    cdef double move[MAX_FREE]
    cdef double before = square_error(fit, work)
    cdef int i
    normal_equations(fit, work)
    for i in range(TRIES):
        if solve(work, fit.free, damping[0], move):
            moved(fit, move, tried)
            evaluate(fit, tried, work)
            if square_error(fit, work) <= before:
                damping[0] = fmax(0.2 * damping[0], 1e-9)
                for i in range(fit.count):
                    fit.section[i] = tried[i]
                return True
        damping[0] *= 6
    evaluate(fit, fit.section, work)
    return False


cdef double square_error(const Fit *fit, const Work *work) noexcept nogil:
    cdef double sum = 0
    cdef int i
    for i in range(fit.points):
        sum += work.lawson[i] * work.error[i] * work.error[i]
    return sum


cdef void moved(const Fit *fit, const double *move, Section *out) noexcept nogil:
    """The sections with every variable moved, by at most a factor of 2, and never far from the closed form."""
    cdef double factor
    cdef Section *s
    cdef Section c
    cdef int i
    for i in range(fit.count):
        out[i] = fit.section[i]
    for i in range(fit.free):
        s, c = &out[fit.owner[i]], fit.closed[fit.owner[i]]
        factor = exp(fmin(fmax(move[i], -0.7), 0.7))
        if fit.part[i] == 0:
            s.g = kept(s.g * factor, c.g, REACH)
        elif fit.part[i] == 1:
            s.k = kept(s.k * factor, c.k, REACH if c.k > 0.5 else 1.5)
        elif fit.part[i] == 3:
            s.band = kept(s.band * factor, c.band, REACH)
        else:
            s.high = kept(s.high * factor, c.high, REACH * REACH)
    if fit.notch:
        out[0].high = out[0].g * out[0].g / fit.notch_t


cdef double kept(double value, double start, double reach) noexcept nogil:
    return fmin(fmax(value, start / reach), start * reach)


cdef void evaluate(const Fit *fit, const Section *section, Work *work) noexcept nogil:
    """Errors in dB, and their slopes along every variable."""
    cdef double slopes[MAX_SECTIONS][PARTS]
    cdef double db
    cdef int i, j
    for i in range(fit.points):
        db = 0
        for j in range(fit.count):
            db += section_slopes(&section[j], fit.t[i], slopes[j])
        if fit.notch:
            slopes[0][0] += 2 * slopes[0][4]
        work.error[i] = db - fit.target_db[i]
        for j in range(fit.free):
            work.slope[j][i] = slopes[fit.owner[j]][fit.part[j]]


cdef double section_slopes(const Section *s, double t, double *slope) noexcept nogil:
    cdef double u = t / (s.g * s.g), even = s.low - s.high * u
    cdef double n = even * even + s.band * s.band * u + 1e-40
    cdef double d = (1 - u) * (1 - u) + s.k * s.k * u
    cdef double n_u = s.band * s.band - 2 * s.high * even, d_u = s.k * s.k - 2 * (1 - u)
    slope[0] = NEPER_DB * 2 * u * (d_u / d - n_u / n)
    slope[1] = -NEPER_DB * 2 * s.k * s.k * u / d
    slope[2] = NEPER_DB * 2 * even * s.low / n
    slope[3] = NEPER_DB * 2 * s.band * s.band * u / n
    slope[4] = -NEPER_DB * 2 * even * s.high * u / n
    return NEPER_DB * log(n / d)


cdef void normal_equations(const Fit *fit, Work *work) noexcept nogil:
    cdef double sum, pull
    cdef int i, j, p
    for i in range(fit.free):
        pull = 0
        for p in range(fit.points):
            pull += work.lawson[p] * work.slope[i][p] * work.error[p]
        work.pull[i] = pull
        for j in range(i + 1):
            sum = 0
            for p in range(fit.points):
                sum += work.lawson[p] * work.slope[i][p] * work.slope[j][p]
            work.normal[i][j] = sum


cdef bint solve(const Work *work, int n, double damping, double *move) noexcept nogil:
    """Damped normal equations by Cholesky; False if they are singular."""
    cdef double low[MAX_FREE][MAX_FREE]
    cdef double sum
    cdef int i, j, k
    for i in range(n):
        for j in range(i + 1):
            sum = work.normal[i][j]
            if i == j:
                sum += damping * (sum + 1e-9)
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
