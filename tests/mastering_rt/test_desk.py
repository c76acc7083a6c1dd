"""The desk: open, hear, edit, undo, match, render, close, as window and terminal use it."""
from pathlib import Path

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from dsp_core.engine.chain import Chain
from dsp_core.meters.meter import Meter
from dsp_core.params import MOST_STAGES
from dsp_core.stages import make
from mastering_rt.audio.mix import stereo_blocks
from mastering_rt.audio.song import load_song
from mastering_rt.desk.desk import Desk
from mastering_rt.errors import CutShort, TooManyChannels, UsageProblem
from mastering_rt.measure.loudness import integrated_lufs, weighted_energy
from mastering_rt.offline.render import RenderOptions, render
from mastering_rt.offline.run import build_stages, run_chain
from mastering_rt.offline.whole_song import measure_master
from mastering_rt.playback.device import CLOCK
from mastering_rt.session import edits
from mastering_rt.session.autosave import find_recoverable
from mastering_rt.session.model import Loop, Slot
from mastering_rt.session.store import load_session
from tests import signals
from tests.mastering_rt.helpers import RATE, clock_desk, programme_file, until, write_song


@pytest.fixture
def desk():
    made = clock_desk()
    yield made
    made.close()


def measured(desk):
    until(lambda: not desk.measuring, desk.poll)
    return desk.poll()


def test_pure_gain_is_matched_to_the_hundredth(desk, tmp_path, reached):
    desk.open(programme_file(tmp_path))
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": 6.0}))
    pulse = measured(desk)
    assert pulse.match.basis == "song"
    reached("Loudness match of mix and master", "error for a pure gain of 6 dB", abs(pulse.match.difference_lu - 6.0), 0.005, "LU")
    assert (pulse.match.mix_gain_db, pulse.match.master_gain_db) == (0.0, pytest.approx(-6.0, abs=0.005))
    desk.set_value("trim", "gain", -4.0)
    assert not desk.poll().match.certain
    pulse = measured(desk)
    assert (pulse.match.mix_gain_db, pulse.match.master_gain_db) == (pytest.approx(-4.0, abs=0.005), 0.0)


def test_a_place_that_is_sought_while_it_stands_is_that_place(desk, tmp_path):
    """The chain's latency lies between the source and what is heard; the playhead goes where it was sent."""
    desk.open(programme_file(tmp_path))
    desk.load_preset("gentle")
    until(lambda: not desk.player.busy, desk.poll)
    desk.player.seek(RATE)
    seen, calls = set(), desk.player._engine.read_status()["callbacks"]
    until(lambda: desk.player._engine.read_status()["callbacks"] > calls + 10, lambda: seen.add(desk.poll().status.frame))
    assert seen == {RATE}
    desk.play_or_stop()
    until(lambda: desk.player.status.frame > RATE, desk.poll)


@pytest.mark.slow
def test_the_match_follows_the_loop(desk, tmp_path):
    x = signals.programme(6 * RATE) * 0.5
    desk.open(write_song(tmp_path / "mix.wav", x))
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": 3.0, "placement": 3}))
    whole = measured(desk).match
    desk.edit(lambda s: edits.set_loop(s, RATE, 2 * RATE))
    looped = desk.poll().match
    assert (whole.basis, looped.basis) == ("song", "loop")
    assert looped.difference_lu != whole.difference_lu
    desk.edit(lambda s: edits.switch_loop(s, False))
    assert desk.poll().match == whole


def test_undo_and_redo_are_heard(desk, tmp_path):
    desk.open(programme_file(tmp_path, 1.0))
    desk.edit(lambda s: edits.add_stage(s, "trim"))
    with desk.gesture():
        for gain in (-1.0, -2.0, -3.0):
            desk.set_value("trim", "gain", gain)
    assert desk.player.wishes.chain[0].value("gain") == -3.0
    desk.undo()
    assert desk.player.wishes.chain[0].value("gain") == 0.0
    desk.redo()
    assert desk.player.wishes.chain[0].value("gain") == -3.0
    with pytest.raises(UsageProblem, match="gain"):
        desk.set_value("trim", "gain", 99.0)
    assert desk.session.chain[0].value("gain") == -3.0


