"""The equaliser's editor turns what the hand does into wishes for the right parameters, by the right amount."""
import os
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.controls.menu import Menu
from gui.editors.eq import EqEditor
from gui.editors.eq_bands import HIGH_SHELF, LOW_CUT, LOW_SHELF, MID, SIDE
from gui.editors.eq_edit import FULL
from gui.plots_data import DEMO_EQ, AnalogResponse, demo_spectra
from gui.theme import theme
from mastering_rt.measure.basis import Basis
from tests.gui.hands import CTRL, NONE, SHIFT, Log, Paints, colors, drag, key, move, picture, press, release, rgb, shown

ALT = Qt.KeyboardModifier.AltModifier
WIDTH, HEIGHT = 1000, 500


@pytest.fixture
def eq(qtbot):
    editor = EqEditor(AnalogResponse())
    qtbot.addWidget(editor)
    editor.show_values(DEMO_EQ)
    return shown(editor, WIDTH, HEIGHT)


@pytest.fixture
def log(eq):
    return Log(("start", eq.gesture_started), ("wish", eq.value_wished), ("wish", eq.values_wished), ("end", eq.gesture_ended))


def node(eq, number):
    return eq.plot.frame.node_at(eq.plot.bands[number - 1]).toPoint()


def last(log):
    """The newest wish for each parameter."""
    return dict(log.of("wish"))


def turn(eq, place, notches, modifiers=NONE):
    event = QWheelEvent(QPointF(place), QPointF(place), QPoint(), QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton, modifiers,
                        Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(eq.plot, event)


def one_gesture(log):
    return log.names()[0] == "start" and log.names()[-1] == "end" and log.names().count("start") == log.names().count("end") == 1


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


def test_the_key_of_the_table_adds_bands_one_after_the_other(eq, log):
    for number in (9, 10, 11):
        QTest.mouseClick(eq.table.add_key, Qt.MouseButton.LeftButton)
        assert eq.plot.selected == number
        assert last(log)[f"band{number}_freq"] == 1000
    assert [cell.number for cell in eq.table.shown] == list(range(1, 12))


def test_twenty_four_bands_have_room_and_the_selected_one_is_in_sight(eq):
    eq.show_values({f"band{n}_gain": 2.0 for n in range(1, 25)})
    for number in (24, 1, 13):
        eq.select(number)
        cell = eq.table.cells[number - 1]
        assert cell.width() >= theme.px(104)
        assert cell.x() >= 0
        assert cell.x() + cell.width() <= eq.table.add_key.x()
    event = QWheelEvent(QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -1200), Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False)
    before = eq.table.cells[0].x()
    QApplication.sendEvent(eq.table, event)
    assert eq.table.cells[0].x() < before
    eq.show_values({f"band{n}_gain": 0.0 for n in range(1, 25)} | {"band1_freq": 35.0})
    assert [cell.number for cell in eq.table.shown] == [*range(1, 9), 13]
    assert eq.table.cells[0].x() == 0


def test_removing_a_band_takes_its_node_and_cell_away(eq, log):
    eq.show_values({"band9_gain": 3.0, "band9_freq": 700.0, "band9_q": 3.0})
    menu = menu_of(eq, node(eq, 9))
    entry(menu, "Remove").trigger()
    menu.close()
    assert last(log) == {"band9_gain": 0, "band9_freq": 40, "band9_q": 0.71}
    eq.select(3)
    assert not eq.table.cells[8].isVisibleTo(eq)
    assert not eq.plot.handles[8].isVisibleTo(eq)


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


def test_the_gain_scale_in_the_header_is_typed_and_shown(eq, log):
    eq.show_values({"gain_scale": 50.0})
    assert eq.scale.words() == "Scale 50 %"
    eq.scale.type_value()
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "120")
    key(field, Qt.Key.Key_Return)
    assert last(log) == {"gain_scale": 120}
    assert eq.values["gain_scale"] == 120
    assert one_gesture(log)


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
    key(handle, Qt.Key.Key_Delete)
    assert last(log)["band3_on"] == 0
    key(handle, Qt.Key.Key_B)
    assert last(log)["band3_on"] == 1
    assert log.names().count("start") == log.names().count("end") == 7


