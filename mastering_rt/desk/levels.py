"""The figures on the meters while it plays, for mix and master alike, from the audio thread's 10 ms records."""
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log10, sqrt

import numpy as np

from mastering_rt.measure.bins import Bins, Floats
from mastering_rt.measure.loudness import SHORT_TERM_BINS, LiveLoudness
from mastering_rt.playback.telemetry import STAGE_FIGURES, Records, joined, top_figures, top_levels

RMS_BINS = 30                    # 300 ms, of correlation and balance too
STEP_BINS = 5                    # 50 ms; a bar that stands for 300 ms and more moves no finer to the eye
SILENT_TOPS = [0.0] * 8
IN_PEAK, OUT_PEAK, REDUCTION, MEASURE, OUT_RMS = (STAGE_FIGURES.index(name) for name in ("in_peak", "out_peak", "reduction_db", "measure", "out_rms"))
FLOOR_DBFS = -70.0               # below this there is no correlation to speak of


def db(gain: float) -> float:
    """Decibels of a linear level; minus infinity for silence."""
    return 20 * log10(gain) if gain > 0 else -inf


@dataclass(frozen=True)
class Levels:
    """Of one source, now. Peaks are the largest since the last reading; loudness None while it cannot be measured."""

    peak_db: tuple[float, float] = (-inf, -inf)
    true_peak_db: tuple[float, float] = (-inf, -inf)
    rms_db: tuple[float, float] = (-inf, -inf)
    top_true_peak_db: float = -inf
    momentary_lufs: float | None = None
    short_term_lufs: float | None = None
    integrated_lufs: float | None = None
    range_lu: float | None = None
    correlation: float | None = None
    balance_db: float | None = None          # left over right
    side_mid_db: float | None = None
    psr_db: float | None = None              # largest true peak of the last 3 s less their loudness
    clipped: int = 0


class SourceMeter:
    """Running figures of one source. `reset` begins the integrated ones anew."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._loudness = LiveLoudness()
        self._sums, self._peaks = _Last(RMS_BINS, 4), _Last(SHORT_TERM_BINS, 1)
        self._top, self._clipped = 0.0, 0
        self._slow = Levels()

    def look_back(self, bins: Bins) -> None:
        """Take the next bins into what looks back over more than a picture."""
        self._loudness.feed(bins)
        self._sums.feed(_energies(bins))
        self._peaks.feed(bins["true_peak"].max(axis=1, keepdims=True))
        self._clipped += int(bins["clipped"].sum())
        sums, now = self._sums.values.sum(axis=0), self._loudness.now
        correlation, balance, side_mid = _stereo(sums)
        short_term = now.short_term_lufs
        self._slow = Levels(rms_db=_rms(sums), momentary_lufs=now.momentary_lufs, short_term_lufs=short_term,
                            integrated_lufs=self._loudness.integrated_lufs, range_lu=self._loudness.range_lu, correlation=correlation,
                            balance_db=balance, side_mid_db=side_mid, psr_db=self._psr(short_term), clipped=self._clipped)

    def reading(self, tops: Sequence[float]) -> Levels:
        """The figures now, over the peaks (left, right) and true peaks of the bins that have just come."""
        self._top = max(self._top, tops[2], tops[3])
        slow = self._slow
        return Levels((db(tops[0]), db(tops[1])), (db(tops[2]), db(tops[3])), slow.rms_db, db(self._top), slow.momentary_lufs,
                      slow.short_term_lufs, slow.integrated_lufs, slow.range_lu, slow.correlation, slow.balance_db, slow.side_mid_db,
                      slow.psr_db, slow.clipped)

    def _psr(self, short_term_lufs: float | None) -> float | None:
        top = float(self._peaks.values.max(initial=0.0))
        return db(top) - short_term_lufs if short_term_lufs is not None and top > 0 else None


class _Last:
    """The newest rows of a stream, in memory that stays where it is."""

    def __init__(self, rows: int, columns: int) -> None:
        self._memory, self._count = np.zeros((rows, columns)), 0

    def feed(self, rows: Floats) -> None:
        rows = rows[-len(self._memory):]
        self._memory[:-len(rows)] = self._memory[len(rows):]
        self._memory[-len(rows):] = rows
        self._count = min(self._count + len(rows), len(self._memory))

    @property
    def values(self) -> Floats:
        return self._memory[len(self._memory) - self._count:]


def _energies(bins: Bins) -> Floats:
    """(n, 4): left and right energy, cross product, frames."""
    found = np.empty((len(bins), 4))
    found[:, :2], found[:, 2], found[:, 3] = bins["energy"], bins["cross"], bins["frames"]
    return found


def _pair(levels: Floats) -> tuple[float, float]:
    return db(float(levels[0])), db(float(levels[1]))


def _rms(sums: Floats) -> tuple[float, float]:
    """Of sums of left energy, right energy, cross product and frames."""
    return _pair(np.sqrt(sums[:2] / sums[3])) if sums[3] else (-inf, -inf)


def _stereo(sums: Floats) -> tuple[float | None, float | None, float | None]:
    """Correlation, balance and side over mid; None where there is too little sound."""
    left, right, cross, frames = (float(value) for value in sums)
    if not frames:
        return None, None, None
    floor = frames * 10 ** (FLOOR_DBFS / 10)
    mid, side = (left + right + 2 * cross) / 4, (left + right - 2 * cross) / 4
    return (cross / sqrt(left * right) if left > floor and right > floor else None,
            10 * log10(left / right) if left > floor and right > floor else None,
            10 * log10(side / mid) if mid > floor and side > 0 else None)


@dataclass(frozen=True)
class StageLevels:
    """Of one slot since the last reading."""

    in_peak_db: float = -inf
    out_peak_db: float = -inf
    reduction_db: float = 0.0
    measure: float = 0.0         # what MEASURES (dsp_core.params) says of the slot's kind, linear
    out_rms_db: float = -inf     # of both channels over 10 ms, the largest


@dataclass(frozen=True)
class Readings:
    """Everything the meters show at one moment."""

    mix: Levels = Levels()
    master: Levels = Levels()
    stages: tuple[StageLevels, ...] = ()

    @property
    def reduction_db(self) -> float:
        return sum(stage.reduction_db for stage in self.stages)


class LevelMeters:
    """Turns records into readings. Peaks are of the records of one call; whatever looks back over more than a picture follows in steps of
    some bins, because it costs the same for one bin as for many."""

    def __init__(self) -> None:
        self._mix, self._master = SourceMeter(), SourceMeter()
        self._waiting: list[Records] = []
        self.readings = Readings()

    def reset(self) -> None:
        """Begin integrated loudness, range and largest peak anew."""
        self._waiting.clear()
        self._mix.reset()
        self._master.reset()

    def feed(self, records: Records) -> Readings:
        """Take what came since the last call."""
        tops = SILENT_TOPS
        stages: tuple[StageLevels, ...] = ()
        if len(records):
            tops = top_levels(records)
            stages = tuple(StageLevels(db(figures[IN_PEAK]), db(figures[OUT_PEAK]), figures[REDUCTION], figures[MEASURE], db(figures[OUT_RMS]))
                           for figures in top_figures(records))
            self._waiting.append(records)
            self._look_back()
        self.readings = Readings(self._mix.reading(tops[:4]), self._master.reading(tops[4:]), stages)
        return self.readings

    def _look_back(self) -> None:
        if sum(map(len, self._waiting)) >= STEP_BINS:
            records = joined(self._waiting)
            self._waiting.clear()
            self._mix.look_back(records["mix"])
            self._master.look_back(records["master"])
