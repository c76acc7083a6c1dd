"""One source under every meter there is: its bins beside those of its needles, on their way to whoever reads them."""
from libc.stdint cimport int32_t, int64_t

from dsp_core.engine.ring cimport Ring
from dsp_core.meters.meter cimport Bin, Meter
from dsp_core.meters.needles cimport NeedleBin, Needles
from dsp_core.stages.stage cimport sample_t

cdef enum:
    MOST_BINS = 8                # that one piece of at most CHUNK frames can end

cdef struct Heard:
    int32_t source               # which ear
    int32_t run                  # counts its beginnings: sums of different runs do not belong together
    int64_t began_at             # frames of its sound that were shown before the run began
    Bin bin
    NeedleBin needles

cdef class Ear:
    cdef int source, run
    cdef int64_t began_at
    cdef Needles needles
    cdef Ring told                           # shared with the other ears

    cdef void restart(self, int64_t when, int64_t shown) noexcept nogil
    cdef void hear(self, sample_t **sound, int frames, const Bin *bins, int count) noexcept nogil
    cdef void cut(self, const Bin *bins, int count) noexcept nogil
    cdef void tell(self, const Bin *bins, int count, const NeedleBin *needles, int needled) noexcept nogil