def test_tab_goes_from_band_to_band_and_on_to_the_table(eq):
    eq.select(7)
    eq.plot.handles[6].setFocus()
    key(eq.plot.handles[6], Qt.Key.Key_Tab)
    assert eq.plot.selected == 8
    assert eq.plot.handles[7].hasFocus()
    key(eq.plot.handles[7], Qt.Key.Key_Tab)
    assert eq.table.cells[7].isAncestorOf(QApplication.focusWidget())
    eq.plot.handles[7].setFocus()
    key(eq.plot.handles[7], Qt.Key.Key_PageDown)
    assert eq.plot.selected == 1


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


def test_typing_in_the_table_takes_what_engineers_type(eq, log):
    widget = eq.table.cells[2].values["freq"]
    widget.type_value()
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "2.5k")
    key(field, Qt.Key.Key_Return)
    assert last(log) == {"band3_freq": 2500}
    assert eq.plot.bands[2].freq_hz == 2500


def test_dragging_a_number_of_the_table_selects_its_band(eq, log):
    widget = eq.table.cells[3].values["gain"]
    drag(widget, QPoint(10, 10), QPoint(30, 0))
    assert eq.plot.selected == 4
    assert last(log)["band4_gain"] == pytest.approx(-0.7 + 6.0, abs=0.7)
    assert one_gesture(log)


def test_the_ring_of_the_table_selects_then_switches(eq, log):
    ring = eq.table.cells[1].ring
    QTest.mouseClick(ring, Qt.MouseButton.LeftButton)
    assert eq.plot.selected == 2
    assert log.said == []
    QTest.mouseClick(ring, Qt.MouseButton.LeftButton)
    assert last(log) == {"band2_on": 0}


@pytest.mark.slow
def test_the_table_shows_slope_for_cuts_and_off_for_bands_that_are_out(eq):
    def visible(number):
        return {name for name, widget in eq.table.cells[number - 1].values.items() if widget.isVisibleTo(eq)}
    eq.resize(1568, 542)
    assert visible(1) == {"freq", "slope", "q"}
    assert visible(3) == {"freq", "gain", "q"}
    assert visible(5) == {"freq", "gain"}
    theme.use(density="compact")
    assert visible(1) == {"freq", "slope"}


def menu_of(eq, place):
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, eq.plot.mapToGlobal(place))
    QApplication.sendEvent(eq.plot, event)
    return next(m for m in eq.plot.findChildren(Menu) if m.isVisible())


def entry(menu, words):
    rows = [row for m in (menu, *menu.findChildren(Menu)) for row in m.actions() if row.text().split("\t")[0] == words]
    assert len(rows) == 1
    return rows[0]


@pytest.mark.slow
def test_the_menu_of_a_node_changes_type_channel_and_slope(eq, log):
    menu = menu_of(eq, node(eq, 3))
    assert entry(menu, "Bell").isChecked()
    entry(menu, "Low cut").trigger()
    menu.close()
    assert last(log) == {"band3_type": LOW_CUT}
    menu = menu_of(eq, node(eq, 3))
    entry(menu, "24 dB/oct").trigger()
    entry(menu, "Side").trigger()
    menu.close()
    assert last(log) == {"band3_type": LOW_CUT, "band3_slope": 3, "band3_channel": SIDE}
    assert log.names().count("start") == log.names().count("end") == 3


@pytest.mark.slow
def test_the_menu_of_the_ground_adds_and_changes_the_view(eq, log):
    menu = menu_of(eq, QPoint(500, 30))
    assert entry(menu, "View ±6 dB").isChecked()
    entry(menu, "View ±12 dB").trigger()
    menu.close()
    assert eq.plot.view_db == 12
    menu = menu_of(eq, QPoint(500, 30))
    entry(menu, "Add a band here").trigger()
    menu.close()
    assert last(log)["band9_freq"] == pytest.approx(eq.plot.frequencies.value(500), rel=0.01)
    assert last(log)["band9_gain"] == pytest.approx(eq.plot.gains.value(30), abs=0.06)


