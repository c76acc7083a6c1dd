"""Whole files as numbers, in one pass and in constant memory."""
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Literal, Protocol

import numpy as np

from dsp_core.meters.meter import Meter
from dsp_core.meters.needles import Needles
from mastering_rt.errors import Cancelled, FileProblem, shown
from mastering_rt.measure.bins import BIN, Bins, Floats, as_bins, as_needles
from mastering_rt.measure.exact_peak import ExactPeak
from mastering_rt.measure.programme import Programme, UnknownLayout, pairs
from mastering_rt.measure.report import FileReport

DetailOf = Literal["full", "loudness"]
BINS_PER_FEED = 1000             # 10 s of song are looked at in one go: array work costs by the call


def analyze_file(path: str | os.PathLike[str], progress: Callable[[float], None] | None = None,
                 cancelled: Callable[[], bool] | None = None, *, detail: DetailOf = "full") -> FileReport:
    """Measure a sound file of any length. `progress` is told the share done; work stops when `cancelled` answers True.

    `detail`: "loudness" leaves out what costs more than loudness, range and peaks together. Raises FileProblem for a file that cannot be
    read or whose channels have no known weights, Cancelled.
    """
    from mastering_rt.audio.files import open_audio

    with ExitStack() as opened:
        one = opened.enter_context(open_audio(path, channels=(0,)))
        parts = [opened.enter_context(open_audio(path, channels=range(part.start, part.stop))) for part in pairs(one.channels_in_file)]
        blocks = side_by_side([part.blocks() for part in parts])
        try:
            return analyze_blocks(blocks, one.sample_rate_hz, one.channels_in_file, frames=one.frames, path=one.path,
                                  progress=progress, cancelled=cancelled, detail=detail)
        except UnknownLayout as error:
            raise FileProblem(f"{shown(path)} cannot be measured: {error}.") from None


def analyze_blocks(blocks: Iterable[Floats], rate: int, channels: int, *, frames: int | None = None, path: str = "",
                   progress: Callable[[float], None] | None = None, cancelled: Callable[[], bool] | None = None,
                   detail: DetailOf = "full") -> FileReport:
    """Measure a stream of float64 blocks (channels, any number of frames), C-contiguous, at `rate` Hz.

    `frames` is the length where it is known, for `progress`. Raises ValueError for an unusable rate or a block of another
    shape, UnknownLayout for channels without known weights, Cancelled.
    """
    whole, done = measuring(rate, channels, detail), 0
    for block in blocks:
        if cancelled and cancelled():
            raise Cancelled(f"The analysis of {shown(path)} was stopped." if path else "The analysis was stopped.")
        whole.measure(block)
        done += block.shape[1]
        if progress and frames:
            progress(min(1.0, done / frames))
    whole.end()
    return whole.report(path)


class Measuring(Protocol):
    """Takes a stream block by block."""

    def measure(self, block: Floats) -> list[Bins]:
        """Take the next frames; gives the bins that became known, one array per pair of channels. ValueError for another shape."""

    def end(self) -> list[Bins]:
        """The stream is over; gives the last bins."""

    def report(self, path: str) -> FileReport:
        """The numbers of the whole stream, once it has ended."""


def measuring(rate: int, channels: int, detail: DetailOf) -> Measuring:
    """Ready for a stream of `channels` at `rate` Hz. Raises ValueError for an unusable rate, UnknownLayout."""
    return _Everything(rate, channels) if detail == "full" else _OnlyLoudness(rate, channels)


class _OnlyLoudness:
    """Loudness, range and peaks of the blocks of a stream."""

    def __init__(self, rate: int, channels: int) -> None:
        self._programme, self._meters, self._exact = Programme(rate, channels), Meters(rate, channels), ExactPeak(rate, channels)

    def measure(self, block: Floats) -> list[Bins]:
        fresh = self._meters.measure(block)
        self._exact.feed(block, fresh)
        if self._meters.bins_ready >= BINS_PER_FEED:
            self._programme.feed(self._meters.take())
        return fresh

    def end(self) -> list[Bins]:
        last = self._meters.end()
        self._programme.feed(self._meters.take())
        self._exact.end(last)
        self._programme.exact_true_peak = self._exact.exact(self._programme.true_peak)
        return last

    def report(self, path: str) -> FileReport:
        return self._programme.report(path)


class _Everything:
    """All there is to measure of the blocks of a stream."""

    def __init__(self, rate: int, channels: int) -> None:
        from mastering_rt.measure.whole import Whole

        self._whole, self._meters, self._needles = Whole(rate, channels), Meters(rate, channels), NeedleMeters(rate, channels)
        self._exact = ExactPeak(rate, channels)

    def measure(self, block: Floats) -> list[Bins]:
        fresh = self._meters.measure(block)
        self._needles.measure(block)
        self._exact.feed(block, fresh)
        if len(block) >= 2:
            self._whole.hear(block[:2].astype(np.float32))
        if self._meters.bins_ready >= BINS_PER_FEED:
            self._feed()
        return fresh

    def _feed(self) -> None:
        self._whole.feed(self._meters.take(), self._needles.take())

    def end(self) -> list[Bins]:
        last = self._meters.end()
        self._needles.end()
        self._feed()
        self._whole.end()
        self._exact.end(last)
        programme = self._whole.programme
        programme.exact_true_peak = self._exact.exact(programme.true_peak)
        return last

    def report(self, path: str) -> FileReport:
        return self._whole.report(path)


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

    def measure(self, block: Floats) -> list[Bins]:
        """Take the next frames; gives the bins that became ready. Raises ValueError for a block with another number of channels."""
        if len(block) != self._channels:
            raise ValueError(f"a block has {len(block)} channels, the stream {self._channels}")
        return self._keep([meter.measure_block(block[part]) for meter, part in zip(self._meters, self._parts)])

    def end(self) -> list[Bins]:
        """The stream is over: the incomplete last bin becomes ready."""
        return self._keep([meter.flush_block() for meter in self._meters])

    def _keep(self, fresh: list[bytes]) -> list[Bins]:
        for raw, piece in zip(self._raw, fresh):
            raw += piece
        return [as_bins(piece) for piece in fresh]

    def take(self) -> list[Bins]:
        """The bins that are ready, one array per pair of channels."""
        ready = [as_bins(bytes(raw)) for raw in self._raw]
        for raw in self._raw:
            raw.clear()
        return ready


class NeedleMeters:
    """Needles for each pair of channels, beside `Meters` and in step with them."""

    def __init__(self, rate: int, channels: int) -> None:
        self._parts = pairs(channels)
        self._needles = [Needles(rate, part.stop - part.start, delay_frames=Meter(rate).delay_frames) for part in self._parts]
        self._raw = [bytearray() for _ in self._needles]

    def measure(self, block: Floats) -> None:
        """Take the next frames."""
        for needles, part, raw in zip(self._needles, self._parts, self._raw):
            raw += needles.measure_block(block[part])

    def end(self) -> None:
        """The stream is over: the incomplete last bin becomes ready."""
        for needles, raw in zip(self._needles, self._raw):
            raw += needles.flush_block()

    def take(self) -> list[Bins]:
        """The bins that are ready, one array per pair of channels."""
        ready = [as_needles(bytes(raw)) for raw in self._raw]
        for raw in self._raw:
            raw.clear()
        return ready
