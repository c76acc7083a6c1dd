"""Presets in the window: found, marked, loaded without touching what is to stay, saved, replaced only after a question, deleted."""
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from gui.acts.presets import tags_of
from gui.controls.lock import PartLock
from mastering_rt.session.presets import BUILT_IN, find_preset
from mastering_rt.session.store import load_session

pytestmark = pytest.mark.slow

RATE = 48000


def opened(rig):
    rig.key("Ctrl+Shift+P")
    return rig.dialog


def names(dialog):
    return [row.title for row in dialog.rows]


def test_a_preset_is_found_by_keyboard_loaded_and_taken_back(working):
    before = working.desk.session.chain
    dialog = opened(working)
    working.type("little boomy")
    assert names(dialog) == ["Demo"]
    working.key("Return")
    assert working.value("limiter", "gain") == 6 and working.dialog is dialog and "Ctrl+Z" in dialog.said.words
    working.key("Escape")
    working.key("Ctrl+Z")
    assert working.desk.session.chain == before


def test_ceiling_and_gains_stay_when_they_are_locked(working):
    working.acts.shaping.set_value("limiter", "ceiling", -3)
    dialog = opened(working)
    working.click(dialog.keep)
    assert working.desk.session.keep_levels
    working.acts.presets.load("demo")
    assert (working.value("limiter", "gain"), working.value("limiter", "ceiling")) == (0, -3) and working.value("compressor", "threshold") == -24


def test_saved_with_tags_and_found_by_them(working):
    working.acts.shaping.set_value("eq", "band3_gain", 2)
    assert working.acts.presets.save("Warm one", "warm, acoustic,  warm vinyl ", "For guitars", stage=True)
    assert working.acts.presets.save("Whole warmth", "warm")
    dialog = opened(working)
    built_in = {tag for preset in BUILT_IN for tag in tags_of(preset.category)}
    assert dialog.tag.choices == ["Any tag", *sorted({*built_in, "acoustic", "warm", "warm vinyl"})]
    dialog.tag.choose(dialog.tag.choices.index("warm"))
    assert names(dialog) == ["Warm one", "Whole warmth"]
    dialog.filter._chosen(2)
    assert names(dialog) == ["Warm one"] and dialog.rows[0].what_for == "EQ"
    working.key("Escape")
    working.acts.shaping.set_value("eq", "band3_gain", -6)
    working.acts.presets.load("Warm one")
    assert working.value("eq", "band3_gain") == 2
    assert "Warm one" in working.window.stage.frame.header.preset.choices


def test_favourites_stand_on_top_and_stay(working):
    dialog = opened(working)
    working.type("demo")
    working.click(dialog.star_key)
    dialog.search.clear()
    dialog._filter()
    assert names(dialog)[0] == "Demo" and working.program.settings.favourites() == {"demo"}
    dialog.filter._chosen(3)
    assert names(dialog) == ["Demo"]


def test_one_of_the_same_name_is_replaced_only_after_a_question(working):
    working.acts.presets.save("Mine")
    working.acts.shaping.set_value("limiter", "gain", 4)
    working.acts.presets.save("Mine")
    working.answer("Keep it")
    assert find_preset("Mine").chain[2].value("gain") == 0
    working.acts.presets.save("Mine")
    working.answer("Replace it")
    assert find_preset("Mine").chain[2].value("gain") == 4


@pytest.mark.parametrize(("name", "words"), [("default", "built in"), ("  ", "needs a name")])
def test_what_cannot_be_saved_says_why(working, name, words):
    assert not working.acts.presets.save(name)
    assert words in working.told


def test_own_ones_are_deleted_after_a_question_built_in_ones_not(working):
    working.acts.presets.save("Mine")
    dialog = opened(working)
    working.type("demo")
    assert not dialog.delete_key.isEnabled()
    dialog.search.selectAll()
    working.type("mine")
    working.click(dialog.delete_key)
    working.answer("Delete it")
    assert names(dialog) == [] and "Mine" not in [one.name for one in working.acts.presets.all()]


