"""A stage names the preset that was chosen for it, and no other one that happens to have its values."""
import pytest

from gui.bridge.chosen import begun_with, chosen
from mastering_rt.session import edits
from mastering_rt.session.history import History
from mastering_rt.session.model import Session
from mastering_rt.session.presets import BUILT_IN, apply_preset, find_preset

pytestmark = pytest.mark.slow

CHAINS = [preset for preset in BUILT_IN if preset.scope == "chain"]


@pytest.fixture
def title(working):
    """What the header of a stage calls its settings."""
    def title(stage):
        working.acts.shaping.select(stage)
        working.acts.shaping.changed()
        return working.window.stage.frame.header.preset.value_text()
    return title


def test_the_values_of_a_preset_do_not_make_its_name(working, title):
    working.acts.shaping.set_value("limiter", "gain", 6)          # as "Demo" has it
    assert title("limiter") == "Neutral, edited"
    working.acts.presets.load("demo")
    assert title("limiter") == "Demo" and title("compressor") == "Demo"
    working.acts.shaping.set_value("limiter", "gain", 3)
    assert title("limiter") == "Demo, edited" and title("compressor") == "Demo"


def test_undo_takes_the_name_back_as_well(working, title):
    working.acts.shaping.set_value("compressor", "ratio", 3)
    working.acts.presets.load("demo")
    working.acts.presets.load("gentle")
    names = []
    for _ in range(3):
        names.append(title("compressor"))
        working.acts.shaping.undo()
    assert [*names, title("compressor")] == ["Gentle", "Demo", "Neutral, edited", "Neutral"]
    working.acts.shaping.redo()
    working.acts.shaping.redo()
    assert title("compressor") == "Demo"


def test_what_is_neutral_says_so_and_forgets_what_it_was(working, title):
    working.acts.presets.load("demo")
    assert title("compressor") == "Demo"
    working.acts.shaping.reset_selected()
    assert title("compressor") == "Neutral"
    working.acts.shaping.set_value("compressor", "ratio", 2)
    assert title("compressor") == "Neutral, edited"
    working.acts.shaping.add("trim", 0)
    assert title("trim") == "Neutral"


def test_a_copy_and_a_session_of_somebody_elses_are_own_settings(working, title, tmp_path):
    working.acts.presets.load("demo")
    working.acts.shaping.select("compressor")
    working.acts.shaping.duplicate_selected()
    assert title("compressor2") == "Own settings"
    working.desk.save(str(tmp_path / "kept"))
    working.open(tmp_path / "kept.mrt")
    assert title("limiter") == "Own settings" and title("compressor") == "Own settings"


def test_a_session_that_begins_with_a_whole_preset_is_that_preset(working, title, tmp_path):
    working.acts.presets.load("demo")
    working.desk.save(str(tmp_path / "kept"))
    working.open(tmp_path / "kept.mrt")
    assert title("limiter") == "Demo"


def test_it_is_found_without_a_window():
    history = History(apply_preset(Session(), find_preset("demo")))
    assert begun_with("eq", history.session, CHAINS).title == "Demo"
    assert begun_with("trim", history.session, CHAINS) is None
    history.edit(edits.set_value(history.session, "eq", "band3_gain", 1))
    found = chosen("eq", history.steps, history.session, lambda: CHAINS)
    assert found.title == "Demo" and found.slot.value("band3_gain") == -2
    history.edit(edits.remove_stage(history.session, "eq"))
    assert chosen("eq", history.steps, history.session, lambda: CHAINS) is None
