"""What goes wrong in the window: a sentence that names thing and remedy, and the session from before. Nothing is lost without a question."""
import gc
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from gui.acts.recovery import time_of
from gui.controls.buttons import Button
from mastering_rt.playback import player
from mastering_rt.playback.device import CLOCK, CLOCK_API, DeviceInfo
from mastering_rt.session import edits
from mastering_rt.session.autosave import Autosave, find_recoverable
from mastering_rt.session.model import Session, Slot, Source
from mastering_rt.session.store import load_session, save_session
from tests import signals
from tests.mastering_rt.helpers import RATE, programme_file, write_song

pytestmark = pytest.mark.slow

OTHER_CLOCK = DeviceInfo(CLOCK_API, "the other clock", 2, 0, 48000.0)


def wrong(folder, kind):
    """A file that cannot be opened, and what its refusal says."""
    path = folder / f"{kind}.wav"
    if kind == "text":
        path.write_text("This is a shopping list.\n" * 40)
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "folder":
        path.mkdir()
    elif kind == "silent":
        write_song(path, np.zeros((2, 0)))
    return path


def drop(rig, path):
    """Let a file fall on the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    details = Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(rig.window, QDragEnterEvent(QPoint(300, 300), *details))
    QApplication.sendEvent(rig.window, QDropEvent(QPointF(300, 300), *details))


# files


@pytest.mark.parametrize("kind", ["text", "empty", "folder", "silent", "missing"])
def test_what_cannot_be_opened_is_told_and_changes_nothing(working, tmp_path, kind):
    session, song = working.desk.session, working.desk.song
    path = wrong(tmp_path, kind)
    drop(working, path)
    working.until(lambda: working.dialog is not None)
    assert working.dialog.title.words == f"{kind}.wav cannot be opened."
    assert f"{kind}.wav" in working.dialog.sentence.words and working.dialog.sentence.words.endswith("Your session is as before.")
    working.answer("Close")
    assert working.desk.session is session and working.desk.song is song
    working.key("Space")
    working.until(lambda: working.playing)


def test_two_of_six_channels_are_chosen(working, tmp_path):
    song = working.desk.song
    path = tmp_path / "surround.wav"
    soundfile.write(path, 0.1 * np.repeat(signals.noise(RATE), 3, axis=0).T, RATE, subtype="FLOAT")
    drop(working, path)
    working.until(lambda: working.dialog is not None)
    assert working.dialog.title.words == "surround.wav has 6 channels."
    assert "as before" in working.dialog.sentence.words and working.desk.song is song
    working.answer("Open these two")
    working.until(lambda: working.desk.song is not song)
    assert working.desk.song.frames == RATE and working.desk.session.source.take == (0, 1)


def test_a_file_cut_short_is_opened_as_far_as_it_goes_if_wished(working, tmp_path):
    song = working.desk.song
    whole = Path(programme_file(tmp_path, 2.0, name="whole.wav")).read_bytes()
    path = tmp_path / "torn.wav"
    path.write_bytes(whole[:len(whole) * 2 // 3])
    drop(working, path)
    working.until(lambda: working.dialog is not None)
    assert working.dialog.title.words == "torn.wav is cut short." and "as before" in working.dialog.sentence.words
    working.answer("Close")
    assert working.desk.song is song
    drop(working, path)
    working.until(lambda: working.dialog is not None)
    working.answer("Open what is there")
    working.until(lambda: working.desk.song is not song)
    assert RATE < working.desk.song.frames < 2 * RATE


def test_broken_samples_are_silenced_and_counted(working, tmp_path):
    planes = 0.3 * signals.noise(RATE)
    planes[0, 100:107] = np.nan
    soundfile.write(tmp_path / "holes.wav", planes.T, RATE, subtype="FLOAT")
    working.open(tmp_path / "holes.wav")
    working.until(lambda: "7" in working.told)
    assert "holes.wav" in working.told


def test_a_broken_session_offers_the_last_good_one(working, tmp_path):
    path = save_session(working.desk.session, tmp_path / "song.mrt")
    save_session(edits.set_value(working.desk.session, "limiter", "gain", 2), path)
    path.write_text("{")
    working.open(path)
    assert working.dialog.title.words == "song.mrt cannot be opened."
    assert any(button.text() == "Open the last good save" for button in working.dialog.findChildren(Button))
    working.answer("Open the last good save")
    working.until(lambda: working.value("limiter", "gain") == 2)


def test_a_session_without_its_mix_keeps_everything_else(working, tmp_path):
    mix = Path(programme_file(tmp_path, 1.0, name="lost.wav"))
    working.open(mix)
    working.acts.shaping.set_value("limiter", "gain", 5)
    path = save_session(working.desk.session, tmp_path / "song.mrt")
    working.desk.history.mark_saved()
    mix.unlink()
    working.open(path)
    assert working.dialog.title.words == "The mix of this session is not there." and "lost.wav" in working.dialog.sentence.words
    found = programme_file(tmp_path, 2.0, name="found.wav")
    with working.picking(found):
        working.answer("Choose the mix")
    working.until(lambda: working.desk.song is not None and working.desk.song.frames == 2 * RATE)
    assert working.value("limiter", "gain") == 5


def test_a_relative_path_is_kept_whole(rig, mix, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    rig.program.begin("mix.wav")
    rig.until(lambda: rig.desk.song is not None)
    assert rig.desk.session.source.path == mix


def test_a_render_that_cannot_be_written_says_why(working, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    working.key("Ctrl+R")
    working.dialog.form.show_folder(tmp_path / "file")
    working.answer("Render")
    back = working.dialog.back
    working.until(lambda: back.title == "Nothing was written")
    assert back.sentences[0][0].endswith(".") and "file" in back.sentences[0][0]


def test_a_very_long_name_leaves_the_fact_to_be_read(working, tmp_path):
    name = "a very long name of a mix that somebody has given to it, with date and version and everything " + "x" * 120
    path = tmp_path / f"{name}.wav"
    path.write_bytes(b"")
    drop(working, path)
    working.until(lambda: working.dialog is not None)
    title, sentence = working.dialog.title, working.dialog.sentence
    assert title.words.startswith("a very long name") and title.words.endswith("x.wav cannot be opened.")
    assert title.sizeHint().width() <= title.width()
    assert sentence.heightForWidth(sentence.width()) <= sentence.height() + 1
    working.answer("Close")
    working.open(shutil.copy(working.desk.song.source.path, path))
    working.frames(10)
    assert len(working.window.windowTitle()) < 110 and working.window.windowTitle().endswith("x - Mastering RT")
    strip = working.window.title
    assert strip.name.geometry().right() < strip.undo_key.x() and strip.undo_key.geometry().right() < strip.device.x()


# leaving


@pytest.mark.parametrize("answer", ["Do not save", "Cancel", "Save"])
def test_changes_that_are_not_saved_are_asked_about(working, tmp_path, answer):
    working.key("Ctrl+D")
    working.window.close()
    assert working.window.isVisible() and "changes that are not saved" in working.dialog.title.words
    assert "EQ 2 added" in working.dialog.sentence.words
    with working.picking(tmp_path / "kept.mrt"):
        working.answer(answer)
    assert working.window.isVisible() == (answer == "Cancel")
    assert (tmp_path / "kept.mrt").exists() == (answer == "Save")
    if answer == "Save":
        assert load_session(tmp_path / "kept.mrt").session.chain == working.desk.session.chain


def test_a_save_that_was_not_named_does_not_close(working):
    working.key("Ctrl+D")
    working.window.close()
    with working.picking(""):
        working.answer("Save")
    assert working.window.isVisible() and working.desk.history.has_unsaved_changes


def test_the_question_comes_before_another_file_takes_the_place(working, tmp_path):
    working.key("Ctrl+D")
    song = working.desk.song
    drop(working, programme_file(tmp_path, 1.0, name="other.wav"))
    assert working.dialog is not None and working.desk.song is song
    working.answer("Do not save")
    working.until(lambda: working.desk.song is not song)
    assert working.chain == ["eq", "compressor", "limiter"]


# after a crash


def crashed(session, session_path=None):
    """What a process leaves that was killed: its recovery file, and no lock that anybody holds."""
    autosave = Autosave(session_path)
    autosave.note(session, "Limiter drive +3.0 dB")
    autosave.wait_until_written()
    left = shutil.copy(autosave._path, autosave._path.with_name("1-1.mrt-recovery"))
    autosave.close()
    return left


@pytest.mark.parametrize("answer", ["Open recovered", "Discard", "Not now"])
def test_after_a_crash_there_is_a_question(rig, mix, monkeypatch, answer):
    monkeypatch.setattr(type(rig.acts.recovery), "open_demo", lambda _: None)
    left = crashed(Session(chain=(Slot("limiter", "limiter", {"gain": 3.0}),)))
    rig.program.begin(None)
    assert rig.dialog.title.words == "The last run ended without closing." and "Limiter drive +3.0 dB" in rig.dialog.sentence.words
    rig.answer(answer)
    if answer == "Open recovered":
        rig.until(lambda: rig.chain == ["limiter"])
        assert rig.value("limiter", "gain") == 3 and rig.desk.history.has_unsaved_changes
    else:
        assert rig.chain == []
    assert left.exists() == (answer == "Not now")


def test_the_question_names_song_changes_and_time_and_escape_opens_what_was_asked_for(rig, mix, tmp_path):
    """Nothing is forgotten: the recovery waits for the next start."""
    other = programme_file(tmp_path, 4.0, name="frantic.wav")
    left = crashed(Session(source=Source(str(other), 4 * 44100, 44100, 2), chain=(Slot("limiter", "limiter", {"gain": 3.0}),)))
    rig.program.begin(str(mix))
    words = rig.dialog.sentence.words
    assert "Never saved: frantic.wav. 1 change kept, up to your last gesture at " in words and "Limiter drive +3.0 dB" in words
    assert f"Not now keeps it for the next start and opens {Path(mix).name}." in words
    rig.key("Escape")
    rig.until(lambda: rig.desk.song is not None)
    assert rig.desk.session.source.path == str(mix)
    assert left.exists()
    assert [one.path for one in find_recoverable().sessions] == [left]


def test_what_was_asked_for_can_still_be_opened_after_the_recovered(rig, mix, monkeypatch):
    crashed(Session(chain=(Slot("limiter", "limiter", {"gain": 3.0}),)))
    rig.program.begin(str(mix))
    rig.answer("Open recovered")
    rig.until(lambda: rig.chain == ["limiter"])
    assert f"{Path(mix).name} was asked for and not opened" in rig.told


def test_another_day_is_told():
    noon = datetime(2024, 5, 17, 12, 0, 3)
    assert time_of(noon.timestamp(), noon) == "12:00:03"
    assert time_of(noon.timestamp(), noon + timedelta(days=1)) == "12:00:03 on 17 May"


def test_the_saved_session_can_be_taken_in_place_of_the_recovered(rig, tmp_path, mix):
    saved = save_session(Session(chain=(Slot("limiter", "limiter"),)), tmp_path / "song.mrt")
    left = crashed(Session(chain=(Slot("limiter", "limiter", {"gain": 3.0}),)), saved)
    rig.program.begin(mix)
    assert "Session song" in rig.dialog.sentence.words and "The saved file is" in rig.dialog.sentence.words
    rig.answer("Open saved")
    rig.until(lambda: rig.chain == ["limiter"])
    assert rig.value("limiter", "gain") == 0 and not left.exists()


def test_who_cannot_be_asked_finds_the_session_again(working, home):
    """A polite kill: nothing is asked, and what was not saved is there at the next start."""
    working.key("Ctrl+D")
    chain = working.chain
    working.program.interrupt()
    assert not working.window.isVisible()
    working.program.end()
    kept, = list((home / "state" / "recovery").glob("*.mrt-recovery"))
    kept.with_suffix(".lock").unlink()
    again = kept.rename(kept.with_name("1-1.mrt-recovery"))
    found = next(left for left in find_recoverable().sessions if left.path == again)
    assert [slot.name for slot in found.session.chain] == chain


# the device


def test_a_device_that_vanishes_is_told_and_another_takes_over(working, monkeypatch):
    monkeypatch.setattr(player, "STALL_S", 0.3)
    monkeypatch.setattr(player, "find_device", lambda _: OTHER_CLOCK)
    session = working.desk.session
    working.key("Space")
    working.until(lambda: working.frame > RATE // 10)
    working.desk.player.device._stream.stop()
    working.until(lambda: working.desk.player.device is None)
    working.frames(2)
    place = working.frame
    toast = working.window.toasts.shown[-1]
    assert toast.fault and "no longer answers" in f"{toast.title} {toast.sentence}" and CLOCK.title in f"{toast.title} {toast.sentence}"
    assert working.desk.session is session and not working.playing and place > 0
    working.until(lambda: working.window.title.device.state.name == "")
    working.click(next(button for button in toast.buttons if button.text() == "Go on"))
    working.until(lambda: working.playing and working.frame > place)
    assert working.desk.player.device.info == OTHER_CLOCK
    working.until(lambda: working.window.title.device.state.running)


def test_a_device_that_refuses_leaves_the_one_there_was(working, monkeypatch):
    gone = DeviceInfo("ALSA", "a device that is not there", 2, 0, 48000.0)
    monkeypatch.setattr("gui.acts.viewing.list_devices", lambda: [gone, CLOCK])
    working.key("Ctrl+,")
    dialog = working.dialog
    dialog.systems.choose(0)
    working.frames(2)
    assert "a device that is not there" in dialog.problem.words and dialog.problem.isVisible()
    assert working.desk.player.device.info == CLOCK and dialog.systems.value_text() == "Built-in"
    working.answer("Close")
    working.key("Space")
    working.until(lambda: working.playing)


# for hours


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal there")
def test_many_pictures_take_no_reference_of_none(working):
    working.key("L")
    working.key("Space")
    counts = []
    for _ in range(3):
        working.frames(60)
        for _ in range(20):
            working.window.repaint()
        gc.collect()
        counts.append(sys.getrefcount(None))
    assert abs(counts[2] - counts[1]) < 20, counts


def test_nothing_is_asked_of_a_window_that_is_away(working):
    """Minimised, it goes on watching the sound, and paints nothing."""
    working.key("Space")
    working.window.hide()
    working.until(lambda: working.program.bridge.away and working.frame > RATE // 4)
    assert working.program.bridge._timer.interval() > 50
    working.window.show()
    working.frames(2)
    assert working.program.bridge._timer.interval() < 20
