"""What a settled equaliser does to every frequency, for the window's curves and the tests. No numpy: sequences in, arrays out."""
from array import array
from functools import lru_cache

from libc.math cimport M_PI, NAN, log10, sqrt, tan
from libc.string cimport memcpy

from dsp_core.design.band_response cimport multiply_complex
from dsp_core.design.refine cimport design_settled
from dsp_core.design.section cimport Section
from dsp_core.design.region cimport region_of
from dsp_core.design.shape cimport SLOPE_ORDER, Design, Shape, design_closed, is_neutral

from dsp_core.param import UnknownParameter
from dsp_core.params import params_of
from dsp_core.params.eq import EQ_BANDS

cdef enum:
    BANDS = 24
    LINEAR = 2                   # dsp_core.params.eq.EQ_PHASES; 0 is minimum, 1 natural
    MID = 1                      # dsp_core.params.common.PLACEMENTS
    SIDE = 2
    LEFT = 3
    RIGHT = 4

CHANNELS = ("mid", "side", "left", "right")
PARAMS = {param.id: param for param in params_of("eq")}
DEFAULTS = {param.id: float(param.default) for param in params_of("eq")}


cdef struct Band:
    int channel
    int phase                    # in any but minimum phase the band is its analog shape
    Shape shape
    Design design


cdef struct Matrix:              # out of left and right for left and right
    double complex ll
    double complex lr
    double complex rl
    double complex rr


def response_db(values, double rate, frequencies):
    """Magnitude in dB of the whole stage for each of mid, side, left and right: a dict of arrays of doubles.

    It is what comes out of a channel when that channel alone is fed, with the coefficients of parameters at rest; mix, bypass,
    placement, gain scale and solo count, auto gain does not, because it depends on the sound. `values` maps parameter ids of the equaliser to values, the rest are defaults; `frequencies` in Hz, any sequence.
    In natural and linear phase it is the analog response that the FIRs follow as closely as their length allows.
    NaN at and above half the rate, where there is no sound. Raises BadValue and UnknownParameter as a stage does.
    """
    cdef double[::1] hz = array("d", frequencies)
    cdef double[::1] mid, side, left, right
    cdef Band bands[BANDS]
    cdef Matrix m
    cdef double wet
    cdef int i, number, count = 0
    read = checked(values)
    placement = int(read["placement"])
    wet = 0 if read["bypass"] else 0.01 * read["mix"]
    soloed = [number for number in range(1, EQ_BANDS + 1) if read[f"band{number}_solo"]]
    for number in soloed or [number for number in range(1, EQ_BANDS + 1) if read[f"band{number}_on"]]:
        if soloed:
            bands[count].phase = 0
            read_region(&bands[count].design, read, number, rate)
        else:
            read_band(&bands[count], read, number, rate)
        bands[count].channel = placement or int(read[f"band{number}_channel"])
        count += 1
    out = {channel: array("d", bytes(8 * hz.shape[0])) for channel in CHANNELS}
    mid, side, left, right = (out[channel] for channel in CHANNELS)
    for i in range(hz.shape[0]):
        m = mixed(regions_at(bands, count, hz[i], rate) if soloed else matrix_at(bands, count, hz[i], rate), wet)
        left[i], right[i] = decibels(m.ll), decibels(m.rr)
        mid[i] = decibels(0.5 * (m.ll + m.lr + m.rl + m.rr))
        side[i] = decibels(0.5 * (m.ll - m.lr - m.rl + m.rr))
    return out


def band_response_db(int band, values, double rate, frequencies):
    """Magnitude in dB of one band, 1-based, on the channel it works on, as if it were switched on; the rest as `response_db`."""
    cdef double[::1] hz = array("d", frequencies)
    cdef double[::1] db
    cdef Band one
    cdef int i
    read_band(&one, checked(values), band, rate)
    out = array("d", bytes(8 * hz.shape[0]))
    db = out
    for i in range(hz.shape[0]):
        db[i] = decibels(response_at(&one, hz[i], rate))
    return out


def band_sections(int band, values, double rate):
    """The second-order sections of a settled band in their order: (g, k, low, band, high) each, see dsp_core/design/section.pxd."""
    cdef Design design
    read_design(&design, checked(values), band, rate)
    return [(s.g, s.k, s.low, s.band, s.high) for s in design.section[:design.count]]


def checked(values):
    """Every parameter of the equaliser by id, as a stage would take it. Most have their default, of which nothing need be asked: a hand that
    drags a node wants this with every picture."""
    read = DEFAULTS.copy()
    for param_id, value in (values or {}).items():
        if value != read.get(param_id):
            param = PARAMS.get(param_id)
            if param is None:
                raise UnknownParameter(f"eq has no {', '.join(repr(i) for i in values if i not in PARAMS)}; it has {', '.join(PARAMS)}")
            read[param_id] = param.check(value)
    return read


@lru_cache(maxsize=256)
def settled_design(int type, int order, double hz, double gain_db, double q, double rate):
    """The sections of a band at rest, as the bytes of a Design. Kept, because a hand moves one band and the rest stay."""
    cdef Shape shape
    cdef Design design
    shape.type, shape.order, shape.hz, shape.gain_db, shape.q, shape.rate = type, order, hz, gain_db, q, rate
    design.count = 0
    if not is_neutral(&shape):
        with nogil:
            design_settled(&shape, &design)
    return (<char *>&design)[:sizeof(Design)]


