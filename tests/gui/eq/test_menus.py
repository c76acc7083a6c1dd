"""What is chosen in the menus and the header of the equaliser."""
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.editors.eq_bands import LOW_CUT, SIDE
from mastering_rt.measure.basis import Basis
from tests.gui.eq.by_hand import entry, last, menu_of, node, one_gesture
from tests.gui.hands import Log, key


def test_removing_a_band_takes_its_node_and_cell_away(eq, log):
    eq.show_values({"band9_gain": 3.0, "band9_freq": 700.0, "band9_q": 3.0})
    menu = menu_of(eq, node(eq, 9))
    entry(menu, "Remove the band with its values").trigger()
    menu.close()
    assert last(log) == {"band9_gain": 0, "band9_freq": 40, "band9_q": 0.71}
    eq.select(3)
    assert not eq.table.cells[8].isVisibleTo(eq)
    assert not eq.plot.handles[8].isVisibleTo(eq)


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


def test_phase_and_length_are_chosen_in_the_header(eq, log):
    phase, length = eq.header_options()[3:]
    eq.show_values({"phase": 2.0, "length": 3.0})
    assert (phase.value, length.value) == (2, 3)
    phase.edited.emit(1)
    assert last(log) == {"phase": 1}
    length.edited.emit(0)
    assert last(log) == {"phase": 1, "length": 0}
    assert (eq.values["phase"], eq.values["length"]) == (1, 0)