def test_the_view_can_be_chosen_in_the_header(eq):
    view = eq.header_options()[1]
    view.setParent(eq)
    view.choose(0)
    assert eq.plot.view_db == 3
    eq.plot.choose_view(30.0)
    assert view.value_text() == "±30 dB"


def test_nodes_beyond_the_view_stay_in_the_plot(eq):
    eq.show_values({"band3_gain": 30.0, "band4_gain": -30.0, "band6_freq": 40000.0, "band2_freq": 10.0})
    for band in eq.plot.bands:
        assert eq.plot.plot_area.contains(eq.plot.frame.node_at(band).toPoint())


def test_the_curve_passes_the_peak_of_the_narrowest_bell(eq):
    eq.show_values({f"band{n}_on": 0.0 for n in range(1, 9)} | {"band3_on": 1.0, "band3_freq": 1234.0, "band3_gain": 5.0, "band3_q": 40.0})
    assert eq.plot.curves.of(MID).max() == pytest.approx(5.0, abs=1e-6)


def test_spectra_repaint_the_plot_and_neither_strip_nor_curve(eq):
    hz, mix, master = demo_spectra()
    eq.plot.set_spectrum("mix", hz, mix)
    QApplication.processEvents()
    paints = Paints(eq.table, *eq.table.cells)
    curves = eq.plot.curves
    for _ in range(3):
        eq.plot.set_spectrum("master", hz, master)
        QApplication.processEvents()
    assert paints.events == []
    assert eq.plot.curves is curves


def test_heard_is_filled_and_the_legend_tells_the_matched_gain(eq):
    hz, mix, master = demo_spectra()
    eq.plot.set_spectrum("mix", hz, mix)
    eq.plot.set_spectrum("master", hz, master)
    eq.plot.set_matched("master", -5.4)
    assert rgb(theme.color("master_fill")) in colors(picture(eq.plot))
    assert eq.plot.legend_words("master") == "Master −5.4 dB"
    assert eq.plot.legend_words("mix") == "Mix"
    eq.plot.set_heard("mix", "master")
    there = colors(picture(eq.plot))
    assert rgb(theme.color("mix_fill")) in there
    assert rgb(theme.color("master_fill")) not in there


@pytest.mark.slow
def test_bad_spectra_never_break_painting(eq):
    hz = np.geomspace(20, 20000, 100)
    for values in (np.full(100, np.nan), np.full(100, -np.inf), np.full(100, np.inf), np.where(hz > 1000, np.nan, -30.0)):
        eq.plot.set_spectrum("master", hz, values, values)
        eq.plot.set_hold(True)
        assert 0xFF00FF not in colors(picture(eq))
    eq.plot.set_spectrum("master", np.empty(0), np.empty(0))
    assert 0xFF00FF not in colors(picture(eq))
    with pytest.raises(ValueError, match="3 frequencies but 2 levels"):
        eq.plot.set_spectrum("master", np.ones(3), np.ones(2))


def test_a_screen_reader_hears_each_band_and_can_set_it(eq, log):
    handle = eq.plot.handles[5]
    assert handle.accessibleName() == "EQ band 6"
    assert handle.spoken_value() == "Bell, 3.35 kHz, −1.8 dB, Q 1.40"
    assert eq.plot.handles[0].spoken_value() == "Low cut, 27 Hz, 12 dB/oct, Q 0.71"
    assert eq.plot.handles[4].spoken_value().endswith(", off")
    spoken = QAccessible.queryAccessibleInterface(handle)
    assert spoken.role() == QAccessible.Role.Slider
    assert spoken.text(QAccessible.Text.Value) == handle.spoken_value()
    handle.spoken_range().take(2.5)
    assert last(log) == {"band6_gain": 2.5}


