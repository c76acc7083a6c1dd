"""Painting keeps its budget and its promises: opaque, only what moved, nothing while hidden, no text under 11 px, no leak."""
import re
import sys
from dataclasses import replace
from math import sin
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

import gui
from dsp_core.params import params_of
from gui import gallery
from gui.controls.base import Painted
from gui.controls.focus import FocusRing
from gui.controls.plane import Plane
from gui.controls.value import ValueControl
from gui.dialogs.toasts import Toast
from gui.meters.column import MeterColumn
from gui.meters.reading import Reading, SongNumbers
from gui.theme import theme
from tests.gui.hands import Paints, colors, picture, shown

GUI = Path(gui.__file__).parent
MAGENTA = 0xFF00FF


@pytest.fixture
def sheet(qtbot):
    kept = []

    def make():
        made = gallery.make_sheet()
        kept.append(made)
        qtbot.addWidget(made)
        return shown(made)
    return make


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("density", ["comfortable", "compact"])
def test_what_claims_to_be_opaque_paints_every_pixel(sheet, name, density):
    theme.use(name=name, density=density)
    opaque = [w for w in sheet().findChildren(QWidget) if w.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent) and w.isVisible()]
    assert len(opaque) > 100
    for widget in opaque:
        assert MAGENTA not in colors(picture(widget)), type(widget).__name__


@pytest.mark.slow
def test_every_painted_widget_is_opaque_but_the_few_that_float(sheet):
    for widget in sheet().findChildren(QWidget):
        if isinstance(widget, Painted):
            floats = isinstance(widget, Toast) or type(widget).__name__ == "Dialog"
            assert floats or not widget.testAttribute(Qt.WidgetAttribute.WA_Hover), type(widget).__name__
            assert widget.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent) is not floats, type(widget).__name__


@pytest.mark.slow
@pytest.mark.parametrize("scale", [0.8, 1.25, 2.0])
def test_the_gallery_stands_at_every_interface_scale(sheet, scale):
    theme.use(scale=scale)
    made = sheet()
    assert made.width() == round(1600 * scale)
    assert MAGENTA not in colors(picture(made))


def music(index):
    """Readings in which everything moves."""
    level = -6 + 5 * sin(index / 7)
    return Reading(time_s=index / 60, peak_dbfs=(level, level - 1), rms_dbfs=(level - 9, level - 8), true_peak_dbtp=(level + 0.1, level - 0.9),
                   momentary_lufs=-11 + 2 * sin(index / 20), short_term_lufs=-10 + sin(index / 90), other_momentary_lufs=-16 + 2 * sin(index / 21),
                   other_short_term_lufs=-15 + sin(index / 91), reduction_db=max(0, 3 * sin(index / 9)), correlation=0.5 + 0.3 * sin(index / 15),
                   balance_db=0.1, side_mid_db=-6, psr_db=9)


@pytest.fixture
def column(qtbot):
    made = MeterColumn()
    qtbot.addWidget(made)
    shown(made, 348, 952)
    made.show_song("master", SongNumbers(integrated_lufs=-12.1, true_peak_dbtp=-1, max_momentary_lufs=-7, max_short_term_lufs=-9))
    for index in range(30):
        made.show_reading(music(index))
    QApplication.processEvents()
    return made


@pytest.mark.slow
def test_ten_seconds_of_meters_never_repaint_a_meter_whole(column):
    bars = (column.peak, column.loudness, column.reduction, column.correlation)
    still = (column, column.table, column.integrated, column.true_peak)
    paints = Paints(*bars, *still)
    area = 0
    for index in range(30, 630):
        column.show_reading(music(index))
        QApplication.processEvents()
    for widget in bars:
        assert any(painted is widget for painted, _ in paints.events), type(widget).__name__
        assert paints.whole(widget) == 0, type(widget).__name__
    area = sum(rect.width() * rect.height() for painted, region in paints.events for rect in region)
    assert area / 600 < 0.03 * column.width() * column.height()
    assert not [painted for painted, _ in paints.events if painted in still]


