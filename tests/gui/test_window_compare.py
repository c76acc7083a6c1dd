"""References and snapshots in the window: keys, menus, drops, and displays that follow what is heard."""
import threading
from unittest import mock

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from gui.acts import comparing as acts_comparing
from gui.window.compared import DIGITS
from mastering_rt.desk.jobs import Job
from mastering_rt.desk.reference_jobs import source_job
from mastering_rt.desk.sides import MASTER, MIX, Side
from mastering_rt.session import comparing, edits
from tests import signals
from tests.mastering_rt.helpers import RATE, programme_file, write_song

pytestmark = pytest.mark.slow


def record(folder, name="Record", seconds=3.0, gain=0.3):
    return write_song(folder / f"{name}.wav", gain * signals.programme(int(seconds * RATE), seed=21))


@pytest.fixture
def comparing_rig(rig, tmp_path):
    rig.open(programme_file(tmp_path, 4.0))
    rig.folder = tmp_path
    return rig


def add(rig, *names):
    paths = [record(rig.folder, name) for name in names]
    with mock.patch.object(QFileDialog, "getOpenFileNames", return_value=(paths, "")):
        rig.click(rig.window.compare.references.add)
    rig.until(lambda: ready(rig) == len(rig.desk.session.references) >= len(paths))
    rig.until(lambda: len(rig.window.compare.references.keys) == len(rig.desk.session.references))


def ready(rig):
    return sum(rig.desk.compare.references[r.id].ready for r in rig.desk.session.references)


def test_references_are_added_and_heard_by_digits(comparing_rig):
    rig = comparing_rig
    assert not rig.window.compare.references.keys
    add(rig, "Bright", "Wide")
    keys = rig.window.compare.references.keys
    rig.until(lambda: [key.text() for key in keys] == ["Bright", "Wide"] and all(key.loudness_lufs is not None for key in keys))
    for digit, key in zip(DIGITS, keys):
        rig.key(digit)
        rig.until(lambda key=key: key.heard)
        assert (rig.desk.heard, rig.window.compare.heard, rig.window.meters.source) == ("reference", "reference", "ref")
    assert rig.window.meters.heard_words == "Wide"
    rig.key("`")
    rig.until(lambda: keys[0].heard and not keys[1].heard)
    rig.key("2")
    assert rig.desk.heard == "master"
    rig.click(keys[1])
    assert rig.desk.compare.side == Side("reference", "reference2")


def test_references_stand_in_the_order_in_which_they_were_chosen(comparing_rig, monkeypatch):
    rig, go = comparing_rig, threading.Event()

    def held_up(path, channels=None):
        def work(_progress, _cancelled):
            assert "Bright" not in path or go.wait(30)
            inner = source_job(path, channels)
            inner.wait(30)
            return inner.result
        return Job("A file that takes its time", work)

    monkeypatch.setattr(acts_comparing, "source_job", held_up)
    for name in ("Bright", "Wide"):
        rig.acts.comparing.add(record(rig.folder, name))
    rig.frames(10)
    assert not rig.desk.session.references
    go.set()
    rig.until(lambda: [r.title for r in rig.desk.session.references] == ["Bright", "Wide"])


def test_meters_show_the_reference_that_plays(comparing_rig):
    rig = comparing_rig
    add(rig, "Bright")
    rig.key("3")
    rig.key("Space")
    rig.until(lambda: rig.playing and rig.desk.meters.readings.aside.momentary_lufs is not None)
    shown = rig.window.meters.integrated.value
    assert shown == pytest.approx(rig.desk.compare.references.facts("reference").integrated_lufs)


