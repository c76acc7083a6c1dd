"""What a meter shows of the last bins of a stream: levels, loudness, stereo figures. For the thread that shows them, at every picture.

Everything is summed anew each time, in order, so that nothing depends on how the bins came, and a quiet moment after a loud one is exact.
"""
from libc.math cimport INFINITY, NAN, fmax, log10, sqrt
from libc.string cimport memset

from dsp_core.meters.meter cimport Bin

cdef enum:
    MOMENTARY = 40               # bins of 400 ms
    SHORT_TERM = 300             # bins of 3 s
    LEVEL = 30                   # bins of 300 ms: RMS, correlation, balance

cdef double OFFSET_LU = -0.691   # BS.1770: makes 997 Hz read what its level says
cdef double FLOOR = 1e-7         # mean square of -70 dBFS: below it there is no correlation to speak of


cdef inline double db(double gain) noexcept:
    """Decibels of a linear level; minus infinity for silence."""
    return 20 * log10(gain) if gain > 0 else -INFINITY


cdef inline object lufs(double mean_square):
    """Loudness of a mean square; None for silence and for what is not known."""
    return OFFSET_LU + 10 * log10(mean_square) if 0 < mean_square < INFINITY else None


cdef class Recent:
    """Takes bins that lie `at` bytes into records of `record_bytes`, as the engine's gauge hands them on."""

    cdef size_t record_bytes, at
    cdef Bin bins[SHORT_TERM]
    cdef double energy[SHORT_TERM]               # of the bins, side by side: what is summed at every picture lies close together
    cdef double frames[SHORT_TERM]
    cdef double top[SHORT_TERM]                  # true peak of both channels
    cdef long long fed

    def __init__(self, size_t record_bytes, size_t at):
        if at + sizeof(Bin) > record_bytes:
            raise ValueError(f"a bin of {sizeof(Bin)} bytes does not lie in a record of {record_bytes} from byte {at} on")
        self.record_bytes, self.at = record_bytes, at
        self.reset()

    def reset(self):
        """Forget what came."""
        self.fed = 0
        memset(&self.bins[0], 0, sizeof(self.bins))

    def feed(self, const unsigned char[::1] records not None):
        """Take the bins of whole records."""
        cdef Py_ssize_t k, at, count = records.shape[0] // self.record_bytes
        cdef const Bin *bin
        if count * self.record_bytes != <size_t>records.shape[0]:
            raise ValueError(f"{records.shape[0]} bytes are not whole records of {self.record_bytes}")
        for k in range(count):
            at, bin = self.fed % SHORT_TERM, <const Bin *>(&records[k * self.record_bytes + self.at])
            self.bins[at] = bin[0]
            self.energy[at], self.frames[at] = bin.k_energy[0] + bin.k_energy[1], bin.frames
            self.top[at] = fmax(bin.true_peak[0], bin.true_peak[1])
            self.fed += 1

    def tops(self, int count):
        """Largest levels of the last `count` bins (300 at most), linear: peak left, right, true peak left, right. 0 where there are none."""
        cdef double top[4]
        self.find_tops(count, &top[0])
        return top[0], top[1], top[2], top[3]

    def peaks(self, int count):
        """The first three of `levels`, for pictures in between."""
        cdef (double, double, double, double) sums = self.sums()
        peak, true_peak = self.tops_db(count)
        return peak, true_peak, rms_db(sums[0], sums[1], sums[3])

    def levels(self, int count):
        """What a meter shows, in dB: (peak left and right) and (true peak left and right) of the last `count` bins, (RMS left and right);
        momentary and short-term loudness in LUFS; correlation, balance (left over right), side over mid; PSR. None where it cannot be known."""
        cdef double left, right, cross, frames, largest
        cdef object loudness = lufs(self.mean_square(SHORT_TERM)), psr = None
        peak, true_peak = self.tops_db(count)
        left, right, cross, frames = self.sums()
        if loudness is not None:
            largest = self.largest()
            if largest > 0:
                psr = db(largest) - loudness
        return (peak, true_peak, rms_db(left, right, frames), lufs(self.mean_square(MOMENTARY)), loudness, *stereo(left, right, cross, frames), psr)

    def loudness(self):
        """Mean squares over 400 ms and over 3 s, K-weighted, channels added; NaN while too little has come."""
        return self.mean_square(MOMENTARY), self.mean_square(SHORT_TERM)

    cpdef (double, double, double, double) sums(self):
        """Over 300 ms: energy left, energy right, left times right, frames."""
        cdef double left = 0, right = 0, cross = 0, frames = 0
        cdef const Bin *bin
        cdef int k
        for k in range(self.known(LEVEL) - 1, -1, -1):
            bin = self.back(k)
            left, right, cross, frames = left + bin.energy[0], right + bin.energy[1], cross + bin.cross, frames + bin.frames
        return left, right, cross, frames

    cdef tuple tops_db(self, int count):
        """(peak left and right), (true peak left and right) of the last `count` bins."""
        cdef double top[4]
        self.find_tops(count, &top[0])
        return (db(top[0]), db(top[1])), (db(top[2]), db(top[3]))

    cdef void find_tops(self, int count, double *top) noexcept:
        cdef const Bin *bin
        cdef int k
        memset(top, 0, 4 * sizeof(double))
        for k in range(min(count, self.known(SHORT_TERM))):
            bin = self.back(k)
            top[0], top[1] = fmax(top[0], bin.peak[0]), fmax(top[1], bin.peak[1])
            top[2], top[3] = fmax(top[2], bin.true_peak[0]), fmax(top[3], bin.true_peak[1])

    cdef int known(self, int wanted) noexcept:
        return <int>min(self.fed, wanted)

    cdef const Bin *back(self, int k) noexcept:
        """The bin `k` before the newest."""
        return &self.bins[(self.fed - 1 - k) % SHORT_TERM]

    cdef double mean_square(self, int length) noexcept:
        cdef double energy = 0, frames = 0
        cdef int k, first, end
        if self.fed < length:
            return NAN
        first, end = <int>((self.fed - length) % SHORT_TERM), <int>((self.fed - 1) % SHORT_TERM) + 1
        for k in range(first, SHORT_TERM if end <= first else end):
            energy += self.energy[k]
            frames += self.frames[k]
        for k in range(end if end <= first else 0):
            energy += self.energy[k]
            frames += self.frames[k]
        return energy / frames if frames > 0 else NAN

    cdef double largest(self) noexcept:
        """True peak of all bins there are."""
        cdef double top = 0
        cdef int k
        for k in range(self.known(SHORT_TERM)):
            top = fmax(top, self.top[k])
        return top


cdef tuple rms_db(double left, double right, double frames):
    """(RMS left and right) of energies; silence where there are no frames."""
    if frames > 0:
        return db(sqrt(left / frames)), db(sqrt(right / frames))
    return -INFINITY, -INFINITY


cdef tuple stereo(double left, double right, double cross, double frames):
    """Correlation, balance and side over mid of energies; None where there is too little sound."""
    cdef double floor = frames * FLOOR, mid = (left + right + 2 * cross) / 4, side = (left + right - 2 * cross) / 4
    cdef bint both = frames > 0 and left > floor and right > floor
    return (cross / sqrt(left * right) if both else None,
            10 * log10(left / right) if both else None,
            10 * log10(side / mid) if frames > 0 and mid > floor and side > 0 else None)
