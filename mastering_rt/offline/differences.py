"""What mastering changed: two whole files measured alike and set side by side."""
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from dsp_core.meters.meter import Meter
from mastering_rt.audio.mix import LongSong, open_mix, stereo_blocks
from mastering_rt.audio.resample import resample
from mastering_rt.audio.song import Song
from mastering_rt.errors import Cancelled, clock, shown
from mastering_rt.measure.alignment import LEAST_S, PERHAPS, Alignment, align
from mastering_rt.measure.analysis import measuring
from mastering_rt.measure.bins import Bins, as_bins
from mastering_rt.measure.dynamics import difference_db
from mastering_rt.measure.matched import matched_difference_lu
from mastering_rt.measure.octaves import Octave, OctaveMeter
from mastering_rt.measure.report import FileReport
from mastering_rt.qc.finding import Finding
from mastering_rt.qc.inspect import Inspection
from mastering_rt.qc.together import new_or_worse, not_among

SAME_PLACE_S = 1.0               # a finding of the same kind this close to one of the mix was there before
Progress = Callable[[str, float], None]
Part = tuple[int, int]           # first frame, and the one behind the last


class BandChange(Struct, frozen=True, kw_only=True):
    """One octave. level_change_db: with the difference in loudness taken out. None: cannot be measured, in one file or in both."""

    centre_hz: float
    level_change_db: float | None
    side_mid_mix_db: float | None
    side_mid_master_db: float | None
    crest_mix_db: float | None
    crest_master_db: float | None


class Comparison(Struct, frozen=True, kw_only=True):
    """loudness_change_lu: of the master over the mix, by `basis`: "same passage" where both lie side by side and share one gate, else
    "whole files", the difference of their integrated loudnesses; the bands are of the same. same_song: None where it cannot be told.
    offset_samples: how much later the song begins in the master, in samples of the mix; None unless it is surely the same song.
    bands: none for two different songs. notices: what keeps the two from being compared frame by frame."""

    mix: FileReport
    master: FileReport
    loudness_change_lu: float | None
    basis: str
    same_song: bool | None
    offset_samples: int | None
    bands: tuple[BandChange, ...]
    findings_new: tuple[Finding, ...]
    findings_gone: tuple[Finding, ...]
    notices: tuple[str, ...]


Opened = Song | LongSong


