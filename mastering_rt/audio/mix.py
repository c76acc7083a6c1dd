"""A mix that was opened: in memory, or too long for it and read from the disk as it is needed."""
from collections.abc import Callable, Iterator, Sequence
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
        return open_source_file(self.source)


def open_mix(path: str, progress: Callable[[float], None] | None = None, most_bytes: int = MOST_MEMORY_BYTES, *,
             channels: Sequence[int] | None = None, partial: bool = False) -> Song | LongSong:
    """The mix in memory, or, when it would take more than `most_bytes`, ready to be streamed. FileProblem, or Cancelled by `progress`.

    channels: which of the file's to take, needed for more than two. partial: open a file that was cut short as far as it goes.
    """
    with open_audio(path, channels=channels, partial=partial) as file:
        if file.memory_bytes > most_bytes:
            return LongSong(file.source(), tuple(file.notices))
    return load_song(path, channels=channels, partial=partial, progress=progress)


def open_source(source: Source, progress: Callable[[float], None] | None = None, most_bytes: int = MOST_MEMORY_BYTES) -> Song | LongSong:
    """The mix of a session, with the channels and as much of it as the session says. FileProblem, or Cancelled by `progress`."""
    return open_mix(source.path, progress, most_bytes, channels=source.take or None, partial=source.partial)


def open_source_file(source: Source) -> AudioFile:
    """The file of a session's mix, ready to be read in the same way."""
    return open_audio(source.path, channels=source.take or None, partial=source.partial)


def stereo_blocks(song: Song | LongSong) -> Iterator[Planes]:
    """The song as (2, up to 65536) float64 blocks of their own memory, because a chain works in place."""
    if isinstance(song, Song):
        for start in range(0, song.frames, BLOCK_FRAMES):
            yield np.array(song.samples[:, start:start + BLOCK_FRAMES], dtype=np.float64, order="C")
        return
    with song.open() as file:
        yield from file_blocks(file)


def file_blocks(file: AudioFile) -> Iterator[Planes]:
    """An open file as (2, up to 65536) float64 blocks, mono on both channels."""
    for block in file.blocks(BLOCK_FRAMES):
        yield np.array(np.broadcast_to(block, (2, block.shape[1])), order="C")
