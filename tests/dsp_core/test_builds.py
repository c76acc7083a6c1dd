"""The kernels of every stage are compiled for several vector units; which of them runs must not be heard, or measured."""
import numpy as np
import pytest

from dsp_core.kernels.speed_check import dependent_steps, finite_peak
from dsp_core.params import STAGES, params_of
from tests import signals
from tests.checks import active, run

BUILDS = ("portable", "avx2")
FUSED = {"limiter"}              # its detector's peaks may differ in their last bit
MOVES = 6


def played(kind):
    """At rest, then on the way to other values, which is other code."""
    stage, rng = active(kind), np.random.default_rng(5)
    parts = [run(stage, signals.programme(6000))]
    gliding = [i for i, p in enumerate(params_of(kind)) if p.change == "glide"]
    for index in rng.choice(gliding, min(MOVES, len(gliding)), replace=False):
        p = params_of(kind)[index]
        stage.set(int(index), float(rng.uniform(p.low, p.high)))
    return np.concatenate([*parts, run(stage, signals.noise(6000), when=6000)], axis=1)


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("kind", sorted(set(STAGES) - FUSED))
def test_every_build_gives_the_same_bits(kind, build, monkeypatch):
    monkeypatch.delenv("MRT_CPU", raising=False)
    best = played(kind)
    monkeypatch.setenv("MRT_CPU", build)
    assert np.array_equal(played(kind), best)


@pytest.mark.parametrize("build", [*BUILDS, ""])
@pytest.mark.parametrize("frames", [1, 2, 3, 5, 64, 255])
def test_the_look_at_two_planes_finds_the_peak_and_every_fault(frames, build, monkeypatch):
    monkeypatch.setenv("MRT_CPU", build)
    x = np.random.default_rng(frames).standard_normal((2, frames))
    assert finite_peak(x) == np.max(np.abs(x))
    for fault in (np.nan, -np.nan, np.inf, -np.inf):
        for channel, at in {(0, 0), (1, frames - 1), (0, frames // 2), (1, frames // 3)}:
            ill = x.copy()
            ill[channel, at] = fault
            assert finite_peak(ill) == np.inf
    x[0, 0] = 1e308
    assert finite_peak(x) == 1e308


def test_the_steps_that_measure_the_clock_are_counted_whole():
    assert dependent_steps(1000) == 992
