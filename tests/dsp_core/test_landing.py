"""A chain that was run up to a place elsewhere lands in the engine: what is heard is what the whole song has there."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import DELTA_SOURCE, MASTER_SOURCE, MIX_SOURCE, Engine
from dsp_core.engine.gauge import RECORD_BYTES
from dsp_core.engine.landing import run_up
from dsp_core.engine.source import MemorySong, PagedSong
from dsp_core.stages import make
from tests import signals
from tests.checks import active
from tests.dsp_core.playing import FADE, RATE, pull, residue_dbfs, studio

SECONDS = 4
CHAINS = {
    "nothing": [],
    "trim": [("trim", {"gain": -6})],
    "limiter": [("limiter", {"gain": 9})],
    "late": [("compressor", {}), ("eq", {"phase": 2, "length": 0}), ("limiter", {"gain": 6, "lookahead": 5})],
}


def stages_of(chain):
    return [active(kind, **values) for kind, values in CHAINS[chain]]


def brought(chain, x, heard_at, slot=-1):
    """A chain that has heard the whole song up to a frame."""
    fresh = Chain(RATE, stages_of(chain))
    fresh.listen(slot)
    run_up(fresh, MemorySong(x, RATE), 0, heard_at + fresh.latency_frames)
    assert fresh.stands_at == heard_at
    return fresh


def whole(chain, x):
    """Mix, master and the last stage's delta of the song, in its place."""
    voices = []
    for heard in (MIX_SOURCE, MASTER_SOURCE, DELTA_SOURCE):
        engine = studio(x, *stages_of(chain), heard=heard)
        engine.listen_to_delta(len(CHAINS[chain]) - 1)
        engine.play()
        late = engine.chain.latency_frames
        voices.append(pull(engine, x.shape[1] + late, 1024)[:, late:])
    return voices


@pytest.mark.parametrize("cut", [64, 1024, 333, "random"])
@pytest.mark.parametrize("chain", CHAINS)
def test_after_a_landing_mix_master_and_delta_are_those_of_the_song(chain, cut):
    x = signals.programme(SECONDS * RATE)
    rng = np.random.default_rng(1)
    want, slot = whole(chain, x), len(CHAINS[chain]) - 1
    for heard in (MIX_SOURCE, MASTER_SOURCE, DELTA_SOURCE):
        engine = studio(x, *stages_of(chain), heard=heard)
        engine.listen_to_delta(slot)
        engine.play()
        size = (lambda: int(rng.integers(1, 700))) if cut == "random" else cut
        pull(engine, 20011, size)
        for at in (100003, 30001, 150007):
            engine.land(brought(chain, x, at, slot))
            y = pull(engine, 9001, size)
            assert np.array_equal(y[:, FADE:], want[heard][:, at + FADE:at + 9001]), (heard, at)


@pytest.mark.parametrize("chain", CHAINS)
def test_the_place_left_goes_on_while_it_fades(chain):
    """To the bit: the fade is between what both would have been without the jump."""
    x = signals.programme(SECONDS * RATE)
    want = whole(chain, x)[MASTER_SOURCE]
    engine = studio(x, *stages_of(chain))
    late = engine.chain.latency_frames
    engine.play()
    pull(engine, 40000)
    engine.land(brought(chain, x, 100003))
    y, here = pull(engine, FADE), 40000 - late
    old, new = want[:, here:here + FADE], want[:, 100003:100003 + FADE]
    rise = np.arange(1, FADE + 1) / FADE
    weight = rise - np.sin(2 * np.pi * rise) / (2 * np.pi)
    assert np.abs(y - (old + weight * (new - old))).max() < 2e-7


@pytest.mark.parametrize("chain", CHAINS)
def test_a_start_lands_in_silence_and_waits_for_it(chain):
    x = signals.programme(SECONDS * RATE)
    want = whole(chain, x)[MASTER_SOURCE]
    engine = studio(x, *stages_of(chain))
    engine.running = True
    engine.wait_for_landings(True)
    engine.seek(100003)
    engine.play()
    assert not pull(engine, 5000).any()
    status = engine.read_status()
    assert (status["state"], status["awaits"], status["heard_at"]) == ("waiting", True, 100003)
    engine.land(brought(chain, x, 100003))
    y = pull(engine, 9000)
    assert np.array_equal(y[:, FADE:], want[:, 100003 + FADE:109003])
    assert engine.read_status()["heard_at"] == 109003
    engine.stop()
    pull(engine, 2000)
    stands_at = engine.read_status()["heard_at"]
    assert stands_at == 109003
    engine.play()
    pull(engine, 100)
    engine.land(brought(chain, x, stands_at))
    assert np.array_equal(pull(engine, 9000)[:, FADE:], want[:, stands_at + FADE:stands_at + 9000])


