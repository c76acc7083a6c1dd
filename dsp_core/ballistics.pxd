"""How gain reduction moves in time: the smooth decoupled detector on the reduction in dB, after the gain computer.

Giannoulis, Massberg, Reiss, JAES 60(6), 2012: `held` rises at once and falls with a release pole, `soft` follows it with the
attack pole. Both poles act on a release, so the release pole is made shorter until 63 % are given back in just the release
time; where the attack is longer than about half the release, `soft` falls with a pole of its own: both times mean what they say.

Automatic release: the detector gets a short release, and `slow` follows it, rising in SLOW_RISE_MS and falling with the
set release; the larger of both is the reduction. A single peak leaves `slow` low and is released with the short time; a dense
passage fills it. (The crest factor method of JAES 61(10), 2013, stays short, 20 to 250 ms, even after 3 s of drums or noise.)

Hold keeps `held` for its time after the last frame that asked for as much.
"""
from libc.math cimport exp, fmax

from dsp_core.units cimport pole_of_ms

cdef extern from *:
    """
    static const double MRT_SLOW_RISE_MS = 300.0;            /* more: 50 Hz distorts; less: one peak holds a passage down */
    static const double MRT_SHORT_RELEASE_LEAST_MS = 60.0;   /* less: 50 Hz, 10 dB over the threshold, distorts over -60 dB */
    static const double MRT_SHORT_RELEASE_MOST_MS = 120.0;
    static const double MRT_SHORT_RELEASE_SHARE = 0.125;     /* of the set release, between the two */
    static const double MRT_EQUAL_POLES_SHARE = 0.4659;      /* two poles of this share of a time give back 63 % in it */
    static const double MRT_REDUCTION_LEAK_DB = 1e-15;       /* per frame: a release ends in finite time, never in denormals */
    static const double MRT_LEAST_REDUCTION_DB = 1e-6;       /* less is none: where a release ends, without a step */
    static const double MRT_MOST_REDUCTION_DB = 5000.0;      /* keeps the gain of absurd levels a normal number */
    """
    const double SLOW_RISE_MS "MRT_SLOW_RISE_MS"
    const double SHORT_RELEASE_LEAST_MS "MRT_SHORT_RELEASE_LEAST_MS"
    const double SHORT_RELEASE_MOST_MS "MRT_SHORT_RELEASE_MOST_MS"
    const double SHORT_RELEASE_SHARE "MRT_SHORT_RELEASE_SHARE"
    const double EQUAL_POLES_SHARE "MRT_EQUAL_POLES_SHARE"
    const double REDUCTION_LEAK_DB "MRT_REDUCTION_LEAK_DB"
    const double LEAST_REDUCTION_DB "MRT_LEAST_REDUCTION_DB"
    const double MOST_REDUCTION_DB "MRT_MOST_REDUCTION_DB"

cdef enum:
    LOOP_FRAMES = 256            # most that have poles of their own; as in kernels/compressor.h

cdef struct Ballistics:          # poles per frame, in this order
    double held_fall
    double soft_rise
    double soft_fall
    double slow_rise
    double slow_fall

cdef struct Reduction:           # one channel's memory, dB
    double held
    double soft
    double slow
    double age                   # frames since `held` was reached, up to one more than the hold time

cdef inline double first_pole_ms(double second_ms, double total_ms) noexcept nogil:
    """Time constant that, in series with `second_ms` (at most EQUAL_POLES_SHARE of the total), gives back 63 % in `total_ms`."""
    cdef double b = second_ms / total_ms, low = b, high = 1.0, a, left
    cdef double b_left = b * exp(-1.0 / b)
    cdef int _
    for _ in range(24):
        a = 0.5 * (low + high)
        left = (a * exp(-1.0 / a) - b_left) / (a - b)
        if left > exp(-1.0):
            high = a
        else:
            low = a
    return 0.5 * (low + high) * total_ms

cdef inline Ballistics ballistics_of(double attack_ms, double release_ms, bint auto_release, double rate) noexcept nogil:
    cdef Ballistics b
    cdef double short_ms = release_ms, slow_fall_ms, soft_fall_ms
    if auto_release:
        short_ms = min(max(SHORT_RELEASE_SHARE * release_ms, SHORT_RELEASE_LEAST_MS), SHORT_RELEASE_MOST_MS)
        short_ms = min(short_ms, EQUAL_POLES_SHARE * release_ms)
    slow_fall_ms = first_pole_ms(min(short_ms, EQUAL_POLES_SHARE * release_ms), release_ms)
    soft_fall_ms = min(attack_ms, EQUAL_POLES_SHARE * short_ms)
    b.held_fall = pole_of_ms(first_pole_ms(soft_fall_ms, short_ms), rate)
    b.soft_rise = pole_of_ms(attack_ms, rate)
    b.soft_fall = pole_of_ms(soft_fall_ms, rate)
    b.slow_rise = pole_of_ms(min(SLOW_RISE_MS, slow_fall_ms), rate)
    b.slow_fall = pole_of_ms(slow_fall_ms, rate)
    return b

