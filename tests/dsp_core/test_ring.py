"""The ring between two threads loses, doubles and reorders nothing."""
import threading
import time

import numpy as np
import pytest

from dsp_core.engine.ring import Ring


@pytest.mark.slow
@pytest.mark.parametrize("capacity", [2, 16, 1024])
def test_two_threads_lose_and_reorder_nothing(capacity):
    ring, total, got = Ring(8, capacity), 5000, []

    def read():
        room = np.zeros(capacity, np.int64)
        while len(got) < total:
            got.extend(room[:ring.drain(room.view(np.uint8))].tolist())
            time.sleep(0)                                # lets the other thread have the interpreter

    reader = threading.Thread(target=read)
    reader.start()
    sent = 0
    while sent < total:
        n = min(1 + sent % 3, total - sent, capacity)
        if ring.put(np.arange(sent, sent + n, dtype=np.int64).view(np.uint8)):
            sent += n
        else:
            time.sleep(0)
    reader.join()
    assert got == list(range(total))


def test_full_ring_drops_whole_pushes_and_counts():
    ring = Ring(4, 4)
    assert ring.put(bytes(12))
    assert not ring.put(bytes(8))
    assert ring.lost == 2
    assert ring.drain(bytearray(100)) == 3


def test_the_door_is_checked():
    with pytest.raises(ValueError, match="power of two"):
        Ring(8, 100)
    with pytest.raises(ValueError, match="not whole records"):
        Ring(8, 4).put(bytes(9))
