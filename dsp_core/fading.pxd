"""A part of a stage that is in the sound only when it is wanted, comes and goes without a click, and costs nothing while it is out."""

cdef struct Fading:
    bint wanted
    int left                     # frames until the part is fully in, or out

cdef inline bint fading_runs(const Fading *f) noexcept nogil:
    return f.wanted or f.left > 0

cdef inline void fading_want(Fading *f, bint wanted, int frames) noexcept nogil:
    """A change of mind on the way turns round where it stands."""
    if f.wanted != wanted:
        f.wanted = wanted
        f.left = frames - f.left

cdef inline double fading_share(const Fading *f, int i, int frames) noexcept nogil:
    """Of the part in frame `i` from here: a smooth step from 0 to 1, or back, over `frames`; exact at both ends."""
    cdef double out = <double>max(f.left - 1 - i, 0) / frames
    cdef double x = 1.0 - out if f.wanted else out
    return x * x * (3.0 - 2.0 * x)

cdef inline void fading_blend(Fading *f, const double *before, double *after, int frames, int whole) noexcept nogil:
    """after = before + share (after - before); call once per plane, then `fading_pass`. `whole` is the length of the fade."""
    cdef int i
    cdef int until = frames if not f.wanted else min(f.left, frames)
    for i in range(until):
        after[i] = before[i] + fading_share(f, i, whole) * (after[i] - before[i])

cdef inline void fading_pass(Fading *f, int frames) noexcept nogil:
    f.left = max(f.left - frames, 0)
