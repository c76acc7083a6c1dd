"""Peaks between the samples of a sound that was interpolated four times, and the smooth gain that takes them off.

Four points per frame carry a sound of half the rate with room to spare, so ten of them around a crest give every value
near it to 2e-5: the crest is read on 32 points per frame, with a parabola through the highest three.
"""
from libc.math cimport M_PI, ceil, cos, fabs, sin
from libc.stdint cimport int64_t
from libc.stdlib cimport calloc, free

from dsp_core.offline.long_sums cimport LongSums, long_sums

cdef enum:
    PHASES = 4
    FINE = 8                             # points between two of the four
    TAPS = 10
    BEFORE = 4                           # taps before the interval that is filled
    SPAN = 32                            # frames that are looked at together
    LONG = 8160                          # frames to either side of a point that is read by a sum
    AROUND = 8                           # frames before the one around which points are read, and behind it

cdef double ONE = <double>(1 << 36)      # of a reduction in whole numbers, so that no sum of them drifts
cdef double weight[FINE][TAPS]


cdef void make_weights() noexcept nogil:
    """Lagrange's polynomials through ten points, between the fifth and the sixth."""
    cdef int step, k, j
    cdef double t
    for step in range(FINE):
        t = BEFORE + <double>step / FINE
        for k in range(TAPS):
            weight[step][k] = 1.0
            for j in range(TAPS):
                if j != k:
                    weight[step][k] *= (t - j) / (k - j)

make_weights()

cdef float between[PHASES][2 * LONG]     # what the frames from LONG - 1 before to LONG behind add to a point, for every quarter


cdef void make_sums() noexcept nogil:
    """A sinc, whole over half its length, then faded by a raised cosine."""
    cdef double at, part
    cdef int q, k
    for q in range(1, PHASES):
        for k in range(2 * LONG):
            at = k - (LONG - 1) - <double>q / PHASES
            part = 2.0 * fabs(at) / LONG - 1.0
            between[q][k] = <float>(sin(M_PI * at) / (M_PI * at) * (1.0 if part <= 0.0 else 0.5 + 0.5 * cos(M_PI * min(part, 1.0))))

make_sums()


cdef inline float point(const float *phases, Py_ssize_t frames, Py_ssize_t at) noexcept nogil:
    """Point `at` of the fourfold grid."""
    return phases[(at & 3) * frames + (at >> 2)]

