"""What the window says is so: numbers are weak only while they are old, and what was not measured has no number."""
import re
from math import inf
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from gui.bridge import song as whole_song
from gui.theme.numbers import SILENCE, UNKNOWN
from tests.mastering_rt.helpers import programme_file

pytestmark = pytest.mark.slow


def hold_measuring(rig, monkeypatch):
    """From now on no measurement of the whole song is started."""
    monkeypatch.setattr(rig.desk._measurements, "_start_due", lambda: None)


def test_numbers_are_strong_again_when_a_change_is_taken_back_before_it_was_measured(working, monkeypatch):
    working.wait_for_facts()
    hold_measuring(working, monkeypatch)
    monkeypatch.setattr(whole_song, "STALE_AFTER_S", 0.0)
    meters, scene = working.window.meters, working.window.song.view.scene
    for change, back in (("Delete", "Ctrl+Z"), ("B", "B")):
        working.key(change)
        working.until(lambda: "master" in scene.stale)
        assert meters.table._songs["master"].stale and meters.integrated.stale
        working.key(back)
        working.frames(3)
        assert not working.desk.measuring
        assert not meters.table._songs["master"].stale and not meters.integrated.stale and not scene.stale


def test_matched_says_what_it_is_matched_over_and_no_number_that_nobody_measured(working, monkeypatch):
    """What is left of the difference is told where it was measured with the settings as they are, and not while it is guessed."""
    matched = working.window.compare.matched
    working.wait_for_facts()
    working.until(lambda: matched.spoken_value() == "whole song, ±0.0 LU")
    hold_measuring(working, monkeypatch)
    working.key("B")
    working.frames(2)
    assert matched.spoken_value() == "estimate, still measuring"


def test_the_peak_of_the_last_song_goes_with_it(working, tmp_path):
    peak = working.window.meters.peak
    working.key("Space")
    working.until(lambda: peak.largest_dbtp() > -40 and peak._numbers.get("peak", UNKNOWN) not in (UNKNOWN, SILENCE))
    peak._told_now.lamps[0].follow(0.4)
    assert peak.over_text()
    working.key("Space")
    working.until(lambda: not working.playing)
    working.open(programme_file(tmp_path, 1.0, name="other.wav"))
    working.frames(10)
    assert peak.largest_dbtp() == -inf and peak._numbers.get("peak", UNKNOWN) == UNKNOWN and not peak.over_text()


def test_the_speed_of_a_render_is_that_of_the_time_it_names(working, tmp_path):
    working.key("Ctrl+R")
    dialog = working.dialog
    dialog.form.show_folder(tmp_path)
    working.answer("Render")
    working.until(lambda: dialog.back.sha256)
    length, took, times = re.fullmatch(r"(\S+) done in (\S+) s, (\d+) × real time", dialog.back.aside).groups()
    assert length == "0:04.0" and float(took) > 0
    slowest, fastest = 4.0 / (float(took) + 0.005), 4.0 / max(float(took) - 0.005, 0.001)
    assert round(slowest) <= int(times) <= round(fastest)


@pytest.mark.parametrize(("keys", "words"), [("", "chain as heard"), ("\\", "the whole chain with EQ"), ("1", "the master"), ("Z", "the master")])
def test_the_render_dialog_says_what_will_be_rendered(working, keys, words):
    if keys:
        working.key(keys)
    working.key("Ctrl+R")
    assert working.dialog.aside.words == f"{words}, monitor and match left out"
    working.key("Escape")


def test_files_are_asked_for_beside_the_mix_and_the_demo_ones_at_home(working, mix, monkeypatch, tmp_path):
    asked = []
    for dialog in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, dialog, lambda _window, _title, place, _kinds: asked.append(Path(place)) or ("", ""))
    monkeypatch.setattr(type(working.acts.settings), "folder", lambda *_: "")
    for beside in (Path(mix).parent, Path.home()):
        asked.clear()
        for keys in ("Ctrl+S", "Ctrl+O"):
            working.key(keys)
        assert asked == [beside / "mix.mrt", beside]
        monkeypatch.setattr(type(working.acts.recovery), "is_demo", lambda _: True)
