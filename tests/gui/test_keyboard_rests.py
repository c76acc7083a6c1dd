"""Where the keyboard is behind what took it away: where it was, or on the slot of the stage; never on the first key of the window by itself."""
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

pytestmark = pytest.mark.slow


def now(rig):
    return rig.window.focusWidget()


def slot(rig, name):
    return rig.window.chain.slots[rig.chain.index(name)]


def hold(rig, name, param):
    """The keyboard on a value of a stage."""
    rig.acts.shaping.select(name)
    control = rig.window.stage.control_of(param)
    control.setFocus()
    assert now(rig) is control
    return control


def add(rig, kind):
    """What the hand chooses in the add menu."""
    menu = rig.menu
    next(row for row in menu.actions() if row.text() == kind).trigger()
    menu.close()


def test_after_a_value_of_another_stage_it_is_on_that_value(working):
    hold(working, "eq", "band1_gain")
    working.key("Ctrl+K")
    working.type("compressor threshold -20")
    working.key("Return")
    assert working.value("compressor", "threshold") == -20.0
    assert now(working) is working.window.stage.control_of("threshold")


def test_behind_the_palette_that_was_left_it_is_where_it_was(working):
    control = hold(working, "compressor", "ratio")
    working.key("Ctrl+K")
    working.key("Escape")
    assert now(working) is control


@pytest.mark.parametrize("ask", ["mouse", "insert", "palette", "duplicate"])
def test_a_new_stage_has_it_on_its_slot(working, ask):
    hold(working, "compressor", "threshold")
    before = set(working.chain)
    if ask == "palette":
        working.key("Ctrl+K")
        working.type("add trim")
        working.key("Return")
    elif ask == "duplicate":
        working.key("Ctrl+D")
    else:
        working.click(working.window.chain.add_key) if ask == "mouse" else working.key("Insert")
        add(working, "Trim")
    fresh, = set(working.chain) - before
    assert working.acts.shaping.selected == fresh
    assert now(working) is slot(working, fresh)


def test_compact_mode_gives_it_back(working):
    control = hold(working, "compressor", "threshold")
    working.key("Ctrl+\\")
    assert now(working) is slot(working, "compressor")
    working.key("Ctrl+\\")
    assert now(working) is control


def test_where_it_went_in_compact_mode_it_stays(working):
    hold(working, "compressor", "threshold")
    working.key("Ctrl+\\")
    working.window.compare.mix.setFocus()
    working.key("Ctrl+\\")
    assert now(working) is working.window.compare.mix


def test_another_stage_is_opened_from_a_value(working):
    hold(working, "compressor", "threshold")
    working.key("Ctrl+3")
    assert now(working) is slot(working, "limiter")


def test_the_stage_under_it_is_removed(working):
    hold(working, "compressor", "threshold")
    working.key("Delete")
    assert working.chain == ["eq", "limiter"]
    assert now(working) is slot(working, working.acts.shaping.selected)


def test_a_dialog_behind_which_the_stage_is_gone(working):
    hold(working, "compressor", "threshold")
    working.key("Ctrl+T")
    working.acts.shaping.remove_at(working.chain.index("compressor"))
    working.key("Escape")
    assert working.dialog is None
    assert now(working) is slot(working, working.acts.shaping.selected)


@pytest.mark.parametrize("keys", ["Escape", "Ctrl+Shift+M"])
def test_behind_the_meters_window_it_is_where_it_was(working, keys):
    control = hold(working, "compressor", "threshold")
    working.key("Ctrl+Shift+M")
    meters = working.program.bridge.figures.window
    working.until(lambda: QGuiApplication.focusWindow() is meters.windowHandle())
    if keys == "Escape":
        QTest.keyClick(meters, Qt.Key.Key_Escape)
    else:
        working.acts.viewing.open_meters()
    assert not meters.isVisible()
    working.until(lambda: QGuiApplication.focusWindow() is working.window.windowHandle())
    assert QApplication.focusWidget() is control


def test_the_meters_window_takes_nothing_from_whom_it_did_not_have_it(working):
    working.key("Ctrl+Shift+M")
    meters = working.program.bridge.figures.window
    working.activate()
    heard = []
    meters.keyboard_free.connect(lambda: heard.append(1))
    working.acts.viewing.open_meters()
    assert not heard