def drop(rig, path, on):
    """Drop a file on a part of the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place = QPointF(on.geometry().center())
    event = QDropEvent(place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    rig.window.dropEvent(event)


def test_what_is_dropped_goes_by_where_and_what_it_is(working, tmp_path):
    working.acts.shaping.set_value("limiter", "gain", 5)
    working.desk.save(str(tmp_path / "other.mrt"))
    working.acts.shaping.set_value("limiter", "gain", 1)
    steps = len(working.desk.history.steps)
    drop(working, tmp_path / "other.mrt", working.window.chain)
    assert working.value("limiter", "gain") == 5 and len(working.desk.history.steps) == steps + 1
    working.acts.presets.save("Mine")
    preset = next((working.home / "config" / "presets").glob("*.mrtpreset"))
    working.acts.shaping.set_value("limiter", "gain", 2)
    drop(working, preset, working.window.song)
    assert working.value("limiter", "gain") == 5
    working.desk.save()
    drop(working, tmp_path / "other.mrt", working.window.song)
    working.until(lambda: working.desk.history.steps == ())
    assert working.value("limiter", "gain") == 5


def test_a_locked_value_is_left_alone_by_presets_paste_and_reset(working):
    working.acts.shaping.select("compressor")
    working.acts.shaping.changed()
    working.acts.shaping.set_value("compressor", "ratio", 4)
    control = working.window.stage.frame.editor.strip.parts["ratio"]
    menu = control.make_menu()
    next(row for row in menu.actions() if row.text() == "Locked against presets").trigger()
    menu.deleteLater()
    assert control.locked and control.spoken_value().endswith(", locked") and working.desk.history.undo_sentence == "Compressor ratio locked"
    working.acts.presets.load("demo")
    assert (working.value("compressor", "ratio"), working.value("compressor", "threshold")) == (4, -24)
    working.acts.shaping.select("compressor")
    working.acts.shaping.reset_selected()
    assert (working.value("compressor", "ratio"), working.value("compressor", "threshold")) == (4, -18)
    working.key("Ctrl+K")
    working.type("unlock ratio")
    working.key("Return")
    assert not control.locked
    working.acts.presets.load("demo")
    assert working.value("compressor", "ratio") == 1.5


@pytest.mark.parametrize(("stage", "param", "value"), [("limiter", "auto_release", 0), ("compressor", "placement", 1), ("compressor", "detector", 2),
                                                       ("limiter", "character", 2)])
def test_switches_and_choices_are_locked_by_their_own_menu(working, stage, param, value):
    working.acts.shaping.select(stage)
    working.acts.shaping.changed()
    frame = working.window.stage.frame
    lock = next(lock for lock in frame.findChildren(PartLock) if lock.param.id == param)
    default = working.value(stage, param)
    assert default != value
    working.acts.shaping.set_value(stage, param, value)
    part = lock.parent()
    QApplication.sendEvent(part, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(4, 4), part.mapToGlobal(QPoint(4, 4))))
    next(row for row in working.menu.actions() if row.text() == "Locked against presets").trigger()
    working.menu.close()
    working.frames(1)
    assert lock.locked and part.accessibleDescription().startswith("Locked. ") and lock._mark.isVisibleTo(part)
    working.acts.presets.load("demo")
    working.acts.shaping.select(stage)
    working.acts.shaping.reset_selected()
    assert working.value(stage, param) == value
    menu = lock.make_menu()
    assert next(row for row in menu.actions() if row.text() == "Locked against presets").isChecked()
    menu.actions()[0].trigger()
    assert working.value(stage, param) == lock.param.default
    menu.deleteLater()
    working.acts.shaping.toggle_lock(stage, param)
    working.frames(1)
    assert not lock.locked and not part.accessibleDescription().startswith("Locked")


def test_locks_are_saved_with_the_session(working, tmp_path):
    working.acts.shaping.toggle_lock("limiter", "ceiling")
    working.desk.save(str(tmp_path / "kept.mrt"))
    assert load_session(tmp_path / "kept.mrt").session.chain[2].locked == ("ceiling",)
