"""What the audio thread says of itself."""
from libc.stdint cimport int64_t, uint64_t
from libcpp.atomic cimport atomic

from dsp_core.engine.selector cimport SOURCES

cdef struct Status:              # atomics written by the audio thread, read by anybody
    atomic[int64_t] heard_at     # song frame now leaving the engine
    atomic[int64_t] callbacks
    atomic[int64_t] frames
    atomic[int] state            # of the transport
    atomic[int] heard            # source
    atomic[int] ended            # 1 after the song played to its end
    atomic[int] awaits           # 1 while a start waits for a chain to be run up to `heard_at`
    atomic[int] starved          # disk was late
    atomic[int] late             # callbacks that took longer than their period
    atomic[int] flagged          # under- or overflows the device reported
    atomic[int] guarded          # blocks silenced at the output because of NaN or infinity
    atomic[int] mended           # samples of live input that were NaN or infinite
    atomic[int64_t] late_of[SOURCES]     # frames from the song's place to each source, or ELSEWHERE
    atomic[uint64_t] busy_ticks  # time spent in callbacks
    atomic[uint64_t] top_ticks   # longest callback since read
