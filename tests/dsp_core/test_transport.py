"""The playhead by hand: seeks, loops, stops and the song's end are exact to the sample and leave no click."""
from functools import partial

import numpy as np
import pytest

from dsp_core.engine.gauge import RECORD_BYTES
from dsp_core.stages import make
from tests import signals
from tests.dsp_core.playing import FADE, RATE, moved, pull, residue_dbfs, seek_to, studio


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
