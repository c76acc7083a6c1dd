"""The session holds all of a plugin: as it comes, what its own window did to it, and whose settings these are."""
from base64 import b64decode

import pytest
from msgspec.structs import replace

from mastering_rt.desk import plugin_states
from mastering_rt.desk.desk import Desk
from mastering_rt.offline.render import render
from mastering_rt.playback.device import CLOCK
from mastering_rt.plugins import wire
from mastering_rt.plugins.scan import try_plugin
from mastering_rt.plugins.unit import Setup
from mastering_rt.plugins.units import PluginProblem, with_values
from mastering_rt.session import edits
from mastering_rt.session.model import PluginRef, Session
from mastering_rt.session.store import load_session, save_session
from tests import signals
from tests.mastering_rt.helpers import RATE, until, write_song
from tests.plugins.building import GAIN

pytestmark = pytest.mark.slow


@pytest.fixture
def song(tmp_path):
    return write_song(tmp_path / "mix.wav", 0.4 * signals.programme(RATE), RATE, "32f")


@pytest.fixture
def desk(home):
    with Desk(CLOCK, 256, autosave=False) as desk:
        yield desk


def runs(desk, slot="plugin"):
    return desk.plugins.unit(slot) is not None and desk.plugins.unit(slot).phase == "running"


def plugin_in(session, slot="plugin"):
    return edits.find_slot(session, slot).plugin


@pytest.fixture
def hosting(built, desk, song):
    """A desk whose chain is the test plugin, as it comes."""
    desk.open(song)
    desk.edit(lambda s: edits.replace_chain(s, ()))
    desk.plugins.add(try_plugin(built()))
    until(lambda: runs(desk) and plugin_in(desk.session).state, desk.poll)
    return desk


def of_session(path, identifier="", version="", **more):
    return edits.put_plugin(edits.add_stage(Session(), "plugin"), "plugin", PluginRef(path, identifier=identifier, version=version, **more))


def gain_of(unit_of, path, state):
    """Where the gain stands in a state."""
    return unit_of(path, state=b64decode(state)).values[GAIN]


def test_a_plugin_as_it_comes_is_kept_as_a_state(hosting):
    """In every session that undo can reach, as no step of its own; it is nothing that would have to be saved."""
    unit, kept = hosting.plugins.unit("plugin"), plugin_in(hosting.session)
    assert b64decode(kept.state) == unit.as_it_comes[0] and b64decode(kept.preset) == unit.as_it_comes[1] != b""
    assert all(plugin_in(step.after).state for step in hosting.history.steps if any(slot.plugin for slot in step.after.chain))
    pid = unit.pid
    hosting.plugins.set_value("plugin", GAIN, 0.75)
    until(lambda: unit.values[GAIN] == 0.75, hosting.poll)
    hosting.undo()
    until(lambda: unit.values[GAIN] == 0.5, hosting.poll)
    assert plugin_in(hosting.session) == kept and unit.pid == pid


def test_values_without_a_state_stay_on_top_of_the_plugin_as_it_comes(built, desk, song, tmp_path):
    """As old sessions have them; and the file counts as saved."""
    path = save_session(with_set(of_session(built()), 0.75), tmp_path / "old.mrt")
    desk.open(str(path))
    until(lambda: runs(desk) and plugin_in(desk.session).state, desk.poll)
    unit = desk.plugins.unit("plugin")
    assert b64decode(plugin_in(desk.session).state) == unit.as_it_comes[0] and unit.values[GAIN] == 0.75
    assert plugin_in(desk.session).values == {f"{GAIN}": 0.75} and not desk.has_unsaved_changes


def with_set(session, gain):
    return edits.put_plugin(session, "plugin", with_values(plugin_in(session), {GAIN: gain}, {}))


def test_what_moved_in_its_own_window_is_kept_when_it_has_come_to_rest(hosting, unit_of, built, monkeypatch):
    monkeypatch.setattr(plugin_states, "REST_S", 0.1)
    before = plugin_in(hosting.session).state
    hosting.plugins.unit("plugin").ask_now({GAIN: 0.625})
    until(lambda: plugin_in(hosting.session).state != before, hosting.poll)
    assert gain_of(unit_of, built(), plugin_in(hosting.session).state) == 0.625
    hosting.undo()
    assert plugin_in(hosting.session).state == before and not plugin_in(hosting.session).values


def test_a_state_that_comes_late_is_no_part_of_another_step(hosting, monkeypatch):
    monkeypatch.setattr(plugin_states, "REST_S", 0.3)
    before = plugin_in(hosting.session).state
    hosting.plugins.unit("plugin").ask_now({GAIN: 0.625})
    until(lambda: plugin_in(hosting.session).values, hosting.poll)
    hosting.edit(lambda s: edits.add_stage(s, "trim"))
    until(lambda: plugin_in(hosting.session).state != before, hosting.poll)
    kept = plugin_in(hosting.session)
    hosting.undo()
    assert plugin_in(hosting.session) == kept


def test_an_answer_that_comes_behind_an_undo_changes_nothing(hosting):
    unit, before = hosting.plugins.unit("plugin"), plugin_in(hosting.session)
    unit.ask_now({GAIN: 0.625})
    until(lambda: plugin_in(hosting.session).values, hosting.poll)
    hosting.plugins.states.closed("plugin")
    answer = unit.next_happening(lambda told: told.state is not None, 10.0)
    hosting.undo()
    hosting.plugins.take([("plugin", answer)])
    assert plugin_in(hosting.session) == before
    until(lambda: unit.values[GAIN] == 0.5, hosting.poll)


