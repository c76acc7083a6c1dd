"""A whole file measured and looked through in one pass: it is decoded once, and metered once."""
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from msgspec import Struct

from mastering_rt.errors import Cancelled, FileProblem, shown
from mastering_rt.measure.analysis import DetailOf, measuring, side_by_side
from mastering_rt.measure.bins import Floats
from mastering_rt.measure.later import LOADING
from mastering_rt.measure.programme import UnknownLayout, pairs
from mastering_rt.measure.report import FileReport
from mastering_rt.qc.finding import Finding

BLOCK_FRAMES = 32768             # what fits the caches beside the meters' own memory


class Examined(Struct, frozen=True, kw_only=True):
    """What a file measures, and what is wrong with it; findings None where nobody looked. notices: oddities of the file, as sentences."""

    report: FileReport
    findings: tuple[Finding, ...] | None
    notices: tuple[str, ...]


def examine_file(path: str | os.PathLike[str], *, quick: bool = False, channels: Sequence[int] | None = None,
                 progress: Callable[[float], None] | None = None, cancelled: Callable[[], bool] | None = None) -> Examined:
    """Measure a sound file of any length and look through its first two channels.

    quick: only loudness, range, peaks and what comes with them. channels: one or two of the file's, counted from 0, instead of all.
    Raises FileProblem for a file that cannot be read or whose channels have no known weights, Cancelled.
    """
    from mastering_rt.audio.files import open_audio

    if not quick:
        with LOADING:
            from mastering_rt.qc.inspect import Inspection

    with ExitStack() as opened:
        one = opened.enter_context(open_audio(path, channels=channels or (0,)))
        if channels:
            files = [one]
        else:
            files = [opened.enter_context(open_audio(path, channels=range(part.start, part.stop))) for part in pairs(one.channels_in_file)]
        count = sum(file.channels for file in files)
        try:
            detail: DetailOf = "loudness" if quick else "full"
            measure = measuring(one.sample_rate_hz, count, detail)
        except UnknownLayout as error:
            raise FileProblem(f"{shown(path)} cannot be measured: {error}.") from None
        inspection = None if quick else Inspection(one.sample_rate_hz, count)
        for block in watched(side_by_side([file.blocks(BLOCK_FRAMES) for file in files]), one.frames, one.path, progress, cancelled):
            bins = measure.measure(block)
            if inspection is not None:
                inspection.feed(block, bins[0])
        last = measure.end()
        found = None if inspection is None else inspection.end(last[0])
        notices = [*files[0].notices, files[0].repair_notice()]
        return Examined(report=measure.report(one.path), findings=found, notices=tuple(notice for notice in notices if notice))


def watched(blocks: Iterator[Floats], frames: int, path: str, progress: Callable[[float], None] | None,
            cancelled: Callable[[], bool] | None) -> Iterator[Floats]:
    """The same blocks; `progress` is told the share done after each. Raises Cancelled."""
    done = 0
    for block in blocks:
        if cancelled and cancelled():
            raise Cancelled(f"The analysis of {shown(path)} was stopped.")
        yield block
        done += block.shape[1]
        if progress:
            progress(min(1.0, done / frames))
