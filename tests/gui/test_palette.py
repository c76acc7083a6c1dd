"""The palette finds by a few letters, sets values that are typed, says why something cannot be done; and every command has its three ways."""
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from dsp_core.params import params_of
from gui.commands import COMMANDS
from gui.keyboard import Keyboard
from gui.palette.matching import score, seconds_of, splits
from tests.gui.commands.by_hand import rows_of
from tests.gui.hands import LEFT, NONE

pytestmark = pytest.mark.slow

RATE = 48000


@pytest.mark.parametrize(("line", "text"), [("threshold", "Compressor threshold"), ("comp thr", "Compressor threshold"), ("ct", "Compressor threshold"),
                                            ("thrshld", "Compressor threshold"), ("b3 gain", "EQ band 3 gain"), ("load dem", "Load preset Demo")])
def test_letters_find(line, text):
    assert score(line.split(), text) is not None


@pytest.mark.parametrize(("line", "text"), [("xyz", "Compressor threshold"), ("threshold ratio", "Compressor threshold"), ("dlohserht", "Threshold")])
def test_letters_do_not_find(line, text):
    assert score(line.split(), text) is None


def test_better_names_come_first():
    order = ["Gain", "Band 3 gain", "Bargain hunt", "Align"]
    scores = [score(["gain"], text) or 0 for text in order[:3]]
    assert scores == sorted(scores, reverse=True)
    assert score(["gain"], "Align") is None


def test_what_is_named_alike_comes_in_the_order_of_its_editor(working):
    results = search(working, "compressor")
    own = [entry.words for entry in results.entries if entry.words.startswith("Compressor ") and len(entry.words.split()) == 2]
    assert own[:4] == ["Compressor mode", "Compressor threshold", "Compressor ratio", "Compressor knee"]
    assert own.index("Compressor release") < own.index("Compressor bypass") < own.index("Compressor mix")


def test_a_line_is_a_name_and_a_value():
    assert [(split.tokens, split.value, split.numeric) for split in splits("comp thr -20 db")] == [
        (("comp", "thr", "-20"), "db", False), (("comp", "thr"), "-20 db", True), (("comp",), "thr -20 db", False)]
    assert splits("threshold") == []


@pytest.mark.parametrize(("line", "seconds"), [("2:13", 133.0), ("0:03.5", 3.5), ("1:02:03", 3723.0), ("12", None), ("a:b", None)])
def test_a_place_is_typed_as_it_is_read(line, seconds):
    assert seconds_of(line) == seconds


def search(rig, line):
    """Open the palette by its key and type."""
    rig.key("Ctrl+K")
    rig.type(line)
    return rig.program.palette.view.results


def test_a_value_is_typed_by_its_name(working):
    results = search(working, "compressor threshold -20")
    assert results.entry.words == "Compressor threshold \N{MINUS SIGN}20.0 dB" and results.entry.detail.startswith("now ")
    working.key("Return")
    assert working.value("compressor", "threshold") == -20 and working.acts.shaping.selected == "compressor"
    assert not working.program.palette.is_open
    working.key("Ctrl+Z")
    assert working.value("compressor", "threshold") != -20


@pytest.mark.parametrize(("line", "slot", "param", "value"), [
    ("b3 gain +1.5", "eq", "band3_gain", 1.5), ("eq band 4 freq 2k", "eq", "band4_freq", 2000.0), ("comp ratio 1:3", "compressor", "ratio", 3.0),
    ("limiter ceil -0.5 dbtp", "limiter", "ceiling", -0.5), ("eq placement mid", "eq", "placement", 1.0), ("limiter gain +=2", "limiter", "gain", 2.0)])
def test_values_in_every_way_they_are_typed(working, line, slot, param, value):
    if (slot, param) == ("limiter", "gain"):
        line = line.replace("gain", next(p.label for p in params_of("limiter") if p.id == "gain").lower())
    search(working, line)
    working.key("Return")
    assert working.value(slot, param) == pytest.approx(value)


def test_a_value_out_of_range_says_so_and_sets_nothing(working):
    before = working.desk.session
    results = search(working, "compressor threshold 400")
    assert "it goes from" in results.entry.why
    working.key("Return")
    assert working.desk.session == before and working.program.palette.is_open and "it goes from" in working.window.status.help


def test_a_parameter_without_a_value_waits_for_it(working):
    search(working, "compressor ratio")
    working.key("Return")
    line = working.program.palette.view.line
    assert line.text() == "Compressor ratio " and working.acts.shaping.selected == "compressor"
    working.type("2.5")
    working.key("Return")
    assert working.value("compressor", "ratio") == 2.5