@pytest.mark.slow
def test_handles_stand_where_the_nodes_are(eq):
    eq.plot.resize(700, 300)
    for band in eq.plot.shown:
        assert eq.plot.handles[band.number - 1].geometry().contains(eq.plot.frame.node_at(band).toPoint())


@pytest.mark.slow
def test_hover_and_drag_are_shown(eq):
    plain = picture(eq.plot)
    move(eq.plot, node(eq, 3))
    assert eq.plot.pointed == 3
    assert rgb(theme.color("hover")) in colors(picture(eq.plot)) - colors(plain)
    move(eq.plot, QPoint(500, 20))
    assert eq.plot.pointed is None


@pytest.mark.slow
def test_all_themes_sizes_and_views_paint_all_of_it(eq):
    for name, density, view, size in (("light", "compact", 3.0, (900, 360)), ("dark", "comfortable", 30.0, (1568, 542)),
                                      ("light", "comfortable", 12.0, (300, 200))):
        theme.use(name=name, density=density)
        eq.plot.set_view(view)
        eq.resize(*size)
        assert 0xFF00FF not in colors(picture(eq))
    with pytest.raises(ValueError, match="not 7"):
        eq.plot.set_view(7)
    with pytest.raises(ValueError, match="bands 1 to 24, not 25"):
        eq.plot.select(25)


def test_the_spectrum_menu_acts_on_the_plot_and_asks_for_another_basis(eq):
    wished = Log(("basis", eq.basis_wished))
    spectrum = eq.header_options()[2]
    spectrum.setParent(eq)
    menu = spectrum.open_menu()
    assert entry(menu, "72 dB").isChecked()
    entry(menu, "120 dB").trigger()
    entry(menu, "Peak hold").trigger()
    entry(menu, "3 dB/oct").trigger()
    entry(menu, "all").trigger()
    menu.close()
    assert eq.plot.range_db == 120
    assert eq.plot.show_hold
    assert wished.of("basis") == [Basis(slope_db=3.0), Basis(average_s=np.inf)]
    eq.plot.set_basis(Basis(slope_db=3.0))
    menu = spectrum.open_menu()
    assert entry(menu, "3 dB/oct").isChecked()
    menu.close()
    with pytest.raises(ValueError, match="cannot show 30 dB"):
        eq.plot.set_range(30)


def test_a_wish_ends_the_gesture_before_it(eq, log):
    turn(eq, node(eq, 3), 1)
    QTest.mouseDClick(eq.plot, Qt.MouseButton.LeftButton, pos=node(eq, 3))
    assert [entry[:2] for entry in log.said if entry[0] != "wish"] == [
        ("start", "band3_q"), ("end", "band3_q"), ("start", "band3_gain"), ("end", "band3_gain")]


def test_phase_and_length_are_chosen_in_the_header(eq, log):
    phase, length = eq.header_options()[3:]
    eq.show_values({"phase": 2.0, "length": 3.0})
    assert (phase.value, length.value) == (2, 3)
    phase.edited.emit(1)
    assert last(log) == {"phase": 1}
    length.edited.emit(0)
    assert last(log) == {"phase": 1, "length": 0}
    assert (eq.values["phase"], eq.values["length"]) == (1, 0)


def test_the_first_picture_loads_no_library():
    """In a program of its own: numpy's masked arrays took 36 ms in the middle of the first picture of an equaliser."""
    code = ("import sys\n"
            "from PySide6.QtWidgets import QApplication\n"
            "from gui.editors.eq_hand import EqHand\n"
            "from gui.plots_data import AnalogResponse\n"
            "from gui.theme import theme\n"
            "app = QApplication([])\n"
            "theme.start(app)\n"
            "plot = EqHand(AnalogResponse())\n"
            "plot.resize(700, 300)\n"
            "before = set(sys.modules)\n"
            "plot.grab()\n"
            "print(sorted(set(sys.modules) - before))\n")
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=100,
                           env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    assert found.stdout.strip() == "[]"