@pytest.mark.parametrize("doing", ["save", "render", "settle"])
def test_what_its_window_did_is_in_the_session_before_that_is_used(hosting, unit_of, built, tmp_path, doing):
    """Without waiting until it rests, and while a hand may still be at it."""
    unit = hosting.plugins.unit("plugin")
    unit.ask_now({GAIN: 0.625})
    until(lambda: plugin_in(hosting.session).values, hosting.poll)
    if doing == "save":
        kept = load_session(hosting.save(str(tmp_path / "kept.mrt"))).session
    elif doing == "render":
        job = hosting.render_job(str(tmp_path / "out.wav"), render_options())
        job.wait()
        kept = job.result
        kept = replace(Session(), chain=kept.chain)
    else:
        hosting.settle()
        kept = hosting.session
    assert gain_of(unit_of, built(), plugin_in(kept).state) == 0.625
    hosting.settle()
    assert not (doing == "save" and hosting.has_unsaved_changes)


def render_options():
    from mastering_rt.offline.render import RenderOptions

    return RenderOptions(bits="32f")


def test_what_is_no_parameter_is_a_step_when_the_window_closes(hosting, unit_of, built):
    """The test plugin has no such thing; a state that was set behind the session's back stands for it."""
    before, other = plugin_in(hosting.session), unit_of(built(), values=[(GAIN, 0.25)]).state
    hosting.plugins.open_editor("plugin")
    hosting.plugins.unit("plugin").ask(wire.SetState(other))
    until(lambda: plugin_in(hosting.session).state != before.state, hosting.poll)
    assert b64decode(plugin_in(hosting.session).state) == other
    hosting.undo()
    until(lambda: hosting.plugins.unit("plugin").values[GAIN] == 0.5, hosting.poll)
    assert plugin_in(hosting.session) == before


def test_a_plugin_that_hangs_does_not_keep_the_session_from_being_saved(hosting, tmp_path):
    import os
    import signal

    unit = hosting.plugins.unit("plugin")
    unit.ask_now({GAIN: 0.625})
    until(lambda: plugin_in(hosting.session).values, hosting.poll)
    os.kill(unit.pid, signal.SIGSTOP)
    saved = load_session(hosting.save(str(tmp_path / "kept.mrt"))).session
    assert plugin_in(saved).values == {f"{GAIN} Gain": 0.625}


def test_another_plugin_in_its_file_is_not_given_its_settings(built, desk, song, tmp_path):
    """Live, in a render, and when its identifier becomes another while it runs."""
    session = of_session(built(), "VST3-Other Gain-00000000-11111111", "0.9.0", state="a2VwdA==", values={"1 Gain": 0.25}, name="")
    session = edits.put_plugin(session, "plugin", replace(plugin_in(session), name="Fault Gain"))
    with pytest.raises(PluginProblem, match="Fault Gain is not in its file any more, which holds Fault Gain by Mastering RT tests. Bypass"):
        render(song, str(tmp_path / "out.wav"), session)
    desk.open(song)
    told = []
    desk.edit(lambda s: edits.replace_chain(s, session.chain))
    until(lambda: told.extend(desk.poll().sentences) or (desk.plugins.unit("plugin") is not None and desk.plugins.unit("plugin").phase == "resting"))
    until(lambda: any("not in its file any more" in sentence for sentence in told), lambda: told.extend(desk.poll().sentences))
    assert desk.plugins.unit("plugin").missing and plugin_in(desk.session) == plugin_in(session)
    right = try_plugin(built())
    desk.edit(lambda s: edits.put_plugin(s, "plugin", PluginRef(built(), identifier=right.identifier)))
    until(lambda: runs(desk), desk.poll)


def test_another_version_is_said_and_the_session_names_it(built, desk, song, tmp_path):
    right = try_plugin(built())
    session = of_session(built(), right.identifier, "0.9.0")
    desk.open(str(save_session(session, tmp_path / "old.mrt")))
    told = []
    until(lambda: told.extend(desk.poll().sentences) or (runs(desk) and plugin_in(desk.session).version == right.version))
    assert [sentence for sentence in told if "version" in sentence] == [
        f"FaultGain2 is version {right.version} now, and was 0.9.0 when it was set. Listen whether it sounds as it did. "
        "The session names the new version from now on."]
    report = render(song, str(tmp_path / "out.wav"), session)
    assert any(f"is version {right.version} now, and was 0.9.0" in notice for notice in report.notices)


def test_a_state_that_was_asked_for_before_another_was_set_is_not_taken_for_that(built, unit_of):
    """Else the plugin would be thought to be where it no longer is, and a redo would not bring it back."""
    unit, quiet = unit_of(built()), unit_of(built(), values=[(GAIN, 0.25)]).state
    was = unit.state
    assert unit.ask(wire.AskState(7))
    unit.follow(Setup(built(), state=quiet))
    told = unit.next_happening(lambda told: told.state is not None, 10.0)
    assert told.state.ask == 7 and unit.state == quiet
    unit.follow(Setup(built(), state=was))
    until(lambda: unit.values[GAIN] == 0.5)