@pytest.mark.slow
def test_it_plays_measures_and_switches(desk, tmp_path):
    desk.open(programme_file(tmp_path, 3.0))
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": -6.0}))
    readings = []
    desk.play_or_stop()
    until(lambda: desk.player.status.frame > RATE, lambda: readings.append(desk.poll().readings))
    top = max(max(r.mix.peak_db) for r in readings), max(max(r.master.peak_db) for r in readings)
    assert top[0] - top[1] == pytest.approx(6.0, abs=0.01)
    assert readings[-1].mix.momentary_lufs - readings[-1].master.momentary_lufs == pytest.approx(6.0, abs=0.01)
    desk.hear("mix")
    until(lambda: desk.poll().status.heard == "mix")
    desk.play_or_stop()
    until(lambda: not desk.poll().status.playing)


def test_save_open_and_render_give_the_same_master(desk, tmp_path):
    mix = programme_file(tmp_path)
    desk.open(mix)
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": -3.0}))
    saved = desk.save(str(tmp_path / "song"))
    assert saved.suffix == ".mrt"
    job = desk.render_job(str(tmp_path / "one.wav"), RenderOptions(bits="32f"))
    assert job.wait(60)
    assert job.result is not None
    assert job.result.notices == ()
    other = Desk(CLOCK, 256, autosave=False)
    other.open(str(saved))
    assert other.session == desk.session
    second = other.render_job(str(tmp_path / "two.wav"), RenderOptions(bits="32f"))
    assert second.wait(60)
    other.close()
    one, two = (load_song(tmp_path / name).samples for name in ("one.wav", "two.wav"))
    assert np.array_equal(one, two)
    assert job.result.sha256 == second.result.sha256


def test_without_a_mix_there_is_nothing_to_render(desk):
    with pytest.raises(UsageProblem, match="no mix"):
        desk.render_job("out.wav", RenderOptions())


@pytest.mark.slow
def test_what_was_measured_once_is_known_after_undo(desk, tmp_path):
    desk.open(programme_file(tmp_path))
    desk.edit(lambda s: edits.add_stage(s, "trim"))
    first = measured(desk).match
    desk.set_value("trim", "gain", 3.0)
    measured(desk)
    desk.undo()
    assert not desk.measuring
    pulse = desk.poll()
    assert pulse.measured is desk.measured
    assert pulse.match == first


@pytest.mark.slow
def test_leaving_a_stage_out_is_heard_and_matched_but_not_in_the_session(desk, tmp_path):
    desk.open(programme_file(tmp_path))
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": 4.0}))
    measured(desk)
    before = desk.session
    desk.leave_out("trim")
    until(lambda: desk.poll().match.difference_lu == pytest.approx(0.0, abs=0.005))
    assert desk.session is before
    assert desk.player.wishes.others[0][0].bypassed and not desk.player.wishes.chain[0].bypassed
    assert not desk.measuring
    desk.leave_out("")
    assert desk.poll().match.difference_lu == pytest.approx(4.0, abs=0.005)
    desk.leave_out("trim")
    desk.edit(lambda s: edits.remove_stage(s, "trim"))
    assert (desk.without, desk.heard, desk.player.wishes.chain, desk.player.wishes.others) == ("", "master", (), [None, None])


def test_two_of_six_channels_are_kept_through_saving_opening_and_rendering(desk, tmp_path):
    six = np.concatenate([signals.noise(RATE, seed=seed) * [[1.0], [0.5]] for seed in range(3)])
    with soundfile.SoundFile(tmp_path / "six.wav", "w", RATE, 6, "DOUBLE") as file:
        file.write(six.T)
    refused = desk.open_job(str(tmp_path / "six.wav"))
    assert refused.wait(60)
    assert isinstance(refused.error, TooManyChannels)
    assert refused.error.channels == 6
    job = desk.open_job(str(tmp_path / "six.wav"), channels=(4, 5))
    assert job.wait(60)
    desk.begin(job.result.song, "none")
    assert not desk.history.has_unsaved_changes
    saved = desk.save(str(tmp_path / "song"))
    desk.open(str(saved))
    render = desk.render_job(str(tmp_path / "master.wav"), RenderOptions(bits="64f"))
    assert render.wait(60)
    assert render.problem == ""
    assert np.array_equal(load_song(tmp_path / "master.wav").samples, six[4:])


def test_a_file_cut_short_is_opened_as_far_as_it_goes(desk, tmp_path):
    whole = Path(programme_file(tmp_path))
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[:1_000_000])
    job = desk.open_job(str(cut))
    assert job.wait(60)
    assert isinstance(job.error, CutShort)
    job = desk.open_job(str(cut), partial=True)
    assert job.wait(60)
    desk.begin(job.result.song, "none")
    assert "can be read is used" in " ".join(desk.poll().sentences)
    desk.open(str(desk.save(str(tmp_path / "song"))))
    assert desk.song.frames == job.result.song.frames


