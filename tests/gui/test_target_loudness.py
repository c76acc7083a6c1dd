"""Target loudness in the window: from the menu or the limiter, with progress, stopped by leaving, undone by one key."""
import threading

import pytest

from gui.commands import COMMANDS
from gui.editors import LimiterEditor
from mastering_rt.desk import loudness as loudness_module

pytestmark = pytest.mark.slow


@pytest.fixture
def limiter(working):
    working.acts.shaping.select("limiter")
    return working



def hold(monkeypatch):
    held, let_go = threading.Event(), threading.Event()
    real = loudness_module.reach_loudness

    def slow(chain, target, blocks, frames, rate, tell):
        def waiting(what, share):
            tell(what, share)
            if share >= 0.3 and not let_go.is_set():
                held.set()
                let_go.wait(60)
                tell(what, share)
        return real(chain, target, blocks, frames, rate, waiting)
    monkeypatch.setattr(loudness_module, "reach_loudness", slow)
    return held, let_go


def test_the_command_is_in_the_table(limiter):
    command = next(command for command in COMMANDS if command.id == "chain.loudness")
    assert command.enabled(limiter.acts)
    command.run(limiter.acts)
    assert limiter.dialog.title.words == "Target loudness"


def test_the_drive_is_set_and_one_undo_takes_it_back(limiter):
    before, gain = limiter.desk.session, limiter.value("limiter", "gain")
    limiter.key("Ctrl+T")
    dialog = limiter.dialog
    dialog.target.show_value(-13.0)
    limiter.answer("Set the drive")
    limiter.until(lambda: limiter.acts.loudness.dialog is None)
    assert limiter.value("limiter", "gain") != gain
    limiter.until(lambda: not limiter.desk.measuring)
    loudness = limiter.desk.history.undo_sentence
    assert loudness == "Loudness set to -13.0 LUFS"
    limiter.key("Ctrl+Z")
    assert limiter.desk.session == before


def test_it_shows_how_far_it_is_and_leaving_stops_it(limiter, monkeypatch):
    held, let_go = hold(monkeypatch)
    before = limiter.desk.session
    limiter.key("Ctrl+T")
    dialog = limiter.dialog
    limiter.answer("Set the drive")
    limiter.until(lambda: held.is_set() and dialog.row.bar.share >= 0.3)
    assert dialog.row.isVisible() and "loudness" in dialog.row.sentence
    job = limiter.acts.loudness.job
    limiter.answer("Cancel")
    let_go.set()
    limiter.until(lambda: job.done)
    limiter.frames()
    assert job.cancelled
    assert limiter.desk.session == before
    assert limiter.acts.loudness.job is None


def test_the_limiter_offers_it(limiter):
    limiter.frames()
    editor = limiter.window.stage.frame.editor
    assert isinstance(editor, LimiterEditor)
    limiter.click(editor.target_key)
    assert limiter.dialog.title.words == "Target loudness"
    limiter.answer("Cancel")
    assert limiter.acts.loudness.dialog is None
