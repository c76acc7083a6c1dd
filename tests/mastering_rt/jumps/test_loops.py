"""A loop goes round as the song sounds at its start, and is spliced where that cannot be prepared."""
from msgspec.structs import replace

from mastering_rt.playback import landing as landing_module
from mastering_rt.session.model import Slot
from tests.dsp_core.playing import pull
from tests.mastering_rt.jumps.by_hand import CHAIN, FADE, RATE, TRIM, equal


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
