"""A foreign plugin in the window: from the add menu to its panel, its faults at the slot, and back again."""
import os
import shutil
import signal
import threading
from pathlib import Path

import pytest

from gui.controls.choice import Choice, Segmented
from gui.editors import PluginEditor
from gui.editors.plugin_panel import PluginValue
from mastering_rt.places import cache_dir
from mastering_rt.plugins import health, scan
from mastering_rt.plugins.allowed import is_allowed
from mastering_rt.plugins.scan import Catalogue
from mastering_rt.session import edits
from mastering_rt.session.model import PluginRef
from tests.plugins import building
from tests.plugins.building import DELAY, GAIN, MODEL

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    missing = building.why_not()
    if missing:
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("vst3")
    building.build(folder)
    return folder


@pytest.fixture
def hosting(working, plugin):
    """A window whose chain is an equaliser and the test plugin, chosen from the menu that adds a stage."""
    Catalogue().scan([plugin])
    working.desk.edit(lambda s: edits.remove_stage(edits.remove_stage(s, "limiter"), "compressor"))
    menu = working.window.chain.open_add_menu()
    row = next(row for row in menu.actions() if row.text() == "Fault Gain")
    menu.close()
    row.trigger()
    slot = working.desk.session.chain[-1].name
    working.until(lambda: working.desk.plugins.unit(slot) is not None and working.desk.plugins.unit(slot).phase == "running")
    working.slot = slot
    working.until(lambda: isinstance(working.window.stage.frame.editor, PluginEditor) and working.window.stage.frame.editor.panel is not None)
    working.until(lambda: isinstance(working.window.stage.frame.editor.panel.parts[f"plugin.{MODEL}"], Choice | Segmented))
    return working


def test_its_panel_moves_it_and_says_what_it_says(hosting):
    editor, unit = hosting.window.stage.frame.editor, hosting.desk.plugins.unit(hosting.slot)
    assert list(editor.panel.parts) == [f"plugin.{index}" for index in (1, 2, 3, 5)]
    editor.panel.edited.emit(f"plugin.{DELAY}", 100 * building.delay_value(1000))
    hosting.until(lambda: unit.latency == 1000)
    hosting.until(lambda: editor.panel.parts[f"plugin.{DELAY}"].value_text() == "1000 samples")
    hosting.until(lambda: hosting.window.chain.slots[-1].state.latency_samples == 2048 + 1000)
    hosting.acts.shaping.undo()
    hosting.until(lambda: editor.panel.parts[f"plugin.{DELAY}"].value_text() == "0 samples")


def test_the_slots_own_values_are_beside_it(hosting):
    editor = hosting.window.stage.frame.editor
    editor.own.edited.emit("gain", -2.5)
    assert hosting.desk.session.chain[-1].value("gain") == -2.5
    assert f"plugin.{GAIN}" not in editor.own.parts


def test_a_fault_stands_at_the_slot_with_its_remedy(hosting, monkeypatch):
    monkeypatch.setattr(health, "HANG_S", 60.0)  # a machine that stands still for a moment is not what is told of here
    unit = hosting.desk.plugins.unit(hosting.slot)
    for failure in (1, 2, 3):
        hosting.until(lambda: unit.phase == "running")
        os.kill(unit.pid, signal.SIGKILL)
        hosting.until(lambda failure=failure: unit.failures == failure)
    card = hosting.window.chain.slots[-1]
    hosting.until(lambda: card.state.remedy == "Try again")
    assert card.state.fault == "Was killed" and card.state.consequence.startswith("Isolated")
    card.remedy_asked.emit()
    hosting.until(lambda: not card.state.fault and unit.phase == "running")


def test_what_is_typed_is_read_by_the_plugin(hosting):
    panel = hosting.window.stage.frame.editor.panel
    control = panel.parts[f"plugin.{GAIN}"]
    assert isinstance(control, PluginValue)
    hosting.until(lambda: control.value_text() == "0 dB")
    control.type_value("\N{MINUS SIGN}6 dB")
    control._entry.field.committed.emit(control._entry.field.text())
    hosting.until(lambda: control.value_text() == "\N{MINUS SIGN}6 dB")
    assert hosting.desk.session.chain[-1].plugin.values[f"{GAIN} Gain"] == pytest.approx(building.gain_value(-6))
    control.typed.emit("75 %")
    hosting.until(lambda: control.value_text() == "30 dB")
    control.typed.emit("loud")
    hosting.until(lambda: "cannot read 'loud'" in hosting.told)
    assert control.value_text() == "30 dB"


