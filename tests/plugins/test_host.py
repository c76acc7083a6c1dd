"""Foreign plugins in the desk, the render and on the command line."""
import json
import os
import signal
import sys
import threading
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from mastering_rt.audio.files import open_audio
from mastering_rt.audio.mix import open_mix
from mastering_rt.cli import chains, main
from mastering_rt.desk.desk import Desk
from mastering_rt.desk.loudness import loudness_job
from mastering_rt.errors import Cancelled, UsageProblem
from mastering_rt.offline.measured import Measured
from mastering_rt.offline.render import RenderOptions, render
from mastering_rt.offline.whole_song import Analyst
from mastering_rt.playback.device import CLOCK
from mastering_rt.plugins import typed
from mastering_rt.plugins.scan import Catalogue, try_plugin
from mastering_rt.plugins.unit import Unit
from mastering_rt.plugins.units import PluginProblem, with_values
from mastering_rt.session import edits
from mastering_rt.session.journal import between
from mastering_rt.session.model import PluginRef, Session
from mastering_rt.session.store import load_session, save_session
from tests import signals
from tests.mastering_rt.helpers import RATE, until, write_song
from tests.plugins import building
from tests.plugins.building import ABORT, DELAY, FAULT, GAIN, MODEL
from tests.plugins.test_units import children_of

pytestmark = pytest.mark.slow


@pytest.fixture
def song(tmp_path):
    return write_song(tmp_path / "mix.wav", 0.4 * signals.programme(3 * RATE), RATE, "32f")


@pytest.fixture
def desk(home):
    with Desk(CLOCK, 256, autosave=False) as desk:
        yield desk


def with_plugin(path, *others, values=()):
    session = edits.add_stage(Session(), "plugin")
    session = edits.put_plugin(session, "plugin", with_values(PluginRef(path), dict(values), {}))
    for kind in others:
        session = edits.add_stage(session, kind)
    return session


def samples(path):
    with open_audio(path) as file:
        return np.concatenate(list(file.blocks(65536)), axis=1)


def test_a_render_goes_through_the_plugin(built, home, song, tmp_path):
    session = with_plugin(built(), values=[(GAIN, building.gain_value(-6)), (DELAY, building.delay_value(500))])
    report = render(song, str(tmp_path / "out.wav"), session, RenderOptions(bits="64f"))
    gain = float(np.float32(10) ** np.float32(-6 / 20))
    assert report.latency_samples == 2048 + 500
    want = samples(song).astype(np.float32) * gain
    assert np.allclose(samples(tmp_path / "out.wav")[:, 600:], want[:, 600:], rtol=1e-5, atol=1e-8)


def test_a_render_that_loses_its_plugin_leaves_nothing(built, home, song, tmp_path):
    session = with_plugin(str(tmp_path / "Gone.vst3"))
    with pytest.raises(PluginProblem, match="Gone is not there. Bypass or remove its slot"):
        render(song, str(tmp_path / "out.wav"), session)
    session = with_plugin(built(), values=[(FAULT, building.fault_value(ABORT))])
    with pytest.raises(PluginProblem, match="crashed"):
        render(song, str(tmp_path / "out.wav"), session)
    assert not list(tmp_path.glob("out*"))


def test_a_render_whose_plugin_hangs_can_be_stopped(built, home, tmp_path):
    """It is not waited for until it is known to hang."""
    path = write_song(tmp_path / "long.wav", 0.1 * signals.noise(20 * RATE, RATE), RATE, "32f")
    before, stopped = workers(), threading.Event()

    def stop(what, share):
        if what == "Rendering" and not stopped.is_set():
            for pid in workers() - before:
                os.kill(pid, signal.SIGSTOP)
            stopped.set()
    with pytest.raises(Cancelled, match="nothing was written"):
        render(path, str(tmp_path / "out.wav"), with_plugin(built()), progress=stop, cancelled=stopped.is_set)
    assert not list(tmp_path.glob("out*"))
    until(lambda: not workers() - before)


