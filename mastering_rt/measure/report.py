"""The numbers of a whole file, for machines and for people."""
from msgspec import Struct

from mastering_rt.errors import THIN_SPACE, grouped

MINUS = "\N{MINUS SIGN}"


class FileReport(Struct, frozen=True, kw_only=True):
    """What `analyze` says of a file. None: cannot be measured (silence, or too short). Ratios of peaks are in dB, times in s.

    Mono is measured as one channel. correlation is that of the first two channels, dc_offset_dbfs that of the worst channel,
    crest_db sample peak less RMS of all channels, psr_min_db the least of true peak less short-term loudness over 3 s.
    Times are where a window begins: playing from there lets one hear it. What stands under "only in full" is None when loudness
    alone was asked for.

    true_peak_error_db: how far the meter may read below and above the true one (`true_peak.error_bar_db`).
    true_peak_exact: read by Fourier transforms, because the meters' detector is off by more than 0.05 dB here. rms_dbfs: of a full-scale
    sine -3.01; rms_aes17_dbfs: the same with the sine at 0. dr_db: of the TT meter, before rounding. Programme meters and VU: largest
    reading of any channel, a steady sine reads its peak. k..._max_db: loudest 600 ms of a channel on that scale. width_db: side over
    mid. bits_used: per channel, of a word of 32 in hexadecimal, the sign first; word_length_bits: from the top to the lowest in use, None
    where finer_than_32_bits says that something lies below, as in floating point and behind a lossy codec: there is no word then. band_...: by the centre of the octave in Hz.
    """

    path: str
    sample_rate_hz: int
    channels: int
    duration_s: float
    integrated_lufs: float | None
    loudness_range_lu: float | None
    max_momentary_lufs: float | None
    max_short_term_lufs: float | None
    true_peak_dbtp: float | None
    sample_peak_dbfs: float | None
    plr_db: float | None
    psr_min_db: float | None
    crest_db: float | None
    correlation: float | None
    dc_offset_dbfs: float | None
    clipped_samples: int
    max_momentary_at_s: float | None = None
    max_short_term_at_s: float | None = None
    true_peak_at_s: float | None = None
    true_peak_error_db: tuple[float, float] | None = None
    true_peak_exact: bool = False
    psr_min_at_s: float | None = None
    rms_dbfs: float | None = None
    rms_aes17_dbfs: float | None = None
    balance_db: float | None = None
    width_db: float | None = None
    dc_channels_percent: tuple[float, ...] | None = None
    momentary_percentiles_lufs: dict[str, float] | None = None
    short_term_percentiles_lufs: dict[str, float] | None = None

    # only in full
    overs: int | None = None
    dr_db: float | None = None
    dr_channels_db: tuple[float | None, ...] | None = None
    ppm_type1_max_dbfs: float | None = None
    ppm_type2_max_dbfs: float | None = None
    vu_max_dbfs: float | None = None
    k20_max_db: float | None = None
    k14_max_db: float | None = None
    k12_max_db: float | None = None
    correlation_min: float | None = None
    correlation_min_at_s: float | None = None
    band_correlation: dict[str, float | None] | None = None
    band_width_db: dict[str, float | None] | None = None
    band_balance_db: dict[str, float | None] | None = None
    bits_used: tuple[str, ...] | None = None
    word_length_bits: int | None = None
    finer_than_32_bits: bool | None = None

    def text(self) -> str:
        """The report for people, in groups of aligned lines."""
        from mastering_rt.measure.report_text import text

        return text(self)


def rate_text(rate_hz: int) -> str:
    """ "44 100"."""
    return grouped(rate_hz)


def figure(value: float | None, places: int, unit: str, *, signed: bool = False) -> tuple[str, str]:
    """A number and its unit as people read them: a true minus sign, no minus before zero, a dash for what cannot be measured."""
    if value is None:
        return "–", ""
    rounded = round(value, places) + 0.0
    text = f"{rounded:+,.{places}f}" if signed and rounded else f"{rounded:,.{places}f}"
    return text.replace("-", MINUS).replace(",", THIN_SPACE), unit

