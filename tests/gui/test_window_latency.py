"""The device dialog with what was measured, by clicks: the music waits, comes back, and a refusal is a sentence in the dialog. The dropout lamp latches."""
import threading

import pytest

from gui.acts import latency
from mastering_rt.errors import DeviceProblem
from mastering_rt.playback.round_trip import RoundTrip
from tests.gui.test_window_layout import read, trouble


@pytest.fixture
def asked(working, monkeypatch):
    """The dialog is open while the song plays; `go` lets the measurement end, with what `answers` has."""
    go, answers = threading.Event(), []

    def measure(device, rate_hz, frames):
        go.wait(30)
        answer = answers.pop(0)
        if isinstance(answer, str):
            raise DeviceProblem(answer)
        return RoundTrip(answer, rate_hz, 11.0)
    monkeypatch.setattr(latency, "measure_round_trip", measure)
    working.key("Space")
    working.until(lambda: working.playing)
    working.key("Ctrl+,")
    working.go, working.answers = go, answers
    return working


@pytest.mark.slow
def test_it_stands_beside_what_the_driver_says(asked):
    dialog = asked.dialog
    assert dialog.measured.words == "not yet"
    asked.answers.append(480)
    asked.click(dialog.measure_key)
    assert dialog.measured.words == "listening..." and not dialog.measure_key.isEnabled() and not dialog.systems.isEnabled()
    asked.until(lambda: asked.desk.player.device is None)
    asked.go.set()
    asked.until(lambda: asked.playing)
    assert dialog.measured.words == "10.0 ms round trip, driver 11.0 ms"
    assert not trouble(read(dialog))
    assert dialog.measure_key.isEnabled() and dialog.systems.isEnabled() and dialog.problem.words == ""
    asked.key("Escape")
    asked.key("Ctrl+,")
    assert asked.dialog.measured.words.startswith("10.0 ms")
    asked.dialog.blocks.choose(3)
    asked.until(lambda: asked.dialog.measured.words == "not yet")


def test_a_refusal_stands_in_the_dialog_and_the_music_goes_on(asked):
    asked.answers.append("Nothing came back.")
    asked.go.set()
    asked.click(asked.dialog.measure_key)
    asked.until(lambda: asked.dialog.problem.words == "Nothing came back.")
    assert asked.dialog.measured.words == "not yet" and asked.dialog.problem.isVisible()
    asked.until(lambda: asked.playing)


@pytest.mark.slow
def test_playing_has_to_wait(asked):
    asked.answers.append(100)
    asked.key("Escape")
    asked.acts.latency.measure()
    asked.until(lambda: asked.desk.player.device is None)
    asked.key("Space")
    assert "being measured" in asked.told and not asked.playing
    asked.go.set()
    asked.until(lambda: asked.playing)
    assert "2.1 ms round trip" in asked.told


@pytest.mark.slow
def test_the_clock_device_is_refused_by_the_real_thing(working):
    working.key("Ctrl+,")
    working.click(working.dialog.measure_key)
    working.until(lambda: "makes no sound" in working.dialog.problem.words)
    working.key("Escape")
    working.key("Space")
    working.until(lambda: working.playing)


@pytest.mark.slow
def test_the_lamp_latches_until_it_is_clicked(working, monkeypatch):
    lamp, player = working.window.title.lamp, working.desk.player
    assert lamp.words() == "0 drops"
    monkeypatch.setattr(player, "_dropouts_before", player._dropouts_before + 2)
    working.until(lambda: lamp.words() == "2 drops")
    assert "2 drops" in lamp.spoken_value() and lamp.accessibleDescription() == "2 drops"
    working.frames(4)
    assert lamp.drops == 2
    working.click(lamp)
    working.until(lambda: lamp.drops == 0)
