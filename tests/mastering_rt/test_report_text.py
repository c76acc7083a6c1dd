"""What people read of a report: every figure of it, in groups, aligned, and nothing that was not measured."""
import re

import numpy as np
from msgspec.structs import replace

from mastering_rt.measure.analysis import analyze_blocks
from mastering_rt.measure.report import FileReport
from mastering_rt.measure.report_text import IN_ROWS_OF_THEIR_OWN, LINES, OCTAVES, ONLY_FOR_MACHINES, PERCENTILES
from tests import signals

RATE = 48000


def report(detail="full", channels=2):
    return analyze_blocks([np.ascontiguousarray(signals.programme(5 * RATE)[:channels])], RATE, channels, path="song.wav", detail=detail)


def test_every_field_of_the_report_has_its_place():
    shown = [line.field for line in LINES] + [line.at for line in LINES if line.at] + [field for _, field, *_ in (*OCTAVES, *PERCENTILES)]
    assert len(shown) == len(set(shown))
    assert set(shown) | ONLY_FOR_MACHINES | IN_ROWS_OF_THEIR_OWN == set(FileReport.__struct_fields__)


def test_figures_stand_under_each_other_in_their_groups():
    lines = report().text().splitlines()
    assert [line.strip() for line in lines if re.fullmatch("  [A-Z][a-z, ]+", line)] == [
        "Loudness", "Peaks", "Dynamics", "Stereo", "Signal", "Loudness, percentiles", "Stereo, octaves"]
    rows = [line for line in lines[:lines.index("  Loudness, percentiles")] if any(line.startswith(f"  {each.label}  ") for each in LINES)]
    assert len(rows) == len(LINES)
    assert len({re.match("  .*?  +[^ ]+", row).end() for row in rows}) == 1


def test_times_and_the_error_of_the_true_peak_stand_behind_the_figure():
    text = replace(report(), true_peak_dbtp=-1.234, true_peak_at_s=3.5, true_peak_error_db=(-0.05, 0.03), true_peak_exact=False).text()
    assert re.search(r"True peak +−1\.23 dBTP  at 0:03\.500  \(−0\.05 / \+0\.03 dB\)$", text, re.M)
    assert "read by Fourier transforms" in replace(report(), true_peak_exact=True).text()


def test_a_quick_report_leaves_out_what_was_not_measured_and_a_full_one_says_what_cannot_be():
    quick, full = report("loudness").text(), report("full", channels=1).text()
    assert "Overs" not in quick
    assert "octaves" not in quick
    assert "Integrated loudness" in quick
    assert re.search("^  Correlation, least +–$", full, re.M)


def test_what_has_no_word_length_is_told_none():
    """Noise in floating point, as a lossy codec gives it; the same in 16 bits has one."""
    x = 0.1 * signals.noise(48000)
    fine = analyze_blocks([x], 48000, 2)
    assert (fine.word_length_bits, fine.finer_than_32_bits) == (None, True)
    row = next(line for line in fine.text().splitlines() if "Word length" in line)
    assert "finer than 32 bits" in row and "–" in row
    coarse = analyze_blocks([np.round(x * 32768) / 32768], 48000, 2)
    assert (coarse.word_length_bits, coarse.finer_than_32_bits) == (16, False)
