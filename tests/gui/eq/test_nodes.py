"""Nodes in the equaliser's plot turn what the hand does into wishes for the right parameters, by the right amount."""
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.editors.eq_bands import BAND_DEFAULTS, HIGH_SHELF, LOW_SHELF
from gui.editors.eq_edit import FULL
from gui.plots_data import DEMO_EQ
from tests.gui.eq.by_hand import last, node, one_gesture, turn
from tests.gui.hands import CTRL, SHIFT, Log, drag, key, move, picture, press, release

ALT = Qt.KeyboardModifier.AltModifier


def test_dragging_a_node_moves_frequency_and_gain_by_what_the_axes_say(eq, log):
    plot = eq.plot
    start = node(eq, 3)
    px_hz, px_db = plot.frequencies.px(214.0), plot.gains.px(-2.4)
    drag(plot, start, QPoint(120, -60))
    assert last(log)["band3_freq"] == pytest.approx(plot.frequencies.value(px_hz + 120), rel=0.005)
    assert last(log)["band3_gain"] == pytest.approx(plot.gains.value(px_db - 60), abs=0.051)
    assert one_gesture(log)
    assert plot.selected == 3


def test_a_drag_wishes_what_is_written(eq, log):
    drag(eq.plot, node(eq, 3), QPoint(77, 31))
    assert eq.values["band3_gain"] == round(eq.values["band3_gain"], 1)
    assert eq.values["band3_freq"] == round(eq.values["band3_freq"])


def test_shift_is_a_tenth(eq, log):
    plot = eq.plot
    px_hz, px_db = plot.frequencies.px(214.0), plot.gains.px(-2.4)
    drag(plot, node(eq, 3), QPoint(100, -50), modifiers=SHIFT)
    assert last(log)["band3_freq"] == pytest.approx(plot.frequencies.value(px_hz + 10), rel=0.005)
    assert last(log)["band3_gain"] == pytest.approx(plot.gains.value(px_db - 5), abs=0.006)


def test_ctrl_holds_the_lesser_axis(eq, log):
    drag(eq.plot, node(eq, 3), QPoint(100, -20), modifiers=CTRL)
    assert "band3_gain" not in last(log)
    assert last(log)["band3_freq"] > 214
    log.said.clear()
    drag(eq.plot, node(eq, 6), QPoint(10, 80), modifiers=CTRL)
    assert "band6_freq" not in last(log)
    assert last(log)["band6_gain"] < -1.8


def test_a_cut_has_no_gain_to_drag(eq, log):
    drag(eq.plot, node(eq, 1), QPoint(50, 60))
    assert set(last(log)) == {"band1_freq"}


def test_a_drag_past_the_ends_keeps_to_the_range_and_comes_back_at_once(eq, log):
    plot = eq.plot
    start = node(eq, 3)
    press(plot, start)
    move(plot, start + QPoint(4, 0))
    move(plot, start + QPoint(4, -3000))
    assert eq.values["band3_gain"] == 30
    move(plot, start + QPoint(4, -2960))
    assert eq.values["band3_gain"] == pytest.approx(30 - (40 * 12 / (plot.gains.low_px - plot.gains.high_px)), abs=0.06)
    release(plot, start)


def test_a_click_selects_and_wishes_nothing(eq, log):
    press(eq.plot, node(eq, 7))
    release(eq.plot, node(eq, 7))
    assert eq.plot.selected == 7
    assert [c.number for c in eq.table.cells if c.selected] == [7]
    assert log.said == []


def test_escape_gives_a_drag_back(eq, log):
    drag(eq.plot, node(eq, 3), QPoint(120, -60), let_go=False)
    QTest.keyClick(eq.plot.handles[2], Qt.Key.Key_Escape)
    assert last(log)["band3_freq"] == 214
    assert last(log)["band3_gain"] == -2.4
    assert one_gesture(log)
    before = len(log.said)
    move(eq.plot, node(eq, 3) + QPoint(50, 50))
    assert len(log.said) == before


def test_the_model_does_not_pull_at_a_node_in_the_hand(eq):
    drag(eq.plot, node(eq, 3), QPoint(120, -60), let_go=False)
    held = dict(eq.plot.values)
    eq.show_values(DEMO_EQ)
    assert eq.plot.values == held


def test_showing_values_wishes_nothing(eq, log):
    eq.show_values({**DEMO_EQ, "band3_gain": 5.0, "band6_q": 3.0})
    assert log.said == []
    assert eq.plot.bands[2].gain_db == 5


def test_the_wheel_turns_q_of_the_node_under_it(eq, log):
    turn(eq, node(eq, 3), 2)
    assert eq.plot.selected == 3
    assert last(log) == {"band3_q": pytest.approx(0.9 * 1.05 ** 2, abs=0.011)}
    turn(eq, node(eq, 3), -1, SHIFT)
    assert last(log)["band3_q"] == pytest.approx(0.9 * 1.05 ** 1.9, abs=0.011)


@pytest.mark.slow
def test_a_burst_of_the_wheel_is_one_gesture(eq, log, qtbot):
    for _ in range(5):
        turn(eq, node(eq, 3), 1)
    assert log.names().count("start") == 1
    qtbot.waitUntil(lambda: "end" in log.names(), timeout=5000)
    assert one_gesture(log)


def test_the_wheel_on_a_cut_steps_its_slope_and_with_ctrl_its_q(eq, log):
    turn(eq, node(eq, 1), 1)
    assert last(log) == {"band1_slope": 2}
    turn(eq, node(eq, 1), 0.5)
    assert last(log) == {"band1_slope": 2}
    turn(eq, node(eq, 1), 0.5)
    assert last(log) == {"band1_slope": 3}
    turn(eq, node(eq, 1), 1, CTRL)
    assert set(last(log)) == {"band1_slope", "band1_q"}


