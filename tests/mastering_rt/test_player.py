"""The player beside its device: what it counts."""
from ctypes import CFUNCTYPE, c_int, c_ulong, c_void_p

import numpy as np
import pytest

from mastering_rt.playback.device import CLOCK
from mastering_rt.playback.player import STALL_S, Player

FRAMES = 256
DROPPED_OUT = 4                  # PortAudio's sign that the device had nothing to play
callback_type = CFUNCTYPE(c_int, c_void_p, c_void_p, c_ulong, c_void_p, c_ulong, c_void_p)


class Time:
    """A clock that goes when it is told."""

    now = 0.0


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def player(time):
    found = Player(CLOCK, FRAMES, lambda: time.now)
    still(found)
    yield found
    found.close()


def still(player):
    """Its device is open and never calls by itself."""
    player.play()
    player.device._stream.stop()


def drop_out(player):
    """The device calls late, and says so."""
    sound = np.zeros((FRAMES, 2), np.float32)
    callback_type(player.engine.callback)(None, sound.ctypes.data, FRAMES, None, DROPPED_OUT, player.engine.userdata)


def test_dropouts_are_counted_once_though_the_device_is_lost(player, time):
    before = player.poll().status.dropouts
    drop_out(player)
    drop_out(player)
    assert player.poll().status.dropouts == before + 2
    player.poll()
    time.now = 2 * STALL_S
    assert "no longer answers" in player.poll().problems[0]
    assert player.device is None
    assert player.poll().status.dropouts == player.poll().status.dropouts == before + 2
    still(player)
    assert player.poll().status.dropouts == before + 2
    drop_out(player)
    assert player.poll().status.dropouts == before + 3


def test_a_poll_that_does_not_serve_reads_and_does_nothing_else(player, time):
    before = player.poll().status.dropouts
    player.poll()
    drop_out(player)
    assert player.poll(serve=False).status.dropouts == before + 1
    player.poll()
    time.now = 2 * STALL_S
    assert player.poll(serve=False).problems == () and player.device is not None
    assert player.poll().problems and player.device is None