def test_steps_that_have_names_are_a_choice(hosting):
    editor, name = hosting.window.stage.frame.editor, f"plugin.{MODEL}"
    assert [segment.text() for segment in editor.panel.parts[name].segments] == ["Clean", "Warm", "Hot"]
    editor.panel.parts[name].edited.emit(1)
    hosting.until(lambda: hosting.desk.plugins.unit(hosting.slot).texts[MODEL] == "Warm")
    assert hosting.desk.session.chain[-1].plugin.values[f"{MODEL} Model"] == 0.5
    assert "Peak, Output level" in editor.notes.words and "Mastering RT tests" in editor.notes.words


def test_the_folders_are_followed(working, plugin, tmp_path, monkeypatch):
    """Added, replaced while it is in use, removed: each is said, and the list is right."""
    monkeypatch.setenv("VST3_PATH", str(tmp_path / "vst3"))
    monkeypatch.setattr("mastering_rt.plugins.scan.folders", lambda: [tmp_path / "vst3"])
    first = Path(shutil.copytree(plugin / "FaultGain.vst3", tmp_path / "vst3" / "First.vst3"))
    (first / "Contents/x86_64-linux/FaultGain.so").rename(first / "Contents/x86_64-linux/First.so")
    acts = working.acts.plugins
    acts.scan()
    working.until(lambda: len(acts.catalogue.plugins) == 1 and not working.acts.background.busy)
    acts.watch()
    second = Path(shutil.copytree(first, tmp_path / "second.part"))
    (second / "Contents/x86_64-linux/First.so").rename(second / "Contents/x86_64-linux/Second.so")
    second = second.rename(tmp_path / "vst3" / "Second.vst3")
    working.until(lambda: "Fault Gain was added" in working.told and len(acts.catalogue.plugins) == 2)
    acts.add(next(found for found in acts.catalogue.plugins if found.path == str(second)), 0)
    slot = next(slot.name for slot in working.desk.session.chain if slot.plugin is not None)
    working.until(lambda: working.desk.plugins.unit(slot) is not None and working.desk.plugins.unit(slot).phase == "running")
    unit, pid = working.desk.plugins.unit(slot), working.desk.plugins.unit(slot).pid
    working.desk.plugins.set_value(slot, GAIN, building.gain_value(-6))
    library = second / "Contents/x86_64-linux/Second.so"
    newer = library.with_suffix(".new")
    newer.write_bytes(library.read_bytes() + b"newer")
    newer.replace(library)
    working.until(lambda: "was replaced while it is in use" in working.told)
    assert unit.pid == pid
    acts.reload(str(second))
    working.until(lambda: unit.pid != pid and unit.phase == "running")
    assert unit.failures == 0 and unit.values[GAIN] == pytest.approx(building.gain_value(-6))
    shutil.rmtree(first)
    working.until(lambda: "is no longer there" in working.told and len(acts.catalogue.plugins) == 1)


def test_the_list_blocks_a_plugin_and_lets_it_go(hosting):
    acts = hosting.acts.plugins
    acts.open()
    dialog = acts.dialog
    assert dialog.plugin.title == "Fault Gain" and "not tested" in dialog.said.words
    dialog.block_key.clicked.emit()
    hosting.until(lambda: dialog.plugin.blocked)
    assert not dialog.add_key.isEnabled() and dialog.block_key.text() == "Unblock"
    os.kill(hosting.desk.plugins.unit(hosting.slot).pid, signal.SIGKILL)
    hosting.until(lambda: "blocked" in hosting.desk.plugins.unit(hosting.slot).problem)
    dialog.block_key.clicked.emit()
    hosting.until(lambda: dialog.plugin.usable)
    hosting.desk.plugins.revive(hosting.slot)
    hosting.until(lambda: hosting.desk.plugins.unit(hosting.slot).phase == "running")


