"""The bars of meters: where they stand, which lines of them look different, and the pixels they are made of, a call or two for each picture. Not
for the audio thread. Time comes in as an argument, in seconds.
"""
from libc.math cimport INFINITY, floor, fmax, fmin, rint

from dsp_core.meters.ballistics cimport Fall, Hold

cdef enum:
    CHANNELS = 2
    LEVEL = 0                    # lines of a bar
    RMS = 1
    HELD = 2
    LINES = 3
    WELL = 0                     # its inks
    WEAK = 1
    STRONG = 2
    CAP = 3
    MARK = 4
    DANGER = 5
    INKS = 6
    LOUD_WELL = 0                # inks of a bar of loudness
    LOUD_AREA = 1
    LOUD_CAP = 2
    LOUD_MARK = 3
    LOUD_INKS = 4
    TIP = 3                      # room of a triangle beyond its point
    SPILL = 1                    # lines beyond a clip whose pixels may lie in it where a line has a fraction of them

ctypedef unsigned int Pixel

cdef struct Sheet:
    Pixel *pixels                # of the picture, whose rows are `stride` long
    Py_ssize_t stride
    double ratio, x, y           # pixels to each logical one, and how far into a pixel of the screen (0, 0) lies
    int left, top                # the first pixel, counted from there
    int first, last              # the lines to be painted: from one up to the other


cdef class Bar:
    """One channel: levels in dB, and the lines at which they stand."""

    cdef Fall fall
    cdef Hold hold
    cdef readonly double level_db, rms_db, held_db
    cdef int lines[LINES]

    def __init__(self, double floor_db):
        self.fall, self.hold = Fall(floor_db), Hold()
        self.level_db = self.rms_db = self.held_db = -INFINITY