def test_wings_drag_q_to_where_the_pointer_is(eq, log):
    eq.select(6)
    plot = eq.plot
    _, right = plot.frame.wing_px(plot.band)
    y = node(eq, 6).y()
    press(plot, QPoint(round(right), y))
    move(plot, QPoint(round(right) + 5, y))
    move(plot, QPoint(round(right) + 60, y))
    release(plot, QPoint(round(right) + 60, y))
    assert set(last(log)) == {"band6_q"}
    assert plot.frame.wing_px(plot.band)[1] == pytest.approx(right + 60, abs=4)
    assert one_gesture(log)


def test_a_double_click_on_the_ground_adds_the_first_free_band_there(eq, log):
    plot = eq.plot
    for hz, gain, type_ in ((1000.0, 3.0, 0),):
        place = QPoint(round(plot.frequencies.px(hz)), round(plot.gains.px(gain)))
        QTest.mouseDClick(plot, Qt.MouseButton.LeftButton, pos=place)
        assert last(log)["band9_freq"] == pytest.approx(hz, rel=0.01)
        assert last(log)["band9_gain"] == pytest.approx(gain, abs=0.1)
        assert eq.plot.bands[8].type == type_
    assert one_gesture(log)
    assert plot.selected == 9
    assert eq.table.cells[8].isVisibleTo(eq)
    assert not eq.table.cells[9].isVisibleTo(eq)
    assert eq.plot.handles[8].isVisibleTo(eq)
    assert not eq.plot.handles[9].isVisibleTo(eq)


@pytest.mark.parametrize(("hz", "type_"), [(40.0, LOW_SHELF), (14000.0, HIGH_SHELF)])
def test_a_new_band_at_either_end_is_a_shelf(eq, log, hz, type_):
    QTest.mouseDClick(eq.plot, Qt.MouseButton.LeftButton, pos=QPoint(round(eq.plot.frequencies.px(hz)), round(eq.plot.gains.px(5.0))))
    assert last(log)["band9_type"] == type_


def test_a_full_equaliser_says_so_and_changes_nothing(eq, log):
    eq.show_values({f"band{n}_gain": 2.0 for n in range(1, 25)} | {"band5_on": 1.0})
    refused = Log(("refused", eq.plot.refused))
    QTest.mouseDClick(eq.plot, Qt.MouseButton.LeftButton, pos=QPoint(500, 30))
    assert log.said == []
    assert refused.of("refused") == [FULL]
    assert eq.refusal() == FULL


def test_s_lets_one_band_be_heard_alone(eq, log):
    eq.select(3)
    eq.plot.handles[2].setFocus()
    plain = picture(eq.plot)
    key(eq.plot.handles[2], Qt.Key.Key_S)
    assert last(log) == {"band3_solo": 1}
    assert picture(eq.plot) != plain
    assert eq.plot.handles[2].spoken_value().endswith("solo")
    log.said.clear()
    eq.plot.solo(6)
    assert last(log) == {"band3_solo": 0, "band6_solo": 1}
    eq.plot.solo(6)
    assert last(log)["band6_solo"] == 0
    assert log.names().count("start") == log.names().count("end") == 2


def test_a_double_click_on_a_node_sets_its_gain_to_zero(eq, log):
    QTest.mouseDClick(eq.plot, Qt.MouseButton.LeftButton, pos=node(eq, 3))
    assert last(log) == {"band3_gain": 0}
    assert one_gesture(log)


def test_keys_move_the_selected_node(eq, log):
    eq.select(3)
    handle = eq.plot.handles[2]
    handle.setFocus()
    key(handle, Qt.Key.Key_Up)
    assert last(log)["band3_gain"] == pytest.approx(-2.3)
    key(handle, Qt.Key.Key_Down, SHIFT)
    assert last(log)["band3_gain"] == pytest.approx(-2.31)
    key(handle, Qt.Key.Key_Right)
    assert last(log)["band3_freq"] == pytest.approx(214 * 2 ** (1 / 24), abs=0.51)
    key(handle, Qt.Key.Key_Up, ALT)
    assert last(log)["band3_q"] == pytest.approx(0.9 * 1.05, abs=0.006)
    key(handle, Qt.Key.Key_Backspace)
    assert last(log)["band3_gain"] == 0
    key(handle, Qt.Key.Key_B)
    assert last(log)["band3_on"] == 0
    key(handle, Qt.Key.Key_Delete)
    assert last(log) == {name: BAND_DEFAULTS[3][name] for name in ("band3_freq", "band3_gain", "band3_q", "band3_on")}
    key(handle, Qt.Key.Key_B)
    assert last(log)["band3_on"] == 0
    assert log.names().count("start") == log.names().count("end") == 8


def test_enter_types_the_gain_of_the_band(eq, log):
    eq.select(6)
    eq.plot.handles[5].setFocus()
    key(eq.plot.handles[5], Qt.Key.Key_Return)
    field = QApplication.focusWidget()
    assert eq.table.cells[5].values["gain"].isAncestorOf(field)
    QTest.keyClicks(field, "-4.5")
    key(field, Qt.Key.Key_Return)
    assert last(log) == {"band6_gain": -4.5}
    assert eq.plot.bands[5].gain_db == -4.5
    assert one_gesture(log)


def test_a_wish_ends_the_gesture_before_it(eq, log):
    turn(eq, node(eq, 3), 1)
    QTest.mouseDClick(eq.plot, Qt.MouseButton.LeftButton, pos=node(eq, 3))
    assert [entry[:2] for entry in log.said if entry[0] != "wish"] == [
        ("start", "band3_q"), ("end", "band3_q"), ("start", "band3_gain"), ("end", "band3_gain")]
