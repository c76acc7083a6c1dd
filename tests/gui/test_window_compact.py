"""Compact mode by real keys and clicks: what is left is whole and works, dialogs have room, it is remembered, and the window comes back as it was."""
import pytest

from gui.theme import theme
from gui.window.settings import Looks
from tests.gui.rig import Rig
from tests.gui.test_accessibility_window import check
from tests.gui.test_window_layout import outside, read, trouble

SMALL, SMALLEST = (1000, 380), (960, 304)


def size(rig):
    return rig.window.width(), rig.window.height()


@pytest.fixture
def compact(working):
    """Measured, in compact mode, in its first size. (The screen of the tests is smaller than that.)"""
    working.wait_for_facts()
    working.key("Ctrl+\\")
    working.window.setMinimumSize(*SMALLEST)
    working.frames(2)
    return working


def test_there_and_back_by_key_and_by_click(compact):
    assert compact.window.compact.on and size(compact) == SMALL
    assert not compact.window.stage.frame.editor.isVisible() and not compact.window.meters.table.isVisible()
    compact.click(compact.window.title.whole_key)
    assert not compact.window.compact.on and size(compact) == (1600, 900) and theme.density == "comfortable"
    assert compact.window.stage.frame.editor.isVisible() and compact.window.meters.table.isVisible() and compact.window.title.render_key.isVisible()
    compact.key("Ctrl+\\")
    assert compact.window.compact.on


@pytest.mark.slow
def test_it_is_in_menu_and_palette(working):
    working.key("Ctrl+K")
    working.type("compact mode")
    working.key("Return")
    assert working.window.compact.on
    command = next(entry for entry in working.program.keyboard.keymap.groups() if entry[0] == "View")
    assert ("Ctrl+\\", "Compact mode") in command[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize(("wide", "high", "scale"), [(*SMALL, 1.0), (*SMALLEST, 1.0), (1400, 600, 1.0), (2000, 760, 2.0)])
def test_nothing_is_cut_and_nothing_overlaps(compact, name, wide, high, scale):
    compact.window.apply_looks(Looks(theme=name, scale=scale, reduce_motion=True))
    compact.window.setMinimumSize(1, 1)
    compact.window.resize(wide, high)
    for stage in compact.chain:
        compact.acts.shaping.select(stage)
        compact.acts.shaping.changed()
        compact.frames(2)
        found = [*trouble(read(compact.window)), *outside(compact.window)]
        assert not found, (stage, *found)


def test_one_listens_and_compares_in_it(compact):
    window = compact.window
    compact.click(window.song.transport.play_key)
    compact.until(lambda: compact.playing)
    compact.click(window.compare.mix)
    assert compact.desk.heard == "mix"
    compact.click(window.stage.frame.header.without)
    assert compact.desk.without == compact.acts.shaping.selected
    compact.key("2")
    assert compact.desk.heard == "master" and not compact.desk.without
    compact.click(window.chain.slots[1])
    assert compact.acts.shaping.selected == compact.chain[1]
    assert window.stage.frame.header.title.words == compact.desk.session.chain[1].title
    compact.key("B")
    assert compact.desk.session.chain[1].bypassed


@pytest.mark.slow
def test_every_control_of_it_speaks(compact):
    said, seen = check(compact.window, "compact", {}), {}
    check(compact.window, "compact", seen)
    assert not said, "\n".join(said)
    assert seen["compact"] > 25


@pytest.mark.slow
def test_tab_never_goes_to_what_is_not_there(compact):
    compact.window.compare.mix.setFocus()
    stops = [compact.window.focusWidget()]
    while len(stops) < 100 and stops.count(stops[0]) < 2:
        compact.window.focusNextPrevChild(True)
        stops.append(compact.window.focusWidget())
    assert all(stop.isVisible() for stop in stops) and stops[-1] is stops[0] and len(stops) > 15


@pytest.mark.slow
@pytest.mark.parametrize("keys", ["Ctrl+P", "Ctrl+,", "?", "Ctrl+Shift+P", "Ctrl+J"])
def test_a_dialog_gets_the_room_it_needs_and_gives_it_back(compact, keys, monkeypatch):
    screen = compact.window.screen()
    monkeypatch.setattr(compact.window, "screen", lambda: LargeScreen(screen))
    compact.key(keys)
    dialog = compact.dialog
    assert dialog.height() >= dialog.wished_height(dialog.width()) and compact.window.rect().contains(dialog.geometry())
    compact.frames(2)
    assert keys == "Ctrl+Shift+P" or not trouble(read(dialog))       # long descriptions in a list end in dots
    compact.key("Escape")
    assert size(compact) == SMALL


class LargeScreen:
    """The screen of the tests, with room."""

    def __init__(self, screen):
        self._screen = screen

    def availableGeometry(self):
        return self._screen.availableGeometry().adjusted(0, 0, 2000, 2000)

    def size(self):
        return self._screen.size()


@pytest.mark.slow
def test_a_blind_test_takes_the_whole_window(compact):
    compact.key("X")
    assert not compact.window.compact.on and compact.acts.blind.is_open
    compact.key("Ctrl+\\")
    assert not compact.window.compact.on and "A blind test takes the whole window." in compact.window.status.help


@pytest.mark.slow
def test_it_is_remembered(qtbot, home, mix):
    for was, turns in ((False, True), (True, False), (False, False)):
        rig = Rig(home, size=(720, 640))
        try:
            rig.open(mix)
            assert rig.window.compact.on is was and rig.window.stage.frame.editor.isVisible() is not was
            if turns or was:
                rig.key("Ctrl+\\")
            assert rig.window.compact.on is turns
        finally:
            rig.close()