@pytest.fixture(scope="module")
def stalling(tmp_path_factory):
    """A plugin that never finishes loading."""
    if building.why_not():
        pytest.skip(building.why_not())
    return building.build(tmp_path_factory.mktemp("vst3"), "Stalling", "-DSTALLS=1")


def loads(before):
    """Whether a worker has come that waits in its plugin."""
    return any("plugins.worker" in Path(f"/proc/{pid}/cmdline").read_text() and "Stalling" in Path(f"/proc/{pid}/maps").read_text()
               for pid in workers() - before)


@pytest.fixture
def given_up(monkeypatch):
    """Of each unit that somebody lets go of, what it was doing and whether it had failed by then."""
    seen, close = {}, Unit.close

    def noted(unit, wait=False):
        seen.setdefault(unit, (unit.phase, unit.line.fault))
        close(unit, wait)
    monkeypatch.setattr(Unit, "close", noted)
    return seen


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("options", [RenderOptions(), RenderOptions(target_lufs=-14.0)])
def test_a_render_whose_plugin_does_not_come_can_be_stopped(stalling, home, song, tmp_path, options):
    before = workers()
    with pytest.raises(Cancelled, match="nothing was written"):
        render(song, str(tmp_path / "out.wav"), with_plugin(stalling), options, cancelled=lambda: loads(before))
    assert not list(tmp_path.glob("out*"))
    until(lambda: not workers() - before)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_other_work_whose_plugin_does_not_come_can_be_stopped(stalling, home, song, given_up):
    """The measurement of the whole song by the next change, a scan, the search for a drive."""
    before, chain = workers(), with_plugin(stalling).chain
    analyst = Analyst()
    analyst.request(open_mix(song), chain)
    until(lambda: loads(before))
    analyst.request(open_mix(song), ())
    told = []
    until(lambda: told.extend(analyst.results()) or any(isinstance(found, Measured) and found.chain == () for found in told))
    analyst.close()
    until(lambda: not workers() - before)
    with pytest.raises(Cancelled, match="was stopped"):
        Catalogue().scan([Path(stalling).parent], again=True, cancelled=lambda: loads(before))
    until(lambda: not workers() - before)
    job = loudness_job(open_mix(song), chain, -14.0)
    until(lambda: loads(before))
    job.cancel()
    until(lambda: job.done)
    assert job.cancelled
    until(lambda: not workers() - before)
    assert list(given_up.values()) == 3 * [("starting", "")]


@pytest.mark.skipif(sys.platform != "linux", reason="stops processes")
def test_a_measurement_whose_plugin_hangs_can_be_stopped(built, home, tmp_path, given_up):
    """Before it is known to hang."""
    path = write_song(tmp_path / "long.wav", 0.1 * signals.noise(60 * RATE, RATE), RATE, "32f")
    before, analyst = workers(), Analyst()
    analyst.request(open_mix(path), with_plugin(built()).chain)
    until(lambda: analyst.points is not None)
    for pid in workers() - before:
        os.kill(pid, signal.SIGSTOP)
    analyst.close()
    assert list(given_up.values()) == [("running", "")]
    until(lambda: not workers() - before)


def workers():
    """Numbers of the processes that this one has plugins in, or ready for one."""
    return set(children_of(os.getpid()))


def test_a_bypassed_slot_needs_no_plugin(home, song, tmp_path):
    session = edits.set_value(with_plugin(str(tmp_path / "Gone.vst3")), "plugin", "bypass", 1)
    render(song, str(tmp_path / "out.wav"), session, RenderOptions(bits="64f"))
    assert np.array_equal(samples(tmp_path / "out.wav"), samples(song))


def test_a_session_keeps_a_plugin_that_is_not_there(tmp_path):
    session = with_plugin("/somewhere/Gone.vst3", values=[(3, 0.25)])
    path = save_session(session, tmp_path / "kept.mrt")
    assert load_session(path).session == session


