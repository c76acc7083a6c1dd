"""A reference that was read: in memory, or too long for it, and what was measured of it."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp_core.meters.meter import Meter
from mastering_rt.audio.mix import LongSong, open_source, stereo_blocks
from mastering_rt.audio.resample import resample
from mastering_rt.audio.song import Song
from mastering_rt.measure.bins import BIN, Bins, as_bins
from mastering_rt.measure.loudness import integrated_lufs, weighted_energy
from mastering_rt.measure.overview import Overview
from mastering_rt.measure.percentiles import PercentileMeter, Percentiles
from mastering_rt.session.model import Source

Planes = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class ReferenceFacts:
    """Of a whole reference. Bins are 10 ms of its own time, at its own rate; spectrum: its percentiles, for the band of the set."""

    rate_hz: int
    frames: int
    bins: Bins
    integrated_lufs: float | None
    true_peak: float                         # linear
    spectrum: Percentiles
    overview: Overview                       # its picture


def read_reference(source: Source, most_bytes: int, progress: Callable[[float], None]) -> Song | LongSong:
    """The file in memory, or, where it would take more than `most_bytes`, ready to be streamed. FileProblem; `progress` may raise."""
    return open_source(source, progress, most_bytes)


def measure_reference(song: Song | LongSong, check: Callable[[], None] = lambda: None) -> ReferenceFacts:
    """Loudness, peak and spectrum of the whole. `check` may raise to stop it."""
    meter, spectrum, found = Meter(song.sample_rate_hz), PercentileMeter(song.sample_rate_hz), []
    overview = Overview(song.sample_rate_hz)
    for block in _checked(stereo_blocks(song), check):
        found.append(as_bins(meter.measure_block(block)))
        spectrum.push(block)
        overview.append(block)
    found.append(as_bins(meter.flush_block()))
    bins = np.concatenate(found) if found else np.zeros(0, BIN)
    loudness = integrated_lufs(weighted_energy(bins), bins["frames"].astype(np.float64))
    return ReferenceFacts(song.sample_rate_hz, song.frames, bins, loudness, float(bins["true_peak"].max(initial=0.0)), spectrum.read(), overview)


def _checked(blocks: Iterator[NDArray[np.float64]], check: Callable[[], None]) -> Iterator[NDArray[np.float64]]:
    for block in blocks:
        check()
        yield block


def at_rate(song: Song, rate_hz: int) -> Planes:
    """Its samples at another rate, as float32, which the room does not hear and memory does."""
    if song.sample_rate_hz == rate_hz:
        return song.samples
    return np.ascontiguousarray(resample(song.samples.astype(np.float64), song.sample_rate_hz, rate_hz), dtype=np.float32)
