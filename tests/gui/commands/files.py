"""What the commands for mixes, sessions, presets and sheets do."""
import threading

from mastering_rt.desk.jobs import Job
from mastering_rt.errors import Cancelled
from mastering_rt.session.recall import read_sheet
from tests.gui.commands.by_hand import RATE, does
from tests.mastering_rt.helpers import programme_file


@does("file.open")
def opens(rig, press, tmp_path):
    other = programme_file(tmp_path, 1.0, name="other.wav")
    with rig.picking(other):
        press()
    rig.until(lambda: rig.desk.song.frames == RATE)


@does("file.exchange")
def exchanges(rig, press, tmp_path):
    rig.acts.shaping.set_value("limiter", "gain", 3)
    newer = programme_file(tmp_path, 2.0, name="newer.wav")
    with rig.picking(newer):
        press()
    rig.until(lambda: rig.desk.song.frames == 2 * RATE)
    assert rig.value("limiter", "gain") == 3


@does("file.demo")
def opens_the_demo(rig, press, tmp_path, monkeypatch):
    monkeypatch.setattr("gui.acts.recovery.cached_demo", lambda progress: programme_file(tmp_path, 40.0, name="Demo mix.wav"))
    rig.desk.take_session(rig.desk.session, None, None)
    press()
    rig.until(lambda: rig.desk.song is not None and rig.desk.song.frames == 40 * RATE)
    assert rig.value("limiter", "gain") == 6 and rig.frame > 20 * RATE


@does("file.save", "file.save_as")
def saves(rig, press, tmp_path):
    rig.acts.shaping.set_value("limiter", "gain", 3)
    with rig.picking(tmp_path / "kept.mrt"):
        press()
    assert (tmp_path / "kept.mrt").exists() and not rig.desk.history.has_unsaved_changes


@does("file.render", "view.device", "help.shortcuts", "help.messages", "help.about")
def opens_a_dialog(rig, press, tmp_path):
    press()
    titles = {"file.render": "Render master", "view.device": "Audio device", "help.shortcuts": "Shortcuts", "help.messages": "No messages yet",
              "help.about": "Mastering RT"}
    assert rig.dialog.title.words == titles[press.command.id]
    rig.key("Escape")
    assert rig.dialog is None


@does("file.recall")
def exports_the_recall_sheet(rig, press, tmp_path):
    with rig.picking(tmp_path / "sheet.txt"):
        press()
    assert read_sheet(tmp_path / "sheet.txt").session == rig.desk.session


@does("file.quit")
def quits(rig, press, tmp_path):
    press()
    assert not rig.window.isVisible()
    rig.window.show()
    rig.window.activateWindow()


@does("preset.open", "file.preferences")
def opens_a_sheet(rig, press, tmp_path):
    press()
    assert rig.dialog.title.words == {"preset.open": "Presets", "file.preferences": "Preferences"}[press.command.id]
    rig.key("Escape")
    assert rig.dialog is None and rig.acts.presets.dialog is None and rig.acts.preferring.dialog is None


@does("preset.save", "preset.save_stage")
def saves_a_preset(rig, press, tmp_path):
    name = f"Mine {press.command.id}"
    press()
    rig.type(name)
    rig.key("Return")
    found = next(one for one in rig.acts.presets.all() if one.name == name)
    assert found.kind == ("eq" if press.command.id == "preset.save_stage" else "") and not found.built_in


@does("preset.keep")
def keeps_levels(rig, press, tmp_path):
    press()
    assert rig.desk.session.keep_levels and press.on
    press()
    assert not rig.desk.session.keep_levels and not press.on


@does("file.forget_recent")
def forgets_recent_files(rig, press, tmp_path):
    assert rig.acts.files.recent()
    press()
    assert rig.acts.files.recent() == []


@does("file.stop")
def stops_the_background(rig, press, tmp_path):
    go = threading.Event()

    def works(tell, cancelled):
        go.wait(60)
        if cancelled():
            raise Cancelled("It was stopped.")
    job, ended = Job("Working", works), []
    rig.acts.background.add(job, ended.append)
    press()
    go.set()
    rig.until(lambda: ended)
    assert job.cancelled
