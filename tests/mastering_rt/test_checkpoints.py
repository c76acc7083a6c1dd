"""The places of a song from which a chain can go on."""
import pytest

from mastering_rt.offline.checkpoints import Checkpoints


def filled(count, size=1000, most_bytes=1 << 20):
    points = Checkpoints((), 44100, most_bytes)
    for second in range(count):
        points.keep(second * 44100, (bytes(size),))
    return points


def test_the_last_place_at_or_before_a_frame_is_found():
    points = filled(10)
    assert [points.before(frame).frame for frame in (0, 44099, 44100, 10**9)] == [0, 0, 44100, 9 * 44100]
    assert Checkpoints((), 44100).before(5) is None


def test_memory_stays_bounded_and_the_places_spread_evenly():
    points = filled(1000, 1000, 64000)
    frames = [point.frame for point in points.kept]
    assert 32 <= len(frames) <= 64
    assert len({later - earlier for earlier, later in zip(frames, frames[1:])}) == 1
    assert frames[-1] > 960 * 44100


def test_places_come_in_the_order_of_the_song():
    points = filled(3)
    with pytest.raises(ValueError, match="does not follow"):
        points.keep(44100, (b"",))
