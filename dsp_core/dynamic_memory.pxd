"""What a dynamic equaliser remembers from one call to the next, and how that goes from tick to tick; what its bands hear of the sound."""
from libc.string cimport memset

from dsp_core.band_dynamics cimport BandCurve, Moves
from dsp_core.band_ears cimport GROUP, Ear, EarOut, OwnLevel
from dsp_core.dynamic_band cimport DYNAMIC_BANDS, DYNAMIC_PART, DynamicBand, DynamicRamp, band_arrive, band_stop
from dsp_core.moving cimport Moving, moving_at, settings_arrive, settings_stand, settings_stop
from dsp_core.stages.stage cimport TICK, sample_t

cdef enum:
    PAIRS = DYNAMIC_BANDS // 2
    GROUPS = DYNAMIC_PART // 4 + 1           # most that end in one part

cdef struct Settings:            # of Moving alone
    BandCurve curve[DYNAMIC_BANDS]
    Moving inverse_range[DYNAMIC_BANDS]
    Moving listen[DYNAMIC_BANDS]
    Moving heard                 # share of the equaliser itself; the rest is what the detectors hear
    Moving hears[DYNAMIC_BANDS][6]           # coefficients of the detectors' filters

cdef struct Memory:
    Settings settings
    DynamicBand band[DYNAMIC_BANDS]
    DynamicRamp ramp[DYNAMIC_BANDS]
    Ear ear[PAIRS]               # the detectors' filters: two bands, two channels each
    OwnLevel own[DYNAMIC_BANDS]
    Moves moves                  # a lane is a band
    bint begun                   # groups lie on song time from the first frame on
    int phase                    # frames of the present group that have passed
    int left                     # frames until everything arrives
    bint running[DYNAMIC_BANDS]  # the band does something, or has just done
    bint neutral[DYNAMIC_BANDS]  # where it heads for, it does nothing
    bint listening
    double hz[DYNAMIC_BANDS]     # what the filters were made for
    double q[DYNAMIC_BANDS]
    double gain_db[DYNAMIC_BANDS]
    double range_db[DYNAMIC_BANDS]
    double attack_ms[DYNAMIC_BANDS]
    double release_ms[DYNAMIC_BANDS]

cdef inline int settings_count() noexcept nogil:
    return sizeof(Settings) // sizeof(Moving)

cdef inline void set_ears(Memory *m, bint moving, double k) noexcept nogil:
    """The coefficients of the detectors' filters, `k` frames after the last tick."""
    cdef double c
    cdef int b, j, at
    for b in range(DYNAMIC_BANDS):
        at = 2 * (b % 2)
        for j in range(6):
            c = moving_at(&m.settings.hears[b][j], k) if moving else m.settings.hears[b][j].now
            m.ear[b // 2].filter.c[j][at] = m.ear[b // 2].filter.c[j][at + 1] = c

cdef inline void memory_stop(Memory *m) noexcept nogil:
    """Stand where a way is broken off."""
    cdef int b
    settings_stop(&m.settings, settings_count(), m.left, TICK)
    for b in range(DYNAMIC_BANDS if m.left > 0 else 0):
        band_stop(&m.band[b], TICK - m.left)
    m.left = 0

cdef inline void memory_stand(Memory *m) noexcept nogil:
    """The settings at their wishes, at once."""
    settings_stand(&m.settings, settings_count())
    m.listening = m.settings.heard.now < 1.0
    set_ears(m, False, 0.0)

cdef inline void memory_arrive(Memory *m) noexcept nogil:
    cdef int b
    settings_arrive(&m.settings, settings_count())
    for b in range(DYNAMIC_BANDS):
        band_arrive(&m.band[b])
    m.listening = m.settings.heard.now < 1.0
    set_ears(m, False, 0.0)

cdef inline void forget_detector(Memory *m, int b) noexcept nogil:
    cdef int at = 2 * (b % 2), j
    memset(&m.own[b], 0, sizeof(OwnLevel))
    for j in range(2):
        m.ear[b // 2].filter.s[j][at] = m.ear[b // 2].filter.s[j][at + 1] = 0.0

cdef inline bint any_dynamic(const Memory *m, int first, int end) noexcept nogil:
    """Whether any of these bands moves by what it hears."""
    cdef int b
    for b in range(first, end):
        if m.running[b] and (m.range_db[b] != 0.0 or m.left > 0):
            return True
    return False

cdef inline int end_of_group(const Memory *m, int group) noexcept nogil:
    """Frames from the last tick to just before the last frame of a group."""
    return TICK - m.left + (group + 1) * GROUP - m.phase - 1

cdef inline void lead_ear(EarOut *out, int pair, bint listening, double (*sound)[DYNAMIC_PART], double (*peak)[GROUPS],
                          double (*power)[GROUPS], int frame, int group) noexcept nogil:
    cdef int k
    for k in range(2):
        out.peak[k], out.power[k] = &peak[2 * pair + k][group], &power[2 * pair + k][group]
    for k in range(4):
        out.sound[k] = &sound[4 * pair + k][frame] if listening else NULL

cdef inline void let_hear(Memory *m, double (*sound)[DYNAMIC_PART], sample_t *left, sample_t *right, int frames) noexcept nogil:
    """The detectors' sound in place of the stage's, as far as it is wanted."""
    cdef bint moving = m.left > 0
    cdef double k, part
    cdef int b, i
    for i in range(frames):
        k = TICK - m.left + i + 1
        part = moving_at(&m.settings.heard, k) if moving else m.settings.heard.now
        left[i] *= part
        right[i] *= part
        for b in range(DYNAMIC_BANDS):
            part = moving_at(&m.settings.listen[b], k) if moving else m.settings.listen[b].now
            left[i] += part * sound[2 * b][i]
            right[i] += part * sound[2 * b + 1][i]