@pytest.mark.slow
@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("cut", [64, 1000])
def test_a_loop_lands_at_its_start_when_its_end_was_heard(chain, cut):
    x = signals.programme(SECONDS * RATE)
    want = whole(chain, x)[MASTER_SOURCE]
    start, stop = 50021, 64007
    engine = studio(x, *stages_of(chain))
    engine.loop(start, stop)
    engine.play()
    engine.land(brought(chain, x, 60000))
    pull(engine, FADE, cut)
    engine.land_at_loop(brought(chain, x, start))
    y = pull(engine, stop - 60000 - FADE, cut)
    assert np.array_equal(y, want[:, 60000 + FADE:stop])
    for _ in range(20):
        y = pull(engine, 5000, cut)
        engine.land_at_loop(brought(chain, x, start))
        y = np.concatenate([y, pull(engine, stop - start - 5000, cut)], axis=1)
        assert np.array_equal(y[:, FADE:], want[:, start + FADE:stop])


def test_without_a_landing_a_loop_splices_and_keeps_its_beat():
    x = signals.programme(SECONDS * RATE)
    start, stop = 50021, 64007
    engine = studio(x)
    engine.loop(start, stop)
    engine.seek(60000)
    engine.play()
    pull(engine, 1000)
    engine.land_at_loop(brought("nothing", x, start + 1))
    y = pull(engine, stop - 61000 + 5000)
    assert np.array_equal(y[:, stop - 61000 + FADE:], np.float32(x[:, start + FADE:start + 5000]))
    engine.land_at_loop(brought("nothing", x, start))
    engine.retract_landing_at_loop()
    before = engine.chain
    pull(engine, stop - start)
    assert engine.chain is before


def test_a_loop_that_is_shorter_than_the_latency_goes_round_without_landings():
    """Landings at its start come after the fade of the one before; what the loop cannot have in time it splices."""
    x = signals.programme(SECONDS * RATE)
    start, stop = 50000, 52400
    engine = studio(x, *stages_of("late"))
    assert engine.chain.latency_frames > stop - start
    engine.loop(start, stop)
    engine.play()
    engine.land(brought("late", x, start))
    y = pull(engine, 40000, 100)
    assert start <= engine.read_status()["heard_at"] <= stop + 2 * FADE
    assert np.abs(y[:, -8000:]).max() > 0.01


def test_the_last_of_several_landings_is_heard_and_the_others_are_let_go():
    x = signals.programme(SECONDS * RATE)
    engine = studio(x)
    engine.running = True
    engine.play()
    pull(engine, 1000)
    chains = [brought("nothing", x, at) for at in (20000, 40000, 60000, 80000)]
    first = engine.chain
    engine.land(chains[0])
    engine.land(chains[1])
    assert [engine.keeps(chain) for chain in (first, *chains)] == [True, False, True, False, False]
    pull(engine, 100)
    assert engine.chain is chains[1]
    assert not first.let_go, "it still fades"
    engine.land(chains[2])
    pull(engine, 100)
    engine.land(chains[3])
    y = pull(engine, 5000)
    assert engine.chain is chains[3]
    assert [chain.let_go for chain in (first, *chains)] == [True, False, True, True, False]
    heard_at = engine.read_status()["heard_at"]
    assert 85000 - 2 * FADE <= heard_at <= 85000, "each waits for the fade before"
    assert np.array_equal(y[:, -3000:], np.float32(x[:, heard_at - 3000:heard_at]))


def test_a_landing_that_a_stop_or_a_seek_overtakes_leaves_its_place_or_nothing():
    x = signals.programme(SECONDS * RATE)
    engine = studio(x)
    engine.running = True
    engine.play()
    pull(engine, 1000)
    engine.land(brought("nothing", x, 90000))
    engine.stop()
    pull(engine, 1000)
    assert engine.read_status()["heard_at"] == 90000
    engine.play()
    pull(engine, 1000)
    engine.land(brought("nothing", x, 30000))
    engine.seek(120000)
    pull(engine, 2000)
    assert engine.read_status()["heard_at"] == 122000
    engine.land(brought("nothing", x, 30000))
    pull(engine, 100)
    engine.land(brought("nothing", x, 60000))
    pull(engine, 100)
    engine.seek(90000)
    pull(engine, 2000)
    assert 90000 < engine.read_status()["heard_at"] < 92000, "not where the one went that waited for the fade"


def test_a_landing_near_the_end_plays_to_the_end():
    x = signals.programme(SECONDS * RATE)
    for chain in CHAINS:
        for heard_at in (x.shape[1] - 100, x.shape[1]):
            engine = studio(x, *stages_of(chain))
            engine.play()
            pull(engine, 5000)
            engine.land(brought(chain, x, heard_at))
            y = pull(engine, 30000)
            status = engine.read_status()
            assert status["ended"] and status["heard_at"] == x.shape[1]
            assert not y[:, FADE:].any()