def test_a_plugin_that_has_moved_is_located_with_its_settings(hosting, plugin, tmp_path):
    desk, slot = hosting.desk, hosting.slot
    desk.plugins.set_value(slot, GAIN, building.gain_value(-6))
    kept = desk.session.chain[-1].plugin
    other = Path(shutil.copytree(plugin / "FaultGain.vst3", tmp_path / "FaultGain.vst3"))
    gone = type(kept)(**{name: getattr(kept, name) for name in kept.__struct_fields__} | {"path": str(tmp_path / "Gone.vst3")})
    (cache_dir() / "plugins.json").unlink()
    desk.edit(lambda s: edits.put_plugin(s, slot, gone))
    editor = hosting.window.stage.frame.editor
    hosting.until(lambda: editor.key.text() == "Locate...")
    assert "kept in the session" in editor.words.words
    with hosting.picking(other / "Contents" / "x86_64-linux" / "FaultGain.so"):
        hosting.click(editor.key)
    hosting.until(lambda: desk.plugins.unit(slot).phase == "running" and editor.key.text() == "Open editor")
    assert desk.session.chain[-1].plugin.path == str(other) and desk.session.chain[-1].plugin.values == kept.values


def question(rig):
    return next((toast for toast in rig.window.toasts.shown if "wants to load" in toast.title), None)


def from_a_stranger(rig, plugin, folder):
    """A chain with the test plugin out of a folder that nobody has named."""
    path = str(shutil.copytree(plugin / "FaultGain.vst3", folder / "FaultGain.vst3"))
    rig.desk.edit(lambda s: edits.put_plugin(edits.add_stage(s, "plugin"), "plugin", PluginRef(path)))
    rig.until(lambda: question(rig) is not None)
    return path


def test_a_plugin_that_only_the_session_has_named_is_asked_about_once(working, plugin, tmp_path):
    path = from_a_stranger(working, plugin, tmp_path)
    asked, card = question(working), next(slot for slot in working.window.chain.slots if slot.state.id == "plugin")
    assert asked.title == "The session wants to load FaultGain." and path in asked.sentence
    assert [button.text() for button in asked.buttons] == ["Load it", "Not now"]
    working.click(asked.buttons[1])
    working.until(lambda: question(working) is None and card.state.remedy == "Load it")
    working.frames(20)
    assert question(working) is None and working.desk.plugins.unit("plugin").phase == "resting"
    card.remedy_asked.emit()
    working.until(lambda: working.desk.plugins.unit("plugin").phase == "running" and not card.state.fault)
    assert is_allowed(path)


def test_the_question_goes_when_nothing_waits_any_more(working, plugin, tmp_path):
    from_a_stranger(working, plugin, tmp_path)
    working.acts.shaping.undo()
    working.until(lambda: question(working) is None)


def test_what_was_allowed_is_loaded_without_a_question(working, plugin, tmp_path):
    path = from_a_stranger(working, plugin, tmp_path)
    working.click(question(working).buttons[0])
    working.until(lambda: working.desk.plugins.unit("plugin").phase == "running")
    assert is_allowed(path) and question(working) is None


def test_neutral_is_a_plugin_as_it_comes(hosting):
    """By its whole state, and shown as that."""
    header, desk = hosting.window.stage.frame.header, hosting.desk
    hosting.until(lambda: desk.session.chain[-1].plugin.state and header.preset.value == 0)
    as_it_comes = desk.session.chain[-1].plugin
    desk.plugins.set_value(hosting.slot, GAIN, building.gain_value(-6))
    hosting.until(lambda: header.preset.value != 0)
    hosting.acts.shaping.choose_stage_preset(hosting.slot, 0)
    hosting.until(lambda: header.preset.value == 0)
    assert desk.session.chain[-1].plugin == as_it_comes
    hosting.until(lambda: desk.plugins.unit(hosting.slot).values[GAIN] == 0.5)


def test_no_disk_is_walked_through_on_the_thread_of_the_window(hosting, monkeypatch):
    """Not to watch the folders, and not to compare them."""
    seen = []

    def noting(of):
        def walk(*arguments, **more):
            seen.append(threading.current_thread() is threading.main_thread())
            return of(*arguments, **more)
        return walk
    monkeypatch.setattr(scan, "walk", noting(scan.walk))
    monkeypatch.setattr(scan, "stamp", noting(scan.stamp))
    monkeypatch.setattr(scan, "folders", list)
    acts = hosting.acts.plugins
    acts._folders = None
    acts.watch()
    acts.look()
    hosting.until(lambda: not hosting.acts.background.busy)
    assert seen and not any(seen)
