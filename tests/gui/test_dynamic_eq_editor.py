"""The dynamic equaliser's editor: nodes, ranges and thresholds in the plot, and the curve that moves while it plays."""
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.framed import framed, live, log_of, one_gesture
from tests.gui.hands import CTRL, SHIFT, drag, key, picture, wheel


@pytest.fixture
def dynamic(qtbot):
    return framed(qtbot, "dynamic_eq", band3_range=-4.0, band3_threshold=-30.0, band4_gain=2.0)


def test_a_node_is_dragged_for_frequency_and_gain(dynamic):
    editor, log = dynamic.editor, log_of(dynamic)
    plot, node = editor.nodes_plot, editor.nodes_plot.nodes[3]
    at = plot.node_point(4)
    drag(node, node.rect().center(), QPoint(60, 40))
    assert one_gesture(log)
    wishes = dict(log.of("wish"))
    assert wishes["band4_freq"] == pytest.approx(plot.frequencies.value(at.x() + 64), rel=0.02)
    assert wishes["band4_gain"] == pytest.approx(plot.gains.value(at.y() + 40), abs=0.15)
    assert editor.selected == 4
    assert editor.strip.parts["band4_gain"].value == wishes["band4_gain"]


def test_a_node_has_keys_wheel_and_double_click(dynamic):
    node, log = dynamic.editor.nodes_plot.nodes[3], log_of(dynamic)
    node.setFocus()
    key(node, Qt.Key.Key_Up)
    assert log.of("wish")[-1] == ("band4_gain", pytest.approx(2.1))
    key(node, Qt.Key.Key_Right, SHIFT)
    assert log.of("wish")[-1][0] == "band4_freq"
    wheel(node, 1)
    assert log.of("wish")[-1][0] == "band4_q"
    key(node, Qt.Key.Key_S)
    assert log.of("wish")[-1] == ("band4_listen", 1.0)
    key(node, Qt.Key.Key_B)
    assert log.of("wish")[-1] == ("band4_on", 0.0)
    QTest.mouseDClick(node, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, node.rect().center())
    assert log.of("wish")[-1] == ("band4_gain", 0.0)
    key(node, Qt.Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "-1.5")
    key(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert log.of("wish")[-1] == ("band4_gain", -1.5)
    assert log.names().count("start") == log.names().count("end")


def test_ctrl_holds_the_axis_that_was_begun(dynamic):
    node, log = dynamic.editor.nodes_plot.nodes[3], log_of(dynamic)
    drag(node, node.rect().center(), QPoint(90, 10), modifiers=CTRL)
    assert {param for param, _ in log.of("wish")} == {"band4_freq"}


def test_escape_gives_a_node_back(dynamic):
    plot = dynamic.editor.nodes_plot
    node, log = plot.nodes[3], log_of(dynamic)
    drag(node, node.rect().center(), QPoint(50, 50), let_go=False)
    key(node, Qt.Key.Key_Escape)
    assert dict(log.of("wish"))["band4_gain"] == 2.0
    assert plot.value("band4_gain") == 2.0
    assert plot.value("band4_freq") == 2500.0


def test_the_range_bar_is_dragged_by_its_end(dynamic):
    plot, log = dynamic.editor.nodes_plot, log_of(dynamic)
    handle = plot.ranges[2]
    drag(handle, handle.rect().center(), QPoint(0, -30))
    assert one_gesture(log)
    axis = plot._range_axis(3)
    assert log.of("wish")[-1] == ("band3_range", pytest.approx(axis.value(axis.px(-4.0) - 30), abs=0.15))
    assert dynamic.editor.strip.parts["band3_range"].value == handle.value


def test_each_band_has_its_own_lines(dynamic):
    plot = dynamic.editor.nodes_plot
    assert [handle.param.id for handle in plot.ranges] == [f"band{n}_range" for n in range(1, 7)]
    dynamic.show_values({"band5_gain": 3.0, "band5_range": -2.0})
    assert plot.ranges[4].px() == pytest.approx(plot.gains.px(1.0))
    assert plot.ranges[2].px() == pytest.approx(plot.gains.px(-4.0))


def test_the_live_curve_leaves_the_set_one_by_what_is_added_now(dynamic):
    editor, plot = dynamic.editor, dynamic.editor.nodes_plot
    picture(plot)
    still = plot.curves.set_db()
    editor.show_inside(live([.01] * 6, [0, 0, -4, 0, 0, 0]), 1.0)
    moved = plot.curves.sum_db(plot._shares()) - still
    place = np.abs(plot._hz - 500.0).argmin()
    assert moved[place] == pytest.approx(-4.0, abs=0.1)
    assert abs(moved[0]) < 0.2
    editor.show_inside(live([.01] * 6, [0, 0, -2, 0, 0, 0]), 1.1)
    assert (plot.curves.sum_db(plot._shares()) - still)[place] == pytest.approx(-2.0, abs=0.1)


def test_a_relative_band_has_the_threshold_that_it_goes_by(dynamic):
    editor = dynamic.editor
    editor.select(3)
    assert editor.strip.parts["band3_threshold"].isVisibleTo(editor)
    assert editor.nodes_plot.thresholds[2].isVisibleTo(editor)
    log = log_of(dynamic)
    key(editor._choices["detector"], Qt.Key.Key_Down)
    assert log.said == [("start", "band3_detector"), ("wish", "band3_detector", 1.0), ("end", "band3_detector")]
    assert editor.strip.parts["band3_relative"].isVisibleTo(editor)
    assert not editor.strip.parts["band3_threshold"].isVisibleTo(editor)
    assert not editor.nodes_plot.thresholds[2].isVisibleTo(editor)


def test_a_double_click_on_free_ground_takes_the_first_idle_band(dynamic):
    plot, log = dynamic.editor.nodes_plot, log_of(dynamic)
    place = QPoint(round(plot.frequencies.px(1200.0)), round(plot.gains.px(3.0)))
    QTest.mouseDClick(plot, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    wishes = dict(log.of("wish"))
    assert wishes["band1_freq"] == pytest.approx(1200, rel=0.02)
    assert wishes["band1_gain"] == pytest.approx(3.0, abs=0.15)


def test_the_frequencies_of_the_row_have_their_unit(dynamic):
    dynamic.show_values({"band2_freq": 240.0, "band4_freq": 3400.0})
    heads = dynamic.editor.row.heads
    assert (heads[1].title, heads[3].title) == ("240 Hz", "3.4 kHz")
