"""`mastering-rt compare`: what mastering changed."""
import argparse
from collections.abc import Iterator, Sequence

from msgspec import to_builtins

from mastering_rt.cli.analyze import finding_lines
from mastering_rt.cli.terminal import print_json, progress_bar, stop_when_terminated
from mastering_rt.errors import clock
from mastering_rt.measure.report import figure
from mastering_rt.offline.differences import BandChange, Comparison, compare_files

Row = tuple[str, ...]
FIGURES = (                      # label, field of the report, decimals, unit, unit of a difference
    ("Integrated loudness", "integrated_lufs", 1, "LUFS", "LU"),
    ("Loudness range", "loudness_range_lu", 1, "LU", "LU"),
    ("Momentary, loudest", "max_momentary_lufs", 1, "LUFS", "LU"),
    ("Short-term, loudest", "max_short_term_lufs", 1, "LUFS", "LU"),
    ("True peak", "true_peak_dbtp", 2, "dBTP", "dB"),
    ("Sample peak", "sample_peak_dbfs", 2, "dBFS", "dB"),
    ("Peak to loudness", "plr_db", 1, "dB", "dB"),
    ("Peak to short-term, least", "psr_min_db", 1, "dB", "dB"),
    ("Crest factor", "crest_db", 1, "dB", "dB"),
    ("Correlation", "correlation", 2, "", ""))


def run(arguments: argparse.Namespace) -> int:
    """0 when both could be measured."""
    stop_when_terminated()
    with progress_bar() as progress:
        found = compare_files(arguments.mix, arguments.master, progress)
    if arguments.json:
        print_json(to_builtins(found))
    else:
        print("\n".join(lines(found)))
    return 0


def lines(found: Comparison) -> Iterator[str]:
    """The comparison for people."""
    yield f"{found.mix.path} and {found.master.path}"
    yield ""
    yield from columns([("", "Mix", "Master", "Change", ""), *_figure_rows(found)])
    yield ""
    yield f"  {_alignment_text(found)}"
    yield from (f"  {notice}" for notice in found.notices)
    yield ""
    yield f"  Octaves, {_gain_text(found)}; side over mid and crest as they are in each file"
    yield ""
    yield from columns([("Band", "Level", "Side/mid mix", "master", "Crest mix", "master", ""), *map(_band_row, found.bands)])
    yield from finding_lines(found.findings_new, "new finding")
    gone = len(found.findings_gone)
    if gone:
        yield f"  {gone} finding{'s' * (gone > 1)} of the mix {'are' if gone > 1 else 'is'} gone"


def _figure_rows(found: Comparison) -> Iterator[Row]:
    mix, master = found.mix, found.master
    yield ("Duration", clock(mix.duration_s), clock(master.duration_s), "", "")
    yield ("Sample rate", str(mix.sample_rate_hz), str(master.sample_rate_hz), "", "Hz")
    for label, key, places, unit, of_change in FIGURES:
        before, after = getattr(mix, key), getattr(master, key)
        change = after - before if before is not None and after is not None else None
        shown = figure(change, places, of_change, signed=True)[0]
        yield (label, figure(before, places, unit)[0], figure(after, places, unit)[0], shown, unit)
    yield ("Clipped samples", str(mix.clipped_samples), str(master.clipped_samples), _count(master.clipped_samples - mix.clipped_samples), "")


def _count(change: int) -> str:
    return figure(float(change), 0, "", signed=True)[0]


def _alignment_text(found: Comparison) -> str:
    if found.offset_samples is None:
        return "Both files are taken to begin at the same moment of the song; they are too short, too long or too different to tell."
    if found.offset_samples == 0:
        return "Both files begin at the same sample of the song."
    late = found.offset_samples > 0
    return f"The song begins {abs(found.offset_samples)} samples {'later' if late else 'earlier'} in the master; the loudness is compared where both have it."


def _gain_text(found: Comparison) -> str:
    """What was taken out of the levels of the bands."""
    if found.loudness_change_lu is None:
        return "levels as they are, because the loudness of one file cannot be measured"
    text, _ = figure(found.loudness_change_lu, 1, "LU", signed=True)
    ground = "over the same passage, one gate for both" if found.basis == "same passage" else "of the whole files"
    return f"with the {text} LU between the two taken out ({ground})"


def _band_row(band: BandChange) -> Row:
    centre = f"{band.centre_hz:g} Hz" if band.centre_hz < 1000 else f"{band.centre_hz / 1000:g} kHz"
    plain = (band.side_mid_mix_db, band.side_mid_master_db, band.crest_mix_db, band.crest_master_db)
    return (centre, figure(band.level_change_db, 1, "", signed=True)[0], *(figure(value, 1, "")[0] for value in plain), "dB")


def columns(rows: Sequence[Row]) -> Iterator[str]:
    """The first and the last column at the left, figures at the right."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for label, *figures, unit in rows:
        cells = (f"{text:>{width}}" for text, width in zip(figures, widths[1:-1]))
        yield f"  {label:<{widths[0]}}  {'  '.join(cells)} {unit}".rstrip()
