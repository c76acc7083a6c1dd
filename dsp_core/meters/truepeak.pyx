"""The true-peak detector for Python: one channel, for tests, benchmarks and analysis."""
from libc.stdlib cimport free
from libc.string cimport memset

from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.memory cimport present

cdef extern from "dsp_core/kernels/truepeak.h":
    int cpu_found "mrt_tp_found"()

BUILDS = ("plain", "portable", "avx2", "avx512")


def builds():
    """Names of the forms of the kernel that this processor can run, slowest first."""
    return BUILDS[:cpu_found() + 2]


cdef class TruePeakDetector:
    """True peak of one channel, frame by frame.

    rate in Hz. build: one of `builds()`, or empty for the fastest. short: 16 frames less delay, for up to 0.2 dB near half the rate. Raises ValueError for a form that this processor cannot run.
    """

    cdef TruePeak plan
    cdef char *memory
    cdef readonly str build

    def __cinit__(self, double rate, str build="", bint short=False):
        self.build = build or BUILDS[cpu_level() + 1]
        if self.build not in builds():
            raise ValueError(f"the true-peak detector has no form {self.build!r} on this processor; it has {', '.join(builds())}")
        (truepeak_plan_short if short else truepeak_plan)(&self.plan, truepeak_factor(rate), <int>BUILDS.index(self.build) - 1)
        self.memory = <char *>present(self.plan.bytes, 1)
        if self.memory is NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.memory)

    @property
    def factor(self):
        """Points per frame."""
        return self.plan.factor

    @property
    def delay(self):
        """Frames from a sample to its peak."""
        return self.plan.delay

    def reset(self):
        """Forget the past."""
        memset(self.memory, 0, self.plan.bytes)

    def run(self, const double[::1] x, float[::1] peaks):
        """peaks[i] = linear true peak around the frame `delay` before x[i]; both of one length. Goes on from the last call."""
        if x.shape[0] != peaks.shape[0]:
            raise ValueError(f"{x.shape[0]} samples need as many places for peaks, not {peaks.shape[0]}")
        cdef Py_ssize_t done = 0
        cdef int n
        cdef unsigned long long before
        with nogil:
            before = flush_denormals()
            while done < x.shape[0]:
                n = <int>min(x.shape[0] - done, <Py_ssize_t>TRUEPEAK_FRAMES)
                truepeak_run(&self.plan, self.memory, &x[done], &peaks[done], n)
                done += n
            restore_denormals(before)
