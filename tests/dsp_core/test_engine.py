"""The engine's graph by hand, without a device: song, selector, match, monitor, guard."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import MASTER_SOURCE, MIX_SOURCE, Engine
from dsp_core.engine.source import MemorySong, PagedSong
from dsp_core.stages import make
from tests import signals
from tests.checks import delayed
from tests.dsp_core.playing import FADE, RATE, limiter, moved, pull, residue_dbfs, studio, trim


@pytest.mark.slow
@pytest.mark.parametrize("cut", [1, 32, 64, 128, 480, 1024, "random"])
def test_live_is_the_render_to_the_bit(cut):
    x = signals.programme(20000)
    rng = np.random.default_rng(4)
    master, mix = x.copy(), np.zeros_like(x)
    Chain(RATE, [make("trim", RATE, {"gain": -3, "mix": 70})]).process(master, mix)
    for heard, want in ((MASTER_SOURCE, master), (MIX_SOURCE, mix)):
        engine = studio(x, make("trim", RATE, {"gain": -3, "mix": 70}), heard=heard)
        engine.play()
        got = pull(engine, 20000, (lambda: int(rng.integers(1, 700))) if cut == "random" else cut)
        assert np.array_equal(got, want.astype(np.float32))


@pytest.mark.slow
def test_narrow_and_wide_songs_and_pages_read_the_same():
    x = np.float32(signals.programme(200000)).astype(np.float64)
    paged = PagedSong(x.shape[1], RATE, rooms=4)
    for page in range(paged.pages):
        paged.put(page, paged.room(False), x[:, page * 65536:(page + 1) * 65536].copy())
    outs = []
    for song in (MemorySong(x, RATE), MemorySong(x.astype(np.float32), RATE), paged):
        engine = Engine(RATE)
        engine.set_song(song)
        engine.select(MASTER_SOURCE)
        pull(engine, 2048)
        engine.play()
        outs.append(pull(engine, 200000, 512))
    assert np.array_equal(outs[0], outs[1])
    assert np.array_equal(outs[0], outs[2])
    assert np.array_equal(outs[0], x)


def test_switching_is_clean_and_exact_when_both_sides_are_the_same():
    x = signals.sine(480000, hz=100, level_dbfs=-6)
    engine = studio(x, make("trim", RATE), heard=MIX_SOURCE)
    engine.play()
    y = []
    for k in range(400):
        engine.select(k % 2)
        y.append(pull(engine, 1000))
    assert np.array_equal(np.concatenate(y, axis=1), np.float32(x[:, :400000]))


@pytest.mark.slow
def test_thousand_switches_leave_no_residue(reached):
    x = signals.sine(1_200_000, hz=100, level_dbfs=-6)
    engine = studio(x, make("trim", RATE, {"gain": 6}), heard=MIX_SOURCE)
    engine.match(0.0, -6.0)
    pull(engine, 4096)
    engine.match(0.0, -3.0)
    engine.play()
    rng = np.random.default_rng(1)
    y = []
    for k in range(1000):
        engine.select(k % 2)
        y.append(pull(engine, int(rng.integers(800, 1500))))
    y = np.concatenate(y, axis=1)[0]
    reached("Switching between mix and master", "1000 times under 100 Hz: residue over 3 kHz", residue_dbfs(y), -100, "dBFS")
    assert np.max(np.abs(y)) <= 10 ** (-3 / 20) + 1e-6


def test_match_turns_down_only_and_exactly():
    x = signals.noise(20000)
    engine = studio(x, make("trim", RATE, {"gain": 6}))
    with pytest.raises(ValueError, match="only turns down"):
        engine.match(1.0, 0.0)
    engine.match(0.0, -6.0)
    engine.play()
    y = pull(engine, 20000)
    assert np.allclose(y[:, 1000:], x[:, 1000:], atol=1e-6)


def test_monitor_matrix_ends_exactly_and_identity_is_the_bits():
    x = signals.noise(40000)
    engine = studio(x)
    engine.play()
    pull(engine, 2000)
    engine.monitor_matrix(0.5, 0.5, 0.5, 0.5)
    mono = pull(engine, 4000)
    assert np.array_equal(mono[0, 1000:], mono[1, 1000:])
    assert np.allclose(mono[0, 1000:], x[:, 3000:6000].mean(axis=0), atol=1e-7)
    engine.monitor_matrix(1, 0, 0, 1)
    assert np.array_equal(pull(engine, 4000)[:, 1000:], np.float32(x[:, 7000:10000]))


def test_song_change_fades_out_first():
    one, two = signals.sine(50000, hz=100), signals.noise(50000)
    engine = studio(one)
    engine.running = True
    engine.play()
    pull(engine, 5000)
    engine.set_song(MemorySong(two, RATE))
    assert engine.busy
    y = pull(engine, 2000)
    assert not engine.busy
    assert np.max(np.abs(np.diff(y[0], 2))) < 0.002
    engine.play()
    assert np.array_equal(pull(engine, 2000), np.float32(two[:, :2000]))


def test_a_late_page_waits_and_comes_in_with_a_fade():
    x = np.random.default_rng(1).standard_normal((2, 4 * 65536)) * 0.1
    song = PagedSong(x.shape[1], RATE, rooms=4)
    song.put(0, song.room(False), x[:, :65536].copy())
    engine = Engine(RATE)
    engine.set_song(song)
    engine.select(MASTER_SOURCE)
    pull(engine, 2048)
    engine.play()
    y = pull(engine, 70000, 256)
    status = engine.read_status()
    assert status["state"] == "waiting"
    assert status["starved"] == 1
    assert not y[:, 65536:].any()
    stopped_at = status["heard_at"]
    song.put(1, song.room(False), x[:, 65536:131072].copy())
    again = pull(engine, 30000, 256)
    assert np.array_equal(again[:, FADE:20000], np.float32(x[:, stopped_at + FADE:stopped_at + 20000]))


def test_neutral_chain_and_both_sides_are_the_delayed_input():
    x = signals.programme(30000)
    for heard in (MIX_SOURCE, MASTER_SOURCE):
        engine = studio(x, make("trim", RATE), make("trim", RATE, {"bypass": 1, "gain": 5}), heard=heard)
        engine.play()
        assert np.array_equal(pull(engine, 30000), np.float32(delayed(x, 0)))


def test_live_input_runs_through_the_chain_and_nan_is_mended():
    engine = studio(signals.noise(100), make("trim", RATE, {"gain": -6}))
    engine.listen_to_input(True)
    feed = np.float32(signals.noise(4096).T.copy())
    feed[100, 0] = np.nan
    out = np.zeros_like(feed)
    engine.run_offline(feed, out)
    want = np.nan_to_num(feed) * np.float32(10 ** (-6 / 20))
    assert np.allclose(out, want, atol=1e-6)
    assert engine.read_status()["mended"] == 1


@pytest.mark.parametrize("heard", [MIX_SOURCE, MASTER_SOURCE])
def test_a_stage_with_latency_comes_in_without_a_click(heard):
    for stages in ([limiter()], [limiter(lookahead=5.0), trim(-3)]):
        _, y = moved([(lambda e, s=stages: (e.select(heard), e.publish(s)), 5000), (lambda e: e.publish([]), 5000)])
        assert residue_dbfs(y) < -100
