"""What is heard beside mix and master: other chains and references, aligned to the sample, switched without a click."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import DELTA_SOURCE, MASTER_SOURCE, MIX_SOURCE, OTHER_SOURCES, REFERENCE_SOURCES, Engine
from dsp_core.engine.landing import run_up
from dsp_core.engine.source import MemorySong, PagedSong
from dsp_core.params import STAGES
from dsp_core.stages import make
from tests import signals
from tests.checks import db
from tests.dsp_core.test_engine import FADE, RATE, pull, residue_dbfs

SWITCH = RATE * 15 // 1000
RUN_IN = RATE // 2               # what began without a past has found its level, and every fade is over


def limiter(**values):
    return make("limiter", RATE, values)


def linear_eq(**values):
    return make("eq", RATE, {"phase": 2, **values})


def engine_on(x, *stages):
    engine = Engine(RATE, stages)
    engine.set_song(MemorySong(x, RATE))
    pull(engine, 1024)
    return engine


def beside(engine, k, stages, heirs=True):
    """Run another chain whose stages go on from the engine's own of the same kind, as the rack lets them."""
    own = {stage.kind: stage for stage in engine.chain.stages}
    heir_of = {stage: own[stage.kind] for stage in stages if stage.kind in own} if heirs else {}
    engine.publish_other(k, stages, heir_of, lent=engine.chain.stages)
    engine.want_other(k, True)


def heard(x, stages, other, source, frames, cut=64, before=20000):
    """What is heard of `source` when the other chain came in after `before` frames."""
    engine = engine_on(x, *stages())
    engine.select(MASTER_SOURCE)
    engine.play()
    pull(engine, before, cut)
    beside(engine, 0, other())
    engine.select(source)
    return pull(engine, frames, cut)


CHAIN = {"eq": {"band1_gain": 4.0, "band1_freq": 300}, "compressor": {"threshold": -30, "ratio": 4}, "limiter": {"gain": 6}}


def chain(*kinds):
    return lambda: [make(kind, RATE, CHAIN.get(kind, {})) for kind in kinds]


@pytest.mark.parametrize("kinds", [("compressor",), ("eq", "compressor", "limiter"), ("saturation", "multiband", "clipper", "limiter")])
@pytest.mark.parametrize("cut", [64, 333])
def test_the_same_chain_twice_nulls_to_the_bit(kinds, cut):
    """From the first frame behind the fade: the second one goes on from the memory of the first."""
    x = signals.programme(60000)
    one, two = (heard(x, chain(*kinds), chain(*kinds), source, 30000, cut) for source in (MASTER_SOURCE, OTHER_SOURCES[0]))
    assert np.array_equal(one[:, SWITCH + cut:], two[:, SWITCH + cut:])
    assert np.ptp(one[:, SWITCH + cut:]) > 0.1


@pytest.mark.parametrize(("stages", "other"), [
    (("limiter",), ()), ((), ("limiter",)), (("limiter",), ("limiter", "clipper")), (("eq", "clipper"), ("clipper", "eq")), (("resonance",), ("limiter",))])
def test_whatever_the_latencies_nothing_lies_a_sample_apart(stages, other):
    """Stages at their defaults change nothing, so that only time could."""
    x = signals.programme(4 * RATE)
    found = {}
    for source in (MIX_SOURCE, MASTER_SOURCE, OTHER_SOURCES[0], OTHER_SOURCES[1]):
        engine = engine_on(x, *(make(kind, RATE) for kind in stages))
        engine.select(source)
        beside(engine, 0, [make(kind, RATE) for kind in other])
        beside(engine, 1, [make("trim", RATE)])
        engine.play()
        found[source] = pull(engine, 2 * RATE, 441)[:, RUN_IN:]
    late = max(sum(make(kind, RATE).latency_frames for kind in kinds) for kinds in (stages, other))
    for y in found.values():
        assert np.array_equal(y, np.float32(x[:, RUN_IN - late:2 * RATE - late]))


