"""How much of a sound is not the sound that came in: what a stage adds is split into a change of level and everything else.

With x the sound and a what is added, c = <a, x> / <x, x> is the change of level and n = a - c x the rest. The measure is
|n| / |(1 + c) x|, both channels together, averaged over 0.3 s. Of a sine that is its total harmonic distortion (harmonics over the
fundamental, IEC 60268-3); of music it holds the intermodulation too. A constant does not count: it never leaves the stage, and a is
taken before the filter that sees to it, which would turn the phase of low fundamentals and so show them as something new.
"""
from libc.math cimport fabs, fmax, sqrt
from libc.string cimport memset

cdef extern from *:
    """
    static const double MRT_DISTORTION_SECONDS = 0.3;
    static const double MRT_DISTORTION_LEAST_POWER = 1e-9;   /* -90 dBFS: quieter holds the last figure */
    """
    const double DISTORTION_SECONDS "MRT_DISTORTION_SECONDS"
    const double DISTORTION_LEAST_POWER "MRT_DISTORTION_LEAST_POWER"

cdef enum:
    DISTORTION_FRAMES = 1024     # between two figures

cdef struct Products:
    double sound                 # <x, x>
    double added                 # <a, a>
    double both                  # <a, x>
    double constant[2]           # sum of a, per channel

cdef struct Distortion:
    Products sums                # of the group so far
    Products mean                # per group
    int count                    # frames of the group so far
    int groups                   # in the mean, up to its length

cdef inline void distortion_hear(Distortion *d, int channel, const double *sound, const double *added, int frames) noexcept nogil:
    """One channel; every channel before `distortion_pass`. Not over the end of a group."""
    cdef double xx = 0.0, aa = 0.0, ax = 0.0, a = 0.0
    cdef int i
    for i in range(frames):
        xx += sound[i] * sound[i]
        aa += added[i] * added[i]
        ax += added[i] * sound[i]
        a += added[i]
    d.sums.sound += xx
    d.sums.added += aa
    d.sums.both += ax
    d.sums.constant[channel] += a

cdef inline bint distortion_pass(Distortion *d, double rate, int frames) noexcept nogil:
    """True at the end of a group: there is a new figure."""
    cdef int k, most = <int>(DISTORTION_SECONDS * rate / DISTORTION_FRAMES)
    d.count += frames
    if d.count < DISTORTION_FRAMES:
        return False
    d.count = 0
    if d.sums.sound > DISTORTION_LEAST_POWER * DISTORTION_FRAMES:
        d.groups = min(d.groups + 1, max(most, 1))
        d.mean.sound += (d.sums.sound - d.mean.sound) / d.groups
        d.mean.added += (d.sums.added - d.mean.added) / d.groups
        d.mean.both += (d.sums.both - d.mean.both) / d.groups
        for k in range(2):
            d.mean.constant[k] += (d.sums.constant[k] - d.mean.constant[k]) / d.groups
    memset(&d.sums, 0, sizeof(Products))
    return True

cdef inline void distortion_forget(Distortion *d) noexcept nogil:
    memset(d, 0, sizeof(Distortion))

cdef inline double distortion_figure(const Distortion *d, double wet, double gain) noexcept nogil:
    """At the stage's output, which is the sound times 1 - wet, and sound and addition times wet times gain. Linear."""
    cdef double change, rest, constant
    if d.groups == 0:
        return 0.0
    change = d.mean.both / d.mean.sound
    constant = (d.mean.constant[0] * d.mean.constant[0] + d.mean.constant[1] * d.mean.constant[1]) / DISTORTION_FRAMES
    rest = fmax(d.mean.added - constant - change * d.mean.both, 0.0)
    return wet * gain * sqrt(rest / d.mean.sound) / fmax(fabs(1.0 - wet + wet * gain * (1.0 + change)), 1e-9)