cdef class PeakBars:
    """Two bars from below: peak, RMS inside it, the largest true peak as a mark. `lay_out` before the first `follow`."""

    cdef readonly tuple bars
    cdef const int[::1] ruled    # lines of levels from `lowest` on, `per_db` of them for each decibel
    cdef double lowest, per_db, ceiling_db, visible_db
    cdef int top, bottom, cap, wide, ceiling
    cdef int lefts[CHANNELS]
    cdef Pixel ink[INKS]

    def __init__(self, double floor_db, double visible_db):
        """`floor_db` is silence, `visible_db` what a level may be over the ceiling and still stand at it."""
        self.bars = (Bar(floor_db), Bar(floor_db))
        self.ceiling_db, self.visible_db = INFINITY, visible_db

    def forget(self):
        """Silence; another sound."""
        cdef double floor_db = (<Bar>self.bars[0]).fall.floor_db
        self.bars = (Bar(floor_db), Bar(floor_db))
        self.place()

    def lay_out(self, const int[::1] ruled not None, double lowest, double per_db, (int, int) span, (int, int) lefts, (int, int) sizes):
        """Bars stand from the first line of `span` up to the last, which is silence, from `lefts` on; `ruled` has the lines of all levels. `sizes`
        are those of a bar's width and its cap."""
        if ruled.shape[0] < 1:
            raise ValueError("a scale without lines has no place for a level")
        self.ruled, self.lowest, self.per_db = ruled, lowest, per_db
        self.top, self.bottom = span
        self.lefts[0], self.lefts[1] = lefts
        self.wide, self.cap = sizes
        self.place()

    def show_ceiling(self, double ceiling_db, int line):
        """From where on a bar is danger; infinite for nowhere."""
        self.ceiling_db, self.ceiling = ceiling_db, line

    def follow(self, (double, double) peak_db, (double, double) rms_db, (double, double) true_peak_db, double time_s):
        """Takes one reading; gives the first line that looks different and the one behind the last, with room for caps, or None."""
        cdef double peak[CHANNELS]
        cdef double rms[CHANNELS]
        cdef double true_peak[CHANNELS]
        cdef int k, line, before, first = self.bottom, last = self.top
        cdef Bar bar
        peak[0], peak[1] = peak_db
        rms[0], rms[1] = rms_db
        true_peak[0], true_peak[1] = true_peak_db
        for k in range(CHANNELS):
            bar = <Bar>self.bars[k]
            bar.level_db = bar.fall.follow(peak[k], time_s)
            bar.rms_db = fmin(rms[k], bar.level_db)
            bar.held_db = bar.hold.follow(fmax(true_peak[k], bar.level_db), time_s)
            for line in range(LINES):
                before = bar.lines[line]
                bar.lines[line] = self.line_of(bar, line)
                if bar.lines[line] != before:
                    first, last = min(first, before, bar.lines[line]), max(last, before, bar.lines[line])
        return (first - self.cap, last + self.cap) if first <= last else None

    def show_inks(self, *colors):
        """As 0xAARRGGBB: well, weak area, strong area, cap, mark, danger."""
        if len(colors) != INKS:
            raise ValueError(f"a bar has {INKS} inks, not {len(colors)}")
        for k in range(INKS):
            self.ink[k] = colors[k]

    def paint(self, Pixel[:, ::1] pixels not None, (double, double, double) screen, int first, int last):
        """Both bars on the lines from `first` to `last`, into a picture that begins where the first bar does, at its top. What lies between them is
        left as it is. `screen`: pixels to each line, and how far into one (0, 0) lies, x and y; edges lie where those of a rectangle do that Qt fills."""
        cdef Sheet sheet = sheet_of(pixels, screen, (self.lefts[0], self.top, self.lefts[1] + self.wide, self.bottom), first, last)
        cdef int k
        for k in range(CHANNELS):
            self.paint_bar(&sheet, self.lefts[k], <Bar>self.bars[k])

    cdef void paint_bar(self, Sheet *sheet, int x, Bar bar):
        cdef int level = bar.lines[LEVEL], rms = bar.lines[RMS], held = bar.lines[HELD], right = x + self.wide
        cdef bint above = bar.level_db > self.ceiling_db + self.visible_db
        band(sheet, x, right, self.top, level, self.ink[WELL])
        band(sheet, x, right, level, rms, self.ink[WEAK])
        band(sheet, x, right, rms, self.bottom, self.ink[STRONG])
        if above:
            band(sheet, x, right, level, self.ceiling, self.ink[DANGER])
        band(sheet, x, right, level, level + self.cap, self.ink[DANGER if above else CAP])
        if held < self.bottom:
            held = max(held - self.cap, self.top)
            band(sheet, x, right, held, held + self.cap, self.ink[MARK])

    cdef void place(self):
        cdef int k, line
        for k in range(CHANNELS):
            for line in range(LINES):
                (<Bar>self.bars[k]).lines[line] = self.line_of(<Bar>self.bars[k], line)

    cdef int line_of(self, Bar bar, int line):
        """Where a level stands, to a fraction of a decibel; the bottom for silence and for what is no number."""
        cdef double level = bar.level_db if line == LEVEL else bar.rms_db if line == RMS else bar.held_db
        if self.ruled is None or not level > self.lowest:
            return self.bottom
        return self.ruled[<Py_ssize_t>fmin((level - self.lowest) * self.per_db + 0.5, self.ruled.shape[0] - 1)]


cdef class ReductionBar:
    """One bar that hangs from the top, and the largest of the last two seconds as a mark. `lay_out` before the first `follow`."""

    cdef Fall fall
    cdef Hold hold
    cdef readonly double level_db, held_db
    cdef readonly int level, held                # lines of the bar's end and of the mark
    cdef double range_db
    cdef int top, bottom, cap

    def __init__(self):
        self.fall, self.hold, self.range_db = Fall(0.0), Hold(), 1.0

    def forget(self):
        """Nothing is taken away; another sound."""
        self.fall.clear()
        self.hold.clear()
        self.level_db = self.held_db = 0.0
        self.place()

    def lay_out(self, double range_db, int top, int bottom, int cap):
        """The bar hangs from line `top`, which is nothing, down to `bottom`, which is `range_db`."""
        if not range_db > 0:
            raise ValueError(f"a bar of reduction wants a range over 0 dB, not {range_db}")
        self.range_db, self.top, self.bottom, self.cap = range_db, top, bottom, cap
        self.place()

    def follow(self, double reduction_db, double time_s):
        """Takes one reading, >= 0; gives the first line that looks different and the one behind the last, with room for caps, or None."""
        cdef int level = self.level, held = self.held, first = self.bottom, last = self.top
        self.level_db, self.held_db = self.fall.follow(reduction_db, time_s), self.hold.follow(reduction_db, time_s)
        self.place()
        if level != self.level:
            first, last = min(level, self.level), max(level, self.level)
        if held != self.held:
            first, last = min(first, held, self.held), max(last, held, self.held)
        return (first - self.cap, last + self.cap) if first <= last else None

    cdef void place(self):
        self.level, self.held = self.line_of(self.level_db), self.line_of(self.held_db)

    cdef int line_of(self, double db):
        return self.top + <int>rint(fmin(db / self.range_db, 1.0) * (self.bottom - self.top)) if db > 0 else self.top


