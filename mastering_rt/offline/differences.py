"""What mastering changed: two whole files measured alike and set side by side."""
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from dsp_core.meters.meter import Meter
from mastering_rt.audio.files import AudioFile, open_audio
from mastering_rt.audio.mix import open_mix
from mastering_rt.audio.resample import resample
from mastering_rt.audio.song import Song
from mastering_rt.errors import Cancelled, clock, shown
from mastering_rt.measure.alignment import LEAST_S, Alignment, align
from mastering_rt.measure.bins import Bins, as_bins
from mastering_rt.measure.dynamics import difference_db
from mastering_rt.measure.matched import matched_difference_lu
from mastering_rt.measure.octaves import Octave, OctaveMeter
from mastering_rt.measure.programme import Programme
from mastering_rt.measure.report import FileReport
from mastering_rt.qc.finding import Finding
from mastering_rt.qc.inspect import inspect_file

SAME_PLACE_S = 1.0               # a finding of the same kind this close to one of the mix was there before
Progress = Callable[[str, float], None]


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
    "whole files", the difference of their integrated loudnesses. offset_samples: how much later the song begins in the master, in samples of the
    mix; None where it cannot be told. notices: what keeps the two from being compared frame by frame."""

    mix: FileReport
    master: FileReport
    loudness_change_lu: float | None
    basis: str
    offset_samples: int | None
    bands: tuple[BandChange, ...]
    findings_new: tuple[Finding, ...]
    findings_gone: tuple[Finding, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class _Measured:
    report: FileReport
    bins: Bins
    octaves: tuple[Octave, ...]
    findings: tuple[Finding, ...]


def compare_files(mix: str | os.PathLike[str], master: str | os.PathLike[str], progress: Progress = lambda what, share: None,
                  cancelled: Callable[[], bool] = lambda: False) -> Comparison:
    """Measure both at once and set them side by side. FileProblem for a file that cannot be read or has more than two channels, Cancelled."""
    with ThreadPoolExecutor(2) as pool:
        before, after = (work.result() for work in [pool.submit(_measured, path, progress, cancelled) for path in (mix, master)])
    place = found_place(mix, master, cancelled)
    offset = place.offset_frames if place is not None and place.same else None
    change, basis = _loudness_change(before, after) if not offset else _change_of_passage(mix, master, offset)
    notices = [*_notices(before.report, after.report), *([place.sentence(before.report.sample_rate_hz)] if place is not None and not place.same else [])]
    return Comparison(mix=before.report, master=after.report, loudness_change_lu=change, basis=basis, offset_samples=offset,
                      bands=tuple(_band_changes(before.octaves, after.octaves, change)), findings_new=not_in(after.findings, before.findings),
                      findings_gone=not_in(before.findings, after.findings), notices=tuple(notices))


def found_place(mix: str | os.PathLike[str], master: str | os.PathLike[str], cancelled: Callable[[], bool] = lambda: False) -> Alignment | None:
    """Where the master lies against the mix, in samples of the mix; None for songs too long for memory and too short to tell."""
    one, other = (open_mix(os.fspath(path)) for path in (mix, master))
    if not isinstance(one, Song) or not isinstance(other, Song):
        return None
    rate, samples = one.sample_rate_hz, other.samples
    if other.sample_rate_hz != rate:
        samples = resample(np.asarray(samples, np.float64), other.sample_rate_hz, rate)
    if min(one.frames, samples.shape[1]) < LEAST_S * rate:
        return None

    def check() -> None:
        if cancelled():
            raise Cancelled("The comparison was stopped.")
    return align(one.samples, samples, rate, check)


def _change_of_passage(mix: str | os.PathLike[str], master: str | os.PathLike[str], offset: int) -> tuple[float | None, str]:
    """Of files that begin at different moments: over what both have, at the rate of the mix, one gate for both."""
    one, other = (open_mix(os.fspath(path)) for path in (mix, master))
    if not isinstance(one, Song) or not isinstance(other, Song):
        return None, "whole files"
    rate = one.sample_rate_hz
    samples = other.samples if other.sample_rate_hz == rate else resample(np.asarray(other.samples, np.float64), other.sample_rate_hz, rate)
    first, second = max(0, -offset), max(0, offset)
    frames = min(one.frames - first, samples.shape[1] - second)
    return matched_difference_lu(_bins(one.samples[:, first:first + frames], rate), _bins(samples[:, second:second + frames], rate)), "same passage"


def _bins(samples: NDArray[Any], rate: int) -> Bins:
    meter = Meter(rate, len(samples))
    return as_bins(meter.measure_block(np.ascontiguousarray(samples, np.float64)) + meter.flush_block())


def _measured(path: str | os.PathLike[str], progress: Progress, cancelled: Callable[[], bool]) -> _Measured:
    with ExitStack() as opened:
        file = opened.enter_context(open_audio(path))
        bins, octaves = _one_pass(file, lambda share: progress(f"Measuring {path}", share), cancelled)
        programme = Programme(file.sample_rate_hz, file.channels)
        programme.feed([bins])
        report = programme.report(os.fspath(path))
    findings = inspect_file(path, lambda share: progress(f"Looking through {path}", share), cancelled)
    return _Measured(report, bins, octaves, findings)


def _one_pass(file: AudioFile, tell: Callable[[float], None], cancelled: Callable[[], bool]) -> tuple[Bins, tuple[Octave, ...]]:
    meter, octaves, raw, done = Meter(file.sample_rate_hz, file.channels), OctaveMeter(file.sample_rate_hz, file.channels), bytearray(), 0
    for block in file.blocks():
        if cancelled():
            raise Cancelled(f"The comparison was stopped while {shown(file.path)} was measured.")
        raw += meter.measure_block(block)
        octaves.feed(block)
        done += block.shape[1]
        tell(min(1.0, done / file.frames))
    raw += meter.flush_block()
    return as_bins(bytes(raw)), octaves.read()


def _loudness_change(mix: _Measured, master: _Measured) -> tuple[float | None, str]:
    """One gate for both where they lie side by side."""
    one, other = mix.report, master.report
    alike = one.channels == other.channels and np.array_equal(mix.bins["frames"], master.bins["frames"])
    if alike and len(mix.bins):
        return matched_difference_lu(mix.bins, master.bins), "same passage"
    return difference_db(other.integrated_lufs, one.integrated_lufs), "whole files"


def _band_changes(mix: Sequence[Octave], master: Sequence[Octave], change_lu: float | None) -> list[BandChange]:
    """The bands that both files have."""
    found = []
    for one, other in zip(mix, master):
        raw = difference_db(other.level_db, one.level_db)
        found.append(BandChange(centre_hz=one.centre_hz, level_change_db=difference_db(raw, change_lu), side_mid_mix_db=one.side_mid_db,
                                side_mid_master_db=other.side_mid_db, crest_mix_db=one.crest_db, crest_master_db=other.crest_db))
    return found


def not_in(findings: Sequence[Finding], others: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings without one of their kind at the same place among the others."""
    def near(one: Finding, other: Finding) -> bool:
        return one.kind == other.kind and one.time_s < other.end_s + SAME_PLACE_S and other.time_s < one.end_s + SAME_PLACE_S

    return tuple(finding for finding in findings if not any(near(finding, other) for other in others))


def _notices(mix: FileReport, master: FileReport) -> list[str]:
    """Why the two are not the same passage, in sentences."""
    found = []
    if mix.sample_rate_hz != master.sample_rate_hz:
        found.append(f"The rates differ, {mix.sample_rate_hz} Hz and {master.sample_rate_hz} Hz: each file was measured at its own, and only the "
                     "bands that both have are compared.")
    longer = master.duration_s - mix.duration_s
    if abs(longer) * min(mix.sample_rate_hz, master.sample_rate_hz) >= 1:
        found.append(f"The master is {clock(abs(longer))} {'longer' if longer > 0 else 'shorter'} than the mix: each was measured whole, "
                     "so the figures also tell what is only in one of them.")
    if mix.channels != master.channels:
        found.append(f"The mix has {mix.channels} channel{'s' * (mix.channels > 1)}, the master {master.channels}: "
                     "mono is measured as one channel, which is 3 dB less than the same sound on two.")
    return found