@dataclass(frozen=True)
class _Measured:
    report: FileReport
    bins: Bins
    octaves: tuple[Octave, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Placed:
    """Where one lies against the other; `samples` of the other at the rate of the one."""

    place: Alignment
    samples: NDArray[Any]


def compare_files(mix: str | os.PathLike[str], master: str | os.PathLike[str], progress: Progress = lambda what, share: None,
                  cancelled: Callable[[], bool] = lambda: False) -> Comparison:
    """Measure both at once and set them side by side. FileProblem for a file that cannot be read or has more than two channels, Cancelled."""
    with ThreadPoolExecutor(2) as pool:
        one, other = (work.result() for work in [pool.submit(open_mix, os.fspath(path)) for path in (mix, master)])
        placed = _placed(one, other, cancelled)
        place = placed.place if placed is not None else None
        offset = place.offset_frames if place is not None and place.same else None
        parts = _parts(one, other, offset)
        before, after = (work.result() for work in [pool.submit(_measured, song, part, progress, cancelled)
                                                    for song, part in zip((one, other), parts, strict=True)])
    same = place.same if place is not None and (place.same or place.coherence < PERHAPS) else None
    change, basis = _loudness_change(one, placed, offset, before, after)
    notices = [*_notices(before.report, after.report, basis), *([place.sentence(one.sample_rate_hz)] if place is not None and not place.same else [])]
    return Comparison(mix=before.report, master=after.report, loudness_change_lu=change, basis=basis, same_song=same, offset_samples=offset,
                      bands=() if same is False else tuple(_band_changes(before.octaves, after.octaves, change)),
                      findings_new=new_or_worse(after.findings, _moved(before.findings, offset, one), SAME_PLACE_S),
                      findings_gone=not_among(before.findings, _moved(after.findings, -offset if offset else None, one), SAME_PLACE_S), notices=tuple(notices))


def found_place(mix: str | os.PathLike[str], master: str | os.PathLike[str], cancelled: Callable[[], bool] = lambda: False) -> Alignment | None:
    """Where the master lies against the mix, in samples of the mix; None for songs too long for memory and too short to tell."""
    placed = _placed(open_mix(os.fspath(mix)), open_mix(os.fspath(master)), cancelled)
    return placed.place if placed is not None else None


def _placed(one: Opened, other: Opened, cancelled: Callable[[], bool]) -> _Placed | None:
    if not isinstance(one, Song) or not isinstance(other, Song):
        return None
    rate, samples = one.sample_rate_hz, other.samples
    if other.sample_rate_hz != rate:
        samples = resample(np.asarray(samples, np.float64), other.sample_rate_hz, rate)
    if min(one.frames, samples.shape[1]) < LEAST_S * rate or not (one.samples.any() and samples.any()):
        return None

    def check() -> None:
        if cancelled():
            raise Cancelled("The comparison was stopped.")
    return _Placed(align(one.samples, samples, rate, check), samples)


def _parts(one: Opened, other: Opened, offset: int | None) -> tuple[Part, Part]:
    """The frames of each that both have, or all of each where that is not known."""
    if offset is None:
        return (0, one.frames), (0, other.frames)
    scale = other.sample_rate_hz / one.sample_rate_hz
    start = (max(0, -offset), round(max(0, offset) * scale))
    seconds = min((song.frames - first) / song.sample_rate_hz for song, first in zip((one, other), start, strict=True))
    mix, master = ((first, min(song.frames, first + round(seconds * song.sample_rate_hz)))
                   for song, first in zip((one, other), start, strict=True))
    return mix, master


def _moved(findings: Sequence[Finding], offset: int | None, song: Opened) -> tuple[Finding, ...]:
    """With their times as they would be in the other file."""
    if not offset:
        return tuple(findings)
    later = offset / song.sample_rate_hz
    return tuple(replace(finding, time_s=finding.time_s + later, places=tuple(replace(place, time_s=place.time_s + later) for place in finding.places))
                 for finding in findings)


def _measured(song: Opened, part: Part, progress: Progress, cancelled: Callable[[], bool]) -> _Measured:
    """One pass over a song that was decoded once; octaves and bins only of a part of it."""
    path, rate = song.source.path, song.sample_rate_hz
    channels = len(song.source.take) or song.source.channels
    measure, inspection = measuring(rate, channels, "full"), Inspection(rate, channels)
    octaves, meter, raw, done = OctaveMeter(rate, channels), Meter(rate, channels), bytearray(), 0
    for stereo in stereo_blocks(song):
        if cancelled():
            raise Cancelled(f"The comparison was stopped while {shown(path)} was measured.")
        block = stereo[:channels]
        inspection.feed(block, measure.measure(block)[0])
        shared = np.ascontiguousarray(block[:, max(0, part[0] - done):max(0, part[1] - done)])
        if shared.shape[1]:
            raw += meter.measure_block(shared)
            octaves.feed(shared)
        done += block.shape[1]
        progress(f"Measuring {path}", min(1.0, done / song.frames))
    raw += meter.flush_block()
    findings = inspection.end(measure.end()[0])
    return _Measured(measure.report(path), as_bins(bytes(raw)), octaves.read(), findings)


def _loudness_change(one: Opened, placed: _Placed | None, offset: int | None, mix: _Measured, master: _Measured) -> tuple[float | None, str]:
    """One gate for both where they lie side by side."""
    alike = mix.report.channels == master.report.channels and np.array_equal(mix.bins["frames"], master.bins["frames"])
    if alike and len(mix.bins) and (offset is not None or placed is None):
        return matched_difference_lu(mix.bins, master.bins), "same passage"
    if placed is not None and offset is not None and isinstance(one, Song):
        first, second = max(0, -offset), max(0, offset)
        frames = min(one.frames - first, placed.samples.shape[1] - second)
        before, after = (_bins(samples, one.sample_rate_hz) for samples in (one.samples[:, first:first + frames],
                                                                            placed.samples[:, second:second + frames]))
        return matched_difference_lu(before, after), "same passage"
    return difference_db(master.report.integrated_lufs, mix.report.integrated_lufs), "whole files"


def _bins(samples: NDArray[Any], rate: int) -> Bins:
    meter = Meter(rate, len(samples))
    return as_bins(meter.measure_block(np.ascontiguousarray(samples, np.float64)) + meter.flush_block())


def _band_changes(mix: Sequence[Octave], master: Sequence[Octave], change_lu: float | None) -> list[BandChange]:
    """The bands that both files have."""
    found = []
    for one, other in zip(mix, master):
        raw = difference_db(other.level_db, one.level_db)
        found.append(BandChange(centre_hz=one.centre_hz, level_change_db=difference_db(raw, change_lu), side_mid_mix_db=one.side_mid_db,
                                side_mid_master_db=other.side_mid_db, crest_mix_db=one.crest_db, crest_master_db=other.crest_db))
    return found


def _notices(mix: FileReport, master: FileReport, basis: str) -> list[str]:
    """Why the two are not the same passage, in sentences."""
    found = []
    if mix.sample_rate_hz != master.sample_rate_hz:
        found.append(f"The rates differ, {mix.sample_rate_hz} Hz and {master.sample_rate_hz} Hz: each file was measured at its own, and only the "
                     "bands that both have are compared.")
    longer = master.duration_s - mix.duration_s
    if abs(longer) * min(mix.sample_rate_hz, master.sample_rate_hz) >= 1:
        rest = "; octaves and their level are of what both have" if basis == "same passage" else ""
        found.append(f"The master is {clock(abs(longer))} {'longer' if longer > 0 else 'shorter'} than the mix: each was measured whole, "
                     f"so the figures also tell what is only in one of them{rest}.")
    if mix.channels != master.channels:
        found.append(f"The mix has {mix.channels} channel{'s' * (mix.channels > 1)}, the master {master.channels}: "
                     "mono is measured as one channel, which is 3 dB less than the same sound on two.")
    return found
