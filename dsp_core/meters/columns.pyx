"""Columns of a history that scrolls, one device pixel each: cleared, filled and edged in memory that a picture is made of. Not for the audio thread.

Pixels are 0xffRRGGBB; row y reaches from y to y + 1. A column looks the same however many are drawn with it: its part of a line depends on its own
value and on those of its two neighbours only.
"""
from libc.math cimport ceil, floor, fmax, fmin, isnan, rint, sqrt

ctypedef unsigned int Pixel

cdef Pixel EVEN = 0xff00ff       # red and blue, or alpha and green eight bits further up
cdef Pixel HALF = 0x800080


cdef inline Pixel scaled(Pixel color, unsigned int share) noexcept:
    """Every channel times share / 255, rounded."""
    cdef Pixel even = (color & EVEN) * share + HALF, odd = ((color >> 8) & EVEN) * share + HALF
    return (((even + ((even >> 8) & EVEN)) >> 8) & EVEN) | ((odd + ((odd >> 8) & EVEN)) & ~EVEN)


cdef inline double distance(double along, double rise, double y) noexcept:
    """From the point (0, y) to the line between (0, 0) and (along, rise), both ends included."""
    cdef double at = fmin(fmax(y * rise / (along * along + rise * rise), 0), 1)
    cdef double dx = at * along, dy = y - at * rise
    return sqrt(dx * dx + dy * dy)


cdef class Scale:
    """Rows of values in dB: `low` and `high` stand at `low_px` and `high_px`, what lies outside at the end, what is no number at the low one."""

    cdef readonly double low, high, low_px, high_px

    def __init__(self, double low, double high, double low_px, double high_px):
        if not low < high:
            raise ValueError(f"a scale cannot go from {low:g} to {high:g} dB; the low end must be under the high one")
        self.low, self.high, self.low_px, self.high_px = low, high, low_px, high_px

    cpdef double px(self, double db):
        """The row of one value, with its fraction."""
        return self.low_px + (fmin(db, self.high) - self.low) / (self.high - self.low) * (self.high_px - self.low_px) if db > self.low else self.low_px


cdef class Columns:
    """Draws into `pixels` (rows, columns). Lists of values begin with that of the column before `left`; columns outside the pixels are left out."""

    cdef Pixel[:, ::1] pixels

    def __init__(self, Pixel[:, ::1] pixels not None):
        self.pixels = pixels

    def clear(self, Py_ssize_t left, Py_ssize_t right, const Pixel[::1] ground not None):
        """Columns from `left` up to `right` are what `ground` has in each row."""
        cdef Py_ssize_t x, y
        if ground.shape[0] != self.pixels.shape[0]:
            raise ValueError(f"a ground of {ground.shape[0]} rows is none of columns of {self.pixels.shape[0]}")
        for y in range(self.pixels.shape[0]):
            for x in range(max(left, 0), min(right, self.pixels.shape[1])):
                self.pixels[y, x] = ground[y]

    def fill(self, Py_ssize_t left, Scale scale not None, top, bottom, Pixel color):
        """Each column from one value to another, lists of them or one for all; nothing where the upper is not above the lower."""
        cdef Py_ssize_t k, count = len(top if isinstance(top, list) else bottom) - 1
        cdef double high, low
        for k in range(count):
            high = scale.px(top[k + 1] if isinstance(top, list) else top)
            low = scale.px(bottom[k + 1] if isinstance(bottom, list) else bottom)
            self.bar(left + k, <Py_ssize_t>rint(high), <Py_ssize_t>rint(low), color)

    def block(self, Py_ssize_t x, Py_ssize_t top, Py_ssize_t bottom, Pixel color):
        """Some rows of one column."""
        self.bar(x, top, bottom, color)

    def edge(self, Py_ssize_t left, Scale scale not None, list values not None, Pixel color, double width):
        """A smooth line through the middles of the columns, `width` pixels wide; none to or from a value that is no number."""
        cdef Py_ssize_t k, count = len(values)
        cdef double before, now, after
        for k in range(1, count):
            before, now, after = values[k - 1], values[k], values[k + 1] if k + 1 < count else float("nan")
            if not isnan(now) and 0 <= left + k - 1 < self.pixels.shape[1]:
                self.ink(left + k - 1, 0 if isnan(before) else scale.px(before), scale.px(now), 0 if isnan(after) else scale.px(after),
                         not isnan(before), not isnan(after), width / 2 + 0.5, color)

    cdef void bar(self, Py_ssize_t x, Py_ssize_t top, Py_ssize_t bottom, Pixel color) noexcept:
        cdef Py_ssize_t y
        if 0 <= x < self.pixels.shape[1]:
            for y in range(max(top, 0), min(bottom, self.pixels.shape[0])):
                self.pixels[y, x] = color

    cdef void ink(self, Py_ssize_t x, double before, double now, double after, bint comes, bint goes, double half, Pixel color) noexcept:
        """One column of a line: a pixel is covered as far as its middle is nearer than `half` to one of the two pieces that meet here."""
        cdef double low = fmin(now, fmin(before if comes else now, after if goes else now)), high = fmax(now, fmax(before if comes else now, after if goes else now))
        cdef double off
        cdef unsigned int share
        cdef Py_ssize_t y
        if not comes and not goes:
            return
        for y in range(<Py_ssize_t>fmax(floor(low - half), 0), <Py_ssize_t>fmin(ceil(high + half), self.pixels.shape[0])):
            off = half
            if comes:
                off = distance(-1, before - now, y + 0.5 - now)
            if goes:
                off = fmin(off, distance(1, after - now, y + 0.5 - now))
            share = <unsigned int>(255 * fmin(fmax(half - off, 0), 1) + 0.5)
            if share:
                self.pixels[y, x] = scaled(color, share) + scaled(self.pixels[y, x], 255 - share)
