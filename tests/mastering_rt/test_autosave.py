"""Nothing is lost: a process may die at any moment, and all but the last gesture comes back."""
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mastering_rt.session import autosave as module
from mastering_rt.session import edits
from mastering_rt.session.autosave import Autosave, discard, find_recoverable, take_over
from mastering_rt.session.history import History
from mastering_rt.session.model import Session, Slot
from mastering_rt.session.store import load_session, save_session

ROOT = Path(__file__).parents[2]
SESSION = Session(chain=(Slot("limiter", "limiter"),))
CHILD = """
import sys
from mastering_rt.session import edits
from mastering_rt.session.autosave import Autosave
from mastering_rt.session.model import Session, Slot
autosave = Autosave(session_path=None)
session = Session(chain=(Slot("limiter", "limiter"),))
for number in range(1, 4):
    session = edits.set_value(session, "limiter", "gain", number)
    autosave.note(session, f"Limiter drive {number}")
autosave.wait_until_written()
print("noted", flush=True)
sys.stdin.readline()
autosave.close()
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MASTERING_RT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def child():
    process = subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout.readline() == "noted\n"
    return process


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_any_moment_loses_at_most_one_gesture(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.mastering_rt.crash_rig", str(tmp_path), "50", "1"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stderr == ""
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rounds) == 50
    for left in rounds:
        best = max([left["opened"], *left["recovered"]])
        assert left["gesture"] - best <= 1, left
        assert left["opened"] >= left["saved"], left
        assert (left["problem"], left["broken"]) == ("", []), left
        assert len(left["recovered"]) <= 1, left
        assert left["master"] in ("none", "whole"), left
    assert len({left["gesture"] for left in rounds}) > 8, "the kills came at different moments"
    assert sum(bool(left["recovered"]) for left in rounds) > 10
    assert sum(left["opened"] > 0 for left in rounds) > 10
    assert all(left["master"] == "whole" for left in rounds if left["moment"] == "whole")
    assert all(left["unfinished"] == 1 for left in rounds if left["moment"] == "written")


def test_what_a_crash_leaves_is_listed_with_its_story(tmp_path):
    process = child()
    assert find_recoverable().sessions == (), "the process lives"
    kill(process)
    left = find_recoverable()
    assert left.broken == ()
    found, = left.sessions
    assert found.session == edits.set_value(SESSION, "limiter", "gain", 3)
    assert (found.gestures, found.sentence, found.session_path) == (3, "Limiter drive 3", None)
    assert 0 <= found.age_s() < 60
    discard(found.path)
    assert find_recoverable().sessions == ()
    assert list(found.path.parent.iterdir()) == []


def test_a_clean_exit_leaves_nothing(home):
    process = child()
    process.communicate("\n")
    assert process.returncode == 0
    assert list((home / "state" / "recovery").iterdir()) == []


@pytest.mark.slow
def test_several_crashes_newest_first():
    first = child()
    kill(first)
    second = child()
    third = child()
    kill(second)
    found = find_recoverable().sessions
    assert len(found) == 2
    assert found[0].written > found[1].written
    kill(third)
    assert len(find_recoverable().sessions) == 3


def test_going_on_with_a_recovered_session():
    kill(child())
    found, = find_recoverable().sessions
    with Autosave() as autosave:
        take_over(found, autosave)
        assert not found.path.exists()
        assert find_recoverable().sessions == (), "ours now"
        own, = module.recovery_dir().glob("*.mrt-recovery")
        assert json.loads(own.read_bytes())["sentence"] == "Recovered: Limiter drive 3"
    assert list(module.recovery_dir().iterdir()) == []


def test_a_recovery_file_stays_until_the_new_one_is_written(monkeypatch):
    kill(child())
    found, = find_recoverable().sessions
    autosave = Autosave()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_atomically", full)
    take_over(found, autosave)
    assert found.path.exists()
    assert "the disk is full" in autosave.problem
    monkeypatch.undo()


def test_broken_recovery_files_are_told_and_never_block(home):
    kill(child())
    folder = home / "state" / "recovery"
    (folder / "1-1.mrt-recovery").write_bytes(b"")
    (folder / "2-2.mrt-recovery").write_bytes(
        b'{"format": "mastering-rt recovery", "version": 1,'
        b' "session": {"format": "mastering-rt session", "version": 1, "chain": 5}}'
    )
    (folder / "3-3.mrt-recovery").write_bytes(b'{"format": "something"}')
    (folder / "4-4.mrt-recovery").mkdir()
    left = find_recoverable()
    assert len(left.sessions) == 1
    assert len(left.broken) == 4
    assert [path.name[0] for path, _ in left.broken] == ["1", "2", "3", "4"]
    for path, sentence in left.broken:
        assert path.name in sentence
        assert sentence.endswith(".")
    assert "chain: Expected `array`" in left.broken[1][1]
    discard(left.broken[0][0])
    assert len(find_recoverable().broken) == 3


def test_missing_details_do_not_cost_the_session(home):
    kill(child())
    path = find_recoverable().sessions[0].path
    document = json.loads(path.read_bytes())
    for key in ("pid", "written", "gestures", "sentence", "session_path"):
        del document[key]
    path.write_text(json.dumps(document))
    found, = find_recoverable().sessions
    assert (found.gestures, found.sentence, found.session_path) == (0, "", None)
    assert found.age_s() < 60


def test_no_folder_is_no_problem():
    assert find_recoverable().sessions == ()
    assert find_recoverable().broken == ()


def test_saving_leaves_nothing_to_recover(tmp_path, home):
    autosave = Autosave()
    history = History(SESSION, on_step=autosave.note)
    history.edit(edits.set_value(SESSION, "limiter", "gain", 1))
    path = save_session(history.session, tmp_path / "song")
    autosave.saved(path)
    autosave.wait_until_written()
    assert list((home / "state" / "recovery").glob("*.mrt-recovery")) == []
    history.edit(edits.set_value(history.session, "limiter", "gain", 2))
    autosave.wait_until_written()
    document = json.loads(next((home / "state" / "recovery").glob("*.mrt-recovery")).read_bytes())
    assert (document["gestures"], document["session_path"]) == (1, str(path))
    assert load_session(path).session.chain[0].value("gain") == 1
    autosave.close()


def test_a_failing_disk_is_told_and_the_work_goes_on(monkeypatch):
    autosave = Autosave()
    real = module.write_atomically

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_atomically", full)
    autosave.note(SESSION, "one")
    autosave.wait_until_written()
    assert "cannot be written: the disk is full. Save the session" in autosave.problem
    monkeypatch.setattr(module, "write_atomically", real)
    autosave.note(SESSION, "two")
    autosave.wait_until_written()
    assert autosave.problem == ""
    autosave.close()


def test_a_gesture_waits_while_the_one_before_is_written(monkeypatch):
    """Otherwise a slow disk would lose more than one. But it does not wait for ever."""
    autosave, go_on, written = Autosave(), threading.Event(), []

    def slow(path, data):
        go_on.wait()
        written.append(json.loads(data)["sentence"])

    monkeypatch.setattr(module, "write_atomically", slow)
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    autosave.note(SESSION, "one")
    autosave.note(SESSION, "two")
    assert "does not keep up" in autosave.problem
    autosave.note(SESSION, "three")
    go_on.set()
    autosave.wait_until_written()
    assert written == ["one", "three"], "the newest wins"
    assert autosave.problem == ""
    autosave.close()


def test_a_crash_leaves_the_file_and_an_error_in_a_with_block_does_too(home):
    autosave = Autosave()
    autosave.note(SESSION, "one")
    autosave.wait_until_written()
    with pytest.raises(ZeroDivisionError), autosave:
        raise ZeroDivisionError
    assert len(list((home / "state" / "recovery").glob("*.mrt-recovery"))) == 1
    autosave.close()


def test_old_locks_are_swept_and_young_ones_are_not(home):
    folder = home / "state" / "recovery"
    folder.mkdir(parents=True)
    for name, age_s in (("1-1.lock", 3600), ("2-2.lock", 1)):
        (folder / name).touch()
        now = (folder / name).stat().st_mtime
        os.utime(folder / name, (now - age_s, now - age_s))
    find_recoverable()
    assert [path.name for path in folder.iterdir()] == ["2-2.lock"]


def test_a_lock_that_was_taken_away_is_taken_again(home):
    autosave = Autosave()
    autosave.note(SESSION, "one")
    autosave.wait_until_written()
    lock, = (home / "state" / "recovery").glob("*.lock")
    lock.unlink()
    autosave.note(SESSION, "two")
    autosave.wait_until_written()
    assert lock.exists()
    autosave.close()
    assert list((home / "state" / "recovery").iterdir()) == []
