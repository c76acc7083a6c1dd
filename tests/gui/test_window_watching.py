"""The mix that was exported anew while it was open: a question once, the chain as it is, and the place that was heard."""
import os
from pathlib import Path

import pytest

from gui.acts.watching import state_of
from tests.mastering_rt.helpers import programme_file

pytestmark = pytest.mark.slow

RATE = 48000


def look_twice(rig):
    """A file is asked about when two looks saw the same."""
    rig.until(lambda: rig.acts.watching._source is rig.desk.song.source)
    for _ in range(2):
        rig.acts.watching._seen(state_of(rig.desk.song.source.path))


def test_a_thread_looks_and_ends_with_its_file(working, mix, monkeypatch, tmp_path):
    monkeypatch.setattr("gui.acts.watching.EVERY_S", 0.02)
    working.open(programme_file(tmp_path, 1.0, name="second.wav"))
    working.until(lambda: working.acts.watching._look is not None and working.acts.watching._look.path.endswith("second.wav"))
    look = working.acts.watching._look
    os.utime(look.path, (1, 1))
    working.until(lambda: "The mix changed on disk." in working.told)
    working.open(mix)
    working.until(lambda: not look._thread.is_alive())


def test_it_asks_once_and_reloads_with_the_chain_as_it_is(working, mix):
    working.acts.shaping.set_value("limiter", "gain", 3)
    working.acts.hearing.seek(RATE)
    look_twice(working)
    assert "changed on disk" not in working.told
    programme_file(Path(mix).parent, 6.0, name=Path(mix).name)
    look_twice(working)
    look_twice(working)
    assert working.told.count("The mix changed on disk.") == 1
    toast = next(toast for toast in working.window.toasts.shown if toast.title.startswith("The mix changed"))
    working.click(next(button for button in toast.buttons if button.text() == "Reload"))
    working.until(lambda: working.desk.song.frames == 6 * RATE)
    working.frames()
    assert working.value("limiter", "gain") == 3 and working.frame == RATE
    working.key("Ctrl+Z")
    assert working.value("limiter", "gain") == 0


def test_keep_asks_no_more_until_it_changes_again(working, mix):
    song = working.desk.song
    os.utime(mix, (1, 1))
    look_twice(working)
    toast = next(toast for toast in working.window.toasts.shown if toast.title.startswith("The mix changed"))
    working.click(next(button for button in toast.buttons if button.text() == "Keep"))
    look_twice(working)
    assert working.told.count("The mix changed on disk.") == 1 and working.desk.song is song
    os.utime(mix, (2, 2))
    look_twice(working)
    assert working.told.count("The mix changed on disk.") == 2


def test_a_mix_that_has_gone_is_nothing_to_reload(working, mix):
    Path(mix).unlink()
    look_twice(working)
    assert "changed on disk" not in working.told
