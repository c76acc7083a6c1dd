"""Preferences take effect at once and stay; keys are changed by pressing them, and a conflict is told."""
from dataclasses import replace

import pytest

from gui.acts.acts import Acts
from gui.theme import theme
from gui.window.settings import Habits, MeterScales, Settings

pytestmark = pytest.mark.slow

RATE = 48000


def opened(rig, page):
    rig.key("Ctrl+P")
    rig.dialog.show_page(page)
    return rig.dialog


def test_looks_change_under_the_dialog(working):
    dialog = opened(working, 0)
    working.click(dialog.theme.segments[1])
    assert theme.name == "light" and working.program.settings.looks().theme == "light"
    dialog.scale.setFocus()
    working.key("Return")
    working.window.focusWidget().selectAll()
    working.type("120")
    working.key("Return")
    assert theme.scale == 1.2 and Settings().looks().scale == 1.2


def test_habits_stay(working):
    dialog = opened(working, 1)
    dialog.spectra.choose(1)
    working.click(dialog.matched)
    dialog.show_page(2)
    working.click(dialog.demo)
    assert working.acts.preferring.spectra_per_s == 15.0
    assert Settings().habits() == Habits(spectra_per_s=15.0, matched=False, watch_mix=True, demo_first=False)
    assert working.desk.matched                              # it says how to begin, not what is heard now
    again = Acts(working.desk, working.window, Settings())
    assert not again.desk.matched and again.preferring.spectra_per_s == 15.0


def test_meter_scales_take_effect_at_once_and_stay(working):
    """The loudness meter counts from the target, the needles of the second window get their faces, and both are kept."""
    working.acts.viewing.open_meters()
    figures = working.program.bridge.figures
    working.until(lambda: figures.seen)
    working.activate()
    meter = working.window.meters.loudness
    meter._now = (-12.0, -15.5)
    assert "LUFS" in meter.spoken_value()
    dialog = opened(working, 1)
    working.click(dialog.loudness.segments[1])
    dialog.target.setFocus()
    working.key("Return")
    working.window.focusWidget().selectAll()
    working.type("-16")
    working.key("Return")
    working.click(dialog.k.segments[2])
    dialog.ppm.choose(2)
    working.click(dialog.vu.segments[4])
    assert meter.spoken_value() == "momentary +4.0 LU, short-term +0.5 LU"
    assert [words for words, _ in meter.levels()][::3] == ["+9", "0", "−9", "−18"]
    assert meter._target_y == meter.y_at(9 / 27)
    assert (figures.window.k.face.title, figures.window.ppm.face.title) == ("K-12", "PPM II, BBC") and figures.window.vu.face.zero_dbfs == -9
    kept = MeterScales("lu9", -16.0, 12, "bbc", -9.0)
    assert Settings().scales() == kept
    working.key("Escape")
    figures.window.faces[0].choose(0)
    assert Settings().scales() == replace(kept, k_headroom_db=20)
    working.key("Ctrl+T")
    assert working.dialog.target.value == -16.0
    figures.close()


def test_nonsense_in_the_file_counts_as_not_set(home):
    settings = Settings()
    for name, value in (("loudness", "loud"), ("target_lufs", "12"), ("k_headroom_db", "13"), ("ppm", ""), ("vu_reference_dbfs", "x")):
        settings._store.setValue(f"meters/{name}", value)
    assert settings.scales() == MeterScales()


def choose(dialog, id):
    dialog.keys.list.select([row.id for row in dialog.keys.rows].index(id))
    dialog.keys.list.setFocus()


def test_keys_are_changed_by_pressing_them(working):
    dialog = opened(working, 3)
    choose(dialog, "hear.mix")
    working.key("Return")
    assert "Press the new keys for Hear the mix" in dialog.keys.said.words
    working.key("Ctrl+Shift+1")
    working.key("Escape")
    working.window.setFocus()
    working.key("1")
    assert working.desk.heard == "master"
    working.key("Ctrl+Shift+1")
    assert working.desk.heard == "mix"
    assert working.window.compare.mix._hint == "Ctrl+Shift+1" and "Ctrl+Shift+1" in working.window.compare.mix.statusTip()
    assert Settings().keys() == {"hear.mix": ("Ctrl+Shift+1",)}
    dialog = opened(working, 3)
    working.click(dialog.keys.all_key)
    working.key("Escape")
    working.key("2")
    working.key("1")
    assert working.desk.heard == "mix" and Settings().keys() == {}


def test_a_conflict_is_told_and_the_newer_one_wins(working):
    dialog = opened(working, 3)
    choose(dialog, "file.demo")
    working.key("Return")
    working.key("M")
    assert dialog.keys.said.words == "M meant Matched loudness before, which has no key now."
    keymap = working.program.keyboard.keymap
    assert (keymap.of("file.demo"), keymap.of("hear.matched")) == (("M",), ())
    choose(dialog, "hear.matched")
    working.click(dialog.keys.reset_key)
    assert (keymap.of("file.demo"), keymap.of("hear.matched")) == ((), ("M",))


def test_keys_of_the_controls_are_refused_and_delete_takes_keys_away(working):
    dialog = opened(working, 3)
    choose(dialog, "hear.mix")
    working.key("Return")
    working.key("Backspace")
    assert "cannot mean anything else" in dialog.keys.said.words and working.program.keyboard.keymap.of("hear.mix") == ("1",)
    working.key("Delete")
    assert working.program.keyboard.keymap.of("hear.mix") == ()
    working.key("Escape")
    working.key("1")
    assert working.desk.heard == "master"


def test_recent_files_stand_in_the_menu(working, mix):
    assert [str(path) for path in working.acts.files.recent()] == [str(mix)]
    working.click(working.window.title.menu_key)
    files = working.menu.actions()[0].menu()
    recent = next(action.menu() for action in files.actions() if action.text() == "Open recent")
    song = working.desk.song
    recent.actions()[0].trigger()
    working.until(lambda: working.desk.song is not song)
    working.menu.close() if working.menu else None
    assert Settings().recent() == [str(mix)]
