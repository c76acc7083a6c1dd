"""What is known of a whole song behind a chain: numbers, curves, what each stage did, and, a little later, spectra."""
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mastering_rt.measure.bins import Bins
from mastering_rt.measure.overview import Overview
from mastering_rt.measure.percentiles import Percentiles
from mastering_rt.measure.song_levels import SongLevels
from mastering_rt.offline.run import CHUNK_FRAMES, Reductions
from mastering_rt.session.model import Slot


@dataclass(frozen=True)
class StageReduction:
    """Gain reduction of one stage over a song: mean_db and most_db of the largest in every 256 frames, the song frame at which the
    most begins (None where there is none), and the share of the time, 0 to 1, with more than 1 and than 3 dB."""

    mean_db: float
    most_db: float
    most_frame: int | None
    over_1_db: float
    over_3_db: float


@dataclass(frozen=True, eq=False)
class Measured:
    """What one pass over the song found. Bins are 10 ms of song time each, those of mix and master side by side."""

    chain: tuple[Slot, ...]
    rate_hz: int
    frames: int
    latency_frames: int
    mix_bins: Bins
    master_bins: Bins
    reduction_db: Reductions                 # (stages, frames / 256), aligned with the song
    master_overview: Overview
    took_s: float
    sums: Reductions = field(repr=False)     # (frames / 256,): all stages together
    behind_lufs: tuple[float | None, ...] = ()   # integrated loudness behind each stage but the last

    @cached_property
    def mix(self) -> SongLevels:
        """Loudness, peaks and their curves of the mix."""
        return SongLevels(self.mix_bins, self.rate_hz)

    @cached_property
    def master(self) -> SongLevels:
        """Loudness, peaks and their curves of the master."""
        return SongLevels(self.master_bins, self.rate_hz)

    @cached_property
    def reductions(self) -> tuple[StageReduction, ...]:
        """What each stage took off over the whole song, in the order of the chain."""
        return tuple(stage_reduction(row) for row in self.reduction_db)

    @property
    def nbytes(self) -> int:
        """Memory of bins, reductions and picture; the mix's bins belong to all measurements of a song."""
        return self.master_bins.nbytes + self.reduction_db.nbytes + self.sums.nbytes + self.master_overview.nbytes


@dataclass(frozen=True, eq=False)
class Spectra:
    """Spectrum percentiles of the song before and behind a chain."""

    chain: tuple[Slot, ...]
    mix: Percentiles
    master: Percentiles


def stage_reduction(reduction_db: NDArray[np.float32]) -> StageReduction:
    """Of the largest reductions in every 256 frames."""
    if not len(reduction_db):
        return StageReduction(0.0, 0.0, None, 0.0, 0.0)
    at = int(reduction_db.argmax())
    most = float(reduction_db[at])
    return StageReduction(float(reduction_db.mean(dtype=np.float64)), most, at * CHUNK_FRAMES if most > 0 else None,
                          float(np.mean(reduction_db > 1)), float(np.mean(reduction_db > 3)))