@pytest.mark.realtime
@pytest.mark.parametrize("run", [1, 3])
def test_live_is_what_the_render_writes(built, home, song, tmp_path, run):
    """Through the plugin, or three of it in a run, with an equaliser behind and a limiter behind that, to the bit."""
    from tests.plugins.capture import play_through

    session = Session()
    for number in range(run):
        session = edits.add_stage(session, "plugin")
        reference = with_values(PluginRef(built()), {GAIN: building.gain_value(-3 + number), DELAY: building.delay_value(100)}, {})
        session = edits.put_plugin(session, session.chain[-1].name, reference)
        session = edits.set_values(session, session.chain[-1].name, {"mix": 100 - 30 * number, "gain": number})
    session = edits.add_stage(edits.add_stage(session, "eq"), "limiter")
    session = edits.set_values(session, "eq", {"band3_gain": 2.0})
    session = edits.set_values(session, "limiter", {"gain": 6.0})
    report = render(song, str(tmp_path / "out.wav"), session, RenderOptions(bits="32f"))
    assert report.latency_samples < 2048 + run * 100 + 1000
    played, lapses = play_through(song, session)
    if lapses:
        pytest.skip("the machine was too busy to play in real time")
    want = samples(tmp_path / "out.wav").astype(np.float32)
    assert np.array_equal(played[:, :want.shape[1] - 4800], want[:, :played.shape[1]][:, :want.shape[1] - 4800])


def test_the_desk_plays_through_it_and_undoes_its_moves(built, desk, song):
    desk.open(song)
    slot = desk.plugins.add(try_plugin(built()))
    until(lambda: desk.plugins.unit(slot) and desk.plugins.unit(slot).phase == "running", desk.poll)
    desk.plugins.set_value(slot, GAIN, building.gain_value(-9))
    assert desk.history.undo_sentence == "Fault Gain Gain as it was → 42 %"
    until(lambda: desk.history.undo_sentence == "Fault Gain Gain 0 → −9 dB", desk.poll)
    assert desk.journal.entries[-1].sentence == desk.history.undo_sentence
    until(lambda: desk.plugins.unit(slot).texts[GAIN].startswith("-8.99999"), desk.poll)
    desk.undo()
    until(lambda: desk.plugins.unit(slot).texts[GAIN] == "0.000000", desk.poll)
    desk.edit(lambda s: edits.remove_stage(s, slot))
    until(lambda: desk.plugins.unit(slot) is None, desk.poll)


def test_a_drag_of_its_values_is_told_in_its_own_words(built, desk, song):
    desk.open(song)
    slot = desk.plugins.add(try_plugin(built()))
    until(lambda: desk.plugins.unit(slot) and desk.plugins.unit(slot).phase == "running", desk.poll)
    for first, last, words in ((-3, -6, "Fault Gain Gain 0 → −6 dB"), (0, 2, "Fault Gain Gain −6 → 2 dB")):
        desk.history.begin_gesture()
        desk.plugins.set_value(slot, GAIN, building.gain_value(first))
        until(lambda first=first: desk.plugins.unit(slot).texts[GAIN].startswith(f"{first}."), desk.poll)
        desk.plugins.set_value(slot, GAIN, building.gain_value(last))
        desk.history.end_gesture()
        until(lambda words=words: desk.history.undo_sentence == words, desk.poll)
    desk.plugins.set_value(slot, MODEL, 1.0)
    until(lambda: desk.history.undo_sentence == "Fault Gain Model Clean → Hot", desk.poll)
    desk.undo()
    assert desk.history.redo_sentence == "Fault Gain Model Clean → Hot"


