"""Every command of the table does by its key (or its menu) what it says, and is refused without harm where it cannot be done."""
import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog

from gui.commands import COMMANDS
from gui.keymap import SIGNS
from gui.window.settings import Looks
from mastering_rt.playback.monitor import MonitorSettings
from tests.gui.commands import comparing, files, playing, shaping, viewing
from tests.gui.commands.by_hand import Press, rows_of

pytestmark = pytest.mark.slow

CHECKS = {id: check for topic in (comparing, files, playing, shaping, viewing) for check in vars(topic).values()
          for id in getattr(check, "commands", ())}


@pytest.fixture
def fresh(working):
    """Puts everything back to a new session on the mix, without opening it again."""
    song = working.desk.song

    def begin():
        working.desk.player.stop()
        working.acts.viewing._keep(**vars(Looks()))
        working.desk.begin(song, "gentle")
        working.desk.set_monitor(MonitorSettings())
        working.desk.set_matched(True)
        working.desk.hear("master")
        working.acts.shaping.select("eq")
        working.acts.shaping.changed()
        working.frames(1)
        working.until(lambda: not working.playing)
        working.activate()
    return begin


@pytest.mark.parametrize("group", sorted({command.group for command in COMMANDS}))
def test_every_command_does_what_it_says(working, fresh, group, tmp_path, monkeypatch):
    for command in (command for command in COMMANDS if command.group == group):
        fresh()
        assert command.id in CHECKS, f"nothing here says what {command.id} does"
        with monkeypatch.context() as patch:
            arguments = CHECKS[command.id].__code__.co_varnames[:CHECKS[command.id].__code__.co_argcount]
            CHECKS[command.id](working, Press(working, command), tmp_path, **({"monkeypatch": patch} if "monkeypatch" in arguments else {}))
        assert working.dialog is None and working.menu is None, command.id


def test_every_further_key_does_the_same_as_the_first(working, fresh):
    """Second keys stand for other keyboards; they are bound to the same command."""
    shortcuts = {shortcut.key().toString(): shortcut for shortcut in working.program.keyboard.shortcuts}
    for command in COMMANDS:
        for keys in (keys for keys in command.keys if keys not in SIGNS):
            assert QKeySequence(keys).toString() in shortcuts and shortcuts[QKeySequence(keys).toString()].autoRepeat() == command.repeats
    fresh()
    working.acts.shaping.set_value("limiter", "gain", 3)
    working.acts.shaping.undo()
    working.key("Ctrl+Y")
    assert working.value("limiter", "gain") == 3


def test_no_key_means_two_things():
    keys = [QKeySequence(keys).toString() for command in COMMANDS for keys in command.keys]
    assert len(keys) == len(set(keys))


def test_without_a_song_nothing_breaks(rig, monkeypatch):
    """Nothing is open and the chain is empty: every key leaves it so, and whatever cannot be done says why or does nothing."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    monkeypatch.setattr(type(rig.acts.recovery), "open_demo", lambda _: None)
    for command in (command for command in COMMANDS if command.id != "file.quit"):
        Press(rig, command)()
        rig.frames(1)
        if rig.menu is not None:
            rig.menu.close()
        if rig.dialog is not None or rig.program.palette.is_open:
            rig.key("Escape")
        assert rig.chain == [] and rig.desk.song is None and rig.dialog is None, command.id


def test_single_letters_are_text_where_text_is_typed(working):
    working.key("Ctrl+R")
    name = working.dialog.form.name
    name.setFocus()
    name.selectAll()
    working.type("m1 [l] B")
    assert name.text() == "m1 [l] B"
    assert working.desk.matched and working.desk.heard == "master" and working.desk.session.loop is None and working.value("eq", "bypass") == 0


def test_the_menu_and_the_sheet_say_the_same_keys(working):
    sheet = {title: keys for _, rows in working.program.keyboard.keymap.groups() for keys, title in rows}
    menu = working.program.keyboard.open_menu(working.window.mapToGlobal(working.window.rect().center()))
    found = 0
    for action in rows_of(menu):
        title, _, keys = action.text().partition("\t")
        if keys and not title.startswith(NUMBERED):
            found += 1
            assert sheet[title.rstrip(".")] == keys
    menu.close()
    assert found > 30


NUMBERED = ("Open slot", "Hear reference", "Hear snapshot", "Store the chain as")        # one row in the sheet


def test_held_keys_repeat_only_where_that_makes_sense():
    assert {command.id for command in COMMANDS if command.repeats} == {
        "edit.undo", "edit.redo", "song.back", "song.forward", "song.back_fine", "song.forward_fine", "monitor.louder", "monitor.softer",
        "band.next", "band.previous", "song.later", "song.earlier",
        "view.song_higher", "view.song_lower", "view.meters_wider", "view.meters_narrower"}
