"""What a character of the saturation is: shares of its two curves, and what drives them.

What drives is an emphasis of first order before the curve, (lows + highs S) / (1 + S), whose inverse stands behind it: the character's
own, and a tilt around 1 kHz that can move. A sound that the curve leaves alone leaves both together as it came.
"""
from libc.math cimport fmax

from dsp_core.lr4 cimport svf_forget, svf_shape, warped
from dsp_core.moving cimport Moving, moving_at, stands_at
from dsp_core.svf cimport Svf, SvfCascade

cdef enum:
    BANDS = 4
    BEHIND = BANDS               # place of what stands behind the curves, after those before each band's

cdef enum:                       # values of the character parameter
    TAPE = 0
    TRIODE = 1
    TRANSFORMER = 2
    EVEN = 3
    ODD = 4

cdef extern from *:
    """
    static const double MRT_EVEN_ALONE = 0.5;        /* share of the even curve at the end of the balance */
    static const double MRT_TILT_HZ = 1000.0;        /* where the tilt leaves the drive alone */
    """
    const double EVEN_ALONE "MRT_EVEN_ALONE"
    const double TILT_HZ "MRT_TILT_HZ"

cdef struct Character:
    double odd                   # shares of the curves
    double even                  # up to 2/3 beside odd = 1 the sum of both still rises everywhere
    double emphasis_hz           # corner
    double lows                  # gains of the emphasis
    double highs

cdef struct Emphasis:            # lanes: channels
    Svf own[BANDS + 1]
    Svf tilt[BANDS + 1]
    double tilt_g
    double made_tilt[BANDS + 1]

cdef inline Character character_of(int kind) noexcept nogil:
    cdef Character c
    c.odd, c.even, c.emphasis_hz, c.lows, c.highs = 1.0, 0.0, 1000.0, 1.0, 1.0
    if kind == TAPE:
        c.even, c.emphasis_hz, c.highs = 0.03, 3183.0, 2.8           # 50 us, 9 dB
    elif kind == TRIODE:
        c.even = 0.25
    elif kind == TRANSFORMER:
        c.emphasis_hz, c.lows = 60.0, 4.0                            # 12 dB
    elif kind == EVEN:
        c.odd, c.even = 0.0, EVEN_ALONE
    return c

cdef inline double odd_share(const Character *c, double balance) noexcept nogil:
    """balance: from -1, the odd curve alone, over 0, the character's own shares, to 1, the even curve alone; straight between."""
    return c.odd * (1.0 - fmax(balance, 0.0)) + fmax(-balance, 0.0) * (1.0 - c.odd)

cdef inline double even_share(const Character *c, double balance) noexcept nogil:
    return c.even * (1.0 - fmax(-balance, 0.0)) + fmax(balance, 0.0) * (EVEN_ALONE - c.even)

cdef inline void shelf(Svf *f, double g, double lows, double highs) noexcept nogil:
    cdef int lane
    for lane in range(2):
        svf_shape(f, lane, g, 2.0, highs, lows + highs, lows)

cdef inline void inverse_shelf(Svf *f, double g, double lows, double highs) noexcept nogil:
    shelf(f, g * lows / highs, 1.0 / lows, 1.0 / highs)

cdef inline void emphasis_make(Emphasis *e, const Character *c, double rate) noexcept nogil:
    cdef double g = warped(c.emphasis_hz, rate)
    cdef int k
    for k in range(BANDS):
        shelf(&e.own[k], g, c.lows, c.highs)
        e.made_tilt[k] = 0.0
    inverse_shelf(&e.own[BEHIND], g, c.lows, c.highs)
    e.made_tilt[BEHIND] = 0.0
    e.tilt_g = warped(TILT_HZ, rate)

cdef inline void emphasis_forget(Emphasis *e) noexcept nogil:
    svf_forget(e.own, BANDS + 1)
    svf_forget(e.tilt, BANDS + 1)

cdef inline void make_tilt(Emphasis *e, int place, double tilt) noexcept nogil:
    """Lows over `tilt`, highs times `tilt`. At 1 it leaves everything alone, whatever it remembers."""
    if e.made_tilt[place] == tilt:
        return
    e.made_tilt[place] = tilt
    if place == BEHIND:
        inverse_shelf(&e.tilt[place], e.tilt_g * tilt, 1.0 / tilt, tilt)
    else:
        shelf(&e.tilt[place], e.tilt_g * tilt, 1.0 / tilt, tilt)

cdef inline void emphasise(Emphasis *e, int place, const Character *c, SvfCascade cascade, const Moving *tilt, int at, double **x,
                           int frames) noexcept nogil:
    """Both channels in place, where the emphasis does something; frame by frame while the tilt moves, `at` frames after the last tick."""
    cdef Svf *row[1]
    cdef int i
    row[0] = &e.own[place]
    if c.lows != c.highs:
        cascade(row, 1, x[0], x[1], frames)
    row[0] = &e.tilt[place]
    if stands_at(tilt, 1.0):
        svf_forget(row[0], 1)
    elif stands_at(tilt, tilt.now):
        make_tilt(e, place, tilt.now)
        cascade(row, 1, x[0], x[1], frames)
    else:
        for i in range(frames):
            make_tilt(e, place, moving_at(tilt, at + i + 1))
            cascade(row, 1, x[0] + i, x[1] + i, 1)
