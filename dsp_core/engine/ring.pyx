"""Stream over the thread boundary: wait-free ring of equal-sized records, one producer, one consumer."""
from libc.stdlib cimport free
from libc.string cimport memcpy
from libcpp.atomic cimport memory_order_acquire, memory_order_relaxed, memory_order_release

from dsp_core.memory cimport present


cdef class Ring:
    """`capacity` (a power of two) records of `record_bytes` each. Full: the whole push is dropped and counted, never waited for."""

    def __cinit__(self, size_t record_bytes, uint32_t capacity):
        if record_bytes == 0 or capacity == 0 or capacity & (capacity - 1):
            raise ValueError(f"a ring wants records of at least 1 byte and a power of two of them, not {record_bytes} x {capacity}")
        self.slots = <char *>present(capacity, record_bytes)
        if self.slots is NULL:
            raise MemoryError
        self.record_bytes, self.capacity, self.mask = record_bytes, capacity, capacity - 1

    def __dealloc__(self):
        free(self.slots)

    @property
    def lost(self):
        """Records dropped because the consumer was away."""
        return self.dropped.load(memory_order_relaxed)

    def put(self, const unsigned char[::1] records):
        """Producer side from Python: whole records as bytes. False when there is no room."""
        if records.shape[0] == 0 or records.shape[0] % self.record_bytes:
            raise ValueError(f"{records.shape[0]} bytes are not whole records of {self.record_bytes}")
        return self.push(&records[0], <uint32_t>(records.shape[0] // self.record_bytes))

    def drain(self, unsigned char[::1] records):
        """Consumer side from Python: fills `records` with the oldest ones, gives their number."""
        if <size_t>records.shape[0] < self.record_bytes:
            return 0
        return self.pop(&records[0], <uint32_t>(records.shape[0] // self.record_bytes))

    cdef bint push(self, const void *records, uint32_t count) noexcept nogil:
        cdef uint32_t head = self.head.load(memory_order_relaxed)
        cdef uint32_t at = head & self.mask
        cdef uint32_t first = min(count, self.capacity - at)
        if count > self.capacity - (head - self.tail.load(memory_order_acquire)):
            self.dropped.fetch_add(count, memory_order_relaxed)
            return False
        memcpy(self.slots + at * self.record_bytes, records, first * self.record_bytes)
        memcpy(self.slots, <const char *>records + first * self.record_bytes, (count - first) * self.record_bytes)
        self.head.store(head + count, memory_order_release)
        return True

    cdef uint32_t pop(self, void *records, uint32_t most) noexcept nogil:
        cdef uint32_t tail = self.tail.load(memory_order_relaxed)
        cdef uint32_t count = min(most, self.head.load(memory_order_acquire) - tail)
        cdef uint32_t at = tail & self.mask
        cdef uint32_t first = min(count, self.capacity - at)
        memcpy(records, self.slots + at * self.record_bytes, first * self.record_bytes)
        memcpy(<char *>records + first * self.record_bytes, self.slots, (count - first) * self.record_bytes)
        self.tail.store(tail + count, memory_order_release)
        return count
