"""Lines that move, and the pixels they are made of: fill and smooth lines over a ground, a call for each picture. Not for the audio thread.

Places are in logical pixels, `ratio` pixels of the device to each; pixel (c, r) covers [c, c + 1) x [r, r + 1).
"""
from libc.math cimport ceil, fabs, floor, fmax, fmin, sqrt
from libc.string cimport memcpy
from libcpp.vector cimport vector

from dsp_core.meters.eye cimport span_moved

cdef enum:
    SUBS = 8                     # sub-columns of a column, in which a steep stroke is cut
    REACH = 2                    # logical pixels that a stroke may look different beside its points
    WHOLE = 256                  # coverage of a pixel that is hidden
    BLOCK = 16                   # columns that lie in a line of cache memory

cdef double LEVEL, SLANTED
LEVEL, SLANTED = 0.5, 1.5        # rows for a column, up to which 2 sub-columns do, and 4
cdef double UNSEEN = 0.1         # logical pixels; a line that moved less looks the same
cdef double FARTHEST = 1e6       # logical pixels; what lies farther away is no place of a picture
cdef double NOWHERE = 1e18
cdef float BELOW = 1e18

ctypedef unsigned int Pixel


cdef class LiveLine:
    """A line over rising x that is given other levels many times a second, and says where it then looks different."""

    cdef vector[double] x, y, painted
    cdef double low, high, low_px, span

    def lay(self, const double[::1] x not None, (double, double, double, double) axis, const double[::1] values not None, double offset):
        """New places, and levels on an axis from (lowest, highest) to (its pixel, the other's): all of it is to be painted."""
        cdef Py_ssize_t k
        self.low, self.high, self.low_px, self.span = axis[0], axis[1], axis[2], axis[3] - axis[2]
        self.x.resize(x.shape[0])
        self.y.resize(x.shape[0])
        for k in range(x.shape[0]):
            self.x[k] = x[k]
        self.put(values, offset)
        self.painted = self.y

    def follow(self, const double[::1] values not None, double offset, asked=None):
        """Other levels at the same places. Gives (x, y, width, height) of what has to be painted for it together with what is `asked` for already;
        None where nothing is to be seen.

        One rectangle for all of it, because Qt copies pictures several times as fast into a rectangle as into a region of any other form."""
        cdef Py_ssize_t span[2]
        cdef double ends[2]
        cdef int left, top, right, bottom, x, y, wide, high
        self.put(values, offset)
        if not span_moved(self.y.data(), self.painted.data(), self.y.size(), UNSEEN, span, ends):
            return asked
        left, right = whole(self.x[span[0]]) - REACH, whole(self.x[span[1]]) + REACH + 1
        top = max(whole(ends[0]) - REACH, whole(fmin(self.low_px, self.low_px + self.span)))
        bottom = min(whole(ends[1]) + REACH + 1, whole(ceil(fmax(self.low_px, self.low_px + self.span))))
        if asked is not None:
            x, y, wide, high = asked
            left, top, right, bottom = min(left, x), min(top, y), max(right, x + wide), max(bottom, y + high)
        return left, top, right - left, bottom - top

    @property
    def points(self):
        """(x, y) of each point."""
        return [(self.x[k], self.y[k]) for k in range(<Py_ssize_t>self.x.size())]

    cdef int put(self, const double[::1] values, double offset) except -1:
        """What lies outside the axis stands at its end; what is no number at the low one."""
        cdef Py_ssize_t k
        cdef double value
        if values.shape[0] != <Py_ssize_t>self.x.size():
            raise ValueError(f"{values.shape[0]} levels do not belong to {self.x.size()} places of a line")
        for k in range(values.shape[0]):
            value = least(most(values[k] + offset, self.low), self.high)
            self.y[k] = self.low_px + (value - self.low) / (self.high - self.low) * self.span
        return 0

    cdef bint drawn(self, Py_ssize_t k) noexcept:
        """Whether there is a line from point `k` to the next: both have a place, and it does not go back."""
        return self.x[k] <= self.x[k + 1] and (fabs(self.x[k]) < FARTHEST and fabs(self.x[k + 1]) < FARTHEST
                                               and fabs(self.y[k]) < FARTHEST and fabs(self.y[k + 1]) < FARTHEST)


