"""Which parts of a picture hold something: as few areas as are worth a stroke of their own. Not for the audio thread."""
from libcpp.vector cimport vector

cdef enum:
    FAR = 4                      # times what may be spared: areas with more between them are not looked at further


def filled_tiles(const unsigned int[:, ::1] pixels not None, Py_ssize_t wide, Py_ssize_t high):
    """The parts of a picture whose pixels are not all 0, as (x, y, width, height) made of tiles of this size: neighbours in
    a row as one, and rows of the same width."""
    cdef Py_ssize_t top, left, start
    cdef bint filled
    found, above = [], {}
    if wide < 1 or high < 1:
        raise ValueError(f"a picture is not made of tiles of {wide} x {high}")
    for top in range(0, pixels.shape[0], high):
        above, below = {}, above
        start = -1
        for left in range(0, pixels.shape[1] + wide, wide):
            filled = left < pixels.shape[1] and holds(pixels, left, top, min(left + wide, pixels.shape[1]), min(top + high, pixels.shape[0]))
            if filled and start < 0:
                start = left
            elif not filled and start >= 0:
                place = (start, min(left, pixels.shape[1]) - start)
                above[place] = below.pop(place, top)
                start = -1
        found += [(x, first, width, top - first) for (x, width), first in below.items()]
    return found + [(x, first, width, pixels.shape[0] - first) for (x, width), first in above.items()]


cdef bint holds(const unsigned int[:, ::1] pixels, Py_ssize_t left, Py_ssize_t top, Py_ssize_t right, Py_ssize_t bottom) noexcept:
    """Whether there is anything but 0 in this part."""
    cdef Py_ssize_t x, y
    cdef unsigned int all_bits
    for y in range(top, bottom):
        all_bits = 0
        for x in range(left, right):
            all_bits |= pixels[y, x]
        if all_bits:
            return True
    return False


cdef struct Area:
    Py_ssize_t left, top, right, bottom


def put_together(places, Py_ssize_t spare):
    """Fewer and larger areas for areas (x, y, width, height) that do not overlap: some become the one around them where that holds fewer than `spare`
    pixels more for each that is saved. None overlap, and all that was in one of them still is."""
    cdef vector[Area] areas
    cdef Area area
    cdef size_t one, other
    cdef bint joined = True
    for x, y, width, height in places:
        area.left, area.top, area.right, area.bottom = x, y, x + width, y + height
        areas.push_back(area)
    while joined:
        joined = False
        for one in range(areas.size()):
            for other in range(one + 1, areas.size()):
                if size(areas[one]) and size(areas[other]) and join(areas, one, other, spare):
                    joined = True
    return [(area.left, area.top, area.right - area.left, area.bottom - area.top) for area in areas if size(area)]


cdef bint join(vector[Area] &areas, size_t one, size_t other, Py_ssize_t spare) noexcept:
    """Puts two areas, and those that the one around them would overlap, in the place of the first if it is worth it; the others are empty then."""
    cdef Area whole = around(areas[one], areas[other])
    cdef Py_ssize_t inside = 0, count = 0, grown = 0
    cdef size_t k
    if size(whole) - size(areas[one]) - size(areas[other]) >= FAR * spare:
        return False
    while grown != size(whole):
        grown = size(whole)
        for k in range(areas.size()):
            if overlap(whole, areas[k]):
                whole = around(whole, areas[k])
    for k in range(areas.size()):
        if overlap(whole, areas[k]):
            inside, count = inside + size(areas[k]), count + 1
    if grown - inside >= spare * (count - 1):
        return False
    for k in range(areas.size()):
        if overlap(whole, areas[k]):
            areas[k].left = areas[k].right = areas[k].top = areas[k].bottom = 0      # overlaps nothing
    areas[one] = whole
    return True


cdef inline Py_ssize_t size(Area area) noexcept:
    return (area.right - area.left) * (area.bottom - area.top)


cdef inline bint overlap(Area one, Area other) noexcept:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


cdef inline Area around(Area one, Area other) noexcept:
    cdef Area both
    both.left, both.top = min(one.left, other.left), min(one.top, other.top)
    both.right, both.bottom = max(one.right, other.right), max(one.bottom, other.bottom)
    return both