def test_a_session_without_its_mix_plays_nothing(desk, tmp_path):
    mix = Path(programme_file(tmp_path))
    desk.open(str(mix))
    saved = desk.save(str(tmp_path / "song"))
    mix.unlink()
    desk.open(str(saved))
    assert desk.song is None
    assert "missing" in " ".join(desk.poll().sentences)
    desk.play_or_stop()
    assert not desk.poll().status.playing


def test_a_song_at_another_rate_is_converted_beforehand(tmp_path, monkeypatch):
    monkeypatch.setattr("mastering_rt.playback.player.usable_rate", lambda device, rate: 44100)
    desk = clock_desk()
    job = desk.open_job(programme_file(tmp_path, 1.0))
    assert job.wait(60)
    song = job.result.song
    conversion = desk.conversion_job(song)
    assert conversion.wait(60)
    desk.player.keep_ready(song, conversion.result)
    monkeypatch.setattr("mastering_rt.playback.player.memory_song", lambda song, rate: pytest.fail("converted again"))
    desk.begin(song, "none")
    assert (desk.player.rate_hz, desk.player.song_rate_hz) == (44100, RATE)
    desk.close()


def test_a_recovered_session_counts_as_unsaved(tmp_path, monkeypatch):
    monkeypatch.setenv("MASTERING_RT_HOME", str(tmp_path))
    left = Desk(CLOCK, 256)
    left.open(programme_file(tmp_path, 1.0))
    left.edit(lambda s: edits.add_stage(s, "trim", values={"gain": -1.0}))
    left.close(keep_recovery=True)
    monkeypatch.setattr("mastering_rt.session.autosave._alive", set())
    monkeypatch.setattr("mastering_rt.session.autosave._abandoned", lambda path: True)
    found = find_recoverable().sessions
    assert len(found) == 1
    desk = Desk(CLOCK, 256)
    desk.recover(found[0])
    assert desk.session.chain == left.session.chain
    assert desk.history.has_unsaved_changes
    assert desk.song is not None
    desk.close()


@pytest.mark.slow
def test_loudness_behind_every_stage(desk, tmp_path):
    desk.open(programme_file(tmp_path))
    for gain in (2.0, -5.0, 1.0):
        desk.edit(lambda s, gain=gain: edits.add_stage(s, "trim", values={"gain": gain}))
    measured(desk)
    mix, master = (integrated_lufs(weighted_energy(b), b["frames"]) for b in (desk.measured.mix_bins, desk.measured.master_bins))
    levels = [mix, *desk.measured.behind_lufs, master]
    assert np.diff(levels) == pytest.approx([2.0, -5.0, 1.0], abs=0.001)


def test_the_measured_master_is_what_the_chain_makes(tmp_path):
    song = load_song(programme_file(tmp_path, 2.0))
    chain = (Slot("trim", "trim", {"gain": 3.0}), Slot("compressor", "compressor", {"ratio": 4, "threshold": -30, "lookahead": 5}))
    found, _ = measure_master(song, chain)
    whole = Chain(RATE, build_stages(chain, RATE))
    meter = Meter(RATE)
    raw = b"".join(meter.measure_block(master) for master, _ in run_chain(whole, stereo_blocks(song), song.frames)) + meter.flush_block()
    assert found.master_bins.tobytes() == raw


@pytest.mark.slow
def test_undo_after_an_exchange_stays_with_the_mix_that_plays(desk, tmp_path):
    first, second = programme_file(tmp_path), programme_file(tmp_path, 3.0, name="other.wav")
    desk.open(first)
    desk.load_preset("gentle")
    desk.set_value("limiter", "gain", 3.0)
    desk.open(second)
    desk.set_value("limiter", "gain", 5.0)
    for _ in range(3):
        desk.undo()
        assert desk.session.source == desk.song.source
        assert desk.song.source.path == second
    desk.redo()
    desk.redo()
    assert find_value(desk, "limiter", "gain") == 3.0
    saved = desk.save(str(tmp_path / "kept"))
    assert load_session(saved).session.source.path == second


def find_value(desk, slot, param_id):
    return edits.find_slot(desk.session, slot).value(param_id)


@pytest.mark.slow
def test_another_mix_forgets_the_loop_of_the_last_one_in_the_match_too(desk, tmp_path):
    quiet_first = 0.3 * signals.programme(6 * RATE, RATE)
    quiet_first[:, :3 * RATE] *= 0.02
    desk.begin(load_song(write_song(tmp_path / "a.wav", quiet_first)), "demo")
    desk.edit(lambda s: edits.set_loop(s, 0, 2 * RATE))
    assert measured(desk).match.basis == "loop"
    desk.begin(load_song(write_song(tmp_path / "b.wav", np.ascontiguousarray(quiet_first[:, ::-1]))), "demo")
    assert desk.session.loop is None
    assert measured(desk).match.basis == "song"


