"""The editors in the running program: what sounds is shown in them, what is dragged in them is heard and undone."""
import numpy as np
import pytest
from PySide6.QtCore import QPoint

from tests.gui.hands import drag

pytestmark = pytest.mark.slow


def open_stage(rig, kind, **values):
    """Add a stage, set it, play."""
    rig.acts.shaping.add(kind)
    name = rig.acts.shaping.selected
    for param_id, value in values.items():
        rig.desk.set_value(name, param_id, float(value))
    rig.acts.shaping.changed()
    rig.until(lambda: rig.window.stage.slot == name)
    rig.desk.play_or_stop()
    return name, rig.window.stage.frame.editor


LIVE = {
    "multiband": ({"band1_ratio": 4, "band1_threshold": -50}, lambda e: e.bands_plot.changes_db[0] < -1 and max(e.bands_plot.levels_db[:2]) > -40),
    "dynamic_eq": ({"band2_range": -6, "band2_threshold": -60}, lambda e: e.nodes_plot.changes_db[1] < -1 and e.nodes_plot.levels_db[1] > -60),
    "deesser": ({"range": 6, "threshold": -40, "from_freq": 2000}, lambda e: e.removal.removed_db.max(initial=0) > 1 and e.removal.level_db > -40),
    "resonance": ({"depth": 12, "selectivity": 1, "from_freq": 50}, lambda e: e.removal.removed_db.max(initial=0) > 1),
    "stereo": ({"bands": 1}, lambda e: e.row.heads[0].figure not in ("", "–")),
    "saturation": ({"band1_drive": 6}, lambda e: e.bars.harmonics is not None and not e.bars.stale and e.bars.harmonics.thd > 0.001),
    "clipper": ({"gain": 18, "ceiling": -6}, lambda e: e.curve.cut_db > 1 and e.curve.share > 0),
}


@pytest.mark.parametrize("kind", sorted(LIVE))
def test_what_sounds_is_seen(working, kind):
    values, seen = LIVE[kind]
    _, editor = open_stage(working, kind, **values)
    working.until(lambda: seen(editor))
    if editor.spectrum is not None:
        working.until(lambda: np.isfinite(editor.spectrum._traces["master"].db).any())


RESTS = {"multiband": lambda e: not any(e.bands_plot.changes_db), "dynamic_eq": lambda e: not e.nodes_plot.changes_db.any(),
         "deesser": lambda e: e.removal.removed_db.max() == 0, "resonance": lambda e: e.removal.removed_db.max() == 0}


@pytest.mark.parametrize("kind", sorted(RESTS))
def test_nothing_hangs_on_when_the_song_stops(working, kind):
    values, seen = LIVE[kind]
    _, editor = open_stage(working, kind, **values)
    working.until(lambda: seen(editor))
    working.desk.play_or_stop()
    working.until(lambda: RESTS[kind](editor))


def test_only_the_open_stage_is_asked(working):
    name, _ = open_stage(working, "multiband")
    working.until(lambda: len(working.desk.player.look_inside(name)) >= 0 and working.desk.player._inside._stage is not None)
    working.acts.shaping.select("eq")
    working.frames(4)
    assert working.desk.player._inside._stage is None


def test_a_border_dragged_is_in_the_session_and_one_step_back(working):
    name, editor = open_stage(working, "multiband")
    handle = editor.bands_plot.handles["crossover2"]
    drag(handle, handle.rect().center(), QPoint(-60, 0))
    assert working.value(name, "crossover2") == handle.value < 700
    working.key("Ctrl+Z")
    assert working.value(name, "crossover2") == 800
    working.until(lambda: handle.value == 800)


def test_another_number_of_bands_keeps_the_picture_alive(working):
    """The stage is made anew for it; the look inside goes over to the new one."""
    _, editor = open_stage(working, "multiband")
    working.until(lambda: max(editor.bands_plot.levels_db) > -60)
    before = working.desk.player._inside._stage
    editor.count_choice.choose(4)
    working.until(lambda: working.desk.player._inside._stage is not before)
    editor.bands_plot.clear_live()
    working.until(lambda: max(editor.bands_plot.levels_db) > -60)
    assert len([head for head in editor.row.heads if head.isVisibleTo(editor)]) == 6


def test_the_slot_of_stereo_says_its_width(working):
    name, _ = open_stage(working, "stereo", bands=1, width1=80, width2=130, mono_below=120)
    slot = next(slot for slot in working.window.chain.slots if slot.state.id == name)
    working.until(lambda: slot._words == ("Width 80–130 %", "mono < 120 Hz"))
    assert not slot.has_bar
    working.desk.set_value(name, "guard", 2.0)
    working.acts.shaping.changed()
    working.until(lambda: slot.has_bar)
