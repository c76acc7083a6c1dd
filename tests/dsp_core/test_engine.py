"""The engine's graph by hand, without a device: transport, selector, monitor, guard."""
from functools import partial

import numpy as np
import pytest
from scipy.signal import firwin, oaconvolve

from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import DELTA_SOURCE, MASTER_SOURCE, MIX_SOURCE, Engine
from dsp_core.engine.gauge import RECORD_BYTES
from dsp_core.engine.source import MemorySong, PagedSong
from dsp_core.stages import make
from tests import signals
from tests.checks import db, delayed

RATE = 48000
FADE = RATE // 100


def pull(engine, frames, cut=64):
    out = np.zeros((frames, 2), np.float32)
    silence = np.zeros((frames, 2), np.float32)
    done = 0
    while done < frames:
        n = min(cut() if callable(cut) else cut, frames - done)
        engine.run_offline(silence[done:done + n], out[done:done + n])
        done += n
    return out.T.astype(np.float64)


def studio(x, *stages, heard=MASTER_SOURCE):
    engine = Engine(RATE, stages)
    engine.set_song(MemorySong(x, RATE))
    engine.select(heard)
    pull(engine, 2048)
    return engine


def residue_dbfs(y):
    """The largest sample over 3 kHz."""
    kernel = firwin(4001, 3000, pass_zero=False, fs=RATE, window=("kaiser", 14))
    return db(np.max(np.abs(oaconvolve(y, kernel, mode="valid"))))


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


def test_seek_is_sample_exact_and_spliced():
    x = signals.programme(200000)
    engine = studio(x)
    engine.play()
    first = pull(engine, 10000)
    engine.seek(150000)
    second = pull(engine, 10000)
    assert np.array_equal(first, np.float32(x[:, :10000]))
    assert np.array_equal(second[:, FADE:], np.float32(x[:, 150000 + FADE:160000]))
    jump = np.abs(np.diff(np.concatenate([first, second], axis=1)[0]))
    assert jump[9990:10500].max() < 1.5 * np.abs(np.diff(x[0])).max()


def test_loop_is_sample_exact():
    x = signals.programme(50000)
    engine = studio(x)
    engine.loop(10000, 20000)
    engine.seek(15000)
    engine.play()
    y = pull(engine, 30000, 333)
    for lap in range(2):
        start = 5000 + 10000 * lap
        assert np.array_equal(y[:, start + FADE:start + 10000], np.float32(x[:, 10000 + FADE:20000]))
    with pytest.raises(ValueError, match="too short; at least 2400"):
        engine.loop(100, 200)


def test_stop_fades_and_stays_and_play_goes_on_from_there():
    x = signals.sine(100000, hz=100)
    engine = studio(x)
    engine.play()
    pull(engine, 10000)
    engine.stop()
    tail = pull(engine, 2000)
    assert tail[0, FADE:].any() == False  # noqa: E712
    assert np.max(np.abs(np.diff(tail[0], 2))) < 0.002
    assert engine.read_status()["state"] == "stopped"
    engine.play()
    again = pull(engine, 3000)
    assert np.array_equal(again[:, FADE:], np.float32(x[:, 10000 + FADE:13000]))


def test_the_song_ends_with_the_chains_tail():
    x = signals.noise(1000)
    engine = studio(x, make("trim", RATE))
    engine.play()
    y = pull(engine, 3000)
    assert np.array_equal(y[:, :1000], np.float32(x))
    assert not y[:, 1000:].any()
    assert engine.read_status()["ended"]


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


def test_delta_is_what_one_stage_changes_and_idle_stages_change_nothing():
    x = signals.noise(20000)
    engine = studio(x, make("trim", RATE), make("trim", RATE, {"gain": -6}), heard=DELTA_SOURCE)
    for slot in (0, 1):
        engine.listen_to_delta(slot)
        engine.seek(0)
        engine.play()
        y = pull(engine, 3000)
        assert np.array_equal(y[:, 1000:], np.float32(x * (10 ** (-6 / 20)) - x)[:, 1000:3000]) if slot else not y.any()
        engine.stop()
        pull(engine, 1000)


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


