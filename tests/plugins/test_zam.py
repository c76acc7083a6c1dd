"""Real plugins, where Debian's zam-plugins are installed: all load, play and render; their windows open while sound goes through."""
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from dsp_core.stages.plugin import Plugin
from mastering_rt.plugins import wire
from mastering_rt.plugins.scan import installed
from tests import signals
from tests.checks import run
from tests.plugins.test_units import Player, until

HOME = Path("/usr/lib/vst3")
ZAM = sorted(path for path in installed([HOME]) if Path(path).name.startswith("Za")) if HOME.is_dir() else []
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not ZAM, reason="Debian's package zam-plugins is not installed")]


@pytest.mark.parametrize("path", ZAM or ["none"], ids=lambda path: Path(path).stem)
def test_every_one_loads_plays_and_renders_alike_twice(unit_of, path):
    x = 0.3 * signals.programme(40000)
    made = []
    for _ in range(2):
        unit = unit_of(path)
        stage = Plugin("plugin", 48000, {}, line=unit.line, plugin_latency=unit.latency)
        made.append(run(stage, x, lambda: 1000))
        assert not unit.line.fault
        assert np.isfinite(made[-1]).all() and made[-1].any()
    assert Path(path).stem == "ZamGrains" or np.array_equal(*made)


@pytest.fixture
def screen(monkeypatch):
    """A display without a window manager and without a settings daemon."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb (Debian's package xvfb) is not installed")
    server = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    monkeypatch.setenv("DISPLAY", f":{server.stdout.readline().strip()}")
    yield
    server.kill()
    server.wait()
    server.stdout.close()


@pytest.mark.realtime
@pytest.mark.parametrize("times", [3, pytest.param(20, marks=pytest.mark.soak)])
def test_its_own_window_opens_and_closes_while_it_plays(screen, unit_of, times):
    unit = unit_of(str(HOME / "ZaMaximX2.vst3"), live=True)
    player, pid = Player(unit), unit.pid
    try:
        for _ in range(times):
            assert unit.ask(wire.OpenEditor())
            until(lambda: unit.editor_open)
            answered = unit.line.answered
            until(lambda answered=answered: unit.line.answered > answered + 20)
            unit.ask(wire.CloseEditor())
            until(lambda: not unit.editor_open)
            problems = [told.editor.problem for told in unit.happenings() if told.editor is not None]
            assert not any(problems), problems
    finally:
        player.stop()
    assert unit.pid == pid and unit.phase == "running" and player.finite


def test_a_window_without_a_display_is_refused_with_a_reason(unit_of, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    unit = unit_of(str(HOME / "ZaMaximX2.vst3"))
    unit.ask(wire.OpenEditor())
    told = unit.next_happening(lambda told: told.editor is not None and not told.editor.is_open, 60)
    assert told.editor.problem and unit.phase == "running"
