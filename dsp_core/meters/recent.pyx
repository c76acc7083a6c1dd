"""What a meter shows of the last bins of a stream: levels, loudness, stereo figures. For the thread that shows them, at every picture.

Everything is summed anew each time, in order, so that nothing depends on how the bins came, and a quiet moment after a loud one is exact.
"""
from libc.math cimport NAN, fmax
from libc.string cimport memset

from dsp_core.meters.meter cimport Bin

cdef enum:
    MOMENTARY = 40               # bins of 400 ms
    SHORT_TERM = 300             # bins of 3 s
    LEVEL = 30                   # bins of 300 ms: RMS, correlation, balance


cdef class Recent:
    """Takes bins that lie `at` bytes into records of `record_bytes`, as the engine's gauge hands them on."""

    cdef size_t record_bytes, at
    cdef Bin bins[SHORT_TERM]
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
        cdef Py_ssize_t k, count = records.shape[0] // self.record_bytes
        if count * self.record_bytes != <size_t>records.shape[0]:
            raise ValueError(f"{records.shape[0]} bytes are not whole records of {self.record_bytes}")
        for k in range(count):
            self.bins[self.fed % SHORT_TERM] = (<const Bin *>(&records[k * self.record_bytes + self.at]))[0]
            self.fed += 1

    def tops(self, int count):
        """Largest levels of the last `count` bins (300 at most), linear: peak left, right, true peak left, right. 0 where there are none."""
        cdef double top[4]
        cdef const Bin *bin
        cdef int k
        memset(&top[0], 0, sizeof(top))
        for k in range(min(count, self.known(SHORT_TERM))):
            bin = self.back(k)
            top[0], top[1] = fmax(top[0], bin.peak[0]), fmax(top[1], bin.peak[1])
            top[2], top[3] = fmax(top[2], bin.true_peak[0]), fmax(top[3], bin.true_peak[1])
        return top[0], top[1], top[2], top[3]

    def loudness(self):
        """Mean squares over 400 ms and over 3 s, K-weighted, channels added; NaN while too little has come."""
        return self.mean_square(MOMENTARY), self.mean_square(SHORT_TERM)

    def sums(self):
        """Over 300 ms: energy left, energy right, left times right, frames."""
        cdef double left = 0, right = 0, cross = 0, frames = 0
        cdef const Bin *bin
        cdef int k
        for k in range(self.known(LEVEL) - 1, -1, -1):
            bin = self.back(k)
            left, right, cross, frames = left + bin.energy[0], right + bin.energy[1], cross + bin.cross, frames + bin.frames
        return left, right, cross, frames

    cdef int known(self, int wanted) noexcept:
        return <int>min(self.fed, wanted)

    cdef const Bin *back(self, int k) noexcept:
        """The bin `k` before the newest."""
        return &self.bins[(self.fed - 1 - k) % SHORT_TERM]

    cdef double mean_square(self, int length) noexcept:
        cdef double energy = 0, frames = 0
        cdef const Bin *bin
        cdef int k
        if self.fed < length:
            return NAN
        for k in range(length - 1, -1, -1):
            bin = self.back(k)
            energy += bin.k_energy[0] + bin.k_energy[1]
            frames += bin.frames
        return energy / frames if frames > 0 else NAN
