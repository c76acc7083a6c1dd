"""A fixed delay of whole frames over memory that somebody else owns; as fast as two copies."""
from libc.string cimport memcpy

cdef inline int delay_through(double *line, int size, int at, const double *source, double *out, int frames) noexcept nogil:
    """out = source delayed by `size` frames; `line` holds `size` doubles, `at` is its write position. Gives the new position.

    `source` and `out` may not overlap.
    """
    cdef int done = 0, n
    if size == 0:
        memcpy(out, source, frames * sizeof(double))
        return 0
    while done < frames:
        n = min(frames - done, size - at)
        memcpy(out + done, line + at, n * sizeof(double))
        memcpy(line + at, source + done, n * sizeof(double))
        done += n
        at = at + n if at + n < size else 0
    return at

cdef inline int delay_feed(double *line, int size, int at, const double *source, int frames) noexcept nogil:
    """The same where nobody hears what comes out."""
    cdef int done = 0, n
    if size == 0:
        return 0
    while done < frames:
        n = min(frames - done, size - at)
        memcpy(line + at, source + done, n * sizeof(double))
        done += n
        at = at + n if at + n < size else 0
    return at

cdef inline void delay_carry(double *new, int new_size, const double *old, int old_size, int old_at) noexcept nogil:
    """The newest frames of one delay into an empty other one, whose write position is 0, so that it does not begin with silence."""
    cdef int i
    for i in range(1, min(new_size, old_size) + 1):
        new[new_size - i] = old[old_at - i if old_at >= i else old_at - i + old_size]
