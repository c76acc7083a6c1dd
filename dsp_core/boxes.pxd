"""Three moving averages of one length in a row, as sums of whole numbers: exact, so they never drift, however long they run."""
from libc.stdint cimport int64_t

cdef struct Boxes:
    int at                       # position in the ring
    int64_t sum[3]

cdef inline int64_t boxes_step(Boxes *b, int64_t *ring, int length, int64_t value) noexcept nogil:
    """The sum over length^3 of what the averages hold once `value` has come in; `ring` holds 3 * length values."""
    cdef int64_t *past = ring + b.at
    b.sum[0] += value - past[0]
    b.sum[1] += b.sum[0] - past[1]
    b.sum[2] += b.sum[1] - past[2]
    past[0], past[1], past[2] = value, b.sum[0], b.sum[1]
    b.at = b.at + 3 if b.at + 3 < 3 * length else 0
    return b.sum[2]

cdef inline void boxes_fill(Boxes *b, int64_t *ring, int length, int64_t value) noexcept nogil:
    """As if `value` had come in for ever."""
    cdef int64_t once = value, twice = length * once, thrice = length * twice
    cdef int i
    for i in range(length):
        ring[3 * i], ring[3 * i + 1], ring[3 * i + 2] = once, twice, thrice
    b.at = 0
    b.sum[0], b.sum[1], b.sum[2] = twice, thrice, length * thrice
