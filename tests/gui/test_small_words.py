"""Small faults of text and figures that were mended: signs, groups of digits, figures struck by lines, lines without a name, words under a triangle."""
from unittest import mock

import numpy as np
import pytest

from gui.bridge.figures import show_figures
from gui.controls.chain import ChainStrip
from gui.controls.slot import SlotState
from gui.editors.multiband_plot import MultibandPlot
from gui.editors.stereo_plot import StereoPlot
from gui.meters.column import MeterColumn
from gui.meters.peak import PeakMeter
from gui.meters.reading import Reading, SongNumbers
from gui.meters.song_table import ROWS, WholeSongTable
from gui.plots.song import SongView
from gui.plots.song_data import Finding
from gui.theme import paint, theme
from gui.window.meters_window import MetersWindow
from mastering_rt.errors import grouped
from mastering_rt.measure.report import FileReport, figure
from mastering_rt.session.journal import Numbers, absolute_text
from tests.gui.hands import colors, picture, rgb, shown
from tests.gui.test_window_layout import read

HOT = {"integrated_lufs": -6.9, "loudness_range_lu": 4.0, "true_peak_dbtp": 4.951, "sample_peak_dbfs": 3.2, "max_momentary_lufs": -4.0,
       "max_short_term_lufs": -5.0, "plr_db": 11.9, "psr_min_db": 6.0, "crest_db": 9.0, "correlation": 0.5, "dc_offset_dbfs": -90.0, "overs": 177628}
REPORT = FileReport(path="", sample_rate_hz=48000, channels=2, duration_s=1.0, clipped_samples=177628, **HOT)


def test_a_true_peak_over_full_scale_has_its_sign_wherever_it_stands(qtbot):
    table, column, peak, meters = WholeSongTable(), MeterColumn(), PeakMeter(), MetersWindow()
    for widget in (table, column, peak, meters):
        qtbot.addWidget(widget)
    table.show_song("master", SongNumbers(true_peak_dbtp=4.951, integrated_lufs=-6.9))
    row = next(row for row in ROWS if row.field == "true_peak_dbtp")
    assert table.cell(row, "master") == "+5.0" and "True peak +5.0 dBTP" in table.spoken_value()
    assert table.cell(ROWS[0], "master") == "−6.9"
    column.true_peak.show_value(4.951)
    assert column.true_peak.text() == "+4.95" and column.true_peak.spoken_value() == "+4.95 dBTP"
    column.true_peak.show_value(-1.0)
    assert column.true_peak.text() == "−1.00"
    column.integrated.show_value(2.0)
    assert column.integrated.text() == "2.0"
    peak.show_reading(Reading(time_s=0.0, peak_dbfs=(3.0, 3.0), true_peak_dbtp=(4.951, 2.0)))
    assert "largest +4.95 dBTP" in peak.spoken_value()
    show_figures(meters, REPORT)
    assert {"True peak +4.95 dBTP", "Sample peak +3.20 dBFS"} <= set(meters.levels.spoken_value().split(", "))
    assert "true peak +4.95 dBTP" in absolute_text(Numbers(true_peak_dbtp=4.951))
    assert next(line.split() for line in REPORT.text().splitlines() if "True peak" in line)[2:4] == ["+4.95", "dBTP"]


def test_counts_are_grouped_alike_wherever_they_stand(qtbot):
    assert grouped(177628) == "177\N{NARROW NO-BREAK SPACE}628" and grouped(628) == "628" and grouped(10026039).count("\N{NARROW NO-BREAK SPACE}") == 2
    assert figure(177628, 0, "")[0] == grouped(177628)
    assert figure(-12345.6, 1, "dB")[0] == f"−{grouped(12345)}.6"
    assert any(line.split(maxsplit=2)[2] == grouped(177628) for line in REPORT.text().splitlines() if "Clipped samples" in line)
    strip, meters = ChainStrip(), MetersWindow()
    for widget in (strip, meters):
        qtbot.addWidget(widget)
    shown(strip, 1400)
    strip.show_chain([SlotState(name="EQ", latency_samples=88200)])
    strip.show_sum(0.0, 88200, 44100)
    assert f"{grouped(88200)} smp" in [line.words for line in read(strip.slots[0])]
    assert f"{grouped(88200)} samples" in strip.spoken_value() and f"{grouped(88200)} samples" in strip.slots[0].spoken_value()
    show_figures(meters, REPORT)
    assert f"Overs {grouped(177628)}" in meters.levels.spoken_value()


