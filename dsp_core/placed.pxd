"""The part of a stereo sound that a placement means, for stages that hold sound of their own."""
from dsp_core.stages.stage cimport MID, RIGHT, SIDE

cdef inline void placed_part(int placement, const double *left, const double *right, double *part, int frames) noexcept nogil:
    """What a stage on that placement gets as its first channel. `part` may be `left`."""
    cdef int i
    for i in range(frames):
        part[i] = (0.5 * (left[i] + right[i]) if placement == MID else 0.5 * (left[i] - right[i]) if placement == SIDE
                   else right[i] if placement == RIGHT else left[i])
