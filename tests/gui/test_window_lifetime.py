"""A window that was closed leaves nothing behind: no widget, no desk, no engine, no sound, no thread."""
import gc
import sys
import threading
import time
import weakref
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from gui.app import COLLECT_ALL_EVERY, LIBRARY, LONG_STILL
from mastering_rt.desk import measuring
from mastering_rt.session import journal
from tests.gui.rig import Rig
from tests.mastering_rt.helpers import clock_desk

pytestmark = pytest.mark.slow


def worked_with(home, mix):
    """Weak references to what a session of some work was made of; the session is over."""
    rig = Rig(home)
    rig.open(mix)
    rig.wait_for_facts()
    rig.key("Space")
    rig.until(lambda: rig.frame > 4800)
    rig.acts.comparing.store("A")
    rig.acts.hearing.set_without(rig.chain[0], True)
    rig.acts.viewing.open_meters()
    rig.frames(5)
    desk, window = rig.desk, rig.window
    parts = {"program": rig.program, "window": window, "bridge": rig.program.bridge, "acts": rig.acts, "desk": desk, "player": desk.player,
             "device": desk.player.device, "song view": window.song.view, "stage": window.stage.frame, "samples": desk.song.samples,
             "overview": window.song.view.scene.overviews["mix"], "measured": desk.measured}
    found = {name: weakref.ref(part) for name, part in parts.items()}
    rig.close()
    return found


def test_a_closed_window_lets_go_of_everything(qtbot, home, mix):
    before = threading.active_count()
    found = worked_with(home, mix)
    for _ in range(2):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
    assert [name for name, part in found.items() if part() is not None] == []
    assert threading.active_count() == before


def test_a_closed_desk_keeps_nothing_of_the_song_between_its_stages_and_goes_when_nobody_holds_it(mix):
    desk = clock_desk()
    desk.open(mix)
    desk.load_preset("gentle")
    while desk.measuring:
        time.sleep(0.002)
        desk.poll()
    samples, kept = weakref.ref(desk.song.samples), weakref.ref(desk._measurements._analyst._run)
    desk.close()
    gc.collect()
    assert kept() is None
    del desk
    gc.collect()
    assert samples() is None


def begun_anew(collector, rig):
    """The song stands still from now on, and nobody but the test collects."""
    rig.until(lambda: not rig.desk.measuring)
    collector._timer.stop()
    collector._still_turns = 0


def test_while_it_plays_only_what_is_new_is_looked_through(working):
    """All there is took 38 ms, more than a picture has, once a minute in the middle of a drag."""
    collector = working.program._collector
    working.wait_for_facts()
    begun_anew(collector, working)
    collector.collect()
    aside = gc.get_freeze_count()
    assert len(gc.get_objects()) < 0.1 * aside
    working.key("Space")
    working.until(lambda: working.playing)
    for _ in range(2 * COLLECT_ALL_EVERY):
        collector.collect()
    assert 0.9 * aside < gc.get_freeze_count() <= aside
    assert len(gc.get_objects()) < 0.1 * aside


def test_a_library_loaded_while_it_plays_is_set_aside_and_not_looked_through(working, monkeypatch):
    collector = working.program._collector
    working.wait_for_facts()
    begun_anew(collector, working)
    collector.collect()
    working.key("Space")
    working.until(lambda: working.playing)
    collector.collect()
    library = [[number] for number in range(20_000)]
    for number in range(LIBRARY):
        monkeypatch.setitem(sys.modules, f"library{number}", None)
    aside = gc.get_freeze_count()
    collector.collect()
    assert gc.get_freeze_count() >= aside + len(library)
    assert len(gc.get_objects()) < 0.1 * gc.get_freeze_count()


class Knot:
    """Garbage that only the collector finds."""

    def __init__(self):
        self.itself = self


