"""Power spectra of sounds, for the eye: windowed, transformed, averaged, and gathered into the points of a curve. In single precision, which is
half the memory to go through and errs 120 dB and more under the largest. Not for the audio thread."""
from libc.math cimport fabs, fmax
from libc.stdlib cimport free
from libc.string cimport memmove
from libcpp.vector cimport vector

from dsp_core.fft cimport (
    FFT_FEWEST, FFT_MOST, FftSingle, fft_forward_single, fft_free_single, fft_make_single, fft_plane_single, fft_spectrum_single)
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.memory cimport present

cdef enum:
    ROOM_WINDOWS = 4             # of sound that is kept, so that it is seldom moved

cdef float LARGEST = 1e15        # its power, and that of a window of them, is still a number in single precision

cdef class WindowPower:
    """Power of a sound that goes on: each window, `hop` frames after the one before, is transformed with zeros behind it, `points` (a power of two)
    in all, and averaged with those before it.

    `windows` were averaged, `spoiled` were left out, because a sample in them is not finite, or so large that its power would not be.
    """

    cdef FftSingle *plan
    cdef float *sound
    cdef float *spectrum
    cdef float *scratch
    cdef vector[float] recent                # a plane for each channel, as long as `room`; a window is what lies before `end`
    cdef vector[float] window
    cdef Py_ssize_t channels, frames, hop, room, end, missing
    cdef readonly int points
    cdef readonly long long windows, spoiled

    def __cinit__(self, *args, **kwargs):
        self.plan = NULL
        self.sound = self.spectrum = self.scratch = NULL

    def __dealloc__(self):
        fft_free_single(self.plan)
        free(self.sound)
        free(self.spectrum)
        free(self.scratch)

    def __init__(self, const double[::1] window not None, int points, int channels, Py_ssize_t hop):
        self.plan = fft_make_single(points)
        if self.plan is NULL:
            raise ValueError(f"no transform of {points} points; a power of two from {FFT_FEWEST} to {FFT_MOST} works")
        if window.shape[0] > points:
            raise ValueError(f"a window of {window.shape[0]} frames does not fit into a transform of {points} points")
        if channels < 1 or not 1 <= hop <= window.shape[0]:
            raise ValueError(f"windows of {window.shape[0]} frames of {channels} channels cannot come every {hop} frames")
        self.points, self.channels, self.frames, self.hop = points, channels, window.shape[0], hop
        self.window.assign(&window[0], &window[0] + self.frames)
        self.room = ROOM_WINDOWS * self.frames
        self.sound = <float *>present(points, sizeof(float))
        self.spectrum = <float *>present(fft_spectrum_single(points), sizeof(float))
        self.scratch = <float *>present(fft_spectrum_single(points), sizeof(float))
        if self.sound is NULL or self.spectrum is NULL or self.scratch is NULL:
            raise MemoryError
        self.recent.resize(channels * self.room)
        self.reset()

    def reset(self):
        """Forget the sound and how many windows there were, as after a jump."""
        self.end = 0
        self.missing = self.frames
        self.windows = self.spoiled = 0

    def push(self, const float[:, :] block not None, float[:, ::1] power not None, double kept):
        """Take the next (frames, channels). Each row of `power` (points / 2 + 1) is the average of as many neighbouring channels as there are for
        it; a further window leaves `kept` of it, or less while there were few."""
        cdef Py_ssize_t done = 0, n
        cdef double share
        cdef unsigned long long before
        if block.shape[1] != self.channels:
            raise ValueError(f"a block of shape {block.shape[0]} x {block.shape[1]} is none of {self.channels} channels")
        if power.shape[1] != self.points // 2 + 1 or not 0 < power.shape[0] <= self.channels or self.channels % power.shape[0]:
            raise ValueError(f"{self.channels} channels do not go into {power.shape[0]} x {power.shape[1]} bins of a transform of {self.points} points")
        with nogil:
            before = flush_denormals()
            while done < block.shape[0]:
                n = min(self.missing, block.shape[0] - done)
                self.take(block, done, n)
                done, self.missing = done + n, self.missing - n
                if self.missing:
                    continue
                self.missing = self.hop
                if not self.usable():
                    self.spoiled += 1
                    continue
                self.windows += 1
                share = fmax(1 - kept, 1.0 / self.windows)
                self.average(power, <float>share)
            restore_denormals(before)

    cdef void take(self, const float[:, :] block, Py_ssize_t first, Py_ssize_t count) noexcept nogil:
        """Some frames behind those that came; what a window still wants is moved to the front when there is no more room."""
        cdef Py_ssize_t channel, k, at = min(self.end, self.frames) if self.end + count > self.room else self.end
        cdef float *plane
        for channel in range(self.channels):
            plane = self.recent.data() + channel * self.room
            if at < self.end:
                memmove(plane, plane + self.end - at, at * sizeof(float))
            for k in range(count):
                plane[at + k] = block[first + k, channel]
        self.end = at + count

    cdef bint usable(self) noexcept nogil:
        cdef Py_ssize_t channel
        for channel in range(self.channels):
            if not all_usable(self.recent.data() + channel * self.room + self.end - self.frames, self.frames):
                return False
        return True

    cdef void average(self, float[:, ::1] power, float share) noexcept nogil:
        cdef Py_ssize_t channel, each = self.channels // power.shape[0]
        for channel in range(self.channels):
            self.add(self.recent.data() + channel * self.room + self.end - self.frames, &power[channel // each, 0],
                     1 - share if channel % each == 0 else 1, share)

    cdef void add(self, const float *plane, float *power, float kept, float share) noexcept nogil:
        cdef Py_ssize_t k, bins = self.points // 2 + 1
        cdef const float *window = self.window.data()
        cdef float *sound = self.sound
        cdef const float *real = self.spectrum
        cdef const float *imag = self.spectrum + fft_plane_single(self.points)
        for k in range(self.frames):
            sound[k] = plane[k] * window[k]
        fft_forward_single(self.plan, sound, self.spectrum, self.scratch)
        for k in range(bins):
            power[k] = power[k] * kept + share * (real[k] * real[k] + imag[k] * imag[k])


cdef bint all_usable(const float *plane, Py_ssize_t frames) noexcept nogil:
    cdef Py_ssize_t k
    cdef bint usable = True
    for k in range(frames):
        usable &= fabs(plane[k]) < LARGEST       # no number and infinity are not
    return usable


cdef class Gather:
    """Weighted sums of bins, and the largest of what was added up, for each point of a curve.

    Bins come alone, in pairs, in fours and so on: `columns` counts through the `bins` (a power of two), then the sums of pairs, then of
    fours, `sizes` of them in all. Point k takes columns[starts[k]] up to columns[starts[k + 1]] with their `weights`: groups of one size,
    each beside the one before.
    """

    cdef int bins, sizes
    cdef const int[::1] columns
    cdef const double[::1] weights
    cdef const int[::1] starts
    cdef float *sums                         # of the groups, without the bins that come alone
    cdef float *tops

    def __cinit__(self, *args, **kwargs):
        self.sums = self.tops = NULL

    def __dealloc__(self):
        free(self.sums)
        free(self.tops)

    def __init__(self, int bins, int sizes, const int[::1] columns not None, const double[::1] weights not None, const int[::1] starts not None):
        cdef Py_ssize_t k, point
        if bins < 1 or bins & (bins - 1) or not 1 <= sizes <= bins.bit_length():
            raise ValueError(f"{bins} bins cannot be added up in groups of {sizes} sizes; the bins must be a power of two")
        if columns.shape[0] != weights.shape[0] or starts.shape[0] < 1 or starts[0] != 0 or starts[starts.shape[0] - 1] != columns.shape[0]:
            raise ValueError(f"{columns.shape[0]} columns, {weights.shape[0]} weights and these starts do not belong together")
        for k in range(columns.shape[0]):
            if not 0 <= columns[k] < 2 * bins - (bins >> (sizes - 1)):
                raise ValueError(f"there is no column {columns[k]} with {bins} bins in {sizes} sizes")
        for point in range(starts.shape[0] - 1):
            if starts[point] > starts[point + 1]:
                raise ValueError(f"point {point} ends before it begins; the starts must rise")
        for point in range(starts.shape[0] - 1):
            for k in range(starts[point] + 1, starts[point + 1]):
                if columns[k] != columns[k - 1] + 1 or size_of(columns[k], bins) != size_of(columns[k - 1], bins):
                    raise ValueError(f"column {columns[k]} is not the neighbour of {columns[k - 1]}; a point takes groups of one size, side by side")
        self.bins, self.sizes, self.columns, self.weights, self.starts = bins, sizes, columns, weights, starts
        self.sums = <float *>present(bins, sizeof(float))
        self.tops = <float *>present(bins, sizeof(float))
        if self.sums is NULL or self.tops is NULL:
            raise MemoryError

    def gather(self, const float[::1] power not None, double[::1] sums not None, double[::1] tops not None):
        """`power` has at least as many bins; `sums` and `tops` one value for each point."""
        if power.shape[0] < self.bins or sums.shape[0] != self.starts.shape[0] - 1 or tops.shape[0] != sums.shape[0]:
            raise ValueError(f"{power.shape[0]} bins do not go into {sums.shape[0]} and {tops.shape[0]} points")
        cdef Py_ssize_t point, k, count
        cdef int first
        cdef double total, top, part
        cdef const double *weights
        cdef const float *whole
        cdef const float *most
        with nogil:
            self.add_up(&power[0])
            for point in range(sums.shape[0]):
                total = top = 0
                count = self.starts[point + 1] - self.starts[point]
                if count > 0:
                    first, weights = self.columns[self.starts[point]], &self.weights[self.starts[point]]
                    whole = &power[first] if first < self.bins else self.sums + first - self.bins
                    most = whole if first < self.bins else self.tops + first - self.bins
                    for k in range(count):
                        total += weights[k] * whole[k]
                        part = weights[k] * most[k]
                        if part > top:
                            top = part
                sums[point], tops[point] = total, top

    cdef void add_up(self, const float *power) noexcept nogil:
        """Pairs from the bins, fours from the pairs ..."""
        cdef int k, _size, wide = self.bins, here = 0
        cdef const float *sums = power
        cdef const float *tops = power
        for _size in range(1, self.sizes):
            for k in range(wide // 2):
                self.sums[here + k] = sums[2 * k] + sums[2 * k + 1]
                self.tops[here + k] = max(tops[2 * k], tops[2 * k + 1])
            sums, tops = self.sums + here, self.tops + here
            here, wide = here + wide // 2, wide // 2


cdef int size_of(int column, int bins) noexcept:
    """Which size of groups a column is of: 0 for bins that come alone."""
    cdef int size = 0
    while column >= bins:
        column, bins, size = column - bins, bins // 2, size + 1
    return size
