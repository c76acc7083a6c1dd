"""The mix is looked through in the background: what is found arrives, belongs to the mix that is open, and gives way to what is urgent."""
import threading

import numpy as np
import pytest

from mastering_rt.audio.mix import LongSong, open_mix
from mastering_rt.desk import looking
from mastering_rt.desk.looking import Looking, look_job
from mastering_rt.qc import inspect
from mastering_rt.qc.inspect import inspect_file
from mastering_rt.session import edits
from tests import signals
from tests.mastering_rt.helpers import RATE, clock_desk, programme_file, until, write_song

pytestmark = pytest.mark.slow


@pytest.fixture
def desk():
    made = clock_desk()
    made.looking.begin()
    yield made
    made.close()


def holed_file(folder, name="holed.wav", seconds=3.0):
    """A mix with a hole of 10 ms at one second."""
    x = 0.5 * signals.programme(round(seconds * RATE))
    x[:, RATE:RATE + RATE // 100] = 0.0
    return write_song(folder / name, x)


def kinds(desk):
    return {finding.kind for finding in desk.findings}


def found(desk):
    until(lambda: desk.findings is not None, desk.poll)
    return desk.findings


def test_findings_arrive_and_are_those_of_the_file(desk, tmp_path):
    path = holed_file(tmp_path)
    assert desk.findings is None
    assert not desk.looking.under_way
    desk.open(path)
    assert desk.looking.under_way
    assert found(desk) == inspect_file(path)
    assert not desk.looking.under_way
    hole = next(finding for finding in desk.findings if finding.kind == "dropout")
    assert (hole.severity, hole.time_s) == ("act", pytest.approx(1.0, abs=0.001))


def test_a_mono_file_is_one_channel(desk, tmp_path):
    path = write_song(tmp_path / "mono.wav", 0.5 * signals.programme(2 * RATE)[:1])
    desk.open(path)
    assert found(desk) == inspect_file(path)


def test_a_mix_that_is_streamed_is_looked_through_too(tmp_path):
    path = holed_file(tmp_path)
    song = open_mix(path, most_bytes=1000)
    assert isinstance(song, LongSong)
    job = look_job(song)
    assert job.wait(60)
    assert job.result == inspect_file(path)


def test_they_change_with_the_mix_and_not_with_the_chain(desk, tmp_path):
    desk.open(holed_file(tmp_path))
    first = found(desk)
    desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": 3.0}))
    until(lambda: not desk.measuring, desk.poll)
    desk.begin(desk.song, "gentle")
    assert desk.findings is first
    desk.open(programme_file(tmp_path))
    assert desk.findings is None
    found(desk)
    assert "dropout" not in kinds(desk)


def test_another_mix_cancels_the_look_through(desk, tmp_path, monkeypatch):
    """The first job stands still in its second block until it has been cancelled; nothing of it arrives."""
    held, go, jobs = threading.Event(), threading.Event(), []
    real_blocks, real_job = looking.stereo_blocks, looking.look_job

    def standing(song):
        blocks = real_blocks(song)
        yield next(blocks)
        if len(jobs) == 1:
            held.set()
            assert go.wait(60)
        yield from blocks
    monkeypatch.setattr(looking, "stereo_blocks", standing)
    monkeypatch.setattr(looking, "look_job", lambda *arguments: jobs.append(real_job(*arguments)) or jobs[-1])
    desk.open(holed_file(tmp_path))
    until(held.is_set, desk.poll)
    desk.open(programme_file(tmp_path))
    go.set()
    assert jobs[0].wait(60)
    assert jobs[0].cancelled
    found(desk)
    assert len(jobs) == 2
    assert "dropout" not in kinds(desk)


def test_closing_ends_the_thread(tmp_path, monkeypatch):
    held, made = threading.Event(), clock_desk()
    made.looking.begin()
    real = looking.stereo_blocks

    def endless(song):
        while True:
            held.set()
            yield from real(song)
    monkeypatch.setattr(looking, "stereo_blocks", endless)
    made.open(programme_file(tmp_path, 1.0))
    until(held.is_set, made.poll)
    made.close()
    assert not any(thread.name == "Looking through the song" for thread in threading.enumerate())


def test_it_waits_while_the_song_is_measured(tmp_path):
    song, clock, busy = open_mix(programme_file(tmp_path, 1.0)), [0.0], [True]
    look = Looking(lambda: busy[0], lambda: clock[0])
    look.begin()
    look.take_song(song)
    clock[0] = 9.0
    look.poll()
    assert look._job is None
    assert look.under_way
    busy[0] = False
    look.poll()
    until(lambda: look.findings is not None, look.poll)
    passed, blocks = [], looking.unhurried(iter([np.zeros((2, 4))] * 3), lambda: len(passed) < 5, lambda: bool(passed.append(1)))
    assert len(list(blocks)) == 3
    assert len(passed) == 5


def test_what_cannot_be_looked_through_is_said_once(desk, tmp_path, monkeypatch):
    def broken(*_arguments, **_settings):
        raise MemoryError
    monkeypatch.setattr(inspect, "inspect_blocks", broken)
    desk.open(programme_file(tmp_path, 1.0))
    said = []
    until(lambda: desk.looking.problem, lambda: said.extend(desk.poll().sentences))
    until(lambda: not desk.measuring, lambda: said.extend(desk.poll().sentences))
    assert [sentence for sentence in said if "Looking through the song" in sentence] == [desk.looking.problem]
    assert desk.findings is None
    assert not desk.looking.under_way


def test_who_does_not_ask_is_not_kept_busy(tmp_path):
    with clock_desk() as plain:
        plain.open(programme_file(tmp_path, 1.0))
        until(lambda: not plain.measuring, plain.poll)
        assert plain.findings is None
        assert not plain.looking.under_way
        assert plain.looking._job is None
