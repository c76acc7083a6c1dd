"""What a worker is told: nothing is lost and nothing overtakes, whatever it is doing; and who tells it never waits."""
import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from dsp_core.foreign.lead import block_frames_at, memory_bytes
from dsp_core.foreign.line import Line
from mastering_rt.plugins import unit as units
from mastering_rt.plugins import wire
from mastering_rt.plugins.memory import Shared
from mastering_rt.plugins.process import Process
from mastering_rt.plugins.unit import Setup
from tests.plugins.building import DELAY, FAULT, GAIN, HANG, fault_value, gain_value
from tests.plugins.test_units import gone, until

pytestmark = pytest.mark.slow


def stands_at(unit, db):
    """By the plugin's own word."""
    return GAIN in unit.texts and abs(float(unit.texts[GAIN]) - db) < 1e-3


def state_of(unit):
    unit.ask(wire.AskState(5))
    return unit.next_happening(lambda told: told.state is not None, 30).state.state


def state_at(unit_of, path, db):
    return state_of(unit_of(path, [(GAIN, gain_value(db))]))


def killed(unit):
    """And seen to be: another is being started, or none."""
    pid = unit.pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: unit.pid != pid or unit.phase == "resting")


def test_what_is_set_while_it_is_brought_back_is_not_lost(built, unit_of):
    unit = unit_of(built(), [(GAIN, gain_value(6))], live=True)
    killed(unit)
    unit.follow(Setup(built(), values=((GAIN, gain_value(-9)),)))
    until(lambda: unit.phase == "running" and stands_at(unit, -9))


def test_a_preset_that_is_taken_while_it_rests_is_there_after_another_try(built, unit_of, monkeypatch):
    loud, soft = state_at(unit_of, built(), 7), state_at(unit_of, built(), -7)
    monkeypatch.setattr(units, "MOST_FAILURES", 1)
    unit = unit_of(built(), state=loud, live=True)
    killed(unit)
    until(lambda: unit.phase == "resting")
    unit.follow(Setup(built(), state=soft))
    unit.revive()
    until(lambda: unit.phase == "running" and stands_at(unit, -7))


def test_a_worker_that_died_comes_back_as_the_session_says(built, unit_of):
    """What was taken back meanwhile is not there again."""
    unit = unit_of(built(), live=True)
    before = unit.state
    unit.follow(Setup(built(), values=((GAIN, gain_value(6)),)))
    until(lambda: state_of(unit) != before)
    unit.follow(Setup(built()))
    until(lambda: stands_at(unit, 0))
    killed(unit)
    until(lambda: unit.phase == "running")
    assert stands_at(unit, 0)


def test_a_value_that_is_taken_off_gives_way_to_that_of_the_state(built, unit_of):
    unit = unit_of(built(), [(GAIN, gain_value(12))], state=state_at(unit_of, built(), 7), live=True)
    assert stands_at(unit, 12)
    unit.follow(Setup(built(), state=unit.setup.state, values=((GAIN, gain_value(-3)),)))
    until(lambda: stands_at(unit, -3))
    unit.follow(Setup(built(), state=unit.setup.state))
    until(lambda: stands_at(unit, 7))
    unit.follow(Setup(built()))
    until(lambda: stands_at(unit, 0))


def test_a_value_does_not_overtake_the_state_before_it(built, unit_of):
    loud, soft = state_at(unit_of, built(), 7), state_at(unit_of, built(), -7)
    unit = unit_of(built(), state=loud, live=True)
    for turn in range(10):
        unit.follow(Setup(built(), state=soft))
        unit.follow(Setup(built(), state=soft, values=((GAIN, gain_value(turn)),)))
        state_of(unit)
        until(lambda turn=turn: stands_at(unit, turn))
        unit.follow(Setup(built(), state=loud))
        state_of(unit)
        until(lambda: stands_at(unit, 7))


def test_a_state_takes_the_place_of_the_values_before_it(built, unit_of):
    """Also of those that no block has brought to the plugin yet."""
    soft = state_at(unit_of, built(), -7)
    unit = unit_of(built(), live=True)
    for _ in range(5):
        unit.follow(Setup(built(), values=((GAIN, gain_value(12)),)))
        unit.follow(Setup(built(), state=soft))
        until(lambda: state_of(unit) == soft and stands_at(unit, -7))
        unit.follow(Setup(built()))
        until(lambda: stands_at(unit, 0))


