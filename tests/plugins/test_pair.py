"""A plugin that takes one channel runs twice and has one window: what is done there is done to both."""
import numpy as np
import pytest

from dsp_core.stages.plugin import Plugin
from mastering_rt.plugins import wire
from tests.plugins import building
from tests.plugins import screen as screens
from tests.plugins.building import GAIN, gain_value
from tests.plugins.test_editor import FADER
from tests.plugins.test_units import RATE, until

pytestmark = pytest.mark.slow

LEVEL = 0.01
START_DB = -40.0                 # louder only where the hand drags it


@pytest.fixture(scope="module")
def windowed(tmp_path_factory):
    """The test plugin for one channel, with a window that is one fader and one switch, which is no parameter."""
    missing = building.why_no_window()
    if missing:
        pytest.skip(missing)
    return building.build_with_window(tmp_path_factory.mktemp("vst3"), "FaultGainMonoWindow", "-DMONO=1", "-DPOLARITY=1")


class Played:
    """A steady level through a plugin; gives what comes out in the end, left and right."""

    def __init__(self, unit):
        self.unit, self.when = unit, 0
        self.stage = Plugin("plugin", RATE, {"jump_limit": 48, "silence_guard": 0}, line=unit.line, plugin_latency=unit.latency)

    def __call__(self, frames=RATE):
        sound = np.full((2, frames), LEVEL)
        self.stage.run_block(sound, self.when)
        self.when += frames
        return sound[:, -1].tolist()


@pytest.mark.realtime
def test_a_hand_in_the_window_moves_both_of_a_pair(windowed, unit_of, monkeypatch):
    """At once, and when the window has closed it is what a render of it is."""
    missing = screens.why_not()
    if missing:
        pytest.skip(missing)
    with screens.screen() as shown:
        monkeypatch.setenv("DISPLAY", shown["DISPLAY"])
        unit = unit_of(windowed, [(GAIN, gain_value(START_DB))])
        play = Played(unit)
        before = play()
        assert unit.facts.channels == 1 and before[0] == before[1]
        unit.ask(wire.OpenEditor())
        hand = screens.Hand(shown, unit.pid)
        until(lambda: unit.editor_open and hand.window())
        until(lambda: hand.drag(hand.window(), *FADER) or play()[0] != before[0])
        until(lambda: play()[0] == play()[1] != before[1])
        until(lambda: hand.press(hand.window(), FADER[0], 3) or play()[0] < 0)
        unit.ask(wire.CloseEditor())
        until(lambda: not unit.editor_open)
        unit.ask(wire.AskState(1))
        state = unit.next_happening(lambda told: told.state is not None, 30).state.state
    heard = play()
    assert heard[0] == heard[1] < 0
    again = unit_of(windowed, state=state)
    assert Played(again)() == heard