def test_snapshots_are_stored_heard_and_taken_back(comparing_rig):
    rig = comparing_rig
    keys = rig.window.compare.snapshots.keys
    assert {key.note for key in keys.values()} == {"empty"}
    rig.key("F2")
    assert "Snapshot B is empty" in rig.told
    rig.key("Shift+F2")
    rig.until(lambda: keys["B"].note == "as now")
    rig.desk.edit(lambda s: edits.set_chain(s, ()))
    rig.key("F2")
    rig.until(lambda: keys["B"].current)
    assert (rig.desk.heard, rig.window.meters.heard_words) == ("other", "Snapshot B")
    QTest.mouseClick(keys["A"], Qt.MouseButton.LeftButton)
    assert comparing.find_snapshot(rig.desk.session, "A").chain == ()
    QTest.mouseClick(keys["B"], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    assert comparing.find_snapshot(rig.desk.session, "B").chain == ()
    rig.key("Ctrl+Z")
    menu = rig.acts.comparing.open_snapshot_menu("B", QPoint(0, 0))
    choose(menu, "Take it as the chain")
    assert len(rig.desk.session.chain) > 0
    assert rig.desk.heard == "master"
    menu.close()


def choose(menu, words):
    next(row for row in menu.actions() if row.text().split("\t")[0] == words).trigger()


def test_the_menu_of_a_reference_does_what_it_says(comparing_rig):
    rig = comparing_rig
    add(rig, "Bright")

    def pick(words):
        menu = rig.acts.comparing.open_menu("reference", QPoint(0, 0))
        choose(menu, words)
        menu.close()
    reference = lambda: rig.desk.session.references[0]  # noqa: E731
    rig.desk.compare.seek_reference("reference", RATE)
    pick("Loop from here")
    assert (reference().loop.start_frame, reference().loop.stop_frame) == (RATE, 3 * RATE)
    rig.desk.compare.seek_reference("reference", 2 * RATE)
    pick("Loop to here")
    assert (reference().loop.start_frame, reference().loop.stop_frame) == (RATE, 2 * RATE)
    pick("Cue here")
    assert reference().cues == (2 * RATE,)
    pick("Loop")
    assert not reference().loop.on
    rig.desk.edit(lambda s: edits.set_loop(s, 0, RATE))
    pick("Its loop belongs to the song's loop")
    assert (reference().sections[0].stop_frame, reference().sections[0].from_frame) == (RATE, RATE)
    pick("Remove")
    assert rig.desk.session.references == ()


def test_trim_and_name_are_typed(comparing_rig):
    rig = comparing_rig
    add(rig, "Bright")
    rig.acts.comparing.ask_trim("reference")
    rig.type("-1.5 dB")
    rig.answer("Set")
    assert rig.desk.session.references[0].trim_db == -1.5
    rig.acts.comparing.ask_trim("reference")
    rig.type("loud")
    rig.answer("Set")
    assert "no trim" in rig.told
    rig.acts.comparing.ask_label("reference")
    rig.type("Ref 1")
    rig.answer("Set")
    rig.until(lambda: rig.window.compare.references.keys[0].text() == "Ref 1")


def test_files_dropped_on_the_compare_bar_are_references(comparing_rig):
    rig = comparing_rig
    song = rig.desk.song
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(record(rig.folder, name)) for name in ("One", "Two")])
    at = QPointF(rig.window.compare.geometry().center())
    rig.window.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    rig.until(lambda: len(rig.desk.session.references) == 2)
    assert rig.desk.song is song
    rig.until(lambda: ready(rig) == 2)


def test_a_version_of_the_song_is_aligned_from_the_menu(comparing_rig):
    rig = comparing_rig
    x = 0.5 * signals.programme(15 * RATE) + signals.noise(15 * RATE, level=0.02)
    rig.open(write_song(rig.folder / "long.wav", x))
    path = write_song(rig.folder / "older.wav", np.concatenate([np.zeros((2, 500)), 0.6 * x], axis=1))
    rig.acts.comparing.add(path)
    rig.until(lambda: ready(rig) == 1)
    rig.acts.comparing.toggle_lock("reference")
    rig.until(lambda: rig.desk.session.references[0].locked)
    assert rig.desk.session.references[0].offset_frames == 500
    rig.until(lambda: "The same song" in rig.told)
    rig.acts.comparing.toggle_lock("reference")
    assert not rig.desk.session.references[0].locked


def test_a_missing_file_is_said_on_its_key(comparing_rig):
    rig = comparing_rig
    add(rig, "Bright")
    (rig.folder / "Bright.wav").rename(rig.folder / "away.wav")
    rig.desk.compare.references._shelf.clear()
    rig.desk.compare.follow(rig.desk.session)
    key = lambda: rig.window.compare.references.keys[0]  # noqa: E731
    rig.until(lambda: key().fault == "file is missing")
    (rig.folder / "away.wav").rename(rig.folder / "Bright.wav")
    rig.click(key())
    rig.until(lambda: ready(rig) == 1 and not key().fault)


def test_the_match_says_over_what_and_who_is_louder(comparing_rig):
    rig = comparing_rig
    add(rig, "Bright")
    rig.key("3")
    rig.wait_for_facts()
    matched = rig.window.compare.matched
    rig.until(lambda: matched.basis == "whole song, ±0.0 LU")
    rig.key("M")
    rig.until(lambda: not matched.on)
    assert "louder" in matched.warning or matched.warning == "same loudness"
    menu = rig.acts.comparing.open_match_menu(QPoint(0, 0))
    choose(menu, "Since the last change")
    assert rig.desk.compare.mode == "recent"
    menu.close()


def test_many_references_shrink_to_their_numbers_and_none_is_cut(comparing_rig):
    rig = comparing_rig
    add(rig, *(f"R{k}" for k in range(10)))
    rig.window.resize(1100, 640)
    rig.frames(3)
    bar = rig.window.compare
    shown = [key for key in bar.references.keys if key.isVisible()]
    assert shown and all(key.narrow for key in shown)
    edge = bar.monitor.geometry().left()
    assert all(key.mapTo(bar, key.rect().topRight()).x() < edge for key in shown)
    rig.window.resize(1900, 1000)
    rig.frames(3)
    assert sum(key.isVisible() for key in bar.references.keys) > len(shown)


def test_delta_goes_back_to_what_was_heard(comparing_rig):
    rig = comparing_rig
    rig.acts.shaping.select_at(0)
    rig.key("1")
    rig.key("Z")
    assert rig.desk.heard == "delta"
    rig.key("Z")
    assert rig.desk.compare.side == MIX
    rig.key("2")
    assert rig.desk.compare.pair == (MIX, MASTER)
