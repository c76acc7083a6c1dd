"""Several files beside each other: one row each, and what stands out from the others marked."""
import os
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from mastering_rt.errors import clock
from mastering_rt.measure.report import figure
from mastering_rt.qc.examine import Examined

MARK = "*"
LEAST_FILES = 3                  # of two, neither stands out
USUAL = 3.0                      # times the median distance of all files from their median


class Column(NamedTuple):
    """A figure of the report; `apart`: how far from the median of all files it stands out at least."""

    head: str
    field: str
    places: int
    apart: float


COLUMNS = (
    Column("LUFS", "integrated_lufs", 1, 1.0),
    Column("LRA", "loudness_range_lu", 1, 4.0),
    Column("Max S", "max_short_term_lufs", 1, 2.0),
    Column("dBTP", "true_peak_dbtp", 2, 0.5),
    Column("PLR", "plr_db", 1, 2.0),
    Column("PSR", "psr_min_db", 1, 2.0),
    Column("DR", "dr_db", 0, 3.0),
    Column("Corr", "correlation", 2, 0.4),
    Column("Width", "width_db", 1, 4.0),
    Column("kHz", "sample_rate_hz", 0, 0.0))


def table_lines(found: Sequence[Examined]) -> Iterator[str]:
    """The table, the medians under it, and what the marks mean. A column in which nothing could be measured is left out."""
    columns = [column for column in COLUMNS if any(getattr(each.report, column.field) is not None for each in found)]
    looked = [each for each in found if each.findings is not None]
    middle = {column: middle_of(found, column) for column in columns}
    apart = {column: apart_of(found, column, middle[column]) for column in columns}
    rows = [["File", "Length", *(column.head + " " for column in columns), *(["Findings"] if looked else [])]]
    rows += [[name, clock(each.report.duration_s), *(cell(each, column, middle[column], apart[column]) for column in columns),
              *([count_findings(each)] if looked else [])] for name, each in zip(names_of([each.report.path for each in found]), found)]
    if len(found) >= LEAST_FILES:
        rows.append(["Median", "", *(text_of(middle[column], column) + " " for column in columns), *([""] if looked else [])])
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for name, *cells in rows:
        yield " ".join([f"{name:<{widths[0]}} ", *(f"{text:>{width}}" for text, width in zip(cells, widths[1:]))]).rstrip()
    if any(MARK in text for row in rows for text in row[2:]):
        limits = ", ".join(f"{column.head} {column.apart:g}" for column in columns if column.apart)
        yield f"\n{MARK} further from the median than {limits}, and than {USUAL:g} times what is usual here; or at another sample rate than most"
    if any(each.findings for each in looked):
        yield "Findings: ! to act on, ? to listen to. Analyze a file alone to read them."


def cell(each: Examined, column: Column, middle: float | None, apart: float) -> str:
    """A figure with its mark, or a space in its place so that the figures stand under each other."""
    value = getattr(each.report, column.field)
    marked = value is not None and middle is not None and abs(value - middle) > apart
    return text_of(value, column) + (MARK if marked else " ")


def text_of(value: float | None, column: Column) -> str:
    if column.field == "sample_rate_hz" and value is not None:
        return f"{value / 1000:g}"
    return figure(value, column.places, "")[0]


def middle_of(found: Sequence[Examined], column: Column) -> float | None:
    """The median of the files that have the figure; None for too few of them."""
    values = [value for each in found if (value := getattr(each.report, column.field)) is not None]
    return median(values) if len(values) >= LEAST_FILES else None


def apart_of(found: Sequence[Examined], column: Column, middle: float | None) -> float:
    """How far from the median a file stands out among these: where all differ, none does by differing."""
    if middle is None or not column.apart:
        return column.apart
    distances: list[float] = [abs(value - middle) for each in found if (value := getattr(each.report, column.field)) is not None]
    return max(column.apart, USUAL * median(distances))


def count_findings(each: Examined) -> str:
    """ "2! 5?", a dash for none."""
    if each.findings is None:
        return ""
    counts = [(sum(finding.severity == severity for finding in each.findings), mark) for severity, mark in (("act", "!"), ("look", "?"))]
    return " ".join(f"{count}{mark}" for count, mark in counts if count) or "–"


def names_of(paths: Sequence[str]) -> list[str]:
    """The files' names, with as much of their path as tells them apart."""
    common = os.path.commonpath([os.path.dirname(path) for path in paths]) if len(paths) > 1 else os.path.dirname(paths[0])
    return [os.path.relpath(path, common) for path in paths]
