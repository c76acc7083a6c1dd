"""Thresholds from the song in the window: asked for by the menu, found behind it, one step to undo, and stopped."""
import threading

import numpy as np
import pytest

from gui.commands import COMMANDS
from mastering_rt.desk import thresholds as desk_thresholds
from tests.mastering_rt.helpers import write_song
from tests.mastering_rt.test_band_thresholds import steps_song

pytestmark = pytest.mark.slow

ASK, STOP = (next(c for c in COMMANDS if c.id == id) for id in ("chain.thresholds", "chain.thresholds_stop"))


@pytest.fixture
def listening(rig, tmp_path):
    """A song with a dynamic equaliser open on it."""
    rig.open(write_song(tmp_path / "steps.wav", steps_song()[0]))
    assert not ASK.enabled(rig.acts)
    rig.acts.shaping.add("dynamic_eq")
    return rig


@pytest.mark.parametrize(("band", "percentile"), [(0, 90), (4, 75)])
def test_thresholds_of_one_band_or_all_are_set_in_one_step(listening, band, percentile):
    rig = listening
    assert ASK.enabled(rig.acts)
    ASK.run(rig.acts)
    rig.dialog.choice.choose(band)
    rig.dialog.value.show_value(percentile)
    before = rig.desk.session
    rig.answer("Set thresholds")
    rig.until(lambda: rig.acts.thresholds.job is None)
    wanted = -60 + percentile / 2 + 3
    assert rig.value("dynamic_eq", "band4_threshold") == pytest.approx(wanted, abs=0.7)
    others = [rig.value("dynamic_eq", f"band{n}_threshold") for n in (1, 2, 3, 5, 6)]
    assert (others == [-24] * 5) == (band == 4)
    assert rig.desk.history.undo_sentence == f"Thresholds from the song, {percentile} %"
    rig.key("Ctrl+Z")
    assert rig.desk.session == before


def test_cancel_asks_for_nothing_and_stop_changes_nothing(listening, monkeypatch):
    rig, held, go = listening, threading.Event(), threading.Event()
    real = desk_thresholds.thresholds_of_song

    def slow(*arguments):
        *rest, tell, check = arguments

        def waiting(what, share):
            held.set()
            go.wait(60)
            tell(what, share)
        return real(*rest, waiting, check)
    monkeypatch.setattr(desk_thresholds, "thresholds_of_song", slow)
    before = rig.desk.session
    ASK.run(rig.acts)
    rig.answer("Cancel")
    assert rig.acts.thresholds.job is None
    ASK.run(rig.acts)
    rig.answer("Set thresholds")
    rig.until(held.is_set)
    assert STOP.enabled(rig.acts) and not ASK.enabled(rig.acts)
    STOP.run(rig.acts)
    go.set()
    rig.until(lambda: rig.acts.thresholds.job is None)
    assert rig.desk.session == before
    assert "Listening was stopped" in rig.told


def test_a_slot_that_has_gone_is_said(listening):
    rig = listening
    rig.acts.thresholds.start("dynamic_eq", 90, None)
    rig.acts.shaping.remove_selected()
    rig.until(lambda: rig.acts.thresholds.job is None)
    assert "no stage 'dynamic_eq'" in rig.told
    assert np.all([slot.kind != "dynamic_eq" for slot in rig.desk.session.chain])
