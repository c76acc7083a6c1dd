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

cdef double LEVEL, SLANTED
LEVEL, SLANTED = 0.5, 1.5        # rows for a column, up to which 2 sub-columns do, and 4
cdef double UNSEEN = 0.1         # logical pixels; a line that moved less looks the same
cdef double FARTHEST = 1e6       # logical pixels; what lies farther away is no place of a picture
cdef double NOWHERE = 1e18

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
    """Pixels 0xffRRGGBB that a ground, a plain fill and smooth lines are painted on. `lay_ground` before the first `paint`."""

    cdef Pixel[:, ::1] pixels
    cdef vector[Pixel] ground
    cdef double ratio, radius
    cdef int left, top, right, bottom        # what is being painted
    cdef vector[int] floors                  # of each column the row from which on it is filled
    cdef vector[int] cuts                    # of each column in how many sub-columns its stroke is cut
    cdef vector[double] uppers, lowers       # of each sub-column the ends of a stroke, with room for SUBS in each column
    cdef vector[float] changes               # of the cover from row to row

    def __init__(self, Pixel[:, ::1] pixels not None, double ratio, double width):
        """`width` of a stroke in pixels of the device."""
        if not (0 < ratio < NOWHERE and 0 < width < FARTHEST):
            raise ValueError(f"lines of {width:g} pixels at a ratio of {ratio:g} cannot be painted; both must be over 0")
        self.pixels, self.ratio, self.radius = pixels, ratio, width / 2
        self.ground.resize(pixels.shape[0] * pixels.shape[1])
        self.floors.resize(pixels.shape[1])
        self.cuts.resize(pixels.shape[1])
        self.changes.resize(pixels.shape[0] + 2)
        self.uppers.resize(pixels.shape[1] * SUBS)
        self.lowers.resize(pixels.shape[1] * SUBS)

    def lay_ground(self, const Pixel[:, ::1] ground not None):
        """What lies behind all of it; a ground that is larger begins at the same corner."""
        cdef Py_ssize_t row, wide = self.pixels.shape[1]
        if ground.shape[0] < self.pixels.shape[0] or ground.shape[1] < wide:
            raise ValueError(f"a ground of {ground.shape[1]} x {ground.shape[0]} pixels does not cover {wide} x {self.pixels.shape[0]}")
        if wide:
            for row in range(self.pixels.shape[0]):
                memcpy(&self.ground[row * wide], &ground[row, 0], wide * sizeof(Pixel))

    def paint(self, (double, double, double, double) clip, LiveLine filled, Pixel fill, double floor_y, lines):
        """Paint what lies in `clip`, an area (x, y, width, height), outward to whole pixels: the ground, from the line `filled` down to `floor_y`
        the colour `fill` (None fills nothing), and `lines`, (line, colour) each, the later over the earlier.

        Gives (x, y, width, height) of that in pixels of the device; None where there is none. Colours are opaque."""
        cdef LiveLine line
        cdef Pixel color
        self.left, self.right = self.column_at(floor(clip[0] * self.ratio)), self.column_at(ceil((clip[0] + clip[2]) * self.ratio))
        self.top, self.bottom = self.row_at(floor(clip[1] * self.ratio)), self.row_at(ceil((clip[1] + clip[3]) * self.ratio))
        if self.left >= self.right or self.top >= self.bottom:
            return None
        self.place_floors(filled)
        self.paint_fill(fill, self.row_at(floor(floor_y * self.ratio + 0.5)))
        for line, color in lines:
            if line is None:
                raise TypeError("None is no line that could be painted; leave it out of the lines")
            self.stroke(line)
            self.paint_stroke(color)
        return self.left, self.top, self.right - self.left, self.bottom - self.top

    cdef int column_at(self, double x) noexcept:
        return <int>fmin(fmax(x, 0.0), self.pixels.shape[1])

    cdef int row_at(self, double y) noexcept:
        return <int>fmin(fmax(y, 0.0), self.pixels.shape[0])

    cdef void place_floors(self, LiveLine line) noexcept:
        """A column is filled from the first row whose middle lies below the line."""
        cdef Py_ssize_t k
        cdef int column, last
        cdef double x, y, slope
        for column in range(self.left, self.right):
            self.floors[column] = self.bottom
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
                self.floors[column] = <int>least(most(y + (column + 0.5 - x) * slope + 0.5, self.top), self.bottom)
                column += 1

    cdef void paint_fill(self, Pixel fill, int end) noexcept:
        """The ground, and the fill under it up to row `end`."""
        cdef Py_ssize_t wide = self.pixels.shape[1]
        cdef int row, column, left = self.left, right = self.right, highest = self.bottom, lowest = self.top
        cdef Pixel *to
        cdef const Pixel *behind
        cdef const int *floors = self.floors.data()
        for column in range(left, right):
            highest, lowest = min(highest, floors[column]), max(lowest, floors[column])
        for row in range(self.top, self.bottom):
            to, behind = &self.pixels[row, 0], self.ground.data() + row * wide
            if row < highest or row >= end:
                memcpy(to + left, behind + left, (right - left) * sizeof(Pixel))
            elif row >= lowest:
                for column in range(left, right):
                    to[column] = fill
            else:
                for column in range(left, right):
                    to[column] = fill if row >= floors[column] else behind[column]

    cdef void stroke(self, LiveLine line) noexcept:
        """Where each sub-column cuts the stroke: a line as broad as a disc that is drawn along it."""
        cdef Py_ssize_t k
        cdef int sub
        for sub in range(self.left * SUBS, self.right * SUBS):
            self.uppers[sub], self.lowers[sub] = NOWHERE, -NOWHERE
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
        cdef double radius = self.radius, reach, slope, half, x, upper, lower
        cdef double *uppers = self.uppers.data()
        cdef double *lowers = self.lowers.data()
        cdef int column, last, sub, cuts
        if length == 0:
            return
        reach = radius * down / length
        slope = down / along if along > 0 else 0.0
        half = radius * sqrt(1 + slope * slope)
        column, last = <int>most(x0 - fabs(reach), self.left), <int>least(most(ceil(x1 + fabs(reach)), 0.0), self.right)
        while column < last:
            cuts = self.cuts[column]
            for sub in range(cuts):
                x = column + (sub + 0.5) / cuts
                if x0 + fabs(reach) <= x <= x1 - fabs(reach):
                    upper = y0 + (x - x0) * slope - half
                    lower = upper + 2 * half
                elif x0 - fabs(reach) <= x <= x1 + fabs(reach):
                    upper = y0 - round_end(radius, x - x0) if x < x0 + reach else y1 - round_end(radius, x - x1) if x > x1 + reach else y0 + (x - x0) * slope - half
                    lower = y0 + round_end(radius, x - x0) if x < x0 - reach else y1 + round_end(radius, x - x1) if x > x1 - reach else y0 + (x - x0) * slope + half
                else:
                    continue
                uppers[column * SUBS + sub], lowers[column * SUBS + sub] = least(uppers[column * SUBS + sub], upper), most(lowers[column * SUBS + sub], lower)
            column += 1

    cdef void paint_stroke(self, Pixel color) noexcept:
        """Each pixel as far as the stroke covers it: every end of a cut changes the cover of all rows below it, in its own row by a part."""
        cdef Py_ssize_t wide = self.pixels.shape[1]
        cdef int column, row, first, rows, k, cuts, top = self.top, bottom = self.bottom
        cdef float upper, lower, covered
        cdef const double *uppers
        cdef const double *lowers
        cdef float *change = self.changes.data()
        cdef Pixel *at
        cdef Pixel alpha
        for column in range(self.left, self.right):
            uppers, lowers, cuts = self.uppers.data() + column * SUBS, self.lowers.data() + column * SUBS, self.cuts[column]
            upper, lower = uppers[0], lowers[0]
            for k in range(1, cuts):
                upper, lower = least(upper, uppers[k]), most(lower, lowers[k])
            first = <int>least(most(upper, top), bottom)
            rows = <int>least(most(lower, top) + 1, bottom) - first
            if rows <= 0:
                continue
            for row in range(rows + 2):
                change[row] = 0
            for k in range(cuts):
                upper, lower = least(most(uppers[k] - first, 0.0), rows), least(most(lowers[k] - first, 0.0), rows)
                if upper < lower:
                    row = <int>upper
                    change[row] += row + 1 - upper
                    change[row + 1] += upper - row
                    row = <int>lower
                    change[row] -= row + 1 - lower
                    change[row + 1] -= lower - row
            covered = 0.5 * cuts / WHOLE
            at = &self.pixels[first, column]
            for row in range(rows):
                covered += change[row]
                alpha = <Pixel>(covered * (WHOLE / cuts))
                at[0] = blended(at[0], color, alpha)
                at += wide


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