def test_versions_are_compared_in_the_plugins_own_words(built, desk, song, tmp_path, capsys):
    """Which the file keeps, for whoever does not run it."""
    desk.open(song)
    slot = desk.plugins.add(try_plugin(built()))
    until(lambda: desk.session.chain[-1].plugin.state, desk.poll)
    path = str(desk.save(str(tmp_path / "song")))
    desk.plugins.set_value(slot, GAIN, building.gain_value(-9))
    until(lambda: desk.history.undo_sentence == "Fault Gain Gain 0 → −9 dB", desk.poll)
    desk.save()
    assert main(["recall", path, "--between", "1", "2"]) == 0
    assert "Fault Gain Gain 0 → −9 dB" in capsys.readouterr().out
    desk.open(path)
    until(lambda: desk.plugins.unit(slot) and desk.plugins.unit(slot).phase == "running", desk.poll)
    desk.edit(lambda s: edits.set_value(s, slot, "gain", 1.0))
    desk.save()
    desk.plugins.set_value(slot, GAIN, building.gain_value(3))
    until(lambda: desk.history.undo_sentence == "Fault Gain Gain −9 → 3 dB", desk.poll)
    desk.save()
    assert between(load_session(path).journal, 3, 4) == ["Fault Gain Gain −9 → 3 dB"]
    assert not [entry.sentence for entry in desk.journal.entries if "%" in entry.sentence]


def test_latency_that_changes_is_compensated_while_it_plays(built, desk, song):
    desk.open(song)
    slot = desk.plugins.add(try_plugin(built()))
    desk.play_or_stop()
    for samples_late in (100, 4096, 0):
        until(lambda: desk.plugins.unit(slot) and desk.plugins.unit(slot).phase == "running", desk.poll)
        desk.plugins.set_value(slot, DELAY, building.delay_value(samples_late))
        until(lambda late=samples_late: desk.player.stage_latencies == (2048 + late,), desk.poll)


def test_what_moves_in_the_plugin_is_a_step(built, desk, song):
    desk.open(song)
    slot = desk.plugins.add(try_plugin(built()))
    until(lambda: desk.plugins.unit(slot) and desk.plugins.unit(slot).phase == "running", desk.poll)
    desk.plugins.unit(slot).ask_now({GAIN: building.gain_value(5)})
    until(lambda: desk.session.chain[-1].plugin.values, desk.poll)
    assert desk.session.chain[-1].plugin.values == {f"{GAIN} Gain": pytest.approx(building.gain_value(5))}
    assert desk.history.undo_sentence.startswith("Fault Gain Gain")


def test_what_a_plugin_tells_when_it_has_been_removed_stops_nothing(built, desk, song):
    desk.open(song)
    slot = desk.plugins.add(try_plugin(built()))
    until(lambda: desk.plugins.unit(slot) and desk.plugins.unit(slot).phase == "running", desk.poll)
    unit, kept = desk.plugins.unit(slot), desk.session.chain
    unit.ask_now({GAIN: building.gain_value(5)})
    until(lambda: unit.values[GAIN] == pytest.approx(building.gain_value(5)))
    desk.edit(lambda s: edits.remove_stage(s, slot))
    until(lambda: desk.plugins.unit(slot) is None, desk.poll)
    assert len(desk.session.chain) == len(kept) - 1


def test_typed_texts_are_read_by_the_plugin(built, desk, song):
    desk.open(song)
    slot = desk.plugins.add(try_plugin(built()))
    until(lambda: desk.plugins.unit(slot) and desk.plugins.unit(slot).phase == "running", desk.poll)
    desk.plugins.type_value(slot, GAIN, "-12")
    until(lambda: desk.session.chain[-1].plugin.values, desk.poll)
    assert desk.session.chain[-1].plugin.values[f"{GAIN} Gain"] == pytest.approx(building.gain_value(-12))
    with pytest.raises(UsageProblem, match="empty slot"):
        desk.edit(lambda s: edits.add_stage(s, "plugin"))
        desk.plugins.set_value("plugin2", 0, 0.5)


