"""Target loudness in the window: from the menu or the limiter, with progress, stopped by leaving, undone by one key."""
import threading

import pytest

from gui.commands import COMMANDS
from gui.controls.field import Field
from gui.editors import LimiterEditor
from gui.theme import paint
from mastering_rt.desk import loudness as loudness_module

pytestmark = pytest.mark.slow


@pytest.fixture
def limiter(working):
    working.acts.shaping.select("limiter")
    return working



def hold(monkeypatch):
    held, let_go = threading.Event(), threading.Event()
    real = loudness_module.reach_loudness

    def slow(chain, target, blocks, frames, rate, tell, check):
        def waiting(what, share):
            tell(what, share)
            if share >= 0.3 and not let_go.is_set():
                held.set()
                let_go.wait(60)
                tell(what, share)
        return real(chain, target, blocks, frames, rate, waiting, check)
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


def test_typing_begins_with_the_first_digit_and_enter_sets(limiter):
    """The dialog is about one number, so digits have no other meaning."""
    limiter.key("Ctrl+T")
    dialog = limiter.dialog
    limiter.type("-")
    limiter.type("13")
    field = dialog.target.findChild(Field)
    assert field.is_open() and field.text() == "-13"
    limiter.key("Return")
    assert dialog.target.value == -13 and not dialog.target.typing
    limiter.key("Return")
    limiter.until(lambda: limiter.acts.loudness.dialog is None)
    limiter.until(lambda: not limiter.desk.measuring)
    assert limiter.desk.history.undo_sentence == "Loudness set to -13.0 LUFS"


def test_enter_without_typing_sets_what_stands_there(limiter):
    limiter.key("Ctrl+T")
    assert limiter.window.focusWidget() is limiter.dialog.target
    limiter.key("Return")
    limiter.until(lambda: limiter.acts.loudness.dialog is None)
    assert limiter.desk.history.undo_sentence == "Loudness set to -14.0 LUFS"


def test_what_cannot_be_is_not_searched_for(limiter):
    limiter.key("Ctrl+T")
    dialog = limiter.dialog
    limiter.type("9")
    limiter.key("Return")
    assert "it goes from" in dialog.target.wrong_entry()
    assert limiter.acts.loudness.job is None
    limiter.key("Escape")
    assert dialog.is_open() and dialog.target.value == -14
    limiter.key("Escape")
    assert not dialog.is_open()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("density", ["comfortable", "compact"])
def test_the_number_has_room_for_its_unit(limiter, same_theme, scale, density):
    """Shown, and in the field."""
    same_theme.use(scale=scale, density=density)
    limiter.key("Ctrl+T")
    target = limiter.dialog.target
    for value in (-14.0, -30.0):
        target.show_value(value)
        words = target.value_text()
        assert paint.text_width(words, "text_medium") <= target.value_area().width()
        target.type_value()
        field = target.findChild(Field)
        assert target.rect().contains(field.geometry()), "with all of its frame"
        margins = field.textMargins()
        assert field.fontMetrics().horizontalAdvance(words) + 4 <= field.width() - margins.left() - margins.right()
        limiter.key("Escape")
    limiter.answer("Cancel")
