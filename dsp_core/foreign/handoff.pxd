"""What both ends and those who wait know of the memory between an engine and a worker."""
from libc.stdint cimport uint32_t, uint64_t

cdef extern from "dsp_core/kernels/handoff.h" nogil:
    cppclass Handoff "mrt_handoff":
        pass
    enum:
        BLOCKS "mrt_handoff::BLOCKS"
    size_t handoff_bytes "mrt_handoff_bytes"(uint32_t block_frames) noexcept
    size_t handoff_at "mrt_handoff_at"(uint32_t block_frames, uint64_t number, int direction) noexcept
    float *handoff_sound "mrt_handoff_sound"(Handoff *h, uint32_t block_frames, uint64_t number, int direction) noexcept
    void handoff_begin "mrt_handoff_begin"(Handoff *h, uint32_t block_frames) noexcept
    bint handoff_fits "mrt_handoff_fits"(const Handoff *h, uint32_t block_frames) noexcept
    void handoff_post "mrt_handoff_post"(Handoff *h, uint64_t number, uint32_t frames, uint32_t channels, uint32_t fresh) noexcept
    cppclass PostedBlock "mrt_posted_block":
        uint32_t frames, channels, fresh, cost_us
    const PostedBlock *handoff_block "mrt_handoff_block"(const Handoff *h, uint64_t number) noexcept
    uint64_t handoff_posted "mrt_handoff_posted"(const Handoff *h) noexcept
    uint64_t handoff_answered "mrt_handoff_answered"(const Handoff *h) noexcept
    void handoff_ring_worker "mrt_handoff_ring_worker"(Handoff *h) noexcept
    bint handoff_sleep_for_post "mrt_handoff_sleep_for_post"(Handoff *h, uint64_t number, long us) noexcept
    void handoff_answer "mrt_handoff_answer"(Handoff *h, uint64_t number, uint32_t cost_us) noexcept
    bint handoff_sleep_for_answer "mrt_handoff_sleep_for_answer"(Handoff *h, uint64_t number, long long most_us) noexcept
    void handoff_nap_for_answer "mrt_handoff_nap_for_answer"(Handoff *h, uint64_t number, long us) noexcept nogil
    void handoff_tell_gone "mrt_handoff_tell_gone"(Handoff *h, bint gone) noexcept
    bint handoff_is_answered "mrt_handoff_is_answered"(const Handoff *h, uint64_t number) noexcept

cdef enum:
    TO_PLUGIN = 0
    FROM_PLUGIN = 1

# For who may wait: rings the worker and, unless `number` is NOBODY, waits for that answer; false when none will come.
ctypedef bint (*Patience)(Handoff *h, uint64_t number) noexcept nogil
