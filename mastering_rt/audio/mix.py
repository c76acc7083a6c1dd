"""A mix that was opened: in memory, or too long for it and read from the disk as it is needed."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mastering_rt.audio.files import AudioFile, open_audio
from mastering_rt.audio.song import Song, load_song
from mastering_rt.session.model import Source

BLOCK_FRAMES = 65536
MOST_MEMORY_BYTES = 768 * 2**20  # a longer song is read from the disk while it plays
Planes = NDArray[np.float64]


@dataclass(frozen=True)
class LongSong:
    """A song too long to be held in memory: where it lies, and what had to be said about it."""

    source: Source
    notices: tuple[str, ...] = ()

    @property
    def frames(self) -> int:
        return self.source.frames

    @property
    def sample_rate_hz(self) -> int:
        return self.source.sample_rate_hz

    def open(self) -> AudioFile:
        return open_audio(self.source.path)


def open_mix(path: str, progress: Callable[[float], None] | None = None, most_bytes: int = MOST_MEMORY_BYTES) -> Song | LongSong:
    """The mix in memory, or, when it would take more than `most_bytes`, ready to be streamed. FileProblem, or Cancelled by `progress`."""
    with open_audio(path) as file:
        if file.memory_bytes > most_bytes:
            return LongSong(file.source(), tuple(file.notices))
    return load_song(path, progress=progress)


def stereo_blocks(song: Song | LongSong) -> Iterator[Planes]:
    """The song as (2, up to 65536) float64 blocks."""
    if isinstance(song, Song):
        for start in range(0, song.frames, BLOCK_FRAMES):
            yield np.ascontiguousarray(song.samples[:, start:start + BLOCK_FRAMES], dtype=np.float64)
        return
    with song.open() as file:
        yield from file_blocks(file)


def file_blocks(file: AudioFile) -> Iterator[Planes]:
    """An open file as (2, up to 65536) float64 blocks, mono on both channels."""
    for block in file.blocks(BLOCK_FRAMES):
        yield np.array(np.broadcast_to(block, (2, block.shape[1])), order="C")
