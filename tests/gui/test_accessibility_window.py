"""The whole program to who does not see it: in every view and every dialog each control has a name, a role, a value with its unit, and a step."""
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QScrollBar, QWidget

from dsp_core.params import STAGES
from gui.controls.access import Speaks
from gui.controls.value_hand import ValueHand
from mastering_rt.desk.jobs import Job

pytestmark = pytest.mark.slow

ROLE, TEXT = QAccessible.Role, QAccessible.Text
UNIT_WORDS = {":1": ": 1", "deg": "\N{DEGREE SIGN}", "Hz": "Hz"}
SILENT = (QMenu,)                            # Qt speaks for them itself


def controls(root):
    """What can be worked: everything Tab or a click gives the keyboard to, every button, every line, every value."""
    return [widget for widget in [root, *root.findChildren(QWidget)] if widget.isVisible() and not isinstance(widget, (*SILENT, QScrollBar))
            and (widget.focusPolicy() & Qt.FocusPolicy.TabFocus or isinstance(widget, QAbstractButton | QLineEdit | ValueHand)
                 or (isinstance(widget, Speaks) and hasattr(widget, "spoken_actions")))]


def faults(widget):
    """What is missing, in words."""
    found = QAccessible.queryAccessibleInterface(widget)
    what = f"{type(widget).__name__} {widget.accessibleName()!r}"
    if found is None or not found.isValid():
        return [f"{what} is not there"]
    said = []
    if not found.text(TEXT.Name).strip():
        said.append(f"{what} has no name")
    if found.role() in (ROLE.NoRole, ROLE.Client, ROLE.Window):
        said.append(f"{what} has no role")
    if not isinstance(widget, QAbstractButton | QLineEdit) and not found.text(TEXT.Value).strip():
        said.append(f"{what} has no value")
    number = found.valueInterface() if hasattr(widget, "spoken_range") else None
    if number is not None and not float(number.minimumStepSize()) > 0:
        said.append(f"{what} has no step")
    if number is not None and not float(number.minimumValue()) <= float(number.currentValue()) <= float(number.maximumValue()):
        said.append(f"{what} is outside its range")
    return said + unit_faults(widget, what, found.text(TEXT.Value))


def unit_faults(widget, what, value):
    """A number without the unit of its parameter. Ends that have a name ("Off", "none") need none."""
    if not isinstance(widget, ValueHand) or not widget.param.unit or not any(letter.isdigit() for letter in value):
        return []
    unit = UNIT_WORDS.get(widget.param.unit, widget.param.unit)
    return [] if unit in value else [f"{what} says {value!r} without {unit}"]


def check(root, where, seen):
    """All controls of a view; counts them."""
    QApplication.processEvents()
    found = controls(root)
    seen[where] = len(found)
    assert found, where
    return [f"{where}: {fault}" for widget in found for fault in faults(widget)]


def test_every_control_of_the_window_with_every_stage(working):
    said, seen = [], {}
    working.window.show_first_minute(True)
    for kind in STAGES:
        if kind not in working.chain:
            working.acts.shaping.add(kind)
        working.acts.shaping.select(kind)
        working.acts.shaping.changed()
        said += check(working.window, kind, seen)
    working.acts.comparing.store("A")
    working.acts.hearing.seek(48000)
    working.acts.markers.add()
    working.acts.viewing.tell("Something is told.", [("Undo", lambda: None)], fault=True)
    working.frames(2)
    said += check(working.window, "snapshot, marker, toast", seen)
    assert not said, "\n".join(dict.fromkeys(said))
    assert min(seen.values()) > 40 and sum(seen.values()) > 700, seen


def test_every_control_of_the_other_views(working):
    said, seen = [], {}
    working.wait_for_facts()
    working.key("Ctrl+K")
    said += check(working.program.palette.view, "palette", seen)
    working.key("Escape")
    working.key("Ctrl+Shift+M")
    figures = working.program.bridge.figures
    working.until(lambda: figures.seen)
    said += check(figures.window, "meters", seen)
    figures.close()
    working.activate()
    working.key("X")
    working.until(working.window.blind.setup.start_key.isEnabled)
    said += check(working.window, "blind, before", seen)
    working.key("X")
    working.until(lambda: working.acts.blind.running)
    said += check(working.window, "blind", seen)
    working.key("Esc")
    said += check(working.window, "blind, after", seen)
    working.key("Esc")
    assert not said, "\n".join(dict.fromkeys(said))


OPENERS = {
    "render": lambda acts: acts.rendering.open(), "device": lambda acts: acts.viewing.open_device(), "shortcuts": lambda acts: acts.viewing.open_shortcuts(),
    "messages": lambda acts: acts.viewing.open_messages(), "about": lambda acts: acts.viewing.open_about(), "findings": lambda acts: acts.findings.open(),
    "journal": lambda acts: acts.journal.open(), "presets": lambda acts: acts.presets.open(), "save a preset": lambda acts: acts.presets.ask_save(),
    "name a marker": lambda acts: acts.markers.ask_name(), "loudness": lambda acts: acts.loudness.ask(), "thresholds": lambda acts: acts.thresholds.ask(),
}


@pytest.mark.parametrize("which", OPENERS)
def test_every_control_of_a_dialog(working, which):
    working.wait_for_facts()
    working.acts.markers.add()
    working.acts.viewing.tell("Something.")
    if which == "thresholds":
        working.acts.shaping.add("dynamic_eq")
    OPENERS[which](working.acts)
    dialog = working.dialog
    side = QAccessible.queryAccessibleInterface(dialog)
    assert side.role() == ROLE.Dialog and side.text(TEXT.Name)
    said = check(dialog, which, {})
    assert not said, "\n".join(said)


@pytest.mark.parametrize("page", range(4))
def test_every_control_of_the_preferences(working, page):
    working.acts.preferring.open()
    working.dialog.show_page(page)
    said = check(working.dialog, f"page {page}", {})
    assert not said, "\n".join(said)


def test_every_stop_of_tab_is_a_control_that_speaks(working):
    """Round the whole window by Tab: it comes back to where it began, and every stop has a name that differs from its neighbours'."""
    working.window.compare.mix.setFocus()
    first, names = working.window.focusWidget(), []
    for _ in range(400):
        stop = working.window.focusWidget()
        names.append((QAccessible.queryAccessibleInterface(stop).text(TEXT.Name), type(stop).__name__))
        assert names[-1][0], type(stop).__name__
        working.window.focusNextPrevChild(True)
        if working.window.focusWidget() is first:
            break
    assert working.window.focusWidget() is first and len(names) > 40
    assert not [one for one, next_one in zip(names, names[1:], strict=False) if one == next_one]


def test_what_goes_on_in_the_background_can_be_stopped_without_a_mouse(working):
    go = threading.Event()
    job = Job("Something long", lambda tell, cancelled: go.wait(30))
    working.acts.background.add(job, lambda _job: None)
    working.until(lambda: "Something long" in working.window.status.spoken_value())
    working.key("Ctrl+.")
    assert job.stopping
    go.set()
