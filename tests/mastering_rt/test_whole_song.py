"""The whole song behind one change: its numbers are those of the render, however much of the last pass was used, on however many threads."""
import gc
import random
import weakref

import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.meters.meter import Meter
from dsp_core.params import STAGES
from mastering_rt.audio.mix import open_mix, stereo_blocks
from mastering_rt.audio.song import load_song
from mastering_rt.measure.bins import as_bins
from mastering_rt.measure.loudness import integrated_lufs, weighted_energy
from mastering_rt.measure.overview import Overview
from mastering_rt.offline import kept as keeping
from mastering_rt.offline import song_run
from mastering_rt.offline.hands import Hands
from mastering_rt.offline.render import RenderOptions, render
from mastering_rt.offline.run import build_stages
from mastering_rt.offline.song_run import SongRun, frames_fed
from mastering_rt.offline.whole_song import Superseded, measure_master
from mastering_rt.session.model import Session, Slot
from mastering_rt.session.presets import find_preset
from tests import signals
from tests.checks import ACTIVE
from tests.mastering_rt.helpers import clock_desk, programme_file, until, write_song

RATE = 44100
PLANE_BYTES = 1 << 40            # room for every plane of these short songs
CHAIN = (Slot("eq", "eq", {"band1_gain": 3.0, "band1_type": 0}), Slot("compressor", "compressor", {"threshold": -30.0, "lookahead": 5.0}),
         Slot("clipper", "clipper", {"gain": 6.0}), Slot("limiter", "limiter", {"gain": 6.0}))
TURNS = (("eq", "band1_gain", -4.0), ("compressor", "threshold", -35.0), ("clipper", "gain", 3.0), ("limiter", "gain", 2.0))


class WatchedHands(Hands):
    """Looks up once in every segment before it is done, as a long song does, so that a pass can be stopped in its midst."""

    def lend(self, work):
        self.looked = False
        super().lend(work)

    def wait(self, seconds=None):
        if seconds is None or self.looked:
            return super().wait(seconds)
        self.looked = True
        return False


@pytest.fixture
def hands():
    made = WatchedHands(2)
    yield made
    made.close()


@pytest.fixture
def song(tmp_path):
    return load_song(programme_file(tmp_path, 2.3, RATE))


def turned(chain, place, param_id, value):
    slot = chain[place]
    return (*chain[:place], Slot(slot.name, slot.kind, {**slot.values, param_id: value}), *chain[place + 1:])


def master_of(chain, mix, start=0, states=None):
    stages = build_stages(chain, RATE)
    for stage, state in zip(stages, states or ()):
        stage.load(state)
    out = np.array(mix[:, start:], dtype=np.float64, order="C")
    Chain(RATE, stages).process(out, None, start)
    return out


def same(one, other):
    """Every number, curve, picture and place of two passes is the same to the bit."""
    (a, points_a), (b, points_b) = one, other
    assert a.master_bins.tobytes() == b.master_bins.tobytes()
    assert np.array_equal(a.reduction_db, b.reduction_db)
    assert a.behind_lufs == b.behind_lufs
    assert a.latency_frames == b.latency_frames
    for mine, theirs in zip(a.master_overview._levels, b.master_overview._levels, strict=True):
        assert np.array_equal(mine.data, theirs.data)
    assert [point.frame for point in points_a.kept] == [point.frame for point in points_b.kept]
    assert all(mine.states == theirs.states for mine, theirs in zip(points_a.kept, points_b.kept))
    return True


def fresh(song, chain):
    return measure_master(song, chain)


# equal to the render


@pytest.mark.parametrize("chain", [(), CHAIN, find_preset("gentle").chain, find_preset("demo").chain], ids=["none", "four", "gentle", "demo"])
def test_the_numbers_are_those_of_the_written_file(chain, tmp_path, reached):
    path = programme_file(tmp_path, 4.5, RATE)
    measured, _ = fresh(load_song(path), chain)
    written = render(path, str(tmp_path / "master.wav"), Session(chain=chain), RenderOptions(bits="24", dither="auto")).file
    found = measured.master.report
    for name, unit, most in (("integrated_lufs", "LU", 0.01), ("true_peak_dbtp", "dB", 0.01), ("loudness_range_lu", "LU", 0.01),
                             ("max_short_term_lufs", "LU", 0.01), ("psr_min_db", "dB", 0.02)):
        reached("Whole song against the written file", name, abs(getattr(found, name) - getattr(written, name)), most, unit)


