"""A foreign plugin in the window: from the add menu to its panel, its faults at the slot, and back again."""
import os
import signal

import pytest

from gui.editors import PluginEditor
from mastering_rt.plugins.scan import Catalogue
from tests.plugins import building
from tests.plugins.building import DELAY, GAIN

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
    """A window whose chain ends with the test plugin, chosen from the menu that adds a stage."""
    Catalogue().scan([plugin])
    menu = working.window.chain.open_add_menu()
    row = next(row for row in menu.actions() if row.text() == "Fault Gain")
    menu.close()
    row.trigger()
    slot = working.desk.session.chain[-1].name
    working.until(lambda: working.desk.plugins.unit(slot) is not None and working.desk.plugins.unit(slot).phase == "running")
    working.slot = slot
    working.until(lambda: isinstance(working.window.stage.frame.editor, PluginEditor) and working.window.stage.frame.editor.panel is not None)
    return working


def test_its_panel_moves_it_and_says_what_it_says(hosting):
    editor, unit = hosting.window.stage.frame.editor, hosting.desk.plugins.unit(hosting.slot)
    assert list(editor.panel.parts) == [f"plugin.{index}" for index in (1, 2, 3, 5)]
    editor.panel.edited.emit(f"plugin.{DELAY}", 100 * building.delay_value(1000))
    hosting.until(lambda: unit.latency == 1000)
    hosting.until(lambda: editor.panel.parts[f"plugin.{DELAY}"].label == "Delay: 1000")
    hosting.until(lambda: hosting.window.chain.slots[-1].state.latency_samples == 2048 + 1000)
    hosting.acts.shaping.undo()
    hosting.until(lambda: editor.panel.parts[f"plugin.{DELAY}"].label == "Delay: 0")


def test_the_slots_own_values_are_beside_it(hosting):
    editor = hosting.window.stage.frame.editor
    editor.own.edited.emit("gain", -2.5)
    assert hosting.desk.session.chain[-1].value("gain") == -2.5
    assert f"plugin.{GAIN}" not in editor.own.parts


def test_a_fault_stands_at_the_slot_with_its_remedy(hosting):
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
