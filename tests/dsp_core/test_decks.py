"""References beside the song: locked to it or with a playhead of their own, spliced, looped and switched without a click."""
import numpy as np
import pytest

from dsp_core.engine.engine import MIX_SOURCE, REFERENCE_SOURCES
from dsp_core.engine.source import MemorySong, PagedSong
from dsp_core.stages import make
from tests import signals
from tests.dsp_core.company import SWITCH, beside, engine_on, landed_chain
from tests.dsp_core.playing import FADE, RATE, limiter, pull, residue_dbfs

# references


def with_reference(x, record, *stages, deck=0, **put):
    engine = engine_on(x, *stages)
    engine.beside.decks[deck].put(MemorySong(record, RATE), **put)
    engine.select(REFERENCE_SOURCES[deck])
    pull(engine, 1024)
    return engine


def journey(engine, cut=441):
    """Plays, loops, seeks, and changes the chain meanwhile."""
    y = [pull(engine, RATE, cut)]
    engine.loop(RATE, RATE + 7000)
    engine.seek(RATE + 2000)
    y.append(pull(engine, RATE, cut))
    engine.unloop()
    for at in (4 * RATE, 777, 3 * RATE + 1, 3 * RATE):
        engine.seek(at)
        y.append(pull(engine, 5000, cut))
    engine.stop()
    y.append(pull(engine, 5000, cut))
    engine.seek(2 * RATE + 13)
    engine.play()
    y.append(pull(engine, RATE // 2, cut))
    return np.concatenate(y, axis=1)


@pytest.mark.parametrize("kinds", [(), ("limiter",), ("eq", "clipper", "limiter")])
@pytest.mark.parametrize("cut", [64, 441])
def test_a_locked_reference_that_is_the_song_nulls_against_the_mix(kinds, cut):
    """Through latency, loops, seeks and stops: spliced at the same frames with the same weights."""
    x = signals.programme(6 * RATE)
    outs = []
    for source in (MIX_SOURCE, REFERENCE_SOURCES[0]):
        engine = with_reference(x, x, *(make(kind, RATE) for kind in kinds), locked=True)
        engine.select(source)
        engine.play()
        outs.append(journey(engine, cut))
    assert np.array_equal(*outs)
    assert np.ptp(outs[0]) > 0.5


@pytest.mark.parametrize("offset", [1105, -2000])
def test_a_locked_reference_stands_its_offset_away(offset):
    x = signals.programme(6 * RATE)
    record = np.zeros_like(x)
    if offset > 0:
        record[:, offset:] = x[:, :-offset]
    else:
        record[:, :offset] = x[:, -offset:]
    outs = []
    for source in (MIX_SOURCE, REFERENCE_SOURCES[1]):
        engine = with_reference(x, record, limiter(), deck=1, locked=True, at=offset)
        engine.select(source)
        engine.seek(RATE)
        engine.play()
        outs.append(pull(engine, 2 * RATE))
    assert np.array_equal(*outs)


@pytest.mark.parametrize("other", [(), ("limiter", "clipper")])
def test_a_landing_takes_a_locked_reference_along(other):
    """An exact jump is heard at once, not a latency later; so the reference jumps at the same frame, with the same fade."""
    x = signals.programme(6 * RATE)
    outs = []
    for source in (MIX_SOURCE, REFERENCE_SOURCES[0]):
        engine = with_reference(x, x, limiter(), locked=True)
        beside(engine, 0, [make(kind, RATE) for kind in other])
        engine.select(source)
        engine.play()
        y = [pull(engine, RATE, 333)]
        for at in (4 * RATE + 5, RATE // 2, 3 * RATE):
            engine.land(landed_chain(x, at, ("limiter",)))
            y.append(pull(engine, RATE // 3, 333))
        outs.append(np.concatenate(y, axis=1))
    assert np.array_equal(*outs)
    assert np.ptp(outs[0][:, RATE:]) > 0.5


def test_the_place_follows_a_chain_whose_latency_changes():
    x = signals.programme(6 * RATE)
    outs = []
    for source in (MIX_SOURCE, REFERENCE_SOURCES[0]):
        engine = with_reference(x, x, locked=True)
        engine.select(source)
        engine.play()
        pull(engine, RATE)
        engine.publish([limiter()])
        outs.append(pull(engine, RATE))
    assert np.array_equal(outs[0][:, RATE // 4:], outs[1][:, RATE // 4:])


def test_one_with_its_own_playhead_goes_on_only_while_it_is_heard():
    x, record = signals.programme(6 * RATE), signals.programme(3 * RATE, seed=9)
    engine = with_reference(x, record, at=1000)
    engine.select(MIX_SOURCE)
    engine.play()
    pull(engine, RATE)
    assert engine.beside.decks[0].frame == 1000
    engine.select(REFERENCE_SOURCES[0])
    y = pull(engine, RATE)
    assert np.array_equal(y[:, SWITCH:], np.float32(record[:, 1000 + SWITCH:1000 + RATE]))
    engine.select(MIX_SOURCE)
    pull(engine, RATE)
    resting = engine.beside.decks[0].frame
    assert 1000 + RATE <= resting <= 1000 + RATE + SWITCH + 512
    engine.deck_go(0, 2 * RATE)
    pull(engine, 64)
    assert engine.beside.decks[0].frame == 2 * RATE


def test_its_loop_and_its_jumps_are_spliced(reached):
    x, record = signals.programme(6 * RATE), signals.sine(3 * RATE, hz=100, level_dbfs=-6)
    engine = with_reference(x, record, loop_start=RATE, loop_stop=RATE + 10_007, at=RATE)
    engine.play()
    y = [pull(engine, 60_000)]
    assert RATE <= engine.beside.decks[0].frame < RATE + 10_007
    engine.deck_loop(0, 0, 0)
    for at in (100, 2 * RATE + 55, 777):
        engine.deck_go(0, at)
        y.append(pull(engine, 8000))
        assert at + 8000 <= engine.beside.decks[0].frame <= at + 8000 + 64
    reached("References", "residue over 3 kHz of loops and jumps, 100 Hz", residue_dbfs(np.concatenate(y, axis=1)[0, SWITCH:]), -110, "dBFS")
    with pytest.raises(ValueError, match="too short; at least 2400"):
        engine.deck_loop(0, 0, 100)


def test_a_loop_is_exact_lap_by_lap():
    x, record = signals.programme(6 * RATE), signals.programme(3 * RATE, seed=9)
    engine = with_reference(x, record, loop_start=RATE, loop_stop=RATE + 20_000, at=RATE)
    engine.play()
    y = pull(engine, 60_000, 333)
    for lap in range(1, 3):
        assert np.array_equal(y[:, lap * 20_000 + FADE:(lap + 1) * 20_000], np.float32(record[:, RATE + FADE:RATE + 20_000]))


def test_without_a_loop_it_goes_round_the_whole():
    """The fade at its end is its own last frames; behind them there is nothing that could fade."""
    x, record, lap = signals.programme(6 * RATE), signals.programme(RATE, seed=9), RATE - FADE
    engine = with_reference(x, record)
    engine.play()
    y = pull(engine, 3 * RATE)
    assert np.array_equal(y[:, 2 * lap + FADE:3 * lap], np.float32(record[:, FADE:lap]))


@pytest.mark.parametrize("loop", [(0, 0), (5000, RATE + 120)])
def test_a_reference_that_ends_in_mid_sound_goes_round_without_a_click(loop, reached):
    x, record = signals.noise(5 * RATE), signals.sine(10 * RATE, hz=100, level_dbfs=-6)[:, :RATE + 120].copy()
    engine = with_reference(x, record, loop_start=loop[0], loop_stop=loop[1])
    engine.play()
    reached("References", "residue over 3 kHz of one that ends in mid-sound and goes round, 100 Hz", residue_dbfs(pull(engine, 4 * RATE, 480)[0, SWITCH:]), -110,
            "dBFS")


@pytest.mark.parametrize("locked", [False, True])
def test_the_songs_end_fades_out_a_reference_that_is_heard(locked, reached):
    x, record = np.zeros((2, RATE + 120)), signals.sine(10 * RATE, hz=100, level_dbfs=-6)
    engine = with_reference(x, record, locked=locked)
    engine.play()
    y = pull(engine, 2 * RATE, 480)
    status = engine.read_status()
    assert status["ended"] and status["state"] == "stopped" and status["heard_at"] == x.shape[1]
    assert not y[:, x.shape[1] + FADE:].any() and np.abs(y[:, x.shape[1] - FADE:x.shape[1]]).max() > 0.4
    reached("References", "residue over 3 kHz where the song ends, 100 Hz", residue_dbfs(y[0, RATE // 2:]), -110, "dBFS")
    engine.seek(0)
    engine.play()
    assert np.abs(pull(engine, RATE, 480)).max() > 0.4


def test_another_reference_comes_in_without_a_click(reached):
    x = signals.programme(6 * RATE)
    records = [signals.sine(2 * RATE, hz=hz, level_dbfs=-6) for hz in (100, 130)]
    engine = with_reference(x, records[0])
    engine.play()
    y = [pull(engine, RATE)]
    for k in range(1, 7):
        engine.beside.decks[0].put(MemorySong(records[k % 2], RATE))
        y.append(pull(engine, RATE // 4))
        assert not engine.beside.decks[0].busy
    reached("References", "residue over 3 kHz when another one is put on while it sounds", residue_dbfs(np.concatenate(y, axis=1)[0, SWITCH:]), -110, "dBFS")
    with pytest.raises(RuntimeError, match="still leaving"):
        engine.beside.decks[0].put(MemorySong(records[0], RATE))
        engine.beside.decks[0].put(MemorySong(records[1], RATE))


def test_a_page_that_is_late_is_silence_with_fades():
    x, record = signals.programme(6 * RATE), signals.sine(6 * RATE, hz=100, level_dbfs=-6)
    paged = PagedSong(record.shape[1], RATE, rooms=8)
    for page in (0, 1, 3):
        paged.put(page, paged.room(False), np.ascontiguousarray(record[:, page * 65536:(page + 1) * 65536]))
    engine = engine_on(x)
    engine.beside.decks[0].put(paged)
    engine.select(REFERENCE_SOURCES[0])
    engine.play()
    y = [pull(engine, 150_000)]
    assert engine.beside.decks[0].late == 1
    assert not y[0][:, 2 * 65536 + FADE:].any()
    where = engine.beside.decks[0].frame
    assert where <= 2 * 65536
    paged.put(2, paged.room(False), np.ascontiguousarray(record[:, 2 * 65536:3 * 65536]))
    y.append(pull(engine, 30_000))
    assert np.array_equal(y[1][:, FADE + 512:20_000], np.float32(record[:, where + FADE + 512:where + 20_000]))
    assert residue_dbfs(np.concatenate(y, axis=1)[0, SWITCH:]) < -110


# what is measured, and deltas


def test_meters_follow_what_is_heard():
    from mastering_rt.playback.telemetry import Telemetry

    x, record = signals.sine(6 * RATE, level_dbfs=-20), signals.sine(3 * RATE, level_dbfs=-6)
    engine = with_reference(x, record)
    telemetry = Telemetry(engine)
    engine.play()
    pull(engine, RATE)
    records = telemetry.read_records()
    aside = records[records["aside_of"] == REFERENCE_SOURCES[0]]
    assert len(aside) >= len(records) - 2 > 90
    assert np.array_equal(aside["aside"]["index"], aside["mix"]["index"])
    assert np.allclose(aside["aside"]["peak"][5:], 10 ** (-6 / 20), rtol=1e-3)
    frames, beside_frames = telemetry.read_both()
    assert frames.shape[1] == 4
    assert np.abs(beside_frames[RATE // 2:]).max() == pytest.approx(10 ** (-6 / 20), rel=1e-3)
    engine.select(MIX_SOURCE)
    pull(engine, RATE)
    assert (telemetry.read_records()["aside_of"][10:] == -1).all()
