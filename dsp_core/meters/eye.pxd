cdef bint span_moved(const double *y, double *painted, Py_ssize_t count, double unseen, Py_ssize_t *span, double *ends) noexcept
