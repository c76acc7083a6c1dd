"""Memory that the audio thread will touch."""

cdef extern from "dsp_core/kernels/memory.h" nogil:
    void *present "mrt_present"(size_t count, size_t size)       # zeroed, aligned, every page there; free() it
