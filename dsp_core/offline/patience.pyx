"""How a plugin's line is run offline: the worker is rung for each block, and every answer is waited for."""
from libc.stdint cimport uint64_t, uintptr_t

from dsp_core.foreign.handoff cimport Handoff, Patience, handoff_ring_worker, handoff_sleep_for_answer

cdef uint64_t NOBODY = <uint64_t>-1
cdef long long MOST_US = 20000000        # a plugin that takes longer for one block hangs

MOST_S = 20.0


cdef bint wait_for(Handoff *h, uint64_t number) noexcept nogil:
    handoff_ring_worker(h)
    return number == NOBODY or handoff_sleep_for_answer(h, number, MOST_US)


def patience():
    """The address that a Line wants."""
    cdef Patience address = &wait_for
    return <uintptr_t><void *>address
