"""What comes and goes is used again, and nothing of what it was before is left on it."""
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from dsp_core.params import STAGES, params_of
from gui.controls.menu import menu_on
from gui.controls.plane import Plane
from gui.dialogs.toasts import Toasts
from gui.window.stage_zone import MOST_SPARE
from tests.gui.hands import LEFT

KINDS = [kind for kind in STAGES if kind != "plugin"]


def added(rig, kind):
    """The frame of a new stage of this kind at the end of the chain."""
    rig.acts.shaping.add(kind, len(rig.chain))
    rig.frames(1)
    return rig.window.stage.frame


def removed(rig):
    rig.acts.shaping.remove_at(len(rig.chain) - 1)
    rig.frames(1)


def told(frame):
    """The values that an editor shows, as far as it keeps them."""
    editor = frame.editor
    return dict(getattr(editor, "values", None) or {id: part.value for id, part in editor.panel.parts.items()})


def values_of(rig, slot):
    found = next(one for one in rig.desk.session.chain if one.name == slot)
    return {param.id: found.value(param.id) for param in params_of(found.kind)}


def shows(frame, values):
    """Whether all that is shown is so."""
    shown = told(frame)
    return shown and all(float(value) == pytest.approx(values[id]) for id, value in shown.items() if id in values)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_frame_of_a_stage_that_went_edits_the_next_of_its_kind_as_it_is(working, kind):
    rig = working
    for name in rig.chain:                       # their frames are made first, so that none of them takes one that is kept
        rig.acts.shaping.select(name)
        rig.frames(1)
    first = added(rig, kind)
    slot, usual = first.slot, values_of(rig, first.slot)
    odd = {param.id: param.clamp(param.from_norm(0.55)) for param in params_of(kind) if param.change == "glide" and "gain" not in param.id}
    rig.acts.shaping.set_values(slot, odd)
    rig.frames(1)
    assert shows(first, values_of(rig, slot)) and values_of(rig, slot) != usual
    removed(rig)
    built = []
    rig.window.stage.frame_built.connect(built.append)
    again = added(rig, kind)
    assert not built and again.slot == rig.chain[-1] and shows(again, usual)
    for _ in range(2):
        rig.acts.shaping.undo()
    rig.acts.shaping.select(slot)
    rig.frames(1)
    assert rig.window.stage.frame.slot == slot and values_of(rig, slot) != usual and shows(rig.window.stage.frame, values_of(rig, slot))


@pytest.mark.slow
def test_what_was_chosen_of_the_view_of_one_stage_is_not_that_of_the_next(working):
    rig = working
    first = added(rig, "dynamic_eq")
    editor = first.editor
    editor.select(4)
    editor._view.choose(0)
    editor.spectrum.set_hold(True)
    editor.spectrum.set_range(120.0)
    removed(rig)
    assert added(rig, "dynamic_eq") is first
    assert (editor.selected, editor.bands.selected, editor._view.value) == (1, 1, 1)
    assert not editor.spectrum.show_hold and editor.spectrum.range_db == editor.usual_range_db
    limiter = added(rig, "limiter")
    limiter.editor.show_more(True)
    removed(rig)
    assert added(rig, "limiter") is limiter and not limiter.editor.more and not limiter.editor._more_key.isChecked()


def test_titles_and_spoken_names_are_those_of_the_stage_of_now(working):
    rig = working
    first = added(rig, "clipper")
    second = added(rig, "clipper")
    assert (first.header.title.words, second.header.title.words) == ("Clipper", "Clipper 2")
    rig.acts.shaping.remove_at(rig.chain.index(first.slot))
    rig.frames(1)
    rig.acts.shaping.remove_at(rig.chain.index(second.slot))
    rig.frames(1)
    again = added(rig, "clipper")
    assert again in (first, second) and again.header.title.words == again.accessibleName() == "Clipper 3"
    assert again.header.preset.accessibleName() == "Clipper 3 preset"