@pytest.fixture
def stereo(qtbot):
    """Four bands that change nothing: one line through the whole plot."""
    plot = StereoPlot()
    qtbot.addWidget(plot)
    shown(plot, 770, 240)
    plot.set_values({"bands": 3, **{f"width{n}": 100 for n in range(1, 5)}})
    return plot


def written(plot):
    """(words, area) of every text of a plot with a piece of its plane behind it."""
    said, text = [], paint.text

    def noted(painter, area, words, role, color, align=paint.LEFT, weight=None):
        x = area.x() if align == paint.LEFT else area.x() + area.width() - paint.text_width(words, role, weight)
        said.append((words, x, area.y(), paint.text_width(words, role, weight), area.height()))
        return text(painter, area, words, role, color, align, weight)
    with mock.patch.object(paint, "text", noted):
        plot.renew()
        plot.grab()
    return said


def test_the_line_of_full_width_strikes_through_no_figure(stereo):
    y = round(stereo.width_axis.px(100.0))
    stereo.set_range(60, y / stereo.plot_area.height() * 60 - 36)         # a figure of the other scale at the same height
    marks = [(words, x, width) for words, x, top, width, height in written(stereo) if abs(top + height / 2 - y) <= 4 and words in ("100", "−36")]
    assert {words for words, _, _ in marks} == {"100", "−36"}
    image, line = picture(stereo), {rgb(theme.color("edge")), rgb(theme.color("text2")), rgb(theme.color("select"))}
    for _, x, _ in marks:
        gap = image.copy(round(x) - 2, y, 2, 1)
        assert not colors(gap) & line
        assert rgb(theme.color("well")) in colors(gap)


def test_the_legend_of_the_widths_stands_beside_their_scale(stereo):
    said = {words: (x, top, width, height) for words, x, top, width, height in written(stereo)}
    zero, first = said["0"], said[stereo.legend()[0][0]]
    mark = theme.px(20)                                                   # the line before the words
    assert first[0] - mark >= max(zero[0] + zero[2], said["200 %"][0] + said["200 %"][2]) + 4


def test_the_lines_of_the_bands_have_a_name(qtbot):
    plot = MultibandPlot()
    qtbot.addWidget(plot)
    shown(plot, 900, 300)
    for heard, compared in (("master", "mix"), ("mix", "master")):
        plot.set_heard(heard, compared)
        words, color = plot.legend()[2]
        assert (words, color) == ("Peak of each band", f"{heard}_mid")
        assert "Peak of each band" in [entry[0] for entry in written(plot)]
        plot.show_live(np.full(6, -20.0), np.zeros(6), 0.0)
        level = plot._level_rect(0)
        assert rgb(theme.color(color)) in colors(picture(plot).copy(level))
    plot.set_show_song(True)
    assert [words for words, _ in plot.legend()].count("Peak of each band") == 1


def test_the_triangle_of_the_playhead_covers_no_word_of_the_ruler(qtbot):
    view = SongView()
    qtbot.addWidget(view)
    view.set_song(48000 * 100, 48000)
    view.set_findings([Finding(48000 * 20, "A flat top. Listen there.")])
    shown(view, 1038, 230)
    before = picture(view)
    for second in range(20, 40):
        view.set_position(48000 * second)
        ruler = picture(view).copy(0, 0, view.width(), view.parts.ruler)
        assert ruler == before.copy(0, 0, view.width(), view.parts.ruler)
    x = round(view._playhead_px())
    assert rgb(theme.color("select")) in colors(picture(view).copy(x - 4, view.parts.ruler, 3, 3))


@pytest.mark.parametrize(("size", "words"), [((1280, 720), "Song measured in "), ((1600, 900), "Whole song measured ")])
def test_the_status_says_what_took_so_long(working, size, words):
    working.window.resize(*size)
    working.wait_for_facts()
    working.until(lambda: not working.desk.looking.under_way and working.window.status.state.startswith(words))


def test_only_a_node_of_the_curve_is_the_step_of_the_node(working):
    steps = working.window.steps
    working.acts.shaping.set_value("compressor", "detector", 1)
    working.acts.shaping.set_value("eq", "band3_q", 2)
    working.acts.shaping.set_values("limiter", {"gain": 1.0})
    assert "shape" not in steps.done
    working.acts.shaping.set_values("eq", {"band3_freq": 300.0, "band3_gain": 1.0})
    assert "shape" in steps.done
