"""The polynomials of `fastmath.pxd` over arrays of doubles, for tests and benchmarks."""


def log2_into(const double[::1] x, double[::1] out):
    """out[i] = log2 of x[i], which is normal and above 0. Raises ValueError for unequal lengths."""
    cdef Py_ssize_t i
    check_lengths(x.shape[0], out.shape[0])
    for i in range(x.shape[0]):
        out[i] = fast_log2(x[i])


def exp2_into(const double[::1] x, double[::1] out):
    """out[i] = 2 to the power of x[i], which is within -1000 to 1000. Raises ValueError for unequal lengths."""
    cdef Py_ssize_t i
    check_lengths(x.shape[0], out.shape[0])
    for i in range(x.shape[0]):
        out[i] = fast_exp2(x[i])


cdef int check_lengths(Py_ssize_t given, Py_ssize_t taken) except -1:
    if given != taken:
        raise ValueError(f"{given} values do not fit into {taken}")
    return 0
