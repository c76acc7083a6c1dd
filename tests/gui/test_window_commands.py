"""Every command of the table does by its key (or its menu) what it says, and is refused without harm where it cannot be done."""
import threading
from collections.abc import Callable
from dataclasses import fields

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog

from gui.commands import COMMANDS
from gui.editors import EqEditor
from gui.keymap import SIGNS
from gui.theme import theme
from gui.window.settings import Looks
from mastering_rt.desk.jobs import Job
from mastering_rt.errors import Cancelled
from mastering_rt.playback.monitor import MonitorSettings
from mastering_rt.session.recall import read_sheet
from tests import signals
from tests.mastering_rt.helpers import programme_file, write_song

pytestmark = pytest.mark.slow

RATE = 48000
TABLE = {command.id: command for command in COMMANDS}
CHECKS: dict[str, Callable] = {}


def does(*ids):
    """The function below says what these commands do; it is given the rig and `press`, which runs the command once."""
    def keep(check):
        CHECKS.update(dict.fromkeys(ids, check))
        return check
    return keep


class Press:
    """Runs one command by its first key, or from the menu where it has none."""

    def __init__(self, rig, command):
        self.rig, self.command = rig, command

    def __call__(self):
        if self.command.keys:
            self.rig.key(self.command.keys[0])
        else:
            self.rig.program.keyboard.run(self.command)

    @property
    def on(self):
        """Whether the menu would show it as in force."""
        return self.command.on(self.rig.acts)


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
    monkeypatch.setattr("gui.acts.recovery.cached_demo", lambda: programme_file(tmp_path, 40.0, name="Demo mix.wav"))
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


@does("view.meters")
def opens_the_meters_and_puts_them_away(rig, press, tmp_path):
    press()
    assert rig.program.bridge.figures.seen
    rig.activate()
    press()
    assert not rig.program.bridge.figures.seen


@does("view.findings")
def lists_the_findings(rig, press, tmp_path):
    press()
    assert type(rig.dialog).__name__ == "FindingsDialog"
    rig.key("Escape")
    assert rig.dialog is None


@does("view.journal")
def shows_the_journal(rig, press, tmp_path):
    press()
    assert type(rig.dialog).__name__ == "JournalDialog"
    rig.key("Escape")
    assert rig.dialog is None


@does("file.recall")
def exports_the_recall_sheet(rig, press, tmp_path):
    with rig.picking(tmp_path / "sheet.txt"):
        press()
    assert read_sheet(tmp_path / "sheet.txt").session == rig.desk.session


@does("blind.open", "blind.a")
def opens_the_blind_test(rig, press, tmp_path):
    if press.command.id == "blind.a":
        press()
        assert not rig.acts.blind.is_open                # nothing to listen to before a test
        return
    press()
    assert press.on and rig.window.blind.isVisible()
    rig.key("Escape")
    assert not press.on


@does("file.quit")
def quits(rig, press, tmp_path):
    press()
    assert not rig.window.isVisible()
    rig.window.show()
    rig.window.activateWindow()


@does("edit.undo")
def undoes(rig, press, tmp_path):
    rig.acts.shaping.set_value("limiter", "gain", 3)
    press()
    assert rig.value("limiter", "gain") == 0


@does("edit.redo")
def redoes(rig, press, tmp_path):
    rig.acts.shaping.set_value("limiter", "gain", 3)
    rig.acts.shaping.undo()
    press()
    assert rig.value("limiter", "gain") == 3


@does("edit.copy", "edit.paste")
def copies_and_pastes(rig, press, tmp_path):
    rig.acts.shaping.set_value("eq", "band3_gain", 2)
    rig.key("Ctrl+C")
    rig.key("Ctrl+D")
    rig.acts.shaping.set_value("eq2", "band3_gain", -6)
    assert rig.acts.shaping.selected == "eq2"
    rig.key("Ctrl+V")
    assert rig.value("eq2", "band3_gain") == 2


@does("song.play")
def plays(rig, press, tmp_path):
    press()
    rig.until(lambda: rig.playing and rig.frame > 0 and press.on)
    press()
    rig.until(lambda: not rig.playing and not press.on)


