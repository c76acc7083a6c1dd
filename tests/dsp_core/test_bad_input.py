"""Sound that no mix should hold, at every rate: every stage stays finite, is itself again at once, counts it, and harms no neighbour."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.param import BadValue
from dsp_core.params import STAGES, index_of, params_of
from dsp_core.stages import make
from tests import signals
from tests.checks import ACTIVE, active, run

KINDS = sorted(STAGES)
RATES = [8000, 11025, 22050, 44100, 48000, 96000, 192000, 384000]
BAD = [np.nan, np.inf, -np.inf]
MINUTE_S, HOUR_S = 60, 3600


def hostile(frames, rng):
    """Each stretch of a tenth is one kind of poison: NaN, infinities, 1e30, the largest double, denormals, steps between extremes."""
    kinds = (np.nan, np.inf, -np.inf, 1e30, -1e30, 1.7e308, 5e-324, -5e-324, 0.0)
    x = rng.standard_normal((2, frames))
    for k, start in enumerate(range(0, frames, frames // 10)):
        chosen = rng.random((2, frames // 10)) < 0.3
        x[:, start:start + frames // 10][chosen] = kinds[k % len(kinds)]
    return x


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rate", RATES)
def test_poison_at_every_rate_and_cut_comes_out_finite(kind, rate, reached):
    rng = np.random.default_rng(rate)
    x = hostile(2000, rng)
    for cuts in (lambda: 1, lambda: int(rng.integers(1, 500)), None):
        y = run(make(kind, rate, ACTIVE[kind]), x, cuts)
        reached("Poisoned sound, 8 to 384 kHz, any cut", "samples at the output that are no numbers", np.count_nonzero(~np.isfinite(y)), 0, "")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_sample_in_one_stage_leaves_its_neighbours_alone(kind, bad):
    """What reaches the next stage is finite, and only the stage that met it counts it."""
    x = signals.programme(20000)
    x[0, 9000] = bad
    before, stage, after = make("trim", 48000), active(kind), make("trim", 48000, {"gain": -3})
    chain = Chain(48000, [before, stage, after])
    y = np.ascontiguousarray(x)
    chain.process(y, np.zeros_like(y), 0)
    assert np.isfinite(y).all()
    assert [each.meters()[3] for each in (before, stage, after)] == [1, 0, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_stage_overflows_itself_is_silenced_counted_and_over_within_a_block(kind):
    """The largest doubles drive most stages beyond all numbers; 64 frames later sound comes through again."""
    x = signals.programme(30000)
    poisoned = x.copy()
    poisoned[:, 10000:10032] = 1.7e308
    stage = active(kind)
    y = run(stage, poisoned, lambda: 64)
    assert np.isfinite(y).all()
    if stage.meters()[3]:
        start = 10048 + stage.latency_frames + 64
        assert np.max(np.abs(y[:, start:start + 4800])) > 1e-4, "it never came back"


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_an_hour_of_silence_does_what_a_minute_does(kind, reached):
    """At 8 kHz, where an hour is short to compute. No state creeps, no sum drifts, nothing sounds."""
    rate, x = 8000, signals.programme(24000, rate=8000)
    after = [run(rested_for(seconds, kind, rate), x) for seconds in (MINUTE_S, HOUR_S)]
    away = np.max(np.abs(after[1] - after[0]))
    reached("An hour of silence before the song", "difference from a minute of it, of full scale", away, 1e-9, "")


def rested_for(seconds, kind, rate, piece=1 << 18):
    """A stage that has heard that much silence, in whole pieces, and has made none of it sound."""
    stage, silence = active(kind, rate), np.zeros((2, piece))
    for at in range(0, max(piece, seconds * rate // piece * piece), piece):
        silence[:] = 0.0
        stage.run_block(silence, at)
        assert not silence.any()
    return stage


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_that_is_no_number_or_out_of_range_gets_in(kind):
    stage = make(kind, 48000)
    for param in params_of(kind):
        for value in (*BAD, param.low - 1, param.high + 1, 1e300, -1e300):
            with pytest.raises(BadValue, match=param.label):
                stage.set(index_of(kind, param.id), value)
            with pytest.raises(BadValue, match=param.label):
                make(kind, 48000, {param.id: value})
        assert stage.get(index_of(kind, param.id)) == param.default
