"""The oversampler alone, in each width of vector, for the tests that hold its filters against their limits and each other."""
from libc.stdlib cimport calloc, free

from dsp_core.oversample cimport (OS_DOWN, OS_FRAMES, OS_UP, Oversampler, oversampler_build, oversampler_down, oversampler_ground,
                                  oversampler_plan, oversampler_up)

BUILDS = {name: build for build, name in enumerate(("plain", "portable", "avx2", "avx512"), -1) if build <= oversampler_build()}


cdef class RoundTrip:
    """Up and down, with the mean of two points between, or the sound as it is (`minimum`). `build` is a name of BUILDS."""
    cdef Oversampler plan
    cdef double *up
    cdef double *down

    def __cinit__(self, int factor, double rate, str build="portable", bint minimum=False):
        if oversampler_plan(&self.plan, factor, rate, minimum, BUILDS[build]):
            raise ValueError(f"{factor} times {rate:g} Hz does not fit the oversampler's lines")
        self.up = <double *>calloc(self.plan.up.kept + 1, sizeof(double))
        self.down = <double *>calloc(self.plan.down.kept + 1, sizeof(double))
        if self.up is NULL or self.down is NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.up)
        free(self.down)

    @property
    def delay(self):
        """Frames from a sample to its result."""
        return self.plan.delay

    @property
    def down_delay(self):
        """Frames of it that are spent on the way down."""
        return self.plan.delay - self.plan.down.late[0]

    def points(self, double[::1] x, double[:, ::1] out):
        """The fine grid: out[k, i] is the point k / factor after some frame i - d, d the same for all."""
        cdef double line[OS_UP]
        cdef int done = 0, n, k, i, total = <int>x.shape[0]
        while done < total:
            n = min(total - done, <int>OS_FRAMES)
            oversampler_up(&self.plan, self.up, &x[done], line, n)
            for k in range(self.plan.factor):
                for i in range(n):
                    out[k, done + i] = line[self.plan.point[k + 1] + i]
            done += n

    def run(self, double[::1] x):
        """In place: up, the mean of each point and the one before it (minimum phase: the sound between them), down."""
        cdef double up[OS_UP]
        cdef double down[OS_DOWN]
        cdef int done = 0, n, k, i, total = <int>x.shape[0]
        while done < total:
            n = min(total - done, <int>OS_FRAMES)
            oversampler_up(&self.plan, self.up, &x[done], up, n)
            oversampler_ground(&self.plan, self.down, up, down, n)
            for k in range(0 if self.plan.minimum else self.plan.factor):
                for i in range(n):
                    down[self.plan.bent[k] + i] += 0.5 * (up[self.plan.point[k] + i] + up[self.plan.point[k + 1] + i])
            oversampler_down(&self.plan, self.down, down, &x[done], n)
            done += n

    def from_grid(self, double[:, ::1] x, double[::1] out):
        """Down alone: x[k, i] is what is added between the points k - 1 and k after frame i."""
        cdef double down[OS_DOWN]
        cdef int done = 0, n, k, i, total = <int>out.shape[0]
        while done < total:
            n = min(total - done, <int>OS_FRAMES)
            oversampler_ground(&self.plan, self.down, NULL, down, n)
            for k in range(self.plan.factor):
                for i in range(n):
                    down[self.plan.bent[k] + i] = x[k, done + i]
            oversampler_down(&self.plan, self.down, down, &out[done], n)
            done += n
