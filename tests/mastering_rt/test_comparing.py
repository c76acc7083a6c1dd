"""What is compared on a desk: pairs of any two sides, at one level, aligned, followed by what is measured and shown."""
from types import SimpleNamespace

import numpy as np
import pytest
from msgspec.structs import replace

from dsp_core.engine.chain import Chain
from mastering_rt.audio.song import load_song
from mastering_rt.desk.comparing import Comparing
from mastering_rt.desk.matching import Matcher
from mastering_rt.desk.reference_jobs import add_reference, align_job, lock, source_job, suggest_job, take_counterpart
from mastering_rt.desk.references import References
from mastering_rt.desk.sides import MASTER, MIX, Side
from mastering_rt.errors import UsageProblem
from mastering_rt.measure.bins import BINS_PER_S
from mastering_rt.offline.run import build_stages
from mastering_rt.offline.whole_song import measure_master
from mastering_rt.playback.telemetry import RECORD
from mastering_rt.session import comparing, edits
from mastering_rt.session.model import Loop, Slot
from tests import signals
from tests.mastering_rt.helpers import RATE, clock_desk, programme_file, until, write_song

pytestmark = pytest.mark.slow

SNAPSHOT, WITHOUT, REFERENCE = Side("snapshot", "A"), Side("without", "eq"), Side("reference", "reference")


@pytest.fixture
def desk():
    made = clock_desk()
    yield made
    made.close()


def reference_file(folder, gain=0.25, rate=44100, seconds=3.0, name="record.wav"):
    return write_song(folder / name, gain * signals.programme(int(seconds * rate), rate, seed=12), rate)


def furnish(desk, folder):
    """A song of 4 s, an equaliser and a trim, a snapshot of the empty chain, a record at another rate."""
    desk.open(programme_file(folder))
    desk.edit(lambda s: comparing.store_snapshot(s, "A"))
    desk.edit(lambda s: edits.add_stage(s, "eq", values={"band1_freq": 1000, "band1_gain": 6}))
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": 2}))
    job = source_job(reference_file(folder))
    assert job.wait(60)
    add_reference(desk, job.result)
    settle(desk)


def settle(desk):
    until(lambda: not desk.measuring and all(desk.compare.references[r.id].ready for r in desk.session.references) and not desk.player.busy, desk.poll)


def plays(desk):
    until(lambda: desk.player.status.playing, lambda: (desk.poll(), desk.player.status.playing or desk.player.play()))


@pytest.mark.parametrize(("side", "heard"), [(MIX, "mix"), (SNAPSHOT, "other"), (WITHOUT, "other"), (Side("order", "eq trim"), "other"),
                                             (REFERENCE, "reference"), (Side("delta", "eq"), "delta"), (MASTER, "master")])
def test_every_side_is_heard_under_its_name(desk, tmp_path, side, heard):
    furnish(desk, tmp_path)
    desk.hear(MIX.kind)
    plays(desk)
    desk.hear_side(side)
    until(lambda: desk.player.status.heard.rstrip("2") == heard, desk.poll)
    assert (desk.heard, desk.compare.side) == (heard, side)
    assert desk.compare.title(side)


def test_back_and_forth_is_between_the_two_heard_last(desk, tmp_path):
    furnish(desk, tmp_path)
    for side in (MIX, REFERENCE, SNAPSHOT):
        desk.hear_side(side)
    desk.swap_pair()
    assert desk.compare.pair == (SNAPSHOT, REFERENCE)
    desk.swap_pair()
    assert desk.compare.pair == (REFERENCE, SNAPSHOT)
    desk.hear_side(SNAPSHOT)
    assert desk.compare.pair == (REFERENCE, SNAPSHOT), "hearing it again is no other pair"
    desk.set_pair(MASTER, WITHOUT)
    assert (desk.compare.pair, desk.without) == ((MASTER, WITHOUT), "eq")
    with pytest.raises(UsageProblem, match="cannot be compared with itself"):
        desk.set_pair(MIX, MIX)


def test_chains_run_only_while_they_are_in_the_pair(desk, tmp_path):
    furnish(desk, tmp_path)
    others = desk.player.wishes.others
    assert others == [None, None]
    desk.hear_side(SNAPSHOT)
    desk.hear_side(WITHOUT)
    assert sorted(len(chain) for chain in others) == [0, 2]
    desk.hear_side(MIX)
    assert sum(chain is not None for chain in others) == 1
    desk.hear_side(MASTER)
    assert others == [None, None]