def test_nobody_waits_for_a_worker_that_does_not_read(built, unit_of):
    """While nothing plays. It is found out, ended and replaced by one that has all that was set."""
    unit = unit_of(built(), live=True)
    pid = unit.pid
    os.kill(pid, signal.SIGSTOP)
    moves = [Setup(built(), values=((GAIN, gain_value(turn / 100)), (DELAY, 0.0))) for turn in range(900)]
    whole = Setup(built(), state=b"x" * 300000)
    hand = threading.Thread(target=lambda: [unit.follow(setup) for setup in (whole, *moves)], daemon=True)
    hand.start()
    until(lambda: not hand.is_alive())
    assert unit.pid == pid and not gone(pid)
    until(lambda: unit.pid != pid and unit.phase == "running" and stands_at(unit, 8.99))
    assert gone(pid) and "Fault Gain hangs. The dry sound stands in until it is back." in [told.sentence for told in unit.happenings()]


def test_a_worker_with_too_many_orders_before_it_is_replaced(built, unit_of):
    unit = unit_of(built(), live=True)
    pid = unit.pid
    os.kill(pid, signal.SIGSTOP)
    for turn in range(5000):
        unit.follow(Setup(built(), values=((GAIN, gain_value(turn / 1000)),)))
    until(lambda: unit.pid != pid and unit.phase == "running" and stands_at(unit, 4.999))


def test_a_plugin_that_hangs_in_silence_is_found(built, unit_of):
    """No block waits for an answer: it is asked whether it still follows orders."""
    unit = unit_of(built(), live=True)
    pid = unit.pid
    unit.ask_now({FAULT: fault_value(HANG)})
    until(lambda: unit.pid != pid and unit.phase == "running")
    assert gone(pid)


@pytest.mark.parametrize("live", [True, False])
def test_a_worker_that_does_not_read_is_ended_with_its_slot(built, unit_of, live):
    unit = unit_of(built(), live=live)
    os.kill(unit.pid, signal.SIGSTOP)
    unit.follow(Setup(built(), state=b"x" * 300000))
    unit.close(wait=True)
    assert gone(unit.pid) and unit.phase == "closed"


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("word", ["quit", "end of input"])
def test_a_worker_leaves_by_itself_whatever_its_plugin_does(built, home, word):
    """With its host, also on systems where the kernel does not see to that."""
    memory = Shared(memory_bytes(block_frames_at(48000)))
    line, process = Line(memory.bytes, 48000), Process()
    process.load(memory, wire.Load(built(), "", line.rate, line.block_frames, memory.size, memory=memory.handle))
    assert isinstance(process.news.get(timeout=60), wire.Ready)
    process.tell(wire.Set({FAULT: fault_value(HANG)}, as_by_hand=True))
    rest = busy_s(process.pid)
    until(lambda: busy_s(process.pid) > rest + 0.2)
    if word == "quit":
        assert process.end(kindly=True) == 0
    else:
        process._child.stdin.close()
        assert process._child.wait(60) == 0
        process.end()


def busy_s(pid):
    """Processor time of a process so far."""
    words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_worker_cannot_cut_off_the_memory(built, unit_of):
    unit = unit_of(built(), live=True)
    held = [f"/proc/{unit.pid}/fd/{fd}" for fd in os.listdir(f"/proc/{unit.pid}/fd")]
    shared = [fd for fd in held if "memfd:mastering-rt" in os.readlink(fd)]
    assert shared
    for fd in shared:
        for size in (0, 1 << 30):
            with pytest.raises(PermissionError):
                os.truncate(fd, size)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_worker_runs_nothing_from_the_folder_of_the_song(built, unit_of, tmp_path, monkeypatch):
    for name in ("msgspec", "queue", "numpy"):
        (tmp_path / f"{name}.py").write_text("import os, sys\nos._exit(3)\n")
    path = os.path.relpath(built(), tmp_path)
    monkeypatch.chdir(tmp_path)
    unit = unit_of(path)
    assert os.readlink(f"/proc/{unit.pid}/cwd") == "/"
