"""What a placement makes of the planes of a stereo sound, for stages that hold sound of their own or take it over from one placed elsewhere."""
from dsp_core.stages.stage cimport LEFT, MID, RIGHT, SIDE

cdef inline void regroup(double *a, double *b, int frames, int before, int after) noexcept nogil:
    """Planes of what a stage placed at `before` holds become those that it would hold at `after`; b is used by stereo alone."""
    cdef double left, right
    cdef int i
    for i in range(frames):
        left, right = a[i], b[i]
        if before == MID:
            right = left
        elif before == SIDE:
            right = -left
        elif before == LEFT:
            right = 0.0
        elif before == RIGHT:
            left, right = 0.0, left
        a[i], b[i] = left, right
        if after == MID:
            a[i] = 0.5 * (left + right)
        elif after == SIDE:
            a[i] = 0.5 * (left - right)
        elif after == RIGHT:
            a[i] = right

cdef inline void placed_part(int placement, const double *left, const double *right, double *part, int frames) noexcept nogil:
    """What a stage on that placement gets as its first channel. `part` may be `left`."""
    cdef int i
    for i in range(frames):
        part[i] = (0.5 * (left[i] + right[i]) if placement == MID else 0.5 * (left[i] - right[i]) if placement == SIDE
                   else right[i] if placement == RIGHT else left[i])
