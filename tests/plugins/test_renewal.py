"""Beginning anew: nothing that a plugin has heard before is in what comes then, also where its own reset leaves something."""
import time
from enum import Enum

import numpy as np
import pytest

from dsp_core.stages.plugin import Plugin
from mastering_rt.plugins import renewal, wire
from mastering_rt.plugins.renewal import BY_ITSELF, LOADED_ANEW, find_renewal
from tests import signals
from tests.checks import run
from tests.plugins import building

FRAMES = 64
Reset = Enum("Reset", [BY_ITSELF, LOADED_ANEW])


class Kept:
    """Adds what it has heard to what it hears, and forgets it when it is loaded anew, which takes `seconds`."""

    _reload_type = property(lambda self: self.reset_by, lambda self, way: setattr(self, "reset_by", way))
    reported_latency_samples = 100

    def __init__(self, *, forgets=False, by_chance=False, seconds=0.0, way=BY_ITSELF):
        self.forgets, self.seconds, self.reset_by, self.heard = forgets, seconds, Reset[way], 0.5
        self.rng = np.random.default_rng(5) if by_chance else None

    def reset(self):
        if self.reset_by is Reset[LOADED_ANEW]:
            time.sleep(self.seconds)
        if self.forgets or self.reset_by is Reset[LOADED_ANEW]:
            self.heard = 0.0

    def run(self, block):
        self.heard += float(np.abs(block).sum())
        return block + self.heard + (self.rng.standard_normal() if self.rng else 0.0)


@pytest.mark.parametrize(("plugin", "live", "way"), [
    (Kept(forgets=True), True, BY_ITSELF), (Kept(), True, LOADED_ANEW), (Kept(by_chance=True), True, BY_ITSELF),
    (Kept(seconds=0.05, way=LOADED_ANEW), False, LOADED_ANEW), (Kept(seconds=0.05, way=LOADED_ANEW), True, BY_ITSELF)],
    ids=["forgets", "keeps", "plays by chance", "slow to load, offline", "slow to load, live"])
def test_it_is_loaded_anew_only_where_that_helps(monkeypatch, plugin, live, way):
    monkeypatch.setattr(renewal, "LONGEST_LIVE_S", 0.04)
    find_renewal(plugin, plugin.reset, plugin.run, (2, FRAMES), live)
    assert renewal.way(plugin) == way


@pytest.fixture(scope="module")
def charged(tmp_path_factory):
    """The test plugin with something that no reset empties."""
    if building.why_not():
        pytest.skip(building.why_not())
    return building.build(tmp_path_factory.mktemp("vst3"), "ChargedGain", "-DCHARGE=1")


@pytest.mark.slow
def test_what_no_reset_empties_is_empty(charged, unit_of):
    """In each instance, and each time the song begins."""
    x, made = 0.3 * signals.programme(6000), []
    for _ in range(2):
        unit = unit_of(charged)
        stage = Plugin("plugin", 48000, {}, line=unit.line, plugin_latency=unit.latency)
        for _ in range(2):
            made.append(run(stage, x))
            stage.restart_now()
    assert all(np.array_equal(made[0], other) for other in made[1:])


@pytest.mark.slow
def test_it_is_told_as_repeatable(charged, unit_of):
    unit = unit_of(charged)
    unit.ask(wire.Test(0))
    assert unit.next_happening(lambda told: told.verdicts is not None, 20).verdicts == ()
