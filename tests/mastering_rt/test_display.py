"""Where no window can open, a sentence says why; Qt is not even asked, because it would end the program."""
import sys
from ctypes.util import find_library

import pytest

from mastering_rt.cli import display, main

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays of Linux")


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(display, "_missing_library", lambda: "")


@pytest.mark.parametrize("words", [[], ["gui"], ["gui", "mix.wav"]])
def test_no_display_is_said(capsys, words):
    assert main(words) == 2
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in capsys.readouterr().err


@pytest.mark.skipif(find_library("X11") is None, reason="no libX11 to ask with")
def test_a_display_that_does_not_run_is_said(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":4711")
    assert "The display ':4711' does not answer" in display.why_no_window()


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setattr(display, "_missing_library", lambda: "libxcb-cursor.so.0: cannot open shared object file")
    assert "libxcb-cursor.so.0: cannot open shared object file. Install the package" in display.why_no_window()


@pytest.mark.parametrize(("name", "value"), [("WAYLAND_DISPLAY", "wayland-0"), ("QT_QPA_PLATFORM", "offscreen")])
def test_what_only_qt_can_tell_is_left_to_qt(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert display.why_no_window() == ""