cdef class LoudnessBars:
    """Two bars from below that follow at once, beside each a triangle at what it is compared with, over each a mark. `lay_out` before the first `follow`.

    Levels are numbers or None, where nothing is known.
    """

    cdef const double[::1] levels, shares        # of a scale, from the top down, and where they stand: fractions of the height
    cdef int top, bottom, cap, wide, room
    cdef int lefts[CHANNELS]
    cdef double now[CHANNELS]
    cdef double others[CHANNELS]
    cdef double largest[CHANNELS]
    cdef int lines[CHANNELS]
    cdef int other_lines[CHANNELS]
    cdef int largest_lines[CHANNELS]
    cdef Pixel ink[LOUD_INKS]

    def __init__(self):
        cdef int k
        for k in range(CHANNELS):
            self.now[k] = self.others[k] = self.largest[k] = -INFINITY

    def lay_out(self, const double[::1] levels not None, const double[::1] shares not None, (int, int) span, (int, int) lefts, (int, int, int) sizes):
        """A scale of falling `levels` at `shares` of the height; bars stand from the first line of `span` up to the last, which is silence, from `lefts`
        on. `sizes` are those of a bar's width, its cap, and a triangle, which reaches as far up and down as to the left."""
        if levels.shape[0] < 2 or levels.shape[0] != shares.shape[0]:
            raise ValueError(f"a scale of {levels.shape[0]} levels and {shares.shape[0]} places is none; it wants two or more of each, as many of both")
        self.levels, self.shares = levels, shares
        self.top, self.bottom = span
        self.lefts[0], self.lefts[1] = lefts
        self.wide, self.cap, self.room = sizes
        self.place()

    def show_inks(self, *colors):
        """As 0xAARRGGBB: well, area, cap, mark."""
        if len(colors) != LOUD_INKS:
            raise ValueError(f"a bar of loudness has {LOUD_INKS} inks, not {len(colors)}")
        for k in range(LOUD_INKS):
            self.ink[k] = colors[k]

    def show_largest(self, first, second):
        """The marks."""
        self.largest[0], self.largest[1] = known(first), known(second)
        self.place()

    def line_of(self, level):
        """Where a level stands; the bottom for silence and for what is not known or no number."""
        return self.line(known(level))

    @property
    def others_at(self):
        """Lines of the triangles; the bottom where there is none."""
        return self.other_lines[0], self.other_lines[1]

    def follow(self, first, second, first_other, second_other):
        """Takes levels of both bars and of both triangles; gives the rectangle (x, y, width, height) of all that looks different, or None."""
        cdef int k, line, other, left = self.lefts[1] + self.wide, right = self.lefts[0] - self.room - TIP, high = self.bottom, low = self.top
        self.now[0], self.now[1], self.others[0], self.others[1] = known(first), known(second), known(first_other), known(second_other)
        for k in range(CHANNELS):
            line, other = self.line(self.now[k]), self.line(self.others[k])
            if line != self.lines[k]:
                left, right = min(left, self.lefts[k]), max(right, self.lefts[k] + self.wide)
                high, low = min(high, min(line, self.lines[k]) - self.cap), max(low, max(line, self.lines[k]) + self.cap)
            if other != self.other_lines[k]:
                left, right = min(left, self.lefts[k] - self.room - TIP), max(right, self.lefts[k])
                high, low = min(high, min(other, self.other_lines[k]) - self.room), max(low, max(other, self.other_lines[k]) + self.room)
            self.lines[k], self.other_lines[k] = line, other
        return (left, high, right - left, low - high) if left < right else None

    def paint(self, Pixel[:, ::1] pixels not None, (double, double, double) screen, int first, int last):
        """As `PeakBars` does."""
        cdef Sheet sheet = sheet_of(pixels, screen, (self.lefts[0], self.top, self.lefts[1] + self.wide, self.bottom), first, last)
        cdef int k
        for k in range(CHANNELS):
            self.paint_bar(&sheet, self.lefts[k], self.lines[k], self.largest_lines[k])

    cdef void paint_bar(self, Sheet *sheet, int x, int level, int largest):
        cdef int right = x + self.wide
        band(sheet, x, right, self.top, level, self.ink[LOUD_WELL])
        band(sheet, x, right, level, self.bottom, self.ink[LOUD_AREA])
        band(sheet, x, right, level, level + self.cap, self.ink[LOUD_CAP])
        if largest < self.bottom:
            largest = max(largest - self.cap, self.top)
            band(sheet, x, right, largest, largest + self.cap, self.ink[LOUD_MARK])

    cdef void place(self):
        cdef int k
        for k in range(CHANNELS):
            self.lines[k], self.other_lines[k], self.largest_lines[k] = self.line(self.now[k]), self.line(self.others[k]), self.line(self.largest[k])

    cdef int line(self, double level):
        cdef Py_ssize_t k, last = self.levels.shape[0] - 1 if self.levels is not None else 0
        cdef double share
        if last < 1 or not level > self.levels[last]:
            return self.bottom
        if level >= self.levels[0]:
            return self.top + <int>rint(self.shares[0] * (self.bottom - self.top))
        k = 1
        while self.levels[k] > level:
            k += 1
        share = self.shares[k - 1] + (self.levels[k - 1] - level) / (self.levels[k - 1] - self.levels[k]) * (self.shares[k] - self.shares[k - 1])
        return self.top + <int>rint(share * (self.bottom - self.top))


