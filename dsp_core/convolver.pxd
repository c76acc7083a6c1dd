"""Convolution with long FIRs in partitions, for two sounds in and up to ten out, with an unheard change from one set of FIRs to another.

Overlap-save in two sizes of partitions (W. G. Gardner, Efficient Convolution without Input-Output Delay, JAES 43(3), 1995). The small
ones are worked on when they are full. The large ones are worked on while the next one fills, an eighth of the work at every border of
small ones, so that no callback pays for all of it. Every border lies on a grid of song time. The latency is one small partition.

A stage keeps `bytes` of its flat block for a convolver. The FIRs lie in two banks: the control thread fills the one that is not heard
and publishes it; at the next border of large partitions the audio thread begins to work with both, and over the next large
partition it fades from one into the other. Until it has let go of the old bank the convolver is busy.
"""
from libc.stdint cimport int64_t
from libcpp.atomic cimport atomic

from dsp_core.fft cimport Fft

cdef enum:
    MOST_SOURCES = 2
    MOST_OUTS = 10
    MOST_PATHS = 10
    SLOTS = 8                    # small partitions in a large one

cdef struct Path:                # out += FIR * source
    int source
    int out
    int fir

cdef struct Bank:
    int paths
    Path path[MOST_PATHS]
    double *spectra              # [fir][partition], the small ones first

cdef struct Level:               # partitions of one size; offsets are in doubles
    int frames
    int parts
    int first                    # tap
    int spectrum                 # doubles
    Fft *fft
    size_t line                  # [source][2 frames]: the partition before, and the one that fills
    size_t held                  # the same, of the partition being worked on
    size_t past                  # [part][source] spectra of the input
    size_t sum                   # [role][out] spectra, then sounds
    size_t ready                 # [role][out][frames]: what is given out
    size_t fir                   # where its spectra begin within those of one FIR

cdef struct Head:                # of the memory in the stage's block
    int at                       # frames since the last border of the grid
    bint anchored
    int newest[2]                # of the spectra in `past`, for each level
    int turn                     # RESTS, PREPARES, FADES

cdef class Convolver:
    cdef readonly int taps
    cdef readonly int latency                # frames
    cdef readonly int period                 # frames of a large partition
    cdef readonly size_t bytes               # of a stage's block
    cdef int sources, outs, firs, levels
    cdef Level level[2]
    cdef size_t scratch, fir_doubles
    cdef double *fade
    cdef double *draft                       # control thread: a partition, its spectrum, scratch
    cdef Bank bank[2]
    cdef atomic[int] live                    # the bank to be heard; written by the control thread
    cdef atomic[int] alone                   # the only bank the audio thread still touches; written by it
    cdef int now, next                       # audio thread; equal unless it turns from one to the other

    cdef bint busy(self) noexcept nogil
    cdef void begin(self) noexcept nogil
    cdef void transform(self, int fir, const double *taps) noexcept nogil
    cdef void connect(self, int source, int out, int fir) noexcept nogil
    cdef void publish(self) noexcept nogil

    cdef bint silent(self) noexcept nogil
    cdef void rest(self, char *memory) noexcept nogil
    cdef void anchor(self, char *memory, int64_t when) noexcept nogil
    cdef void run(self, char *memory, double **x, double **out, int frames) noexcept nogil

    cdef int layout(self, int small) except -1
    cdef int allocate(self) except -1
    cdef double *plane(self, Head *h, size_t at) noexcept nogil
    cdef void give(self, Head *h, double **out, int done, int frames) noexcept nogil
    cdef void take(self, Head *h, double **x, int done, int frames) noexcept nogil
    cdef void cross(self, Head *h) noexcept nogil
    cdef void turn(self, Head *h) noexcept nogil
    cdef void work(self, Head *h, int slot) noexcept nogil
    cdef void forward(self, Head *h, int level, size_t line, int source) noexcept nogil
    cdef const Bank *bank_of(self, const Head *h, int level, int role) noexcept nogil
    cdef void add(self, Head *h, int level, int role, int first, int last) noexcept nogil
    cdef void backward(self, Head *h, int level, int role, int first, int last) noexcept nogil
    cdef void finish(self, Head *h, int level) noexcept nogil
    cdef void shift(self, Head *h, int level) noexcept nogil
    cdef int roles(self, const Head *h, int level) noexcept nogil