def test_what_cannot_be_done_says_why(rig):
    results = search(rig, "render")
    assert results.entry.words == "Render" and results.entry.why == "No song is open."
    rig.key("Return")
    assert rig.dialog is None and "No song is open." in rig.window.status.help


def test_stages_presets_markers_and_places(working):
    working.acts.hearing.seek(2 * RATE)
    working.acts.markers.add()
    working.acts.hearing.seek(0)
    search(working, "go marker 1")
    working.key("Return")
    working.frames()
    assert working.frame == 2 * RATE
    search(working, "0:01")
    working.key("Return")
    working.frames()
    assert working.frame == RATE
    search(working, "add satu")
    working.key("Return")
    assert "saturation" in working.chain
    search(working, "preset demo")
    working.key("Return")
    assert working.value("limiter", "gain") == 6


def test_arrows_choose_and_the_mouse_does(working):
    results = search(working, "hear ")
    working.key("Down")
    assert results.selected == 1
    working.key("PgDown")
    assert results.first + 12 > results.selected > 1
    working.program.palette.view.line.setText("")
    working.type("hear the mix")
    working.click(results, QPoint(60, results.row // 2))
    assert working.desk.heard == "mix" and not working.program.palette.is_open


def test_the_field_in_the_title_strip_opens_it_and_a_click_elsewhere_closes_it(working):
    working.click(working.window.title.command_key)
    assert working.program.palette.is_open
    working.click(working.window.chain.slots[1])
    assert not working.program.palette.is_open and working.acts.shaping.selected == "compressor"


def test_escape_gives_the_keyboard_back(working):
    working.window.compare.mix.setFocus()
    working.key("Ctrl+K")
    working.type("anything")
    working.key("Escape")
    assert working.window.focusWidget() is working.window.compare.mix


@pytest.fixture
def asked(working, monkeypatch):
    """Which commands were asked for, without doing any of them but the palette itself."""
    ids, run = [], Keyboard.run

    def note(self, command, *, chosen=False):
        ids.append(command.id)
        if command.id == "help.commands":
            run(self, command, chosen=chosen)
    monkeypatch.setattr(Keyboard, "run", note)
    working.program.keyboard._bind()
    return ids


def test_every_command_is_reached_by_mouse(working, asked):
    """Each stands in the menu that the key at the upper left opens."""
    working.click(working.window.title.menu_key)
    for row in rows_of(working.menu):
        row.setEnabled(True)
        row.trigger()
    working.menu.close()
    assert sorted(set(asked)) == sorted(command.id for command in COMMANDS)


def test_every_command_is_reached_by_keyboard(working, asked):
    """By its own keys, and all of them from the palette."""
    for command in COMMANDS:
        if command.keys and command.id != "help.commands":
            asked.clear()
            working.window.setFocus()
            working.key(command.keys[0])
            assert asked == [command.id], command.id


def test_every_command_is_reached_from_the_palette(working, asked):
    """Its title, typed after Ctrl+K, comes first; where it cannot be done now, with the reason."""
    for command in (command for command in COMMANDS if command.id != "help.commands"):
        working.key("Ctrl+K")
        palette = working.program.palette
        palette.view.line.setText(command.title)
        palette.look(command.title)
        entry = palette.view.results.entry
        assert entry.id == command.id, (command.title, entry.words)
        asked.clear()
        working.key("Return")
        if entry.why:
            assert not asked and palette.is_open and entry.why.endswith(".")
            working.key("Escape")
        else:
            assert asked == [command.id] and not palette.is_open


def test_a_blind_test_keeps_the_palette_from_telling(working):
    working.wait_for_facts()
    working.acts.blind.open()
    working.until(lambda: not working.acts.blind.waiting())
    working.acts.blind.start()
    working.until(lambda: working.acts.blind.running)
    results = search(working, "hear the mix")
    assert results.entry.why == "A blind test is under way." and not results.entry.on
    working.key("Escape")


def test_the_menu_opens_under_the_hand(working):
    """One row, by real mouse events all the way."""
    working.click(working.window.title.menu_key)
    menu = working.menu
    group = next(action for action in menu.actions() if action.text() == "View")
    part = group.menu()
    part.popup(menu.mapToGlobal(menu.actionGeometry(group).topRight()))
    row = next(action for action in part.actions() if action.text().startswith("Light"))
    QTest.mouseClick(part, LEFT, NONE, part.actionGeometry(row).center())
    assert working.program.settings.looks().theme == "light"
    menu.close()
