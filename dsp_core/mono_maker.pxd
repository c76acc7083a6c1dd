"""Takes the side away under a corner without turning it against the mid: an elliptical equaliser in phase.

The side passes a Butterworth high-pass of order n, squared, the mid that filter's allpass: the poles of one n, mirrored. With W the
frequency over the corner, side over mid is scaled by W^2n / (1 + W^2n), real and positive, -6.02 dB at the corner. So the slopes are
12 n dB per octave; there is none of 6, because that takes the square root of a first-order high-pass, which no filter is.
"""
from dsp_core.detector cimport Q_ORDER_2, Q_ORDER_4_HIGH, Q_ORDER_4_LOW
from dsp_core.lr4 cimport svf_shape
from dsp_core.svf cimport Svf, svf_pass_through

cdef enum:
    MONO_SECTIONS = 4            # at most: one per order

cdef inline void mono_shape(Svf *section, int order, double g) noexcept nogil:
    """`order` sections, 1, 2 or 4; lanes: mid, side. Order 1 has real poles: a section is the high-pass, squared already."""
    cdef double k
    cdef int i
    for i in range(order):
        k = 2.0 if order == 1 else 1.0 / (Q_ORDER_2 if order == 2 else Q_ORDER_4_HIGH if i & 1 else Q_ORDER_4_LOW)
        svf_shape(&section[i], 1, g, k, 1.0, 0.0, 0.0)
        if order == 1:
            svf_shape(&section[i], 0, g, k, 1.0, 0.0, -1.0)
        elif 2 * i < order:
            svf_shape(&section[i], 0, g, k, 1.0, -k, 1.0)
        else:
            svf_pass_through(&section[i], 0)