@does("song.start", "song.end", "song.back", "song.forward", "song.back_fine", "song.forward_fine")
def goes_to(rig, press, tmp_path):
    rig.acts.hearing.seek(2 * RATE)
    press()
    places = {"song.start": 0, "song.end": rig.desk.song.frames, "song.back": RATE, "song.forward": 3 * RATE,
              "song.back_fine": 2 * RATE - RATE // 20, "song.forward_fine": 2 * RATE + RATE // 20}
    rig.frames()
    assert rig.frame == places[press.command.id]


@does("loop.from", "loop.to")
def loops(rig, press, tmp_path):
    rig.acts.hearing.seek(RATE)
    press()
    loop, here = rig.desk.session.loop, press.command.id == "loop.from"
    assert (loop.start_frame, loop.stop_frame, loop.on) == ((RATE, rig.desk.song.frames, True) if here else (0, RATE, True))


@does("loop.switch")
def switches_the_loop(rig, press, tmp_path):
    rig.acts.hearing.draw_loop(RATE, 2 * RATE)
    press()
    assert not rig.desk.session.loop.on and not press.on
    press()
    assert rig.desk.session.loop.on and press.on


@does("hear.mix", "hear.master")
def hears(rig, press, tmp_path):
    rig.desk.hear("master" if press.command.id == "hear.mix" else "mix")
    press()
    assert f"hear.{rig.desk.heard}" == press.command.id and press.on
    rig.until(lambda: rig.desk.player.status.heard == rig.desk.heard)


@does("hear.swap")
def swaps(rig, press, tmp_path):
    for heard in ("mix", "master"):
        press()
        assert rig.desk.heard == heard


@does("compare.add", *(f"hear.reference_{place}" for place in range(1, 9)))
def adds_and_hears_references(rig, press, tmp_path):
    place = 1 if press.command.id == "compare.add" else int(press.command.id.rsplit("_", 1)[1])
    for number in range(place):
        with rig.picking(write_song(tmp_path / f"record {number}.wav", 0.1 * signals.programme(RATE, seed=number))):
            rig.acts.comparing.ask_add() if press.command.id != "compare.add" else press()
        rig.until(lambda number=number: len(rig.desk.session.references) == number + 1)
    rig.until(lambda: all(rig.desk.compare.references[r.id].ready for r in rig.desk.session.references))
    if press.command.id != "compare.add":
        press()
        assert (rig.desk.heard, rig.desk.compare.side.name) == ("reference", rig.desk.session.references[place - 1].id)


@does(*(f"hear.snapshot_{letter}" for letter in "abcd"), *(f"compare.store_{letter}" for letter in "abcd"))
def stores_and_hears_snapshots(rig, press, tmp_path):
    letter = press.command.id[-1].upper()
    if press.command.id.startswith("hear."):
        rig.acts.comparing.store(letter)
        press()
        assert (rig.desk.heard, rig.desk.compare.side.name) == ("other", letter)
    else:
        press()
        assert [(snapshot.letter, snapshot.chain) for snapshot in rig.desk.session.snapshots] == [(letter, rig.desk.session.chain)]


@does("hear.matched")
def matches(rig, press, tmp_path):
    press()
    assert not rig.desk.matched and not press.on
    rig.frames()
    assert not rig.window.compare.matched.isChecked()
    press()
    assert rig.desk.matched and press.on


@does("hear.without")
def leaves_out(rig, press, tmp_path):
    press()
    assert rig.desk.without == "eq" and press.on and rig.window.stage.frame.header.without.isChecked()
    press()
    assert rig.desk.without == "" and not press.on


@does("hear.delta_level")
def leaves_the_gain_in_deltas(rig, press, tmp_path):
    press()
    assert not rig.desk.player.wishes.delta_levelled and not press.on
    press()
    assert rig.desk.player.wishes.delta_levelled and press.on


@does("hear.delta")
def hears_the_difference(rig, press, tmp_path):
    press()
    assert rig.desk.heard == "delta" and press.on
    press()
    assert rig.desk.heard == "master"


@does(*(f"monitor.{field.name}" for field in fields(MonitorSettings) if field.name != "level_db"))
def alters_the_monitor(rig, press, tmp_path):
    field = press.command.id.removeprefix("monitor.")
    press()
    assert getattr(rig.desk.monitor, field) and press.on and rig.window.compare.monitor.toggles[field].isChecked()
    press()
    assert rig.desk.monitor == MonitorSettings() and not press.on


@does("monitor.louder", "monitor.softer")
def steps_the_level(rig, press, tmp_path):
    rig.acts.hearing.step_level(-4)
    press()
    assert rig.desk.monitor.level_db == (-1.5 if press.command.id == "monitor.louder" else -2.5)


@does("monitor.clear")
def clears(rig, press, tmp_path):
    peak = rig.window.meters.peak
    peak._of_source().largest_dbtp = 3.0
    press()
    assert peak.largest_dbtp() < 0


@does("chain.add")
def adds(rig, press, tmp_path):
    press()
    rig.menu.actions()[0].trigger()
    rig.menu.close()
    assert len(rig.chain) == 4 and rig.chain[0] == "eq" and rig.acts.shaping.selected == rig.chain[1]


@does("chain.bypass")
def bypasses(rig, press, tmp_path):
    press()
    assert rig.value("eq", "bypass") == 1 and press.on
    press()
    assert rig.value("eq", "bypass") == 0 and not press.on


@does("chain.left", "chain.right")
def moves(rig, press, tmp_path):
    rig.acts.shaping.select("compressor")
    press()
    left = press.command.id == "chain.left"
    assert rig.chain == (["compressor", "eq", "limiter"] if left else ["eq", "limiter", "compressor"])
    press()
    assert rig.chain[0 if left else 2] == "compressor"


@does("chain.duplicate")
def duplicates(rig, press, tmp_path):
    press()
    assert rig.chain == ["eq", "eq2", "compressor", "limiter"]


@does("chain.reset")
def resets(rig, press, tmp_path):
    rig.acts.shaping.set_value("eq", "band3_gain", 2)
    press()
    assert rig.value("eq", "band3_gain") == 0


@does("chain.loudness")
def asks_for_a_loudness(rig, press, tmp_path):
    gain = rig.value("limiter", "gain")
    press()
    rig.answer("Set the drive")
    rig.until(lambda: rig.acts.loudness.job is None)
    assert rig.value("limiter", "gain") != gain and rig.desk.history.undo_sentence.startswith("Loudness set to")


@does("chain.thresholds")
def finds_thresholds(rig, press, tmp_path):
    rig.acts.shaping.add("dynamic_eq")
    before = rig.value("dynamic_eq", "band1_threshold")
    press()
    rig.answer("Set thresholds")
    rig.until(lambda: rig.acts.thresholds.job is None)
    assert rig.value("dynamic_eq", "band1_threshold") != before and rig.desk.history.undo_sentence == "Thresholds from the song, 90 %"


@does("chain.thresholds_stop")
def stops_finding_thresholds(rig, press, tmp_path):
    before, go = rig.desk.session, threading.Event()

    def listens(tell, cancelled):
        go.wait(60)
        if cancelled():
            raise Cancelled("Listening was stopped.")
    rig.acts.thresholds.job = job = Job("Listening", listens)
    rig.acts.background.add(job, rig.acts.thresholds._done)
    press()
    go.set()
    rig.until(lambda: rig.acts.thresholds.job is None)
    assert rig.desk.session == before and job.cancelled


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


@does("marker.add")
def sets_a_marker(rig, press, tmp_path):
    rig.acts.hearing.seek(RATE)
    press()
    assert [(marker.frame, marker.name) for marker in rig.desk.session.markers] == [(RATE, "Marker 1")]


@does("marker.name", "marker.move", "marker.remove")
def works_on_the_nearest_marker(rig, press, tmp_path):
    for frame in (RATE, 3 * RATE):
        rig.acts.hearing.seek(frame)
        rig.acts.markers.add()
    rig.acts.hearing.seek(RATE + 100)
    press()
    if press.command.id == "marker.name":
        rig.type("Chorus")
        rig.key("Return")
    after = {"marker.name": [(RATE, "Chorus"), (3 * RATE, "Marker 2")], "marker.move": [(RATE + 100, "Marker 1"), (3 * RATE, "Marker 2")],
             "marker.remove": [(3 * RATE, "Marker 2")]}
    assert [(marker.frame, marker.name) for marker in rig.desk.session.markers] == after[press.command.id]


@does("song.later", "song.earlier")
def goes_to_the_next_place(rig, press, tmp_path):
    for frame in (RATE, 3 * RATE):
        rig.acts.hearing.seek(frame)
        rig.acts.markers.add()
    rig.acts.hearing.seek(2 * RATE)
    press()
    rig.frames()
    assert rig.frame == (3 * RATE if press.command.id == "song.later" else RATE)


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


@does("help.commands")
def opens_the_palette(rig, press, tmp_path):
    press()
    assert rig.program.palette.is_open
    rig.key("Escape")
    assert not rig.program.palette.is_open


@does("chain.remove")
def removes(rig, press, tmp_path):
    press()
    assert rig.chain == ["compressor", "limiter"] and rig.acts.shaping.selected == "compressor"
    rig.window.compare.mix.setFocus()
    press()
    assert rig.chain == ["compressor", "limiter"]


@does(*(f"chain.select_{place}" for place in range(1, 10)))
def selects(rig, press, tmp_path):
    place = int(press.command.id[-1])
    rig.acts.shaping.select("compressor")
    press()
    assert rig.acts.shaping.selected == (rig.chain[place - 1] if place <= 3 else "compressor")
    assert rig.window.stage.slot == rig.acts.shaping.selected


@does("band.next", "band.previous")
def walks_the_bands(rig, press, tmp_path):
    assert isinstance(rig.window.stage.frame.editor, EqEditor)
    rig.window.stage.frame.editor.plot.choose(1)
    press()
    assert rig.window.stage.frame.editor.plot.selected == (2 if press.command.id == "band.next" else 8)


@does("view.dark", "view.light")
def paints(rig, press, tmp_path):
    name = press.command.id.removeprefix("view.")
    rig.acts.viewing.set_theme("light" if name == "dark" else "dark")
    press()
    assert theme.name == name and press.on and rig.program.settings.looks().theme == name


@does("view.automatic", "view.comfortable", "view.compact")
def chooses_the_density(rig, press, tmp_path):
    wish = press.command.id.removeprefix("view.")
    press()
    assert press.on and theme.density == ("comfortable" if wish == "automatic" else wish)


@does("view.larger", "view.smaller", "view.usual")
def scales(rig, press, tmp_path):
    rig.acts.viewing.step_scale(2)
    press()
    assert theme.scale == pytest.approx({"view.larger": 1.3, "view.smaller": 1.1, "view.usual": 1.0}[press.command.id])


@does("view.song_higher", "view.song_lower", "view.meters_wider", "view.meters_narrower")
def moves_a_gutter(rig, press, tmp_path):
    rig.window.split(330, 380)
    before = rig.window.song.height(), rig.window.meters.width()
    press()
    after = rig.window.song.height(), rig.window.meters.width()
    by = {"view.song_higher": (24, 0), "view.song_lower": (-24, 0), "view.meters_wider": (0, 24), "view.meters_narrower": (0, -24)}[press.command.id]
    assert (after[0] - before[0], after[1] - before[1]) == by
    rig.window._reset(0, 0)


@does("view.psr")
def shows_the_psr(rig, press, tmp_path):
    press()
    assert rig.window.song.view.scene.lane == "psr" and press.on
    press()
    assert rig.window.song.view.scene.lane == "loudness" and not press.on


@does("view.motion")
def reduces_motion(rig, press, tmp_path):
    press()
    assert theme.reduce_motion and press.on


@does("view.latency")
def measures_the_latency(rig, press, _):
    press()
    rig.until(lambda: "makes no sound" in rig.told)
    rig.key("Space")
    rig.until(lambda: rig.playing)


@does("view.compact_mode")
def makes_the_window_compact(rig, press, _):
    press()
    assert press.on and rig.window.compact.on and not rig.window.stage.frame.editor.isVisible() and rig.acts.settings.compact()
    press()
    assert not press.on and rig.window.stage.frame.editor.isVisible() and not rig.acts.settings.compact()


@does("view.full_screen")
def fills_the_screen(rig, press, tmp_path):
    press()
    assert rig.window.isFullScreen() and press.on
    press()
    assert not rig.window.isFullScreen()
    rig.window.resize(1600, 900)


@does("view.next_zone", "view.previous_zone")
def walks_the_zones(rig, press, tmp_path):
    window = rig.window
    zones = [window.compare, window.song, window.chain, window.stage, window.title]
    seen = []
    for _ in zones:
        press()
        seen.append(next(zone for zone in zones if zone.isAncestorOf(window.focusWidget())))
    assert seen == (zones if press.command.id == "view.next_zone" else zones[::-1])


@does("view.levels")
def says_the_levels(rig, press, tmp_path):
    rig.wait_for_facts()
    press()
    assert rig.window.status.help.startswith("Master: Integrated") and "LUFS" in rig.window.status.help


@does("help.first_minute")
def shows_the_first_steps(rig, press, tmp_path):
    press()
    assert rig.window.steps.isVisible()
    rig.click(rig.window.steps.hide_key)
    assert not rig.window.steps.isVisible() and rig.program.settings.first_minute_hidden()


@pytest.fixture
def fresh(working):
    """Puts everything back to a new session on the mix, without opening it again."""
    song = working.desk.song

    def begin():
        working.desk.player.stop()
        working.acts.viewing._keep(**vars(Looks()))
        working.desk.begin(song, "default")
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


def rows_of(menu):
    """All rows of a menu and of those inside it that do something."""
    for action in menu.actions():
        if action.menu() is not None:
            yield from rows_of(action.menu())
        elif action.text():
            yield action


def test_held_keys_repeat_only_where_that_makes_sense():
    assert {command.id for command in COMMANDS if command.repeats} == {
        "edit.undo", "edit.redo", "song.back", "song.forward", "song.back_fine", "song.forward_fine", "monitor.louder", "monitor.softer",
        "band.next", "band.previous", "song.later", "song.earlier",
        "view.song_higher", "view.song_lower", "view.meters_wider", "view.meters_narrower"}
