"""Dynamics of many bands at once; the method and what each kernel does stand in dsp_core/kernels/band_dynamics.h."""
from dsp_core.ballistics cimport Ballistics, ballistics_of
from dsp_core.gain_computer cimport Curve
from dsp_core.moving cimport Moving

cdef extern from "dsp_core/kernels/band_dynamics.h":
    cdef enum:
        MOVE_LANES "MRT_MOVE_LANES"
    ctypedef struct BandCurve "MrtBandCurve":            # of Moving alone
        Curve curve
        Moving range_db          # most change
        Moving base              # gain = base + share * gain of the dynamics
        Moving share
    ctypedef struct Moves "MrtMoves":
        double held_fall[8]      # poles per frame
        double soft_rise[8]
        double soft_fall[8]
        double held[8]           # memory, dB
        double soft[8]

    # `under`: acts under the threshold; `moving`, `at` as in gain_computer.pxd
    ctypedef struct BandDynamics "MrtBandDynamics":
        void (*wants)(const double *level, int frames, const BandCurve *b, bint under, bint moving, int at, double *wanted) noexcept nogil
        void (*moves)(Moves *m, double **lane, int lanes, int frames) noexcept nogil
        void (*changes)(double *change_db, int frames, const BandCurve *b, bint under, bint moving, int at) noexcept nogil
        void (*gains)(double *gain, int frames, const BandCurve *b, double sign, bint moving, int at) noexcept nogil
        void (*add)(const double *band, const double *gain, int frames, double *sum) noexcept nogil

    const BandDynamics *band_dynamics "mrt_band_dynamics"() noexcept nogil       # control thread: looks at the processor
    double band_silence_db "mrt_band_silence_db"(const BandCurve *b) noexcept nogil       # what the detector of a silent band rests at, `under`
    void moves_plain "mrt_moves_plain"(Moves *m, double **lane, int lanes, int frames) noexcept nogil

cdef inline void set_times(Moves *m, int lane, double attack_ms, double release_ms, double rate) noexcept nogil:
    cdef Ballistics b = ballistics_of(attack_ms, release_ms, False, rate)
    m.held_fall[lane], m.soft_rise[lane], m.soft_fall[lane] = b.held_fall, b.soft_rise, b.soft_fall
