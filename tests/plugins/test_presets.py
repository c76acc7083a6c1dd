"""Presets, copies and sessions carry a plugin with all that it was set to, and keep it where it is not there."""
import pytest

from mastering_rt.desk.desk import Desk
from mastering_rt.playback.device import CLOCK
from mastering_rt.plugins.scan import Catalogue, try_plugin
from mastering_rt.plugins.units import with_values
from mastering_rt.session import edits, presets
from mastering_rt.session.model import PluginRef, Session, Slot
from mastering_rt.session.store import load_session, save_session
from tests import signals
from tests.mastering_rt.helpers import RATE, until, write_song
from tests.plugins import building
from tests.plugins.building import DELAY, GAIN

SET = PluginRef("/there/Gain.vst3", "Gain", "VST3-Gain-aaaa1111-1", "Maker", "1.2.3", "VST3", state="c3RhdGU=", preset="cHJlc2V0", values={"1 Gain": 0.25})


def holding(plugin, **values):
    session = edits.add_stage(Session(), "plugin", values=values)
    return edits.put_plugin(session, "plugin", plugin)


@pytest.fixture
def desk(home):
    with Desk(CLOCK, 256, autosave=False) as desk:
        yield desk


@pytest.fixture
def song(tmp_path):
    return write_song(tmp_path / "mix.wav", 0.4 * signals.programme(3 * RATE), RATE, "32f")


def test_a_stage_preset_holds_the_plugin(tmp_path):
    session = holding(SET, gain=-2.0)
    presets.save_preset(presets.stage_preset("Mine", session.chain[0]), tmp_path)
    found = presets.find_preset("Mine", tmp_path)
    assert found.chain[0].plugin == SET
    assert presets.apply_preset(holding(None), found, "plugin").chain[0] == session.chain[0]


def test_a_stage_preset_leaves_the_plugin_where_it_is_installed():
    here = PluginRef("/here/Gain.vst3", "Gain", "VST3-Gain-bbbb2222-1", version="1.3")
    changed = presets.apply_preset(holding(here), presets.stage_preset("Mine", holding(SET).chain[0]), "plugin")
    assert changed.chain[0].plugin.path == here.path
    assert (changed.chain[0].plugin.state, changed.chain[0].plugin.values) == (SET.state, SET.values)


def test_a_chain_preset_and_a_session_hold_it_too(tmp_path):
    session = holding(SET)
    presets.save_preset(presets.chain_preset("All", session), tmp_path)
    assert presets.apply_preset(Session(), presets.find_preset("All", tmp_path)).chain == session.chain
    assert load_session(save_session(session, tmp_path / "kept.mrt")).session == session


def test_a_pasted_stage_brings_its_plugin_and_stays_bypassed():
    copied = holding(SET, gain=-2.0, bypass=0).chain[0]
    session = edits.paste_stage(holding(PluginRef("/other/Comp.vst3"), bypass=1), "plugin", copied)
    assert session.chain[0].plugin == SET and session.chain[0].bypassed and session.chain[0].value("gain") == -2.0
    assert edits.paste_stage(session, "plugin", Slot("plugin", "plugin")).chain[0].plugin == SET


def test_a_preset_sets_a_plugin_that_runs(built, desk, song):
    desk.open(song)
    slot = desk.plugins.add(try_plugin(built()))
    until(lambda: desk.plugins.unit(slot) and desk.plugins.unit(slot).phase == "running", desk.poll)
    unit = desk.plugins.unit(slot)
    desk.edit(lambda s: edits.put_plugin(s, slot, with_values(s.chain[-1].plugin, {GAIN: building.gain_value(-9), DELAY: building.delay_value(64)}, {})))
    preset = presets.stage_preset("Mine", next(one for one in desk.session.chain if one.name == slot))
    desk.undo()
    until(lambda: unit.latency == 0 and unit.values[GAIN] == pytest.approx(0.5), desk.poll)
    desk.edit(lambda s: presets.apply_preset(s, preset, slot))
    until(lambda: unit.latency == 64 and unit.values[GAIN] == pytest.approx(building.gain_value(-9)), desk.poll)
    assert desk.plugins.unit(slot) is unit and unit.failures == 0


def test_a_plugin_that_moved_is_found_where_it_is_now(built, desk, song, tmp_path):
    """By what it calls itself; the settings stay, and it is said."""
    found = try_plugin(built())
    Catalogue().keep(found)
    desk.open(song)
    was = with_values(PluginRef(str(tmp_path / "Gone.vst3"), identifier=found.identifier), {GAIN: building.gain_value(-9)}, {})
    desk.edit(lambda s: edits.put_plugin(edits.add_stage(s, "plugin", 0), "plugin", was))
    told = []
    until(lambda: told.extend(desk.poll().sentences) or desk.session.chain[0].plugin.path == found.path)
    until(lambda: desk.plugins.unit("plugin").phase == "running", lambda: told.extend(desk.poll().sentences))
    assert desk.plugins.unit("plugin").values[GAIN] == pytest.approx(building.gain_value(-9))
    assert any("was found at" in sentence for sentence in told)
