"""The table of bands under the equaliser's plot: typing, dragging, rings, and the way of the Tab key."""
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.theme import theme
from tests.gui.eq.by_hand import last, one_gesture
from tests.gui.hands import NONE, drag, key


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
