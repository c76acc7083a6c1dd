"""Meters show what they are given: heights by the scale, and they repaint only what moved."""
from dataclasses import replace
from math import ceil, floor, inf

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gui.meters import scales
from gui.meters.column import MeterColumn
from gui.meters.correlation import CorrelationMeter
from gui.meters.loudness import LoudnessMeter
from gui.meters.peak import PeakMeter
from gui.meters.reading import Reading, SongNumbers
from gui.meters.readouts import Readout
from gui.meters.reduction import ReductionMeter
from gui.meters.scope import PhaseScope
from gui.meters.song_table import ROWS, WholeSongTable
from gui.theme import theme
from tests.gui.hands import LEFT, Log, Paints, calls_in, colors, picture, rgb, shown

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


@pytest.mark.parametrize(("scale", "marks"), [
    (scales.PEAK, {3: 0, 0: .08, -3: .20, -6: .31, -9: .41, -12: .50, -18: .64, -24: .75, -36: .89, -60: 1}),
    (scales.LOUDNESS, {-3: 0, -6: .10, -9: .22, -12: .33, -15: .44, -18: .55, -23: .70, -30: .84, -40: .94, -59: 1})])
def test_scales(scale, marks):
    assert {level: scale.fraction(level) for level in marks} == pytest.approx(marks)
    levels = np.linspace(10, -80, 500)
    shares = [scale.fraction(level) for level in levels]
    assert shares == sorted(shares)
    assert scale.fraction(None) == scale.fraction(-inf) == scale.fraction(float("nan")) == 1
    assert scales.PEAK.fraction(-1.5) == pytest.approx(.14)


@pytest.mark.parametrize(("largest", "range_db"), [(None, 9), (0, 6), (6, 6), (6.1, 9), (11, 12), (13, 18), (40, 18)])
def test_the_reduction_range_follows_the_song(largest, range_db):
    assert scales.reduction_range(largest) == range_db


def test_reduction_marks_end_at_the_range():
    assert [scales.reduction_marks(r) for r in scales.REDUCTION_RANGES] == [(0, 2, 4, 6), (0, 3, 6, 9), (0, 4, 8, 12), (0, 6, 12, 18)]


@pytest.fixture
def meter(qtbot):
    def make(kind, height=460, **words):
        made = kind(**words)
        qtbot.addWidget(made)
        make.kept.append(made)
        return shown(made, max(made.width(), made.minimumWidth()), height)
    make.kept = []
    return make


def color_at(widget, x, y):
    return picture(widget).pixelColor(x, y)


def test_peak_bar_is_mid_to_rms_body_to_peak_and_capped(meter):
    peak = meter(PeakMeter)
    peak.show_reading(Reading(time_s=0, peak_dbfs=(-3, -6), rms_dbfs=(-12, -18), true_peak_dbtp=(-2.8, -5)))
    top, bottom = peak.top, peak.bottom
    x = peak.lefts[0] + 5
    y = {db: top + round(scales.PEAK.fraction(db) * (bottom - top)) for db in (-2.8, -3, -12)}
    image = picture(peak)
    assert image.pixelColor(x, y[-12] + 1) == theme.color("master_mid")
    assert image.pixelColor(x, y[-12] - 2) == theme.color("master_body")
    assert image.pixelColor(x, y[-3]) == theme.color("master")
    assert image.pixelColor(x, y[-3] + 1) == theme.color("master")
    assert image.pixelColor(x, y[-2.8] - 1) == theme.color("text")
    assert image.pixelColor(x, y[-2.8] - 8) == theme.color("well")
    assert image.pixelColor(peak.lefts[1] + 5, y[-3]) == theme.color("well")


def test_peak_number_keeps_the_largest_until_play_begins_again(meter):
    peak = meter(PeakMeter)
    for second, level in enumerate((-8.04, -1.02, -30)):
        peak.show_reading(Reading(time_s=second, true_peak_dbtp=(level, -40)))
    assert peak._numbers["peak"] == f"{MINUS}1.0"
    assert peak.spoken_value() == f"largest {MINUS}1.02 dBTP"
    peak.play_began()
    peak.show_reading(Reading(time_s=9, true_peak_dbtp=(-20, -21)))
    assert peak._numbers["peak"] == f"{MINUS}20.0"


