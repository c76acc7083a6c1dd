"""One source under every meter there is: its bins beside those of its needles, on their way to whoever reads them."""
from libc.string cimport memset


cdef class Ear:
    """The needles beside `meter`, whose bins it is given; every pair goes to the ring `told` under the number `source`."""

    def __init__(self, int source, Meter meter not None, Ring told not None):
        self.source, self.told = source, told
        self.needles = Needles(meter.rate, 2, delay_frames=meter.delay_frames)

    cdef void restart(self, int64_t when, int64_t shown) noexcept nogil:
        """Another sound begins, together with the meter; `shown` frames were given to the eye before."""
        self.needles.reset(when)
        self.began_at = shown
        self.run += 1

    cdef void hear(self, sample_t **sound, int frames, const Bin *bins, int count) noexcept nogil:
        """The next frames, of which the meter has made `count` bins."""
        cdef NeedleBin needles[MOST_BINS]
        self.tell(bins, count, needles, self.needles.measure(<const double **>sound, frames, needles, MOST_BINS))

    cdef void cut(self, const Bin *bins, int count) noexcept nogil:
        """The meter was made to end its bins here."""
        cdef NeedleBin needles[MOST_BINS]
        self.tell(bins, count, needles, self.needles.flush(needles, MOST_BINS))

    cdef void tell(self, const Bin *bins, int count, const NeedleBin *needles, int needled) noexcept nogil:
        cdef Heard heard
        cdef int k
        memset(&heard, 0, sizeof(Heard))
        heard.source, heard.run, heard.began_at = self.source, self.run, self.began_at
        for k in range(min(count, needled)):
            heard.bin, heard.needles = bins[k], needles[k]
            self.told.push(&heard, 1)


def heard_layout():
    """[(name, format, offset)] of a record; "bin" and "needles" nest."""
    cdef Heard h
    cdef char *start = <char *>&h
    return [("source", "i4", <char *>&h.source - start), ("run", "i4", <char *>&h.run - start), ("began_at", "i8", <char *>&h.began_at - start),
            ("bin", "bin", <char *>&h.bin - start),
            ("needles", "needles", <char *>&h.needles - start)]


HEARD_FIELDS = heard_layout()
HEARD_BYTES = sizeof(Heard)