def test_a_side_follows_the_chain_that_it_is_made_of(desk, tmp_path):
    furnish(desk, tmp_path)
    desk.hear_side(WITHOUT)
    desk.set_value("trim", "gain", -3.0)
    [chain] = [chain for chain in desk.player.wishes.others if chain is not None]
    assert (chain[1].bypassed, chain[0].value("gain")) == (True, -3.0)
    assert not any(slot.bypassed for slot in desk.session.chain)
    desk.edit(lambda s: edits.remove_stage(s, "eq"))
    assert (desk.heard, desk.compare.side, desk.player.wishes.others) == ("master", MASTER, [None, None])
    desk.hear_side(REFERENCE)
    desk.edit(lambda s: comparing.remove_reference(s, "reference"))
    assert desk.compare.pair[1] == MASTER


def test_what_cannot_be_heard_says_why(desk, tmp_path):
    furnish(desk, tmp_path)
    for side, why in ((Side("snapshot", "B"), "Snapshot B is empty"), (Side("without", "limiter"), "not in the chain"),
                      (Side("reference", "reference9"), "no reference"), (Side("delta", "gone"), "no stage 'gone'"), (Side("order", "eq"), "not in the chain")):
        with pytest.raises(UsageProblem, match=why):
            desk.hear_side(side)
        assert desk.compare.side == MASTER


# the match


def region_loudness(master, mix, start, stop):
    """K-weighted loudness of the master over the blocks in which the mix passes its gate, from its samples; BS.1770 by its text."""
    from scipy.signal import lfilter

    shelf = ([1.53512485958697, -2.69169618940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585])
    cut = ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621])
    weighted = [lfilter(*cut, lfilter(*shelf, x, axis=1), axis=1)[:, start:stop] for x in (mix, master)]
    length, step = round(0.4 * RATE), round(0.1 * RATE)
    blocks = [np.array([(y[:, k:k + length] ** 2).sum() / length for k in range(0, stop - start - length + 1, step)]) for y in weighted]
    loud = blocks[0] > 10 ** ((-70 + 0.691) / 10)
    counted = blocks[0] > 0.1 * blocks[0][loud].mean()
    return 10 * np.log10(blocks[1][loud & counted].mean())


def some_chain(rng):
    """What an engineer may compare: equalisers of 6 dB either way among it."""
    slots = [Slot("eq", "eq", {f"band{k}_{what}": value for k in range(1, 4) for what, value in (
        ("freq", float(rng.uniform(60, 9000))), ("gain", float(rng.choice([-6, 6, rng.uniform(-6, 6)]))), ("q", float(rng.uniform(0.5, 2))))})]
    if rng.random() < 0.6:
        slots.append(Slot("compressor", "compressor", {"threshold": float(rng.uniform(-40, -15)), "ratio": float(rng.uniform(1.5, 6))}))
    if rng.random() < 0.4:
        slots.append(Slot("saturation", "saturation", {"band1_drive": float(rng.uniform(0, 12))}))
    if rng.random() < 0.7:
        slots.append(Slot("limiter", "limiter", {"gain": float(rng.uniform(0, 9))}))
    return tuple(slots)


def test_hundred_pairs_of_region_and_chain_are_matched(tmp_path, reached):
    """25 chains over 4 regions each: what is left between mix and master behind the match, measured from the samples."""
    rng = np.random.default_rng(1770)
    x = 0.5 * signals.programme(10 * RATE)
    x[:, 6 * RATE:8 * RATE] *= 0.02
    song = load_song(write_song(tmp_path / "mix.wav", x))
    worst = 0.0
    for _ in range(25):
        slots = some_chain(rng)
        measured, _ = measure_master(song, slots)
        chain = Chain(RATE, build_stages(slots, RATE))
        master = np.concatenate([x, np.zeros((2, chain.latency_frames))], axis=1)
        chain.process(master)
        master = master[:, chain.latency_frames:]
        matcher = Matcher()
        matcher.chain_changed(slots)
        matcher.measured(measured)
        for whole in (True, False, False, False):
            start = 0 if whole else int(rng.integers(0, 7 * RATE))
            stop = 10 * RATE if whole else start + int(rng.integers(RATE, 3 * RATE))
            matcher.loop_changed(None if whole else Loop(start, stop))
            match = matcher.match
            assert match.basis == ("song" if whole else "loop")
            assert max(match.mix_gain_db, match.master_gain_db) == 0.0
            left = (region_loudness(master, x, start, stop) + match.master_gain_db) - (region_loudness(x, x, start, stop) + match.mix_gain_db)
            worst = max(worst, abs(left))
    reached("Loudness match over pairs", "largest error over 100 pairs of region and chain, equalisers of 6 dB among them", worst, 0.1, "LU")