def test_over_latches_counts_and_is_cleared_by_a_click(meter):
    peak = meter(PeakMeter)
    log = Log(("cleared", peak.cleared))
    peak.show_ceiling(-1.0)
    for index, level in enumerate((-3, -0.6, -3, -0.8, -0.9, -3)):
        peak.show_reading(Reading(time_s=index / 10, peak_dbfs=(level, -9), true_peak_dbtp=(level, -9)))
    assert peak.over_text() == "+0.4 over, 2"
    lamps = [color_at(peak, *peak.lamp_rect(index).center().toTuple()) for index in (0, 1)]
    assert lamps == [theme.color("danger"), theme.color("control")]
    assert rgb(theme.color("danger_text")) in colors(picture(peak))
    QTest.mouseClick(peak, LEFT, pos=peak.lamp_rect(0).center())
    assert peak.over_text() == ""
    assert log.names() == ["cleared"]
    assert rgb(theme.color("danger")) not in colors(picture(peak))


def test_a_peak_on_the_ceiling_is_not_over(meter):
    peak = meter(PeakMeter)
    peak.show_ceiling(-1.0)
    peak.show_reading(Reading(time_s=0, true_peak_dbtp=(-1.0, -0.9996)))
    assert peak.over_text() == ""
    peak.show_reading(Reading(time_s=1, true_peak_dbtp=(-1.0, -0.98)))
    assert peak.over_text() == "+0.02 over, 1"


def test_above_the_ceiling_the_bar_is_danger(meter):
    peak = meter(PeakMeter)
    peak.show_ceiling(-6.0)
    peak.show_reading(Reading(time_s=0, peak_dbfs=(-1, -9), rms_dbfs=(-12, -12), true_peak_dbtp=(-1, -9)))
    x = peak.lefts[0] + 5
    assert color_at(peak, x, peak.y_at(scales.PEAK.fraction(-3))) == theme.color("danger")
    assert color_at(peak, x, peak.y_at(scales.PEAK.fraction(-9))) == theme.color("master_body")


def test_on_a_finer_screen_the_bars_are_the_same_in_more_pixels(meter):
    peak = meter(PeakMeter)
    peak.show_reading(Reading(time_s=0, peak_dbfs=(-1, -9), rms_dbfs=(-12, -18), true_peak_dbtp=(-0.5, -8)))
    coarse = picture(peak)
    fine = QImage(2 * peak.size(), QImage.Format.Format_RGB32)
    fine.setDevicePixelRatio(2)
    peak.render(fine, QPoint())
    bars = [(x, y) for x in range(peak.lefts[0], peak.lefts[1] + peak.wide) for y in range(peak.top, peak.bottom) if y != peak._ceiling_y]
    assert {coarse.pixel(x, y) for x, y in bars} == {fine.pixel(2 * x, 2 * y) for x, y in bars}
    assert all(coarse.pixel(x, y) == fine.pixel(2 * x + 1, 2 * y + 1) for x, y in bars)


AT = QPoint(3, 5)


