"""The variants of the Fourier transform one by one, for the tests that hold them against each other and for the benchmark."""
from libc.stdlib cimport free
from libcpp.vector cimport vector

from dsp_core.fft cimport (
    FFT_FEWEST, FFT_MOST, Fft, FftSingle, fft_add_products, fft_backward, fft_backward_single, fft_forward, fft_forward_single, fft_free,
    fft_free_single, fft_make, fft_make_single_variant, fft_make_variant, fft_plane, fft_plane_single, fft_spectrum, fft_spectrum_single)
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.memory cimport present
from dsp_core.svf cimport svf_has_avx2

VARIANTS = ("plain", "lanes") + (("avx2",) if svf_has_avx2() else ())


cdef class Transform:
    """Of `points` real points, a power of two from 64 to 2^19. `variant`: one of VARIANTS; None is what a stage gets.

    Spectra are (2, fft_plane) arrays: real and imaginary parts, bins 0 to points / 2 and padding.
    """
    cdef Fft *plan
    cdef double *scratch
    cdef readonly int points
    cdef readonly int plane

    def __cinit__(self, *args, **kwargs):
        self.plan = NULL
        self.scratch = NULL

    def __dealloc__(self):
        fft_free(self.plan)
        free(self.scratch)

    def __init__(self, int points, variant=None):
        if variant is not None and variant not in VARIANTS:
            raise ValueError(f"there is no kernel {variant!r} on this machine; there are {', '.join(VARIANTS)}")
        self.plan = fft_make(points) if variant is None else fft_make_variant(points, VARIANTS.index(variant))
        if self.plan is NULL:
            raise ValueError(f"no transform of {points} points; a power of two from {FFT_FEWEST} to {FFT_MOST} works")
        self.points, self.plane = points, fft_plane(points)
        self.scratch = <double *>present(fft_spectrum(points), sizeof(double))
        if self.scratch is NULL:
            raise MemoryError

    def forward(self, const double[::1] x, double[:, ::1] spectrum, int times=1):
        """`times` over without returning to Python in between."""
        cdef int _time
        cdef unsigned long long before
        self.check(x.shape[0], spectrum.shape[0], spectrum.shape[1])
        with nogil:
            before = flush_denormals()
            for _time in range(times):
                fft_forward(self.plan, &x[0], &spectrum[0, 0], self.scratch)
            restore_denormals(before)

    def backward(self, const double[:, ::1] spectrum, double[::1] x, int times=1):
        cdef int _time
        cdef unsigned long long before
        self.check(x.shape[0], spectrum.shape[0], spectrum.shape[1])
        with nogil:
            before = flush_denormals()
            for _time in range(times):
                fft_backward(self.plan, &spectrum[0, 0], &x[0], self.scratch)
            restore_denormals(before)

    def add_products(self, const double[:, :, ::1] a, const double[:, :, ::1] b, double[:, ::1] total, int times=1):
        """total += the sum over the first axis of a * b, at most 64 long."""
        cdef const double *left[64]
        cdef const double *right[64]
        cdef int i, _time, count = <int>a.shape[0]
        if not 1 <= count <= 64 or b.shape[0] != count:
            raise ValueError(f"1 to 64 pairs, not {a.shape[0]} and {b.shape[0]}")
        self.check(self.points, a.shape[1], a.shape[2])
        self.check(self.points, b.shape[1], b.shape[2])
        self.check(self.points, total.shape[0], total.shape[1])
        for i in range(count):
            left[i], right[i] = &a[i, 0, 0], &b[i, 0, 0]
        with nogil:
            for _time in range(times):
                fft_add_products(self.plan, left, right, count, &total[0, 0])

    cdef int check(self, Py_ssize_t points, Py_ssize_t parts, Py_ssize_t bins) except -1:
        if points != self.points or parts != 2 or bins != self.plane:
            raise ValueError(f"{self.points} points and spectra of (2, {self.plane})")
        return 0


cdef class SingleTransform:
    """The same in single precision; spectra are (2, plane) arrays of floats."""
    cdef FftSingle *plan
    cdef vector[float] scratch
    cdef readonly int points
    cdef readonly int plane

    def __cinit__(self, *args, **kwargs):
        self.plan = NULL

    def __dealloc__(self):
        fft_free_single(self.plan)

    def __init__(self, int points, variant):
        self.plan = fft_make_single_variant(points, VARIANTS.index(variant))
        if self.plan is NULL:
            raise ValueError(f"no transform of {points} points; a power of two from {FFT_FEWEST} to {FFT_MOST} works")
        self.points, self.plane = points, fft_plane_single(points)
        self.scratch.resize(fft_spectrum_single(points))

    def forward(self, const float[::1] x, float[:, ::1] spectrum):
        self.check(x.shape[0], spectrum.shape[0], spectrum.shape[1])
        fft_forward_single(self.plan, &x[0], &spectrum[0, 0], self.scratch.data())

    def backward(self, const float[:, ::1] spectrum, float[::1] x):
        self.check(x.shape[0], spectrum.shape[0], spectrum.shape[1])
        fft_backward_single(self.plan, &spectrum[0, 0], &x[0], self.scratch.data())

    cdef int check(self, Py_ssize_t points, Py_ssize_t rows, Py_ssize_t plane) except -1:
        if points != self.points or rows != 2 or plane != self.plane:
            raise ValueError(f"{points} points and a spectrum of {rows} x {plane} are not those of a transform of {self.points}")
        return 0
