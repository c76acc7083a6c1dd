"""The variants of the SVF kernel one by one, for the tests that hold them against each other and for the benchmark."""
from dsp_core.ftz cimport flush_denormals, restore_denormals
from dsp_core.svf cimport (
    SVF_NUMBERS, Svf, SvfCascade, svf_avx2, svf_avx512, svf_has_avx2, svf_has_avx512, svf_plain, svf_ramp, svf_ramp_plain, svf_two_lanes)

cdef enum:
    MAX_SECTIONS = 32

VARIANTS = ("plain", "two lanes") + (("avx2",) if svf_has_avx2() else ()) + (("avx512",) if svf_has_avx512() else ())


cdef SvfCascade variant_of(str name) except NULL:
    if name not in VARIANTS:
        raise ValueError(f"there is no kernel {name!r} on this machine; there are {', '.join(VARIANTS)}")
    return svf_plain if name == "plain" else svf_two_lanes if name == "two lanes" else svf_avx2 if name == "avx2" else svf_avx512


cdef class Cascade:
    """Up to 32 sections with memory. `coefficients` is (sections, 6, 2) doubles: six numbers for each of two lanes."""
    cdef Svf memory[MAX_SECTIONS]
    cdef Svf *section[MAX_SECTIONS]
    cdef int count

    def __init__(self, const double[:, :, ::1] coefficients):
        cdef int k, j, lane
        if coefficients.shape[0] > MAX_SECTIONS or coefficients.shape[1] != SVF_NUMBERS or coefficients.shape[2] != 2:
            raise ValueError(f"coefficients must be (up to {MAX_SECTIONS}, {SVF_NUMBERS}, 2)")
        self.count = <int>coefficients.shape[0]
        for k in range(self.count):
            self.section[k] = &self.memory[k]
            self.memory[k].s[0][0] = self.memory[k].s[0][1] = self.memory[k].s[1][0] = self.memory[k].s[1][1] = 0.0
            for j in range(SVF_NUMBERS):
                for lane in range(2):
                    self.memory[k].c[j][lane] = coefficients[k, j, lane]

    def run(self, str variant, double[:, ::1] io):
        """Filter (2, frames) in place in one call of the kernel."""
        cdef SvfCascade cascade = variant_of(variant)
        if io.shape[0] != 2 or io.shape[1] == 0:
            raise ValueError("io must be (2, at least one frame)")
        cascade(self.section, self.count, &io[0, 0], &io[1, 0], <int>io.shape[1])

    def ramp(self, int section, double[:, ::1] speed, const double[:, ::1] bend, double[:, ::1] io, bint plain=False):
        """One section over (2, frames): its coefficients move by `speed` (6, 2) before every frame, and `speed` by `bend` after it."""
        cdef double (*d)[2]
        cdef const double (*e)[2]
        if not 0 <= section < self.count:
            raise ValueError(f"there is no section {section}, only {self.count}")
        if (speed.shape[0], speed.shape[1], bend.shape[0], bend.shape[1]) != (SVF_NUMBERS, 2, SVF_NUMBERS, 2):
            raise ValueError(f"speed and bend must be ({SVF_NUMBERS}, 2)")
        if io.shape[0] != 2 or io.shape[1] == 0:
            raise ValueError("io must be (2, at least one frame)")
        d, e = <double (*)[2]>&speed[0, 0], <const double (*)[2]>&bend[0, 0]
        (svf_ramp_plain if plain else svf_ramp)(&self.memory[section], d, e, &io[0, 0], &io[1, 0], <int>io.shape[1])

    def repeat(self, str variant, double[:, ::1] io, int times):
        """The same as `run`, `times` times over, without returning to Python in between."""
        cdef SvfCascade cascade = variant_of(variant)
        cdef unsigned long long before
        cdef int _time
        if io.shape[0] != 2 or io.shape[1] == 0:
            raise ValueError("io must be (2, at least one frame)")
        with nogil:
            before = flush_denormals()
            for _time in range(times):
                cascade(self.section, self.count, &io[0, 0], &io[1, 0], <int>io.shape[1])
            restore_denormals(before)

    def state(self):
        """Memory of every section: (band of both lanes, low of both lanes)."""
        return [(self.memory[k].s[0][0], self.memory[k].s[0][1], self.memory[k].s[1][0], self.memory[k].s[1][1]) for k in range(self.count)]

    def coefficients(self):
        """The six numbers of both lanes of every section, as they are now."""
        return [[(self.memory[k].c[j][0], self.memory[k].c[j][1]) for j in range(SVF_NUMBERS)] for k in range(self.count)]


def chain_of_squares(long long count):
    """`count` dependent integer multiplications, three cycles each on every x86 core since 2008: a clock to calibrate by."""
    cdef unsigned long long x = <unsigned long long>count | 1
    cdef long long _round
    with nogil:
        for _round in range(count // 4):
            x *= x
            x *= x
            x *= x
            x *= x
    return x
