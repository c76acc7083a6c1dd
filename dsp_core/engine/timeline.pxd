"""Which song frame leaves the chain when: what was fed, remembered as stretches without a jump, read as late as the chain gives it out."""
from libc.stdint cimport int64_t

cdef enum:
    STRETCHES = 2048             # jumps lie at least a splice apart, and the longest latency holds fewer of those

cdef extern from *:
    """
    #include <stdint.h>
    static const int64_t MRT_NOWHERE = INT64_MIN / 2;
    """
    const int64_t NOWHERE "MRT_NOWHERE"          # before the first frame that was fed

cdef struct Timeline:
    int64_t fed                  # frames since the restart
    int64_t next                 # song frame that would follow without a jump
    int64_t first[STRETCHES]     # how many frames had been fed when a stretch began
    int64_t place[STRETCHES]     # the song frame it began at
    int newest, known

cdef inline void timeline_restart(Timeline *t) noexcept nogil:
    t.fed = t.known = 0

cdef inline void timeline_feed(Timeline *t, int64_t when, int frames) noexcept nogil:
    """The chain is fed `frames` frames of the song from `when` on."""
    if t.known == 0 or when != t.next:
        t.newest = (t.newest + 1) % STRETCHES
        t.first[t.newest], t.place[t.newest] = t.fed, when
        t.known = min(t.known + 1, <int>STRETCHES)
    t.fed += frames
    t.next = when + frames

cdef inline void timeline_land(Timeline *t, int64_t when, int latency) noexcept nogil:
    """Another chain, which was run up to its place, is fed from `when` on, and gives out what was fed to it `latency` frames before."""
    t.newest = (t.newest + 1) % STRETCHES
    t.first[t.newest], t.place[t.newest] = t.fed - latency, when - latency
    t.known = min(t.known + 1, <int>STRETCHES)
    t.next = when

cdef inline int timeline_at(const Timeline *t, int64_t back, int frames, int64_t *place) noexcept nogil:
    """place = the song frame that was fed `back` frames before the last one, or NOWHERE. Gives for how many of the next `frames` it goes on so."""
    cdef int64_t at = t.fed - back, stop = t.fed
    cdef int _k, i = t.newest
    for _k in range(t.known):
        if t.first[i] <= at:
            place[0] = t.place[i] + at - t.first[i]
            return <int>min(<int64_t>frames, max(stop - at, <int64_t>1))
        stop = min(stop, t.first[i])
        i = i - 1 if i > 0 else STRETCHES - 1
    place[0] = NOWHERE
    return <int>min(<int64_t>frames, max(stop - at, <int64_t>1))
