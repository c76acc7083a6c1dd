"""Context menus say what can be done with what was clicked, once and by what it does; a slot's means that slot, whichever is open."""
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from tests.gui.eq.by_hand import entry

pytestmark = pytest.mark.slow


def menu_of(rig, name):
    """A right click on a slot."""
    slot = rig.window.chain.slots[rig.chain.index(name)]
    QApplication.sendEvent(slot, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(20, 20), slot.mapToGlobal(QPoint(20, 20))))
    return rig.menu


def choose(rig, name, words):
    menu = menu_of(rig, name)
    entry(menu, words).trigger()
    menu.close()


def words_of(menu):
    return [row.text().split("\t")[0] for row in menu.actions() if row.text()]


def test_a_slot_has_all_that_can_be_done_with_a_stage(working):
    menu = menu_of(working, "compressor")
    assert words_of(menu) == ["Open", "Bypass", "Copy settings", "Paste settings", "Values to default", "Save the stage as a preset...", "Without the stage",
                              "Delta of the stage", "Duplicate", "Add before...", "Add after...", "Move left", "Move right", "Remove"]
    assert entry(menu, "Without the stage").text().endswith("\t\\")
    menu.close()


def test_a_changed_key_stands_in_the_menu(working):
    working.program.keyboard.keymap.assign("chain.duplicate", "Ctrl+Shift+D")
    menu = menu_of(working, "compressor")
    assert entry(menu, "Duplicate").text().endswith("\tCtrl+Shift+D")
    menu.close()


def test_settings_go_from_slot_to_slot(working):
    working.acts.shaping.select("compressor")
    working.acts.shaping.set_value("compressor", "ratio", 4.0)
    choose(working, "compressor", "Duplicate")
    copy = working.acts.shaping.selected
    working.acts.shaping.set_value(copy, "ratio", 1.2)
    working.acts.shaping.select("eq")
    choose(working, "compressor", "Copy settings")
    assert working.acts.shaping.selected == "eq"
    menu = menu_of(working, "eq")
    assert not entry(menu, "Paste settings").isEnabled()
    menu.close()
    choose(working, copy, "Paste settings")
    assert working.value(copy, "ratio") == 4.0
    assert working.acts.shaping.selected == copy


@pytest.mark.parametrize("opened", ["eq", "compressor"])
def test_without_and_delta_mean_the_slot_that_was_clicked(working, opened):
    working.acts.shaping.select(opened)
    choose(working, "compressor", "Without the stage")
    assert working.desk.without == "compressor"
    menu = menu_of(working, "compressor")
    assert entry(menu, "Without the stage").isChecked()
    menu.close()
    choose(working, "compressor", "Without the stage")
    assert not working.desk.without
    choose(working, "compressor", "Delta of the stage")
    assert working.desk.heard == "delta" and working.acts.shaping.selected == "compressor"


def test_another_stage_is_left_out_instead(working):
    choose(working, "eq", "Without the stage")
    choose(working, "compressor", "Without the stage")
    assert working.desk.without == "compressor"


@pytest.mark.parametrize(("words", "chain"), [("Add before...", ["eq", "trim", "compressor", "limiter"]), ("Add after...", ["eq", "compressor", "trim", "limiter"])])
def test_a_stage_is_added_on_either_side(working, words, chain):
    choose(working, "compressor", words)
    menu = working.menu
    entry(menu, "Trim").trigger()
    menu.close()
    assert working.chain == chain


def test_what_cannot_move_further_says_so(working):
    for name, ways in (("eq", (False, True)), ("compressor", (True, True)), ("limiter", (True, False))):
        menu = menu_of(working, name)
        assert tuple(entry(menu, f"Move {way}").isEnabled() for way in ("left", "right")) == ways
        menu.close()


def test_a_band_says_what_becomes_of_its_values(working):
    plot = working.window.stage.frame.editor.plot
    place = plot.frame.node_at(plot.bands[2]).toPoint()
    QApplication.sendEvent(plot, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, plot.mapToGlobal(place)))
    menu = working.menu
    assert words_of(menu)[-2:] == ["Bypass the band, keep its values", "Remove the band with its values"]
    entry(menu, "Bypass the band, keep its values").trigger()
    menu.close()
    assert working.value("eq", "band3_on") == 0.0