def measured_gains(desk, sides):
    """Loudness of each side as it is heard, LU beside the mix: known level plus gain."""
    return {side: desk.compare.level_of(side).difference_lu + desk.gain_db(side) - desk.compare.level_of(side).trim_db for side in sides}


def test_everything_that_is_compared_is_at_one_level_and_only_turned_down(desk, tmp_path):
    furnish(desk, tmp_path)
    for now in (REFERENCE, SNAPSHOT, WITHOUT, Side("order", "eq trim")):
        desk.hear_side(now)
        settle(desk)
        until(lambda: desk.compare.basis() in ("song", "loop"), desk.poll)
        heard = measured_gains(desk, {MIX, MASTER, *desk.compare.pair})
        assert np.ptp(list(heard.values())) < 1e-6
        assert all(desk.gain_db(side) <= 0 for side in heard)
        assert any(desk.gain_db(side) == 0 for side in heard), "never further down than it takes"
        assert {source: gain for source, (gain, _) in desk.player.wishes.gains.items() if source == desk.compare.source_of(now)} == {
            desk.compare.source_of(now): desk.gain_db(now)}


def test_a_reference_is_matched_over_its_own_loop(desk, tmp_path):
    x = signals.programme(4 * 44100, 44100, seed=5)
    x[:, 2 * 44100:] *= 0.25
    path = write_song(tmp_path / "record.wav", 0.5 * x, 44100)
    desk.open(programme_file(tmp_path))
    add_reference(desk, source_job_result(path))
    settle(desk)
    desk.hear_side(REFERENCE)
    whole = desk.compare.level_of(REFERENCE)
    desk.edit(lambda s: comparing.set_reference_loop(s, "reference", 2 * 44100, 4 * 44100))
    looped = desk.compare.level_of(REFERENCE)
    assert (whole.basis, looped.basis) == ("song", "loop")
    assert looped.difference_lu < whole.difference_lu - 6
    desk.set_match_mode("song")
    assert desk.compare.level_of(REFERENCE) == whole
    desk.edit(lambda s: comparing.set_trim(s, "reference", 2.5))
    assert desk.gain_db(REFERENCE) + desk.compare.level_of(REFERENCE).difference_lu == pytest.approx(
        desk.gain_db(MIX) + 2.5, abs=1e-9), "a trim comes on top of the match"
    assert max(desk.gain_db(MIX), desk.gain_db(REFERENCE)) <= 0


def test_a_loop_of_a_reference_too_short_to_be_one_is_refused_and_not_played(desk, tmp_path):
    furnish(desk, tmp_path)
    desk.hear_side(REFERENCE)
    settle(desk)
    before = desk.session
    with pytest.raises(UsageProblem, match="too short"):
        desk.edit(lambda s: comparing.set_reference_loop(s, "reference", 10000, 11000))
    assert desk.session == before
    desk.edit(lambda s: replace(s, references=(replace(s.references[0], loop=Loop(10000, 11000)),)))       # as another program may write it
    settle(desk)
    assert desk.player.wishes.decks[desk.compare._decks._ids.index("reference")].loop is None


def source_job_result(path):
    job = source_job(path)
    assert job.wait(60)
    return job.result


def test_the_difference_of_the_pair_is_told_also_without_the_match(desk, tmp_path):
    furnish(desk, tmp_path)
    desk.hear_side(SNAPSHOT)
    until(lambda: desk.compare.difference_lu() is not None and desk.compare.basis() == "song", desk.poll)
    assert desk.compare.difference_lu() == pytest.approx(-desk.compare.level_of(MASTER).difference_lu, abs=0.01)
    desk.set_matched(False)
    assert [desk.gain_db(side) for side in (MIX, MASTER, SNAPSHOT)] == [0, 0, 0]


