"""The variants of the crossover kernel one by one, for the tests that hold them against each other and for the benchmark."""
from libc.string cimport memset

from dsp_core.crossover cimport (
    MOST_BANDS, Crossover, CrossoverKind, CrossoverRun, crossover_arrive, crossover_aim, crossover_avx2, crossover_lanes,
    crossover_move, crossover_plain, crossover_stand, crossover_wide)
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.svf cimport svf_has_avx2

cdef enum:
    TICK = 32

cdef extern from "dsp_core/kernels/cpu.h":
    bint cpu_wide_found "mrt_cpu_wide_found"()

VARIANTS = ("plain", "lanes") + (("avx2",) if svf_has_avx2() else ()) + (("wide",) if cpu_wide_found() else ())


cdef class Split:
    """2 to 6 bands at ascending crossovers `hz`, `slope` 24 or 48 dB/oct, at `rate` Hz."""
    cdef Crossover x
    cdef CrossoverKind kind
    cdef double hz[5]
    cdef double rate
    cdef CrossoverRun run_

    def __init__(self, str variant, hz, int slope, double rate):
        if variant not in VARIANTS:
            raise ValueError(f"there is no kernel {variant!r} on this machine; there are {', '.join(VARIANTS)}")
        if slope not in (24, 48) or not 1 <= len(hz) < MOST_BANDS:
            raise ValueError(f"1 to {MOST_BANDS - 1} crossovers of 24 or 48 dB/oct, not {len(hz)} of {slope}")
        memset(&self.x, 0, sizeof(Crossover))
        self.kind.bands, self.kind.pairs, self.rate = len(hz) + 1, slope // 24, rate
        self.run_ = (crossover_plain if variant == "plain" else crossover_lanes if variant == "lanes" else
                     crossover_avx2 if variant == "avx2" else crossover_wide)
        for i, each in enumerate(hz):
            self.hz[i] = each
        crossover_stand(&self.x, &self.kind, self.hz, rate)

    def run(self, const double[:, ::1] source, double[:, :, ::1] bands, int times=1):
        """(2, frames) in, (bands, 2, frames) out; `times` over without returning to Python in between."""
        cdef double *plane[12]
        cdef unsigned long long before
        cdef int _time
        self.planes(source, bands, plane)
        with nogil:
            before = flush_denormals()
            for _time in range(times):
                self.run_(&self.x, &self.kind, &source[0, 0], &source[1, 0], plane, <int>source.shape[1])
            restore_denormals(before)

    def glide(self, hz, const double[:, ::1] source, double[:, :, ::1] bands):
        """The same over TICK frames, on the way to other crossovers. Gives whether it moved."""
        cdef double *plane[12]
        cdef bint moves
        self.planes(source, bands, plane)
        for i, each in enumerate(hz):
            self.hz[i] = each
        moves = crossover_aim(&self.x, &self.kind, self.hz, self.rate, TICK)
        crossover_move(&self.x, &self.kind, self.run_, 0, &source[0, 0], &source[1, 0], plane, TICK)
        crossover_arrive(&self.x, &self.kind)
        return moves

    cdef int planes(self, const double[:, ::1] source, double[:, :, ::1] bands, double **plane) except -1:
        cdef int b
        if (bands.shape[0], bands.shape[1], bands.shape[2], source.shape[0]) != (self.kind.bands, 2, source.shape[1], 2):
            raise ValueError(f"(2, frames) go in and ({self.kind.bands}, 2, frames) come out")
        for b in range(self.kind.bands):
            plane[2 * b], plane[2 * b + 1] = &bands[b, 0, 0], &bands[b, 1, 0]
        return 0
