"""The switch through silence: the same command, envelope and time whatever plays afterwards, so that a blind test cannot be seen through."""
import numpy as np
import pytest

from dsp_core.engine.engine import MASTER_SOURCE, MIX_SOURCE
from dsp_core.stages import make
from tests import signals
from tests.dsp_core.playing import RATE, pull, studio

WAY = RATE * 15 // 1000
UP = 0.5 - 0.5 * np.cos(np.pi * np.arange(1, WAY + 1) / WAY)
DIP = np.concatenate([UP[::-1], UP])


def playing(x, heard=MASTER_SOURCE, gain=-6.0):
    """A studio whose master is the mix at another level."""
    engine = studio(x, make("trim", RATE, {"gain": gain}), heard=heard)
    engine.play()
    return engine


@pytest.fixture(scope="module")
def x():
    return signals.programme(40000)


@pytest.mark.parametrize("cut", [1, 64, 511, 4096])
@pytest.mark.parametrize("afterwards", [MASTER_SOURCE, MIX_SOURCE])
def test_the_envelope_is_the_same_whether_the_source_changes_or_not(x, afterwards, cut):
    engine = playing(x)
    before = pull(engine, 1000, cut)
    engine.select(afterwards, True)
    got = pull(engine, 5000, cut)
    master, mix = x[:, 1000:6000] * 10 ** (-6 / 20), x[:, 1000:6000]
    want = np.concatenate([master[:, :WAY], (mix if afterwards == MIX_SOURCE else master)[:, WAY:]], axis=1)
    want[:, :2 * WAY] *= DIP
    assert np.abs(before - np.float32(x[:, :1000] * 10 ** (-6 / 20))).max() < 1e-7
    assert np.abs(got - want).max() < 1e-7
    assert engine.read_status()["heard"] == afterwards


def test_divided_by_what_plays_nothing_differs(x):
    """The gain over time is one and the same number for number, and so is what the engine says it did."""
    gains, told = [], []
    for afterwards in (MASTER_SOURCE, MIX_SOURCE):
        engine = playing(x, gain=0.0)
        pull(engine, 960)
        engine.select(afterwards, True)
        gains.append(pull(engine, 4800))
        status = engine.read_status()
        told.append({key: status[key] for key in ("heard_at", "state", "callbacks", "frames", "ended", "guarded", "starved")})
    assert np.array_equal(*gains)
    assert told[0] == told[1]


def test_without_it_the_same_source_shows_by_not_fading(x):
    """What the dip is there for: a plain switch to what is heard changes not one sample."""
    engine = playing(x)
    pull(engine, 1000)
    engine.select(MASTER_SOURCE)
    assert np.abs(pull(engine, 2000) - np.float32(x[:, 1000:3000] * 10 ** (-6 / 20))).max() < 1e-7


@pytest.mark.parametrize("pause", [1, 100, WAY - 1, WAY, WAY + 1, WAY + 300, 2 * WAY - 1, 2 * WAY])
def test_a_wish_on_the_way_never_clicks_and_the_last_one_wins(x, pause):
    flat = np.full_like(x, 0.5)
    for second in (MASTER_SOURCE, MIX_SOURCE):
        engine = playing(flat, gain=0.0)
        pull(engine, 1000)
        engine.select(MIX_SOURCE, True)
        first = pull(engine, pause)
        engine.select(second, True)
        rest = pull(engine, 4 * WAY)
        steps = np.abs(np.diff(np.concatenate([first, rest], axis=1)[0]))
        assert steps.max() <= 0.5 * np.diff(UP).max() + 1e-7
        assert engine.read_status()["heard"] == second
        assert np.all(rest[:, -WAY:] == 0.5)


def test_in_silence_the_wish_is_taken_at_once(x):
    engine = playing(x)
    pull(engine, 1000)
    engine.stop()
    pull(engine, 4000)
    engine.select(MIX_SOURCE, True)
    pull(engine, 64)
    assert engine.read_status()["heard"] == MIX_SOURCE
    engine.play()
    engine.select(MASTER_SOURCE, True)
    engine.stop()
    pull(engine, 4000)
    assert engine.read_status()["heard"] == MASTER_SOURCE


def test_a_plain_switch_during_a_dip_wins(x):
    engine = playing(x)
    pull(engine, 1000)
    engine.select(MIX_SOURCE, True)
    pull(engine, 100)
    engine.select(MASTER_SOURCE)
    pull(engine, 4 * WAY)
    assert engine.read_status()["heard"] == MASTER_SOURCE
