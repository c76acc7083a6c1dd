"""Real plugins, where Debian's zam-plugins are installed: all load, play and render; how their parameters are told apart."""
from pathlib import Path

import numpy as np
import pytest

from dsp_core.stages.plugin import Plugin
from mastering_rt.plugins import wire
from mastering_rt.plugins.scan import installed
from tests import signals
from tests.checks import run

HOME = Path("/usr/lib/vst3")
ZAM = sorted(path for path in installed([HOME]) if Path(path).name.startswith("Za")) if HOME.is_dir() else []
LIKE_NO_OTHER = ("ZamGrains",)      # plays grains by chance
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
    if Path(path).stem not in LIKE_NO_OTHER:
        assert np.array_equal(made[0], made[1])


def test_a_window_without_a_display_is_refused_with_a_reason(unit_of, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    unit = unit_of(str(HOME / "ZaMaximX2.vst3"))
    unit.ask(wire.OpenEditor())
    told = unit.next_happening(lambda told: told.editor is not None and not told.editor.is_open, 60)
    assert told.editor.problem and unit.phase == "running"


def test_controls_are_told_from_meters_by_what_the_plugin_keeps(unit_of):
    """Three of ZaMultiCompX2's meters claim that they can be automated; no control of ZamHeadX2 can."""
    multi, head, verb = (unit_of(str(HOME / f"{name}.vst3")).facts for name in ("ZaMultiCompX2", "ZamHeadX2", "ZamVerb"))
    assert set(multi.meters) >= {"Gain Reduction 1", "Gain Reduction 2", "Gain Reduction 3", "Output Left", "Output Right"}
    assert {"Threshold 1", "Makeup 1", "Master Trim"} <= {p.name for p in multi.parameters}
    assert not {p.name for p in multi.parameters} & set(multi.meters)
    assert {p.name for p in head.parameters} >= {"Azimuth", "Elevation"} and not head.meters
    assert {p.name: p.steps for p in verb.parameters}["Room"] == 7
