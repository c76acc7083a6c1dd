"""The playhead prepares its jumps: seeks, starts and loops of one engine, by hand and without a device."""
from types import SimpleNamespace

import numpy as np
import pytest
from msgspec.structs import replace

from dsp_core.engine.engine import DELTA_SOURCE, MASTER_SOURCE, MIX_SOURCE, Engine
from dsp_core.engine.source import MemorySong, PagedSong
from mastering_rt.audio.mix import LongSong, open_mix
from mastering_rt.offline.checkpoints import Checkpoints
from mastering_rt.playback import landing as landing_module
from mastering_rt.playback.jumps import Jumps
from mastering_rt.playback.landing import Lander, WholeSong, Wish, learnt
from mastering_rt.playback.rack import Rack
from mastering_rt.playback.sources import PAGE_FRAMES, StreamedSong
from mastering_rt.session.model import Slot
from tests.dsp_core.playing import pull
from tests.dsp_core.test_song_time import song
from tests.mastering_rt.helpers import clock_desk, programme_file, until, write_song
from tests.mastering_rt.test_exact_seek import rendered

RATE = 44100
FADE = RATE // 100
CHAIN = (Slot("compressor", "compressor", {"threshold": -30, "ratio": 3, "release": 400, "lookahead": 2}),
         Slot("limiter", "limiter", {"gain": 9, "ceiling": -2}))
TRIM = (Slot("trim", "trim", {"gain": -3.0}),)
PATIENCE_S = 30


class Deck:
    """An engine that somebody turns by hand, with the rack and the jumps of a player."""

    def __init__(self, slots, source, reader, kept=None, heard=MASTER_SOURCE, listen=""):
        self.time, self.checkpoints = 0.0, {} if kept is None else {slots: kept}
        self.engine = Engine(RATE)
        self.engine.set_song(source)
        self.engine.select(heard)
        self.rack = Rack(self.engine, slots, lambda: self.time)
        self.jumps = Jumps(self.engine, self.rack, reader, self.checkpoints.get,
                           lambda chain: next((k for k, slot in enumerate(chain) if slot.name == listen), -1), lambda: self.time)
        self.engine.listen_to_delta(next((k for k, slot in enumerate(slots) if slot.name == listen), -1))
        self.engine.running = True
        self.said = []
        self.hear(2048)

    @property
    def lander(self):
        return self.jumps._lander

    def poll(self, ready=True):
        """One turn of the control thread; with all that was asked for `ready`."""
        for room in ("seek", "loop"):
            if ready and self.lander is not None and self.lander.busy(room):
                assert self.lander.wait(room, PATIENCE_S)
        self.jumps.follow()
        self.rack.pump()
        self.said += self.jumps.pump()

    def hear(self, frames, size=700, ready=True):
        """So much of the output, polled each `size` frames."""
        y = []
        for at in range(0, frames, size):
            self.poll(ready)
            y.append(pull(self.engine, min(size, frames - at), 256))
            self.time += size / RATE
        return np.concatenate(y, axis=1) if y else np.zeros((2, 0))


@pytest.fixture(scope="module")
def mix():
    return np.ascontiguousarray(song(12)[:, :12 * RATE])


@pytest.fixture(scope="module")
def known(mix):
    """{chain: (master, checkpoints)}, made when first asked for."""
    class Known(dict):
        def __missing__(self, slots):
            self[slots] = rendered(slots, mix)
            return self[slots]
    return Known()


@pytest.fixture
def deck(mix, known):
    made = []

    def make(slots=CHAIN, kept=True, **more):
        source = MemorySong(mix, RATE)
        made.append(Deck(slots, source, WholeSong(source), known[slots][1] if kept else None, **more))
        return made[-1]
    yield make
    for each in made:
        each.jumps.close()


def equal(y, master, at):
    return np.array_equal(y, np.float32(master[:, at:at + y.shape[1]]))