def moved(acts, song_frames=480000, stages=(), cut=256):
    """A 100 Hz tone at -6 dBFS from half a second before the acts, each (act, frames heard after it), to a second after the last."""
    engine = studio(signals.sine(song_frames, hz=100, level_dbfs=-6), *stages)
    engine.running = True
    engine.play()
    y = [pull(engine, 24000, cut)]
    for act, frames in acts:
        act(engine)
        y.append(pull(engine, frames, cut))
    y.append(pull(engine, 48000, cut))
    return engine, np.concatenate(y, axis=1)[0]


def seek_to(at, engine):
    engine.seek(at)


MOVES = {
    "one seek": [(lambda e: e.seek(200120), 512)],
    "two in one block": [(lambda e: (e.seek(200120), e.seek(300240)), 512)],
    "two within a splice": [(lambda e: e.seek(200120), 256), (lambda e: e.seek(300240), 512)],
    "three within a splice": [(lambda e: e.seek(200120), 128), (lambda e: e.seek(300240), 128), (lambda e: e.seek(100360), 512)],
    "to just before the loop's end": [(lambda e: (e.loop(200000, 240000), e.seek(239808)), 512)],
    "to the loop's end": [(lambda e: (e.loop(200120, 240000), e.seek(240000)), 512)],
    "loop taken off within a splice": [(lambda e: (e.loop(200000, 240000), e.seek(239808)), 256), (lambda e: e.unloop(), 512)],
    "stop within a splice": [(lambda e: e.seek(200120), 128), (lambda e: e.stop(), 2048)],
    "stop with a seek waiting, then play": [(lambda e: e.seek(200120), 128), (lambda e: (e.seek(300240), e.stop()), 256),
                                           (lambda e: e.play(), 512)],
    "stop and play at once": [(lambda e: e.stop(), 256), (lambda e: e.play(), 2048)],
    "seek just after play": [(lambda e: e.stop(), 2048), (lambda e: e.play(), 64), (lambda e: e.seek(200120), 512)],
}


@pytest.mark.parametrize("moves", MOVES)
def test_no_move_of_the_playhead_clicks(moves):
    for stages in ([], [make("limiter", RATE)]):
        _, y = moved(MOVES[moves], stages=stages)
        assert residue_dbfs(y) < -100


@pytest.mark.parametrize("moves", MOVES)
def test_moves_do_not_depend_on_the_cut(moves):
    rng = np.random.default_rng(8)
    whole = moved(MOVES[moves], cut=4096)[1]
    assert np.array_equal(moved(MOVES[moves], cut=lambda: int(rng.integers(1, 700)))[1], whole)