@pytest.mark.slow
def test_a_silent_loop_is_matched_as_the_song_is(desk, tmp_path):
    x = 0.3 * signals.programme(6 * RATE, RATE)
    x[:, :3 * RATE] = 0
    desk.begin(load_song(write_song(tmp_path / "a.wav", x)), "demo")
    song = measured(desk).match
    desk.edit(lambda s: edits.set_loop(s, 4 * RATE, 5 * RATE))
    assert desk.poll().match.basis == "loop"
    desk.edit(lambda s: edits.set_loop(s, 0, 2 * RATE))
    assert desk.poll().match == song


@pytest.mark.slow
def test_a_mix_that_changed_on_the_disk_is_not_rendered_as_if_it_had_been_heard(desk, tmp_path):
    path = programme_file(tmp_path)
    desk.begin(load_song(path), "gentle")
    saved = desk.save(str(tmp_path / "kept"))
    write_song(Path(path), 0.05 * signals.programme(5 * RATE, RATE))
    with pytest.raises(UsageProblem, match="has changed on the disk"):
        desk.render_job(str(tmp_path / "master.wav"), RenderOptions())
    report = render(path, str(tmp_path / "master.wav"), load_session(saved).session)
    assert "has changed since the session was saved" in report.notices[0]
    desk.open(path)
    job = desk.render_job(str(tmp_path / "second.wav"), RenderOptions())
    job.wait()
    assert job.result is not None
    desk.open(str(saved))
    assert desk.session.source == desk.song.source


def test_a_chain_that_is_full_is_refused_in_a_sentence(desk, tmp_path):
    desk.begin(load_song(programme_file(tmp_path)), "gentle")
    with pytest.raises(UsageProblem, match=f"at most {MOST_STAGES} stages"):
        for _ in range(MOST_STAGES):
            desk.edit(lambda s: edits.duplicate_stage(s, "limiter"))
    assert len(desk.session.chain) == MOST_STAGES
    with pytest.raises(UsageProblem, match="remove some"):
        desk.edit(lambda s: edits.add_stage(s, "trim"))
    until(lambda: not desk.player.busy, desk.poll)
    assert len(desk.player.stage_latencies) == MOST_STAGES
    assert Chain(RATE, [make("trim", RATE) for _ in range(MOST_STAGES)]).stages
    with pytest.raises(ValueError, match="at most"):
        Chain(RATE, [make("trim", RATE) for _ in range(MOST_STAGES + 1)])


def test_too_much_latency_leaves_the_chain_before_and_says_so(desk, tmp_path, monkeypatch):
    desk.begin(load_song(programme_file(tmp_path)), "none")
    until(lambda: not desk.player.busy, desk.poll)
    engine = desk.player._rack._engine

    class Full:
        chain = engine.chain

        def publish(self, *_):
            raise ValueError("a latency of 140000 samples is too long to keep the mix aligned; at most 131071")

        def __getattr__(self, name):
            return getattr(engine, name)

    monkeypatch.setattr(desk.player._rack, "_engine", Full())
    desk.edit(lambda s: edits.add_stage(s, "trim"))
    said = [sentence for _ in range(3) for sentence in desk.poll().sentences]
    assert said == ["What you hear is the chain before: a latency of 140000 samples is too long to keep the mix aligned; at most 131071."]
    monkeypatch.undo()
    desk.edit(lambda s: edits.add_stage(s, "trim"))
    until(lambda: not desk.player.busy, desk.poll)
    assert len(desk.player.stage_latencies) == 2


@pytest.mark.slow
def test_a_loop_that_is_too_short_is_refused_dropped_or_said(desk, tmp_path):
    desk.begin(load_song(programme_file(tmp_path)), "none")
    with pytest.raises(UsageProblem, match="too short"):
        desk.edit(lambda s: edits.set_loop(s, RATE, RATE + 480))
    desk.edit(lambda s: edits.set_loop(s, 3 * RATE - 480, 4 * RATE))
    desk.open(programme_file(tmp_path, 3.0, name="short.wav"))
    assert desk.session.loop is None
    session = replace(desk.session, loop=Loop(100, 200))
    desk.take_session(session, None, desk.song)
    assert "too short" in " ".join(desk.poll().sentences)
    desk.play_or_stop()
    until(lambda: desk.player.status.frame > 1000, desk.poll)