def test_a_landing_waits_for_its_page_while_the_sound_goes_on():
    x = 0.1 * np.random.default_rng(1).standard_normal((2, 4 * 65536))
    song = PagedSong(x.shape[1], RATE, rooms=4)
    song.put(0, song.room(False), x[:, :65536].copy())
    engine = Engine(RATE)
    engine.set_song(song)
    engine.select(MASTER_SOURCE)
    pull(engine, 2048)
    engine.play()
    pull(engine, 1000)
    engine.land(brought("nothing", x, 140000))
    assert np.array_equal(pull(engine, 1000), np.float32(x[:, 1000:2000]))
    song.put(2, song.room(False), x[:, 131072:196608].copy())
    assert np.array_equal(pull(engine, 2000)[:, FADE:], np.float32(x[:, 140000 + FADE:142000]))


JUMPS = {
    "one": [(200120, 5000)],
    "a landing within the fade of another": [(200120, 100), (300240, 100), (100360, 5000)],
    "a splice within the fade of a landing": [(200120, 100), (-300240, 5000)],
    "a landing within a splice": [(-200120, 100), (300240, 5000)],
    "scrubbing": [(int(at), 1600) for at in np.random.default_rng(3).integers(1000, 400000, 30)],
    "scrubbing fast": [(int(at), 97) for at in np.random.default_rng(4).integers(1000, 400000, 60)],
}


@pytest.mark.parametrize("jumps", JUMPS)
def test_no_landing_clicks(jumps, reached):
    x = signals.sine(480000, hz=100, level_dbfs=-6)
    for chain in ("nothing", "limiter"):
        engine = studio(x, *([make("limiter", RATE)] if chain == "limiter" else []))
        engine.play()
        y = [pull(engine, 24000)]
        for at, frames in JUMPS[jumps]:
            if at < 0:
                engine.seek(-at)
            else:
                stages = [make("limiter", RATE)] if chain == "limiter" else []
                fresh = Chain(RATE, stages)
                run_up(fresh, MemorySong(x, RATE), max(0, at - 5000), at + fresh.latency_frames)
                engine.land(fresh)
            y.append(pull(engine, frames, 64))
        y.append(pull(engine, 24000))
        reached("Jumps in the song", "under 100 Hz: residue over 3 kHz", residue_dbfs(np.concatenate(y, axis=1)[0]), -100, "dBFS")


def test_song_time_jumps_with_the_sound_and_no_bin_holds_two_places():
    x = signals.noise(200000)
    x[:, 100000:] *= 1e-3
    engine = studio(x)
    engine.play()
    pull(engine, 4096 + 200)
    record = np.zeros(1024 * RECORD_BYTES, np.uint8)
    engine.gauge.records.drain(record)
    engine.land(brought("nothing", x, 150000))
    pull(engine, 4096)
    bins = record[:engine.gauge.records.drain(record) * RECORD_BYTES].reshape(-1, RECORD_BYTES)
    places = bins[:, :8].copy().view(np.int64)[:, 0]
    assert places[0] == 4096 + 200
    assert all(places[1:] > 150000)
    assert places[-1] <= 154096


def test_a_chain_lands_once_at_its_own_rate():
    x = signals.noise(20000)
    engine = studio(x)
    chain = brought("nothing", x, 5000)
    engine.land(chain)
    with pytest.raises(ValueError, match="lands once"):
        engine.land(chain)
    with pytest.raises(ValueError, match="at 44100 Hz cannot land in an engine at 48000 Hz"):
        engine.land(Chain(44100))


def test_a_stage_is_swapped_in_the_chain_that_landed():
    x = signals.programme(SECONDS * RATE)
    engine = studio(x, make("trim", RATE))
    engine.play()
    pull(engine, 1000)
    engine.land(brought("trim", x, 50000))
    pull(engine, 1000)
    old = engine.chain.stages[0]
    engine.publish([make("trim", RATE, {"gain": -12, "placement": 0}), make("trim", RATE)], {})
    assert engine.chain.busy
    pull(engine, 3000)
    assert not engine.chain.busy
    assert old not in engine.chain.stages
    assert np.allclose(pull(engine, 1000), x[:, 54000:55000] * 10 ** (-12 / 20), atol=1e-6)


def test_the_meters_of_a_chain_that_was_run_up_begin_where_it_is_heard():
    chain = brought("limiter", signals.programme(SECONDS * RATE), 100003)
    assert [stage.meters()[:4] for stage in chain.stages] == [(0.0, 0.0, 0.0, 0)]
