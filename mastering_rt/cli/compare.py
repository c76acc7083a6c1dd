"""`mastering-rt compare`: what mastering changed."""
import argparse
from collections.abc import Iterator, Sequence

from msgspec import to_builtins

from mastering_rt.cli.analyze import finding_lines
from mastering_rt.cli.terminal import print_json, progress_bar, stop_when_terminated
from mastering_rt.errors import clock, grouped
from mastering_rt.measure.report import figure, rate_text
from mastering_rt.measure.report_text import LINES
from mastering_rt.offline.differences import BandChange, Comparison, compare_files

Row = tuple[str, ...]
OF_A_CHANGE = {"LUFS": "LU", "dBTP": "dB", "dBFS": "dB"}


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
    yield from columns([("", "Mix", "Master", "", "Change", ""), *_figure_rows(found)], left=(0, 3, 5))
    yield ""
    yield from (f"  {text}" for text in [_alignment_text(found)] if text)
    yield from (f"  {notice}" for notice in found.notices)
    if found.bands:
        yield ""
        yield f"  Octaves, {_gain_text(found)}; side over mid and crest as they are in each file"
        yield ""
        yield from columns([("Band", "Level", "Side/mid mix", "master", "Crest mix", "master", ""), *map(_band_row, found.bands)], left=(0, 6))
    yield from finding_lines(found.findings_new, "new finding")
    if found.findings_gone:
        yield from finding_lines(found.findings_gone, "finding", " of the mix that the master has no more")


def _figure_rows(found: Comparison) -> Iterator[Row]:
    """Whatever `analyze` prints of a file as one figure."""
    mix, master = found.mix, found.master
    yield ("Duration", clock(mix.duration_s), clock(master.duration_s), "", "", "")
    yield ("Sample rate", rate_text(mix.sample_rate_hz), rate_text(master.sample_rate_hz), "Hz", "", "")
    for line in LINES:
        before, after = getattr(mix, line.field), getattr(master, line.field)
        if before is None and after is None:
            continue
        change = float(after - before) if before is not None and after is not None else None
        shown, unit = figure(change, line.places, OF_A_CHANGE.get(line.unit, line.unit), signed=True)
        yield (line.label, *(figure(value, line.places, line.unit, signed=line.signed)[0] for value in (before, after)), line.unit, shown, unit)


def _alignment_text(found: Comparison) -> str:
    if found.same_song is False:
        return ""
    if found.offset_samples is None:
        return "Both files are taken to begin at the same moment of the song; they are too short, too long or too different to tell."
    if found.offset_samples == 0:
        return "Both files begin at the same sample of the song."
    late = found.offset_samples > 0
    return f"The song begins {grouped(abs(found.offset_samples))} samples {'later' if late else 'earlier'} in the master; loudness and octaves are compared where both have it."


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


def columns(rows: Sequence[Row], left: Sequence[int]) -> Iterator[str]:
    """Under each other; figures at the right, words at the left. A unit follows its figure after one space."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        cells = [f"{text:<{width}}" if index in left else f"{text:>{width}}" for index, (text, width) in enumerate(zip(row, widths))]
        yield "".join([f"  {cells[0]}", *(f"{' ' if index in left else '  '}{cell}" for index, cell in enumerate(cells) if index)]).rstrip()
