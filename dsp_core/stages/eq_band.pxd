"""One band of the equaliser: the sections in use, and the ramp to the ones it is heading for. All of it lies in the flat block."""
from libc.string cimport memset

from dsp_core.design.section cimport section_coefficients
from dsp_core.design.shape cimport Design
from dsp_core.stages.stage cimport TICK
from dsp_core.svf cimport SVF_NUMBERS, Svf, svf_pass_through, svf_plain, svf_ramp

cdef struct Kind:                # fixed for the life of an instance
    bint on
    int type
    int order
    int channel
    int count                    # sections
    int first                    # of its sections among those of the instance
    bint middle_side             # works on mid and side instead of left and right
    int first_lane
    int end_lane

cdef enum:                       # parts of a move, TICK frames each
    WARMING = 0                  # a band that starts fills its memory, and is heard as its input
    HEADING = 1                  # towards the goal; a new goal starts this part again
    LANDING = 2                  # without another goal: come to rest exactly at it

cdef struct Way:                 # of one section
    Svf now
    double goal[SVF_NUMBERS][2]
    double speed[SVF_NUMBERS][2]         # of the coefficients, per frame, in the middle of the next frame
    double bend[SVF_NUMBERS][2]          # of the speed, per frame

cdef struct Band:
    int part                     # WARMING, HEADING or LANDING
    int left                     # frames until the end of the part; 0 at rest
    bint running                 # else the band is skipped, and its memory is empty
    bint neutral                 # goal changes nothing: there the band stops running
    bint settled                 # nothing better than goal is to come
    double hz                    # what goal was made for
    double gain_db
    double q

cdef inline void band_set_goal(Band *b, Way *way, const Kind *kind, const Design *design) noexcept nogil:
    """A neutral goal keeps the poles and gives the input back."""
    cdef double c[SVF_NUMBERS]
    cdef int i, j, lane
    for i in range(kind.count):
        section_coefficients(&design.section[i], c)
        if b.neutral:
            c[3], c[4], c[5] = 1, 0, 1
        for j in range(SVF_NUMBERS):
            for lane in range(kind.first_lane, kind.end_lane):
                way[i].goal[j][lane] = c[j]

cdef inline void band_arrive(Band *b, Way *way, const Kind *kind) noexcept nogil:
    """Be at the goal exactly, and at rest."""
    cdef int i, j, lane
    b.left = 0
    for i in range(kind.count):
        memset(way[i].speed, 0, sizeof(way[i].speed))
        memset(way[i].bend, 0, sizeof(way[i].bend))
        for j in range(SVF_NUMBERS):
            for lane in range(kind.first_lane, kind.end_lane):
                way[i].now.c[j][lane] = way[i].goal[j][lane]

cdef inline void band_jump(Band *b, Way *way, const Kind *kind) noexcept nogil:
    """Be at the goal with empty memory."""
    cdef int i, lane
    b.running = not b.neutral
    for i in range(kind.count):
        for lane in range(2):
            svf_pass_through(&way[i].now, lane)
    band_arrive(b, way, kind)

cdef inline void band_start(Band *b, Way *way, const Kind *kind) noexcept nogil:
    """From not running: the goal's poles with empty memory, heard as the input."""
    cdef int i, lane
    band_jump(b, way, kind)
    b.running, b.part, b.left = True, WARMING, TICK
    for i in range(kind.count):
        for lane in range(kind.first_lane, kind.end_lane):
            way[i].now.c[3][lane], way[i].now.c[4][lane], way[i].now.c[5][lane] = 1, 0, 1

cdef inline void band_head(Band *b, Way *way, const Kind *kind, int part) noexcept nogil:
    """Begin HEADING or LANDING.

    The coefficients are quadratic pieces whose speed does not jump (a quadratic B-spline through the goals), which leaves
    20 to 40 dB less over 3 kHz than straight pieces: tests/dsp_core/test_eq_moves.py::test_no_move_clicks.
    """
    cdef double now, end
    cdef int i, j, lane
    b.part, b.left = part, TICK
    for i in range(kind.count):
        for j in range(SVF_NUMBERS):
            for lane in range(kind.first_lane, kind.end_lane):
                now = way[i].speed[j][lane] - 0.5 * way[i].bend[j][lane]
                end = (way[i].goal[j][lane] - way[i].now.c[j][lane]) / TICK - 0.5 * now if part == HEADING else 0
                way[i].bend[j][lane] = (end - now) / TICK
                way[i].speed[j][lane] = now + 0.5 * way[i].bend[j][lane]

cdef inline void band_move(Band *b, Way *way, const Kind *kind, double *left, double *right, int frames) noexcept nogil:
    """Run at most `b.left` frames of a move; the last frame of a landing is exactly at the goal."""
    cdef bint arrives = b.part == LANDING and frames == b.left
    cdef Svf *section
    cdef int i, moving = frames - 1 if arrives else frames
    for i in range(kind.count):
        svf_ramp(&way[i].now, way[i].speed, way[i].bend, left, right, moving)
    b.left -= frames
    if arrives:
        band_arrive(b, way, kind)
        for i in range(kind.count):
            section = &way[i].now
            svf_plain(&section, 1, left + moving, right + moving, 1)
        if b.neutral:
            b.running = False
            for i in range(kind.count):
                memset(way[i].now.s, 0, sizeof(way[i].now.s))
    elif b.left == 0:
        band_head(b, way, kind, HEADING if b.part == WARMING else LANDING)
