"""Loudness alone: K-weighted energy of both channels of a stream, added up in bins of 10 ms of song time, as `Meter` reads it to the bit."""
from libc.stdint cimport int64_t

from dsp_core.meters.kweight cimport KSums, KWeight
from dsp_core.meters.meter cimport BINS_PER_S

cdef struct KEnergy:
    KSums sums
    int64_t at                   # song time of the next frame
    int64_t index                # of the open bin, which ends before frame (index + 1) * rate // 100


cdef inline int k_energy_hear(KEnergy *e, const KWeight *weighting, int rate, const double *left, const double *right, int frames,
                              double *sink) noexcept nogil:
    """The next frames; energies of the bins they finish go to `sink`. Gives how many. A zeroed KEnergy begins at song time 0."""
    cdef int done = 0, bins = 0, n
    cdef int64_t end
    while done < frames:
        end = (e.index + 1) * rate // BINS_PER_S
        n = <int>min(<int64_t>(frames - done), end - e.at)
        weighting.k_only(weighting, &e.sums, left + done, right + done, n)
        done += n
        e.at += n
        if e.at == end:
            sink[bins] = k_energy_close(e)
            bins += 1
    return bins


cdef inline double k_energy_close(KEnergy *e) noexcept nogil:
    """The energy of the open bin, which ends here."""
    cdef double energy = e.sums.k_energy[0] + e.sums.k_energy[1]
    e.sums.k_energy[0] = e.sums.k_energy[1] = 0.0
    e.index += 1
    return energy