def test_a_seek_lands_exactly_and_the_rack_follows(deck, known):
    d, (master, _) = deck(), known[CHAIN]
    d.jumps.play(0)
    assert equal(d.hear(5000)[:, 400:], np.pad(master, ((0, 0), (d.engine.chain.latency_frames, 0))), 400)
    before = d.engine.chain
    for at in (300007, 44100, 7, 0, 500000, 12 * RATE - 9000):
        d.jumps.seek(at)
        assert d.jumps.heading == at
        y = d.hear(8000)
        assert d.jumps.last == "exact" and d.jumps.heading is None
        assert equal(y[:, FADE:], master, at + FADE), at
        assert d.rack.chain is d.engine.chain and d.rack.stages == d.engine.chain.stages
    assert before.let_go


def test_a_seek_sounds_on_until_its_landing_is_ready(deck, known):
    d, (master, _) = deck(), known[CHAIN]
    d.jumps.play(0)
    d.hear(9000)
    late = d.engine.chain.latency_frames
    d.jumps.seek(300007)
    y = pull(d.engine, 3000)
    assert equal(y, master, 9000 - late)


def test_play_in_the_middle_waits_for_its_landing_and_begins_at_once(deck, known):
    d, (master, _) = deck(), known[CHAIN]
    d.jumps.seek(200003)
    d.jumps.play(200003)
    assert not pull(d.engine, 3000).any()
    y = d.hear(9000)
    assert equal(y[:, FADE:], master, 200003 + FADE)
    d.jumps.stop()
    d.hear(2100)
    stood = d.engine.heard_at
    assert stood == 209003
    d.jumps.play(stood)
    assert equal(d.hear(9000)[:, FADE:], master, stood + FADE)


def test_a_seek_while_it_stands_is_where_it_plays(deck, known):
    d, (master, _) = deck(), known[CHAIN]
    d.jumps.play(0)
    d.hear(9000)
    d.jumps.stop()
    d.hear(2100)
    d.jumps.seek(400001)
    d.hear(2100)
    assert d.jumps.heading is None and d.engine.heard_at == 400001
    d.jumps.play(400001)
    assert equal(d.hear(9000)[:, FADE:], master, 400001 + FADE)


def test_a_seek_while_a_start_waits_is_where_it_plays(deck, known):
    d, (master, _) = deck(), known[CHAIN]
    d.jumps.seek(200003)
    d.jumps.play(200003)
    pull(d.engine, 500)
    assert d.lander.wait("seek", PATIENCE_S)
    d.jumps.seek(400001)
    assert equal(d.hear(9000)[:, FADE:], master, 400001 + FADE)


@pytest.mark.parametrize("polled", [True, False])
def test_a_stop_while_a_seek_is_under_way_keeps_its_place(deck, known, polled):
    d, (master, _) = deck(), known[CHAIN]
    d.jumps.play(0)
    d.hear(9000)
    d.jumps.seek(400001)
    if polled:
        d.poll()
    d.jumps.stop()
    d.hear(2100)
    assert d.jumps.heading is None and d.engine.heard_at == 400001 and d.engine.state == "stopped"
    d.jumps.play(400001)
    assert equal(d.hear(9000)[:, FADE:], master, 400001 + FADE)


def test_stop_and_play_at_once_go_on_where_it_stood(deck, known):
    d, (master, _) = deck(), known[CHAIN]
    d.jumps.play(0)
    d.hear(9000)
    d.jumps.stop()
    pull(d.engine, 100)
    d.jumps.play(d.engine.heard_at)
    d.hear(7000)
    assert equal(d.hear(7000), master, d.engine.heard_at - 7000)


def test_a_late_page_is_waited_for_and_the_chain_is_as_the_song_left_it(deck, known, mix):
    paged, (master, kept) = PagedSong(mix.shape[1], RATE, rooms=8), known[CHAIN]
    pages = [np.ascontiguousarray(mix[:, at:at + PAGE_FRAMES]) for at in range(0, mix.shape[1], PAGE_FRAMES)]
    paged.put(0, paged.room(False), pages[0])
    d = Deck(CHAIN, paged, WholeSong(MemorySong(mix, RATE)), kept)
    d.jumps.play(0)
    d.hear(70000)
    stood = d.engine.heard_at
    assert d.engine.state == "waiting" and 60000 < stood < PAGE_FRAMES
    for page in (1, 2):
        paged.put(page, paged.room(False), pages[page])
    y = d.hear(9000)
    assert d.jumps.last == "exact"
    assert equal(y[:, FADE:], master, stood + FADE)
    d.jumps.close()