cdef class LineCanvas:
    """Pixels 0xffRRGGBB that a ground, a plain fill and smooth lines are painted on. `lay_ground` before the first `paint`.

    The pixels are the canvas's own between its pictures: it renews of each column only the rows that a line left or comes to."""

    cdef Pixel[:, ::1] pixels
    cdef vector[Pixel] ground
    cdef double ratio, radius
    cdef int left, right                     # what is being painted
    cdef Pixel fill
    cdef int end                             # the row up to which it is filled
    cdef vector[int] floors, floors_before   # of each column the row from which on it is filled, and was
    cdef vector[int] firsts, lasts           # of each column the rows that hold strokes
    cdef vector[int] cuts                    # of each column in how many sub-columns its stroke is cut
    cdef vector[float] uppers, lowers        # of each sub-column the ends of a stroke, with room for SUBS in each column

    def __init__(self, Pixel[:, ::1] pixels not None, double ratio, double width):
        """`width` of a stroke in pixels of the device."""
        if not (0 < ratio < NOWHERE and 0 < width < FARTHEST):
            raise ValueError(f"lines of {width:g} pixels at a ratio of {ratio:g} cannot be painted; both must be over 0")
        cdef Py_ssize_t wide = pixels.shape[1]
        self.pixels, self.ratio, self.radius = pixels, ratio, width / 2
        self.ground.resize(pixels.shape[0] * wide)
        self.floors.resize(wide)
        self.floors_before.resize(wide)
        self.firsts.resize(wide)
        self.lasts.resize(wide)
        self.cuts.resize(wide)
        self.uppers.resize(wide * SUBS)
        self.lowers.resize(wide * SUBS)
        self.forget()

    cdef void forget(self) noexcept:
        """Whatever the pixels hold is worth nothing."""
        cdef Py_ssize_t column
        for column in range(self.pixels.shape[1]):
            self.firsts[column], self.lasts[column], self.floors_before[column] = 0, <int>self.pixels.shape[0], 0

    def lay_ground(self, const Pixel[:, ::1] ground not None):
        """What lies behind all of it; a ground that is larger begins at the same corner."""
        cdef Py_ssize_t row, wide = self.pixels.shape[1]
        if ground.shape[0] < self.pixels.shape[0] or ground.shape[1] < wide:
            raise ValueError(f"a ground of {ground.shape[1]} x {ground.shape[0]} pixels does not cover {wide} x {self.pixels.shape[0]}")
        if wide:
            for row in range(self.pixels.shape[0]):
                memcpy(&self.ground[row * wide], &ground[row, 0], wide * sizeof(Pixel))
        self.forget()

    def paint(self, (double, double, double, double) clip, LiveLine filled, Pixel fill, double floor_y, lines):
        """Paint what lies in `clip`, an area (x, y, width, height), outward to whole columns: the ground, from the line `filled` down to `floor_y`
        the colour `fill` (None fills nothing), and `lines`, (line, colour) each, the later over the earlier.

        Gives the pixels (x, y, width, height) of the device that the clip touches; None where there are none. Colours are opaque."""
        cdef LiveLine line
        cdef Pixel color
        cdef int top, bottom, end = self.row_at(floor(floor_y * self.ratio + 0.5))
        self.left, self.right = self.column_at(floor(clip[0] * self.ratio)), self.column_at(ceil((clip[0] + clip[2]) * self.ratio))
        top, bottom = self.row_at(floor(clip[1] * self.ratio)), self.row_at(ceil((clip[1] + clip[3]) * self.ratio))
        if self.left >= self.right or top >= bottom:
            return None
        if fill != self.fill or end != self.end:
            self.fill, self.end = fill, end
            self.forget()
        self.place_floors(filled)
        self.renew()
        for line, color in lines:
            if line is None:
                raise TypeError("None is no line that could be painted; leave it out of the lines")
            self.stroke(line)
            self.paint_stroke(color)
        return self.left, top, self.right - self.left, bottom - top

    cdef int column_at(self, double x) noexcept:
        return <int>fmin(fmax(x, 0.0), self.pixels.shape[1])

    cdef int row_at(self, double y) noexcept:
        return <int>fmin(fmax(y, 0.0), self.pixels.shape[0])

    cdef void place_floors(self, LiveLine line) noexcept:
        """A column is filled from the first row whose middle lies below the line."""
        cdef Py_ssize_t k
        cdef int column, last, bottom = <int>self.pixels.shape[0]
        cdef double x, y, slope
        for column in range(self.left, self.right):
            self.floors[column] = bottom
        if line is None:
            return
        for k in range(<Py_ssize_t>line.x.size() - 1):
            if not line.drawn(k):
                continue
            x, y = line.x[k] * self.ratio, line.y[k] * self.ratio
            column = <int>most(x + 0.5, self.left)
            last = <int>least(most(line.x[k + 1] * self.ratio + 0.5, 0.0), self.right)
            slope = (line.y[k + 1] - line.y[k]) / (line.x[k + 1] - line.x[k]) if column < last else 0.0
            while column < last:
                self.floors[column] = <int>least(most(y + (column + 0.5 - x) * slope + 0.5, 0.0), bottom)
                column += 1

    cdef void renew(self) noexcept:
        """Ground and fill in the rows of each column where strokes were or the fill has begun, and begins now: `BLOCK` columns at a time, because
        they lie side by side in memory."""
        cdef Py_ssize_t wide = self.pixels.shape[1]
        cdef int first, last, row, block, column, k, at, columns
        cdef int edges[BLOCK]
        block = self.left
        while block < self.right:
            columns = min(BLOCK, self.right - block)
            first, last = <int>self.pixels.shape[0], 0
            for k in range(columns):
                column = block + k
                at = edges[k] = self.floors[column]
                first = min(first, self.firsts[column], min(at, self.floors_before[column]))
                last = max(last, self.lasts[column], max(at, self.floors_before[column]))
                self.floors_before[column] = at
                self.firsts[column], self.lasts[column] = <int>self.pixels.shape[0], 0
            for row in range(first, min(last, self.end)):
                if columns == BLOCK:
                    fill_whole(&self.pixels[row, block], &self.ground[row * wide + block], edges, self.fill, row)
                else:
                    fill_part(&self.pixels[row, block], &self.ground[row * wide + block], edges, self.fill, row, columns)
            for row in range(max(first, self.end), last):
                memcpy(&self.pixels[row, block], &self.ground[row * wide + block], columns * sizeof(Pixel))
            block += columns

    cdef void stroke(self, LiveLine line) noexcept:
        """Where each sub-column cuts the stroke: a line as broad as a disc that is drawn along it."""
        cdef Py_ssize_t k
        cdef int sub
        for sub in range(self.left * SUBS, self.right * SUBS):
            self.uppers[sub] = BELOW
        for sub in range(self.left * SUBS, self.right * SUBS):
            self.lowers[sub] = -BELOW
        self.choose_cuts(line)
        for k in range(<Py_ssize_t>line.x.size() - 1):
            if line.drawn(k):
                self.cut(line.x[k] * self.ratio, line.y[k] * self.ratio, line.x[k + 1] * self.ratio, line.y[k + 1] * self.ratio)

    cdef void choose_cuts(self, LiveLine line) noexcept:
        """As many sub-columns as the steepest part of a line in a column wants."""
        cdef Py_ssize_t k
        cdef int column, wanted
        cdef double along, down
        for column in range(self.left, self.right):
            self.cuts[column] = 2
        for k in range(<Py_ssize_t>line.x.size() - 1):
            along, down = line.x[k + 1] - line.x[k], fabs(line.y[k + 1] - line.y[k])
            if line.drawn(k) and down > LEVEL * along:
                wanted = SUBS if down > SLANTED * along else 4
                for column in range(self.column_at(line.x[k] * self.ratio - self.radius), self.column_at(line.x[k + 1] * self.ratio + self.radius + 1)):
                    self.cuts[column] = max(self.cuts[column], wanted)

    cdef void cut(self, double x0, double y0, double x1, double y1) noexcept:
        """The part of a stroke between two points. Beyond them it reaches as far as it is steep."""
        cdef double along = x1 - x0, down = y1 - y0, length = sqrt(along * along + down * down)
        cdef double radius = self.radius, reach, away, slope, half, x, upper, lower, step
        cdef float *uppers = self.uppers.data()
        cdef float *lowers = self.lowers.data()
        cdef int column, last, sub, cuts
        if length == 0:
            return
        reach = radius * down / length
        away = fabs(reach)
        slope = down / along if along > 0 else 0.0
        half = radius * sqrt(1 + slope * slope)
        column, last = <int>most(x0 - away, self.left), <int>least(most(ceil(x1 + away), 0.0), self.right)
        while column < last:
            cuts = self.cuts[column]
            step = 1.0 / cuts
            x = column + 0.5 * step
            for sub in range(column * SUBS, column * SUBS + cuts):
                if x0 + away <= x <= x1 - away:
                    upper = y0 + (x - x0) * slope - half
                    lower = upper + 2 * half
                elif x0 - away <= x <= x1 + away:
                    upper = y0 - round_end(radius, x - x0) if x < x0 + reach else y1 - round_end(radius, x - x1) if x > x1 + reach else y0 + (x - x0) * slope - half
                    lower = y0 + round_end(radius, x - x0) if x < x0 - reach else y1 + round_end(radius, x - x1) if x > x1 - reach else y0 + (x - x0) * slope + half
                else:
                    x += step
                    continue
                uppers[sub], lowers[sub] = <float>least(uppers[sub], upper), <float>most(lowers[sub], lower)
                x += step
            column += 1

    cdef void paint_stroke(self, Pixel color) noexcept:
        """Each pixel as far as the stroke covers it."""
        cdef Py_ssize_t wide = self.pixels.shape[1]
        cdef int column, row, first, last, k, bottom = <int>self.pixels.shape[0]
        cdef float upper, lower, parts
        cdef const float *uppers
        cdef const float *lowers
        cdef Pixel *at
        for column in range(self.left, self.right):
            uppers, lowers, parts = self.uppers.data() + column * SUBS, self.lowers.data() + column * SUBS, WHOLE / <float>self.cuts[column]
            upper, lower = uppers[0], lowers[0]
            for k in range(1, self.cuts[column]):
                upper, lower = lesser(upper, uppers[k]), greater(lower, lowers[k])
            first = <int>least(most(upper, 0.0), bottom)
            last = <int>least(most(lower, 0.0) + 1, bottom)
            if first >= last:
                continue
            self.firsts[column], self.lasts[column] = min(self.firsts[column], first), max(self.lasts[column], last)
            at = &self.pixels[first, column]
            for row in range(first, last):
                at[0] = blended(at[0], color, <Pixel>(covered(uppers, lowers, row) * parts + 0.5))
                at += wide


