"""What the dynamic equaliser's kernels compute, one by one, for the tests that hold them against formulas and plain twins."""
from libc.string cimport memset

from dsp_core.band_dynamics cimport Moves, band_dynamics, moves_plain, set_times
from dsp_core.band_ears cimport Ear, EarOut, ears, ears_plain
from dsp_core.design.shape cimport BELL, HIGH_SHELF, LOW_SHELF, Shape
from dsp_core.dynamic_band cimport (
    DYNAMIC_BANDS, DYNAMIC_PART, DynamicBand, detector_coefficients, dynamic_bands, dynamic_plain, fit_band)

cdef int[3] SHAPES = [BELL, LOW_SHELF, HIGH_SHELF]


def coefficients(int type, double hz, double q, double gain_db, double range_db, double u, double rate):
    """The six numbers of a band that uses the share `u` of its range; `type` counts DYNAMIC_EQ_TYPES."""
    cdef double poly[6][5]
    cdef Shape s
    cdef int j
    s.type, s.order, s.rate, s.hz, s.q, s.gain_db = SHAPES[type], 2, rate, hz, q, gain_db
    fit_band(s, range_db, poly)
    return [poly[j][0] + u * (poly[j][1] + u * (poly[j][2] + u * (poly[j][3] + u * poly[j][4]))) for j in range(6)]


def cascade(bint plain, const double[:, :, ::1] c, double[:, ::1] io, cuts):
    """(bands, 6, frames) coefficients over (2, frames) in place, from empty memory, in pieces of `cuts` frames, at most 64 each.

    By the kernel of this machine (see MRT_CPU), or by its plain twin.
    """
    cdef DynamicBand memory[DYNAMIC_BANDS]
    cdef DynamicBand *band[DYNAMIC_BANDS]
    cdef double part[DYNAMIC_BANDS][6][DYNAMIC_PART]
    cdef int b, j, i, n, at = 0, count = <int>c.shape[0]
    if count > DYNAMIC_BANDS or c.shape[1] != 6 or c.shape[2] != io.shape[1] or sum(cuts) != io.shape[1] or max(cuts) > DYNAMIC_PART:
        raise ValueError(f"up to {DYNAMIC_BANDS} bands of 6 coefficients, and cuts of up to {DYNAMIC_PART} frames that make up the whole")
    memset(memory, 0, sizeof(memory))
    for b in range(DYNAMIC_BANDS):
        band[b] = &memory[b]
    for n in cuts:
        for b in range(count):
            for j in range(6):
                for i in range(n):
                    part[b][j][i] = c[b, j, at + i]
        if plain:
            dynamic_plain(band, count, part, &io[0, at], &io[1, at], n)
        else:
            dynamic_bands().cascade(band, count, part, &io[0, at], &io[1, at], n)
        at += n


def moves(bint plain, const double[::1] attack_ms, const double[::1] release_ms, double[:, ::1] wanted, double rate):
    """(8, frames) of wanted dB in place, a row each with its times; by the kernel of this machine or by its plain twin."""
    cdef Moves m
    cdef double *lane[8]
    cdef int k
    if (wanted.shape[0], attack_ms.shape[0], release_ms.shape[0]) != (8, 8, 8):
        raise ValueError("there are eight rows")
    memset(&m, 0, sizeof(m))
    for k in range(8):
        lane[k] = &wanted[k, 0]
        set_times(&m, k, attack_ms[k], release_ms[k], rate)
    if plain:
        moves_plain(&m, lane, 8, <int>wanted.shape[1])
    else:
        band_dynamics().moves(&m, lane, 8, <int>wanted.shape[1])


def hear(bint plain, const double[::1] hz, const double[:, ::1] sound, double[:, :, ::1] heard, double[:, ::1] sounds, cuts, double rate):
    """What bells of Q 1 at an even number of frequencies hear of (2, frames): into `heard` (2, bands, frames // 4) the highest peak and the
    mean power of every four frames, into `sounds` (2 bands, frames) the sound itself, which may be empty. In pieces of `cuts` frames.
    """
    cdef Ear memory[3]
    cdef Ear *ear[3]
    cdef EarOut out[3]
    cdef double c[6]
    cdef int b, j, n, lane, at = 0, group = 0, phase = 0, pairs = <int>hz.shape[0] // 2
    if pairs > 3 or hz.shape[0] % 2 or heard.shape[1] != hz.shape[0] or heard.shape[2] != sound.shape[1] // 4 or sum(cuts) != sound.shape[1]:
        raise ValueError("two, four or six bands, and cuts that make up the whole")
    memset(memory, 0, sizeof(memory))
    for b in range(2 * pairs):
        detector_coefficients(BELL, hz[b], 1.0, rate, c)
        for j in range(6):
            memory[b // 2].filter.c[j][2 * (b % 2)] = memory[b // 2].filter.c[j][2 * (b % 2) + 1] = c[j]
    for n in cuts:
        for b in range(pairs):
            ear[b] = &memory[b]
            for j in range(2):
                out[b].peak[j], out[b].power[j] = &heard[0, 2 * b + j, 0] + group, &heard[1, 2 * b + j, 0] + group
            for lane in range(4):
                out[b].sound[lane] = &sounds[4 * b + lane, at] if sounds.shape[0] > 0 else NULL
        if plain:
            group += ears_plain(ear, pairs, &sound[0, at], &sound[1, at], n, phase, out)
        else:
            group += ears()(ear, pairs, &sound[0, at], &sound[1, at], n, phase, out)
        at += n
        phase = (phase + n) % 4
