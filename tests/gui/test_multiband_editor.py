"""The multiband's editor: crossovers and thresholds in the plot, the strip of the band that is edited, what moves while it plays."""
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.editors.band_plot import frequency_span
from gui.theme import theme
from tests.gui.framed import TEXT, framed, live, log_of, one_gesture
from tests.gui.hands import Paints, colors, drag, key, picture, rgb


@pytest.fixture
def multiband(qtbot):
    return framed(qtbot, "multiband", bands=4, band2_ratio=3.0, band2_threshold=-30.0)


def test_the_strip_is_that_of_the_selected_band(multiband):
    editor = multiband.editor
    QTest.mouseClick(editor.row.heads[1].ring, Qt.MouseButton.LeftButton)
    assert editor.selected == 2
    assert editor.strip.parts["band2_ratio"].value == 3.0
    assert "band1_ratio" not in editor.strip.parts
    left, right = editor.bands_plot.spans()[3]
    QTest.mouseClick(editor.bands_plot, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint((left + right) // 2, 200))
    assert editor.selected == 4
    key(editor.row.heads[3].ring, Qt.Key.Key_PageDown)
    assert editor.selected == 5
    assert QApplication.focusWidget() is editor.row.heads[4].ring


def test_a_threshold_dragged_is_one_wish_and_selects_its_band(multiband):
    editor, log = multiband.editor, log_of(multiband)
    line = editor.bands_plot.thresholds[2]
    y = editor.bands_plot.levels
    drag(line, line.rect().center(), QPoint(0, 30))
    assert one_gesture(log)
    assert log.of("wish")[-1] == ("band3_threshold", pytest.approx(y.value(y.px(-24.0) + 30), abs=0.4))
    assert editor.selected == 3
    assert editor.strip.parts["band3_threshold"].value == line.value


def test_solo_mute_and_on_of_a_band(multiband):
    editor, log = multiband.editor, log_of(multiband)
    QTest.mouseClick(editor.row.heads[2].keys["band3_solo"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(editor.row.heads[2].keys["band3_mute"], Qt.MouseButton.LeftButton)
    assert log.of("wish") == [("band3_solo", 1.0), ("band3_mute", 1.0)]
    editor.select(3)
    key(editor.row.heads[2].ring, Qt.Key.Key_Return)
    assert log.of("wish")[-1] == ("band3_on", 0.0)
    assert "off" in QAccessible.queryAccessibleInterface(editor.row.heads[2]).text(TEXT.Value)


def test_crossovers_of_bands_that_are_not_there_are_hidden(multiband):
    multiband.show_values({"bands": 1.0})
    plot = multiband.editor.bands_plot
    assert [border.isVisibleTo(plot) for border in plot.borders] == [True, True, False, False, False]
    assert [head.isVisibleTo(multiband) for head in multiband.editor.row.heads] == [True] * 3 + [False] * 3
    assert multiband.editor.selected <= 3


def test_a_crossover_under_its_neighbour_waits_there(multiband):
    multiband.show_values({"crossover1": 2000.0, "crossover2": 500.0})
    assert multiband.editor.bands_plot.edges_hz()[1:3] == [2000.0, 2000.0]


def test_a_bar_hangs_as_deep_as_the_band_is_turned_down(multiband):
    plot = multiband.editor.bands_plot
    editor = multiband.editor
    assert rgb(theme.color("gr_mid")) not in colors(picture(plot))
    editor.show_inside(live([.1] * 6, [0, -6, 0, 0, 0, 0]), 1.0)
    QApplication.processEvents()
    image = picture(plot)
    x, width = plot._bar_x(1)
    column = [image.pixel(x + width // 2, y) & 0xFFFFFF for y in range(plot.plot_area.height())]
    hung = [y for y, pixel in enumerate(column) if pixel in (rgb(theme.color("gr_mid")), rgb(theme.color("gr")))]
    axis = plot.changes
    assert hung[0] == pytest.approx(axis.px(0.0), abs=1)
    assert hung[-1] == pytest.approx(axis.px(-6.0), abs=2)
    assert editor.row.heads[1].figure == "−6.0"
    assert editor.row.heads[0].figure == "0.0"


def test_every_number_of_the_row_has_its_unit(multiband):
    editor = multiband.editor
    editor.show_inside(live([.1] * 6, [0, -6, 0, 0, 0, 0]), 1.0)
    head = editor.row.heads[1]
    assert head.spoken_value() == f"{head.title}, −6.0 dB"
    head.resize(400, head.height())
    assert head.unit_room() and not head._unit_area().intersects(head._figure_area())
    inked = [x for x in range(head._unit_area().left(), head._unit_area().right())
             if any(picture(head).pixel(x, y) & 0xFFFFFF != rgb(theme.color(head.ground)) for y in range(6, head.height() - 6))]
    assert len(inked) > 5
    head.resize(150, head.height())
    assert not head.unit_room()


@pytest.mark.parametrize(("low", "high", "words"), [(20.0, 120.2, "20–120 Hz"), (800.0, 5000.0, "800 Hz–5 kHz"), (5000.0, 20000.0, "5–20 kHz"),
                                                    (999.7, 1250.0, "1–1.25 kHz")])
def test_a_band_is_named_in_one_unit_where_it_has_one(low, high, words):
    assert frequency_span(low, high) == words


def test_an_upward_band_stands_and_does_not_hang(multiband):
    multiband.show_values({"band2_mode": 1.0})
    plot = multiband.editor.bands_plot
    assert plot.changes.high > 0
    multiband.editor.show_inside(live([.1] * 6, [0, 4, 0, 0, 0, 0]), 1.0)
    assert rgb(theme.color("gr_mid")) not in colors(picture(plot))
    assert multiband.editor.row.heads[1].figure == "+4.0"


def test_only_what_moves_is_painted(multiband):
    editor = multiband.editor
    editor.show_inside(live([.1] * 6, [0, -3, 0, 0, 0, 0]), 1.0)
    QApplication.processEvents()
    paints = Paints(editor.bands_plot, editor.strip, editor)
    editor.show_inside(live([.1] * 6, [0, -3.4, 0, 0, 0, 0]), 1.016)
    QApplication.processEvents()
    assert 0 < paints.share(editor.bands_plot) < 0.1
    assert not [1 for painted, _ in paints.events if painted in (editor.strip, editor)]