def test_a_comparison_that_begins_and_ends_while_it_plays_leaves_no_click(reached):
    """Whoever has less latency is held back by a fade, not by a jump."""
    x = signals.sine(6 * RATE, hz=100, level_dbfs=-6)
    engine = engine_on(x)
    engine.select(MASTER_SOURCE)
    engine.play()
    y = [pull(engine, RATE)]
    for _ in range(3):
        beside(engine, 0, [limiter(lookahead=5.0)], heirs=False)
        y.append(pull(engine, RATE // 2))
        engine.select(OTHER_SOURCES[0])
        y.append(pull(engine, RATE // 2))
        engine.want_other(0, False)
        engine.select(MASTER_SOURCE)
        y.append(pull(engine, RATE // 2))
    reached("Switching between chains", "residue over 3 kHz when a chain with other latency comes and goes",
            residue_dbfs(np.concatenate(y, axis=1)[0]), -95, "dBFS")


@pytest.mark.slow
def test_thousand_switches_never_exceed_the_larger_side():
    x = signals.programme(1_300_000)
    engine = engine_on(x, limiter(gain=6))
    beside(engine, 0, [make("trim", RATE, {"gain": -4}), make("limiter", RATE)])
    sources = (MIX_SOURCE, MASTER_SOURCE, OTHER_SOURCES[0])
    sides = []
    for source in sources:
        lone = engine_on(x, limiter(gain=6))
        beside(lone, 0, [make("trim", RATE, {"gain": -4}), make("limiter", RATE)])
        lone.select(source)
        lone.play()
        sides.append(np.abs(pull(lone, 1_200_000, 1200)))
    engine.select(MIX_SOURCE)
    engine.play()
    rng = np.random.default_rng(8)
    y = []
    for _ in range(1000):
        engine.select(sources[rng.integers(3)])
        y.append(pull(engine, 1200, 1200))
    over = np.abs(np.concatenate(y, axis=1)) - np.maximum.reduce(sides)
    assert over[:, RUN_IN:].max() <= 1e-7


def test_a_chain_runs_only_while_it_is_wanted():
    x = signals.programme(10 * RATE)
    engine = engine_on(x)
    stage = make("trim", RATE)
    engine.play()
    beside(engine, 1, [stage])
    pull(engine, RATE)
    assert stage.meters()[1] > 0
    engine.select(OTHER_SOURCES[1])
    pull(engine, 2000)
    engine.want_other(1, False)
    stage.meters()
    pull(engine, 2000)
    assert stage.meters()[1] > 0, "it is heard still"
    engine.select(MASTER_SOURCE)
    pull(engine, 2000)
    stage.meters()
    pull(engine, 2000)
    assert stage.meters()[1] == 0


def test_a_chain_without_a_past_is_not_heard_before_it_has_one():
    x = np.ones((2, 4 * RATE)) * 0.25
    engine = engine_on(x)
    engine.select(MIX_SOURCE)
    engine.play()
    pull(engine, RATE)
    beside(engine, 0, [linear_eq()], heirs=False)
    engine.select(OTHER_SOURCES[0])
    y = pull(engine, RATE)
    assert engine.read_status()["heard"] == OTHER_SOURCES[0]
    assert np.abs(y - 0.25).max() < 1e-6, "no hole while its delays fill"


@pytest.mark.parametrize("through_silence", [False, True])
@pytest.mark.parametrize("plays", [False, True])
def test_a_source_that_does_not_run_is_not_switched_to(through_silence, plays):
    """What was heard goes on, and what was wished for is heard when it runs."""
    x = 0.5 * signals.programme(4 * RATE)
    engine = engine_on(x)
    engine.select(MASTER_SOURCE)
    if plays:
        engine.play()
        pull(engine, RATE)
    engine.select(OTHER_SOURCES[0], through_silence)
    engine.play()
    y = pull(engine, RATE, 480)
    at = engine.read_status()["heard_at"]
    assert engine.read_status()["heard"] == MASTER_SOURCE
    assert np.array_equal(y[:, 3 * SWITCH:], np.float32(x[:, at - RATE + 3 * SWITCH:at]))
    beside(engine, 0, [make("trim", RATE, {"gain": -6.0})])
    y = pull(engine, RATE, 480)
    at = engine.read_status()["heard_at"]
    assert engine.read_status()["heard"] == OTHER_SOURCES[0]
    assert np.allclose(y[:, RUN_IN:], x[:, at - RATE + RUN_IN:at] * 10 ** (-6 / 20), atol=1e-6)


def test_a_source_that_was_dropped_is_left_in_silence():
    x = 0.5 * signals.programme(4 * RATE)
    engine = engine_on(x)
    beside(engine, 0, [make("trim", RATE, {"gain": -6.0})])
    engine.select(OTHER_SOURCES[0])
    engine.play()
    pull(engine, RATE)
    engine.want_other(0, False)
    engine.stop()
    pull(engine, RATE // 10)
    engine.play()
    y = pull(engine, RATE, 480)
    at = engine.read_status()["heard_at"]
    assert engine.read_status()["heard"] == MASTER_SOURCE
    assert np.array_equal(y[:, FADE:], np.float32(x[:, at - RATE + FADE:at]))


@pytest.mark.slow
def test_a_chain_that_is_dropped_while_it_swaps_can_be_heard_again():
    """The swap ends where nobody hears it."""
    x = signals.programme(10 * RATE)
    engine = engine_on(x)
    engine.select(MASTER_SOURCE)
    engine.play()
    beside(engine, 0, [make("eq", RATE)])
    pull(engine, RATE)
    engine.publish_other(0, [linear_eq()])
    pull(engine, 800)
    assert engine.others[0].busy
    engine.want_other(0, False)
    pull(engine, 800)
    assert not engine.others[0].busy
    beside(engine, 0, [make("trim", RATE, {"gain": -6.0})])
    engine.select(OTHER_SOURCES[0])
    y = pull(engine, RATE)
    at = engine.read_status()["heard_at"]
    assert engine.read_status()["heard"] == OTHER_SOURCES[0]
    assert np.allclose(y[:, RUN_IN:], x[:, at - RATE + RUN_IN:at] * 10 ** (-6 / 20), atol=1e-6)


@pytest.mark.parametrize("cut", [64, 256, 1000])
def test_a_chain_that_is_exchanged_while_it_is_heard_goes_on_from_memory_that_is_on_time(cut):
    """Its stages take over before those that lend their memory have run the next piece: not a piece ahead of them."""
    x = signals.noise(4 * RATE)
    outs = []
    for source in (MASTER_SOURCE, OTHER_SOURCES[0]):
        engine = engine_on(x, linear_eq())
        beside(engine, 0, [linear_eq()])
        engine.select(source)
        engine.play()
        pull(engine, RATE, cut)
        beside(engine, 0, [linear_eq()])
        outs.append(pull(engine, RATE, cut))
    assert np.array_equal(*outs)
    assert np.ptp(outs[0]) > 0.1


@pytest.mark.slow
def test_the_others_follow_seeks_and_loops():
    x = signals.programme(6 * RATE)
    outs = []
    for source in (MIX_SOURCE, OTHER_SOURCES[0]):
        engine = engine_on(x, limiter())
        beside(engine, 0, [])
        engine.select(source)
        engine.loop(RATE, 2 * RATE)
        engine.play()
        pull(engine, 2 * RATE)
        y = [pull(engine, RATE, 500)]
        for at in (5 * RATE, 1000, 3 * RATE + 7):
            engine.seek(at)
            y.append(pull(engine, RATE // 2, 500))
        outs.append(np.concatenate(y, axis=1))
    assert np.array_equal(*outs)


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


def landed_chain(x, at, kinds):
    """Run up elsewhere, so that it stands at a frame of the song."""
    chain = Chain(RATE, [make(kind, RATE) for kind in kinds])
    run_up(chain, MemorySong(x, RATE), max(0, at - RATE // 2), at + chain.latency_frames)
    return chain


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


def test_other_chains_are_with_the_song_again_after_a_landing():
    x = signals.programme(6 * RATE)
    outs = []
    for source in (MIX_SOURCE, OTHER_SOURCES[0]):
        engine = engine_on(x, limiter())
        beside(engine, 0, [])
        engine.select(source)
        engine.play()
        pull(engine, RATE, 333)
        engine.land(landed_chain(x, 4 * RATE, ("limiter",)))
        outs.append(pull(engine, RATE, 333)[:, RATE // 10:])
    assert np.array_equal(*outs)


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


def delta_of(stage, x, levelled, frames=6 * RATE):
    engine = engine_on(x, stage)
    engine.level_delta(levelled)
    engine.listen_to_delta(0)
    engine.select(DELTA_SOURCE)
    engine.play()
    return pull(engine, frames)[:, -2 * RATE:]


def test_a_delta_without_its_gain_leaves_nothing_of_a_gain(reached):
    x = 0.4 * signals.programme(7 * RATE)
    plain, levelled = (delta_of(make("trim", RATE, {"gain": 6.0}), x, on) for on in (False, True))
    assert db(np.abs(plain).max()) > -20
    reached("Delta without the gain", "what is left of a pure gain of 6 dB", db(np.abs(levelled).max()), -120, "dBFS")


def test_a_delta_without_its_gain_keeps_what_else_was_done():
    """Of a bell with 6 dB of gain behind it, the bell is left, with the least power that any one gain leaves."""
    x = 0.25 * signals.programme(7 * RATE)
    stage = {"gain_scale": 100, "band1_type": 0, "band1_on": 1, "band1_freq": 2000, "band1_gain": 6, "out": 0}
    known = {p.id for p in STAGES["eq"]}
    eq = {key: value for key, value in stage.items() if key in known}
    left = delta_of(make("eq", RATE, eq), x, True)
    plain = delta_of(make("eq", RATE, eq), x, False)
    assert -60 < db(np.sqrt(np.mean(left ** 2))) <= db(np.sqrt(np.mean(plain ** 2))) + 0.01
    assert not delta_of(make("eq", RATE), x, True).any()
