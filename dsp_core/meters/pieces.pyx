"""Which parts of a picture hold something: as few areas as are worth a stroke of their own. Not for the audio thread."""
from libcpp.vector cimport vector


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
    for x, y, width, height in places:
        area.left, area.top, area.right, area.bottom = x, y, x + width, y + height
        areas.push_back(area)
    one = 0
    while one < areas.size():
        other = one + 1
        while other < areas.size():
            if join(areas, one, other, spare):
                one = other = 0                  # the larger one may be near to what was looked at before
            other += 1
        one += 1
    return [(area.left, area.top, area.right - area.left, area.bottom - area.top) for area in areas]


cdef bint join(vector[Area] &areas, size_t one, size_t other, Py_ssize_t spare) noexcept:
    """Puts two areas, and those the one around them would overlap, in the place of the first if it is worth it."""
    cdef Area whole = around(areas[one], areas[other])
    cdef Py_ssize_t inside = 0, count = 0, grown = 0, most
    cdef size_t k
    while grown != size(whole):
        grown = size(whole)
        for k in range(areas.size()):
            if overlap(whole, areas[k]):
                whole = around(whole, areas[k])
    for k in range(areas.size()):
        if overlap(whole, areas[k]):
            inside, count = inside + size(areas[k]), count + 1
    most = spare * (count - 1)
    if grown - inside >= most:
        return False
    for k in range(areas.size(), 0, -1):
        if overlap(whole, areas[k - 1]):
            areas.erase(areas.begin() + k - 1)
    areas.push_back(whole)
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