@pytest.mark.slow
def test_a_song_that_is_streamed_gives_the_same_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr("mastering_rt.offline.song_run.SEGMENT_FRAMES", 65536)
    path = programme_file(tmp_path, 5.3, RATE)
    assert same(fresh(open_mix(path, most_bytes=1000), CHAIN), fresh(load_song(path), CHAIN))


@pytest.mark.parametrize("build", ["portable", "avx2"])
def test_every_build_of_the_kernels_finds_the_same(song, build, monkeypatch):
    monkeypatch.delenv("MRT_CPU", raising=False)
    best = fresh(song, CHAIN)
    monkeypatch.setenv("MRT_CPU", build)
    assert same(fresh(song, CHAIN), best)


def test_the_loudness_behind_each_stage_is_what_a_meter_reads_there(song):
    measured, _ = fresh(song, CHAIN)
    for count in range(1, len(CHAIN)):
        latency = sum(stage.latency_frames for stage in build_stages(CHAIN[:count], RATE))
        heard = master_of(CHAIN[:count], np.concatenate([song.samples, np.zeros((2, latency))], axis=1))[:, latency:]
        meter = Meter(RATE, 2, False)
        bins = as_bins(meter.measure_block(np.ascontiguousarray(heard)) + meter.flush_block())
        assert measured.behind_lufs[count - 1] == integrated_lufs(weighted_energy(bins), bins["frames"])


def test_the_picture_is_that_of_the_master(song):
    measured, _ = fresh(song, CHAIN)
    whole = np.concatenate([song.samples, np.zeros((2, measured.latency_frames))], axis=1)
    drawn = Overview.of(master_of(CHAIN, whole)[:, measured.latency_frames:], RATE)
    for mine, theirs in zip(measured.master_overview._levels, drawn._levels, strict=True):
        assert np.array_equal(mine.data[:2], theirs.data[:2])
        assert mine.data[2] == pytest.approx(theirs.data[2], rel=1e-6)


# kept and fresh


@pytest.mark.parametrize("place", range(4))
def test_a_turn_at_any_stage_gives_what_a_fresh_pass_gives(song, hands, place):
    run = SongRun(song, hands, PLANE_BYTES)
    run.measure(CHAIN)
    name, param_id, value = TURNS[place]
    chain = turned(CHAIN, place, param_id, value)
    planned = run.kept.plan(chain, frames_fed(song.frames, 0))
    assert planned.first == place, f"the input of {name} was kept"
    run.kept.give_up(planned)
    measured = run.measure(chain)
    assert same((measured, run.points), fresh(song, chain))
    assert np.array_equal(run.kept.master_of(chain), master_in_singles(song, chain, measured.latency_frames))


def master_in_singles(song, chain, latency):
    whole = np.concatenate([song.samples, np.zeros((2, latency))], axis=1)
    return master_of(chain, whole)[:, latency:].astype(np.float32)


@pytest.mark.parametrize("kind", sorted(STAGES))
def test_every_kind_goes_on_from_kept_sound(song, hands, kind):
    """Once with the kind's own input kept, once as the stage whose output is kept."""
    run = SongRun(song, hands, PLANE_BYTES)
    chain = (Slot("trim", "trim", {"gain": 1.0}), Slot(f"{kind}2", kind, ACTIVE.get(kind, {})), Slot("limiter", "limiter", {"gain": 3.0}))
    run.measure(turned(chain, 1, "mix", 50.0))
    for now in (chain, turned(chain, 2, "gain", 6.0)):
        measured = run.measure(now)
        assert same((measured, run.points), fresh(song, now))


