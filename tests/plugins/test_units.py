"""Supervision: what a worker does that fails, what the user is told, and what is left behind."""
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dsp_core.stages.plugin import Plugin
from mastering_rt.plugins import unit as unit_module
from mastering_rt.plugins.unit import MOST_FAILURES
from tests.plugins import building
from tests.plugins.building import ABORT, DELAY, EXIT, FAULT, GAIN, HANG, JUMP, NOT_A_NUMBER, SEGV, SLOW

pytestmark = pytest.mark.slow

RATE, FRAMES = 48000, 256


def until(condition):
    """A minute at most, which on any machine means never."""
    end, pause = time.monotonic() + 60, threading.Event()
    while not condition():
        assert time.monotonic() < end, "what was waited for never came"
        pause.wait(0.005)


class Player:
    """Sends noise through a unit in real time on a thread of its own, as a device would."""

    def __init__(self, unit):
        self.stage = Plugin("plugin", RATE, {}, line=unit.line, plugin_latency=unit.latency)
        self.peak, self.finite = 0.0, True
        self._on = True
        self._thread = threading.Thread(target=self._play)
        self._thread.start()

    def _play(self):
        rng, when, due = np.random.default_rng(1), 0, time.monotonic()
        while self._on:
            piece = np.clip(0.1 * rng.standard_normal((2, FRAMES)), -0.3, 0.3)
            self.stage.run_block(piece, when)
            self.peak = max(self.peak, float(np.abs(piece).max()))
            self.finite &= bool(np.isfinite(piece).all())
            when += FRAMES
            due += FRAMES / RATE
            time.sleep(max(0.0, due - time.monotonic()))

    def stop(self):
        self._on = False
        self._thread.join()


@pytest.fixture
def playing():
    players = []

    def play(unit):
        players.append(Player(unit))
        return players[-1]
    yield play
    for player in players:
        player.stop()


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.realtime
@pytest.mark.parametrize(("fault", "words"), [(ABORT, "abort"), (SEGV, "segmentation"), (EXIT, "status 7"), (HANG, "hangs"),
                                              (NOT_A_NUMBER, "no numbers"), (JUMP, "jumped"), (SLOW, "slow"), (None, "killed")])
def test_a_fault_is_told_and_the_plugin_comes_back_as_it_was(built, unit_of, playing, fault, words):
    unit = unit_of(built(), [(GAIN, building.gain_value(-2)), (DELAY, building.delay_value(64))], live=True)
    state, pid = unit.state, unit.pid
    player = playing(unit)
    until(lambda: unit.line.presence_seen == 1.0)
    if fault is None:
        os.kill(pid, signal.SIGKILL)
    else:
        unit.ask_now({FAULT: building.fault_value(fault)})
    told = []
    until(lambda: told.extend(h.sentence for h in unit.happenings() if h.sentence) or any("set as it was" in s for s in told))
    assert words in told[0] and told[0].startswith("Fault Gain ")
    until(lambda: unit.line.presence_seen == 1.0)
    assert gone(pid) and unit.pid != pid
    assert unit.state == state
    assert (unit.values[GAIN], unit.latency) == (pytest.approx(building.gain_value(-2)), 64)
    assert player.finite and player.peak <= 0.31


def test_a_stopped_worker_is_ended_and_replaced(built, unit_of, playing):
    unit = unit_of(built(), live=True)
    playing(unit)
    pid = unit.pid
    os.kill(pid, signal.SIGSTOP)
    until(lambda: unit.pid != pid and unit.phase == "running")
    assert gone(pid)


@pytest.mark.parametrize(("lives", "told"), [(True, "hangs"), (False, "")])
def test_the_dead_are_not_told_from_their_silence(monkeypatch, lives, told):
    """On a busy machine a worker can be missed before its end is read; how it ended says more than that it does not answer."""
    monkeypatch.setattr(unit_module, "Health", lambda *_: SimpleNamespace(problem=lambda busy: "hangs"))
    clock = count()
    watching = SimpleNamespace(_now=lambda: next(clock), line=SimpleNamespace(fault=""), phase="running", editor_open=False, _closing=False, _renewing=False)
    assert unit_module.Unit._attend(watching, SimpleNamespace(news=queue.Queue(), lives=lives), None) == told


def test_a_plugin_that_keeps_failing_rests_until_it_is_asked_for(built, unit_of):
    unit = unit_of(built(), live=True)
    for failure in range(1, MOST_FAILURES + 1):
        until(lambda: unit.phase == "running")
        os.kill(unit.pid, signal.SIGKILL)
        until(lambda failure=failure: unit.failures == failure)
    until(lambda: unit.phase == "resting")
    assert "take it in again" in unit.happenings()[-1].sentence
    unit.revive()
    until(lambda: unit.phase == "running")


