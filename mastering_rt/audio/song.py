"""A whole mix in memory, as it is played and rendered."""
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mastering_rt.audio.files import BLOCK_FRAMES, AudioFile, Path, open_audio
from mastering_rt.errors import FileProblem, clock, shown
from mastering_rt.session.model import Source

Samples = NDArray[np.floating[Any]]
ABSURD_PEAK = 100.0  # +40 dBFS: float samples that are scaled as whole numbers, or garbage


@dataclass(frozen=True, slots=True, eq=False)
class Song:
    """A mix in memory: samples (2, frames), planar, float32 where that loses nothing, else float64. 1.0 is full scale.

    Two songs are never equal: a file that is read again may have changed.
    """

    samples: Samples
    source: Source
    notices: tuple[str, ...]

    @property
    def frames(self) -> int:
        return int(self.samples.shape[1])

    @property
    def sample_rate_hz(self) -> int:
        return self.source.sample_rate_hz


def load_song(path: Path, *, channels: Sequence[int] | None = None, partial: bool = False, max_bytes: int | None = None,
              progress: Callable[[float], None] | None = None) -> Song:
    """Read a whole mix into memory, mono on both speakers.

    max_bytes: refuse what would take more. progress: called with 0..1; it may raise Cancelled. Raises FileProblem.
    """
    with open_audio(path, channels=channels, partial=partial) as file:
        if max_bytes is not None and file.memory_bytes > max_bytes:
            raise FileProblem(
                f"{shown(file.path)} is {clock(file.duration_s)} long and needs {file.memory_bytes / 2**30:.1f} GiB in memory, "
                f"more than the {max_bytes / 2**30:.1f} GiB allowed. Stream it from disk, or cut it."
            )
        samples, peak = _filled(file, progress)
        return Song(samples, file.source(), tuple(_song_notices(file, peak)))


def _filled(file: AudioFile, progress: Callable[[float], None] | None) -> tuple[Samples, float]:
    try:
        samples: Samples = np.empty((2, file.frames), np.dtype(file.dtype))
    except MemoryError:
        raise FileProblem(
            f"{shown(file.path)} needs {file.memory_bytes / 2**30:.1f} GiB, more than there is memory. "
            "Stream it from disk, or cut it."
        ) from None
    start, peak = 0, 0.0
    while start < file.frames:
        block = file.read(start, BLOCK_FRAMES, file.dtype)
        samples[:, start : start + block.shape[1]] = block
        start += block.shape[1]
        peak = max(peak, float(np.max(np.abs(block), initial=0.0)))
        if progress:
            progress(start / file.frames if file.frames else 1.0)
    return np.ascontiguousarray(samples[:, : file.frames]), peak


def _song_notices(file: AudioFile, peak: float) -> Iterator[str]:
    yield from file.notices
    if file.channels == 1:
        yield f"{shown(file.path)} is mono; it is played on both speakers."
    if file.repaired_samples:
        yield file.repair_notice()
    if peak > ABSURD_PEAK:
        yield (
            f"{shown(file.path)} peaks at +{20 * np.log10(peak):.0f} dBFS, as if its float samples were scaled as whole numbers. "
            "Turn your speakers down before you play it, and export it again."
        )


def state_of(source: Source) -> Literal["same", "changed", "missing"]:
    """Whether the file of a session's source is still the one that was opened."""
    try:
        now = os.stat(source.path)
    except (OSError, ValueError):
        return "missing"
    return "same" if (now.st_size, now.st_mtime) == (source.size, source.modified) else "changed"