def test_without_checkpoints_a_landing_is_rolled_up_to_and_said_so(deck, known):
    d, (master, _) = deck(kept=False), known[CHAIN]
    d.jumps.play(0)
    d.hear(2100)
    d.jumps.seek(400001)
    y = d.hear(9000)
    assert d.jumps.last == "pre-roll"
    assert np.abs(y[:, FADE:] - master[:, 400001 + FADE:409001]).max() < 1e-4, "three seconds are many release times"
    d.jumps.seek(70001)
    assert equal(d.hear(9000)[:, FADE:], master, 70001 + FADE)
    assert d.jumps.last == "exact", "from the song's beginning"


def test_checkpoints_of_another_chain_or_rate_are_not_taken_for_its_own(deck, known, mix):
    d = deck(kept=False)
    other = (replace(CHAIN[0], values={**CHAIN[0].values, "threshold": -20}), CHAIN[1])
    of_another_rate = Checkpoints(CHAIN, 48000)
    of_another_rate.keep(390000, known[CHAIN][1].kept[9].states)
    for kept in (known[other][1], of_another_rate):
        d.checkpoints[CHAIN] = kept
        d.jumps.play(0)
        d.hear(2100)
        d.jumps.seek(400001)
        d.hear(2100)
        assert d.jumps.last == "pre-roll"


def test_a_loop_goes_round_twenty_times_as_the_song_sounds_there(deck, known):
    d, (master, _) = deck(), known[CHAIN]
    start, stop = 150007, 172345
    d.jumps.loop((start, stop))
    d.jumps.seek(160000)
    d.jumps.play(160000)
    assert equal(d.hear(stop - 160000)[:, FADE:], master, 160000 + FADE)
    for turn in range(20):
        y = d.hear(stop - start)
        assert equal(y[:, FADE:], master, start + FADE), turn
        assert d.jumps.last == "exact"


def test_a_seek_to_the_loops_end_goes_to_its_start(deck, known):
    d, (master, _) = deck(), known[CHAIN]
    d.jumps.loop((150007, 172345))
    d.jumps.play(0)
    d.hear(2100)
    d.jumps.seek(172345)
    assert equal(d.hear(9000)[:, FADE:], master, 150007 + FADE)


def test_a_loop_whose_landing_is_late_splices_and_goes_round(deck):
    d = deck()
    d.jumps.loop((150007, 172345))
    d.jumps.play(0)
    d.hear(2100)
    d.jumps.seek(150007)
    d.hear(2100)
    chain = d.engine.chain
    pull(d.engine, 3 * (172345 - 150007))
    assert 150007 - 300 <= d.engine.heard_at < 172345 + 300
    d.jumps.follow()
    assert d.jumps.last == "exact" and d.engine.chain is not chain, "one lap had its landing"
    d.hear(30000)
    assert d.jumps.last == "exact"


def test_a_chain_that_moved_and_rests_lands_exactly_at_the_loops_start_again(deck, known):
    d = deck()
    moved = (CHAIN[0], replace(CHAIN[1], values={"gain": 4.0, "ceiling": -2}))
    start, stop = 150007, 172345
    d.jumps.loop((start, stop))
    d.jumps.play(0)
    d.hear(2100)
    d.jumps.seek(start)
    d.hear(stop - start - 5000)
    d.rack.wish(moved)
    d.hear(6000)
    assert d.jumps.last == "moved", "prepared before"
    d.hear(stop - start)
    assert d.jumps.last == "pre-roll", "no pass over the song has been made with it"
    d.checkpoints[moved] = known[moved][1]
    d.hear(stop - start)
    assert d.jumps.last == "exact"
    assert equal(d.hear(stop - start - 1000), known[moved][0], start + 1000)


