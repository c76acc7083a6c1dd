"""A song too long for the memory sounds like one that lies in it: read ahead, round loops, through seeks, at the device's rate."""
import numpy as np
import pytest

from dsp_core.engine.engine import MASTER_SOURCE, Engine
from dsp_core.engine.source import MemorySong
from mastering_rt.audio.mix import LongSong, open_mix
from mastering_rt.audio.resample import resample
from mastering_rt.playback.device import CLOCK
from mastering_rt.playback.player import Player
from mastering_rt.playback.sources import AHEAD_PAGES, PAGE_FRAMES, ROOMS, StreamedSong
from tests import signals
from tests.dsp_core.playing import pull
from tests.mastering_rt.helpers import RATE, until, write_song

pytestmark = pytest.mark.slow

PAGES = 60                       # more than there are rooms
STEP = 4096
FADE = RATE // 100                # where the sound is cut, it is faded


@pytest.fixture(scope="module")
def long_song(tmp_path_factory):
    """A song of more pages than rooms, as float64 planes and as a file."""
    assert PAGES > ROOMS > AHEAD_PAGES
    x = np.tile(0.5 * signals.programme(3 * PAGE_FRAMES, RATE), PAGES // 3 + 1)[:, :PAGES * PAGE_FRAMES - 12345]
    x = np.float32(x * np.linspace(0.2, 1, x.shape[1])).astype(np.float64)      # so that no page is like another
    return x, write_song(tmp_path_factory.mktemp("long") / "long.wav", x, RATE, "32f")


def opened(path):
    song = open_mix(path, most_bytes=1000)
    assert isinstance(song, LongSong)
    return song


class Hall:
    """An engine without a device that is pulled only as fast as the disk is read."""

    def __init__(self, path, rate=RATE):
        self.engine = Engine(rate)
        self.song = StreamedSong(opened(path).open, rate)
        self.song.attach(self.engine)
        self.engine.set_song(self.song.source)
        self.engine.select(MASTER_SOURCE)
        pull(self.engine, 2048)

    def go(self, frame, loop=None):
        if loop:
            self.engine.loop(*loop)
        self.song.expect(frame, loop)
        until(lambda: self.song.source.has(frame // PAGE_FRAMES))
        self.engine.seek(frame)

    def hear(self, frames, places):
        """Pull so many frames; `places` are the song frames they will come from, one a step."""
        pieces = []
        for at in places(range(0, frames, STEP)):
            until(lambda at=at: all(self.song.source.has(min(at + k, self.song.source.frames - 1) // PAGE_FRAMES) for k in (0, STEP)))
            pieces.append(pull(self.engine, min(STEP, frames - STEP * len(pieces)), 512))
        return np.concatenate(pieces, axis=1)

    def straight(self, start, frames):
        return self.hear(frames, lambda steps: [start + k for k in steps])


@pytest.fixture
def hall(long_song):
    hall = Hall(long_song[1])
    yield hall
    hall.song.close()


def test_a_song_over_the_limit_is_streamed_and_one_under_it_is_not(long_song):
    x, path = long_song
    assert opened(path).frames == x.shape[1]
    assert not isinstance(open_mix(path), LongSong)


def test_the_stream_is_the_file_to_the_bit_from_beginning_to_end(long_song, hall):
    x, _ = long_song
    hall.engine.play()
    heard = hall.straight(0, x.shape[1])
    assert np.array_equal(heard, x)
    assert hall.engine.read_status()["starved"] == 0


@pytest.mark.parametrize("frame", [7 * PAGE_FRAMES - 5, 50 * PAGE_FRAMES + 17, 3])
def test_a_seek_lands_on_the_frame(long_song, hall, frame):
    x, _ = long_song
    hall.go(frame)
    pull(hall.engine, 4096)
    hall.engine.play()
    heard = hall.straight(frame, 3 * PAGE_FRAMES)
    assert np.array_equal(heard[:, FADE:], x[:, frame + FADE:frame + 3 * PAGE_FRAMES])


def test_a_loop_goes_round_without_waiting_for_the_disk(long_song, hall):
    x, _ = long_song
    start, stop = 20 * PAGE_FRAMES + 100, 22 * PAGE_FRAMES + 900
    hall.go(start, (start, stop))
    pull(hall.engine, 4096)
    hall.engine.play()
    heard = hall.hear(3 * (stop - start), lambda steps: [start + k % (stop - start) for k in steps])
    for turn in range(3):
        part = heard[:, turn * (stop - start) + FADE:(turn + 1) * (stop - start) - FADE]
        assert np.array_equal(part, x[:, start + FADE:stop - FADE]), f"turn {turn}"
    assert hall.engine.read_status()["starved"] == 0


@pytest.mark.parametrize(("rate", "engine_rate"), [(44100, 48000), (48000, 44100), (44100, 96000)])
def test_pages_at_the_devices_rate_join_without_a_seam(tmp_path, rate, engine_rate):
    x = 0.5 * signals.programme(4 * PAGE_FRAMES, rate)
    path = write_song(tmp_path / "mix.wav", x, rate, "64f")
    hall = Hall(path, engine_rate)
    try:
        whole = resample(x, rate, engine_rate)
        hall.engine.play()
        heard = hall.straight(0, whole.shape[1])
    finally:
        hall.song.close()
    engine = Engine(engine_rate)
    engine.set_song(MemorySong(whole, engine_rate))
    engine.select(MASTER_SOURCE)
    pull(engine, 2048)
    engine.play()
    assert np.abs(heard - pull(engine, whole.shape[1], 512)).max() < 1e-6


def test_what_the_disk_refuses_is_said_once_and_silent(long_song, tmp_path):
    path = write_song(tmp_path / "mix.wav", long_song[0][:, :40 * PAGE_FRAMES], RATE, "32f")
    player, said = Player(CLOCK, 256), []
    try:
        player.load(opened(path))
        player.play()
        until(lambda: player.status.frame > 2000, player.poll)
        with open(path, "r+b") as file:
            file.truncate(4096)
        player.seek(38 * PAGE_FRAMES)
        until(lambda: player.status.frame > 38 * PAGE_FRAMES + RATE // 2, lambda: said.extend(player.poll().problems))
    finally:
        player.close()
    assert len(said) == 1
    assert "mix.wav" in said[0]
    assert said[0].endswith("Silence is heard where it cannot be read.")
