"""A song as the engine wants it: at the device's rate, in memory, or in pages kept loaded around the playhead when it is long."""
import threading
from collections.abc import Callable, Iterator
from math import ceil, gcd

import numpy as np
from numpy.typing import NDArray

from dsp_core.engine.engine import Engine
from dsp_core.engine.source import MemorySong, PagedSong
from mastering_rt.audio.files import AudioFile
from mastering_rt.audio.resample import resample, resampled_length
from mastering_rt.audio.song import Song
from mastering_rt.errors import MasteringError

PAGE_FRAMES = 65536
ROOMS = 48
AHEAD_PAGES, LOOP_PAGES = 24, 6
MARGIN_FRAMES = 8192             # of the file, on both sides of a page that is converted: more than the converter's filter is long
POLL_S = 0.05


def memory_song(song: Song, rate_hz: int) -> MemorySong:
    """The whole song at `rate_hz`; the samples themselves when it has that rate already."""
    if song.sample_rate_hz == rate_hz:
        return MemorySong(song.samples, rate_hz)
    return MemorySong(resample(song.samples.astype(np.float64), song.sample_rate_hz, rate_hz), rate_hz)


class StreamedSong:
    """A song on the disk: a thread keeps the pages the playhead will want in memory. `close` ends it.

    What cannot be read is silent; `take_problem` says so, once.
    """

    def __init__(self, open_file: Callable[[], AudioFile], rate_hz: int) -> None:
        self._file = open_file()
        self._from_hz, self._rate_hz = self._file.sample_rate_hz, rate_hz
        frames = resampled_length(self._file.frames, self._from_hz, rate_hz)
        self.source = PagedSong(frames, rate_hz, ROOMS)
        self._problem, self._problem_taken = "", False
        self._engine: Engine | None = None
        self._loop: tuple[int, int] | None = None
        self._goal = self._heard_before = 0
        self._wake, self._leave = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._serve()
        self._thread = threading.Thread(target=self._work, name="read ahead", daemon=True)
        self._thread.start()

    def attach(self, engine: Engine) -> None:
        """Follow this engine's playhead."""
        self._engine = engine

    def expect(self, frame: int, loop: tuple[int, int] | None) -> None:
        """The playhead will go to `frame`, round `loop`."""
        self._goal, self._loop = frame, loop
        self._wake.set()

    def take_problem(self) -> tuple[str, ...]:
        """The first page that could not be read, said once."""
        if not self._problem or self._problem_taken:
            return ()
        self._problem_taken = True
        return (f"{self._problem} Silence is heard where it cannot be read.",)

    def part(self, start: int, stop: int) -> tuple[MemorySong, int]:
        """A source that holds the frames start .. stop of the song as its pages do, and the song frame of its first one. Any thread."""
        first = min(start, self.source.frames - 1) // PAGE_FRAMES
        last = max(first, (min(stop, self.source.frames) - 1) // PAGE_FRAMES)
        planes = np.concatenate([self._page(page) for page in range(first, last + 1)], axis=1)
        return MemorySong(planes, self._rate_hz), first * PAGE_FRAMES

    def close(self) -> None:
        self._leave.set()
        self._wake.set()
        self._thread.join()
        with self._lock:
            self._file.close()

    def _work(self) -> None:
        while not self._leave.is_set():
            self._wake.wait(POLL_S)
            self._wake.clear()
            self._serve()

    def _serve(self) -> None:
        """Load the most urgent missing pages, dropping those far from anything wanted. What was heard a moment ago may still be fading out."""
        heard, before = self._heard_page(), self._heard_before
        self._heard_before = heard
        wanted = list(self._wanted(heard))
        kept = {*wanted, before, before + 1}
        for page in wanted:
            if self._leave.is_set():
                return
            if not self.source.has(page) and not self._load(page, kept):
                return

    def _heard_page(self) -> int:
        return int(self._engine.read_status()["heard_at"]) // PAGE_FRAMES if self._engine is not None else 0

    def _wanted(self, heard: int) -> Iterator[int]:
        """Pages in the order they will be needed: at the playhead, at its goal, in the loop, ahead."""
        places = [heard, self._goal // PAGE_FRAMES]
        near = [page + k for k in range(4) for page in places]
        loop = range(self._loop[0] // PAGE_FRAMES, self._loop[0] // PAGE_FRAMES + LOOP_PAGES) if self._loop else range(0)
        ahead = [page + k for k in range(4, AHEAD_PAGES) for page in places[:1]]
        yield from dict.fromkeys(page for page in [*near, *loop, *ahead] if 0 <= page < self.source.pages)

    def _load(self, page: int, kept: set[int]) -> bool:
        room = self._room(kept)
        if room is None:
            return False
        self.source.put(page, room, self._page(page))
        return True

    def _room(self, kept: set[int]) -> int | None:
        running = self._engine is not None and self._engine.running
        room = self.source.room(running)
        if room is None:
            spare = next((page for page in range(self.source.pages) if self.source.has(page) and page not in kept), None)
            if spare is None:
                return None
            self.source.drop(spare)
            room = self.source.room(running)
        return None if room is None else int(room)

    def _page(self, page: int) -> NDArray[np.float64]:
        start = page * PAGE_FRAMES
        stop = min(start + PAGE_FRAMES, self.source.frames)
        try:
            with self._lock:
                planes = self._converted(start, stop)
        except MasteringError as error:
            self._problem = str(error)
            planes = np.zeros((2, stop - start))
        return np.ascontiguousarray(np.broadcast_to(planes, (2, planes.shape[1])))

    def _converted(self, start: int, stop: int) -> NDArray[np.float64]:
        """Frames start .. stop at the engine's rate. Cut where both rates have a common frame, so that pages join without a seam."""
        if self._from_hz == self._rate_hz:
            return self._file.read(start, stop - start)
        common = gcd(self._from_hz, self._rate_hz)
        step_in, step_out = self._from_hz // common, self._rate_hz // common
        first = max(0, start * step_in // step_out - MARGIN_FRAMES) // step_in * step_in
        last = ceil(stop * step_in / step_out) + MARGIN_FRAMES
        piece = resample(self._file.read(first, last - first), self._from_hz, self._rate_hz)
        offset = start - first // step_in * step_out
        return piece[:, offset:offset + stop - start]