cdef inline double moved(const Ballistics *b, const Ballistics *least, bint auto_release, double hold, Reduction *r,
                         double wanted_db) noexcept nogil:
    """One frame: the reduction wanted by the gain computer in, the one to apply out, 0 to MOST_REDUCTION_DB.

    least: NULL, or the poles of a release from which nothing is wanted any more, which no other release outruns. hold: frames.
    """
    cdef double wanted = wanted_db if wanted_db < MOST_REDUCTION_DB else MOST_REDUCTION_DB
    cdef double falling = b.held_fall * r.held + ((1.0 - b.held_fall) * wanted - REDUCTION_LEAK_DB)
    cdef double rising, now
    if least is not NULL:
        falling = fmax(falling, least.held_fall * r.held - REDUCTION_LEAK_DB)
    if hold > 0.0:
        r.age = 0.0 if wanted >= r.held else (r.age + 1.0 if r.age < hold else hold + 1.0)
        falling = falling if r.age > hold else r.held
    r.held = falling if falling > wanted else wanted
    rising = b.soft_rise * r.soft + ((1.0 - b.soft_rise) * r.held - REDUCTION_LEAK_DB)
    falling = b.soft_fall * r.soft + ((1.0 - b.soft_fall) * r.held - REDUCTION_LEAK_DB)
    if least is not NULL:
        falling = fmax(falling, least.soft_fall * r.soft - REDUCTION_LEAK_DB)
    r.soft = rising if rising < falling else falling
    now = r.soft
    if auto_release:
        rising = b.slow_rise * r.slow + (1.0 - b.slow_rise) * r.soft
        falling = b.slow_fall * r.slow + (1.0 - b.slow_fall) * r.soft
        r.slow = rising if rising > falling else falling
        now = r.slow if r.slow > r.soft else r.soft
    return (now if now > LEAST_REDUCTION_DB else LEAST_REDUCTION_DB) - LEAST_REDUCTION_DB

cdef inline void poles_at(Ballistics *b, const double (*pole)[LOOP_FRAMES], int i, bint auto_release) noexcept nogil:
    b.held_fall, b.soft_rise, b.soft_fall = pole[0][i], pole[1][i], pole[2][i]
    if auto_release:
        b.slow_rise, b.slow_fall = pole[3][i], pole[4][i]

cdef inline void move_one(const Ballistics *poles, bint auto_release, double hold, bint looped, const double (*pole)[LOOP_FRAMES],
                          Reduction *memory, double *reduction_db, int frames) noexcept nogil:
    """A span of one channel in place. `looped`: with a `pole` of its own for every frame, in the order of `poles`."""
    cdef Ballistics b = poles[0]
    cdef Reduction r = memory[0]
    cdef int i
    for i in range(frames):
        if looped:
            poles_at(&b, pole, i, auto_release)
        reduction_db[i] = moved(&b, poles if looped else NULL, auto_release, hold, &r, reduction_db[i])
    memory[0] = r

cdef inline void move_two(const Ballistics *poles, bint auto_release, double hold, Reduction *memory, double *left_db,
                          double *right_db, int frames) noexcept nogil:
    """The same for two channels side by side: two recursions run in the time of one."""
    cdef Ballistics b = poles[0]
    cdef Reduction left = memory[0], right = memory[1]
    cdef int i
    for i in range(frames):
        left_db[i] = moved(&b, NULL, auto_release, hold, &left, left_db[i])
        right_db[i] = moved(&b, NULL, auto_release, hold, &right, right_db[i])
    memory[0], memory[1] = left, right

cdef inline void start_at(Reduction *r, double db, bint auto_release) noexcept nogil:
    r.held = r.soft = db
    r.slow = db if auto_release else 0.0
    r.age = 0.0

cdef inline void join_parts(Reduction *r, bint auto_release) noexcept nogil:
    """The reduction in force in every part of the memory, so that release can change between set and automatic."""
    r.soft = r.slow if r.slow > r.soft else r.soft
    r.held = r.soft if r.soft > r.held else r.held
    r.slow = r.soft if auto_release else 0.0
