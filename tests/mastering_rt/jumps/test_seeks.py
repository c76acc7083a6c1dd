"""The playhead prepares its jumps: seeks and starts of one engine land as the song sounds there."""
import numpy as np
import pytest
from msgspec.structs import replace

from dsp_core.engine.engine import DELTA_SOURCE, MIX_SOURCE
from dsp_core.engine.source import MemorySong, PagedSong
from mastering_rt.audio.mix import LongSong, open_mix
from mastering_rt.offline.checkpoints import Checkpoints
from mastering_rt.playback import landing as landing_module
from mastering_rt.playback.landing import WholeSong
from mastering_rt.playback.sources import PAGE_FRAMES, StreamedSong
from tests.dsp_core.playing import pull
from tests.mastering_rt.helpers import clock_desk, programme_file, until, write_song
from tests.mastering_rt.jumps.by_hand import CHAIN, FADE, PATIENCE_S, RATE, Deck, equal
from tests.mastering_rt.test_exact_seek import rendered


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
        desk.load_preset("gentle")
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