def test_match_over_what_was_heard_since_the_last_change(desk, tmp_path):
    matcher = Matcher("recent")
    song = load_song(programme_file(tmp_path, 14.0))
    slots = (Slot("trim", "trim", {"gain": 3.0}),)
    measured, _ = measure_master(song, slots)
    matcher.chain_changed(slots)
    matcher.measured(measured)
    assert matcher.match.basis == "song", "until enough was heard"
    for k in range(0, 1200, 100):
        matcher.heard(measured.mix_bins[k:k + 100], measured.master_bins[k:k + 100])
    assert (matcher.match.basis, matcher.match.difference_lu) == ("recent", pytest.approx(3.0, abs=0.01))
    assert len(measured.mix_bins) >= 12 * BINS_PER_S
    matcher.chain_changed(())
    assert matcher.match.basis == "estimate"


def test_what_played_since_the_last_look_is_matched_unless_the_chain_has_changed(desk, tmp_path):
    """Pictures come more often than the match is looked at."""
    measured, _ = measure_master(load_song(programme_file(tmp_path, 14.0)), (Slot("trim", "trim", {"gain": 3.0}),))
    records = np.zeros(len(measured.mix_bins), RECORD)
    records["mix"], records["master"] = measured.mix_bins, measured.master_bins
    compare = desk.compare
    compare.set_mode("recent")
    for k in range(0, 1200, 2):
        compare.listen(records[k:k + 2])
        if k % 300 == 298:
            assert compare.poll() == []
    assert (compare.matcher.match.basis, compare.matcher.match.difference_lu) == ("recent", pytest.approx(3.0, abs=0.01))
    compare.listen(records)
    compare.follow(edits.add_stage(desk.session, "eq"))
    compare.poll()
    assert compare.matcher.match.basis == "estimate"


# references


def test_meters_hear_the_reference(desk, tmp_path):
    furnish(desk, tmp_path)
    desk.hear_side(REFERENCE)
    plays(desk)
    seen = []
    until(lambda: sum(len(r) for r in seen) > 100, lambda: seen.append(aside_of(desk.poll())))
    top = max(float(r["aside"]["peak"].max()) for r in seen if len(r))
    assert top == pytest.approx(np.abs(0.25 * signals.programme(3 * 44100, 44100, seed=12)).max(), rel=0.3)


def aside_of(pulse):
    return pulse.records[pulse.records["aside_of"] >= 0]


def test_its_playhead_stays_where_it_was_left(desk, tmp_path):
    furnish(desk, tmp_path)
    add_reference(desk, source_job_result(reference_file(tmp_path, name="second.wav")))
    add_reference(desk, source_job_result(reference_file(tmp_path, name="third.wav")))
    settle(desk)
    desk.compare.seek_reference("reference", 44100)
    desk.hear_side(REFERENCE)
    assert desk.compare.reference_frame("reference") == pytest.approx(44100, abs=2)
    desk.hear_side(Side("reference", "reference2"))
    desk.hear_side(Side("reference", "reference3"))
    assert desk.compare.reference_frame("reference") == pytest.approx(44100, abs=2)
    desk.hear_side(REFERENCE)
    until(lambda: not desk.player.busy, desk.poll)
    assert desk.compare.reference_frame("reference") == pytest.approx(44100, abs=2)


def test_a_missing_file_is_said_and_found_again(desk, tmp_path):
    furnish(desk, tmp_path)
    path = reference_file(tmp_path, name="later.wav")
    source = source_job_result(path)
    (tmp_path / "later.wav").rename(tmp_path / "hidden.wav")
    add_reference(desk, source)
    said = []
    until(lambda: desk.compare.references["reference2"].problem, lambda: said.extend(desk.poll().sentences))
    assert desk.compare.references["reference2"].problem == "file is missing"
    assert any("later.wav" in sentence for sentence in said)
    with pytest.raises(UsageProblem, match="later cannot be heard"):
        desk.hear_side(Side("reference", "reference2"))
    (tmp_path / "hidden.wav").rename(tmp_path / "later.wav")
    desk.compare.references.retry("reference2")
    settle(desk)
    desk.hear_side(Side("reference", "reference2"))
    assert desk.heard == "reference"