def on_a_screen(made, ratio, draw=None):
    """A meter that lies at AT, or what `draw` does there with a painter, on a screen with so many pixels to each logical one."""
    image = QImage(round((made.width() + AT.x()) * ratio), round((made.height() + AT.y()) * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(theme.color(made.ground))
    if draw is None:
        made.render(image, AT)
    else:
        painter = QPainter(image)
        painter.translate(AT)
        draw(painter)
        painter.end()
    return image


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_bars_of_loudness_are_pixel_by_pixel_the_rectangles_that_qt_fills(meter, ratio):
    made, scale = meter(LoudnessMeter), scales.LOUDNESS

    def bands(painter):
        for x, level, largest in zip(made.lefts, levels, (-7.3, -9.0), strict=True):
            y, mark = made.y_at(scale.fraction(level)), made.y_at(scale.fraction(largest))
            painter.fillRect(x, made.top, made.wide, made.bottom - made.top, theme.color("well"))
            painter.fillRect(x, y, made.wide, made.bottom - y, theme.color("master_mid"))
            painter.fillRect(x, y, made.wide, min(made.cap, made.bottom - y), theme.color("master"))
            painter.fillRect(x, mark - made.cap, made.wide, made.cap, theme.color("text"))

    made.show_largest(-7.3, -9.0)
    for index, levels in enumerate([(-12.0, -15.3), (-8.1, -8.3), (-58.0, None), (-40.7, 1.0), (-22.2, -31.4)]):
        made.show_reading(Reading(time_s=index, momentary_lufs=levels[0], short_term_lufs=levels[1]))
        bars = QRect(floor((made.lefts[0] + AT.x()) * ratio), floor((made.top + AT.y()) * ratio),
                     ceil((made.lefts[1] + made.wide - made.lefts[0]) * ratio) + 1, ceil((made.bottom - made.top) * ratio) + 1)
        assert on_a_screen(made, ratio).copy(bars) == on_a_screen(made, ratio, bands).copy(bars)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_bars_take_the_colours_of_the_theme_and_of_what_is_heard(meter, name):
    peak = meter(PeakMeter)
    peak.show_reading(Reading(time_s=0, peak_dbfs=(-3, -3), rms_dbfs=(-12, -12), true_peak_dbtp=(-3, -3)))
    for source in ("mix", "ref", "master"):
        theme.use(name=name)
        peak.show_source(source)
        peak.show_reading(Reading(time_s=0, peak_dbfs=(-3, -3), rms_dbfs=(-12, -12), true_peak_dbtp=(-3, -3)))
        seen = colors(picture(peak))
        assert {rgb(theme.color(ink)) for ink in (f"{source}_mid", f"{source}_body", source, "well", "text")} <= seen
        assert not {rgb(theme.color(f"{other}_mid")) for other in ("mix", "ref", "master") if other != source} & seen


def test_a_picture_of_the_peaks_takes_few_calls(meter):
    """Of Python and of Qt: they are what a picture costs, and this one is made sixty times a second."""
    peak, counts = meter(PeakMeter), []
    for index in range(12):
        level = -3.0 - index % 5
        reading = Reading(time_s=10 + index / 1000, peak_dbfs=(level, level), rms_dbfs=(-12, -12), true_peak_dbtp=(level, level))
        counts.append(calls_in(lambda reading=reading: (peak.show_reading(reading), peak.repaint(peak.lefts[0], peak.top, peak.wide, 40))))
    assert sorted(counts)[len(counts) // 2] < 32


@pytest.mark.parametrize(("kind", "calls"), [(LoudnessMeter, 34), (ReductionMeter, 34), (CorrelationMeter, 30)])
def test_a_picture_of_what_is_slower_takes_few_calls_too(meter, kind, calls):
    made, counts = meter(kind, 54 if kind is CorrelationMeter else 460), []
    for index in range(12):
        level = -12.0 - index % 5
        reading = Reading(time_s=10 + index / 1000, momentary_lufs=level, short_term_lufs=level, other_momentary_lufs=level - 3, other_short_term_lufs=level - 3,
                          reduction_db=2.0 + index % 5, correlation=0.3 + index % 5 / 10)
        y = made.bar_rect().y() if kind is CorrelationMeter else made.top + 20
        counts.append(calls_in(lambda reading=reading, y=y: (made.show_reading(reading), made.repaint(0, y, made.width() // 2, 8))))
    assert sorted(counts)[len(counts) // 2] < calls


def on_screen(widget):
    """What is seen of a window: the sum of all that was painted in it bit by bit."""
    return widget.screen().grabWindow(widget.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("density", ["comfortable", "compact"])
@pytest.mark.parametrize("kind", [PeakMeter, LoudnessMeter, ReductionMeter, CorrelationMeter])
def test_what_is_painted_bit_by_bit_is_the_whole(meter, kind, name, density):
    theme.use(name=name, density=density)
    made = meter(kind, 54 if kind is CorrelationMeter else 460)
    made.show_source("mix")
    rng = np.random.default_rng(2)
    for index in range(60):
        level, other, short, reduction = (rng.choice([-inf, None, *rng.uniform(-62, 2, 8)]) for _ in range(4))
        made.show_reading(Reading(time_s=10 + index / 13, peak_dbfs=(rng.uniform(-60, 1), -9), rms_dbfs=(-30, -20), true_peak_dbtp=(rng.uniform(-60, 1), -9),
                                  momentary_lufs=level, short_term_lufs=short, other_momentary_lufs=other, other_short_term_lufs=-20.0 + index % 4,
                                  reduction_db=max(0.0, (reduction or 0.0) / 6 + 5), fed=index // 10 % 3 == 2,
                                  correlation=None if index % 9 == 8 else float(rng.uniform(-1.1 if index > 30 else 0.0, 1.1))))
        QApplication.processEvents()
        assert on_screen(made) == picture(made)


@pytest.mark.parametrize("kind", [PeakMeter, LoudnessMeter, ReductionMeter, CorrelationMeter])
def test_all_that_looks_different_is_painted_and_not_the_whole(meter, kind):
    made, paints = meter(kind, 54 if kind is CorrelationMeter else 460), None
    quiet = Reading(time_s=0, peak_dbfs=(-20, -9), rms_dbfs=(-30, -20), true_peak_dbtp=(-20, -9), momentary_lufs=-20, short_term_lufs=-18, reduction_db=2,
                    correlation=0.2)
    loud = replace(quiet, time_s=0.01, peak_dbfs=(-9, -3), rms_dbfs=(-20, -12), true_peak_dbtp=(-9, -3), momentary_lufs=-12, reduction_db=5, correlation=-0.4)
    for reading in (quiet, loud, replace(loud, time_s=3.0, correlation=0.7, reduction_db=0)):
        before = picture(made)
        paints = Paints(made)
        made.show_reading(reading)
        QApplication.processEvents()
        after, painted = picture(made), QRegion()
        for _, region in paints.events[:1]:
            painted += region
        different = [(x, y) for x in range(made.width()) for y in range(made.height()) if before.pixel(x, y) != after.pixel(x, y)]
        assert different and all(painted.contains(QPoint(x, y)) for x, y in different)
        assert paints.whole(made) <= 1           # that is the picture taken here


def test_lamps_and_largest_belong_to_their_source(meter):
    peak = meter(PeakMeter)
    peak.show_reading(Reading(time_s=0, true_peak_dbtp=(0.5, -3)))
    peak.show_source("mix")
    assert peak.over_text() == ""
    peak.show_reading(Reading(time_s=0.1, true_peak_dbtp=(-7, -8)))
    assert peak.largest_dbtp() == -7
    peak.show_source("master")
    assert peak.over_text() == "+1.5 over, 1"


@pytest.mark.parametrize("kind", [PeakMeter, LoudnessMeter, ReductionMeter])
def test_a_switch_turns_every_bar_in_one_frame(meter, kind):
    made = meter(kind)
    loud = Reading(time_s=0, peak_dbfs=(-1, -1), rms_dbfs=(-9, -9), true_peak_dbtp=(-1.5, -1.5), momentary_lufs=-8, short_term_lufs=-9, reduction_db=6)
    made.show_reading(loud)
    made.show_source("mix")
    made.show_reading(replace(loud, time_s=1 / 60, peak_dbfs=(-20, -20), rms_dbfs=(-30, -30), momentary_lufs=-20, short_term_lufs=-20, reduction_db=0))
    seen = colors(picture(made))
    assert rgb(theme.color("master_mid")) not in seen
    assert rgb(theme.color("gr_mid")) not in seen
    if kind is PeakMeter:
        assert color_at(made, made.lefts[0] + 5, made.y_at(scales.PEAK.fraction(-12))) == theme.color("well")


def test_loudness_bars_marks_and_triangles(meter):
    made = meter(LoudnessMeter)
    made.show_largest(-6, -9)
    made.show_reading(Reading(time_s=0, momentary_lufs=-12, short_term_lufs=-15, other_momentary_lufs=-18, other_short_term_lufs=None))
    m, s = (x + 5 for x in made.lefts)
    y = {level: made.y_at(scales.LOUDNESS.fraction(level)) for level in (-6, -9, -12, -15, -18)}
    image = picture(made)
    assert image.pixelColor(m, y[-12]) == theme.color("master")
    assert image.pixelColor(m, y[-12] + 3) == theme.color("master_mid")
    assert image.pixelColor(m, y[-6] - 1) == theme.color("text")
    assert image.pixelColor(s, y[-9] - 1) == theme.color("text")
    assert image.pixelColor(s, y[-15] - 4) == theme.color("well")
    assert image.pixelColor(made.lefts[0] - 5, y[-18]) == theme.color("mix")
    assert image.pixelColor(made.lefts[1] - 5, y[-18]) == theme.color("panel")
    assert made.spoken_value() == f"momentary {MINUS}12.0 LUFS, short-term {MINUS}15.0 LUFS"


def test_reduction_hangs_from_the_top_and_is_an_outline_while_bypassed(meter):
    made = meter(ReductionMeter)
    made.show_range(12)
    made.show_reading(Reading(time_s=0, reduction_db=6))
    top, bottom = made.top, made.bottom
    x, half = made.lefts[0] + 4, (top + bottom) // 2
    assert color_at(made, x, top + 5) == theme.color("gr_mid")
    assert color_at(made, x, half - 1) == theme.color("gr")
    assert color_at(made, x, half + 4) == theme.color("well")
    assert made.spoken_value() == f"{MINUS}6.0 dB"
    made.show_reading(Reading(time_s=0.05, reduction_db=6, fed=True))
    assert color_at(made, x, top + 5) == theme.color("well")
    assert color_at(made, made.lefts[0], top + 5) == theme.color("edge")


def test_reduction_number_is_the_most_since_the_last_one(meter):
    made = meter(ReductionMeter)
    for index, db in enumerate((0, 1, 4.4, 2, 1, 1, 1, 1)):
        made.show_reading(Reading(time_s=index / 60, reduction_db=db))
    assert made._numbers["reduction"] == f"{MINUS}4.4"


def test_correlation_warns_after_three_seconds(meter):
    made = meter(CorrelationMeter, 54)
    for tenth in range(30):
        made.show_reading(Reading(time_s=tenth / 10, correlation=-0.41))
    assert made.warning == ""
    made.show_reading(Reading(time_s=3.0, correlation=-0.41))
    assert made.warning == "Out of phase for 3 s"
    assert {rgb(theme.color("danger")), rgb(theme.color("danger_text"))} <= colors(picture(made))
    assert made.spoken_value() == f"{MINUS}0.41, Out of phase for 3 s"
    made.show_reading(Reading(time_s=3.1, correlation=0.2))
    assert made.warning == ""
    assert rgb(theme.color("danger")) not in colors(picture(made))


def test_correlation_takes_the_colours_of_the_theme_and_of_what_is_heard(meter):
    made = meter(CorrelationMeter, 54)
    for name in ("light", "dark"):
        theme.use(name=name)
        for source in ("mix", "master"):
            made.show_source(source)
            made.show_reading(Reading(time_s=0, correlation=0.6))
            assert {rgb(theme.color(ink)) for ink in (f"{source}_mid", source, "well", "edge")} <= colors(picture(made))


def test_a_readout_that_is_told_the_same_has_nothing_to_do(qtbot):
    made = Readout("Integrated", "LUFS")
    qtbot.addWidget(made)
    made.show_value(-12.1)
    assert calls_in(lambda: made.show_value(-12.1)) < 4
    shown(made)
    paints = Paints(made)
    for words in ({"stale": True}, {"stale": True, "danger": True}, {"stale": True, "danger": True, "measuring": True}):
        made.show_value(-12.1, **words)
        QApplication.processEvents()
    assert len(paints.events) == 3
    assert made.spoken_value() == f"about {MINUS}12 LUFS"


def test_correlation_bar_goes_from_the_middle(meter):
    made = meter(CorrelationMeter, 54)
    made.resize(200, made.height())
    made.show_reading(Reading(time_s=0, correlation=0.5))
    y = made.bar_rect().center().y()
    assert color_at(made, 120, y) == theme.color("master_mid")
    assert color_at(made, 149, y) == theme.color("master")
    assert color_at(made, 80, y) == theme.color("well")
    made.show_reading(Reading(time_s=0.02, correlation=None))
    assert color_at(made, 120, y) == theme.color("well")


def scope_center(image):
    pixels = np.frombuffer(image.convertToFormat(image.Format.Format_RGB32).constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    well = np.array([theme.color("well").blue(), theme.color("well").green(), theme.color("well").red()])
    lit = np.abs(pixels[:, :, :3].astype(int) - well).sum(axis=2) > 150
    lit[:22] = False
    return np.argwhere(lit)


@pytest.mark.parametrize(("left", "right", "where"), [(0.5, 0.5, "up"), (0.5, -0.5, "flat"), (0.9, 0.0, "left"), (0.0, 0.9, "right")])
def test_scope_shows_direction(meter, left, right, where):
    scope = meter(PhaseScope, 150)
    scope.show_reading(Reading(time_s=0, points=np.array([[left, right]] * 3)))
    y, x = scope_center(picture(scope))[0] - 75
    expected = {"up": abs(x) < 2 and y < -20, "flat": abs(y) < 2 and abs(x) > 20, "left": x < -10 and abs(x - y) <= 2, "right": x > 10 and abs(x + y) <= 2}
    assert expected[where], (x, y)


def test_scope_fades_and_then_rests(meter):
    scope = meter(PhaseScope, 150)
    scope.show_reading(Reading(time_s=0, points=np.array([[0.5, 0.5]])))
    for index in range(1, 200):
        scope.show_reading(Reading(time_s=index / 30))
    assert len(scope_center(picture(scope))) == 0
    QApplication.processEvents()
    paints = Paints(scope)
    scope.show_reading(Reading(time_s=100))
    QApplication.processEvents()
    assert paints.events == []


def test_scope_takes_anything(meter):
    scope = meter(PhaseScope, 150)
    rough = np.array([[np.nan, 0], [np.inf, 1], [4.0, -4.0], [0, 0], [1e-300, 0], [-5, -5]])
    scope.show_reading(Reading(time_s=0, points=rough))
    scope.show_reading(Reading(time_s=1, points=np.zeros((0, 2))))
    scope.show_reading(Reading(time_s=2, points=np.random.default_rng(1).normal(0, 0.3, (5000, 2)).astype(np.float32)))
    picture(scope)


SONG = SongNumbers(integrated_lufs=-12.1, loudness_range_lu=7.8, true_peak_dbtp=-1.0, max_short_term_lufs=-8.6, psr_min_db=7.6)


def test_table_computes_peak_to_loudness(meter):
    table = meter(WholeSongTable, 180)
    table.show_song("master", SONG)
    rows = {row.field: row for row in ROWS}
    assert table.cell(rows["plr_db"], "master") == "11.1"
    assert table.cell(rows["plr_db"], "mix") == DASH


def test_table_says_why_a_number_is_missing(meter):
    table = meter(WholeSongTable, 180)
    table.resize(316, table.height())
    table.show_song("mix", replace(SONG, loudness_range_lu=None, unknown={"loudness_range_lu": "shorter than 3 s"}))
    place = QPoint(table._rights()[0] - 5, table.row_rect(2).center().y())
    assert table.reason_at(place) == "Loudness range: shorter than 3 s"
    assert table.reason_at(QPoint(place.x(), table.row_rect(1).center().y())) == ""
    QApplication.sendEvent(table, QHelpEvent(QEvent.Type.ToolTip, place, table.mapToGlobal(place)))
    assert QToolTip.text() == "Loudness range: shorter than 3 s"
    QToolTip.hideText()
    assert "Loudness range shorter than 3 s" in table.spoken_value()


def test_a_stale_number_is_weak(meter):
    table = meter(WholeSongTable, 180)
    table.resize(316, table.height())
    table.show_song("master", SONG)
    strip = table.row_rect(1).adjusted(200, 0, -60, 0)
    assert rgb(theme.color("text")) in colors(picture(table).copy(strip))
    table.show_song("master", replace(SONG, stale=True))
    seen = colors(picture(table).copy(strip))
    assert rgb(theme.color("text")) not in seen
    assert rgb(theme.color("text3")) in seen


@pytest.mark.parametrize(("density", "size"), [("comfortable", (348, 952)), ("comfortable", (420, 1200)), ("compact", (252, 608)), ("compact", (252, 528))])
def test_column_fits_its_zone(meter, density, size):
    theme.use(density=density)
    column = meter(MeterColumn, size[1])
    column.resize(*size)
    QApplication.processEvents()
    parts = [part for part in (column.integrated, column.true_peak, column.peak, column.loudness, column.reduction, column.table, column.scope,
                               column.correlation, column.figures) if part.isVisible()]
    assert len(parts) == (9 if density == "comfortable" else 7)
    for index, one in enumerate(parts):
        assert column.rect().contains(one.geometry()), type(one).__name__
        for other in parts[index + 1:]:
            assert not one.geometry().intersects(other.geometry()), (type(one).__name__, type(other).__name__)
    assert len({(meter.top, meter.bottom) for meter in (column.peak, column.loudness, column.reduction)}) == 1


def test_column_prefers_the_measured_song_to_the_running_estimate(meter):
    column = meter(MeterColumn, 952)
    column.show_reading(Reading(time_s=0, integrated_lufs=-13.4, measuring=True))
    assert column.integrated.spoken_value() == f"about {MINUS}13 LUFS"
    column.show_song("master", SONG)
    column.show_reading(Reading(time_s=1, integrated_lufs=-13.4, measuring=True))
    assert column.integrated.spoken_value() == f"{MINUS}12.1 LUFS"
    assert column.true_peak.spoken_value() == f"{MINUS}1.00 dBTP"
    column.show_song("master", replace(SONG, stale=True))
    column.show_reading(Reading(time_s=2))
    assert column.integrated.stale


def test_column_says_the_levels_in_one_sentence(meter):
    column = meter(MeterColumn, 952)
    column.show_song("master", SONG)
    column.show_reading(Reading(time_s=0, momentary_lufs=-10.1, short_term_lufs=-10.0, correlation=0.61))
    said = column.spoken_value()
    for words in ("Master:", f"Integrated {MINUS}12.1 LUFS", f"momentary {MINUS}10.1 LUFS", "Correlation +0.61"):
        assert words in said


def test_figures_that_were_hidden_are_those_of_now_when_they_are_said_or_shown(meter):
    column = meter(MeterColumn, 952)
    column.show_reading(Reading(time_s=0, side_mid_db=-3.0, psr_db=9.0))
    theme.use(density="compact")
    column.show_reading(Reading(time_s=1, side_mid_db=-8.5, psr_db=11.5))
    theme.use(density="comfortable")
    assert column.figures.spoken_value() == f"Side / mid {MINUS}8.5 dB, Balance \N{EN DASH}, PSR 11.5 dB"
    theme.use(density="compact")
    column.show_reading(Reading(time_s=2, side_mid_db=-7.0, psr_db=11.5))
    assert f"Side / mid {MINUS}7.0 dB" in column.spoken_value()
