"""Keys and mouse as a hand gives them: signs of any keyboard, and the stage that a key means is the one that is open."""
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

RATE = 48000
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
SIGNS = (("?", Qt.Key.Key_Question), ("<", Qt.Key.Key_Less), (">", Qt.Key.Key_Greater))
PLACES = {"<": 2 * RATE - RATE // 20, ">": 2 * RATE + RATE // 20}


@pytest.mark.parametrize("modifiers", [SHIFT, NONE], ids=["with shift", "on a key of its own"])
@pytest.mark.parametrize(("sign", "which"), SIGNS)
@pytest.mark.parametrize("focus", ["", "chain", "eq", "song"])
def test_a_sign_does_the_same_on_every_keyboard(working, sign, which, modifiers, focus):
    """US keyboards have "?" with Shift, "<" with Shift; German ones "<" without; French ones "?" on the comma."""
    window = working.window
    stops = {"chain": window.chain.slots[0], "eq": window.stage.frame.editor.plot.handles[2], "song": window.song.view}
    stops.get(focus, window).setFocus()
    working.acts.hearing.seek(2 * RATE)
    QTest.sendKeyEvent(QTest.KeyAction.Click, window.focusWidget() or window, which, sign, modifiers)
    if sign == "?":
        assert working.dialog.title.words == "Shortcuts"
    else:
        working.frames()
        assert working.frame == PLACES[sign]


def test_a_sign_is_text_in_a_field_and_nothing_in_a_dialog(working):
    working.acts.hearing.seek(2 * RATE)
    working.key("Ctrl+R")
    dialog = working.dialog
    QTest.sendKeyEvent(QTest.KeyAction.Click, working.window.focusWidget(), Qt.Key.Key_Question, "?", SHIFT)
    QTest.sendKeyEvent(QTest.KeyAction.Click, working.window.focusWidget(), Qt.Key.Key_Less, "<", SHIFT)
    assert working.dialog is dialog
    dialog.form.name.setFocus()
    dialog.form.name.selectAll()
    QTest.sendKeyEvent(QTest.KeyAction.Click, dialog.form.name, Qt.Key.Key_Less, "<", SHIFT)
    assert dialog.form.name.text() == "<"
    working.frames()
    assert working.frame == 2 * RATE


def test_a_held_sign_repeats_where_that_makes_sense(working):
    working.acts.hearing.seek(2 * RATE)
    for sign, which in SIGNS[1:2] + SIGNS[:1]:
        for _ in range(3):
            QApplication.sendEvent(working.window, QKeyEvent(QEvent.Type.KeyPress, which, SHIFT, sign, True))
            working.frames()
    assert working.frame == 2 * RATE - 3 * RATE // 20 and working.dialog is None


def test_the_first_steps_tick_as_they_are_done(working):
    steps = working.window.steps
    working.acts.viewing.show_first_minute()
    assert steps.done == set()
    working.key("1")
    assert steps.done == {"compare"}
    plot = working.window.stage.frame.editor.plot
    working.drag(plot, plot.frame.node_at(plot.bands[3]).toPoint(), QPoint(30, -20))
    assert steps.done == {"compare", "shape"}
    working.key("Space")
    working.until(lambda: steps.done == {"compare", "shape", "play"})


def test_going_back_and_forth_is_comparing_too(working):
    working.key("`")
    assert working.window.steps.done == {"compare"}