def test_a_comma_parts_what_the_plugin_has_room_for(built, desk, song):
    """1.5 dB, because 1500 dB is none; 1500 samples, because 1.5 is none; and no guess where both are."""
    desk.open(song)
    slot = desk.plugins.add(try_plugin(built()))
    until(lambda: desk.plugins.unit(slot) and desk.plugins.unit(slot).phase == "running", desk.poll)
    for index, name, value in ((GAIN, "Gain", building.gain_value(1.5)), (DELAY, "Delay", building.delay_value(1500))):
        desk.plugins.type_value(slot, index, "1,500")
        until(lambda key=f"{index} {name}": key in desk.session.chain[-1].plugin.values, desk.poll)
        assert desk.session.chain[-1].plugin.values[f"{index} {name}"] == pytest.approx(value)
    before, said = desk.session.chain[-1].plugin.values, []
    desk.plugins.type_value(slot, DELAY, "2,000")
    until(lambda: said.extend(desk.poll().sentences) or any("2,000" in sentence for sentence in said))
    assert ("Fault Gain Delay: '2,000' can be 2 or 2000; type a point for the fraction, and thousands without a comma. The value stays as it was."
            in said) and desk.session.chain[-1].plugin.values == before


def test_the_whole_song_is_measured_through_the_plugin(built, desk, song):
    desk.open(song)
    until(lambda: desk.measured is not None, desk.poll)
    before = desk.measured.master.report.integrated_lufs
    slot = desk.plugins.add(try_plugin(built()))
    desk.plugins.set_value(slot, GAIN, building.gain_value(-10))
    until(lambda: desk.measured is not None and desk.measured.chain == desk.session.chain, desk.poll)
    assert desk.measured.master.report.integrated_lufs == pytest.approx(before - 10, abs=0.05)


def test_a_fresh_slot_is_measured_once(built, desk, song, monkeypatch):
    """Not before it is known how it comes, which becomes a part of the session."""
    asked, request = [], Analyst.request

    def noted(analyst, song, chain, what="numbers"):
        asked.append((chain, what))
        request(analyst, song, chain, what)
    monkeypatch.setattr(Analyst, "request", noted)
    desk.open(song)
    until(lambda: desk.measured is not None, desk.poll)
    asked.clear()
    desk.plugins.add(try_plugin(built()))
    until(lambda: desk.measured is not None and desk.measured.chain == desk.session.chain, desk.poll)
    assert desk.session.chain[-1].plugin.state
    assert [chain for chain, what in asked if what == "numbers"] == [desk.session.chain]


def test_what_a_slot_that_never_loads_keeps_from_being_measured_is_told(desk, song, tmp_path):
    """Nothing waits for it."""
    desk.open(song)
    desk.edit(lambda s: edits.put_plugin(edits.add_stage(s, "plugin"), "plugin", PluginRef(str(tmp_path / "Gone.vst3"))))
    said = []
    until(lambda: said.extend(desk.poll().sentences) or any("could not be measured" in sentence for sentence in said))


def test_scan_list_and_test(built, home, tmp_path, capsys, monkeypatch):
    folder = str(tmp_path / "plugins")
    good, bad = building.build(folder, "Good"), tmp_path / "plugins" / "Broken.vst3"
    bad.write_bytes(b"this is no plugin")
    assert main(["plugins", "scan", folder, "--json"]) == 0
    found = {plugin["path"]: plugin for plugin in json.loads(capsys.readouterr().out)}
    assert found[good]["verdicts"] == ["identical"] and found[good]["name"] == "Fault Gain" and not found[good]["problem"]
    assert found[str(bad)]["problem"].startswith("cannot be loaded")
    assert not Catalogue().stale([tmp_path / "plugins"])
    bad.write_bytes(b"neither is this")
    assert Catalogue().stale([tmp_path / "plugins"])
    assert main(["plugins", "list"]) == 0
    assert "Fault Gain" in capsys.readouterr().out
    assert main(["plugins", "test", str(tmp_path / "Nothing")]) == 2


def test_a_list_before_the_first_scan_says_so(home, tmp_path, monkeypatch, capsys):
    """And not that there is nothing."""
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "Some.vst3").write_bytes(b"")
    monkeypatch.setenv("VST3_PATH", str(tmp_path / "plugins"))
    assert main(["plugins", "list"]) == 0
    told = capsys.readouterr()
    assert "none was looked at yet" in told.err and "plugins scan" in told.err
    assert "No plugins" not in told.out + told.err


