"""The drive for a wished loudness, on the desk: found behind it, set as one step, and honest about what the ceiling leaves."""
import pytest

from mastering_rt.errors import UsageProblem
from mastering_rt.offline.render import RenderOptions, render
from mastering_rt.session import edits
from tests.mastering_rt.helpers import clock_desk, programme_file


@pytest.fixture
def desk(tmp_path):
    with clock_desk() as made:
        made.open(programme_file(tmp_path))
        made.load_preset("gentle")
        yield made


def found(desk, target_lufs):
    asked, job = desk.session.chain, desk.loudness_job(target_lufs)
    assert job.wait(60)
    assert job.problem == ""
    return asked, job.result


@pytest.mark.slow
def test_the_whole_song_reads_the_target_and_one_undo_takes_it_back(desk, tmp_path):
    before, steps = desk.session, len(desk.history.steps)
    desk.take_loudness(*found(desk, -12.0))
    assert len(desk.history.steps) == steps + 1
    assert desk.history.undo_sentence == "Loudness set to -12.0 LUFS"
    changed = [new for old, new in zip(before.chain, desk.session.chain, strict=True) if old != new]
    assert [slot.name for slot in changed] == ["limiter"]
    report = render(desk.session.source.path, str(tmp_path / "m.wav"), desk.session, RenderOptions(bits="64f"))
    assert report.file.integrated_lufs == pytest.approx(-12.0, abs=0.03)
    desk.undo()
    assert desk.session == before


def test_without_a_limiter_a_trim_is_set(desk):
    desk.edit(lambda s: edits.remove_stage(s, "limiter"))
    steps = len(desk.history.steps)
    asked, reached = found(desk, -25.0)
    desk.take_loudness(asked, reached)
    assert desk.session.chain[-1].kind == "trim"
    assert len(desk.history.steps) == steps + 1
    assert reached.notice == ""


def test_where_the_ceiling_wins_the_nearest_is_set_and_it_is_said(desk):
    asked, reached = found(desk, -1.0)
    assert "not the -1 LUFS asked for" in reached.notice
    assert "the ceiling leaves no more" in reached.notice
    desk.take_loudness(asked, reached)
    assert f"{reached.loudness_lufs:.1f} LUFS" in desk.history.undo_sentence


def test_a_chain_that_was_changed_meanwhile_is_left_alone(desk):
    asked, reached = found(desk, -12.0)
    desk.set_value("limiter", "ceiling", -2.0)
    now = desk.session
    with pytest.raises(UsageProblem, match="changed while its loudness was being measured"):
        desk.take_loudness(asked, reached)
    assert desk.session == now


def test_it_can_be_stopped(desk):
    job = desk.loudness_job(-12.0)
    job.cancel()
    assert job.wait(60)
    assert (job.result, job.cancelled, job.problem) == (None, True, "Finding the drive was stopped; nothing was changed.")


def test_without_a_mix_it_says_so():
    with clock_desk() as desk, pytest.raises(UsageProblem, match="no mix whose loudness could be set"):
        desk.loudness_job(-14.0)
