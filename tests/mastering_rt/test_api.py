"""The same jobs from Python, as the README shows them."""
import pytest

import mastering_rt as mrt
from mastering_rt.errors import DeviceProblem
from tests.mastering_rt.helpers import programme_file, until


def test_the_whole_way_in_a_few_lines(tmp_path):
    mix = programme_file(tmp_path)
    session = mrt.new_session("none", "trim.gain=-3", "limiter.ceiling=-1")
    assert [slot.name for slot in session.chain] == ["trim", "limiter"]
    report = mrt.render(mix, tmp_path / "master.wav", session, bits="32f")
    assert report.file == mrt.analyze(tmp_path / "master.wav")
    assert report.file.integrated_lufs == pytest.approx(mrt.analyze(mix).integrated_lufs - 3, abs=0.01)
    assert mrt.load(mix).frames == mrt.load(tmp_path / "master.wav").frames
    with mrt.live(mix, session, "clock", 256) as desk:
        desk.play_or_stop()
        desk.hear("mix")
        until(lambda: desk.player.status.frame > 1000, desk.poll)


def test_names_and_problems(tmp_path):
    assert not [name for name in mrt.API if getattr(mrt, name).__doc__ is None]
    with pytest.raises(AttributeError, match="no 'rendr'; it has"):
        mrt.rendr  # noqa: B018
    with pytest.raises(DeviceProblem, match="no audio device 'theremin'"):
        mrt.live(programme_file(tmp_path), device="theremin")
