"""Stream over the thread boundary: wait-free ring of equal-sized records, one producer, one consumer."""
from libc.stdint cimport uint32_t
from libcpp.atomic cimport atomic

cdef class Ring:
    cdef char *slots
    cdef readonly size_t record_bytes
    cdef readonly uint32_t capacity
    cdef uint32_t mask
    cdef atomic[uint32_t] head               # written by the producer only
    cdef char _apart[60]                     # head and tail on different cache lines
    cdef atomic[uint32_t] tail               # written by the consumer only
    cdef char _apart_too[60]
    cdef atomic[uint32_t] dropped            # records that found no room

    cdef bint push(self, const void *records, uint32_t count) noexcept nogil
    cdef uint32_t pop(self, void *records, uint32_t most) noexcept nogil
