"""The tour in the terminal: heard on the clock device, compared, rendered, and nothing of the user's replaced."""
import re
import threading
from contextlib import contextmanager

import pytest

from mastering_rt.cli import tour
from mastering_rt.cli.terminal import waited
from mastering_rt.desk import rendering
from mastering_rt.desk.desk import Desk
from mastering_rt.desk.jobs import Job
from mastering_rt.errors import Cancelled, SessionProblem, UsageProblem
from mastering_rt.measure.analysis import analyze_file
from mastering_rt.playback.device import CLOCK
from mastering_rt.session.model import Session, Source
from mastering_rt.session.store import save_session
from tests.mastering_rt.helpers import programme_file

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(tour, "SECONDS", 0.6)
    monkeypatch.setattr(tour, "SWITCH_EVERY_S", 0.2)


@pytest.fixture
def mix(tmp_path):
    return programme_file(tmp_path, 4.0, name="my mix.wav")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def loudness(text, side):
    return float(re.search(rf"{side} (\N{{MINUS SIGN}}[\d.]+) LUFS", text).group(1).replace("\N{MINUS SIGN}", "-"))


def test_says_what_the_files_measure(mix, tmp_path, capsys, monkeypatch):
    heard, hear = [], Desk.hear_side
    monkeypatch.setattr(Desk, "hear_side", lambda desk, side: heard.append(side.kind) or hear(desk, side))
    before = (tmp_path / "my mix.wav").read_bytes()
    assert tour.take(mix, CLOCK) == 0
    out = capsys.readouterr().out
    master = analyze_file(tmp_path / "my mix master.wav")
    assert loudness(out, "mix") == pytest.approx(analyze_file(mix).integrated_lufs, abs=0.06)
    assert loudness(out, "master") == pytest.approx(master.integrated_lufs, abs=0.06)
    assert "matched over the whole song" in out
    assert master.text() in out
    assert heard[0] == "mix"
    assert (tmp_path / "my mix.wav").read_bytes() == before


def test_a_file_that_is_there_is_kept(mix, tmp_path, capsys):
    for name in ("my mix master.wav", "my mix master 2.wav"):
        (tmp_path / name).write_bytes(b"an older master")
    tour.take(mix, CLOCK)
    assert (tmp_path / "my mix master.wav").read_bytes() == (tmp_path / "my mix master 2.wav").read_bytes() == b"an older master"
    assert names(tmp_path) == ["my mix master 2.wav", "my mix master 3.wav", "my mix master.wav", "my mix.wav"]
    assert str(tmp_path / "my mix master 3.wav") in capsys.readouterr().out


def test_the_demo_stays_in_the_cache(mix, tmp_path, monkeypatch):
    monkeypatch.setattr(tour, "cached_demo", lambda: mix)
    monkeypatch.setattr(tour, "interesting_s", lambda: 1.0)
    for _ in range(2):
        tour.take(None, CLOCK)
    assert names(tmp_path) == ["my mix master.wav", "my mix.wav"]


def test_a_session_without_its_mix_is_told_before_anything_plays(tmp_path):
    path = save_session(Session(source=Source(str(tmp_path / "gone.wav"), 48000, 2, 48000)), tmp_path / "s.mrt")
    with pytest.raises(SessionProblem, match="the mix of the session .* is not there"):
        tour.take(str(path), CLOCK)


def test_interrupted_render_leaves_nothing(mix, tmp_path, monkeypatch):
    """Ctrl-C comes while the master is being written: what is written is given up, and gone when the program ends."""
    render = rendering.render

    def patient(*arguments, progress, cancelled):
        def until_stopped(what, share):
            while not cancelled():
                threading.Event().wait(0.002)
        return render(*arguments, progress=until_stopped, cancelled=cancelled)

    @contextmanager
    def interrupting():
        def tell(what, share):
            if what.startswith("Rendering"):
                raise KeyboardInterrupt
        yield tell

    monkeypatch.setattr(rendering, "render", patient)
    monkeypatch.setattr(tour, "progress_bar", interrupting)
    with pytest.raises(KeyboardInterrupt):
        tour.take(mix, CLOCK)
    assert names(tmp_path) == ["my mix.wav"]


def test_a_job_that_is_interrupted_has_cleaned_up_before_the_program_goes_on():
    cleaned = threading.Event()

    def work(progress, cancelled):
        while not cancelled():
            threading.Event().wait(0.002)
        threading.Event().wait(0.05)
        cleaned.set()
        raise Cancelled("Stopped.")

    def interrupt(what, share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        waited(Job("Working", work), interrupt)
    assert cleaned.is_set()


def test_a_job_that_fails_is_told_as_what_it_was():
    def work(progress, cancelled):
        raise UsageProblem("That cannot be asked for.")

    with pytest.raises(UsageProblem, match=r"That cannot be asked for\."):
        waited(Job("Working", work), lambda what, share: None)
