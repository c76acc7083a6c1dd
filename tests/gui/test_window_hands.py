"""Keys and mouse as a hand gives them: signs of any keyboard, and the stage that a key means is the one that is open."""
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.hands import LEFT, drag, move, release

pytestmark = pytest.mark.slow

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


def focused(rig):
    """The stage that has the keyboard in the chain."""
    return rig.window.focusWidget().state.id


def test_help_is_of_what_is_under_the_pointer_else_of_what_has_the_keyboard(working):
    help, key = working.window.status, working.window.song.transport.loop_key
    working.window.chain.slots[1].setFocus()
    before = help.help
    QApplication.sendEvent(key, QEnterEvent(QPointF(3, 3), QPointF(3, 3), QPointF(3, 3)))
    assert help.help == key.statusTip() == "Loop on or off, L" != before
    QApplication.sendEvent(key, QEvent(QEvent.Type.Leave))
    assert help.help == before != ""


def test_a_key_after_a_drag_means_the_stage_that_was_dragged(working):
    slot = working.window.chain.slots[1]
    QTest.mousePress(slot, LEFT, NONE, QPoint(60, 40))
    lane, start = slot.parentWidget(), slot.mapToParent(QPoint(60, 40))
    for by in (10, slot.width() + 20):
        move(slot, slot.mapFrom(lane, start + QPoint(by, 0)))
    release(slot, slot.mapFrom(lane, start + QPoint(slot.width() + 20, 0)))
    assert working.chain == ["eq", "limiter", "compressor"] and focused(working) == "compressor"
    assert "Compressor" in working.window.status.help
    working.key("Delete")
    assert working.chain == ["eq", "limiter"]


def test_a_key_after_ctrl_and_a_number_means_the_stage_that_was_opened(working):
    working.click(working.window.chain.slots[1], QPoint(60, 40))
    assert focused(working) == "compressor"
    working.key("Ctrl+3")
    assert focused(working) == "limiter" == working.acts.shaping.selected
    working.key("B")
    assert working.value("limiter", "bypass") == 1 and working.value("compressor", "bypass") == 0
    working.key("Delete")
    assert working.chain == ["eq", "compressor"] and focused(working) == working.acts.shaping.selected == "compressor"


def test_the_keyboard_stays_with_its_stage_through_moves_and_undo(working):
    working.click(working.window.chain.slots[0], QPoint(60, 40))
    for keys, chain in (("Ctrl+Right", ["compressor", "eq", "limiter"]), ("Ctrl+Right", ["compressor", "limiter", "eq"]),
                        ("Ctrl+Z", ["compressor", "eq", "limiter"]), ("Ctrl+Z", ["eq", "compressor", "limiter"])):
        working.key(keys)
        assert working.chain == chain and focused(working) == "eq"
    working.key("Ctrl+D")
    assert focused(working) == "eq2"
    working.key("Delete")
    assert working.chain == ["eq", "compressor", "limiter"] and focused(working) == working.acts.shaping.selected


def test_opening_a_stage_from_elsewhere_leaves_the_keyboard_there(working):
    working.window.compare.mix.setFocus()
    working.key("Ctrl+3")
    assert working.window.focusWidget() is working.window.compare.mix


@pytest.mark.parametrize("kind", ["eq", "dynamic_eq"])
def test_a_move_of_a_node_is_one_edit(working, kind, monkeypatch):
    """Frequency and gain go to the sound together: one new session, one swap or glide, one picture."""
    slot = next((slot.name for slot in working.desk.session.chain if slot.kind == kind), "")
    if not slot:
        working.acts.shaping.add(kind)
        slot = working.acts.shaping.selected
    working.acts.shaping.select(slot)
    working.until(lambda: working.window.stage.slot == slot)
    editor = working.window.stage.frame.editor
    node = None if kind == "eq" else editor.nodes_plot.nodes[1]
    under, at = (editor.plot, editor.plot.frame.node_at(editor.plot.bands[3]).toPoint()) if node is None else (node, node.rect().center())
    edits, edit = [], working.desk.edit
    monkeypatch.setattr(working.desk, "edit", lambda *words, **names: (edits.append(1), edit(*words, **names))[1])
    before = working.desk.session
    drag(under, at, QPoint(80, -40), steps=8)
    after = working.desk.session
    assert 7 <= len(edits) <= 9
    moved = {name for slot, was in zip(after.chain, before.chain, strict=True) for name in slot.values if slot.values[name] != was.values.get(name)}
    assert {name.split("_")[1] for name in moved} == {"freq", "gain"}
    working.acts.shaping.undo()
    assert working.desk.session == before
