"""What is measured while it plays is what is measured of the file: the same bins, the same needles, the same report, to the last bit."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import Engine
from dsp_core.engine.source import MemorySong
from dsp_core.meters.meter import Meter
from dsp_core.meters.needles import Needles
from dsp_core.stages import make
from mastering_rt.desk.figures import LiveFigures, word_bits
from mastering_rt.desk.sides import Side
from mastering_rt.measure.bins import as_bins, as_needles
from mastering_rt.measure.whole import Whole
from mastering_rt.playback.ears import Ears
from mastering_rt.session import edits
from mastering_rt.session.model import OutputSpec
from tests import signals
from tests.checks import ACTIVE
from tests.mastering_rt.helpers import clock_desk, until, write_song

RATE = 44100
KINDS = ("eq", "compressor", "clipper", "limiter")
SECONDS = 5


def stages():
    return [make(kind, RATE, ACTIVE[kind]) for kind in KINDS]


def song(seconds=SECONDS):
    x = signals.programme(seconds * RATE, RATE)
    x[:, 2 * RATE:2 * RATE + 5] = 1.0
    return x


def player(x, chain):
    engine = Engine(RATE, chain)
    engine.set_song(MemorySong(np.ascontiguousarray(x), RATE))
    return engine


class Listener:
    """Plays an engine by hand and feeds what its ears say to live figures."""

    def __init__(self, engine, seed=1):
        self.engine, self.ears, self.figures = engine, Ears(engine), LiveFigures(iter(range(10 ** 9)).__next__)
        self.figures.watched = True
        self.rng, self.pieces = np.random.default_rng(seed), []
        self._scope = np.zeros((65536, 6), np.float32)
        self._read = self.ears.read
        self.ears.read = self.listen

    def play(self, frames):
        done = 0
        while done < frames:
            n = min(int(self.rng.integers(1, 3000)), frames - done)
            out = np.zeros((n, 2), np.float32)
            self.engine.run_offline(np.zeros((n, 2), np.float32), out)
            done += n
            self.picture()

    def listen(self):
        pieces = self._read()
        self.pieces += pieces
        return pieces

    def picture(self):
        count = self.engine.scope.drain(self._scope.view(np.uint8).reshape(-1))
        frames = self._scope[:count].copy()
        self.figures.poll(self.ears, frames[:, :4], frames[:, 4:], RATE)

    def told(self, source, run=None):
        found = [piece for piece in self.pieces if piece.source == source and run in (None, piece.run)]
        return np.concatenate([piece.bins for piece in found]), np.concatenate([piece.needles for piece in found])


def desk_on_a_tone(tmp_path, *gains_db):
    """-18 dBFS at 997 Hz for 30 s, through a trim for each gain."""
    desk = clock_desk()
    desk.open(write_song(tmp_path / "mix.wav", signals.sine(30 * RATE, RATE, 997, -18), RATE))
    for gain_db in gains_db:
        desk.edit(lambda s, gain_db=gain_db: edits.add_stage(s, "trim", values={"gain": gain_db}))
    return desk


def play_to(desk, frame):
    until(lambda: not desk.player.busy, desk.poll)
    desk.play_or_stop()
    until(lambda: desk.player.status.frame > frame, desk.poll)


def offline(x, count):
    """The sound behind each stage of a fresh chain over x, moved to the song's time, `count` frames."""
    found, sound = [], np.concatenate([x, np.zeros((2, 20000))], axis=1)
    late = 0
    for stage in stages():
        link = Chain(RATE, [stage])
        link.process(sound)
        late += link.latency_frames
        found.append(sound[:, late:late + count].copy())
    return found


def measured(sound, bins):
    """Bins, needles and a report of the same stretch, offline."""
    meter = Meter(RATE)
    needles = Needles(RATE, delay_frames=meter.delay_frames)
    sound = np.ascontiguousarray(sound)
    found = as_bins(meter.measure_block(sound))[:bins], as_needles(needles.measure_block(sound))[:bins]
    whole = Whole(RATE)
    whole.feed([found[0]], [found[1]])
    whole.hear(np.float32(sound[:, :found[0]["frames"].sum()]))
    return *found, whole.report()


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(KINDS)))
def test_every_source_reads_live_what_it_reads_offline(place):
    x = song()
    engine = player(x, stages())
    engine.meter_behind(place)
    engine.play()
    listener = Listener(engine)
    heard = 3 * RATE + 777
    listener.play(heard)
    behind = offline(x, heard)
    latency = engine.chain.latency_frames
    ahead = sum(stage.latency_frames for stage in engine.chain.stages[place + 1:])
    for source, sound, frames in (("mix", x, heard - latency), ("master", behind[-1], heard - latency),
                                  ("tap", behind[place], heard - latency + ahead)):
        bins, needles = listener.told(source)
        assert len(bins) > 295
        wanted_bins, wanted_needles, wanted = measured(sound[:, :frames], len(bins))
        assert np.array_equal(bins, wanted_bins), source
        assert np.array_equal(needles, wanted_needles), source
        found = listener.figures.of(source).report()
        assert {name for name in wanted.__struct_fields__ if getattr(found, name) != getattr(wanted, name)} == set(), source


