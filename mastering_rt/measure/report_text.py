"""A report for people: which figures stand where, by what name, with how many decimals. A new figure of the report is one line here."""
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mastering_rt.errors import clock
from mastering_rt.measure.report import FileReport, figure, rate_text

Row = tuple[str, str, str]       # label, figure, what follows it


@dataclass(frozen=True)
class Line:
    """One figure: `group` it stands in, `label`, `field` of the report, decimals, unit; `at`: the field with its time."""

    group: str
    label: str
    field: str
    places: int
    unit: str = ""
    at: str = ""
    signed: bool = False


LINES = (
    Line("Loudness", "Integrated loudness", "integrated_lufs", 1, "LUFS"),
    Line("Loudness", "Loudness range", "loudness_range_lu", 1, "LU"),
    Line("Loudness", "Momentary, loudest", "max_momentary_lufs", 1, "LUFS", "max_momentary_at_s"),
    Line("Loudness", "Short-term, loudest", "max_short_term_lufs", 1, "LUFS", "max_short_term_at_s"),
    Line("Loudness", "RMS", "rms_dbfs", 1, "dBFS"),
    Line("Loudness", "RMS, AES17", "rms_aes17_dbfs", 1, "dBFS"),
    Line("Peaks", "True peak", "true_peak_dbtp", 2, "dBTP", "true_peak_at_s", signed=True),
    Line("Peaks", "Sample peak", "sample_peak_dbfs", 2, "dBFS", signed=True),
    Line("Peaks", "Clipped samples", "clipped_samples", 0),
    Line("Peaks", "Overs", "overs", 0),
    Line("Peaks", "Programme meter, type I", "ppm_type1_max_dbfs", 1, "dBFS"),
    Line("Peaks", "Programme meter, type II", "ppm_type2_max_dbfs", 1, "dBFS"),
    Line("Peaks", "VU, loudest", "vu_max_dbfs", 1, "dBFS"),
    Line("Peaks", "K-20, loudest", "k20_max_db", 1, "dB", signed=True),
    Line("Peaks", "K-14, loudest", "k14_max_db", 1, "dB", signed=True),
    Line("Peaks", "K-12, loudest", "k12_max_db", 1, "dB", signed=True),
    Line("Dynamics", "Peak to loudness", "plr_db", 1, "dB"),
    Line("Dynamics", "Peak to short-term, least", "psr_min_db", 1, "dB", "psr_min_at_s"),
    Line("Dynamics", "Crest factor", "crest_db", 1, "dB"),
    Line("Dynamics", "Dynamic range (DR)", "dr_db", 0, "dB"),
    Line("Stereo", "Correlation", "correlation", 2, signed=True),
    Line("Stereo", "Correlation, least", "correlation_min", 2, at="correlation_min_at_s", signed=True),
    Line("Stereo", "Balance, left over right", "balance_db", 1, "dB", signed=True),
    Line("Stereo", "Width, side over mid", "width_db", 1, "dB", signed=True),
    Line("Signal", "DC offset", "dc_offset_dbfs", 1, "dBFS"),
    Line("Signal", "Word length in use", "word_length_bits", 0, "bits"),
)
OCTAVES = (("Correlation", "band_correlation", 2), ("Side over mid, dB", "band_width_db", 1), ("Left over right, dB", "band_balance_db", 1))
PERCENTILES = (("Momentary", "momentary_percentiles_lufs"), ("Short-term", "short_term_percentiles_lufs"))
NO_WORD = "(finer than 32 bits, as floating point and lossy codecs are)"
FULL_ONLY = frozenset({"overs", "dr_db", "ppm_type1_max_dbfs", "ppm_type2_max_dbfs", "vu_max_dbfs", "k20_max_db", "k14_max_db", "k12_max_db",
                       "correlation_min", "word_length_bits"})
