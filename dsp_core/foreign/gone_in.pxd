"""How loud what went into a plugin was, as far back as a plugin may be late: what comes out of it is judged by that."""
from libc.math cimport fmax
from libc.stdint cimport int64_t

cdef enum:
    SPANS = 2048                 # of a full block each; nothing that is later fits into a chain

cdef struct GoneIn:
    double peak[SPANS]
    int64_t frames               # that went in so far

cdef inline void gone_in_forget(GoneIn *g) noexcept nogil:
    g.frames = 0

cdef inline void gone_in_note(GoneIn *g, int span, int frames, double peak) noexcept nogil:
    """The next `frames` are so loud. `span`: frames of a full block."""
    cdef int64_t k
    for k in range(g.frames // span, (g.frames + frames - 1) // span + 1):
        g.peak[k % SPANS] = peak if k * span >= g.frames else fmax(peak, g.peak[k % SPANS])
    g.frames += frames

cdef inline double gone_in_before(const GoneIn *g, int span, int frames, int latency) noexcept nogil:
    """The loudest of the last `frames`, as they were `latency` frames ago; to a span, and no longer ago than is known."""
    cdef int64_t end = g.frames - min(<int64_t>latency, <int64_t>(SPANS - 2) * span), k
    cdef double peak = 0.0
    for k in range(max(<int64_t>0, end - frames) // span, (end + span - 1) // span):
        peak = fmax(peak, g.peak[k % SPANS])
    return peak
