"""Keys and wheel in the window: what follows quickly on one control is one step to undo, in its own words."""
import pytest

from gui.controls.value import ValueControl
from gui.editors import EqEditor
from tests.gui.hands import wheel

pytestmark = pytest.mark.slow


@pytest.fixture
def clock(working):
    """The history's time, which passes as told."""
    class Clock:
        now = 0.0
    working.desk.history._now = lambda: Clock.now
    return Clock


def value_of(rig, slot, param):
    rig.acts.shaping.select(slot)
    rig.frames(1)
    found = next(one for one in rig.window.stage.findChildren(ValueControl) if one.param.id == param and one.isVisible())
    found.setFocus()
    return found


def test_taps_of_an_arrow_key_are_one_undo(working, clock):
    before, steps = working.value("compressor", "threshold"), len(working.desk.history.steps)
    value_of(working, "compressor", "threshold")
    for _ in range(30):
        working.key("Up")
        clock.now += 0.2
    assert working.value("compressor", "threshold") == before + 15
    assert len(working.desk.history.steps) == steps + 1
    working.key("Ctrl+Z")
    assert working.value("compressor", "threshold") == before


def test_taps_with_a_pause_between_them_are_two(working, clock):
    before = working.value("compressor", "threshold")
    value_of(working, "compressor", "threshold")
    for pause in (0.5, 1.1, 0.5, 0.5):
        working.key("Up")
        clock.now += pause
    working.key("Ctrl+Z")
    assert working.value("compressor", "threshold") == before + 1


def test_wheel_and_keys_of_one_control_go_on_with_each_other(working, clock):
    before = working.value("compressor", "threshold")
    control = value_of(working, "compressor", "threshold")
    wheel(control, 1)
    working.until(lambda: not working.desk.history.in_gesture)
    clock.now += 0.9
    working.key("Up")
    clock.now += 0.9
    wheel(control, 1)
    working.until(lambda: not working.desk.history.in_gesture)
    assert working.value("compressor", "threshold") == before + 1.5
    working.key("Ctrl+Z")
    assert working.value("compressor", "threshold") == before


def test_another_control_is_another_step(working, clock):
    before = working.value("compressor", "threshold")
    value_of(working, "compressor", "threshold")
    working.key("Up")
    value_of(working, "compressor", "ratio")
    working.key("Up")
    working.key("Ctrl+Z")
    assert working.value("compressor", "threshold") == before + 0.5


def test_a_node_of_the_equaliser_is_alike(working, clock):
    working.acts.shaping.select("eq")
    working.frames(1)
    editor = working.window.stage.frame.editor
    assert isinstance(editor, EqEditor)
    editor.plot.add_band(1000.0, 0.0)
    editor.plot.focus_band(editor.plot.selected)
    gain = f"band{editor.plot.selected}_gain"
    clock.now += 5
    for _ in range(10):
        working.key("Up")
        clock.now += 0.3
    assert working.value("eq", gain) > 0
    working.key("Ctrl+Z")
    assert working.value("eq", gain) == 0
