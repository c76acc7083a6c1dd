"""What a picture costs while a node of the equaliser is dragged, counted: values checked, slots painted, Python calls. Never in seconds."""
import threading
from unittest import mock

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from dsp_core.param import Param
from gui.editors import eq_bands
from gui.editors.eq_bands import Band
from tests.gui.hands import Paints, calls_in, move, press, release

STEPS = 8
MOST_CALLS = 8000                # half of what it was when every value of the stage was looked at for every picture
MOST_CHECKS = 30                 # of some two hundred values, three times a picture


class Drag:
    """A node under a pressed button; `step` moves it and shows one picture, while the program's own timer rests."""

    def __init__(self, rig):
        self.bridge, self.plot = rig.program.bridge, rig.window.stage.frame.editor.plot
        self.place = self.plot.frame.node_at(self.plot.bands[3]).toPoint()
        press(self.plot, self.place)
        self.bridge._timer.stop()

    def step(self, right=3, down=-2):
        self.place += QPoint(right, down)
        move(self.plot, self.place)
        self.bridge.tick()
        QApplication.processEvents()

    def end(self):
        release(self.plot, self.place)
        self.bridge._timer.start()


@pytest.fixture
def dragged(working, monkeypatch):
    working.wait_for_facts()
    monkeypatch.setattr(working.desk._measurements, "poll", list)      # numbers that come in the middle are painted too
    working.acts.shaping.select("eq")
    working.acts.shaping.changed()
    working.frames()
    drag = Drag(working)
    for _ in range(3):
        drag.step()
    yield drag
    drag.end()


def test_a_move_of_a_node_takes_a_bounded_number_of_calls(dragged):
    before = dragged.plot.values["band4_freq"]
    counts = [calls_in(dragged.step) for _ in range(STEPS)]
    assert dragged.plot.values["band4_freq"] > before
    assert sorted(counts)[STEPS // 2] < MOST_CALLS


def test_a_move_of_a_node_checks_the_values_that_are_news(dragged):
    asked, here, check = [], threading.get_ident(), Param.check

    def counted(self, value):
        if threading.get_ident() == here:        # the song is measured meanwhile, with stages of its own
            asked.append(self.id)
        return check(self, value)
    with mock.patch.object(Param, "check", counted):
        for _ in range(STEPS):
            dragged.step()
    assert {"band4_freq", "band4_gain"} <= set(asked)
    assert len(asked) < MOST_CHECKS * STEPS


def test_a_move_of_a_node_makes_its_own_band_anew_and_keeps_the_others(dragged):
    made = []
    eq_bands._band.cache_clear()                 # what other drags have left
    dragged.step()
    with mock.patch.object(Band, "__init__", lambda self, number, *rest, init=Band.__init__: made.append(number) or init(self, number, *rest)):
        for _ in range(STEPS):
            dragged.step()
    assert set(made) == {4} and len(made) <= STEPS


def test_a_move_of_a_node_paints_the_slot_of_its_stage_alone(dragged, working):
    paints = Paints(*working.window.chain.slots, working.window.chain)
    for _ in range(STEPS):
        dragged.step()
    assert {widget for widget, _ in paints.events} == {working.window.chain.slots[0]}
