"""Kernels by themselves, over and over without returning to Python, for benchmarks."""
from libc.stdint cimport int32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memset

from dsp_core.ballistics cimport Ballistics, Reduction, ballistics_of, move_one
from dsp_core.band_dynamics cimport BandCurve
from dsp_core.compressor_law cimport Modes, curve_stand, modes
from dsp_core.fastmath cimport DB_PER_OCTAVE
from dsp_core.gain_computer cimport GainComputer, gain_computer
from dsp_core.level cimport FinitePeak, finite_peak_fastest
from dsp_core.memory cimport present
from dsp_core.moving cimport Moving, moving_stand
from dsp_core.sliding cimport SlidingMax, sliding_fill, sliding_max

cdef extern from "dsp_core/kernels/steps.h":
    enum:
        STEPS_IN_A_ROW "MRT_STEPS_IN_A_ROW"
    uint64_t steps "mrt_steps"(uint64_t rows) noexcept nogil


def dependent_steps(unsigned long long count):
    """About `count` steps of one cycle each that wait for one another; gives how many there were."""
    cdef uint64_t rows = count // STEPS_IN_A_ROW
    with nogil:
        steps(rows)
    return rows * STEPS_IN_A_ROW


def sliding_max_run(int32_t[::1] x, int window, int times):
    """The sliding maximum in place, `times` over."""
    cdef int32_t *past = <int32_t *>present(window + 1, sizeof(int32_t))
    cdef SlidingMax s
    cdef int _time
    if past is NULL:
        raise MemoryError
    sliding_fill(&s, past, window, 0)
    with nogil:
        for _time in range(times):
            sliding_max(&s, past, window, &x[0], <int>x.shape[0])
    free(past)


def compress_run(const double[::1] level, double[::1] gain, int times):
    """Gain computer, detector and gain of one channel of a compressor at -24 dB, 2 : 1, `times` over."""
    cdef const GainComputer *computer = gain_computer()
    cdef Ballistics poles = ballistics_of(15.0, 150.0, False, 48000.0)
    cdef const Modes *ways = modes()
    cdef Reduction memory
    cdef BandCurve curve
    cdef Moving unlowered
    cdef int _time, frames = <int>level.shape[0]
    memset(&curve, 0, sizeof(curve))
    memset(&memory, 0, sizeof(memory))
    moving_stand(&unlowered, 0.0)
    curve_stand(&curve, -24.0, 6.0, 0.5, 60.0)
    with nogil:
        for _time in range(times):
            computer.levels(&level[0], frames, DB_PER_OCTAVE, &unlowered, False, 0, &gain[0])
            ways.asks(&gain[0], frames, &curve, False, False, 0)
            move_one(&poles, False, 0.0, False, NULL, &memory, &gain[0], frames)
            computer.gains(&gain[0], frames, &curve.curve, False, 0)


def finite_peak_run(const double[:, ::1] x, int times):
    """The base class's look at two planes for peak and faults, `times` over."""
    cdef FinitePeak look = finite_peak_fastest()
    cdef double top = 0.0
    cdef int _time
    with nogil:
        for _time in range(times):
            top += look(&x[0, 0], &x[1, 0], <int>x.shape[1])
    return top
