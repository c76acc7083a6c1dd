"""A plugin's own window: opened, worked and closed while a song plays, with a window manager and without. What a hand does in it is a step of undo
and stands in the journal, and nobody hears that it is open."""
import pytest

from mastering_rt.desk.desk import Desk
from mastering_rt.playback.device import CLOCK
from mastering_rt.plugins.typed import find_plugin
from mastering_rt.session import edits
from mastering_rt.session.store import load_session
from tests.mastering_rt.helpers import programme_file, until
from tests.plugins import building
from tests.plugins import screen as screens
from tests.plugins.test_zam import HOME, ZAM

TIMES = [2, pytest.param(20, marks=pytest.mark.soak)]
FADER, THRESHOLD = ((30, 60), (60, 60)), ((131, 60), (131, 95))      # from where to where the hand drags, and nowhere louder
TRIES, LOOKS = 20, 100           # so many looks in vain, and the hand tries again


@pytest.fixture(scope="module")
def windowed(tmp_path_factory):
    """The test plugin with a window that is one fader."""
    missing = building.why_no_window()
    if missing:
        pytest.skip(missing)
    return building.build_with_window(tmp_path_factory.mktemp("vst3"), "FaultGainWindow", "-DPOLARITY=1")


@pytest.fixture
def desk(home):
    with Desk(CLOCK, 256, autosave=False) as desk:
        yield desk


@pytest.fixture(params=["", "openbox"], ids=["no window manager", "openbox"])
def shown(request, monkeypatch):
    """The environment of a screen, which workers inherit."""
    missing = screens.why_not(request.param)
    if missing:
        pytest.skip(missing)
    with screens.screen(request.param) as environment:
        monkeypatch.setenv("DISPLAY", environment["DISPLAY"])
        environment["MANAGED"] = request.param
        yield environment


def playing_through(desk, folder, plugin):
    """A song in a loop through the plugin; gives the slot's name and its unit."""
    desk.open(programme_file(folder))
    slot = "plugin"
    desk.edit(lambda s: edits.put_plugin(edits.add_stage(s, "plugin", 0), slot, find_plugin(plugin)))
    desk.edit(lambda s: edits.switch_loop(s, True))
    until(lambda: desk.plugins.unit(slot) is not None and desk.plugins.unit(slot).phase == "running", desk.poll)
    desk.play_or_stop()
    until(lambda: desk.plugins.unit(slot).line.presence_seen == 1.0, desk.poll)
    return slot, desk.plugins.unit(slot)


def drag(desk, hand, places, came):
    """Drag until something has come of it: a window is there before it listens."""
    for _ in range(TRIES):
        hand.drag(hand.window(), *places)
        looks = iter(range(LOOKS))
        until(lambda looks=looks: came() or next(looks, None) is None, desk.poll)
        if came():
            return
    raise AssertionError("the plugin's window does not answer the hand")


def close_window(desk, slot, unit, hand, by_hand):
    """By the cross in its frame, or by the program's own key."""
    if by_hand:
        hand.close(hand.window())
    else:
        desk.plugins.close_editor(slot)
    until(lambda: not unit.editor_open, desk.poll)


def visit(desk, slot, unit, hand, places, by_hand):
    """Open, drag, close, undo."""
    steps, before, heard, state = len(desk.history.steps), dict(unit.values), unit.line.answered, desk.session.chain[0].plugin.state
    desk.plugins.open_editor(slot)
    until(lambda: unit.editor_open and hand.window(), desk.poll)
    until(lambda: hand.title(hand.window()) == f"{desk.session.chain[0].title}, slot 1 - Mastering RT", desk.poll)
    drag(desk, hand, places, lambda: len(desk.history.steps) > steps)
    close_window(desk, slot, unit, hand, by_hand)
    until(lambda: desk.session.chain[0].plugin.state != state, desk.poll)
    assert unit.line.answered > heard
    kept = {int(key.split(" ")[0]): value for key, value in desk.session.chain[0].plugin.values.items()}
    moved = {index: value for index, value in unit.values.items() if value != before[index]}
    assert moved and {index: kept[index] for index in moved} == moved
    for step in desk.history.steps[steps:]:
        assert step.sentence.startswith(desk.session.chain[0].title)
        assert any(entry.sentence == step.sentence for entry in desk.journal.entries)
    while len(desk.history.steps) > steps:
        desk.undo()
    until(lambda: all(unit.values[index] == pytest.approx(value, abs=1e-6) for index, value in before.items()), desk.poll)


def visits(desk, folder, plugin, times, places, shown):
    """All of them while it plays; every second window is closed by the cross in its frame, where it has one."""
    slot, unit = playing_through(desk, folder, plugin)
    pid, hand, began = unit.pid, screens.Hand(shown, unit.pid), desk.player.status
    for number in range(times):
        visit(desk, slot, unit, hand, places, by_hand=bool(shown["MANAGED"]) and number % 2 == 1)
    assert (unit.pid, unit.phase, unit.failures) == (pid, "running", 0)
    now = desk.player.status
    assert now.playing and now.dropouts == began.dropouts
    print(f"{times} windows of {desk.session.chain[0].title}: {now.late - began.late} late callbacks, {unit.line.lapses_seen} lapses of the plugin")


@pytest.mark.realtime
@pytest.mark.parametrize("times", TIMES)
def test_a_hand_in_the_window_of_the_test_plugin(windowed, desk, shown, tmp_path, times):
    visits(desk, tmp_path, windowed, times, FADER, shown)


def test_a_session_that_is_saved_while_the_window_is_open_has_what_it_did(windowed, desk, shown, tmp_path):
    """Also what is no parameter, of which nobody is told: the right button turns the polarity. It is a step of undo."""
    slot, unit = playing_through(desk, tmp_path, windowed)
    hand, path = screens.Hand(shown, unit.pid), str(tmp_path / "kept.mrt")
    until(lambda: desk.session.chain[0].plugin.state, desk.poll)
    before = desk.session.chain[0].plugin
    desk.plugins.open_editor(slot)
    until(lambda: unit.editor_open and hand.window(), desk.poll)

    def saved():
        hand.press(hand.window(), FADER[0], 3)
        return load_session(desk.save(path)).session.chain[0].plugin
    until(lambda: saved().state != before.state, desk.poll)
    assert unit.editor_open and desk.session.chain[0].plugin.values == before.values
    close_window(desk, slot, unit, hand, by_hand=False)
    desk.undo()
    assert desk.session.chain[0].plugin == before


@pytest.mark.realtime
@pytest.mark.skipif(not ZAM, reason="Debian's package zam-plugins is not installed")
@pytest.mark.parametrize("times", TIMES)
def test_a_hand_in_the_window_of_a_real_plugin(desk, shown, tmp_path, times):
    visits(desk, tmp_path, str(HOME / "ZaMaximX2.vst3"), times, THRESHOLD, shown)
