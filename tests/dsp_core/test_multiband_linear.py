"""What the multiband promises with linear-phase crossovers: a sum that is the input, slopes, and borders that move while they sound."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.params import index_of
from dsp_core.stages import make
from tests import signals
from tests.checks import ACTIVE, db, delayed, run
from tests.dsp_core.dynamics import RATE, residue_dbfs

WORKING = {**ACTIVE["multiband"], "phase": 1}
OVER = {"band1_threshold": 0, "band1_ratio": 2, "band1_knee": 0}       # needed, but never over its threshold


def linear(rate=RATE, **values):
    return make("multiband", rate, {"phase": 1, **values})


def band_db(band, frames=1 << 16, **values):
    """Magnitude of a soloed band in dB over frequency, and the frequencies."""
    stage = linear(**{f"band{band}_solo": 1}, **values)
    y = run(stage, signals.impulse(frames, level=1e-3, at=frames // 2))
    return np.fft.rfftfreq(frames, 1 / stage.rate), db(np.fft.rfft(y[0]) / 1e-3), y


@pytest.mark.parametrize("values", [{}, OVER, {"bands": 4, **OVER}, {"placement": 1, **OVER}, {"placement": 2}, {"link": 0, **OVER}, {"mix": 40, **OVER}])
def test_bands_that_do_nothing_are_the_input_to_the_bit(values):
    x, stage = 0.5 * signals.programme(40000), linear(**values)
    assert np.array_equal(run(stage, x), delayed(x, stage.latency_frames))


@pytest.mark.parametrize("bands", range(5))
def test_the_bands_sum_to_the_input(reached, bands):
    x = signals.programme(30000)
    total = sum(run(linear(bands=bands, **{f"band{b}_solo": 1}), x) for b in range(1, bands + 3))
    away = np.max(np.abs(total - delayed(x, linear().latency_frames))[:, 8000:])
    reached("Linear crossovers: sum of soloed bands", "distance from the delayed input", away, 1e-13, "")


@pytest.mark.parametrize("rate", [44100, 48000, 96000, 192000])
def test_latency_is_half_a_filter_and_a_partition(rate):
    k = 1 if rate < 50000 else 2 if rate < 100000 else 4
    stage = linear(rate)
    assert stage.latency_frames == k * 2048 - 1 + k * 128
    y = run(stage, signals.impulse(20000, at=100))
    assert int(np.argmax(np.abs(y[0]))) == 100 + stage.latency_frames


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize(("slope", "order"), [(0, 4), (1, 8)])
@pytest.mark.parametrize("fc", [120, 1000, 10000])
def test_slopes_and_the_level_at_a_border(reached, fc, slope, order, rate):
    for band, sign in ((1, 1), (2, -1)):
        hz, got, _ = band_db(band, rate=rate, bands=0, crossover1=fc, slope=slope)
        at = np.argmin(np.abs(hz - fc))
        want = -20 * np.log10(1 + (np.maximum(hz, 1e-3) / fc) ** (sign * order))
        reached("Linear crossovers", "level at the border, from its formula", abs(got[at] - want[at]), 0.01)
        near = (want > -45) & (hz > 20) & (hz < 20000)
        reached("Linear crossovers", "slope down to -45 dB, from its formula", np.max(np.abs(got - want)[near]), 0.07)


def test_no_band_turns_the_phase():
    for band in range(1, 5):
        _, _, y = band_db(band, slope=1)
        middle = (1 << 15) + linear().latency_frames
        assert np.max(np.abs(y[0, middle - 2000:middle] - y[0, middle + 2000:middle:-1])) < 1e-16


def test_any_cut_of_the_stream_gives_the_same_bits():
    x, rng = signals.programme(30000), np.random.default_rng(7)
    whole = run(make("multiband", RATE, WORKING), x)
    assert np.array_equal(whole, run(make("multiband", RATE, WORKING), x, lambda: int(rng.integers(1, 700))))
    assert not np.allclose(whole, delayed(x, linear().latency_frames))


def test_the_contract_holds():
    """Restart, checkpoint, successor, bypass, silence, equal channels."""
    x = signals.programme(40000)
    whole, used = run(make("multiband", RATE, WORKING), x), make("multiband", RATE, WORKING)
    run(used, signals.noise(9001))
    used.restart_now()
    assert np.array_equal(run(used, x[:, :17123]), whole[:, :17123])
    state, other, heir = used.save(), make("multiband", RATE, WORKING), make("multiband", RATE, WORKING)
    run(other, signals.noise(5000, seed=9))
    other.load(state)
    heir.take_from(used)
    for stage in (other, heir):
        assert np.array_equal(run(stage, x[:, 17123:], when=17123), whole[:, 17123:])
    bypassed = make("multiband", RATE, {**WORKING, "bypass": 1})
    assert np.array_equal(run(bypassed, x), delayed(x, bypassed.latency_frames))
    assert not run(make("multiband", RATE, WORKING), np.zeros((2, 20000))).any()
    x[1] = x[0]
    alike = run(make("multiband", RATE, WORKING), x)
    assert np.array_equal(alike[0], alike[1])


def test_a_border_that_moves_does_not_click_and_ends_on_what_a_render_gives(reached):
    x = signals.sine(3 * RATE, RATE, 100, -6)
    values = {"bands": 0, "crossover1": 60, "band1_makeup": 6, "band2_makeup": -6}
    stage, y, waiting = linear(**values), [], False
    for k, start in enumerate(range(0, 3 * RATE, 800)):
        if 20 <= k < 60:
            stage.set(index_of("multiband", "crossover1"), 60 * 10 ** ((k - 20) / 30))
            waiting = True
        waiting = waiting and not stage.settle()
        y.append(run(stage, x[:, start:start + 800], when=start))
    y = np.concatenate(y, axis=1)
    assert not waiting
    reached("Linear crossovers", "border moved under 100 Hz at -6 dBFS: residue over 3 kHz", residue_dbfs(y[0, RATE // 4:]), -85, "dBFS")
    fresh = run(linear(**{**values, "crossover1": 60 * 10 ** (39 / 30)}), x)
    assert np.max(np.abs(y[:, :8000] - fresh[:, :8000])) > 1e-3
    assert np.array_equal(y[:, -RATE // 2:], fresh[:, -RATE // 2:])


@pytest.mark.parametrize("changes", [{"phase": 0}, {"slope": 1}, {"bands": 2}, {"placement": 1}])
@pytest.mark.parametrize("phase", [0, 1])
def test_no_swap_clicks(phase, changes):
    values = {"bands": 0, "crossover1": 1000, "band1_makeup": 6, "phase": phase}
    before, after = make("multiband", RATE, values), make("multiband", RATE, {**values, **({"phase": 1} if "phase" in changes and not phase else changes)})
    chain, x = Chain(RATE, [before]), signals.sine(3 * RATE, RATE, 100, -6)
    y, mix = x.copy(), np.zeros_like(x)
    for start in range(0, x.shape[1], 800):
        if start == RATE:
            chain.publish([after], {after: before})
        piece, beside = (np.ascontiguousarray(a[:, start:start + 800]) for a in (y, mix))
        chain.process(piece, beside, start)
        y[:, start:start + 800] = piece
    assert not chain.busy
    assert residue_dbfs(y[0, RATE // 2:]) <= -85
