"""The whole quality control of a song in one pass and constant memory (hum and levels keep some kilobytes per minute)."""
import os
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from dsp_core.meters.meter import Meter
from mastering_rt.errors import Cancelled, shown
from mastering_rt.measure.bins import Bins, Floats, as_bins
from mastering_rt.qc.clicks import Clicks
from mastering_rt.qc.dropouts import Dropouts
from mastering_rt.qc.finding import Check, Finding
from mastering_rt.qc.flat_tops import FlatTops
from mastering_rt.qc.levels import Levels
from mastering_rt.qc.lows import Lows
from mastering_rt.qc.spectrum import CutOff, Hum
from mastering_rt.qc.together import ORDER, together

CHECKS: tuple[Callable[[int, int], Check], ...] = (FlatTops, Dropouts, Clicks, Lows, CutOff, Hum)
KINDS = ("clipped", "flat_top", "dropout", "click", "inter_sample_over", "true_peak_over", "dc_offset", "silence", "head_silence", "tail_silence",
         "head_cut", "tail_cut", "limited_source", "one_sided", "missing_channel", "phase_inverted", "mono_loss", "lows_out_of_phase",
         "upper_band_cut", "hum")
CAUSES = {                       # what a finding is explained by when it lies inside one of these
    "click": ("dropout",),
    "lows_out_of_phase": ("phase_inverted",),
    "inter_sample_over": ("clipped",),
    "one_sided": ("missing_channel",),
}
NEAR_S = 0.3                     # how far over the edges of its cause a finding may reach


def inspect_file(path: str | os.PathLike[str], progress: Callable[[float], None] | None = None,
                 cancelled: Callable[[], bool] | None = None) -> tuple[Finding, ...]:
    """Findings of the first two channels of a sound file, in the order of the song. Raises FileProblem, Cancelled."""
    from mastering_rt.audio.files import open_audio

    with open_audio(path) as file:
        return inspect_blocks(file.blocks(), file.sample_rate_hz, file.channels, frames=file.frames, path=file.path, progress=progress,
                              cancelled=cancelled)


def inspect_blocks(blocks: Iterable[Floats], rate_hz: int, channels: int, *, frames: int | None = None, path: str = "",
                   progress: Callable[[float], None] | None = None, cancelled: Callable[[], bool] | None = None) -> tuple[Finding, ...]:
    """Findings of a stream of float64 blocks (1 or 2 channels, any number of frames). `frames` is its length where known."""
    inspection, meter = Inspection(rate_hz, channels), Meter(rate_hz, min(channels, 2))
    done = 0
    for block in blocks:
        if cancelled and cancelled():
            raise Cancelled(f"Looking through {shown(path)} was stopped." if path else "Looking through the song was stopped.")
        inspection.feed(block, as_bins(meter.measure_block(np.ascontiguousarray(block[:2]))))
        done += block.shape[1]
        if progress and frames:
            progress(min(1.0, done / frames))
    return inspection.end(as_bins(meter.flush_block()))


class Inspection:
    """Looks through the first two of `channels` at `rate_hz`, beside whoever measures them: feed each block with the bins it made known."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._checks = [check(rate_hz, min(channels, 2)) for check in CHECKS]
        self._levels = Levels(rate_hz, min(channels, 2))

    def feed(self, block: Floats, bins: Bins) -> None:
        """Take the next frames (channels, frames) and the bins of the first two channels that became known."""
        self._levels.feed(bins)
        for check in self._checks:
            check.feed(block[:2])

    def end(self, bins: Bins) -> tuple[Finding, ...]:
        """The song is over, and these are its last bins: what was found, in the order of the song."""
        self._levels.feed(bins)
        return arranged([*self._levels.end(), *(finding for check in self._checks for finding in check.end())])


def causes_only(findings: Sequence[Finding]) -> list[Finding]:
    """Without what another finding explains: the edges of a hole are no clicks of their own."""
    return [finding for finding in findings
            if not any(other.kind in CAUSES.get(finding.kind, ()) and other.time_s - NEAR_S <= finding.time_s and finding.end_s <= other.end_s + NEAR_S
                       for other in findings)]


def arranged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What no other finding explains, each condition once, in the order of the song."""
    return tuple(sorted(together(causes_only(list(findings))), key=lambda finding: (finding.time_s, ORDER[finding.severity], finding.kind)))