def test_a_knob_that_moves_while_a_landing_waits_is_where_it_was_left(deck, mix):
    for late in ("before it is ready", "before it is heard"):
        d = deck(TRIM)
        d.jumps.play(0)
        d.hear(2100)
        d.jumps.seek(100003)
        if late == "before it is heard":
            d.poll()
        moved = (Slot("trim", "trim", {"gain": -12.0}),)
        d.rack.wish(moved)
        d.poll()
        assert d.jumps.heading is not None and d.jumps._out[-1].stages[0].get(3) == -12.0, "it is not heard yet"
        y = d.hear(14000)
        at = d.engine.heard_at
        assert np.allclose(y[:, -4000:], 10 ** (-12 / 20) * mix[:, at - 4000:at], atol=1e-6), late
        assert d.rack.slots == moved and d.rack.stages == d.engine.chain.stages


def test_a_stage_that_is_added_while_a_landing_waits_is_there_in_the_end(deck, mix):
    d = deck(TRIM)
    d.jumps.play(0)
    d.hear(2100)
    d.jumps.seek(100003)
    more = (*TRIM, Slot("trim2", "trim", {"gain": -9.0}))
    d.rack.wish(more)
    y = d.hear(14000)
    at = d.engine.heard_at
    assert d.rack.slots == more and d.rack.stages == d.engine.chain.stages
    assert np.allclose(y[:, -4000:], 10 ** (-12 / 20) * mix[:, at - 4000:at], atol=1e-6)


def test_knobs_that_move_all_the_time_and_seeks_come_to_rest_as_wished(deck, mix):
    d, rng = deck(TRIM), np.random.default_rng(5)
    d.jumps.loop((150007, 172345))
    d.jumps.play(0)
    for _ in range(60):
        slots = tuple(Slot("trim" if n == 1 else f"trim{n}", "trim", {"gain": float(rng.integers(-20, 0)), "placement": int(rng.integers(0, 5))})
                      for n in range(1, int(rng.integers(2, 5))))
        d.rack.wish(slots)
        if rng.random() < 0.3:
            d.jumps.seek(int(rng.integers(140000, 180000)))
        d.hear(int(rng.integers(100, 3000)), 300, ready=bool(rng.random() < 0.5))
    last = (Slot("trim", "trim", {"gain": -6.0}),)
    d.rack.wish(last)
    d.jumps.loop(None)
    d.jumps.seek(200001)
    y = d.hear(20000)
    at = d.engine.heard_at
    assert d.rack.slots == last and d.rack.stages == d.engine.chain.stages and not d.said
    assert np.allclose(y[:, -4000:], 10 ** (-6 / 20) * mix[:, at - 4000:at], atol=1e-6)