def test_settings_of_the_command_line_reach_the_plugin(built, home, song, tmp_path, capsys):
    out = str(tmp_path / "out.wav")
    assert main(["render", song, out, "--preset", "none", "--bits", "64f", "--set", f"plugin.file={built()}", "--set", "plugin.gain=-6"]) == 0
    assert np.max(np.abs(samples(out))) == pytest.approx(10 ** (-6 / 20) * np.max(np.abs(samples(song))), rel=1e-5)
    assert main(["render", song, out, "--preset", "none", "--set", f"plugin.file={built()}", "--set", "plugin.delay=2,000"]) == 2
    assert "FaultGain2 Delay: '2,000' can be 2 or 2000; type a point" in capsys.readouterr().err


def test_all_that_is_typed_for_a_plugin_is_read_by_one_worker_at_the_songs_rate(built, home, tmp_path, monkeypatch):
    began = []

    class Counted(typed.Unit):
        def __init__(self, setup, rate_hz, **more):
            began.append(rate_hz)
            super().__init__(setup, rate_hz, **more)
    monkeypatch.setattr(typed, "Unit", Counted)
    mix = write_song(tmp_path / "mix.wav", 0.1 * signals.programme(9600), 96000, "32f")
    settings = [f"plugin.file={built()}", "plugin.delay=100", "plugin.model=Hot", "plugin.delay=50 %", f"plugin2.file={built()}", "plugin2.model=Warm"]
    arguments = Namespace(file=mix, session=None, preset="none", settings=settings)
    chain = chains.wanted(arguments)[1].session.chain
    assert began == [96000, 96000]
    assert dict(chain[0].plugin.values) == {f"{DELAY} Delay": 0.5, f"{MODEL} Model": 1.0} and dict(chain[1].plugin.values) == {f"{MODEL} Model": 0.5}


def test_a_blocked_plugin_is_loaded_by_nothing_until_it_is_let_go(built, home, song, tmp_path, capsys):
    path = building.build(tmp_path / "plugins", "Blocked")
    assert main(["plugins", "scan", str(tmp_path / "plugins")]) == 0
    assert main(["plugins", "block", path]) == 0
    capsys.readouterr()
    assert main(["plugins", "scan", str(tmp_path / "plugins"), "--again", "--json"]) == 0
    assert [(plugin["blocked"], plugin["problem"]) for plugin in json.loads(capsys.readouterr().out)] == [(True, "is blocked")]
    with pytest.raises(PluginProblem, match="is blocked by you"):
        render(song, str(tmp_path / "out.wav"), with_plugin(path))
    assert main(["plugins", "unblock", "Blocked"]) == 0
    render(song, str(tmp_path / "out.wav"), with_plugin(path))


def test_what_a_test_finds_is_kept_for_the_list(built, home, tmp_path, capsys):
    path = building.build(tmp_path / "plugins", "Kept")
    assert main(["plugins", "scan", str(tmp_path / "plugins")]) == 0
    assert not Catalogue().plugins[0].live_tested
    assert main(["plugins", "test", path, "--json"]) == 0
    kept = Catalogue().plugins[0]
    assert kept.live_tested and kept.live_equals_render in (True, None) and kept.realtime_factor > 1


def test_another_plugin_is_not_taken_for_the_one_that_is_missing(built, desk, song, tmp_path):
    desk.open(song)
    missing = PluginRef(str(tmp_path / "Gone.vst3"), "Gone", "VST3-Gone-aaaa1111-17", state="a2VwdA==")
    desk.edit(lambda s: edits.put_plugin(edits.add_stage(s, "plugin", 0), "plugin", missing))
    found = try_plugin(building.build(tmp_path / "plugins", "Other"))
    with pytest.raises(UsageProblem, match="Fault Gain is another plugin than Gone"):
        desk.plugins.locate("plugin", found)
    assert desk.session.chain[0].plugin == missing
