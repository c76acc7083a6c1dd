from libcpp.deque cimport deque


cdef struct Moment:
    double value
    double time_s


cdef class Fall:
    cdef double floor_db, rate, time_s
    cdef bint begun
    cdef readonly double level_db
    cpdef double follow(self, double level_db, double time_s)
    cpdef void clear(self)


cdef class Hold:
    cdef double hold_s
    cdef deque[Moment] falling
    cdef readonly double value, value_s
    cpdef double follow(self, double value, double time_s)
    cpdef void clear(self)
