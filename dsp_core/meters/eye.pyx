"""Arithmetic of pictures that move, each in one call: points of a spectrum, heights of a line. Not for the audio thread.

It could be a dozen calls of an array library, of which each takes longer to begin than its few hundred numbers take.
"""
from libc.math cimport fabs, fmax, fmin, log10


cdef class LineLevels:
    """What points of a spectrum read, whose power a kernel has gathered: as noise, or as one line where that carries most of it.

    For each point: `loss_db`, what the kernel takes off a line; `noise_top` and `line_top`, the share that the largest bin has of noise
    and of a line; `slope_db`, what is added. A point is a line from a likeness of `high` on, and noise up to `low`.
    """

    cdef const double[::1] loss_db, noise_top, line_top, slope_db
    cdef double floor, low, high

    def __init__(self, const double[::1] loss_db not None, const double[::1] noise_top not None, const double[::1] line_top not None,
                 const double[::1] slope_db not None, double floor, double low, double high):
        cdef Py_ssize_t points = loss_db.shape[0]
        if noise_top.shape[0] != points or line_top.shape[0] != points or slope_db.shape[0] != points:
            raise ValueError("loss, shares and slope want one value for each point")
        self.loss_db, self.noise_top, self.line_top, self.slope_db = loss_db, noise_top, line_top, slope_db
        self.floor, self.low, self.high = floor, low, high

    def read(self, const double[::1] power not None, const double[::1] top not None, double[::1] levels not None, double[::1] hold not None):
        """dB of the points into `levels`; `hold` is moved up to them."""
        cdef Py_ssize_t k
        cdef double mean, likeness, share
        if power.shape[0] != self.loss_db.shape[0] or top.shape[0] != power.shape[0] or levels.shape[0] != power.shape[0] or hold.shape[0] != power.shape[0]:
            raise ValueError(f"{power.shape[0]} powers are not those of {self.loss_db.shape[0]} points")
        for k in range(power.shape[0]):
            mean = power[k] if power[k] > self.floor else self.floor
            likeness = (top[k] / mean - self.noise_top[k]) / (self.line_top[k] - self.noise_top[k])
            share = (likeness - self.low) / (self.high - self.low)
            share = 0.0 if not share > 0 else share if share < 1 else 1.0
            levels[k] = 10 * log10(mean) + self.loss_db[k] * share * share * (3 - 2 * share) + self.slope_db[k]
            if levels[k] > hold[k]:
                hold[k] = levels[k]


def moved(const double[::1] y not None, double[::1] painted not None, double unseen):
    """Where heights differ by more than `unseen` from those that were painted: (first, last, lowest number, highest number) of the points from
    the one before the first that moved to the one behind the last, of both; None where nothing did. `painted` becomes what `y` is there."""
    cdef Py_ssize_t span[2]
    cdef double ends[2]
    if painted.shape[0] != y.shape[0]:
        raise ValueError(f"{y.shape[0]} heights cannot be told from {painted.shape[0]}")
    if y.shape[0] == 0 or not span_moved(&y[0], &painted[0], y.shape[0], unseen, span, ends):
        return None
    return span[0], span[1], ends[0], ends[1]


cdef bint span_moved(const double *y, double *painted, Py_ssize_t count, double unseen, Py_ssize_t *span, double *ends) noexcept:
    """What `moved` tells, into (first, last) and (lowest, highest)."""
    cdef Py_ssize_t k, first = -1, last = -1
    for k in range(count):
        if fabs(y[k] - painted[k]) > unseen:
            first, last = (k if first < 0 else first), k
    if first < 0:
        return False
    span[0], span[1] = max(first - 1, 0), min(last + 1, count - 1)
    ends[0] = ends[1] = y[span[0]]
    for k in range(span[0], span[1] + 1):
        ends[0], ends[1] = fmin(ends[0], fmin(y[k], painted[k])), fmax(ends[1], fmax(y[k], painted[k]))
        painted[k] = y[k]
    return True


def write_line(const double[::1] y not None, double[:, ::1] line not None, double[:, ::1] area not None):
    """Heights into the points of a line, (x, y) each, and of the area between it and a floor, which has one more point at either end."""
    cdef Py_ssize_t k
    if line.shape[0] != y.shape[0] or area.shape[0] != y.shape[0] + 2 or line.shape[1] != 2 or area.shape[1] != 2:
        raise ValueError(f"{y.shape[0]} heights do not go into {line.shape[0]} points of a line and {area.shape[0]} of an area")
    for k in range(y.shape[0]):
        line[k, 1] = area[k + 1, 1] = y[k]
