"""The desk: open, hear, edit, undo, match, render, close, as window and terminal use it."""
import numpy as np
import pytest

from mastering_rt.audio.song import load_song
from mastering_rt.desk.desk import Desk
from mastering_rt.errors import UsageProblem
from mastering_rt.live.device import CLOCK
from mastering_rt.offline.render import RenderOptions
from mastering_rt.session import edits
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


def test_pure_gain_is_matched_to_the_hundredth(desk, tmp_path):
    desk.open(programme_file(tmp_path))
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": 6.0}))
    pulse = measured(desk)
    assert pulse.match.basis == "song"
    assert pulse.match.difference_lu == pytest.approx(6.0, abs=0.005)
    assert (pulse.match.mix_gain_db, pulse.match.master_gain_db) == (0.0, pytest.approx(-6.0, abs=0.005))
    desk.set_value("trim", "gain", -4.0)
    assert not desk.poll().match.certain
    pulse = measured(desk)
    assert (pulse.match.mix_gain_db, pulse.match.master_gain_db) == (pytest.approx(-4.0, abs=0.005), 0.0)


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
