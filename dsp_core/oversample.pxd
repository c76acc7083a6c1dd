"""Oversampling with linear or minimum phase; the kernel and what it promises are in dsp_core/kernels/oversample.h."""

cdef extern from "dsp_core/kernels/oversample.h":
    cdef enum:
        OS_FRAMES "MRT_OS_FRAMES"
        OS_MOST "MRT_OS_MOST"
        OS_UP "MRT_OS_UP"
        OS_DOWN "MRT_OS_DOWN"
        OS_WIDE "MRT_OS_WIDE"
    ctypedef struct OsLines "MrtOsLines":
        int count
        int late[32]             # frames by which each line lies before the call's
        size_t kept              # doubles of memory between calls, zero at the start
    ctypedef struct Oversampler "MrtOversampler":
        int factor
        int delay                # frames from a sample to what is added to it
        int tail                 # frames after which nothing that was added is left on the way down
        bint minimum             # the sound itself comes back too; `delay` is that of low frequencies
        OsLines up
        OsLines down
        int point[17]            # where the points stand on the way up: the one before the first, then `factor` planes
        int bent[16]             # where what is added goes on the way down
    int oversampler_build "mrt_os_build"() noexcept nogil
    int oversampler_plan "mrt_os_plan"(Oversampler *p, int factor, double rate, bint minimum, int build) noexcept nogil
    void oversampler_up "mrt_os_up"(const Oversampler *p, double *kept, const double *x, double *line, int frames) noexcept nogil
    void oversampler_ground "mrt_os_ground"(const Oversampler *p, const double *kept, const double *up, double *down,
                                            int frames) noexcept nogil
    void oversampler_down "mrt_os_down"(const Oversampler *p, double *kept, double *line, double *out, int frames) noexcept nogil