@pytest.mark.parametrize("seeks_per_second", [125, 250, 1000])
def test_a_scrubbing_hand_does_not_click_and_arrives_to_the_frame(seeks_per_second):
    rng = np.random.default_rng(6)
    goals = rng.integers(0, 400000, 400).tolist()
    acts = [(partial(seek_to, at), RATE // seeks_per_second) for at in goals]
    acts.append((lambda e: e.seek(123456), 480))
    engine, y = moved(acts)
    x = np.float32(signals.sine(480000, hz=100, level_dbfs=-6)[0])
    heard_at = engine.read_status()["heard_at"]
    assert residue_dbfs(y) < -100
    assert 0 <= 48480 - (heard_at - 123456) < FADE
    assert np.array_equal(y[-40000:], x[heard_at - 40000:heard_at])


def test_song_time_jumps_with_the_sound():
    record = np.zeros(RECORD_BYTES, np.uint8)
    pieces = 0
    for seek in (False, True):
        engine = studio(signals.noise(200000))
        engine.play()
        while not seek and engine.gauge.records.drain(record) == 0:
            pull(engine, 64)
            pieces += 1
    pull(engine, 64 * (pieces - 1))
    engine.seek(100000)
    pull(engine, 64)
    assert engine.gauge.records.drain(record) == 1
    assert record[:8].view(np.int64)[0] == 100064


def test_the_last_of_several_seeks_is_where_it_goes_on():
    x = signals.programme(480000)
    engine = studio(x)
    engine.play()
    pull(engine, 10000)
    engine.seek(100000)
    engine.seek(200000)
    first = pull(engine, 100)
    engine.seek(300000)
    engine.seek(400000)
    rest = pull(engine, 20000)
    assert np.array_equal(rest[:, 2 * FADE - 100:], np.float32(x[:, 400000 + FADE:420000 - (FADE - 100)]))
    assert not np.array_equal(first, np.float32(x[:, 200000:200100]))


def test_a_loops_end_within_a_splice_keeps_the_beat():
    x = signals.programme(50000)
    engine = studio(x)
    engine.loop(10000, 20000)
    engine.play()
    pull(engine, 1000)
    engine.seek(19900)
    y = pull(engine, 25000)
    assert np.array_equal(y[:, 2 * FADE:10100], np.float32(x[:, 9900 + 2 * FADE:20000]))
    assert np.array_equal(y[:, 10100 + FADE:20100], np.float32(x[:, 10000 + FADE:20000]))


def test_a_stop_keeps_the_last_wish():
    x = signals.programme(480000)
    engine = studio(x)
    engine.play()
    pull(engine, 10000)
    engine.seek(100000)
    pull(engine, 100)
    engine.seek(300000)
    engine.stop()
    pull(engine, 1000)
    assert engine.read_status()["heard_at"] == 300000


def test_time_stands_at_the_songs_end():
    for stages in ([], [make("limiter", RATE)]):
        for cut in (64, 1000):
            engine = studio(signals.noise(10001), *stages)
            engine.play()
            pull(engine, 20000, cut)
            assert engine.read_status()["heard_at"] == 10001
            engine.seek(9990)
            engine.play()
            pull(engine, 20000, cut)
            assert engine.read_status()["heard_at"] == 10001


def test_a_seek_into_the_last_milliseconds_fades_what_was_heard():
    engine, y = moved([(lambda e: e.seek(479990), 512)], stages=[make("limiter", RATE)])
    assert residue_dbfs(y) < -100
    status = engine.read_status()
    assert status["ended"]
    assert status["heard_at"] == 480000


def trim(gain_db, **values):
    return make("trim", RATE, {"gain": gain_db, **values})


def limiter(**values):
    return make("limiter", RATE, values)


@pytest.mark.parametrize("latencies", ["listened", "behind", "before", "on both sides", "everywhere"])
def test_mix_master_and_delta_are_aligned_to_the_sample(latencies):
    stages = {
        "listened": lambda: [limiter(gain=6.0)],
        "behind": lambda: [trim(6), limiter(), limiter(lookahead=5.0)],
        "before": lambda: [limiter(), trim(6)],
        "on both sides": lambda: [limiter(lookahead=5.0), trim(6), limiter()],
        "everywhere": lambda: [limiter(), limiter(gain=6.0), limiter(lookahead=5.0)],
    }[latencies]
    slot = {"listened": 0, "behind": 0}.get(latencies, 1)
    at = []
    for heard in (MIX_SOURCE, MASTER_SOURCE, DELTA_SOURCE):
        engine = studio(signals.impulse(10000, at=3000, level=0.1), *stages(), heard=heard)
        engine.listen_to_delta(slot)
        engine.play()
        y = pull(engine, 10000, 100)[0]
        assert 0.09 < np.max(np.abs(y)) < 0.21
        at.append(int(np.argmax(np.abs(y))))
    assert at == [3000 + engine.chain.latency_frames] * 3


def replace_heard(engine):
    old = engine.chain.stages[0]
    new = trim(-12)
    engine.publish([new, limiter()], {new: old})


DELTA_MOVES = {
    "a stage behind": lambda e: e.publish([*e.chain.stages, limiter()]),
    "a stage before": lambda e: e.publish([limiter(), trim(-6, placement=0), limiter()]),
    "no stage behind": lambda e: e.publish(e.chain.stages[:1]),
    "an heir": replace_heard,
    "no stage": lambda e: e.publish([]),
    "another slot": lambda e: e.listen_to_delta(2),
    "no slot": lambda e: e.listen_to_delta(-1),
    "a slot and back at once": lambda e: (e.listen_to_delta(2), e.listen_to_delta(0)),
    "another slot of another chain": lambda e: (e.publish([trim(3), limiter(), trim(-9), limiter()]), e.listen_to_delta(2)),
}


def delta_moved(move, cut=256, later=None):
    """The delta of a trim in front of a limiter and a trim: half a second before the move, and a second after it."""
    engine = studio(signals.sine(480000, hz=100, level_dbfs=-6), trim(-6), limiter(), trim(-20), heard=DELTA_SOURCE)
    engine.running = True
    engine.listen_to_delta(0)
    engine.play()
    y = [pull(engine, 24000, cut)]
    move(engine)
    y.append(pull(engine, 300, cut))
    if later is not None:
        later(engine)
    y.append(pull(engine, 48000, cut))
    return engine, np.concatenate(y, axis=1)[0]


@pytest.mark.parametrize("move", DELTA_MOVES)
def test_no_change_of_what_delta_is_clicks(move):
    for later in (None, lambda e: e.listen_to_delta(0), lambda e: (e.listen_to_delta(1), e.listen_to_delta(0))):
        y = delta_moved(DELTA_MOVES[move], later=later)[1]
        assert residue_dbfs(y) < -100


@pytest.mark.parametrize("move", DELTA_MOVES)
def test_delta_does_not_depend_on_the_cut(move):
    rng = np.random.default_rng(9)
    later = lambda e: e.listen_to_delta(1)  # noqa: E731
    whole = delta_moved(DELTA_MOVES[move], 4096, later)[1]
    assert np.array_equal(delta_moved(DELTA_MOVES[move], lambda: int(rng.integers(1, 700)), later)[1], whole)


def test_delta_sounds_on_while_a_stage_is_added():
    y = delta_moved(DELTA_MOVES["a stage behind"])[1]
    peaks = np.max(np.abs(y[20160:72000].reshape(-1, 480)), axis=1)
    level = 10 ** (-6 / 20) * (1 - 10 ** (-6 / 20))
    # 80 degrees lie between the old and the new latency, so that the middle of the fade is 0.77 of either side.
    assert np.all(peaks > 0.76 * level)
    assert np.allclose(peaks[-90:], level, rtol=1e-3)


def test_delta_follows_its_stage_to_the_heir():
    engine, y = delta_moved(replace_heard)
    x = signals.sine(480000, hz=100, level_dbfs=-6)[0]
    at = 72300 - 4000 - engine.chain.latency_frames
    assert np.allclose(y[-4000:], (10 ** (-12 / 20) - 1) * x[at:at + 4000], atol=1e-6)
    assert not engine.busy


def test_a_wish_to_listen_while_a_swap_fades_is_kept():
    engine, y = delta_moved(DELTA_MOVES["an heir"], later=lambda e: e.listen_to_delta(0))
    _, other = delta_moved(DELTA_MOVES["a stage behind"], later=lambda e: e.listen_to_delta(2))
    x = signals.sine(480000, hz=100, level_dbfs=-6)[0] * 10 ** (-6 / 20) * (10 ** (-20 / 20) - 1)
    at = 72300 - 4000 - 2 * engine.chain.latency_frames
    assert np.max(np.abs(y[-4000:])) > 0.3
    assert np.allclose(other[-4000:], x[at:at + 4000], atol=1e-6)


@pytest.mark.parametrize("heard", [MIX_SOURCE, MASTER_SOURCE])
def test_a_stage_with_latency_comes_in_without_a_click(heard):
    for stages in ([limiter()], [limiter(lookahead=5.0), trim(-3)]):
        _, y = moved([(lambda e, s=stages: (e.select(heard), e.publish(s)), 5000), (lambda e: e.publish([]), 5000)])
        assert residue_dbfs(y) < -100