cdef double crest(const float *phases, Py_ssize_t frames, Py_ssize_t at, double *where) noexcept nogil:
    """Highest value of |sound| within a point to either side of the point `at`; `where` it is, in points."""
    cdef double near[TAPS + 1]
    cdef double fine[2 * FINE + 1]
    cdef double sign = 1.0 if point(phases, frames, at) >= 0 else -1.0
    cdef double low, high, bend, shift
    cdef int i, k, best = 0
    for k in range(TAPS + 1):
        near[k] = sign * point(phases, frames, at - 1 - BEFORE + k)
    for i in range(2 * FINE):
        fine[i] = 0.0
        for k in range(TAPS):
            fine[i] += weight[i % FINE][k] * near[i // FINE + k]
    fine[2 * FINE] = near[BEFORE + 2]
    for i in range(2 * FINE + 1):
        if fine[i] > fine[best]:
            best = i
    where[0] = at - 1 + <double>best / FINE
    if best == 0 or best == 2 * FINE:
        return fine[best]
    low, high = fine[best - 1], fine[best + 1]
    bend = low - 2.0 * fine[best] + high
    if bend >= 0.0:
        return fine[best]
    shift = 0.5 * (low - high) / bend
    where[0] += shift / FINE
    return fine[best] - 0.25 * (low - high) * shift

cdef inline bint reaches(const float *x, float near, Py_ssize_t frames) noexcept nogil:
    """Whether any |x| is over `near`."""
    cdef int over = 0
    cdef Py_ssize_t i
    for i in range(frames):
        over |= (x[i] > near) | (x[i] < -near)
    return over

cdef double look(const float *phases, Py_ssize_t frames, Py_ssize_t first, Py_ssize_t last, double near, double *peaks) noexcept nogil:
    """Crests over `near` around the frames first..last - 1 raise the peak of the frame that is closest; the highest there is."""
    cdef Py_ssize_t at, frame
    cdef double value, where, most = 0.0
    cdef float here
    for at in range(4 * first - 3, 4 * last + 3):
        here = fabs(point(phases, frames, at))
        if here <= near or here < fabs(point(phases, frames, at - 1)) or here <= fabs(point(phases, frames, at + 1)):
            continue
        value = crest(phases, frames, at, &where)
        frame = <Py_ssize_t>((where + 2.0) / 4.0)
        if first <= frame < last:
            peaks[frame] = max(peaks[frame], value)
            most = max(most, value)
    return most


def find_peaks(const float[:, ::1] phases, Py_ssize_t first, Py_ssize_t last, double near, double[::1] peaks):
    """True peaks around the frames first..last - 1 of one channel; each raises peaks[frame], which is not lowered. Gives the highest.

    phases (4, frames): the sound shifted by 0, 1/4, 1/2 and 3/4 of a frame. near: crests whose points stay under it are left out.
    At least 8 frames are needed on either side. Raises ValueError for a shape that does not fit.
    """
    cdef Py_ssize_t frames = phases.shape[1], start, stop
    cdef double most = 0.0
    cdef int q
    cdef bint found
    if phases.shape[0] != PHASES or peaks.shape[0] != frames or first < SPAN // 4 or last > frames - SPAN // 4 or last < first:
        raise ValueError(f"frames {first} to {last} cannot be looked at in {phases.shape[0]} phases of {frames} frames")
    with nogil:
        start = first
        while start < last:
            stop = min(start + SPAN, last)
            found = False
            for q in range(PHASES):
                found = found or reaches(&phases[q, start - 1], <float>near, stop - start + 2)
            if found:
                most = max(most, look(&phases[0, 0], frames, start, stop, near, &peaks[0]))
            start = stop
    return most


CRESTS_EDGE = LONG + AROUND


def read_crest(const float[::1] sound, Py_ssize_t frame, double near):
    """The highest true peak within a frame of `frame`; 0 where the points around it stay under `near`.

    For single places: each costs what some 340 000 multiplications take. ValueError for a frame closer than CRESTS_EDGE to an end.
    """
    cdef const LongSums *sums = long_sums()
    cdef float points[PHASES][2 * AROUND]
    cdef double peaks[2 * AROUND]
    cdef Py_ssize_t at
    cdef int k, q
    if not CRESTS_EDGE <= frame < sound.shape[0] - CRESTS_EDGE:
        raise ValueError(f"frame {frame} of {sound.shape[0]} is closer than {CRESTS_EDGE} to an end")
    with nogil:
        for k in range(2 * AROUND):
            peaks[k] = 0.0
            at = frame - AROUND + k
            points[0][k] = sound[at]
            for q in range(1, PHASES):               # the three frames in the middle, and what their crests are read from
                points[q][k] = sums.sum(&sound[at - (LONG - 1)], between[q], 2 * LONG) if 5 <= k <= 11 else 0.0
    return look(&points[0][0], 2 * AROUND, AROUND - 1, AROUND + 2, near, peaks)


cdef void hold_highest(const int64_t *x, int64_t *out, Py_ssize_t frames, int half) noexcept nogil:
    """out[i] = the highest of x[i - half] to x[i + half]; written around what is not 0."""
    cdef Py_ssize_t i, j
    for i in range(frames):
        if x[i]:
            for j in range(max(0, i - half), min(frames, i + half + 1)):
                if out[j] < x[i]:
                    out[j] = x[i]

cdef void box(int64_t *x, int64_t *out, Py_ssize_t frames, int before, int after) noexcept nogil:
    """out[i] = the sum of x[i - before] to x[i + after]."""
    cdef int64_t total = 0
    cdef Py_ssize_t i
    for i in range(min(<Py_ssize_t>after, frames)):
        total += x[i]
    for i in range(frames):
        if i + after < frames:
            total += x[i + after]
        if i - before - 1 >= 0:
            total -= x[i - before - 1]
        out[i] = total


def smooth_reduction(const double[::1] wanted, int half, double[::1] reduction):
    """reduction[i] >= wanted[i], both 0..1: held for `half` frames to either side, then three moving averages of as many together.

    What lies 2 * half frames from anything wanted is exactly 0. Raises ValueError for lengths that differ or a half under 1.
    """
    cdef Py_ssize_t frames = wanted.shape[0], i
    cdef int third = 2 * half // 3, rest = 2 * half - 2 * third
    cdef double norm = (third + 1.0) * (third + 1.0) * (rest + 1.0) * ONE
    cdef int64_t *here
    cdef int64_t *there
    if reduction.shape[0] != frames or half < 1:
        raise ValueError(f"{frames} frames cannot be smoothed over {half} into {reduction.shape[0]}")
    here = <int64_t *>calloc(2 * frames, sizeof(int64_t))
    if here is NULL:
        raise MemoryError
    there = here + frames
    with nogil:
        for i in range(frames):
            here[i] = <int64_t>ceil(wanted[i] * ONE)
        hold_highest(here, there, frames, half)
        box(there, here, frames, third // 2, third - third // 2)
        box(here, there, frames, third - third // 2, third // 2)
        box(there, here, frames, rest // 2, rest - rest // 2)
        for i in range(frames):
            reduction[i] = here[i] / norm
        free(here)