cdef inline float covered(const float *uppers, const float *lowers, float row) noexcept:
    """In how many sub-columns a row lies inside the cuts; a part of the row is a part of one. (No sum inside the loop, so that it is done at once.)"""
    cdef float part[SUBS]
    cdef int k
    for k in range(SUBS):
        part[k] = greater(lesser(lowers[k], row + 1) - greater(uppers[k], row), 0)
    return (part[0] + part[1]) + (part[2] + part[3]) + ((part[4] + part[5]) + (part[6] + part[7]))


cdef inline float lesser(float one, float other) noexcept:
    return one if one < other else other


cdef inline float greater(float one, float other) noexcept:
    return one if one > other else other


cdef inline void fill_whole(Pixel *to, const Pixel *behind, const int *edges, Pixel fill, int row) noexcept:
    """A row of a block; its own loop, because one whose length is known takes a few instructions."""
    cdef int k
    for k in range(BLOCK):
        to[k] = fill if row >= edges[k] else behind[k]


cdef inline void fill_part(Pixel *to, const Pixel *behind, const int *edges, Pixel fill, int row, int columns) noexcept:
    cdef int k
    for k in range(columns):
        to[k] = fill if row >= edges[k] else behind[k]


cdef inline Pixel blended(Pixel under, Pixel over, Pixel covered) noexcept:
    """Of the upper colour `covered` parts in WHOLE; two channels at a time."""
    cdef Pixel outer = (under & 0xff00ff) * (WHOLE - covered) + (over & 0xff00ff) * covered + 0x800080
    cdef Pixel inner = (under >> 8 & 0xff) * (WHOLE - covered) + (over >> 8 & 0xff) * covered + 0x80
    return <Pixel>0xff000000 | outer >> 8 & 0xff00ff | inner & 0xff00


cdef inline double round_end(double radius, double away) noexcept:
    """Half the height of a disc beside its middle."""
    return sqrt(most(radius * radius - away * away, 0.0))


cdef inline double least(double one, double other) noexcept:
    return one if one < other else other


cdef inline double most(double one, double other) noexcept:
    """The other one where this is no number."""
    return one if one > other else other


cdef inline int whole(double value) noexcept:
    """The pixel that a place lies in, for any number."""
    return <int>floor(fmin(fmax(value, -FARTHEST), FARTHEST))
