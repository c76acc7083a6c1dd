"""Whole files as numbers, in one pass and in constant memory."""
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

import numpy as np

from dsp_core.meters.meter import Meter
from mastering_rt.errors import Cancelled, FileProblem, shown
from mastering_rt.measure.bins import BIN, Bins, Floats, as_bins
from mastering_rt.measure.programme import Programme, UnknownLayout, pairs
from mastering_rt.measure.report import FileReport

BINS_PER_FEED = 1000             # 10 s of song are looked at in one go: array work costs by the call


def analyze_file(path: str | os.PathLike[str], progress: Callable[[float], None] | None = None,
                 cancelled: Callable[[], bool] | None = None) -> FileReport:
    """Measure a sound file of any length. `progress` is told the share done; work stops when `cancelled` answers True.

    Raises FileProblem for a file that cannot be read or whose channels have no known weights, Cancelled.
    """
    from mastering_rt.audio.files import open_audio

    with ExitStack() as opened:
        one = opened.enter_context(open_audio(path, channels=(0,)))
        parts = [opened.enter_context(open_audio(path, channels=range(part.start, part.stop))) for part in pairs(one.channels_in_file)]
        blocks = side_by_side([part.blocks() for part in parts])
        try:
            return analyze_blocks(blocks, one.sample_rate_hz, one.channels_in_file, frames=one.frames, path=one.path,
                                  progress=progress, cancelled=cancelled)
        except UnknownLayout as error:
            raise FileProblem(f"{shown(path)} cannot be measured: {error}.") from None


def analyze_blocks(blocks: Iterable[Floats], rate: int, channels: int, *, frames: int | None = None, path: str = "",
                   progress: Callable[[float], None] | None = None, cancelled: Callable[[], bool] | None = None) -> FileReport:
    """Measure a stream of float64 blocks (channels, any number of frames), C-contiguous, at `rate` Hz.

    `frames` is the length where it is known, for `progress`. Raises ValueError for an unusable rate or a block of another
    shape, UnknownLayout for channels without known weights, Cancelled.
    """
    programme, meters, done = Programme(rate, channels), Meters(rate, channels), 0
    for block in blocks:
        if cancelled and cancelled():
            raise Cancelled(f"The analysis of {shown(path)} was stopped." if path else "The analysis was stopped.")
        meters.measure(block)
        if meters.bins_ready >= BINS_PER_FEED:
            programme.feed(meters.take())
        done += block.shape[1]
        if progress and frames:
            progress(min(1.0, done / frames))
    meters.end()
    programme.feed(meters.take())
    return programme.report(path)


def side_by_side(streams: list[Iterator[Floats]]) -> Iterator[Floats]:
    """Streams of blocks of the same lengths as one stream of all their channels."""
    for blocks in zip(*streams):
        yield blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


class Meters:
    """A meter of the core for each pair of channels."""

    def __init__(self, rate: int, channels: int) -> None:
        self._channels, self._parts = channels, pairs(channels)
        self._meters = [Meter(rate, part.stop - part.start) for part in self._parts]
        self._raw = [bytearray() for _ in self._meters]

    @property
    def bins_ready(self) -> int:
        return len(self._raw[0]) // BIN.itemsize

    def measure(self, block: Floats) -> None:
        """Take the next frames. Raises ValueError for a block with another number of channels."""
        if len(block) != self._channels:
            raise ValueError(f"a block has {len(block)} channels, the stream {self._channels}")
        for meter, part, raw in zip(self._meters, self._parts, self._raw):
            raw += meter.measure_block(block[part])

    def end(self) -> None:
        """The stream is over: the incomplete last bin becomes ready."""
        for meter, raw in zip(self._meters, self._raw):
            raw += meter.flush_block()

    def take(self) -> list[Bins]:
        """The bins that are ready, one array per pair of channels."""
        ready = [as_bins(bytes(raw)) for raw in self._raw]
        for raw in self._raw:
            raw.clear()
        return ready