def test_over_the_budget_the_one_heard_least_lately_is_streamed(desk, tmp_path):
    desk.compare = Comparing(desk.player, desk._measurements, References(most_bytes=2 * 2 * 3 * RATE * 8 + 1000))
    desk.open(programme_file(tmp_path))
    for name in ("a", "b", "c"):
        add_reference(desk, source_job_result(reference_file(tmp_path, name=f"{name}.wav", rate=RATE)))
    settle(desk)
    shelf = desk.compare.references
    assert shelf.nbytes <= 2 * 2 * 3 * RATE * 8 + 1000
    assert [shelf[id].memory is None for id in ("reference", "reference2", "reference3")].count(True) == 1
    out = next(id for id in ("reference", "reference2", "reference3") if shelf[id].memory is None)
    desk.hear_side(Side("reference", out))
    assert type(desk.player.wishes.decks[0].source).__name__ == "PagedSong"
    plays(desk)
    seen = []
    until(lambda: sum(len(r) for r in seen) > 50, lambda: seen.append(aside_of(desk.poll())))
    assert max(float(r["aside"]["peak"].max()) for r in seen if len(r)) > 0.05
    settle(desk)


def test_another_device_rate_keeps_what_is_heard(desk, tmp_path):
    furnish(desk, tmp_path)
    desk.hear_side(REFERENCE)
    desk.player.use_device(desk.player.wishes.device, 512)
    settle(desk)
    assert desk.heard == "reference"
    until(lambda: not desk.player.busy, desk.poll)


# alignment and sections


def test_a_version_of_the_song_is_locked_to_the_sample(desk, tmp_path):
    x = 0.5 * signals.programme(20 * RATE) + signals.noise(20 * RATE, level=0.02)
    desk.open(write_song(tmp_path / "mix.wav", x))
    older = np.concatenate([np.zeros((2, 1234)), -0.7 * x], axis=1)
    add_reference(desk, source_job_result(write_song(tmp_path / "older.wav", older)))
    add_reference(desk, source_job_result(reference_file(tmp_path, seconds=15.0)))
    job = align_job(desk, "reference")
    assert job.wait(120)
    assert "The same song" in lock(desk, job.result)
    assert (desk.session.references[0].locked, desk.session.references[0].offset_frames) == (True, 1234)
    other = align_job(desk, "reference2")
    assert other.wait(120)
    with pytest.raises(UsageProblem, match="not the same song|not surely"):
        lock(desk, other.result)
    assert not desk.session.references[1].locked
    settle(desk)
    desk.hear_side(REFERENCE)
    with pytest.raises(UsageProblem, match="locked to the song"):
        desk.compare.seek_reference("reference", 0)
    assert desk.player.wishes.decks[0].at == 1234


def test_a_counterpart_of_the_loop_is_looped(desk, tmp_path):
    x = signals.programme(30 * RATE)
    x[:, :10 * RATE] *= 0.1
    x[:, 20 * RATE:] *= 0.1
    desk.open(write_song(tmp_path / "mix.wav", 0.5 * x))
    add_reference(desk, source_job_result(write_song(tmp_path / "record.wav", 0.2 * np.roll(x, -4 * RATE, axis=1))))
    with pytest.raises(UsageProblem, match="Loop the passage"):
        suggest_job(desk, "reference")
    desk.edit(lambda s: edits.set_loop(s, 11 * RATE, 19 * RATE))
    job = suggest_job(desk, "reference")
    assert job.wait(120)
    assert "goes round" in take_counterpart(desk, job.result)
    loop = desk.session.references[0].loop
    assert loop.start_frame / RATE == pytest.approx(7, abs=1.5)
    assert desk.session.references[0].sections[0].start_frame == 11 * RATE
    desk.undo()
    assert desk.session.references[0].loop is None


def test_the_set_is_a_band(desk, tmp_path):
    from mastering_rt.desk.references import band_of

    furnish(desk, tmp_path)
    add_reference(desk, source_job_result(reference_file(tmp_path, gain=0.5, name="louder.wav")))
    settle(desk)
    facts = [desk.compare.references.facts(id) for id in ("reference", "reference2")]
    band = band_of(facts)
    assert np.all(band.low_db <= band.middle_db) and np.all(band.middle_db <= band.high_db)
    assert np.nanmax(band.high_db - band.low_db) < 0.2, "the same record at another level is no wider a band"
    assert band.loudness_lufs[1] - band.loudness_lufs[0] == pytest.approx(6.02, abs=0.02)
    assert band_of([]) is None


def test_it_needs_no_device():
    """A comparison can be asked about before anything plays."""
    fake = SimpleNamespace(engine=None, wishes=SimpleNamespace(gains={}, others=[None, None], decks=[None, None]))
    compare = Comparing(fake, SimpleNamespace(known=lambda chain: None), References())
    assert (compare.heard, compare.pair, compare.heard_chain) == ("master", (MIX, MASTER), ())
    compare.references.close()
