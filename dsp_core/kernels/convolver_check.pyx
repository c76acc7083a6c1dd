"""The convolver by itself, for the tests that hold it against a plain convolution and for the benchmark."""
from libc.stdlib cimport free

from dsp_core.convolver cimport MOST_OUTS, Convolver
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.memory cimport present


cdef class Convolution:
    """`firs` (count, taps) and `paths`, a sequence of (source, out, fir), from `sources` to `outs` sounds."""
    cdef Convolver convolver
    cdef char *memory
    cdef readonly int sources
    cdef readonly int outs

    def __cinit__(self, *args, **kwargs):
        self.memory = NULL

    def __dealloc__(self):
        free(self.memory)

    def __init__(self, double rate, firs, paths, int sources=2, int outs=2):
        self.convolver = Convolver(rate, firs.shape[1], sources, outs, firs.shape[0])
        self.sources, self.outs = sources, outs
        self.memory = <char *>present(self.convolver.bytes, 1)
        if self.memory is NULL:
            raise MemoryError
        self.change(firs, paths)
        self.convolver.rest(self.memory)

    @property
    def latency(self):
        return self.convolver.latency

    @property
    def period(self):
        return self.convolver.period

    @property
    def busy(self):
        return self.convolver.busy()

    def change(self, const double[:, ::1] firs, paths):
        """Turn to other FIRs of the same length. Only while not busy."""
        cdef int i
        assert not self.convolver.busy() and firs.shape[1] == self.convolver.taps
        self.convolver.begin()
        for i in range(<int>firs.shape[0]):
            self.convolver.transform(i, &firs[i, 0])
        for source, out, fir in paths:
            self.convolver.connect(source, out, fir)
        self.convolver.publish()

    def run(self, const double[:, ::1] x, double[:, ::1] y, long long when=0):
        """(sources, frames) in, (outs, frames) out; `when` counts for the first frames only."""
        cdef double *source[2]
        cdef double *out[MOST_OUTS]
        cdef int i
        cdef unsigned long long before
        assert x.shape[0] == self.sources and y.shape[0] == self.outs and x.shape[1] == y.shape[1] > 0
        for i in range(self.sources):
            source[i] = <double *>&x[i, 0]
        for i in range(self.outs):
            out[i] = &y[i, 0]
        with nogil:
            before = flush_denormals()
            self.convolver.anchor(self.memory, when)
            self.convolver.run(self.memory, source, out, <int>x.shape[1])
            restore_denormals(before)