@pytest.mark.slow
def test_a_hand_on_a_frame_that_is_used_again_is_one_wish_for_the_stage_of_now(working):
    rig, heard = working, []
    for _ in range(3):
        added(rig, "clipper")
        removed(rig)
    other = added(rig, "clipper").slot
    frame = added(rig, "clipper")
    rig.window.stage.value_wished.connect(lambda *wish: heard.append(wish))
    part = frame.editor.strip.parts["ceiling"]
    part.edited.emit(-2.0)
    assert heard == [(frame.slot, "ceiling", -2.0)]
    menu = part.make_menu()
    rows = [row for row in menu.actions() if row.text() == "Locked against presets"]
    assert len(rows) == 1
    rows[0].trigger()
    chain = {slot.name: slot.locked for slot in rig.desk.session.chain}
    assert list(chain[frame.slot]) == ["ceiling"] and not chain[other]


@pytest.mark.slow
def test_no_more_frames_are_kept_than_are_worth_it(working):
    rig = working
    for _ in range(MOST_SPARE + 2):
        rig.acts.shaping.add("trim", len(rig.chain))
        rig.frames(1)
    while rig.chain[-1].startswith("trim"):
        removed(rig)
    assert [frame.editor.kind for frame in rig.window.stage._spare].count("trim") == MOST_SPARE


@pytest.mark.slow
def test_a_slot_of_the_strip_that_is_used_again_knows_nothing_of_the_stage_before(working):
    rig = working
    added(rig, "limiter")
    strip = rig.window.chain
    gone = strip.slots[-1]
    gone.show_reduction(3.0, 4.0, number_db=3.0)
    removed(rig)
    assert gone not in strip.slots and not gone.isVisible()
    added(rig, "eq")
    assert strip.slots[-1] is gone and gone.isVisible() and not gone.has_bar
    heard = []
    strip.selected.connect(heard.append)
    QTest.mouseClick(gone, LEFT, pos=QPoint(40, 30))
    assert heard == [len(rig.chain) - 1]


def test_a_menu_that_is_used_again_has_the_rows_of_now_and_does_what_they_say(qtbot):
    owner, done = Plane(), []
    qtbot.addWidget(owner)
    first = menu_on(owner)
    first.add("One", lambda: done.append("one"), checked=True)
    first.add("Two", lambda: done.append("two"), "Ctrl+2", enabled=False)
    first.add_menu("More").add("Three", lambda: done.append("three"))
    again = menu_on(owner)
    again.addSeparator()
    again.add("Four", lambda: done.append("four"))
    again.add_menu("Other").add("Five", lambda: done.append("five"))
    assert again is first
    assert [row.text() for row in again.actions()] == ["", "Four", "Other"]
    assert again.actions()[0].isSeparator() and again.actions()[1].isEnabled() and not again.actions()[1].isCheckable()
    again.actions()[1].trigger()
    inner = again.actions()[2].menu()
    assert [row.text() for row in inner.actions()] == ["Five"]
    inner.actions()[0].trigger()
    assert done == ["four", "five"]


def test_another_menu_is_made_only_while_the_first_is_open(qtbot):
    owner = Plane()
    qtbot.addWidget(owner)
    owner.show()
    first = menu_on(owner)
    first.add("One", lambda: None)
    first.open_at(QPoint(0, 0))
    second = menu_on(owner)
    assert second is not first and [row.text() for row in first.actions()] == ["One"]
    first.close()
    assert menu_on(owner) is first


def test_a_message_that_is_used_again_says_and_does_only_the_new(qtbot):
    window, done = Plane(), []
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()
    toasts = Toasts(window)
    first = toasts.tell("The mix changed.", "", [("Reload", lambda: done.append("reload")), ("Keep", lambda: done.append("keep"))], fault=True)
    QTest.mouseClick(first.buttons[1], LEFT)
    again = toasts.tell("Saved.", "In its folder.", [("Show", lambda: toasts.tell("Shown."))])
    assert again is first and again.accessibleName() == "Saved." and not again.fault
    assert [button.text() for button in again.buttons] == ["Show"]
    QTest.mouseClick(again.buttons[0], LEFT)
    assert done == ["keep"] and [toast.title for toast in toasts.shown] == ["Shown."]
