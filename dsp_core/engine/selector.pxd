"""Which source is heard, at which matching gain. A switch fades over 15 ms and always runs to its end; the last wish wins."""
from libc.math cimport fabs
from libc.string cimport memcpy

from dsp_core.fade cimport blend_into, make_fade
from dsp_core.stages.stage cimport CHUNK, sample_t
from dsp_core.units cimport db_of_gain, gain_of_db

cdef enum:
    MIX = 0
    MASTER = 1
    DELTA = 2                    # what one stage adds or takes away
    OTHER = 3                    # two other chains
    REFERENCE = 5                # two references
    SOURCES = 7
    SWITCH_MS = 15
    MAX_SWITCH_FRAMES = 5760     # 15 ms at 384 kHz

cdef struct Selector:
    int heard, next, wanted
    int ready                    # which sources may be heard, one bit each
    int fade_left, fade_frames
    double fade[MAX_SWITCH_FRAMES]
    double gain_db[SOURCES]      # matching gain now, <= 0
    double goal_db[SOURCES]
    double slew_db[SOURCES]      # largest change of a matching gain per frame

cdef inline void selector_start(Selector *s, double rate) noexcept nogil:
    s.ready = (1 << SOURCES) - 1
    s.fade_frames = min(<int>MAX_SWITCH_FRAMES, <int>(SWITCH_MS * 1e-3 * rate))
    make_fade(s.fade, s.fade_frames)

cdef inline void selector_rest(Selector *s) noexcept nogil:
    """In silence: what is wished for is heard at once if it runs, and what no longer runs is left."""
    cdef int source
    if s.ready >> s.wanted & 1:
        s.heard = s.wanted
    elif not s.ready >> s.heard & 1:
        s.heard = MASTER
    s.next, s.fade_left = s.heard, 0
    for source in range(SOURCES):
        s.gain_db[source] = s.goal_db[source]

cdef inline int audible(const Selector *s) noexcept nogil:
    """Which sources sound or are about to, one bit each."""
    return 1 << s.heard | 1 << s.next | 1 << s.wanted

cdef inline void apply_match(Selector *s, int source, sample_t **io, int frames, bint sounds) noexcept nogil:
    """The source at its matching gain; a moving gain runs linearly through the piece. What does not sound is there at once."""
    cdef double most = s.slew_db[source] * frames
    cdef double step = min(max(s.goal_db[source] - s.gain_db[source], -most), most)
    cdef double first = gain_of_db(s.gain_db[source]), gain
    cdef double last = gain_of_db(s.gain_db[source] + step)
    cdef int c, i
    if not sounds:
        s.gain_db[source] = s.goal_db[source]
        return
    s.gain_db[source] += step
    if fabs(s.gain_db[source] - s.goal_db[source]) < 1e-9:
        s.gain_db[source] = s.goal_db[source]
    if first == 1.0 and last == 1.0:
        return
    for c in range(2):
        for i in range(frames):
            gain = first + (last - first) * (i + 1) / frames
            io[c][i] *= gain

cdef inline void select_into(Selector *s, sample_t **out, sample_t *sources[SOURCES][2], int frames) noexcept nogil:
    """out = what is heard. Changes the planes of the sources by their matching gains."""
    cdef int done = 0, n, c, source
    for source in range(SOURCES):
        apply_match(s, source, sources[source], frames, audible(s) >> source & 1)
    while done < frames:
        if s.fade_left == 0 and s.wanted != s.heard and s.ready >> s.wanted & 1:
            s.next, s.fade_left = s.wanted, s.fade_frames
        n = min(frames - done, s.fade_left) if s.fade_left > 0 else frames - done
        for c in range(2):
            memcpy(out[c] + done, sources[s.next][c] + done, n * sizeof(double))
            if s.fade_left > 0:
                blend_into(out[c] + done, sources[s.heard][c] + done, s.fade + s.fade_frames - s.fade_left, n)
        if s.fade_left > 0:
            s.fade_left -= n
            if s.fade_left == 0:
                s.heard = s.next
        done += n
