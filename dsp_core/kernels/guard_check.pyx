"""The forms of the band-limit guard one by one, for the tests that hold them against each other."""
from dsp_core.band_guard cimport GUARD_DELAY, GUARD_FRAMES, GUARD_PAST, BandGuard, guard_plan, guard_run

cdef extern from "dsp_core/kernels/cpu.h":
    int cpu_found "mrt_cpu_found"()

BUILDS = ("plain", "portable", "avx2")[:cpu_found() + 2]
DELAY = GUARD_DELAY


def band_guard(str build, double[::1] x, cuts):
    """Filter x in place, from silence, in pieces of the lengths `cuts` gives; DELAY frames late."""
    cdef BandGuard guard
    cdef double past[GUARD_PAST]
    cdef Py_ssize_t done = 0
    cdef int n, k
    guard_plan(&guard, <int>BUILDS.index(build) - 1)
    for k in range(GUARD_PAST):
        past[k] = 0.0
    while done < x.shape[0]:
        n = <int>min(x.shape[0] - done, <Py_ssize_t>cuts())
        if not 0 < n <= GUARD_FRAMES:
            raise ValueError(f"a piece has 1 to {GUARD_FRAMES} frames, not {n}")
        guard_run(&guard, past, &x[done], n)
        done += n
