"""What the window says of the whole song, out of one measurement of it. Knows no Qt, so that it can be worked out on any thread."""
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dsp_core.params import REDUCING
from gui.meters.reading import SongNumbers
from gui.plots.song_data import Series
from gui.theme import numbers
from mastering_rt.measure.bins import BINS_PER_S, Bins
from mastering_rt.measure.loudness import SHORT_TERM_BINS, STEP_BINS, short_term_lufs, weighted_energy
from mastering_rt.measure.programme import Programme
from mastering_rt.measure.report import FileReport
from mastering_rt.offline.measured import Measured
from mastering_rt.offline.run import CHUNK_FRAMES

Floats = NDArray[np.float64]

FIGURES: Final = ("integrated_lufs", "loudness_range_lu", "true_peak_dbtp", "plr_db", "max_short_term_lufs", "max_momentary_lufs", "psr_min_db")
SILENT: Final = "silence, or too short"
FEW_PERCENT: Final = 20.0


@dataclass(frozen=True, eq=False)
class SongFacts:
    """Numbers and curves of mix and master. `changes_lu` is what each stage does to the integrated loudness, in the order of the chain."""

    measured: Measured
    mix: SongNumbers
    master: SongNumbers
    mix_loudness: Series
    master_loudness: Series
    reduction: Series
    mix_psr: Series
    master_psr: Series
    changes_lu: tuple[float | None, ...]

    @property
    def change_lu(self) -> float | None:
        """What the whole chain does."""
        return difference(self.master.integrated_lufs, self.mix.integrated_lufs)


def digest(measured: Measured, before: SongFacts | None = None) -> SongFacts:
    """Everything at once; some milliseconds for a song, a second for some hours. What `before` tells of the same mix is not worked out again."""
    rate = measured.rate_hz
    known = before is not None and before.measured.mix_bins is measured.mix_bins
    mix, mix_loudness, mix_psr = (before.mix, before.mix_loudness, before.mix_psr) if before is not None and known else of_source(measured.mix_bins, rate)
    master, master_loudness, master_psr = of_source(measured.master_bins, rate, float(measured.sums.max(initial=0.0)))
    return SongFacts(measured, mix, master, mix_loudness, master_loudness, Series(measured.sums.astype(np.float64), CHUNK_FRAMES), mix_psr, master_psr,
                     stage_changes(measured, mix, master))


def of_source(bins: Bins, rate_hz: int, reduction_max_db: float | None = None) -> tuple[SongNumbers, Series, Series]:
    """Numbers, short-term loudness and PSR of a whole song from its bins."""
    found = Programme(rate_hz)
    found.feed([bins])
    return song_numbers(found.report(), reduction_max_db), loudness_series(bins, rate_hz), psr_series(found)


def song_numbers(report: FileReport, reduction_max_db: float | None = None) -> SongNumbers:
    """A report as the meters show it, with the reason for what is missing."""
    missing = {name: SILENT for name in FIGURES if getattr(report, name) is None}
    return SongNumbers(integrated_lufs=report.integrated_lufs, loudness_range_lu=report.loudness_range_lu, true_peak_dbtp=report.true_peak_dbtp,
                       max_short_term_lufs=report.max_short_term_lufs, max_momentary_lufs=report.max_momentary_lufs,
                       psr_min_db=report.psr_min_db, reduction_max_db=reduction_max_db, unknown=missing)


def loudness_series(bins: Bins, rate_hz: int) -> Series:
    """Short-term loudness over the song: at each place that of the 3 s before it, unknown for the first three."""
    values = np.full(len(bins), np.nan)
    found = short_term_lufs(weighted_energy(bins), bins["frames"])
    values[SHORT_TERM_BINS - 1:SHORT_TERM_BINS - 1 + len(found)] = found
    return Series(values, rate_hz / BINS_PER_S)


def psr_series(found: Programme) -> Series:
    """Peak to short-term loudness over the song: at each place that of the 3 s before it, unknown for the first three."""
    first = SHORT_TERM_BINS // STEP_BINS - 1
    return Series(np.concatenate([np.full(first, np.nan), found.psr_steps.values]), found.rate * STEP_BINS / BINS_PER_S)


def stage_changes(measured: Measured, mix: SongNumbers, master: SongNumbers) -> tuple[float | None, ...]:
    """Integrated loudness behind each stage less that before it."""
    if not measured.chain:
        return ()
    levels = (mix.integrated_lufs, *measured.behind_lufs, master.integrated_lufs)
    return tuple(difference(after, before) for before, after in zip(levels, levels[1:], strict=False))


def difference(after: float | None, before: float | None) -> float | None:
    """In LU; None where either is unknown."""
    return after - before if after is not None and before is not None else None


def stage_rows(measured: Measured, index: int, loop: tuple[int, int] | None) -> list[tuple[str, str]]:
    """The three facts of a dynamics stage over the loop (frames) or the song: mean, most with its place, share of time. Empty for others."""
    kind = measured.chain[index].kind
    if kind not in REDUCING:
        return []
    first, last = (loop[0] // CHUNK_FRAMES, -(-loop[1] // CHUNK_FRAMES)) if loop else (0, measured.reduction_db.shape[1])
    reduction = measured.reduction_db[index, first:last].astype(np.float64)
    if not len(reduction):
        return []
    place = (first + int(reduction.argmax())) * CHUNK_FRAMES / measured.rate_hz
    most = (f"Most, {numbers.clock(place, 0)}" if reduction.max() > 0 else "Most", numbers.quantity(-float(reduction.max()), "dB"))
    if kind == "limiter":
        return [("Over 1 dB", share_text(reduction, 1.0)), ("Over 3 dB", share_text(reduction, 3.0)), most]
    return [(f"Mean, {'loop' if loop else 'song'}", numbers.quantity(-float(reduction.mean()), "dB")), most, ("Over 1 dB", share_text(reduction, 1.0))]


def share_text(reduction_db: Floats, over_db: float) -> str:
    """Share of the time with more reduction than that, "14.5 %"; none of it is "0 %", all of it "100 %"."""
    percent = 100 * float(np.mean(reduction_db > over_db))
    return f"{percent:.{1 if 0 < percent < FEW_PERCENT else 0}f} %"
