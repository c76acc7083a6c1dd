"""`mastering-rt abx`: a blind test in a real terminal, on the clock device."""
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mastering_rt.blind.log import BlindLog
from mastering_rt.cli import main
from mastering_rt.cli.abx import names_of
from tests import signals
from tests.mastering_rt.helpers import RATE, write_song

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals as on POSIX")]
ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
LEFT, RIGHT = "\x1b[D", "\x1b[C"


class Terminal:
    """A program on a terminal of its own: type, and read what it shows."""

    def __init__(self, home, *arguments):
        import pty

        self._ours, theirs = pty.openpty()
        env = {**os.environ, "MASTERING_RT_HOME": str(home), "TERM": "xterm"}
        self.process = subprocess.Popen([sys.executable, "-m", "mastering_rt", "abx", *map(str, arguments), "--device", "clock"], cwd=ROOT, env=env,
                                        stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True)
        os.close(theirs)
        self.seen = ""

    def until(self, words):
        """Read until this has been shown since the last call."""
        import select

        began = time.monotonic()
        while words not in self.seen:
            assert time.monotonic() - began < PATIENCE_S, f"{words!r} never came: {self.seen[-500:]!r}"
            if select.select([self._ours], [], [], 0.5)[0]:
                with contextlib.suppress(OSError):
                    self.seen += os.read(self._ours, 65536).decode(errors="replace")
        self.seen = self.seen.partition(words)[2]

    def type(self, keys):
        os.write(self._ours, keys.encode())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        """However the test left it."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        with contextlib.suppress(OSError):
            os.close(self._ours)

    def end(self):
        out, _ = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out


@pytest.fixture
def pair(tmp_path):
    x = 0.4 * signals.programme(3 * RATE, RATE)
    return write_song(tmp_path / "a.wav", x), write_song(tmp_path / "b.wav", 0.5 * x)


def test_a_whole_test_at_the_keys(tmp_path, pair):
    log = tmp_path / "log.jsonl"
    with Terminal(tmp_path / "home", *pair, "--trials", 10, "--log", log, "--json") as terminal:
        status, out = answer_all(terminal)
    found = json.loads(out)
    assert (status, found["answered"], found["hits"], found["stopped"]) == (0, 10, found["order"].count("a"), False)
    record, = BlindLog(log).records()
    assert record.proven and record.result.order == found["order"] and record.plan.first == "a.wav"
    assert "within 0.0" in record.plan.basis


def answer_all(terminal):
    """Ten times "X is A", after an arrow that came too soon."""
    terminal.until("Trial 1 of 10   playing A")
    terminal.type(LEFT)
    terminal.until("Listen to X first")
    for trial in range(1, 11):
        terminal.type("x")
        terminal.until("playing X")
        terminal.type(LEFT)
        if trial < 10:
            terminal.until(f"Trial {trial + 1} of 10   playing A")
    return terminal.end()


def test_stopping_counts_and_says_so(tmp_path, pair):
    with Terminal(tmp_path / "home", *pair, "--prefer", "--loop", "0:00.5-0:02") as terminal:
        terminal.until("Trial 1 of 16   playing A")
        terminal.type("b")
        terminal.until("playing B")
        terminal.type(RIGHT)
        terminal.until("Trial 2 of 16")
        terminal.type("q")
        status, out = terminal.end()
    assert status == 0
    assert "Stopped after 1 of 16 trials" in out and "too few" in out and str(tmp_path / "home") in out


def said(capsys, *arguments):
    try:
        status = main([str(a) for a in arguments])
    except SystemExit as left:
        status = left.code
    return status, capsys.readouterr().err


def test_what_cannot_be_tested_is_said(capsys, tmp_path, pair, monkeypatch):
    status, err = said(capsys, "abx", *pair, "--device", "clock")
    assert (status, "takes keys from a terminal" in err) == (2, True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for arguments, code, words in (([*pair, "--trials", "9"], 2, "9 trials"), ([pair[0], tmp_path / "none.wav"], 1, "does not exist"),
                                   ([*pair, "--loop", "2-1"], 2, "too short")):
        status, err = said(capsys, "abx", *arguments, "--device", "clock")
        assert (status, words in err) == (code, True), err
    assert names_of("one/a.wav", "two/a.wav") == ("one/a.wav", "two/a.wav")