@pytest.mark.slow
@pytest.mark.parametrize("planes", [0, 1, 2, 9])
def test_any_memory_gives_the_same_numbers_and_is_kept_to(song, hands, planes):
    """Turns, stages that come, go and change places, stops on the way; the sound that is kept never passes what is allowed."""
    fed, rng = frames_fed(song.frames, 0), random.Random(planes)
    allowed = 16 * song.frames + planes * 16 * fed
    run, chain = SongRun(song, hands, allowed), CHAIN
    for _ in range(8):
        place = rng.randrange(len(chain))
        act = rng.choice(["turn", "turn", "turn", "drop", "add", "swap"])
        if act == "turn":
            chain = turned(chain, place, "mix", float(rng.randrange(100)))
        elif act == "drop" and len(chain) > 1:
            chain = chain[:place] + chain[place + 1:]
        elif act == "add":
            chain = (*chain[:place], Slot(f"trim{rng.randrange(2, 10**6)}", "trim", {"gain": 1.5}), *chain[place:])
        else:
            chain = tuple(rng.sample(chain, len(chain)))
        if rng.random() < 0.4:
            stopped(run, turned(chain, 0, "mix", 31.0), after=rng.randrange(2))
        measured = run.measure(chain)
        assert run.kept.bytes <= allowed
        assert same((measured, run.points), fresh(song, chain))


def stopped(run, chain, after):
    """A pass that is stopped at one of its checks."""
    left = [after]

    def check():
        left[0] -= 1
        if left[0] < 0:
            raise Superseded
    with pytest.raises(Superseded):
        run.measure(chain, check)


def test_a_pass_that_was_stopped_leaves_nothing_behind(song, hands):
    run = SongRun(song, hands, PLANE_BYTES)
    before = run.measure(CHAIN)
    bytes_before = run.kept.bytes
    stopped(run, turned(CHAIN, 1, "threshold", -40.0), after=0)
    assert run.points is None
    assert run.kept.master_of(CHAIN) is None
    assert len(run.kept.found) == 1
    assert run.kept.bytes <= bytes_before
    again = run.measure(CHAIN)
    assert again.master_bins.tobytes() == before.master_bins.tobytes()


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_number_of_threads_cannot_be_seen(song, threads):
    hands = Hands(threads)
    run = SongRun(song, hands, 0)
    assert same((run.measure(CHAIN), run.points), fresh(song, CHAIN))
    hands.close()


def test_what_is_kept_is_the_input_of_the_edited_stage_and_of_the_last_and_what_saves_most():
    kinds, fed = ["trim", "eq", "limiter", "trim", "trim", "trim"], frames_fed(RATE, 0)
    chain = tuple(Slot(f"{kind}{n}", kind, {}) for n, kind in enumerate(kinds, 2))
    kept = keeping.Kept(RATE, 16 * RATE + 3 * 16 * fed)
    kept._costs = {"trim": 0.01, "eq": 0.1, "limiter": 1.0}
    plan = kept.plan(chain, fed)
    assert (plan.first, set(plan.keep)) == (0, {2, 3, 5})
    kept.finish(chain, plan, [keeping.StageFound(keeping.sound_of(slot), 0, np.zeros(1, np.float32), None, [b""], RATE, 0.0) for slot in chain])
    kept._costs = {"trim": 0.01, "eq": 0.1, "limiter": 1.0}
    plan = kept.plan(turned(chain, 4, "gain", 1.0), fed)
    assert plan.first == 3
    assert plan.keep.keys() == {4, 5}
    assert kept.bytes <= 16 * RATE + 3 * 16 * fed


