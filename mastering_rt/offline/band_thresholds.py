"""Thresholds of a dynamic equaliser from the song itself, so that a band acts only where it exceeds its own norm.

The stage's own detectors hear the whole song, as it comes out of the stages before. A band's level is the highest that its detector reads
within 10 ms; its norm is a percentile of those levels. The knee of a band begins there, so that what stays below is not touched.
"""
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from dsp_core.engine.chain import Chain
from dsp_core.params.dynamic_eq import DYNAMIC_EQ_BANDS
from dsp_core.stages import make
from dsp_core.stages.dynamic_eq import BAND_KNEE_DB, LEVEL_FRAMES, band_levels
from mastering_rt.audio.mix import LongSong, stereo_blocks
from mastering_rt.audio.song import Song
from mastering_rt.errors import Check, UsageProblem, go_on
from mastering_rt.offline.run import Planes, build_stages, run_chain
from mastering_rt.session.edits import find_slot, set_values
from mastering_rt.session.model import Session, Slot, param_of

KIND, BANDS = "dynamic_eq", DYNAMIC_EQ_BANDS
LOWEST_PERCENTILE, HIGHEST_PERCENTILE, USUAL_PERCENTILE = 50.0, 98.0, 90.0
BIN_S = 0.01
SILENCE = 1e-5                   # a level of -100 dB: less is no part of a band's norm
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Thresholds:
    """What a song says the thresholds of one slot should be; sentences on what could not be set as it was found."""

    slot: str
    percentile: float
    values: dict[str, float]
    notices: tuple[str, ...] = ()


def thresholds_of_song(session: Session, slot: str, song: Song | LongSong, percentile: float = USUAL_PERCENTILE,
                       bands: Sequence[int] | None = None, tell: Progress = lambda what, share: None, check: Check = go_on) -> Thresholds:
    """The thresholds with which the bands (1-based; None: all that are on) of a dynamic equaliser act in the `percentile` % from the top:
    90 is a tenth of the time in which there is something in the band. A band that acts under its threshold gets the same share of its
    softest. UsageProblem for another slot or percentile, or for no band; `tell` may raise to stop it between blocks,
    `check`, which any thread may ask, while plugins are waited for."""
    found = find_slot(session, slot)
    wanted = _bands(found, bands)
    if found.kind != KIND:
        raise UsageProblem(f"{found.title} has no bands with thresholds; the dynamic equaliser has.")
    if not LOWEST_PERCENTILE <= percentile <= HIGHEST_PERCENTILE:
        raise UsageProblem(f"A percentile of {percentile:g} sets no useful threshold; give one from {LOWEST_PERCENTILE:g} to {HIGHEST_PERCENTILE:g}.")
    before = session.chain[:session.chain.index(found)]
    levels = measure_levels(before, found, stereo_blocks(song), song.frames, song.sample_rate_hz, tell, check)
    values: dict[str, float] = {}
    notices = []
    for band in wanted:
        notice = _set_band(found, band, levels[band - 1], percentile, values)
        notices += [notice] if notice else []
    return Thresholds(found.name, percentile, values, tuple(notices))


def with_thresholds(session: Session, found: Thresholds) -> Session:
    """The session with these thresholds; UsageProblem if the slot has gone meanwhile."""
    return set_values(session, found.slot, found.values)


def measure_levels(before: Sequence[Slot], slot: Slot, blocks: Iterator[Planes], frames: int, rate_hz: int, tell: Progress,
                   check: Check = go_on) -> NDArray[np.float64]:
    """(bands, bins) linear levels that the slot's detectors read of the song behind the stages `before` it; relative bands relative to
    their own level."""
    stage = make(slot.kind, rate_hz, dict(slot.values))
    bins = _Bins(max(1, round(BIN_S * rate_hz / LEVEL_FRAMES)))
    waiting, done = np.zeros((2, 0)), 0
    for heard, _ in run_chain(Chain(rate_hz, build_stages(before, rate_hz, check=check)), blocks, frames, check):
        waiting = np.concatenate([waiting, heard], axis=1)
        whole = waiting.shape[1] // LEVEL_FRAMES * LEVEL_FRAMES
        levels = np.empty((BANDS, whole // LEVEL_FRAMES))
        band_levels(stage, np.ascontiguousarray(waiting[:, :whole]), levels)
        bins.take(levels)
        waiting = waiting[:, whole:]
        done += heard.shape[1]
        tell("Listening to the bands", done / frames)
    return bins.levels()


class _Bins:
    """Keeps the highest of every `size` columns."""

    def __init__(self, size: int) -> None:
        self._size, self._rest = size, np.zeros((BANDS, 0))
        self._found: list[NDArray[np.float64]] = []

    def take(self, columns: NDArray[np.float64]) -> None:
        columns = np.concatenate([self._rest, columns], axis=1)
        whole = columns.shape[1] // self._size * self._size
        self._found.append(columns[:, :whole].reshape(BANDS, -1, self._size).max(axis=2))
        self._rest = columns[:, whole:]

    def levels(self) -> NDArray[np.float64]:
        last = [self._rest.max(axis=1, keepdims=True)] if self._rest.shape[1] else []
        return np.concatenate([np.zeros((BANDS, 0)), *self._found, *last], axis=1)


def _bands(slot: Slot, bands: Sequence[int] | None) -> list[int]:
    if bands is not None and not all(1 <= band <= BANDS for band in bands):
        raise UsageProblem(f"{slot.title} has bands 1 to {BANDS}.")
    if slot.kind != KIND:
        return []
    wanted = list(bands) if bands is not None else [band for band in range(1, BANDS + 1) if slot.value(f"band{band}_on")]
    if not wanted:
        raise UsageProblem(f"No band of {slot.title} is on; switch one on, or name the bands.")
    return wanted


def _set_band(slot: Slot, band: int, levels: NDArray[np.float64], percentile: float, values: dict[str, float]) -> str:
    """Adds one threshold to `values`, or says why it cannot be what was found."""
    sounding = levels[levels > SILENCE]
    if not sounding.size:
        return f"There is nothing in band {band} of {slot.title}; its threshold stays."
    under = bool(slot.value(f"band{band}_when"))
    norm_db = 20 * np.log10(np.percentile(sounding, 100 - percentile if under else percentile))
    wished = floor(100 * (norm_db - BAND_KNEE_DB / 2)) / 100 if under else ceil(100 * (norm_db + BAND_KNEE_DB / 2)) / 100
    param_id = f"band{band}_relative" if slot.value(f"band{band}_detector") else f"band{band}_threshold"
    param = param_of(slot.kind, param_id)
    values[param_id] = param.clamp(wished)
    if values[param_id] == wished:
        return ""
    return f"The norm of band {band} of {slot.title} asks for {wished:.1f} dB; its threshold is {param.text(values[param_id])}, the end of its range."
