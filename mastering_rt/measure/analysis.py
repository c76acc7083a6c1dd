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
from mastering_rt.measure.true_peak import TruePeak

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
    measuring, done = Measuring(rate, channels), 0
    for block in blocks:
        if cancelled and cancelled():
            raise Cancelled(f"The analysis of {shown(path)} was stopped." if path else "The analysis was stopped.")
        measuring.feed(block)
        done += block.shape[1]
        if progress and frames:
            progress(min(1.0, done / frames))
    measuring.end()
    return measuring.report(path)


def side_by_side(streams: list[Iterator[Floats]]) -> Iterator[Floats]:
    """Streams of blocks of the same lengths as one stream of all their channels."""
    for blocks in zip(*streams):
        yield blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


class Measuring:
    """Everything that a report tells, of a stream of `channels` at `rate` Hz, block by block. Raises ValueError, UnknownLayout."""

    def __init__(self, rate: int, channels: int) -> None:
        self._programme, self._true_peak, self._channels = Programme(rate, channels), TruePeak(channels), channels
        self._meters = [(Meter(rate, part.stop - part.start), part) for part in pairs(channels)]
        self._waiting = [bytearray() for _ in self._meters]

    def feed(self, block: Floats) -> list[Bins]:
        """Take the next frames; gives the bins that became known, one array per pair of channels. ValueError for another shape."""
        if len(block) != self._channels:
            raise ValueError(f"a block has {len(block)} channels, the stream {self._channels}")
        raw = [meter.measure_block(block[part]) for meter, part in self._meters]
        parts = [as_bins(piece) for piece in raw]
        self._true_peak.feed(block, parts)
        self._keep(raw)
        return parts

    def end(self) -> list[Bins]:
        """The stream is over: the last bins, the incomplete one included."""
        raw = [meter.flush_block() for meter, _ in self._meters]
        parts = [as_bins(piece) for piece in raw]
        self._true_peak.end(parts)
        self._keep(raw)
        self._pass_on()
        self._programme.exact_true_peak = self._true_peak.exact(self._programme.true_peak)
        return parts

    def _keep(self, raw: list[bytes]) -> None:
        for waiting, piece in zip(self._waiting, raw):
            waiting += piece
        if len(self._waiting[0]) >= BINS_PER_FEED * BIN.itemsize:
            self._pass_on()

    def _pass_on(self) -> None:
        self._programme.feed([as_bins(bytes(waiting)) for waiting in self._waiting])
        for waiting in self._waiting:
            waiting.clear()

    def report(self, path: str = "") -> FileReport:
        """The numbers of the whole stream, once it has ended."""
        return self._programme.report(path)