def test_music_that_stands_still_paints_nothing(column):
    paints = Paints(*column.findChildren(QWidget), column)
    held = music(30)
    for index in range(400):
        column.show_reading(replace(held, time_s=0.5 + index / 60))
    QApplication.processEvents()
    paints.clear()
    for index in range(400, 700):
        column.show_reading(replace(held, time_s=0.5 + index / 60))
        QApplication.processEvents()
    assert paints.events == []


def test_nothing_is_painted_while_hidden(column):
    column.hide()
    paints = Paints(*column.findChildren(QWidget), column)
    for index in range(30, 90):
        column.show_reading(music(index))
        QApplication.processEvents()
    assert paints.events == []


def test_a_source_switch_is_one_repaint_each(column):
    paints = Paints(column.peak, column.loudness, column.table)
    column.show_source("mix", "Mix", other="master")
    column.show_reading(music(31))
    QApplication.processEvents()
    assert [paints.whole(widget) for widget in (column.peak, column.loudness, column.table)] == [1, 1, 1]
    assert len(paints.events) == 3


def test_a_theme_change_is_one_repaint_each(column):
    paints = Paints(*column.findChildren(QWidget))
    theme.use(name="light")
    QApplication.processEvents()
    for widget in (column.peak, column.table, column.scope):
        assert paints.whole(widget) == 1, type(widget).__name__


def test_a_moving_value_leaves_the_window_and_the_focus_ring_alone(qtbot):
    window = Plane()
    page = QVBoxLayout(window)
    control = ValueControl(params_of("compressor")[3])
    page.addWidget(control)
    qtbot.addWidget(window)
    shown(window, 400, 300)
    ring = FocusRing()
    ring.surround(control)
    control.show_value(-50)
    QApplication.processEvents()
    paints = Paints(window, control, ring)
    for value in range(-40, -20):
        control.show_value(value)
        QApplication.processEvents()
    assert {type(painted).__name__ for painted, _ in paints.events} == {"ValueControl"}
    assert paints.whole(control) == 0


@pytest.mark.slow
def test_painting_takes_no_reference_of_none(qtbot, column):
    """PySide6 6.12.0 lost one with every void call on Python 3.11 and aborted after seconds."""
    control = ValueControl(params_of("compressor")[3])
    qtbot.addWidget(control)
    shown(control)
    for _ in range(20):
        control.repaint()
        column.peak.repaint()
    before = sys.getrefcount(None)
    for index in range(500):
        control.show_value(-index / 10)
        control.repaint()
        column.peak.repaint()
    assert abs(sys.getrefcount(None) - before) < 100


def test_pyside_is_one_that_does_not_abort():
    assert tuple(map(int, PySide6.__version__.split(".")[:2])) < (6, 12)


def sources():
    return [(path, path.read_text()) for path in sorted(GUI.rglob("*.py"))]


def test_fonts_come_from_the_theme_alone():
    setters = [str(path.relative_to(GUI)) for path, text in sources() if re.search(r"setPixelSize|setPointSize|QFont\(", text)]
    assert setters == ["theme/current.py"]


def test_nothing_expensive_is_used():
    banned = re.compile(r"setStyleSheet|QGraphics\w*Effect|Q\w*Gradient|QOpenGL\w*|useOpenGL=True")
    assert [(path.name, found.group()) for path, text in sources() if (found := banned.search(text))] == []


@pytest.mark.slow
def test_gallery_writes_its_sheet(tmp_path, capsys):
    out = tmp_path / "sheet.png"
    assert gallery.main([str(out), "--theme", "light", "--density", "compact"]) == 0
    assert out.read_bytes()[:4] == b"\x89PNG"
    assert gallery.main([str(tmp_path / "missing" / "sheet.png")]) == 1
    assert "cannot be written" in capsys.readouterr().err