def test_a_song_from_its_start_reads_what_its_file_does():
    """Only what the end of a file adds is not known before it ends: range, octaves and the last bin."""
    from mastering_rt.measure.analysis import analyze_blocks

    x = song()[:, :RATE * 4 + 2000]
    listener = Listener(player(x, []))
    listener.engine.play()
    listener.play(x.shape[1] + 4096)
    live, file = listener.figures.of("mix").report(), analyze_blocks([np.ascontiguousarray(x)], RATE, 2)
    for name in ("integrated_lufs", "max_momentary_lufs", "max_short_term_lufs", "max_short_term_at_s", "true_peak_dbtp", "true_peak_at_s",
                 "sample_peak_dbfs", "overs", "clipped_samples", "ppm_type1_max_dbfs", "ppm_type2_max_dbfs", "vu_max_dbfs", "k20_max_db",
                 "psr_min_db", "correlation_min", "bits_used", "momentary_percentiles_lufs"):
        assert getattr(live, name) == getattr(file, name), name
    assert live.overs == 2


def test_a_start_in_the_middle_lies_on_the_bins_of_the_song():
    x, start = song(), 70001
    engine = player(x, stages())
    engine.wait_for_landings(False)
    engine.seek(start)
    engine.meter_behind(1)
    engine.play()
    listener = Listener(engine)
    listener.play(RATE)
    whole, _, _ = measured(x, 400)
    for source in ("mix", "master", "tap"):
        bins, needles = listener.told(source)
        assert bins["index"][0] == needles["index"][0] == start * 100 // RATE
        assert bins["frames"][0] == (start * 100 // RATE + 1) * RATE // 100 - start
        assert np.array_equal(bins["index"], np.arange(bins["index"][0], bins["index"][-1] + 1))
        assert set(bins["frames"][1:]) == {441}
    bins, _ = listener.told("mix")
    there = whole["energy"][bins["index"][0] + 10:bins["index"][-1] + 1]                # behind the fade-in
    assert np.array_equal(bins["energy"][10:], there)


def test_each_start_is_a_new_run_and_another_stage_too():
    engine = player(song(), stages())
    engine.meter_behind(0)
    engine.play()
    listener = Listener(engine)
    listener.play(RATE)
    engine.meter_behind(2)
    listener.play(RATE)
    runs = [piece.run for piece in listener.pieces if piece.source == "tap"]
    assert len(set(runs)) == 2
    assert len({piece.run for piece in listener.pieces if piece.source == "master"}) == 1
    engine.stop()
    listener.play(RATE // 10)
    engine.seek(0)
    engine.play()
    listener.play(RATE // 2)
    assert len({piece.run for piece in listener.pieces if piece.source == "master"}) == 2
    assert listener.figures.of("master").report().duration_s == pytest.approx(0.5, abs=0.04)


def test_no_stage_there_no_tap():
    engine = player(song(), stages())
    engine.meter_behind(9)
    engine.play()
    listener = Listener(engine)
    listener.play(RATE)
    engine.meter_behind(-1)
    listener.play(RATE)
    assert {piece.source for piece in listener.pieces} == {"mix", "master"}
    assert listener.figures.of("tap").report() is None


def test_a_swap_of_the_tapped_stage_leaves_no_gap_and_no_click():
    """It follows the fade of the master: a steady tone stays free of peaks."""
    x = signals.sine(4 * RATE, RATE, 100, -20)
    first = [make("trim", RATE, {"gain": 0}), make("trim", RATE, {"gain": 0})]
    engine = player(x, first)
    engine.meter_behind(0)
    engine.play()
    listener = Listener(engine)
    listener.play(RATE)
    heir = make("trim", RATE, {"gain": -12})
    engine.publish([heir, make("trim", RATE, {"gain": 0})], {heir: first[0]})
    listener.play(2 * RATE)
    bins, _ = listener.told("tap")
    assert np.array_equal(bins["index"], np.arange(len(bins)))
    assert len(bins) >= 298
    assert 20 * np.log10(bins["true_peak"].max()) == pytest.approx(-20, abs=0.01)
    assert 20 * np.log10(bins["true_peak"][-1].max()) == pytest.approx(-32, abs=0.01)


def test_levels_behind_every_stage_are_told():
    from mastering_rt.playback.telemetry import Telemetry

    x = signals.sine(2 * RATE, RATE, 1000, -6)
    engine = player(x, [make("trim", RATE, {"gain": -6}), make("trim", RATE, {"gain": -10})])
    engine.play()
    telemetry = Telemetry(engine)
    Listener(engine).play(RATE)
    found = telemetry.read_records()["stage"][50:90, :2]["out_rms"]
    level = 20 * np.log10(np.sqrt(np.mean(np.square(found), axis=0)))
    assert level == pytest.approx([-15.01, -25.01], abs=0.01)


def test_a_glance_between_two_looks_takes_nothing_away():
    """The same records come in two looks with a glance in each, or in two looks: the readings agree, and the glance reads what is new."""
    from mastering_rt.desk.levels import LevelMeters
    from mastering_rt.playback.telemetry import Telemetry, as_records

    engine = player(song(), stages())
    engine.play()
    telemetry, plain, glanced, own = Telemetry(engine), LevelMeters(), LevelMeters(), LevelMeters()
    listener = Listener(engine)
    for source in ("mix", "master", "mix", "master"):
        listener.play(RATE // 2)
        raw = telemetry.glance()
        first = as_records(raw.copy())
        assert telemetry.glanced == len(first) > 40
        peaks, levels = glanced.glance(raw, source), getattr(own.feed(first), source)
        assert peaks == (levels.peak_db, levels.true_peak_db, levels.rms_db)
        listener.play(RATE // 4)
        seen, records = telemetry.glanced, telemetry.read_records()
        assert (seen, telemetry.glanced) == (len(first), 0)
        assert records[:seen].tobytes() == first.tobytes()
        own.feed(records[seen:])
        assert glanced.feed(records, seen) == plain.feed(records)
    assert glanced.readings.master.integrated_lufs is not None
    assert len(telemetry.read_records()) == 0


@pytest.mark.slow
@pytest.mark.realtime
def test_a_desk_is_glanced_at_only_where_the_levels_may_be_told(tmp_path):
    desk = desk_on_a_tone(tmp_path, -6)
    play_to(desk, RATE)
    for side, level in (("master", -27.0), ("mix", -21.0)):
        desk.hear(side)
        until(lambda level=level: desk.glance().rms_db == pytest.approx((level, level), abs=0.1))
    before = desk.player.status.frame
    until(lambda: desk.poll().status.frame > before)
    desk.hear_side(Side("without", "trim"))
    until(lambda: desk.heard == "other", desk.poll)
    assert desk.glance() is None
    desk.close()


def test_the_master_is_watched_in_the_words_that_will_be_written():
    engine = player(np.round(song() * 32768) / 32768 * 0.99, [make("trim", RATE, {"gain": -1})])
    engine.meter_behind(-1, 32, 16)
    engine.play()
    listener = Listener(engine)
    listener.play(RATE)
    mix, master = (listener.figures.of(source).words[0] for source in ("mix", "master"))
    assert (mix.length_bits, master.length_bits) == (32, 16)
    assert master.finer
    with pytest.raises(ValueError, match="words of 32 and 33 bits"):
        engine.meter_behind(0, 32, 33)


@pytest.mark.slow
@pytest.mark.realtime
def test_a_desk_knows_every_figure_of_what_plays(tmp_path):
    desk = desk_on_a_tone(tmp_path, -6, -2)
    desk.meter_behind("trim")
    play_to(desk, 2 * RATE)
    for source, level in (("mix", -18), ("tap", -24), ("master", -26)):
        found = desk.figures.of(source).report()
        assert found.sample_peak_dbfs == pytest.approx(level, abs=0.01), source
        assert found.ppm_type2_max_dbfs == pytest.approx(level, abs=0.1), source
        assert found.band_correlation["1000"] == pytest.approx(1), source
        assert desk.figures.of(source).needling.k_rms_dbfs == pytest.approx((level, level), abs=0.01), source
    desk.meter_behind("trim2")
    until(lambda: desk.figures.of("tap").report().sample_peak_dbfs == pytest.approx(-26, abs=0.01), desk.poll)       # it reads once a second
    assert desk.figures.of("master").words[0].length_bits == 24
    desk.close()


def test_words_are_as_long_as_the_first_file_to_deliver():
    assert [word_bits([OutputSpec(bits=bits)]) for bits in ("16", "20", "24", "32f")] == [16, 20, 24, 32]
    assert word_bits([]) == 24