def test_a_scrubbing_hand_is_not_queued_up_and_the_last_place_wins(deck, known, monkeypatch):
    d, (master, _), made = deck(), known[CHAIN], []
    monkeypatch.setattr(landing_module, "bring", lambda wish, *more, bring=landing_module.bring: made.append(wish.frame) or bring(wish, *more))
    d.jumps.play(0)
    d.hear(2100)
    places = np.random.default_rng(2).integers(0, 11 * RATE, 90).tolist()
    for place in places:
        d.jumps.seek(place)
        d.hear(RATE // 30, 300, ready=False)
    y = d.hear(9000)
    assert len(made) <= len(places) and made[-1] == places[-1]
    assert equal(y[:, -2000:], master, d.engine.heard_at - 2000)
    d.jumps.seek(5)
    for place in places:
        d.jumps.seek(place)
    d.hear(9000)
    assert len(made) <= len(places) + 3, "of ninety at once the first that was begun and the last"


@pytest.mark.parametrize("heard", [MIX_SOURCE, DELTA_SOURCE])
def test_mix_and_delta_sound_at_the_new_place_at_once(deck, known, mix, heard):
    """The delta of the compressor is not the reference's own; it goes through the limiter's delay and is aligned with the mix."""
    d = deck(heard=heard, listen="compressor")
    d.jumps.play(0)
    d.hear(2100)
    d.jumps.seek(300007)
    y = d.hear(9000)
    want = mix if heard == MIX_SOURCE else rendered(CHAIN[:1], mix)[0] - mix
    assert np.abs(y[:, FADE:] - want[:, 300007 + FADE:309007]).max() < 1e-7


@pytest.mark.slow
def test_stages_are_used_again_as_if_they_were_new(deck, known):
    """Values, FIRs and all: what a chain before left in them is gone."""
    slots = (Slot("eq", "eq", {"phase": 2, "length": 0, "band1_gain": 3}), *CHAIN)
    moved = (replace(slots[0], values={**slots[0].values, "band1_gain": -6.0}), *CHAIN)
    d = deck(slots)
    d.checkpoints[moved] = known[moved][1]
    d.jumps.play(0)
    d.hear(2100)
    seen = set()
    for turn in range(12):
        wished = (slots, moved)[turn // 3 % 2]
        d.rack.wish(wished)
        d.jumps.seek(100003 + 30000 * turn)
        y = d.hear(9000)
        assert d.jumps.last == "exact"
        assert equal(y[:, FADE:], known[wished][0], 100003 + 30000 * turn + FADE), turn
        seen |= set(d.rack.stages)
    assert len(seen) <= 4 * len(slots), "all that ever ran, in twelve jumps"


def test_what_cannot_be_prepared_is_spliced_and_said_once(deck, mix, monkeypatch):
    def fails(*_):
        raise MemoryError("no room")

    d = deck(TRIM)
    monkeypatch.setattr(landing_module, "bring", fails)
    d.jumps.seek(100003)
    d.jumps.play(100003)
    d.hear(5000)
    for at in (200003, 300003):
        d.jumps.seek(at)
        y = d.hear(9000)
        assert np.allclose(y[:, FADE:], 10 ** (-3 / 20) * mix[:, at + FADE:at + 9000], atol=1e-6)
        assert d.jumps.last == "splice"
    assert len(d.said) == 1
    assert d.said[0].startswith("A jump could not be prepared: no room.")
    monkeypatch.undo()
    d.jumps.seek(400003)
    d.hear(2100)
    assert d.jumps.last == "exact"


def test_a_loop_that_cannot_be_prepared_is_spliced_said_once_and_not_tried_at_every_poll(deck, monkeypatch):
    tried = []

    def fails(wish, *_):
        tried.append(wish.frame)
        raise MemoryError("no room")

    d = deck(TRIM)
    d.jumps.play(0)
    d.hear(2100)
    monkeypatch.setattr(landing_module, "bring", fails)
    d.jumps.loop((RATE, 2 * RATE))
    d.hear(3 * RATE)
    assert tried == [RATE]
    assert len(d.said) == 1 and "no room" in d.said[0]
    assert RATE <= d.engine.heard_at < 2 * RATE + FADE
    monkeypatch.undo()
    d.rack.wish((Slot("trim", "trim", {"gain": -4.0}),))
    d.hear(2 * RATE)
    assert d.jumps.last == "exact", "for another chain it is tried again"


def test_a_run_up_of_nothing_and_a_hiccup_leave_the_next_seek_exact(mix, known):
    slots = CHAIN[:1]
    slots = (replace(slots[0], values={**slots[0].values, "lookahead": 0}),)
    kept, lander = known[slots][1], Lander(WholeSong(MemorySong(mix, RATE)), RATE)
    try:
        for at in (9 * RATE + 777, 0, 9 * RATE + 777, 5 * RATE, 9 * RATE + 777):
            lander.ask("seek", Wish(at, slots, kept))
            assert lander.wait("seek", PATIENCE_S)
            assert lander.take("seek").how == "exact", at
    finally:
        lander.close()
    run_up = SimpleNamespace(seconds=1.0, pace=0.01)
    assert learnt(20.0, run_up) >= 5.0 and learnt(5.0, run_up) == 5.0
    assert learnt(20.0, SimpleNamespace(seconds=1.0, pace=60.0)) == 40.0
    assert learnt(20.0, SimpleNamespace(seconds=0.05, pace=1.0)) == 20.0


class Stalled:
    """An engine: after a look at its chain the control thread loses the processor once."""

    def __init__(self, engine):
        self.engine, self.meanwhile = engine, None

    def __getattr__(self, name):
        found = getattr(self.engine, name)
        if name == "chain" and self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return found


def test_stages_that_the_rack_follows_are_never_among_the_spares(mix):
    """Also when the next landing is heard between two looks."""
    source = MemorySong(mix, RATE)
    d = Deck(TRIM, source, WholeSong(source))
    stalled = d.jumps._engine = Stalled(d.engine)
    d.jumps.play(0)
    d.hear(2100)
    d.jumps.seek(100003)
    d.hear(4800)
    d.jumps.seek(200003)
    assert d.lander.wait("seek", PATIENCE_S)
    d.jumps.pump()
    stalled.meanwhile = lambda: pull(d.engine, 4800, 480)
    d.jumps.follow()
    assert not set(d.rack.stages) & set(d.lander.spares._stages)
    d.jumps.close()


def test_a_levelled_delta_stays_without_its_gain_through_seeks_and_laps(deck):
    """Of a mere gain nothing is left, from the first frame behind the fade."""
    d = deck(TRIM, heard=DELTA_SOURCE, listen="trim")
    d.jumps._levelled = lambda: True
    d.engine.level_delta(True)
    d.jumps.play(0)
    d.hear(4 * RATE)
    d.jumps.loop((5 * RATE, 6 * RATE))
    for at in (300007, 150001, 5 * RATE, 5 * RATE + 9000):
        d.jumps.seek(at)
        y = d.hear(RATE + 5000)
        assert d.jumps.last == "exact"
        assert np.abs(y[:, FADE:]).max() < 1e-9, at


@pytest.mark.parametrize("rate", [RATE, 48000])
def test_streamed_songs_land_as_those_in_memory(mix, tmp_path, known, rate):
    """Of the song's own rate to the bit; of another, converted page by page, far below what can be heard."""
    opened = open_mix(write_song(tmp_path / "mix.wav", mix, rate, "64f"), most_bytes=1000)
    assert isinstance(opened, LongSong)
    streamed = StreamedSong(opened.open, RATE)
    x = np.concatenate([streamed._page(page) for page in range(streamed.source.pages)], axis=1)
    master, kept = known[CHAIN] if rate == RATE else rendered(CHAIN, x)
    d = Deck(CHAIN, streamed.source, streamed, kept)
    streamed.attach(d.engine)
    try:
        d.jumps.loop((150007, 172345))
        for at in (300007, 65536, 160000, 8 * RATE):
            streamed.expect(at, (150007, 172345))
            if d.engine.state == "stopped":
                d.jumps.seek(at)
                d.jumps.play(at)
            else:
                d.jumps.seek(at)
            until(lambda at=at: all(streamed.source.has((at + k) // 65536) for k in (0, 20000)))
            y = d.hear(9000, 256)
            assert d.jumps.last == "exact" and equal(y[:, FADE:], master, at + FADE), at
    finally:
        d.jumps.close()
        streamed.close()


@pytest.mark.slow
def test_a_player_says_how_it_landed(tmp_path):
    with clock_desk() as desk:
        desk.open(programme_file(tmp_path, 8.0))
        desk.load_preset("default")
        until(lambda: not desk.measuring, desk.poll)
        for kept, want in ((desk.player.checkpoints_of, "exact"), (lambda chain: None, "pre-roll")):
            desk.player.checkpoints_of = kept
            desk.player.seek(5 * 48000)
            desk.play_or_stop()
            until(lambda: desk.player.status.playing and desk.player.status.frame > 5 * 48000 + 100, desk.poll)
            assert desk.player.landing == want
            desk.player.seek(6 * 48000)
            assert desk.player.status.frame == 6 * 48000
            until(lambda: desk.player.status.frame > 6 * 48000 + 100, desk.poll)
            assert desk.player.landing == want
            desk.play_or_stop()
            until(lambda: not desk.player.status.playing, desk.poll)