@pytest.mark.parametrize(("machine_bytes", "most_bytes"), [(1 << 30, 640 << 20), (6 << 30, 768 << 20), (64 << 30, 1 << 30), (None, 640 << 20)])
def test_how_much_is_kept_depends_on_the_machine(machine_bytes, most_bytes, monkeypatch):
    def told(name):
        if machine_bytes is None:
            raise ValueError(name)
        return {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": machine_bytes // 4096}[name]
    monkeypatch.setattr("os.sysconf", told)
    assert keeping.bytes_to_keep() == most_bytes


# places to go on from


@pytest.mark.slow
def test_a_fresh_chain_goes_on_from_each_second_as_if_it_had_played(tmp_path):
    song = load_song(programme_file(tmp_path, 4.5, RATE))
    _, points = fresh(song, CHAIN)
    whole = master_of(CHAIN, song.samples)
    assert [point.frame for point in points.kept] == [second * RATE for second in range(5)]
    for point in points.kept:
        assert np.array_equal(master_of(CHAIN, song.samples, point.frame, point.states), whole[:, point.frame:])


def test_the_places_come_while_the_pass_still_runs(tmp_path, hands, monkeypatch):
    """Of a song in three segments: before one begins, the places of those before it are there, and none of its own."""
    monkeypatch.setattr("mastering_rt.offline.song_run.SEGMENT_FRAMES", 2 * 65536)
    run = SongRun(open_mix(programme_file(tmp_path, 8.0, RATE), most_bytes=1000), hands, 0)
    run.mix_bins()
    begun, begin = [], song_run._Pass.begin_segment

    def watched(self, *segment):
        begun.append([point.frame for point in run.points.kept])
        begin(self, *segment)
    monkeypatch.setattr(song_run._Pass, "begin_segment", watched)
    run.measure(CHAIN)
    seconds = [RATE * second for second in range(8)]
    assert [point.frame for point in run.points.kept] == seconds
    assert begun == [[], seconds[:3], seconds[:6]]


def test_the_places_of_a_long_song_are_as_many_as_fit(song, hands, monkeypatch):
    size = sum(stage.block_bytes for stage in build_stages(CHAIN, RATE))
    monkeypatch.setattr("mastering_rt.offline.song_run.MOST_BYTES", 2 * size)
    run = SongRun(song, hands, PLANE_BYTES)
    run.measure(CHAIN)
    assert [point.frame for point in run.points.kept] == [0, 2 * RATE]
    chain = turned(CHAIN, 3, "gain", 1.0)
    run.measure(chain)
    monkeypatch.undo()
    assert [point.frame for point in run.points.kept] == [0, 2 * RATE]
    _, whole = fresh(song, chain)
    assert run.points.kept[1].states == whole.kept[2].states


def test_the_desk_hands_out_the_places_of_its_chain(tmp_path):
    with clock_desk() as desk:
        desk.open(programme_file(tmp_path, 3.0))
        desk.load_preset("gentle")
        until(lambda: not desk.measuring, desk.poll)
        before, points = desk.session.chain, desk._measurements.checkpoints(desk.session.chain)
        assert points.chain == before
        assert len(points.kept) == 3
        desk.set_value("limiter", "gain", 3.0)
        assert desk._measurements.checkpoints(before) is points
        assert desk._measurements.checkpoints(desk.session.chain) is None


# what is said of it


def test_curves_peaks_and_reductions_have_their_places(tmp_path):
    """A loud second in a quiet song, and in it one click between two samples."""
    x = 0.02 * signals.noise(8 * RATE, seed=4)
    x[:, 4 * RATE:5 * RATE] *= 10
    x[:, 4 * RATE + 20000:4 * RATE + 20002] = 0.9
    chain = (Slot("compressor", "compressor", {"threshold": -30.0, "ratio": 4.0}), Slot("trim", "trim", {"gain": -3.0}))
    measured, _ = fresh(load_song(write_song(tmp_path / "x.wav", x, RATE)), chain)
    for levels in (measured.mix, measured.master):
        assert abs(levels.true_peak_frame - (4 * RATE + 20000)) <= RATE // 100
        assert 4 * RATE - RATE // 50 <= levels.max_momentary_frame <= 4.6 * RATE + RATE // 50
        assert 2 * RATE - RATE // 50 <= levels.max_short_term_frame <= 4 * RATE + RATE // 50
        assert np.nanmax(levels.momentary_lufs) == pytest.approx(levels.report.max_momentary_lufs)
        assert np.nanmax(levels.short_term_lufs) == pytest.approx(levels.report.max_short_term_lufs)
        assert np.nanmin(levels.psr_db) == pytest.approx(levels.report.psr_min_db)
        assert np.isnan(levels.short_term_lufs[:299]).all()
    compressor, trim = measured.reductions
    assert 4 * RATE - 256 <= compressor.most_frame <= 5 * RATE
    assert compressor.most_db == measured.reduction_db[0].max() > 3
    assert 0 < compressor.over_3_db <= compressor.over_1_db < 0.5
    assert (trim.most_db, trim.most_frame, trim.mean_db) == (0.0, None, 0.0)


def test_silence_has_no_peak_and_no_place(tmp_path):
    measured, _ = fresh(load_song(write_song(tmp_path / "x.wav", np.zeros((2, RATE)), RATE)), ())
    assert (measured.mix.true_peak_frame, measured.mix.max_momentary_frame) == (None, None)


# the desk


def test_several_chains_are_known_side_by_side(tmp_path):
    with clock_desk() as desk:
        desk.open(programme_file(tmp_path, 1.0))
        chains = tuple((Slot("trim", "trim", {"gain": float(gain)}),) for gain in range(6))
        measurements = desk._measurements
        measurements.want(chains)
        until(lambda: all(measurements.known(chain) is not None and measurements.spectra(chain) is not None for chain in chains),
              measurements.poll)
        levels = [measurements.known(chain).master.report.integrated_lufs for chain in chains]
        assert np.diff(levels) == pytest.approx([1.0] * 5, abs=0.001)
        below = [measurements.spectra(chain).master.levels_db - measurements.spectra(chain).mix.levels_db for chain in chains]
        assert [np.median(each) for each in below] == pytest.approx(range(6), abs=0.001)


def test_what_was_found_of_one_song_never_stands_for_the_next(tmp_path):
    chain = (Slot("trim", "trim", {"gain": 1.0}),)
    with clock_desk() as desk:
        desk.open(programme_file(tmp_path, 1.0))
        measurements, other = desk._measurements, load_song(programme_file(tmp_path, 2.0))
        measurements.want((chain,))
        until(lambda: measurements._under_way is not None, measurements.poll)
        until(lambda: not measurements.busy, lambda: None)
        measurements.take_song(other)
        measurements.want((chain,))
        until(lambda: measurements.known(chain) is not None, measurements.poll)
        assert measurements.known(chain).frames == other.frames
        assert measurements.checkpoints(chain).kept[-1].frame > RATE


def test_what_is_known_stays_within_its_memory_but_for_what_is_wanted(tmp_path, monkeypatch):
    monkeypatch.setattr("mastering_rt.desk.measuring.MOST_BYTES", 1)
    with clock_desk() as desk:
        desk.open(programme_file(tmp_path, 1.0))
        measurements = desk._measurements
        one, two, three = ((Slot("trim", "trim", {"gain": float(gain)}),) for gain in range(3))
        measurements.want((one, two))
        until(lambda: measurements.known(one) is not None and measurements.known(two) is not None, measurements.poll)
        measurements.want((three,))
        until(lambda: measurements.known(three) is not None, measurements.poll)
        assert measurements.known(one) is None
        assert measurements.known(two) is None
        assert measurements.spectra(one) is None


@pytest.mark.slow
def test_a_closed_desk_keeps_no_sound_of_the_whole_song(tmp_path):
    """Even while somebody holds it: the sound between the stages is let go of at once, without waiting for the collector of cycles."""
    with clock_desk() as desk:
        desk.open(programme_file(tmp_path, 1.0))
        desk.load_preset("gentle")
        until(lambda: desk.measured is not None, desk.poll)
        plane = weakref.ref(desk._measurements._analyst._run.kept.master)
        assert plane() is not None
        gc.disable()
    try:
        assert plane() is None
    finally:
        gc.enable()


@pytest.mark.slow
def test_the_master_is_looked_through_when_all_else_is_known(tmp_path, monkeypatch):
    monkeypatch.setattr("mastering_rt.desk.measuring.INSPECT_AFTER_S", 0.0)
    x = 0.5 * signals.programme(3 * RATE, RATE)
    with clock_desk() as desk:
        desk.open(write_song(tmp_path / "x.wav", x, RATE))
        desk.edit(lambda s: Session(source=s.source, chain=(Slot("trim", "trim", {"gain": 12.0}),)))
        until(lambda: desk.spectra is not None, desk.poll)
        assert desk.master_findings is None
        desk.looking.begin()
        until(lambda: desk.findings is not None and desk.master_findings is not None, desk.poll)
        assert "true_peak_over" in {finding.kind for finding in desk.master_findings}
        assert "true_peak_over" not in {finding.kind for finding in desk.findings}
        desk.set_value("trim", "gain", 0.0)
        assert desk.master_findings is None


def test_a_song_shorter_than_a_block_stays_as_it_is(tmp_path):
    """The blocks of a chain that works in place are not the song's own memory."""
    song = load_song(programme_file(tmp_path, 1.0, RATE))
    before = song.samples.copy()
    for block in stereo_blocks(song):
        block *= 2
    assert np.array_equal(song.samples, before)