def test_what_was_set_aside_is_let_go_of_when_it_stands_still(working):
    collector, knot = working.program._collector, Knot()
    gone = weakref.ref(knot)
    begun_anew(collector, working)
    collector.collect()
    del knot
    gc.collect()
    assert gone() is not None                    # it lies among what lasts
    for _ in range(LONG_STILL):
        collector.collect()
    assert gone() is None


FEW = 20                         # steps and entries that are kept, in place of a thousand
EDITS, ROUNDS = 60, 7


def edited(rig, turns):
    """Values turned and dragged, stages bypassed, undone and done again, the place and what is heard changed; no widget is made by any of it."""
    shaping, hearing = rig.acts.shaping, rig.acts.hearing
    name = rig.desk.session.chain[0].name
    for turn in range(turns):
        shaping.set_value(name, "band2_gain", 0.5 + turn % 7)
        shaping.begin_gesture()
        for step in range(5):
            shaping.set_values(name, {"band3_freq": 300.0 + 10 * step + turn % 5, "band3_gain": 0.1 * step})
        shaping.end_gesture()
        shaping.bypass_at(1, turn % 2 == 0)
        shaping.undo()
        shaping.redo()
        hearing.swap()
        hearing.seek(1000 * (turn % 40))


def references(rig):
    """(those of None, QObjects of the window) when nothing goes on. Waits without `rig.until`, whose timers take references of None."""
    quiet = 0
    while quiet < 100:
        QApplication.processEvents()
        busy = rig.desk.measuring or rig.desk.player.busy or rig.acts.background.busy or rig.desk.looking.under_way
        quiet = 0 if busy else quiet + 1
        time.sleep(0.002)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return sys.getrefcount(None), len(rig.window.findChildren(QObject))


def test_edits_keep_nothing_but_what_history_journal_and_measurements_keep(working, monkeypatch):
    """All of them are full before it is counted, so what rises after that would rise for ever."""
    monkeypatch.setattr(journal, "MOST_ENTRIES", FEW)
    monkeypatch.setattr(measuring, "MOST_BYTES", 1)
    working.desk.history._limit = FEW
    working.wait_for_facts()
    found, steady = [], False
    while not steady and len(found) < ROUNDS:    # what is made when it is first wanted comes in one of the first rounds
        edited(working, EDITS)
        found.append(references(working))
        risen = [abs(now[0] - before[0]) for before, now in pairwise(found)]
        steady = len(risen) > 1 and max(risen[-2:]) < EDITS and len({objects for _, objects in found[-3:]}) == 1
    assert steady, found


def opened(rig):
    """Whatever comes and goes in the window, once: stages, sheets, menus, messages."""
    acts = rig.acts
    for kind in ("eq", "compressor", "saturation", "stereo"):
        acts.shaping.add(kind, 0)
        rig.frames(1)
        acts.shaping.remove_at(0)
    for sheet in (acts.viewing.open_shortcuts, acts.viewing.open_about, acts.findings.open, acts.viewing.open_device, acts.rendering.open,
                  acts.viewing.open_messages, acts.journal.open):
        sheet()
        rig.frames(1)
        rig.dialog.answer(rig.dialog._safe)
    rig.window.chain.open_add_menu().close()
    acts.comparing.store("A")
    for toast in list(rig.window.toasts.shown):
        toast.leave()


def test_what_comes_and_goes_is_made_once(working, monkeypatch):
    """A stage with its editor took 450 references of None each time, a sheet 100, a menu 9."""
    monkeypatch.setattr(journal, "MOST_ENTRIES", FEW)
    monkeypatch.setattr(measuring, "MOST_BYTES", 1)
    working.desk.history._limit = FEW
    working.wait_for_facts()
    found, steady = [], False
    while not steady and len(found) < 3 * ROUNDS:
        opened(working)
        found.append(references(working))
        risen = [abs(now[0] - before[0]) for before, now in pairwise(found)]
        steady = len(risen) > 1 and max(risen[-2:]) < EDITS and len({objects for _, objects in found[-3:]}) == 1
    assert steady, found
