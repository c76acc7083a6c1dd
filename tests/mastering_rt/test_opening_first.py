"""While a song is opened nothing else is worked out: what is awaited comes first, and what was under way goes on behind it."""
import threading
import time

import pytest

from mastering_rt.desk import desk as desk_module
from mastering_rt.desk.jobs import Job
from mastering_rt.desk.looking import unhurried
from mastering_rt.session import edits
from tests.mastering_rt.helpers import clock_desk, programme_file

PATIENCE_S = 30.0


@pytest.fixture
def desk(tmp_path):
    made = clock_desk()
    made.open(programme_file(tmp_path, 4.0))
    made.load_preset("gentle")
    until(made, lambda: not made.measuring)
    yield made
    made.close()


@pytest.fixture
def read(monkeypatch):
    """Reading ends when this is set."""
    ready = threading.Event()
    monkeypatch.setattr(desk_module, "open_job", lambda path, channels, partial: Job("Opening", lambda _progress, _cancelled: ready.wait(PATIENCE_S)))
    yield ready
    ready.set()


def until(desk, condition):
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < PATIENCE_S, "what was waited for never came"
        desk.poll()
        time.sleep(0.002)


def polled(desk, count=100):
    for _ in range(count):
        desk.poll()
        time.sleep(0.001)


def test_what_is_under_way_is_put_off_until_the_song_is_there(desk, read):
    job = desk.open_job("other.wav")
    assert desk.opening
    desk.edit(lambda s: edits.set_chain(s, ()))
    polled(desk)
    assert desk.measuring and desk._measurements._under_way is None
    read.set()
    job.wait()
    assert not desk.opening
    until(desk, lambda: not desk.measuring)
    assert desk.measured is not None and desk.measured.chain == ()


def test_the_song_is_not_looked_through_meanwhile(desk, read):
    busy = desk.looking._busy
    assert not busy()
    desk.open_job("other.wav")
    assert busy()
    taken, cancelled = [], threading.Event()
    looker = threading.Thread(target=lambda: taken.extend(unhurried(iter([1, 2]), busy, cancelled.is_set)))
    looker.start()
    polled(desk)
    assert not taken
    read.set()
    looker.join(PATIENCE_S)
    assert taken == [1, 2]


def test_a_song_that_cannot_be_opened_leaves_the_old_one_to_be_measured(desk):
    desk.edit(lambda s: edits.set_chain(s, ()))
    job = desk.open_job("there is no such file.wav")
    job.wait()
    assert job.problem and not desk.opening
    until(desk, lambda: not desk.measuring)
    assert desk.measured is not None and desk.measured.chain == ()