ONLY_FOR_MACHINES = frozenset({"dc_channels_percent", "dr_channels_db", "bits_used", "finer_than_32_bits"})     # said as one figure above
IN_ROWS_OF_THEIR_OWN = frozenset({"path", "sample_rate_hz", "channels", "duration_s", "true_peak_error_db", "true_peak_exact"})


def text(report: FileReport) -> str:
    """The report in groups of aligned lines, one figure each."""
    groups: dict[str, list[Row]] = {"": list(format_rows(report))}
    for line in LINES:
        groups.setdefault(line.group, []).extend(line_rows(report, line))
    rows = [row for group in groups.values() for row in group]
    wide, deep = max(len(label) for label, _, _ in rows), max(len(shown) for _, shown, _ in rows)
    lines = [report.path or "(no file)"]
    for name, group in groups.items():
        lines += ["", f"  {name}"] if name and group else []
        lines += [f"  {label:<{wide}}  {shown:>{deep}} {unit}".rstrip() for label, shown, unit in group]
    return "\n".join([*lines, *percentile_lines(report), *octave_lines(report)])


def format_rows(report: FileReport) -> Iterator[Row]:
    """Of the file itself."""
    layout = {1: "mono, measured as one channel", 2: "stereo"}.get(report.channels, f"{report.channels} channels")
    yield "Duration", clock(report.duration_s), ""
    yield "Sample rate", rate_text(report.sample_rate_hz), "Hz"
    yield "Channels", str(report.channels), f"({layout})"


def line_rows(report: FileReport, line: Line) -> Iterator[Row]:
    """The row of a figure; none for one that was not asked for (a quick report has no overs), a dash for one that cannot be measured."""
    value = getattr(report, line.field)
    if value is None and line.field in FULL_ONLY and report.bits_used is None:
        return
    shown, unit = figure(value, line.places, line.unit, signed=line.signed)
    at = getattr(report, line.at) if line.at and value is not None else None
    after = [unit, f"at {clock(at)}" if at is not None else "", true_peak_error(report) if line.field == "true_peak_dbtp" else "",
             NO_WORD if line.field == "word_length_bits" and report.finer_than_32_bits else ""]
    yield line.label, shown, "  ".join(word for word in after if word)


def true_peak_error(report: FileReport) -> str:
    """How far it may be off, and how it was read."""
    if report.true_peak_dbtp is None or report.true_peak_error_db is None:
        return ""
    low, high = report.true_peak_error_db
    how = ", read by Fourier transforms" if report.true_peak_exact else ""
    return f"({figure(low, 2, '')[0]} / +{figure(high, 2, '')[0]} dB{how})"


def percentile_lines(report: FileReport) -> Iterator[str]:
    """How loud it is for how much of the time."""
    found: list[tuple[str, dict[str, float]]] = [(label, values) for label, field in PERCENTILES if (values := getattr(report, field))]
    if found:
        yield from table("Loudness, percentiles", "LUFS", [f"{percent} %" for percent in found[0][1]],
                         [(label, [figure(value, 1, "")[0] for value in values.values()]) for label, values in found])


def octave_lines(report: FileReport) -> Iterator[str]:
    """Stereo in octaves."""
    found: list[tuple[str, dict[str, Any], int]] = [(label, values, places) for label, field, places in OCTAVES if (values := getattr(report, field))]
    if found:
        yield from table("Stereo, octaves", "Hz", list(found[0][1]),
                         [(label, [figure(value, places, "", signed=True)[0] for value in values.values()]) for label, values, places in found])


def table(name: str, unit: str, head: list[str], rows: list[tuple[str, list[str]]]) -> Iterator[str]:
    """A small table with figures at the right."""
    wide = max(len(label) for label, _ in rows)
    widths = [max(len(head[k]), *(len(cells[k]) for _, cells in rows)) for k in range(len(head))]
    yield ""
    yield f"  {name}"
    yield f"  {unit:<{wide}}  " + "  ".join(f"{cell:>{width}}" for cell, width in zip(head, widths))
    for label, cells in rows:
        yield f"  {label:<{wide}}  " + "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths))