def test_a_plugin_that_is_not_there_is_told_once(home, tmp_path):
    from mastering_rt.plugins.unit import Setup, Unit

    unit = Unit(Setup(str(tmp_path / "Gone.vst3"), state=b"kept"), RATE, title="Gone")
    until(lambda: unit.phase == "resting")
    until(lambda: unit.failures == 1)
    assert [h.sentence for h in unit.happenings()] == [
        "Gone is not there. The dry sound stands in for it; take it in again when you have seen to it."]
    assert unit.setup.state == b"kept"
    unit.close(wait=True)


def test_what_plugins_print_fills_no_disk(built, unit_of, monkeypatch):
    """While they run."""
    from mastering_rt.places import logs_dir
    from mastering_rt.plugins import unit as units
    from mastering_rt.plugins.process import LOG_BYTES

    monkeypatch.setattr(units, "TRIM_S", 0.1)
    unit = unit_of(built(), live=True)
    path = logs_dir() / "plugins.log"
    with open(path, "ab", 0) as printed:
        for _ in range(3):
            printed.write(b"x" * (LOG_BYTES + 1))
            until(lambda: path.stat().st_size == 0)
            printed.write(b"y")
            assert path.read_bytes() == b"y"
    assert unit.phase == "running"


def test_a_worker_that_cannot_be_started_is_told(built, home, monkeypatch):
    from mastering_rt.plugins import process
    from mastering_rt.plugins.unit import Setup, Unit

    monkeypatch.setattr(process.sys, "executable", str(Path(home, "no python")))
    unit = Unit(Setup(built()), RATE, title="Fault Gain")
    until(lambda: unit.phase == "resting")
    told = []
    until(lambda: told.extend(h.sentence for h in unit.happenings()) or told)
    assert told == ["Fault Gain cannot be started: No such file or directory. The dry sound stands in for it."]
    unit.close(wait=True)


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists() or os.geteuid() != 0, reason="takes a system that ranks sessions, and the right to")
def test_a_worker_that_is_heard_goes_before_what_is_not(built, unit_of):
    """Its session does: where sessions are ranked, the priority of a process counts within its own only."""
    ranks = [Path(f"/proc/{unit_of(built(), live=live).pid}/autogroup").read_text().split()[-1] for live in (True, False)]
    assert ranks == ["-11", "0"]


def test_latency_follows_a_parameter(built, unit_of):
    unit = unit_of(built(), live=True)
    unit.ask_now({DELAY: building.delay_value(100)})
    until(lambda: unit.latency == 100)
    unit.ask_now({DELAY: building.delay_value(4096)})
    until(lambda: unit.latency == 4096)


def test_values_have_texts_both_ways(built, unit_of):
    from mastering_rt.plugins import wire

    unit = unit_of(built(), live=True)
    assert {p.name: (p.unit, p.text) for p in unit.facts.parameters}["Gain"] == ("dB", "0.000000")
    assert [p.name for p in unit.facts.parameters] == ["Gain", "Delay", "Fault", "Model"]
    assert unit.facts.meters == ("Peak", "Output level")
    unit.ask(wire.AskText(0, GAIN, text="-6"))
    told = unit.next_happening(lambda told: told.text is not None, 30)
    assert told.text.value == pytest.approx(building.gain_value(-6))
    unit.ask_now({GAIN: building.gain_value(12)})
    until(lambda: abs(float(unit.texts[GAIN]) - 12) < 1e-4)


def test_a_state_goes_round(built, unit_of):
    from mastering_rt.plugins import wire

    unit = unit_of(built(), [(GAIN, building.gain_value(7)), (DELAY, building.delay_value(333))])
    unit.ask(wire.AskState(5))
    kept = unit.next_happening(lambda told: told.state is not None, 30).state
    again = unit_of(built(), state=kept.state)
    assert (again.values[GAIN], again.latency) == (pytest.approx(building.gain_value(7)), 333)
    assert kept.preset


def children_of(pid):
    out = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(line.split()[0]) for line in out.splitlines() if "plugins.worker" in line]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("end", ["kill", "leave"])
def test_nothing_is_left_behind_when_the_host_ends(built, home, end):
    """Neither a process nor shared memory, however the host dies."""
    code = ("import sys, time; from mastering_rt.plugins.unit import Setup, Unit; u = Unit(Setup(sys.argv[1]), 48000); u.wait(); "
            "print(u.pid, flush=True); sys.stdin.read()")
    before = set(os.listdir("/dev/shm"))
    host = subprocess.Popen([sys.executable, "-c", code, built()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    worker = int(host.stdout.readline())
    assert not gone(worker) and children_of(host.pid) == [worker]
    if end == "kill":
        host.kill()
    host.communicate()
    until(lambda: gone(worker) or Path(f"/proc/{worker}/stat").read_text().split()[2] == "Z")
    assert set(os.listdir("/dev/shm")) <= before | {name for name in os.listdir("/dev/shm") if "mastering" not in name}