cdef int read_shape(Shape *out, dict read, int band, double rate) except -1:
    if not 1 <= band <= EQ_BANDS:
        raise ValueError(f"the equaliser has bands 1 to {EQ_BANDS}, no band {band}")
    name = f"band{band}_"
    out.type, out.order, out.rate = int(read[name + "type"]), SLOPE_ORDER[<int>read[name + "slope"]], rate
    out.hz, out.gain_db, out.q = read[name + "freq"], read[name + "gain"] * (0.01 * read["gain_scale"]), read[name + "q"]
    return 0


cdef int read_design(Design *out, dict read, int band, double rate) except -1:
    cdef Shape s
    read_shape(&s, read, band, rate)
    cdef bytes design = settled_design(s.type, s.order, s.hz, s.gain_db, s.q, rate)
    memcpy(out, <const char *>design, sizeof(Design))
    return 0


cdef int read_band(Band *out, dict read, int band, double rate) except -1:
    read_shape(&out.shape, read, band, rate)
    out.phase = int(read["phase"])
    if out.phase == 0:
        read_design(&out.design, read, band, rate)
    return 0


cdef int read_region(Design *out, dict read, int band, double rate) except -1:
    """What a soloed band is heard through; it stays on the closed form."""
    cdef Shape s
    read_shape(&s, read, band, rate)
    s = region_of(s)
    out.count = 0
    if not is_neutral(&s):
        design_closed(&s, out)
    return 0


cdef double complex transfer(const Design *design, double hz, double rate) noexcept nogil:
    cdef double complex h = 1
    cdef const Section *s
    cdef double x, u
    cdef int i
    if hz >= 0.5 * rate:
        return NAN
    for i in range(design.count):
        s = &design.section[i]
        x = tan(M_PI * hz / rate) / s.g
        u = x * x
        h = h * ((s.low - s.high * u) + 1j * (s.band * x)) / ((1 - u) + 1j * (s.k * x))
    return h


cdef double complex response_at(const Band *band, double hz, double rate) noexcept nogil:
    """Of the sections that run, or of the analog band that FIRs follow: in linear phase without any."""
    cdef double re[2]
    cdef double im[2]
    if band.phase == 0:
        return transfer(&band.design, hz, rate)
    if hz >= 0.5 * rate:
        return NAN
    re[0] = re[1] = 1
    im[0] = im[1] = 0
    if not is_neutral(&band.shape):
        multiply_complex(re, im, &band.shape, hz, 2)
    return sqrt(re[1] * re[1] + im[1] * im[1]) if band.phase == LINEAR else re[1] + 1j * im[1]


cdef Matrix matrix_at(const Band *bands, int count, double hz, double rate) noexcept nogil:
    cdef Matrix m
    cdef double complex h
    cdef int i
    m.ll = m.rr = 1
    m.lr = m.rl = 0
    for i in range(count):
        h = response_at(&bands[i], hz, rate)
        m = after(m, bands[i].channel, h)
    return m


cdef Matrix regions_at(const Band *bands, int count, double hz, double rate) noexcept nogil:
    """The sum of what is heard through each of them, of its channel alone."""
    cdef Matrix m
    cdef double complex h, cross
    cdef int i
    m.ll = m.lr = m.rl = m.rr = 0
    for i in range(count):
        h = transfer(&bands[i].design, hz, rate)
        if bands[i].channel == MID or bands[i].channel == SIDE:
            cross = 0.5 * h if bands[i].channel == MID else -0.5 * h
            m.ll, m.rr, m.lr, m.rl = m.ll + 0.5 * h, m.rr + 0.5 * h, m.lr + cross, m.rl + cross
            continue
        if bands[i].channel != RIGHT:
            m.ll = m.ll + h
        if bands[i].channel != LEFT:
            m.rr = m.rr + h
    return m


cdef Matrix after(Matrix m, int channel, double complex h) noexcept nogil:
    """What `m` gives, with one channel of it filtered."""
    cdef double complex change
    cdef double sign = -1 if channel == SIDE else 1
    if channel == MID or channel == SIDE:
        change = 0.5 * (h - 1) * (m.ll + sign * m.rl)
        m.ll, m.rl = m.ll + change, m.rl + sign * change
        change = 0.5 * (h - 1) * (m.lr + sign * m.rr)
        m.lr, m.rr = m.lr + change, m.rr + sign * change
        return m
    if channel != RIGHT:
        m.ll, m.lr = h * m.ll, h * m.lr
    if channel != LEFT:
        m.rl, m.rr = h * m.rl, h * m.rr
    return m


cdef Matrix mixed(Matrix m, double wet) noexcept nogil:
    m.ll, m.lr, m.rl, m.rr = 1 + wet * (m.ll - 1), wet * m.lr, wet * m.rl, 1 + wet * (m.rr - 1)
    return m


cdef double decibels(double complex h) noexcept nogil:
    """Floor at -400 dB."""
    return 10 * log10(h.real * h.real + h.imag * h.imag + 1e-40)