cdef Sheet sheet_of(Pixel[:, ::1] pixels, (double, double, double) screen, (int, int, int, int) edges, int first, int last) except *:
    """The picture of what lies between `edges` (left, top, right, bottom), of which the lines from `first` to `last` are to be painted."""
    cdef Sheet sheet
    cdef int wide, high
    sheet.ratio, sheet.x, sheet.y = screen
    sheet.left, sheet.top = across(&sheet, edges[0]), down(&sheet, edges[1])
    wide, high = across(&sheet, edges[2]) - sheet.left, down(&sheet, edges[3]) - sheet.top
    if pixels.shape[0] < high or pixels.shape[1] < wide:
        raise ValueError(f"bars of {wide} x {high} pixels do not go into {pixels.shape[1]} x {pixels.shape[0]}")
    sheet.pixels, sheet.stride = &pixels[0, 0] if high > 0 and wide > 0 else NULL, pixels.shape[1]
    sheet.first, sheet.last = max(first - SPILL, edges[1]), min(last + 1 + SPILL, edges[3])
    return sheet


cdef void band(Sheet *sheet, int left, int right, int first, int last, Pixel color) noexcept:
    """A plain rectangle, as far as its lines are to be painted."""
    cdef int x, y, begin = across(sheet, left) - sheet.left, end = across(sheet, right) - sheet.left
    cdef Pixel *row
    first, last = max(first, sheet.first), min(last, sheet.last)
    for y in range(down(sheet, first) - sheet.top, down(sheet, last) - sheet.top):
        row = sheet.pixels + y * sheet.stride
        for x in range(begin, end):
            row[x] = color


cdef inline int across(const Sheet *sheet, int x) noexcept:
    """The edge between pixels that is next to one of logical pixels."""
    return <int>floor(x * sheet.ratio + sheet.x + 0.5)


cdef inline int down(const Sheet *sheet, int y) noexcept:
    return <int>floor(y * sheet.ratio + sheet.y + 0.5)


cdef double known(level) except? -1:
    """Not known is as silent."""
    return level if level is not None else -INFINITY
