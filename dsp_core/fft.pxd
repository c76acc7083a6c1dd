"""Real Fourier transform and products of spectra; the kernels, the layout of a spectrum and the method are in dsp_core/kernels/fft.h.

    plan = fft_make(points)                    prepare: a power of two from 64 to 2^19; fft_free(plan) in __dealloc__
    fft_forward(plan, x, spectrum, scratch)    x: points doubles; spectrum and scratch: fft_spectrum(points) doubles; no overlap
    fft_add_products(plan, a, b, count, sum)   sum += a[0] b[0] + a[1] b[1] + ...
    fft_backward(plan, spectrum, x, scratch)   the exact inverse, 1 / points included; the spectrum is left as it is

In single precision, for what is only looked at: FftSingle; fft_make_single, fft_forward_single and fft_backward_single, without products.
"""

cdef extern from "dsp_core/kernels/fft.h":
    ctypedef struct Fft "MrtFft":
        int points
    enum:
        FFT_FEWEST "MRT_FFT_FEWEST"
        FFT_MOST "MRT_FFT_MOST"
    int fft_plane "mrt_fft_plane"(int points) noexcept nogil         # where the imaginary parts begin
    int fft_spectrum "mrt_fft_spectrum"(int points) noexcept nogil   # doubles of a spectrum, and of the scratch memory
    Fft *fft_make "mrt_fft_make"(int points) noexcept nogil          # control thread; NULL: no memory, or no such size
    void fft_free "mrt_fft_free"(Fft *f) noexcept nogil
    void fft_forward "mrt_fft_forward"(const Fft *f, const double *x, double *spectrum, double *scratch) noexcept nogil
    void fft_backward "mrt_fft_backward"(const Fft *f, const double *spectrum, double *x, double *scratch) noexcept nogil
    void fft_add_products "mrt_fft_add_products"(const Fft *f, const double *const *a, const double *const *b, int count,
                                                 double *sum) noexcept nogil
    ctypedef struct FftSingle "MrtFftSingle":
        int points
    int fft_plane_single "mrt_fft_plane_single"(int points) noexcept nogil
    int fft_spectrum_single "mrt_fft_spectrum_single"(int points) noexcept nogil     # floats
    FftSingle *fft_make_single "mrt_fft_make_single"(int points) noexcept nogil
    void fft_free_single "mrt_fft_free"(FftSingle *f) noexcept nogil
    void fft_forward_single "mrt_fft_forward"(const FftSingle *f, const float *x, float *spectrum, float *scratch) noexcept nogil
    void fft_backward_single "mrt_fft_backward"(const FftSingle *f, const float *spectrum, float *x, float *scratch) noexcept nogil
    # for the tests: 0 plain, 1 vectors of the baseline, 2 AVX2
    FftSingle *fft_make_single_variant "mrt_fft_make_single_variant"(int points, int variant) noexcept nogil
    Fft *fft_make_variant "mrt_fft_make_variant"(int points, int variant) noexcept nogil
