"""How a plugin's line is run offline: the worker is rung for each block, and every answer is waited for."""
from libc.stdint cimport uint64_t, uintptr_t

from dsp_core.foreign.handoff cimport Handoff, Patience, handoff_is_answered, handoff_nap_for_bell, handoff_ring_worker
from dsp_core.foreign.handoff cimport handoff_sleep_for_answer

cdef uint64_t NOBODY = <uint64_t>-1
cdef long long MOST_US = 20000000        # a plugin that takes longer for one block hangs
cdef long JUDGED_US = 100

MOST_S = 20.0


cdef bint wait_for(Handoff *h, uint64_t number) noexcept nogil:
    if number != NOBODY and handoff_is_answered(h, number):
        handoff_nap_for_bell(h, JUDGED_US)       # a relay has it in hand
        return True
    handoff_ring_worker(h)
    return number == NOBODY or handoff_sleep_for_answer(h, number, MOST_US)


def patience():
    """The address that a Line wants."""
    cdef Patience address = &wait_for
    return <uintptr_t><void *>address
