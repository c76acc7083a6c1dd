"""The worker that is started ahead: it is the one that is taken, it is replaced, and it stays with nobody."""
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mastering_rt.desk.desk import Desk
from mastering_rt.playback.device import CLOCK
from mastering_rt.plugins import spare
from mastering_rt.plugins.scan import try_plugin
from mastering_rt.plugins.spare import Spares
from mastering_rt.plugins.unit import Setup, Unit
from tests.mastering_rt.helpers import until
from tests.plugins.storm import gone

pytestmark = pytest.mark.slow

RATE = 48000


@pytest.fixture
def spares(home, monkeypatch):
    """Kept by one user, who may let go; units take from them."""
    monkeypatch.setattr(spare, "REST_S", 0.0)
    fresh = Spares()
    monkeypatch.setattr("mastering_rt.plugins.unit.spares", fresh)
    fresh.keep()
    until(lambda: fresh.pid)
    yield fresh
    if fresh._users:
        fresh.let_go()


@pytest.fixture
def started(built):
    units = []

    def start():
        units.append(Unit(Setup(built()), RATE))
        assert units[-1].wait(), units[-1].problem
        return units[-1]
    yield start
    for unit in units:
        unit.close(wait=True)


def test_a_plugin_is_loaded_into_it_and_another_one_made(spares, started):
    ahead = spares.pid
    unit = started()
    assert unit.pid == ahead
    until(lambda: spares.pid and spares.pid != ahead)
    assert not gone(spares.pid)


def test_a_plugin_that_fails_comes_back_in_it(spares, started):
    unit = started()
    until(lambda: spares.pid)
    ahead = spares.pid
    os.kill(unit.pid, signal.SIGKILL)
    until(lambda: unit.pid == ahead and unit.phase == "running")


def test_one_that_died_is_not_taken(spares, started):
    ahead = spares.pid
    os.kill(ahead, signal.SIGKILL)
    until(lambda: gone(ahead))
    assert started().pid not in (0, ahead)
    until(lambda: spares.pid and spares.pid != ahead)


def test_it_ends_when_nobody_wants_it_any_more(spares):
    ahead = spares.pid
    spares.keep()
    spares.let_go()
    assert spares.pid == ahead
    spares.let_go()
    assert not spares.pid
    until(lambda: not Path(f"/proc/{ahead}").exists())


def test_none_is_made_where_nobody_asks(home, monkeypatch, started):
    fresh = Spares()
    monkeypatch.setattr("mastering_rt.plugins.unit.spares", fresh)
    started()
    assert not fresh.pid and fresh._thread is None


def test_a_desk_keeps_one_as_soon_as_it_has_a_plugin(built, home, monkeypatch):
    fresh = Spares()
    monkeypatch.setattr("mastering_rt.desk.plugins.spares", fresh)
    with Desk(CLOCK, 256, autosave=False) as desk:
        desk.poll()
        assert fresh._thread is None
        slot = desk.plugins.add(try_plugin(built()))
        until(lambda: desk.plugins.unit(slot) and desk.plugins.unit(slot).phase == "running" and fresh.pid, desk.poll)
        ahead = fresh.pid
    until(lambda: not Path(f"/proc/{ahead}").exists())


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("end", ["kill", "leave"])
def test_it_ends_with_the_host(home, end):
    """However that ends, and also before it has begun to wait."""
    code = ("import sys, time; from mastering_rt.plugins.spare import spares; spares.keep()\nwhile not spares.pid: time.sleep(0.001)\n"
            "print(spares.pid, flush=True); sys.stdin.read()")
    host = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ahead = int(host.stdout.readline())
    if end == "kill":
        host.kill()
    host.communicate()
    until(lambda: gone(ahead))
