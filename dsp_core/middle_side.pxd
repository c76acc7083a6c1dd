"""Mid = (L + R) / 2 and side = (L - R) / 2, and their changes put back so that what did not change leaves every bit alone."""

cdef inline void to_middle_side(const double *left, const double *right, double *mid, double *side, int frames) noexcept nogil:
    cdef int i
    for i in range(frames):
        mid[i] = 0.5 * (left[i] + right[i])
        side[i] = 0.5 * (left[i] - right[i])

cdef inline void put_back_changes(const double *mid, const double *side, double *left, double *right, int frames) noexcept nogil:
    """`left` and `right` still hold what `mid` and `side` were made from."""
    cdef double in_mid, in_side
    cdef int i
    for i in range(frames):
        in_mid = mid[i] - 0.5 * (left[i] + right[i])
        in_side = side[i] - 0.5 * (left[i] - right[i])
        left[i] += in_mid + in_side
        right[i] += in_mid - in_side
